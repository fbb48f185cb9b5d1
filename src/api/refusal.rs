//! An AWS or Kubernetes "no", as data: its code and literal text, then why, then the way out.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;

use crate::aws::iam::trace::Verdict;

/// Why an operation was refused. The world is as it was before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Refusal {
    /// The exception's name, such as `ClusterNotFoundException`.
    pub code: Cow<'static, str>,
    /// AWS's own sentence.
    pub message: String,
    /// What in this request or world led to it.
    pub because: String,
    /// What would work instead.
    pub way_out: String,
    /// The members and indexes that lead to the wrong place in the request; empty for the whole of it.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    pub path: Box<[String]>,
    /// What only some refusals have.
    #[serde(flatten)]
    pub(crate) more: Option<Box<More>>,
}

/// What only some refusals have: apart, so that an answer that may be a refusal stays small.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct More {
    /// The operation that refused, where it is another than the one that was called; empty for none at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<Cow<'static, str>>,
    /// For a denial: everything that the evaluator looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    trace: Option<Verdict>,
}

impl Refusal {
    /// A refusal with this exception and sentence.
    pub fn new(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Refusal {
        Refusal {
            code: code.into(),
            message: message.into(),
            because: String::new(),
            way_out: String::new(),
            path: Box::default(),
            more: None,
        }
    }

    /// `ClientException`: what ECS answers to most requests that make no sense.
    pub fn client(message: impl Into<String>) -> Refusal {
        Refusal::new("ClientException", message)
    }

    /// `InvalidParameterException`: a member of the request has a value that cannot be.
    pub fn invalid_parameter(message: impl Into<String>) -> Refusal {
        Refusal::new("InvalidParameterException", message)
    }

    /// Something that AWS would accept and longshore cannot simulate. Never silent, never pretended.
    pub fn not_modelled(what: impl fmt::Display) -> Refusal {
        Refusal::new("NotModelled", format!("longshore does not simulate {what} yet."))
            .because("AWS accepts this; to go on without it would teach something wrong")
            .way_out("leave it away")
    }

    /// `LabLimit`: a limit of longshore's own on what one lab creates, where no way is left but another lab. `what` is
    /// in the plural.
    pub fn lab_is_full(what: impl fmt::Display, most: usize) -> Refusal {
        Refusal::new("LabLimit", format!("This lab has created as many {what} as it may."))
            .because(format!("one lab creates at most {most} {what}, those that are gone included"))
            .way_out("start a new lab")
    }

    /// Says what in this request or world led to it.
    #[must_use]
    pub fn because(mut self, because: impl Into<String>) -> Refusal {
        self.because = because.into();
        self
    }

    /// Says what would work instead.
    #[must_use]
    pub fn way_out(mut self, way_out: impl Into<String>) -> Refusal {
        self.way_out = way_out.into();
        self
    }

    /// Says which operation refused: not the one that was called, but one that it led to.
    #[must_use]
    pub fn of(mut self, operation: impl Into<String>) -> Refusal {
        self.more().operation = Some(operation.into().into());
        self
    }

    /// Says that no operation refused: the program that calls never got as far.
    #[must_use]
    pub fn by_client(mut self) -> Refusal {
        self.more().operation = Some(Cow::Borrowed(""));
        self
    }

    /// Keeps what the evaluator looked at.
    #[must_use]
    pub fn traced(mut self, verdict: Verdict) -> Refusal {
        self.more().trace = Some(verdict);
        self
    }

    fn more(&mut self) -> &mut More {
        self.more.get_or_insert_default()
    }

    /// The operation that refused, where it is another than the one that was called; empty for none at all.
    pub fn operation(&self) -> Option<&str> {
        self.more.as_ref()?.operation.as_deref()
    }

    /// For a denial: everything that the evaluator looked at.
    pub fn trace(&self) -> Option<&Verdict> {
        self.more.as_ref()?.trace.as_ref()
    }

    /// Points at the place in the request.
    #[must_use]
    pub fn at<S: ToString>(mut self, path: impl IntoIterator<Item = S>) -> Refusal {
        self.path = path.into_iter().map(|part| part.to_string()).collect();
        self
    }
}

impl fmt::Display for Refusal {
    /// AWS's sentence alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

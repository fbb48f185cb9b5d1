//! The words of the script surface that are no operations: how each is written and what it is for.
//!
//! Help, search and completion read this list. The words of the prelude describe themselves there, in the comments
//! above them.

use std::sync::OnceLock;

use rhai::{Engine, ScriptFnMetadata};

use crate::api::named;
use crate::model::noun::Noun;

/// A word that every script knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The function's name.
    pub name: String,
    /// How it is written.
    pub form: String,
    /// What it is for.
    pub summary: String,
    /// What its first argument may name.
    pub takes: Vec<Noun>,
    /// The word of the prelude whose answer it is a method of.
    pub of: Option<String>,
    /// Where it belongs.
    pub group: Group,
}

impl Word {
    /// How a call of it looks.
    pub fn example(&self) -> String {
        match &self.of {
            Some(of) => {
                let called = MAKERS.iter().find(|maker| maker.word == of).map_or("it", |maker| maker.called);
                format!("let {called} = {of}(\"{called}\"); {called}.{}", self.form)
            }
            None => self.form.clone(),
        }
    }
}

/// How functions begin that are the prelude's own business.
pub(super) const INSIDE_PRELUDE: &str = "prelude_";

/// What kind of word it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Lets time pass, or tells it.
    Time,
    /// Explains what happened.
    Insight,
    /// Puts something out.
    Output,
    /// What lessons are made of.
    Lesson,
    /// A function of the prelude.
    Prelude,
}

/// What the first argument of a word may name.
#[derive(Clone, Copy)]
enum Takes {
    /// Nothing of the lab.
    Nothing,
    /// A service.
    Service,
    /// Anything that has a story.
    Anything,
}

/// Group, how it is written, what it is for, what its first argument may name.
const WORDS: &[(Group, &str, &str, Takes)] = &[
    (Group::Time, "wait(\"10m\")", "lets time pass; nothing moves before", Takes::Nothing),
    (
        Group::Time,
        "wait_until(|| condition, \"10m\")",
        "lets time pass until the condition holds; false if it never did",
        Takes::Nothing,
    ),
    (
        Group::Time,
        "settle()",
        "lets time pass until nothing is on its way any more; settle(\"prod\") in one cluster",
        Takes::Nothing,
    ),
    (Group::Time, "now()", "the lab's time", Takes::Nothing),
    (
        Group::Insight,
        "why(anything)",
        "why a task, a service, a pod, a cluster is as it is, and what would help; why() explains the last refusal",
        Takes::Anything,
    ),
    (Group::Insight, "facts(anything)", "what happened to it; facts() for the newest of everything", Takes::Anything),
    (
        Group::Insight,
        "timeline(anything, \"10m\")",
        "the tasks or pods of a service, a cluster, a node over time; all of it without a span",
        Takes::Anything,
    ),
    (
        Group::Insight,
        "advise(service, \"140s\")",
        "health settings that carry a boot; without a time the boot of its images",
        Takes::Service,
    ),
    (Group::Insight, "cost()", "the bill of Fargate so far", Takes::Nothing),
    (Group::Output, "show(value)", "lays a value out as the prompt does", Takes::Nothing),
    (Group::Output, "print(text)", "prints a text", Takes::Nothing),
    (Group::Lesson, "say(text)", "prints sentences, folded to the width of the screen", Takes::Nothing),
    (Group::Lesson, "predict(\"question\", [choices])", "asks before something happens", Takes::Nothing),
    (Group::Lesson, "expect(value)", "answers the open question with what came about", Takes::Nothing),
    (
        Group::Lesson,
        "answer(\"question\", value)",
        "answers a question of an exercise; the last answer counts",
        Takes::Nothing,
    ),
];

/// A word of the prelude that answers something to play with.
struct Maker {
    word: &'static str,
    /// What help calls its answer.
    called: &'static str,
    /// The members of its answer, by which one knows it.
    members: &'static [&'static str],
}

const MAKERS: &[Maker] = &[
    Maker { word: "cluster", called: "lot", members: &["name", "seen"] },
    Maker { word: "eks_cluster", called: "shop", members: &["arn", "name"] },
];

/// The word of the prelude that made a map, told by the map's members.
pub fn maker<'a>(members: impl Iterator<Item = &'a str>) -> Option<&'static str> {
    let members: Vec<&str> = members.collect();
    MAKERS.iter().find(|maker| maker.members == members).map(|maker| maker.word)
}

/// Every word, in the order of help.
pub fn words() -> &'static [Word] {
    static ALL: OnceLock<Vec<Word>> = OnceLock::new();
    ALL.get_or_init(|| {
        let listed = WORDS.iter().map(|&(group, form, summary, takes)| {
            let name = form.split('(').next().unwrap_or(form).to_owned();
            let takes = match takes {
                Takes::Nothing => Vec::new(),
                Takes::Service => vec![Noun::Service],
                Takes::Anything => named::nouns().collect(),
            };
            Word { name, form: form.to_owned(), summary: summary.to_owned(), takes, of: None, group }
        });
        listed.chain(of_prelude()).collect()
    })
}

/// The words of the prelude, in its order, as its comments describe them. One that speaks of `this` is a method of what
/// the last one before it that does not answers.
fn of_prelude() -> Vec<Word> {
    let source = super::engine::PRELUDE;
    let mut engine = Engine::new();
    super::engine::limit(&mut engine);
    let ast = engine.compile(source).expect("a test runs the prelude");
    let at = |function: &ScriptFnMetadata| {
        source.find(&format!("fn {}({})", function.name, function.params.join(", "))).unwrap_or(source.len())
    };
    let mut functions: Vec<ScriptFnMetadata> = ast
        .iter_functions()
        .filter(|function| !function.name.starts_with(INSIDE_PRELUDE) && !function.comments.is_empty())
        .collect();
    functions.sort_by_key(at);
    let mut of = None;
    let word = |function: &ScriptFnMetadata| {
        let lines = function.comments.iter().flat_map(|comment| comment.lines());
        let text: Vec<&str> = lines.map(|line| line.trim().trim_start_matches("///").trim()).collect();
        let body = &source[at(function)..];
        let body = body.find("\n}\n").map_or(body, |end| &body[..end]);
        if !body.contains("this.") {
            of = Some(function.name.to_owned());
        }
        Word {
            name: function.name.to_owned(),
            form: format!("{}({})", function.name, function.params.join(", ")),
            summary: text.split(|line| line.is_empty()).next().unwrap_or_default().join(" "),
            takes: Vec::new(),
            of: of.clone().filter(|_| body.contains("this.")),
            group: Group::Prelude,
        }
    };
    functions.iter().map(word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::Interpreter;
    use crate::session::Session;

    #[test]
    fn every_word_is_there() {
        let mut interpreter = Interpreter::new(Session::new(1), Box::new(|_| {}));
        interpreter.eval("cluster(\"prod\")", "whoever speaks of the prelude has it").expect("it is one of its words");
        let engine = interpreter.engine_mut();
        let known = engine.collect_fn_metadata(None, |info| Some(info.metadata.name.to_string()), true);
        for word in words() {
            // `print` is part of the engine itself.
            assert!(word.name == "print" || known.contains(&word.name), "{}", word.name);
            assert!(!word.summary.is_empty(), "{}", word.name);
        }
    }

    #[test]
    fn the_prelude_describes_its_words() {
        let words: Vec<&Word> = words().iter().filter(|word| word.group == Group::Prelude).collect();
        let names: Vec<&str> = words.iter().map(|word| word.name.as_str()).collect();
        let lot = ["cluster", "launch", "scale_to", "kill", "render"];
        let shop = ["eks_cluster", "add_nodes", "run", "run", "stop", "account", "account", "pods"];
        assert_eq!(names, [&lot[..], &shop].concat());
        assert_eq!(words[1].example(), "let lot = cluster(\"lot\"); lot.launch(image, runtime, cpu, mem)");
        assert_eq!(words[4].summary, "The cluster as a table.");
        let of: Vec<&str> = words.iter().map(|word| word.of.as_deref().unwrap_or("-")).collect();
        assert_eq!(of, [&["-"][..], &["cluster"; 4], &["-"], &["eks_cluster"; 7]].concat());
    }
}

//! What a person did: the only truth that is kept.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::model::time::Millis;

/// One thing a person did that changed the world, or answered a question about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Input {
    /// They called an operation, such as `ecs:CreateService`.
    Call {
        /// The operation's action name.
        action: String,
        /// The request, as it was given.
        request: Value,
    },
    /// They let time pass.
    Wait {
        /// How much.
        millis: u64,
    },
    /// They answered a question. That changes nothing but what they have said.
    Answer {
        /// The name of the question.
        question: String,
        /// The answer, as plain data.
        value: Value,
    },
}

/// A line that was typed or run, and what it did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// The text.
    pub text: String,
    /// What it did.
    pub inputs: Vec<Input>,
}

/// The lines that changed something, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Journal {
    lines: Vec<Line>,
    /// The line that runs now.
    open: Option<Line>,
    /// Inputs, and bytes of their requests, of all lines.
    inputs: usize,
    bytes: usize,
}

impl Journal {
    /// The finished lines that changed something.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// What was done, oldest first, the open line included.
    pub(super) fn inputs(&self) -> impl Iterator<Item = &Input> {
        self.lines.iter().chain(&self.open).flat_map(|line| &line.inputs)
    }

    /// How many inputs there are, and how many bytes their requests have.
    pub(super) fn size(&self) -> (usize, usize) {
        (self.inputs, self.bytes)
    }

    pub(super) fn begin(&mut self, text: &str) {
        self.end();
        self.open = Some(Line { text: text.to_owned(), inputs: Vec::new() });
    }

    /// Ends the open line, and keeps it if it changed anything. Returns whether it did.
    pub(super) fn end(&mut self) -> bool {
        match self.open.take() {
            Some(line) if !line.inputs.is_empty() => {
                self.lines.push(line);
                true
            }
            _ => false,
        }
    }

    /// Drops the open line, and says whether it had done anything.
    pub(super) fn drop_open(&mut self) -> bool {
        let Some(line) = self.open.take() else { return false };
        self.inputs -= line.inputs.len();
        self.bytes -= line.bytes();
        !line.inputs.is_empty()
    }

    /// Adds an input to the open line; its request has this many bytes.
    pub(super) fn push(&mut self, input: Input, bytes: usize) {
        self.inputs += 1;
        self.bytes += bytes;
        self.open.get_or_insert_with(|| Line { text: String::new(), inputs: Vec::new() }).inputs.push(input);
    }

    /// Adds waiting time; waits in a row are one wait.
    pub(super) fn wait(&mut self, span: Millis) {
        if span == Millis::ZERO {
            return;
        }
        let last = self.open.as_mut().and_then(|line| line.inputs.last_mut());
        match last {
            Some(Input::Wait { millis }) => *millis += span.0,
            _ => self.push(Input::Wait { millis: span.0 }, 0),
        }
    }

    /// Adds a line that was finished before.
    pub(super) fn keep(&mut self, line: Line) {
        self.inputs += line.inputs.len();
        self.bytes += line.bytes();
        self.lines.push(line);
    }

    /// Takes the last line away.
    pub(super) fn take_last(&mut self) -> Option<Line> {
        let line = self.lines.pop()?;
        self.inputs -= line.inputs.len();
        self.bytes -= line.bytes();
        Some(line)
    }
}

impl Line {
    fn bytes(&self) -> usize {
        let bytes = |input: &Input| match input {
            Input::Call { request, .. } => request.to_string().len(),
            Input::Wait { .. } => 0,
            Input::Answer { question, value } => question.len() + value.to_string().len(),
        };
        self.inputs.iter().map(bytes).sum()
    }
}

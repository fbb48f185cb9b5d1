//! A lab as a file: its seed and its journal as JSON lines, and the digest of the world that they must lead to.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::journal::Line;
use super::{Limits, Session, file};
use crate::simulate::Budget;

/// The longest file that is read, in bytes: more than the limits of a journal allow.
const LONGEST: u64 = 256 << 20;

/// The version of the file's form.
const FORMAT: u32 = 1;

/// The first line of the file.
#[derive(Serialize, Deserialize)]
struct Header {
    longshore: u32,
    seed: u64,
    digest: String,
    /// Whether typing all lines again leads to the variables and functions of the time.
    #[serde(default)]
    script: bool,
    /// How many lines at the beginning nobody typed: what an exercise begins with. Typing leads there no more.
    #[serde(default)]
    prepared: usize,
    /// How many lines at the beginning are not the learner's: those, and what steps of a lesson did. Undo leaves them.
    #[serde(default)]
    kept: usize,
}

/// A line that changed nothing in the lab, and perhaps something in the script's variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// How many lines of the journal came before it.
    pub after: usize,
    /// The text.
    pub text: String,
}

/// A row of the file after the first.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Row {
    Line(Line),
    Note { note: String },
}

/// What was typed in a lab, as far as its journal does not know it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Typed<'a> {
    /// The lines that are not in the journal.
    pub notes: &'a [Note],
    /// How many lines at the journal's beginning nobody typed.
    pub prepared: usize,
    /// Whether all lines that were typed make the variables of the time.
    pub whole: bool,
}

/// What a file holds.
#[derive(Debug)]
pub struct Saved {
    /// The lab.
    pub session: Session,
    /// The lab before anybody typed anything.
    pub beginning: Session,
    /// All lines that were typed, in their order.
    pub lines: Vec<String>,
    /// Whether typing them again leads to the variables and functions of the time.
    pub whole: bool,
}

impl Session {
    /// Writes the lab alone to a file.
    ///
    /// # Errors
    /// A sentence about what the file system refused.
    pub fn save(&self, path: &Path) -> Result<(), String> {
        self.save_with(path, Typed::default())
    }

    /// Writes the lab to a file, with what was typed in it. An existing file is replaced as a whole or not at all.
    ///
    /// # Errors
    /// A sentence about what the file system refused.
    pub fn save_with(&self, path: &Path, typed: Typed<'_>) -> Result<(), String> {
        let Typed { notes, prepared, whole } = typed;
        let (seed, digest) = (self.world.seed, self.digest_text());
        let header = Header { longshore: FORMAT, seed, digest, script: whole, prepared, kept: self.kept };
        let mut text = serde_json::to_string(&header).expect("plain data");
        let mut put = |row: Row| {
            text.push('\n');
            text.push_str(&serde_json::to_string(&row).expect("plain data"));
        };
        let mut notes = notes.iter().peekable();
        let lines = self.journal.lines();
        for number in 0..=lines.len() {
            while let Some(note) = notes.next_if(|note| note.after <= number) {
                put(Row::Note { note: note.text.clone() });
            }
            if let Some(line) = lines.get(number) {
                put(Row::Line(line.clone()));
            }
        }
        text.push('\n');
        let name = path.display();
        if path.exists() && file::first_line(path).ok().as_deref().and_then(read_header).is_none() {
            return Err(format!("{name} is there already, and is no saved lab: choose another name"));
        }
        file::write(path, &text).map_err(|error| format!("cannot write {name}: {error}"))
    }

    /// Reads a lab from a file and replays it.
    ///
    /// # Errors
    /// A sentence about the line that is wrong.
    pub fn load(path: &Path, limits: Limits) -> Result<Saved, String> {
        let name = path.display();
        let text = file::read(path, LONGEST).map_err(|error| format!("cannot read {name}: {error}"))?;
        let mut lines = text.lines();
        let header = lines
            .next()
            .and_then(read_header)
            .ok_or_else(|| format!("{name} is not a saved lab: its first line must be {{\"longshore\":{FORMAT},…}}"))?;
        if header.longshore != FORMAT {
            return Err(format!("{name} has form {}, and this longshore reads form {FORMAT}", header.longshore));
        }
        let mut session = Session::with_limits(header.seed, limits);
        let mut beginning = session.clone();
        let mut texts = Vec::new();
        for (number, text) in lines.enumerate() {
            let wrong = |what: String| format!("{name}, line {}: {what}", number + 2);
            let row = serde_json::from_str(text).map_err(|error| wrong(error.to_string()))?;
            let line: Line = match row {
                Row::Line(line) => line,
                Row::Note { note } => {
                    texts.push(note);
                    continue;
                }
            };
            if line.inputs.is_empty() {
                // Left by a bug, for whoever wants to see it again.
                continue;
            }
            let is_prepared = session.journal.lines().len() < header.prepared;
            if !is_prepared {
                texts.push(line.text.clone());
            }
            session.budget = Budget { steps: limits.steps_per_line, facts: limits.facts };
            for input in &line.inputs {
                session.apply(input).map_err(|refusal| wrong(refusal.to_string()))?;
            }
            session.journal.keep(line);
            if is_prepared {
                session.keep_from_undo();
                beginning = session.clone();
            }
        }
        session.kept = header.kept.max(session.kept);
        if session.digest_text() != header.digest {
            return Err(format!(
                "{name} does not lead to the world that was saved: it was edited, or another longshore wrote it"
            ));
        }
        Ok(Saved { session, beginning, lines: texts, whole: header.script })
    }

    fn digest_text(&self) -> String {
        format!("{:016x}", self.world.digest())
    }
}

/// What the first line of a saved lab says, if it is one.
fn read_header(line: &str) -> Option<Header> {
    serde_json::from_str(line).ok()
}

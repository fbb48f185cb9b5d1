//! The results file: one JSON text a line, one line a learner.
//!
//! While a class is graded, each line is appended with one write, so that whatever ends the program leaves whole lines
//! and at most one torn one. At the end the file is replaced as a whole by the same lines in the order of the learners:
//! the same bytes, however many workers there were and however often it was begun.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::assignment::to_line;
use crate::grade::Record;
use crate::session::file as files;

/// What each line begins with.
const BEGINNING: &str = r#"{"learner":""#;

/// The result of one learner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// Who.
    pub learner: String,
    /// What the record was made from, as a hash: the submission, the exercise, the seeds and the limits.
    pub key: String,
    /// What came of it.
    pub record: Record,
}

/// A results file that is being written.
pub(super) struct Ledger {
    path: PathBuf,
    file: File,
}

impl Ledger {
    /// Where the results belong: the file that a link leads to, for a link is neither emptied nor replaced. Refuses a
    /// file that holds something else than results of this exercise, such as those of another one, or what somebody has
    /// handed in: its first line tells.
    pub(super) fn place(path: &Path, exercise: &str) -> Result<PathBuf, String> {
        if fs::symlink_metadata(path).is_err() {
            return Ok(path.to_owned());
        }
        let cannot_read = |error| format!("cannot read {}: {error}", path.display());
        let place = fs::canonicalize(path).map_err(cannot_read)?;
        let first = files::first_line(&place).map_err(cannot_read)?;
        let is_ours = match first.strip_suffix('\n') {
            Some(line) => serde_json::from_str::<Entry>(line).is_ok_and(|entry| entry.record.exercise == exercise),
            // A run that was killed may have left the beginning of a line.
            None => first.is_empty() || first.starts_with(BEGINNING),
        };
        if !is_ours {
            return Err(format!(
                "{} is there already, and holds something else than results of {exercise}: name another file with \
                 --results",
                path.display()
            ));
        }
        Ok(place)
    }

    /// Begins a file; what was there before is gone.
    pub(super) fn begin(path: &Path) -> Result<Ledger, String> {
        let file = File::create(path).map_err(|error| trouble(path, &error))?;
        Ok(Ledger { path: path.to_owned(), file })
    }

    /// Goes on with a file, or begins it. A torn last line is cut off, and lines that are no results are passed over.
    /// Returns what was in it as well, the last line of each learner.
    pub(super) fn resume(path: &Path) -> Result<(Ledger, BTreeMap<String, Entry>), String> {
        let open = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
        let mut file = open.map_err(|error| trouble(path, &error))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(|error| trouble(path, &error))?;
        let whole = bytes.iter().rposition(|&byte| byte == b'\n').map_or(0, |last| last + 1);
        file.set_len(whole as u64).map_err(|error| trouble(path, &error))?;
        file.seek(SeekFrom::End(0)).map_err(|error| trouble(path, &error))?;
        let lines = bytes[..whole].split(|&byte| byte == b'\n');
        let entries = lines.filter_map(|line| serde_json::from_slice::<Entry>(line).ok());
        let entries = entries.map(|entry| (entry.learner.clone(), entry)).collect();
        Ok((Ledger { path: path.to_owned(), file }, entries))
    }

    /// Adds a line.
    pub(super) fn append(&mut self, entry: &Entry) -> Result<(), String> {
        self.file.write_all(to_line(entry).as_bytes()).map_err(|error| trouble(&self.path, &error))
    }

    /// Replaces the file by these lines, as a whole or not at all.
    pub(super) fn finish(self, entries: &[Entry]) -> Result<(), String> {
        let text: String = entries.iter().map(to_line).collect();
        files::write(&self.path, &text).map_err(|error| trouble(&self.path, &error))
    }
}

fn trouble(path: &Path, error: &std::io::Error) -> String {
    format!("cannot write {}: {error}", path.display())
}

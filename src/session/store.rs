//! A lab as a file: its seed and its journal as JSON lines, and the digest of the world that they must lead to.

use std::fs;
use std::io::Write;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::journal::Line;
use super::{Limits, Session};

/// The version of the file's form.
const FORMAT: u32 = 1;

/// The first line of the file.
#[derive(Serialize, Deserialize)]
struct Header {
    longshore: u32,
    seed: u64,
    digest: String,
}

impl Session {
    /// Writes the lab to a file. An existing file is replaced as a whole or not at all.
    ///
    /// # Errors
    /// A sentence about what the file system refused.
    pub fn save(&self, path: &Path) -> Result<(), String> {
        let header = Header { longshore: FORMAT, seed: self.world.seed, digest: self.digest_text() };
        let mut text = serde_json::to_string(&header).expect("plain data");
        for line in self.journal.lines() {
            text.push('\n');
            text.push_str(&serde_json::to_string(line).expect("plain data"));
        }
        text.push('\n');
        write_whole(path, &text).map_err(|error| format!("cannot write {}: {error}", path.display()))
    }

    /// Reads a lab from a file and replays it.
    ///
    /// # Errors
    /// A sentence about the line that is wrong.
    pub fn load(path: &Path, limits: Limits) -> Result<Session, String> {
        let name = path.display();
        let text = fs::read_to_string(path).map_err(|error| format!("cannot read {name}: {error}"))?;
        let mut lines = text.lines();
        let header: Header = lines
            .next()
            .and_then(|line| serde_json::from_str(line).ok())
            .ok_or_else(|| format!("{name} is not a saved lab: its first line must be {{\"longshore\":{FORMAT},…}}"))?;
        if header.longshore != FORMAT {
            return Err(format!("{name} has form {}, and this longshore reads form {FORMAT}", header.longshore));
        }
        let mut session = Session::with_limits(header.seed, limits);
        for (number, text) in lines.enumerate() {
            let wrong = |what: String| format!("{name}, line {}: {what}", number + 2);
            let line: Line = serde_json::from_str(text).map_err(|error| wrong(error.to_string()))?;
            for input in &line.inputs {
                session.apply(input).map_err(|refusal| wrong(refusal.to_string()))?;
            }
            session.journal.keep(line);
        }
        if session.digest_text() != header.digest {
            return Err(format!(
                "{name} does not lead to the world that was saved: it was edited, or another longshore wrote it"
            ));
        }
        Ok(session)
    }

    fn digest_text(&self) -> String {
        format!("{:016x}", self.world.digest())
    }
}

/// Writes beside the file, then renames.
fn write_whole(path: &Path, text: &str) -> std::io::Result<()> {
    let beside = path.with_extension("longshore-part");
    let mut file = fs::File::create(&beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&beside, path)
}

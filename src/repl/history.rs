//! Where earlier lines are kept: `$XDG_STATE_HOME/longshore/history`. That it cannot be read or written is no reason
//! not to work, and is said once.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use etcetera::BaseStrategy;
use rustyline::error::ReadlineError;

/// Where lines go, as long as that works.
pub(super) struct History {
    path: Option<PathBuf>,
}

impl History {
    /// The place for earlier lines, and what is wrong with it.
    pub(super) fn find() -> (History, Option<String>) {
        match place() {
            Ok(path) => (History { path: Some(path) }, None),
            Err(sentence) => (History { path: None }, Some(sentence)),
        }
    }

    /// Does something with the file, as long as that works. Returns what went wrong, the first time it does.
    pub(super) fn with(&mut self, act: impl FnOnce(&PathBuf) -> Result<(), ReadlineError>) -> Option<String> {
        let error = act(self.path.as_ref()?).err()?;
        if matches!(&error, ReadlineError::Io(error) if error.kind() == ErrorKind::NotFound) {
            return None;
        }
        let path = self.path.take()?;
        Some(format!("earlier lines are not kept: {}: {error}", path.display()))
    }
}

fn place() -> Result<PathBuf, String> {
    let sentence = |what: String| format!("earlier lines are not kept: {what}");
    let base = etcetera::choose_base_strategy().map_err(|error| sentence(error.to_string()))?;
    let folder = base.state_dir().unwrap_or_else(|| base.data_dir()).join("longshore");
    fs::create_dir_all(&folder).map_err(|error| sentence(format!("{}: {error}", folder.display())))?;
    Ok(folder.join("history"))
}

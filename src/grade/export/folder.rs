//! The folder of a form that has a file for each learner. A list of those files lies beside them, so that what somebody
//! else has put there, or what came of another exercise, is not written over.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::session::file as files;

/// The list. No learner is called so: what is hidden is no submission.
const LIST: &str = ".longshore-reports";
/// The longest list that is read, in bytes.
const LONGEST: u64 = 64 << 20;

/// What the files in a folder are.
#[derive(Default, Serialize, Deserialize)]
struct List {
    exercise: String,
    files: BTreeSet<String>,
}

/// Writes files of an exercise, by name, into a folder.
///
/// # Errors
/// A sentence about what is in the way, before anything is written, or about what the file system refused: then the
/// other files are written all the same.
pub fn write(folder: &Path, exercise: &str, reports: &[(String, String)]) -> Result<(), String> {
    let trouble = |path: &Path, error: std::io::Error| format!("cannot write {}: {error}", path.display());
    fs::create_dir_all(folder).map_err(|error| trouble(folder, error))?;
    let list = folder.join(LIST);
    let mut known = read(&list)?;
    if !known.exercise.is_empty() && known.exercise != exercise {
        return Err(format!(
            "{} holds reports of {}: name another folder with --reports",
            folder.display(),
            known.exercise
        ));
    }
    if let Some((name, _)) = reports.iter().find(|(name, _)| !known.files.contains(name) && folder.join(name).exists())
    {
        return Err(format!(
            "{} is there already, and is no report of {exercise}: name another folder with --reports",
            folder.join(name).display()
        ));
    }
    known.exercise = exercise.to_owned();
    known.files.extend(reports.iter().map(|(name, _)| name.clone()));
    let text = serde_json::to_string(&known).expect("plain data");
    files::write(&list, &format!("{text}\n")).map_err(|error| trouble(&list, error))?;
    let mut troubles = Vec::new();
    for (name, text) in reports {
        let path = folder.join(name);
        troubles.extend(files::write(&path, text).map_err(|error| trouble(&path, error)).err());
    }
    match troubles.first() {
        None => Ok(()),
        Some(first) => {
            Err(format!("{first}; {} of {} reports are written", reports.len() - troubles.len(), reports.len()))
        }
    }
}

/// The list, if there is one.
fn read(list: &Path) -> Result<List, String> {
    if !list.exists() {
        return Ok(List::default());
    }
    let text = files::read(list, LONGEST).map_err(|error| format!("cannot read {}: {error}", list.display()))?;
    serde_json::from_str(&text).map_err(|_| format!("{} is no list of reports: name another folder", list.display()))
}

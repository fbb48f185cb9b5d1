//! The submissions in a folder: a file `ada.rhai` or a folder `ada/` with one script in it; `ada` is the learner.
//!
//! Whatever else a learner hands in is that learner's own trouble, told in a sentence, and never the grader's. Links
//! are not followed: they could lead anywhere on the instructor's machine.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::grade::harmless;
use crate::script::SOURCE_BYTES;
use crate::session::file as files;

/// What a learner handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// Who: the name of the file or folder.
    pub learner: String,
    /// The script, or why there is none.
    pub text: Result<String, String>,
}

/// The submissions in a folder, by learner. Hidden files and files that are no scripts are passed over.
///
/// # Errors
/// A sentence if the folder cannot be read or holds no submission.
pub fn submissions(folder: &Path) -> Result<Vec<Submission>, String> {
    let mut found: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for path in entries(folder).map_err(|error| format!("cannot read {}: {error}", folder.display()))? {
        if let Some(learner) = learner(&path) {
            found.entry(harmless::line(&learner)).or_default().push(path);
        }
    }
    if found.is_empty() {
        return Err(format!("{} holds no submission: a file or a folder for each learner", folder.display()));
    }
    let read = found.into_iter().map(|(learner, paths)| Submission { learner, text: only(&paths).and_then(script) });
    Ok(read.collect())
}

/// Who handed this in. Nobody, if it is no script and no folder.
fn learner(path: &Path) -> Option<String> {
    let folder = fs::symlink_metadata(path).is_ok_and(|is| is.is_dir());
    let name = if folder { path.file_name() } else { path.file_stem() };
    (folder || is_script(path)).then(|| name.map(|name| name.to_string_lossy().into_owned())).flatten()
}

/// The script at a path, or the only one in the folder there.
fn script(path: &Path) -> Result<String, String> {
    if fs::symlink_metadata(path).is_ok_and(|is| is.is_dir()) {
        let inside = entries(path).map_err(|error| format!("its folder cannot be read: {error}"))?;
        let scripts: Vec<PathBuf> = inside.into_iter().filter(|path| is_script(path)).collect();
        return only(&scripts).and_then(file);
    }
    file(path)
}

/// The text of a file that is one, and not too long.
fn file(path: &Path) -> Result<String, String> {
    let is = fs::symlink_metadata(path).map_err(|error| format!("it cannot be read: {error}"))?;
    if !is.is_file() {
        return Err("it is not an ordinary file".to_owned());
    }
    let mut bytes = Vec::new();
    let most = SOURCE_BYTES as u64;
    let file = files::open(path).map_err(|error| format!("it cannot be read: {error}"))?;
    file.take(most + 1).read_to_end(&mut bytes).map_err(|error| format!("it cannot be read: {error}"))?;
    if bytes.len() > SOURCE_BYTES {
        return Err(format!("a script has at most {SOURCE_BYTES} bytes, and it has more"));
    }
    String::from_utf8(bytes).map_err(|_| "it is not text in UTF-8".to_owned())
}

/// The one path that is expected.
fn only(paths: &[PathBuf]) -> Result<&Path, String> {
    match paths {
        [path] => Ok(path),
        [] => Err("its folder holds no script: one file that ends in .rhai is expected".to_owned()),
        several => {
            let name = |path: &PathBuf| path.file_name().map(|name| name.to_string_lossy().into_owned());
            let names: Vec<String> = several.iter().filter_map(name).collect();
            Err(format!("there are {} scripts where one is expected: {}", names.len(), names.join(", ")))
        }
    }
}

/// What is in a folder, by name, without what is hidden.
fn entries(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .filter(|path| !path.as_ref().is_ok_and(|path| is_hidden(path)))
        .collect::<std::io::Result<Vec<PathBuf>>>()?;
    paths.sort();
    Ok(paths)
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))
}

fn is_script(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "rhai")
}

//! The submissions in a folder: a file `ada.rhai` or a folder `ada/` with one script in it; `ada` is the learner.
//!
//! What is neither is passed over, and said to be. Whatever else a learner hands in is that learner's own trouble, told
//! in a sentence, and never the grader's. Links are not followed: they could lead anywhere on the instructor's machine.

use std::collections::BTreeMap;
use std::ffi::OsStr;
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

/// What lies in a folder and is nobody's submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassedOver {
    /// Its name.
    pub name: String,
    /// Why.
    pub why: &'static str,
}

/// What a folder of submissions holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The submissions, by learner.
    pub submissions: Vec<Submission>,
    /// What is none, by name. Hidden files, and what archivers leave, are not counted.
    pub passed_over: Vec<PassedOver>,
}

/// The submissions in a folder.
///
/// # Errors
/// A sentence if the folder cannot be read or holds no submission.
pub fn submissions(folder: &Path) -> Result<Found, String> {
    let mut paths: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    let mut passed_over = Vec::new();
    for path in entries(folder).map_err(|error| format!("cannot read {}: {error}", folder.display()))? {
        match learner(&path) {
            Ok(learner) => paths.entry(learner).or_default().push(path),
            Err(why) => passed_over.push(PassedOver { name: named(path.file_name()), why }),
        }
    }
    if paths.is_empty() {
        let none = format!("{} holds no submission: a file or a folder for each learner", folder.display());
        let first = passed_over.first().map(|PassedOver { name, why }| format!("; {name}: {why}"));
        return Err(format!("{none}{}", first.unwrap_or_default()));
    }
    let read = paths.into_iter().map(|(learner, paths)| Submission { learner, text: only(&paths).and_then(script) });
    Ok(Found { submissions: read.collect(), passed_over })
}

/// Who handed this in, or why it is nobody's.
fn learner(path: &Path) -> Result<String, &'static str> {
    let is = |test: fn(&fs::FileType) -> bool| fs::symlink_metadata(path).is_ok_and(|is| test(&is.file_type()));
    match () {
        () if is(fs::FileType::is_dir) => Ok(named(path.file_name())),
        () if is_script(path) => Ok(named(path.file_stem())),
        () if is(fs::FileType::is_symlink) => Err("it is a link, and links are not followed"),
        () => Err("its name does not end in .rhai"),
    }
}

/// A name of a file as it may be shown.
fn named(name: Option<&OsStr>) -> String {
    harmless::line(&name.unwrap_or_default().to_string_lossy())
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
            let names: Vec<String> = several.iter().map(|path| named(path.file_name())).collect();
            Err(format!("there are {} scripts where one is expected: {}", names.len(), names.join(", ")))
        }
    }
}

/// What is in a folder, by name, without what is hidden and what archivers leave.
fn entries(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .filter(|path| !path.as_ref().is_ok_and(|path| is_hidden(path)))
        .collect::<std::io::Result<Vec<PathBuf>>>()?;
    paths.sort();
    Ok(paths)
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == "__MACOSX" || name.to_string_lossy().starts_with('.'))
}

fn is_script(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("rhai"))
}

//! Files: opened only if they are ordinary ones, and written as a whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Error, ErrorKind, Read, Result, Write};
use std::path::Path;

/// Refuses what is there and is no ordinary file: one that never ends, or that waits for somebody to write.
fn check(path: &Path) -> Result<()> {
    let is = fs::metadata(path)?;
    match is.is_file() {
        true => Ok(()),
        false if is.is_dir() => Err(Error::new(ErrorKind::InvalidInput, "it is a folder")),
        false => Err(Error::new(ErrorKind::InvalidInput, "it is not an ordinary file")),
    }
}

/// Opens an ordinary file.
pub(crate) fn open(path: &Path) -> Result<File> {
    check(path)?;
    File::open(path)
}

/// Opens an ordinary file to write at its end; makes it where there is none.
pub(crate) fn append(path: &Path) -> Result<File> {
    match check(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => OpenOptions::new().create(true).append(true).open(path),
    }
}

/// Reads an ordinary file, at most so many bytes of it.
pub(crate) fn read(path: &Path, most: u64) -> Result<String> {
    let mut text = String::new();
    open(path)?.take(most).read_to_string(&mut text)?;
    Ok(text)
}

/// The first line of an ordinary file, with its end if it has one.
pub(crate) fn first_line(path: &Path) -> Result<String> {
    let mut line = String::new();
    BufReader::new(open(path)?).read_line(&mut line)?;
    Ok(line)
}

/// Writes beside the file, then renames.
pub(crate) fn write(path: &Path, text: &str) -> Result<()> {
    let beside = path.with_extension("longshore-part");
    let write = || {
        let mut file = File::create(&beside)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&beside, path)
    };
    // What could not take its place must not lie about.
    write().inspect_err(|_| drop(fs::remove_file(&beside)))
}

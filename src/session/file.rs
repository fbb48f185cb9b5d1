//! Files: read only if they are ordinary ones, and written as a whole or not at all.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Error, ErrorKind, Read, Result, Write};
use std::path::Path;

/// Opens an ordinary file. One that never ends, or that waits for somebody to write, is refused.
fn open(path: &Path) -> Result<File> {
    if !fs::metadata(path)?.is_file() {
        return Err(Error::new(ErrorKind::InvalidInput, "it is not an ordinary file"));
    }
    File::open(path)
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
    let mut file = File::create(&beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&beside, path)
}

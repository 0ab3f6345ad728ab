//! The location of results files.

use std::borrow::Cow;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use dualstack_report::Results;
use flate2::read::GzDecoder;

use crate::failure::Failure;

/// The folder for results, unless the user names a file.
pub const FOLDER: &str = "dualstack-results";

/// The time now, in UTC, to the second.
pub fn now() -> String {
    humantime::format_rfc3339_seconds(SystemTime::now()).to_string()
}

/// Writes results to `file` or to a new file in the results folder, and returns its path.
pub fn write(results: &Results, file: Option<&Path>) -> Result<PathBuf, Failure> {
    let path = match file {
        Some(file) => file.to_owned(),
        None => new_file(results)?,
    };
    let failed = |error| Failure::Write {
        path: path.clone(),
        error,
    };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    let mut text = serde_json::to_vec(results)
        .map_err(|error| Failure::Harness(format!("failed to serialize the results: {error}")))?;
    text.push(b'\n');
    fs::write(&path, text).map_err(failed)?;
    Ok(path)
}

/// A file name with the time that is not in use.
fn new_file(results: &Results) -> Result<PathBuf, Failure> {
    let time = results.started.replace(':', "-");
    let names = (1..1000).map(|number| match number {
        1 => format!("{time}.json"),
        number => format!("{time}.{number}.json"),
    });
    names
        .map(|name| Path::new(FOLDER).join(name))
        .find(|path| !path.exists())
        .ok_or_else(|| Failure::Harness(format!("no free file name in {FOLDER}")))
}

/// The first bytes of a file compressed by gzip (RFC 1952).
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Reads a results file, which may be compressed by gzip.
pub fn read(path: &Path) -> Result<Results, Failure> {
    let failed = |error| Failure::Read {
        path: path.to_owned(),
        error,
    };
    let bytes = fs::read(path).map_err(failed)?;
    let text = text(&bytes).map_err(failed)?;
    Results::read(&text).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))
}

/// The text of a file, decompressed if needed.
fn text(bytes: &[u8]) -> io::Result<Cow<'_, str>> {
    if bytes.starts_with(&GZIP) {
        let mut text = String::new();
        GzDecoder::new(bytes).read_to_string(&mut text)?;
        return Ok(text.into());
    }
    let text = str::from_utf8(bytes);
    text.map(Cow::Borrowed)
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

/// The newest file in the results folder, if there is one.
pub fn newest() -> Option<PathBuf> {
    let entries = fs::read_dir(FOLDER).ok()?;
    let files = entries.filter_map(|entry| Some(entry.ok()?.path()));
    files
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .max()
}

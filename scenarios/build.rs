//! Lists the files of the corpus, which the crate embeds.
//!
//! It names no file to watch, so cargo runs it again when any file of the package is
//! added, changed or removed.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let corpus = path("CARGO_MANIFEST_DIR");
    let out = path("OUT_DIR");
    fs::write(out.join("scenarios.rs"), list(&corpus, "toml")?)?;
    fs::write(
        out.join("answers.rs"),
        list(&corpus.join("answers"), "snap")?,
    )
}

fn path(variable: &str) -> PathBuf {
    env::var_os(variable).expect("cargo sets it").into()
}

/// A slice of the files `TOPIC/FILE.EXTENSION` in a folder, as an expression.
fn list(folder: &Path, extension: &str) -> io::Result<String> {
    let mut slice = String::from("&[\n");
    for topic in entries(folder)? {
        if !topic.is_dir() {
            continue;
        }
        for file in entries(&topic)? {
            if file.extension().is_some_and(|found| found == extension) {
                let name = file.strip_prefix(folder).expect("it is in the folder");
                let name = name.to_string_lossy().replace('\\', "/");
                writeln!(
                    slice,
                    "File {{ path: {name:?}, text: include_str!({file:?}) }},"
                )
                .expect("text can be written to a string");
            }
        }
    }
    Ok(slice + "]")
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
    let mut entries: Vec<PathBuf> = entries.collect::<io::Result<_>>()?;
    entries.sort();
    Ok(entries)
}

//! What is in a directory, and which processes there are.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The names in a directory; none if it does not exist.
pub(crate) fn names_in(directory: impl AsRef<Path>) -> BTreeSet<String> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect()
}

/// The processes with this text in their command line or environment.
pub(crate) fn processes(mark: &str) -> Vec<String> {
    let processes = names_in("/proc").into_iter().filter_map(|number| {
        let number: u32 = number.parse().ok()?;
        let read = |file: &str| {
            let text = fs::read(format!("/proc/{number}/{file}")).unwrap_or_default();
            String::from_utf8_lossy(&text).replace('\0', " ")
        };
        let line = read("cmdline");
        let marked = line.contains(mark) || read("environ").contains(mark);
        marked.then(|| format!("process {number}: {line}"))
    });
    processes.collect()
}

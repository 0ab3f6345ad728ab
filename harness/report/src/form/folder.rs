//! The folder that a report is written to.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

use crate::whole_file::{self, WholeFile};

/// The folder of a report. It and its subfolders are created when a file needs them.
#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

/// A file of a report that cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("failed to write {}: {error}", path.display())]
pub struct Unwritten {
    /// Which file.
    pub path: PathBuf,
    /// The system's error.
    #[source]
    pub error: io::Error,
}

impl Folder {
    /// The folder at a path.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// Writes a file at once.
    pub(super) fn put(&self, name: &str, contents: &[u8]) -> Result<(), Unwritten> {
        self.write(name, |file| file.write_all(contents))
    }

    /// Writes a file piece by piece: as one text it could be larger than everything else
    /// in memory.
    pub(super) fn write(
        &self,
        name: &str,
        pieces: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Unwritten> {
        let path = self.0.join(name);
        written(&path, pieces).map_err(|error| Unwritten { path, error })
    }
}

fn written(path: &Path, pieces: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    if dualstack_lab::interrupted() {
        return Err(io::ErrorKind::Interrupted.into());
    }
    let file = WholeFile::write_in(&whole_file::folder_of(path), pieces)?;
    file.replace(path)
}

/// The list of the files of a page, in its folder: the next page there removes those that it
/// does not have.
const LIST: &str = "files.txt";

/// The files that were written for a page.
#[derive(Debug, Default)]
pub(super) struct Written(BTreeSet<String>);

impl Written {
    pub(super) fn add(&mut self, name: String) {
        self.0.insert(name);
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Removes what an earlier page has left in the folder, and lists what is there now.
    pub(super) fn replace(self, folder: &Folder) -> Result<(), Unwritten> {
        let before = fs::read_to_string(folder.0.join(LIST)).unwrap_or_default();
        let old = before.lines().filter(|name| !self.0.contains(*name));
        // The list may have been changed: nothing outside the folder is removed.
        for name in old.filter(|name| is_inside(name)) {
            let path = folder.0.join(name);
            if fs::remove_file(&path).is_ok() {
                _ = path.parent().map(fs::remove_dir);
            }
        }
        // Nor what a killed process has left.
        let folders = self
            .0
            .iter()
            .map(|name| whole_file::folder_of(&folder.0.join(name)));
        for folder in BTreeSet::from_iter(folders) {
            whole_file::remove_left(&folder);
        }
        let list: String = self.0.iter().map(|name| format!("{name}\n")).collect();
        folder.put(LIST, list.as_bytes())
    }
}

fn is_inside(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    !name.is_empty() && parts.all(|part| matches!(part, Component::Normal(_)))
}

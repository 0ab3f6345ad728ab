//! The folder that a report is written to.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

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
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    let mut file = BufWriter::new(File::create(path)?);
    pieces(&mut file)?;
    file.flush()
}

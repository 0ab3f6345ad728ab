//! Files that are written completely or not at all: what is under the final name is always
//! whole, whatever happens to the disk or to the process.

mod unnamed;

pub(crate) use unnamed::remove_left;

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// A complete file that has no name yet.
#[derive(Debug)]
pub struct WholeFile(NamedTempFile);

/// Why a complete file did not get its name.
#[derive(Debug)]
pub enum NoName {
    /// There is another file with that name.
    Taken(WholeFile),
    /// Anything else.
    Failed(io::Error),
}

impl WholeFile {
    /// Writes a file in this folder, which is made if it does not exist.
    ///
    /// # Errors
    ///
    /// Those of the system, and of `write`.
    pub fn write_in(
        folder: &Path,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let file = unnamed::make(folder)?;
        let mut writer = BufWriter::new(file.as_file());
        write(&mut writer)?;
        writer.flush()?;
        drop(writer);
        Ok(Self(file))
    }

    /// Waits until it is on the disk: then the machine may fail, and it is whole.
    ///
    /// # Errors
    ///
    /// Those of fsync(2).
    pub fn on_disk(self) -> io::Result<Self> {
        self.0.as_file().sync_all()?;
        Ok(self)
    }

    /// Gives it a name that no other file has.
    ///
    /// # Errors
    ///
    /// Another file has it, or those of the system.
    pub fn name(self, path: &Path) -> Result<(), NoName> {
        let Err(error) = self.0.persist_noclobber(path) else {
            return Ok(());
        };
        Err(match error.error.kind() {
            io::ErrorKind::AlreadyExists => NoName::Taken(Self(error.file)),
            _ => NoName::Failed(error.error),
        })
    }

    /// Gives it this name, and removes the file that had it.
    ///
    /// # Errors
    ///
    /// Those of the system.
    pub fn replace(self, path: &Path) -> io::Result<()> {
        self.0.persist(path)?;
        Ok(())
    }
}

/// Finds out whether files can be made in a folder, by making one. Removes what killed
/// processes have left there.
///
/// # Errors
///
/// Those of the system.
pub fn try_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    remove_left(folder);
    unnamed::make(folder).map(drop)
}

/// The folder of a file.
pub fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder.to_owned(),
        Some(_) | None => PathBuf::from("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_taken_is_not_taken_away() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("name");
        fs::write(&path, "another's").unwrap();
        let file = WholeFile::write_in(folder.path(), |file| file.write_all(b"mine")).unwrap();
        let Err(NoName::Taken(file)) = file.name(&path) else {
            panic!("there was no other file");
        };
        assert_eq!(fs::read_to_string(&path).unwrap(), "another's");
        file.replace(&path).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    }

    #[test]
    fn a_file_that_is_not_complete_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let failed = WholeFile::write_in(folder.path(), |file| {
            file.write_all(b"a part")?;
            Err(io::ErrorKind::StorageFull.into())
        });
        assert!(failed.is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}

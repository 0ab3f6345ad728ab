//! The folder of the ledgers: a folder of the user's own, in a place that does not depend on
//! the directory for temporary files.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::platform::cache::cache;

/// The folder, made if it does not exist.
pub(super) fn make() -> io::Result<PathBuf> {
    make_one_of(candidates())
}

fn make_one_of(candidates: impl Iterator<Item = PathBuf>) -> io::Result<PathBuf> {
    let mut failed = io::Error::from(io::ErrorKind::NotFound);
    for folder in candidates {
        match make_own(&folder) {
            Ok(()) => return Ok(folder),
            Err(error) => failed = error,
        }
    }
    Err(failed)
}

/// Every folder that [`make`] may have made. A folder of another user is none, whatever its
/// name is.
pub(super) fn existing() -> Vec<PathBuf> {
    let own = candidates().filter(|folder| check_own(folder).is_ok());
    own.collect()
}

/// How many names there are in the directory that all users share: another user may have
/// taken one.
const SHARED: usize = 8;

/// The names contain the user: with `sudo`, two users can have the same cache.
fn candidates() -> impl Iterator<Item = PathBuf> {
    let cached = cache().map(|cache| cache.join(format!("runs{}", of_user())));
    let first = shared().join(format!("dualstack-runs{}", of_user()));
    let other = |number| {
        let mut other = first.clone().into_os_string();
        other.push(format!(".{number}"));
        PathBuf::from(other)
    };
    let others: Vec<_> = (1..SHARED).map(other).collect();
    cached.into_iter().chain([first]).chain(others)
}

#[cfg(unix)]
fn of_user() -> String {
    format!("-{}", nix::unistd::geteuid())
}

#[cfg(unix)]
fn shared() -> PathBuf {
    // Not the directory for temporary files, which can be another one for each command.
    PathBuf::from("/tmp")
}

#[cfg(unix)]
fn make_own(folder: &Path) -> io::Result<()> {
    if let Some(above) = folder.parent() {
        fs::create_dir_all(above)?;
    }
    match make_private(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        Ok(()) | Err(_) => check_own(folder),
    }
}

/// Makes a directory that only this user can use.
#[cfg(unix)]
pub(crate) fn make_private(directory: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().mode(0o700).create(directory)
}

/// It is a folder, not a link to one, and nobody else can write to it.
#[cfg(unix)]
pub(super) fn check_own(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;
    let found = fs::symlink_metadata(folder)?;
    let own = found.is_dir() && found.uid() == nix::unistd::geteuid().as_raw();
    if own && found.mode() & 0o077 == 0 {
        return Ok(());
    }
    let what = format!("{} is not a private folder of this user", folder.display());
    Err(io::Error::new(io::ErrorKind::PermissionDenied, what))
}

/// Elsewhere the cache and the directory for temporary files are the user's own.
#[cfg(not(unix))]
fn of_user() -> &'static str {
    ""
}

#[cfg(not(unix))]
fn shared() -> PathBuf {
    std::env::temp_dir()
}

#[cfg(not(unix))]
fn make_own(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

#[cfg(not(unix))]
pub(crate) fn make_private(directory: &Path) -> io::Result<()> {
    fs::create_dir(directory)
}

#[cfg(not(unix))]
pub(super) fn check_own(folder: &Path) -> io::Result<()> {
    fs::read_dir(folder).map(drop)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn a_private_folder_is_made_once_and_found_again() {
        let above = tempfile::tempdir().unwrap();
        let folder = above.path().join("cache/runs");
        assert!(check_own(&folder).is_err());
        make_own(&folder).unwrap();
        make_own(&folder).unwrap();
        check_own(&folder).unwrap();
    }

    #[test]
    fn a_name_that_another_has_taken_blocks_no_one() {
        let above = tempfile::tempdir().unwrap();
        let [taken, free] = ["taken", "free"].map(|name| above.path().join(name));
        fs::create_dir(&taken).unwrap();
        fs::set_permissions(&taken, fs::Permissions::from_mode(0o777)).unwrap();
        let made = make_one_of([taken, free.clone()].into_iter());
        assert_eq!(made.unwrap(), free);
        let shared = candidates().filter(|folder| folder.parent() == Some(&shared()));
        assert!(shared.count() > 1);
    }

    #[test]
    fn a_link_and_a_folder_that_others_can_write_to_are_not_used() {
        let above = tempfile::tempdir().unwrap();
        let (link, open) = (above.path().join("link"), above.path().join("open"));
        symlink(above.path(), &link).unwrap();
        fs::create_dir(&open).unwrap();
        fs::set_permissions(&open, fs::Permissions::from_mode(0o777)).unwrap();
        for folder in [link, open] {
            let error = make_own(&folder).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::PermissionDenied);
        }
    }
}

//! A file that is still being written, under a name that says so. A process that is killed
//! leaves it behind; the next one that writes to the folder removes it.

use std::fs::{self, DirEntry, File};
use std::io;
use std::path::Path;
use std::time::Duration;

use fs4::FileExt;
use tempfile::NamedTempFile;

/// The names start with this.
const PREFIX: &str = ".dualstack-";

/// How long a process may take from making a file to locking it.
const UNLOCKED: Duration = Duration::from_secs(10);

/// A file with the permissions of any other file, locked as long as it is written.
pub(super) fn make(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // The user's umask still applies.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let file = builder.tempfile_in(folder)?;
    // Where files cannot be locked, others can only go by its age.
    _ = FileExt::try_lock(file.as_file());
    Ok(file)
}

/// Removes the files that killed processes have left in a folder.
pub(crate) fn remove_left(folder: &Path) {
    // What cannot be read or removed is in nobody's way.
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries.filter(is_left) {
        _ = fs::remove_file(entry.path());
    }
}

fn is_left(entry: &DirEntry) -> bool {
    let written_to = || {
        let file = File::options().write(true).open(entry.path())?;
        FileExt::try_lock(&file)?;
        file.metadata()?.modified()
    };
    entry.file_name().to_string_lossy().starts_with(PREFIX)
        && entry.file_type().is_ok_and(|kind| kind.is_file())
        && written_to().is_ok_and(|at| at.elapsed().is_ok_and(|age| age > UNLOCKED))
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;

    #[test]
    fn only_a_file_that_no_process_writes_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let long_ago = SystemTime::now() - 2 * UNLOCKED;
        let [left, young, other] = [".dualstack-left", ".dualstack-young", ".other"]
            .map(|name| File::create(folder.path().join(name)).unwrap());
        left.set_modified(long_ago).unwrap();
        other.set_modified(long_ago).unwrap();
        drop((left, young, other));
        let written = make(folder.path()).unwrap();
        written.as_file().set_modified(long_ago).unwrap();
        remove_left(folder.path());
        let exists = |name: &str| folder.path().join(name).exists();
        assert!(!exists(".dualstack-left"));
        assert!(exists(".dualstack-young") && exists(".other") && written.path().exists());
    }
}

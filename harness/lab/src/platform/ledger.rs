//! What harness processes make that can outlive them: one file for each process, in one
//! folder for each user.
//!
//! A process holds a lock on its file as long as it exists, and the kernel releases the lock
//! however the process ends. So whoever gets the lock knows that the process is gone, also
//! where its number says nothing: in another process namespace, with a `/proc` that hides
//! processes, on a system without one. Who cannot read the file, or finds none, knows
//! nothing and removes nothing.

mod folder;

pub(crate) use folder::make_private;

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use fs4::FileExt;
use serde::{Deserialize, Serialize};

use super::owner::Owner;
use super::unusable::Unusable;
use super::{CleanError, reaper};

/// Something that can outlive its process; a line of the file, in JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Entry {
    /// A directory, by its absolute path.
    Directory(PathBuf),
    /// Objects of a container engine, which are labelled with their owner.
    Engine,
}

/// The file of this process.
#[derive(Debug)]
pub(crate) struct Ledger(Mutex<File>);

/// The ledger of this process, which others see as in use from now on.
///
/// # Errors
///
/// There is no folder for it.
pub(crate) fn this() -> Result<&'static Ledger, Unusable> {
    static THIS: OnceLock<Result<Ledger, Unusable>> = OnceLock::new();
    let this = || {
        let ledger = Ledger::open(&Owner::this()).map_err(|error| {
            let why = format!("failed to record what could be left behind: {error}");
            Unusable::new(why, "set DUALSTACK_CACHE to a directory of your own")
        })?;
        reaper::watch_owner();
        Ok(ledger)
    };
    THIS.get_or_init(this).as_ref().map_err(Unusable::clone)
}

impl Ledger {
    /// The file gets its name after it is locked: a file that is not locked is that of a
    /// process that is gone.
    fn open(owner: &Owner) -> io::Result<Self> {
        let folder = folder::make()?;
        let file = tempfile::NamedTempFile::new_in(&folder)?;
        FileExt::try_lock(file.as_file())?;
        let file = file.persist_noclobber(folder.join(owner.to_string()))?;
        Ok(Self(Mutex::new(file)))
    }

    /// Records something that is about to be made.
    pub(crate) fn note(&self, entry: &Entry) -> io::Result<()> {
        let mut line = serde_json::to_vec(entry)?;
        line.push(b'\n');
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        file.write_all(&line)
    }
}

/// The ledger of a process that is gone.
#[derive(Debug)]
pub(crate) struct Gone {
    pub(crate) owner: Owner,
    path: PathBuf,
    entries: Vec<Entry>,
}

impl Gone {
    /// The directories that it made, whether or not they still exist.
    pub(crate) fn directories(&self) -> impl Iterator<Item = &Path> {
        self.entries.iter().filter_map(|entry| match entry {
            Entry::Directory(path) => Some(path.as_path()),
            Entry::Engine => None,
        })
    }

    /// Whether an engine may have something of it.
    pub(crate) fn used_an_engine(&self) -> bool {
        self.entries.contains(&Entry::Engine)
    }

    /// Whether the last entry is older than this.
    #[cfg(feature = "docker")]
    pub(crate) fn noted_nothing_for(&self, long: std::time::Duration) -> bool {
        let noted = fs::metadata(&self.path).and_then(|file| file.modified());
        noted.is_ok_and(|noted| noted.elapsed().is_ok_and(|since| since > long))
    }

    /// Removes the ledger, after everything in it is removed.
    pub(crate) fn forget(self) {
        // Another process may have removed it; otherwise the next one does.
        _ = fs::remove_file(self.path);
    }
}

/// The ledgers of all processes of this user that are gone.
///
/// # Errors
///
/// The folder cannot be read.
pub(crate) fn gone() -> Result<Vec<Gone>, CleanError> {
    let mut gone = Vec::new();
    for folder in folder::existing() {
        let failed = |error: io::Error| CleanError {
            doing: format!("look for what is left behind in {}", folder.display()),
            why: error.to_string(),
        };
        for entry in fs::read_dir(&folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            gone.extend(if_gone(path));
        }
    }
    Ok(gone)
}

/// Whether something is a directory of this user, and of nobody else.
pub(crate) fn is_private(path: &Path) -> bool {
    folder::check_own(path).is_ok()
}

/// Whether there is a ledger of a process, which is or was there.
pub(crate) fn is_kept(owner: &Owner) -> bool {
    let folders = folder::existing();
    let mut ledgers = folders.iter().map(|folder| folder.join(owner.to_string()));
    ledgers.any(|ledger| ledger.exists())
}

#[cfg(any(feature = "docker", test))]
impl Owner {
    /// Whether what it owns is left over, as its ledger proves. Without a proof it may be in
    /// use: the process can be another user's, or in another namespace, or on another machine.
    pub(crate) fn is_gone(&self) -> bool {
        let folders = folder::existing();
        let mut ledgers = folders.iter().map(|folder| folder.join(self.to_string()));
        ledgers.any(|ledger| unlocked(&ledger).is_some())
    }
}

fn if_gone(path: PathBuf) -> Option<Gone> {
    let owner = path.file_name()?.to_str()?.parse().ok()?;
    let lines = BufReader::new(unlocked(&path)?).lines();
    let entries = lines
        .map_while(Result::ok)
        // The last line may be incomplete; then what it names was never made.
        .filter_map(|line| serde_json::from_str(&line).ok())
        .collect();
    Some(Gone {
        owner,
        path,
        entries,
    })
}

/// The file, if no process holds it. Several may look at the same time: they share the lock.
fn unlocked(path: &Path) -> Option<File> {
    let file = File::options().read(true).write(true).open(path).ok()?;
    FileExt::try_lock_shared(&file).ok()?;
    Some(file)
}

/// Makes a ledger that no process holds any longer.
#[cfg(test)]
pub(crate) fn abandon(owner: &Owner, entries: &[Entry]) {
    let ledger = Ledger::open(owner).unwrap();
    entries.iter().for_each(|entry| ledger.note(entry).unwrap());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_abandoned_ledger_is_a_proof() {
        let (held, left) = (Owner::other(1), Owner::other(2));
        let ledger = Ledger::open(&held).unwrap();
        abandon(&left, &[Entry::Engine]);
        assert!(!held.is_gone());
        assert!(left.is_gone());
        drop(ledger);
        assert!(held.is_gone());
        let owners = [&held, &left];
        for gone in gone().unwrap() {
            if owners.contains(&&gone.owner) {
                assert_eq!(gone.used_an_engine(), gone.owner == left);
                gone.forget();
            }
        }
        assert!(!held.is_gone() && !left.is_gone(), "without a ledger");
    }

    #[test]
    fn this_process_is_not_gone() {
        assert!(!Owner::this().is_gone());
    }

    #[test]
    fn what_cannot_be_checked_from_here_is_left_alone() {
        assert!(!Owner::other(9).is_gone());
        let elsewhere: Owner = "1-1@elsewhere".parse().unwrap();
        assert!(!elsewhere.is_gone());
    }
}

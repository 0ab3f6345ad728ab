//! A small process of ours that outlives this one by a moment. It holds the other end of a
//! pipe: when the pipe closes and this process has not said that it is done, this process was
//! killed, and what it leaves is ended and removed.
//!
//! It is started before the first thing that would otherwise be left behind. If it is killed
//! too, `clean` removes what is left.

use std::collections::BTreeSet;
use std::fmt;
use std::io::{BufRead, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::str::FromStr;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::owner::Owner;
use super::{Platform, ledger};

/// How long it looks for leftovers: an engine may still make what it was asked for in the
/// last moment.
const SWEEP: Duration = Duration::from_secs(5);

/// How long it waits before it looks again.
const PAUSE: Duration = Duration::from_millis(200);

/// The environment variable that says which harness it watches.
const WATCHES: &str = "DUALSTACK_WATCHES";

static OFFERED: OnceLock<fn() -> Option<Command>> = OnceLock::new();
static REAPER: Mutex<Reaper> = Mutex::new(Reaper::NotStarted);

enum Reaper {
    NotStarted,
    Watching {
        process: Child,
        pipe: ChildStdin,
    },
    /// It could not be started, or is not needed any more.
    Gone,
}

/// A line that it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Told {
    /// This process has a ledger, as this owner.
    Owner(Owner),
    /// There is a process group with this number.
    Group(i32),
    /// That process group has ended.
    Ended(i32),
    /// This process leaves nothing.
    Done,
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Owner(owner) => write!(f, "owner {owner}"),
            Self::Group(number) => write!(f, "group {number}"),
            Self::Ended(number) => write!(f, "ended {number}"),
            Self::Done => write!(f, "done"),
        }
    }
}

impl FromStr for Told {
    type Err = ();

    fn from_str(line: &str) -> Result<Self, ()> {
        match line.split_once(' ') {
            Some(("owner", owner)) => Ok(Self::Owner(owner.parse()?)),
            Some(("group", number)) => Ok(Self::Group(number.parse().map_err(drop)?)),
            Some(("ended", number)) => Ok(Self::Ended(number.parse().map_err(drop)?)),
            None if line == "done" => Ok(Self::Done),
            Some(_) | None => Err(()),
        }
    }
}

/// Offers a command that calls [`reap`] with its standard input. It is used when something is
/// started that would outlive a killed process. Only the first offer counts; without one, only
/// `clean` removes what a killed process leaves.
pub fn offer(command: fn() -> Option<Command>) {
    OFFERED.get_or_init(|| command);
}

/// Starts it, unless it is running.
pub(crate) fn start() {
    let mut reaper = reaper();
    if !matches!(*reaper, Reaper::NotStarted) {
        return;
    }
    let started = OFFERED.get().and_then(|command| spawn(command()?));
    *reaper = started.unwrap_or(Reaper::Gone);
}

fn spawn(mut command: Command) -> Option<Reaper> {
    command
        .env(WATCHES, Owner::this().to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    apart(&mut command);
    let mut process = command.spawn().ok()?;
    let pipe = process.stdin.take()?;
    Some(Reaper::Watching { process, pipe })
}

/// What interrupts this process at its terminal must not reach the reaper.
#[cfg(unix)]
fn apart(command: &mut Command) {
    std::os::unix::process::CommandExt::process_group(command, 0);
}

#[cfg(windows)]
fn apart(command: &mut Command) {
    use windows_sys::Win32::System::Threading::CREATE_NEW_PROCESS_GROUP;
    std::os::windows::process::CommandExt::creation_flags(command, CREATE_NEW_PROCESS_GROUP);
}

/// Has everything removed that this process is recorded as the owner of.
pub(crate) fn watch_owner() {
    start();
    reaper().tell(&Told::Owner(Owner::this()));
}

/// Has a process group ended, if the reaper is running.
#[cfg(unix)]
pub(crate) fn watch_group(number: i32) {
    reaper().tell(&Told::Group(number));
}

/// Reports that a process group has ended. Its number may be given to another one.
#[cfg(unix)]
pub(crate) fn forget_group(number: i32) {
    reaper().tell(&Told::Ended(number));
}

/// Ends the reaper, because everything that this process has started has ended.
pub fn dismiss() {
    let mut reaper = reaper();
    reaper.tell(&Told::Done);
    if let Reaper::Watching { mut process, pipe } = std::mem::replace(&mut *reaper, Reaper::Gone) {
        drop(pipe);
        _ = process.wait();
    }
}

fn reaper() -> MutexGuard<'static, Reaper> {
    REAPER.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Reaper {
    fn tell(&mut self, told: &Told) {
        if let Self::Watching { pipe, .. } = self {
            // If it was killed, `clean` does its work.
            _ = writeln!(pipe, "{told}");
        }
    }
}

/// What a process has that can outlive it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Watched {
    groups: BTreeSet<i32>,
    owner: Option<Owner>,
}

impl Watched {
    /// Listens until the process has ended; `None` if it leaves nothing.
    fn listen(input: impl BufRead) -> Option<Self> {
        let mut watched = Self::default();
        let lines = input.lines().map_while(Result::ok);
        for told in lines.filter_map(|line| line.parse().ok()) {
            match told {
                Told::Owner(owner) => watched.owner = Some(owner),
                Told::Group(number) => _ = watched.groups.insert(number),
                Told::Ended(number) => _ = watched.groups.remove(&number),
                Told::Done => return None,
            }
        }
        Some(watched)
    }
}

/// Listens to a process until it ends. If it was killed, ends its processes, and removes what
/// it has left on these platforms.
pub fn reap(input: impl BufRead, platforms: impl FnOnce() -> Vec<Box<dyn Platform>>) {
    let Some(watched) = Watched::listen(input) else {
        return;
    };
    #[cfg(unix)]
    {
        watched.groups.into_iter().for_each(crate::run::group::kill);
        if let Ok(harness) = std::env::var(WATCHES) {
            crate::run::group::kill_all_of(&harness);
        }
    }
    if let Some(owner) = watched.owner {
        sweep(&owner, &platforms());
    }
}

/// Removes what an owner has left, until it is certain that there is nothing, or for some
/// time.
fn sweep(owner: &Owner, platforms: &[Box<dyn Platform>]) {
    let deadline = Instant::now() + SWEEP;
    while ledger::is_kept(owner) && Instant::now() < deadline {
        for platform in platforms {
            // What cannot be removed now is tried again, here and by `clean`.
            _ = platform.clean();
        }
        thread::sleep(PAUSE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_as_it_is_written() {
        let told = [
            Told::Owner(Owner::this()),
            Told::Group(1),
            Told::Ended(1),
            Told::Done,
        ];
        for told in told {
            assert_eq!(told.to_string().parse(), Ok(told));
        }
    }

    #[test]
    fn only_what_has_not_ended_is_left() {
        let lines = b"group 2\ngroup 3\nended 2\nowner 1-1@here\ngro";
        let left = Watched {
            groups: BTreeSet::from([3]),
            owner: "1-1@here".parse().ok(),
        };
        assert_eq!(Watched::listen(lines.as_slice()), Some(left));
        assert_eq!(
            Watched::listen(b"group 3\ndone\n".as_slice()),
            None,
            "it is done"
        );
    }
}

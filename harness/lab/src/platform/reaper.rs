//! A small process of ours that outlives this one by a moment. It holds the other end of a
//! pipe: when the pipe closes and this process has not said that it is done, this process was
//! killed, and what it leaves is ended and removed.
//!
//! It is started before the first thing that would otherwise be left behind. If it is killed
//! too, `clean` removes what is left.

use std::fmt;
use std::io::Write;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::str::FromStr;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use super::owner::Owner;

/// The environment variable that says which harness it watches.
pub(super) const WATCHES: &str = "DUALSTACK_WATCHES";

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
pub(super) enum Told {
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

/// Offers a command that calls [`reap`](crate::reap) with its standard input. It is used when something is
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
}

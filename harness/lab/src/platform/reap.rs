//! What the [reaper](super::reaper) does: it listens to a process, and if that was killed, it
//! ends and removes what is left.

use std::collections::BTreeSet;
use std::io::BufRead;
use std::thread;
use std::time::{Duration, Instant};

use super::owner::Owner;
#[cfg(unix)]
use super::reaper;
use super::reaper::Told;
use super::{Platform, ledger};
#[cfg(unix)]
use crate::run::group;

/// How long it looks for leftovers: an engine may still make what it was asked for in the
/// last moment.
const SWEEP: Duration = Duration::from_secs(5);

/// How long it waits before it looks again.
const PAUSE: Duration = Duration::from_millis(200);

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
        watched.groups.into_iter().for_each(group::kill);
        if let Ok(harness) = std::env::var(reaper::WATCHES) {
            group::kill_all_of(&harness);
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

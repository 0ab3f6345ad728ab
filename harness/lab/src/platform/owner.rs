//! The mark that a harness process leaves on everything that can outlive it, so that a
//! later process knows what is left over and what is still in use.

use std::fmt;
use std::fs;
use std::str::FromStr;

/// A harness process: its machine, its process number, and its start time.
///
/// Written as `4711-80231@machine`. Process numbers are reused and machines can share an
/// engine, so all three are needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Owner {
    pub(crate) process: u32,
    /// In clock ticks since boot (proc_pid_stat(5), starttime); 0 on a system that does
    /// not report it.
    pub(crate) started: u64,
    host: String,
}

impl Owner {
    /// This process.
    pub(crate) fn this() -> Self {
        let process = std::process::id();
        Self {
            process,
            started: started(process).unwrap_or_default(),
            host: host(),
        }
    }

    /// A process of this machine that is gone.
    #[cfg(test)]
    pub(crate) fn gone() -> Self {
        let this = Self::this();
        Self {
            started: this.started - 1,
            ..this
        }
    }

    /// Whether what it owns is left over: the process was on this machine and is gone. On
    /// a system that does not report start times, every other process counts as gone.
    pub(crate) fn is_gone(&self) -> bool {
        let this = Self::this();
        if *self == this || self.host != this.host {
            return false;
        }
        started(self.process) != Some(self.started)
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}@{}", self.process, self.started, self.host)
    }
}

impl FromStr for Owner {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (process, host) = text.split_once('@').ok_or(())?;
        let (process, started) = process.split_once('-').ok_or(())?;
        Ok(Self {
            process: process.parse().map_err(drop)?,
            started: started.parse().map_err(drop)?,
            host: host.to_owned(),
        })
    }
}

fn host() -> String {
    fs::read_to_string("/proc/sys/kernel/hostname")
        .map(|name| name.trim().to_owned())
        .unwrap_or_default()
}

/// The start time of a process, if there is one with that number.
fn started(process: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The second field, the program's name, may contain anything, including brackets.
    let (_, fields) = stat.rsplit_once(") ")?;
    let starttime = 22 - 3;
    fields.split(' ').nth(starttime)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::Owner;

    #[test]
    fn an_owner_is_read_as_it_is_written() {
        let this = Owner::this();
        assert_eq!(this.to_string().parse(), Ok(this));
    }

    #[test]
    fn this_process_is_not_gone() {
        assert!(!Owner::this().is_gone());
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_number_that_was_given_again_is_another_process() {
        assert!(Owner::gone().is_gone());
    }

    #[test]
    fn what_is_on_another_machine_is_left_alone() {
        let there = Owner {
            host: "elsewhere".to_owned(),
            started: 1,
            ..Owner::this()
        };
        assert!(!there.is_gone());
    }
}

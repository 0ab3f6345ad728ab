//! The mark that a harness process leaves on everything that can outlive it, so that a
//! later process knows what is left over and what is still in use.

use std::fmt;
use std::fs;
use std::str::FromStr;
use std::sync::OnceLock;
use std::time::{SystemTime, UNIX_EPOCH};

/// A harness process: its process number, when it became an owner, and its machine.
///
/// Written as `4711-1767225600000@machine`. Process numbers are reused and machines can share
/// an engine, so all three are needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Owner {
    pub(crate) process: u32,
    /// In milliseconds since 1970.
    pub(crate) since: u128,
    host: String,
}

impl Owner {
    /// This process.
    pub(crate) fn this() -> Self {
        static THIS: OnceLock<Owner> = OnceLock::new();
        let this = || Self {
            process: std::process::id(),
            since: now(),
            host: host(),
        };
        THIS.get_or_init(this).clone()
    }

    /// One of many other processes of this machine.
    #[cfg(test)]
    pub(crate) fn other(number: u128) -> Self {
        let this = Self::this();
        Self {
            since: this.since - number,
            ..this
        }
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}@{}", self.process, self.since, self.host)
    }
}

impl FromStr for Owner {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (process, host) = text.split_once('@').ok_or(())?;
        let (process, since) = process.split_once('-').ok_or(())?;
        Ok(Self {
            process: process.parse().map_err(drop)?,
            since: since.parse().map_err(drop)?,
            host: host.to_owned(),
        })
    }
}

fn now() -> u128 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.unwrap_or_default().as_millis()
}

fn host() -> String {
    fs::read_to_string("/proc/sys/kernel/hostname")
        .map(|name| name.trim().to_owned())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::Owner;

    #[test]
    fn an_owner_is_read_as_it_is_written() {
        let this = Owner::this();
        assert_eq!(this.to_string().parse(), Ok(this));
    }
}

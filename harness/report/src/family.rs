//! Families of platforms: those whose socket calls are answered by one code base.

use crate::results::Column;

/// The families that have a place of their own, in the order of the matrix.
const KNOWN: [(&str, &str); 12] = [
    ("linux", "Linux"),
    ("android", "Android"),
    ("gvisor", "gVisor"),
    ("windows", "Windows"),
    ("wine", "Wine"),
    ("macos", "macOS"),
    ("freebsd", "FreeBSD"),
    ("openbsd", "OpenBSD"),
    ("netbsd", "NetBSD"),
    ("dragonfly", "DragonFly"),
    ("illumos", "illumos"),
    ("solaris", "Solaris"),
];

/// What kind of stack answers a column's calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Family {
    rank: usize,
    name: String,
}

impl Family {
    /// The family of a column: what stands in for an operating system is a
    /// family of its own.
    pub fn of(column: &Column) -> Self {
        let system = column.machine.as_ref().map(|machine| &machine.system);
        let key = system.map(|system| match &system.environment {
            Some(environment) => environment.name.as_str(),
            None => system.os.as_str(),
        });
        let known = KNOWN.iter().position(|(known, _)| Some(*known) == key);
        Self {
            rank: known.unwrap_or(KNOWN.len() + usize::from(key.is_none())),
            name: match known {
                Some(at) => KNOWN[at].1.to_owned(),
                None => key.unwrap_or("unknown").to_owned(),
            },
        }
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its place among the families.
    pub fn rank(&self) -> usize {
        self.rank
    }
}

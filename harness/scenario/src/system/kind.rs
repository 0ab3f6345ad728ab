//! The known systems, one row each.

use Group::{Bsd, Unix};

/// An implementation of socket calls: an operating system, or an environment such as
/// gVisor.
#[derive(Debug, PartialEq, Eq)]
pub struct SystemKind {
    /// The name in a [`System`](super::System) and in a selector.
    pub key: &'static str,
    /// The usual name.
    pub name: &'static str,
    /// Whether it implements the calls of another operating system.
    pub stands_in: bool,
    /// The key of that system.
    pub(super) implements: Option<&'static str>,
    /// The groups that it belongs to; an environment is in those of the system that it
    /// implements.
    pub(super) groups: &'static [Group],
}

/// Groups of operating systems that a selector can name, the larger group first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Group {
    Unix,
    Bsd,
}

const fn os(key: &'static str, name: &'static str, groups: &'static [Group]) -> SystemKind {
    SystemKind {
        key,
        name,
        stands_in: false,
        implements: None,
        groups,
    }
}

const fn stand_in(key: &'static str, name: &'static str, implements: &'static str) -> SystemKind {
    SystemKind {
        key,
        name,
        stands_in: true,
        implements: Some(implements),
        groups: &[],
    }
}

/// In the order of the matrix.
static ALL: [SystemKind; 13] = [
    os("linux", "Linux", &[Unix]),
    os("android", "Android", &[Unix]),
    stand_in("gvisor", "gVisor", "linux"),
    os("windows", "Windows", &[]),
    stand_in("wine", "Wine", "windows"),
    os("macos", "macOS", &[Unix, Bsd]),
    os("ios", "iOS", &[Unix, Bsd]),
    os("freebsd", "FreeBSD", &[Unix, Bsd]),
    os("openbsd", "OpenBSD", &[Unix, Bsd]),
    os("netbsd", "NetBSD", &[Unix, Bsd]),
    os("dragonfly", "DragonFly", &[Unix, Bsd]),
    os("illumos", "illumos", &[Unix]),
    os("solaris", "Solaris", &[Unix]),
];

impl SystemKind {
    /// Every known system, in the order of the matrix.
    pub fn all() -> &'static [Self] {
        &ALL
    }

    /// The system with that key.
    pub(super) fn find(key: &str) -> Option<&'static Self> {
        ALL.iter().find(|kind| kind.key == key)
    }
}

impl Group {
    pub(super) const ALL: [Self; 2] = [Unix, Bsd];

    /// The name in a selector.
    pub(super) fn name(self) -> &'static str {
        match self {
            Unix => "unix",
            Bsd => "bsd",
        }
    }
}

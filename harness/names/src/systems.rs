//! Which systems have a name, and how a row of a table says so.
//!
//! A table has a column for each system, in the order of [`Systems::NAMES`]. A column
//! holds `+` if the system's headers have the name, and `-` if they do not. It holds a
//! number or another constant of the system if libc or windows-sys lacks the name, or the
//! system uses another name.

use std::fmt;

/// The constants of this system's headers.
#[cfg(unix)]
pub(crate) use libc as constants;
#[cfg(windows)]
pub(crate) use windows_sys::Win32::Networking::WinSock as constants;

/// The systems that have a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Systems(pub(crate) [bool; Systems::NAMES.len()]);

impl Systems {
    /// The systems of the tables, in the order of their columns.
    pub const NAMES: [&'static str; 7] = [
        "Linux",
        "macOS",
        "FreeBSD",
        "DragonFly",
        "NetBSD",
        "OpenBSD",
        "Windows",
    ];

    /// Whether the system with this name is among them.
    pub fn has(self, system: &str) -> bool {
        self.names().any(|name| name == system)
    }

    /// Their names.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        let all = Self::NAMES.into_iter().zip(self.0);
        all.filter_map(|(name, has)| has.then_some(name))
    }
}

/// `all`, or their names with commas between them.
impl fmt::Display for Systems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.iter().all(|has| *has) {
            return f.write_str("all");
        }
        let names: Vec<_> = self.names().collect();
        f.write_str(&names.join(", "))
    }
}

/// The systems of a row.
macro_rules! systems {
    ($($column:tt)+) => {
        $crate::systems::Systems([$($crate::systems::has!($column)),+])
    };
}

macro_rules! has {
    (-) => {
        false
    };
    ($column:tt) => {
        true
    };
}

/// The number in a row for the system that this is built for, if there is one.
macro_rules! number {
    ($name:ident $linux:tt $apple:tt $freebsd:tt $dragonfly:tt $netbsd:tt $openbsd:tt $windows:tt) => {{
        use $crate::systems::column;
        #[cfg(any(target_os = "linux", target_os = "android"))]
    const NUMBER: Option<i32> = column!($name $linux);
        #[cfg(target_vendor = "apple")]
    const NUMBER: Option<i32> = column!($name $apple);
        #[cfg(target_os = "freebsd")]
    const NUMBER: Option<i32> = column!($name $freebsd);
        #[cfg(target_os = "dragonfly")]
    const NUMBER: Option<i32> = column!($name $dragonfly);
        #[cfg(target_os = "netbsd")]
    const NUMBER: Option<i32> = column!($name $netbsd);
        #[cfg(target_os = "openbsd")]
    const NUMBER: Option<i32> = column!($name $openbsd);
        #[cfg(windows)]
    const NUMBER: Option<i32> = column!($name $windows);
        NUMBER
    }};
}

macro_rules! column {
    ($name:ident -) => {
        None
    };
    ($name:ident +) => {
        Some($crate::systems::constants::$name as i32)
    };
    ($name:ident $number:literal) => {
        Some($number)
    };
    ($name:ident ($number:literal)) => {
        Some($number)
    };
    ($name:ident $other:ident) => {
        Some($crate::systems::constants::$other as i32)
    };
}

pub(crate) use {column, has, number, systems};

#[cfg(test)]
mod tests {
    #[test]
    fn systems_are_told_by_name() {
        let some = systems!(+ - - - 26 - IP_PKTINFO);
        assert_eq!(some.to_string(), "Linux, NetBSD, Windows");
        assert!(some.has("NetBSD") && !some.has("macOS"));
        assert_eq!(systems!(+ + + + + + +).to_string(), "all");
    }
}

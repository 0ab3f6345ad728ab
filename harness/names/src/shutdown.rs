//! The directions of a connection.

/// Which half of a connection `shutdown` closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum How {
    /// `SHUT_RD`, `SD_RECEIVE`.
    Read,
    /// `SHUT_WR`, `SD_SEND`.
    Write,
    /// `SHUT_RDWR`, `SD_BOTH`.
    Both,
}

impl How {
    /// All of them, by POSIX's names.
    pub const ALL: &'static [(&'static str, Self)] = &[
        ("SHUT_RD", Self::Read),
        ("SHUT_WR", Self::Write),
        ("SHUT_RDWR", Self::Both),
    ];

    /// POSIX's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "SHUT_RD",
            Self::Write => "SHUT_WR",
            Self::Both => "SHUT_RDWR",
        }
    }
}

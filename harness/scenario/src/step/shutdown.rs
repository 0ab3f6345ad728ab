//! `shutdown`: ends one or both directions of a connection.

use serde::{Deserialize, Serialize};

use super::{Show, Verb};
use crate::leaf::{Name, Word};
use crate::table::table;

table! {
    /// `shutdown(2)`: ends one or both directions of a connection.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub struct Shutdown {
        /// The socket.
        shutdown: Name,
        /// `SHUT_RD`, `SHUT_WR` or `SHUT_RDWR`, which Windows calls
        /// SD_RECEIVE, SD_SEND and SD_BOTH.
        how: How,
    }
}

/// The directions that a shutdown ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum How {
    /// `SHUT_RD`
    Read,
    /// `SHUT_WR`
    Write,
    /// `SHUT_RDWR`
    Both,
}

impl Word for How {
    const WHAT: &'static str = "a direction";
    const WORDS: &'static [(&'static str, Self)] = &[
        ("SHUT_RD", Self::Read),
        ("SHUT_WR", Self::Write),
        ("SHUT_RDWR", Self::Both),
    ];
}

impl Verb for Shutdown {
    fn socket(&self) -> &Name {
        &self.shutdown
    }

    fn describe(&self, _: Show<'_>) -> String {
        let how = How::WORDS.iter().find(|(_, how)| *how == self.how);
        format!(
            "shutdown({}, {})",
            self.shutdown,
            how.map_or("", |(word, _)| word)
        )
    }
}

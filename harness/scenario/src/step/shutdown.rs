//! `shutdown`: ends one or both directions of a connection.

use dualstack_names::How;
use serde::{Deserialize, Serialize};

use super::{Show, Verb, text};
use crate::leaf::{Name, Word};
use crate::table::table;

table! {
    /// `shutdown(2)`: ends one or both directions of a connection.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub struct Shutdown {
        /// The socket.
        shutdown: Name,
        /// `SHUT_RD`, `SHUT_WR` or `SHUT_RDWR`; Windows calls them SD_RECEIVE, SD_SEND
        /// and SD_BOTH.
        how: How,
    }
}

impl Word for How {
    const WHAT: &'static str = "a direction";
    const WORDS: &'static [(&'static str, Self)] = Self::ALL;
}

impl Verb for Shutdown {
    fn uses(&self) -> Vec<&Name> {
        vec![&self.shutdown]
    }

    fn describe(&self, _: Show<'_>) -> String {
        text!("shutdown({}, {})", self.shutdown, self.how.name())
    }
}

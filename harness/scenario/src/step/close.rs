//! `close`: closes a socket before the end of the case.

use serde::{Deserialize, Serialize};

use super::{Show, Verb, text};
use crate::leaf::Name;
use crate::table::table;

table! {
    /// `close(2)`, `closesocket`: closes a socket before the end of the case.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub struct Close {
        /// The socket.
        close: Name,
    }
}

impl Verb for Close {
    fn uses(&self) -> Vec<&Name> {
        vec![&self.close]
    }

    fn closes(&self) -> Option<&Name> {
        Some(&self.close)
    }

    fn describe(&self, _: Show<'_>) -> String {
        text!("close({})", self.close)
    }
}

//! `listen`: makes a stream socket accept connections.

use serde::{Deserialize, Serialize};

use super::{Show, Verb, text};
use crate::leaf::Name;
use crate::table::table;

table! {
    /// `listen(2)`: makes a stream socket accept connections.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub struct Listen {
        /// The socket.
        listen: Name,
        /// How many connections may wait to be accepted; default: 8.
        backlog: Option<i32>,
    }
}

impl Listen {
    /// The backlog that is passed.
    pub fn backlog(&self) -> i32 {
        self.backlog.unwrap_or(8)
    }
}

impl Verb for Listen {
    fn uses(&self) -> Vec<&Name> {
        vec![&self.listen]
    }

    fn describe(&self, _: Show<'_>) -> String {
        text!("listen({}, {})", self.listen, self.backlog())
    }
}

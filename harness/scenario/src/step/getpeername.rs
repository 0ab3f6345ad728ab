//! `getpeername`: reads the address of a socket's peer.

use serde::{Deserialize, Serialize};

use super::{Show, Verb, text};
use crate::leaf::{Name, Size};
use crate::returned::Shape;
use crate::table::table;

table! {
    /// `getpeername(2)`: reads the address of a socket's peer.
    ///
    /// After it `{s.peer}` is that address.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub struct Getpeername {
        /// The socket.
        getpeername: Name,
        /// The size of the buffer for the address, in bytes; default: enough for any
        /// address.
        namelen: Option<Size>,
    }
}

impl Verb for Getpeername {
    fn uses(&self) -> Vec<&Name> {
        vec![&self.getpeername]
    }

    fn tells(&self) -> Option<(&Name, &'static str)> {
        Some((&self.getpeername, "peer"))
    }

    fn describe(&self, _: Show<'_>) -> String {
        let namelen = super::sizes(None, self.namelen);
        text!("getpeername({}{namelen})", self.getpeername)
    }

    fn returns(&self) -> Shape {
        Shape::Name
    }
}

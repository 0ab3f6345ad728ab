//! `getpeername`: reads the address of a socket's peer.

use serde::{Deserialize, Serialize};

use super::{Show, Verb};
use crate::leaf::{Name, Size};
use crate::returned::Shape;
use crate::table::table;

table! {
    /// `getpeername(2)`: reads the address of a socket's peer.
    ///
    /// From then on `{s.peer}` is that address.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub struct Getpeername {
        /// The socket.
        getpeername: Name,
        /// The room for the address, in bytes, if it is not to be enough for
        /// any.
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
        format!("getpeername({})", self.getpeername)
    }

    fn returns(&self) -> Shape {
        Shape::Name
    }
}

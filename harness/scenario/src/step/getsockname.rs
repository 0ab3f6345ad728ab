//! `getsockname`: reads a socket's local address.

use serde::{Deserialize, Serialize};

use super::{Show, Verb, text};
use crate::leaf::{Name, Size};
use crate::returned::Shape;
use crate::table::table;

table! {
    /// `getsockname(2)`: reads a socket's local address.
    ///
    /// After it `{s.name}` is that address and `{s.port}` its port.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub struct Getsockname {
        /// The socket.
        getsockname: Name,
        /// The size of the buffer for the address, in bytes; default: enough for any
        /// address.
        namelen: Option<Size>,
    }
}

impl Verb for Getsockname {
    fn uses(&self) -> Vec<&Name> {
        vec![&self.getsockname]
    }

    fn tells(&self) -> Option<(&Name, &'static str)> {
        Some((&self.getsockname, "name"))
    }

    fn describe(&self, _: Show<'_>) -> String {
        let namelen = super::sizes(None, self.namelen);
        text!("getsockname({}{namelen})", self.getsockname)
    }

    fn returns(&self) -> Shape {
        Shape::Name
    }
}

//! `getsockname`: reads a socket's local address.

use serde::{Deserialize, Serialize};

use super::{Shape, Show, Verb};
use crate::leaf::{Name, Size};
use crate::table::table;

table! {
    /// `getsockname(2)`: reads a socket's local address.
    ///
    /// From then on `{s.name}` is that address and `{s.port}` its port.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub struct Getsockname {
        /// The socket.
        getsockname: Name,
        /// The room for the address, in bytes, if it is not to be enough for
        /// any.
        namelen: Option<Size>,
    }
}

impl Verb for Getsockname {
    fn socket(&self) -> &Name {
        &self.getsockname
    }

    fn describe(&self, _: Show<'_>) -> String {
        format!("getsockname({})", self.getsockname)
    }

    fn returns(&self) -> Shape {
        Shape::Name
    }
}

//! `recvfrom`: receives with the sender's address.

use serde::{Deserialize, Serialize};

use super::{Shape, Show, Verb};
use crate::leaf::{Name, Size};
use crate::table::table;

table! {
    /// `recvfrom(2)`: waits for a datagram and takes it with its sender's
    /// address.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub struct Recvfrom {
        /// The socket.
        recvfrom: Name,
        /// The size of the buffer in bytes; 2048 unless told.
        size: Option<Size>,
        /// The room for the sender's address, in bytes, if it is not to be
        /// enough for any.
        namelen: Option<Size>,
    }
}

impl Verb for Recvfrom {
    fn socket(&self) -> &Name {
        &self.recvfrom
    }

    fn describe(&self, _: Show<'_>) -> String {
        format!("recvfrom({})", self.recvfrom)
    }

    fn returns(&self) -> Shape {
        Shape::Received
    }
}

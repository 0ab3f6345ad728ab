//! `recvfrom`: receives with the sender's address.

use serde::{Deserialize, Serialize};

use super::{Show, Verb, text};
use crate::leaf::{Name, Size};
use crate::returned::Shape;
use crate::table::table;

table! {
    /// `recvfrom(2)`: waits for a datagram and receives it with its sender's address.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub struct Recvfrom {
        /// The socket.
        recvfrom: Name,
        /// The size of the buffer, in bytes; default: 2048.
        size: Option<Size>,
        /// The size of the buffer for the sender's address, in bytes; default: enough for
        /// any address.
        namelen: Option<Size>,
    }
}

impl Verb for Recvfrom {
    fn uses(&self) -> Vec<&Name> {
        vec![&self.recvfrom]
    }

    fn waits(&self) -> bool {
        true
    }

    fn describe(&self, _: Show<'_>) -> String {
        let sizes = super::sizes(self.size, self.namelen);
        text!("recvfrom({}{sizes})", self.recvfrom)
    }

    fn returns(&self) -> Shape {
        Shape::Received
    }
}

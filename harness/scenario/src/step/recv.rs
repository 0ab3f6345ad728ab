//! `recv`: receives without the sender's address.

use serde::{Deserialize, Serialize};

use super::{Show, Verb, text};
use crate::leaf::{Name, Size};
use crate::returned::Shape;
use crate::table::table;

table! {
    /// `recv(2)`: waits for data and receives it.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub struct Recv {
        /// The socket.
        recv: Name,
        /// The size of the buffer, in bytes; default: 2048.
        size: Option<Size>,
    }
}

impl Verb for Recv {
    fn uses(&self) -> Vec<&Name> {
        vec![&self.recv]
    }

    fn waits(&self) -> bool {
        true
    }

    fn describe(&self, _: Show<'_>) -> String {
        text!("recv({}{})", self.recv, super::sizes(self.size, None))
    }

    fn returns(&self) -> Shape {
        Shape::Received
    }
}

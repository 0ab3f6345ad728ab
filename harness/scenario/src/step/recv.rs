//! `recv`: receives without the sender's address.

use serde::{Deserialize, Serialize};

use super::{Shape, Show, Verb};
use crate::leaf::{Name, Size};
use crate::table::table;

table! {
    /// `recv(2)`: waits for data and takes it.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub struct Recv {
        /// The socket.
        recv: Name,
        /// The size of the buffer in bytes; 2048 unless told.
        size: Option<Size>,
    }
}

impl Verb for Recv {
    fn socket(&self) -> &Name {
        &self.recv
    }

    fn describe(&self, _: Show<'_>) -> String {
        format!("recv({})", self.recv)
    }

    fn returns(&self) -> Shape {
        Shape::Received
    }
}

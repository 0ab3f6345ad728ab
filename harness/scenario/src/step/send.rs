//! `send`: sends on a connected socket.

use serde::{Deserialize, Serialize};

use super::{Show, Verb, text};
use crate::leaf::Name;
use crate::returned::Shape;
use crate::table::table;
use crate::template::Template;

table! {
    /// `send(2)`: sends on a connected socket.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub struct Send {
        /// The socket.
        send: Name,
        /// The bytes, as text.
        data: Template,
    }
}

impl Verb for Send {
    fn uses(&self) -> Vec<&Name> {
        vec![&self.send]
    }

    fn waits(&self) -> bool {
        true
    }

    fn describe(&self, show: Show<'_>) -> String {
        text!("send({}, {:?})", self.send, show(&self.data))
    }

    fn returns(&self) -> Shape {
        Shape::Sent
    }

    fn templates(&self) -> Vec<&Template> {
        vec![&self.data]
    }
}

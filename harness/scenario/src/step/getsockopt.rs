//! `getsockopt`: reads an option.

use serde::{Deserialize, Serialize};

use super::{Show, Verb, text};
use crate::leaf::Name;
use crate::option::OptionName;
use crate::returned::Shape;
use crate::table::table;

table! {
    /// `getsockopt(2)`: reads one option into a zeroed buffer of the size of its type.
    ///
    /// Saved, it is the value; an error, a family or a socket type is shown by name.
    /// `{x.len}` is the number of bytes that the system wrote, which is not the size of
    /// the type on every system.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub struct Getsockopt {
        /// The socket.
        getsockopt: Name,
        /// The option by its C name.
        option: OptionName,
    }
}

impl Verb for Getsockopt {
    fn uses(&self) -> Vec<&Name> {
        vec![&self.getsockopt]
    }

    fn subject(&self) -> String {
        format!("{} {}", self.getsockopt, self.option.0)
    }

    fn describe(&self, _: Show<'_>) -> String {
        text!("getsockopt({}, {})", self.getsockopt, self.option.0)
    }

    fn returns(&self) -> Shape {
        Shape::Option
    }
}

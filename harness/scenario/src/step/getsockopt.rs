//! `getsockopt`: reads an option.

use serde::{Deserialize, Serialize};

use super::{Shape, Show, Verb};
use crate::leaf::Name;
use crate::option::OptionName;
use crate::table::table;

table! {
    /// `getsockopt(2)`: reads one option into an `int` that was zero before.
    ///
    /// Saved, it is the value; `{x.len}` is the number of bytes that the
    /// system wrote, which is not four everywhere.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub struct Getsockopt {
        /// The socket.
        getsockopt: Name,
        /// The option by its own name.
        option: OptionName,
    }
}

impl Verb for Getsockopt {
    fn socket(&self) -> &Name {
        &self.getsockopt
    }

    fn describe(&self, _: Show<'_>) -> String {
        format!("getsockopt({}, {})", self.getsockopt, self.option.0)
    }

    fn returns(&self) -> Shape {
        Shape::Option
    }
}

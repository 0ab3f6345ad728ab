//! `setsockopt`: sets an option.

use serde::{Deserialize, Serialize};

use super::{Show, Verb};
use crate::leaf::Name;
use crate::option::Setting;
use crate::table::table;

table! {
    /// `setsockopt(2)`: sets one option, whose own name is a key of the step.
    ///
    /// The level is the option's own, whatever the socket's family, and the
    /// value is handed over as an `int`.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub struct Setsockopt {
        /// The socket.
        setsockopt: Name,
        ..
        /// The option and its value.
        set: Setting
    }
}

impl Verb for Setsockopt {
    fn socket(&self) -> &Name {
        &self.setsockopt
    }

    fn describe(&self, _: Show<'_>) -> String {
        format!(
            "setsockopt({}, {}, {})",
            self.setsockopt, self.set.option, self.set.value
        )
    }
}

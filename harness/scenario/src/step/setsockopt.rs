//! `setsockopt`: sets an option.

use serde::{Deserialize, Serialize};

use super::{Show, Verb, text};
use crate::leaf::Name;
use crate::option::Setting;
use crate::table::table;
use crate::template::Template;

table! {
    /// `setsockopt(2)`: sets one option, whose name is a key of the step.
    ///
    /// The level and the type of the value are the option's own, whatever the socket's
    /// family.
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
    fn uses(&self) -> Vec<&Name> {
        vec![&self.setsockopt]
    }

    fn templates(&self) -> Vec<&Template> {
        self.set.value.templates()
    }

    fn subject(&self) -> String {
        format!("{} {}", self.setsockopt, self.set.option)
    }

    fn describe(&self, show: Show<'_>) -> String {
        let value = self.set.value.describe(show);
        text!("setsockopt({}, {}, {value})", self.setsockopt, self.set.option)
    }
}

//! `wait`: waits for the end of a program.

use serde::{Deserialize, Serialize};

use super::{Show, Verb, text};
use crate::leaf::Name;
use crate::returned::Shape;
use crate::table::table;

table! {
    /// `waitpid(2)`: waits until a program has ended. What it has started may go on.
    ///
    /// Saved, it is `exit 0`, or the signal that ended it.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub struct Wait {
        /// The program.
        wait: Name,
    }
}

impl Verb for Wait {
    fn program(&self) -> Option<&Name> {
        Some(&self.wait)
    }

    fn waits(&self) -> bool {
        true
    }

    fn describe(&self, _: Show<'_>) -> String {
        text!("wait({})", self.wait)
    }

    fn returns(&self) -> Shape {
        Shape::Ended
    }
}

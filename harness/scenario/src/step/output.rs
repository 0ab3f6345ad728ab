//! `output`: waits for a line of a program.

use serde::{Deserialize, Serialize};

use super::{Show, Verb, text};
use crate::leaf::{Name, Pattern};
use crate::returned::Shape;
use crate::table::table;

table! {
    /// Waits for a line of a program's standard output or standard error that matches a
    /// regular expression, after the line that an earlier `output` found.
    ///
    /// It fails with ESRCH if the program has ended without such a line.
    ///
    /// Saved, it is the line; `{said.part}` is what the first group matched.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub struct Output {
        /// The program.
        output: Name,
        /// The regular expression, in the syntax of Rust's `regex`:
        /// `"^listening on (.*)$"`; default: any line.
        matches: Option<Pattern>,
    }
}

impl Verb for Output {
    fn program(&self) -> Option<&Name> {
        Some(&self.output)
    }

    fn waits(&self) -> bool {
        true
    }

    fn describe(&self, _: Show<'_>) -> String {
        match &self.matches {
            Some(pattern) => text!("output({}, {:?})", self.output, pattern.0),
            None => text!("output({})", self.output),
        }
    }

    fn returns(&self) -> Shape {
        Shape::Line
    }
}

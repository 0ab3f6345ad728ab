//! What `output` returns.

use serde::{Deserialize, Serialize};

use super::{Kind, owned};
use crate::value::Value;

/// A line of a program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Line {
    /// The line, without its end.
    pub text: String,
    /// What the first group of the pattern matched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
}

impl Kind for Line {
    fn fields(_: bool) -> Vec<String> {
        owned(&["part"])
    }

    fn field(&self, path: &[&str]) -> Value {
        match path {
            ["part"] => Value::text(self.part.as_deref().unwrap_or("none")),
            _ => Value::text(&self.text),
        }
    }

    fn trace(&self) -> String {
        format!("{:?}", self.text)
    }
}

//! What `wait` returns.

use serde::{Deserialize, Serialize};

use super::Kind;
use crate::value::Value;

/// A program ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Ended {
    /// How: `exit 0`, `SIGTERM`.
    pub how: String,
}

impl Kind for Ended {
    fn fields(_: bool) -> Vec<String> {
        Vec::new()
    }

    fn field(&self, _: &[&str]) -> Value {
        Value::text(&self.how)
    }

    fn trace(&self) -> String {
        self.how.clone()
    }
}

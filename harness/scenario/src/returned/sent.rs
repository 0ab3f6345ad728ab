//! What `send` and similar calls return.

use serde::{Deserialize, Serialize};

use super::{Kind, owned};
use crate::value::Value;

/// Bytes were sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Sent {
    /// How many.
    pub len: usize,
}

impl Kind for Sent {
    fn fields(_: bool) -> Vec<String> {
        owned(&["len"])
    }

    fn field(&self, path: &[&str]) -> Value {
        match path {
            ["len"] => Value::text(self.len),
            _ => Value::text("ok"),
        }
    }

    fn trace(&self) -> String {
        format!("{} bytes", self.len)
    }
}

//! What `getsockopt` returns.

use dualstack_names::OptionValue;
use serde::{Deserialize, Serialize};

use super::{Kind, owned};
use crate::value::Value;

/// An option was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OptionRead {
    /// Its value.
    pub value: OptionValue,
    /// How many bytes the system wrote.
    pub len: usize,
}

impl Kind for OptionRead {
    fn fields(_: bool) -> Vec<String> {
        owned(&["len"])
    }

    fn field(&self, path: &[&str]) -> Value {
        match path {
            ["len"] => Value::text(self.len),
            _ => Value::text(&self.value),
        }
    }

    fn trace(&self) -> String {
        format!("{} in {} bytes", self.value, self.len)
    }
}

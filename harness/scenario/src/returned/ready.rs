//! What `poll` returns.

use serde::{Deserialize, Serialize};

use super::{Kind, joined};
use crate::value::Value;

/// The state of a socket was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Ready {
    /// The events, by name.
    pub events: Vec<String>,
}

impl Kind for Ready {
    fn fields(_: bool) -> Vec<String> {
        Vec::new()
    }

    fn field(&self, _: &[&str]) -> Value {
        Value::text(joined(&self.events))
    }

    fn entries(&self) -> usize {
        self.events.len()
    }

    fn trace(&self) -> String {
        joined(&self.events)
    }
}

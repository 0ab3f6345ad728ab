//! What `accept` returns.

use dualstack_names::Sockaddr;
use serde::{Deserialize, Serialize};

use super::{Kind, sockaddr};
use crate::value::Value;

/// A connection was accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Accepted {
    /// The peer as accept returned it.
    pub from: Sockaddr,
}

impl Kind for Accepted {
    fn fields(_: bool) -> Vec<String> {
        sockaddr::fields_of("from").collect()
    }

    fn field(&self, path: &[&str]) -> Value {
        match path {
            ["from", rest @ ..] => self.from.field(rest),
            _ => Value::text("ok"),
        }
    }

    fn sockaddr(&self) -> Option<&Sockaddr> {
        Some(&self.from)
    }

    fn trace(&self) -> String {
        format!("from {}", self.from.with_port())
    }
}

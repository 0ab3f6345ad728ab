//! What `attempts` returns.

use dualstack_names::Sockaddr;
use serde::{Deserialize, Serialize};

use super::{Kind, joined, owned};
use crate::value::Value;

/// The connections that were attempted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Attempts {
    /// In the order in which they began.
    pub list: Vec<Attempt>,
}

/// An attempt to connect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Attempt {
    /// Where to.
    pub to: Sockaddr,
    /// How long after the first, in microseconds.
    pub after: u64,
}

impl Attempt {
    /// Repeated runs agree to a few milliseconds.
    fn after(&self) -> String {
        match (self.after + 5_000) / 10_000 * 10 {
            0 => String::new(),
            ms => format!(" ({ms} ms)"),
        }
    }
}

impl Kind for Attempts {
    fn fields(_: bool) -> Vec<String> {
        owned(&["count", "first", "last"])
    }

    fn field(&self, path: &[&str]) -> Value {
        let address = |attempt: Option<&Attempt>| {
            let address = attempt.map(|attempt| attempt.to.to_string());
            Value::text(address.unwrap_or_else(|| "none".to_owned()))
        };
        match path {
            ["count"] => Value::text(self.list.len()),
            ["first"] => address(self.list.first()),
            ["last"] => address(self.list.last()),
            _ => {
                let list = self.list.iter();
                Value::text(joined(
                    list.map(|attempt| format!("{}{}", attempt.to, attempt.after())),
                ))
            }
        }
    }

    fn entries(&self) -> usize {
        self.list.len()
    }

    fn trace(&self) -> String {
        let exact = |attempt: &Attempt| {
            let ms = attempt.after as f64 / 1000.0;
            format!("{} after {ms:.1} ms", attempt.to.with_port())
        };
        joined(self.list.iter().map(exact))
    }
}

//! What `getaddrinfo` returns.

use dualstack_names::Sockaddr;
use serde::{Deserialize, Serialize};

use super::{Kind, joined, owned, sockaddr};
use crate::value::Value;

/// A name was resolved: the list as returned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Resolved {
    /// The entries in order.
    pub entries: Vec<ResolvedEntry>,
    /// `ai_canonname` of the first, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canonname: Option<String>,
}

/// An entry of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ResolvedEntry {
    /// `ai_addr`.
    pub addr: Sockaddr,
    /// `ai_socktype` by name, or its number.
    pub r#type: String,
}

impl Resolved {
    fn addresses(&self) -> Vec<&Sockaddr> {
        self.entries.iter().map(|entry| &entry.addr).collect()
    }

    fn types(&self) -> Vec<&str> {
        let types = self.entries.iter().map(|entry| entry.r#type.as_str());
        types.collect()
    }
}

impl Kind for Resolved {
    fn fields(_: bool) -> Vec<String> {
        let mut fields = owned(&["count", "types", "canonname"]);
        fields.extend(sockaddr::fields_of("first"));
        fields
    }

    fn field(&self, path: &[&str]) -> Value {
        match path {
            ["count"] => Value::text(self.entries.len()),
            ["types"] => Value::text(joined(self.types())),
            ["canonname"] => Value::text(self.canonname.as_deref().unwrap_or("none")),
            // It is the port of the service that was asked for, not one that the system chose.
            ["first", "port"] => {
                let port = self.entries.first().and_then(|entry| entry.addr.port());
                port.map_or_else(|| Value::text("none"), Value::text)
            }
            ["first", rest @ ..] => match self.entries.first() {
                Some(entry) => entry.addr.field(rest),
                None => Value::text("none"),
            },
            _ => Value::text(joined(self.addresses())),
        }
    }

    fn entries(&self) -> usize {
        self.entries.len()
    }

    fn trace(&self) -> String {
        let entry = |entry: &ResolvedEntry| format!("{} {}", entry.addr.with_port(), entry.r#type);
        joined(self.entries.iter().map(entry))
    }
}

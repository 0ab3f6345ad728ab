//! What `sockets` returns.

use dualstack_names::{Sockaddr, SocketType};
use serde::{Deserialize, Serialize};

use super::{Kind, joined, owned};
use crate::value::Value;

/// The sockets that a program can be reached at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Open {
    /// In the order of their types, then of their names.
    pub sockets: Vec<OpenSocket>,
    /// Whether only those of one port were asked for.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub of_one_port: bool,
    /// How the program has ended, if it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<String>,
}

/// A socket of a program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OpenSocket {
    /// Its family and type.
    pub r#type: SocketType,
    /// What getsockname returns.
    pub name: Sockaddr,
    /// IPV6_V6ONLY, for an IPv6 socket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub v6only: Option<bool>,
}

impl OpenSocket {
    fn text(&self, with_port: bool) -> String {
        let name = match with_port {
            true => self.name.with_port(),
            false => self.name.to_string(),
        };
        // The system itself turns it on for other addresses (Linux net/ipv6/af_inet6.c,
        // __inet6_bind()).
        let unspecified = name == "::" || name.starts_with("[::]:");
        let only = match self.v6only {
            Some(true) if unspecified => " (IPV6_V6ONLY)",
            _ => "",
        };
        format!("{} {name}{only}", self.r#type.word())
    }
}

impl Kind for Open {
    fn fields(_: bool) -> Vec<String> {
        owned(&["count", "ended"])
    }

    fn field(&self, path: &[&str]) -> Value {
        match path {
            ["count"] => Value::text(self.sockets.len()),
            ["ended"] => Value::text(self.ended.as_deref().unwrap_or("no")),
            _ => {
                let sockets = self.sockets.iter();
                Value::text(joined(sockets.map(|socket| socket.text(!self.of_one_port))))
            }
        }
    }

    fn entries(&self) -> usize {
        self.sockets.len()
    }

    fn trace(&self) -> String {
        let sockets = joined(self.sockets.iter().map(|socket| socket.text(true)));
        match &self.ended {
            Some(how) => format!("{sockets}; the program ended: {how}"),
            None => sockets,
        }
    }
}

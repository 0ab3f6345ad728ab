//! Socket options by the names they have in C.

use serde::{Deserialize, Serialize};

use crate::leaf::mismatch;
use crate::problem::Problem;
use crate::table::{Fields, FromKey, FromNamedKeys, FromNode, Key, Schema};
use crate::tree::{Node, Value};
use serde_json::json;

/// Every option that a step may name, each with an `int` for a value.
///
/// A system that lacks one answers `unsupported`.
pub const OPTIONS: &[&str] = &[
    "IPV6_V6ONLY",
    "IPV6_RECVPKTINFO",
    "IPV6_TCLASS",
    "IPV6_RECVTCLASS",
    "IPV6_UNICAST_HOPS",
    "IPV6_RECVHOPLIMIT",
    "IPV6_MULTICAST_IF",
    "IPV6_MULTICAST_HOPS",
    "IPV6_MULTICAST_LOOP",
    "IPV6_MULTICAST_ALL",
    "IPV6_MTU",
    "IPV6_USER_MTU",
    "IPV6_MTU_DISCOVER",
    "IPV6_DONTFRAG",
    "IPV6_USE_MIN_MTU",
    "IPV6_RECVPATHMTU",
    "IPV6_RECVERR",
    "IPV6_FREEBIND",
    "IPV6_TRANSPARENT",
    "IPV6_BINDANY",
    "IPV6_ADDRFORM",
    "IPV6_ADDR_PREFERENCES",
    "IPV6_RECVORIGDSTADDR",
    "IPV6_UNICAST_IF",
    "IPV6_PROTECTION_LEVEL",
    "IP_PKTINFO",
    "IP_RECVPKTINFO",
    "IP_RECVDSTADDR",
    "IP_RECVIF",
    "IP_TOS",
    "IP_RECVTOS",
    "IP_TTL",
    "IP_RECVTTL",
    "IP_MINTTL",
    "IP_MULTICAST_TTL",
    "IP_MULTICAST_LOOP",
    "IP_MULTICAST_ALL",
    "IP_MTU",
    "IP_USER_MTU",
    "IP_MTU_DISCOVER",
    "IP_DONTFRAG",
    "IP_DONTFRAGMENT",
    "IP_RECVERR",
    "IP_FREEBIND",
    "IP_TRANSPARENT",
    "IP_BINDANY",
    "IP_BIND_ADDRESS_NO_PORT",
    "IP_RECVORIGDSTADDR",
    "IP_UNICAST_IF",
    "SO_REUSEADDR",
    "SO_REUSEPORT",
    "SO_REUSEPORT_LB",
    "SO_EXCLUSIVEADDRUSE",
    "SO_REUSE_UNICASTPORT",
    "SO_BINDANY",
    "SO_ERROR",
    "SO_TYPE",
    "SO_DOMAIN",
    "SO_PROTOCOL",
    "SO_ACCEPTCONN",
    "SO_RCVBUF",
    "SO_SNDBUF",
    "SO_RCVLOWAT",
    "SO_BROADCAST",
    "SO_KEEPALIVE",
    "SO_OOBINLINE",
    "SO_DONTROUTE",
    "SO_PRIORITY",
    "SO_MARK",
    "SO_INCOMING_CPU",
    "TCP_NODELAY",
    "TCP_MAXSEG",
    "TCP_KEEPINTVL",
    "TCP_KEEPCNT",
    "TCP_KEEPIDLE",
    "TCP_FASTOPEN",
    "TCP_DEFER_ACCEPT",
    "TCP_SYNCNT",
    "TCP_USER_TIMEOUT",
];

/// Whether a key is meant as one of these names, which are written in capitals.
pub(crate) fn is_meant(key: &str, names: &[&str]) -> bool {
    key.starts_with(|c: char| c.is_ascii_uppercase())
        || names.iter().any(|name| name.eq_ignore_ascii_case(key))
}

/// The name of a socket option.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct OptionName(pub String);

impl FromNode for OptionName {
    fn from_node(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let Value::Text(name) = &node.value else {
            return mismatch(node, "the name of a socket option in quotes", problems);
        };
        if OPTIONS.contains(&name.as_str()) {
            return Some(Self(name.clone()));
        }
        let problem = Problem::new(node.span, format!("unknown socket option `{name}`"));
        problems.push(problem.nearest(name, OPTIONS.iter().copied()));
        None
    }

    fn schema() -> Schema {
        crate::leaf::or_parameter(&json!({ "enum": OPTIONS }))
    }
}

/// An option with the value it is set to: `IPV6_V6ONLY = 0`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Setting {
    /// The option's name.
    pub option: String,
    /// The `int` that is handed over.
    pub value: i32,
}

impl FromNamedKeys for Setting {
    fn from_named_keys(fields: &mut Fields<'_>) -> Option<Self> {
        let entries = fields.take_where(|name| is_meant(name, OPTIONS));
        let [entry] = entries.as_slice() else {
            fields.problems.push(match entries.get(1) {
                Some(second) => Problem::new(
                    second.key_span,
                    "a call sets one option; make a step of each",
                ),
                None => Problem::new(fields.span, "no option is named here")
                    .hint("an option is a key with its value: `IPV6_V6ONLY = 0`"),
            });
            return None;
        };
        if !OPTIONS.contains(&entry.key.as_str()) {
            let problem = Problem::new(
                entry.key_span,
                format!("unknown socket option `{}`", entry.key),
            );
            fields
                .problems
                .push(problem.nearest(&entry.key, OPTIONS.iter().copied()));
            return None;
        }
        let value = i32::from_key(&entry.node, fields.problems)?;
        Some(Self {
            option: entry.key.clone(),
            value,
        })
    }

    fn keys() -> Vec<Key> {
        let key = |name: &&'static str| Key {
            name,
            doc: "The option and the value that it is set to.",
            required: false,
            schema: <i32 as FromNode>::schema,
        };
        OPTIONS.iter().map(key).collect()
    }
}

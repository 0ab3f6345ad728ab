//! Control messages, also called ancillary data, by the names they have in C.

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::address::Host;
use crate::leaf::{Size, Word, mismatch};
use crate::option::is_meant;
use crate::problem::Problem;
use crate::table::{Fields, FromNamedKeys, FromNode, Key, Schema};
use crate::tree::{Node, Value};

/// The kinds of control message that a step may send or make room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[allow(missing_docs, reason = "each is the name of the message itself")]
#[allow(
    non_camel_case_types,
    reason = "each is the name of the message itself"
)]
pub enum ControlKind {
    IP_PKTINFO,
    IPV6_PKTINFO,
    IP_RECVDSTADDR,
    IP_TOS,
    IP_TTL,
    IPV6_TCLASS,
    IPV6_HOPLIMIT,
}

impl Word for ControlKind {
    const WHAT: &'static str = "a control message";
    const WORDS: &'static [(&'static str, Self)] = &[
        ("IP_PKTINFO", Self::IP_PKTINFO),
        ("IPV6_PKTINFO", Self::IPV6_PKTINFO),
        ("IP_RECVDSTADDR", Self::IP_RECVDSTADDR),
        ("IP_TOS", Self::IP_TOS),
        ("IP_TTL", Self::IP_TTL),
        ("IPV6_TCLASS", Self::IPV6_TCLASS),
        ("IPV6_HOPLIMIT", Self::IPV6_HOPLIMIT),
    ];
}

impl ControlKind {
    /// The name in C.
    pub fn name(self) -> &'static str {
        let word = Self::WORDS.iter().find(|(_, kind)| *kind == self);
        word.map_or("", |(name, _)| *name)
    }

    /// The kind of that name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::WORDS
            .iter()
            .find(|(word, _)| *word == name)
            .map(|(_, kind)| *kind)
    }

    /// Every name, in the order of the reference.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Self::WORDS.iter().map(|(name, _)| *name)
    }

    fn carries_address(self) -> bool {
        matches!(
            self,
            Self::IP_PKTINFO | Self::IPV6_PKTINFO | Self::IP_RECVDSTADDR
        )
    }
}

/// A control message to be sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ControlText {
    /// Which message.
    pub kind: ControlKind,
    /// What it carries.
    pub value: ControlValue,
}

/// What a control message carries.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ControlValue {
    /// The source address, with the interface index behind `%` if one is asked for.
    Address(Host),
    /// An `int`.
    Number(i32),
}

/// The control messages of one `sendmsg`, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct ControlTexts(pub Vec<ControlText>);

impl FromNamedKeys for ControlTexts {
    fn from_named_keys(fields: &mut Fields<'_>) -> Option<Self> {
        let names: Vec<&str> = ControlKind::names().collect();
        let entries = fields.take_where(|name| is_meant(name, &names));
        let mut messages = Vec::new();
        let mut whole = true;
        for entry in entries {
            let Some(kind) = ControlKind::by_name(&entry.key) else {
                let message = format!("unknown control message `{}`", entry.key);
                let problem = Problem::new(entry.key_span, message);
                fields
                    .problems
                    .push(problem.nearest(&entry.key, ControlKind::names()));
                whole = false;
                continue;
            };
            let value = if kind.carries_address() {
                Host::from_node(&entry.node, fields.problems).map(ControlValue::Address)
            } else {
                i32::from_node(&entry.node, fields.problems).map(ControlValue::Number)
            };
            match value {
                Some(value) => messages.push(ControlText { kind, value }),
                None => whole = false,
            }
        }
        whole.then_some(Self(messages))
    }

    fn keys() -> Vec<Key> {
        ControlKind::WORDS
            .iter()
            .map(|(name, kind)| Key {
                name,
                doc: if kind.carries_address() {
                    "A control message with the source address to be used; an interface index may follow `%`."
                } else {
                    "A control message with this value."
                },
                required: false,
                schema: if kind.carries_address() { <Host as FromNode>::schema } else { <i32 as FromNode>::schema },
            })
            .collect()
    }
}

/// How large the control buffer of a `recvmsg` is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ControlRoom {
    /// So many bytes.
    Bytes(Size),
    /// Just enough for one message of each of these kinds.
    For(Vec<ControlKind>),
}

impl FromNode for ControlRoom {
    fn from_node(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        match &node.value {
            Value::Integer(_) => Size::from_node(node, problems).map(Self::Bytes),
            Value::List(_) => Vec::from_node(node, problems).map(Self::For),
            _ => mismatch(
                node,
                "a number of bytes or a list of control messages",
                problems,
            ),
        }
    }

    fn schema() -> Schema {
        json!({ "anyOf": [Size::schema(), Vec::<ControlKind>::schema()] })
    }
}

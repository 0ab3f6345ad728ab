//! Control messages, also called ancillary data, in a step.

use dualstack_names::{ControlKind, Payload};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::address::IpAddress;
use crate::leaf::{Size, Word, mismatch};
use crate::option::is_meant;
use crate::problem::Problem;
use crate::step::Show;
use crate::table::{Fields, FromNamedKeys, FromNode, Key, Schema};
use crate::template::Template;
use crate::tree::{Entry, Node, Value};

impl Word for ControlKind {
    const WHAT: &'static str = "a control message";
    const WORDS: &'static [(&'static str, Self)] = Self::ALL;
}

/// A control message to be sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ControlText {
    /// Which message.
    pub kind: ControlKind,
    /// Its data.
    pub value: ControlTextValue,
}

/// The data of a control message to be sent, as written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ControlTextValue {
    /// The source address, with an optional interface index after `%`.
    Address(IpAddress),
    /// An `int`.
    Number(i32),
}

impl ControlTextValue {
    fn read(of: Payload, node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        if of.is_address() {
            IpAddress::from_node(node, problems).map(Self::Address)
        } else {
            i32::from_node(node, problems).map(Self::Number)
        }
    }

    fn schema(of: Payload) -> Schema {
        if of.is_address() {
            <IpAddress as FromNode>::schema()
        } else {
            <i32 as FromNode>::schema()
        }
    }
}

/// The control messages of one `sendmsg`, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct ControlTexts(pub Vec<ControlText>);

impl ControlTexts {
    /// The messages as written in C, each after a comma.
    pub(crate) fn describe(&self, show: Show<'_>) -> String {
        let message = |message: &ControlText| {
            let value = match &message.value {
                ControlTextValue::Address(ip) => show(&ip.0),
                ControlTextValue::Number(number) => number.to_string(),
            };
            format!(", {} {value}", message.kind.name())
        };
        self.0.iter().map(message).collect()
    }

    pub(crate) fn templates(&self) -> impl Iterator<Item = &Template> {
        self.0.iter().filter_map(|message| match &message.value {
            ControlTextValue::Address(ip) => Some(&ip.0),
            ControlTextValue::Number(_) => None,
        })
    }
}

fn names() -> impl Iterator<Item = &'static str> {
    ControlKind::ALL.iter().map(|(name, _)| *name)
}

fn message(entry: &Entry, problems: &mut Vec<Problem>) -> Option<ControlText> {
    let Some(kind) = ControlKind::by_name(&entry.key) else {
        let message = format!("unknown control message `{}`", entry.key);
        let problem = Problem::new(entry.key_span, message);
        problems.push(problem.nearest(&entry.key, names()));
        return None;
    };
    let value = ControlTextValue::read(kind.payload(), &entry.node, problems)?;
    Some(ControlText { kind, value })
}

impl FromNamedKeys for ControlTexts {
    const REFERENCE: &'static str = "| a [control message](#control-messages) |  | Its data. |";

    fn from_named_keys(fields: &mut Fields<'_>) -> Option<Self> {
        let entries = fields.take_where(|name| is_meant(name, names()));
        let messages: Vec<_> = entries
            .into_iter()
            .map(|entry| message(entry, fields.problems))
            .collect();
        messages.into_iter().collect::<Option<_>>().map(Self)
    }

    fn keys() -> Vec<Key> {
        let key = |(name, kind): &(&'static str, ControlKind)| Key {
            name,
            doc: kind.doc(),
            required: false,
            schema: ControlTextValue::schema(kind.payload()),
        };
        ControlKind::ALL.iter().map(key).collect()
    }
}

/// The size of the control buffer of a `recvmsg`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ControlRoom {
    /// This many bytes.
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

//! What `recv` and similar calls return.

use dualstack_names::{ControlKind, ControlMessage, ControlValue, Sockaddr};
use serde::{Deserialize, Serialize};

use super::{Kind, joined, owned, sockaddr};
use crate::value::Value;

/// Bytes were received.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Received {
    /// The bytes, as text if they are text.
    pub data: String,
    /// How many bytes.
    pub len: usize,
    /// The sender, for calls that return it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Sockaddr>,
    /// The control messages in the order received.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub control: Vec<ControlMessage>,
    /// The flags in `msg_flags` by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<String>,
}

impl Received {
    /// The data of the messages of a kind.
    fn of_kind(&self, kind: ControlKind) -> impl Iterator<Item = &ControlValue> {
        let of_kind = move |message: &&ControlMessage| message.kind() == Some(kind);
        self.control
            .iter()
            .filter(of_kind)
            .filter_map(ControlMessage::value)
    }
}

impl Kind for Received {
    /// An interface is meaningful only if hosts have a link.
    fn fields(hosts: bool) -> Vec<String> {
        let mut fields = owned(&["data", "len", "flags", "pktinfo", "control"]);
        fields.extend(sockaddr::fields_of("from"));
        fields.extend(ControlKind::ALL.iter().map(|(name, _)| (*name).to_owned()));
        fields.extend(hosts.then(|| "interface".to_owned()));
        fields
    }

    fn field(&self, path: &[&str]) -> Value {
        match path {
            ["len"] => Value::text(self.len),
            ["flags"] => Value::text(joined(&self.flags)),
            ["pktinfo"] => {
                let is_pktinfo = |message: &&ControlMessage| {
                    message.value().is_some_and(|value| value.is_pktinfo())
                };
                Value::text(joined(self.control.iter().filter(is_pktinfo)))
            }
            ["control"] => Value::text(joined(&self.control)),
            ["interface"] => {
                let mut values = self.control.iter().filter_map(ControlMessage::value);
                let interface = values.find_map(|value| value.interface());
                interface.map_or_else(|| Value::text("none"), Value::Interface)
            }
            ["from", rest @ ..] => match &self.from {
                Some(from) => from.field(rest),
                None => Value::text("none"),
            },
            [name] => match ControlKind::by_name(name) {
                Some(kind) => Value::text(joined(self.of_kind(kind))),
                None => Value::text(&self.data),
            },
            _ => Value::text(&self.data),
        }
    }

    fn entries(&self) -> usize {
        self.control.len() + self.flags.len()
    }

    fn trace(&self) -> String {
        let from = self
            .from
            .iter()
            .map(|from| format!(" from {}", from.with_port()));
        let control = self.control.iter().map(|message| format!(", {message}"));
        let flags = self.flags.iter().map(|flag| format!(", {flag}"));
        let rest: String = from.chain(control).chain(flags).collect();
        format!("{:?}{rest}", self.data)
    }
}

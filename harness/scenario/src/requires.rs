//! What a case requires of the system.

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::leaf::{Word, mismatch};
use crate::problem::Problem;
use crate::table::{Fields, FromNode, Schema, object_schema, table};
use crate::tree::{Node, Value};

table! {
    /// What a case requires of the system.
    ///
    /// If the machine does not meet a requirement, the lab sets it up with the smallest
    /// change that works: a namespace, a filter in the agent's process, a container, a
    /// boot parameter.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub struct Requires {
        /// `"on"` (default); `"disabled"`: AF_INET sockets fail with EAFNOSUPPORT; `"no
        /// address"`: the stack exists, but no interface has an IPv4 address; `"any"`.
        ipv4: Option<Ipv4>,
        /// `"on"` (default); `"disabled"`: AF_INET6 sockets fail with EAFNOSUPPORT;
        /// `"off"`: the stack exists, but IPv6 is off on every interface
        /// (`disable_ipv6`); `"any"`.
        ipv6: Option<Ipv6>,
        /// Linux's system-wide default of IPV6_V6ONLY (`net.ipv6.bindv6only`). `0` also
        /// matches a system without such a setting; `1` needs one.
        bindv6only: Option<Bindv6only>,
        /// `"ipv4"` or `"ipv6"`: the link between two hosts loses what is sent over that
        /// family, and nobody is told; `"none"` (default).
        lost: Option<Lost>,
    }
}

impl Requires {
    /// Requires nothing.
    pub fn anything() -> Self {
        Self {
            ipv4: Some(Ipv4::Any),
            ipv6: Some(Ipv6::Any),
            bindv6only: None,
            lost: None,
        }
    }

    /// The required state of IPv4.
    pub fn ipv4(&self) -> Ipv4 {
        self.ipv4.unwrap_or_default()
    }

    /// The required state of IPv6.
    pub fn ipv6(&self) -> Ipv6 {
        self.ipv6.unwrap_or_default()
    }

    /// What the link between two hosts loses.
    pub fn lost(&self) -> Lost {
        self.lost.unwrap_or_default()
    }
}

/// The state of IPv4 on a system.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Ipv4 {
    /// 127.0.0.1 can be used.
    #[default]
    On,
    /// AF_INET sockets fail with EAFNOSUPPORT.
    Disabled,
    /// No interface has an IPv4 address.
    NoAddress,
    /// Any state.
    Any,
}

impl Word for Ipv4 {
    const WHAT: &'static str = "a state of IPv4";
    const WORDS: &'static [(&'static str, Self)] = &[
        ("on", Self::On),
        ("disabled", Self::Disabled),
        ("no address", Self::NoAddress),
        ("any", Self::Any),
    ];
}

/// The state of IPv6 on a system.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Ipv6 {
    /// ::1 can be used.
    #[default]
    On,
    /// AF_INET6 sockets fail with EAFNOSUPPORT.
    Disabled,
    /// IPv6 is off on every interface.
    Off,
    /// Any state.
    Any,
}

impl Word for Ipv6 {
    const WHAT: &'static str = "a state of IPv6";
    const WORDS: &'static [(&'static str, Self)] = &[
        ("on", Self::On),
        ("disabled", Self::Disabled),
        ("off", Self::Off),
        ("any", Self::Any),
    ];
}

/// What the link between two hosts loses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Lost {
    /// Nothing.
    #[default]
    None,
    /// What is sent over IPv4.
    Ipv4,
    /// What is sent over IPv6.
    Ipv6,
}

impl Word for Lost {
    const WHAT: &'static str = "a family that a link can lose";
    const WORDS: &'static [(&'static str, Self)] = &[
        ("none", Self::None),
        ("ipv4", Self::Ipv4),
        ("ipv6", Self::Ipv6),
    ];
}

/// The system-wide default of IPV6_V6ONLY.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "u8", into = "u8")]
pub enum Bindv6only {
    /// A new AF_INET6 socket is dual-stack.
    Zero,
    /// A new AF_INET6 socket is IPv6-only.
    One,
}

impl TryFrom<u8> for Bindv6only {
    type Error = String;

    fn try_from(number: u8) -> Result<Self, String> {
        match number {
            0 => Ok(Self::Zero),
            1 => Ok(Self::One),
            other => Err(format!("bindv6only is 0 or 1, not {other}")),
        }
    }
}

impl From<Bindv6only> for u8 {
    fn from(setting: Bindv6only) -> Self {
        match setting {
            Bindv6only::Zero => 0,
            Bindv6only::One => 1,
        }
    }
}

impl FromNode for Bindv6only {
    fn from_node(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        match node.value {
            Value::Integer(0) => Some(Self::Zero),
            Value::Integer(1) => Some(Self::One),
            _ => mismatch(node, "0 or 1", problems),
        }
    }

    fn schema() -> Schema {
        crate::leaf::or_parameter(&json!({ "enum": [0, 1] }))
    }
}

impl FromNode for Requires {
    fn from_node(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let Value::Table(entries) = &node.value else {
            return mismatch(node, "a table such as `{ ipv4 = \"disabled\" }`", problems);
        };
        let mut fields = Fields::new(node.span, entries, problems);
        let requires = Self::read(&mut fields);
        fields.finish(Self::keys);
        requires
    }

    fn schema() -> Schema {
        object_schema(&Self::keys())
    }
}

/// The requirements as written, without those that have the default.
impl std::fmt::Display for Requires {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        fn word<T: Word + PartialEq>(value: T) -> &'static str {
            T::WORDS
                .iter()
                .find(|(_, known)| *known == value)
                .map_or("", |(word, _)| word)
        }
        let mut parts = Vec::new();
        if let Some(ipv4) = self.ipv4 {
            parts.push(format!("IPv4 {}", word(ipv4)));
        }
        if let Some(ipv6) = self.ipv6 {
            parts.push(format!("IPv6 {}", word(ipv6)));
        }
        if let Some(setting) = self.bindv6only {
            parts.push(format!("bindv6only {}", u8::from(setting)));
        }
        match self.lost() {
            Lost::None => {}
            Lost::Ipv4 => parts.push("IPv4 lost on the link".to_owned()),
            Lost::Ipv6 => parts.push("IPv6 lost on the link".to_owned()),
        }
        f.write_str(&parts.join(", "))
    }
}

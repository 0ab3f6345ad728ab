//! What a case needs of the system it runs on.

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::leaf::{Word, mismatch};
use crate::problem::Problem;
use crate::table::{Fields, FromNode, Schema, object_schema, table};
use crate::tree::{Node, Value};

table! {
    /// What a case needs of the system it runs on.
    ///
    /// The lab gives it as the machine has it or by the mildest means that do:
    /// a namespace of its own, a filter in the agent's process, a container, a
    /// boot parameter.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub struct Requires {
        /// `"on"` unless told; `"disabled"`: AF_INET sockets are refused with
        /// EAFNOSUPPORT; `"no address"`: the stack is there, but no interface
        /// has an IPv4 address; `"any"`.
        ipv4: Option<Ipv4>,
        /// `"on"` unless told; `"disabled"`: AF_INET6 sockets are refused with
        /// EAFNOSUPPORT; `"off"`: the stack is there, but every interface has
        /// IPv6 off (`disable_ipv6`); `"any"`.
        ipv6: Option<Ipv6>,
        /// The system-wide default of IPV6_V6ONLY on Linux
        /// (`net.ipv6.bindv6only`). `0` also stands for a system that has no
        /// such setting; `1` needs one.
        bindv6only: Option<Bindv6only>,
    }
}

impl Requires {
    /// Requires nothing: whatever the system is like will do.
    pub fn anything() -> Self {
        Self {
            ipv4: Some(Ipv4::Any),
            ipv6: Some(Ipv6::Any),
            bindv6only: None,
        }
    }

    /// How IPv4 has to be.
    pub fn ipv4(&self) -> Ipv4 {
        self.ipv4.unwrap_or_default()
    }

    /// How IPv6 has to be.
    pub fn ipv6(&self) -> Ipv6 {
        self.ipv6.unwrap_or_default()
    }
}

/// How IPv4 is on a system.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Ipv4 {
    /// 127.0.0.1 can be used.
    #[default]
    On,
    /// AF_INET sockets are refused with EAFNOSUPPORT.
    Disabled,
    /// No interface has an IPv4 address.
    NoAddress,
    /// Whatever it is.
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

/// How IPv6 is on a system.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Ipv6 {
    /// ::1 can be used.
    #[default]
    On,
    /// AF_INET6 sockets are refused with EAFNOSUPPORT.
    Disabled,
    /// Every interface has IPv6 off.
    Off,
    /// Whatever it is.
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

/// The requirements as they are written, those that are the rule left out.
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
        f.write_str(&parts.join(", "))
    }
}

//! The value of a reference in a text.

use std::fmt;

use dualstack_names::Sockaddr;

/// A value of a reference.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A text, a number, or the name of an error.
    Text(String),
    /// An address with its port.
    Address(Sockaddr),
    /// A port in host byte order.
    Port(u16),
    /// The index of an interface.
    Interface(u32),
}

/// The value as shown in a text: an address without its port.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Address(address) => write!(f, "{address}"),
            Self::Port(port) => write!(f, "{port}"),
            Self::Interface(index) => write!(f, "{index}"),
        }
    }
}

impl Value {
    /// A value that is the same wherever it was measured.
    pub(crate) fn text(value: impl fmt::Display) -> Self {
        Self::Text(value.to_string())
    }
}

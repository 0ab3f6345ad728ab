//! The vocabulary of dual-stack sockets: options, control messages, errors, socket types
//! and address families. Each is declared once, by its C name.
//!
//! A row of a table holds everything about a name: its level and its number on each
//! system, the type of its value, its documentation, and which systems have it. The
//! scenario language checks names against these tables and generates its reference page
//! from them; the sockets layer takes numbers and layouts from them. So an option is one
//! row, and so is a control message.
//!
//! This crate makes no calls.
//!
//! ```
//! use dualstack_names::{ControlKind, Payload, SocketOption, ValueType};
//!
//! let v6only = SocketOption::by_name("IPV6_V6ONLY").expect("a row of the table");
//! assert_eq!(v6only.value, ValueType::INT);
//! assert!(v6only.systems.has("Windows"));
//!
//! assert_eq!(ControlKind::IPV6_PKTINFO.payload(), Payload::In6Pktinfo);
//! assert!(!ControlKind::IP_PKTINFO.systems().has("FreeBSD"));
//! ```
//!
//! # Features
//!
//! `serde`: values can be serialized. `schema`: and have a JSON Schema.

mod constant;
mod control;
mod errors;
mod family;
mod level;
mod option_value;
mod options;
mod shutdown;
mod sockaddr;
mod socket_type;
mod systems;

pub use constant::{
    ADDRESS_FAMILIES, ADDRINFO_FLAGS, Constant, MESSAGE_FLAGS, POLL_EVENTS, SOCKET_TYPES,
};
pub use control::{ControlKind, ControlMessage, ControlValue, Payload};
pub use errors::ErrorName;
pub use family::Family;
pub use level::Level;
pub use option_value::{Field, OptionValue, Scalar, ScalarValue, ValueType};
pub use options::SocketOption;
pub use shutdown::How;
pub use sockaddr::Sockaddr;
pub use socket_type::SocketType;
pub use systems::Systems;

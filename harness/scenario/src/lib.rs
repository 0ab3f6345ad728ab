//! The scenario language of dualstack: from a TOML file to checked cases, and
//! from what a system answered to an answer that is read at a glance.
//!
//! This crate knows no sockets. A [`Scenario`] is read from a file; each of its
//! [`Case`]s holds a [`Script`] that an agent carries out; the agent returns an
//! [`Observation`]; the case turns that into an [`Answer`].

mod address;
mod answer;
mod case;
pub mod claims;
mod control;
mod expect;
mod flags;
mod host;
mod id;
mod leaf;
mod name_check;
mod observation;
mod option;
mod parameters;
mod problem;
pub mod reference;
mod requires;
mod returned;
mod scenario;
pub mod schema;
mod scope;
mod script;
pub mod step;
mod system;
mod table;
mod template;
mod tree;
mod value;

pub use address::{Address, IpAddress, ParsedAddress, join, parse_ip};
pub use answer::{Answer, AnswerRule, goes_on};
pub use case::Case;
pub use control::{ControlRoom, ControlText, ControlTextValue, ControlTexts};
pub use dualstack_names as names;
pub use expect::{ClaimTest, Expectation, KnownDifference, Patterns};
pub use flags::{AddrInfoFlag, PollEvent};
pub use host::HostFacts;
pub use id::split_id;
pub use leaf::{Milliseconds, Name, Size};
pub use observation::{Failure, Observation, Outcome, Record};
pub use option::{OptionName, Setting, SettingValue};
pub use problem::{Problem, Problems, SourceFile, Span, nearest};
pub use requires::{Bindv6only, Ipv4, Ipv6, Requires};
pub use returned::{
    Accepted, OptionRead, Ready, Received, Resolved, ResolvedEntry, Returned, Sent,
};
pub use scenario::Scenario;
pub use scope::Scope;
pub use script::Script;
pub use system::{Environment, Selector, SelectorError, System, SystemKind};
pub use template::{Filter, Part, Reference, Template};
pub use value::Value;

//! The scenario language of dualstack: from a TOML file to checked cases, and from what a
//! system answered to a short answer.
//!
//! This crate makes no socket calls. A [`Scenario`] is read from a file; each of its
//! [`Case`]s contains a [`Script`] that an agent runs; the agent returns an
//! [`Observation`]; the case turns that into an [`Answer`].
//!
//! ```
//! use dualstack_scenario::{Answer, Observation, Scenario, SourceFile};
//!
//! let text = r#"
//!     title  = "IPV6_V6ONLY on a new socket"
//!     ask    = "What does getsockopt return before anything was set?"
//!     steps  = [
//!       { socket = "s", type = "tcp6" },
//!       { getsockopt = "s", option = "IPV6_V6ONLY", save = "v6only" },
//!     ]
//!     answer = "IPV6_V6ONLY is {v6only}"
//! "#;
//! let file = SourceFile::new("v6only-option/default.toml", text);
//! let scenario = Scenario::parse("v6only-option/default", file)?;
//! let case = &scenario.cases[0];
//!
//! // What an agent returns for the case's two steps.
//! let observation: Observation = serde_json::from_str(
//!     r#"{ "steps": [
//!       { "call": "s = socket(AF_INET6, SOCK_STREAM)", "outcome": { "returned": "done" } },
//!       { "call": "getsockopt(s, IPV6_V6ONLY)",
//!         "outcome": { "returned":
//!           { "option": { "value": { "one": { "number": 0 } }, "len": 4 } } } }
//!     ] }"#,
//! )?;
//! assert_eq!(
//!     case.answer(&observation),
//!     Answer::Text("IPV6_V6ONLY is 0".to_owned())
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod address;
mod answer;
mod bounds;
mod case;
pub mod claims;
mod constant;
mod control;
pub mod dns;
mod exceeded;
mod excerpt;
mod expansion;
mod expect;
pub mod files;
mod host;
mod id;
mod leaf;
mod name_check;
mod observation;
mod option;
mod parameters;
mod problem;
mod program;
pub mod reference;
mod requires;
mod returned;
mod scenario;
pub mod schema;
mod scope;
mod script;
pub mod shown;
mod signal;
mod slips;
mod source;
pub mod step;
mod system;
mod table;
mod template;
mod tree;
mod value;
mod verdict;

pub use address::{Address, IpAddress, ParsedAddress, join, parse_ip};
pub use answer::{Answer, AnswerRule, goes_on};
pub use case::Case;
pub use constant::{AddrInfoFlag, FamilyName, PollEvent, SocketTypeName};
pub use control::{ControlRoom, ControlText, ControlTextValue, ControlTexts};
pub use dualstack_names as names;
pub use expect::{ClaimTest, Expectation, KnownDifference, Patterns};
pub use host::HostFacts;
pub use id::split_id;
pub use leaf::{Milliseconds, Name, Pattern, Size, TextOrNumber};
pub use observation::{Failure, Observation, Outcome, ProgramRun, Record};
pub use option::{OptionName, Setting, SettingValue};
pub use parameters::GivenParameters;
pub use problem::{Problem, Problems, nearest};
pub use program::{Files, Program, Texts};
pub use requires::{Bindv6only, Ipv4, Ipv6, Lost, Requires};
pub use returned::{
    Accepted, Attempt, Attempts, Ended, Line, Open, OpenSocket, OptionRead, Ready, Received,
    Resolved, ResolvedEntry, Returned, Sent,
};
pub use scenario::Scenario;
pub use scope::Scope;
pub use script::Script;
pub use signal::Signal;
pub use source::{SourceFile, Span};
pub use system::{Environment, Selector, SelectorError, System, SystemKind};
pub use template::{Filter, Part, Reference, Template, literal};
pub use value::Value;
pub use verdict::{Finding, Verdict, judge};

//! What a successful call returned: one file per kind, with its fields, how they are
//! looked up and how a trace shows it.

use std::fmt;

use dualstack_names::Sockaddr;
use serde::{Deserialize, Serialize};

use crate::value::Value;

mod accepted;
mod attempts;
mod ended;
mod line;
mod open;
mod option;
mod ready;
mod received;
mod resolved;
mod sent;
pub(crate) mod sockaddr;

pub use accepted::Accepted;
pub use attempts::{Attempt, Attempts};
pub use ended::Ended;
pub use line::Line;
pub use open::{Open, OpenSocket};
pub use option::OptionRead;
pub use ready::Ready;
pub use received::Received;
pub use resolved::{Resolved, ResolvedEntry};
pub use sent::Sent;

/// What a saved result and a trace show of a call's result.
pub(crate) trait Kind {
    /// The paths that a value can name, `from.port`; `hosts` says whether the case has
    /// hosts.
    fn fields(hosts: bool) -> Vec<String>;

    /// The value of such a path; the empty path is the whole result.
    fn field(&self, path: &[&str]) -> Value;

    /// The address of a socket that this result makes known.
    fn sockaddr(&self) -> Option<&Sockaddr> {
        None
    }

    /// How many entries its lists have.
    fn entries(&self) -> usize {
        0
    }

    /// The result in a trace.
    fn trace(&self) -> String;
}

/// Declares the kinds.
macro_rules! kinds {
    ($( $(#[doc = $doc:literal])+ $kind:ident($type:ty), )+) => {
        /// What a successful call returned.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum Returned {
            /// Only success.
            Done,
            $( $(#[doc = $doc])+ $kind($type), )+
        }

        /// The kind of a call's result, which determines its fields.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Shape {
            Done,
            $( $kind, )+
        }

        impl Shape {
            /// The fields of a saved result.
            pub(crate) fn fields(self, hosts: bool) -> Vec<String> {
                match self {
                    Self::Done => Vec::new(),
                    $( Self::$kind => <$type as Kind>::fields(hosts), )+
                }
            }
        }

        impl Returned {
            pub(crate) fn field(&self, path: &[&str]) -> Value {
                match self {
                    Self::Done => Value::text("ok"),
                    $( Self::$kind(returned) => returned.field(path), )+
                }
            }

            pub(crate) fn sockaddr(&self) -> Option<&Sockaddr> {
                match self {
                    Self::Done => None,
                    $( Self::$kind(returned) => returned.sockaddr(), )+
                }
            }
        }

        impl Returned {
            /// How many entries its lists have: what an agent may send is bounded.
            pub fn entries(&self) -> usize {
                match self {
                    Self::Done => 0,
                    $( Self::$kind(returned) => returned.entries(), )+
                }
            }
        }

        /// The result as in a trace.
        impl fmt::Display for Returned {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    Self::Done => f.write_str("ok"),
                    $( Self::$kind(returned) => f.write_str(&returned.trace()), )+
                }
            }
        }
    };
}

kinds! {
    /// Bytes were sent.
    Sent(Sent),
    /// An option was read.
    Option(OptionRead),
    /// An address was read.
    Name(Sockaddr),
    /// A connection was accepted.
    Accepted(Accepted),
    /// Bytes were received.
    Received(Box<Received>),
    /// The state of a socket was read.
    Ready(Ready),
    /// A name was resolved.
    Resolved(Resolved),
    /// A program wrote a line.
    Line(Line),
    /// The sockets of a program were listed.
    Open(Open),
    /// The attempts of a program to connect were listed.
    Attempts(Attempts),
    /// A program ended.
    Ended(Ended),
}

impl<T: Kind> Kind for Box<T> {
    fn fields(hosts: bool) -> Vec<String> {
        T::fields(hosts)
    }

    fn field(&self, path: &[&str]) -> Value {
        self.as_ref().field(path)
    }

    fn sockaddr(&self) -> Option<&Sockaddr> {
        self.as_ref().sockaddr()
    }

    fn entries(&self) -> usize {
        self.as_ref().entries()
    }

    fn trace(&self) -> String {
        self.as_ref().trace()
    }
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// Several items in one text, or `none`.
fn joined<T: fmt::Display>(items: impl IntoIterator<Item = T>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    if items.is_empty() {
        "none".to_owned()
    } else {
        items.join(" + ")
    }
}

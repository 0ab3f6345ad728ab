//! What a successful call brought: one file a kind, holding its fields, how they
//! are found and how a trace shows it.

use std::fmt;

use dualstack_names::Sockaddr;
use serde::{Deserialize, Serialize};

use crate::value::Value;

mod accepted;
mod option;
mod ready;
mod received;
mod resolved;
mod sent;
pub(crate) mod sockaddr;

pub use accepted::Accepted;
pub use option::OptionRead;
pub use ready::Ready;
pub use received::Received;
pub use resolved::{Resolved, ResolvedEntry};
pub use sent::Sent;

/// What a saved result, and a trace, can tell of what a call brought.
pub(crate) trait Kind {
    /// The paths that a value can name, `from.port`; `hosts` tells whether the
    /// case has hosts.
    fn fields(hosts: bool) -> Vec<String>;

    /// What such a path stands for; no path at all is the result as a whole.
    fn field(&self, path: &[&str]) -> Value;

    /// The address that is told of a socket from then on.
    fn sockaddr(&self) -> Option<&Sockaddr> {
        None
    }

    /// The result in a trace.
    fn trace(&self) -> String;
}

/// Declares the kinds.
macro_rules! kinds {
    ($( $(#[doc = $doc:literal])+ $kind:ident($type:ty), )+) => {
        /// What a successful call brought.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum Returned {
            /// Nothing but success.
            Done,
            $( $(#[doc = $doc])+ $kind($type), )+
        }

        /// The form of what a call brings, which says what fields it has.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Shape {
            Done,
            $( $kind, )+
        }

        impl Shape {
            /// The fields of what is saved.
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
    /// A socket was asked what it is ready for.
    Ready(Ready),
    /// A name was resolved.
    Resolved(Resolved),
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

    fn trace(&self) -> String {
        self.as_ref().trace()
    }
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// Several things in one text, or `none`.
fn joined<T: fmt::Display>(items: impl IntoIterator<Item = T>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    if items.is_empty() {
        "none".to_owned()
    } else {
        items.join(" + ")
    }
}

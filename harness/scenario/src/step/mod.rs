//! The steps of a case: one file a call, holding its keys and their meaning.
//!
//! What each does is in the agent's `act.rs`.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::address::Address;
use crate::errno::ERRORS;
use crate::leaf::{Name, OneOrMany, Size, mismatch};
use crate::problem::{Problem, Span};
use crate::table::{Fields, FromNode, Key, Schema, object_schema, table};
use crate::template::{Reference, Template};
use crate::tree::{Entry, Node, Value};

mod accept;
mod bind;
mod close;
mod connect;
mod getpeername;
mod getsockname;
mod getsockopt;
mod listen;
mod recv;
mod recvfrom;
mod recvmsg;
mod send;
mod sendmsg;
mod sendto;
mod setsockopt;
mod shutdown;
mod socket;

pub use accept::Accept;
pub use bind::Bind;
pub use close::Close;
pub use connect::Connect;
pub use getpeername::Getpeername;
pub use getsockname::Getsockname;
pub use getsockopt::Getsockopt;
pub use listen::Listen;
pub use recv::Recv;
pub use recvfrom::Recvfrom;
pub use recvmsg::Recvmsg;
pub use send::Send;
pub use sendmsg::Sendmsg;
pub use sendto::Sendto;
pub use setsockopt::Setsockopt;
pub use shutdown::{How, Shutdown};
pub use socket::{Socket, SocketType};

/// How a value in an argument is shown: as written, or filled in.
pub type Show<'a> = &'a dyn Fn(&Template) -> String;

/// What every call of the language can tell about itself.
pub(crate) trait Verb {
    /// The socket that the call is made on, or that it makes.
    fn socket(&self) -> &Name;

    /// The call as it is written in C, without the result.
    fn describe(&self, show: Show<'_>) -> String;

    /// What `save` makes of a success.
    fn returns(&self) -> Shape {
        Shape::Done
    }

    /// The socket that a success brings into being.
    fn creates(&self) -> Option<&Name> {
        None
    }

    /// The arguments with values in them.
    fn templates(&self) -> Vec<&Template> {
        Vec::new()
    }
}

/// The form of what a call returns, which says what fields it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Done,
    Sent,
    Option,
    Name,
    Accepted,
    Received,
}

/// Declares the calls of the language in the order of the reference.
macro_rules! calls {
    ($($verb:literal $type:ident,)*) => {
        /// A socket call with its arguments.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(rename_all = "lowercase")]
        pub enum Call {
            $( #[doc = concat!("`", $verb, "`")] $type($type), )*
        }

        impl Call {
            /// Every verb of the language, in the order of the reference.
            pub const VERBS: &'static [&'static str] = &[$($verb),*];

            /// The verb, which is the name of the call.
            pub fn verb(&self) -> &'static str {
                match self { $( Self::$type(_) => $verb, )* }
            }

            fn as_verb(&self) -> &dyn Verb {
                match self { $( Self::$type(call) => call, )* }
            }

            fn read(verb: &str, fields: &mut Fields<'_>) -> Option<Self> {
                match verb {
                    $( $verb => $type::read(fields).map(Self::$type), )*
                    _ => None,
                }
            }

            /// The verb, the documentation and the keys of each call.
            pub(crate) fn syntax() -> Vec<Syntax> {
                vec![$( Syntax { verb: $verb, doc: $type::DOC, keys: $type::keys() } ),*]
            }
        }
    };
}

calls! {
    "socket" Socket,
    "setsockopt" Setsockopt,
    "getsockopt" Getsockopt,
    "bind" Bind,
    "listen" Listen,
    "connect" Connect,
    "accept" Accept,
    "send" Send,
    "recv" Recv,
    "sendto" Sendto,
    "recvfrom" Recvfrom,
    "sendmsg" Sendmsg,
    "recvmsg" Recvmsg,
    "getsockname" Getsockname,
    "getpeername" Getpeername,
    "shutdown" Shutdown,
    "close" Close,
}

/// How a step of one verb is written.
pub(crate) struct Syntax {
    pub(crate) verb: &'static str,
    pub(crate) doc: &'static str,
    pub(crate) keys: Vec<Key>,
}

impl Call {
    /// The socket that the call is made on, or that it makes.
    pub fn socket(&self) -> &Name {
        self.as_verb().socket()
    }

    /// The call as it is written in C, its values shown by `show`.
    pub fn describe(&self, show: Show<'_>) -> String {
        self.as_verb().describe(show)
    }

    /// The call in a few words, for an answer: `setsockopt receiver IPV6_V6ONLY`.
    pub fn brief(&self) -> String {
        match self {
            Self::Setsockopt(call) => format!("setsockopt {} {}", call.setsockopt, call.set.option),
            Self::Getsockopt(call) => format!("getsockopt {} {}", call.getsockopt, call.option.0),
            _ => format!("{} {}", self.verb(), self.socket()),
        }
    }

    pub(crate) fn returns(&self) -> Shape {
        self.as_verb().returns()
    }

    pub(crate) fn creates(&self) -> Option<&Name> {
        self.as_verb().creates()
    }

    pub(crate) fn templates(&self) -> Vec<&Template> {
        self.as_verb().templates()
    }
}

/// The call as it is written in C, its values as they are in the file.
impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.describe(&|template| template.to_string()))
    }
}

/// One call of a case, and what hangs on its result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Step {
    /// The call.
    pub call: Call,
    /// What it must return for the case to go on.
    #[serde(default, skip_serializing_if = "is_default")]
    pub result: Wanted,
    /// The name for what it returns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub save: Option<Name>,
    /// What must have come back earlier for the call to be made.
    #[serde(default, skip_serializing_if = "is_default")]
    pub when: When,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

table! {
    /// Every step takes these keys besides those of its call.
    #[derive(Clone, Debug)]
    pub(crate) struct Common {
        /// What must come back for the case to go on: `"ok"` unless told, an
        /// error by its portable name, or `"any"`. When something else comes
        /// back, the case ends with that for its answer.
        result: Option<Wanted>,
        /// A name for what came back.
        save: Option<Name>,
        /// Makes the call only if each of these values is what is said, or one
        /// of what is said: `when = { tried = "EINVAL" }`.
        when: Option<When>,
    }
}

/// What a step must return for the case to go on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Wanted {
    /// Success.
    #[default]
    Ok,
    /// This error, by its portable name.
    Error(String),
    /// Whatever comes.
    Any,
}

impl FromNode for Wanted {
    fn from_node(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let Value::Text(text) = &node.value else {
            return mismatch(node, "\"ok\", \"any\" or the name of an error", problems);
        };
        match text.as_str() {
            "ok" => Some(Self::Ok),
            "any" => Some(Self::Any),
            name if ERRORS.contains(&name) => Some(Self::Error(name.to_owned())),
            name => {
                let problem = Problem::new(node.span, format!("`{name}` is not a result"));
                let portable = name.strip_prefix("WSA").unwrap_or(name);
                let known = ["ok", "any"].into_iter().chain(ERRORS.iter().copied());
                problems.push(problem.nearest(portable, known));
                None
            }
        }
    }

    fn schema() -> Schema {
        let words: Vec<&str> = ["ok", "any"]
            .into_iter()
            .chain(ERRORS.iter().copied())
            .collect();
        crate::leaf::or_parameter(&json!({ "enum": words }))
    }
}

/// What earlier results a step or an alternative answer depends on: all of
/// them must hold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct When(pub Vec<Condition>);

/// A value and the texts of which it must be one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Condition {
    /// The value by its path: `got.data`.
    pub value: Template,
    /// The texts.
    pub among: Vec<String>,
}

impl When {
    fn read(
        prefix: &str,
        entries: &[Entry],
        problems: &mut Vec<Problem>,
    ) -> Option<Vec<Condition>> {
        let mut conditions = Vec::new();
        for entry in entries {
            let path = format!("{prefix}{}", entry.key);
            match &entry.node.value {
                Value::Table(inner) => {
                    conditions.extend(Self::read(&format!("{path}."), inner, problems)?);
                }
                _ => {
                    let among = OneOrMany::<Plain>::from_node(&entry.node, problems)?;
                    let among = among.0.into_iter().map(|plain| plain.0).collect();
                    let reference = Reference::parse(&path);
                    match reference
                        .and_then(|_| Template::parse(&format!("{{{path}}}"), entry.key_span))
                    {
                        Ok(value) => conditions.push(Condition { value, among }),
                        Err(message) => {
                            problems.push(Problem::new(entry.key_span, message));
                            return None;
                        }
                    }
                }
            }
        }
        Some(conditions)
    }
}

impl FromNode for When {
    fn from_node(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        match &node.value {
            Value::Table(entries) => Self::read("", entries, problems).map(Self),
            _ => mismatch(node, "a table such as `{ tried = \"EINVAL\" }`", problems),
        }
    }

    fn schema() -> Schema {
        json!({ "type": "object" })
    }
}

/// A text, number or boolean that is compared as text.
struct Plain(String);

impl FromNode for Plain {
    fn from_node(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        match node.value {
            Value::Text(_) | Value::Integer(_) | Value::Boolean(_) => Some(Self(node.plain())),
            _ => mismatch(node, "a text", problems),
        }
    }

    fn schema() -> Schema {
        json!({ "type": ["string", "integer", "boolean"] })
    }
}

impl Step {
    /// The keys that every step takes.
    pub(crate) fn common_keys() -> Vec<Key> {
        Common::keys()
    }
}

impl FromNode for Step {
    fn from_node(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let Value::Table(entries) = &node.value else {
            return mismatch(node, "a step such as `{ close = \"s\" }`", problems);
        };
        let verb = verb(node.span, entries, problems)?;
        let mut fields = Fields::new(node.span, entries, problems);
        let common = Common::read(&mut fields);
        let call = Call::read(verb, &mut fields);
        fields.finish(|| {
            let syntax = Call::syntax()
                .into_iter()
                .find(|syntax| syntax.verb == verb);
            let own = syntax.map(|syntax| syntax.keys).unwrap_or_default();
            own.into_iter().chain(Common::keys()).collect()
        });
        let Common { result, save, when } = common?;
        Some(Self {
            call: call?,
            result: result.unwrap_or_default(),
            save,
            when: when.unwrap_or_default(),
        })
    }

    fn schema() -> Schema {
        let alternatives: Vec<Schema> = Call::syntax()
            .into_iter()
            .map(|syntax| {
                let keys: Vec<Key> = syntax.keys.into_iter().chain(Common::keys()).collect();
                let mut schema = object_schema(&keys);
                schema["title"] = json!(syntax.verb);
                schema["description"] = json!(crate::table::paragraph(syntax.doc));
                schema
            })
            .collect();
        json!({ "oneOf": alternatives })
    }
}

/// An address argument as it is shown in a call.
fn target(to: &Address, namelen: Option<Size>, show: Show<'_>) -> String {
    match namelen {
        Some(size) => format!("{}, {} bytes", show(&to.0), size.0),
        None => show(&to.0),
    }
}

/// The one key of a step that is a verb.
fn verb(span: Span, entries: &[Entry], problems: &mut Vec<Problem>) -> Option<&'static str> {
    let named: Vec<(&'static str, &Entry)> = entries
        .iter()
        .filter_map(|entry| {
            let verb = Call::VERBS.iter().find(|verb| **verb == entry.key)?;
            Some((*verb, entry))
        })
        .collect();
    match named.as_slice() {
        [(verb, _)] => Some(verb),
        [] => {
            let nearest = entries.iter().find_map(|entry| {
                crate::problem::nearest(&entry.key, Call::VERBS).map(|verb| (entry, verb))
            });
            problems.push(match nearest {
                Some((entry, verb)) => {
                    Problem::new(entry.key_span, format!("`{}` is not a call", entry.key))
                        .hint(format!("did you mean `{verb}`?"))
                }
                None => Problem::new(span, "this step names no call")
                    .hint(format!("one key must be one of {}", Call::VERBS.join(", "))),
            });
            None
        }
        [(first, _), (second, entry), ..] => {
            let message = format!("this step names two calls, `{first}` and `{second}`");
            problems.push(Problem::new(entry.key_span, message).hint("make a step of each"));
            None
        }
    }
}

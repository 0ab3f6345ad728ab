//! The steps of a case: one file per call, with its keys and their meaning.
//!
//! `Verb` describes a call. What it does is in the agent's `act.rs`.

use std::fmt;
use std::time::Duration;

use dualstack_names::ErrorName;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::address::Address;
use crate::leaf::{Milliseconds, Name, OneOrMany, Size, mismatch};
use crate::problem::Problem;
use crate::returned::Shape;
use crate::source::Span;
use crate::table::{Fields, FromNode, Key, Schema, object_schema, table};
use crate::template::{Reference, Template};
use crate::tree::{Entry, Node, Value};

/// How to show a value in an argument: as written, or filled in.
pub type Show<'a> = &'a dyn Fn(&Template) -> String;

/// What a call has to do with watching for attempts to connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Watching {
    /// It begins.
    Begins,
    /// What was seen is asked for.
    Asks,
}

/// What the language knows about a call.
pub(crate) trait Verb {
    /// The sockets that the call is made on, which must be open. The first determines the
    /// host.
    fn uses(&self) -> Vec<&Name> {
        Vec::new()
    }

    /// The host of a call that is made on no socket; `None` is the first of the case.
    fn host(&self) -> Option<&Name> {
        None
    }

    /// The program that the call starts.
    fn starts(&self) -> Option<&Name> {
        None
    }

    /// The program that the call is about, which must have been started.
    fn program(&self) -> Option<&Name> {
        None
    }

    /// Whether what is attempted on the host of a program is watched (`start`), or asked for.
    fn watch(&self) -> Option<Watching> {
        None
    }

    /// The socket that a successful call creates.
    fn creates(&self) -> Option<&Name> {
        None
    }

    /// The socket that the call closes.
    fn closes(&self) -> Option<&Name> {
        None
    }

    /// What the call makes known about a socket: `{s.name}`, `{s.peer}`.
    fn tells(&self) -> Option<(&Name, &'static str)> {
        None
    }

    /// The address that the call binds a socket to.
    fn binds(&self) -> Option<&Address> {
        None
    }

    /// The address that data or a connection goes to.
    fn sends_to(&self) -> Option<&Address> {
        None
    }

    /// Whether the call may make a connection.
    fn connects(&self) -> bool {
        false
    }

    /// Whether the call may wait for something else to happen: a connection, data, room.
    fn waits(&self) -> bool {
        false
    }

    /// The arguments with values in them.
    fn templates(&self) -> Vec<&Template> {
        Vec::new()
    }

    /// The subject of the call in a few words, for an answer: `receiver`.
    fn subject(&self) -> String {
        let named = self.uses().first().copied();
        let named = named.or(self.creates()).or(self.program());
        named.map(Name::to_string).unwrap_or_default()
    }

    /// The call as written in C, without the result.
    fn describe(&self, show: Show<'_>) -> String;

    /// The kind of result that `save` stores.
    fn returns(&self) -> Shape {
        Shape::Done
    }
}

/// Declares the calls of the language in the order of the reference: the verb, its file,
/// and the type in it.
macro_rules! calls {
    (($d:tt) $($verb:literal $file:ident::$type:ident,)*) => {
        $( mod $file; )*
        $( pub use $file::$type; )*

        /// A call with its arguments.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(rename_all = "lowercase")]
        pub enum Call {
            $( #[doc = concat!("`", $verb, "`")] $type($type), )*
        }

        /// Evaluates an expression with `call` bound to the call of any verb:
        /// `with_call!(&step.call, call => call.act(stage))`.
        #[macro_export]
        macro_rules! with_call {
            ($d call:expr, $d name:ident => $d do:expr) => {
                match $d call { $( $d crate::step::Call::$type($d name) => $d do, )* }
            };
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

            /// The keys of a step of one verb, without those of every step.
            fn keys_of(verb: &str) -> Vec<Key> {
                match verb {
                    $( $verb => $type::keys(), )*
                    _ => Vec::new(),
                }
            }

            /// The syntax of each call.
            pub(crate) fn syntax() -> Vec<Syntax> {
                vec![$( Syntax {
                    verb: $verb,
                    doc: $type::DOC,
                    own_keys: $type::own_keys(),
                    groups: $type::GROUPS,
                    keys: $type::keys(),
                } ),*]
            }
        }
    };
}

calls! {
    ($)
    "socket" socket::Socket,
    "setsockopt" setsockopt::Setsockopt,
    "getsockopt" getsockopt::Getsockopt,
    "bind" bind::Bind,
    "listen" listen::Listen,
    "connect" connect::Connect,
    "accept" accept::Accept,
    "send" send::Send,
    "recv" recv::Recv,
    "sendto" sendto::Sendto,
    "recvfrom" recvfrom::Recvfrom,
    "sendmsg" sendmsg::Sendmsg,
    "recvmsg" recvmsg::Recvmsg,
    "poll" poll::Poll,
    "getaddrinfo" getaddrinfo::Getaddrinfo,
    "getsockname" getsockname::Getsockname,
    "getpeername" getpeername::Getpeername,
    "shutdown" shutdown::Shutdown,
    "close" close::Close,
    "start" start::Start,
    "listening" listening::Listening,
    "output" output::Output,
    "sockets" sockets::Sockets,
    "attempts" attempts::Attempts,
    "kill" kill::Kill,
    "wait" wait::Wait,
}

/// The syntax of a step of one verb.
pub(crate) struct Syntax {
    pub(crate) verb: &'static str,
    pub(crate) doc: &'static str,
    /// Its keys, without those of a group.
    pub(crate) own_keys: Vec<Key>,
    /// The lines of the reference for its groups of keys.
    pub(crate) groups: &'static [&'static str],
    /// All its keys.
    pub(crate) keys: Vec<Key>,
}

impl Call {
    /// The call as written in C, its values shown by `show`.
    pub fn describe(&self, show: Show<'_>) -> String {
        self.as_verb().describe(show)
    }

    /// The call in a few words, for an answer: `setsockopt receiver IPV6_V6ONLY`.
    pub fn brief(&self) -> String {
        format!("{} {}", self.verb(), self.as_verb().subject())
    }

    pub(crate) fn uses(&self) -> Vec<&Name> {
        self.as_verb().uses()
    }

    pub(crate) fn host(&self) -> Option<&Name> {
        self.as_verb().host()
    }

    pub(crate) fn starts(&self) -> Option<&Name> {
        self.as_verb().starts()
    }

    pub(crate) fn program(&self) -> Option<&Name> {
        self.as_verb().program()
    }

    pub(crate) fn watch(&self) -> Option<Watching> {
        self.as_verb().watch()
    }

    pub(crate) fn creates(&self) -> Option<&Name> {
        self.as_verb().creates()
    }

    pub(crate) fn closes(&self) -> Option<&Name> {
        self.as_verb().closes()
    }

    pub(crate) fn tells(&self) -> Option<(&Name, &'static str)> {
        self.as_verb().tells()
    }

    pub(crate) fn binds(&self) -> Option<&Address> {
        self.as_verb().binds()
    }

    pub(crate) fn sends_to(&self) -> Option<&Address> {
        self.as_verb().sends_to()
    }

    pub(crate) fn connects(&self) -> bool {
        self.as_verb().connects()
    }

    pub(crate) fn waits(&self) -> bool {
        self.as_verb().waits()
    }

    pub(crate) fn templates(&self) -> Vec<&Template> {
        self.as_verb().templates()
    }

    pub(crate) fn returns(&self) -> Shape {
        self.as_verb().returns()
    }
}

/// The call as written in C, its values as in the file.
impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.describe(&|template| template.to_string()))
    }
}

/// One call of a case, with its conditions and the handling of its result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Step {
    /// The call.
    pub call: Call,
    /// What it must return for the case to continue.
    #[serde(default, skip_serializing_if = "is_default")]
    pub result: Wanted,
    /// The deadline of a call that waits; default: that of the agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Milliseconds>,
    /// The name for its result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub save: Option<Name>,
    /// The earlier results that the call depends on.
    #[serde(default, skip_serializing_if = "is_default")]
    pub when: When,
}

impl Step {
    /// Whether the case continues if the call hangs. A file that says how long that takes
    /// can mean it by `"any"`.
    pub(crate) fn may_hang(&self) -> bool {
        match self.result {
            Wanted::Hangs => true,
            Wanted::Any => self.within.is_some(),
            Wanted::Ok | Wanted::Error(_) => false,
        }
    }

    /// How long the case waits in this step if it continues because the call hangs.
    pub(crate) fn hangs_for(&self) -> Duration {
        let within = self.within.filter(|_| self.may_hang());
        within.map_or(Duration::ZERO, Milliseconds::duration)
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

table! {
    /// The keys of every step, in addition to those of its call.
    #[derive(Clone, Debug)]
    pub(crate) struct Common {
        /// The result with which the case continues: `"ok"`, an error by its portable
        /// name, `"any"` of these, or `"hangs"`; default: `"ok"`. With any other result
        /// the case ends, and that is its answer. A call that does not return is only an
        /// answer where the file says `"hangs"`, or `"any"` with a `within`; elsewhere it
        /// is an error.
        result: Option<Wanted>,
        /// The deadline of a call that may wait, in milliseconds, 1 to 5000; default:
        /// 2000, on Windows 6000, where a refused `connect` takes 2 s; 10000 for a call
        /// that waits for a program. A call that has not returned by then hangs.
        within: Option<Milliseconds>,
        /// A name for the result.
        save: Option<Name>,
        /// Makes the call only if each of these values equals the given text, or one of a
        /// list of texts: `when = { tried = "EINVAL" }`.
        when: Option<When>,
    }
}

/// What a step must return for the case to continue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Wanted {
    /// Success.
    #[default]
    Ok,
    /// This error, by its portable name.
    Error(String),
    /// Success or any error.
    Any,
    /// That the call does not return within its deadline.
    Hangs,
}

impl Wanted {
    /// What can be wanted, in addition to the names of errors.
    const WORDS: [&'static str; 3] = ["ok", "any", "hangs"];
}

impl FromNode for Wanted {
    fn from_node(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let Value::Text(text) = &node.value else {
            return mismatch(
                node,
                "\"ok\", \"any\", \"hangs\" or the name of an error",
                problems,
            );
        };
        match text.as_str() {
            "ok" => Some(Self::Ok),
            "any" => Some(Self::Any),
            "hangs" => Some(Self::Hangs),
            name if ErrorName::all().any(|known| known == name) => {
                Some(Self::Error(name.to_owned()))
            }
            name => {
                let problem = Problem::new(node.span, format!("`{name}` is not a result"));
                problems.push(match ErrorName::portable(name) {
                    Some(portable) => problem.hint(format!("did you mean `{portable}`?")),
                    None => problem.nearest(name, Self::WORDS.into_iter().chain(ErrorName::all())),
                });
                None
            }
        }
    }

    fn schema() -> Schema {
        let words: Vec<&str> = Self::WORDS.into_iter().chain(ErrorName::all()).collect();
        crate::leaf::or_parameter(&json!({ "enum": words }))
    }
}

/// The earlier results that a step or an alternative answer depends on. All must match.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct When(pub Vec<Condition>);

/// A value and its accepted texts.
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

/// A string, number or boolean that is compared as text.
struct Plain(String);

impl FromNode for Plain {
    fn from_node(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        match node.value {
            Value::Text(_) | Value::Integer(_) | Value::Boolean(_) => Some(Self(node.plain())),
            _ => mismatch(node, "a string", problems),
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
            let own = Call::keys_of(verb).into_iter();
            own.chain(Common::keys()).collect()
        });
        let Common {
            result,
            within,
            save,
            when,
        } = common?;
        let (call, result) = (call?, result.unwrap_or_default());
        problems.extend(wrong_wait(node.span, &call, &result, within));
        Some(Self {
            call,
            result,
            within,
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

/// What is wrong with the deadline of a step.
fn wrong_wait(
    step: Span,
    call: &Call,
    result: &Wanted,
    within: Option<Milliseconds>,
) -> Option<Problem> {
    let hangs = *result == Wanted::Hangs;
    let verb = call.verb();
    match within {
        Some(_) if !call.waits() => Some(
            Problem::new(
                step,
                format!("`{verb}` waits for nothing, so it has no deadline"),
            )
            .hint("remove `within`"),
        ),
        None if hangs && !call.waits() => Some(
            Problem::new(
                step,
                format!("`{verb}` waits for nothing, so it cannot hang"),
            )
            .hint("remove `result = \"hangs\"`"),
        ),
        None if hangs => Some(
            Problem::new(step, "how long must the call not return to hang?")
                .hint("add `within = 500`, in milliseconds"),
        ),
        Some(Milliseconds(0)) => Some(
            Problem::new(step, "`within = 0` leaves the call no time")
                .hint("give it 1 to 5000 milliseconds"),
        ),
        Some(_) | None => None,
    }
}

/// `format!` with room for a whole call from the start: every step of a case is described
/// before it is made.
macro_rules! text {
    ($($arguments:tt)*) => {{
        let mut text = String::with_capacity(96);
        // Writing to a `String` cannot fail.
        _ = std::fmt::Write::write_fmt(&mut text, format_args!($($arguments)*));
        text
    }};
}
use text;

/// An address argument as shown in a call.
fn target(to: &Address, namelen: Option<Size>, show: Show<'_>) -> String {
    match namelen {
        Some(size) => format!("{}, {} bytes", show(&to.0), size.0),
        None => show(&to.0),
    }
}

/// The sizes of buffers that a step chooses, as shown in a call: `, size: 9 bytes`.
fn sizes(data: Option<Size>, name: Option<Size>) -> String {
    let shown = |what: &str, size: Option<Size>| {
        size.map(|size| format!(", {what}: {} bytes", size.0))
            .unwrap_or_default()
    };
    shown("size", data) + &shown("namelen", name)
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
                    Problem::new(entry.key_span, format!("unknown call `{}`", entry.key))
                        .hint(format!("did you mean `{verb}`?"))
                }
                None => Problem::new(span, "this step has no call")
                    .hint(format!("use one of: {}", Call::VERBS.join(", "))),
            });
            None
        }
        [(first, _), (second, entry), ..] => {
            let message = format!("this step has two calls, `{first}` and `{second}`");
            problems.push(Problem::new(entry.key_span, message).hint("make a step of each"));
            None
        }
    }
}

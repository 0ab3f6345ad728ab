//! The plain values of the language: texts, numbers, lists, names.

use std::time::Duration;

use regex_lite::Regex;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::problem::{Problem, enough};
use crate::source::Span;
use crate::table::{FromNode, Schema};
use crate::template::Template;
use crate::tree::{Node, Value};

/// Reports that `node` is not of the expected kind.
pub(crate) fn mismatch<T>(node: &Node, wanted: &str, problems: &mut Vec<Problem>) -> Option<T> {
    let problem = Problem::new(
        node.span,
        format!("expected {wanted}, found {}", node.kind()),
    );
    let hint = match &node.value {
        Value::Text(text) if text.starts_with('{') => Some(format!(
            "`{text}` is known only when the case runs; use a parameter here, not a saved value"
        )),
        Value::Text(text) if text.parse::<i64>().is_ok() => Some("drop the quotes".to_owned()),
        Value::Integer(_) | Value::Boolean(_) if wanted.starts_with("a string") => {
            Some("put it in quotes".to_owned())
        }
        Value::Text(text) if wanted.contains("a list") => {
            Some(format!("put it in brackets: `[\"{text}\"]`"))
        }
        _ => None,
    };
    problems.push(match hint {
        Some(hint) => problem.hint(hint),
        None => problem,
    });
    None
}

/// A schema for a value that may be a parameter.
pub(crate) fn or_parameter(schema: &Schema) -> Schema {
    json!({ "anyOf": [schema, { "type": "string", "pattern": "^\\{[a-z][a-z0-9_]*\\}$" }] })
}

/// A schema for a value that may be a text with values.
pub(crate) fn or_template(schema: &Schema) -> Schema {
    json!({ "anyOf": [schema, { "type": "string", "pattern": "^\\{[^{}]+\\}$" }] })
}

impl FromNode for String {
    fn from_node(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        match &node.value {
            Value::Text(text) => Some(text.clone()),
            _ => mismatch(node, "a string", problems),
        }
    }

    fn schema() -> Schema {
        json!({ "type": "string" })
    }
}

impl FromNode for bool {
    fn from_node(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        match node.value {
            Value::Boolean(boolean) => Some(boolean),
            _ => mismatch(node, "true or false", problems),
        }
    }

    fn schema() -> Schema {
        json!({ "type": "boolean" })
    }
}

impl FromNode for i32 {
    fn from_node(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let Value::Integer(number) = node.value else {
            return mismatch(node, "a number", problems);
        };
        let fits = i32::try_from(number).ok();
        if fits.is_none() {
            problems.push(Problem::new(
                node.span,
                format!("{number} does not fit into a C int"),
            ));
        }
        fits
    }

    fn schema() -> Schema {
        or_parameter(&json!({ "type": "integer", "minimum": i32::MIN, "maximum": i32::MAX }))
    }
}

/// A number of bytes that is safe to allocate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Size(pub u32);

impl Size {
    /// The largest buffer that a case may request: a whole UDP datagram.
    pub const MAX: u32 = 65_536;

    /// The buffer of a receive without a `size`.
    pub const DATA: Self = Self(2048);

    /// The control buffer of a `recvmsg` without `control`.
    pub const CONTROL: Self = Self(256);
}

impl FromNode for Size {
    fn from_node(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let Value::Integer(number) = node.value else {
            return mismatch(node, "a number of bytes", problems);
        };
        let fits = u32::try_from(number).ok().filter(|size| *size <= Self::MAX);
        if fits.is_none() {
            let message = format!("{number} is not a size between 0 and {} bytes", Self::MAX);
            problems.push(Problem::new(node.span, message));
        }
        fits.map(Size)
    }

    fn schema() -> Schema {
        or_parameter(&json!({ "type": "integer", "minimum": 0, "maximum": Self::MAX }))
    }
}

/// A time in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Milliseconds(pub u16);

impl Milliseconds {
    /// The same time.
    pub fn duration(self) -> Duration {
        Duration::from_millis(self.0.into())
    }

    const MAX: u16 = 5000;
}

impl FromNode for Milliseconds {
    fn from_node(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let Value::Integer(number) = node.value else {
            return mismatch(node, "a number of milliseconds", problems);
        };
        let fits = u16::try_from(number).ok().filter(|time| *time <= Self::MAX);
        if fits.is_none() {
            let message = format!(
                "{number} is not a time between 0 and {} milliseconds",
                Self::MAX
            );
            problems.push(Problem::new(node.span, message));
        }
        fits.map(Self)
    }

    fn schema() -> Schema {
        or_parameter(&json!({ "type": "integer", "minimum": 0, "maximum": Self::MAX }))
    }
}

/// A text with values in it, for which a number is as good: a word of a command, a port.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct TextOrNumber(pub Template);

impl FromNode for TextOrNumber {
    fn from_node(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let Value::Integer(number) = node.value else {
            return Template::from_node(node, problems).map(Self);
        };
        let text = Node {
            span: node.span,
            value: Value::Text(number.to_string()),
        };
        Template::from_node(&text, problems).map(Self)
    }

    fn schema() -> Schema {
        json!({ "anyOf": [Template::schema(), { "type": "integer" }] })
    }
}

/// A regular expression.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Pattern(pub String);

impl FromNode for Pattern {
    fn from_node(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let text = String::from_node(node, problems)?;
        match Regex::new(&text) {
            Ok(_) => Some(Self(text)),
            Err(error) => {
                let message = format!("`{text}` is not a regular expression: {error}");
                problems.push(Problem::new(node.span, message));
                None
            }
        }
    }

    fn schema() -> Schema {
        json!({ "type": "string", "format": "regex" })
    }
}

/// A list, or a single value that means a list of one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(crate) struct OneOrMany<T>(pub Vec<T>);

impl<T: FromNode> FromNode for OneOrMany<T> {
    fn from_node(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        match &node.value {
            Value::List(_) => Vec::from_node(node, problems).map(Self),
            _ => T::from_node(node, problems).map(|one| Self(vec![one])),
        }
    }

    fn schema() -> Schema {
        json!({ "anyOf": [T::schema(), Vec::<T>::schema()] })
    }
}

impl<T: FromNode> FromNode for Vec<T> {
    fn from_node(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let Value::List(nodes) = &node.value else {
            return mismatch(node, "a list", problems);
        };
        let mut items = Some(Vec::with_capacity(nodes.len()));
        for node in nodes {
            let item = T::from_node(node, problems);
            if enough(problems) {
                return None;
            }
            items = items.zip(item).map(|(mut items, item)| {
                items.push(item);
                items
            });
        }
        items
    }

    fn schema() -> Schema {
        json!({ "type": "array", "items": T::schema() })
    }
}

/// A name that a scenario gives to a socket or to what a call returned.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(from = "String", into = "String")]
pub struct Name {
    /// The name itself: lowercase letters, digits and underscores.
    pub text: String,
    pub(crate) span: Span,
}

impl From<String> for Name {
    fn from(text: String) -> Self {
        Self {
            text,
            span: Span::default(),
        }
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.text
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

/// Whether a text can be a name.
pub(crate) fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

impl FromNode for Name {
    fn from_node(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let Value::Text(text) = &node.value else {
            return mismatch(node, "a name in quotes", problems);
        };
        if is_name(text) {
            return Some(Self {
                text: text.clone(),
                span: node.span,
            });
        }
        let problem = Problem::new(node.span, format!("`{text}` is not a name"));
        problems.push(
            problem.hint("a name is made of lowercase letters, digits and `_`, a letter first"),
        );
        None
    }

    fn schema() -> Schema {
        json!({ "type": "string", "pattern": "^[a-z][a-z0-9_]*$" })
    }
}

/// A value that is one word of a fixed list.
pub(crate) trait Word: Sized + Copy + 'static {
    /// What the words are, for messages: "a socket type".
    const WHAT: &'static str;
    /// Every word with its meaning.
    const WORDS: &'static [(&'static str, Self)];
}

/// Reads one of the words of `T`.
pub(crate) fn word<T: Word>(node: &Node, problems: &mut Vec<Problem>) -> Option<T> {
    let Value::Text(text) = &node.value else {
        return mismatch(node, T::WHAT, problems);
    };
    let found = T::WORDS.iter().find(|(word, _)| word == text);
    if found.is_none() {
        let problem = Problem::new(node.span, format!("`{text}` is not {}", T::WHAT));
        problems.push(problem.nearest(text, T::WORDS.iter().map(|(word, _)| *word)));
    }
    found.map(|(_, value)| *value)
}

impl<T: Word> FromNode for T {
    fn from_node(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        word(node, problems)
    }

    fn schema() -> Schema {
        or_parameter(&json!({ "enum": T::WORDS.iter().map(|(word, _)| *word).collect::<Vec<_>>() }))
    }
}

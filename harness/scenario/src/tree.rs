//! A TOML document as a tree in which every node knows its place.
//!
//! Problems are collected rather than returned one by one, so that all mistakes in a file
//! are reported at once.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::problem::{Problem, SourceFile, Span};

/// A value with its place in the file.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) span: Span,
    pub(crate) value: Value,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Text(String),
    Integer(i64),
    Boolean(bool),
    List(Vec<Node>),
    Table(Vec<Entry>),
    /// A kind of value that scenarios do not use, by its TOML name.
    Other(&'static str),
}

/// A key of a table with its value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) key_span: Span,
    pub(crate) node: Node,
}

/// Two nodes are equal if their values are, whatever their places.
impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl Node {
    /// What kind of value this is, for "found …" in a message.
    pub(crate) fn kind(&self) -> &'static str {
        match &self.value {
            Value::Text(_) => "a string",
            Value::Integer(_) => "a number",
            Value::Boolean(_) => "a boolean",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
            Value::Other(kind) => kind,
        }
    }

    /// The value as it would be written inside a text.
    pub(crate) fn plain(&self) -> String {
        match &self.value {
            Value::Text(text) => text.clone(),
            Value::Integer(number) => number.to_string(),
            Value::Boolean(boolean) => boolean.to_string(),
            Value::List(nodes) => nodes.iter().map(Node::plain).collect::<Vec<_>>().join("+"),
            Value::Table(entries) => {
                let entries = entries
                    .iter()
                    .map(|e| format!("{}={}", e.key, e.node.plain()));
                entries.collect::<Vec<_>>().join("+")
            }
            Value::Other(kind) => (*kind).to_owned(),
        }
    }
}

/// Parses a whole file. A file that is not TOML has one problem: what follows the first
/// syntax error has no meaning.
pub(crate) fn parse(file: &SourceFile) -> Result<Vec<Entry>, Problem> {
    let table = DeTable::parse(file.text()).map_err(|error| {
        let span = error.span().unwrap_or(0..0).into();
        Problem::new(span, error.message().replace('\n', ", "))
            .hint("a bracket, a quote or a comma may be missing here or in the lines before")
    })?;
    Ok(entries(table.get_ref()))
}

fn entries(table: &DeTable<'_>) -> Vec<Entry> {
    table
        .iter()
        .map(|(key, value)| Entry {
            key: key.get_ref().to_string(),
            key_span: key.span().into(),
            node: node(value),
        })
        .collect()
}

fn node(value: &Spanned<DeValue<'_>>) -> Node {
    let span = value.span().into();
    let value = match value.get_ref() {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Boolean(boolean) => Value::Boolean(*boolean),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or(Value::Other("a number beyond 64 bits"), Value::Integer),
        DeValue::Array(array) => Value::List(array.iter().map(node).collect()),
        DeValue::Table(table) => Value::Table(entries(table)),
        DeValue::Float(_) => Value::Other("a fraction"),
        DeValue::Datetime(_) => Value::Other("a date"),
    };
    Node { span, value }
}

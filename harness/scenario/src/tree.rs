//! A TOML document as a tree in which every node knows its place.
//!
//! Problems are collected rather than returned one by one, so that all mistakes in a file
//! are reported at once.

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use toml_parser::Source;
use toml_parser::lexer::TokenKind;

use crate::bounds;
use crate::problem::Problem;
use crate::source::{SourceFile, Span, Unread};

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

/// Parses a whole file. A file that exceeds a bound or is not TOML has one problem: what
/// follows the first syntax error has no meaning.
pub(crate) fn parse(file: &SourceFile) -> Result<Vec<Entry>, Problem> {
    size(file)?;
    nesting(file.text())?;
    let table = DeTable::parse(file.text()).map_err(|error| {
        let span = error.span().unwrap_or(0..0).into();
        Problem::new(span, error.message().replace('\n', ", "))
            .hint("a bracket, a quote or a comma may be missing here or in the lines before")
    })?;
    let entries = entries(table.get_ref());
    entries
        .iter()
        .try_for_each(|entry| measured(&entry.node, 0))?;
    Ok(entries)
}

fn size(file: &SourceFile) -> Result<(), Problem> {
    if let Some(Unread { why, fix }) = file.why_unread() {
        let problem = Problem::new(Span::default(), why.clone());
        return Err(match fix {
            Some(fix) => problem.hint(*fix),
            None => problem,
        });
    }
    if let Some(place) = file.not_utf8() {
        let problem = Problem::new(place, "this byte is not UTF-8");
        return Err(problem.hint("save the file as UTF-8, as TOML demands"));
    }
    if file.text().len() > bounds::FILE.most {
        return Err(bounds::FILE.exceeded(Span::default()));
    }
    let mut lines = file.line_spans();
    lines.try_for_each(|line| bounds::LINE.check(line.len(), line.into()))
}

/// Rejects what nests so deeply that the parser, which is recursive, might need too much of
/// the stack: brackets in brackets, and keys with many dots.
fn nesting(text: &str) -> Result<(), Problem> {
    let (mut open, mut dots) = (0_usize, 0_usize);
    for token in Source::new(text).lex() {
        match token.kind() {
            TokenKind::LeftSquareBracket | TokenKind::LeftCurlyBracket => open += 1,
            TokenKind::RightSquareBracket | TokenKind::RightCurlyBracket => {
                open = open.saturating_sub(1);
            }
            TokenKind::Dot => dots += 1,
            TokenKind::Equals | TokenKind::Comma | TokenKind::Newline => dots = 0,
            TokenKind::Whitespace
            | TokenKind::Comment
            | TokenKind::LiteralString
            | TokenKind::BasicString
            | TokenKind::MlLiteralString
            | TokenKind::MlBasicString
            | TokenKind::Atom
            | TokenKind::Eof => {}
        }
        if open.max(dots) > bounds::DEPTH.most {
            let span = token.span();
            return Err(bounds::DEPTH.exceeded((span.start()..span.end()).into()));
        }
    }
    Ok(())
}

/// Rejects a value that is too deep, and a text in it that is too long.
fn measured(node: &Node, depth: usize) -> Result<(), Problem> {
    if depth > bounds::DEPTH.most {
        return Err(bounds::DEPTH.exceeded(node.span));
    }
    match &node.value {
        Value::Text(text) => bounds::TEXT.check(text.len(), node.span),
        Value::List(nodes) => nodes.iter().try_for_each(|node| measured(node, depth + 1)),
        Value::Table(entries) => entries.iter().try_for_each(|entry| {
            bounds::TEXT.check(entry.key.len(), entry.key_span)?;
            measured(&entry.node, depth + 1)
        }),
        Value::Integer(_) | Value::Boolean(_) | Value::Other(_) => Ok(()),
    }
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

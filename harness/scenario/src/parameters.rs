//! Parameters: how one file becomes a table of cases, one per row.

use std::collections::BTreeSet;

use serde_json::json;

use crate::address::{bracketed, convert, parse_ip};
use crate::bounds;
use crate::leaf::{is_name, mismatch};
use crate::problem::Problem;
use crate::source::Span;
use crate::table::{FromNode, Schema};
use crate::template::{self, Part, Reference, Template};
use crate::tree::{Entry, Node, Value};

/// A parameter's name and its values, of which there is at least one.
pub(crate) type List = (String, Vec<Node>);

/// `[parameters]`: for each name its values.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lists(pub(crate) Vec<List>);

/// `rows`: the combinations one by one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows(pub(crate) Vec<Row>);

/// The values of the parameters in one case.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    pub(crate) name: Option<(String, Span)>,
    pub(crate) values: Vec<(String, Node)>,
}

impl Row {
    pub(crate) fn get(&self, name: &str) -> Option<&Node> {
        self.values
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, node)| node)
    }

    /// The name of the case in its file: the row's `name`, or one made from the
    /// parameters in `used`, which distinguish the cases.
    pub(crate) fn label(&self, used: &BTreeSet<String>) -> String {
        let lists = self.values.iter().filter(|(name, _)| used.contains(name));
        let lists = lists.map(|(name, value)| format!("{name}={}", value.plain()));
        match &self.name {
            Some((name, _)) => name.clone(),
            None => lists.collect::<Vec<_>>().join(","),
        }
    }
}

/// Parameters that a file uses and does not have: whoever reads it gives them.
#[derive(Clone, Debug, Default)]
pub struct GivenParameters(Vec<(String, Node)>);

impl GivenParameters {
    /// Adds a text. A value in braces is filled in like one that stands in the file.
    #[must_use]
    pub fn text(self, name: &str, text: impl Into<String>) -> Self {
        self.and(name, Value::Text(text.into()))
    }

    /// Adds a text in which nothing is a value.
    #[must_use]
    pub fn literal(self, name: &str, text: &str) -> Self {
        self.text(name, template::literal(text))
    }

    /// Adds a list of texts.
    #[must_use]
    pub fn list(self, name: &str, texts: impl IntoIterator<Item = String>) -> Self {
        let nodes = texts.into_iter().map(|text| node(Value::Text(text)));
        self.and(name, Value::List(nodes.collect()))
    }

    fn and(mut self, name: &str, value: Value) -> Self {
        self.0.push((name.to_owned(), node(value)));
        self
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    pub(crate) fn added_to(&self, mut rows: Vec<Row>) -> Vec<Row> {
        for row in &mut rows {
            row.values.extend(self.0.iter().cloned());
        }
        rows
    }
}

fn node(value: Value) -> Node {
    let span = Span::default();
    Node { span, value }
}

/// Every row of a file: the listed rows, combined with the lists.
pub(crate) fn combine(rows: Option<Rows>, lists: Option<Lists>) -> Vec<Row> {
    let lists = lists.unwrap_or_default().0;
    let start = rows.map_or_else(|| vec![Row::default()], |rows| rows.0);
    lists.into_iter().fold(start, |rows, (name, values)| {
        rows.iter()
            .flat_map(|row| values.iter().map(|value| row.with(&name, value)))
            .collect()
    })
}

impl Row {
    fn with(&self, name: &str, value: &Node) -> Self {
        let mut row = self.clone();
        if let Some((label, _)) = &mut row.name {
            label.push_str(&format!(",{name}={}", value.plain()));
        }
        row.values.push((name.to_owned(), value.clone()));
        row
    }
}

/// Replaces the parameters in a node by a row's values.
///
/// A value that is the whole text keeps its type and its place in the file, so that a
/// message points at the row.
pub(crate) fn fill(node: &Node, row: &Row, problems: &mut Vec<Problem>) -> Node {
    let value = match &node.value {
        Value::Text(text) => return fill_text(text, node.span, row, problems),
        Value::List(nodes) => {
            Value::List(nodes.iter().map(|node| fill(node, row, problems)).collect())
        }
        Value::Table(entries) => Value::Table(
            entries
                .iter()
                .map(|entry| fill_entry(entry, row, problems))
                .collect(),
        ),
        other => other.clone(),
    };
    Node {
        span: node.span,
        value,
    }
}

fn fill_entry(entry: &Entry, row: &Row, problems: &mut Vec<Problem>) -> Entry {
    let key = match fill_text(&entry.key, entry.key_span, row, problems).value {
        Value::Text(key) => key,
        _ => entry.key.clone(),
    };
    Entry {
        key,
        key_span: entry.key_span,
        node: fill(&entry.node, row, problems),
    }
}

fn fill_text(text: &str, span: Span, row: &Row, problems: &mut Vec<Problem>) -> Node {
    let as_is = Node {
        span,
        value: Value::Text(text.to_owned()),
    };
    // Most texts name no value. An invalid template is reported where it is read.
    if !text.contains('{') {
        return as_is;
    }
    let Ok(template) = Template::parse(text, span) else {
        return as_is;
    };
    if let Some(value) = whole_parameter(&template, row) {
        return value.clone();
    }
    match fill_parts(&template, row) {
        Ok(filled) => Node {
            span,
            value: Value::Text(filled),
        },
        Err(problem) => {
            problems.push(problem);
            as_is
        }
    }
}

/// The names that the texts of a node use.
pub(crate) fn names_in(node: &Node, names: &mut BTreeSet<String>) {
    let mut text = |text: &str| names.extend(template::names(text));
    match &node.value {
        Value::Text(value) => text(value),
        Value::List(nodes) => nodes.iter().for_each(|node| names_in(node, names)),
        Value::Table(entries) => {
            entries.iter().for_each(|entry| text(&entry.key));
            for Entry { key, node, .. } in entries {
                match &node.value {
                    Value::Table(conditions) if key == "when" => {
                        names.extend(conditions.iter().map(|condition| condition.key.clone()));
                        let values = conditions.iter().map(|condition| &condition.node);
                        values.for_each(|value| names_in(value, names));
                    }
                    _ => names_in(node, names),
                }
            }
        }
        _ => {}
    }
}

/// The value of the parameter, if it is the whole text.
fn whole_parameter<'a>(template: &Template, row: &'a Row) -> Option<&'a Node> {
    let reference = template.sole_value()?;
    let bare = reference.fields.is_empty() && reference.filter.is_none();
    row.get(&reference.name).filter(|_| bare)
}

/// The text with the parameters filled in and every other value unchanged.
fn fill_parts(template: &Template, row: &Row) -> Result<String, Problem> {
    let mut filled = String::new();
    for (index, part) in template.parts().iter().enumerate() {
        match part {
            Part::Text(text) => filled.push_str(&text.replace('{', "{{").replace('}', "}}")),
            Part::Value(reference) => {
                let next = template.parts().get(index + 1);
                let before_port = matches!(next, Some(Part::Text(next)) if next.starts_with(':'));
                let value = value(reference, row);
                match value.map_err(|message| Problem::new(template.span, message))? {
                    Some(value) => filled.push_str(&bracketed(value, before_port)),
                    None => filled.push_str(&format!("{{{reference}}}")),
                }
            }
        }
        bounds::TEXT.check(filled.len(), template.span)?;
    }
    Ok(filled)
}

/// The value of a reference in this row; `None` if it is not a parameter.
fn value(reference: &Reference, row: &Row) -> Result<Option<String>, String> {
    let Some(node) = row.get(&reference.name) else {
        return Ok(None);
    };
    if !reference.fields.is_empty() {
        return Err(format!(
            "parameter `{}` has no field `{}`",
            reference.name,
            reference.path()
        ));
    }
    let plain = node.plain();
    let Some(filter) = reference.filter else {
        return Ok(Some(plain));
    };
    match parse_ip(&plain) {
        None => Err(format!("`{plain}` in `{{{reference}}}` is no address")),
        Some((ip, _)) => Ok(Some(
            convert(ip, filter).map_or(plain, |converted| converted.to_string()),
        )),
    }
}

fn parameter_name(entry: &Entry, problems: &mut Vec<Problem>) -> bool {
    let good = is_name(&entry.key);
    if !good {
        let problem = Problem::new(
            entry.key_span,
            format!("`{}` is not a name for a parameter", entry.key),
        );
        problems
            .push(problem.hint("use lowercase letters, digits and `_`, beginning with a letter"));
    }
    good
}

impl FromNode for Lists {
    fn from_node(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let Value::Table(entries) = &node.value else {
            return mismatch(node, "a table of lists", problems);
        };
        let mut lists = Vec::new();
        for entry in entries {
            parameter_name(entry, problems);
            match &entry.node.value {
                Value::List(values) if values.is_empty() => problems.push(Problem::new(
                    entry.node.span,
                    format!("`{}` has no values, so there is no case", entry.key),
                )),
                Value::List(values) => lists.push((entry.key.clone(), values.clone())),
                _ => mismatch(&entry.node, "a list of values", problems).unwrap_or_default(),
            }
        }
        Some(Self(lists))
    }

    fn schema() -> Schema {
        json!({
            "type": "object",
            "propertyNames": { "pattern": "^[a-z][a-z0-9_]*$" },
            "additionalProperties": { "type": "array", "minItems": 1 },
        })
    }
}

impl FromNode for Row {
    fn from_node(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let Value::Table(entries) = &node.value else {
            return mismatch(node, "a row, `{ name = \"…\", … }`,", problems);
        };
        let mut row = Self::default();
        for entry in entries {
            match (entry.key.as_str(), &entry.node.value) {
                ("name", Value::Text(name)) => row.name = Some((name.clone(), entry.node.span)),
                ("name", _) => mismatch(&entry.node, "a string", problems).unwrap_or_default(),
                _ if parameter_name(entry, problems) => {
                    row.values.push((entry.key.clone(), entry.node.clone()));
                }
                _ => {}
            }
        }
        Some(row)
    }

    fn schema() -> Schema {
        json!({
            "type": "object",
            "properties": { "name": { "type": "string" } },
            "propertyNames": { "pattern": "^[a-z][a-z0-9_]*$" },
        })
    }
}

impl FromNode for Rows {
    fn from_node(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let rows = Vec::from_node(node, problems)?;
        if rows.is_empty() {
            problems.push(Problem::new(
                node.span,
                "there is no row here, so there is no case",
            ));
        }
        Some(Self(rows))
    }

    fn schema() -> Schema {
        Vec::<Row>::schema()
    }
}

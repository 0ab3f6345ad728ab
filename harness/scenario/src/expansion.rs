//! How large the cases of a file are, computed from its parameters before one is made.
//!
//! Seven lists of ten values fit into a line and make ten million cases; a long value in a
//! text that is repeated in each of them multiplies again.

use std::collections::HashMap;

use crate::bounds;
use crate::parameters::{List, Lists, Row, Rows};
use crate::problem::Problem;
use crate::source::Span;
use crate::template;
use crate::tree::{Entry, Node, Value};

/// What a key or a value takes in addition to its text, in bytes.
const NODE: usize = 64;

/// The parameters of a file, over all its cases.
pub(crate) struct Expansion {
    cases: usize,
    /// For each parameter the size of its values in all cases together, in bytes.
    values: HashMap<String, usize>,
}

impl Expansion {
    /// Counts the cases. Too many parameters or cases are a problem.
    pub(crate) fn new(
        rows: Option<&Rows>,
        lists: Option<&Lists>,
        problems: &mut Vec<Problem>,
    ) -> Option<Self> {
        let rows = rows.map(|rows| rows.0.as_slice());
        let lists = lists.map_or(&[][..], |lists| &lists.0);
        let start = start(rows, lists);
        let in_rows = rows.into_iter().flatten().map(|row| row.values.len());
        let parameters = in_rows.max().unwrap_or(0) + lists.len();
        let cases = count(rows, lists, problems)?;
        let few = bounds::PARAMETERS.holds(parameters, start, problems)
            && bounds::CASES.holds(cases, start, problems);
        few.then(|| Self {
            cases,
            values: values(cases, rows, lists),
        })
    }

    /// Whether the cases fit into memory; that they do not is a problem.
    pub(crate) fn fits<'a>(
        &self,
        parts: impl Iterator<Item = &'a Node>,
        span: Span,
        problems: &mut Vec<Problem>,
    ) -> bool {
        // A case has its parameters, and its id has those that distinguish it.
        let rows = self.values.values().flat_map(|size| [*size, *size]);
        let size = sum(rows.chain(parts.map(|part| self.node(part))));
        bounds::EXPANDED.holds(size, span, problems)
    }

    /// The size of a node in all cases together, its parameters filled in.
    fn node(&self, node: &Node) -> usize {
        let inside = match &node.value {
            Value::Text(text) => self.text(text),
            Value::List(nodes) => sum(nodes.iter().map(|node| self.node(node))),
            Value::Table(entries) => {
                let both = |entry: &Entry| [self.text(&entry.key), self.node(&entry.node)];
                sum(entries.iter().flat_map(both))
            }
            Value::Integer(_) | Value::Boolean(_) | Value::Other(_) => 0,
        };
        inside.saturating_add(NODE * self.cases)
    }

    fn text(&self, text: &str) -> usize {
        let names = template::names(text);
        let values = names.iter().filter_map(|name| self.values.get(name));
        sum(values.copied()).saturating_add(text.len().saturating_mul(self.cases))
    }
}

/// The number of cases, as soon as it is not too large.
fn count(rows: Option<&[Row]>, lists: &[List], problems: &mut Vec<Problem>) -> Option<usize> {
    let mut cases = rows.map_or(1, <[Row]>::len);
    for (_, list) in lists {
        cases = cases.saturating_mul(list.len());
        if cases > bounds::CASES.most {
            problems.push(bounds::CASES.exceeded(list[0].span));
            return None;
        }
    }
    Some(cases)
}

/// For each parameter the size of its values in all cases together.
fn values(cases: usize, rows: Option<&[Row]>, lists: &[List]) -> HashMap<String, usize> {
    let mut values = HashMap::new();
    let mut add = |name: &str, size: usize, each: usize| {
        let sum: &mut usize = values.entry(name.to_owned()).or_default();
        *sum = sum.saturating_add(size.saturating_mul(each));
    };
    for (name, list) in lists {
        add(name, sum(list.iter().map(weight)), cases / list.len());
    }
    let rows = rows.unwrap_or_default();
    for row in rows {
        let each = cases / rows.len();
        let label = row.name.as_ref().map_or(0, |(label, _)| label.len());
        add("name", label, each);
        for (name, value) in &row.values {
            add(name, weight(value), each);
        }
    }
    values
}

fn sum(sizes: impl Iterator<Item = usize>) -> usize {
    sizes.fold(0, usize::saturating_add)
}

/// The size of a value, in bytes.
fn weight(node: &Node) -> usize {
    let inside = match &node.value {
        Value::Text(text) => text.len(),
        Value::List(nodes) => nodes.iter().map(weight).sum(),
        Value::Table(entries) => entries
            .iter()
            .map(|entry| entry.key.len() + weight(&entry.node))
            .sum(),
        Value::Integer(_) | Value::Boolean(_) | Value::Other(_) => 0,
    };
    inside + NODE
}

/// The place of the first value.
fn start(rows: Option<&[Row]>, lists: &[List]) -> Span {
    let of_rows = rows.into_iter().flatten().flat_map(|row| &row.values);
    let of_lists = lists.iter().flat_map(|(_, values)| values);
    let mut values = of_rows.map(|(_, value)| value).chain(of_lists);
    values.next().map(|value| value.span).unwrap_or_default()
}

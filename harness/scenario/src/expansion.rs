//! How large the cases of a file are, computed from its parameters before one is made.
//!
//! Seven lists of ten values fit into a line and make ten million cases; a long value in a
//! text that is repeated in each of them multiplies again.

use std::collections::HashMap;

use crate::bounds;
use crate::parameters::{Lists, Rows};
use crate::problem::{Problem, Span};
use crate::template::Template;
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
        let listed = rows.map_or(1, |rows| rows.0.len());
        let lists = lists.map_or(&[][..], |lists| &lists.0);
        let span = |(_, values): &(String, Vec<Node>)| values[0].span;
        let widest = rows.into_iter().flat_map(|rows| &rows.0);
        let widest = widest.map(|row| row.values.len()).max().unwrap_or(0) + lists.len();
        if !bounds::PARAMETERS.holds(widest, start(rows, lists), problems) {
            return None;
        }
        let mut cases = listed;
        for list in lists {
            cases = cases.saturating_mul(list.1.len());
            if cases > bounds::CASES.most {
                problems.push(bounds::CASES.exceeded(span(list)));
                return None;
            }
        }
        if !bounds::CASES.holds(cases, start(rows, lists), problems) {
            return None;
        }
        let mut values = HashMap::new();
        for (name, list) in lists {
            let each = cases / list.len().max(1);
            add(&mut values, name, list.iter().map(weight), each);
        }
        let each = cases / listed.max(1);
        for row in rows.into_iter().flat_map(|rows| &rows.0) {
            let label = row.name.iter().map(|(label, _)| label.len());
            add(&mut values, "name", label, each);
            for (name, value) in &row.values {
                add(&mut values, name, [weight(value)].into_iter(), each);
            }
        }
        Some(Self { cases, values })
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
        let template = Template::parse(text, Span::default()).ok();
        let references = template.iter().flat_map(Template::references);
        let values = references.filter_map(|reference| self.values.get(&reference.name));
        sum(values.copied()).saturating_add(text.len().saturating_mul(self.cases))
    }
}

/// Adds sizes to those of a parameter, each as often as there are cases with it.
fn add(
    values: &mut HashMap<String, usize>,
    name: &str,
    sizes: impl Iterator<Item = usize>,
    each: usize,
) {
    let size = values.entry(name.to_owned()).or_default();
    *size = size.saturating_add(sum(sizes).saturating_mul(each));
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
fn start(rows: Option<&Rows>, lists: &[(String, Vec<Node>)]) -> Span {
    let of_rows = rows.into_iter().flat_map(|rows| &rows.0);
    let of_rows = of_rows.flat_map(|row| &row.values).map(|(_, value)| value);
    let of_lists = lists.iter().flat_map(|(_, values)| values);
    let mut spans = of_rows.chain(of_lists).map(|value| value.span);
    spans.next().unwrap_or_default()
}

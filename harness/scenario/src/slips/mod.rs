//! What a file may say, but cannot have been meant: a parameter that nothing uses, an
//! error that no system has, a value in doubled braces, an expectation that is never used.

mod cycles;
mod errors;
mod systems;

use std::collections::BTreeSet;

pub(crate) use errors::wrong_answers;
pub(crate) use systems::{in_vain, no_differences};

use crate::leaf::is_name;
use crate::parameters::{Lists, Rows, names_in};
use crate::problem::{Problem, enough};
use crate::template::Reference;
use crate::tree::{Entry, Node, Value};

/// Finds them in the parts of a file that can use its parameters; returns the names that
/// these use.
pub(crate) fn find<'a>(
    rows: Option<&Rows>,
    lists: Option<&Lists>,
    parts: impl Iterator<Item = &'a Node>,
    problems: &mut Vec<Problem>,
) -> BTreeSet<String> {
    let parts: Vec<&Node> = parts.collect();
    let rows = rows.iter().flat_map(|rows| &rows.0);
    let in_rows = rows.flat_map(|row| row.values.iter().map(|(name, node)| (name, node)));
    let lists = lists.iter().flat_map(|lists| &lists.0);
    let in_lists = lists.flat_map(|(name, nodes)| nodes.iter().map(move |node| (name, node)));
    let parameters: Vec<(&String, &Node)> = in_rows.chain(in_lists).collect();

    let mut used = BTreeSet::new();
    let values = parameters.iter().map(|(_, node)| *node);
    for node in parts.iter().copied().chain(values) {
        names_in(node, &mut used);
    }
    unused(&parameters, &used, problems);
    cycles::find(&parameters, problems);
    for part in &parts {
        errors::wrong_conditions(part, problems);
    }

    let mut names: BTreeSet<&str> = used.iter().map(String::as_str).collect();
    names.extend(parameters.iter().map(|(name, _)| name.as_str()));
    parts.iter().for_each(|part| made_in(part, &mut names));
    for part in parts {
        doubled(part, &names, problems);
    }
    used
}

/// A typo in a row's key would remove the row's expectation.
fn unused(parameters: &[(&String, &Node)], used: &BTreeSet<String>, problems: &mut Vec<Problem>) {
    let mut seen = BTreeSet::new();
    for (name, node) in parameters {
        if enough(problems) {
            return;
        }
        if is_name(name) && !used.contains(*name) && seen.insert(*name) {
            let problem = Problem::new(node.span, format!("nothing uses the parameter `{name}`"));
            let others = used.iter().map(String::as_str);
            problems.push(match crate::nearest(name, &others.collect::<Vec<_>>()) {
                Some(near) => problem.hint(format!("did you mean `{near}`?")),
                None => problem.hint(format!("write `{{{name}}}` where it belongs, or remove it")),
            });
        }
    }
}

/// A result that is saved and not used is a question that was forgotten.
pub(crate) fn unused_results(node: &Node, used: &BTreeSet<String>, problems: &mut Vec<Problem>) {
    match &node.value {
        Value::List(nodes) => {
            let nodes = nodes.iter();
            nodes.for_each(|node| unused_results(node, used, problems));
        }
        Value::Table(entries) => {
            for Entry { key, node, .. } in entries {
                match &node.value {
                    Value::Text(name) if key == "save" => {
                        if is_name(name) && !used.contains(name) && !enough(problems) {
                            let message = format!("nothing uses the saved result `{name}`");
                            let problem = Problem::new(node.span, message);
                            problems.push(problem.hint(format!(
                                "write `{{{name}}}` in the answer, or remove `save`"
                            )));
                        }
                    }
                    _ => unused_results(node, used, problems),
                }
            }
        }
        _ => {}
    }
}

/// The names that steps give to sockets and results.
fn made_in<'a>(node: &'a Node, names: &mut BTreeSet<&'a str>) {
    match &node.value {
        Value::List(nodes) => nodes.iter().for_each(|node| made_in(node, names)),
        Value::Table(entries) => {
            for Entry { key, node, .. } in entries {
                match &node.value {
                    Value::Text(name) if ["save", "as", "socket"].contains(&key.as_str()) => {
                        names.insert(name);
                    }
                    _ => made_in(node, names),
                }
            }
        }
        _ => {}
    }
}

/// `{{name}}` is the text `{name}`.
fn doubled(node: &Node, names: &BTreeSet<&str>, problems: &mut Vec<Problem>) {
    match &node.value {
        Value::List(nodes) => nodes.iter().for_each(|node| doubled(node, names, problems)),
        Value::Table(entries) => {
            let nodes = entries.iter().map(|entry| &entry.node);
            nodes.for_each(|node| doubled(node, names, problems));
        }
        Value::Text(text) => {
            let inside = text.split("{{").skip(1);
            let mut inside = inside.filter_map(|rest| Some(rest.split_once("}}")?.0));
            let value = inside.find(|inside| {
                Reference::parse(inside).is_ok_and(|reference| names.contains(&*reference.name))
            });
            if let Some(value) = value.filter(|_| !enough(problems)) {
                let message = format!("`{{{{{value}}}}}` is the text `{{{value}}}`, not a value");
                let problem = Problem::new(node.span, message);
                problems.push(problem.hint(format!("write `{{{value}}}`")));
            }
        }
        _ => {}
    }
}

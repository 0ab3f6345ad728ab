//! Errors by names that no system has, where an answer or a condition would wait for them
//! in vain.

use dualstack_names::ErrorName;

use crate::expect::Patterns;
use crate::problem::{Problem, enough};
use crate::source::Span;
use crate::tree::{Entry, Node, Value};

/// Errors in expected answers that no system has.
pub(crate) fn wrong_answers(patterns: &Patterns, span: Span) -> Option<Problem> {
    patterns.0.iter().find_map(|pattern| {
        if pattern.starts_with('!') {
            let message = format!("`{pattern}` would be an answer that begins with `!`");
            return Some(Problem::new(span, message).hint("list the answers that are accepted"));
        }
        let words = pattern.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
        words.filter_map(|word| wrong_error(word, span)).next()
    })
}

fn wrong_error(word: &str, span: Span) -> Option<Problem> {
    let known = |name: &str| ErrorName::all().any(|known| known == name);
    let looks_like_one = word.len() >= 5
        && (word.starts_with('E') || word.starts_with("WSAE"))
        && word
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    if !looks_like_one || known(word) {
        return None;
    }
    let problem = Problem::new(span, format!("`{word}` is not the name of an error"));
    Some(match ErrorName::portable(word) {
        Some(portable) => problem.hint(format!("did you mean `{portable}`?")),
        None => problem.nearest(word, ErrorName::all()),
    })
}

/// Errors in conditions (`when`) that no system has.
pub(super) fn wrong_conditions(node: &Node, problems: &mut Vec<Problem>) {
    if enough(problems) {
        return;
    }
    match &node.value {
        Value::List(nodes) => {
            nodes
                .iter()
                .for_each(|node| wrong_conditions(node, problems));
        }
        Value::Table(entries) => {
            for Entry { key, node, .. } in entries {
                match key.as_str() {
                    "when" => wrong_texts(node, problems),
                    _ => wrong_conditions(node, problems),
                }
            }
        }
        _ => {}
    }
}

fn wrong_texts(node: &Node, problems: &mut Vec<Problem>) {
    match &node.value {
        Value::Text(text) => problems.extend(wrong_error(text, node.span)),
        Value::List(nodes) => nodes.iter().for_each(|node| wrong_texts(node, problems)),
        Value::Table(entries) => {
            let nodes = entries.iter().map(|entry| &entry.node);
            nodes.for_each(|node| wrong_texts(node, problems));
        }
        _ => {}
    }
}

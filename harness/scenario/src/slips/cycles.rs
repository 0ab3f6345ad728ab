//! Parameters whose values name each other in a circle.

use std::collections::{BTreeMap, BTreeSet};

use crate::parameters::names_in;
use crate::problem::{Problem, enough};
use crate::tree::Node;

/// The parameters that each parameter's values name.
type Named<'a> = BTreeMap<&'a str, BTreeSet<String>>;

/// Finds the parameters that lead back to themselves.
pub(super) fn find(parameters: &[(&String, &Node)], problems: &mut Vec<Problem>) {
    let mut named = Named::new();
    for (name, node) in parameters {
        names_in(node, named.entry(name).or_default());
    }
    let mut seen = BTreeSet::new();
    for (name, node) in parameters {
        if enough(problems) {
            return;
        }
        if seen.insert(*name) && leads_to_itself(name, &named) {
            let message = format!("the values of the parameter `{name}` lead back to `{name}`");
            let problem = Problem::new(node.span, message);
            problems.push(problem.hint("write the text that is meant"));
        }
    }
}

fn leads_to_itself(name: &str, named: &Named<'_>) -> bool {
    let mut reached: BTreeSet<&str> = BTreeSet::new();
    let mut left: Vec<&str> = vec![name];
    while let Some(next) = left.pop() {
        for further in named.get(next).into_iter().flatten() {
            if further == name {
                return true;
            }
            if reached.insert(further) {
                left.push(further);
            }
        }
    }
    false
}

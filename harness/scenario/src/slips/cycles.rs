//! Parameters whose values name each other in a circle.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::parameters::names_in;
use crate::problem::{Problem, enough};
use crate::tree::Node;

/// Finds the parameters that lead back to themselves, or between two that do.
pub(super) fn find(parameters: &[(&String, &Node)], problems: &mut Vec<Problem>) {
    let mut named: HashMap<&str, BTreeSet<String>> = HashMap::new();
    for (name, node) in parameters {
        names_in(node, named.entry(name).or_default());
    }
    let edges = named.iter().flat_map(|(from, names)| {
        let known = names.iter().filter_map(|name| named.get_key_value(&**name));
        known.map(|(to, _)| (*from, *to))
    });
    let edges: Vec<(&str, &str)> = edges.collect();
    let ends = without_ends(named.keys().copied().collect(), &edges);
    let back: Vec<(&str, &str)> = edges.iter().map(|(from, to)| (*to, *from)).collect();
    let circle = without_ends(ends, &back);
    let mut seen = HashSet::new();
    for (name, node) in parameters {
        if enough(problems) {
            return;
        }
        if circle.contains(name.as_str()) && seen.insert(*name) {
            let message = format!("the values of the parameter `{name}` lead back to `{name}`");
            let problem = Problem::new(node.span, message);
            problems.push(problem.hint("write the text that is meant"));
        }
    }
}

/// Removes what leads nowhere, again and again, in time linear in the edges.
fn without_ends<'a>(mut left: HashSet<&'a str>, edges: &[(&'a str, &'a str)]) -> HashSet<&'a str> {
    let mut leads: HashMap<&str, usize> = HashMap::new();
    let mut comes_from: HashMap<&str, Vec<&str>> = HashMap::new();
    let inside = edges
        .iter()
        .filter(|(from, to)| left.contains(from) && left.contains(to));
    for (from, to) in inside {
        *leads.entry(from).or_default() += 1;
        comes_from.entry(to).or_default().push(from);
    }
    let ends = left
        .iter()
        .copied()
        .filter(|name| !leads.contains_key(name));
    let mut ends: Vec<&str> = ends.collect();
    while let Some(end) = ends.pop() {
        left.remove(end);
        for from in comes_from.remove(end).into_iter().flatten() {
            let leads = leads.entry(from).or_default();
            *leads -= 1;
            if *leads == 0 {
                ends.push(from);
            }
        }
    }
    left
}

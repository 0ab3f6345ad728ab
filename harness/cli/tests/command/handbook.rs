//! The handbook: every rule rests on cells of the published results.

use std::collections::BTreeSet;
use std::path::Path;

use dualstack_handbook::{Evidence, rules};
use dualstack_scenario::split_id;

use crate::published::{self, Statement};
use crate::{dualstack, stdout};

#[test]
fn every_rule_rests_on_the_published_results() {
    let results = published::results();
    for rule in rules() {
        for &Evidence { case, on, answer } in rule.cells {
            Statement { case, on, answer }.hold(rule.id, &results);
        }
    }
}

#[test]
fn every_topic_of_the_corpus_has_a_rule_that_rests_on_it() {
    let corpus = dualstack::corpus::embedded().unwrap().scenarios;
    let topics: BTreeSet<&str> = corpus
        .iter()
        .map(|scenario| split_id(&scenario.id).0)
        .collect();
    let cells = rules().flat_map(|rule| rule.cells);
    let ruled: BTreeSet<&str> = cells.map(|cell| split_id(cell.case).0).collect();
    assert_eq!(ruled, topics);
}

#[test]
fn explain_names_the_rules_that_rest_on_a_case() {
    let explained = |case| stdout(&dualstack(&["explain", case], Path::new("/")));
    let rule = "handbook, scope: Keep the scope of a link-local address";
    assert!(explained("two-hosts/accepted-peer/link-local client").contains(rule));
    assert!(!explained("two-hosts/accepted-peer/IPv4 client").contains(rule));
}

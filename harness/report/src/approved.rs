//! Approved answers: one table per scenario, as stored in a snapshot.
//!
//! Systems that agree share a table. A system that answers differently has its own, named
//! with an `@` and the system, so that the list of files shows who differs. A system is
//! compared only if it is in the list of approved systems; the answers of others are
//! proposals.

use std::collections::BTreeMap;

use dualstack_scenario::{Case, System};
use serde::Deserialize;

use crate::results::{Cell, Results, ScenarioRecord};
use dualstack_scenario::Verdict;

/// The separator between a row and its answer.
const BAR: &str = " │ ";
/// The name of the row of a scenario that has only one case.
const ONLY: &str = "answer";

/// The systems whose answers have been approved.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Systems {
    /// The label of the system that the shared tables are made from.
    shared: String,
    /// The approved versions of each system, cut to two numbers.
    approved: BTreeMap<String, Vec<String>>,
}

impl Systems {
    /// Whether the shared tables are made from that system.
    pub fn shared(&self, system: &System) -> bool {
        system.label() == self.shared
    }

    /// Whether the answers of that system have been approved.
    pub fn contain(&self, system: &System) -> bool {
        let label = system.label();
        let (name, version) = label.split_once(' ').unwrap_or((&label, ""));
        let versions = self.approved.get(name);
        versions.is_some_and(|versions| versions.iter().any(|known| known == version))
    }
}

/// The names that a system's own table may have, the most specific first; the last is
/// that of the shared table.
pub fn names(file: &str, system: &System) -> [String; 3] {
    let label = system.label().replace(' ', "-");
    let name = label.split('-').next().unwrap_or(&label).to_owned();
    [
        format!("{file}@{label}"),
        format!("{file}@{name}"),
        file.to_owned(),
    ]
}

/// The answers to one scenario as a table with one row per case.
///
/// A row without an answer keeps its `approved` answer, so that a machine that cannot run
/// all cases is still compared with the rest. The second value lists those rows.
pub fn table(
    results: &Results,
    scenario: &ScenarioRecord,
    column: &str,
    approved: Option<&str>,
) -> (String, Vec<String>) {
    let approved = approved.map(rows).unwrap_or_default();
    let width = scenario
        .cases
        .iter()
        .map(|case| label(&case.row).chars().count())
        .max();
    let mut table = String::new();
    let mut kept = Vec::new();
    for case in &scenario.cases {
        let row = label(&case.row);
        let cell = results.cell(column, &case.id);
        let answer = cell.and_then(|cell| settled(results, case, cell));
        let unanswered = cell.map_or(Verdict::Error, |cell| cell.verdict).to_string();
        let answer = match (answer, approved.get(row)) {
            (Some(answer), _) => answer,
            (None, Some(answer)) => {
                kept.push(case.id.clone());
                (*answer).to_owned()
            }
            (None, None) => unanswered,
        };
        let padding = " ".repeat(width.unwrap_or(0) - row.chars().count());
        table.push_str(&format!("{row}{padding}{BAR}{answer}\n"));
    }
    (table, kept)
}

/// The answer of a cell, or all accepted answers if chance decides between them.
fn settled(results: &Results, case: &Case, cell: &Cell) -> Option<String> {
    let answer = cell.answer.clone()?;
    let expected = results
        .finding(case, cell)
        .and_then(|finding| finding.expected);
    let varying = expected.filter(|expected| expected.varies && expected.answer.fit(&answer));
    Some(varying.map_or(answer, |expected| {
        format!("now {}", expected.answer.0.join(", now "))
    }))
}

/// The answers of a table, by row.
fn rows(table: &str) -> BTreeMap<&str, &str> {
    let rows = table.lines().filter_map(|line| line.split_once(BAR));
    rows.map(|(row, answer)| (row.trim_end(), answer)).collect()
}

fn label(row: &str) -> &str {
    if row.is_empty() { ONLY } else { row }
}

/// The answer to one case in an approved table.
pub fn answer<'a>(table: &'a str, row: &str) -> Option<&'a str> {
    rows(table).get(label(row)).copied()
}

//! Approved answers: one table a scenario, as it stands in a snapshot.
//!
//! A table is shared by the systems that agree; a system that answers otherwise
//! has one of its own, called after it with an `@`, so that the list of files
//! shows who differs. A system counts only once it is in the list of those that
//! somebody has looked at; what others answer is a proposal.

use std::collections::BTreeMap;

use dualstack_scenario::{Case, System};
use serde::Deserialize;

use crate::results::{Cell, Results, ScenarioRecord};
use crate::verdict::Verdict;

/// What stands between a row and its answer.
const BAR: &str = " │ ";
/// What stands for the row of a scenario that has only one case.
const ONLY: &str = "answer";

/// The systems whose answers have been approved.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Systems {
    /// The system that the shared tables are made from, by its label.
    shared: String,
    /// For each system its versions, which are cut to two numbers.
    approved: BTreeMap<String, Vec<String>>,
}

impl Systems {
    /// Whether the shared tables are made from that system.
    pub fn shared(&self, system: &System) -> bool {
        system.label() == self.shared
    }

    /// Whether somebody has approved the answers of that system.
    pub fn contain(&self, system: &System) -> bool {
        let label = system.label();
        let (name, version) = label.split_once(' ').unwrap_or((&label, ""));
        let versions = self.approved.get(name);
        versions.is_some_and(|versions| versions.iter().any(|known| known == version))
    }
}

/// The names that a system's own table may have, the most particular first,
/// and last that of the shared one.
pub fn names(file: &str, system: &System) -> [String; 3] {
    let label = system.label().replace(' ', "-");
    let name = label.split('-').next().unwrap_or(&label).to_owned();
    [
        format!("{file}@{label}"),
        format!("{file}@{name}"),
        file.to_owned(),
    ]
}

/// The answers to one scenario as a table, a row a case.
///
/// A row that was not answered keeps its `approved` answer, so that a machine
/// that cannot carry out all cases is still held to the rest. The second value
/// names those rows.
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

/// The answer of a cell, or all of them where chance decides which one it is.
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

/// The answers of a table by row.
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

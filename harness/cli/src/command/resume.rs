//! A run that goes on where another one broke off: the answers in its results file are not
//! asked for again.

use std::collections::HashSet;
use std::path::Path;

use dualstack_report::{Results, ScenarioRecord, Verdict};
use dualstack_scenario::{Case, Scenario};

use crate::failure::Failure;
use crate::results_file;

/// The results of the run that broke off, which must be about the same scenarios.
pub(super) fn read(file: &Path, scenarios: &[Scenario]) -> Result<Results, Failure> {
    let earlier = results_file::read(file)?;
    match first_change(&earlier.scenarios, scenarios) {
        None => Ok(earlier),
        Some(change) => Err(Failure::usage_hint(
            format!("{} cannot be resumed: {change}", file.display()),
            "run without --resume, or choose the scenarios and cases that are in the file",
        )),
    }
}

/// The first difference between the scenarios of a file and those that are to be run.
fn first_change(earlier: &[ScenarioRecord], now: &[Scenario]) -> Option<String> {
    let gone = earlier
        .iter()
        .find(|earlier| now.iter().all(|now| now.id != earlier.id));
    if let Some(gone) = gone {
        return Some(format!("{} is in it, and is not to be run now", gone.id));
    }
    now.iter().find_map(
        |now| match earlier.iter().find(|earlier| earlier.id == now.id) {
            None => Some(format!("{} is to be run, and is not in it", now.id)),
            Some(earlier) if *earlier != ScenarioRecord::from(now) => {
                Some(format!("{} is not as it was", now.id))
            }
            Some(_) => None,
        },
    )
}

/// The cases that a platform has not answered. An error is no answer.
pub(super) fn unanswered<'a>(
    earlier: &Results,
    platform: &str,
    cases: &[&'a Case],
) -> Vec<&'a Case> {
    let cells = earlier.cells.iter().filter(|cell| cell.column == platform);
    let answered = cells.filter(|cell| cell.verdict != Verdict::Error);
    let answered: HashSet<&str> = answered.map(|cell| cell.case.as_str()).collect();
    let cases = cases.iter().copied();
    cases
        .filter(|case| !answered.contains(case.id.as_str()))
        .collect()
}

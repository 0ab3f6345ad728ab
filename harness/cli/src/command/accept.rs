//! `dualstack accept`: approves answers, change by change.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io::{self, BufRead};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use dualstack_report::changes::Change;
use dualstack_report::text::count;
use dualstack_report::{Cell, Column, Results};
use dualstack_scenario::shown;

use super::against;
use crate::failure::{Failure, exit};
use crate::results_file::{self, ResultsFile};

#[derive(Clone, Debug, Args)]
pub(super) struct AcceptArguments {
    /// The file with the approved answers, which `run --against` compares with; it is made if
    /// it is not there
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The results with the new answers; default: the newest in `dualstack-results`
    #[arg(long, value_name = "FILE")]
    results: Option<PathBuf>,
    /// Accept every change, without asking; default: ask about each one
    #[arg(long)]
    all: bool,
}

/// What to do with a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Decision {
    Accept,
    Leave,
}

pub(super) fn accept(arguments: &AcceptArguments) -> Result<ExitCode, Failure> {
    let path = arguments.results.clone().or_else(results_file::newest);
    let path = path.ok_or_else(|| {
        let what = format!("there are no results in {}", results_file::FOLDER);
        Failure::usage_hint(
            what,
            "make some with `dualstack run`, or name a file with --results",
        )
    })?;
    let now = results_file::read(&path)?;
    // A file that cannot be written is better known before the questions than after them.
    let file = ResultsFile::prepare(Some(&arguments.file))?;
    let approved = approved(&arguments.file, &now)?;
    let changes = against::changes(&approved, &now);
    let changes: Vec<(&str, &Change<'_>)> = changes
        .platforms
        .iter()
        .filter_map(|platform| Some((platform.after?.id.as_str(), &platform.changes)))
        .flat_map(|(column, changes)| changes.iter().map(move |change| (column, change)))
        .collect();
    let decisions = decide(&changes, arguments.all)?;
    let left = decisions.iter().filter(|made| **made == Decision::Leave);
    let (all, left) = (changes.len(), left.count());
    let decided = changes.into_iter().zip(decisions);
    let whole = with_decisions(&approved, &now, decided);
    let file = file.finish(&whole)?;
    super::print(shown!(
        "{} accepted, {} left as before: {}\n",
        count(all - left, "change"),
        left,
        file
    ))?;
    let code = match left {
        0 => exit::AS_EXPECTED,
        _ => exit::DIFFERS,
    };
    Ok(code.into())
}

/// The answers that were approved before.
fn approved(file: &Path, now: &Results) -> Result<Results, Failure> {
    let before = if fs::exists(file).unwrap_or(true) {
        results_file::read(file)?
    } else {
        let mut nothing = now.clone();
        nothing.cells.clear();
        nothing
    };
    Ok(against::with_columns_of(before, now))
}

/// Asks about each change, as long as there is someone to answer.
fn decide(changes: &[(&str, &Change<'_>)], all: bool) -> Result<Vec<Decision>, Failure> {
    let mut lines = io::stdin().lock().lines();
    let mut rest = all.then_some(Decision::Accept);
    let mut decisions = Vec::new();
    for (number, (column, change)) in (1..).zip(changes) {
        if change.after.is_none_or(|cell| cell.answer.is_none()) {
            super::print(shown!(
                "{}: no answer to accept\n{}",
                column,
                change.shown()
            ))?;
            decisions.push(Decision::Leave);
            continue;
        }
        let made = match rest {
            Some(decision) => decision,
            None => loop {
                super::print(shown!(
                    "{}/{} on {}\n{}accept? [y]es, [n]o, [a]ll, [q]uit ",
                    number,
                    changes.len(),
                    column,
                    change.shown()
                ))?;
                match lines.next().and_then(Result::ok).as_deref().map(str::trim) {
                    Some("y" | "yes") => break Decision::Accept,
                    Some("n" | "no") => break Decision::Leave,
                    Some("a" | "all") => break *rest.insert(Decision::Accept),
                    Some("q" | "quit") | None => break *rest.insert(Decision::Leave),
                    Some(_) => {}
                }
            },
        };
        decisions.push(made);
    }
    Ok(decisions)
}

/// The approved answers after the decisions.
fn with_decisions<'a>(
    approved: &Results,
    now: &Results,
    decided: impl Iterator<Item = ((&'a str, &'a Change<'a>), Decision)>,
) -> Results {
    let left = decided.filter(|(_, decision)| *decision == Decision::Leave);
    let left: HashMap<(String, String), &Change<'_>> = left
        .map(|((column, change), _)| ((column.to_owned(), change.case.to_owned()), change))
        .collect();
    let mut now = now.clone();
    now.cells = std::mem::take(&mut now.cells)
        .into_iter()
        .filter_map(|cell| {
            match left.get(&(cell.column.clone(), cell.case.clone())) {
                None => Some(cell),
                // What was approved was the answer to another question.
                Some(change) if change.asked_otherwise => None,
                Some(change) => change.before.map(without_conditions),
            }
        })
        .collect();
    add_what_was_not_asked(&mut now, approved, &left);
    now
}

/// Adds the approved platforms, cases and answers that this run says nothing about.
fn add_what_was_not_asked(
    now: &mut Results,
    approved: &Results,
    left: &HashMap<(String, String), &Change<'_>>,
) {
    let asked: HashSet<String> = now.cases().map(|(_, case)| case.id.clone()).collect();
    let places = now.scenarios.iter().enumerate();
    let places: HashMap<String, usize> = places.map(|(at, known)| (known.id.clone(), at)).collect();
    for scenario in &approved.scenarios {
        let Some(place) = places.get(&scenario.id) else {
            now.scenarios.push(scenario.clone());
            continue;
        };
        let missing = scenario
            .cases
            .iter()
            .filter(|case| !asked.contains(&case.id));
        now.scenarios[*place].cases.extend(missing.cloned());
    }
    now.scenarios.sort_by(|a, b| a.id.cmp(&b.id));
    let shared: HashSet<&str> = now.columns.iter().map(|column| &*column.id).collect();
    let missing = approved
        .columns
        .iter()
        .filter(|column| !shared.contains(&*column.id));
    let missing: Vec<Column> = missing.cloned().collect();
    let answered = |cell: &Cell| (cell.column.clone(), cell.case.clone());
    let known: HashSet<_> = now.cells.iter().map(answered).collect();
    let cells = approved.cells.iter().filter(|cell| {
        let of = answered(cell);
        !known.contains(&of) && !left.contains_key(&of)
    });
    let cells: Vec<Cell> = cells
        .map(|cell| match shared.contains(&*cell.column) {
            true => without_conditions(cell),
            false => cell.clone(),
        })
        .collect();
    now.columns.extend(missing);
    now.cells.extend(cells);
}

/// A cell counts the conditions of its own run.
fn without_conditions(cell: &Cell) -> Cell {
    Cell {
        conditions: None,
        ..cell.clone()
    }
}

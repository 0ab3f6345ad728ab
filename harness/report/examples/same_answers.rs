//! Compares the answers of two results files, for `.ci/soak`.
//!
//! ```sh
//! cargo run -p dualstack-report --example same_answers -- FIRST.json NOW.json [--interrupted]
//! ```
//!
//! An answer that chance decides (`varies`) may be any of those that are expected. With
//! `--interrupted`, cells of the second file may be without an answer. Prints what differs,
//! with the reasons of errors first, and exits with 1 if anything does.

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::{env, fs};

use dualstack_report::{Results, Verdict, approved};

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (first, now, interrupted) = match arguments.as_slice() {
        [first, now] => (first, now, false),
        [first, now, flag] if flag == "--interrupted" => (first, now, true),
        _ => return Err("usage: same_answers FIRST.json NOW.json [--interrupted]".into()),
    };
    let (first, now) = (read(first)?, read(now)?);
    let differences = differences(&first, &now, interrupted);
    if !differences.is_empty() {
        reasons(&now).iter().for_each(|reason| println!("{reason}"));
        differences.iter().for_each(|line| println!("{line}"));
    }
    Ok(ExitCode::from(u8::from(!differences.is_empty())))
}

fn read(path: &str) -> Result<Results, Box<dyn std::error::Error>> {
    Ok(Results::read(&fs::read_to_string(path)?)?)
}

/// Why cells are errors, each reason once per platform.
fn reasons(results: &Results) -> BTreeSet<String> {
    let cells = results.cells.iter();
    let errors = cells.filter(|cell| cell.verdict == Verdict::Error);
    let reason = errors.map(|cell| {
        let why = cell.why.as_deref().unwrap_or_default();
        format!("{}: {why}", cell.column)
    });
    reason.collect()
}

/// The rows of approved tables that differ, for each platform and scenario of the first
/// file.
fn differences(first: &Results, now: &Results, interrupted: bool) -> Vec<String> {
    let mut differences = Vec::new();
    for column in &first.columns {
        for scenario in &first.scenarios {
            let (before, _) = approved::table(first, scenario, &column.id, None);
            let kept = interrupted.then_some(before.as_str());
            let (after, _) = approved::table(now, scenario, &column.id, kept);
            let rows = before.lines().zip(after.lines());
            let differing = rows.filter(|(before, after)| before != after);
            differences.extend(differing.map(|(before, after)| {
                format!("{} {}: {before}, now {after}", column.id, scenario.id)
            }));
        }
    }
    differences
}

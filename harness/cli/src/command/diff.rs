//! `dualstack diff`: what changed between two runs, or between two platforms.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use dualstack_report::changes::{self, Change, Pair, PlatformChanges};
use dualstack_report::form::junit::{Outcome, Test};
use dualstack_report::{Cell, Results};
use serde_json::{Value, json};

use super::machine::Output;
use super::report::merged;
use crate::failure::{Failure, exit};

#[derive(Clone, Debug, Args)]
pub(super) struct DiffArguments {
    /// The older results file
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// The newer results file; it may be the same, to compare two platforms in it
    #[arg(value_name = "NEW")]
    new: PathBuf,
    /// Compare this platform, or OLD=NEW to compare two; default: all with the same name
    #[arg(long, value_name = "PLATFORM")]
    platform: Vec<String>,
    #[command(flatten)]
    output: Output,
}

pub(super) fn diff(arguments: &DiffArguments) -> Result<ExitCode, Failure> {
    let (old, _) = merged(std::slice::from_ref(&arguments.old))?;
    let (new, _) = merged(std::slice::from_ref(&arguments.new))?;
    let pairs: Vec<Pair> = arguments.platform.iter().map(|named| pair(named)).collect();
    for pair in &pairs {
        known(&old, &pair.before)?;
        known(&new, &pair.after)?;
    }
    let changes = changes::between(&old, &new, &pairs);
    if arguments.output.is_text() {
        super::print_wrapped(changes.shown())?;
    } else {
        let values = changes.platforms.iter().flat_map(values).collect();
        let tests = || changes.platforms.iter().flat_map(tests).collect();
        arguments.output.print(values, "changes", tests)?;
    }
    let code = if changes.is_empty() {
        exit::AS_EXPECTED
    } else {
        exit::DIFFERS
    };
    Ok(code.into())
}

fn pair(named: &str) -> Pair {
    let (before, after) = named.split_once('=').unwrap_or((named, named));
    Pair {
        before: before.to_owned(),
        after: after.to_owned(),
    }
}

/// A platform that does not exist is a mistake, not a change.
fn known(results: &Results, platform: &str) -> Result<(), Failure> {
    let names: Vec<&str> = results.columns.iter().map(|c| c.id.as_str()).collect();
    if names.contains(&platform) {
        return Ok(());
    }
    let hint = format!("the platforms are {}", names.join(", "));
    Err(Failure::usage_hint(
        format!("no platform `{platform}` in that file"),
        hint,
    ))
}

/// The changes on a platform for programs. A platform that is new or gone is one change.
fn values(platform: &PlatformChanges<'_>) -> Vec<Value> {
    let name = platform.name();
    if platform.before.is_none() || platform.after.is_none() {
        return vec![json!({ "platform": name, "change": platform.summary() })];
    }
    let changes = platform.changes.iter().map(|change| {
        let cell = |cell: Option<&Cell>| {
            cell.map(|cell| json!({ "verdict": cell.verdict, "answer": cell.answer }))
        };
        json!({
            "platform": name,
            "case": change.case,
            "change": change.kind.heading(),
            "before": cell(change.before),
            "after": cell(change.after),
        })
    });
    changes.collect()
}

/// The changes on a platform as tests that have failed. Without a change it is one test.
fn tests(platform: &PlatformChanges<'_>) -> Vec<Test> {
    let class = platform.name();
    let test = |name: &str, outcome| Test {
        class: class.clone(),
        name: name.to_owned(),
        outcome,
    };
    if platform.is_empty() {
        return vec![test(&class, Outcome::Passed)];
    }
    if platform.changes.is_empty() {
        return vec![test(&class, Outcome::Failed(platform.summary()))];
    }
    let changed = |change: &Change<'_>| {
        let shown = |cell: Option<&Cell>| cell.map_or("no data".to_owned(), Cell::shown);
        let (before, after) = (shown(change.before), shown(change.after));
        let what = format!("{}: {before} → {after}", change.kind.heading());
        test(change.case, Outcome::Failed(what))
    };
    platform.changes.iter().map(changed).collect()
}

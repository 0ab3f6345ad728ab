//! The whole corpus on every platform of the lab, one test each: no answer differs from
//! what is expected, nothing breaks, and the answers are the approved ones.
//!
//! A platform that cannot be used here is ignored. With `DUALSTACK_DEMAND=1` it
//! fails.

mod approval;
mod program;
mod reach;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::thread;

use dualstack::command::{host_of, run_cases};
use dualstack::corpus;
use dualstack_lab::{Platform, Terms, Unusable, platforms};
use dualstack_report::{Cell, Results, Verdict, matrix};
use dualstack_test::ignored::{Started, demanded};
use libtest_mimic::{Arguments, Completion, Failed, Trial};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let started = Started::with(&arguments);
    let platforms = all();
    let ignored = if started.ignored && !demanded() {
        unsupported(&platforms)
    } else {
        vec![false; platforms.len()]
    };
    let trials = platforms.iter().zip(ignored).map(|(platform, ignored)| {
        let name = platform.name().to_owned();
        let trial =
            Trial::ignorable_test(format!("platform {name}"), move || holds(&name, started));
        trial.with_ignored_flag(ignored)
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

/// Every platform except the host, whose cases are separate tests.
fn all() -> Vec<Box<dyn Platform>> {
    let mut all = platforms(&host_of(program::program()));
    all.retain(|platform| platform.name() != "host");
    all
}

/// For each platform whether it is not supported here, probed in parallel, because the
/// list of tests waits for it.
fn unsupported(platforms: &[Box<dyn Platform>]) -> Vec<bool> {
    thread::scope(|scope| {
        let trying = platforms
            .iter()
            .map(|platform| scope.spawn(|| why_not(platform.as_ref()).is_some()));
        let trying: Vec<_> = trying.collect();
        let tried = trying.into_iter();
        tried
            .map(|platform| platform.join().expect("it has not panicked"))
            .collect()
    })
}

/// Why a platform cannot be used here.
fn why_not(platform: &dyn Platform) -> Option<String> {
    if let Err(Unusable { why, fix }) = platform.availability() {
        return Some(format!("{why}; to use it: {fix}"));
    }
    // An agent that starts may still be unable to enter a network namespace.
    platform.isolate().then(|| no_namespace(platform)).flatten()
}

fn no_namespace(platform: &dyn Platform) -> Option<String> {
    let first = &corpus::embedded().ok()?.scenarios[..1];
    let results = run_cases(&[platform], first, Terms::default(), &|_, _| {});
    let cell = results.cells.into_iter().next()?;
    (cell.verdict == Verdict::Unsupported).then_some(cell.why.unwrap_or_default())
}

fn holds(name: &str, started: Started) -> Result<Completion, Failed> {
    let mut all = all().into_iter();
    let platform = all
        .find(|platform| platform.name() == name)
        .ok_or("it has gone")?;
    if let Some(why) = why_not(platform.as_ref()) {
        return started.ignore(&why, demanded());
    }
    let results = run(platform.as_ref())?;
    let mut wrong = differences(&results);
    wrong.extend(reached(platform.as_ref()));
    for scenario in &results.scenarios {
        // insta panics with what it has printed.
        let held = catch_unwind(AssertUnwindSafe(|| {
            approval::hold(&approval::root(), &results, scenario, name)
        }));
        wrong.extend(match held {
            Ok(Ok(())) => None,
            Ok(Err(why)) => Some(why),
            Err(_) => Some(format!(
                "the approved answers of {} are others",
                scenario.id
            )),
        });
    }
    if wrong.is_empty() {
        Ok(Completion::Completed)
    } else {
        Err(wrong.join("\n").into())
    }
}

fn run(platform: &dyn Platform) -> Result<Results, Failed> {
    let scenarios = corpus::read(&[approval::root().join("scenarios")])?.scenarios;
    Ok(run_cases(
        &[platform],
        &scenarios,
        Terms::default(),
        &|_, _| {},
    ))
}

/// The ways beyond the lab that a case found on a platform.
fn reached(platform: &dyn Platform) -> Vec<String> {
    let beyond = [reach::scenario()];
    let results = run_cases(&[platform], &beyond, Terms::default(), &|_, _| {});
    let refused = |cell: &&Cell| {
        let why = cell.why.as_deref().unwrap_or_default();
        cell.verdict == Verdict::Error && why.contains("--allow-network")
    };
    let open = results.cells.iter().filter(|cell| !refused(cell));
    open.map(|cell| format!("not refused: {cell:?}")).collect()
}

fn differences(results: &Results) -> Vec<String> {
    let bad = |verdict| matches!(verdict, Verdict::Differs | Verdict::Error);
    let troubled = results
        .columns
        .iter()
        .any(|column| !column.troubles.is_empty());
    let any = troubled || results.cells.iter().any(|cell| bad(cell.verdict));
    any.then(|| matrix::differences(results).to_string())
        .into_iter()
        .collect()
}

//! The whole corpus on every platform of the lab, a test each: nothing differs
//! from what is expected, nothing breaks, and the answers are the approved ones.
//!
//! A platform that cannot be used here passes and says so, unless
//! `DUALSTACK_DEMAND=1` demands it.

mod approval;
mod program;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use dualstack::command::{host_of, run_cases};
use dualstack::corpus;
use dualstack_lab::{Platform, Unusable, platforms};
use dualstack_report::{Results, Verdict, matrix};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let names = platforms(&host_of(program::program())).into_iter();
    let names = names
        .map(|platform| platform.name().to_owned())
        .filter(|name| name != "host");
    let trials = names.map(|name| Trial::test(format!("platform {name}"), move || holds(&name)));
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

fn holds(name: &str) -> Result<(), Failed> {
    let mut all = platforms(&host_of(program::program())).into_iter();
    let platform = all
        .find(|platform| platform.name() == name)
        .ok_or("it has gone")?;
    if let Err(Unusable { why, fix }) = platform.availability() {
        println!("unavailable here: {why}; to use it: {fix}");
        if approval::demanded() {
            return Err(format!("it is unavailable here, and is demanded: {why}; {fix}").into());
        }
        return Ok(());
    }
    let results = run(platform.as_ref())?;
    let mut wrong = differences(&results);
    for scenario in &results.scenarios {
        // insta panics with what it has printed.
        let held = catch_unwind(AssertUnwindSafe(|| {
            approval::hold(&results, scenario, name)
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
        Ok(())
    } else {
        Err(wrong.join("\n").into())
    }
}

fn run(platform: &dyn Platform) -> Result<Results, Failed> {
    let scenarios = corpus::read(&[approval::root().join("scenarios")])?;
    Ok(run_cases(&[platform], &scenarios, &|_, _| {}))
}

fn differences(results: &Results) -> Vec<String> {
    let bad = |verdict| matches!(verdict, Verdict::Differs | Verdict::Error);
    let troubled = results
        .columns
        .iter()
        .any(|column| !column.troubles.is_empty());
    let any = troubled || results.cells.iter().any(|cell| bad(cell.verdict));
    any.then(|| matrix::differences(results))
        .into_iter()
        .collect()
}

//! Every case of the corpus as a separate test, created when the tests are run, so that a
//! new file is a new test; and for each scenario a test that compares its answers with
//! the approved ones.
//!
//! A case that is not supported on this machine is ignored. With
//! `DUALSTACK_DEMAND=1` it fails if that is because of what it requires.

mod approval;
mod program;

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use dualstack::command::{host_of, run_cases};
use dualstack::{Failure, corpus};
use dualstack_lab::Terms;
use dualstack_report::approved::names;
use dualstack_report::{Cell, Results, Verdict, matrix};
use dualstack_scenario::Scenario;
use dualstack_test::ignored::{Started, demanded};
use libtest_mimic::{Arguments, Completion, Failed, Trial};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let started = Started::with(&arguments);
    let trials =
        match corpus::read(&[approval::root().join("scenarios")]).map(|corpus| corpus.scenarios) {
            Ok(scenarios) => trials(scenarios, started),
            Err(failure) => {
                vec![Trial::test("the scenario files are sound", move || {
                    Err(said(&failure))
                })]
            }
        };
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn said(failure: &Failure) -> Failed {
    match failure {
        Failure::Scenarios(problems) => {
            let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
            lines.join("\n").into()
        }
        other => other.to_string().into(),
    }
}

fn trials(scenarios: Vec<Scenario>, started: Started) -> Vec<Trial> {
    let answered = started.ignored.then(|| run(&scenarios));
    let ignored = |trial: Trial, cases: &[&str]| {
        let cells = answered
            .iter()
            .flat_map(|results| &results.cells)
            .filter(|cell| cases.contains(&cell.case.as_str()));
        let ignored = Unsupported::of(cells).is_some_and(|unsupported| !unsupported.fails());
        trial.with_ignored_flag(ignored)
    };
    let proposed = Trial::test("answers that nobody has approved are proposed", is_proposed);
    let mut trials = vec![proposed];
    for scenario in scenarios {
        let scenario = Arc::new(scenario);
        for case in &scenario.cases {
            let mut alone = Scenario::clone(&scenario);
            alone.cases = vec![case.clone()];
            let trial = Trial::ignorable_test(&case.id, move || holds(&alone, started));
            trials.push(ignored(trial, &[&case.id]));
        }
        let cases: Vec<&str> = scenario.cases.iter().map(|case| case.id.as_str()).collect();
        let name = format!("approved answers: {}", scenario.id);
        let whole = Arc::clone(&scenario);
        let trial = Trial::ignorable_test(name, move || is_approved(&whole, started));
        trials.push(ignored(trial, &cases));
    }
    trials
}

fn run(scenarios: &[Scenario]) -> Results {
    let host = host_of(program::program());
    run_cases(&[&host], scenarios, Terms::default(), &|_, _| {})
}

/// Why none of some cases has an answer here.
struct Unsupported {
    why: String,
    /// Whether the reason is something that they require.
    required: bool,
}

impl Unsupported {
    fn of<'a>(cells: impl IntoIterator<Item = &'a Cell>) -> Option<Self> {
        let mut cells = cells.into_iter().peekable();
        let first = cells.peek()?;
        let why = first.why.clone().unwrap_or_default();
        let mut required = false;
        for cell in cells {
            if cell.verdict != Verdict::Unsupported {
                return None;
            }
            required |= cell.trace.is_empty();
        }
        Some(Self { why, required })
    }

    fn fails(&self) -> bool {
        self.required && demanded()
    }

    fn ignore(&self, started: Started) -> Result<Completion, Failed> {
        started.ignore(&self.why, self.fails())
    }
}

/// The case gives the expected answer on this machine.
fn holds(scenario: &Scenario, started: Started) -> Result<Completion, Failed> {
    let results = run(std::slice::from_ref(scenario));
    if let Some(unsupported) = Unsupported::of(&results.cells) {
        return unsupported.ignore(started);
    }
    match results.cells[0].verdict {
        Verdict::Differs | Verdict::Error => Err(matrix::differences(&results).to_string().into()),
        _ => Ok(Completion::Completed),
    }
}

/// The answers to the scenario are the approved ones.
fn is_approved(scenario: &Scenario, started: Started) -> Result<Completion, Failed> {
    let results = run(std::slice::from_ref(scenario));
    if let Some(unsupported) = Unsupported::of(&results.cells) {
        return unsupported.ignore(started);
    }
    held(&approval::root(), &results)?;
    Ok(Completion::Completed)
}

fn held(root: &Path, results: &Results) -> Result<(), String> {
    approval::hold(root, results, &results.scenarios[0], &results.columns[0].id)
}

/// Answers that are not approved are written as the file that approves them.
fn is_proposed() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let root = folder.path();
    let approved = root.join("scenarios/approved.toml");
    fs::create_dir_all(root.join("scenarios/answers/mapped-peer"))?;
    fs::write(&approved, "shared = \"none\"\n[approved]\n")?;
    let id = "mapped-peer/accept";
    let mut scenarios = corpus::embedded()?.scenarios;
    scenarios.retain(|scenario| scenario.id == id);
    let results = run(&scenarios);
    held(root, &results)?;
    let system = results.columns[0].machine.as_ref();
    let system = &system
        .ok_or("no agent reported which system it is on")?
        .system;
    let name = format!("{}.snap", names("accept", system)[0]);
    let proposed = root.join("reports/proposed/mapped-peer").join(&name);
    // Approved as documented: the file is copied, the system added.
    fs::copy(
        proposed,
        root.join("scenarios/answers/mapped-peer").join(name),
    )?;
    let label = system.label();
    let (os, version) = label.split_once(' ').unwrap_or((&label, ""));
    fs::write(
        &approved,
        format!("shared = \"none\"\n[approved]\n{os} = [\"{version}\"]\n"),
    )?;
    Ok(held(root, &results)?)
}

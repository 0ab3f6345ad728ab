//! Every case of the corpus as a test of its own, made when the tests are run,
//! so that a new file is a new test; and for each scenario a test that holds
//! its answers against the approved ones.
//!
//! With `DUALSTACK_DEMAND=1` a case fails whose requirements cannot be had on
//! this machine. Otherwise it passes and says so.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::{env, fs};

use dualstack::command::{host_of, run_cases};
use dualstack::{Failure, corpus};
use dualstack_lab::Host;
use dualstack_report::approved::{self, Systems};
use dualstack_report::{Verdict, matrix};
use dualstack_scenario::{Scenario, System};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = match corpus::read(&[root().join("scenarios")]) {
        Ok(scenarios) => scenarios.into_iter().flat_map(trials).collect(),
        Err(failure) => vec![Trial::test("the scenario files are sound", move || {
            Err(said(&failure))
        })],
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

/// The workspace, where it lies now: nextest may have moved it.
fn root() -> PathBuf {
    let package = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    package.join("../..")
}

fn host() -> Host {
    let program = env::var_os("NEXTEST_BIN_EXE_dualstack").map_or_else(
        || PathBuf::from(env!("CARGO_BIN_EXE_dualstack")),
        PathBuf::from,
    );
    host_of(program)
}

fn trials(scenario: Scenario) -> Vec<Trial> {
    let scenario = Arc::new(scenario);
    let cases = scenario.cases.iter().map(|case| {
        let mut alone = Scenario::clone(&scenario);
        alone.cases = vec![case.clone()];
        Trial::test(&case.id, move || holds(&alone))
    });
    let mut trials: Vec<Trial> = cases.collect();
    let name = format!("approved answers: {}", scenario.id);
    trials.push(Trial::test(name, move || is_approved(&scenario)));
    trials
}

/// The case answers as it is expected to on this machine.
fn holds(scenario: &Scenario) -> Result<(), Failed> {
    let results = run_cases(&[&host()], std::slice::from_ref(scenario), &|_, _| {});
    let cell = &results.cells[0];
    let why = cell.why.as_deref().unwrap_or_default();
    match cell.verdict {
        Verdict::AsExpected | Verdict::KnownDifference | Verdict::Observed => Ok(()),
        Verdict::Unsupported if cell.trace.is_empty() && demanded() => {
            Err(format!("it cannot be had here, and is demanded: {why}").into())
        }
        Verdict::Unsupported => {
            println!("unsupported here: {why}");
            cell.probes.iter().for_each(|probe| println!("  {probe}"));
            Ok(())
        }
        Verdict::Differs | Verdict::Error => Err(matrix::differences(&results).into()),
    }
}

fn demanded() -> bool {
    env::var_os("DUALSTACK_DEMAND").is_some_and(|value| value == "1")
}

/// The answers to the scenario are those that have been approved.
fn is_approved(scenario: &Scenario) -> Result<(), Failed> {
    let results = run_cases(&[&host()], std::slice::from_ref(scenario), &|_, _| {});
    let column = &results.columns[0];
    let Some(system) = results.system(&column.id) else {
        return Err(matrix::differences(&results).into());
    };
    let (topic, file) = topic_and_file(scenario);
    let folder = root().join("reports/answers").join(topic);
    let approved = Approved::find(&folder, file, system);
    let (table, kept) = approved::table(
        &results,
        &results.scenarios[0],
        &column.id,
        approved.text.as_deref(),
    );
    if !kept.is_empty() {
        println!(
            "not answered here, and taken as approved: {}",
            kept.join(", ")
        );
    }
    if systems()?.contain(system) {
        compare(&folder, &approved.name, scenario, &table);
        return Ok(());
    }
    propose(system, scenario, &approved, &table)
}

/// The approved answers that a system is held to.
struct Approved {
    name: String,
    text: Option<String>,
}

impl Approved {
    fn find(folder: &Path, file: &str, system: &System) -> Self {
        let names = approved::names(file, system);
        let found = names.iter().find_map(|name| {
            let snapshot = fs::read_to_string(folder.join(format!("{name}.snap"))).ok()?;
            let text = snapshot.splitn(3, "---\n").last()?.to_owned();
            Some(Self {
                name: name.clone(),
                text: Some(text),
            })
        });
        found.unwrap_or_else(|| Self {
            name: file.to_owned(),
            text: None,
        })
    }
}

fn systems() -> Result<Systems, Failed> {
    let path = root().join("reports/approved.toml");
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let list = toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(Systems::new(list))
}

fn compare(folder: &Path, name: &str, scenario: &Scenario, table: &str) {
    let mut settings = insta::Settings::new();
    settings.set_snapshot_path(folder);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_input_file(
        Path::new("scenarios")
            .join(&scenario.id)
            .with_extension("toml"),
    );
    settings.set_description(&scenario.ask);
    settings.bind(|| insta::assert_snapshot!(name, table));
}

/// Writes what a system answers that nobody has approved yet, as the file that
/// would approve it.
fn propose(
    system: &System,
    scenario: &Scenario,
    approved: &Approved,
    table: &str,
) -> Result<(), Failed> {
    let label = system.label();
    if approved
        .text
        .as_deref()
        .is_some_and(|text| text.trim() == table.trim())
    {
        println!(
            "new: nobody has approved the answers of {label}; these agree with {}",
            approved.name
        );
        return Ok(());
    }
    let (topic, file) = topic_and_file(scenario);
    let folder = root().join("reports/proposed").join(topic);
    let path = folder.join(format!("{}.snap", approved::names(file, system)[0]));
    let text = format!(
        "---\nsource: harness/cli/tests/corpus.rs\ndescription: {:?}\ninput_file: scenarios/{}.toml\n---\n{table}",
        scenario.ask, scenario.id
    );
    fs::create_dir_all(&folder)
        .and_then(|()| fs::write(&path, text))
        .map_err(|error| format!("failed to write {}: {error}", path.display()))?;
    println!(
        "new: nobody has approved the answers of {label}; proposed in {}\n{table}",
        path.display()
    );
    Ok(())
}

fn topic_and_file(scenario: &Scenario) -> (&str, &str) {
    scenario.id.split_once('/').unwrap_or(("", &scenario.id))
}

//! `dualstack run`: scenarios on this machine, and the matrix of their answers.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use dualstack_lab::{Event, Host, Link, NoStart, Platform, Timing};
use dualstack_report::matrix::{self, Style};
use dualstack_report::{Results, Verdict};
use dualstack_scenario::{Case, Requires, Scenario};
use indicatif::{ProgressBar, ProgressStyle};

use super::select::Selection;
use crate::corpus;
use crate::failure::{Failure, exit};
use crate::results_file;

/// The arguments of `run`.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct RunArguments {
    #[command(flatten)]
    selection: Selection,
    /// Where to write the results; a new file in `dualstack-results` unless told
    #[arg(long, value_name = "FILE")]
    results: Option<PathBuf>,
}

pub(super) fn run(arguments: &RunArguments) -> Result<ExitCode, Failure> {
    let scenarios = arguments.selection.scenarios()?;
    let cases = scenarios
        .iter()
        .map(|scenario| scenario.cases.len())
        .sum::<usize>();
    let platform = HostPlatform::of_this_program()?;
    let progress = progress(cases);
    let results = run_cases(&platform.0, &scenarios, |event| match event {
        Event::Started { requires, .. } => progress.set_message(requires.to_string()),
        Event::Answered { .. } => progress.inc(1),
    });
    progress.finish_and_clear();
    let file = results_file::write(&results, arguments.results.as_deref())?;
    super::print(&shown(&results));
    super::print(&format!("results: {}\n", file.display()));
    Ok(exit_code(&results))
}

/// This machine as a platform, with this very program as the agent.
#[derive(Clone, Debug)]
pub struct HostPlatform(Host);

impl HostPlatform {
    /// The agent is the program that is running.
    pub fn of_this_program() -> Result<Self, Failure> {
        let program = std::env::current_exe().map_err(|error| {
            Failure::Harness(format!("failed to find this program itself: {error}"))
        })?;
        Ok(Self::of(program))
    }

    /// The agent is a `dualstack` program.
    pub fn of(program: PathBuf) -> Self {
        Self(Host::new(program, vec!["agent".into()]))
    }
}

impl Platform for HostPlatform {
    fn name(&self) -> &str {
        self.0.name()
    }

    fn start(&self, requires: &Requires) -> Result<Link, NoStart> {
        self.0.start(requires)
    }
}

/// Carries out scenarios on a platform and judges the answers.
pub fn run_cases(
    platform: &dyn Platform,
    scenarios: &[Scenario],
    watch: impl FnMut(Event<'_>),
) -> Results {
    let tool = format!("dualstack {}", env!("CARGO_PKG_VERSION"));
    let mut results = Results::new(&tool, &results_file::now(), corpus::catalogue(), scenarios);
    let cases: Vec<&Case> = scenarios
        .iter()
        .flat_map(|scenario| &scenario.cases)
        .collect();
    let run = dualstack_lab::run(platform, &cases, Timing::default(), watch);
    results.add(platform.name(), &cases, run);
    results
}

fn progress(cases: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {pos} of {len} cases  {msg}");
    let progress = ProgressBar::new(cases as u64);
    match style {
        Ok(style) => progress.with_style(style),
        Err(_) => progress,
    }
}

/// The matrix, the claims, the differences.
fn shown(results: &Results) -> String {
    let colour = anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never;
    let style = Style {
        width: super::width(),
        colour,
    };
    let mut text = format!("{}\n\n", matrix::matrix(results, style));
    if results
        .scenarios
        .iter()
        .any(|s| s.cases.iter().any(|case| !case.claims.is_empty()))
    {
        text.push_str(&format!("{}\n\n", matrix::claims(results, style)));
    }
    let differences = matrix::differences(results);
    if !differences.is_empty() {
        text.push_str(&format!("{differences}\n"));
    }
    for column in &results.columns {
        if let Some(machine) = &column.machine {
            text.push_str(&format!(
                "{}: {}, {}\n",
                column.id, machine.edition, machine.build
            ));
        }
    }
    text.push_str(&format!("{}\n", matrix::legend(results)));
    text
}

fn exit_code(results: &Results) -> ExitCode {
    let any = |verdict| results.cells.iter().any(|cell| cell.verdict == verdict);
    let troubled = results
        .columns
        .iter()
        .any(|column| !column.troubles.is_empty());
    let code = if troubled || any(Verdict::Error) {
        exit::HARNESS_FAILED
    } else if any(Verdict::Differs) {
        exit::DIFFERS
    } else {
        exit::AS_EXPECTED
    };
    code.into()
}

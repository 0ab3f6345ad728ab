//! `dualstack run`: runs scenarios on platforms, and prints the matrix of their answers.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Args;
use dualstack_agent::protocol::Machine;
use dualstack_lab::{Event, Platform, Terms, ThisMachine, Unusable, run_all};
use dualstack_report::matrix::{self, Style};
use dualstack_report::{Results, Verdict};
use dualstack_scenario::shown::{Lines, Shown};
use dualstack_scenario::{Case, Scenario, shown};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use super::lab::{self, Absent, On};
use super::select::Selection;
use crate::corpus;
use crate::failure::{Failure, exit};
use crate::results_file;

/// The arguments of `run`.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct RunArguments {
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    on: On,
    /// Where to write the results; default: a new file in `dualstack-results`
    #[arg(long, value_name = "FILE")]
    results: Option<PathBuf>,
    /// Let scenarios reach every address that this machine reaches; default: loopback, the
    /// ranges for documentation, and the hosts of a case
    #[arg(long)]
    allow_network: bool,
    /// How long the run may take (`90s`, `10m`): what is left then is an error; default: no
    /// limit
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration)]
    timeout: Option<Duration>,
}

impl RunArguments {
    fn terms(&self) -> Terms {
        Terms {
            until: self.timeout.map(|timeout| Instant::now() + timeout),
            allow_network: self.allow_network,
            ..Terms::default()
        }
    }
}

pub(super) fn run(arguments: &RunArguments) -> Result<ExitCode, Failure> {
    let scenarios = arguments.selection.scenarios()?;
    lab::end_on_interrupt()?;
    let chosen = arguments.on.choose()?;
    // Leftovers of an earlier run that was killed would be in the way.
    for platform in &chosen.platforms {
        platform.clean()?;
    }
    let platforms: Vec<&dyn Platform> = chosen.platforms.iter().map(AsRef::as_ref).collect();
    let progress = Progress::new(&platforms, &scenarios);
    let results = run_cases(
        &platforms,
        &scenarios,
        arguments.terms(),
        &|index, event| {
            progress.show(index, event);
        },
    );
    progress.clear();
    let file = results_file::write(&results, arguments.results.as_deref())?;
    super::print(tables(&results));
    super::print_wrapped(remarks(&results, &chosen.absent));
    super::print(shown!("results: {}\n", file.display()));
    Ok(exit_code(&results))
}

/// Runs scenarios on platforms and judges the answers.
pub fn run_cases(
    platforms: &[&dyn Platform],
    scenarios: &[Scenario],
    terms: Terms,
    watch: &(dyn Fn(usize, Event<'_>) + Sync),
) -> Results {
    let tool = format!("dualstack {}", env!("CARGO_PKG_VERSION"));
    let mut results = Results::new(&tool, &results_file::now(), corpus::catalogue(), scenarios);
    let cases: Vec<&Case> = scenarios
        .iter()
        .flat_map(|scenario| &scenario.cases)
        .collect();
    let runs = run_all(platforms, &cases, terms, watch);
    for (platform, run) in platforms.iter().zip(runs) {
        results.add(platform.name(), &cases, run);
    }
    results
}

/// This machine as a platform, with a `dualstack` program as the agent.
pub fn host_of(program: PathBuf) -> ThisMachine {
    ThisMachine::new(program, vec!["agent".into()])
}

/// A progress line for each platform.
struct Progress {
    lines: Vec<ProgressBar>,
}

impl Progress {
    fn new(platforms: &[&dyn Platform], scenarios: &[Scenario]) -> Self {
        let cases = scenarios
            .iter()
            .map(|scenario| scenario.cases.len())
            .sum::<usize>();
        let all = MultiProgress::new();
        let width = platforms
            .iter()
            .map(|platform| platform.name().len())
            .max()
            .unwrap_or(0);
        let style = format!("{{prefix:{width}}} {{bar:20}} {{pos:>4}} of {{len}}  {{msg}}");
        let line = |platform: &&dyn Platform| {
            let line = all.add(ProgressBar::new(cases as u64));
            if let Ok(style) = ProgressStyle::with_template(&style) {
                line.set_style(style);
            }
            line.set_prefix(shown!("{}", platform.name()).to_string());
            line.set_message("waiting");
            line
        };
        Self {
            lines: platforms.iter().map(line).collect(),
        }
    }

    fn show(&self, platform: usize, event: Event<'_>) {
        let line = &self.lines[platform];
        match event {
            Event::Started { requires, .. } => {
                let requires = requires.to_string();
                line.set_message(if requires.is_empty() {
                    "as it is".to_owned()
                } else {
                    requires
                });
            }
            Event::Answered { .. } => line.inc(1),
        }
        if line.length() == Some(line.position()) {
            line.finish_with_message("done");
        }
    }

    fn clear(&self) {
        self.lines.iter().for_each(ProgressBar::finish_and_clear);
    }
}

/// The matrix and the claims.
fn tables(results: &Results) -> Shown {
    let colour = anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never;
    let style = Style {
        width: super::width(),
        colour,
    };
    let mut text = shown!("{}\n\n", matrix::matrix(results, style));
    if results.cases().any(|(_, case)| !case.claims.is_empty()) {
        text.push(&shown!("{}\n\n", matrix::claims(results, style)));
    }
    text
}

/// The differences, the platforms, the legend.
fn remarks(results: &Results, absent: &[Absent]) -> Shown {
    let mut text = Shown::default();
    let differences = matrix::differences(results);
    if !differences.is_empty() {
        text.push(&shown!("{}\n", differences));
    }
    for column in &results.columns {
        if let Some(Machine { edition, build, .. }) = &column.machine {
            text.push(&shown!("{}: {}, {}\n", column.id, edition, build));
        }
    }
    for Absent { name, unusable } in absent {
        let Unusable { why, fix } = unusable;
        text.push(&shown!(
            "{}: cannot be used here: {}\n    to use it: {}\n",
            name,
            Lines(why),
            Lines(fix)
        ));
    }
    text.push(&shown!("{}\n", matrix::legend(results)));
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

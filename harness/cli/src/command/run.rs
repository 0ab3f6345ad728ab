//! `dualstack run`: runs scenarios on platforms, and shows their answers.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use clap::Args;
use dualstack_lab::{Event, Job, Platform, Run, Terms, ThisMachine, run_all, run_each};
use dualstack_report::text::count;
use dualstack_report::{Results, Verdict};
use dualstack_scenario::claims::Catalogue;
use dualstack_scenario::shown::Lines;
use dualstack_scenario::{Case, Scenario, shown};

use super::against;
use super::answers::Answers;
use super::lab::{self, On};
use super::page;
use super::progress::Progress;
use super::resume;
use super::select::Selection;
use super::show::Show;
use crate::corpus::{self, Corpus};
use crate::failure::{Failure, exit};
use crate::results_file::{self, ResultsFile};

/// The arguments of `run`.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct RunArguments {
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    on: On,
    /// Let scenarios start the programs that they describe, with your rights
    #[arg(long)]
    allow_programs: bool,
    #[command(flatten)]
    asking: Asking,
}

/// How cases are asked, and what becomes of the answers.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct Asking {
    #[command(flatten)]
    show: Show,
    /// Where to write the results; default: a new file in `dualstack-results`
    #[arg(long, value_name = "FILE")]
    results: Option<PathBuf>,
    /// How many files to keep in `dualstack-results`, the newest; default: 100
    #[arg(
        long,
        value_name = "NUMBER",
        default_value_t = 100,
        hide_default_value = true
    )]
    keep: usize,
    /// Let scenarios reach every address that this machine reaches; default: loopback, the
    /// ranges for documentation, and the hosts of a case
    #[arg(long)]
    allow_network: bool,
    /// Compare with the answers in this file, which `dualstack accept` writes: a changed answer
    /// makes the exit code 1
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
    /// How long the run may take (`90s`, `10m`): what is left then is an error; default: no
    /// limit
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration)]
    timeout: Option<Duration>,
    /// Write the answers as a page too, into `dualstack-results/page`, and open it in the browser
    #[arg(long)]
    open: bool,
    /// Say on standard error what is asked of which platform, and when
    #[arg(short, long, conflicts_with = "quiet")]
    verbose: bool,
    /// Go on where the run that wrote this results file broke off: ask only what a platform
    /// has not answered there. The file stays as it is, unless --results names it too
    #[arg(long, value_name = "FILE")]
    resume: Option<PathBuf>,
}

impl Asking {
    /// When its time is up. Then it ends by itself; what still waits a minute later, for a
    /// machine or an engine that does not answer, is ended with the command.
    fn until(&self) -> Option<Instant> {
        let timeout = self.timeout?;
        thread::spawn(move || {
            thread::sleep(timeout);
            lab::end_after_a_moment();
        });
        Some(Instant::now() + timeout)
    }

    fn terms(&self, until: Option<Instant>, allow_programs: bool) -> Terms {
        Terms {
            until,
            allow_network: self.allow_network,
            allow_programs,
            ..Terms::default()
        }
    }
}

pub(super) fn run(arguments: &RunArguments) -> Result<ExitCode, Failure> {
    let corpus = arguments.selection.corpus()?;
    let programs = match arguments.allow_programs {
        true => Programs::Allowed,
        false => Programs::Refused,
    };
    ask(&corpus, &arguments.on, programs, &arguments.asking)
}

/// What becomes of the programs that cases describe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Programs {
    /// They are not started.
    Refused,
    /// They are started where that is supported.
    Allowed,
    /// They are what the run is about: where they are not started, an answer is missing.
    Demanded,
}

/// Asks platforms, shows what they answer, and keeps it.
pub(super) fn ask(
    corpus: &Corpus,
    on: &On,
    programs: Programs,
    arguments: &Asking,
) -> Result<ExitCode, Failure> {
    let until = arguments.until();
    let scenarios = &corpus.scenarios;
    let resumed = arguments.resume.as_deref();
    let earlier = resumed.map(|file| resume::read(file, scenarios));
    let earlier = earlier.transpose()?;
    let approved = arguments
        .against
        .as_deref()
        .map(results_file::read)
        .transpose()?;
    // A folder that cannot be written to is better known before the run than after it.
    let file = ResultsFile::prepare(arguments.results.as_deref())?;
    let chosen = on.choose()?;
    clean_up(&chosen.platforms);

    let cases = cases(scenarios);
    let jobs = jobs(&chosen.platforms, &cases, earlier.as_ref());
    let start = Instant::now();
    let platforms: Vec<&str> = jobs.iter().map(|job| job.platform.name()).collect();
    let (results, notes, kept) = thread::scope(|scope| {
        let empty = || no_answers(corpus.claims.clone(), scenarios);
        let answers = Answers::new(scope, empty, earlier, jobs.len(), file);
        let terms = arguments.terms(until, programs != Programs::Refused);
        let progress = Progress::new(&jobs, arguments.verbose);
        carry_out(&jobs, terms, &progress, answers).finish(&platforms)
    });
    for note in &notes {
        super::tell(shown!("{}\n", note));
    }
    let shown = arguments.show.print(&results, &chosen, start.elapsed());
    let approved = approved.map(|approved| against::with_columns_of(approved, &results));
    let changes = approved
        .as_ref()
        .map(|approved| against::changes(approved, &results));
    let shown = shown.and_then(|()| match &changes {
        Some(changes) => arguments.show.print_changes(changes),
        None => Ok(()),
    });
    let file = kept?;
    if shown.is_err() {
        super::tell(shown!("results: {}\n", file));
    }
    shown?;
    arguments.show.print_place(&file)?;
    if arguments.results.is_none() {
        remove_old(arguments.keep);
    }
    if arguments.open {
        page::write_and_open(&results)?;
    }
    let changed = changes.is_some_and(|changes| !changes.is_empty());
    Ok(exit_code(&results, changed, programs))
}

/// Removes results files of earlier runs, and says how many. What cannot be removed is no
/// reason to fail.
fn remove_old(keep: usize) {
    let keep = keep.max(1);
    match results_file::keep_newest(keep) {
        Ok(0) => {}
        Ok(removed) => super::tell(shown!(
            "removed {} from {}, which keeps the newest {} (--keep)\n",
            count(removed, "older file"),
            results_file::FOLDER,
            keep
        )),
        Err(error) => super::tell(shown!("{}\n", Lines(&error))),
    }
}

/// Carries out the jobs; adds the answers of each platform as soon as it has finished.
fn carry_out<'scope>(
    jobs: &[Job<'_>],
    terms: Terms,
    progress: &Progress,
    answers: Answers<'scope>,
) -> Answers<'scope> {
    let answers = Mutex::new(answers);
    let watch = |job: usize, event: Event<'_>| progress.show(job, event);
    let keep = |job: usize, run: Run| {
        let mut answers = answers.lock().unwrap_or_else(PoisonError::into_inner);
        progress.finish(job);
        answers.add(&jobs[job], run);
    };
    run_each(jobs, terms, &watch, &keep);
    progress.clear();
    answers.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Removes leftovers of an earlier run that was killed. What cannot be removed is no reason
/// not to run.
fn clean_up(platforms: &[Box<dyn Platform>]) {
    for platform in platforms {
        if let Err(error) = platform.clean() {
            super::tell(shown!("{}: {}\n", platform.name(), Lines(&error)));
        }
    }
}

/// What each platform is asked; nothing that it has answered already.
fn jobs<'a>(
    platforms: &'a [Box<dyn Platform>],
    cases: &[&'a Case],
    earlier: Option<&Results>,
) -> Vec<Job<'a>> {
    let jobs = platforms.iter().map(|platform| Job {
        platform: platform.as_ref(),
        cases: match earlier {
            Some(earlier) => resume::unanswered(earlier, platform.name(), cases),
            None => cases.to_vec(),
        },
    });
    jobs.filter(|job| !job.cases.is_empty()).collect()
}

fn cases(scenarios: &[Scenario]) -> Vec<&Case> {
    let cases = scenarios.iter().flat_map(|scenario| &scenario.cases);
    cases.collect()
}

fn no_answers(claims: Catalogue, scenarios: &[Scenario]) -> Results {
    let tool = format!("dualstack {}", env!("CARGO_PKG_VERSION"));
    Results::new(&tool, &results_file::now(), claims, scenarios)
}

/// Runs scenarios on platforms and judges the answers.
pub fn run_cases(
    platforms: &[&dyn Platform],
    scenarios: &[Scenario],
    terms: Terms,
    watch: &(dyn Fn(usize, Event<'_>) + Sync),
) -> Results {
    let mut results = no_answers(corpus::catalogue(), scenarios);
    let cases = cases(scenarios);
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

fn exit_code(results: &Results, changed: bool, programs: Programs) -> ExitCode {
    // Answers of an older build of a platform are dropped when the run is resumed.
    let missing = results.cells.len() < results.columns.len() * results.cases().count();
    let any = |verdict| results.cells.iter().any(|cell| cell.verdict == verdict);
    let troubled = results
        .columns
        .iter()
        .any(|column| !column.troubles.is_empty());
    let demanded = programs == Programs::Demanded && any(Verdict::Unsupported);
    let code = if missing || troubled || demanded || any(Verdict::Error) {
        exit::HARNESS_FAILED
    } else if changed || any(Verdict::Differs) {
        exit::DIFFERS
    } else {
        exit::AS_EXPECTED
    };
    code.into()
}

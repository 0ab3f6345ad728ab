//! How the answers of a run are shown.

use std::borrow::Cow;
use std::collections::HashSet;
use std::time::Duration;

use clap::{Args, ValueEnum};
use dualstack_agent::protocol::Machine;
use dualstack_lab::Unusable;
use dualstack_report::alike;
use dualstack_report::changes::Changes;
use dualstack_report::form::{csv, junit, markdown};
use dualstack_report::grid::Grid;
use dualstack_report::matrix::{self, Style};
use dualstack_report::overview::{gaps, overview};
use dualstack_report::text::count;
use dualstack_report::{Results, Verdict};
use dualstack_scenario::shown;
use dualstack_scenario::shown::{Lines, Shown};
use serde_json::json;

use super::lab::{Absent, Chosen};
use crate::failure::Failure;

/// So many cases fit on a screen.
const FEW: usize = 24;

/// How to show the answers.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct Show {
    /// Print every case; default: every one of up to 24 cases, a line per topic of more
    #[arg(long)]
    full: bool,
    /// Print only cases with these kinds of answer on some platform, or with different answers
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    only: Vec<Kind>,
    /// Print only what differs and what broke
    #[arg(short, long, conflicts_with_all = ["full", "only", "format"])]
    quiet: bool,
    /// Print the answers in this format, and everything else on standard error
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
}

/// A kind of answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// ✓ As a source says
    Expected,
    /// ✗ Not as a source says
    Differs,
    /// ≈ Not as a source says, and accepted with a reason
    Known,
    /// · No source says what it should be
    Observed,
    /// – Not supported there
    Unsupported,
    /// ! No answer
    Error,
    /// Platforms answered differently
    Different,
}

impl Kind {
    fn verdict(self) -> Option<Verdict> {
        Some(match self {
            Self::Expected => Verdict::AsExpected,
            Self::Differs => Verdict::Differs,
            Self::Known => Verdict::KnownDifference,
            Self::Observed => Verdict::Observed,
            Self::Unsupported => Verdict::Unsupported,
            Self::Error => Verdict::Error,
            Self::Different => return None,
        })
    }
}

/// A format for other programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// The results file
    Json,
    /// A JSON value per case and platform, on a line each
    Jsonl,
    /// A line per case and platform
    Csv,
    /// A test per case and platform
    Junit,
    /// A table per topic
    Markdown,
}

impl Show {
    /// Prints the answers.
    pub(super) fn print(
        &self,
        results: &Results,
        chosen: &Chosen,
        took: Duration,
    ) -> Result<(), Failure> {
        if let Some(format) = self.format {
            return format.print(&self.wanted(results));
        }
        if self.quiet {
            let rest = without_failed(results, &chosen.failed);
            return super::print_wrapped(matrix::differences(&rest));
        }
        let cases = results.cases().count();
        super::print_wrapped(heading(results, cases, took))?;
        if self.full || !self.only.is_empty() || cases <= FEW {
            let wanted = self.wanted(results);
            if wanted.scenarios.is_empty() {
                super::print("no case has such an answer\n\n")?;
            } else {
                super::print(tables(&wanted, style()))?;
                let gaps = gaps(&wanted);
                if !gaps.is_empty() {
                    super::print_wrapped(shown!("{}\n", gaps))?;
                }
            }
            return super::print_wrapped(remarks(results, chosen, true));
        }
        super::print_wrapped(overview(results, style()))?;
        super::print_wrapped(remarks(results, chosen, results.columns.len() == 1))?;
        super::print(match results.columns.len() {
            1 => shown!(
                "--full prints every case; `dualstack explain CASE` shows one with its calls\n"
            ),
            _ => shown!(
                "--only different prints the cases with different answers, --full every case;\n\
                 `dualstack explain CASE` shows one with its calls\n"
            ),
        })
    }

    /// Prints what has changed since the approved answers.
    pub(super) fn print_changes(&self, changes: &Changes<'_>) -> Result<(), Failure> {
        let text = match changes.is_empty() {
            true if self.quiet => Shown::default(),
            true => shown!("every answer is as it was approved\n"),
            false => shown!(
                "changed since it was approved; `dualstack accept FILE` approves it:\n{}",
                changes.shown()
            ),
        };
        if self.format.is_some() {
            super::tell(text);
            return Ok(());
        }
        super::print_wrapped(text)
    }

    /// Prints where the results are.
    pub(super) fn print_place(&self, file: &str) -> Result<(), Failure> {
        let place = shown!("results: {}\n", file);
        if self.format.is_some() {
            super::tell(place);
            return Ok(());
        }
        super::print(place)
    }

    /// The cases with the kinds of answer that are wanted.
    fn wanted<'a>(&self, results: &'a Results) -> Cow<'a, Results> {
        if self.only.is_empty() {
            return Cow::Borrowed(results);
        }
        let verdicts: Vec<Verdict> = self.only.iter().filter_map(|kind| kind.verdict()).collect();
        let cells = results.cells.iter();
        let cells = cells.filter(|cell| verdicts.contains(&cell.verdict));
        let mut ids: HashSet<&str> = cells.map(|cell| cell.case.as_str()).collect();
        if self.only.contains(&Kind::Different) {
            ids.extend(alike::different_cases(results));
        }
        let mut wanted = results.clone();
        for scenario in &mut wanted.scenarios {
            scenario.cases.retain(|case| ids.contains(case.id.as_str()));
        }
        wanted
            .scenarios
            .retain(|scenario| !scenario.cases.is_empty());
        wanted.cells.retain(|cell| ids.contains(cell.case.as_str()));
        Cow::Owned(wanted)
    }
}

impl Format {
    fn print(self, results: &Results) -> Result<(), Failure> {
        let bytes = match self {
            Self::Json => {
                let text = serde_json::to_string(results);
                let text = text.map_err(|error| Failure::Harness(error.to_string()))?;
                return super::machine::json(&text);
            }
            Self::Jsonl => return super::machine::json(&lines(results)),
            Self::Csv => csv::report(results),
            Self::Junit => junit::report(results).into_bytes(),
            Self::Markdown => markdown::report(results, None, usize::MAX).into_bytes(),
        };
        super::machine::bytes(&bytes)
    }
}

/// Each answer on a line of its own.
fn lines(results: &Results) -> String {
    let grid = Grid::new(results);
    let answers = grid.rows().iter().flat_map(|row| {
        let columns = results.columns.iter().zip(&row.cells);
        columns.filter_map(|(column, cell)| Some((row.case, column, (*cell)?)))
    });
    let lines = answers.map(|(case, column, cell)| {
        let mut value = json!({
            "case": case.id,
            "platform": column.id,
            "verdict": cell.verdict,
        });
        match (&cell.answer, &cell.why) {
            (Some(answer), _) => value["answer"] = json!(answer),
            (None, why) => value["why"] = json!(why),
        }
        format!("{value}\n")
    });
    lines.collect()
}

/// What was asked of whom, and how long it took.
fn heading(results: &Results, cases: usize, took: Duration) -> Shown {
    let names: Vec<&str> = results.columns.iter().map(|column| &*column.id).collect();
    shown!(
        "{} of {} on {}, in {}\n\n",
        count(cases, "case"),
        count(results.scenarios.len(), "scenario"),
        names.join(", "),
        duration(took)
    )
}

/// `80 ms`, `4.2 s`.
pub(super) fn duration(took: Duration) -> String {
    match took.as_secs_f64() {
        seconds if seconds < 1.0 => format!("{:.0} ms", seconds * 1000.0),
        seconds => format!("{seconds:.1} s"),
    }
}

fn style() -> Style {
    let colour = anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never;
    Style {
        width: super::width(),
        colour,
    }
}

/// The matrix and the claims.
fn tables(results: &Results, style: Style) -> Shown {
    let mut text = shown!("{}\n\n", matrix::matrix(results, style));
    if results.cases().any(|(_, case)| !case.claims.is_empty()) {
        text.push(&shown!("{}\n\n", matrix::claims(results, style)));
    }
    text
}

/// The differences, the platforms, the legend.
fn remarks(results: &Results, chosen: &Chosen, builds: bool) -> Shown {
    let mut text = Shown::default();
    let differences = matrix::differences(&without_failed(results, &chosen.failed));
    if !differences.is_empty() {
        text.push(&shown!("{}\n", differences));
    }
    for column in results.columns.iter().filter(|_| builds) {
        if let Some(Machine { edition, build, .. }) = &column.machine {
            text.push(&shown!("{}: {}, {}\n", column.id, edition, build));
        }
    }
    for Absent { name, unusable } in chosen.failed.iter().chain(&chosen.absent) {
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

/// The results without the platforms whose every case has the same error, which is said once.
fn without_failed<'a>(results: &'a Results, failed: &[Absent]) -> Cow<'a, Results> {
    if failed.is_empty() {
        return Cow::Borrowed(results);
    }
    let mut rest = results.clone();
    let is_failed = |column: &str| failed.iter().any(|Absent { name, .. }| name == column);
    rest.columns.retain(|column| !is_failed(&column.id));
    rest.cells.retain(|cell| !is_failed(&cell.column));
    Cow::Owned(rest)
}

//! `dualstack explain`: everything about a case.

use std::collections::HashMap;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use dualstack_report::grid::{Grid, Row};
use dualstack_report::{Cell, Results, approved, matrix};
use dualstack_scenario::shown::{Lines, Shown};
use dualstack_scenario::{Case, Expectation, KnownDifference, Record, Scenario, nearest, shown};

use crate::corpus;
use crate::failure::Failure;
use crate::results_file;

#[derive(Clone, Debug, Args)]
pub(super) struct ExplainArguments {
    /// The id of a case, or of a scenario for all its cases
    #[arg(value_name = "CASE")]
    case: String,
    /// Scenario files or folders to look in; default: the corpus in the binary
    #[arg(long = "in", value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The results file to show answers from; default: the newest in `dualstack-results`
    #[arg(long, value_name = "FILE")]
    results: Option<PathBuf>,
}

pub(super) fn explain(arguments: &ExplainArguments) -> Result<ExitCode, Failure> {
    let scenarios = match arguments.paths.as_slice() {
        [] => corpus::embedded()?,
        paths => corpus::read(paths)?,
    };
    let results = match arguments.results.clone().or_else(results_file::newest) {
        Some(path) => Some(results_file::read(&path)?),
        None => None,
    };
    let grid = results.as_ref().map(Grid::new);
    let answers = Answers::of(results.as_ref(), grid.as_ref());
    let wanted = &arguments.case;
    let mut text = Shown::default();
    for scenario in &scenarios {
        let whole = scenario.id == *wanted;
        let cases = scenario.cases.iter();
        let mut cases = cases.filter(|case| whole || case.id == *wanted).peekable();
        if cases.peek().is_some() {
            text.push(&question(scenario));
            text.extend(cases.map(|case| one(scenario, case, &answers)));
        }
    }
    if text.is_empty() {
        return Err(unknown(wanted, &scenarios));
    }
    super::print_wrapped(text)?;
    Ok(ExitCode::SUCCESS)
}

/// The answers of a results file: for each case the names of the columns with their cells.
#[derive(Default)]
struct Answers<'a>(HashMap<&'a str, Vec<(String, &'a Cell)>>);

impl<'a> Answers<'a> {
    fn of(results: Option<&'a Results>, grid: Option<&'a Grid<'a>>) -> Self {
        let (Some(results), Some(grid)) = (results, grid) else {
            return Self::default();
        };
        let label = |id: &str| matrix::column_label(results, id);
        let cells = |row: &Row<'a>| {
            let cells = row.cells.iter().filter_map(|cell| *cell);
            cells.map(|cell| (label(&cell.column), cell)).collect()
        };
        let rows = grid.rows().iter();
        Self(rows.map(|row| (row.case.id.as_str(), cells(row))).collect())
    }

    fn to(&self, case: &Case) -> &[(String, &'a Cell)] {
        self.0.get(case.id.as_str()).map_or(&[], Vec::as_slice)
    }
}

fn unknown(wanted: &str, scenarios: &[Scenario]) -> Failure {
    let cases = scenarios
        .iter()
        .flat_map(|scenario| &scenario.cases)
        .map(|case| case.id.as_str());
    let known: Vec<&str> = cases
        .chain(scenarios.iter().map(|scenario| scenario.id.as_str()))
        .collect();
    let hint = match nearest(wanted, &known) {
        Some(id) => format!("did you mean `{id}`?"),
        None => "`dualstack list` shows all cases".to_owned(),
    };
    Failure::usage_hint(format!("no case is called `{wanted}`"), hint)
}

fn question(scenario: &Scenario) -> Shown {
    let mut text = shown!("{}\n{}\n\n", scenario.title, scenario.ask);
    let mut paragraph = |label: &str, said: Option<&str>| {
        let said = said.map(|said| shown!("{}: {}\n\n", label, Lines(said.trim())));
        text.extend(said);
    };
    paragraph("background", scenario.about.as_deref());
    paragraph("advice", scenario.advice.as_deref());
    let claims: Vec<&str> = scenario.claims().into_iter().collect();
    paragraph(
        "claims",
        (!claims.is_empty()).then(|| claims.join(", ")).as_deref(),
    );
    text
}

fn one(scenario: &Scenario, case: &Case, answers: &Answers<'_>) -> Shown {
    let mut text = shown!("{}\n", case.id);
    let requires = case.requires.to_string();
    if !requires.is_empty() {
        text.push(&shown!("  requires  {}\n", requires));
    }
    for step in &case.script.steps {
        text.push(&shown!("    {}\n", step.call));
    }
    for Expectation {
        on, answer, source, ..
    } in &case.expect
    {
        text.push(&shown!(
            "  expected on {}: {}\n      {}\n",
            on,
            answer,
            source
        ));
    }
    for KnownDifference {
        on, answer, reason, ..
    } in &case.known
    {
        text.push(&shown!("  known on {}: {}\n      {}\n", on, answer, reason));
    }
    for table in dualstack_corpus::answers(&scenario.id) {
        if let Some(answer) = approved::answer(table.text, &case.row) {
            let whose = table
                .id()
                .split_once('@')
                .map_or("the systems that agree", |(_, system)| system);
            text.push(&shown!("  approved for {}: {}\n", whose, answer));
        }
    }
    for (column, cell) in answers.to(case) {
        text.push(&answered(column, cell));
    }
    text.push(&shown!("\n"));
    text
}

fn answered(column: &str, cell: &Cell) -> Shown {
    let sign = cell.verdict.sign();
    let mut text = shown!("  answered on {}: {} {}\n", column, sign, cell.shown());
    text.extend(cell.why.iter().map(|why| shown!("      {}\n", why)));
    text.extend(cell.probes.iter().map(|probe| shown!("      {}\n", probe)));
    for Record { call, outcome } in &cell.trace {
        text.push(&shown!("      {} = {}\n", call, outcome));
    }
    text
}

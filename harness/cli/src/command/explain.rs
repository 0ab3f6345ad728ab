//! `dualstack explain`: everything about a case.

use std::collections::HashMap;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use dualstack_handbook::{Evidence, rules};
use dualstack_report::grid::{Grid, Row};
use dualstack_report::text::shell;
use dualstack_report::{Cell, Results, Verdict, approved, matrix};
use dualstack_scenario::shown::{Lines, Shown};
use dualstack_scenario::{Case, Expectation, KnownDifference, Record, Scenario, shown};

use super::pick::{self, Pick};
use super::select;
use crate::failure::Failure;
use crate::results_file;

#[derive(Clone, Debug, Args)]
#[command(after_help = pick::HELP)]
pub(super) struct ExplainArguments {
    /// The case, or several by what they have in common, or a file or folder of scenarios
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
    let scenarios = scenarios(arguments)?;
    let results = match arguments.results.clone().or_else(results_file::newest) {
        Some(path) => Some(results_file::read(&path)?),
        None => None,
    };
    let grid = results.as_ref().map(Grid::new);
    let answers = match (&results, &grid) {
        (Some(results), Some(grid)) => Answers::of(results, grid),
        _ => Answers::default(),
    };
    let mut text = Shown::default();
    for scenario in &scenarios {
        text.push(&question(scenario));
        let cases = scenario.cases.iter();
        text.extend(cases.map(|case| one(scenario, case, &answers)));
    }
    super::print_wrapped(text)?;
    if results.is_none() {
        super::tell(shown!(
            "no answers yet: `dualstack run {}` asks this machine\n",
            shell(&arguments.case)
        ));
    }
    Ok(ExitCode::SUCCESS)
}

/// The scenarios with the cases to explain: those of a file or folder, or those of a name.
fn scenarios(arguments: &ExplainArguments) -> Result<Vec<Scenario>, Failure> {
    let case = &arguments.case;
    if arguments.paths.is_empty() && select::is_path(case) {
        return Ok(select::read(&[PathBuf::from(case)])?.scenarios);
    }
    let mut scenarios = select::read(&arguments.paths)?.scenarios;
    select::retain(&mut scenarios, &[Pick::new(case)])?;
    Ok(scenarios)
}

/// The answers of a results file, by case.
#[derive(Default)]
struct Answers<'a> {
    rows: HashMap<&'a str, &'a Row<'a>>,
    results: Option<&'a Results>,
}

impl<'a> Answers<'a> {
    fn of(results: &'a Results, grid: &'a Grid<'a>) -> Self {
        let rows = grid.rows().iter();
        Self {
            rows: rows.map(|row| (row.case.id.as_str(), row)).collect(),
            results: Some(results),
        }
    }

    /// Equal answers are shown once, with the calls on the first platform that gave it.
    fn to(&self, case: &Case) -> Shown {
        let row = self.rows.get(case.id.as_str());
        let cells = row.into_iter().flat_map(|row| &row.cells).flatten();
        let mut groups: Vec<Vec<&Cell>> = Vec::new();
        for cell in cells {
            let alike = |group: &&mut Vec<&Cell>| said(group[0]) == said(cell);
            match groups.iter_mut().find(alike) {
                Some(group) => group.push(cell),
                None => groups.push(vec![cell]),
            }
        }
        let groups = groups.iter();
        let shown = groups.filter_map(|cells| Some(answered(self.results?, cells)));
        shown.collect()
    }
}

fn said(cell: &Cell) -> (Verdict, String, Option<&str>) {
    (cell.verdict, cell.shown(), cell.why.as_deref())
}

fn question(scenario: &Scenario) -> Shown {
    let mut text = shown!("{}\n{}\n\n", scenario.title, scenario.ask);
    text.extend(paragraph("background", scenario.about.as_deref()));
    text.extend(paragraph("advice", scenario.advice.as_deref()));
    let is_asked = |cell: &Evidence| scenario.cases.iter().any(|case| case.id == cell.case);
    let rules = rules().filter(|rule| rule.cells.iter().any(is_asked));
    text.extend(rules.map(|rule| shown!("handbook, {}: {}\n\n", rule.id, rule.rule)));
    let claims: Vec<&str> = scenario.claims().into_iter().collect();
    let claims = (!claims.is_empty()).then(|| claims.join(", "));
    text.extend(paragraph("claims", claims.as_deref()));
    text
}

fn paragraph(label: &str, said: Option<&str>) -> Option<Shown> {
    said.map(|said| shown!("{}: {}\n\n", label, Lines(said.trim())))
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
    text.push(&answers.to(case));
    text.push(&shown!("\n"));
    text
}

fn answered(results: &Results, cells: &[&Cell]) -> Shown {
    let cell = cells[0];
    let names = cells.iter();
    let names = names.map(|cell| matrix::column_label(results, &cell.column));
    let names = names.collect::<Vec<_>>().join(", ");
    let sign = cell.verdict.sign();
    let mut text = shown!("  answered on {}: {} {}\n", names, sign, cell.shown());
    if cells.len() > 1 && !cell.trace.is_empty() {
        text.push(&shown!("    the calls on {}:\n", cell.column));
    }
    text.extend(cell.why.iter().map(|why| shown!("      {}\n", why)));
    text.extend(cell.probes.iter().map(|probe| shown!("      {}\n", probe)));
    for Record { call, outcome } in &cell.trace {
        text.push(&shown!("      {} = {}\n", call, outcome));
    }
    let said = cell.programs_said();
    text.extend(said.lines().map(|line| shown!("      {}\n", line)));
    text
}

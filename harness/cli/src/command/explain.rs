//! `dualstack explain`: everything about a case.

use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use dualstack_report::{Cell, Results, approved, matrix};
use dualstack_scenario::{Case, Scenario, nearest};

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
    let wanted = &arguments.case;
    let mut text = String::new();
    for scenario in &scenarios {
        let whole = scenario.id == *wanted;
        let cases: Vec<&Case> = scenario
            .cases
            .iter()
            .filter(|case| whole || case.id == *wanted)
            .collect();
        if !cases.is_empty() {
            question(&mut text, scenario);
            cases
                .iter()
                .for_each(|case| one(&mut text, scenario, case, results.as_ref()));
        }
    }
    if text.is_empty() {
        return Err(unknown(wanted, &scenarios));
    }
    super::print_wrapped(&text)?;
    Ok(ExitCode::SUCCESS)
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

fn question(text: &mut String, scenario: &Scenario) {
    _ = writeln!(text, "{}\n{}\n", scenario.title, scenario.ask);
    let mut paragraph = |label: &str, said: Option<&str>| {
        if let Some(said) = said {
            _ = writeln!(text, "{label}: {}\n", said.trim());
        }
    };
    paragraph("background", scenario.about.as_deref());
    paragraph("advice", scenario.advice.as_deref());
    let claims: Vec<&str> = scenario.claims().into_iter().collect();
    paragraph(
        "claims",
        (!claims.is_empty()).then(|| claims.join(", ")).as_deref(),
    );
}

fn one(text: &mut String, scenario: &Scenario, case: &Case, results: Option<&Results>) {
    _ = writeln!(text, "{}", case.id);
    let requires = case.requires.to_string();
    if !requires.is_empty() {
        _ = writeln!(text, "  requires  {requires}");
    }
    for step in &case.script.steps {
        _ = writeln!(text, "    {}", step.call);
    }
    for expectation in &case.expect {
        _ = writeln!(
            text,
            "  expected on {}: {}\n      {}",
            expectation.on, expectation.answer, expectation.source
        );
    }
    for known in &case.known {
        _ = writeln!(
            text,
            "  known on {}: {}\n      {}",
            known.on, known.answer, known.reason
        );
    }
    for table in dualstack_corpus::answers(&scenario.id) {
        if let Some(answer) = approved::answer(table.text, &case.row) {
            let whose = table
                .id()
                .split_once('@')
                .map_or("the systems that agree", |(_, system)| system);
            _ = writeln!(text, "  approved for {whose}: {answer}");
        }
    }
    for (results, cell) in results.iter().flat_map(|results| cells(results, case)) {
        answered(text, results, cell);
    }
    text.push('\n');
}

fn cells<'a>(results: &'a Results, case: &Case) -> Vec<(&'a Results, &'a Cell)> {
    let columns = results.columns.iter();
    let cells = columns.filter_map(|column| results.cell(&column.id, &case.id));
    cells.map(|cell| (results, cell)).collect()
}

fn answered(text: &mut String, results: &Results, cell: &Cell) {
    let column = matrix::column_label(results, &cell.column);
    _ = writeln!(
        text,
        "  answered on {column}: {} {}",
        cell.verdict.sign(),
        cell.shown()
    );
    if let Some(why) = &cell.why {
        _ = writeln!(text, "      {why}");
    }
    for probe in &cell.probes {
        _ = writeln!(text, "      {probe}");
    }
    for record in &cell.trace {
        _ = writeln!(text, "      {} = {}", record.call, record.outcome);
    }
}

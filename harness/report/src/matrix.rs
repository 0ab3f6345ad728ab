//! The matrix as text: one table per topic, one row per case.
//!
//! Terminals are narrow. With several systems the answers are listed one below the other,
//! each with the systems that gave it, rather than side by side.

use comfy_table::presets::NOTHING;
use comfy_table::{Attribute, Cell as TableCell, Color, ContentArrangement, Table};
use dualstack_scenario::Case;

use crate::claims::Standing;
use crate::group::largest_first;
use crate::place;
use crate::results::{Cell, Results, ScenarioRecord};
use crate::verdict::Verdict;

/// How to show the matrix.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// The width, in columns of text.
    pub width: u16,
    /// Whether to use colour.
    pub colour: bool,
}

impl Style {
    fn table(self) -> Table {
        let mut table = Table::new();
        table
            .load_style(NOTHING)
            .set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(self.width);
        if self.colour {
            table.enforce_styling();
        } else {
            table.force_no_tty();
        }
        table
    }
}

/// The whole matrix.
pub fn matrix(results: &Results, style: Style) -> String {
    let topics = results.topics();
    let tables = topics.map(|scenarios| topic_table(results, scenarios, style));
    tables.collect::<Vec<_>>().join("\n\n")
}

fn topic_table(results: &Results, scenarios: &[ScenarioRecord], style: Style) -> String {
    let mut table = style.table();
    let heading = |text: String| TableCell::new(text).add_attribute(Attribute::Bold);
    let title = scenarios[0].topic().replace('-', " ").to_uppercase();
    let headings = match results.columns.as_slice() {
        [only] => vec![title, column_label(results, &only.id)],
        _ => vec![title, "answer".to_owned(), "on".to_owned()],
    };
    table.set_header(headings.into_iter().map(heading));
    for scenario in scenarios {
        match scenario.cases.as_slice() {
            [case] if case.row.is_empty() => add_case(&mut table, results, &scenario.title, case),
            cases => {
                table.add_row([TableCell::new(&scenario.title)]);
                for case in cases {
                    add_case(&mut table, results, &format!("  {}", case.row), case);
                }
            }
        }
    }
    table.trim_fmt()
}

/// One line per answer to a case, the answer of the most systems first.
fn add_case(table: &mut Table, results: &Results, label: &str, case: &Case) {
    let columns = results.columns.iter().map(|column| column.id.as_str());
    let answers = columns.map(|id| (place::said(results.cell(id, &case.id)), id));
    let answers = largest_first(answers).into_iter();
    let answers = answers.map(|((verdict, shown), columns)| (answer(verdict, &shown), columns));
    add_groups(table, results, label, answers);
}

/// One line for each of several texts, with the columns it applies to.
fn add_groups<'a>(
    table: &mut Table,
    results: &Results,
    label: &str,
    groups: impl Iterator<Item = (TableCell, Vec<&'a str>)>,
) {
    let alone = results.columns.len() == 1;
    for (index, (text, columns)) in groups.enumerate() {
        let label = if index == 0 { label } else { "" };
        let mut row = vec![TableCell::new(label), text];
        if !alone {
            row.push(TableCell::new(names(results, &columns)));
        }
        table.add_row(row);
    }
}

fn names(results: &Results, columns: &[&str]) -> String {
    if columns.len() == results.columns.len() {
        "all".to_owned()
    } else {
        columns.join(", ")
    }
}

/// The name of a column: the platform and, if that does not show it, the system.
pub fn column_label(results: &Results, column: &str) -> String {
    match results
        .system(column)
        .map(dualstack_scenario::System::label)
    {
        Some(system) if system.starts_with(column) => system,
        Some(system) => format!("{column}: {system}"),
        None => column.to_owned(),
    }
}

fn answer(verdict: Option<Verdict>, shown: &str) -> TableCell {
    let text = TableCell::new(format!("{} {shown}", place::sign(verdict)));
    match verdict {
        Some(Verdict::AsExpected) => text.fg(Color::Green),
        Some(Verdict::Differs | Verdict::Error) => text.fg(Color::Red),
        Some(Verdict::KnownDifference) => text.fg(Color::Yellow),
        Some(Verdict::Observed) => text,
        Some(Verdict::Unsupported) | None => text.add_attribute(Attribute::Dim),
    }
}

/// The meaning of the signs, with the number of cells of each.
pub fn legend(results: &Results) -> String {
    let counted = Verdict::ALL.iter().filter_map(|verdict| {
        let count = results
            .cells
            .iter()
            .filter(|cell| cell.verdict == *verdict)
            .count();
        (count > 0).then(|| format!("{} {count} {verdict}", verdict.sign()))
    });
    counted.collect::<Vec<_>>().join("   ")
}

/// For each claim that was tested: whether it holds, and where.
pub fn claims(results: &Results, style: Style) -> String {
    let mut table = style.table();
    let heading = |text: &str| TableCell::new(text).add_attribute(Attribute::Bold);
    let alone = results.columns.len() == 1;
    table.set_header(
        ["CLAIMS", "result", "on"]
            .iter()
            .take(if alone { 2 } else { 3 })
            .map(|text| heading(text)),
    );
    for claim in &results.catalogue.claims {
        let label = format!("{} {}", claim.id, claim.title);
        let standings = standings(results, &claim.id).into_iter();
        let standings = standings.map(|(text, columns)| (TableCell::new(text), columns));
        add_groups(&mut table, results, &label, standings);
    }
    table.trim_fmt()
}

/// The different results for a claim, each with its columns; none if no case tests it.
fn standings<'a>(results: &'a Results, claim: &str) -> Vec<(String, Vec<&'a str>)> {
    let columns = results.columns.iter().map(|column| column.id.as_str());
    let standings = columns.map(|id| (Standing::of(claim, results, id), id));
    let asked = standings.filter(|(standing, _)| !standing.is_empty());
    largest_first(asked.map(|(standing, id)| (format!("{} {standing}", standing.sign()), id)))
}

/// Everything that is not as expected, with the expectation and its source.
pub fn differences(results: &Results) -> String {
    let mut text = String::new();
    for column in &results.columns {
        for trouble in &column.troubles {
            let label = column_label(results, &column.id);
            text.push_str(&format!("{} {label}: {trouble}\n", Verdict::Error.sign()));
        }
    }
    for (_, case) in results.cases() {
        for column in &results.columns {
            let Some(cell) = results.cell(&column.id, &case.id) else {
                continue;
            };
            if let Some(difference) = difference(results, case, cell) {
                text.push_str(&difference);
            }
        }
    }
    text
}

fn difference(results: &Results, case: &Case, cell: &Cell) -> Option<String> {
    let place = format!(
        "{} {} on {}",
        cell.verdict.sign(),
        case.id,
        column_label(results, &cell.column)
    );
    match cell.verdict {
        Verdict::Error => {
            let why = cell.why.as_deref().unwrap_or_default();
            let stderr = cell
                .stderr
                .lines()
                .map(|line| format!("    | {line}\n"))
                .collect::<String>();
            Some(format!("{place}\n    {why}\n{stderr}"))
        }
        Verdict::Differs => {
            let finding = results.finding(case, cell)?;
            let mut text = format!("{place}\n    answered  {}\n", cell.shown());
            if let Some(expected) = finding.expected {
                text.push_str(&format!(
                    "    expected  {}\n    source    {}\n",
                    expected.answer, expected.source
                ));
            }
            if let Some(known) = finding.known {
                let gone = if finding.known_has_gone() {
                    " (gone)"
                } else {
                    ""
                };
                text.push_str(&format!(
                    "    known     {}{gone}: {}\n",
                    known.answer, known.reason
                ));
            }
            Some(text)
        }
        _ => None,
    }
}

//! The matrix as text: one table per topic, one row per case.
//!
//! Terminals are narrow. With several systems the answers are listed one below the other,
//! each with the systems that gave it, rather than side by side.

use comfy_table::presets::NOTHING;
use comfy_table::{Attribute, Cell as TableCell, Color, ContentArrangement, Table};
use dualstack_scenario::shown::{Lines, Shown};
use dualstack_scenario::{Case, Expectation, KnownDifference, shown};

use crate::claims::Standing;
use crate::columns::ColumnView;
use crate::grid::{Grid, Row};
use crate::group::largest_first;
use crate::place;
use crate::results::{Cell, Results};
use crate::text::line;
use crate::verdict::Verdict;

/// The maximum length of a text in a table, in characters.
const TEXT: usize = 400;

/// How to show the matrix.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// The width, in columns of text.
    pub width: u16,
    /// Whether to use colour.
    pub colour: bool,
}

impl Style {
    pub(crate) fn table(self) -> Table {
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

/// A cell of a table, its text visible.
pub(crate) fn seen(text: &str) -> TableCell {
    TableCell::new(line(text, TEXT))
}

/// The whole matrix.
pub fn matrix(results: &Results, style: Style) -> Shown {
    let grid = Grid::new(results);
    let topics = grid
        .rows()
        .chunk_by(|a, b| a.scenario.topic() == b.scenario.topic());
    let tables = topics.map(|rows| topic_table(results, rows, style));
    Shown::trusted(tables.collect::<Vec<_>>().join("\n\n"))
}

fn topic_table(results: &Results, rows: &[Row<'_>], style: Style) -> String {
    let mut table = style.table();
    let heading = |text: String| seen(&text).add_attribute(Attribute::Bold);
    let title = rows[0].scenario.topic().replace('-', " ").to_uppercase();
    let headings = match results.columns.as_slice() {
        [only] => vec![title, column_label(results, &only.id)],
        _ => vec![title, "answer".to_owned(), "on".to_owned()],
    };
    table.set_header(headings.into_iter().map(heading));
    for rows in rows.chunk_by(|a, b| std::ptr::eq(a.scenario, b.scenario)) {
        let scenario = rows[0].scenario;
        // With the topic above it is the id, and alone it names the scenario on a command line.
        let name = scenario.id.rsplit('/').next().unwrap_or_default();
        let name = seen(name).add_attribute(Attribute::Dim);
        table.add_row([seen(&scenario.title), name]);
        for row in rows {
            add_case(&mut table, results, &format!("  {}", row.case.row), row);
        }
    }
    table.trim_fmt()
}

/// One line per answer to a case, the answer of the most systems first.
fn add_case(table: &mut Table, results: &Results, label: &str, row: &Row<'_>) {
    let columns = results.columns.iter().map(|column| column.id.as_str());
    let answers = columns.zip(&row.cells);
    let answers = answers.map(|(id, cell)| (place::said(*cell), id));
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
        let mut row = vec![seen(label), text];
        if !alone {
            row.push(seen(&names(results, &columns)));
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
    let text = seen(&format!("{} {shown}", place::sign(verdict)));
    match verdict {
        Some(Verdict::AsExpected) => text.fg(Color::Green),
        Some(Verdict::Differs | Verdict::Error) => text.fg(Color::Red),
        Some(Verdict::KnownDifference) => text.fg(Color::Yellow),
        Some(Verdict::Observed) => text,
        Some(Verdict::Unsupported) | None => text.add_attribute(Attribute::Dim),
    }
}

/// The meaning of the signs, with the number of cells of each.
pub fn legend(results: &Results) -> Shown {
    let counted = Verdict::ALL.iter().filter_map(|verdict| {
        let count = results
            .cells
            .iter()
            .filter(|cell| cell.verdict == *verdict)
            .count();
        (count > 0).then(|| format!("{} {count} {verdict}", verdict.sign()))
    });
    shown!("{}", counted.collect::<Vec<_>>().join("   "))
}

/// For each claim that was tested: whether it holds, and where.
pub fn claims(results: &Results, style: Style) -> Shown {
    let grid = Grid::new(results);
    let mut table = style.table();
    let heading = |text: &str| seen(text).add_attribute(Attribute::Bold);
    let alone = results.columns.len() == 1;
    table.set_header(
        ["CLAIMS", "result", "on"]
            .iter()
            .take(if alone { 2 } else { 3 })
            .map(|text| heading(text)),
    );
    for claim in &results.catalogue.claims {
        let label = format!("{} {}", claim.id, claim.title);
        let standings = standings(results, &grid, &claim.id).into_iter();
        let standings = standings.map(|(text, columns)| (seen(&text), columns));
        add_groups(&mut table, results, &label, standings);
    }
    Shown::trusted(table.trim_fmt())
}

/// The different results for a claim, each with its columns; none if no case tests it.
fn standings<'a>(
    results: &'a Results,
    grid: &Grid<'a>,
    claim: &str,
) -> Vec<(String, Vec<&'a str>)> {
    let columns = results.columns.iter().map(|column| column.id.as_str());
    let standings = columns.enumerate().map(|(at, id)| {
        let cells = grid.rows().iter().map(|row| (row.case, row.cells[at]));
        (Standing::among(claim, cells), id)
    });
    let asked = standings.filter(|(standing, _)| !standing.is_empty());
    largest_first(asked.map(|(standing, id)| (format!("{} {standing}", standing.sign()), id)))
}

/// Everything that is not as expected, with the expectation and its source.
pub fn differences(results: &Results) -> Shown {
    let columns: Vec<(ColumnView<'_>, String)> = results
        .columns
        .iter()
        .map(|column| (ColumnView::new(column), column_label(results, &column.id)))
        .collect();
    let mut text = Shown::default();
    for (view, label) in &columns {
        for trouble in &view.column.troubles {
            let sign = Verdict::Error.sign();
            text.push(&shown!("{} {}: {}\n", sign, label, Lines(trouble)));
        }
    }
    for row in Grid::new(results).rows() {
        for ((view, label), cell) in columns.iter().zip(&row.cells) {
            let difference = cell.and_then(|cell| difference(view, label, row.case, cell));
            text.extend(difference);
        }
    }
    text
}

fn difference(view: &ColumnView<'_>, label: &str, case: &Case, cell: &Cell) -> Option<Shown> {
    let mut text = shown!("{} {} on {}\n", cell.verdict.sign(), case.id, label);
    match cell.verdict {
        Verdict::Error => {
            text.push(&shown!(
                "    {}\n",
                Lines(cell.why.as_deref().unwrap_or_default())
            ));
            let said = cell.stderr.lines();
            text.extend(said.map(|line| shown!("    | {}\n", line)));
        }
        Verdict::Differs => {
            let finding = view.finding(case, cell)?;
            text.push(&shown!("    answered  {}\n", cell.shown()));
            if let Some(Expectation { answer, source, .. }) = finding.expected {
                text.push(&shown!(
                    "    expected  {}\n    source    {}\n",
                    answer,
                    source
                ));
            }
            if let Some(known) = finding.known {
                let gone = if finding.known_has_gone() {
                    " (gone)"
                } else {
                    ""
                };
                let KnownDifference { answer, reason, .. } = known;
                text.push(&shown!("    known     {}{}: {}\n", answer, gone, reason));
            }
        }
        Verdict::AsExpected
        | Verdict::KnownDifference
        | Verdict::Observed
        | Verdict::Unsupported => return None,
    }
    Some(text)
}

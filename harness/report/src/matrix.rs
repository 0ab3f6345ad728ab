//! The matrix as text: one table per topic, one row per case.
//!
//! Terminals are narrow. With several systems the answers are listed one below the other,
//! each with the systems that gave it, rather than side by side.

use std::collections::BTreeMap;

use comfy_table::presets::NOTHING;
use comfy_table::{
    Attribute, Cell as TableCell, Color, ColumnConstraint, ContentArrangement, Table, Width,
};
use dualstack_scenario::shown::{Lines, Shown};
use dualstack_scenario::{Case, Expectation, KnownDifference, shown, split_id};

use crate::alike::Platforms;
use crate::claims::Standing;
use crate::columns::ColumnView;
use crate::grid::{Grid, Row};
use crate::group::largest_first;
use crate::place::{self, Kind};
use crate::results::{Cell, Results};
use crate::text::{line, shell};
use dualstack_scenario::Verdict;

/// The maximum length of a text in a table, in characters.
const TEXT: usize = 400;

/// The space before a case's name. Ordinary spaces are dropped where a line has to be broken.
const INDENT: &str = "\u{a0}\u{a0}";

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
    let platforms = platforms(results, &grid);
    let topics = grid
        .rows()
        .chunk_by(|a, b| a.scenario.topic() == b.scenario.topic());
    let tables = topics.map(|rows| topic_table(results, &platforms, rows, style));
    let tables = Shown::trusted(tables.collect::<Vec<_>>().join("\n\n"));
    match platforms.shown(grid.rows().len()) {
        agreement if agreement.is_empty() => tables,
        agreement => shown!("{}\n{}", agreement, tables),
    }
}

fn platforms<'a>(results: &'a Results, grid: &Grid<'a>) -> Platforms<'a> {
    let views: Vec<ColumnView<'_>> = results.columns.iter().map(ColumnView::new).collect();
    Platforms::new(grid, &views)
}

fn topic_table(
    results: &Results,
    platforms: &Platforms<'_>,
    rows: &[Row<'_>],
    style: Style,
) -> String {
    let mut table = style.table();
    let heading = |text: String| seen(&text).add_attribute(Attribute::Bold);
    let title = rows[0].scenario.topic().replace('-', " ").to_uppercase();
    let headings = match results.columns.as_slice() {
        [only] => vec![title, column_label(results, &only.id)],
        _ => vec![title, "answer".to_owned(), "on".to_owned()],
    };
    table.set_header(headings.into_iter().map(heading));
    let words = rows.iter().flat_map(|row| row.case.row.split(' '));
    let longest = words.map(|word| word.chars().count()).max();
    let longest = longest.unwrap_or_default() + INDENT.chars().count();
    // A name is searched for and copied: it is not broken where there is room for it.
    let room = longest.min(usize::from(style.width) * 2 / 5);
    let room = Width::Fixed(u16::try_from(room).unwrap_or(u16::MAX));
    if let Some(first) = table.column_mut(0) {
        first.set_constraint(ColumnConstraint::LowerBoundary(room));
    }
    for rows in rows.chunk_by(|a, b| std::ptr::eq(a.scenario, b.scenario)) {
        let scenario = rows[0].scenario;
        // With the topic above it is the id, and alone it names the scenario on a command line.
        let (_, name) = split_id(&scenario.id);
        let name = seen(name).add_attribute(Attribute::Dim);
        table.add_row([seen(&scenario.title), name]);
        for row in rows {
            add_case(&mut table, results, platforms, &row.case.row, row);
        }
    }
    table.trim_fmt().replace(INDENT, "  ")
}

/// One line per answer to a case, the answer of the most systems first.
fn add_case(
    table: &mut Table,
    results: &Results,
    platforms: &Platforms<'_>,
    label: &str,
    row: &Row<'_>,
) {
    let columns = results.columns.iter().map(|column| column.id.as_str());
    let answers = columns.enumerate();
    let answers = answers.map(|(at, id)| (place::said_in(row, at), id));
    let answers = largest_first(answers).into_iter();
    let answers = answers.map(|((kind, shown), columns)| (answer(kind, &shown), columns));
    let label = format!("{INDENT}{}", line(label, TEXT));
    add_groups(table, platforms, &label, answers);
}

/// One line for each of several texts, with the columns it applies to.
fn add_groups<'a>(
    table: &mut Table,
    platforms: &Platforms<'_>,
    label: &str,
    groups: impl Iterator<Item = (TableCell, Vec<&'a str>)>,
) {
    for (index, (text, columns)) in groups.enumerate() {
        let label = if index == 0 { label } else { "" };
        let mut row = vec![TableCell::new(label), text];
        if platforms.several() {
            row.push(seen(&platforms.names(&columns)));
        }
        table.add_row(row);
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

fn answer(kind: Kind, shown: &str) -> TableCell {
    let text = seen(&format!("{} {shown}", kind.sign()));
    match kind {
        Kind::Judged(Verdict::AsExpected) | Kind::Varies => text.fg(Color::Green),
        Kind::Judged(Verdict::Differs | Verdict::Error) => text.fg(Color::Red),
        Kind::Judged(Verdict::KnownDifference) => text.fg(Color::Yellow),
        Kind::Judged(Verdict::Observed) => text,
        Kind::Judged(Verdict::Unsupported) | Kind::NoData => text.add_attribute(Attribute::Dim),
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
    let platforms = platforms(results, &grid);
    let mut table = style.table();
    let heading = |text: &str| seen(text).add_attribute(Attribute::Bold);
    table.set_header(
        ["CLAIMS", "result", "on"]
            .iter()
            .take(if platforms.several() { 3 } else { 2 })
            .map(|text| heading(text)),
    );
    for claim in &results.catalogue.claims {
        let label = line(&format!("{} {}", claim.id, claim.title), TEXT).to_string();
        let standings = standings(results, &grid, &claim.id).into_iter();
        let standings = standings.map(|(text, columns)| (seen(&text), columns));
        add_groups(&mut table, &platforms, &label, standings);
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
    let grid = Grid::new(results);
    let mut errors = Errors::of(results);
    for rows in grid.rows().chunk_by(|a, b| a.scenario.id == b.scenario.id) {
        let cells = rows
            .iter()
            .flat_map(|row| row.cells.iter().map(move |cell| (row, cell)));
        let mut differs = false;
        for ((row, cell), (view, label)) in cells.zip(columns.iter().cycle()) {
            let wanted = cell.filter(|cell| errors.is_first(cell));
            let difference = wanted.and_then(|cell| difference(view, label, row.case, cell));
            differs |= cell.is_some_and(|cell| cell.verdict == Verdict::Differs);
            let more = difference.as_ref().and_then(|_| errors.more((*cell)?));
            text.extend(difference);
            text.extend(more.map(|more| shown!("    and {} more like it\n", more)));
        }
        let advice = rows[0].scenario.advice.as_deref().filter(|_| differs);
        text.extend(advice.map(|advice| shown!("    advice    {}\n", Lines(advice.trim()))));
    }
    text
}

/// How often each column has each error: what ends an agent ends all its cases.
struct Errors<'a> {
    left: BTreeMap<(&'a str, Option<&'a str>), usize>,
}

impl<'a> Errors<'a> {
    /// So many equal errors are listed one by one.
    const FEW: usize = 3;

    fn of(results: &'a Results) -> Self {
        let mut left = BTreeMap::new();
        for cell in results.cells.iter().filter(|cell| is_error(cell)) {
            *left.entry(Self::key(cell)).or_default() += 1;
        }
        left.retain(|_, count| *count > Self::FEW);
        Self { left }
    }

    fn key(cell: &Cell) -> (&str, Option<&str>) {
        (&cell.column, cell.why.as_deref())
    }

    /// Whether a cell is shown itself: of many equal errors only the first is.
    fn is_first(&self, cell: &Cell) -> bool {
        !is_error(cell) || self.left.get(&Self::key(cell)).is_none_or(|left| *left > 0)
    }

    /// How many follow that are not shown.
    fn more(&mut self, cell: &'a Cell) -> Option<usize> {
        let left = self
            .left
            .get_mut(&Self::key(cell))
            .filter(|_| is_error(cell))?;
        Some(std::mem::take(left) - 1)
    }
}

fn is_error(cell: &Cell) -> bool {
    cell.verdict == Verdict::Error
}

fn programs(cell: &Cell) -> Shown {
    let said = cell.programs_said();
    said.lines().map(|line| shown!("    {}\n", line)).collect()
}

fn difference(view: &ColumnView<'_>, label: &str, case: &Case, cell: &Cell) -> Option<Shown> {
    let mut text = shown!("{} {} on {}\n", cell.verdict.sign(), shell(&case.id), label);
    match cell.verdict {
        Verdict::Error => {
            text.push(&shown!(
                "    {}\n",
                Lines(cell.why.as_deref().unwrap_or_default())
            ));
            let said = cell.stderr.lines();
            text.extend(said.map(|line| shown!("    | {}\n", line)));
            text.push(&programs(cell));
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
            text.push(&programs(cell));
        }
        Verdict::AsExpected
        | Verdict::KnownDifference
        | Verdict::Observed
        | Verdict::Unsupported => return None,
    }
    Some(text)
}

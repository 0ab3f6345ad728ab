//! The matrix as text: a table a topic, cases down, systems across.

use comfy_table::presets::NOTHING;
use comfy_table::{Attribute, Cell as TableCell, Color, ContentArrangement, Table};
use dualstack_scenario::Case;

use crate::claims::Standing;
use crate::results::{Cell, Results, ScenarioRecord};
use crate::verdict::Verdict;

/// How the matrix is shown.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// How many columns of text there are.
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
    let mut topics: Vec<&str> = Vec::new();
    for scenario in &results.scenarios {
        let topic = topic(scenario);
        if !topics.contains(&topic) {
            topics.push(topic);
        }
    }
    let tables = topics
        .into_iter()
        .map(|topic| topic_table(results, topic, style));
    tables.collect::<Vec<_>>().join("\n\n")
}

fn topic(scenario: &ScenarioRecord) -> &str {
    scenario.id.split_once('/').map_or("", |(topic, _)| topic)
}

fn topic_table(results: &Results, name: &str, style: Style) -> String {
    let mut table = style.table();
    let heading = |text: String| TableCell::new(text).add_attribute(Attribute::Bold);
    let columns = results
        .columns
        .iter()
        .map(|column| heading(column_label(results, &column.id)));
    let title = name.replace('-', " ").to_uppercase();
    table.set_header(std::iter::once(heading(title)).chain(columns));
    for scenario in results
        .scenarios
        .iter()
        .filter(|scenario| topic(scenario) == name)
    {
        match scenario.cases.as_slice() {
            [case] if case.row.is_empty() => {
                table.add_row(row(results, format!("{}", scenario.title), case));
            }
            cases => {
                table.add_row([TableCell::new(&scenario.title)]);
                for case in cases {
                    table.add_row(row(results, format!("  {}", case.row), case));
                }
            }
        }
    }
    table.trim_fmt()
}

/// What a column is called: the platform and, where that does not say it, the system.
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

fn row(results: &Results, label: String, case: &Case) -> Vec<TableCell> {
    let cells = results
        .columns
        .iter()
        .map(|column| match results.cell(&column.id, &case.id) {
            Some(cell) => answer(cell),
            None => TableCell::new("no data"),
        });
    std::iter::once(TableCell::new(label))
        .chain(cells)
        .collect()
}

fn answer(cell: &Cell) -> TableCell {
    let text = TableCell::new(format!("{} {}", cell.verdict.sign(), cell.shown()));
    match cell.verdict {
        Verdict::AsExpected => text.fg(Color::Green),
        Verdict::Differs | Verdict::Error => text.fg(Color::Red),
        Verdict::KnownDifference => text.fg(Color::Yellow),
        Verdict::Observed => text,
        Verdict::Unsupported => text.add_attribute(Attribute::Dim),
    }
}

/// What the signs mean, with how many cells have each.
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

/// How each claim of the catalogue stands, system by system.
pub fn claims(results: &Results, style: Style) -> String {
    let mut table = style.table();
    let heading = |text: String| TableCell::new(text).add_attribute(Attribute::Bold);
    let columns = results
        .columns
        .iter()
        .map(|column| heading(column_label(results, &column.id)));
    table.set_header(std::iter::once(heading("CLAIMS".to_owned())).chain(columns));
    for claim in &results.catalogue.claims {
        let label = format!("{} {}", claim.id, claim.title);
        let standings = results.columns.iter().map(|column| {
            let standing = Standing::of(&claim.id, results, &column.id);
            TableCell::new(format!("{} {standing}", standing.sign()))
        });
        table.add_row(std::iter::once(TableCell::new(label)).chain(standings));
    }
    table.trim_fmt()
}

/// Everything that is not as expected, with what was expected and who says so.
pub fn differences(results: &Results) -> String {
    let mut text = String::new();
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
                    " (no longer so)"
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

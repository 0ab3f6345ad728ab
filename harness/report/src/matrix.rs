//! The matrix as text: a table a topic, a row a case.
//!
//! Terminals are narrow. So with several systems the answers stand below each
//! other, each with those that gave it, rather than side by side.

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
    let title = name.replace('-', " ").to_uppercase();
    let headings = match results.columns.as_slice() {
        [only] => vec![title, column_label(results, &only.id)],
        _ => vec![title, "answer".to_owned(), "on".to_owned()],
    };
    table.set_header(headings.into_iter().map(heading));
    for scenario in results.scenarios.iter().filter(|scenario| topic(scenario) == name) {
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

/// A line for each answer to a case, those of the most systems first.
fn add_case(table: &mut Table, results: &Results, label: &str, case: &Case) {
    let alone = results.columns.len() == 1;
    for (index, (cell, columns)) in answers(results, case).into_iter().enumerate() {
        let label = if index == 0 { label } else { "" };
        let mut row = vec![TableCell::new(label), cell.map_or_else(no_data, answer)];
        if !alone {
            row.push(TableCell::new(names(results, &columns)));
        }
        table.add_row(row);
    }
}

/// The different answers to a case, each with the columns that gave it.
fn answers<'a>(results: &'a Results, case: &Case) -> Vec<(Option<&'a Cell>, Vec<&'a str>)> {
    let mut answers: Vec<(Option<&Cell>, Vec<&str>)> = Vec::new();
    for column in &results.columns {
        let cell = results.cell(&column.id, &case.id);
        let same = |known: &Option<&Cell>| match (known, cell) {
            (Some(known), Some(cell)) => {
                (known.verdict, known.shown()) == (cell.verdict, cell.shown())
            }
            (known, cell) => known.is_none() && cell.is_none(),
        };
        match answers.iter_mut().find(|(known, _)| same(known)) {
            Some((_, columns)) => columns.push(&column.id),
            None => answers.push((cell, vec![&column.id])),
        }
    }
    answers.sort_by_key(|(_, columns)| std::cmp::Reverse(columns.len()));
    answers
}

fn names(results: &Results, columns: &[&str]) -> String {
    if columns.len() == results.columns.len() { "all".to_owned() } else { columns.join(", ") }
}

fn no_data() -> TableCell {
    TableCell::new("no data").add_attribute(Attribute::Dim)
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

/// How each claim that was asked about stands: what is said of it, and where.
pub fn claims(results: &Results, style: Style) -> String {
    let mut table = style.table();
    let heading = |text: &str| TableCell::new(text).add_attribute(Attribute::Bold);
    let alone = results.columns.len() == 1;
    table.set_header(["CLAIMS", "stands", "on"].iter().take(if alone { 2 } else { 3 }).map(|text| heading(text)));
    for claim in &results.catalogue.claims {
        let label = format!("{} {}", claim.id, claim.title);
        for (index, (standing, columns)) in standings(results, &claim.id).into_iter().enumerate() {
            let label = if index == 0 { label.as_str() } else { "" };
            let mut row = vec![TableCell::new(label), TableCell::new(standing)];
            if !alone {
                row.push(TableCell::new(names(results, &columns)));
            }
            table.add_row(row);
        }
    }
    table.trim_fmt()
}

/// The different standings of a claim, each with the columns where it stands so;
/// none if no case was asked about it.
fn standings<'a>(results: &'a Results, claim: &str) -> Vec<(String, Vec<&'a str>)> {
    let mut standings: Vec<(String, Vec<&str>)> = Vec::new();
    for column in &results.columns {
        let standing = Standing::of(claim, results, &column.id);
        if standing.is_empty() {
            continue;
        }
        let text = format!("{} {standing}", standing.sign());
        match standings.iter_mut().find(|(known, _)| *known == text) {
            Some((_, columns)) => columns.push(&column.id),
            None => standings.push((text, vec![&column.id])),
        }
    }
    standings.sort_by_key(|(_, columns)| std::cmp::Reverse(columns.len()));
    standings
}

/// Everything that is not as expected, with what was expected and who says so.
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

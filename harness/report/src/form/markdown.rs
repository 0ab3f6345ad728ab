//! The report as Markdown, for a README or a job summary.

use std::fmt::Write;

use super::Form;
use crate::alike::{alike, label};
use crate::changes::Changes;
use crate::claims::Standing;
use crate::columns::ColumnView;
use crate::grid::{Grid, Row};
use crate::group::together;
use crate::place::{self, Kind};
use crate::results::{Cell, Results};
use crate::text::{count, heading, visible};
use dualstack_scenario::Verdict;

/// `report.md`.
pub(super) const FORM: Form = Form {
    name: "markdown",
    file: Some("report.md"),
    about: "report.md, for a README or a job summary",
    write: |report, folder| {
        let text = self::report(report.results, report.changes, GITHUB_LIMIT);
        folder.put("report.md", text.as_bytes())
    },
};

/// GitHub takes no job summary longer than this (1 MiB).
pub const GITHUB_LIMIT: usize = 1024 * 1024;

/// The maximum length of a text in a table, in characters.
const TEXT: usize = 200;
/// The space reserved for the note about omitted rows.
const RESERVE: usize = 300;

/// The report in at most `limit` bytes.
///
/// The most important comes first: the platforms, the changes if known, the differences,
/// the claims, then the matrix, topic by topic. Rows that do not fit are left out, and
/// the last lines say how many.
pub fn report(results: &Results, changes: Option<&Changes<'_>>, limit: usize) -> String {
    let grid = Grid::new(results);
    let columns: Vec<ColumnView<'_>> = results.columns.iter().map(ColumnView::new).collect();
    let mut page = Bounded {
        text: String::new(),
        limit: limit.saturating_sub(RESERVE),
        left_out: 0,
    };
    page.block(&head(results, &grid, &columns));
    if let Some(changes) = changes {
        what_changed(&mut page, changes);
    }
    differences(&mut page, &grid, &columns);
    let groups = groups(&grid, &columns);
    claims(&mut page, results, &grid, &groups);
    matrix(&mut page, &grid, &groups);
    page.finish()
}

/// Platforms that agree everywhere, which share a column.
struct Group<'g, 'a> {
    views: Vec<&'g ColumnView<'a>>,
    /// The place of the first of them in a row.
    at: usize,
}

fn groups<'g, 'a>(grid: &Grid<'a>, columns: &'g [ColumnView<'a>]) -> Vec<Group<'g, 'a>> {
    let groups = alike(grid, columns.len()).into_iter();
    let groups = groups.map(|places| Group {
        views: places.iter().map(|at| &columns[*at]).collect(),
        at: places[0],
    });
    groups.collect()
}

impl Group<'_, '_> {
    fn heading(&self) -> String {
        match self.views.as_slice() {
            [alone] => format!("{} {}", escape(alone.id()), escape(&alone.version())),
            several => escape(&label(several)),
        }
    }
}

/// A text that grows by whole rows, and counts the rows that no longer fit.
struct Bounded {
    text: String,
    limit: usize,
    left_out: usize,
}

impl Bounded {
    /// Adds lines that are not counted, if they fit.
    fn block(&mut self, lines: &str) {
        self.fits(lines);
    }

    fn row(&mut self, line: &str) {
        if !self.fits(line) {
            self.left_out += 1;
        }
    }

    /// After the first row that does not fit, none is added: rows are not selected by
    /// size.
    fn fits(&mut self, lines: &str) -> bool {
        let fits = self.left_out == 0 && self.text.len() + lines.len() <= self.limit;
        if fits {
            self.text.push_str(lines);
        } else {
            self.limit = 0;
        }
        fits
    }

    fn finish(mut self) -> String {
        if self.left_out > 0 {
            _ = write!(
                self.text,
                "\n**{} left out here**, because the report would exceed the size limit. The report's page has all rows.\n",
                count(self.left_out, "row") + if self.left_out == 1 { " is" } else { " are" }
            );
        }
        self.text
    }
}

fn head(results: &Results, grid: &Grid<'_>, columns: &[ColumnView<'_>]) -> String {
    let mut text = format!(
        "# Dual-stack compatibility\n\n{} in {} on {}, {}.\n\n",
        count(grid.rows().len(), "case"),
        count(results.scenarios.len(), "scenario"),
        count(columns.len(), "platform"),
        escape(&results.started),
    );
    text.push_str("| platform | system | build |");
    for kind in Kind::ALL {
        _ = write!(text, " {} {} |", kind.sign(), kind.name());
    }
    text.push_str("\n| --- | --- | --- |");
    text.push_str(&" ---: |".repeat(Kind::ALL.len()));
    text.push('\n');
    for (at, view) in columns.iter().enumerate() {
        let system = format!("{} {}", view.family.name(), view.version());
        _ = write!(
            text,
            "| {} | {} | {} |",
            escape(view.id()),
            escape(&system),
            code(view.build())
        );
        for kind in Kind::ALL {
            let rows = grid.rows().iter();
            let cells = rows.filter(|row| place::kind_in(row, at) == kind);
            _ = write!(text, " {} |", cells.count());
        }
        text.push('\n');
    }
    for group in groups(grid, columns) {
        if group.views.len() > 1 {
            let names: Vec<String> = group.views.iter().map(|view| escape(view.id())).collect();
            _ = write!(
                text,
                "\n{} stands for {}, which agree everywhere.\n",
                group.heading(),
                names.join(", ")
            );
        }
    }
    text
}

fn what_changed(page: &mut Bounded, changes: &Changes<'_>) {
    page.block("\n## What changed\n\n");
    for platform in &changes.platforms {
        let (name, summary) = (platform.name(), platform.summary());
        page.row(&format!("- {}: {}\n", escape(&name), escape(&summary)));
    }
    let mut headed = false;
    for platform in &changes.platforms {
        for change in &platform.changes {
            if !std::mem::replace(&mut headed, true) {
                page.block("\n| case | platform | before | now |\n| --- | --- | --- | --- |\n");
            }
            page.row(&format!(
                "| {} | {} | {} | {} |\n",
                code(change.case),
                escape(&platform.name()),
                code(&place::text(change.before)),
                code(&place::text(change.after))
            ));
        }
    }
}

fn differences(page: &mut Bounded, grid: &Grid<'_>, columns: &[ColumnView<'_>]) {
    let telling = [Verdict::Differs, Verdict::Error, Verdict::KnownDifference];
    for verdict in telling {
        let mut headed = false;
        for row in grid.rows() {
            let cells = columns.iter().zip(&row.cells);
            let cells = cells.filter_map(|(view, cell)| Some((view, (*cell)?)));
            let cells = cells.filter(|(_, cell)| cell.verdict == verdict);
            let said = cells.map(|(view, cell)| (difference(view, row, cell), escape(view.id())));
            for (difference, platforms) in together(said) {
                if !std::mem::replace(&mut headed, true) {
                    page.block(&format!(
                        "\n## {} {verdict}\n\n| case | platform | answer | against |\n| --- | --- | --- | --- |\n",
                        verdict.sign()
                    ));
                }
                page.row(&format!(
                    "| {} | {} | {difference} |\n",
                    code(&row.case.id),
                    platforms.join(", ")
                ));
            }
        }
    }
}

/// The answer, and what it differs from.
fn difference(view: &ColumnView<'_>, row: &Row<'_>, cell: &Cell) -> String {
    let finding = view.finding(row.case, cell);
    let known = finding.as_ref().and_then(|finding| finding.known);
    let expected = finding.as_ref().and_then(|finding| finding.expected);
    let against = match (known, expected, &cell.why) {
        (_, _, Some(why)) => escape(why),
        (Some(known), _, _) if cell.verdict == Verdict::KnownDifference => escape(&known.reason),
        (Some(known), _, _) => format!("known difference {}", code(&known.answer.to_string())),
        (None, Some(expected), _) => format!(
            "{} ({})",
            code(&expected.answer.to_string()),
            escape(&expected.source)
        ),
        (None, None, None) => String::new(),
    };
    format!("{} | {against}", code(&cell.shown()))
}

fn claims(page: &mut Bounded, results: &Results, grid: &Grid<'_>, groups: &[Group<'_, '_>]) {
    if results.catalogue.claims.is_empty() {
        return;
    }
    page.block(&table_head("\n## Claims\n\n", "claim", groups));
    for claim in &results.catalogue.claims {
        let mut line = format!("| {} {} |", escape(&claim.id), escape(&claim.title));
        for group in groups {
            let at = group.at;
            let cells = grid.rows().iter().map(|row| (row.case, row.cells[at]));
            let standing = Standing::among(&claim.id, cells);
            _ = write!(
                line,
                " {} {} |",
                standing.sign(),
                escape(&standing.to_string())
            );
        }
        page.row(&(line + "\n"));
    }
}

fn matrix(page: &mut Bounded, grid: &Grid<'_>, groups: &[Group<'_, '_>]) {
    let rows = grid.rows();
    for rows in rows.chunk_by(|a, b| a.scenario.topic() == b.scenario.topic()) {
        let topic = heading(rows[0].scenario.topic());
        let heading = format!("\n## {}\n\n", escape(&topic));
        page.block(&table_head(&heading, "case", groups));
        for row in rows {
            let mut line = format!("| {}", escape(&row.scenario.title));
            if !row.case.row.is_empty() {
                _ = write!(line, ": {}", code(&row.case.row));
            }
            line.push_str(" |");
            for group in groups {
                let (kind, shown) = place::said_in(row, group.at);
                _ = match row.cells[group.at] {
                    Some(_) => write!(line, " {} {} |", kind.sign(), code(&shown)),
                    None => write!(line, " {} {shown} |", kind.sign()),
                };
            }
            page.row(&(line + "\n"));
        }
    }
}

fn table_head(heading: &str, first: &str, groups: &[Group<'_, '_>]) -> String {
    let mut text = format!("{heading}| {first} |");
    for group in groups {
        _ = write!(text, " {} |", group.heading());
    }
    text.push_str("\n| --- |");
    text.push_str(&" --- |".repeat(groups.len()));
    text.push('\n');
    text
}

/// A table, of texts from elsewhere.
pub fn table(head: &[String], rows: &[Vec<String>]) -> String {
    let line = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(|cell| escape(cell)).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let mut text = line(head);
    _ = writeln!(text, "|{}", " --- |".repeat(head.len()));
    text.extend(rows.iter().map(|row| line(row)));
    text
}

/// Escapes a text: no markup, no mention, no end of a table cell.
fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for c in visible(text, TEXT).chars() {
        match c {
            '\n' | '\t' => escaped.push(' '),
            '&' | '<' | '>' | '|' | '`' | '*' | '_' | '[' | ']' | '~' | '@' | '#' | '\\' | '!'
            | '$' => _ = write!(escaped, "&#{};", u32::from(c)),
            _ => escaped.push(c),
        }
    }
    escaped
}

/// A text in a code span. As HTML, because a code span in a table cannot contain every
/// backtick or bar.
fn code(text: &str) -> String {
    format!("<code>{}</code>", escape(text))
}

//! The answers at a glance: which platforms agree, a line per topic, what is worth
//! knowing, and whether the claims hold.
//!
//! The whole matrix has a line per case, which is for looking things up.

use std::collections::BTreeMap;

use comfy_table::{Attribute, CellAlignment};
use dualstack_scenario::shown::Shown;
use dualstack_scenario::{System, shown};

use crate::claims::Standing;
use crate::columns::ColumnView;
use crate::grid::{Grid, Row};
use crate::group::{largest_first, together};
use crate::matrix::{Style, column_label, seen};
use crate::place;
use crate::results::{Cell, Results};
use crate::text::count;
use crate::verdict::Verdict;

/// How many entries of a list are shown before the rest is only counted.
const ENTRIES: usize = 40;

/// What the results say in at most a screen, or a little more if much differs. What differs
/// from what is expected is told by [`matrix::differences`](crate::matrix::differences).
pub fn overview(results: &Results, style: Style) -> Shown {
    let grid = Grid::new(results);
    let views: Vec<ColumnView<'_>> = results.columns.iter().map(ColumnView::new).collect();
    let platforms = Platforms::new(results, &grid, &views);
    let parts = [
        topics(results, &grid, style),
        platforms.shown(grid.rows().len()),
        known(&grid, &views, &platforms),
        unsupported(&grid, &views, &platforms),
        claims(results, &grid, &platforms),
    ];
    let mut text = Shown::default();
    for part in parts.into_iter().filter(|part| !part.is_empty()) {
        text.push(&shown!("{}\n", part));
    }
    text
}

/// For each topic the number of answers of each kind.
fn topics(results: &Results, grid: &Grid<'_>, style: Style) -> Shown {
    let mut table = style.table();
    let heading = |text: &str| seen(text).add_attribute(Attribute::Bold);
    let answers = match results.columns.as_slice() {
        [only] => column_label(results, &only.id),
        columns => format!("answers of {}", count(columns.len(), "platform")),
    };
    table.set_header([heading("TOPIC"), heading("cases"), heading(&answers)]);
    for rows in by_topic(grid) {
        let cells = rows.iter().flat_map(|row| &row.cells);
        let counted = counted(cells.map(|cell| cell.map(|cell| cell.verdict)));
        table.add_row([
            seen(rows[0].scenario.topic()),
            seen(&rows.len().to_string()).set_alignment(CellAlignment::Right),
            seen(&counted),
        ]);
    }
    Shown::trusted(table.trim_fmt() + "\n")
}

fn by_topic<'g, 'a>(grid: &'g Grid<'a>) -> impl Iterator<Item = &'g [Row<'a>]> {
    let rows = grid.rows();
    rows.chunk_by(|a, b| a.scenario.topic() == b.scenario.topic())
}

/// `✓ 40  ≈ 2  · 3`.
fn counted(verdicts: impl Iterator<Item = Option<Verdict>>) -> String {
    let verdicts: Vec<_> = verdicts.collect();
    let kinds = place::all().filter_map(|kind| {
        let count = verdicts.iter().filter(|verdict| **verdict == kind).count();
        (count > 0).then(|| format!("{} {count}", place::sign(kind)))
    });
    kinds.collect::<Vec<_>>().join("  ")
}

/// The platforms, with a short name for those that give the same answers everywhere:
/// `linux 5.10–7.3`.
struct Platforms<'a> {
    all: Vec<&'a str>,
    /// Those that agree, the largest group first.
    alike: Vec<(String, Vec<&'a str>)>,
    /// The cases to which not all answers are the same.
    differ: usize,
}

impl<'a> Platforms<'a> {
    fn new(results: &'a Results, grid: &Grid<'a>, views: &[ColumnView<'a>]) -> Self {
        let said: Vec<_> = grid.rows().iter().map(|row| said(row, views)).collect();
        let columns = views.iter().enumerate().map(|(at, view)| {
            let answers: Vec<&Said> = said.iter().map(|row| &row[at]).collect();
            (answers, view.id())
        });
        let alike = largest_first(columns).into_iter().filter_map(|(_, ids)| {
            let systems = ids.iter().filter_map(|id| results.system(id));
            (ids.len() > 1).then_some(())?;
            Some((span(systems)?, ids))
        });
        let differ = said.iter().filter(|row| {
            let mut answers = row.iter().filter(|said| said.is_answer());
            let first = answers.next();
            answers.any(|said| Some(said) != first)
        });
        Self {
            all: views.iter().map(ColumnView::id).collect(),
            alike: alike.collect(),
            differ: differ.count(),
        }
    }

    /// Some of them, as short as possible.
    fn names(&self, ids: &[&str]) -> String {
        if ids.len() == self.all.len() {
            return "all".to_owned();
        }
        let whole = |group: &&(String, Vec<&str>)| group.1.iter().all(|id| ids.contains(id));
        let groups: Vec<_> = self.alike.iter().filter(whole).collect();
        let rest = ids
            .iter()
            .filter(|id| !groups.iter().any(|(_, group)| group.contains(id)));
        let names = groups
            .iter()
            .map(|(name, _)| name.as_str())
            .chain(rest.copied());
        names.collect::<Vec<_>>().join(", ")
    }

    /// ` on all`, or nothing if there is only one.
    fn on(&self, ids: &[&str]) -> String {
        match self.all.len() {
            1 => String::new(),
            _ => format!(" on {}", self.names(ids)),
        }
    }

    fn shown(&self, cases: usize) -> Shown {
        if self.all.len() < 2 {
            return Shown::default();
        }
        let mut text = shown!(
            "{} of {} have different answers\n",
            self.differ,
            count(cases, "case")
        );
        for (name, ids) in &self.alike {
            text.push(&shown!("  {} agree everywhere: {}\n", name, ids.join(", ")));
        }
        text
    }
}

/// The versions of systems of one kind: `linux 5.10–7.3`.
fn span<'a>(systems: impl Iterator<Item = &'a System>) -> Option<String> {
    let mut systems: Vec<&System> = systems.collect();
    systems.sort_by_cached_key(|system| numbers(&system.version));
    let (first, last) = (systems.first()?, systems.last()?);
    if first.name() != last.name() {
        return None;
    }
    let (first, last) = (first.label(), last.label());
    Some(match last.split_once(' ') {
        Some((_, version)) if first != last => format!("{first}–{version}"),
        _ => first,
    })
}

/// The numbers of a version, to sort by.
fn numbers(version: &str) -> Vec<u64> {
    let numbers = version.split(|letter: char| !letter.is_ascii_digit());
    numbers.filter_map(|number| number.parse().ok()).collect()
}

/// What a platform answered.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Said {
    Answer(String),
    /// One of several answers, by chance.
    Varies,
    Nothing(Option<Verdict>),
}

impl Said {
    fn is_answer(&self) -> bool {
        matches!(self, Self::Answer(_))
    }
}

fn said(row: &Row<'_>, views: &[ColumnView<'_>]) -> Vec<Said> {
    let cells = row.cells.iter().zip(views);
    let said = cells.map(|(cell, view)| match cell {
        Some(cell) if varies(row, cell, view) => Said::Varies,
        Some(Cell {
            answer: Some(answer),
            ..
        }) => Said::Answer(answer.clone()),
        cell => Said::Nothing(cell.map(|cell| cell.verdict)),
    });
    said.collect()
}

fn varies(row: &Row<'_>, cell: &Cell, view: &ColumnView<'_>) -> bool {
    let finding = view.finding(row.case, cell);
    finding.is_some_and(|finding| {
        finding.verdict == Verdict::AsExpected
            && finding.expected.is_some_and(|expected| expected.varies)
    })
}

/// The known differences by their reason.
fn known(grid: &Grid<'_>, views: &[ColumnView<'_>], platforms: &Platforms<'_>) -> Shown {
    let cells = cells(grid, views, Verdict::KnownDifference);
    let reasons = cells.filter_map(|(row, cell, view)| {
        let reason = &view.finding(row.case, cell)?.known?.reason;
        Some((reason.as_str(), (row.case.id.as_str(), view.id())))
    });
    entries(
        "known differences",
        Verdict::KnownDifference,
        reasons,
        platforms,
    )
}

/// What could not be asked, by what is missing.
fn unsupported(grid: &Grid<'_>, views: &[ColumnView<'_>], platforms: &Platforms<'_>) -> Shown {
    let cells = cells(grid, views, Verdict::Unsupported);
    let reasons = cells.map(|(row, cell, view)| {
        let why = cell.why.as_deref().unwrap_or("no reason is known");
        (why, (row.case.id.as_str(), view.id()))
    });
    entries("not supported", Verdict::Unsupported, reasons, platforms)
}

fn cells<'g, 'a>(
    grid: &'g Grid<'a>,
    views: &'g [ColumnView<'a>],
    verdict: Verdict,
) -> impl Iterator<Item = (&'g Row<'a>, &'a Cell, &'g ColumnView<'a>)> {
    grid.rows().iter().flat_map(move |row| {
        let cells = row.cells.iter().zip(views);
        let cells = cells.filter_map(move |(cell, view)| Some((row, (*cell)?, view)));
        cells.filter(move |(_, cell, _)| cell.verdict == verdict)
    })
}

/// A line per reason, the most frequent first: where, in how many cases, and one of them.
fn entries<'a>(
    title: &str,
    verdict: Verdict,
    cells: impl Iterator<Item = (&'a str, (&'a str, &'a str))>,
    platforms: &Platforms<'_>,
) -> Shown {
    let groups = largest_first(cells);
    let mut text = Shown::default();
    if groups.is_empty() {
        return text;
    }
    text.push(&shown!("{}, by reason\n", title));
    for (reason, cells) in groups.iter().take(ENTRIES) {
        let cases: BTreeMap<&str, ()> = cells.iter().map(|(case, _)| (*case, ())).collect();
        let columns = together(cells.iter().map(|(_, column)| (*column, ())));
        let columns: Vec<&str> = columns.into_iter().map(|(column, _)| column).collect();
        let which = match cases.keys().next() {
            Some(only) if cases.len() == 1 => (*only).to_owned(),
            _ => count(cases.len(), "case"),
        };
        text.push(&shown!(
            "  {} {}{}: {}\n",
            verdict.sign(),
            which,
            platforms.on(&columns),
            reason
        ));
    }
    let more = groups.len().saturating_sub(ENTRIES);
    if more > 0 {
        text.push(&shown!(
            "  and {} more; --full shows all\n",
            count(more, "reason")
        ));
    }
    text
}

/// How many claims hold, and which do not everywhere.
fn claims(results: &Results, grid: &Grid<'_>, platforms: &Platforms<'_>) -> Shown {
    let standings = results.catalogue.claims.iter().filter_map(|claim| {
        let columns = results.columns.iter().enumerate();
        let columns = columns.map(|(at, column)| {
            let cells = grid.rows().iter().map(|row| (row.case, row.cells[at]));
            (Standing::among(&claim.id, cells), column.id.as_str())
        });
        let asked = columns.filter(|(standing, _)| !standing.is_empty());
        let asked =
            largest_first(asked.map(|(standing, id)| (standing.to_string(), (standing, id))));
        (!asked.is_empty()).then_some((claim, asked))
    });
    let standings: Vec<_> = standings.collect();
    if standings.is_empty() {
        return Shown::default();
    }
    let (hold, rest): (Vec<_>, Vec<_>) = standings.iter().partition(|(_, asked)| {
        asked
            .iter()
            .flat_map(|(_, members)| members)
            .all(|(standing, _)| standing.fails.is_empty())
    });
    let mut text = shown!(
        "{} of {} hold wherever they could be asked\n",
        hold.len(),
        count(standings.len(), "claim")
    );
    for (claim, asked) in rest {
        text.push(&shown!("  {} {}\n", claim.id, claim.title));
        for (said, members) in asked {
            let (standing, _) = &members[0];
            let columns: Vec<&str> = members.iter().map(|(_, column)| *column).collect();
            let on = platforms.on(&columns);
            text.push(&shown!("      {} {}{}\n", standing.sign(), said, on));
        }
    }
    text
}

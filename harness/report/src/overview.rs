//! The answers at a glance: which platforms agree, a line per topic, what is worth
//! knowing, and whether the claims hold.
//!
//! The whole matrix has a line per case, which is for looking things up.

use std::collections::BTreeMap;

use comfy_table::{Attribute, CellAlignment};
use dualstack_scenario::shown;
use dualstack_scenario::shown::Shown;

use crate::alike::Platforms;
use crate::claims::Standing;
use crate::columns::ColumnView;
use crate::grid::{Grid, Row};
use crate::group::{largest_first, together};
use crate::matrix::{Style, column_label, seen};
use crate::place::Kind;
use crate::results::{Cell, Results};
use crate::text::{count, shell};
use dualstack_scenario::Verdict;

/// How many entries of a list are shown before the rest is only counted.
const ENTRIES: usize = 40;

/// What the results say in at most a screen, or a little more if much differs. What differs
/// from what is expected is told by [`matrix::differences`](crate::matrix::differences).
pub fn overview(results: &Results, style: Style) -> Shown {
    let grid = Grid::new(results);
    let views: Vec<ColumnView<'_>> = results.columns.iter().map(ColumnView::new).collect();
    let platforms = Platforms::new(&grid, &views);
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

/// Why the table of every case has gaps: what could not be asked, by what is missing.
pub fn gaps(results: &Results) -> Shown {
    let grid = Grid::new(results);
    let views: Vec<ColumnView<'_>> = results.columns.iter().map(ColumnView::new).collect();
    let platforms = Platforms::new(&grid, &views);
    unsupported(&grid, &views, &platforms)
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
        let counted = counted(cells.map(|cell| Kind::of(*cell)));
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
fn counted(found: impl Iterator<Item = Kind>) -> String {
    let found: Vec<_> = found.collect();
    let kinds = Kind::ALL.iter().filter_map(|kind| {
        let count = found.iter().filter(|found| *found == kind).count();
        (count > 0).then(|| format!("{} {count}", kind.sign()))
    });
    kinds.collect::<Vec<_>>().join("  ")
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
            Some(only) if cases.len() == 1 => shell(only).into_owned(),
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
        let asked: Vec<_> = columns
            .filter(|(standing, _)| !standing.is_empty())
            .collect();
        // A claim that was asked and not answered has not held.
        if !asked.iter().any(|(standing, _)| standing.is_answered()) {
            return None;
        }
        let asked = asked.into_iter();
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

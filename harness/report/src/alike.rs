//! Platforms that give the same answers, and a short name for them: `Linux 5.10–7.3`.

use std::collections::HashSet;

use dualstack_scenario::shown;
use dualstack_scenario::shown::Shown;

use crate::columns::ColumnView;
use crate::grid::{Grid, Row};
use crate::group::together;
use crate::place;
use crate::results::Results;
use crate::text::count;

/// The platforms, with a short name for those that give the same answers everywhere:
/// `Linux 5.10–7.3`.
pub(crate) struct Platforms<'a> {
    all: Vec<&'a str>,
    /// Those that agree everywhere, the largest group first.
    alike: Vec<(String, Vec<&'a str>)>,
    /// How many cases have different answers.
    differ: usize,
}

impl<'a> Platforms<'a> {
    pub(crate) fn new(grid: &Grid<'a>, views: &[ColumnView<'a>]) -> Self {
        let groups = alike(grid, views.len()).into_iter();
        let groups = groups.filter(|group| group.len() > 1).map(|group| {
            let views: Vec<&ColumnView<'a>> = group.iter().map(|at| &views[*at]).collect();
            let ids = views.iter().map(|view| view.id()).collect();
            (label(&views), ids)
        });
        let mut alike: Vec<(String, Vec<&'a str>)> = groups.collect();
        alike.sort_by_key(|(_, ids)| std::cmp::Reverse(ids.len()));
        Self {
            all: views.iter().map(ColumnView::id).collect(),
            alike,
            differ: grid.rows().iter().filter(|row| differ(row)).count(),
        }
    }

    /// Some of them, as short as possible.
    pub(crate) fn names(&self, ids: &[&str]) -> String {
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

    /// Whether there are at least two.
    pub(crate) fn several(&self) -> bool {
        self.all.len() > 1
    }

    /// ` on all`, or nothing if there is only one.
    pub(crate) fn on(&self, ids: &[&str]) -> String {
        if self.several() {
            format!(" on {}", self.names(ids))
        } else {
            String::new()
        }
    }

    pub(crate) fn shown(&self, cases: usize) -> Shown {
        if !self.several() {
            return Shown::default();
        }
        let mut text = match self.differ {
            0 => shown!("no case has different answers\n"),
            different => shown!(
                "{} of {} have different answers\n",
                different,
                count(cases, "case")
            ),
        };
        // All together are called so.
        let some = |(_, ids): &&(_, Vec<_>)| ids.len() < self.all.len();
        for (name, ids) in self.alike.iter().filter(some) {
            text.push(&shown!(
                "  {} stands for {}, which agree everywhere\n",
                name,
                ids.join(", ")
            ));
        }
        text
    }
}

/// The ids of the cases that platforms answered differently. An answer that varies by
/// chance and a platform without an answer do not count.
pub fn different_cases(results: &Results) -> HashSet<&str> {
    let grid = Grid::new(results);
    let different = grid.rows().iter().filter(|row| differ(row));
    different.map(|row| row.case.id.as_str()).collect()
}

/// Whether platforms answered a case differently, whatever the verdicts.
pub(crate) fn differ(row: &Row<'_>) -> bool {
    let cells = row.cells.iter().enumerate();
    let cells = cells.filter(|(at, _)| row.varies(*at).is_none());
    let mut answers = cells.filter_map(|(_, cell)| (*cell)?.answer.as_deref());
    let first = answers.next();
    answers.any(|answer| Some(answer) != first)
}

/// The columns that agree in every case, in the order of their first.
pub(crate) fn alike(grid: &Grid<'_>, columns: usize) -> Vec<Vec<usize>> {
    let rows = grid.rows();
    let mut groups: Vec<Vec<usize>> = vec![(0..columns).collect()];
    for row in rows {
        if groups.len() == columns {
            break;
        }
        let parts = groups.into_iter().flat_map(|group| {
            let said = group.into_iter().map(|at| (place::said_in(row, at), at));
            together(said).into_iter().map(|(_, members)| members)
        });
        groups = parts.collect();
    }
    groups.retain(|group| !group.is_empty());
    groups.sort_by_key(|group| group[0]);
    groups
}

/// The name of columns that agree: `Linux 5.10–7.3`, or the names of each if they are of
/// several kinds.
pub(crate) fn label(views: &[&ColumnView<'_>]) -> String {
    let families = together(views.iter().map(|view| (view.family.name(), *view)));
    let names = families.into_iter().map(|(family, mut views)| {
        views.sort_by_cached_key(|view| numbers(&version(view)));
        let (first, last) = (views[0].version(), views[views.len() - 1].version());
        let versions = if first == last {
            first
        } else {
            format!("{first}–{last}")
        };
        format!("{family} {versions}").trim_end().to_owned()
    });
    names.collect::<Vec<_>>().join(", ")
}

fn version(view: &ColumnView<'_>) -> String {
    let machine = view.column.machine.as_ref();
    machine.map_or_else(String::new, |machine| machine.system.label())
}

/// The numbers of a version, to sort by.
fn numbers(version: &str) -> Vec<u64> {
    let numbers = version.split(|letter: char| !letter.is_ascii_digit());
    numbers.filter_map(|number| number.parse().ok()).collect()
}

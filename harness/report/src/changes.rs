//! What changed between two runs, or between two platforms of one run.

use dualstack_scenario::shown::Shown;
use dualstack_scenario::{Case, shown};
use std::collections::HashMap;

use crate::grid::Grid;
use crate::place;
use crate::results::{Cell, Column, Results};
use dualstack_scenario::Verdict;

/// The kind of change of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A different answer.
    Answer,
    /// A known difference no longer exists.
    KnownGone,
    /// The same answer with another verdict.
    Verdict,
    /// An answer where there was none.
    Gained,
    /// No answer where there was one.
    Lost,
    /// A cell that had no data before.
    New,
    /// A cell that no longer has data.
    Gone,
}

impl Kind {
    /// Every kind, the most important first.
    pub const ALL: [Self; 7] = [
        Self::Answer,
        Self::KnownGone,
        Self::Verdict,
        Self::Lost,
        Self::Gained,
        Self::New,
        Self::Gone,
    ];

    /// The change, as a heading.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Answer => "a different answer",
            Self::KnownGone => "a known difference is gone",
            Self::Verdict => "the same answer, judged differently",
            Self::Gained => "a new answer",
            Self::Lost => "an answer was lost",
            Self::New => "new",
            Self::Gone => "no longer any data",
        }
    }
}

/// A cell that has changed.
#[derive(Clone, Debug)]
pub struct Change<'a> {
    /// Its kind of change.
    pub kind: Kind,
    /// The case.
    pub case: &'a str,
    /// Its scenario.
    pub scenario: &'a str,
    /// The cell before.
    pub before: Option<&'a Cell>,
    /// The cell after.
    pub after: Option<&'a Cell>,
    /// Whether the calls of the case have changed.
    pub asked_otherwise: bool,
}

/// What changed on one platform.
#[derive(Clone, Debug)]
pub struct PlatformChanges<'a> {
    /// The column before; `None` if the platform is new.
    pub before: Option<&'a Column>,
    /// The column after; `None` if the platform is gone.
    pub after: Option<&'a Column>,
    /// The cells, the most important change first.
    pub changes: Vec<Change<'a>>,
    /// How many cells both files have.
    pub compared: usize,
}

/// What changed between two files.
#[derive(Clone, Debug)]
pub struct Changes<'a> {
    /// Platform by platform, including those without a change.
    pub platforms: Vec<PlatformChanges<'a>>,
}

/// Two columns that are compared, by their names before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The column in the older file.
    pub before: String,
    /// The column in the newer file.
    pub after: String,
}

/// Compares two files. Without `pairs`, columns with the same name are compared, and the
/// others are new or gone.
pub fn between<'a>(before: &'a Results, after: &'a Results, pairs: &[Pair]) -> Changes<'a> {
    let (old, new) = (Side::new(before), Side::new(after));
    let platforms = if pairs.is_empty() {
        by_name(&old, &new)
    } else {
        let columns = pairs
            .iter()
            .map(|pair| (old.column(&pair.before), new.column(&pair.after)));
        columns.map(|(a, b)| compare(&old, a, &new, b)).collect()
    };
    Changes { platforms }
}

fn by_name<'a>(old: &Side<'a>, new: &Side<'a>) -> Vec<PlatformChanges<'a>> {
    let names = new.results.columns.iter().map(|column| &column.id);
    let gone = old.results.columns.iter().map(|column| &column.id);
    let gone = gone.filter(|id| new.column(id).is_none());
    names
        .chain(gone)
        .map(|id| compare(old, old.column(id), new, new.column(id)))
        .collect()
}

/// One of two files.
struct Side<'a> {
    results: &'a Results,
    cases: HashMap<&'a str, (&'a Case, &'a str)>,
    cells: HashMap<&'a str, Vec<Option<&'a Cell>>>,
}

impl<'a> Side<'a> {
    fn new(results: &'a Results) -> Self {
        let grid = Grid::new(results);
        let rows = grid.rows().iter();
        let cells = rows
            .clone()
            .map(|row| (row.case.id.as_str(), row.cells.clone()));
        let cases = rows.map(|row| (row.case.id.as_str(), (row.case, row.scenario.id.as_str())));
        Self {
            results,
            cells: cells.collect(),
            cases: cases.collect(),
        }
    }

    fn column(&self, id: &str) -> Option<usize> {
        self.results
            .columns
            .iter()
            .position(|column| column.id == id)
    }

    fn cell(&self, column: usize, case: &str) -> Option<&'a Cell> {
        self.cells.get(case).and_then(|cells| cells[column])
    }
}

fn compare<'a>(
    old: &Side<'a>,
    a: Option<usize>,
    new: &Side<'a>,
    b: Option<usize>,
) -> PlatformChanges<'a> {
    let (Some(a), Some(b)) = (a, b) else {
        return PlatformChanges {
            before: a.map(|a| &old.results.columns[a]),
            after: b.map(|b| &new.results.columns[b]),
            changes: Vec::new(),
            compared: 0,
        };
    };
    let cases = new.results.cases().map(|(_, case)| case.id.as_str());
    let gone = old.results.cases().map(|(_, case)| case.id.as_str());
    let gone = gone.filter(|case| !new.cases.contains_key(case));
    let mut compared = 0;
    let mut changes = Vec::new();
    for case in cases.chain(gone) {
        let (before, after) = (old.cell(a, case), new.cell(b, case));
        compared += usize::from(before.is_some() && after.is_some());
        if let Some(kind) = kind(before, after) {
            let asked = (old.cases.get(case), new.cases.get(case));
            changes.push(Change {
                kind,
                case,
                scenario: asked.1.or(asked.0).map_or("", |(_, scenario)| scenario),
                before,
                after,
                asked_otherwise: matches!(asked, (Some(a), Some(b)) if a.0.script != b.0.script),
            });
        }
    }
    let weight = |change: &Change<'_>| Kind::ALL.iter().position(|kind| *kind == change.kind);
    changes.sort_by_key(weight);
    PlatformChanges {
        before: Some(&old.results.columns[a]),
        after: Some(&new.results.columns[b]),
        changes,
        compared,
    }
}

fn kind(before: Option<&Cell>, after: Option<&Cell>) -> Option<Kind> {
    let (before, after) = match (before, after) {
        (Some(before), Some(after)) => (before, after),
        (None, Some(_)) => return Some(Kind::New),
        (Some(_), None) => return Some(Kind::Gone),
        (None, None) => return None,
    };
    let accepted = |cell: &Cell| cell.verdict == Verdict::KnownDifference;
    match (&before.answer, &after.answer) {
        (Some(_), Some(_)) if accepted(before) && !accepted(after) => Some(Kind::KnownGone),
        (Some(a), Some(b)) if a != b => Some(Kind::Answer),
        (Some(_), None) => Some(Kind::Lost),
        (None, Some(_)) => Some(Kind::Gained),
        _ if before.verdict != after.verdict => Some(Kind::Verdict),
        _ => None,
    }
}

impl Changes<'_> {
    /// Whether nothing has changed.
    pub fn is_empty(&self) -> bool {
        self.platforms.iter().all(PlatformChanges::is_empty)
    }
}

impl PlatformChanges<'_> {
    /// Whether nothing on the platform has changed.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.before.is_some() && self.after.is_some()
    }

    /// The names of the columns, only one if they are the same.
    pub fn name(&self) -> String {
        let id = |column: Option<&Column>| column.map(|column| column.id.clone());
        match (id(self.before), id(self.after)) {
            (Some(a), Some(b)) if a != b => format!("{a} → {b}"),
            (a, b) => b.or(a).unwrap_or_default(),
        }
    }

    /// The exact builds, only one if they are the same.
    pub fn build(&self) -> String {
        let build = |column: Option<&Column>| {
            let machine = column.and_then(|column| column.machine.as_ref());
            machine.map(|machine| format!("{}, {}", machine.edition, machine.build))
        };
        match (build(self.before), build(self.after)) {
            (Some(a), Some(b)) if a != b => format!("{a} → {b}"),
            (a, b) => b.or(a).unwrap_or_default(),
        }
    }

    /// A summary of the changes.
    pub fn summary(&self) -> String {
        match (self.before, self.after) {
            (None, None) => "neither file has this platform".to_owned(),
            (None, Some(_)) => "a new platform".to_owned(),
            (Some(_), None) => "no longer any data: the platform was not run".to_owned(),
            _ if self.changes.is_empty() => match self.compared {
                1 => "the one cell as before".to_owned(),
                compared => format!("all {compared} cells as before"),
            },
            _ => {
                let counts = Kind::ALL.iter().filter_map(|kind| {
                    let count = self.changes.iter().filter(|change| change.kind == *kind);
                    let count = count.count();
                    (count > 0).then(|| format!("{count} × {}", kind.heading()))
                });
                counts.collect::<Vec<_>>().join(", ")
            }
        }
    }
}

impl Changes<'_> {
    /// The changes as text, platform by platform.
    pub fn shown(&self) -> Shown {
        let mut text = Shown::default();
        for platform in &self.platforms {
            let (name, summary) = (platform.name(), platform.summary());
            text.push(&shown!("{}: {}\n", name, summary));
            for group in platform.changes.chunk_by(|a, b| a.kind == b.kind) {
                text.push(&shown!("  {}\n", group[0].kind.heading()));
                text.extend(group.iter().map(Change::shown));
            }
        }
        text
    }
}

impl Change<'_> {
    /// The case, and what was and is answered.
    pub fn shown(&self) -> Shown {
        let (before, after) = (place::text(self.before), place::text(self.after));
        let what = match self.kind {
            Kind::New => shown!("{}", after),
            Kind::Gone => shown!("{}", before),
            Kind::Answer | Kind::KnownGone | Kind::Verdict | Kind::Gained | Kind::Lost => {
                shown!("{} → {}", before, after)
            }
        };
        let calls = if self.asked_otherwise {
            "  (the calls have changed)"
        } else {
            ""
        };
        shown!("    {}\n        {}{}\n", self.case, what, calls)
    }
}

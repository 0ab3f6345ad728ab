//! The platforms that gave the same answer to a case, together.

use super::frame;
use crate::columns::{ColumnView, fragment};
use crate::grid::Row;
use crate::results::Cell;
use crate::verdict::Verdict;

/// The platforms with one answer and one verdict on it.
pub(super) struct Group<'a> {
    pub(super) verdict: Option<Verdict>,
    pub(super) shown: String,
    /// The columns' places, with their cells.
    pub(super) members: Vec<(usize, Option<&'a Cell>)>,
}

/// A platform's name and what leads to its cell.
pub(super) struct Link {
    pub(super) name: String,
    pub(super) fragment: String,
}

impl<'a> Group<'a> {
    /// The groups of a row, in the order of their first platforms.
    pub(super) fn of(row: &Row<'a>) -> Vec<Self> {
        let mut groups: Vec<Self> = Vec::new();
        for (at, cell) in row.cells.iter().enumerate() {
            let verdict = cell.map(|cell| cell.verdict);
            let shown = cell.map_or("no data".to_owned(), Cell::shown);
            let known = groups
                .iter_mut()
                .find(|group| group.verdict == verdict && group.shown == shown);
            match known {
                Some(group) => group.members.push((at, *cell)),
                None => groups.push(Self {
                    verdict,
                    shown,
                    members: vec![(at, *cell)],
                }),
            }
        }
        groups
    }

    pub(super) fn class(&self) -> &'static str {
        frame::class(self.verdict)
    }

    pub(super) fn sign(&self) -> &'static str {
        frame::sign(self.verdict)
    }

    pub(super) fn name(&self) -> String {
        frame::name(self.verdict)
    }

    /// Whether there is an answer, and not only a word on why there is none.
    pub(super) fn is_answer(&self) -> bool {
        self.members
            .iter()
            .any(|(_, cell)| cell.is_some_and(|cell| cell.answer.is_some()))
    }

    /// The platforms, each with what leads to its cell.
    pub(super) fn links(&self, columns: &[ColumnView<'_>], case: &str) -> Vec<Link> {
        let members = self.members.iter();
        members
            .map(|(at, _)| Link {
                name: columns[*at].id().to_owned(),
                fragment: fragment(case, columns[*at].id()),
            })
            .collect()
    }
}

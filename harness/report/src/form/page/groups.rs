//! Groups of platforms that gave the same answer to a case.

use super::frame;
use crate::columns::{ColumnView, fragment};
use crate::grid::Row;
use crate::group::together;
use crate::place::{self, Kind};
use crate::results::Cell;

/// The platforms with one answer and one verdict.
pub(super) struct Group<'a> {
    pub(super) kind: Kind,
    pub(super) shown: String,
    /// The indices of the columns, with their cells.
    pub(super) members: Vec<(usize, Option<&'a Cell>)>,
}

/// A platform's name and the link to its cell.
pub(super) struct Link {
    pub(super) name: String,
    pub(super) fragment: String,
}

impl<'a> Group<'a> {
    /// The groups of a row, in the order of their first platforms.
    pub(super) fn of(row: &Row<'a>) -> Vec<Self> {
        let cells = row.cells.iter().copied().enumerate();
        let groups = together(cells.map(|(at, cell)| (place::said_in(row, at), (at, cell))));
        let groups = groups.into_iter().map(|((kind, shown), members)| Self {
            kind,
            shown,
            members,
        });
        groups.collect()
    }

    pub(super) fn class(&self) -> &'static str {
        frame::class(self.kind)
    }

    pub(super) fn sign(&self) -> &'static str {
        self.kind.sign()
    }

    pub(super) fn name(&self) -> String {
        self.kind.name()
    }

    /// The answer of its first platform that has one.
    pub(super) fn answer(&self) -> Option<&'a str> {
        let mut cells = self.members.iter().filter_map(|(_, cell)| *cell);
        cells.find_map(|cell| cell.answer.as_deref())
    }

    /// Whether there is an answer, and not only the reason why there is none.
    pub(super) fn is_answer(&self) -> bool {
        self.members
            .iter()
            .any(|(_, cell)| cell.is_some_and(|cell| cell.answer.is_some()))
    }

    /// The platforms, each with the link to its cell.
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

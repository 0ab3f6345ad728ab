//! How a cell of the matrix is shown, also one without data.

use crate::grid::Row;
use crate::results::Cell;
use dualstack_scenario::Verdict;

/// The kinds of cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    /// There is a verdict on it.
    Judged(Verdict),
    /// It is one of several answers that the system gives by chance, as a source says: no
    /// difference between platforms.
    Varies,
    /// The case was not run.
    NoData,
}

impl Kind {
    /// In the order of a legend.
    pub(crate) const ALL: [Self; 8] = [
        Self::Judged(Verdict::AsExpected),
        Self::Varies,
        Self::Judged(Verdict::Differs),
        Self::Judged(Verdict::KnownDifference),
        Self::Judged(Verdict::Observed),
        Self::Judged(Verdict::Unsupported),
        Self::Judged(Verdict::Error),
        Self::NoData,
    ];

    /// Of a cell by itself. Whether it varies, only its row knows.
    pub(crate) fn of(cell: Option<&Cell>) -> Self {
        cell.map_or(Self::NoData, |cell| Self::Judged(cell.verdict))
    }

    pub(crate) fn sign(self) -> &'static str {
        match self {
            Self::Judged(verdict) => verdict.sign(),
            Self::Varies => "⇄",
            Self::NoData => "∅",
        }
    }

    pub(crate) fn name(self) -> String {
        match self {
            Self::Judged(verdict) => verdict.to_string(),
            Self::Varies => "varies".to_owned(),
            Self::NoData => "no data".to_owned(),
        }
    }
}

/// The kind and the text of a cell. Cells are equal if both are.
pub(crate) fn said(cell: Option<&Cell>) -> (Kind, String) {
    let kind = Kind::of(cell);
    (kind, cell.map_or_else(|| kind.name(), Cell::shown))
}

/// The kind of a cell of a row.
pub(crate) fn kind_in(row: &Row<'_>, column: usize) -> Kind {
    match row.varies(column) {
        Some(_) => Kind::Varies,
        None => Kind::of(row.cells[column]),
    }
}

/// The kind and the text of a cell of a row: `A or B (varies)` if the answer is a matter of
/// chance.
pub(crate) fn said_in(row: &Row<'_>, column: usize) -> (Kind, String) {
    match row.varies(column) {
        Some(answers) => (Kind::Varies, format!("{answers} (varies)")),
        None => said(row.cells[column]),
    }
}

/// Sign and answer as one text: `✓ ::1`.
pub(crate) fn text(cell: Option<&Cell>) -> String {
    let (kind, shown) = said(cell);
    format!("{} {shown}", kind.sign())
}

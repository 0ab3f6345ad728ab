//! How a cell of the matrix is shown, also one without data.

use crate::results::Cell;
use crate::verdict::Verdict;

/// The kinds of cell: each verdict, and finally without data.
pub(crate) fn all() -> impl Iterator<Item = Option<Verdict>> {
    Verdict::ALL.map(Some).into_iter().chain([None])
}

/// The sign of a verdict, or of a cell without data.
pub(crate) fn sign(verdict: Option<Verdict>) -> &'static str {
    verdict.map_or("∅", Verdict::sign)
}

/// The name of a verdict, or of a cell without data.
pub(crate) fn name(verdict: Option<Verdict>) -> String {
    verdict.map_or_else(|| "no data".to_owned(), |verdict| verdict.to_string())
}

/// The verdict and the text of a cell. Cells are equal if both are.
pub(crate) fn said(cell: Option<&Cell>) -> (Option<Verdict>, String) {
    match cell {
        Some(cell) => (Some(cell.verdict), cell.shown()),
        None => (None, name(None)),
    }
}

/// Sign and answer as one text: `✓ ::1`.
pub(crate) fn text(cell: Option<&Cell>) -> String {
    let (verdict, shown) = said(cell);
    format!("{} {shown}", sign(verdict))
}

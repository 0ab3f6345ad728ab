//! What is said of a place in the matrix, also of one that nobody was asked about.

use crate::results::Cell;
use crate::verdict::Verdict;

/// What a place can be: of each verdict, and last without data.
pub(crate) fn all() -> impl Iterator<Item = Option<Verdict>> {
    Verdict::ALL.map(Some).into_iter().chain([None])
}

/// The sign of a verdict, or of a place without data.
pub(crate) fn sign(verdict: Option<Verdict>) -> &'static str {
    verdict.map_or("∅", Verdict::sign)
}

/// The name of a verdict, or of a place without data.
pub(crate) fn name(verdict: Option<Verdict>) -> String {
    verdict.map_or_else(|| "no data".to_owned(), |verdict| verdict.to_string())
}

/// The verdict, and what is shown for an answer. Places are alike where both are.
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

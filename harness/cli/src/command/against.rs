//! Answers beside those that were approved: `run --against`, and what `accept` asks about.

use std::collections::HashSet;

use dualstack_report::changes::{self, Change, Changes, Kind};
use dualstack_report::{Cell, Results};

/// What has changed since the approved answers, as far as it was asked now.
pub(super) fn changes<'a>(approved: &'a Results, now: &'a Results) -> Changes<'a> {
    let mut changes = changes::between(approved, now, &[]);
    changes
        .platforms
        .retain(|platform| platform.after.is_some());
    for platform in &mut changes.platforms {
        platform.changes.retain(counts);
    }
    changes
}

/// A case that was not asked now has not changed. With another expectation the answer is
/// still the same.
fn counts(change: &Change<'_>) -> bool {
    match change.kind {
        Kind::Answer | Kind::Lost | Kind::Gained | Kind::New => true,
        Kind::KnownGone => {
            let answer = |cell: Option<&Cell>| cell?.answer.clone();
            answer(change.before) != answer(change.after)
        }
        Kind::Verdict | Kind::Gone => false,
    }
}

/// The approved answers with empty columns for the platforms that have none yet, so that
/// their cells are new ones.
pub(super) fn with_columns_of(mut approved: Results, now: &Results) -> Results {
    let known: HashSet<String> = ids(&approved).collect();
    let new = now
        .columns
        .iter()
        .filter(|column| !known.contains(&column.id));
    approved.columns.extend(new.cloned());
    approved
}

fn ids(results: &Results) -> impl Iterator<Item = String> {
    results.columns.iter().map(|column| column.id.clone())
}

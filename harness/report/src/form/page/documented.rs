//! Systems that were not measured, and of which a source says what they answer. The page
//! shows them only on request, and never counts them.

use dualstack_scenario::{Case, Expectation, SystemKind};

use super::Page;
use crate::text::percent;

/// The kind of a cell of such a system: class, sign, name.
pub(super) const SAYS: (&str, &str, &str) = ("documented", "§", "documented, not measured");
/// The same, where no source says anything.
pub(super) const SILENT: (&str, &str, &str) = ("undocumented", "", "not documented, not measured");

/// The operating systems that no platform is, and that an expectation names.
pub(super) fn systems(page: &Page<'_>) -> Vec<&'static SystemKind> {
    let measured = |kind: &SystemKind| {
        let mut machines = page.columns.iter();
        machines.any(|view| {
            let machine = view.column.machine.as_ref();
            machine.is_some_and(|machine| machine.system.name() == kind.key)
        })
    };
    let rows = page.grid.rows();
    let kinds = SystemKind::all().iter();
    let kinds = kinds.filter(|kind| !kind.stands_in && !measured(kind));
    kinds
        .filter(|kind| {
            rows.iter()
                .any(|row| names(row.case, kind).next().is_some())
        })
        .collect()
}

/// What sources say that a system answers, version by version.
pub(super) fn names<'a>(
    case: &'a Case,
    kind: &'static SystemKind,
) -> impl Iterator<Item = &'a Expectation> {
    let expect = case.expect.iter();
    expect.filter(|expect| expect.on.to_string().split(' ').next() == Some(kind.key))
}

/// The same as one text: `EINVAL`, or `A (freebsd >= 13), B (freebsd < 13)`.
pub(super) fn said(case: &Case, kind: &'static SystemKind) -> Option<String> {
    let said: Vec<&Expectation> = names(case, kind).collect();
    match said.as_slice() {
        [] => None,
        [only] if only.on.to_string() == kind.key => Some(only.answer.to_string()),
        several => {
            let said = several.iter().map(|expect| {
                let Expectation { on, answer, .. } = expect;
                format!("{answer} ({on})")
            });
            Some(said.collect::<Vec<_>>().join(", "))
        }
    }
}

/// The key of its column in an address.
pub(super) fn key(kind: &SystemKind) -> String {
    format!("documented:{}", kind.key)
}

/// Where the matrix shows the cases of which a source says something for that system.
pub(super) fn link(kind: &SystemKind) -> String {
    format!("#documented={}&verdict={}", percent(&key(kind)), SAYS.0)
}

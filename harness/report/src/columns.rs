//! What is told of a column wherever it is shown.

use dualstack_scenario::Case;

use crate::family::Family;
use crate::results::{Cell, Column};
use crate::text::{key, percent, shell};
use crate::verdict::{Finding, judge};

/// A column as it is shown.
#[derive(Clone, Debug)]
pub(crate) struct ColumnView<'a> {
    /// The column.
    pub(crate) column: &'a Column,
    /// Its family.
    pub(crate) family: Family,
}

impl<'a> ColumnView<'a> {
    /// What is told of a column.
    pub(crate) fn new(column: &'a Column) -> Self {
        let family = Family::of(column);
        Self { column, family }
    }

    /// Its name.
    pub(crate) fn id(&self) -> &'a str {
        &self.column.id
    }

    /// The version that stands below its name: `6.18`, or `2026.1` of gVisor.
    pub(crate) fn version(&self) -> String {
        let Some(machine) = &self.column.machine else {
            return "unknown system".to_owned();
        };
        let label = machine.system.label();
        let version = label.split_once(' ').map_or("", |(_, version)| version);
        match version {
            "" => machine.edition.clone(),
            version => version.to_owned(),
        }
    }

    /// Name and version of the distribution or edition.
    pub(crate) fn edition(&self) -> &'a str {
        let machine = self.column.machine.as_ref();
        machine.map_or("no agent told", |machine| &machine.edition)
    }

    /// The exact build.
    pub(crate) fn build(&self) -> &'a str {
        let machine = self.column.machine.as_ref();
        machine.map_or("no agent told", |machine| &machine.build)
    }

    /// What the verdict of one of its cells rests on.
    pub(crate) fn finding<'c>(&self, case: &'c Case, cell: &Cell) -> Option<Finding<'c>> {
        let machine = self.column.machine.as_ref()?;
        Some(judge(case, &machine.system, &cell.as_answer()))
    }

    /// The name in a URL's fragment.
    pub(crate) fn key(&self) -> String {
        key(self.id()).into_owned()
    }
}

/// The fragment of the page that opens a cell.
pub(crate) fn fragment(case: &str, column: &str) -> String {
    format!("#case={}&on={}", percent(&key(case)), percent(&key(column)))
}

/// The command that asks a column's platform a case again.
pub(crate) fn command(case: &str, column: &Column) -> String {
    let case = shell(case);
    // What a merge put behind the name tells systems apart; it is no part of it.
    let platform = column.id.split(" (").next().unwrap_or_default();
    match platform {
        "host" => format!("dualstack run --id {case}"),
        platform => format!("dualstack run --id {case} --on {}", shell(platform)),
    }
}

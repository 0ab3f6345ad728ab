//! The description of a column, wherever it is shown.

use dualstack_lab::Access;
use dualstack_scenario::Case;

use crate::family::Family;
use crate::results::{Cell, Column};
use crate::text::{key, percent, shell};
use dualstack_scenario::{Finding, judge};

/// A column for display.
#[derive(Clone, Debug)]
pub(crate) struct ColumnView<'a> {
    /// The column.
    pub(crate) column: &'a Column,
    /// Its family.
    pub(crate) family: Family,
}

impl<'a> ColumnView<'a> {
    /// The description of a column.
    pub(crate) fn new(column: &'a Column) -> Self {
        let family = Family::of(column);
        Self { column, family }
    }

    /// Its name.
    pub(crate) fn id(&self) -> &'a str {
        &self.column.id
    }

    /// The version below its name: `6.18`, or `2026.1` of gVisor.
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
        machine.map_or("unknown: no agent started", |machine| &machine.edition)
    }

    /// The exact build.
    pub(crate) fn build(&self) -> &'a str {
        let machine = self.column.machine.as_ref();
        machine.map_or("unknown: no agent started", |machine| &machine.build)
    }

    /// The evidence for the verdict of one of its cells.
    pub(crate) fn finding<'c>(&self, case: &'c Case, cell: &Cell) -> Option<Finding<'c>> {
        let machine = self.column.machine.as_ref()?;
        Some(judge(case, &machine.system, &cell.as_answer()))
    }

    /// The name in a URL fragment.
    pub(crate) fn key(&self) -> String {
        key(self.id()).into_owned()
    }
}

/// The fragment of the page that opens a cell.
pub(crate) fn fragment(case: &str, column: &str) -> String {
    format!("#case={}&on={}", percent(&key(case)), percent(&key(column)))
}

/// The command that runs a case again on a column's platform.
pub(crate) fn command(case: &str, column: &Column) -> String {
    let ask = format!("dualstack run {}", shell(case));
    match &column.access {
        Some(Access::Host) => ask,
        Some(Access::On(name)) => format!("{ask} --on {}", shell(name)),
        Some(Access::Via(agent)) => format!("{ask} --via {}", shell(agent)),
        // A file of an older version contains everything except the command of an agent.
        None => format!("{ask} --via COMMAND"),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn column(access: Option<Access>) -> Column {
        Column {
            id: "via (linux 6.18)".to_owned(),
            machine: None,
            access,
            started: String::new(),
            tool: String::new(),
            conditions: Vec::new(),
            troubles: Vec::new(),
        }
    }

    #[rstest]
    #[case::host(Some(Access::Host), "")]
    #[case::on(Some(Access::On("vm-6.12".to_owned())), " --on vm-6.12")]
    #[case::via(
        Some(Access::Via("bsd=ssh bsd.example ./agent".to_owned())),
        " --via 'bsd=ssh bsd.example ./agent'"
    )]
    #[case::not_told(None, " --via COMMAND")]
    fn a_platform_is_asked_again_as_it_was_chosen(
        #[case] access: Option<Access>,
        #[case] option: &str,
    ) {
        let command = command("topic/file", &column(access));
        assert_eq!(command, format!("dualstack run topic/file{option}"));
    }
}

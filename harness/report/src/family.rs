//! Families of platforms: those whose socket calls are answered by one code base.

use dualstack_scenario::SystemKind;

use crate::results::Column;

/// What kind of stack answers a column's calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Family {
    rank: usize,
    name: String,
}

impl Family {
    /// The family of a column: what stands in for an operating system is a
    /// family of its own.
    pub fn of(column: &Column) -> Self {
        let kinds = SystemKind::all();
        let Some(machine) = &column.machine else {
            return Self {
                rank: kinds.len() + 1,
                name: "unknown".to_owned(),
            };
        };
        let key = machine.system.name();
        let known = kinds.iter().position(|kind| kind.key == key);
        Self {
            rank: known.unwrap_or(kinds.len()),
            name: known.map_or(key, |at| kinds[at].name).to_owned(),
        }
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its place among the families.
    pub fn rank(&self) -> usize {
        self.rank
    }
}

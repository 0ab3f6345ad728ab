//! Families of platforms: those whose socket calls have the same implementation.

use dualstack_scenario::SystemKind;

use crate::results::Column;

/// What kind of stack answers a column's calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Family {
    rank: usize,
    name: String,
}

impl Family {
    /// The family of a column; an environment such as gVisor is its own family.
    pub fn of(column: &Column) -> Self {
        let machine = column.machine.as_ref();
        Self::named(machine.map(|machine| machine.system.name()))
    }

    /// Systems that are not in the table come after it, and unknown ones last.
    fn named(key: Option<&str>) -> Self {
        let kinds = SystemKind::all();
        let known = kinds.iter().position(|kind| Some(kind.key) == key);
        let name = known.map_or(key, |at| Some(kinds[at].name));
        Self {
            rank: known.unwrap_or(kinds.len() + usize::from(key.is_none())),
            name: name.unwrap_or("unknown").to_owned(),
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its place among the families.
    pub fn rank(&self) -> usize {
        self.rank
    }
}

#[cfg(test)]
mod tests {
    use super::Family;

    #[test]
    fn families_are_ranked_by_the_table_of_systems() {
        let keys = ["linux", "gvisor", "macos", "ios", "solaris", "haiku"];
        let families = keys.map(Some).into_iter().chain([None]).map(Family::named);
        let families: Vec<Family> = families.collect();
        let names: Vec<&str> = families.iter().map(Family::name).collect();
        assert_eq!(
            names,
            [
                "Linux", "gVisor", "macOS", "iOS", "Solaris", "haiku", "unknown"
            ]
        );
        assert!(families.is_sorted_by(|a, b| a.rank() < b.rank()));
    }
}

//! Who gave an answer, in a few words: systems with their versions, and single platforms where a
//! system's platforms do not agree.

use crate::columns::ColumnView;
use crate::grid::Row;

/// The columns of a report, for the answers to one case.
pub(super) struct Who<'a> {
    columns: &'a [ColumnView<'a>],
    /// Those with an answer.
    answered: Vec<usize>,
}

impl<'a> Who<'a> {
    pub(super) fn new(columns: &'a [ColumnView<'a>], row: &Row<'_>) -> Self {
        let cells = row.cells.iter().enumerate();
        let answered = cells.filter(|(_, cell)| cell.is_some_and(|cell| cell.answer.is_some()));
        Self {
            columns,
            answered: answered.map(|(at, _)| at).collect(),
        }
    }

    /// The platforms that gave an answer, among those that gave any.
    pub(super) fn gave(&self, members: &[usize]) -> String {
        if members.len() > 1 && members.len() == self.columns.len() {
            return "every platform".to_owned();
        }
        self.named(members, &self.answered)
    }

    /// The platforms that gave no answer.
    pub(super) fn did_not(&self) -> String {
        let all: Vec<usize> = (0..self.columns.len()).collect();
        let absent = all.iter().filter(|at| !self.answered.contains(at));
        self.named(&absent.copied().collect::<Vec<_>>(), &all)
    }

    /// A system whose platforms are all members goes by its own name.
    fn named(&self, members: &[usize], among: &[usize]) -> String {
        let of = |family: &[ColumnView<'_>], all: &[usize]| -> Vec<usize> {
            let is_in = |at: &&usize| self.columns[**at].family == family[0].family;
            all.iter().filter(is_in).copied().collect()
        };
        let families = self.columns.chunk_by(|a, b| a.family == b.family);
        let words = families.flat_map(|family| {
            let (found, all) = (of(family, members), of(family, among));
            if !found.is_empty() && found.len() == all.len() {
                let versions = found.iter().map(|at| self.columns[*at].version());
                vec![with_versions(family[0].family.name(), versions)]
            } else {
                let names = found.iter().map(|at| self.columns[*at].id().to_owned());
                names.collect()
            }
        });
        words.collect::<Vec<_>>().join(", ")
    }
}

/// `Linux 5.10 to 7.1`.
fn with_versions(name: &str, versions: impl Iterator<Item = String>) -> String {
    let number = |version: &String| -> Vec<u64> {
        let parts = version.split('.').map(str::parse);
        parts.map_while(Result::ok).collect()
    };
    let mut versions: Vec<String> = versions
        .filter(|version| !number(version).is_empty())
        .collect();
    versions.sort_by_key(number);
    match (versions.first(), versions.last()) {
        (Some(first), Some(last)) if first == last => format!("{name} {first}"),
        (Some(first), Some(last)) => format!("{name} {first} to {last}"),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::with_versions;
    use rstest::rstest;

    #[rstest]
    #[case(&["6.18", "5.10", "6.1"], "Linux 5.10 to 6.18")]
    #[case(&["6.18", "6.18"], "Linux 6.18")]
    #[case(&["unknown system", ""], "Linux")]
    fn versions_are_told_from_the_oldest_to_the_newest(
        #[case] versions: &[&str],
        #[case] words: &str,
    ) {
        let versions = versions.iter().map(|&version| version.to_owned());
        assert_eq!(with_versions("Linux", versions), words);
    }
}

//! The corpus of dualstack: scenarios about dual-stack (IPv4 and IPv6) sockets, the
//! claims that they test, and the approved answers.
//!
//! The files are in the crate, as texts. `dualstack-scenario` reads them; the command
//! `dualstack` runs them if the user gives no other files.
//!
//! ```
//! use dualstack_corpus::SCENARIOS;
//! use dualstack_scenario::{Scenario, SourceFile};
//!
//! let file = SCENARIOS
//!     .iter()
//!     .find(|file| file.id() == "mapped-peer/accept")
//!     .unwrap();
//! let scenario = Scenario::parse(file.id(), SourceFile::new(file.path, file.text)).unwrap();
//! assert_eq!(scenario.cases.len(), 2);
//!
//! let approved = dualstack_corpus::answers(&scenario.id).next().unwrap();
//! assert!(approved.text.contains("IPv4 client │ ::ffff:127.0.0.1"));
//! ```

/// A file of the corpus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct File {
    /// Its path in its folder, with slashes: `mapped-peer/accept.toml`.
    pub path: &'static str,
    /// Its contents.
    pub text: &'static str,
}

impl File {
    /// The path without its extension: for a scenario its id, for a table of answers the
    /// id, followed by `@` and the system if it is not shared.
    pub fn id(&self) -> &'static str {
        self.path.rsplit_once('.').map_or(self.path, |(id, _)| id)
    }
}

/// What the answers show that people do not expect, in Markdown: a section per finding, each
/// with a table of the cells that it rests on.
pub const FINDINGS: &str = include_str!("../findings.md");

/// Every scenario, in the order of their paths.
pub static SCENARIOS: &[File] = include!(concat!(env!("OUT_DIR"), "/scenarios.rs"));

/// Every table of approved answers, as an insta snapshot: the table is after the second
/// `---`. In the order of their paths.
pub static ANSWERS: &[File] = include!(concat!(env!("OUT_DIR"), "/answers.rs"));

/// The claims that the scenarios test, a catalogue in TOML.
pub static CLAIMS: &str = include_str!("../claims.toml");

/// The systems whose answers were approved, a list in TOML.
pub static APPROVED: &str = include_str!("../approved.toml");

/// The tables of approved answers to a scenario: the shared one, and those of systems
/// that answer differently.
pub fn answers(scenario: &str) -> impl Iterator<Item = &'static File> {
    ANSWERS.iter().filter(move |table| {
        let rest = table.id().strip_prefix(scenario);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('@'))
    })
}

#[cfg(test)]
mod tests {
    use super::{ANSWERS, SCENARIOS, answers};

    #[test]
    fn every_table_answers_a_scenario() {
        let answered = SCENARIOS.iter().map(|file| answers(file.id()).count());
        assert_eq!(answered.sum::<usize>(), ANSWERS.len());
    }

    #[test]
    fn a_scenario_is_not_given_the_answers_of_one_whose_name_begins_like_its_own() {
        let ids: Vec<&str> = answers("v6only-option/default")
            .map(|table| table.id())
            .collect();
        assert!(ids.contains(&"v6only-option/default"), "{ids:?}");
        let strangers = ids.iter().filter(|id| id.contains("default-with"));
        assert_eq!(strangers.count(), 0, "{ids:?}");
    }
}

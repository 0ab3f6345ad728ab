//! What a platform is, and which conditions it can arrange: found out by running small
//! cases on it.

use std::time::{Duration, Instant};

use dualstack_agent::protocol::Machine;
use dualstack_lab::{CaseResult, Platform, Terms, Unusable};
use dualstack_scenario::{Case, Scenario, SourceFile};

/// Every condition that a case can require, in words and in the language.
const CONDITIONS: [(&str, &str); 6] = [
    (
        "IPv4 disabled",
        "requires = { ipv4 = \"disabled\", ipv6 = \"any\" }",
    ),
    (
        "no IPv4 address",
        "requires = { ipv4 = \"no address\", ipv6 = \"any\" }",
    ),
    (
        "IPv6 disabled",
        "requires = { ipv4 = \"any\", ipv6 = \"disabled\" }",
    ),
    ("IPv6 off", "requires = { ipv4 = \"any\", ipv6 = \"off\" }"),
    ("bindv6only = 1", "requires = { bindv6only = 1 }"),
    ("two hosts", "hosts = [\"one\", \"other\"]"),
];

/// What running small cases on a platform showed.
pub(super) struct Tried {
    /// The system that answered.
    pub(super) machine: Option<Machine>,
    /// How long it took to the first answer, from the start: with a boot, and with a build
    /// of the agent if there was none.
    pub(super) took: Duration,
    /// Each condition, and why it cannot be arranged.
    pub(super) conditions: Vec<Condition>,
}

/// A condition in words, and why it cannot be arranged.
pub(super) type Condition = (&'static str, Result<(), String>);

impl Tried {
    /// Asks what answers, and with `conditions` also what can be arranged.
    ///
    /// # Errors
    ///
    /// The platform cannot be used here.
    pub(super) fn of(platform: &dyn Platform, conditions: bool) -> Result<Self, Unusable> {
        let start = Instant::now();
        platform.availability()?;
        let plain = case("requires = { ipv4 = \"any\", ipv6 = \"any\" }");
        let machine = dualstack_lab::run(platform, &[&plain], Terms::default(), |_| {}).machine;
        let took = start.elapsed();
        let wanted = if conditions { &CONDITIONS[..] } else { &[] };
        let conditions = wanted
            .iter()
            .map(|(words, text)| (*words, arranged(platform, text)));
        let conditions = conditions.collect();
        platform.rest();
        Ok(Self {
            machine,
            took,
            conditions,
        })
    }
}

/// Whether a platform runs a case with this condition.
fn arranged(platform: &dyn Platform, condition: &str) -> Result<(), String> {
    let case = case(condition);
    let run = dualstack_lab::run(platform, &[&case], Terms::default(), |_| {});
    match run.ran.into_iter().next().map(|ran| ran.result) {
        Some(CaseResult::Observed(_)) => Ok(()),
        Some(CaseResult::Cannot(cannot)) => Err(cannot.why),
        Some(CaseResult::Lost(broken)) => Err(broken.what),
        None => Err("it gave no answer".to_owned()),
    }
}

/// A case that makes one socket under a condition.
fn case(condition: &str) -> Case {
    let text = format!(
        "title = \"A socket\"\nask = \"Can one be made?\"\n{condition}\n\
         steps = [{{ socket = \"s\", type = \"udp6\" }}]\nanswer = \"made\"\n"
    );
    let scenario = Scenario::parse(
        "platforms/condition",
        SourceFile::new("condition.toml", text),
    );
    let mut scenario = scenario.expect("these texts follow the language");
    scenario.cases.remove(0)
}

#[cfg(test)]
mod tests {
    use dualstack_scenario::Requires;

    use super::*;

    #[test]
    fn every_condition_is_one_of_the_language_and_another_than_the_rest() {
        let mut seen = vec![(case("").requires, Vec::new())];
        for (words, text) in CONDITIONS {
            let case = case(text);
            let wants: (Requires, Vec<String>) = (case.requires, case.script.hosts);
            assert!(!seen.contains(&wants), "{words}");
            seen.push(wants);
        }
    }
}

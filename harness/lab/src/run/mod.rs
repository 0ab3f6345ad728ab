//! Hands cases over to a platform and takes back what each came to.

pub(crate) mod link;
pub(crate) mod live;
mod on_hosts;
pub(crate) mod parallel;
mod round;
pub(crate) mod session;

use dualstack_agent::protocol::{Cannot, Machine, Ready};
use dualstack_scenario::step::Call;
use dualstack_scenario::{Case, Observation, Requires};

use crate::Platform;
use round::Round;
use session::{Broken, Timing};

/// What a platform answered.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// The system, unless no agent ever said which.
    pub machine: Option<Machine>,
    /// The states that the cases were carried out in.
    pub environments: Vec<Environment>,
    /// One for each case, in the order that they were given.
    pub ran: Vec<Ran>,
    /// Agents that answered all they were asked and then did not end well.
    pub troubles: Vec<Broken>,
}

/// A state that cases were carried out in.
#[derive(Clone, Debug)]
pub struct Environment {
    /// What the cases require.
    pub requires: Requires,
    /// How that was had.
    pub ready: Ready,
}

/// What one case came to.
#[derive(Clone, Debug)]
pub struct Ran {
    /// The index of the case among those that were given.
    pub case: usize,
    /// The index of its environment, unless there was none.
    pub environment: Option<usize>,
    /// What it came to.
    pub result: CaseResult,
}

/// What a case came to.
#[derive(Clone, Debug)]
pub enum CaseResult {
    /// It was carried out.
    Observed(Observation),
    /// What it requires cannot be had there.
    Cannot(Cannot),
    /// The agent broke while it was at it.
    Lost(Broken),
}

/// Progress, for whoever watches.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// An agent was started for so many cases that require this.
    Started {
        /// What they require.
        requires: &'a Requires,
        /// How many there are.
        cases: usize,
    },
    /// A case came to something.
    Answered {
        /// Its id.
        case: &'a str,
    },
}

/// Carries out cases on a platform.
pub fn run(
    platform: &dyn Platform,
    cases: &[&Case],
    timing: Timing,
    mut watch: impl FnMut(Event<'_>),
) -> Run {
    let mut run = Run::default();
    for batch in batches(cases) {
        let requires = cases[batch[0]].requires;
        let hosts = &cases[batch[0]].script.hosts;
        let alone = platform.shares_network() && takes_a_port(cases[batch[0]]);
        watch(Event::Started {
            requires: &requires,
            cases: batch.len(),
        });
        let mut batch = batch.as_slice();
        // Each round ends the batch, or loses one case to an agent that broke.
        while !batch.is_empty() {
            let done = Round {
                platform,
                cases,
                timing,
                requires,
                hosts,
                alone,
            }
            .go(batch, &mut run, &mut watch);
            batch = &batch[done..];
        }
    }
    run.ran.sort_by_key(|ran| ran.case);
    run
}

/// The indices of the cases with the same requirements and hosts, and the same
/// wish to be alone, in the order of the first of each.
fn batches(cases: &[&Case]) -> Vec<Vec<usize>> {
    let wants = |index: usize| {
        let case = cases[index];
        (case.requires, &case.script.hosts, takes_a_port(case))
    };
    let mut batches: Vec<Vec<usize>> = Vec::new();
    for index in 0..cases.len() {
        let alike = batches
            .iter_mut()
            .find(|batch| wants(batch[0]) == wants(index));
        match alike {
            Some(batch) => batch.push(index),
            None => batches.push(vec![index]),
        }
    }
    let batches = batches.into_iter();
    batches.map(|batch| listeners_last(cases, batch)).collect()
}

/// Whether a case binds a port that the system chose for another socket: on a
/// network that others use, too, one of them may have that port on the other
/// address.
fn takes_a_port(case: &Case) -> bool {
    let of_another = |call: &Call| match call {
        Call::Bind(bind) => {
            let mut values = bind.to.0.references();
            values.any(|value| value.fields.last().is_some_and(|field| field == "port"))
        }
        _ => false,
    };
    case.script.steps.iter().any(|step| of_another(&step.call))
}

/// Cases that make connections come last: a connection that was closed holds its
/// port a while longer (TIME_WAIT), and a case that asks whether two sockets can
/// have one port must not come upon one that is held.
fn listeners_last(cases: &[&Case], batch: Vec<usize>) -> Vec<usize> {
    let connects = |index: &usize| {
        let steps = &cases[*index].script.steps;
        steps
            .iter()
            .any(|step| matches!(step.call, Call::Accept(_)))
    };
    let (last, mut first): (Vec<_>, Vec<_>) = batch.into_iter().partition(connects);
    first.extend(last);
    first
}

#[cfg(test)]
mod tests {
    use dualstack_scenario::{Scenario, SourceFile};

    use super::*;

    fn case(hosts: &str) -> Case {
        let text = format!(
            "title = \"t\"\nask = \"?\"\n{hosts}\nsteps = [{{ socket = \"s\", type = \"udp4\" }}]\nanswer = \"made\"\n"
        );
        let scenario = Scenario::parse("topic/file", SourceFile::new("file.toml", text));
        scenario.unwrap().cases.remove(0)
    }

    #[test]
    fn cases_with_the_same_hosts_share_an_agent() {
        let hosts = "hosts = [\"server\", \"client\"]";
        let cases = [
            case(""),
            case(hosts),
            case("hosts = [\"a\", \"b\"]"),
            case(hosts),
        ];
        let cases: Vec<&Case> = cases.iter().collect();
        assert_eq!(batches(&cases), [vec![0], vec![1, 3], vec![2]]);
    }
}

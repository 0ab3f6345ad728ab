//! Sends cases to a platform and collects the result of each.

pub(crate) mod allowance;
pub(crate) mod broken;
pub(crate) mod group;
mod keepable;
mod lines;
pub(crate) mod link;
pub(crate) mod live;
mod on_hosts;
pub(crate) mod outcome;
pub(crate) mod parallel;
mod patience;
mod round;
pub(crate) mod session;
pub(crate) mod tail;

use dualstack_agent::protocol::Cannot;
use dualstack_scenario::{Case, Script};

use crate::platform::{Platform, reaper};
use allowance::Allowance;
use outcome::{CaseResult, Event, Ran, Run};
use round::{Round, Shown};
use session::Terms;

/// Runs cases on a platform.
pub fn run(
    platform: &dyn Platform,
    cases: &[&Case],
    terms: Terms,
    mut watch: impl FnMut(Event<'_>),
) -> Run {
    let mut run = Run {
        access: Some(platform.access()),
        ..Run::default()
    };
    let allowance = Allowance::of(cases.len());
    let mut shown = Shown::default();
    // Wine shares its network too, and has no other to offer.
    let shares = platform.shares_network() && platform.has_programs();
    let alone = |script: &Script| {
        script.binds_a_chosen_port() || (shares && script.may_meet_another_program())
    };
    for batch in batches(cases, alone) {
        let requires = cases[batch[0]].requires;
        let hosts = &cases[batch[0]].script.hosts;
        let script = &cases[batch[0]].script;
        if script.needs_this_machine() && !platform.has_programs() {
            let cannot = without_programs(script, platform);
            for &case in &batch {
                run.ran.push(Ran {
                    case,
                    conditions: None,
                    result: CaseResult::Cannot(cannot.clone()),
                });
            }
            continue;
        }
        if script.needs_this_machine() {
            // An agent that waits for a program does not see that the harness is gone.
            reaper::start();
        }
        watch(Event::Started {
            requires: &requires,
            cases: batch.len(),
        });
        let mut batch = batch.as_slice();
        // Each round finishes the batch, or loses one case to an agent that broke.
        while !batch.is_empty() {
            let done = Round {
                platform,
                cases,
                terms,
                allowance: &allowance,
                requires,
                hosts,
                chosen_ports: alone(&cases[batch[0]].script),
            }
            .go(batch, &mut shown, &mut run, &mut watch);
            batch = &batch[done..];
        }
    }
    run.ran.sort_by_key(|ran| ran.case);
    run
}

fn without_programs(script: &Script, platform: &dyn Platform) -> Cannot {
    let name = platform.name();
    let why = match script.programs.is_empty() {
        true => format!("names are not served on {name} yet: they are on host and netns"),
        false => {
            format!("programs under test are not brought to {name} yet: they run on host and netns")
        }
    };
    Cannot {
        why,
        probes: Vec::new(),
        module: None,
    }
}

/// The indices of the cases with the same requirements and hosts, and the same wish for a
/// separate network, in the order of the first of each. Those with the same requirements
/// follow each other: a virtual machine need not boot again.
fn batches(cases: &[&Case], alone: impl Fn(&Script) -> bool) -> Vec<Vec<usize>> {
    let wants = |index: usize| {
        let Case {
            requires, script, ..
        } = cases[index];
        (
            requires,
            &script.hosts,
            alone(script),
            script.needs_this_machine(),
            // An agent that has served names has other files in /etc from then on.
            script.dns.is_empty(),
        )
    };
    let mut batches: Vec<Vec<usize>> = Vec::new();
    for index in 0..cases.len() {
        let alike = batches
            .iter_mut()
            .find(|batch| wants(batch[0]) == wants(index));
        match alike {
            Some(batch) => batch.push(index),
            None => {
                let requires = |batch: &Vec<usize>| cases[batch[0]].requires;
                let last = batches
                    .iter()
                    .rposition(|batch| requires(batch) == cases[index].requires);
                batches.insert(last.map_or(batches.len(), |last| last + 1), vec![index]);
            }
        }
    }
    let batches = batches.into_iter();
    batches.map(|batch| listeners_last(cases, batch)).collect()
}

/// Cases that make connections come last: a closed connection keeps its port for a while
/// (TIME_WAIT), and a case about two sockets on one port must not meet a port that is
/// kept.
fn listeners_last(cases: &[&Case], batch: Vec<usize>) -> Vec<usize> {
    let connects = |index: &usize| cases[*index].script.accepts_connections();
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
        assert_eq!(
            batches(&cases, Script::binds_a_chosen_port),
            [vec![0], vec![1, 3], vec![2]]
        );
    }

    #[test]
    fn cases_with_the_same_requirements_follow_each_other() {
        let other = "requires = { ipv4 = \"disabled\" }";
        let hosts = "hosts = [\"server\", \"client\"]";
        let cases = [case(""), case(other), case(hosts), case(other)];
        let cases: Vec<&Case> = cases.iter().collect();
        assert_eq!(
            batches(&cases, Script::binds_a_chosen_port),
            [vec![0], vec![2], vec![1, 3]]
        );
    }
}

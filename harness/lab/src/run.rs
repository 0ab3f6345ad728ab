//! Hands cases over to a platform and takes back what each came to.

use dualstack_agent::protocol::{Cannot, Machine, Ready};
use dualstack_scenario::step::Call;
use dualstack_scenario::{Case, Observation, Requires};

use crate::live::interrupted;
use crate::session::{Broken, Session, Timing};
use crate::{NoStart, Platform};

/// How many cases are handed over before the first answer is waited for: enough
/// to keep an agent busy, few enough that neither side fills its pipe while the
/// other does.
const AHEAD: usize = 4;

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

/// One agent and the cases that it gets through.
struct Round<'a> {
    platform: &'a dyn Platform,
    cases: &'a [&'a Case],
    timing: Timing,
    requires: Requires,
    hosts: &'a [String],
    /// Whether the cases are better off in a network namespace of their own.
    alone: bool,
}

impl Round<'_> {
    /// Gets through as much of the batch as one agent can; tells how much that was.
    fn go(&self, batch: &[usize], run: &mut Run, watch: &mut impl FnMut(Event<'_>)) -> usize {
        let all = |result: CaseResult, run: &mut Run, watch: &mut dyn FnMut(Event<'_>)| {
            for &case in batch {
                run.ran.push(Ran {
                    case,
                    environment: None,
                    result: result.clone(),
                });
                watch(Event::Answered {
                    case: &self.cases[case].id,
                });
            }
            batch.len()
        };
        if interrupted() {
            let what = "the run was interrupted".to_owned();
            return all(
                CaseResult::Lost(Broken {
                    what,
                    stderr: String::new(),
                }),
                run,
                watch,
            );
        }
        let link = match self.platform.start(&self.requires) {
            Ok(link) => link,
            Err(NoStart::Cannot(cannot)) => return all(CaseResult::Cannot(cannot), run, watch),
            Err(NoStart::Broken(broken)) => return all(CaseResult::Lost(broken), run, watch),
        };
        let mut session = match Session::start(link, self.timing) {
            Ok(session) => session,
            Err(broken) => return all(CaseResult::Lost(broken), run, watch),
        };
        run.machine.get_or_insert_with(|| {
            let mut machine = session.hello.machine.clone();
            self.platform.correct(&mut machine);
            machine
        });
        let isolate = self.platform.isolate() || self.alone;
        let mut ready = match session.prepare(self.requires, isolate, self.hosts) {
            Ok(Ok(ready)) => ready,
            Ok(Err(_)) if self.alone => {
                // Being alone is a wish, no requirement.
                run.troubles.extend(session.end().err());
                return Round {
                    alone: false,
                    ..*self
                }
                .go(batch, run, watch);
            }
            Ok(Err(cannot)) => {
                _ = session.end();
                return all(CaseResult::Cannot(cannot), run, watch);
            }
            Err(broken) => return all(CaseResult::Lost(broken), run, watch),
        };
        ready.means.splice(..0, self.platform.means(&self.requires));
        run.environments.push(Environment {
            requires: self.requires,
            ready,
        });
        self.carry_out(session, batch, run, watch)
    }

    fn carry_out(
        &self,
        mut session: Session,
        batch: &[usize],
        run: &mut Run,
        watch: &mut impl FnMut(Event<'_>),
    ) -> usize {
        let environment = Some(run.environments.len() - 1);
        for (position, &case) in batch.iter().enumerate() {
            self.hand_over(&mut session, batch, position);
            let script = &self.cases[case].script;
            let observed = session.observed(&self.cases[case].id, script.steps.len());
            let lost = observed.is_err();
            let result = observed.map_or_else(CaseResult::Lost, CaseResult::Observed);
            run.ran.push(Ran {
                case,
                environment,
                result,
            });
            watch(Event::Answered {
                case: &self.cases[case].id,
            });
            if lost {
                return position + 1;
            }
        }
        run.troubles.extend(session.end().err());
        batch.len()
    }

    /// Hands over what comes next, so that the agent has something to do while
    /// the answer at `position` is waited for.
    fn hand_over(&self, session: &mut Session, batch: &[usize], position: usize) {
        let next = if position == 0 {
            0..AHEAD
        } else {
            position + AHEAD - 1..position + AHEAD
        };
        for &case in batch.iter().take(next.end).skip(next.start) {
            session.hand_over(&self.cases[case].id, &self.cases[case].script);
        }
    }
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

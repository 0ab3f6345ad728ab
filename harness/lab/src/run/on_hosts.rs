//! Cases with two hosts where each has an agent of its own.
//!
//! The steps of a case are made one at a time, in their order, each by the agent
//! that has its socket; nothing is under way on one host while a step is made on
//! the other, but what the step before it sent.

use dualstack_agent::protocol::{Cannot, Machine, Place, Probe, Ready};
use dualstack_scenario::{Case, HostFacts, Observation, Outcome, Requires, Scope, goes_on};

use crate::HostLinks;
use crate::run::session::{Broken, Session, Timing};

/// An agent on each host.
pub(crate) struct OnHosts {
    hosts: Vec<Host>,
    facts: Vec<HostFacts>,
    means: String,
}

struct Host {
    name: String,
    session: Session,
}

impl Host {
    fn own(&self, broken: Broken) -> Broken {
        on(&self.name, broken)
    }
}

fn on(host: &str, broken: Broken) -> Broken {
    Broken {
        what: format!("{}, on {host}", broken.what),
        ..broken
    }
}

impl OnHosts {
    /// Takes the first line of each agent.
    pub(crate) fn start(
        started: HostLinks,
        names: &[String],
        timing: Timing,
    ) -> Result<Self, Broken> {
        let hosts = started.links.into_iter().zip(names).map(|(link, name)| {
            let name = name.clone();
            match Session::start(link, timing) {
                Ok(session) => Ok(Host { name, session }),
                Err(broken) => Err(on(&name, broken)),
            }
        });
        Ok(Self {
            hosts: hosts.collect::<Result<_, _>>()?,
            facts: Vec::new(),
            means: started.means,
        })
    }

    /// The system that they are on; it is one.
    pub(crate) fn machine(&self) -> &Machine {
        &self.hosts[0].session.hello.machine
    }

    /// Has each agent take its place, in the state that is required.
    pub(crate) fn prepare(&mut self, requires: Requires) -> Result<Result<Ready, Cannot>, Broken> {
        let mut both = Ready {
            means: vec![self.means.clone()],
            ..Ready::default()
        };
        for (number, host) in (1..).zip(&mut self.hosts) {
            let place = Place {
                name: host.name.clone(),
                number,
            };
            let name = &host.name;
            let ready = match host.session.take_place(requires, place) {
                Ok(Ok(ready)) => ready,
                Ok(Err(cannot)) => {
                    return Ok(Err(Cannot {
                        why: format!("{}, on {name}", cannot.why),
                        ..cannot
                    }));
                }
                Err(broken) => return Err(host.own(broken)),
            };
            let means = ready.means.into_iter();
            both.means
                .extend(means.map(|means| format!("{means}, on {name}")));
            both.probes
                .extend(ready.probes.into_iter().map(|probe| Probe {
                    call: format!("{} on {name}", probe.call),
                    ..probe
                }));
            both.settings = ready.settings;
            match ready.host {
                Some(facts) if facts.name == *name => self.facts.push(facts),
                _ => {
                    return Err(host.own(Broken {
                        what: "the agent did not tell the addresses that it has there".to_owned(),
                        stderr: String::new(),
                    }));
                }
            }
        }
        Ok(Ok(both))
    }

    /// Carries out a case.
    pub(crate) fn observe(&mut self, case: &Case) -> Result<Observation, Broken> {
        let facts = self.facts.clone();
        for host in &mut self.hosts {
            host.session.begin(case, &facts);
        }
        let mut observation = Observation {
            hosts: facts.clone(),
            steps: Vec::new(),
        };
        let mut scope = Scope::new(&case.script, &facts);
        let mut told = vec![0; self.hosts.len()];
        for (number, step) in case.script.steps.iter().enumerate() {
            let index = scope.host(&step.call).unwrap_or_default();
            let outcomes = observation.steps[told[index]..].iter();
            let elsewhere: Vec<Outcome> = outcomes.map(|record| record.outcome.clone()).collect();
            let host = &mut self.hosts[index];
            let record = match host.session.step(elsewhere, number) {
                Ok(record) => record,
                Err(broken) => return Err(host.own(broken)),
            };
            told[index] = number + 1;
            scope.record(step, &record.outcome);
            let goes_on = goes_on(step, &record.outcome);
            observation.steps.push(record);
            if !goes_on {
                break;
            }
        }
        for host in &mut self.hosts {
            let finished = host.session.finish();
            finished.map_err(|broken| host.own(broken))?;
        }
        Ok(observation)
    }

    /// Lets the agents end; the first that does not end well is the error.
    pub(crate) fn end(self) -> Result<(), Broken> {
        let ended: Vec<_> = self
            .hosts
            .into_iter()
            .map(|host| host.session.end())
            .collect();
        ended.into_iter().collect()
    }
}

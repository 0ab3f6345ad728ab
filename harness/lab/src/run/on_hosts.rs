//! Cases with two hosts that each have their own agent.
//!
//! The steps of a case are made one at a time, in order, each by the agent that has its
//! socket. While a step is made on one host, nothing happens on the other, except what
//! the previous step sent.

use dualstack_agent::protocol::{Machine, Place, Probe, Ready};
use dualstack_scenario::{Case, HostFacts, Observation, Outcome, Record, Requires, Scope, goes_on};

use crate::platform::HostLinks;
use crate::run::allowance::Allowance;
use crate::run::broken::{Broken, NoStart};
use crate::run::link::Link;
use crate::run::session::{Session, Terms};

/// An agent on each host.
pub(crate) struct OnHosts {
    agents: Vec<HostAgent>,
    facts: Vec<HostFacts>,
    means: String,
}

/// The agent of one host; its errors include the host's name.
struct HostAgent {
    host: String,
    session: Session,
}

impl HostAgent {
    fn start(link: Link, host: &str, terms: Terms, allowance: &Allowance) -> Result<Self, Broken> {
        let session = Session::start(link, terms, allowance).map_err(|broken| broken.on(host))?;
        let host = host.to_owned();
        Ok(Self { host, session })
    }

    /// Prepares it as its host; returns the addresses it has there.
    fn take_place(
        &mut self,
        requires: Requires,
        number: u8,
    ) -> Result<(Ready, HostFacts), NoStart> {
        let host = &self.host;
        let name = host.clone();
        let ready = self.session.take_place(requires, Place { name, number });
        let mut ready = ready.map_err(|no_start| no_start.on(host))?;
        match ready.host.take() {
            Some(facts) if facts.name == *host => Ok((ready, facts)),
            _ => Err(
                Broken::silent("the agent did not report its addresses there")
                    .on(host)
                    .into(),
            ),
        }
    }

    fn step(&mut self, elsewhere: Vec<Outcome>, number: usize) -> Result<Record, Broken> {
        let record = self.session.step(elsewhere, number);
        record.map_err(|broken| broken.on(&self.host))
    }

    fn finish(&mut self) -> Result<(), Broken> {
        let finished = self.session.finish();
        finished.map_err(|broken| broken.on(&self.host))
    }
}

impl OnHosts {
    /// Reads the first line of each agent.
    pub(crate) fn start(
        started: HostLinks,
        names: &[String],
        terms: Terms,
        allowance: &Allowance,
    ) -> Result<Self, Broken> {
        let agents = started.links.into_iter().zip(names);
        let agents = agents.map(|(link, host)| HostAgent::start(link, host, terms, allowance));
        Ok(Self {
            agents: agents.collect::<Result<_, _>>()?,
            facts: Vec::new(),
            means: started.means,
        })
    }

    /// The system that they are on; both are on the same.
    pub(crate) fn machine(&self) -> &Machine {
        &self.agents[0].session.hello.machine
    }

    /// Prepares each agent as its host, in the required state.
    pub(crate) fn prepare(&mut self, requires: Requires) -> Result<Ready, NoStart> {
        let mut both = Ready {
            means: vec![self.means.clone()],
            ..Ready::default()
        };
        for (number, agent) in (1..).zip(&mut self.agents) {
            let (ready, facts) = agent.take_place(requires, number)?;
            let host = &agent.host;
            let means = ready.means.iter();
            both.means
                .extend(means.map(|means| format!("{means}, on {host}")));
            both.probes
                .extend(ready.probes.into_iter().map(|probe| Probe {
                    call: format!("{} on {host}", probe.call),
                    ..probe
                }));
            both.settings = ready.settings;
            self.facts.push(facts);
        }
        Ok(both)
    }

    /// Runs a case.
    pub(crate) fn observe(&mut self, case: &Case) -> Result<Observation, Broken> {
        let facts = self.facts.clone();
        for agent in &mut self.agents {
            agent.session.begin(case, &facts);
        }
        let mut observation = Observation {
            programs: Vec::new(),
            hosts: facts.clone(),
            steps: Vec::new(),
        };
        let mut scope = Scope::new(&case.script, &facts);
        let mut told = vec![0; self.agents.len()];
        for (number, step) in case.script.steps.iter().enumerate() {
            let index = scope.host(&step.call).unwrap_or_default();
            let outcomes = observation.steps[told[index]..].iter();
            let elsewhere = outcomes.map(|record| record.outcome.clone()).collect();
            let record = self.agents[index].step(elsewhere, number)?;
            told[index] = number + 1;
            scope.record(step, &record.outcome);
            let goes_on = goes_on(step, &record.outcome);
            observation.steps.push(record);
            if !goes_on {
                break;
            }
        }
        self.agents.iter_mut().try_for_each(HostAgent::finish)?;
        Ok(observation)
    }

    /// Lets the agents end; the first that does not end well is the error.
    pub(crate) fn end(self) -> Result<(), Broken> {
        let agents = self.agents.into_iter();
        let ended: Vec<_> = agents.map(|agent| agent.session.end()).collect();
        ended.into_iter().collect()
    }
}

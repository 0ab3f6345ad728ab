//! One start of a platform's agents, and the cases that they finish.

use dualstack_agent::protocol::{Machine, Ready};
use dualstack_scenario::{Case, Requires};

use crate::platform::Platform;
use crate::run::allowance::Allowance;
use crate::run::broken::{Broken, NoStart};
use crate::run::live::{self, interrupted};
use crate::run::on_hosts::OnHosts;
use crate::run::outcome::{CaseResult, Conditions, Event, Ran, Run};
use crate::run::session::{Session, TIME_IS_UP, Terms};

/// How many cases are sent before the first answer is awaited: enough to keep an agent
/// busy, few enough that neither side fills its pipe while the other does too.
const AHEAD: usize = 4;

/// Cases for one start, all with the same requirements and hosts.
pub(crate) struct Round<'a> {
    pub(crate) platform: &'a dyn Platform,
    pub(crate) cases: &'a [&'a Case],
    pub(crate) terms: Terms,
    pub(crate) allowance: &'a Allowance,
    pub(crate) requires: Requires,
    pub(crate) hosts: &'a [String],
    /// Whether the cases prefer a separate network namespace.
    pub(crate) alone: bool,
}

/// Who runs the cases.
enum Agents {
    /// One agent, which makes the hosts itself if cases have hosts.
    One(Box<Session>),
    /// One on each host.
    OnHosts(OnHosts),
}

impl Agents {
    fn machine(&self) -> &Machine {
        match self {
            Self::One(session) => &session.hello.machine,
            Self::OnHosts(hosts) => hosts.machine(),
        }
    }

    fn end(self) -> Result<(), Broken> {
        match self {
            Self::One(session) => session.end(),
            Self::OnHosts(hosts) => hosts.end(),
        }
    }
}

impl Round<'_> {
    /// Runs as much of the batch as one start can; returns how many cases that was.
    ///
    /// `failed` counts the starts that failed one after another. A first failure costs
    /// one case, like an agent that breaks later; then no agent is expected to start.
    pub(crate) fn go(
        &self,
        batch: &[usize],
        failed: &mut usize,
        run: &mut Run,
        watch: &mut impl FnMut(Event<'_>),
    ) -> usize {
        let (no_start, lost) = match self.begin(run) {
            Ok(agents) => {
                *failed = 0;
                return self.carry_out(agents, batch, run, watch);
            }
            Err(broken @ NoStart::Broken(_))
                if *failed == 0 && !interrupted() && !self.terms.are_over() =>
            {
                *failed += 1;
                (broken, &batch[..1])
            }
            Err(no_start) => (no_start, batch),
        };
        for &case in lost {
            self.answered(case, None, no_start.clone().into(), run, watch);
        }
        lost.len()
    }

    /// Starts agents and sets up the required state.
    fn begin(&self, run: &mut Run) -> Result<Agents, NoStart> {
        if interrupted() {
            return Err(Broken::interrupted().into());
        }
        if self.terms.are_over() {
            return Err(Broken::silent(TIME_IS_UP).into());
        }
        if self.allowance.is_spent() {
            return Err(Broken::silent(self.allowance.exceeded()).into());
        }
        let mut agents = self.start()?;
        run.machine.get_or_insert_with(|| {
            let mut machine = agents.machine().clone();
            self.platform.correct(&mut machine);
            machine
        });
        let mut ready = match self.prepare(&mut agents) {
            Ok(ready) => ready,
            Err(NoStart::Cannot(_)) if self.alone => {
                // A separate namespace is a preference, not a requirement.
                run.troubles.extend(agents.end().err());
                let alone = false;
                return Round { alone, ..*self }.begin(run);
            }
            Err(NoStart::Cannot(mut cannot)) => {
                _ = agents.end();
                if let Some(fix) = self.platform.fix(&cannot) {
                    cannot.why = format!("{}; {fix}", cannot.why);
                }
                return Err(cannot.into());
            }
            Err(broken) => return Err(broken),
        };
        ready.means.splice(..0, self.platform.means(&self.requires));
        run.conditions.push(Conditions {
            requires: self.requires,
            ready,
        });
        Ok(agents)
    }

    fn start(&self) -> Result<Agents, NoStart> {
        live::note_start(self.platform.name());
        let hosts = match self.hosts {
            [] => None,
            _ => self.platform.start_hosts(&self.requires),
        };
        Ok(match hosts {
            Some(hosts) => Agents::OnHosts(OnHosts::start(
                hosts?,
                self.hosts,
                self.terms,
                self.allowance,
            )?),
            None => {
                let link = self.platform.start(&self.requires)?;
                Agents::One(Box::new(Session::start(link, self.terms, self.allowance)?))
            }
        })
    }

    fn prepare(&self, agents: &mut Agents) -> Result<Ready, NoStart> {
        let isolate = self.platform.isolate() || self.alone;
        match agents {
            Agents::One(session) => session.prepare(self.requires, isolate, self.hosts),
            Agents::OnHosts(hosts) => hosts.prepare(self.requires),
        }
    }

    fn carry_out(
        &self,
        mut agents: Agents,
        batch: &[usize],
        run: &mut Run,
        watch: &mut impl FnMut(Event<'_>),
    ) -> usize {
        let conditions = Some(run.conditions.len() - 1);
        for (position, &index) in batch.iter().enumerate() {
            let case = self.cases[index];
            let observed = match &mut agents {
                Agents::One(session) => {
                    self.hand_over(session, batch, position);
                    session.observed(&case.id, case.script.steps.len())
                }
                Agents::OnHosts(hosts) => hosts.observe(case),
            };
            let lost = observed.is_err();
            let result = observed.map_or_else(CaseResult::Lost, CaseResult::Observed);
            self.answered(index, conditions, result, run, watch);
            if lost {
                return position + 1;
            }
        }
        run.troubles.extend(agents.end().err());
        batch.len()
    }

    /// Sends further cases, so that the agent has something to do while the answer at
    /// `position` is awaited.
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

    fn answered(
        &self,
        case: usize,
        conditions: Option<usize>,
        result: CaseResult,
        run: &mut Run,
        watch: &mut impl FnMut(Event<'_>),
    ) {
        run.ran.push(Ran {
            case,
            conditions,
            result,
        });
        watch(Event::Answered {
            case: &self.cases[case].id,
        });
    }
}

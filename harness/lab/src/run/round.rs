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
    /// Whether the cases bind ports that the system does not choose: an earlier case, or
    /// another program, may have left them in use.
    pub(crate) chosen_ports: bool,
}

/// What earlier starts of a run have shown.
#[derive(Default)]
pub(crate) struct Shown {
    /// How many starts failed one after another.
    failed: usize,
    /// That the platform's agent makes no namespace for its cases.
    no_namespace: bool,
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
    /// A first start that fails costs one case, like an agent that breaks later; then no
    /// agent is expected to start.
    pub(crate) fn go(
        &self,
        batch: &[usize],
        shown: &mut Shown,
        run: &mut Run,
        watch: &mut impl FnMut(Event<'_>),
    ) -> usize {
        let (no_start, lost) = match self.begin(shown, run) {
            Ok(agents) => {
                shown.failed = 0;
                let batch = match self.one_start_is_enough(shown) {
                    true => batch,
                    false => self.until_a_port_may_be_left(batch),
                };
                return self.carry_out(agents, batch, run, watch);
            }
            Err(broken @ NoStart::Broken(_))
                if shown.failed == 0 && !interrupted() && !self.terms.are_over() =>
            {
                shown.failed += 1;
                (broken, &batch[..1])
            }
            Err(no_start) => (no_start, batch),
        };
        for &case in lost {
            self.answered(case, None, no_start.clone().into(), run, watch);
        }
        lost.len()
    }

    /// Whether no case can meet a port that an earlier one has left in use, or a new start
    /// would not change that.
    fn one_start_is_enough(&self, shown: &Shown) -> bool {
        let renewed = self.wants_a_namespace(shown);
        let stays = self.hosts.is_empty() && self.platform.shares_network();
        !self.chosen_ports || renewed || stays
    }

    /// Whether the agent is asked for a namespace, which it renews between cases.
    fn wants_a_namespace(&self, shown: &Shown) -> bool {
        self.chosen_ports && self.hosts.is_empty() && !shown.no_namespace
    }

    /// The cases up to the first that binds a port that one before it may have left in use.
    fn until_a_port_may_be_left<'b>(&self, batch: &'b [usize]) -> &'b [usize] {
        let mut left = false;
        let meets = |&case: &usize| {
            let script = &self.cases[case].script;
            let meets = left && script.binds_a_numbered_port();
            left |= script.binds_a_numbered_port() && script.may_leave_a_port();
            meets
        };
        let end = batch.iter().position(meets).unwrap_or(batch.len());
        &batch[..end]
    }

    /// Starts agents and sets up the required state.
    fn begin(&self, shown: &mut Shown, run: &mut Run) -> Result<Agents, NoStart> {
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
        let mut ready = match self.prepare(&mut agents, shown) {
            Ok(ready) => ready,
            Err(NoStart::Cannot(_)) if self.wants_a_namespace(shown) => {
                // A separate namespace is a preference, not a requirement.
                run.troubles.extend(agents.end().err());
                shown.no_namespace = true;
                let without = self.begin(shown, run);
                // Otherwise it was something else that it cannot.
                shown.no_namespace = without.is_ok();
                return without;
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

    fn prepare(&self, agents: &mut Agents, shown: &Shown) -> Result<Ready, NoStart> {
        let isolate = self.platform.isolate() || self.wants_a_namespace(shown);
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
                    session.observed(case)
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

//! What a platform answered, and what each case came to.

use dualstack_agent::protocol::{Cannot, Machine, Ready};
use dualstack_scenario::{Observation, Requires};

use crate::platform::access::Access;
use crate::run::broken::{Broken, NoStart};

/// What a platform answered.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// How the platform is chosen on the command line, unless nothing chooses it.
    pub access: Option<Access>,
    /// The system, unless no agent ever said which.
    pub machine: Option<Machine>,
    /// The states that the cases were carried out in.
    pub conditions: Vec<Conditions>,
    /// One for each case, in the order that they were given.
    pub ran: Vec<Ran>,
    /// Agents that answered all they were asked and then did not end well.
    pub troubles: Vec<Broken>,
}

/// A state that cases were carried out in.
#[derive(Clone, Debug)]
pub struct Conditions {
    /// What the cases require.
    pub requires: Requires,
    /// How that was set up.
    pub ready: Ready,
}

/// What one case came to.
#[derive(Clone, Debug)]
pub struct Ran {
    /// The index of the case among those that were given.
    pub case: usize,
    /// The index of its conditions, unless there were none.
    pub conditions: Option<usize>,
    /// What it came to.
    pub result: CaseResult,
}

/// What a case came to.
#[derive(Clone, Debug)]
pub enum CaseResult {
    /// It was carried out.
    Observed(Observation),
    /// What it requires is not supported there.
    Cannot(Cannot),
    /// The agent broke while it was at it.
    Lost(Broken),
}

impl From<NoStart> for CaseResult {
    fn from(no_start: NoStart) -> Self {
        match no_start {
            NoStart::Cannot(cannot) => Self::Cannot(cannot),
            NoStart::Broken(broken) => Self::Lost(broken),
        }
    }
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

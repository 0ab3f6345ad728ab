//! The results of a platform, and of each case.

use dualstack_agent::protocol::{Cannot, Machine, Ready};
use dualstack_scenario::{Observation, Requires};

use crate::platform::access::Access;
use crate::run::broken::{Broken, NoStart};

/// The results of a platform.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// How the platform is chosen on the command line; `None` if it cannot be.
    pub access: Option<Access>,
    /// The system; `None` if no agent ever reported it.
    pub machine: Option<Machine>,
    /// The states that the cases were run in.
    pub conditions: Vec<Conditions>,
    /// One result per case, in the order of the cases.
    pub ran: Vec<Ran>,
    /// Agents that answered everything and then did not end well.
    pub troubles: Vec<Broken>,
}

/// A state that cases were run in.
#[derive(Clone, Debug)]
pub struct Conditions {
    /// What the cases require.
    pub requires: Requires,
    /// How that was set up.
    pub ready: Ready,
}

/// The result of one case.
#[derive(Clone, Debug)]
pub struct Ran {
    /// The index of the case among the given ones.
    pub case: usize,
    /// The index of its conditions, if there are any.
    pub conditions: Option<usize>,
    /// The result.
    pub result: CaseResult,
}

/// The kinds of result of a case.
#[derive(Clone, Debug)]
pub enum CaseResult {
    /// It was run.
    Observed(Observation),
    /// A requirement is not supported there.
    Cannot(Cannot),
    /// The agent broke while it ran this case.
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

/// Progress, for display.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// An agent was started for this many cases with these requirements.
    Started {
        /// What they require.
        requires: &'a Requires,
        /// How many there are.
        cases: usize,
    },
    /// A case has a result.
    Answered {
        /// Its id.
        case: &'a str,
    },
}

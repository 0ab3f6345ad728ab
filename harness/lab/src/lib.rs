//! The platforms that cases run on, and how cases get there.
//!
//! A [`Platform`] knows how to start an agent, which the harness then holds by a
//! [`Link`]; a session speaks the protocol over it; [`run`] hands the cases
//! over, those with the same requirements in one batch, and sees to it that
//! every case comes back with something: an observation, the proof that it
//! cannot be had there, or what was seen of an agent that broke.

mod host;
mod link;
mod run;
mod session;

use dualstack_agent::protocol::Cannot;
use dualstack_scenario::Requires;

pub use host::Host;
pub use link::{Link, Running};
pub use run::{CaseResult, Environment, Event, Ran, Run, run};
pub use session::{Broken, Timing};

/// A system that cases can be carried out on.
pub trait Platform: Sync {
    /// The name of its column: `host`, `netns`, `gvisor`.
    fn name(&self) -> &str;

    /// Starts an agent for cases that require this.
    ///
    /// A platform may arrange what is required by means of its own (a boot
    /// parameter, a container's settings). It need not: the agent is asked to
    /// arrange what is still missing, and proves by calls that it is so.
    fn start(&self, requires: &Requires) -> Result<Link, NoStart>;

    /// Whether the agent is to use a network namespace of its own even where
    /// the machine is as required.
    fn isolate(&self) -> bool {
        false
    }
}

/// Why there is no agent.
#[derive(Clone, Debug)]
pub enum NoStart {
    /// What is required cannot be had there.
    Cannot(Cannot),
    /// It should have started and did not.
    Broken(Broken),
}

impl From<String> for NoStart {
    fn from(what: String) -> Self {
        Self::Broken(Broken {
            what,
            stderr: String::new(),
        })
    }
}

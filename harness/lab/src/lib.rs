//! The platforms that cases run on, and how cases get there.
//!
//! A [`Platform`] knows how to start an agent, which the harness then holds by a
//! [`Link`]; a session speaks the protocol over it; [`run`] hands the cases
//! over, those with the same requirements in one batch, and sees to it that
//! every case comes back with something: an observation, the proof that it
//! cannot be had there, or what was seen of an agent that broke.

mod platform;
mod run;

use dualstack_agent::protocol::{Cannot, Machine};
use dualstack_scenario::Requires;

pub use platform::availability::Availability;
pub use platform::catalogue::{clean, platforms, settle, stop_background};
#[cfg(feature = "docker")]
pub use platform::container::{self, Container};
pub use platform::gvisor::{self, Gvisor};
pub use platform::host::Host;
pub use platform::payload;
pub use platform::remote::Remote;
pub use platform::scripts::setup;
#[cfg(target_os = "linux")]
pub use platform::vm::{self, Vm};
pub use platform::wine::Wine;
pub use run::link::{Link, Running};
pub use run::live::{interrupt, interrupted};
pub use run::parallel::run_all;
pub use run::session::{Broken, Timing};
pub use run::{CaseResult, Environment, Event, Ran, Run, run};

/// A system that cases can be carried out on.
pub trait Platform: Sync {
    /// The name of its column: `host`, `netns`, `gvisor`.
    fn name(&self) -> &str;

    /// Whether it can be used here, as a real start shows.
    fn availability(&self) -> Availability {
        Availability::Usable
    }

    /// Starts an agent for cases that require this.
    ///
    /// A platform may arrange what is required by means of its own (a boot
    /// parameter, a container's settings). It need not: the agent is asked to
    /// arrange what is still missing, and proves by calls that it is so.
    fn start(&self, requires: &Requires) -> Result<Link, NoStart>;

    /// Starts an agent on each of two hosts, for cases with hosts, where the
    /// platform has hosts to give. Where it has none, the one agent is asked to
    /// make them.
    fn start_hosts(&self, _: &Requires) -> Option<Result<HostLinks, NoStart>> {
        None
    }

    /// Whether something of it can outlive a harness that is killed.
    fn outlives(&self) -> bool {
        false
    }

    /// Whether others than the agents use its network.
    fn shares_network(&self) -> bool {
        false
    }

    /// Whether the agent is to use a network namespace of its own even where
    /// the machine is as required.
    fn isolate(&self) -> bool {
        false
    }

    /// What it arranges itself for cases that require this, in words. The
    /// results show it before the agent's own means.
    fn means(&self, _: &Requires) -> Vec<String> {
        Vec::new()
    }

    /// Corrects what the agent cannot tell of the system from the inside.
    fn correct(&self, _: &mut Machine) {}
}

/// Agents on two hosts that see each other on the one link of each.
pub struct HostLinks {
    /// The agents, one on each.
    pub links: [Link; 2],
    /// What the hosts are and what joins them, in words.
    pub means: String,
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

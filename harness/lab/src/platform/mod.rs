//! What a platform is, and every platform there is, a file or folder each.

pub(crate) mod access;
pub(crate) mod catalogue;
#[cfg(feature = "docker")]
pub mod container;
pub mod gvisor;
mod libraries;
mod owner;
pub mod payload;
pub(crate) mod remote;
pub(crate) mod scripts;
#[cfg(target_os = "linux")]
mod static_agent;
pub(crate) mod this_machine;
mod trial;
pub(crate) mod unusable;
#[cfg(target_os = "linux")]
pub mod vm;
pub(crate) mod wine;
mod workspace;

use dualstack_agent::protocol::{Cannot, Machine};
use dualstack_scenario::Requires;

use crate::run::broken::NoStart;
use crate::run::link::Link;
use access::Access;
use unusable::Unusable;

/// A system that cases can be carried out on.
pub trait Platform: Sync {
    /// The name of its column: `host`, `netns`, `gvisor`.
    fn name(&self) -> &str;

    /// How it is chosen on the command line. Default: by `--on` with its name.
    fn access(&self) -> Access {
        Access::On(self.name().to_owned())
    }

    /// Whether it can be used here, as a real start shows.
    ///
    /// # Errors
    ///
    /// It cannot; the error tells why, and what would help.
    fn availability(&self) -> Result<(), Unusable> {
        Ok(())
    }

    /// Starts an agent for cases that require this.
    ///
    /// A platform may arrange what is required by means of its own (a boot
    /// parameter, a container's settings). It need not: the agent is asked to
    /// arrange what is still missing, and proves by calls that it is so.
    ///
    /// # Errors
    ///
    /// What is required is not supported there, or no agent starts.
    fn start(&self, requires: &Requires) -> Result<Link, NoStart>;

    /// Starts an agent on each of two hosts, for cases with hosts, where the
    /// platform has hosts to give. Where it has none, the one agent is asked to
    /// make them.
    fn start_hosts(&self, _: &Requires) -> Option<Result<HostLinks, NoStart>> {
        None
    }

    /// Removes what harness processes on this machine left of it that are gone;
    /// tells what it was. What is in use, or anyone else's, is left alone.
    ///
    /// # Errors
    ///
    /// Something is left that cannot be removed; what was removed until then is
    /// removed.
    fn clean(&self) -> Result<Vec<String>, CleanError> {
        Ok(Vec::new())
    }

    /// Ends what of it waits in the background for another run, unless something
    /// uses it, whoever started it; tells what it was.
    fn stop_background(&self) -> Option<String> {
        None
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

    /// The fix for a case that is not supported there, where it has one.
    fn fix(&self, _: &Cannot) -> Option<String> {
        None
    }
}

/// Agents on two hosts that see each other on the one link of each.
pub struct HostLinks {
    /// The agents, one on each.
    pub links: [Link; 2],
    /// What the hosts are and what joins them, in words.
    pub means: String,
}

/// Why something is left over that should be removed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("failed to {doing}: {why}")]
pub struct CleanError {
    /// What failed: `remove the container …`.
    pub doing: String,
    /// What the system or the engine said.
    pub why: String,
}

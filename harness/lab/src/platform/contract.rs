//! What a platform is.

use dualstack_agent::protocol::{Cannot, Machine};
use dualstack_scenario::Requires;

use super::access::Access;
use super::unusable::Unusable;
use crate::run::broken::NoStart;
use crate::run::link::Link;

/// A system that cases can run on.
pub trait Platform: Sync {
    /// The name of its column: `host`, `netns`, `gvisor`.
    fn name(&self) -> &str;

    /// How it is chosen on the command line; default: with `--on` and its name.
    fn access(&self) -> Access {
        Access::On(self.name().to_owned())
    }

    /// Whether it can be used here, by starting an agent.
    ///
    /// # Errors
    ///
    /// It cannot be used; the error says why, and the fix.
    fn availability(&self) -> Result<(), Unusable> {
        Ok(())
    }

    /// Starts an agent for cases with these requirements.
    ///
    /// A platform may set up requirements itself (a boot parameter, a container's
    /// settings), but it need not: the agent is asked to set up what is missing, and
    /// proves the state by calls.
    ///
    /// # Errors
    ///
    /// A requirement is not supported there, or no agent starts.
    fn start(&self, requires: &Requires) -> Result<Link, NoStart>;

    /// Starts an agent on each of two hosts, for cases with hosts, if the platform has
    /// hosts. Otherwise one agent is asked to make them.
    fn start_hosts(&self, _: &Requires) -> Option<Result<HostLinks, NoStart>> {
        None
    }

    /// Removes what harness processes of this machine that are gone left behind; returns
    /// what it was. It leaves alone what is in use or belongs to others.
    ///
    /// # Errors
    ///
    /// Something left behind cannot be removed; what was removed before stays removed.
    fn clean(&self) -> Result<Vec<String>, CleanError> {
        Ok(Vec::new())
    }

    /// Ends background processes that stay for another run, unless they are in use,
    /// whoever started them; returns what was ended.
    fn stop_background(&self) -> Option<String> {
        None
    }

    /// Ends what is kept ready for further cases of this run: there are none.
    fn rest(&self) {}

    /// Whether programs other than the agents use its network, so that a new start of it
    /// has no other ports free.
    fn shares_network(&self) -> bool {
        false
    }

    /// Whether the programs of cases are there: those of this machine.
    fn has_programs(&self) -> bool {
        false
    }

    /// Whether the agent should use a separate network namespace even if the machine
    /// meets the requirements.
    fn isolate(&self) -> bool {
        false
    }

    /// What the platform itself sets up for cases with these requirements, in words. The
    /// results show it before what the agent sets up.
    fn means(&self, _: &Requires) -> Vec<String> {
        Vec::new()
    }

    /// Corrects information about the system that the agent cannot see from inside.
    fn correct(&self, _: &mut Machine) {}

    /// The fix for a case that is not supported there, if there is one.
    fn fix(&self, _: &Cannot) -> Option<String> {
        None
    }
}

/// Agents on two hosts that reach each other over the one link of each.
pub struct HostLinks {
    /// The agents, one on each.
    pub links: [Link; 2],
    /// What the hosts are and what connects them, in words.
    pub means: String,
}

/// Why something left behind could not be removed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("failed to {doing}: {why}")]
pub struct CleanError {
    /// What failed: `remove the container …`.
    pub doing: String,
    /// The error of the system or the engine.
    pub why: String,
}

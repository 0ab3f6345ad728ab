//! The platforms that cases run on, and how cases get there.
//!
//! A [`Platform`] knows how to start an agent; a [`Session`](session::Session)
//! speaks the protocol with it; [`run`] hands the cases over, those with the
//! same requirements in one batch, and sees to it that every case comes back
//! with something: an observation, the proof that it cannot be had there, or
//! what was seen of an agent that broke.

mod host;
mod run;
mod session;

use std::process::Command;

use dualstack_scenario::Requires;

pub use host::Host;
pub use run::{CaseResult, Environment, Event, Ran, Run, run};
pub use session::{Broken, Timing};

/// A system that cases can be carried out on.
pub trait Platform {
    /// The name of its column: `host`, `netns`, `gvisor`.
    fn name(&self) -> &str;

    /// The command whose standard input and output speak the protocol.
    fn agent(&self, requires: &Requires) -> Command;

    /// Whether the agent is to use a network namespace of its own even where
    /// the machine is as required.
    fn isolate(&self) -> bool {
        false
    }
}

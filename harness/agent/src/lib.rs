//! Runs cases on real sockets and reports what the system answered.
//!
//! [`run`] does it in this process. [`serve`] does it for a harness that speaks the
//! [`protocol`] over a pipe or a serial port. That is how every platform except this
//! machine is reached, and how a process is put into a state that it cannot leave again
//! (no IPv4, a separate namespace).
//!
//! ```
//! use dualstack_agent::{Limits, run};
//! use dualstack_scenario::{Answer, Scenario, SourceFile};
//!
//! let file = r#"
//! title = "The name of a bound socket"
//! ask = "Which address does getsockname return?"
//! steps = [
//!   { socket = "s", type = "udp4" },
//!   { bind = "s", to = "127.0.0.1:0" },
//!   { getsockname = "s" },
//! ]
//! answer = "{s.name}"
//! "#;
//! let scenario = Scenario::parse("own/bound", SourceFile::new("bound.toml", file)).unwrap();
//! let case = &scenario.cases[0];
//!
//! let observation = run(&case.script, Limits::default());
//! assert_eq!(case.answer(&observation), Answer::Text("127.0.0.1".to_owned()));
//! ```
//!
//! [`program::main`] makes it a program of its own, or a command of another program.

mod act;
mod answers;
mod conditions;
#[cfg(target_os = "linux")]
pub mod deflate;
mod dns;
mod exhaustion;
#[cfg(target_os = "linux")]
pub mod init;
mod machine;
mod play;
pub mod program;
mod programs;
pub mod protocol;
mod reach;
mod serve;
mod stage;
mod stop;

use std::time::Duration;

use dualstack_scenario::{Observation, Requires, Script};

pub use machine::machine;
use protocol::{Cannot, Ready};
pub use reach::Reach;
pub use serve::{CHANGE_NETWORK, Rights, serve};
use stage::{Hosts, Stage};

/// The limits of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The deadline of each call that may block.
    pub call: Duration,
    /// How long the calls of a case may take together: behind it no further call is made.
    pub case: Duration,
    /// The deadline of each call that waits for a program.
    pub program: Duration,
    /// What a case may reach.
    pub reach: Reach,
    /// Whether a case may start programs.
    pub programs: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            call: dualstack_sockets::DEFAULT_DEADLINE,
            case: Duration::from_secs(60),
            program: Duration::from_secs(10),
            reach: Reach::Lab,
            programs: false,
        }
    }
}

/// Puts this process into the required state, and proves it by calls; it cannot be undone.
///
/// With `isolate` it gets a network namespace of its own even if the machine already is in
/// that state. The process must have only one thread (unshare(2): CLONE_NEWUSER).
///
/// # Errors
///
/// The state cannot be set up here; the error contains the calls that show it.
pub fn establish(requires: &Requires, isolate: bool) -> Result<Ready, Cannot> {
    conditions::establish(requires, isolate).map(|(ready, _)| ready)
}

/// Makes the calls of a case in order, and returns the results.
///
/// The sockets are closed at the end, the oldest first. So a client is closed before its
/// accepted connection, and TIME_WAIT affects its port, not the listener's.
///
/// A case with hosts cannot run this way: this process is only one host. What a case
/// requires is not looked at: [`establish`] sets it up. Programs are started only by an
/// agent that is a process of its own ([`program::main`]), because it starts itself once more
/// for each.
pub fn run(script: &Script, limits: Limits) -> Observation {
    run_on(Hosts::None, script, limits)
}

/// The same, with each socket on its host.
fn run_on(hosts: Hosts<'_>, script: &Script, limits: Limits) -> Observation {
    let mut stage = Stage::new(hosts, script, limits);
    let mut observation = Observation {
        hosts: hosts.facts().to_vec(),
        steps: Vec::with_capacity(script.steps.len()),
        programs: Vec::new(),
    };
    for step in &script.steps {
        let (record, goes_on) = play::carry_out(&mut stage, step);
        observation.steps.push(record);
        if !goes_on {
            break;
        }
    }
    observation.programs = stage.end();
    observation
}

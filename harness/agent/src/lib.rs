//! Carries out cases on real sockets and reports what the system answered.
//!
//! [`run`] does it in this process. [`serve`] does it for a harness that speaks
//! the [`protocol`] over a pipe or a serial port, which is how every platform
//! other than the one at hand is reached, and how a process is brought into a
//! state that it cannot leave again (no IPv4, a namespace of its own).
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
//! [`program::main`] makes a program of it, or a command of another program.

mod act;
mod answers;
mod conditions;
#[cfg(target_os = "linux")]
pub mod deflate;
#[cfg(target_os = "linux")]
pub mod init;
mod machine;
mod play;
pub mod program;
pub mod protocol;
mod serve;
mod stage;
mod stop;

use std::time::Duration;

use dualstack_scenario::{Observation, Script};

pub use machine::machine;
pub use serve::serve;
use stage::{Hosts, Stage};

/// How long a case may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The deadline of each call that may block.
    pub call: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            call: dualstack_sockets::DEFAULT_DEADLINE,
        }
    }
}

/// Makes the calls of a case, in their order, and returns what came back.
///
/// The sockets are closed at the end, the oldest first: so a client goes before
/// the connection that was accepted from it, and TIME_WAIT falls on its port,
/// not on the listener's.
///
/// A case that has hosts cannot be carried out so: this process is one host.
pub fn run(script: &Script, limits: Limits) -> Observation {
    run_on(Hosts::None, script, limits)
}

/// The same, each socket on its host.
fn run_on(hosts: Hosts<'_>, script: &Script, limits: Limits) -> Observation {
    let mut stage = Stage::new(hosts, script, limits);
    let mut observation = Observation {
        hosts: hosts.facts().to_vec(),
        steps: Vec::with_capacity(script.steps.len()),
    };
    for step in &script.steps {
        let (record, goes_on) = play::carry_out(&mut stage, step);
        observation.steps.push(record);
        if !goes_on {
            break;
        }
    }
    observation
}

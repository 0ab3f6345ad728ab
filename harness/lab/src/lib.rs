//! The platforms that cases run on, and how to run cases there.
//!
//! A [`Platform`] starts an agent, which the harness holds as a [`Link`]; a session
//! speaks the protocol over it. [`run`] sends the cases, those with the same requirements
//! in one batch, and makes sure that every case has a result: an observation, the proof
//! that its requirements are not supported there, or the evidence of an agent that broke.
//!
//! The agent is a program. In this example it is the program itself, started again:
//!
//! ```standalone_crate
//! use std::env;
//! use std::process::ExitCode;
//!
//! use dualstack_agent::program;
//! use dualstack_lab::{CaseResult, ThisMachine, Terms, run};
//! use dualstack_scenario::{Answer, Case, Scenario, SourceFile};
//!
//! const FILE: &str = r#"
//! title = "The name of a bound socket"
//! ask = "Which address does getsockname return?"
//! steps = [
//!   { socket = "s", type = "udp4" },
//!   { bind = "s", to = "127.0.0.1:0" },
//!   { getsockname = "s" },
//! ]
//! answer = "{s.name}"
//! "#;
//!
//! fn main() -> ExitCode {
//!     if env::args().any(|argument| argument == program::COMMAND) {
//!         return program::main();
//!     }
//!     let here = ThisMachine::new(env::current_exe().unwrap(), vec![program::COMMAND.into()]);
//!     let scenario = Scenario::parse("own/bound", SourceFile::new("bound.toml", FILE)).unwrap();
//!     let cases: Vec<&Case> = scenario.cases.iter().collect();
//!
//!     let run = run(&here, &cases, Terms::default(), |_| {});
//!     let CaseResult::Observed(observation) = &run.ran[0].result else {
//!         panic!("{:?}", run.ran[0].result);
//!     };
//!     assert_eq!(cases[0].answer(observation), Answer::Text("127.0.0.1".to_owned()));
//!     ExitCode::SUCCESS
//! }
//! ```

mod platform;
mod run;

pub use platform::access::Access;
#[cfg(feature = "docker")]
pub use platform::container::{self, Container};
pub use platform::gvisor::{self, Gvisor};
pub use platform::notice;
pub use platform::payload;
pub use platform::reap::reap;
pub use platform::reaper;
pub use platform::remote::Remote;
pub use platform::scripts::setup;
pub use platform::this_machine::ThisMachine;
pub use platform::tool::attend;
pub use platform::unusable::Unusable;
#[cfg(target_os = "linux")]
pub use platform::vm::{self, Vm};
pub use platform::wine::Wine;
pub use platform::{CleanError, HostLinks, Platform};
pub use platform::{platforms, settle};
pub use run::broken::{Broken, NoStart};
pub use run::link::{BadEnd, Link, Running, SpawnError};
pub use run::live::{interrupt, interrupted};
pub use run::outcome::{CaseResult, Conditions, Event, Ran, Run};
pub use run::parallel::{Job, run_all, run_each};
pub use run::run;
pub use run::session::Terms;

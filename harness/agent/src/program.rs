//! The agent as a program of its own, or as a command of another program.

use std::io;
use std::process::ExitCode;

#[cfg(target_os = "linux")]
use crate::init;
#[cfg(target_os = "linux")]
use crate::programs::{self, KEEP};
use crate::{CHANGE_NETWORK, Limits, Rights, serve};

pub use crate::protocol::COMMAND;

/// Whether a kernel started this process as its first. Then it is the agent, whatever its
/// arguments are, because they are for the kernel.
pub fn is_init() -> bool {
    #[cfg(target_os = "linux")]
    {
        init::is_init()
    }
    #[cfg(not(target_os = "linux"))]
    false
}

/// Speaks the protocol over standard input and output, or over a serial port as the first
/// process of a virtual machine. Errors are written to standard error.
pub fn main() -> ExitCode {
    #[cfg(target_os = "linux")]
    if is_keeper() {
        return programs::keep();
    }
    match talk() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("dualstack-agent: {why}");
            ExitCode::FAILURE
        }
    }
}

/// Whether this process is the keeper of a program that another agent has started.
#[cfg(target_os = "linux")]
fn is_keeper() -> bool {
    std::env::args_os().any(|argument| argument == KEEP)
}

fn talk() -> Result<(), String> {
    #[cfg(target_os = "linux")]
    if is_init() {
        return Err(format!("failed to restart the machine: {}", init::init()));
    }
    speak().map_err(|error| format!("failed to talk to the harness: {error}"))
}

fn speak() -> io::Result<()> {
    let is_given = |wanted: &str| std::env::args_os().any(|argument| argument == wanted);
    let rights = Rights {
        change_network: is_given(CHANGE_NETWORK),
    };
    #[cfg(target_os = "linux")]
    if is_given(init::DEFLATE) {
        return init::serve_deflated(Limits::default(), rights);
    }
    let (input, output) = (io::stdin().lock(), io::stdout().lock());
    serve(input, output, Limits::default(), rights)
}

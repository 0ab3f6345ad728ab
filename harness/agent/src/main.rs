//! The agent as a program of its own: it speaks the protocol over its standard
//! input and output, or as a virtual machine's `/init` over a serial port.

use std::io;
use std::process::ExitCode;

#[cfg(target_os = "linux")]
use dualstack_agent::init;
use dualstack_agent::{Limits, serve};

fn main() -> ExitCode {
    #[cfg(target_os = "linux")]
    if init::is_init() {
        eprintln!(
            "dualstack-agent: failed to restart the machine: {}",
            init::init()
        );
        return ExitCode::FAILURE;
    }
    match talk() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("dualstack-agent: failed to talk to the harness: {error}");
            ExitCode::FAILURE
        }
    }
}

fn talk() -> io::Result<()> {
    #[cfg(target_os = "linux")]
    if std::env::args().any(|argument| argument == init::DEFLATE) {
        return init::serve_deflated(Limits::default());
    }
    serve(io::stdin().lock(), io::stdout().lock(), Limits::default())
}

//! The agent as a program of its own: it speaks the protocol over its standard
//! input and output.

use std::io;
use std::process::ExitCode;

use dualstack_agent::{Limits, serve};

fn main() -> ExitCode {
    match serve(io::stdin().lock(), io::stdout().lock(), Limits::default()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("dualstack-agent: failed to talk to the harness: {error}");
            ExitCode::FAILURE
        }
    }
}

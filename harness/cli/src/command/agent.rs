//! `dualstack agent`: the other end of the protocol.

use std::io;
use std::process::ExitCode;

use dualstack_agent::{Limits, serve};

use crate::failure::Failure;

pub(super) fn agent() -> Result<ExitCode, Failure> {
    serve(io::stdin().lock(), io::stdout().lock(), Limits::default())
        .map_err(|error| Failure::Harness(format!("failed to talk to the harness: {error}")))?;
    Ok(ExitCode::SUCCESS)
}

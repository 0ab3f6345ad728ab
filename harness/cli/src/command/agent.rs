//! `dualstack agent`: the other end of the protocol.

use std::process::ExitCode;

use clap::Args;

#[derive(Clone, Debug, Args)]
pub(super) struct AgentArguments {
    /// For the agent itself, which looks for it in its arguments
    #[arg(long, hide = true)]
    deflate: bool,
}

pub(super) fn agent() -> ExitCode {
    dualstack_agent::program::main()
}

//! `dualstack agent`: the other end of the protocol.

use std::process::ExitCode;

use clap::Args;

/// The agent looks for these itself: it is a program of its own too.
#[derive(Clone, Debug, Args)]
pub(super) struct AgentArguments {
    /// Compress what is sent, and read what is compressed
    #[arg(long, hide = true)]
    deflate: bool,
    /// Change the addresses and links of this machine, if it is one of two hosts; default:
    /// only those of network namespaces that the agent has made
    #[arg(long)]
    change_network: bool,
    /// Hold one program, for another agent
    #[arg(long, hide = true)]
    keep_program: bool,
}

pub(super) fn agent() -> ExitCode {
    dualstack_agent::program::main()
}

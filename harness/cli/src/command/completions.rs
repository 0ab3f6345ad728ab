//! `dualstack completions`: what a shell needs to complete the command line.

use std::process::ExitCode;

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::failure::Failure;

#[derive(Clone, Debug, Args)]
pub(super) struct CompletionsArguments {
    /// The shell; bash reads it from a file in `~/.local/share/bash-completion/completions`
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

pub(super) fn completions(arguments: &CompletionsArguments) -> Result<ExitCode, Failure> {
    let mut script = Vec::new();
    let mut command = super::Arguments::command();
    clap_complete::generate(arguments.shell, &mut command, "dualstack", &mut script);
    super::machine::bytes(&script)?;
    Ok(ExitCode::SUCCESS)
}

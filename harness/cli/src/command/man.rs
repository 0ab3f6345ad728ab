//! `dualstack man`: the manual pages.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory};
use dualstack_scenario::shown;

use crate::failure::Failure;

#[derive(Clone, Debug, Args)]
pub(super) struct ManArguments {
    /// The folder for the pages, `dualstack.1` and one for each command; `man -l FILE` shows one
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

pub(super) fn man(arguments: &ManArguments) -> Result<ExitCode, Failure> {
    let folder = &arguments.folder;
    let written = fs::create_dir_all(folder)
        .and_then(|()| clap_mangen::generate_to(super::Arguments::command(), folder));
    written.map_err(|error| Failure::Write {
        path: folder.clone(),
        error,
    })?;
    super::print(shown!("{}\n", folder.display()))?;
    Ok(ExitCode::SUCCESS)
}

//! `dualstack platforms`: the platforms that cases can run on here.

use std::process::ExitCode;

use clap::Args;
use dualstack_lab::{Platform, Unusable};

use super::lab;
use crate::failure::Failure;

#[derive(Clone, Debug, Args)]
pub(super) struct PlatformsArguments {
    /// Fail unless all of them can be used
    #[arg(long)]
    all: bool,
}

pub(super) fn platforms(arguments: &PlatformsArguments) -> Result<ExitCode, Failure> {
    let platforms = lab::platforms()?;
    let width = platforms
        .iter()
        .map(|platform| platform.name().len())
        .max()
        .unwrap_or(0);
    let mut missing = Vec::new();
    for platform in &platforms {
        let (line, usable) = line(platform.as_ref(), width);
        lab::stop_if_interrupted()?;
        super::print_wrapped(&line)?;
        missing.extend((!usable).then(|| platform.name()));
    }
    if arguments.all && !missing.is_empty() {
        return Err(Failure::Harness(format!(
            "cannot be used here: {}",
            missing.join(", ")
        )));
    }
    Ok(ExitCode::SUCCESS)
}

/// The description of a platform, and whether it can be used.
fn line(platform: &dyn Platform, width: usize) -> (String, bool) {
    let name = platform.name();
    match platform.availability() {
        Ok(()) => (format!("✓ {name}\n"), true),
        Err(Unusable { why, fix }) => {
            let indent = " ".repeat(width + 4);
            let line = format!("– {name:width$}  {why}\n{indent}to use it: {fix}\n");
            (line, false)
        }
    }
}

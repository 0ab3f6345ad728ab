//! `dualstack platforms`: what cases can be carried out on here.

use std::process::ExitCode;

use dualstack_lab::{Availability, Platform};

use super::lab;
use crate::failure::Failure;

pub(super) fn platforms() -> Result<ExitCode, Failure> {
    let platforms = dualstack_lab::platforms(&lab::host()?);
    let width = platforms
        .iter()
        .map(|platform| platform.name().len())
        .max()
        .unwrap_or(0);
    for platform in &platforms {
        super::print(&line(platform.as_ref(), width));
    }
    Ok(ExitCode::SUCCESS)
}

fn line(platform: &dyn Platform, width: usize) -> String {
    let name = platform.name();
    match platform.availability() {
        Availability::Usable => format!("✓ {name}\n"),
        Availability::Unusable { why, mend } => {
            let indent = " ".repeat(width + 4);
            format!("– {name:width$}  {why}\n{indent}to use it: {mend}\n")
        }
    }
}

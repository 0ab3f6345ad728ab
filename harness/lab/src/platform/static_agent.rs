//! The agent as one file with no dependencies: a static Linux program, built from the
//! project's sources.

use std::env;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{tool, workspace};

/// The cargo profile for it, which is in the workspace's `Cargo.toml`.
const PROFILE: &str = "agent";

/// Builds it into `static` in the workspace's target directory; several processes wait
/// for each other through cargo's lock. If it is up to date, this takes a fifth of a
/// second. `None`: there are no sources, or no cargo.
pub(super) fn build() -> Option<Result<PathBuf, String>> {
    let root = workspace::root()?;
    let target = format!("{}-unknown-linux-gnu", env::consts::ARCH);
    let directory = target_directory(&root).join("static");
    // With an explicit target the flags apply to the agent but not to procedural macros,
    // which cannot be static.
    let mut command = Command::new(cargo());
    command
        .args(["build", "--quiet", "--package", "dualstack-agent"])
        .args(["--profile", PROFILE, "--target", &target])
        .arg("--target-dir")
        .arg(&directory)
        .env("RUSTFLAGS", "-C target-feature=+crt-static")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env_remove("RUSTC_WORKSPACE_WRAPPER")
        .current_dir(&root);
    match tool::build(command, "building the static agent for Linux") {
        Ok(output) if output.status.success() => Some(Ok(directory
            .join(target)
            .join(PROFILE)
            .join("dualstack-agent"))),
        Ok(output) => Some(Err(format!(
            "failed to build the static agent ({}): {}",
            output.status,
            String::from_utf8_lossy(&output.stderr).trim()
        ))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => Some(Err(format!(
            "failed to run cargo for the static agent: {error}"
        ))),
    }
}

fn target_directory(root: &Path) -> PathBuf {
    root.join(env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()))
}

fn cargo() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

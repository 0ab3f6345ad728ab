//! The agent as one file that needs nothing else: a static Linux program, for
//! containers without a system in them and for virtual machines without a disk.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::platform::unusable::Unusable;
use crate::platform::workspace;

/// Names a static agent that is there already, in place of the one that is built.
const VARIABLE: &str = "DUALSTACK_STATIC_AGENT";

/// The cargo profile that it is built with; the workspace's `Cargo.toml` has it.
const PROFILE: &str = "agent";

/// The path of the static Linux agent for this machine's architecture.
///
/// That is the file that `DUALSTACK_STATIC_AGENT` names, or else one that cargo
/// builds from the workspace into `static` in its target directory, at most once
/// a process; several processes wait for each other by cargo's own lock. Where
/// it is up to date already this takes a fifth of a second.
///
/// # Errors
///
/// There is no workspace or no cargo, the build failed, or the program is not
/// static.
pub fn path() -> Result<PathBuf, Unusable> {
    static PATH: OnceLock<Result<PathBuf, Unusable>> = OnceLock::new();
    PATH.get_or_init(find).clone()
}

fn find() -> Result<PathBuf, Unusable> {
    let program = match env::var_os(VARIABLE) {
        Some(named) => PathBuf::from(named),
        None => build()?,
    };
    is_static(&program)?;
    Ok(program)
}

fn build() -> Result<PathBuf, Unusable> {
    let root = workspace::root().ok_or_else(|| {
        Unusable::new(
            "the sources of the static agent are not on this machine",
            FIX,
        )
    })?;
    let target = format!("{}-unknown-linux-gnu", env::consts::ARCH);
    let directory = target_directory(&root).join("static");
    // With a target named, the flags reach the agent and not the procedural
    // macros, which cannot be static.
    let output = Command::new(cargo())
        .args(["build", "--quiet", "--package", "dualstack-agent"])
        .args(["--profile", PROFILE, "--target", &target])
        .arg("--target-dir")
        .arg(&directory)
        .env("RUSTFLAGS", "-C target-feature=+crt-static")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env_remove("RUSTC_WORKSPACE_WRAPPER")
        .current_dir(&root)
        .output()
        .map_err(|error| {
            let why = format!("failed to start cargo for the static agent: {error}");
            Unusable::new(why, FIX)
        })?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let status = output.status;
        return Err(Unusable::new(
            format!(
                "failed to build the static agent ({status}): {}",
                said.trim()
            ),
            format!("fix that, or {FIX}"),
        ));
    }
    Ok(directory.join(target).join(PROFILE).join("dualstack-agent"))
}

/// What helps wherever the agent cannot be built.
const FIX: &str = "build it on a machine with cargo (RUSTFLAGS='-C target-feature=+crt-static' \
     cargo build --package dualstack-agent --profile agent --target x86_64-unknown-linux-gnu) \
     and name the program in DUALSTACK_STATIC_AGENT";

fn target_directory(root: &Path) -> PathBuf {
    root.join(env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()))
}

fn cargo() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// A program that asks for an interpreter, the dynamic linker, is not static
/// (elf(5), PT_INTERP).
fn is_static(program: &Path) -> Result<(), Unusable> {
    let named = program.display();
    let image = fs::read(program).map_err(|error| {
        Unusable::new(format!("failed to read the agent {named}: {error}"), FIX)
    })?;
    match asks_for_interpreter(&image) {
        Some(false) => Ok(()),
        Some(true) => Err(Unusable::new(
            format!("the agent {named} is not static"),
            FIX,
        )),
        None => {
            let why = format!("the agent {named} is not a 64-bit Linux program");
            Err(Unusable::new(why, FIX))
        }
    }
}

/// Whether a little-endian 64-bit ELF image has a program header of the type
/// PT_INTERP; `None` where it is no such image.
fn asks_for_interpreter(image: &[u8]) -> Option<bool> {
    const ELF_64_LITTLE_ENDIAN: &[u8] = b"\x7fELF\x02\x01";
    const PT_INTERP: u32 = 3;
    if !image.starts_with(ELF_64_LITTLE_ENDIAN) {
        return None;
    }
    let table = usize::try_from(u64::from_le_bytes(bytes(image, 32)?)).ok()?;
    let size = usize::from(u16::from_le_bytes(bytes(image, 54)?));
    let count = usize::from(u16::from_le_bytes(bytes(image, 56)?));
    let kinds = (0..count).map(|index| bytes(image, table + index * size));
    let kinds: Option<Vec<u32>> = kinds.map(|kind| kind.map(u32::from_le_bytes)).collect();
    Some(kinds?.contains(&PT_INTERP))
}

fn bytes<const N: usize>(image: &[u8], at: usize) -> Option<[u8; N]> {
    image.get(at..)?.first_chunk().copied()
}

#[cfg(test)]
mod tests {
    use super::asks_for_interpreter;

    #[test]
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    fn this_test_is_a_program_that_is_not_static() {
        let program = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        assert_eq!(asks_for_interpreter(&program), Some(true));
    }

    #[test]
    fn what_is_no_program_is_told_from_one() {
        assert_eq!(asks_for_interpreter(b"#!/bin/sh\n"), None);
        assert_eq!(asks_for_interpreter(b"\x7fELF\x02\x01"), None);
    }
}

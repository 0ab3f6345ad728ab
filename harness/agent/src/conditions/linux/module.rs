//! A module of the kernel, in a machine that has nobody else who would load it.

use std::fs::File;
use std::io;
use std::path::Path;

use nix::errno::Errno;
use nix::kmod::{ModuleInitFlags, finit_module};

use super::failed;
use crate::init::MODULES;

/// Loads a module on a machine that was given modules. Any other system loads by
/// itself what it is asked for.
pub(super) fn load(name: &str) -> Result<(), String> {
    if !Path::new(MODULES).is_dir() {
        return Ok(());
    }
    let path = format!("{MODULES}/{name}.ko");
    let file = File::open(&path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => format!(
            "this machine was given no module {name}: `fixtures/vm/fetch-kernels` gets it with its kernel"
        ),
        _ => failed(&format!("open {path}"), &error),
    })?;
    match finit_module(&file, c"", ModuleInitFlags::empty()) {
        // An earlier agent on this machine had it loaded.
        Ok(()) | Err(Errno::EEXIST) => Ok(()),
        Err(errno) => Err(failed(&format!("load {path}"), &errno.into())),
    }
}

//! A kernel module, on a machine where nothing else would load it.

use std::fs::File;
use std::io;
use std::path::Path;

use nix::errno::Errno;
use nix::kmod::{ModuleInitFlags, finit_module};

use super::super::obstacle::Obstacle;
use super::failed;
use crate::init::MODULES;

/// Loads a module if the machine was given it. Other systems have no such file and load
/// modules by themselves.
pub(super) fn load(name: &str) -> Result<(), String> {
    let path = format!("{MODULES}/{name}.ko");
    let file = match File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(failed(&format!("open {path}"), &error)),
    };
    match finit_module(&file, c"", ModuleInitFlags::empty()) {
        // An earlier agent on this machine has loaded it.
        Ok(()) | Err(Errno::EEXIST) => Ok(()),
        Err(errno) => Err(failed(&format!("load {path}"), &errno.into())),
    }
}

/// Why something failed that needs a kernel module: a machine that is given modules may
/// be missing this one.
pub(super) fn needed(name: &'static str, why: String) -> Obstacle {
    let given = Path::new(MODULES);
    let missing = given.is_dir() && !given.join(format!("{name}.ko")).exists();
    Obstacle {
        why,
        module: missing.then_some(name),
    }
}

//! Where the project's own sources and scripts are.

use std::env;
use std::path::{Path, PathBuf};

/// The workspace, where it is now (cargo and nextest say) or where it was when this was
/// compiled.
pub(crate) fn root() -> Option<PathBuf> {
    let now = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let then = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    now.into_iter().chain([then]).find_map(|package| {
        let mut above = package.ancestors();
        above
            .find(|root| root.join("harness/agent/Cargo.toml").is_file())
            .map(Path::to_owned)
    })
}

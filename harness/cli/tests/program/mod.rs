//! The command under test.

use std::env;
use std::path::PathBuf;

/// Its path: nextest may have moved it since it was compiled.
pub(crate) fn program() -> PathBuf {
    env::var_os("NEXTEST_BIN_EXE_dualstack").map_or_else(
        || PathBuf::from(env!("CARGO_BIN_EXE_dualstack")),
        PathBuf::from,
    )
}

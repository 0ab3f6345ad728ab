//! How a platform is chosen on the command line.

use serde::{Deserialize, Serialize};

/// How `dualstack run` is told to run on a platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// By no option: it is the machine that the command runs on.
    Host,
    /// By `--on` with this name.
    On(String),
    /// By `--via` with this text, `NAME=COMMAND`.
    Via(String),
}

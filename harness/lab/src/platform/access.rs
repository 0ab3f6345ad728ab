//! How a platform is chosen on the command line.

use serde::{Deserialize, Serialize};

/// How a platform is chosen for `dualstack run`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Without an option: it is the machine that the command runs on.
    Host,
    /// With `--on` and this name.
    On(String),
    /// With `--via` and this text, `NAME=COMMAND`.
    Via(String),
}

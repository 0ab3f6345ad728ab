//! Systems that answer, and the selectors by which an expectation names them.

mod kind;
mod selector;
mod version;

use serde::{Deserialize, Serialize};

pub use kind::SystemKind;
pub use selector::{Selector, SelectorError};

/// The system that answered, with what expectations distinguish.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct System {
    /// The operating system whose calls were made: `linux`, `windows`, `macos`,
    /// `freebsd` and so on, as in `std::env::consts::OS`.
    pub os: String,
    /// Its version: the kernel's release on Linux, the system's version elsewhere.
    pub version: String,
    /// The environment that implemented its calls, if it was not the operating system
    /// itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<Environment>,
}

/// A stack that implements the calls of another operating system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Environment {
    /// `gvisor` or `wine`.
    pub name: String,
    /// Its version.
    pub version: String,
}

impl System {
    /// The name of the implementation that answered: the environment's or the operating
    /// system's.
    pub fn name(&self) -> &str {
        let environment = self.environment.as_ref();
        environment.map_or(&self.os, |environment| &environment.name)
    }

    /// The name for a column: `linux 6.18`, `wine 8.0`.
    pub fn label(&self) -> String {
        let environment = self.environment.as_ref();
        let version = environment.map_or(&self.version, |environment| &environment.version);
        let short: Vec<&str> = version.splitn(3, '.').take(2).collect();
        format!("{} {}", self.name(), short.join("."))
            .trim_end()
            .to_owned()
    }
}

//! Systems that answer, and the selectors that an expectation names them by.

mod kind;
mod selector;
mod version;

use serde::{Deserialize, Serialize};

pub use kind::SystemKind;
pub use selector::{Selector, SelectorError};

/// The system that answered, as far as an expectation can tell systems apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct System {
    /// The operating system whose calls were made: `linux`, `windows`, `macos`,
    /// `freebsd` and so on, as in `std::env::consts::OS`.
    pub os: String,
    /// Its version: the kernel's release on Linux, the version of the system
    /// elsewhere.
    pub version: String,
    /// What stood in for that operating system, if it was not itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<Environment>,
}

/// A stack that offers the calls of an operating system it is not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Environment {
    /// `gvisor` or `wine`.
    pub name: String,
    /// Its version.
    pub version: String,
}

impl System {
    /// The name of the code base that answered: that of the operating system, or
    /// of what stood in for it.
    pub fn name(&self) -> &str {
        let environment = self.environment.as_ref();
        environment.map_or(&self.os, |environment| &environment.name)
    }

    /// What a column is called: `linux 6.18`, `wine 8.0`.
    pub fn label(&self) -> String {
        let environment = self.environment.as_ref();
        let version = environment.map_or(&self.version, |environment| &environment.version);
        let short: Vec<&str> = version.splitn(3, '.').take(2).collect();
        format!("{} {}", self.name(), short.join("."))
            .trim_end()
            .to_owned()
    }
}

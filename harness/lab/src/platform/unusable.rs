//! Why a platform cannot be used here.

use crate::run::broken::{Broken, NoStart};

/// Why a platform cannot be used here, and the fix.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{why}; {fix}")]
pub struct Unusable {
    /// What is missing or failed, in one sentence.
    pub why: String,
    /// What would make it usable: a package, a permission, a daemon.
    pub fix: String,
}

impl Unusable {
    pub(crate) fn new(why: impl Into<String>, fix: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            fix: fix.into(),
        }
    }
}

impl From<Unusable> for NoStart {
    fn from(unusable: Unusable) -> Self {
        Broken::silent(unusable.to_string()).into()
    }
}

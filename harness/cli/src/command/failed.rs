//! A platform that was requested but cannot be used: a column in which every case is an error.

use dualstack_lab::{Access, Broken, Link, NoStart, Platform, Unusable};
use dualstack_scenario::Requires;

/// A platform that was requested but cannot be used.
pub(super) struct Failed {
    pub(super) platform: Box<dyn Platform>,
    pub(super) unusable: Unusable,
}

impl Platform for Failed {
    fn name(&self) -> &str {
        self.platform.name()
    }

    fn access(&self) -> Access {
        self.platform.access()
    }

    fn start(&self, _: &Requires) -> Result<Link, NoStart> {
        Err(Broken::silent(format!("it cannot be used here: {}", self.unusable)).into())
    }
}

//! What stands in the way of a state.

/// Why a state could not be set up.
pub(crate) struct Obstacle {
    pub(super) why: String,
    /// The kernel module that the machine needs but was not given.
    pub(super) module: Option<&'static str>,
}

impl From<String> for Obstacle {
    fn from(why: String) -> Self {
        Self { why, module: None }
    }
}

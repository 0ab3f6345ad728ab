//! Why a step brought no success.

use dualstack_sockets::{Error, OsError, Received};

/// Why a step brought no success.
pub(crate) enum Stop {
    /// The call was made, or at least tried.
    Call(Error),
    /// Windows fails a receive and delivers all the same.
    Delivered(Box<Received>, OsError),
    /// A value that the call needs has not come back, or is not of the form that it needs.
    Unmade(String),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}

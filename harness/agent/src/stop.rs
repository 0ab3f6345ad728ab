//! Why a step had no success.

use dualstack_sockets::{Error, OsError, Received};

/// Why a step had no success.
pub(crate) enum Stop {
    /// The call was made, or at least tried.
    Call(Error),
    /// Windows can fail a receive and still deliver data.
    Delivered(Box<Received>, OsError),
    /// The machine had run out of something, which says nothing about the call.
    Exhausted(String),
    /// The call may not be made, or a value that it needs is missing or has the wrong type.
    Unmade(String),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}

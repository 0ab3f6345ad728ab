//! Whether a platform can be used here.

/// Whether a platform can be used here, as a real start has shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Availability {
    /// An agent was started there and answered.
    Usable,
    /// It cannot be used as things are.
    Unusable {
        /// What went wrong, in one sentence.
        why: String,
        /// What would make it usable: a package, a right, a daemon.
        mend: String,
    },
}

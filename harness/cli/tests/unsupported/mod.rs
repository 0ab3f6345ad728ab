//! Tests of what this machine does not support: they are ignored, never passed.
//!
//! nextest takes from the list which tests are ignored, and a test that it runs can
//! only pass or fail. So what is not supported is found out when the ignored tests
//! are listed. `cargo test` makes no list, and is told by the test itself.

use std::env;

use libtest_mimic::{Arguments, Completion, Failed};

/// Whether what cannot be set up on this machine is a failure.
pub(crate) fn demanded() -> bool {
    env::var_os("DUALSTACK_DEMAND").is_some_and(|value| value == "1")
}

/// How the tests were started.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Started {
    /// The ignored tests are listed or run, so that it matters which they are.
    pub(crate) ignored: bool,
    /// A test that is run must not end as ignored.
    strict: bool,
}

impl Started {
    pub(crate) fn with(arguments: &Arguments) -> Self {
        let nextest = env::var_os("NEXTEST").is_some();
        Self {
            ignored: arguments.ignored,
            strict: arguments.ignored || arguments.include_ignored || nextest,
        }
    }

    /// Ends a test of what is not supported, as a failure where it `fails`.
    pub(crate) fn ignore(self, why: &str, fails: bool) -> Result<Completion, Failed> {
        if self.strict || fails {
            Err(format!("not supported here: {why}").into())
        } else {
            Ok(Completion::ignored_with(why))
        }
    }
}

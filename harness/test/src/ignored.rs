//! Tests of things that this machine does not support: they are ignored, never passed.
//!
//! nextest reads from the list which tests are ignored, and a test that it runs can only
//! pass or fail. So support is checked when the ignored tests are listed. `cargo test`
//! makes no list; there the test itself reports that it is ignored.

use std::env;

use libtest_mimic::{Arguments, Completion, Failed};

/// Whether something that cannot be set up on this machine is a failure.
pub fn demanded() -> bool {
    env::var_os("DUALSTACK_DEMAND").is_some_and(|value| value == "1")
}

/// How the tests were started.
#[derive(Clone, Copy, Debug)]
pub struct Started {
    /// The ignored tests are listed or run, so it matters which they are.
    pub ignored: bool,
    /// A test that is run must not end as ignored.
    strict: bool,
}

impl Started {
    /// What the arguments of the test program, and the environment, say.
    pub fn with(arguments: &Arguments) -> Self {
        let nextest = env::var_os("NEXTEST").is_some();
        Self {
            ignored: arguments.ignored,
            strict: arguments.ignored || arguments.include_ignored || nextest,
        }
    }

    /// Ends a test of something unsupported, as a failure if it `fails`.
    ///
    /// # Errors
    ///
    /// It fails, or it was run although it was listed as ignored.
    pub fn ignore(self, why: &str, fails: bool) -> Result<Completion, Failed> {
        if self.strict || fails {
            Err(format!("not supported here: {why}").into())
        } else {
            Ok(Completion::ignored_with(why))
        }
    }
}

//! Agents that broke, and those that never were as required.

use dualstack_agent::protocol::Cannot;

/// An agent that broke, with what was seen of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct Broken {
    /// What happened, in one sentence.
    pub what: String,
    /// The end of what it wrote to its standard error.
    pub stderr: String,
}

impl Broken {
    /// One that wrote nothing, or was never heard.
    pub fn silent(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            stderr: String::new(),
        }
    }

    /// One that the harness ended because its run was interrupted.
    pub(crate) fn interrupted() -> Self {
        Self::silent("the run was interrupted")
    }

    /// What happened, with what the agent wrote itself.
    pub(crate) fn with_stderr(&self) -> String {
        match self.stderr.trim() {
            "" => self.what.clone(),
            said => format!("{}: {said}", self.what),
        }
    }

    /// The same, of the agent of a host.
    pub(crate) fn on(self, host: &str) -> Self {
        Self {
            what: format!("{}, on {host}", self.what),
            ..self
        }
    }
}

/// Why there is no agent in the state that cases require.
#[derive(Clone, Debug, thiserror::Error)]
pub enum NoStart {
    /// What is required is not supported there.
    #[error("{}", .0.why)]
    Cannot(Cannot),
    /// It should have started and did not.
    #[error(transparent)]
    Broken(#[from] Broken),
}

impl From<Cannot> for NoStart {
    fn from(cannot: Cannot) -> Self {
        Self::Cannot(cannot)
    }
}

impl NoStart {
    /// The same, of the agent of a host.
    pub(crate) fn on(self, host: &str) -> Self {
        match self {
            Self::Cannot(cannot) => Self::Cannot(Cannot {
                why: format!("{}, on {host}", cannot.why),
                ..cannot
            }),
            Self::Broken(broken) => Self::Broken(broken.on(host)),
        }
    }
}

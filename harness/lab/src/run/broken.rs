//! Agents that broke, and agents that could not be prepared.

use dualstack_agent::protocol::Cannot;

/// An agent that broke, with the evidence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct Broken {
    /// What happened, in one sentence.
    pub what: String,
    /// The end of its standard error.
    pub stderr: String,
}

impl Broken {
    /// An agent without any output.
    pub fn silent(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            stderr: String::new(),
        }
    }

    /// An agent that the harness ended because its run was interrupted.
    pub(crate) fn interrupted() -> Self {
        Self::silent("the run was interrupted")
    }

    /// What happened, with the agent's own output.
    pub fn with_stderr(&self) -> String {
        match self.stderr.trim() {
            "" => self.what.clone(),
            said => format!("{}: {said}", self.what),
        }
    }

    /// The same, for the agent of a host.
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
    /// A requirement is not supported there.
    #[error("{}", .0.why)]
    Cannot(Cannot),
    /// It should have started but did not.
    #[error(transparent)]
    Broken(#[from] Broken),
}

impl From<Cannot> for NoStart {
    fn from(cannot: Cannot) -> Self {
        Self::Cannot(cannot)
    }
}

impl NoStart {
    /// The same, for the agent of a host.
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

//! What becomes of what the engine was asked and did not do.

use std::error::Error;

use testcontainers::TestcontainersError;
use testcontainers::bollard::errors::Error as BollardError;
use testcontainers::core::error::ClientError;

use crate::platform::CleanError;
use crate::run::broken::{Broken, NoStart};

/// Something that the engine did not do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("failed to {doing}: {said}")]
pub(super) struct EngineError {
    /// What it was asked: `start the container …`.
    doing: String,
    said: String,
    pub(super) cause: Cause,
}

/// What an [`EngineError`] comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// The kernel has no parameter of a name that the container was to be given.
    NoParameter,
    /// The engine answered that it does not do it.
    Refused,
    /// Anything else: no engine answers, or not in time.
    Other,
}

impl EngineError {
    pub(super) fn new(doing: impl Into<String>, error: &(dyn Error + 'static)) -> Self {
        Self {
            doing: doing.into(),
            said: with_causes(error),
            cause: match answer(error) {
                Some(BollardError::DockerResponseServerError { .. }) => Cause::Refused,
                _ => Cause::Other,
            },
        }
    }

    /// Something that went wrong beside the engine.
    pub(super) fn other(doing: impl Into<String>, said: impl Into<String>) -> Self {
        Self {
            doing: doing.into(),
            said: said.into(),
            cause: Cause::Other,
        }
    }

    /// The same with a cause that is known more exactly where the engine has refused.
    pub(super) fn refused_for(mut self, cause: impl FnOnce(&str) -> Option<Cause>) -> Self {
        if self.cause == Cause::Refused {
            self.cause = cause(&self.said).unwrap_or(self.cause);
        }
        self
    }

    /// The same with what else went wrong because of it.
    pub(super) fn and(mut self, other: Option<Self>) -> Self {
        if let Some(other) = other {
            self.said = format!("{}; {other}", self.said);
        }
        self
    }
}

impl From<EngineError> for Broken {
    fn from(error: EngineError) -> Self {
        Self::silent(error.to_string())
    }
}

impl From<EngineError> for NoStart {
    fn from(error: EngineError) -> Self {
        Self::Broken(error.into())
    }
}

impl From<EngineError> for CleanError {
    fn from(EngineError { doing, said, .. }: EngineError) -> Self {
        Self { doing, why: said }
    }
}

/// The error of the engine's client in one of testcontainers', which does not
/// name it as its source.
fn answer<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a BollardError> {
    match error.downcast_ref() {
        Some(TestcontainersError::Client(
            ClientError::CreateContainer(answer) | ClientError::StartContainer(answer),
        )) => Some(answer),
        _ => error.downcast_ref(),
    }
}

/// An error with what caused it: the engine's own words are at the end.
fn with_causes(error: &dyn Error) -> String {
    let mut said = vec![error.to_string()];
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !said.iter().any(|earlier| earlier.contains(&text)) {
            said.push(text);
        }
        cause = error.source();
    }
    said.join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response() -> BollardError {
        BollardError::DockerResponseServerError {
            status_code: 400,
            message: "invalid pool request".to_owned(),
        }
    }

    #[test]
    fn an_answer_of_the_engine_is_told_from_its_silence() {
        let started = TestcontainersError::Client(ClientError::StartContainer(response()));
        let silent = TestcontainersError::Client(ClientError::StartContainer(
            BollardError::RequestTimeoutError,
        ));
        let causes = [&started, &silent].map(|error| EngineError::new("start", error).cause);
        assert_eq!(causes, [Cause::Refused, Cause::Other]);
        let refused = EngineError::new("make a network", &response());
        assert_eq!(refused.cause, Cause::Refused);
        assert!(refused.to_string().ends_with("invalid pool request"));
    }
}

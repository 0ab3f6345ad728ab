//! Requests to the engine that failed.

use std::error::Error;

use testcontainers::TestcontainersError;
use testcontainers::bollard::errors::Error as BollardError;
use testcontainers::core::error::ClientError;

use crate::platform::CleanError;
use crate::run::broken::{Broken, NoStart};

/// A request that the engine did not fulfil.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("failed to {doing}: {said}")]
pub(super) struct EngineError {
    /// The request: `start the container …`.
    doing: String,
    said: String,
    pub(super) cause: Cause,
}

/// The cause of an [`EngineError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// The kernel does not have a parameter that the container should get.
    NoParameter,
    /// The engine refused.
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

    /// Something that failed outside the engine.
    pub(super) fn other(doing: impl Into<String>, said: impl Into<String>) -> Self {
        Self {
            doing: doing.into(),
            said: said.into(),
            cause: Cause::Other,
        }
    }

    /// The same error with a more exact cause, if the engine refused.
    pub(super) fn refused_for(mut self, cause: impl FnOnce(&str) -> Option<Cause>) -> Self {
        if self.cause == Cause::Refused {
            self.cause = cause(&self.said).unwrap_or(self.cause);
        }
        self
    }

    /// The same error with another one that followed from it.
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

/// The error of the engine's client inside one of testcontainers, which does not return
/// it as its source.
fn answer<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a BollardError> {
    match error.downcast_ref() {
        Some(TestcontainersError::Client(
            ClientError::CreateContainer(answer) | ClientError::StartContainer(answer),
        )) => Some(answer),
        _ => error.downcast_ref(),
    }
}

/// An error with its causes: the engine's own message is at the end.
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

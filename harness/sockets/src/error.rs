//! The errors of a call.

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::time::Duration;

use dualstack_names::ErrorName;

use crate::imp;

/// The result of a call.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a call has no result.
///
/// Only [`Error::Os`] is an answer of the system.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The call had not returned at its deadline, and was interrupted. What it started
    /// may continue: a connection attempt does.
    #[error("{call} did not return within {after:?}")]
    TimedOut {
        /// The call by its C name, such as `accept`.
        call: &'static str,
        /// Its deadline.
        after: Duration,
    },
    /// This system does not have this option, control message or function: no call was
    /// made.
    #[error("this system has no {what}")]
    Unavailable {
        /// What is missing, by its C name if it has one.
        what: Cow<'static, str>,
    },
    /// The value does not have the option's type: no call was made.
    #[error("{option} takes {wanted}, not {value}")]
    Mismatch {
        /// The option by its C name.
        option: &'static str,
        /// The type it takes.
        wanted: String,
        /// The value it was given.
        value: String,
    },
    /// The system returned an error.
    #[error(transparent)]
    Os(#[from] OsError),
}

impl Error {
    pub(crate) fn unavailable(what: impl Into<Cow<'static, str>>) -> Self {
        Self::Unavailable { what: what.into() }
    }

    /// The error of a socket2 function, which contains only the system's numbers.
    pub(crate) fn from_socket2(error: &io::Error) -> Self {
        Self::Os(OsError::from_code(error.raw_os_error().unwrap_or_default()))
    }
}

/// An error number of the system: `errno` on Unix, `WSAGetLastError()` on Windows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OsError {
    /// The number.
    pub code: i32,
    /// The name that all systems share: `EINVAL` for both `EINVAL` on Unix and
    /// `WSAEINVAL`. Numbers without a counterpart have the native name; unknown ones are
    /// shown as `errno 1234` or `WSA 1234`.
    pub name: Cow<'static, str>,
    /// The name in the system's own headers.
    pub native: Cow<'static, str>,
}

impl OsError {
    /// The error with this number.
    pub fn from_code(code: i32) -> Self {
        Self::named(code, ErrorName::of(code), imp::UNKNOWN_ERROR)
    }

    /// The error of `getaddrinfo` with this number.
    pub(crate) fn of_getaddrinfo(code: i32) -> Self {
        Self::named(code, ErrorName::of_getaddrinfo(code), "EAI")
    }

    fn named(code: i32, known: Option<&'static ErrorName>, unknown: &str) -> Self {
        let Some(known) = known else {
            let name = Cow::from(format!("{unknown} {code}"));
            return Self {
                code,
                name: name.clone(),
                native: name,
            };
        };
        Self {
            code,
            name: known.name.into(),
            native: known.native.into(),
        }
    }
}

impl std::error::Error for OsError {}

/// `EINVAL (22)`, or `EINVAL (WSAEINVAL, 10022)` if the two names differ.
impl fmt::Display for OsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { code, name, native } = self;
        if name == native {
            write!(f, "{name} ({code})")
        } else {
            write!(f, "{name} ({native}, {code})")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_have_the_names_of_the_table() {
        let code = ErrorName::code_of("EINVAL").unwrap();
        let error = OsError::from_code(code);
        assert_eq!((error.code, &*error.name), (code, "EINVAL"));
        assert!(error.to_string().starts_with("EINVAL ("), "{error}");
    }

    #[test]
    fn the_three_kinds_read_apart() {
        let after = Duration::from_millis(20);
        let cases = [
            (
                Error::TimedOut {
                    call: "accept",
                    after,
                },
                "accept did not return within 20ms",
            ),
            (
                Error::unavailable("SO_REUSEPORT"),
                "this system has no SO_REUSEPORT",
            ),
            (
                OsError::from_code(0x7fff).into(),
                &format!("{0} 32767 (32767)", imp::UNKNOWN_ERROR),
            ),
        ];
        for (error, text) in cases {
            assert_eq!(error.to_string(), text);
        }
    }
}

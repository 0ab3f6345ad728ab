//! What a call can answer instead of a result, and the names of the systems' error numbers.

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::time::Duration;

use crate::imp;

/// The result of a call.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a call gave no result.
///
/// Only [`Error::Os`] is an answer of the system's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The call had not returned when its deadline passed, and was interrupted. What it was to do
    /// may go on: a connection attempt does.
    #[error("{call} did not return within {after:?}")]
    TimedOut {
        /// The call by its C name, such as `accept`.
        call: &'static str,
        /// The deadline that it had.
        after: Duration,
    },
    /// This system has no such option, control message or function: no call was made.
    #[error("this system has no {what}")]
    Unavailable {
        /// What was asked for, by its C name where it has one.
        what: Cow<'static, str>,
    },
    /// The system refused.
    #[error(transparent)]
    Os(#[from] OsError),
}

impl Error {
    pub(crate) fn unavailable(what: impl Into<Cow<'static, str>>) -> Self {
        Self::Unavailable { what: what.into() }
    }

    /// The error of a socket2 function, which reports nothing but the system's own numbers.
    pub(crate) fn from_socket2(error: &io::Error) -> Self {
        Self::Os(OsError::from_code(error.raw_os_error().unwrap_or_default()))
    }
}

/// An error of the system's own: `errno` on Unix, `WSAGetLastError()` on Windows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OsError {
    /// The number.
    pub code: i32,
    /// The name that all systems share: `EINVAL` for Unix' `EINVAL` and for `WSAEINVAL`. Numbers
    /// without a counterpart have the native name, unknown ones read `errno 1234` or `WSA 1234`.
    pub name: Cow<'static, str>,
    /// The name that the system's own headers have.
    pub native: Cow<'static, str>,
}

impl OsError {
    /// The error with this number.
    pub fn from_code(code: i32) -> Self {
        let Some(known) = CODES.iter().find(|known| known.code == Some(code)) else {
            let name = Cow::from(format!("{} {code}", imp::UNKNOWN_ERROR));
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

    /// The number of this portable name on this system, if it has one.
    pub fn code_of(name: &str) -> Option<i32> {
        CODES
            .iter()
            .find(|known| known.name == name && known.code.is_some())?
            .code
    }

    /// Every portable name, once, those that this system lacks included.
    pub fn all_names() -> impl Iterator<Item = &'static str> {
        let earlier = |index: usize, name| CODES[..index].iter().any(|code| code.name == name);
        let names = CODES.iter().map(|code| code.name).enumerate();
        names
            .filter(move |&(index, name)| !earlier(index, name))
            .map(|(_, name)| name)
    }
}

impl std::error::Error for OsError {}

/// `EINVAL (22)`, or `EINVAL (WSAEINVAL, 10022)` where the two names differ.
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

/// One row of the table, as this system has it.
struct Code {
    name: &'static str,
    native: &'static str,
    code: Option<i32>,
}

/// Builds the table. A row is the Unix name, the Windows name, and the systems to which the Unix
/// name is limited, if it is. The first row with a number gives it its name.
macro_rules! codes {
    ($($unix:tt $windows:tt $($only:ident)?;)+) => {
        const CODES: &[Code] = &[$(Code {
            name: portable!($unix $windows),
            #[cfg(unix)]
            native: portable!($unix $windows),
            #[cfg(windows)]
            native: portable!($windows $unix),
            #[cfg(unix)]
            code: errno!($unix $($only)?),
            #[cfg(windows)]
            code: wsa!($windows),
        }),+];
    };
}

/// The first name, or the second where the first is missing.
macro_rules! portable {
    (- $second:tt) => {
        stringify!($second)
    };
    ($first:tt $second:tt) => {
        stringify!($first)
    };
}

#[cfg(unix)]
macro_rules! errno {
    (-) => {
        None
    };
    ($name:ident) => {
        Some(libc::$name)
    };
    ($name:ident linux) => {{
        #[cfg(target_os = "linux")]
        const NUMBER: Option<i32> = Some(libc::$name);
        #[cfg(not(target_os = "linux"))]
        const NUMBER: Option<i32> = None;
        NUMBER
    }};
    ($name:ident bsd) => {{
        #[cfg(not(target_os = "linux"))]
        const NUMBER: Option<i32> = Some(libc::$name);
        #[cfg(target_os = "linux")]
        const NUMBER: Option<i32> = None;
        NUMBER
    }};
    ($name:ident freebsd) => {{
        #[cfg(target_os = "freebsd")]
        const NUMBER: Option<i32> = Some(libc::$name);
        #[cfg(not(target_os = "freebsd"))]
        const NUMBER: Option<i32> = None;
        NUMBER
    }};
}

#[cfg(windows)]
macro_rules! wsa {
    (-) => {
        None
    };
    ($name:ident) => {
        Some(windows_sys::Win32::Networking::WinSock::$name)
    };
}

codes! {
    // Unix             Windows
    EINTR               WSAEINTR;
    EBADF               WSAEBADF;
    EBADF               WSA_INVALID_HANDLE;
    EACCES              WSAEACCES;
    EFAULT              WSAEFAULT;
    EINVAL              WSAEINVAL;
    EMFILE              WSAEMFILE;
    EAGAIN              WSAEWOULDBLOCK;
    EINPROGRESS         WSAEINPROGRESS;
    EALREADY            WSAEALREADY;
    ENOTSOCK            WSAENOTSOCK;
    EDESTADDRREQ        WSAEDESTADDRREQ;
    EMSGSIZE            WSAEMSGSIZE;
    EPROTOTYPE          WSAEPROTOTYPE;
    ENOPROTOOPT         WSAENOPROTOOPT;
    EPROTONOSUPPORT     WSAEPROTONOSUPPORT;
    ESOCKTNOSUPPORT     WSAESOCKTNOSUPPORT;
    EOPNOTSUPP          WSAEOPNOTSUPP;
    EPFNOSUPPORT        WSAEPFNOSUPPORT;
    EAFNOSUPPORT        WSAEAFNOSUPPORT;
    EADDRINUSE          WSAEADDRINUSE;
    EADDRNOTAVAIL       WSAEADDRNOTAVAIL;
    ENETDOWN            WSAENETDOWN;
    ENETUNREACH         WSAENETUNREACH;
    ENETRESET           WSAENETRESET;
    ECONNABORTED        WSAECONNABORTED;
    ECONNRESET          WSAECONNRESET;
    ENOBUFS             WSAENOBUFS;
    EISCONN             WSAEISCONN;
    ENOTCONN            WSAENOTCONN;
    ESHUTDOWN           WSAESHUTDOWN;
    ETOOMANYREFS        WSAETOOMANYREFS;
    ETIMEDOUT           WSAETIMEDOUT;
    ECONNREFUSED        WSAECONNREFUSED;
    ELOOP               WSAELOOP;
    ENAMETOOLONG        WSAENAMETOOLONG;
    EHOSTDOWN           WSAEHOSTDOWN;
    EHOSTUNREACH        WSAEHOSTUNREACH;
    ENOTEMPTY           WSAENOTEMPTY;
    EPROCLIM            WSAEPROCLIM             bsd;
    EUSERS              WSAEUSERS;
    EDQUOT              WSAEDQUOT;
    ESTALE              WSAESTALE;
    EREMOTE             WSAEREMOTE;
    ECANCELED           WSAECANCELLED;
    ECANCELED           WSA_OPERATION_ABORTED;
    ENOMEM              WSA_NOT_ENOUGH_MEMORY;

    EPERM               -;
    ENOENT              -;
    ESRCH               -;
    EIO                 -;
    ENXIO               -;
    E2BIG               -;
    EEXIST              -;
    EBUSY               -;
    ENODEV              -;
    ENOTDIR             -;
    ENFILE              -;
    ENOTTY              -;
    ENOSPC              -;
    EPIPE               -;
    EDOM                -;
    ERANGE              -;
    ENOLCK              -;
    ENOSYS              -;
    EILSEQ              -;
    EOVERFLOW           -;
    EPROTO              -;
    ENOTSUP             -;
    ENONET              -                       linux;
    ENODATA             -                       linux;
    ETIME               -                       linux;
    ENOSR               -                       linux;
    ENOLINK             -                       linux;
    ECOMM               -                       linux;
    EMULTIHOP           -                       linux;
    EBADMSG             -;
    EBADFD              -                       linux;
    EREMOTEIO           -                       linux;
    EHWPOISON           -                       linux;
    ECAPMODE            -                       freebsd;
    ENOTCAPABLE         -                       freebsd;

    -                   WSASYSNOTREADY;
    -                   WSAVERNOTSUPPORTED;
    -                   WSANOTINITIALISED;
    -                   WSAEDISCON;
    -                   WSAENOMORE;
    -                   WSAEINVALIDPROCTABLE;
    -                   WSAEINVALIDPROVIDER;
    -                   WSAEPROVIDERFAILEDINIT;
    -                   WSASYSCALLFAILURE;
    -                   WSASERVICE_NOT_FOUND;
    -                   WSATYPE_NOT_FOUND;
    -                   WSA_E_NO_MORE;
    -                   WSA_E_CANCELLED;
    -                   WSAEREFUSED;
    -                   WSAHOST_NOT_FOUND;
    -                   WSATRY_AGAIN;
    -                   WSANO_RECOVERY;
    -                   WSANO_DATA;
    -                   WSA_INVALID_PARAMETER;
    -                   WSA_IO_INCOMPLETE;
    -                   WSA_IO_PENDING;
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[cfg(unix)]
    #[rstest]
    #[case(libc::EINVAL, "EINVAL")]
    #[case(libc::EWOULDBLOCK, "EAGAIN")]
    #[case(libc::EAFNOSUPPORT, "EAFNOSUPPORT")]
    #[case(libc::EADDRNOTAVAIL, "EADDRNOTAVAIL")]
    #[case(libc::EOPNOTSUPP, "EOPNOTSUPP")]
    #[case(libc::EPERM, "EPERM")]
    #[case(12345, "errno 12345")]
    fn numbers_have_names(#[case] code: i32, #[case] name: &str) {
        let error = OsError::from_code(code);
        assert_eq!(
            (error.code, &*error.name, &*error.native),
            (code, name, name)
        );
        assert_eq!(error.to_string(), format!("{name} ({code})"));
    }

    #[cfg(windows)]
    #[rstest]
    #[case(10022, "EINVAL", "WSAEINVAL")]
    #[case(10035, "EAGAIN", "WSAEWOULDBLOCK")]
    #[case(10047, "EAFNOSUPPORT", "WSAEAFNOSUPPORT")]
    #[case(10049, "EADDRNOTAVAIL", "WSAEADDRNOTAVAIL")]
    #[case(10103, "ECANCELED", "WSAECANCELLED")]
    #[case(10093, "WSANOTINITIALISED", "WSANOTINITIALISED")]
    #[case(11032, "WSA 11032", "WSA 11032")]
    fn numbers_have_names(#[case] code: i32, #[case] name: &str, #[case] native: &str) {
        let error = OsError::from_code(code);
        assert_eq!(
            (error.code, &*error.name, &*error.native),
            (code, name, native)
        );
    }

    #[test]
    fn every_name_of_this_system_leads_to_its_number_and_back() {
        let known: Vec<_> = OsError::all_names().filter_map(OsError::code_of).collect();
        assert!(known.len() > 60, "{} names only", known.len());
        for name in OsError::all_names() {
            let Some(code) = OsError::code_of(name) else {
                continue;
            };
            // ENOTSUP shares its number with EOPNOTSUPP on some systems.
            let same = if name == "ENOTSUP" {
                &["ENOTSUP", "EOPNOTSUPP"][..]
            } else {
                &[name]
            };
            assert!(same.contains(&&*OsError::from_code(code).name), "{name}");
        }
    }

    #[test]
    fn names_are_listed_once_and_on_every_system() {
        let mut names: Vec<_> = OsError::all_names().collect();
        assert!(names.contains(&"WSANOTINITIALISED") && names.contains(&"ENONET"));
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
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

//! The names of the systems' error numbers.

use crate::systems::number;

/// An error with its names on this system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorName {
    /// The name that all systems share: `EINVAL` for both `EINVAL` on Unix and
    /// `WSAEINVAL`. An error without a counterpart has its native name.
    pub name: &'static str,
    /// The name in this system's own headers.
    pub native: &'static str,
    windows: Option<&'static str>,
    code: Option<i32>,
}

impl ErrorName {
    /// The error with this number on this system, if it has a name here.
    pub fn of(code: i32) -> Option<&'static Self> {
        ERRORS.iter().find(|known| known.code == Some(code))
    }

    /// The error of `getaddrinfo` with this number on this system, if it has a name here.
    pub fn of_getaddrinfo(code: i32) -> Option<&'static Self> {
        let mut errors = GETADDRINFO.iter();
        errors.find(|known| known.code == Some(code))
    }

    /// The number of the error with this portable name, if this system has it.
    pub fn code_of(name: &str) -> Option<i32> {
        let mut same = ERRORS.iter().filter(|known| known.name == name);
        same.find_map(|known| known.code)
    }

    /// The portable name of an error that Windows calls by this name, with or without
    /// `WSA`: `EAGAIN` for `EWOULDBLOCK`.
    pub fn portable(name: &str) -> Option<&'static str> {
        let same = |windows: &str| windows == name || windows.strip_prefix("WSA") == Some(name);
        let mut errors = ERRORS
            .iter()
            .filter(|error| error.windows.is_some_and(same));
        errors.next().map(|error| error.name)
    }

    /// Every portable name, once, including those that this system lacks.
    pub fn all() -> impl Iterator<Item = &'static str> {
        let earlier = |index: usize, name| ERRORS[..index].iter().any(|error| error.name == name);
        let names = ERRORS.iter().map(|error| error.name).enumerate();
        names
            .filter(move |&(index, name)| !earlier(index, name))
            .map(|(_, name)| name)
            .chain(GETADDRINFO.iter().map(|error| error.name))
    }
}

/// Builds the table. A row is the Unix name, the Windows name, and, if the Unix name is
/// limited to some systems, those systems. If two rows have the same number, the first
/// gives it its name.
macro_rules! errors {
    ($($unix:tt $windows:tt $($only:ident)?;)+) => {
        const ERRORS: &[ErrorName] = &[$(ErrorName {
            name: portable!($unix $windows),
            #[cfg(unix)]
            native: portable!($unix $windows),
            #[cfg(windows)]
            native: portable!($windows $unix),
            windows: windows!($windows),
            #[cfg(unix)]
            code: errno!($unix $($only)?),
            #[cfg(windows)]
            code: wsa!($windows),
        }),+];
    };
}

/// The first name, or the second if the first is missing.
macro_rules! portable {
    (- $second:tt) => {
        stringify!($second)
    };
    ($first:tt $second:tt) => {
        stringify!($first)
    };
}

macro_rules! windows {
    (-) => {
        None
    };
    ($name:tt) => {
        Some(stringify!($name))
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

errors! {
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

/// Builds the table of `getaddrinfo`'s own errors; see `systems.rs` for the columns.
macro_rules! getaddrinfo_errors {
    ($($name:ident $windows_name:tt:
        $linux:tt $apple:tt $freebsd:tt $dragonfly:tt $netbsd:tt $openbsd:tt $windows:tt)+) => {
        const GETADDRINFO: &[ErrorName] = &[$(ErrorName {
            name: stringify!($name),
            #[cfg(unix)]
            native: stringify!($name),
            #[cfg(windows)]
            native: portable!($windows_name $name),
            windows: windows!($windows_name),
            code: number!($name $linux $apple $freebsd $dragonfly $netbsd $openbsd $windows),
        }),+];
    };
}

// RFC 3493 section 6.1; Winsock's getaddrinfo. EAI_ADDRFAMILY is glibc's netdb.h.
getaddrinfo_errors! {
    // Unix         Windows                  Linux Apple Free  Dfly  Net   Open  Windows
    EAI_AGAIN       WSATRY_AGAIN:            +     +     +     +     +     +     WSATRY_AGAIN
    EAI_BADFLAGS    WSAEINVAL:               +     +     +     +     +     +     WSAEINVAL
    EAI_FAIL        WSANO_RECOVERY:          +     +     +     +     +     +     WSANO_RECOVERY
    EAI_FAMILY      WSAEAFNOSUPPORT:         +     +     +     +     +     +     WSAEAFNOSUPPORT
    EAI_MEMORY      WSA_NOT_ENOUGH_MEMORY:   +     +     +     +     +     +     WSA_NOT_ENOUGH_MEMORY
    EAI_NONAME      WSAHOST_NOT_FOUND:       +     +     +     +     +     +     WSAHOST_NOT_FOUND
    EAI_SERVICE     WSATYPE_NOT_FOUND:       +     +     +     +     +     +     WSATYPE_NOT_FOUND
    EAI_SOCKTYPE    WSAESOCKTNOSUPPORT:      +     +     +     +     +     +     WSAESOCKTNOSUPPORT
    EAI_NODATA      WSANO_DATA:              +     +     -     -     +     +     WSANO_DATA
    EAI_ADDRFAMILY  -:                       (-9)  -     -     -     -     -     -
    EAI_OVERFLOW    -:                       +     +     +     +     +     +     -
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
    fn numbers_have_names(#[case] code: i32, #[case] name: &str) {
        let error = ErrorName::of(code).unwrap();
        assert_eq!((error.name, error.native), (name, name));
    }

    #[cfg(windows)]
    #[rstest]
    #[case(10022, "EINVAL", "WSAEINVAL")]
    #[case(10035, "EAGAIN", "WSAEWOULDBLOCK")]
    #[case(10047, "EAFNOSUPPORT", "WSAEAFNOSUPPORT")]
    #[case(10049, "EADDRNOTAVAIL", "WSAEADDRNOTAVAIL")]
    #[case(10103, "ECANCELED", "WSAECANCELLED")]
    #[case(10093, "WSANOTINITIALISED", "WSANOTINITIALISED")]
    fn numbers_have_names(#[case] code: i32, #[case] name: &str, #[case] native: &str) {
        let error = ErrorName::of(code).unwrap();
        assert_eq!((error.name, error.native), (name, native));
    }

    #[rstest]
    #[case("WSAEINVAL", Some("EINVAL"))]
    #[case("WSAEWOULDBLOCK", Some("EAGAIN"))]
    #[case("EWOULDBLOCK", Some("EAGAIN"))]
    #[case("ENONSENSE", None)]
    fn names_of_windows_have_a_portable_one(
        #[case] name: &str,
        #[case] portable: Option<&'static str>,
    ) {
        assert_eq!(ErrorName::portable(name), portable);
    }

    #[test]
    fn errors_of_getaddrinfo_have_numbers_of_their_own() {
        #[cfg(unix)]
        let code = libc::EAI_NONAME;
        #[cfg(windows)]
        let code = 11001;
        assert_eq!(ErrorName::of_getaddrinfo(code).unwrap().name, "EAI_NONAME");
    }

    #[test]
    fn numbers_that_nobody_has_are_not_found() {
        assert_eq!(ErrorName::of(0x7fff), None);
    }

    #[test]
    fn every_name_of_this_system_leads_to_its_number_and_back() {
        let known: Vec<_> = ErrorName::all().filter_map(ErrorName::code_of).collect();
        assert!(known.len() > 60, "{} names only", known.len());
        for name in ErrorName::all() {
            let Some(code) = ErrorName::code_of(name) else {
                continue;
            };
            // ENOTSUP shares its number with EOPNOTSUPP on some systems.
            let same = if name == "ENOTSUP" {
                &["ENOTSUP", "EOPNOTSUPP"][..]
            } else {
                &[name]
            };
            assert!(same.contains(&ErrorName::of(code).unwrap().name), "{name}");
        }
    }

    #[test]
    fn names_are_listed_once_and_on_every_system() {
        let mut names: Vec<_> = ErrorName::all().collect();
        assert!(names.contains(&"WSANOTINITIALISED") && names.contains(&"ENONET"));
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}

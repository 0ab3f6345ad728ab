//! The options of `setsockopt` and `getsockopt` by their own names.

use std::fmt;

use crate::error::{Error, Result};
use crate::imp::{IPPROTO_IP, IPPROTO_IPV6, IPPROTO_TCP, SOL_SOCKET};

/// A socket option by its name in C, with the level and number that this system gives it.
///
/// Every option here is set from an `int`. See [`SocketOption::all`] for the list.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SocketOption {
    name: &'static str,
    level: i32,
    number: Option<i32>,
}

impl SocketOption {
    /// The option of this name, such as `IPV6_V6ONLY`. `None` if no system has one.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::all().find(|option| option.name == name)
    }

    /// Every option of the table, those that this system lacks included.
    pub fn all() -> impl Iterator<Item = Self> {
        OPTIONS.iter().copied()
    }

    /// The names of [`SocketOption::all`].
    pub fn all_names() -> impl Iterator<Item = &'static str> {
        Self::all().map(|option| option.name)
    }

    /// The name in C.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Whether this system has the option.
    pub fn is_available(&self) -> bool {
        self.number.is_some()
    }

    /// The level and the number that the system is given.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] where this system has no option of that name.
    pub fn place(&self) -> Result<(i32, i32)> {
        let number = self.number.ok_or_else(|| Error::unavailable(self.name))?;
        Ok((self.level, number))
    }
}

impl fmt::Display for SocketOption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl fmt::Debug for SocketOption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number {
            Some(number) => write!(f, "{} ({}, {number})", self.name, self.level),
            None => write!(f, "{} (unavailable)", self.name),
        }
    }
}

/// What `getsockopt` returned for an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OptionValue {
    /// The value, in as many bytes as were written.
    pub value: i64,
    /// The number of bytes that the system says it wrote; it was offered an `int`'s, 4. For
    /// `IPV6_V6ONLY` Windows is known to say 1 (socket2 1.0 and Wine's `sock.c` see it too).
    pub len: usize,
}

impl OptionValue {
    /// Reads `len` bytes of a buffer that was zeroed before the call.
    pub(crate) fn from_bytes(bytes: [u8; 4], len: usize) -> Self {
        let value = match len {
            0 => 0,
            1 => i64::from(bytes[0]),
            2 => i64::from(i16::from_ne_bytes([bytes[0], bytes[1]])),
            _ => i64::from(i32::from_ne_bytes(bytes)),
        };
        Self { value, len }
    }
}

/// Builds the table. A column of a system holds `+` where its headers have the name, `-` where they
/// do not, and a number or another constant of the system's where libc or windows-sys lacks it or
/// the system calls it otherwise.
macro_rules! options {
    ($($name:ident $level:ident
        $linux:tt $apple:tt $freebsd:tt $dragonfly:tt $netbsd:tt $openbsd:tt $windows:tt)+) => {
        const OPTIONS: &[SocketOption] = &[$(SocketOption {
            name: stringify!($name),
            level: $level,
            #[cfg(target_os = "linux")]
            number: number!($name $linux),
            #[cfg(target_vendor = "apple")]
            number: number!($name $apple),
            #[cfg(target_os = "freebsd")]
            number: number!($name $freebsd),
            #[cfg(target_os = "dragonfly")]
            number: number!($name $dragonfly),
            #[cfg(target_os = "netbsd")]
            number: number!($name $netbsd),
            #[cfg(target_os = "openbsd")]
            number: number!($name $openbsd),
            #[cfg(windows)]
            number: number!($name $windows),
        }),+];
    };
}

macro_rules! number {
    ($name:ident -) => {
        None
    };
    ($name:ident +) => {
        Some(crate::imp::constants::$name as i32)
    };
    ($name:ident $number:literal) => {
        Some($number)
    };
    ($name:ident $other:ident) => {
        Some(crate::imp::constants::$other as i32)
    };
}

// Numbers that libc lacks are from the systems' own headers: xnu bsd/netinet6/in6.h under
// __APPLE_USE_RFC_3542 (libc's numbers are those too), FreeBSD sys/netinet6/in6.h,
// NetBSD sys/netinet/in.h and sys/netinet6/in6.h, OpenBSD the same.
options! {
    //                      level         Linux  Apple  Free   Dfly   Net    Open   Windows
    IPV6_V6ONLY             IPPROTO_IPV6  +      +      +      +      +      +      +
    IPV6_RECVPKTINFO        IPPROTO_IPV6  +      +      +      +      +      +      IPV6_PKTINFO
    IPV6_TCLASS             IPPROTO_IPV6  +      +      +      +      +      +      +
    IPV6_RECVTCLASS         IPPROTO_IPV6  +      +      +      +      +      +      +
    IPV6_UNICAST_HOPS       IPPROTO_IPV6  +      +      +      +      +      +      +
    IPV6_RECVHOPLIMIT       IPPROTO_IPV6  +      +      +      +      37     37     IPV6_HOPLIMIT
    IPV6_MULTICAST_IF       IPPROTO_IPV6  +      +      +      +      +      +      +
    IPV6_MULTICAST_HOPS     IPPROTO_IPV6  +      +      +      +      +      +      +
    IPV6_MULTICAST_LOOP     IPPROTO_IPV6  +      +      +      +      +      +      +
    IPV6_MULTICAST_ALL      IPPROTO_IPV6  +      -      -      -      -      -      -
    IPV6_MTU                IPPROTO_IPV6  +      -      -      -      -      -      +
    IPV6_USER_MTU           IPPROTO_IPV6  -      -      -      -      -      -      +
    IPV6_MTU_DISCOVER       IPPROTO_IPV6  +      -      -      -      -      -      +
    IPV6_DONTFRAG           IPPROTO_IPV6  +      +      +      +      +      +      +
    IPV6_USE_MIN_MTU        IPPROTO_IPV6  -      42     42     42     42     42     -
    IPV6_RECVPATHMTU        IPPROTO_IPV6  +      43     43     43     43     43     -
    IPV6_RECVERR            IPPROTO_IPV6  +      -      -      -      -      -      +
    IPV6_FREEBIND           IPPROTO_IPV6  +      -      -      -      -      -      -
    IPV6_TRANSPARENT        IPPROTO_IPV6  +      -      -      -      -      -      -
    IPV6_BINDANY            IPPROTO_IPV6  -      -      +      -      -      -      -
    IPV6_ADDRFORM           IPPROTO_IPV6  +      -      -      -      -      -      -
    IPV6_ADDR_PREFERENCES   IPPROTO_IPV6  +      -      -      -      -      -      -
    IPV6_RECVORIGDSTADDR    IPPROTO_IPV6  +      -      +      -      -      -      -
    IPV6_UNICAST_IF         IPPROTO_IPV6  +      -      -      -      -      -      +
    IPV6_PROTECTION_LEVEL   IPPROTO_IPV6  -      -      -      -      -      -      +

    IP_PKTINFO              IPPROTO_IP    +      +      -      -      +      -      +
    IP_RECVPKTINFO          IPPROTO_IP    -      -      -      -      26     -      -
    IP_RECVDSTADDR          IPPROTO_IP    -      +      +      +      +      +      +
    IP_RECVIF               IPPROTO_IP    -      +      +      +      +      +      +
    IP_TOS                  IPPROTO_IP    +      +      +      +      +      +      +
    IP_RECVTOS              IPPROTO_IP    +      +      +      -      -      -      +
    IP_TTL                  IPPROTO_IP    +      +      +      +      +      +      +
    IP_RECVTTL              IPPROTO_IP    +      +      +      +      23     31     +
    IP_MINTTL               IPPROTO_IP    +      -      +      +      24     32     -
    IP_MULTICAST_TTL        IPPROTO_IP    +      +      +      +      +      +      +
    IP_MULTICAST_LOOP       IPPROTO_IP    +      +      +      +      +      +      +
    IP_MULTICAST_ALL        IPPROTO_IP    +      -      -      -      -      -      -
    IP_MTU                  IPPROTO_IP    +      -      -      -      -      -      +
    IP_USER_MTU             IPPROTO_IP    -      -      -      -      -      -      +
    IP_MTU_DISCOVER         IPPROTO_IP    +      -      -      -      -      -      +
    IP_DONTFRAG             IPPROTO_IP    -      +      +      -      -      -      -
    IP_DONTFRAGMENT         IPPROTO_IP    -      -      -      -      -      -      +
    IP_RECVERR              IPPROTO_IP    +      -      -      -      -      -      +
    IP_FREEBIND             IPPROTO_IP    +      -      -      -      -      -      -
    IP_TRANSPARENT          IPPROTO_IP    +      -      -      -      -      -      -
    IP_BINDANY              IPPROTO_IP    -      -      +      -      27     -      -
    IP_BIND_ADDRESS_NO_PORT IPPROTO_IP    +      -      -      -      -      -      -
    IP_RECVORIGDSTADDR      IPPROTO_IP    +      -      +      -      -      -      -
    IP_UNICAST_IF           IPPROTO_IP    +      -      -      -      -      -      +

    SO_REUSEADDR            SOL_SOCKET    +      +      +      +      +      +      +
    SO_REUSEPORT            SOL_SOCKET    +      +      +      +      +      +      -
    SO_REUSEPORT_LB         SOL_SOCKET    -      -      +      -      -      -      -
    SO_EXCLUSIVEADDRUSE     SOL_SOCKET    -      -      -      -      -      -      +
    SO_REUSE_UNICASTPORT    SOL_SOCKET    -      -      -      -      -      -      +
    SO_BINDANY              SOL_SOCKET    -      -      -      -      -      +      -
    SO_ERROR                SOL_SOCKET    +      +      +      +      +      +      +
    SO_TYPE                 SOL_SOCKET    +      +      +      +      +      +      +
    SO_DOMAIN               SOL_SOCKET    +      -      +      -      -      +      -
    SO_PROTOCOL             SOL_SOCKET    +      -      +      -      -      +      -
    SO_ACCEPTCONN           SOL_SOCKET    +      +      +      +      +      +      +
    SO_RCVBUF               SOL_SOCKET    +      +      +      +      +      +      +
    SO_SNDBUF               SOL_SOCKET    +      +      +      +      +      +      +
    SO_RCVLOWAT             SOL_SOCKET    +      +      +      +      +      +      +
    SO_BROADCAST            SOL_SOCKET    +      +      +      +      +      +      +
    SO_KEEPALIVE            SOL_SOCKET    +      +      +      +      +      +      +
    SO_OOBINLINE            SOL_SOCKET    +      +      +      +      +      +      +
    SO_DONTROUTE            SOL_SOCKET    +      +      +      +      +      +      +
    SO_PRIORITY             SOL_SOCKET    +      -      -      -      -      -      -
    SO_MARK                 SOL_SOCKET    +      -      -      -      -      -      -
    SO_INCOMING_CPU         SOL_SOCKET    +      -      -      -      -      -      -

    TCP_NODELAY             IPPROTO_TCP   +      +      +      +      +      +      +
    TCP_MAXSEG              IPPROTO_TCP   +      +      +      +      +      +      +
    TCP_KEEPINTVL           IPPROTO_TCP   +      +      +      +      +      -      +
    TCP_KEEPCNT             IPPROTO_TCP   +      +      +      +      +      -      +
    TCP_KEEPIDLE            IPPROTO_TCP   +      -      +      +      +      -      +
    TCP_FASTOPEN            IPPROTO_TCP   +      +      +      -      -      -      +
    TCP_DEFER_ACCEPT        IPPROTO_TCP   +      -      -      -      -      -      -
    TCP_SYNCNT              IPPROTO_TCP   +      -      -      -      -      -      -
    TCP_USER_TIMEOUT        IPPROTO_TCP   +      -      -      -      -      -      -
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[cfg(target_os = "linux")]
    #[rstest]
    #[case("IPV6_V6ONLY", Some((41, 26)))]
    #[case("IPV6_RECVPKTINFO", Some((41, 49)))]
    #[case("IP_PKTINFO", Some((0, 8)))]
    #[case("IPV6_ADDRFORM", Some((41, 1)))]
    #[case("IPV6_TRANSPARENT", Some((41, 75)))]
    #[case("IP_BIND_ADDRESS_NO_PORT", Some((0, 24)))]
    #[case("SO_REUSEPORT", Some((1, 15)))]
    #[case("TCP_NODELAY", Some((6, 1)))]
    #[case::windows_only("SO_EXCLUSIVEADDRUSE", None)]
    #[case::bsd_only("IP_RECVDSTADDR", None)]
    fn numbers_of_linux(#[case] name: &str, #[case] place: Option<(i32, i32)>) {
        let option = SocketOption::by_name(name).unwrap();
        assert_eq!(option.name(), name);
        assert_eq!(option.is_available(), place.is_some());
        assert_eq!(
            option.place(),
            place.ok_or(Error::unavailable(option.name()))
        );
    }

    #[cfg(target_vendor = "apple")]
    #[rstest]
    #[case::rfc_3542("IPV6_RECVPKTINFO", 61)]
    #[case::rfc_3542("IPV6_RECVHOPLIMIT", 37)]
    #[case("IPV6_RECVTCLASS", 35)]
    #[case("IP_DONTFRAG", 28)]
    fn numbers_of_apple(#[case] name: &str, #[case] number: i32) {
        assert_eq!(
            SocketOption::by_name(name).unwrap().place().unwrap().1,
            number
        );
    }

    #[cfg(windows)]
    #[rstest]
    #[case("IPV6_RECVPKTINFO", Some((41, 19)))]
    #[case("IPV6_V6ONLY", Some((41, 27)))]
    #[case("SO_EXCLUSIVEADDRUSE", Some((0xffff, !4)))]
    #[case("SO_REUSEPORT", None)]
    fn numbers_of_windows(#[case] name: &str, #[case] place: Option<(i32, i32)>) {
        assert_eq!(SocketOption::by_name(name).unwrap().place().ok(), place);
    }

    #[test]
    fn unknown_names_are_not_found() {
        for name in ["", "IPV6_V6ONLY ", "ipv6_v6only", "IPV6_NONSENSE"] {
            assert_eq!(SocketOption::by_name(name), None);
        }
    }

    #[test]
    fn no_name_and_no_place_stands_twice() {
        let mut names: Vec<_> = SocketOption::all_names().collect();
        let mut places: Vec<_> = SocketOption::all().filter_map(|o| o.place().ok()).collect();
        let (all_names, all_places) = (names.len(), places.len());
        names.sort_unstable();
        names.dedup();
        places.sort_unstable();
        places.dedup();
        assert_eq!((names.len(), places.len()), (all_names, all_places));
    }

    #[rstest]
    #[case::an_int([0xff; 4], 4, -1)]
    #[case::one_byte([1, 0, 0, 0], 1, 1)]
    #[case::one_byte_is_unsigned([0xff, 0, 0, 0], 1, 255)]
    #[case::nothing([0; 4], 0, 0)]
    fn values_of_any_width(#[case] bytes: [u8; 4], #[case] len: usize, #[case] value: i64) {
        assert_eq!(
            OptionValue::from_bytes(bytes, len),
            OptionValue { value, len }
        );
    }
}

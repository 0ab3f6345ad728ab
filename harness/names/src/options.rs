//! The options of `setsockopt` and `getsockopt`.

use std::fmt;

use crate::level::Level;
use crate::option_value::ValueType;
use crate::systems::{Systems, number, systems};

/// A socket option.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SocketOption {
    /// Its name in C.
    pub name: &'static str,
    /// Its level.
    pub level: Level,
    /// Its number on the system that this is built for; `None` if that has no such
    /// option.
    pub number: Option<i32>,
    /// The type of its value.
    pub value: ValueType,
    /// What it does and where that is documented.
    pub doc: &'static str,
    /// The systems that have it.
    pub systems: Systems,
}

impl SocketOption {
    /// Every option, in the order of the reference, including those that this system
    /// lacks.
    pub const ALL: &'static [Self] = OPTIONS;

    /// The option with this name. `None` if no system has one.
    pub fn by_name(name: &str) -> Option<&'static Self> {
        OPTIONS.iter().find(|option| option.name == name)
    }

    /// The names of all options.
    pub fn names() -> impl Iterator<Item = &'static str> {
        OPTIONS.iter().map(|option| option.name)
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
            None => write!(f, "{} (not on this system)", self.name),
        }
    }
}

/// Builds the table; see `systems.rs` for the columns.
macro_rules! options {
    ($($(#[doc = $doc:literal])+ $name:ident $level:ident $value:ident
        $linux:tt $apple:tt $freebsd:tt $dragonfly:tt $netbsd:tt $openbsd:tt $windows:tt)+) => {
        const OPTIONS: &[SocketOption] = &[$(SocketOption {
            name: stringify!($name),
            level: Level::$level,
            number: number!($name $linux $apple $freebsd $dragonfly $netbsd $openbsd $windows),
            value: ValueType::$value,
            doc: concat!($($doc),+),
            systems: systems!($linux $apple $freebsd $dragonfly $netbsd $openbsd $windows),
        }),+];
    };
}

// Numbers that libc lacks are from the systems' own headers: xnu bsd/netinet6/in6.h under
// __APPLE_USE_RFC_3542 (libc's numbers are those too), FreeBSD sys/netinet6/in6.h,
// NetBSD sys/netinet/in.h and sys/netinet6/in6.h, OpenBSD the same.
options! {
    //                      level         value       Linux Apple Free  Dfly  Net   Open  Windows
    /// Whether the socket is for IPv6 alone, not dual-stack. RFC 3493 section 5.3, ipv6(7).
    IPV6_V6ONLY             IPPROTO_IPV6  INT         +     +     +     +     +     +     +
    /// Receives an IPV6_PKTINFO with each datagram. RFC 3542 section 4; Windows calls this option IPV6_PKTINFO.
    IPV6_RECVPKTINFO        IPPROTO_IPV6  INT         +     +     +     +     +     +     IPV6_PKTINFO
    /// The traffic class of sent packets. RFC 3542 section 6.5.
    IPV6_TCLASS             IPPROTO_IPV6  INT         +     +     +     +     +     +     +
    /// Receives an IPV6_TCLASS with each datagram. RFC 3542 section 4.
    IPV6_RECVTCLASS         IPPROTO_IPV6  INT         +     +     +     +     +     +     +
    /// The hop limit of unicast packets, -1 for the system's. RFC 3493 section 5.1.
    IPV6_UNICAST_HOPS       IPPROTO_IPV6  INT         +     +     +     +     +     +     +
    /// Receives an IPV6_HOPLIMIT with each datagram. RFC 3542 section 4; Windows calls this option IPV6_HOPLIMIT.
    IPV6_RECVHOPLIMIT       IPPROTO_IPV6  INT         +     +     +     +     37    37    IPV6_HOPLIMIT
    /// The interface that multicast packets leave by. RFC 3493 section 5.2.
    IPV6_MULTICAST_IF       IPPROTO_IPV6  INTERFACE   +     +     +     +     +     +     +
    /// The hop limit of multicast packets. RFC 3493 section 5.2.
    IPV6_MULTICAST_HOPS     IPPROTO_IPV6  INT         +     +     +     +     +     +     +
    /// Whether multicast packets come back to the sender's own host. RFC 3493 section 5.2.
    IPV6_MULTICAST_LOOP     IPPROTO_IPV6  INT         +     +     +     +     +     +     +
    /// Whether packets to groups that another socket of the host joined are received. ipv6(7).
    IPV6_MULTICAST_ALL      IPPROTO_IPV6  INT         +     -     -     -     -     -     -
    /// Joins a multicast group. RFC 3493 section 5.2; Linux' IPV6_ADD_MEMBERSHIP.
    IPV6_JOIN_GROUP         IPPROTO_IPV6  IPV6_MREQ   IPV6_ADD_MEMBERSHIP +     +     +     +     +     +
    /// Leaves a multicast group. RFC 3493 section 5.2; Linux' IPV6_DROP_MEMBERSHIP.
    IPV6_LEAVE_GROUP        IPPROTO_IPV6  IPV6_MREQ   IPV6_DROP_MEMBERSHIP +     +     +     +     +     +
    /// The path MTU of a connected socket, in bytes. ipv6(7).
    IPV6_MTU                IPPROTO_IPV6  INT         +     -     -     -     -     -     +
    /// The path MTU that the program assumes, in bytes. Winsock's IPPROTO_IPV6 options.
    IPV6_USER_MTU           IPPROTO_IPV6  INT         -     -     -     -     -     -     +
    /// Path MTU discovery. ipv6(7), Winsock's IPPROTO_IPV6 options.
    IPV6_MTU_DISCOVER       IPPROTO_IPV6  INT         +     -     -     -     -     -     +
    /// Whether a datagram above the MTU fails instead of being fragmented. RFC 3542 section 11.2.
    IPV6_DONTFRAG           IPPROTO_IPV6  INT         +     +     +     +     +     +     +
    /// Whether the path MTU is taken to be 1280 bytes. RFC 3542 section 11.1.
    IPV6_USE_MIN_MTU        IPPROTO_IPV6  INT         -     42    42    42    42    42    -
    /// Receives an IPV6_PATHMTU when a path MTU changes. RFC 3542 section 11.3.
    IPV6_RECVPATHMTU        IPPROTO_IPV6  INT         +     43    43    43    43    43    -
    /// Keeps ICMP errors for the socket. ipv6(7).
    IPV6_RECVERR            IPPROTO_IPV6  INT         +     -     -     -     -     -     +
    /// Whether an address that does not exist, or not yet, can be bound. ipv6(7), Linux include/uapi/linux/in6.h.
    IPV6_FREEBIND           IPPROTO_IPV6  INT         +     -     -     -     -     -     -
    /// Whether another host's address can be bound, as a transparent proxy does. Linux include/uapi/linux/in6.h.
    IPV6_TRANSPARENT        IPPROTO_IPV6  INT         +     -     -     -     -     -     -
    /// Whether any address can be bound. FreeBSD ip6(4).
    IPV6_BINDANY            IPPROTO_IPV6  INT         -     -     +     -     -     -     -
    /// Converts the socket to the given family: AF_INET for a connection over IPv4. ipv6(7).
    IPV6_ADDRFORM           IPPROTO_IPV6  FAMILY      +     -     -     -     -     -     -
    /// Which source addresses are preferred. RFC 5014.
    IPV6_ADDR_PREFERENCES   IPPROTO_IPV6  INT         +     -     -     -     -     -     -
    /// Receives the original destination of a redirected packet. Linux include/uapi/linux/in6.h, FreeBSD ip6(4).
    IPV6_RECVORIGDSTADDR    IPPROTO_IPV6  INT         +     -     +     -     -     -     -
    /// The interface that unicast packets leave by: its index, in network byte order on Linux. Winsock's IPPROTO_IPV6 options, Linux net/ipv6/ipv6_sockglue.c.
    IPV6_UNICAST_IF         IPPROTO_IPV6  INT         +     -     -     -     -     -     +
    /// From how far away traffic is accepted. Winsock's IPPROTO_IPV6 options.
    IPV6_PROTECTION_LEVEL   IPPROTO_IPV6  INT         -     -     -     -     -     -     +

    /// Receives an IP_PKTINFO with each datagram. ip(7), Winsock's IPPROTO_IP options.
    IP_PKTINFO              IPPROTO_IP    INT         +     +     -     -     +     -     +
    /// Receives an IP_PKTINFO with each datagram. NetBSD ip(4).
    IP_RECVPKTINFO          IPPROTO_IP    INT         -     -     -     -     26    -     -
    /// Receives an IP_RECVDSTADDR with each datagram. FreeBSD ip(4).
    IP_RECVDSTADDR          IPPROTO_IP    INT         -     +     +     +     +     +     +
    /// Receives the interface with each datagram. FreeBSD ip(4).
    IP_RECVIF               IPPROTO_IP    INT         -     +     +     +     +     +     +
    /// The type of service of sent packets. ip(7).
    IP_TOS                  IPPROTO_IP    INT         +     +     +     +     +     +     +
    /// Receives an IP_TOS with each datagram. ip(7).
    IP_RECVTOS              IPPROTO_IP    INT         +     +     +     -     -     -     +
    /// The time to live of unicast packets. ip(7).
    IP_TTL                  IPPROTO_IP    INT         +     +     +     +     +     +     +
    /// Receives an IP_TTL with each datagram. ip(7).
    IP_RECVTTL              IPPROTO_IP    INT         +     +     +     +     23    31    +
    /// The minimum time to live that is accepted. FreeBSD ip(4), Linux include/uapi/linux/in.h.
    IP_MINTTL               IPPROTO_IP    INT         +     -     +     +     24    32    -
    /// The interface that multicast packets leave by, given by one of its addresses. ip(7).
    IP_MULTICAST_IF         IPPROTO_IP    IN_ADDR     +     +     +     +     +     +     +
    /// The time to live of multicast packets. ip(7).
    IP_MULTICAST_TTL        IPPROTO_IP    MULTICAST   +     +     +     +     +     +     +
    /// Whether multicast packets come back to the sender's own host. ip(7); on Windows the receiver sets it.
    IP_MULTICAST_LOOP       IPPROTO_IP    MULTICAST   +     +     +     +     +     +     +
    /// Whether packets to groups that another socket of the host joined are received. ip(7).
    IP_MULTICAST_ALL        IPPROTO_IP    INT         +     -     -     -     -     -     -
    /// Joins a multicast group. ip(7).
    IP_ADD_MEMBERSHIP       IPPROTO_IP    IP_MREQ     +     +     +     +     +     +     +
    /// Leaves a multicast group. ip(7).
    IP_DROP_MEMBERSHIP      IPPROTO_IP    IP_MREQ     +     +     +     +     +     +     +
    /// The path MTU of a connected socket, in bytes. ip(7).
    IP_MTU                  IPPROTO_IP    INT         +     -     -     -     -     -     +
    /// The path MTU that the program assumes, in bytes. Winsock's IPPROTO_IP options.
    IP_USER_MTU             IPPROTO_IP    INT         -     -     -     -     -     -     +
    /// Path MTU discovery. ip(7), Winsock's IPPROTO_IP options.
    IP_MTU_DISCOVER         IPPROTO_IP    INT         +     -     -     -     -     -     +
    /// Whether the Don't Fragment bit is set. FreeBSD ip(4).
    IP_DONTFRAG             IPPROTO_IP    INT         -     +     +     -     -     -     -
    /// Whether the Don't Fragment bit is set. Winsock's IPPROTO_IP options.
    IP_DONTFRAGMENT         IPPROTO_IP    INT         -     -     -     -     -     -     +
    /// Keeps ICMP errors for the socket. ip(7).
    IP_RECVERR              IPPROTO_IP    INT         +     -     -     -     -     -     +
    /// Whether an address that does not exist, or not yet, can be bound. ip(7).
    IP_FREEBIND             IPPROTO_IP    INT         +     -     -     -     -     -     -
    /// Whether another host's address can be bound, as a transparent proxy does. ip(7).
    IP_TRANSPARENT          IPPROTO_IP    INT         +     -     -     -     -     -     -
    /// Whether any address can be bound. FreeBSD ip(4).
    IP_BINDANY              IPPROTO_IP    INT         -     -     +     -     27    -     -
    /// Whether bind to port 0 leaves it to connect to choose the port. ip(7).
    IP_BIND_ADDRESS_NO_PORT IPPROTO_IP    INT         +     -     -     -     -     -     -
    /// Receives the original destination of a redirected packet. ip(7).
    IP_RECVORIGDSTADDR      IPPROTO_IP    INT         +     -     +     -     -     -     -
    /// The interface that unicast packets leave by: its index in network byte order. Winsock's IPPROTO_IP options, Linux net/ipv4/ip_sockglue.c.
    IP_UNICAST_IF           IPPROTO_IP    INT         +     -     -     -     -     -     +

    /// Whether an address in use can be bound, within the system's rules. socket(7).
    SO_REUSEADDR            SOL_SOCKET    INT         +     +     +     +     +     +     +
    /// Whether several sockets that all set it can bind the same address. socket(7).
    SO_REUSEPORT            SOL_SOCKET    INT         +     +     +     +     +     +     -
    /// SO_REUSEPORT with the load balanced over the sockets. FreeBSD setsockopt(2).
    SO_REUSEPORT_LB         SOL_SOCKET    INT         -     -     +     -     -     -     -
    /// Whether no other socket can bind the address. Winsock's SOL_SOCKET options.
    SO_EXCLUSIVEADDRUSE     SOL_SOCKET    INT         -     -     -     -     -     -     +
    /// Whether connect can choose a port that is in use. Winsock's SOL_SOCKET options.
    SO_REUSE_UNICASTPORT    SOL_SOCKET    INT         -     -     -     -     -     -     +
    /// Whether any address can be bound. OpenBSD setsockopt(2).
    SO_BINDANY              SOL_SOCKET    INT         -     -     -     -     -     +     -
    /// The pending error; reading clears it. socket(7).
    SO_ERROR                SOL_SOCKET    ERROR       +     +     +     +     +     +     +
    /// The socket's type. socket(7).
    SO_TYPE                 SOL_SOCKET    SOCKET_TYPE +     +     +     +     +     +     +
    /// The socket's address family. socket(7).
    SO_DOMAIN               SOL_SOCKET    FAMILY      +     -     +     -     -     +     -
    /// The socket's protocol. socket(7).
    SO_PROTOCOL             SOL_SOCKET    INT         +     -     +     -     -     +     -
    /// Whether the socket is listening. socket(7).
    SO_ACCEPTCONN           SOL_SOCKET    INT         +     +     +     +     +     +     +
    /// Whether and for how many seconds close waits for unsent data; 0 seconds resets the connection. socket(7); on macOS it is SO_LINGER_SEC, since SO_LINGER counts in ticks there (xnu bsd/sys/socket.h).
    SO_LINGER               SOL_SOCKET    LINGER      +     SO_LINGER_SEC +     +     +     +     +
    /// The size of the receive buffer, in bytes. socket(7).
    SO_RCVBUF               SOL_SOCKET    INT         +     +     +     +     +     +     +
    /// The size of the send buffer, in bytes. socket(7).
    SO_SNDBUF               SOL_SOCKET    INT         +     +     +     +     +     +     +
    /// The minimum number of bytes that a receive waits for. socket(7).
    SO_RCVLOWAT             SOL_SOCKET    INT         +     +     +     +     +     +     +
    /// Whether datagrams may go to a broadcast address. socket(7).
    SO_BROADCAST            SOL_SOCKET    INT         +     +     +     +     +     +     +
    /// Whether idle connections are probed. socket(7).
    SO_KEEPALIVE            SOL_SOCKET    INT         +     +     +     +     +     +     +
    /// Whether urgent data stays in the stream. socket(7).
    SO_OOBINLINE            SOL_SOCKET    INT         +     +     +     +     +     +     +
    /// Whether packets go only to hosts on a directly connected network. socket(7).
    SO_DONTROUTE            SOL_SOCKET    INT         +     +     +     +     +     +     +
    /// The queue that packets go into. socket(7).
    SO_PRIORITY             SOL_SOCKET    INT         +     -     -     -     -     -     -
    /// The mark of packets, which routing rules can use. socket(7).
    SO_MARK                 SOL_SOCKET    INT         +     -     -     -     -     -     -
    /// The CPU that receives the packets. socket(7).
    SO_INCOMING_CPU         SOL_SOCKET    INT         +     -     -     -     -     -     -

    /// Whether small segments go out at once. tcp(7).
    TCP_NODELAY             IPPROTO_TCP   INT         +     +     +     +     +     +     +
    /// The maximum segment size, in bytes. tcp(7).
    TCP_MAXSEG              IPPROTO_TCP   INT         +     +     +     +     +     +     +
    /// Seconds between two probes of an idle connection. tcp(7).
    TCP_KEEPINTVL           IPPROTO_TCP   INT         +     +     +     +     +     -     +
    /// Probes of an idle connection that may go unanswered. tcp(7).
    TCP_KEEPCNT             IPPROTO_TCP   INT         +     +     +     +     +     -     +
    /// Seconds until an idle connection is probed. tcp(7).
    TCP_KEEPIDLE            IPPROTO_TCP   INT         +     -     +     +     +     -     +
    /// Data in the first segment, RFC 7413: for a listener how many such connections may wait. tcp(7).
    TCP_FASTOPEN            IPPROTO_TCP   INT         +     +     +     -     -     -     +
    /// Seconds for which accept waits for data. tcp(7).
    TCP_DEFER_ACCEPT        IPPROTO_TCP   INT         +     -     -     -     -     -     -
    /// How often a connection attempt is repeated. tcp(7).
    TCP_SYNCNT              IPPROTO_TCP   INT         +     -     -     -     -     -     -
    /// Milliseconds that sent data may go unacknowledged. tcp(7).
    TCP_USER_TIMEOUT        IPPROTO_TCP   INT         +     -     -     -     -     -     -
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn place(name: &str) -> Option<(i32, i32)> {
        let option = SocketOption::by_name(name).unwrap();
        option.number.map(|number| (option.level.number(), number))
    }

    #[cfg(target_os = "linux")]
    #[rstest]
    #[case("IPV6_V6ONLY", Some((41, 26)))]
    #[case("IPV6_RECVPKTINFO", Some((41, 49)))]
    #[case("IP_PKTINFO", Some((0, 8)))]
    #[case("IPV6_ADDRFORM", Some((41, 1)))]
    #[case("IPV6_TRANSPARENT", Some((41, 75)))]
    #[case("IPV6_JOIN_GROUP", Some((41, 20)))]
    #[case("IP_BIND_ADDRESS_NO_PORT", Some((0, 24)))]
    #[case("SO_REUSEPORT", Some((1, 15)))]
    #[case("TCP_NODELAY", Some((6, 1)))]
    #[case::windows_only("SO_EXCLUSIVEADDRUSE", None)]
    #[case::bsd_only("IP_RECVDSTADDR", None)]
    fn numbers_of_linux(#[case] name: &str, #[case] expected: Option<(i32, i32)>) {
        assert_eq!(place(name), expected);
    }

    #[cfg(target_vendor = "apple")]
    #[rstest]
    #[case::rfc_3542("IPV6_RECVPKTINFO", 61)]
    #[case::rfc_3542("IPV6_RECVHOPLIMIT", 37)]
    #[case("IPV6_RECVTCLASS", 35)]
    #[case("IP_DONTFRAG", 28)]
    fn numbers_of_apple(#[case] name: &str, #[case] number: i32) {
        assert_eq!(place(name).unwrap().1, number);
    }

    #[cfg(windows)]
    #[rstest]
    #[case("IPV6_RECVPKTINFO", Some((41, 19)))]
    #[case("IPV6_V6ONLY", Some((41, 27)))]
    #[case("SO_EXCLUSIVEADDRUSE", Some((0xffff, !4)))]
    #[case("SO_REUSEPORT", None)]
    fn numbers_of_windows(#[case] name: &str, #[case] expected: Option<(i32, i32)>) {
        assert_eq!(place(name), expected);
    }

    #[rstest]
    #[case("IPV6_V6ONLY", "all")]
    #[case("IPV6_FREEBIND", "Linux")]
    #[case("IPV6_RECVHOPLIMIT", "all")]
    #[case("IP_RECVPKTINFO", "NetBSD")]
    fn systems_follow_from_the_columns(#[case] name: &str, #[case] systems: &str) {
        let option = SocketOption::by_name(name).unwrap();
        assert_eq!(option.systems.to_string(), systems);
    }

    #[test]
    fn unknown_names_are_not_found() {
        for name in ["", "IPV6_V6ONLY ", "ipv6_v6only", "IPV6_NONSENSE"] {
            assert_eq!(SocketOption::by_name(name), None);
        }
    }

    #[test]
    fn no_name_and_no_number_stands_twice() {
        let mut names: Vec<_> = SocketOption::names().collect();
        let mut places: Vec<_> = SocketOption::names().filter_map(place).collect();
        let (all_names, all_places) = (names.len(), places.len());
        names.sort_unstable();
        names.dedup();
        places.sort_unstable();
        places.dedup();
        assert_eq!((names.len(), places.len()), (all_names, all_places));
    }

    #[test]
    fn every_option_says_where_it_is_documented() {
        for option in SocketOption::ALL {
            let doc = option.doc.trim();
            let sourced = ["(7)", "(4)", "(2)", "RFC ", "Winsock's", ".h", ".c"];
            assert!(
                sourced.iter().any(|source| doc.contains(source)),
                "{option}: {doc}"
            );
        }
    }
}

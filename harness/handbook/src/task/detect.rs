//! Detect what is there.

use super::{EVERY, LINUX, bug, cell};
use crate::code::code;
use crate::{Rule, Task};

pub(crate) const TASK: Task = Task {
    id: "detect",
    name: "Detect what is there",
    about: "A protocol can be missing in two ways: there are no sockets of it, or there are sockets and no address. Most programs need not ask: they try, and use what works. Ask where the answer is shown to a user, or decides what to offer.",
    rules: &[FAMILIES, NOT_BY_OPTION],
};

const FAMILIES: Rule = Rule {
    id: "is-it-there",
    rule: "To learn whether a protocol is there, make a socket of its family and bind the loopback address.",
    why: "EAFNOSUPPORT from `socket` says that there are no such sockets, EADDRNOTAVAIL from `bind` that there is no address. A bind to `::` or `0.0.0.0` succeeds without any address. Neither tells whether a host far away can be reached: only `connect` does.",
    cells: &[
        cell(
            "ipv4-disabled/af-inet-socket-without-ipv4/type=tcp4",
            "Linux, gVisor",
            "EAFNOSUPPORT",
        ),
        cell(
            "ipv4-disabled/af-inet-socket-without-an-ipv4-address/type=tcp4",
            LINUX,
            "ok",
        ),
        cell(
            "ipv4-disabled/ipv4-sockets-without-an-ipv4-address",
            LINUX,
            "bind 0.0.0.0 ok, bind 127.0.0.1 EADDRNOTAVAIL, sendto ENETUNREACH",
        ),
        cell(
            "ipv6-disabled/socket-without-ipv6/type=udp6",
            "Linux, gVisor",
            "EAFNOSUPPORT",
        ),
        cell("ipv6-disabled/bind-with-ipv6-off/::,type=udp6", LINUX, "ok"),
        cell(
            "ipv6-disabled/bind-with-ipv6-off/::1,type=udp6",
            LINUX,
            "EADDRNOTAVAIL",
        ),
    ],
    bugs: &[
        bug(
            "netty/netty#7022",
            "`socket` and a bind to `::` succeed where IPv6 is off",
        ),
        bug(
            "neutrinolabs/xrdp#714",
            "IPv6 is missing in two ways, and only one was tried",
        ),
    ],
    code: code!("families": Rust, C, Python),
};

const NOT_BY_OPTION: Rule = Rule {
    id: "not-by-option",
    rule: "Do not conclude from an option what is there, or what a peer is.",
    why: "IP_PKTINFO can be set where `AF_INET` sockets are refused, and an accepted connection reads IPV6_V6ONLY = 0 whichever protocol it has: look at the peer's address. Keep the dual-stack socket in any case; it serves IPv6 without IPv4, and IPv4 without IPv6.",
    cells: &[
        cell(
            "ipv4-disabled/ip-pktinfo-without-ipv4",
            "Linux, gVisor",
            "ok",
        ),
        cell(
            "ipv4-disabled/detection-without-ipv4",
            "Linux, gVisor",
            "IP_PKTINFO is set; serves IPv6 with IPV6_PKTINFO ::1",
        ),
        cell("v6only-option/accepted-socket/IPv4 client", EVERY, "0"),
        cell("v6only-option/accepted-socket/IPv6 client", EVERY, "0"),
        cell(
            "ipv4-disabled/dual-tcp-without-ipv4/to ::1",
            "Linux, gVisor",
            "ok, ::1",
        ),
    ],
    bugs: &[bug(
        "zeromq/libzmq#42",
        "AI_ADDRCONFIG finds no address on a machine that has loopback alone",
    )],
    code: &[],
};

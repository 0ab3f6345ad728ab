//! Connect.

use super::{EVERY, LINUX, bug, cell};
use crate::code::code;
use crate::{Rule, Task};

pub(crate) const TASK: Task = Task {
    id: "connect",
    name: "Connect",
    about: "A name has several addresses, and not all of them answer. Try them in the order of the resolver (RFC 6724 section 6), one socket each. Where a connection must be there at once, start the next attempt while the first still waits: RFC 8305, Happy Eyeballs, alternates between the protocols, starts an attempt every 250 ms, takes the first that succeeds and closes the others. Use a library for that; the rules below hold for each attempt.",
    rules: &[TRY_ALL, MAP, NEW_SOCKET],
};

const TRY_ALL: Rule = Rule {
    id: "try-all",
    rule: "Try every address of a name, each with a new socket of its own family and with a deadline.",
    why: "IPv6 may be there and lead nowhere, or a server may listen on one protocol alone: `127.0.0.1` and `::1` are two places, which two programs can hold. Whatever `socket` or `connect` answers, the next address may work.",
    cells: &[
        cell(
            "listener-conflicts/ipv6-then-ipv4-tcp/[::1], then 127.0.0.1",
            EVERY,
            "ok",
        ),
        cell(
            "ipv6-disabled/destination-with-ipv6-off",
            LINUX,
            "tcp connect EADDRNOTAVAIL, udp connect EADDRNOTAVAIL, sendto EADDRNOTAVAIL",
        ),
        cell(
            "ipv4-disabled/ipv4-sockets-without-an-ipv4-address",
            LINUX,
            "bind 0.0.0.0 ok, bind 127.0.0.1 EADDRNOTAVAIL, sendto ENETUNREACH",
        ),
        cell(
            "two-hosts/source-of-a-connected-socket/off the link, IPv6",
            LINUX,
            "ENETUNREACH",
        ),
        cell("two-hosts/refused-connection/IPv6", LINUX, "ECONNREFUSED"),
    ],
    bugs: &[
        bug(
            "rofl0r/microsocks#72",
            "only the first address is tried, an IPv6 one that is unreachable",
        ),
        bug(
            "EpicGames/lore#79",
            "each address waits for the whole timeout of the one before",
        ),
        bug(
            "oven-sh/bun#36710",
            "two servers on localhost, one on `127.0.0.1` and one on `::1`",
        ),
    ],
    code: code!("connect_any": Rust, C, Python),
};

const MAP: Rule = Rule {
    id: "map-destinations",
    rule: "Give an `AF_INET6` socket `AF_INET6` addresses: map an IPv4 destination first.",
    why: "Whether a dual-stack socket takes a `sockaddr_in` depends on the system, the call and the protocol. It takes a mapped address wherever IPV6_V6ONLY is 0. On an IPv6-only socket the error looks like a fault of the network.",
    cells: &[
        cell(
            "mapped-peer/connect-forms-tcp/dual-stack, mapped",
            EVERY,
            "ok",
        ),
        cell(
            "mapped-peer/connect-forms-tcp/dual-stack, sockaddr_in",
            "Linux, Wine",
            "EINVAL",
        ),
        cell(
            "mapped-peer/connect-forms-tcp/dual-stack, sockaddr_in",
            "gVisor",
            "ok",
        ),
        cell(
            "mapped-peer/connect-forms-udp/dual-stack, sockaddr_in",
            EVERY,
            "ok, peer ::ffff:127.0.0.1",
        ),
        cell(
            "mapped-peer/sendto-forms/dual-stack, mapped",
            EVERY,
            "delivered from 127.0.0.1",
        ),
        cell(
            "mapped-peer/connect-forms-tcp/IPv6-only, mapped",
            "Linux, Wine",
            "ENETUNREACH",
        ),
        cell(
            "mapped-peer/connect-forms-tcp/IPv6-only, mapped",
            "gVisor",
            "EHOSTUNREACH",
        ),
    ],
    bugs: &[
        bug("envoyproxy/envoy#46506", "works on Linux, fails on macOS"),
        bug("libuv/libuv#4433", "works on Linux, fails on Windows"),
        bug(
            "meetecho/janus-gateway#2051",
            "works on Linux, fails on macOS",
        ),
        bug("mullvad/gotatun#193", "works on Linux, fails on FreeBSD"),
        bug(
            "warmcat/libwebsockets#2223",
            "a mapped address on a socket that is IPv6-only by default",
        ),
    ],
    code: code!("map_destinations": Rust, C, Python),
};

const NEW_SOCKET: Rule = Rule {
    id: "new-socket",
    rule: "After a `connect` or `sendto` that failed, make a new socket.",
    why: "The failed call may have bound the socket: then IPV6_V6ONLY can no longer be set. A socket that is bound or connected to an address of one protocol does not reach the other, with another error on each system.",
    cells: &[
        cell(
            "v6only-option/set-after-use/after a refused mapped sendto",
            EVERY,
            "EINVAL, reads 1",
        ),
        cell(
            "ipv6-only-misuse/bound-then-connect/tcp, ::1 to mapped",
            EVERY,
            "ENETUNREACH",
        ),
        cell(
            "ipv6-only-misuse/bound-then-connect/tcp, mapped to ::1",
            LINUX,
            "EAFNOSUPPORT",
        ),
        cell(
            "ipv6-only-misuse/bound-then-connect/tcp, mapped to ::1",
            "gVisor",
            "EINVAL",
        ),
        cell(
            "ipv6-only-misuse/bound-then-connect/tcp, mapped to ::1",
            "Wine",
            "EOPNOTSUPP",
        ),
        cell(
            "ipv6-only-misuse/reconnect/mapped, then ::1",
            LINUX,
            "EAFNOSUPPORT, local ::ffff:127.0.0.1, peer ::ffff:127.0.0.1",
        ),
        cell(
            "ipv6-only-misuse/reconnect/mapped, then ::1",
            "gVisor",
            "EINVAL, local ::ffff:127.0.0.1, peer ::ffff:127.0.0.1",
        ),
    ],
    bugs: &[],
    code: &[],
};

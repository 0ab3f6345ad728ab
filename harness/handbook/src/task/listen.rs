//! Listen.

use super::{EVERY, LINUX, bug, cell};
use crate::code::code;
use crate::{Rule, Task};

pub(crate) const TASK: Task = Task {
    id: "listen",
    name: "Listen",
    about: "A server wants clients of both protocols. One socket can serve both, or two can share a port. What a new socket does by itself depends on the system and its administrator.",
    rules: &[DUAL, TWO, FALL_BACK, SERVES_IPV4],
};

const DUAL: Rule = Rule {
    id: "dual-stack-listener",
    rule: "Set IPV6_V6ONLY on every `AF_INET6` socket, to 0 or to 1, before `bind`.",
    why: "The default differs from system to system, on Linux an administrator can change it, and after `bind` the option can no longer be set. With 0, one socket on `::` serves both protocols; OpenBSD refuses 0 (sys/netinet6/ip6_output.c, ip6_ctloutput()), so be ready to listen on two sockets.",
    cells: &[
        cell("v6only-option/default/type=tcp6", "Linux, gVisor", "0"),
        cell("v6only-option/default/type=tcp6", "Wine", "1"),
        cell(
            "v6only-option/reach-of-a-default-listener/IPv4 client",
            "Linux, gVisor",
            "::ffff:127.0.0.1",
        ),
        cell(
            "v6only-option/reach-of-a-default-listener/IPv4 client",
            "Wine",
            "ECONNREFUSED",
        ),
        cell(
            "v6only-option/default-with-bindv6only/type=tcp6",
            LINUX,
            "1",
        ),
        cell(
            "v6only-option/override-bindv6only",
            LINUX,
            "::ffff:127.0.0.1",
        ),
        cell(
            "v6only-option/set-after-bind/[::], to 0,type=tcp6",
            EVERY,
            "EINVAL, reads 1",
        ),
        cell(
            "v6only-option/on-an-ipv4-socket/tcp",
            "Linux, gVisor",
            "set ENOPROTOOPT, get EOPNOTSUPP",
        ),
        cell(
            "v6only-option/on-an-ipv4-socket/tcp",
            "Wine",
            "set ok, get EOPNOTSUPP",
        ),
    ],
    bugs: &[
        bug(
            "slawlor/ractor#376",
            "no IPv4 clients on Windows since the default address is `::`",
        ),
        bug(
            "librespeed/speedtest-rust#3",
            "a server on `::` that IPv4 clients do not reach",
        ),
        bug(
            "zaphoyd/websocketpp#587",
            "IPv4 clients are lost where the default is 1",
        ),
        bug(
            "microsoft/msquic#2704",
            "IPv4 clients are lost where the default is 1",
        ),
        bug("capnproto/capnproto#220", "OpenBSD refuses 0"),
        bug(
            "stalwartlabs/stalwart#439",
            "on Windows the server listened on IPv6 alone",
        ),
    ],
    code: code!("dual_stack_listener": Rust, C, Python),
};

const TWO: Rule = Rule {
    id: "two-listeners",
    rule: "Where two sockets share a port, give the IPv6 one IPV6_V6ONLY = 1, and bind both before you serve either.",
    why: "Two sockets work on OpenBSD too, which has no dual-stack ones. A dual-stack socket and an IPv4 socket on one port fail to bind, or silently take each other's clients; that depends on the system and on which was first. With SO_REUSEADDR the error may come only from `listen`.",
    cells: &[
        cell(
            "listener-conflicts/two-sockets-tcp",
            EVERY,
            "IPv4 socket: 127.0.0.1, IPv6 socket: ::1",
        ),
        cell(
            "listener-conflicts/two-sockets-udp",
            EVERY,
            "IPv4 socket: 127.0.0.1, IPv6 socket: ::1",
        ),
        cell(
            "listener-conflicts/ipv6-then-ipv4-tcp/[::], then 0.0.0.0",
            "Linux, gVisor",
            "EADDRINUSE",
        ),
        cell(
            "listener-conflicts/ipv6-then-ipv4-tcp/[::], then 0.0.0.0",
            "Wine",
            "ok",
        ),
        cell(
            "listener-conflicts/ipv6-then-ipv4-udp/[::], then 0.0.0.0",
            EVERY,
            "EADDRINUSE",
        ),
        cell(
            "listener-conflicts/reuseaddr-tcp/[::], then 0.0.0.0",
            "Linux, gVisor",
            "ok before listen, EADDRINUSE after",
        ),
        cell(
            "listener-conflicts/reuseaddr-tcp/[::], then 0.0.0.0",
            "Wine",
            "ok before listen, EACCES after",
        ),
        cell(
            "listener-conflicts/who-accepts-with-reuseport/127.0.0.1",
            "Linux, gVisor",
            "the IPv4 listener",
        ),
    ],
    bugs: &[
        bug(
            "caddyserver/caddy#5692",
            "told to listen on `0.0.0.0` and on `::`, it bound the UDP port twice and stopped",
        ),
        bug("openpmix/prrte#2784", "the two binds conflict on Linux"),
        bug(
            "envoyproxy/envoy#19981",
            "both listeners opened, and the IPv4 one took every IPv4 client",
        ),
    ],
    code: code!("two_listeners": Rust),
};

const FALL_BACK: Rule = Rule {
    id: "fall-back",
    rule: "Try one dual-stack socket, and fall back to `AF_INET` where the system has no IPv6.",
    why: "Without IPv6 the call that fails is `socket` in one configuration; in another `socket` and a bind to `::` succeed and only a bind to `::1` fails. Containers are often like this. Do not fall back when the port is in use or forbidden: that error is the user's.",
    cells: &[
        cell(
            "ipv6-disabled/socket-without-ipv6/type=tcp6",
            "Linux, gVisor",
            "EAFNOSUPPORT",
        ),
        cell(
            "ipv6-disabled/fallback-to-ipv4",
            "Linux, gVisor",
            "127.0.0.1, unmapped 127.0.0.1",
        ),
        cell("ipv6-disabled/bind-with-ipv6-off/::,type=tcp6", LINUX, "ok"),
        cell(
            "ipv6-disabled/bind-with-ipv6-off/::1,type=tcp6",
            LINUX,
            "EADDRNOTAVAIL",
        ),
        cell(
            "ipv6-disabled/dual-tcp-with-ipv6-off",
            LINUX,
            "::ffff:127.0.0.1",
        ),
    ],
    bugs: &[
        bug(
            "python-trio/trio#853",
            "a service that does not start without IPv6",
        ),
        bug(
            "lklynet/aurral#686",
            "a service that does not start without IPv6",
        ),
        bug(
            "NixOS/nixpkgs#21308",
            "a service that does not start without IPv6",
        ),
    ],
    code: code!("fall_back": Rust),
};

const SERVES_IPV4: Rule = Rule {
    id: "serves-ipv4",
    rule: "Ask the socket, not your configuration, before you report that IPv4 is served.",
    why: "An IPv6-only socket refuses IPv4 connections like a closed port and never sees an IPv4 datagram: the server gets no error. A socket on `::1` serves IPv6 alone, and not every system says so by the option.",
    cells: &[
        cell(
            "ipv6-only-misuse/listener-and-ipv4-clients/IPv4 client",
            EVERY,
            "ECONNREFUSED",
        ),
        cell(
            "ipv6-only-misuse/receiver-and-ipv4-senders",
            EVERY,
            "not delivered",
        ),
        cell(
            "v6only-option/reach-of-a-default-receiver",
            "Linux, gVisor",
            "delivered from ::ffff:127.0.0.1",
        ),
        cell(
            "v6only-option/reach-of-a-default-receiver",
            "Wine",
            "not delivered",
        ),
        cell("v6only-option/after-bind/::1,type=tcp6", "Linux, Wine", "1"),
        cell("v6only-option/after-bind/::1,type=tcp6", "gVisor", "0"),
        cell(
            "mapped-peer/listener-on-a-mapped-address/::1, IPv4 client",
            EVERY,
            "ECONNREFUSED",
        ),
        cell(
            "mapped-peer/listener-on-a-mapped-address/::ffff:0.0.0.0, IPv6 client",
            EVERY,
            "ECONNREFUSED",
        ),
    ],
    bugs: &[bug(
        "brazilofmux/tinymux#739",
        "the system refused 0, and nobody looked: the server was IPv6-only",
    )],
    code: code!("serves_ipv4": Rust),
};

//! Compare and log addresses, and look them up.

use super::{EVERY, LINUX, bug, cell};
use crate::code::code;
use crate::{Rule, Task};

pub(crate) const TASK: Task = Task {
    id: "addresses",
    name: "Compare, log and look up addresses",
    about: "On a dual-stack socket an IPv4 host has a second address, `::ffff:a.b.c.d`. It is another value, so a list, a counter or a cache that holds the first does not find the second; and nothing warns of it.",
    rules: &[UNMAP, LISTS, SCOPE, ROOM],
};

const UNMAP: Rule = Rule {
    id: "unmap",
    rule: "Unmap an address where you get it from the system, before it is compared, logged or stored.",
    why: "`127.0.0.1` and `::ffff:127.0.0.1` are the same host but two values. `accept`, `recvfrom`, `getpeername` and `getsockname` all return the mapped form.",
    cells: &[
        cell("mapped-peer/accept/IPv4 client", EVERY, "::ffff:127.0.0.1"),
        cell(
            "mapped-peer/recvfrom/IPv4 sender",
            EVERY,
            "::ffff:127.0.0.1",
        ),
        cell(
            "mapped-peer/names-of-an-accepted-socket/IPv4 client",
            EVERY,
            "local ::ffff:127.0.0.1, peer ::ffff:127.0.0.1",
        ),
        cell(
            "mapped-peer/one-client-two-sockets",
            EVERY,
            "127.0.0.1 and ::ffff:127.0.0.1, unmapped 127.0.0.1",
        ),
        cell(
            "two-hosts/accepted-peer/IPv4 client",
            LINUX,
            "::ffff:198.51.100.2",
        ),
    ],
    bugs: &[
        bug(
            "saorsa-labs/ant-quic#144",
            "one host under two addresses: paths were not recognized",
        ),
        bug(
            "pendulum-project/ntpd-rs#2131",
            "a list of IPv4 addresses matches no mapped peer",
        ),
        bug(
            "ibigbug/clash-rs#1312",
            "a mapped destination chose the family, and every datagram was dropped",
        ),
    ],
    code: code!("unmap": Rust, C, Python),
};

const LISTS: Rule = Rule {
    id: "allow-list",
    rule: "Look up the unmapped address in lists, and unmap what users write too.",
    why: "An IPv4 network contains no mapped address, so an allow list shuts out its own hosts and a block list lets everybody through. A mapped destination connects to the IPv4 host inside it, also where IPv4 sockets are forbidden.",
    cells: &[
        cell(
            "mapped-peer/address-format",
            EVERY,
            "AF_INET6 ::ffff:127.0.0.1",
        ),
        cell(
            "mapped-peer/connect-forms-tcp/dual-stack, mapped",
            EVERY,
            "ok",
        ),
        cell(
            "ipv4-disabled/dual-tcp-without-ipv4/to mapped",
            "Linux, gVisor",
            "ok, ::ffff:127.0.0.1",
        ),
    ],
    bugs: &[
        bug(
            "brazilofmux/tinymux#800",
            "a list of IPv4 addresses matches no mapped peer",
        ),
        bug(
            "cilium/tetragon#4618",
            "a filter of IPv4 addresses matches no mapped peer",
        ),
        bug(
            "firezone/firezone#15013",
            "a list of trusted proxies matches no mapped peer",
        ),
        bug(
            "everruns/bashkit#1569",
            "a block list of private addresses lets `::ffff:127.0.0.1` through",
        ),
        bug(
            "InterCooperative-Network/icn#2564",
            "a block list of private addresses lets mapped ones through",
        ),
    ],
    code: code!("allow_list": Rust, Python),
};

const SCOPE: Rule = Rule {
    id: "scope",
    rule: "Keep the scope of a link-local address: compare it, log it, give it back.",
    why: "`fe80::1` exists on every link; only with its scope, `fe80::1%eth0`, does it name a host. Without it `bind` and `connect` fail, unless the system can guess.",
    cells: &[
        cell(
            "two-hosts/accepted-peer/link-local client",
            LINUX,
            "fe80::5:2%link",
        ),
        cell(
            "two-hosts/link-local-without-scope/TCP, no scope",
            LINUX,
            "bind EINVAL, connect EINVAL",
        ),
        cell(
            "two-hosts/link-local-without-scope/TCP, the link",
            LINUX,
            "bind ok, connect ok",
        ),
        cell(
            "two-hosts/sendto-link-local/no scope",
            LINUX,
            "delivered from fe80::5:2%link",
        ),
    ],
    bugs: &[
        bug(
            "avahi/avahi#110",
            "an address without its scope, which nobody can connect to",
        ),
        bug("python-zeroconf/python-zeroconf#314", "the same"),
        bug(
            "zeroc-ice/ice#5679",
            "two addresses that differ in their scope were equal",
        ),
    ],
    code: &[],
};

const ROOM: Rule = Rule {
    id: "sockaddr-room",
    rule: "Give every call that returns an address a `sockaddr_storage`, and look at the length.",
    why: "A buffer of the size of a `sockaddr_in` gets the first bytes of a `sockaddr_in6` without an error: the end of the address is missing, and the answer goes to some other host.",
    cells: &[
        cell(
            "mapped-peer/short-buffer-for-the-sender/IPv4 sender",
            "Linux, gVisor",
            "cut off after 16 bytes",
        ),
        cell(
            "mapped-peer/short-buffer-for-the-sender/IPv4 sender",
            "Wine",
            "AF_UNSPEC of -1 bytes",
        ),
    ],
    bugs: &[bug(
        "ferrous-networking/ferrous-dns#202",
        "28 bytes in a buffer of 16: answers went astray",
    )],
    code: code!("any_peer": C),
};

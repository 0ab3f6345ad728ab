//! Choose a source.

use super::{EVERY, LINUX, bug, cell};
use crate::code::code;
use crate::{Rule, Task};

pub(crate) const TASK: Task = Task {
    id: "source",
    name: "Choose a source",
    about: "A host has several addresses, and a socket on `::` shows none of them. The system chooses one for each destination (RFC 6724 section 5); a program can ask for it, or choose another.",
    rules: &[LEARN, CHOOSE],
};

const LEARN: Rule = Rule {
    id: "learn-source",
    rule: "Connect a UDP socket to a destination to learn the source that the system chooses.",
    why: "Nothing is sent, and `getsockname` tells the address. On a dual-stack socket an IPv4 source comes mapped. The error tells that there is no route.",
    cells: &[
        cell(
            "two-hosts/source-of-a-connected-socket/IPv6",
            LINUX,
            "2001:db8::2",
        ),
        cell(
            "two-hosts/source-of-a-connected-socket/mapped",
            LINUX,
            "::ffff:198.51.100.2",
        ),
        cell(
            "two-hosts/source-of-a-connected-socket/link-local",
            LINUX,
            "fe80::5:2%link",
        ),
        cell(
            "two-hosts/source-of-a-connected-socket/off the link, IPv4",
            LINUX,
            "ENETUNREACH",
        ),
        cell(
            "mapped-peer/names-of-a-connected-udp-socket/bound to ::",
            EVERY,
            "local ::ffff:127.0.0.1, peer ::ffff:127.0.0.1",
        ),
    ],
    bugs: &[],
    code: code!("source_for": Rust, C, Python),
};

const CHOOSE: Rule = Rule {
    id: "choose-source",
    rule: "Bind to choose a source for a socket, and only to an address of the destination's protocol.",
    why: "A socket that is bound to an IPv6 address reaches no IPv4 host, and one on a mapped address no IPv6 host; bound to `::` it reaches both. For one datagram, use packet information. Linux refuses an address that the host does not have; gVisor and Wine send from another one.",
    cells: &[
        cell(
            "ipv6-only-misuse/bound-then-sendto/:: to mapped",
            EVERY,
            "delivered from 127.0.0.1",
        ),
        cell(
            "ipv6-only-misuse/bound-then-sendto/::1 to mapped",
            EVERY,
            "ENETUNREACH",
        ),
        cell(
            "mapped-peer/bind-forms/tcp, dual-stack, sockaddr_in",
            EVERY,
            "EINVAL",
        ),
        cell(
            "mapped-peer/bind-forms/tcp, dual-stack, mapped",
            EVERY,
            "ok, ::ffff:127.0.0.1",
        ),
        cell(
            "two-hosts/source-by-ip-pktinfo/the other address",
            LINUX,
            "delivered from 198.51.100.11",
        ),
        cell(
            "packet-information/source-not-owned-ipv4",
            LINUX,
            "ENETUNREACH",
        ),
        cell(
            "packet-information/source-not-owned-ipv4",
            "gVisor, Wine",
            "delivered from 127.0.0.1",
        ),
    ],
    bugs: &[
        bug(
            "razvandimescu/numa#246",
            "a service that is bound to one IPv6 address, tested on a mapped one",
        ),
        bug(
            "LizardByte/Sunshine#5443",
            "on Windows the send fails with 10022 when the source cannot be used",
        ),
    ],
    code: code!("connect_from": Rust),
};

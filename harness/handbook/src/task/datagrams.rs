//! Receive and reply on UDP.

use super::{EVERY, LINUX, bug, cell};
use crate::code::code;
use crate::{Rule, Task};

pub(crate) const TASK: Task = Task {
    id: "datagrams",
    name: "Receive and reply on UDP",
    about: "A UDP server on `::` does not see which of its addresses a client has asked, and its answer leaves from the one that the system prefers. Packet information tells the first and sets the second; each protocol has its own kind.",
    rules: &[PKTINFO, REPLY, ROOM],
};

const PKTINFO: Rule = Rule {
    id: "pktinfo",
    rule: "Enable IP_PKTINFO as well as IPV6_RECVPKTINFO, read every message, and unmap the address.",
    why: "An IPv4 datagram on a dual-stack socket comes with an `in6_pktinfo` that holds a mapped address, with an `in_pktinfo`, with both, or with neither. The BSDs have IP_RECVDSTADDR in place of IP_PKTINFO. The same holds for other messages: IPV6_RECVHOPLIMIT says nothing about IPv4.",
    cells: &[
        cell(
            "packet-information/receive-with-both-options/IPv4 datagram",
            "Linux, Wine",
            "IPV6_PKTINFO ::ffff:127.0.0.1 + IP_PKTINFO 127.0.0.1",
        ),
        cell(
            "packet-information/receive-with-both-options/IPv4 datagram",
            "gVisor",
            "IP_PKTINFO 127.0.0.1",
        ),
        cell(
            "packet-information/receive-with-the-ipv6-option/IPv4 datagram",
            "Linux, Wine",
            "IPV6_PKTINFO ::ffff:127.0.0.1",
        ),
        cell(
            "packet-information/receive-with-the-ipv6-option/IPv4 datagram",
            "gVisor",
            "none",
        ),
        cell(
            "packet-information/receive-with-the-ipv4-option/IPv6 datagram",
            EVERY,
            "none",
        ),
        cell("packet-information/hoplimit-option-and-ipv4", EVERY, "none"),
    ],
    bugs: &[
        bug(
            "chrysn/aiocoap#209",
            "no packet information with IPv4 datagrams",
        ),
        bug(
            "dotnet/corefx#4004",
            "no packet information with IPv4 datagrams",
        ),
        bug(
            "microsoft/msquic#515",
            "no packet information with IPv4 datagrams",
        ),
        bug(
            "google/gvisor#7144",
            "an IPv4 datagram brings only the IPv4 message",
        ),
    ],
    code: code!("pktinfo": Rust, C, Python),
};

const REPLY: Rule = Rule {
    id: "reply",
    rule: "Answer from the address that was asked, with one message, the one of the destination's protocol.",
    why: "With two addresses in a subnet the answer leaves from the preferred one, and clients drop it. Linux reads every message that it gets and refuses one of the other protocol. gVisor and Wine take the message and send from the address they prefer; there, bind one socket for each address.",
    cells: &[
        cell(
            "two-hosts/source-of-a-reply/IPv4, the other address",
            LINUX,
            "198.51.100.1",
        ),
        cell(
            "two-hosts/source-of-a-reply/IPv6, the other address",
            LINUX,
            "2001:db8::1",
        ),
        cell(
            "packet-information/reply-with-ip-pktinfo",
            LINUX,
            "asked 127.0.0.2, answered by 127.0.0.2",
        ),
        cell(
            "packet-information/reply-with-ip-pktinfo",
            "gVisor, Wine",
            "asked 127.0.0.2, answered by 127.0.0.1",
        ),
        cell(
            "packet-information/both-messages/to mapped, 127.0.0.1 and ::1",
            LINUX,
            "EINVAL",
        ),
        cell(
            "packet-information/both-messages/to mapped, 127.0.0.1 and ::1",
            "gVisor, Wine",
            "delivered from 127.0.0.1",
        ),
        cell(
            "two-hosts/source-by-ipv6-pktinfo/the other address",
            LINUX,
            "delivered from 2001:db8::11",
        ),
    ],
    bugs: &[
        bug(
            "NLnetLabs/unbound#1026",
            "queries are answered from another address than was asked",
        ),
        bug("PowerDNS/pdns#16248", "the same"),
        bug(
            "haproxy/haproxy#3503",
            "QUIC clients drop three kinds of answer",
        ),
        bug(
            "esnet/iperf#637",
            "a UDP test fails against the server's second address",
        ),
    ],
    code: code!("reply": Rust, C, Python),
};

const ROOM: Rule = Rule {
    id: "control-room",
    rule: "Make room for the largest messages that the enabled options can bring, together.",
    why: "What does not fit is cut off with MSG_CTRUNC, left out without a flag, or makes the whole call fail. An IPv4 datagram may bring the larger `in6_pktinfo`.",
    cells: &[
        cell(
            "packet-information/control-buffer-ipv6-option/IPv4 datagram, room for IP_PKTINFO",
            LINUX,
            "none, MSG_CTRUNC",
        ),
        cell(
            "packet-information/control-buffer-ipv6-option/IPv4 datagram, room for IP_PKTINFO",
            "gVisor",
            "none, none",
        ),
        cell(
            "packet-information/control-buffer-ipv6-option/IPv4 datagram, room for IP_PKTINFO",
            "Wine",
            "EMSGSIZE from recvmsg receiver",
        ),
        cell(
            "packet-information/control-buffer/room for IPV6_PKTINFO",
            LINUX,
            "IPV6_PKTINFO ::ffff:127.0.0.1, MSG_CTRUNC",
        ),
        cell(
            "packet-information/control-buffer/room for IPV6_PKTINFO",
            "gVisor",
            "IP_PKTINFO 127.0.0.1, none",
        ),
    ],
    bugs: &[bug(
        "Haivision/srt#2630",
        "room for one message, both options enabled: the second was lost",
    )],
    code: &[],
};

//! What portable code should do, with the scenarios that make it necessary and example
//! code.
//!
//! The code is in `advice/`, where it is compiled and run as tests; the page shows the
//! part before the tests.

/// A rule for portable code.
#[derive(Clone, Copy, Debug)]
pub struct Advice {
    /// The topic that it belongs to.
    pub topic: &'static str,
    /// The rule.
    pub rule: &'static str,
    /// Why, in a sentence or two.
    pub why: &'static str,
    /// The scenarios whose answers make it necessary.
    pub because: &'static [&'static str],
    file: &'static str,
}

impl Advice {
    /// The code that follows the rule, without its tests.
    pub fn code(&self) -> &'static str {
        let code = self.file.split("#[cfg(test)]").next();
        code.unwrap_or_default().trim()
    }
}

macro_rules! file {
    ($name:literal) => {
        include_str!(concat!("../advice/", $name, ".rs"))
    };
}

/// Every rule, by topic.
pub const ALL: &[Advice] = &[
    Advice {
        topic: "v6only-option",
        rule: "Set IPV6_V6ONLY on every AF_INET6 socket, to 0 or to 1, before bind.",
        why: "The default differs from system to system, on Linux an administrator can change it, and after bind the option no longer has an effect.",
        because: &[
            "v6only-option/default",
            "v6only-option/default-with-bindv6only",
            "v6only-option/set-after-bind",
        ],
        file: file!("dual_stack_listener"),
    },
    Advice {
        topic: "mapped-peer",
        rule: "Unmap a peer's address where you get it from the system.",
        why: "127.0.0.1 and ::ffff:127.0.0.1 are the same host but two values. Compare, log, count and look up only one of them.",
        because: &[
            "mapped-peer/accept",
            "mapped-peer/recvfrom",
            "mapped-peer/one-client-two-sockets",
        ],
        file: file!("unmap_peers"),
    },
    Advice {
        topic: "mapped-peer",
        rule: "Give an AF_INET6 socket AF_INET6 addresses: map an IPv4 destination first.",
        why: "Whether a dual-stack socket accepts a sockaddr_in depends on the system, the call and the protocol; it accepts a mapped address wherever IPV6_V6ONLY is 0.",
        because: &[
            "mapped-peer/connect-forms-tcp",
            "mapped-peer/connect-forms-udp",
            "mapped-peer/sendto-forms",
        ],
        file: file!("map_destinations"),
    },
    Advice {
        topic: "listener-conflicts",
        rule: "Where two sockets share a port, give the IPv6 one IPV6_V6ONLY = 1, and bind both before you serve either.",
        why: "A dual-stack socket and an IPv4 socket on one port fail to bind, or silently take each other's clients, depending on the system and on which was bound first.",
        because: &[
            "listener-conflicts/two-sockets-tcp",
            "listener-conflicts/ipv6-then-ipv4-tcp",
            "listener-conflicts/who-accepts-ipv4-first",
        ],
        file: file!("two_listeners"),
    },
    Advice {
        topic: "ipv6-only-misuse",
        rule: "Read IPV6_V6ONLY back before you report that a socket serves IPv4.",
        why: "An IPv6-only socket refuses IPv4 connections like a closed port and never sees an IPv4 datagram: the server sees no error.",
        because: &[
            "ipv6-only-misuse/listener-and-ipv4-clients",
            "ipv6-only-misuse/receiver-and-ipv4-senders",
            "ipv6-only-misuse/a-default-tcp-socket",
        ],
        file: file!("serves_ipv4"),
    },
    Advice {
        topic: "packet-information",
        rule: "Enable IP_PKTINFO as well as IPV6_RECVPKTINFO, read every message, and unmap the address.",
        why: "An IPv4 datagram on a dual-stack socket comes with an in6_pktinfo that holds a mapped address, an in_pktinfo, both, or neither.",
        because: &[
            "packet-information/receive-with-the-ipv6-option",
            "packet-information/receive-with-the-ipv4-option",
            "packet-information/receive-with-both-options",
        ],
        file: file!("both_packet_informations"),
    },
    Advice {
        topic: "ipv4-disabled",
        rule: "Create an AF_INET socket to find out whether IPv4 exists; keep the dual-stack socket in any case.",
        why: "EAFNOSUPPORT from socket() says that there is no IPv4. An error from IP_PKTINFO has other causes too, and a dual-stack socket serves IPv6 either way.",
        because: &[
            "ipv4-disabled/af-inet-socket-without-ipv4",
            "ipv4-disabled/ip-pktinfo-without-ipv4",
            "ipv4-disabled/dual-tcp-without-ipv4",
        ],
        file: file!("is_ipv4_there"),
    },
    Advice {
        topic: "ipv6-disabled",
        rule: "Try one dual-stack socket, and fall back to AF_INET where the system has no IPv6.",
        why: "Without IPv6 the call that fails is socket() in one configuration and bind() in another.",
        because: &[
            "ipv6-disabled/fallback-to-ipv4",
            "ipv6-disabled/socket-without-ipv6",
            "ipv6-disabled/bind-with-ipv6-off",
        ],
        file: file!("fall_back_to_ipv4"),
    },
    Advice {
        topic: "two-hosts",
        rule: "Connect a datagram socket to learn the source that a destination is reached from.",
        why: "A host has several addresses, and a wildcard socket shows none of them. The system chooses one per destination; answer from the address that the request was sent to.",
        because: &[
            "two-hosts/source-of-a-connected-socket",
            "two-hosts/source-of-a-reply",
        ],
        file: file!("source_for"),
    },
];

//! The part of the reference about values: what a saved result, a socket and a host hold.

use std::fmt::Write;

use crate::host::HostFacts;
use crate::returned::Shape;
use crate::template::Filter;

/// The kinds of result, with the calls that return them and what the whole value is.
const KINDS: [(Shape, &str, &str); 12] = [
    (
        Shape::Done,
        "`socket` `setsockopt` `bind` `listen` `connect` `shutdown` `close` `start` `kill`",
        "`ok`",
    ),
    (Shape::Sent, "`send` `sendto` `sendmsg`", "`ok`"),
    (
        Shape::Option,
        "`getsockopt`",
        "the value; an error, a family or a socket type by name",
    ),
    (
        Shape::Name,
        "`getsockname` `getpeername` `listening`",
        "the address",
    ),
    (Shape::Accepted, "`accept`", "`ok`"),
    (Shape::Received, "`recv` `recvfrom` `recvmsg`", "the data"),
    (
        Shape::Ready,
        "`poll`",
        "the events, joined by ` + `, or `none`",
    ),
    (
        Shape::Resolved,
        "`getaddrinfo`",
        "the addresses in the order of the list, joined by ` + `",
    ),
    (Shape::Line, "`output`", "the line, without its end"),
    (
        Shape::Open,
        "`sockets`",
        "the sockets by type and name, joined by ` + `, or `none`",
    ),
    (
        Shape::Attempts,
        "`attempts`",
        "the addresses in order, each but the first with the time since that, joined by ` + `, or `none`",
    ),
    (Shape::Ended, "`wait`", "`exit 0`, or the signal, `SIGTERM`"),
];

/// What a field is.
fn meaning(shape: Shape, field: &str) -> Option<&'static str> {
    let part = field.rsplit('.').next().unwrap_or(field);
    Some(match (shape, part) {
        (_, "address") => "the address without the port",
        (_, "port") => "the port",
        (_, "family") => "`AF_INET`, `AF_INET6`, or the number of another family",
        (Shape::Sent, "len") => "how many bytes were sent",
        (Shape::Option, "len") => "how many bytes the system wrote",
        (Shape::Received, "len") => "how many bytes were received",
        (Shape::Received, "data") => "the bytes, as text",
        (Shape::Received, "from") => "the sender; `none` for `recv`",
        (Shape::Received, "flags") => "the flags in `msg_flags`, joined by ` + `, or `none`",
        (Shape::Received, "pktinfo") => "the packet information, in the order received, or `none`",
        (Shape::Received, "control") => "every control message, in the order received, or `none`",
        (Shape::Received, "interface") => {
            "the interface in the packet information, in a file that has `hosts`"
        }
        (Shape::Received, _) => "the value of that control message, or `none`",
        (Shape::Accepted, "from") => "the peer, as the call returned it",
        (Shape::Resolved, "count") => "how many entries the list has",
        (Shape::Resolved, "types") => "the socket types, joined by ` + `",
        (Shape::Resolved, "canonname") => "the canonical name, or `none`",
        (Shape::Line, "part") => "what the first group matched, or `none`",
        (Shape::Open, "count") => "how many sockets there are",
        (Shape::Open, "ended") => "how the program has ended, or `no`",
        (Shape::Attempts, "count") => "how many attempts were seen",
        (Shape::Attempts, "first") => "the address of the first, or `none`",
        (Shape::Attempts, "last") => "the address of the last, or `none`",
        (Shape::Resolved, "first") => "the first address with its port",
        _ => return None,
    })
}

/// What is known about a host.
fn fact(field: &str) -> Option<&'static str> {
    Some(match field {
        "ipv4" => "its IPv4 address on the link, the source by default",
        "ipv6" => "its IPv6 address on the link, the source by default",
        "other_ipv4" => "its other IPv4 address",
        "other_ipv6" => "its other IPv6 address",
        "linklocal" => "its link-local address",
        "ifindex" => "the index of its interface to the link",
        _ => return None,
    })
}

/// Values that the calls on a socket make known.
const SOCKETS: [(&str, &str); 3] = [
    (
        "name",
        "the local address, after `getsockname`; `{s.port}` is its port",
    ),
    ("peer", "the peer's address, after `getpeername`"),
    (
        "from",
        "the peer's address, as `accept` returned it with the socket",
    ),
];

pub(super) fn write(page: &mut String) {
    page.push_str(
        "
## Values

`{x}` is what the step with `save = \"x\"` returned, `{p}` the parameter `p`. Of a call that failed, the value
and each field is the name of the error; of one that was skipped, `not called`.

| returned by | value | field | meaning |
| --- | --- | --- | --- |
",
    );
    for (shape, calls, whole) in KINDS {
        _ = writeln!(page, "| {calls} | {whole} | | |");
        for field in shape.fields(true) {
            let meaning = meaning(shape, &field).unwrap_or_default();
            _ = writeln!(page, "| | | `{field}` | {meaning} |");
        }
    }
    page.push_str("\nOf a socket `s`, `{s.FIELD}`:\n\n| field | meaning |\n| --- | --- |\n");
    for (field, meaning) in SOCKETS {
        _ = writeln!(page, "| `{field}` | {meaning} |");
    }
    page.push_str(
        "\nOf a program `p`, after `listening`: `{p.port}`, `{p.name}` and the fields of that, as of a socket.\n",
    );
    page.push_str("\nOf a host `h`, `{h.FIELD}`:\n\n| field | meaning |\n| --- | --- |\n");
    for field in HostFacts::FIELDS {
        _ = writeln!(page, "| `{field}` | {} |", fact(field).unwrap_or_default());
    }
    page.push_str("\n## Filters\n\n| filter | meaning |\n| --- | --- |\n");
    for (name, filter) in Filter::ALL {
        let meaning = match filter {
            Filter::Mapped => {
                "an IPv4 address in its IPv4-mapped form, `::ffff:a.b.c.d` (RFC 4291 section 2.5.5.2)"
            }
            Filter::Unmapped => {
                "the IPv4 address inside a mapped one; an IPv4 address as it is. Another IPv6 address has neither form: that is an error"
            }
        };
        _ = writeln!(page, "| `{name}` | {meaning} |");
    }
}

#[cfg(test)]
mod tests {
    use super::{KINDS, fact, meaning};
    use crate::host::HostFacts;
    use crate::scenario::Scenario;
    use crate::source::SourceFile;
    use crate::step::Call;
    use std::collections::BTreeSet;

    /// Every call, one of each.
    const ALL: &str = r#"
title = "t"
ask = "?"
steps = [
  { getaddrinfo = "localhost" },
  { socket = "s", type = "udp6" },
  { setsockopt = "s", IPV6_V6ONLY = 0 },
  { getsockopt = "s", option = "IPV6_V6ONLY" },
  { bind = "s", to = "[::]:0" },
  { getsockname = "s" },
  { connect = "s", to = "[::1]:{s.port}" },
  { getpeername = "s" },
  { send = "s", data = "x" },
  { recv = "s" },
  { sendto = "s", to = "[::1]:{s.port}", data = "x" },
  { recvfrom = "s" },
  { sendmsg = "s", data = "x" },
  { poll = "s", events = ["POLLIN"] },
  { recvmsg = "s" },
  { socket = "l", type = "tcp6" },
  { listen = "l" },
  { accept = "l", as = "c" },
  { shutdown = "c", how = "SHUT_WR" },
  { close = "c" },
  { start = "p", watch = true },
  { listening = "p" },
  { output = "p" },
  { sockets = "p" },
  { attempts = "p" },
  { kill = "p" },
  { wait = "p" },
]
answer = "ok"
programs = { p = { command = ["./p"] } }
"#;

    #[test]
    fn every_call_is_listed_with_what_it_returns() {
        let scenario = Scenario::parse("topic/all", SourceFile::new("all.toml", ALL)).unwrap();
        let calls = scenario.cases[0].script.steps.iter().map(|step| &step.call);
        let mut seen = BTreeSet::new();
        for call in calls {
            seen.insert(call.verb());
            let listed = KINDS.iter().find(|(_, calls, _)| {
                calls
                    .split(' ')
                    .any(|name| name.trim_matches('`') == call.verb())
            });
            let listed = listed.map(|(shape, ..)| *shape);
            assert_eq!(listed, Some(call.returns()), "{}", call.verb());
        }
        assert_eq!(seen.len(), Call::VERBS.len());
    }

    #[test]
    fn every_field_has_a_meaning() {
        for (shape, ..) in KINDS {
            for field in shape.fields(true) {
                assert!(meaning(shape, &field).is_some(), "{shape:?}: {field}");
            }
        }
        assert!(HostFacts::FIELDS.iter().all(|field| fact(field).is_some()));
    }
}

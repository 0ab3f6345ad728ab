//! What people get wrong in a scenario, and what they are told.
//!
//! Each mistake is one edit of a sound scenario. The messages stand together
//! in a snapshot, so that they can be read as a whole; every one must name the
//! line of the edit and say how to mend it.

use dualstack_scenario::{Problem, Scenario, SourceFile};

const SOUND: &str = r#"title  = "IPV6_RECVPKTINFO alone on a dual-stack receiver"
ask    = "Which packet information does an IPv4 datagram carry?"
tags   = ["udp", "pktinfo"]
hosts  = ["server", "peer"]
requires = { ipv4 = "on", bindv6only = 0 }
rows = [
  { name = "IPv4", client = "127.0.0.1", info = "IPV6_PKTINFO ::ffff:127.0.0.1" },
  { name = "IPv6", client = "::1", info = "IPV6_PKTINFO ::1" },
]
steps = [
  { socket = "receiver", type = "udp6" },
  { setsockopt = "receiver", IPV6_V6ONLY = 0 },
  { setsockopt = "receiver", IPV6_RECVPKTINFO = 1, result = "any", save = "tried" },
  { bind = "receiver", to = "[::]:0" },
  { getsockname = "receiver" },
  { socket = "sender", type = "udp6", host = "peer" },
  { sendmsg = "sender", to = "{client}:{receiver.port}", data = "ping", IPV6_PKTINFO = "::1" },
  { recvmsg = "receiver", control = ["IPV6_PKTINFO"], save = "got" },
]
answer = [
  { when = { tried = "EINVAL" }, say = "refused" },
  { say = "{got.pktinfo}" },
]
[claims]
DS-13 = "{info}"
[expect]
linux = { answer = "{info}", source = "Linux net/ipv6/datagram.c" }
"linux < 3.18" = { answer = "none", source = "chrysn/aiocoap#209" }
"#;

/// The name of each mistake, what is replaced, and by what.
const MISTAKES: &[(&str, &str, &str)] = &[
    ("a key that is no key", "tags   =", "tag    ="),
    (
        "a title that is missing",
        "title  = \"IPV6_RECVPKTINFO alone on a dual-stack receiver\"\n",
        "",
    ),
    (
        "a number for a text",
        "title  = \"IPV6_RECVPKTINFO alone on a dual-stack receiver\"",
        "title  = 7",
    ),
    (
        "a text for a list",
        "tags   = [\"udp\", \"pktinfo\"]",
        "tags   = \"udp\"",
    ),
    (
        "TOML that is none",
        "tags   = [\"udp\", \"pktinfo\"]",
        "tags   = [\"udp\", \"pktinfo\"",
    ),
    ("a verb with a slip", "{ bind =", "{ bnd ="),
    (
        "a verb that there is not",
        "{ getsockname = \"receiver\" }",
        "{ ioctl = \"receiver\" }",
    ),
    (
        "two verbs in a step",
        "{ getsockname = \"receiver\" }",
        "{ getsockname = \"receiver\", listen = \"receiver\" }",
    ),
    (
        "a step that is a text",
        "{ getsockname = \"receiver\" }",
        "\"getsockname receiver\"",
    ),
    ("an option with a slip", "IPV6_V6ONLY = 0", "IPV6_V6ONY = 0"),
    (
        "an option in lowercase",
        "IPV6_V6ONLY = 0",
        "ipv6_v6only = 0",
    ),
    ("no option at all", ", IPV6_V6ONLY = 0", ""),
    (
        "two options in a step",
        "IPV6_V6ONLY = 0",
        "IPV6_V6ONLY = 0, IP_PKTINFO = 1",
    ),
    (
        "a text for an option's value",
        "IPV6_V6ONLY = 0",
        "IPV6_V6ONLY = \"0\"",
    ),
    (
        "a name that the option's type has not",
        "IPV6_V6ONLY = 0",
        "IPV6_ADDRFORM = \"AF_INET5\"",
    ),
    (
        "a structure without one of its members",
        "IPV6_V6ONLY = 0",
        "SO_LINGER = { l_onoff = 1 }",
    ),
    (
        "a member that the structure has not",
        "IPV6_V6ONLY = 0",
        "SO_LINGER = { l_onoff = 1, l_linger = 0, l_time = 3 }",
    ),
    (
        "a number for a structure",
        "IPV6_V6ONLY = 0",
        "IPV6_JOIN_GROUP = 1",
    ),
    (
        "an IPv4 address where an IPv6 one belongs",
        "IPV6_V6ONLY = 0",
        "IPV6_JOIN_GROUP = { ipv6mr_multiaddr = \"224.0.0.1\", ipv6mr_interface = 0 }",
    ),
    (
        "an error by the name that another system has for it",
        "IPV6_RECVPKTINFO = 1, result = \"any\"",
        "IPV6_RECVPKTINFO = 1, result = \"EWOULDBLOCK\"",
    ),
    (
        "an event that poll has not",
        "{ getsockname = \"receiver\" },",
        "{ getsockname = \"receiver\" }, { poll = \"receiver\", events = [\"POLLINN\"] },",
    ),
    (
        "a flag of another call",
        "{ getsockname = \"receiver\" },",
        "{ getsockname = \"receiver\" }, { getaddrinfo = \"::1\", flags = [\"MSG_PEEK\"] },",
    ),
    (
        "a host that there is not, for a call without a socket",
        "{ getsockname = \"receiver\" },",
        "{ getsockname = \"receiver\" }, { getaddrinfo = \"::1\", host = \"per\" },",
    ),
    (
        "a value beyond an int",
        "IPV6_V6ONLY = 0",
        "IPV6_V6ONLY = 4294967296",
    ),
    (
        "a socket type that there is not",
        "\"sender\", type = \"udp6\"",
        "\"sender\", type = \"udp\"",
    ),
    ("an address without a port", "\"[::]:0\"", "\"[::]\""),
    ("an IPv6 address without brackets", "\"[::]:0\"", "\":::0\""),
    (
        "a host name for an address",
        "\"[::]:0\"",
        "\"localhost:0\"",
    ),
    (
        "a control message with a slip",
        "IPV6_PKTINFO = \"::1\"",
        "IPV6_PKTINF = \"::1\"",
    ),
    (
        "an address with a port in a control message",
        "IPV6_PKTINFO = \"::1\"",
        "IPV6_PKTINFO = \"[::1]:0\"",
    ),
    (
        "a control buffer that is a text",
        "control = [\"IPV6_PKTINFO\"]",
        "control = \"IPV6_PKTINFO\"",
    ),
    (
        "an error by its Windows name",
        "result = \"any\"",
        "result = \"WSAEINVAL\"",
    ),
    (
        "a socket that is not there yet",
        "{ bind = \"receiver\"",
        "{ bind = \"reciever\"",
    ),
    (
        "a socket made twice",
        "{ socket = \"sender\"",
        "{ socket = \"receiver\"",
    ),
    (
        "a port before getsockname",
        "  { getsockname = \"receiver\" },\n",
        "",
    ),
    (
        "a saved value with a slip",
        "{got.pktinfo}",
        "{gto.pktinfo}",
    ),
    ("a field that there is not", "{got.pktinfo}", "{got.pktinf}"),
    ("a brace that does not end", "{got.pktinfo}", "{got.pktinfo"),
    (
        "a conversion that there is not",
        "{got.pktinfo}",
        "{got.from|lower}",
    ),
    ("a name in capitals", "save = \"got\"", "save = \"Got\""),
    ("a condition on nothing", "when = { tried", "when = { tired"),
    (
        "an expectation without a source",
        ", source = \"Linux net/ipv6/datagram.c\"",
        "",
    ),
    ("a system that there is not", "\nlinux = {", "\nlinx = {"),
    (
        "a version bound that is none",
        "linux < 3.18",
        "linux before 3.18",
    ),
    (
        "a parameter that no row has",
        "DS-13 = \"{info}\"",
        "DS-13 = \"{inof}\"",
    ),
    (
        "a requirement that there is not",
        "ipv4 = \"on\"",
        "ipv4 = \"off\"",
    ),
    ("two rows of one name", "name = \"IPv6\"", "name = \"IPv4\""),
    (
        "a wrong value in a row",
        "client = \"::1\", info",
        "client = \"::g\", info",
    ),
    (
        "a host that there is not",
        "host = \"peer\"",
        "host = \"per\"",
    ),
    (
        "a host in a file without hosts",
        "hosts  = [\"server\", \"peer\"]\n",
        "",
    ),
    (
        "one host",
        "hosts  = [\"server\", \"peer\"]",
        "hosts  = [\"peer\"]",
    ),
    (
        "a host called as a parameter is",
        "hosts  = [\"server\", \"peer\"]",
        "hosts  = [\"client\", \"peer\"]",
    ),
    (
        "a socket called as a host is",
        "hosts  = [\"server\", \"peer\"]",
        "hosts  = [\"receiver\", \"peer\"]",
    ),
    (
        "a field that a host has not",
        "{got.pktinfo}",
        "{server.ipv5}",
    ),
    ("a host for a value", "{got.pktinfo}", "{server}"),
    (
        "a list of no values",
        "rows = [",
        "parameters = { v6only = [] }\nrows = [",
    ),
];

fn problems(text: &str) -> Vec<Problem> {
    match Scenario::parse("topic/file", SourceFile::new("file.toml", text)) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.into_iter().collect(),
    }
}

fn edited(from: &str, to: &str) -> String {
    assert_eq!(
        SOUND.matches(from).count(),
        1,
        "`{from}` is in the scenario once"
    );
    SOUND.replacen(from, to, 1)
}

#[test]
fn the_scenario_without_a_mistake_is_sound() {
    assert_eq!(problems(SOUND), []);
}

#[test]
fn every_mistake_is_told_with_its_place_and_its_mend() {
    let mut told = String::new();
    for (name, from, to) in MISTAKES {
        let found = problems(&edited(from, to));
        assert!(!found.is_empty(), "{name}: nothing was found wrong");
        told.push_str(&format!("{name}\n"));
        found
            .iter()
            .for_each(|problem| told.push_str(&format!("  {problem}\n")));
    }
    insta::assert_snapshot!("mistakes", told);
}

#[test]
fn the_first_problem_is_on_the_line_of_the_mistake() {
    // What is missing has no line of its own, and what follows from a mistake is told where it shows.
    let elsewhere = [
        "a title that is missing",
        "TOML that is none",
        "a socket that is not there yet",
        "a socket made twice",
        "a host in a file without hosts",
        "a socket called as a host is",
        "a port before getsockname",
        "a list of no values",
        "a wrong value in a row",
    ];
    for (name, from, to) in MISTAKES
        .iter()
        .filter(|(name, ..)| !elsewhere.contains(name))
    {
        let at = SOUND
            .find(from)
            .map_or(0, |at| at + from.len() - from.trim_start().len());
        let line = SOUND[..at].matches('\n').count() + 1;
        let found = problems(&edited(from, to));
        let lines: Vec<usize> = found.iter().filter_map(|p| Some(p.position()?.0)).collect();
        assert!(
            lines.contains(&line),
            "{name}: told on {lines:?}, made on {line}"
        );
    }
}

#[test]
fn all_mistakes_of_a_file_are_told_at_once() {
    let text = edited("tags   =", "tag    =")
        .replacen("{ bind =", "{ bnd =", 1)
        .replacen("IPV6_V6ONLY", "IPV6_V6ONY", 1)
        .replacen("\nlinux = {", "\nlinx = {", 1);
    let told: Vec<String> = problems(&text).iter().map(ToString::to_string).collect();
    for slip in ["`tag`", "`bnd`", "`IPV6_V6ONY`", "`linx`"] {
        let count = told.iter().filter(|line| line.contains(slip)).count();
        assert_eq!(count, 1, "{slip} is told once in {told:#?}");
    }
}

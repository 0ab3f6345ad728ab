//! Typical mistakes in a scenario, and their messages.
//!
//! Each mistake is one edit of a valid scenario. All messages are in one snapshot,
//! so that they can be read together; each must name the line of the edit and say
//! how to fix it.

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

/// The name of each mistake, the replaced text, and its replacement.
const MISTAKES: &[(&str, &str, &str)] = &[
    ("an unknown key", "tags   =", "tag    ="),
    (
        "a missing title",
        "title  = \"IPV6_RECVPKTINFO alone on a dual-stack receiver\"\n",
        "",
    ),
    (
        "a number for a string",
        "title  = \"IPV6_RECVPKTINFO alone on a dual-stack receiver\"",
        "title  = 7",
    ),
    (
        "a string for a list",
        "tags   = [\"udp\", \"pktinfo\"]",
        "tags   = \"udp\"",
    ),
    (
        "invalid TOML",
        "tags   = [\"udp\", \"pktinfo\"]",
        "tags   = [\"udp\", \"pktinfo\"",
    ),
    ("a misspelled verb", "{ bind =", "{ bnd ="),
    (
        "an unknown verb",
        "{ getsockname = \"receiver\" }",
        "{ ioctl = \"receiver\" }",
    ),
    (
        "two verbs in a step",
        "{ getsockname = \"receiver\" }",
        "{ getsockname = \"receiver\", listen = \"receiver\" }",
    ),
    (
        "a step that is a string",
        "{ getsockname = \"receiver\" }",
        "\"getsockname receiver\"",
    ),
    ("a misspelled option", "IPV6_V6ONLY = 0", "IPV6_V6ONY = 0"),
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
        "a string for an option's value",
        "IPV6_V6ONLY = 0",
        "IPV6_V6ONLY = \"0\"",
    ),
    (
        "a name that the option's type does not have",
        "IPV6_V6ONLY = 0",
        "IPV6_ADDRFORM = \"AF_INET5\"",
    ),
    (
        "a structure without one of its members",
        "IPV6_V6ONLY = 0",
        "SO_LINGER = { l_onoff = 1 }",
    ),
    (
        "an unknown member of a structure",
        "IPV6_V6ONLY = 0",
        "SO_LINGER = { l_onoff = 1, l_linger = 0, l_time = 3 }",
    ),
    (
        "a number for a structure",
        "IPV6_V6ONLY = 0",
        "IPV6_JOIN_GROUP = 1",
    ),
    (
        "an IPv4 address instead of an IPv6 address",
        "IPV6_V6ONLY = 0",
        "IPV6_JOIN_GROUP = { ipv6mr_multiaddr = \"224.0.0.1\", ipv6mr_interface = 0 }",
    ),
    (
        "an error by another system's name",
        "IPV6_RECVPKTINFO = 1, result = \"any\"",
        "IPV6_RECVPKTINFO = 1, result = \"EWOULDBLOCK\"",
    ),
    (
        "a call that cannot hang",
        "{ getsockname = \"receiver\" },",
        "{ getsockname = \"receiver\", result = \"hangs\" },",
    ),
    (
        "a deadline for a call that waits for nothing",
        "{ getsockname = \"receiver\" },",
        "{ getsockname = \"receiver\", within = 100 },",
    ),
    (
        "a call that hangs for an unknown time",
        "{ getsockname = \"receiver\" },",
        "{ getsockname = \"receiver\" }, { recv = \"receiver\", result = \"hangs\" },",
    ),
    (
        "a deadline that leaves no time",
        "{ getsockname = \"receiver\" },",
        "{ getsockname = \"receiver\" }, { recv = \"receiver\", within = 0 },",
    ),
    (
        "a parameter that nothing uses",
        "client = \"::1\", info",
        "client = \"::1\", linus = \"none\", info",
    ),
    (
        "an error that does not exist",
        "answer = \"none\"",
        "answer = [\"EINVALL\", \"none\"]",
    ),
    (
        "an expected error by its Windows name",
        "answer = \"none\"",
        "answer = \"WSAEINVAL from bind receiver\"",
    ),
    (
        "an answer that must not come",
        "answer = \"none\"",
        "answer = \"!none\"",
    ),
    (
        "a value in doubled braces",
        "{got.pktinfo}",
        "{{got.pktinfo}}",
    ),
    (
        "an unknown event of poll",
        "{ getsockname = \"receiver\" },",
        "{ getsockname = \"receiver\" }, { poll = \"receiver\", events = [\"POLLINN\"] },",
    ),
    (
        "a flag of another call",
        "{ getsockname = \"receiver\" },",
        "{ getsockname = \"receiver\" }, { getaddrinfo = \"::1\", flags = [\"MSG_PEEK\"] },",
    ),
    (
        "an unknown host for a call without a socket",
        "{ getsockname = \"receiver\" },",
        "{ getsockname = \"receiver\" }, { getaddrinfo = \"::1\", host = \"per\" },",
    ),
    (
        "a value too large for an int",
        "IPV6_V6ONLY = 0",
        "IPV6_V6ONLY = 4294967296",
    ),
    (
        "an unknown socket type",
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
        "a misspelled control message",
        "IPV6_PKTINFO = \"::1\"",
        "IPV6_PKTINF = \"::1\"",
    ),
    (
        "an address with a port in a control message",
        "IPV6_PKTINFO = \"::1\"",
        "IPV6_PKTINFO = \"[::1]:0\"",
    ),
    (
        "a control buffer that is a string",
        "control = [\"IPV6_PKTINFO\"]",
        "control = \"IPV6_PKTINFO\"",
    ),
    (
        "an error by its Windows name",
        "result = \"any\"",
        "result = \"WSAEINVAL\"",
    ),
    (
        "a socket that does not exist yet",
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
    ("a misspelled saved value", "{got.pktinfo}", "{gto.pktinfo}"),
    ("an unknown field", "{got.pktinfo}", "{got.pktinf}"),
    ("an unmatched brace", "{got.pktinfo}", "{got.pktinfo"),
    ("an unknown conversion", "{got.pktinfo}", "{got.from|lower}"),
    ("a name in capitals", "save = \"got\"", "save = \"Got\""),
    (
        "a condition on an unknown value",
        "when = { tried",
        "when = { tired",
    ),
    (
        "an expectation without a source",
        ", source = \"Linux net/ipv6/datagram.c\"",
        "",
    ),
    ("an unknown system", "\nlinux = {", "\nlinx = {"),
    (
        "an invalid version bound",
        "linux < 3.18",
        "linux before 3.18",
    ),
    (
        "a parameter that no row has",
        "DS-13 = \"{info}\"",
        "DS-13 = \"{inof}\"",
    ),
    ("an unknown requirement", "ipv4 = \"on\"", "ipv4 = \"off\""),
    (
        "two rows with one name",
        "name = \"IPv6\"",
        "name = \"IPv4\"",
    ),
    (
        "a wrong value in a row",
        "client = \"::1\", info",
        "client = \"::g\", info",
    ),
    ("an unknown host", "host = \"peer\"", "host = \"per\""),
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
        "a host with the name of a parameter",
        "hosts  = [\"server\", \"peer\"]",
        "hosts  = [\"client\", \"peer\"]",
    ),
    (
        "a socket with the name of a host",
        "hosts  = [\"server\", \"peer\"]",
        "hosts  = [\"receiver\", \"peer\"]",
    ),
    (
        "an unknown field of a host",
        "{got.pktinfo}",
        "{server.ipv5}",
    ),
    ("a host instead of a value", "{got.pktinfo}", "{server}"),
    (
        "an empty title",
        "title  = \"IPV6_RECVPKTINFO alone on a dual-stack receiver\"",
        "title  = \" \"",
    ),
    (
        "a title of two lines",
        "alone on a dual-stack receiver\"",
        "alone\\non a dual-stack receiver\"",
    ),
    (
        "a control character in a name",
        "name = \"IPv6\"",
        "name = \"IPv\\u00006\"",
    ),
    (
        "a table above the steps",
        "rows = [",
        "[parameters]\nrows = [",
    ),
    (
        "a condition on an error that does not exist",
        "when = { tried = \"EINVAL\" }",
        "when = { tried = \"EINVALL\" }",
    ),
    (
        "a result that nothing uses",
        "{ getsockname = \"receiver\" },",
        "{ getsockname = \"receiver\", save = \"name\" },",
    ),
    (
        "an answer behind one that is always given",
        "  { say = \"{got.pktinfo}\" },",
        "  { say = \"{got.pktinfo}\" },\n  { when = { tried = \"ok\" }, say = \"ok\" },",
    ),
    (
        "parameters that name each other",
        "client = \"127.0.0.1\", info = \"IPV6_PKTINFO ::ffff:127.0.0.1\"",
        "client = \"{info}\", info = \"{client}\"",
    ),
    (
        "bounds that no version fits",
        "linux < 3.18",
        "linux < 3.18, >= 4",
    ),
    (
        "two expectations for one version",
        "\"linux < 3.18\" = {",
        "\"linux >= 3\" = { answer = \"none\", source = \"x\" }\n\"linux < 3.18\" = {",
    ),
    (
        "a known difference that is expected",
        "source = \"chrysn/aiocoap#209\" }",
        "source = \"chrysn/aiocoap#209\" }\n[known]\n\"linux < 3.18\" = { answer = \"none\", reason = \"x\" }",
    ),
    (
        "a known difference that is expected of what it implements",
        "source = \"chrysn/aiocoap#209\" }",
        "source = \"chrysn/aiocoap#209\" }\n[known]\ngvisor = { answer = \"{info}\", reason = \"x\" }",
    ),
    (
        "a known difference without an expectation",
        "[expect]\nlinux = { answer = \"{info}\", source = \"Linux net/ipv6/datagram.c\" }\n\"linux < 3.18\" = { answer = \"none\", source = \"chrysn/aiocoap#209\" }",
        "[known]\nlinux = { answer = \"none\", reason = \"x\" }",
    ),
    (
        "a port that is known only under a condition",
        "{ getsockname = \"receiver\" },",
        "{ getsockname = \"receiver\", when = { tried = \"ok\" } },",
    ),
    (
        "a list of no values",
        "rows = [",
        "parameters = { v6only = [] }\nrows = [",
    ),
    (
        "a program that nothing starts",
        "[claims]\n",
        "[programs.server]\ncommand = [\"./server\"]\n[claims]\n",
    ),
    (
        "a program that is not described",
        "  { getsockname = \"receiver\" },\n",
        "  { start = \"server\" },\n  { getsockname = \"receiver\" },\n",
    ),
    (
        "a program that was not started",
        "  { getsockname = \"receiver\" },\n",
        "  { kill = \"server\" },\n  { getsockname = \"receiver\" },\n",
    ),
    (
        "a program without a command",
        "[claims]\n",
        "[programs.server]\ncommand = []\n[claims]\n",
    ),
    (
        "a file outside the folder of a program",
        "tags   = [\"udp\", \"pktinfo\"]",
        "programs.server = { command = [\"./server\"], files = { \"../allow\" = \"\" } }",
    ),
    (
        "files in a folder that is not new",
        "tags   = [\"udp\", \"pktinfo\"]",
        "programs.server = { command = [\"./server\"], folder = \"conf\", files = { allow = \"\" } }",
    ),
    (
        "a name without a dot",
        "tags   = [\"udp\", \"pktinfo\"]",
        "dns.server = { a = \"192.0.2.1\" }",
    ),
    (
        "an address of the other family in a record",
        "tags   = [\"udp\", \"pktinfo\"]",
        "dns.\"server.test\" = { a = \"2001:db8::1\", aaaa = \"192.0.2.1\" }",
    ),
    (
        "a failure beside an address",
        "tags   = [\"udp\", \"pktinfo\"]",
        "dns.\"server.test\" = { a = [\"192.0.2.1\", \"SERVFAIL\"] }",
    ),
    (
        "a type of records that is not served",
        "tags   = [\"udp\", \"pktinfo\"]",
        "dns.\"server.test\" = { mx = \"192.0.2.1\" }",
    ),
    (
        "a family that a link cannot lose",
        "requires = { ipv4 = \"on\", bindv6only = 0 }",
        "requires = { lost = \"both\" }",
    ),
    (
        "a pattern that is none",
        "  { getsockname = \"receiver\" },\n",
        "  { output = \"server\", matches = \"(\" },\n  { getsockname = \"receiver\" },\n",
    ),
    (
        "a signal that does not exist",
        "  { getsockname = \"receiver\" },\n",
        "  { kill = \"server\", signal = \"SIGTREM\" },\n  { getsockname = \"receiver\" },\n",
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
fn every_mistake_is_told_with_its_place_and_its_fix() {
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

/// They would fill the memory before the first one is run: a list more makes ten times as
/// many.
#[test]
fn the_first_problem_is_on_the_line_of_the_mistake() {
    // A missing key has no line, and some mistakes are reported at a later line.
    let elsewhere = [
        "a missing title",
        "invalid TOML",
        "a socket that does not exist yet",
        "a socket made twice",
        "a host in a file without hosts",
        "a socket with the name of a host",
        "a port before getsockname",
        "a list of no values",
        "a wrong value in a row",
        "a port that is known only under a condition",
        "a table above the steps",
        "an answer behind one that is always given",
        "two expectations for one version",
        "a known difference that is expected",
        "a known difference that is expected of what it implements",
        "a known difference without an expectation",
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

//! strace(1) sees exactly the calls that a case lists, with their arguments, on the
//! sockets it names.
#![cfg(target_os = "linux")]

mod program;
mod reach;

use std::fs::File;
use std::io::Write;
use std::process::{Command, Stdio};

use dualstack_agent::protocol::{Request, write_line};
use dualstack_scenario::{Case, Scenario, SourceFile};
use program::program;

/// Every call of the language, with what strace must show of it.
const STEPS: &[(&str, &[&str])] = &[
    (
        r#"{ socket = "listener", type = "tcp6" }"#,
        &["socket(AF_INET6, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_IP) = 3"],
    ),
    (
        r#"{ setsockopt = "listener", IPV6_V6ONLY = 0 }"#,
        &["setsockopt(3, SOL_IPV6, IPV6_V6ONLY, [0], 4) = 0"],
    ),
    (
        r#"{ getsockopt = "listener", option = "IPV6_V6ONLY" }"#,
        &["getsockopt(3, SOL_IPV6, IPV6_V6ONLY, [0], [4]) = 0"],
    ),
    (
        r#"{ bind = "listener", to = "[::]:0" }"#,
        &[
            "bind(3, {sa_family=AF_INET6, sin6_port=htons(0)",
            "\"::\"",
            "}, 28) = 0",
        ],
    ),
    (
        r#"{ listen = "listener", backlog = 3 }"#,
        &["listen(3, 3) = 0"],
    ),
    (
        r#"{ getsockname = "listener" }"#,
        &["getsockname(3, {sa_family=AF_INET6", "[128 => 28]) = 0"],
    ),
    (
        r#"{ socket = "client", type = "tcp4" }"#,
        &["socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_IP) = 4"],
    ),
    (
        r#"{ connect = "client", to = "127.0.0.1:{listener.port}" }"#,
        &[
            "connect(4, {sa_family=AF_INET, ",
            "\"127.0.0.1\"",
            "}, 16) = 0",
        ],
    ),
    (
        r#"{ accept = "listener", as = "conn" }"#,
        &[
            "accept4(3, {sa_family=AF_INET6",
            "::ffff:127.0.0.1",
            "[128 => 28], SOCK_CLOEXEC) = 5",
        ],
    ),
    (
        r#"{ getpeername = "conn" }"#,
        &["getpeername(5, {sa_family=AF_INET6", "[128 => 28]) = 0"],
    ),
    (
        r#"{ send = "client", data = "ping" }"#,
        &["sendto(4, \"ping\", 4, 0, NULL, 0) = 4"],
    ),
    (
        r#"{ recv = "conn", size = 9 }"#,
        &["recvfrom(5, \"ping\", 9, 0, NULL, NULL) = 4"],
    ),
    (
        r#"{ shutdown = "client", how = "SHUT_WR" }"#,
        &["shutdown(4, SHUT_WR) = 0"],
    ),
    (r#"{ close = "client" }"#, &["close(4) = 0"]),
    (
        r#"{ socket = "receiver", type = "udp6" }"#,
        &["socket(AF_INET6, SOCK_DGRAM|SOCK_CLOEXEC, IPPROTO_IP) = 4"],
    ),
    (
        r#"{ setsockopt = "receiver", IP_PKTINFO = 1 }"#,
        &["setsockopt(4, SOL_IP, IP_PKTINFO, [1], 4) = 0"],
    ),
    (
        r#"{ bind = "receiver", to = "[::ffff:127.0.0.1]:0" }"#,
        &[
            "bind(4, {sa_family=AF_INET6",
            "\"::ffff:127.0.0.1\"",
            "}, 28) = 0",
        ],
    ),
    (r#"{ getsockname = "receiver" }"#, &["getsockname(4, "]),
    (
        r#"{ socket = "sender", type = "udp6" }"#,
        &["socket(AF_INET6, SOCK_DGRAM|SOCK_CLOEXEC, IPPROTO_IP) = 6"],
    ),
    (
        r#"{ sendto = "sender", to = "[::ffff:127.0.0.1]:{receiver.port}", data = "one" }"#,
        &["sendto(6, \"one\", 3, 0, {sa_family=AF_INET6", "}, 28) = 3"],
    ),
    (
        r#"{ recvfrom = "receiver" }"#,
        &[
            "recvfrom(4, \"one\", 2048, 0, {sa_family=AF_INET6",
            "[128 => 28]) = 3",
        ],
    ),
    (
        r#"{ sendmsg = "sender", to = "[::ffff:127.0.0.1]:{receiver.port}", data = "two", IP_PKTINFO = "127.0.0.2" }"#,
        &[
            "sendmsg(6, {msg_name={sa_family=AF_INET6",
            "cmsg_level=SOL_IP, cmsg_type=IP_PKTINFO",
            "ipi_spec_dst=inet_addr(\"127.0.0.2\")",
            "}, 0) = 3",
        ],
    ),
    (
        r#"{ recvmsg = "receiver", control = 64, save = "two" }"#,
        &[
            "recvmsg(4, {msg_name={sa_family=AF_INET6",
            "\"two\"",
            "cmsg_type=IP_PKTINFO",
            "}, 0) = 3",
        ],
    ),
    (
        r#"{ poll = "receiver", events = ["POLLIN", "POLLOUT"], timeout = 7 }"#,
        &["poll([{fd=4, events=POLLIN|POLLOUT}], 1, 7) = 1", "POLLOUT"],
    ),
    (
        r#"{ setsockopt = "conn", SO_LINGER = { l_onoff = 1, l_linger = 3 } }"#,
        &["setsockopt(5, SOL_SOCKET, SO_LINGER, {l_onoff=1, l_linger=3}, 8) = 0"],
    ),
    (
        r#"{ setsockopt = "receiver", IPV6_MULTICAST_IF = 1 }"#,
        &["setsockopt(4, SOL_IPV6, IPV6_MULTICAST_IF, [1], 4) = 0"],
    ),
    (
        r#"{ getsockopt = "receiver", option = "SO_DOMAIN", save = "domain" }"#,
        &["getsockopt(4, SOL_SOCKET, SO_DOMAIN, [10], [4]) = 0"],
    ),
    (
        r#"{ bind = "sender", to = "127.0.0.1:0", namelen = 5, result = "any" }"#,
        &["bind(6, ", ", 5) = -1 EINVAL"],
    ),
    // The longest length in the language is passed as it is.
    (
        r#"{ bind = "sender", to = "127.0.0.1:0", namelen = 65536, result = "any" }"#,
        &["bind(6, ", ", 65536) = -1 EINVAL"],
    ),
    // It parses an address without a system call.
    (
        r#"{ getaddrinfo = "::1", type = "SOCK_STREAM", flags = ["AI_NUMERICHOST"] }"#,
        &[],
    ),
];

fn requests() -> Vec<u8> {
    let steps: Vec<&str> = STEPS.iter().map(|(step, _)| *step).collect();
    let text = format!(
        "title = \"t\"\nask = \"?\"\nsteps = [\n{}\n]\nanswer = \"{{two.pktinfo}} {{domain}}\"\n",
        steps.join(",\n")
    );
    let scenario = Scenario::parse("trace/every-call", SourceFile::new("trace.toml", text));
    let case = scenario
        .unwrap_or_else(|problems| panic!("{problems}"))
        .cases
        .remove(0);
    lines(vec![case])
}

fn lines(cases: Vec<Case>) -> Vec<u8> {
    let mut lines = Vec::new();
    for Case { id, script, .. } in cases {
        write_line(&mut lines, &Request::Run { case: id, script }).unwrap();
    }
    lines
}

/// What strace sees of the agent, without the agent's other calls that have nothing to do
/// with sockets.
fn traced(requests: &[u8]) -> Option<Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("strace");
    let child = Command::new("strace")
        .args([
            "-f",
            "-qq",
            "-e",
            "trace=network,close,poll",
            "-e",
            "signal=none",
            "-s",
            "64",
            "-o",
        ])
        .arg(&log)
        .arg(program())
        .arg("agent")
        .stdin(Stdio::piped())
        .stdout(File::create(folder.path().join("stdout")).unwrap())
        .spawn();
    let mut child = child.ok()?;
    child.stdin.take().unwrap().write_all(requests).unwrap();
    assert!(child.wait().unwrap().success());
    let said = std::fs::read_to_string(folder.path().join("stdout")).unwrap();
    assert!(said.contains("\"observed\""), "{said}");
    let log = std::fs::read_to_string(log).unwrap();
    let calls = log
        .lines()
        .filter_map(|line| Some(line.split_once(' ')?.1.trim().to_owned()));
    // strace pads a short call to align the results.
    let calls = calls.map(|call| call.split_whitespace().collect::<Vec<_>>().join(" "));
    Some(
        calls
            .skip_while(|call| !call.starts_with("socket("))
            .collect(),
    )
}

fn without_strace() {
    let demanded = std::env::var_os("DUALSTACK_DEMAND").is_some_and(|value| value == "1");
    assert!(!demanded, "strace is not here, and is demanded");
    println!("unsupported here: strace could not be started, so nothing was checked");
}

/// Each case makes its socket and closes it, and nothing between.
#[test]
fn what_may_not_be_reached_makes_no_call() {
    let cases = reach::scenario().cases;
    let ways = cases.len();
    let Some(calls) = traced(&lines(cases)) else {
        return without_strace();
    };
    let made: Vec<&str> = calls
        .iter()
        .filter_map(|call| call.split('(').next())
        .collect();
    assert_eq!(made, ["socket", "close"].repeat(ways), "{calls:#?}");
}

#[test]
fn a_case_makes_the_calls_it_lists_and_no_others() {
    let Some(calls) = traced(&requests()) else {
        return without_strace();
    };
    let shown = STEPS.iter().filter(|(_, shown)| !shown.is_empty());
    let made = shown.clone().count();
    for ((step, shown), call) in shown.zip(&calls) {
        for part in *shown {
            assert!(call.contains(part), "{step}\n  made {call}\n  not  {part}");
        }
    }
    // The rest is the end of the case, which closes the sockets, and of the agent.
    let rest = &calls[made..];
    let closed: Vec<&String> = rest
        .iter()
        .filter(|call| call.starts_with("close("))
        .collect();
    assert_eq!(closed.len(), 4, "{rest:#?}");
    assert_eq!(rest.len(), closed.len(), "{rest:#?}");
}

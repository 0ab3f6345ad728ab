//! Cases of these tests' own, run by the command's own agent: what is an answer, and what
//! is an error.
#![cfg(target_os = "linux")]

mod program;

use std::process::Command;

use dualstack::command::run_cases;
use dualstack_lab::{Platform, Remote, Terms, ThisMachine};
use dualstack_report::{Results, Verdict};
use dualstack_scenario::{Scenario, SourceFile};
use program::program;
use rstest::rstest;

/// The command of an agent that is started by this shell line.
fn agent(start: &str) -> String {
    format!("{start} '{}' agent", program().display())
}

/// Runs steps with that agent.
fn run(start: &str, steps: &str) -> Results {
    run_on(&Remote::new("via", agent(start)), "", steps)
}

/// Runs steps, in a file with these further keys.
fn run_on(platform: &dyn Platform, keys: &str, steps: &str) -> Results {
    let text = format!(
        "title = \"t\"\nask = \"?\"\nrequires = {{ ipv4 = \"any\", ipv6 = \"any\" }}\n{keys}\n\
         steps = [\n{steps}\n]\nanswer = \"made\"\n"
    );
    let scenario = Scenario::parse("own/case", SourceFile::new("case.toml", text));
    let scenario = scenario.unwrap_or_else(|problems| panic!("{problems}"));
    run_cases(&[platform], &[scenario], Terms::default(), &|_, _| {})
}

fn why(results: &Results) -> &str {
    let cell = &results.cells[0];
    assert_eq!(cell.verdict, Verdict::Error, "{cell:?}");
    cell.why.as_deref().unwrap_or_default()
}

#[test]
fn no_descriptor() {
    let sockets: Vec<String> = (0..20)
        .map(|number| format!("{{ socket = \"s{number}\", type = \"udp4\", result = \"any\" }},"))
        .collect();
    let results = run("ulimit -n 12; exec", &sockets.join("\n"));
    let why = why(&results);
    assert!(
        why.contains("no memory or no descriptor was free: EMFILE"),
        "{why}"
    );
}

/// Starts a command in a namespace where the system has two ports to give.
const TWO_PORTS: &str = "unshare --net --map-root-user sh -c 'ip link set lo up && echo 40000 40001 >/proc/sys/net/ipv4/ip_local_port_range && exec \"$@\"' -";

#[test]
fn no_port() {
    if !namespaces() {
        return;
    }
    let sockets = (0..3).map(|number| {
        format!("{{ socket = \"s{number}\", type = \"udp4\" }},\n{{ bind = \"s{number}\", to = \"127.0.0.1:0\", result = \"any\" }},")
    });
    let results = run(&format!("exec {TWO_PORTS}"), &sockets.collect::<String>());
    let why = why(&results);
    assert!(
        why.contains("fewer than 8 ports were free: EADDRINUSE"),
        "{why}"
    );
}

/// One port is the listener's, and the other leads to it already.
#[test]
fn no_port_for_this_peer() {
    if !namespaces() {
        return;
    }
    let mut steps = r#"
        { socket = "listener", type = "tcp4" },
        { bind = "listener", to = "127.0.0.1:0" },
        { listen = "listener" },
        { getsockname = "listener" },
    "#
    .to_owned();
    for number in 0..3 {
        steps += &format!(
            r#"
            {{ socket = "c{number}", type = "tcp4" }},
            {{ connect = "c{number}", to = "127.0.0.1:{{listener.port}}", result = "any" }},
            {{ close = "c{number}" }},
            "#
        );
    }
    let results = run(&format!("exec {TWO_PORTS}"), &steps);
    let why = why(&results);
    assert!(
        why.contains("fewer than 8 ports were free: EADDRNOTAVAIL"),
        "{why}"
    );
}

/// Whether network namespaces can be made here; says so if not.
fn namespaces() -> bool {
    let possible = Command::new("sh")
        .args(["-c", &format!("{TWO_PORTS} true")])
        .status();
    if possible.is_ok_and(|status| status.success()) {
        return true;
    }
    let demanded = std::env::var_os("DUALSTACK_DEMAND").is_some_and(|value| value == "1");
    assert!(
        !demanded,
        "no network namespace can be made here, and is demanded"
    );
    println!("unsupported here: no network namespace can be made");
    false
}

/// Starts a command in a namespace of its own, which can make no other.
const ONE_NETWORK: &str = "unshare --net --map-root-user sh -c 'ip link set lo up && echo 0 >/proc/sys/user/max_net_namespaces && exec \"$@\"' -";

/// The first case leaves the port in TIME_WAIT.
#[rstest]
#[case::in_a_namespace_of_the_agent("", "127.0.0.1", "exec")]
#[case::where_there_is_none("", "127.0.0.1", ONE_NETWORK)]
#[case::on_a_host("hosts = [\"here\", \"there\"]", "{here.ipv4}", "exec")]
fn each_case_finds_its_ports_free(#[case] keys: &str, #[case] address: &str, #[case] start: &str) {
    if !namespaces() {
        return;
    }
    let on = |host| {
        if keys.is_empty() {
            String::new()
        } else {
            format!(", host = \"{host}\"")
        }
    };
    let steps = format!(
        r#"
        {{ socket = "listener", type = "tcp4"{} }},
        {{ bind = "listener", to = "{address}:50000" }},
        {{ listen = "listener" }},
        {{ socket = "client", type = "tcp4"{} }},
        {{ connect = "client", to = "{address}:50000" }},
        {{ accept = "listener", as = "connection" }},
        {{ send = "client", data = "{{time}}" }},
        {{ close = "connection" }},
        "#,
        on("here"),
        on("there"),
    );
    let platform = Remote::new("via", agent(start));
    let results = run_on(
        &platform,
        &format!("parameters = {{ time = [\"1\", \"2\", \"3\"] }}\n{keys}"),
        &steps,
    );
    let answers: Vec<_> = results
        .cells
        .iter()
        .map(|cell| cell.answer.as_deref())
        .collect();
    assert_eq!(answers, [Some("made"); 3], "{:#?}", results.cells);
}

/// A receiver, and a sender that sends to it or not.
fn waiting(sends: bool) -> String {
    let sendto = r#"{ sendto = "sender", to = "127.0.0.1:{receiver.port}", data = "x" },"#;
    format!(
        r#"
        {{ socket = "receiver", type = "udp4" }},
        {{ bind = "receiver", to = "127.0.0.1:0" }},
        {{ getsockname = "receiver" }},
        {{ socket = "sender", type = "udp4" }},
        {}
        {{ recvfrom = "receiver", result = "hangs", within = 200 }},
        "#,
        if sends { sendto } else { "" }
    )
}

#[test]
fn a_call_that_does_not_return_can_be_the_answer() {
    let results = run("exec", &waiting(false));
    assert_eq!(results.cells[0].answer.as_deref(), Some("made"));
}

#[test]
fn a_call_that_returns_does_not_hang() {
    let results = run("exec", &waiting(true));
    let answer = results.cells[0].answer.as_deref();
    assert_eq!(answer, Some("ok from recvfrom receiver"));
}

/// Each case closes its connection first on the listener's side, which keeps the port in
/// use for a minute (TIME_WAIT). Without SO_REUSEADDR the next case cannot bind it.
#[test]
fn a_port_of_an_earlier_case_is_free() {
    if !namespaces() {
        return;
    }
    let steps = r#"
        { socket = "listener", type = "tcp4" },
        { bind = "listener", to = "127.0.0.1:40000" },
        { listen = "listener", backlog = 1 },
        { socket = "client", type = "tcp4" },
        { connect = "client", to = "127.0.0.1:40000" },
        { accept = "listener", as = "conn" },
        { close = "conn" },
        { recv = "client" },
        { close = "client" },
        { socket = "row{n}", type = "udp4" },
    "#;
    let platform = ThisMachine::new(program(), vec!["agent".into()]).isolated();
    let rows = "rows = [{ n = 1 }, { n = 2 }, { n = 3 }]";
    let results = run_on(&platform, rows, steps);
    let answers: Vec<_> = results
        .cells
        .iter()
        .map(|cell| cell.answer.as_deref())
        .collect();
    assert_eq!(answers, [Some("made"); 3], "{:?}", results.cells);
}

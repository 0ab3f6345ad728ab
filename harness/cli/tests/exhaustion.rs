//! A machine that has run out of something gives no answer: the cell is an error, whatever
//! was expected.
#![cfg(target_os = "linux")]

mod program;

use std::process::Command;

use dualstack::command::run_cases;
use dualstack_lab::{Remote, Terms};
use dualstack_report::{Results, Verdict};
use dualstack_scenario::{Scenario, SourceFile};
use program::program;

/// Runs steps with an agent that is started by this command.
fn run(start: &str, steps: &str) -> Results {
    let text = format!(
        "title = \"t\"\nask = \"?\"\nrequires = {{ ipv4 = \"any\", ipv6 = \"any\" }}\n\
         steps = [\n{steps}\n]\nanswer = \"made\"\n"
    );
    let scenario = Scenario::parse("own/case", SourceFile::new("case.toml", text));
    let scenario = scenario.unwrap_or_else(|problems| panic!("{problems}"));
    let agent = format!("{start} '{}' agent", program().display());
    let platform = Remote::new("via", agent);
    run_cases(&[&platform], &[scenario], Terms::default(), &|_, _| {})
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
    let possible = Command::new("sh")
        .args(["-c", &format!("{TWO_PORTS} true")])
        .status();
    if !possible.is_ok_and(|status| status.success()) {
        let demanded = std::env::var_os("DUALSTACK_DEMAND").is_some_and(|value| value == "1");
        assert!(
            !demanded,
            "no network namespace can be made here, and is demanded"
        );
        println!("unsupported here: no network namespace can be made");
        return;
    }
    let sockets = (0..3).map(|number| {
        format!("{{ socket = \"s{number}\", type = \"udp4\" }},\n{{ bind = \"s{number}\", to = \"127.0.0.1:0\", result = \"any\" }},")
    });
    let results = run(&format!("exec {TWO_PORTS}"), &sockets.collect::<String>());
    let why = why(&results);
    assert!(why.contains("no port was free: EADDRINUSE"), "{why}");
}

//! Common code of the tests of real platforms.

use std::env;

use dualstack_lab::{CaseResult, Platform, Run, Terms, Unusable, run};
use dualstack_scenario::{Answer, Case, Scenario, SourceFile};

/// Whether a platform can be tested. If not, this is reported, and with
/// `DUALSTACK_DEMAND=1` it fails the test.
pub(crate) fn usable(name: &str, availability: Result<(), Unusable>) -> bool {
    let Err(unusable) = availability else {
        return true;
    };
    let message = format!("{name} cannot be used here: {unusable}");
    let demanded = env::var_os("DUALSTACK_DEMAND").is_some_and(|value| value == "1");
    assert!(!demanded, "{message}");
    println!("{message}");
    false
}

/// The cases of a scenario without its title and question.
pub(crate) fn cases(scenario: &str) -> Vec<Case> {
    let text = format!("title = \"t\"\nask = \"?\"\n{scenario}");
    let parsed = Scenario::parse("topic/file", SourceFile::new("file.toml", text));
    parsed.unwrap().cases
}

pub(crate) fn carry_out(platform: &dyn Platform, cases: &[Case]) -> Run {
    let cases: Vec<&Case> = cases.iter().collect();
    run(platform, &cases, Terms::default(), |_| {})
}

/// The result of each case, as one line.
pub(crate) fn results(cases: &[Case], run: &Run) -> Vec<String> {
    let results = run.ran.iter().map(|ran| match &ran.result {
        CaseResult::Observed(observation) => match cases[ran.case].answer(observation) {
            Answer::Text(answer) => answer,
            other => format!("{other:?}"),
        },
        CaseResult::Cannot(cannot) => format!("cannot: {}", cannot.why),
        CaseResult::Lost(broken) => format!("lost: {broken} {}", broken.stderr),
    });
    results.collect()
}

/// The smallest scenario.
pub(crate) const LEAST: &str = r#"
steps = [{ socket = "s", type = "udp6" }]
answer = "made"
"#;

/// A listener for both families, and an IPv4 client.
pub(crate) const MAPPED_PEER: &str = r#"
steps = [
  { socket = "listener", type = "tcp6" },
  { setsockopt = "listener", IPV6_V6ONLY = 0 },
  { bind = "listener", to = "[::]:0" },
  { listen = "listener" },
  { getsockname = "listener" },
  { socket = "client", type = "tcp4" },
  { connect = "client", to = "127.0.0.1:{listener.port}" },
  { accept = "listener", as = "conn" },
]
answer = "{conn.from}"
"#;

/// Three cases, of which the second waits for a datagram that never comes, as long as a
/// call may take.
pub(crate) const WAITING_IN_THE_MIDDLE: &str = r#"
parameters = { wait = [0, 1, 2] }
steps = [
  { socket = "s", type = "udp6" },
  { bind = "s", to = "[::1]:0" },
  { recv = "s", when = { wait = "1" } },
]
answer = "case {wait}"
"#;

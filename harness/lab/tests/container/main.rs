//! Real containers: known answers, conditions set up by the engine, containers that
//! disappear while they are needed, and nothing left behind.
//!
//! If there is no engine, this is reported; with `DUALSTACK_DEMAND=1` it fails.

mod engine;
mod hosts;
#[path = "../real/mod.rs"]
mod real;

use std::env;
use std::process::{Command, Output, Stdio};

use dualstack_lab::{CaseResult, Container, Event, Link, NoStart, Platform, Terms, interrupt, run};
use dualstack_scenario::{Case, Requires};
use engine::Engine;
use real::{LEAST, MAPPED_PEER, WAITING_IN_THE_MIDDLE, carry_out, cases, results};
use rstest::rstest;

#[rstest]
#[case(Container::new())]
#[case(Container::gvisor())]
fn a_client_of_ipv4_is_mapped(#[case] container: Container) {
    let Some(engine) = Engine::of(container) else {
        return;
    };
    let cases = cases(MAPPED_PEER);
    let run = carry_out(&container, &cases);
    assert_eq!(results(&cases, &run), ["::ffff:127.0.0.1"]);
    assert_eq!(engine.mine(), Vec::<String>::new());
}

#[test]
fn gvisor_in_a_container_is_known_as_such() {
    let Some(_engine) = Engine::of(Container::gvisor()) else {
        return;
    };
    let run = carry_out(&Container::gvisor(), &cases(MAPPED_PEER));
    let machine = run.machine.unwrap();
    let environment = machine.system.environment.unwrap();
    assert_eq!(environment.name, "gvisor");
    assert_ne!(environment.version, "");
}

#[rstest]
#[case::ipv6_only_by_default(
    "{ bindv6only = 1 }",
    r#"{ socket = "s", type = "udp6" }, { getsockopt = "s", option = "IPV6_V6ONLY", save = "got" }"#,
    "1",
    "net.ipv6.bindv6only = 1"
)]
#[case::ipv4_disabled(
    r#"{ ipv4 = "disabled" }"#,
    r#"{ socket = "s", type = "udp4", result = "any", save = "got" }"#,
    "EAFNOSUPPORT",
    "seccomp profile answers socket(AF_INET)"
)]
#[case::ipv6_disabled(
    r#"{ ipv6 = "disabled" }"#,
    r#"{ socket = "s", type = "udp6", result = "any", save = "got" }"#,
    "EAFNOSUPPORT",
    "seccomp profile answers socket(AF_INET6)"
)]
#[case::ipv6_off(
    r#"{ ipv6 = "off" }"#,
    r#"{ socket = "s", type = "udp6" }, { bind = "s", to = "[::1]:0", result = "any", save = "got" }"#,
    "EADDRNOTAVAIL",
    "net.ipv6.conf.all.disable_ipv6 = 1"
)]
#[case::no_ipv4_address(
    r#"{ ipv4 = "no address" }"#,
    r#"{ socket = "s", type = "udp4" }, { bind = "s", to = "127.0.0.1:0", result = "any", save = "got" }"#,
    "EADDRNOTAVAIL",
    "127.0.0.1 removed from lo"
)]
fn the_engine_gives_what_is_required(
    #[case] requires: &str,
    #[case] steps: &str,
    #[case] answer: &str,
    #[case] means: &str,
) {
    let Some(engine) = Engine::of(Container::new()) else {
        return;
    };
    let cases = cases(&format!(
        "requires = {requires}\nsteps = [{steps}]\nanswer = \"{{got}}\""
    ));
    let run = carry_out(&Container::new(), &cases);
    assert_eq!(results(&cases, &run), [answer]);
    let ready = &run.conditions[0].ready;
    let told = ready.means.iter().any(|told| told.contains(means));
    assert!(told, "{ready:?}");
    assert_eq!(engine.mine(), Vec::<String>::new());
}

#[test]
fn gvisor_has_no_bindv6only_and_the_probes_say_so() {
    let Some(engine) = Engine::of(Container::gvisor()) else {
        return;
    };
    let cases = cases(&format!("requires = {{ bindv6only = 1 }}{LEAST}"));
    let run = carry_out(&Container::gvisor(), &cases);
    let CaseResult::Cannot(cannot) = &run.ran[0].result else {
        panic!("{:?}", run.ran);
    };
    assert_eq!(
        cannot.probes[0].to_string(),
        "socket(AF_INET, SOCK_DGRAM) = ok"
    );
    assert_eq!(engine.mine(), Vec::<String>::new());
}

#[test]
fn a_container_that_is_removed_in_the_middle_costs_the_case_at_hand() {
    let Some(engine) = Engine::of(Container::new()) else {
        return;
    };
    let cases = cases(WAITING_IN_THE_MIDDLE);
    let cases: Vec<&Case> = cases.iter().collect();
    let mut removed = Vec::new();
    let run = run(&Container::new(), &cases, Terms::default(), |event| {
        if matches!(event, Event::Answered { .. }) && removed.is_empty() {
            removed = engine.mine();
            removed.iter().for_each(|name| engine.remove(name));
        }
    });
    assert_eq!(removed.len(), 1);
    let came_to: Vec<_> = run.ran.iter().map(|ran| &ran.result).collect();
    let [first, CaseResult::Lost(broken), last] = came_to.as_slice() else {
        panic!("{came_to:?}");
    };
    assert!(matches!(first, CaseResult::Observed(_)), "{first:?}");
    assert!(matches!(last, CaseResult::Observed(_)), "{last:?}");
    let told = broken
        .what
        .strip_prefix("the agent ended before it was done (");
    println!("{}", broken.what);
    assert!(told.is_some(), "{broken:?}");
    assert_eq!(engine.mine(), Vec::<String>::new());
}

/// Set for a test that is a process of another test.
const PART: &str = "DUALSTACK_TEST_PART";

/// Runs `plays_a_part` in a separate process.
fn play(part: &str, environment: &[(&str, &str)]) -> (u32, Output) {
    let child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "plays_a_part", "--ignored", "--nocapture"])
        .env(PART, part)
        .envs(environment.iter().copied())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    (child.id(), child.wait_with_output().unwrap())
}

#[test]
#[ignore = "other tests run it in processes of their own"]
fn plays_a_part() {
    let container = Container::new();
    match env::var(PART).as_deref() {
        Ok("dies") => {
            let engine = Engine::of(container).unwrap();
            let _link = start(&container).unwrap();
            die_leaving(&engine.mine());
        }
        Ok("dies with hosts") => {
            let engine = Engine::of(container).unwrap();
            let _links = container.start_hosts(&Requires::default());
            die_leaving(&engine.mine());
        }
        Ok("is interrupted") => {
            let cases = cases(WAITING_IN_THE_MIDDLE);
            let cases: Vec<&Case> = cases.iter().collect();
            let run = run(&container, &cases, Terms::default(), |event| {
                if matches!(event, Event::Answered { .. }) {
                    interrupt();
                }
            });
            let last = &run.ran[2].result;
            assert!(matches!(last, CaseResult::Lost(_)), "{last:?}");
        }
        Ok("looks") => println!("{:?}", container.availability()),
        _ => {}
    }
}

/// Ends the process without cleaning up, after it has reported what exists.
fn die_leaving(things: &[String]) -> ! {
    println!("{LEAVING}{}", things.join(" "));
    std::process::abort();
}

const LEAVING: &str = "leaving ";

fn start(container: &Container) -> Result<Link, NoStart> {
    container.start(&Requires::default())
}

/// Another test's process may clean up first: it only matters that it is gone.
#[rstest]
#[case::a_container("dies", 1)]
#[case::two_and_their_network("dies with hosts", 3)]
fn what_a_process_left_that_died_is_removed(#[case] part: &str, #[case] things: usize) {
    let Some(engine) = Engine::of(Container::new()) else {
        return;
    };
    let (process, output) = play(part, &[]);
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let left = said.lines().find_map(|line| line.strip_prefix(LEAVING));
    assert_eq!(
        left.unwrap_or_default().split(' ').count(),
        things,
        "{said}"
    );
    Container::new().clean().unwrap();
    assert_eq!(engine.labelled(process), Vec::<String>::new());
}

#[test]
fn a_container_that_is_in_use_is_no_leftover() {
    let Some(engine) = Engine::of(Container::new()) else {
        return;
    };
    let link = start(&Container::new()).unwrap();
    Container::new().clean().unwrap();
    assert_eq!(engine.mine().len(), 1);
    drop(link);
    assert_eq!(engine.mine(), Vec::<String>::new());
}

#[test]
fn a_run_that_is_interrupted_leaves_nothing() {
    let Some(engine) = Engine::of(Container::new()) else {
        return;
    };
    let (process, output) = play("is interrupted", &[]);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(engine.labelled(process), Vec::<String>::new());
}

#[test]
fn an_engine_that_is_not_there_is_told_with_the_fix() {
    let (_, output) = play("looks", &[("DOCKER_HOST", "unix:///nowhere/docker.sock")]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        said.contains("Unusable { why: \"failed to find the container engine"),
        "{said}"
    );
    assert!(said.contains("dualstack setup container"), "{said}");
}

#[test]
fn what_is_required_is_asked_of_the_engine() {
    // Nothing is started: this holds wherever the tests run.
    let cases = cases(&format!("requires = {{ bindv6only = 1 }}{LEAST}"));
    let means = Container::new().means(&cases[0].requires);
    let last = means.last().map(String::as_str);
    assert_eq!(last, Some("container with net.ipv6.bindv6only = 1"));
    assert_eq!(
        Container::gvisor().means(&Requires::default()),
        Vec::<String>::new()
    );
}

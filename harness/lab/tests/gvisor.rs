//! Real gVisor: known answers, conditions that are supported there and that are not, a
//! sandbox that disappears while it is needed, and nothing left behind.
//!
//! If gVisor is not available, this is reported; with `DUALSTACK_DEMAND=1` it fails.
#![cfg(target_os = "linux")]

mod real;

use std::fs;
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use dualstack_lab::gvisor::leftovers;
use dualstack_lab::{CaseResult, Event, Gvisor, Platform, Terms, run};
use dualstack_scenario::Case;
use real::{LEAST, MAPPED_PEER, WAITING_IN_THE_MIDDLE, carry_out, cases, results, usable};
use rstest::rstest;

/// Objects are found by this process's number, so two tests in one process would find
/// each other's sandboxes.
static ALONE: Mutex<()> = Mutex::new(());

fn gvisor() -> Option<MutexGuard<'static, ()>> {
    let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    usable("gvisor", Gvisor.availability()).then_some(alone)
}

/// The directories of this process's sandboxes.
fn directories() -> Vec<String> {
    let mine = format!("dualstack-gvisor-{}-", std::process::id());
    let entries = fs::read_dir(std::env::temp_dir()).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    names.filter(|name| name.starts_with(&mine)).collect()
}

/// The processes with the directory of one of this process's sandboxes in their command
/// line or environment.
fn processes() -> Vec<u32> {
    let mine = format!("dualstack-gvisor-{}-", std::process::id());
    let numbers = fs::read_dir("/proc").unwrap().filter_map(|entry| {
        let number = entry.ok()?.file_name().to_str()?.parse::<u32>().ok()?;
        let names = |file| {
            let text = fs::read(format!("/proc/{number}/{file}")).unwrap_or_default();
            String::from_utf8_lossy(&text).contains(&mine)
        };
        (names("cmdline") || names("environ")).then_some(number)
    });
    numbers.collect()
}

#[test]
fn a_client_of_ipv4_is_mapped() {
    let Some(_alone) = gvisor() else { return };
    let cases = cases(MAPPED_PEER);
    let run = carry_out(&Gvisor, &cases);
    assert_eq!(results(&cases, &run), ["::ffff:127.0.0.1"]);
    let environment = run.machine.unwrap().system.environment.unwrap();
    assert_eq!(environment.name, "gvisor");
    assert_ne!(environment.version, "");
    assert_eq!(directories(), Vec::<String>::new());
}

#[rstest]
#[case("udp4", r#"{ ipv4 = "disabled" }"#)]
#[case("udp6", r#"{ ipv6 = "disabled" }"#)]
fn a_family_is_disabled_by_the_agents_filter(#[case] kind: &str, #[case] requires: &str) {
    let Some(_alone) = gvisor() else { return };
    let cases = cases(&format!(
        "requires = {requires}\nanswer = \"{{made}}\"\n\
         steps = [{{ socket = \"s\", type = \"{kind}\", result = \"any\", save = \"made\" }}]"
    ));
    assert_eq!(
        results(&cases, &carry_out(&Gvisor, &cases)),
        ["EAFNOSUPPORT"]
    );
}

#[rstest]
#[case("{ bindv6only = 1 }")]
#[case(r#"{ ipv6 = "off" }"#)]
#[case(r#"{ ipv4 = "no address" }"#)]
fn what_gvisor_has_not_is_unsupported_with_the_probes(#[case] requires: &str) {
    let Some(_alone) = gvisor() else { return };
    let cases = cases(&format!("requires = {requires}{LEAST}"));
    let run = carry_out(&Gvisor, &cases);
    let CaseResult::Cannot(cannot) = &run.ran[0].result else {
        panic!("{:?}", run.ran);
    };
    assert!(cannot.probes.len() >= 3, "{cannot:?}");
    assert_eq!(directories(), Vec::<String>::new());
}

#[test]
fn a_sandbox_that_is_killed_in_the_middle_costs_the_case_at_hand() {
    let Some(_alone) = gvisor() else { return };
    let cases = cases(WAITING_IN_THE_MIDDLE);
    let cases: Vec<&Case> = cases.iter().collect();
    let mut killed = Vec::new();
    let run = run(&Gvisor, &cases, Terms::default(), |event| {
        if matches!(event, Event::Answered { .. }) && killed.is_empty() {
            killed = processes();
            let numbers = killed.iter().map(u32::to_string);
            _ = Command::new("kill").arg("-9").args(numbers).output();
        }
    });
    assert_ne!(killed, Vec::<u32>::new());
    let came_to: Vec<_> = run.ran.iter().map(|ran| &ran.result).collect();
    let [
        CaseResult::Observed(_),
        CaseResult::Lost(broken),
        CaseResult::Observed(_),
    ] = came_to.as_slice()
    else {
        panic!("{came_to:?}");
    };
    assert!(broken.what.contains("signal: 9"), "{broken:?}");
    assert_eq!(directories(), Vec::<String>::new());
    // The kernel ends a sandbox when the `runsc` that held it is gone.
    let deadline = Instant::now() + Duration::from_secs(10);
    while !processes().is_empty() {
        assert!(Instant::now() < deadline, "{:?}", processes());
        std::thread::yield_now();
    }
}

#[test]
fn a_sandbox_that_is_in_use_is_no_leftover() {
    let Some(_alone) = gvisor() else { return };
    let link = Gvisor.start(&cases(LEAST)[0].requires);
    assert_eq!(directories().len(), 1);
    let found = leftovers().unwrap();
    let mine = format!("dualstack-gvisor-{}-", std::process::id());
    let mine = found
        .iter()
        .filter(|path| path.to_string_lossy().contains(&mine));
    assert_eq!(mine.count(), 0, "{found:?}");
    drop(link);
    assert_eq!(directories(), Vec::<String>::new());
}

//! Real virtual machines: a known answer from every kernel, conditions by boot
//! parameters, kernels that do not start, agents and machines that disappear while they
//! are needed, and nothing left behind.
//!
//! If no machine can be started, this is reported; with `DUALSTACK_DEMAND=1` it fails.
#![cfg(target_os = "linux")]

mod real;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use dualstack_lab::vm::Kernel;
use dualstack_lab::{
    Broken, CaseResult, Event, NoStart, Platform, Terms, Unusable, Vm, interrupt, run,
};
use dualstack_scenario::{Case, Size, step};
use real::{LEAST, MAPPED_PEER, WAITING_IN_THE_MIDDLE, carry_out, cases, results, usable};
use rstest::rstest;

/// Machines are found as this process's children, so two tests in one process would find
/// each other's machines.
static ALONE: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The machine with the kernel that boots fastest, unless there is none.
fn vm() -> Option<(MutexGuard<'static, ()>, Vm)> {
    let alone = alone();
    let vm = Vm::all().swap_remove(0);
    usable(vm.name(), vm.availability()).then_some((alone, vm))
}

/// The machines of this process.
fn machines() -> Vec<u32> {
    machines_of(std::process::id())
}

/// The machines of a process, without those that have ended and are not reaped yet.
fn machines_of(process: u32) -> Vec<u32> {
    let process = process.to_string();
    let numbers = fs::read_dir("/proc").unwrap().filter_map(|entry| {
        let number = entry.ok()?.file_name().to_str()?.parse::<u32>().ok()?;
        let stat = fs::read_to_string(format!("/proc/{number}/stat")).ok()?;
        // proc_pid_stat(5): the number, the name in brackets, the state, the parent.
        let (name, fields) = stat.rsplit_once(") ")?;
        let (state, fields) = fields.split_once(' ')?;
        let mine = fields.split(' ').next() == Some(&process);
        // A process can be reaped when its last thread has ended.
        let threads = fs::read_dir(format!("/proc/{number}/task")).ok()?.count();
        let ended = state == "Z" && threads <= 1;
        (mine && !ended && name.contains("(qemu-system")).then_some(number)
    });
    numbers.collect()
}

/// Kills the machines of this process, and returns when they are gone.
fn kill_machines() {
    for number in machines() {
        let killed = Command::new("kill")
            .args(["-9", &number.to_string()])
            .status();
        assert!(killed.unwrap().success());
    }
    while !machines().is_empty() {
        std::thread::yield_now();
    }
}

fn lost(result: &CaseResult) -> &Broken {
    match result {
        CaseResult::Lost(broken) => broken,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_kernel_maps_a_client_of_ipv4_and_is_the_one_that_it_is_called() {
    let _alone = alone();
    for vm in Vm::all() {
        if !usable(vm.name(), vm.availability()) {
            continue;
        }
        let cases = cases(MAPPED_PEER);
        let mut run = carry_out(&vm, &cases);
        assert_eq!(results(&cases, &run), ["::ffff:127.0.0.1"], "{}", vm.name());
        let machine = run.machine.as_mut().unwrap();
        vm.correct(machine);
        let series = vm.name().trim_start_matches("vm-").trim_end_matches('x');
        assert!(machine.system.version.starts_with(series), "{machine:?}");
        assert!(machine.edition.contains(" in QEMU ("), "{machine:?}");
    }
    assert_eq!(machines(), Vec::<u32>::new());
}

#[rstest]
#[case::no_ipv6(r#"{ ipv6 = "disabled" }"#, "EAFNOSUPPORT", "ipv6.disable=1")]
#[case::ipv6_off(r#"{ ipv6 = "off" }"#, "EADDRNOTAVAIL", "ipv6.disable_ipv6=1")]
#[case::v6only("{ bindv6only = 1 }", "1", "sysctl.net.ipv6.bindv6only=1")]
fn a_kernel_is_told_when_it_boots(
    #[case] requires: &str,
    #[case] answer: &str,
    #[case] parameter: &str,
) {
    let Some((_alone, vm)) = vm() else { return };
    let cases = cases(&format!(
        r#"
requires = {requires}
steps = [
  {{ socket = "s", type = "udp6", result = "any", save = "made" }},
  {{ bind = "s", to = "[::1]:0", result = "any", save = "bound", when = {{ made = "ok" }} }},
  {{ getsockopt = "s", option = "IPV6_V6ONLY", save = "v6only", when = {{ made = "ok" }} }},
]
answer = [
  {{ when = {{ made = "EAFNOSUPPORT" }}, say = "{{made}}" }},
  {{ when = {{ bound = "ok" }}, say = "{{v6only}}" }},
  {{ say = "{{bound}}" }},
]
"#
    ));
    let run = carry_out(&vm, &cases);
    assert_eq!(results(&cases, &run), [answer]);
    let means = &run.conditions[0].ready.means;
    assert_eq!(means, &[format!("the kernel parameter {parameter}")]);
}

#[rstest]
#[case(r#"{ ipv4 = "disabled" }"#, "EAFNOSUPPORT from socket s")]
#[case(r#"{ ipv4 = "no address" }"#, "EADDRNOTAVAIL from bind s")]
fn the_agent_arranges_what_a_kernel_cannot_be_told(#[case] requires: &str, #[case] answer: &str) {
    let Some((_alone, vm)) = vm() else { return };
    let steps = r#"
steps = [{ socket = "s", type = "udp4" }, { bind = "s", to = "127.0.0.1:0" }]
answer = "bound"
"#;
    let cases: Vec<Case> = [format!("requires = {requires}{steps}"), steps.to_owned()]
        .iter()
        .flat_map(|scenario| cases(scenario))
        .collect();
    let run = carry_out(&vm, &cases);
    assert_eq!(results(&cases, &run), [answer, "bound"]);
    // Both had their own agent on the machine that was probed.
    assert_eq!(machines().len(), 1);
}

/// A datagram from one host to the other.
const TO_ANOTHER_HOST: &str = r#"
hosts = ["NEAR", "FAR"]
steps = [
  { socket = "r", type = "udp6", host = "NEAR" },
  { bind = "r", to = "[{NEAR.ipv6}]:0" },
  { getsockname = "r" },
  { socket = "s", type = "udp6", host = "FAR" },
  { sendto = "s", to = "[{NEAR.ipv6}]:{r.port}", data = "ping" },
  { recvfrom = "r", save = "got" },
]
answer = "{got.from}"
"#;

fn from_host_to_host(near: &str, far: &str) -> Vec<Case> {
    cases(&TO_ANOTHER_HOST.replace("NEAR", near).replace("FAR", far))
}

#[test]
fn every_agent_of_a_machine_can_make_two_hosts() {
    let Some((_alone, vm)) = vm() else { return };
    let cases = [
        from_host_to_host("server", "client"),
        from_host_to_host("left", "right"),
    ]
    .concat();
    let run = carry_out(&vm, &cases);
    assert_eq!(results(&cases, &run), ["2001:db8::2", "2001:db8::2"]);
    // The second agent finds the module loaded that the first needed.
    assert_eq!(machines().len(), 1);
}

#[test]
fn without_its_module_a_kernel_has_one_host() {
    let _alone = alone();
    let Some(directory) = copy_of_a_kernel("kernel-without-module") else {
        return;
    };
    fs::remove_file(directory.join("veth.ko")).unwrap();
    let sums = directory.join("SHA256SUMS");
    let listed = fs::read_to_string(&sums).unwrap();
    let image = listed.lines().find(|line| line.ends_with(" vmlinux"));
    fs::write(&sums, format!("{}\n", image.unwrap())).unwrap();
    let vm = Vm::new("vm", Kernel::in_directory(&directory));
    let run = carry_out(&vm, &from_host_to_host("server", "client"));
    let CaseResult::Cannot(cannot) = &run.ran[0].result else {
        panic!("{:?}", run.ran);
    };
    let [probe] = cannot.probes.as_slice() else {
        panic!("{cannot:?}");
    };
    assert!(probe.result.contains("make a veth pair"), "{probe}");
    assert_eq!(cannot.module.as_deref(), Some("veth"));
    let fix = "`dualstack setup vm --update` downloads a kernel with the module veth";
    assert!(cannot.why.ends_with(fix), "{}", cannot.why);
    drop(vm);
    fs::remove_dir_all(directory).unwrap();
}

#[rstest]
#[case::it_panics(&["rdinit=/nothing"], "the agent ended before it was done", "Kernel panic")]
#[case::it_hangs(&["rdinit=/nothing", "panic=0"], "the agent said nothing", "Kernel panic")]
#[case::it_finds_no_port(&["acpi=off"], "the agent said nothing", "")]
fn a_kernel_that_does_not_come_up_is_lost_with_its_console(
    #[case] parameters: &[&str],
    #[case] what: &str,
    #[case] console: &str,
) {
    let started = Instant::now();
    let Some((_alone, vm)) = vm() else { return };
    drop(vm);
    let vm = Vm::all().swap_remove(0).with_parameters(parameters);
    let terms = Terms {
        // Finding the kernel and booting it took a quarter of that just now.
        start: started.elapsed() * 4,
        ..Terms::default()
    };
    let cases = cases(LEAST);
    let run = run(&vm, &cases.iter().collect::<Vec<_>>(), terms, |_| {});
    let broken = lost(&run.ran[0].result);
    assert!(broken.what.starts_with(what), "{broken:?}");
    assert!(broken.stderr.contains(console), "{broken:?}");
    assert_eq!(machines(), Vec::<u32>::new());
}

#[test]
fn an_agent_that_dies_in_the_machine_costs_the_case_at_hand() {
    let Some((_alone, vm)) = vm() else { return };
    let mut cases = cases(WAITING_IN_THE_MIDDLE);
    let recv = cases[1].script.steps.iter_mut().find_map(|step| {
        let step::Call::Recv(recv) = &mut step.call else {
            return None;
        };
        Some(recv)
    });
    // No file can have this size: more than the machine has.
    recv.unwrap().size = Some(Size(u32::MAX));
    let run = carry_out(&vm, &cases);
    let broken = lost(&run.ran[1].result);
    assert!(broken.what.contains("the agent ended"), "{broken:?}");
    let console = &broken.stderr;
    assert!(console.contains("memory allocation of"), "{broken:?}");
    assert!(
        console.contains("the agent ended with signal"),
        "{broken:?}"
    );
    let results = results(&cases, &run);
    assert_eq!([&results[0], &results[2]], ["case 0", "case 2"]);
}

#[test]
fn a_machine_that_is_killed_in_the_middle_costs_the_case_at_hand() {
    let Some((_alone, vm)) = vm() else { return };
    let cases = cases(WAITING_IN_THE_MIDDLE);
    let cases: Vec<&Case> = cases.iter().collect();
    let mut answered = 0;
    let run = run(&vm, &cases, Terms::default(), |event| {
        if matches!(event, Event::Answered { .. }) {
            answered += 1;
            if answered == 1 {
                kill_machines();
            }
        }
    });
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
    drop(vm);
    assert_eq!(machines(), Vec::<u32>::new());
}

#[test]
fn a_machine_that_was_killed_while_idle_is_replaced() {
    let Some((_alone, vm)) = vm() else { return };
    kill_machines();
    let cases = cases(LEAST);
    assert_eq!(results(&cases, &carry_out(&vm, &cases)), ["made"]);
}

#[test]
fn machines_end_when_the_harness_panics() {
    let Some((_alone, vm)) = vm() else { return };
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let link = vm.start(&cases(LEAST)[0].requires).ok();
        assert_eq!(machines().len(), 1);
        let _machine = (vm, link);
        std::panic::resume_unwind(Box::new("a panic"));
    }));
    assert!(panicked.is_err());
    assert_eq!(machines(), Vec::<u32>::new());
}

/// The [`interrupt`] of [`an_interrupt_ends_machines_that_are_idle`]: there is no run in this process after it.
#[test]
#[ignore = "it is started by another test"]
fn interrupts_while_a_machine_is_idle() {
    let (_alone, _vm) = vm().expect("a machine");
    assert_eq!(machines().len(), 1);
    interrupt();
    assert_eq!(machines(), Vec::<u32>::new());
}

#[test]
fn an_interrupt_ends_machines_that_are_idle() {
    let Some((_alone, _)) = vm() else { return };
    let name = "interrupts_while_a_machine_is_idle";
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--ignored"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("1 passed"), "{said}");
}

/// What [`machines_end_when_the_harness_is_killed`] kills.
#[test]
#[ignore = "it is started by another test, and never ends by itself"]
fn holds_a_machine() {
    let (_alone, vm) = vm().expect("a machine");
    let _link = vm.start(&cases(LEAST)[0].requires).ok();
    println!("{HELD}");
    loop {
        std::thread::park();
    }
}

const HELD: &str = "a machine is held";

#[test]
fn machines_end_when_the_harness_is_killed() {
    let Some((_alone, _)) = vm() else { return };
    let mut harness = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "holds_a_machine", "--ignored", "--nocapture"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(harness.stdout.take().unwrap()).lines();
    assert!(said.any(|line| line.unwrap().contains(HELD)));
    let machines = machines_of(harness.id());
    assert_eq!(machines.len(), 1);
    harness.kill().unwrap();
    harness.wait().unwrap();
    let deadline = Instant::now() + Duration::from_secs(5);
    while Path::new(&format!("/proc/{}", machines[0])).exists() {
        assert!(Instant::now() < deadline, "the machine goes on");
        std::thread::yield_now();
    }
}

/// A copy of the kernel that boots fastest; returns where it is.
fn copy_of_a_kernel(name: &str) -> Option<PathBuf> {
    let cached = Vm::all().swap_remove(0);
    if !usable(cached.name(), cached.availability()) {
        return None;
    }
    let from = Kernel::cached("5.10").directory().unwrap().to_owned();
    let to = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    _ = fs::remove_dir_all(&to);
    fs::create_dir_all(&to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
    Some(to)
}

#[rstest]
#[case("vmlinux")]
#[case("veth.ko")]
fn a_kernel_that_is_not_as_it_was_fetched_is_not_booted(#[case] file: &str) {
    let _alone = alone();
    let Some(directory) = copy_of_a_kernel(&format!("corrupted-{file}")) else {
        return;
    };
    let corrupted = directory.join(file);
    let mut bytes = fs::read(&corrupted).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&corrupted, bytes).unwrap();
    let vm = Vm::new("vm", Kernel::in_directory(&directory));
    let Err(Unusable { why, fix }) = vm.availability() else {
        panic!("a corrupted kernel was booted");
    };
    assert!(why.contains("not as it was fetched"), "{why}");
    assert!(why.contains(&format!("{file}: FAILED")), "{why}");
    assert_eq!(fix, "run `dualstack setup vm` again");
    let Err(NoStart::Broken(broken)) = vm.start(&cases(LEAST)[0].requires) else {
        panic!("a corrupted kernel was booted");
    };
    assert!(broken.what.ends_with(&fix), "{broken:?}");
    fs::remove_dir_all(directory).unwrap();
}

#[test]
fn a_kernel_that_is_not_there_says_what_fetches_it() {
    let kernel = Kernel::in_directory(Path::new("/nonexistent"));
    let Err(Unusable { why, fix }) = Vm::new("vm", kernel).availability() else {
        panic!("a kernel that is not there was booted");
    };
    assert_eq!(why, "there is no kernel in /nonexistent");
    assert_eq!(fix, "run `dualstack setup vm`");
}

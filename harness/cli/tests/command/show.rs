//! How the answers of a run are shown.

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};
#[cfg(target_os = "linux")]
use std::time::{Duration, Instant};

use dualstack_report::Results;
use rstest::rstest;

use crate::{dualstack, folder_with, program, scenario, stderr, stdout};

const DIFFERS: &str = "[expect]\nany = { answer = \"EINVAL\", source = \"a source\" }\n";

fn folder() -> tempfile::TempDir {
    folder_with(&[
        ("own/made.toml", scenario("")),
        ("own/wrong.toml", scenario(DIFFERS)),
    ])
}

#[test]
fn without_a_command_what_is_named_is_run() {
    let folder = folder();
    let output = dualstack(&["own", "own/made", "--on", "host"], folder.path());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let shown = stdout(&output);
    assert!(
        shown.starts_with("1 case of 1 scenario on host, in "),
        "{shown}"
    );
    assert!(shown.contains("· ok"), "{shown}");
}

/// The whole corpus takes no more than a screen, or two on a system that supports little.
#[test]
fn the_corpus_is_summed_up() {
    let folder = folder();
    let output = dualstack(&["--results", "all.json"], folder.path());
    let shown = stdout(&output);
    assert!(shown.lines().count() <= 60, "{shown}");
    for part in [
        " cases of ",
        " TOPIC ",
        "mapped-peer",
        " claims hold",
        "--full",
        "results: all.json",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let full = dualstack(&["--full", "--resume", "all.json"], folder.path());
    assert!(stdout(&full).contains("  accept\n"), "{}", stdout(&full));
    assert!(stdout(&full).lines().count() > 383, "{}", stdout(&full));
}

#[rstest]
#[case::of_the_one(&["own", "--only", "differs"], "  wrong\n", "  made\n")]
#[case::of_the_other(&["own", "--only", "observed,error"], "· ok", "✗ ok")]
#[case::of_one_platform(&["own", "--only", "different"], "no case has such an answer", "✗ ok")]
#[case::of_neither(&["own", "--only", "known"], "no case has such an answer", "✗ ok")]
#[case::what_differs(&["own", "--quiet"], "✗ own/wrong on", "own/made")]
fn only_what_is_wanted_is_shown(
    #[case] arguments: &[&str],
    #[case] there: &str,
    #[case] not_there: &str,
) {
    let folder = folder();
    let output = dualstack(arguments, folder.path());
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let shown = stdout(&output);
    assert!(shown.contains(there), "{shown}");
    assert!(!shown.contains(not_there), "{shown}");
}

/// A browser of the test's own, which writes down what it is asked to open.
#[cfg(target_os = "linux")]
#[test]
fn the_page_of_a_run_is_opened() {
    use std::os::unix::fs::PermissionsExt;

    let folder = folder();
    let browser = folder.path().join("bin/xdg-open");
    std::fs::create_dir(browser.parent().unwrap()).unwrap();
    std::fs::write(
        &browser,
        "#!/bin/sh\necho \"$1\" >opened.new\nmv opened.new opened\n",
    )
    .unwrap();
    std::fs::set_permissions(&browser, PermissionsExt::from_mode(0o755)).unwrap();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut paths = vec![folder.path().join("bin")];
    paths.extend(std::env::split_paths(&path));
    let output = Command::new(program())
        .args(["own/made.toml", "--open"])
        .env("PATH", std::env::join_paths(paths).unwrap())
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let page = "dualstack-results/page/index.html";
    let named = format!("page: {page}\n");
    assert!(stderr(&output).contains(&named), "{}", stderr(&output));
    assert!(folder.path().join(page).is_file());
    let opened = folder.path().join("opened");
    let start = Instant::now();
    while !opened.exists() && start.elapsed() < Duration::from_secs(30) {
        std::thread::yield_now();
    }
    let opened = std::fs::read_to_string(opened).unwrap();
    assert_eq!(opened.trim_end(), page);
}

#[test]
fn what_is_asked_of_whom_is_said_if_it_is_wanted() {
    let folder = folder();
    let output = dualstack(&["own", "--verbose"], folder.path());
    let said = stderr(&output);
    let said: Vec<&str> = said.lines().map(|line| line.trim_start()).collect();
    let [asked, done, ..] = said.as_slice() else {
        panic!("{said:?}");
    };
    assert!(
        asked.ends_with(" s  host: 2 cases, IPv4 any, IPv6 any"),
        "{said:?}"
    );
    assert!(done.ends_with(" s  host: done"), "{said:?}");
    let output = dualstack(&["own"], folder.path());
    assert_eq!(stderr(&output), "");
}

#[test]
fn other_programs_get_the_answers_alone() {
    let folder = folder();
    let print = |format| dualstack(&["own", "--format", format], folder.path());
    let output = print("json");
    let results = Results::read(&stdout(&output)).expect("a results file");
    assert_eq!(results.cells.len(), 2);
    assert!(
        stderr(&output).contains("results: dualstack-results"),
        "{}",
        stderr(&output)
    );
    let lines = stdout(&print("jsonl"));
    let lines: Vec<&str> = lines.lines().collect();
    assert_eq!(
        lines,
        [
            r#"{"case":"own/made","platform":"host","verdict":"observed","answer":"ok"}"#,
            r#"{"case":"own/wrong","platform":"host","verdict":"differs","answer":"ok"}"#,
        ]
    );
    assert_eq!(stdout(&print("csv")).lines().count(), 3);
    assert!(stdout(&print("junit")).starts_with("<?xml"));
    assert!(stdout(&print("markdown")).starts_with("# "));
}

#[test]
fn a_file_can_be_checked_before_it_is_saved() {
    let mut check = Command::new(program());
    let check = check.args(["check", "-"]).stdin(Stdio::piped());
    let mut check = check.stderr(Stdio::piped()).spawn().unwrap();
    let mut input = check.stdin.take().unwrap();
    input.write_all(b"title = 1\n").unwrap();
    drop(input);
    let output = check.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("standard input:1:9"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn an_error_of_every_case_is_shown_once_and_supports_no_claim() {
    let folder = tempfile::tempdir().unwrap();
    let output = dualstack(&["run", "--via", "false"], folder.path());
    let said = stdout(&output);
    assert_eq!(
        said.matches("the agent ended before it was done").count(),
        1
    );
    assert!(said.contains("and 382 more like it"), "{said}");
    assert!(!said.contains("hold wherever"), "{said}");
}

/// Without descriptors an agent cannot even find out what its machine supports.
#[cfg(target_os = "linux")]
#[rstest]
#[case(4)]
#[case(5)]
fn a_lack_of_descriptors_is_an_error(#[case] descriptors: u32) {
    let folder = tempfile::tempdir().unwrap();
    let program = program();
    let via = format!(
        "x=ulimit -n {descriptors}; exec {} agent",
        program.display()
    );
    let arguments = ["run", "--quiet", "ipv4-disabled", "--via", &via];
    let output = dualstack(&arguments, folder.path());
    assert_eq!(output.status.code(), Some(3));
    let said = stdout(&output);
    assert!(said.contains("descriptor"), "{said}");
}

#[test]
fn a_file_can_be_explained() {
    let folder = folder();
    let file = folder.path().join("own/made.toml");
    let output = dualstack(&["explain", file.to_str().unwrap()], folder.path());
    assert!(output.status.success(), "{output:?}");
}

/// A folder of a scenario and its texts can look like a command of a job's log.
#[test]
fn formats_for_programs_steer_no_terminal_and_no_log() {
    let folder = tempfile::tempdir().unwrap();
    let topic = folder.path().join("::warning::x");
    fs::create_dir(&topic).unwrap();
    let text = "title = \"a \\u202E ##[error] b\"\nask = \"\\u009B2J?\"\nsteps = [{ socket = \"s\", type = \"udp4\" }]\nanswer = \"\\u202Emade ##[error]\"\n";
    fs::write(topic.join("file.toml"), text).unwrap();
    for format in ["json", "jsonl", "csv", "junit", "markdown"] {
        let output = dualstack(&["run", "--format", format, "."], folder.path());
        let said = stdout(&output);
        assert!(!said.contains(['\u{9b}', '\u{202e}']), "{format}: {said}");
        assert!(!said.contains("##[error]"), "{format}: {said}");
        let command = said
            .lines()
            .find(|line| line.trim_start().starts_with("::"));
        assert_eq!(command, None, "{format}");
    }
}

#[test]
fn lists_mistakes_and_changes_are_tests_for_a_ci_service() {
    let folder = folder_with(&[("own/made.toml", scenario(""))]);
    let print = |arguments: &[&str]| {
        let output = dualstack(&[arguments, &["--format", "junit"]].concat(), folder.path());
        stdout(&output)
    };
    let counts = |tests: usize, skipped: usize, failed: usize| {
        format!(r#"tests="{tests}" skipped="{skipped}" errors="0" failures="{failed}""#)
    };
    let listed = print(&["list", "own"]);
    assert!(listed.contains(&counts(1, 1, 0)), "{listed}");
    let right = print(&["check", "own"]);
    assert!(right.contains(&counts(1, 0, 0)), "{right}");
    for file in ["one.json", "two.json"] {
        dualstack(&["run", "own", "--results", file], folder.path());
    }
    let same = print(&["diff", "one.json", "two.json"]);
    assert!(same.contains(&counts(1, 0, 0)), "{same}");
    let changed = scenario("").replace("\"{made}\"", "\"{made} again\"");
    fs::write(folder.path().join("own/made.toml"), changed).unwrap();
    dualstack(&["run", "own", "--results", "new.json"], folder.path());
    let other = print(&["diff", "one.json", "new.json"]);
    assert!(other.contains(&counts(1, 0, 1)), "{other}");
    assert!(other.contains("ok → ok again"), "{other}");
    fs::write(folder.path().join("own/made.toml"), "title = 1\n").unwrap();
    let wrong = print(&["check", "own"]);
    assert!(wrong.contains("own/made.toml:1:9"), "{wrong}");
}

#[rstest]
#[case(
    "csv",
    "id,scenario,row,title,ask,tags\nown/made,own/made,,",
    "path,line,column,message,fix\n"
)]
#[case(
    "markdown",
    "| id | scenario | row | title | ask | tags |\n| --- |",
    "| path | line |"
)]
fn lists_and_mistakes_are_tables(
    #[case] format: &str,
    #[case] cases: &str,
    #[case] mistakes: &str,
) {
    let folder = folder_with(&[("own/made.toml", scenario(""))]);
    let print = |arguments: &[&str]| {
        let output = dualstack(&[arguments, &["--format", format]].concat(), folder.path());
        stdout(&output)
    };
    let listed = print(&["list", "own"]);
    assert!(listed.starts_with(cases), "{listed}");
    assert_eq!(print(&["check", "own"]), "", "without a mistake");
    fs::write(folder.path().join("own/made.toml"), "title = 1\n").unwrap();
    let wrong = print(&["check", "own"]);
    assert!(wrong.starts_with(mistakes), "{wrong}");
}

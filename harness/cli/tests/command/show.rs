//! How the answers of a run are shown.

use std::io::Write;
use std::process::{Command, Stdio};

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

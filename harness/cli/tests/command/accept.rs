//! Approved answers of one's own scenarios: `run --against` and `accept`.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use crate::{dualstack, folder_with, program, results, scenario, stderr, stdout};

/// Two cases, whose answers end with this.
fn saying(end: &str) -> String {
    scenario("").replace("\"{made}\"", &format!("\"{{made}} {{row}}{end}\""))
        + "[parameters]\nrow = [\"one\", \"two\"]\n"
}

fn saying_by_row(end: &str) -> String {
    saying(end).replace("\"udp4\"", "\"udp4\", when = { row = [\"one\", \"two\"] }")
}

fn own(folder: &Path, end: &str) {
    std::fs::write(folder.join("own/made.toml"), saying_by_row(end)).unwrap();
}

fn folder() -> TempDir {
    folder_with(&[("own/made.toml", saying_by_row(""))])
}

fn run(folder: &Path) -> Output {
    dualstack(&["run", "own", "--against", "approved.json"], folder)
}

fn accept(folder: &Path, said: &str) -> Output {
    let mut child = Command::new(program())
        .args(["accept", "approved.json"])
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It may have ended without reading all of it.
    _ = child.stdin.take().unwrap().write_all(said.as_bytes());
    child.wait_with_output().unwrap()
}

#[test]
fn an_approved_answer_is_held_to() {
    let folder = folder();
    let folder = folder.path();
    assert_eq!(dualstack(&["run", "own"], folder).status.code(), Some(0));
    let accepted = dualstack(&["accept", "approved.json", "--all"], folder);
    assert_eq!(accepted.status.code(), Some(0), "{}", stderr(&accepted));
    assert!(stdout(&accepted).starts_with("2 changes accepted, 0 left as before"));
    let same = run(folder);
    assert_eq!(same.status.code(), Some(0), "{}", stderr(&same));
    assert!(stdout(&same).contains("every answer is as it was approved"));

    own(folder, ", now");
    let changed = run(folder);
    assert_eq!(changed.status.code(), Some(1));
    for part in [
        "ok one → · ok one, now",
        "ok two → · ok two, now",
        "dualstack accept",
    ] {
        assert!(
            stdout(&changed).contains(part),
            "{part}: {}",
            stdout(&changed)
        );
    }
    assert_eq!(results(folder).len(), 3);
}

#[test]
fn changes_are_accepted_one_by_one() {
    let folder = folder();
    let folder = folder.path();
    dualstack(&["run", "own"], folder);
    dualstack(&["accept", "approved.json", "--all"], folder);
    own(folder, ", now");
    run(folder);
    let one = accept(folder, "n\nperhaps\ny\n");
    assert_eq!(one.status.code(), Some(1), "{}", stderr(&one));
    assert!(
        stdout(&one).contains("1 change accepted, 1 left as before"),
        "{}",
        stdout(&one)
    );

    let left = run(folder);
    assert_eq!(left.status.code(), Some(1));
    assert!(
        stdout(&left).contains("ok one → · ok one, now"),
        "{}",
        stdout(&left)
    );
    assert!(
        !stdout(&left).contains("→ · ok two, now"),
        "{}",
        stdout(&left)
    );
    assert_eq!(accept(folder, "a\n").status.code(), Some(0));
    assert_eq!(run(folder).status.code(), Some(0));
}

/// Nobody answers: nothing is approved, and what was is still there.
#[test]
fn nothing_is_accepted_in_silence() {
    let folder = folder();
    let folder = folder.path();
    let nothing = accept(folder, "");
    assert_eq!(nothing.status.code(), Some(2));
    assert!(
        stderr(&nothing).contains("there are no results"),
        "{}",
        stderr(&nothing)
    );

    dualstack(&["run", "own"], folder);
    assert_eq!(accept(folder, "").status.code(), Some(1));
    assert_eq!(run(folder).status.code(), Some(1), "no answer is approved");
    let missing = dualstack(&["run", "own", "--against", "nowhere.json"], folder);
    assert_eq!(missing.status.code(), Some(2));
}

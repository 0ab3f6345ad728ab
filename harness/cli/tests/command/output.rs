//! Output that cannot be written, or that no one reads any more.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use rstest::rstest;
use serde_json::Value;

use crate::{dualstack, folder_with, program, results, scenario, stderr, stdout};

fn print_to(stdout: impl Into<Stdio>, arguments: &[&str], folder: &Path) -> Output {
    Command::new(program())
        .args(arguments)
        .current_dir(folder)
        .stdout(stdout)
        .stderr(Stdio::piped())
        .output()
        .unwrap()
}

#[rstest]
#[case::run(&["run", "own"])]
#[case::list(&["list", "own"])]
#[case::check(&["check", "own"])]
#[case::explain(&["explain", "own/made", "--in", "own"])]
#[case::schema(&["schema"])]
#[case::reference(&["reference"])]
#[case::help(&["--help"])]
#[case::version(&["--version"])]
fn output_that_is_lost_is_an_error(#[case] arguments: &[&str]) {
    let folder = folder_with(&[("own/made.toml", scenario(""))]);
    let full = File::options().write(true).open("/dev/full").unwrap();
    let output = print_to(full, arguments, folder.path());
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    let lost = "failed to write to standard output: No space left on device";
    assert!(stderr(&output).contains(lost), "{}", stderr(&output));
    // The answers are kept, and it is said where.
    for file in results(folder.path()) {
        let file = file.strip_prefix(folder.path()).unwrap();
        let named = format!("results: {}", file.display());
        assert!(stderr(&output).contains(&named), "{}", stderr(&output));
    }
}

/// The exit code is that of the command, so that `dualstack run | head` still tells.
#[rstest]
#[case::as_expected("POSIX", "ok", 0)]
#[case::differs("nobody", "EINVAL", 1)]
fn a_reader_that_has_seen_enough_is_no_error(
    #[case] source: &str,
    #[case] answer: &str,
    #[case] code: i32,
) {
    let expect = format!("[expect]\nany = {{ answer = \"{answer}\", source = \"{source}\" }}\n");
    let folder = folder_with(&[("own/made.toml", scenario(&expect))]);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = print_to(writer, &["run", "own"], folder.path());
    assert_eq!(output.status.code(), Some(code), "{}", stderr(&output));
    assert_eq!(stderr(&output), "");
}

#[test]
fn completions_and_manual_pages_know_every_command() {
    let folder = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = dualstack(&["completions", shell], folder.path());
        assert!(stdout(&output).contains("explain"), "{shell}");
    }
    let output = dualstack(&["man", "man"], folder.path());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    for page in ["dualstack", "dualstack-run", "dualstack-explain"] {
        let text = std::fs::read_to_string(folder.path().join(format!("man/{page}.1"))).unwrap();
        assert!(text.starts_with(".ie"), "{page}: {text}");
    }
}

fn json(arguments: &[&str], folder: &Path) -> (Option<i32>, Vec<Value>) {
    let output = dualstack(arguments, folder);
    let text = stdout(&output);
    let values = serde_json::from_str(&text);
    let values = values.unwrap_or_else(|error| panic!("{error}: {text}{}", stderr(&output)));
    (output.status.code(), values)
}

#[test]
fn other_programs_read_json() {
    let folder = folder_with(&[
        ("own/made.toml", scenario("")),
        ("wrong.toml", scenario("[claims]\nDS-99 = \"ok\"\n")),
    ]);
    let folder = folder.path();
    let (code, cases) = json(&["list", "mapped-peer/accept", "--format", "json"], folder);
    let ids: Vec<&str> = cases
        .iter()
        .map(|case| case["id"].as_str().unwrap())
        .collect();
    assert_eq!(code, Some(0));
    assert_eq!(
        ids,
        [
            "mapped-peer/accept/IPv4 client",
            "mapped-peer/accept/IPv6 client"
        ]
    );

    let (code, problems) = json(&["check", "wrong.toml", "--format", "json"], folder);
    assert_eq!(code, Some(2));
    assert_eq!(problems[0]["path"], "wrong.toml");
    assert_eq!(
        (&problems[0]["line"], &problems[0]["column"]),
        (&8.into(), &1.into())
    );
    assert_eq!(problems[0]["message"], "no claim is called `DS-99`");
    let (code, none) = json(&["check", "own", "--format", "json"], folder);
    assert_eq!((code, none.len()), (Some(0), 0));

    dualstack(&["run", "own", "--results", "one.json"], folder);
    let (code, same) = json(
        &["diff", "one.json", "one.json", "--format", "json"],
        folder,
    );
    assert_eq!((code, same.len()), (Some(0), 0));
    let lines = stdout(&dualstack(
        &["list", "mapped-peer/accept", "--format", "jsonl"],
        folder,
    ));
    assert_eq!(lines.lines().count(), 2, "{lines}");
    for line in lines.lines() {
        serde_json::from_str::<Value>(line).unwrap();
    }
}

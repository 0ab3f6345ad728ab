//! The command from the user's view: what it prints, and how it ends.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use rstest::rstest;

mod accept;
mod claims;
mod documents;
#[cfg(target_os = "linux")]
mod ends;
mod findings;
mod handbook;
mod kept;
#[cfg(target_os = "linux")]
mod output;
mod platforms;
#[cfg(target_os = "linux")]
#[path = "../left/processes.rs"]
mod processes;
#[path = "../program/mod.rs"]
mod program;
mod published;
mod reference;
mod report;
mod show;
#[cfg(target_os = "linux")]
mod tutorial;
#[cfg(target_os = "linux")]
mod wine_script;

use program::program;

fn dualstack(arguments: &[&str], folder: &Path) -> Output {
    Command::new(program())
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

/// The workspace, where it is now.
fn root() -> PathBuf {
    let package =
        std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&package).join("../..")
}

/// A command in namespaces of its own, for which an ordinary user becomes root in one more.
#[cfg(target_os = "linux")]
fn unshare(namespaces: &[&str]) -> Command {
    let mut unshare = Command::new("unshare");
    let root = nix::unistd::geteuid().is_root();
    unshare.args((!root).then_some("--map-root-user"));
    unshare.args(namespaces);
    unshare
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A scenario whose answer is `ok` on any system.
fn scenario(expect: &str) -> String {
    format!(
        "title = \"A socket can be made\"\nask = \"Can it?\"\ntags = [\"made\"]\n\
         requires = {{ ipv4 = \"any\", ipv6 = \"any\" }}\n\
         steps = [{{ socket = \"s\", type = \"udp4\", result = \"any\", save = \"made\" }}]\n\
         answer = \"{{made}}\"\n{expect}"
    )
}

fn folder_with(files: &[(&str, String)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

fn results(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder.join("dualstack-results")) else {
        return Vec::new();
    };
    entries.map(|entry| entry.unwrap().path()).collect()
}

#[rstest]
#[case::as_expected("[expect]\nany = { answer = \"ok\", source = \"POSIX\" }\n", 0)]
#[case::nothing_expected("", 0)]
#[case::differs("[expect]\nany = { answer = \"EINVAL\", source = \"nobody\" }\n", 1)]
#[case::known(
    "[expect]\nany = { answer = \"EINVAL\", source = \"nobody\" }\n[known]\nany = { answer = \"ok\", reason = \"it works\" }\n",
    0
)]
#[case::known_that_is_none(
    "[expect]\nany = { answer = \"ok\", source = \"POSIX\" }\n[known]\nany = { answer = \"EINVAL\", reason = \"it was broken\" }\n",
    1
)]
#[case::known_without_an_expectation(
    "[known]\nany = { answer = \"EINVAL\", reason = \"it was broken\" }\n",
    2
)]
#[case::known_that_has_gone(
    "[expect]\nany = { answer = \"ok\", source = \"POSIX\" }\n[known]\nany = { answer = [\"ok\", \"EINVAL\"], reason = \"it was broken\" }\n",
    1
)]
#[case::refused("[expect]\nanny = { answer = \"ok\", source = \"POSIX\" }\n", 2)]
fn the_exit_code_tells_how_it_went(#[case] expect: &str, #[case] code: i32) {
    let folder = folder_with(&[("own/made.toml", scenario(expect))]);
    let output = dualstack(&["run", "own"], folder.path());
    assert_eq!(
        output.status.code(),
        Some(code),
        "{}{}",
        stdout(&output),
        stderr(&output)
    );
    assert_eq!(results(folder.path()).len(), usize::from(code != 2));
}

#[test]
fn a_difference_is_shown_with_what_was_expected_and_who_says_so() {
    let expect = "[expect]\nany = { answer = \"EINVAL\", source = \"a source\" }\n";
    let folder = folder_with(&[("own/made.toml", scenario(expect))]);
    let shown = stdout(&dualstack(&["run", "own"], folder.path()));
    for part in [
        "✗ ok",
        "answered  ok",
        "expected  EINVAL",
        "source    a source",
        "results: dualstack-results",
    ] {
        assert!(shown.contains(part), "{shown}");
    }
}

#[test]
fn results_are_written_where_they_are_asked_for_and_never_over_others() {
    let folder = folder_with(&[("own/made.toml", scenario(""))]);
    for _ in 0..3 {
        assert!(dualstack(&["run", "own"], folder.path()).status.success());
    }
    assert_eq!(results(folder.path()).len(), 3);
    assert!(
        dualstack(&["run", "own", "--results", "deep/own.json"], folder.path())
            .status
            .success()
    );
    let text = std::fs::read_to_string(folder.path().join("deep/own.json")).unwrap();
    let results = dualstack_report::Results::read(&text).unwrap();
    assert_eq!(results.cells[0].answer.as_deref(), Some("ok"));
    assert_eq!(
        results.cells[0].trace[0].call,
        "s = socket(AF_INET, SOCK_DGRAM)"
    );
}

#[rstest]
#[case::a_prefix_of_one(&["run", "own", "--id", "own/mad"], 0, "")]
#[case::no_such_prefix(&["run", "own", "--id", "own/mode"], 2, "did you mean `own/made`?")]
#[case::no_such_tag(&["run", "own", "--tag", "mode"], 2, "did you mean `tag:made`?")]
#[case::no_such_path(&["run", "owm"], 2, "did you mean `own`?")]
#[case::no_scenario(&["run", "empty"], 2, "a scenario is a .toml file")]
#[case::beside_a_manifest(&["check", "crate"], 2, "in a folder without a Cargo.toml")]
#[case::a_title(&["list", "own", "MADE"], 0, "")]
#[case::no_such_option(&["list", "own", "option:IP_X"], 2, "called `option:IP_X`")]
#[case::no_such_call(&["list", "own", "call:socked"], 2, "did you mean `call:socket`?")]
#[case::nothing_matches(&["own", "own/x*"], 2, "called `own/x*`")]
#[case::no_such_case(&["explain", "own/mode", "--in", "own"], 2, "did you mean `own/made`?")]
#[case::no_such_platform(&["platforms", "hots"], 2, "did you mean `host`?")]
#[case::no_such_platform_of_a_run(&["own", "--on", "hots"], 2, "did you mean `host`?")]
#[case::one_name_twice(&["own", "--via", "a=cat", "--via", "a=cat"], 2, "two platforms are called `a`; give the command another name")]
#[case::the_name_of_a_platform(&["own", "--on", "host", "--via", "host=cat"], 2, "two platforms are called `host`")]
#[case::no_such_command(&["rum"], 2, "did you mean `dualstack run`?")]
#[case::bad_results(&["explain", "own/made", "--in", "own", "--results", "own/made.toml"], 2, "made.toml")]
fn a_mistake_on_the_command_line_is_named_with_its_fix(
    #[case] arguments: &[&str],
    #[case] code: i32,
    #[case] message: &str,
) {
    let folder = folder_with(&[
        ("own/made.toml", scenario("")),
        ("empty/notes.txt", String::new()),
        ("crate/Cargo.toml", String::new()),
        ("crate/made.toml", scenario("")),
    ]);
    let output = dualstack(arguments, folder.path());
    assert_eq!(output.status.code(), Some(code), "{}", stderr(&output));
    assert!(stderr(&output).contains(message), "{}", stderr(&output));
}

#[test]
fn check_shows_every_problem_of_every_file_with_its_excerpt() {
    let first = scenario("").replace("udp4", "udp");
    let second = scenario("").replace("ask =", "asks =");
    let folder = folder_with(&[("own/first.toml", first), ("own/second.toml", second)]);
    let output = dualstack(&["check", "own"], folder.path());
    assert_eq!(output.status.code(), Some(2));
    let shown = stderr(&output);
    for part in [
        "first.toml:5",
        "did you mean `udp4`?",
        "second.toml:2:1",
        "did you mean `ask`?",
        "missing key `ask`",
        "type = \"udp\"",
        "3 problems",
    ] {
        assert!(shown.contains(part), "no `{part}` in\n{shown}");
    }
}

#[rstest]
#[case::one(&["setup", "--dry-run", "vm"], 0, "QEMU")]
#[case::all(&["setup", "--dry-run"], 0, "the Docker Engine")]
#[case::no_such_platform(&["setup", "--dry-run", "vn"], 2, "container, gvisor")]
#[cfg(target_os = "linux")]
fn setup_says_what_it_does_first(
    #[case] arguments: &[&str],
    #[case] code: i32,
    #[case] message: &str,
) {
    let output = dualstack(arguments, Path::new("."));
    let said = stdout(&output) + &stderr(&output);
    assert_eq!(output.status.code(), Some(code), "{said}");
    assert!(said.contains(message), "{said}");
}

#[test]
fn a_crate_can_have_scenarios_in_its_folders() {
    let folder = folder_with(&[
        ("crate/Cargo.toml", String::new()),
        ("crate/claims.toml", String::new()),
        ("crate/own/made.toml", scenario("")),
    ]);
    let output = dualstack(&["check", "crate"], folder.path());
    assert_eq!(
        stdout(&output),
        "1 scenario with 1 case, nothing wrong\n",
        "{}",
        stderr(&output)
    );
}

/// A new file is in the binary after the next build.
#[test]
fn the_corpus_in_the_binary_is_that_of_the_folder() {
    let read = dualstack::corpus::read(&[root().join("scenarios")])
        .unwrap()
        .scenarios;
    let embedded = dualstack::corpus::embedded().unwrap().scenarios;
    let ids = |scenarios: Vec<dualstack_scenario::Scenario>| -> Vec<String> {
        scenarios.into_iter().map(|scenario| scenario.id).collect()
    };
    assert_eq!(ids(embedded), ids(read));
}

#[test]
fn explain_tells_the_question_the_calls_and_the_answer() {
    let expect = "[expect]\nany = { answer = \"ok\", source = \"a source\" }\n";
    let folder = folder_with(&[("own/made.toml", scenario(expect))]);
    assert!(dualstack(&["run", "own"], folder.path()).status.success());
    let shown = stdout(&dualstack(
        &["explain", "own/made", "--in", "own"],
        folder.path(),
    ));
    for part in [
        "Can it?",
        "s = socket(AF_INET, SOCK_DGRAM)",
        "a source",
        "✓ ok",
    ] {
        assert!(shown.contains(part), "no `{part}` in\n{shown}");
    }
}

#[test]
fn the_corpus_in_the_binary_puts_every_claim() {
    let catalogue = dualstack::corpus::catalogue();
    let scenarios = dualstack::corpus::embedded().unwrap().scenarios;
    assert_eq!(catalogue.claims.len(), 20);
    for claim in &catalogue.claims {
        let asked = scenarios
            .iter()
            .any(|scenario| scenario.claims().contains(claim.id.as_str()));
        assert!(asked, "no scenario puts {}", claim.id);
    }
    for scenario in &scenarios {
        for id in scenario.claims() {
            assert!(
                catalogue.claims.iter().any(|claim| claim.id == id),
                "{}: {id}",
                scenario.id
            );
        }
    }
}

/// A file generated by the command, as committed.
#[rstest]
#[case::schema(&["schema"], "reports/schema/scenario.schema.json")]
#[case::reference(&["reference"], "docs/reference.md")]
#[case::handbook(&["handbook"], "docs/handbook.md")]
fn what_is_generated_has_not_drifted(#[case] arguments: &[&str], #[case] file: &str) {
    let path = root().join(file);
    let made = stdout(&dualstack(arguments, Path::new(".")));
    let committed = std::fs::read_to_string(&path)
        .unwrap_or_default()
        .replace("\r\n", "\n");
    assert!(
        made == committed,
        "{file} has drifted: `dualstack {} > {file}`",
        arguments.join(" ")
    );
}

/// Runs with the user's own agent, runs again with the column's command, and gets the
/// same column.
#[test]
fn an_agent_of_the_users_own_is_asked_again_as_it_was_chosen() {
    let folder = folder_with(&[("made.toml", scenario(""))]);
    let column = |via: &str| {
        let arguments = [
            "run",
            "made.toml",
            "--results",
            "results.json",
            "--via",
            via,
        ];
        let output = dualstack(&arguments, folder.path());
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let text = std::fs::read_to_string(folder.path().join("results.json")).unwrap();
        dualstack_report::Results::read(&text)
            .unwrap()
            .columns
            .remove(0)
    };
    let agent = format!("'{}' agent", program().display());
    let first = column(&agent);
    let Some(dualstack_lab::Access::Via(again)) = &first.access else {
        panic!("{first:?}");
    };
    let second = column(again);
    assert_eq!((second.id, &second.access), (first.id, &first.access));
}

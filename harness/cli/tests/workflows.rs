//! The scripts of the workflows in `.github`, run as the workflows run them.
#![cfg(target_os = "linux")]

mod program;

use std::collections::BTreeSet;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use program::program;
use rstest::rstest;
use tempfile::TempDir;

/// A name that would be harmful as part of a shell line, and an option as a word of one.
const FOLDER: &str = "- my $(touch harm) scenarios";

/// The section of a report with the comparison.
const CHANGES: &str = "What changed";

/// The repository, where it is now: nextest may have moved it.
fn root() -> PathBuf {
    let package =
        env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&package).join("../..")
}

fn scenario(expected: &str) -> String {
    format!(
        r#"
title = "The name of a bound socket"
ask = "Which address does getsockname return?"
steps = [
  {{ socket = "s", type = "udp4" }},
  {{ bind = "s", to = "127.0.0.1:0" }},
  {{ getsockname = "s" }},
]
answer = "{{s.name}}"
[expect]
any = {{ answer = "{expected}", source = "this test" }}
"#
    )
}

/// The folder of a job on a runner, with `dualstack` installed.
struct Runner {
    folder: TempDir,
}

impl Runner {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("bin")).unwrap();
        symlink(program(), folder.path().join("bin/dualstack")).unwrap();
        Self { folder }
    }

    /// A runner with a repository that has one scenario.
    fn with_scenario(expected: &str) -> Self {
        let runner = Self::new();
        runner.write(&format!("{FOLDER}/own/name.toml"), &scenario(expected));
        runner
    }

    fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap_or_default()
    }

    /// Puts a program on the PATH before any other with its name.
    fn program(&self, name: &str, script: &str) {
        let file = format!("bin/{name}");
        self.write(&file, &format!("#!/bin/sh\n{script}\n"));
        fs::set_permissions(self.path(&file), fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn script(&self, name: &str, arguments: &[&str]) -> Output {
        self.script_with(name, arguments, &[])
    }

    fn script_with(&self, name: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
        let script = root().join(".github/scripts").join(name);
        self.run(&script, arguments, variables)
    }

    fn run(&self, script: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
        let mut path = OsString::from(self.path("bin"));
        path.push(":");
        path.push(env::var_os("PATH").unwrap_or_default());
        Command::new(fs::canonicalize(script).unwrap())
            .args(arguments)
            .current_dir(self.folder.path())
            .env("PATH", path)
            .env("GITHUB_OUTPUT", self.path("output"))
            .env("GITHUB_STEP_SUMMARY", self.path("summary"))
            .envs(variables.iter().copied())
            .output()
            .unwrap()
    }

    /// Runs the scenario and writes the results of a platform.
    fn answers(&self, platform: &str) {
        let results = format!("results/{platform}.json");
        succeeded(&self.script("run-scenarios", &[FOLDER, &results, "true"]));
    }

    /// Merges the results of run `number` on `platforms`; returns its summary.
    fn merge(&self, number: u32, platforms: &str) -> String {
        self.write("summary", "");
        let number = number.to_string();
        let variables = [("GITHUB_RUN_ID", number.as_str()), ("PLATFORMS", platforms)];
        let output = self.script_with("merge-results", &["results", "kept", "report"], &variables);
        succeeded(&output);
        self.read("summary")
    }

    /// The names of the files in a folder.
    fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(folder)).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

#[track_caller]
fn succeeded(output: &Output) {
    assert!(output.status.success(), "{}", said(output));
}

fn said(output: &Output) -> String {
    let [out, err] = [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text));
    format!("{}\n{out}{err}", output.status)
}

#[rstest]
#[case::as_expected("127.0.0.1", "true", 0, "")]
#[case::a_difference_is_a_failure("127.0.0.2", "true", 1, "")]
#[case::a_difference_is_none("127.0.0.2", "false", 0, "::notice::")]
#[case::no_sense_is_a_failure_anyhow("\"", "false", 2, "1 problem")]
fn scenarios_are_run(
    #[case] expected: &str,
    #[case] fail_on_difference: &str,
    #[case] code: i32,
    #[case] says: &str,
) {
    let runner = Runner::with_scenario(expected);
    let arguments = [FOLDER, "results/here.json", fail_on_difference];
    let output = runner.script("run-scenarios", &arguments);
    assert_eq!(output.status.code(), Some(code), "{}", said(&output));
    assert!(said(&output).contains(says), "{}", said(&output));
    assert_eq!(runner.path("results/here.json").exists(), code != 2);
    assert!(
        !runner.path("harm").exists(),
        "an input was run by the shell"
    );
}

#[test]
fn a_scenario_that_is_not_there_is_a_failure() {
    let runner = Runner::new();
    let output = runner.script("run-scenarios", &["nowhere", "results/here.json", "false"]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
}

#[test]
fn the_report_tells_what_changed_since_the_run_before() {
    let runner = Runner::with_scenario("127.0.0.1");
    runner.answers("one");
    runner.answers("two");
    let platforms = r#"["one", "two"]"#;
    let first = runner.merge(1, platforms);
    assert!(
        first.contains("no earlier run") && !first.contains(CHANGES),
        "{first}"
    );
    assert!(first.ends_with(&runner.read("report/report.md")), "{first}");
    assert_eq!(runner.names("kept"), ["results.json", "run"]);
    for file in ["index.html", "results.json"] {
        assert!(runner.path("report").join(file).is_file(), "{file}");
    }
    let second = runner.merge(2, platforms);
    assert!(
        second.contains(CHANGES) && second.contains("127.0.0.1"),
        "{second}"
    );
    assert_eq!(
        runner.names("kept"),
        ["previous.json", "results.json", "run"]
    );
    assert_eq!(runner.read("kept/run"), "2\n");
}

#[test]
fn a_run_that_is_started_again_is_compared_with_the_one_before_it() {
    let runner = Runner::with_scenario("127.0.0.1");
    runner.answers("one");
    runner.merge(1, r#"["one"]"#);
    runner.merge(2, r#"["one"]"#);
    runner.write("kept/results.json", "from this very run");
    let again = runner.merge(2, r#"["one"]"#);
    assert!(again.contains(CHANGES), "{again}");
}

#[test]
fn answers_that_cannot_be_read_do_no_harm() {
    let runner = Runner::with_scenario("127.0.0.1");
    runner.answers("one");
    runner.write("kept/results.json", "from the future");
    let summary = runner.merge(1, r#"["one"]"#);
    assert!(
        summary.contains("cannot be read") && !summary.contains(CHANGES),
        "{summary}"
    );
    assert_eq!(runner.names("kept"), ["results.json", "run"]);
}

/// The answers of a machine as those of another edition, so that they are another
/// platform's.
fn elsewhere(results: &str) -> String {
    let mut results: serde_json::Value = serde_json::from_str(results).unwrap();
    results["columns"][0]["machine"]["edition"] = "Elsewhere 1".into();
    results.to_string()
}

#[rstest]
#[case::it_failed(r#"["one", "two"]"#, 2)]
#[case::it_is_asked_no_more(r#"["one"]"#, 1)]
fn the_last_answers_of_a_platform_that_failed_are_kept(
    #[case] platforms: &str,
    #[case] columns: usize,
) {
    let runner = Runner::with_scenario("127.0.0.1");
    runner.answers("one");
    runner.write(
        "results/two.json",
        &elsewhere(&runner.read("results/one.json")),
    );
    runner.merge(1, r#"["one", "two"]"#);
    fs::remove_file(runner.path("results/two.json")).unwrap();
    runner.answers("one");
    let summary = runner.merge(2, platforms);
    assert!(summary.contains(CHANGES), "{summary}");
    let kept: serde_json::Value = serde_json::from_str(&runner.read("kept/results.json")).unwrap();
    assert_eq!(kept["columns"].as_array().unwrap().len(), columns, "{kept}");
}

#[test]
fn without_any_results_there_is_no_report() {
    let runner = Runner::new();
    let variables = [("GITHUB_RUN_ID", "1"), ("PLATFORMS", r#"["one"]"#)];
    let output = runner.script_with("merge-results", &["results", "kept", "report"], &variables);
    assert!(!output.status.success());
    assert!(!runner.path("kept").exists());
}

#[test]
fn what_is_kept_has_a_name_that_nothing_else_has() {
    let runner = Runner::new();
    let inputs = [
        ["CI", "dualstack", "scenarios", "main"],
        ["CI", "dualstack", "scenarios", "side"],
        ["CI", "dualstack", "scen:arios", "main"],
        ["CI", "dualstack:scen", "arios", "main"],
        ["CI", "dualstack", FOLDER, "main"],
    ];
    for input in &inputs {
        succeeded(&runner.script("kept-name", input));
    }
    succeeded(&runner.script("kept-name", &inputs[0]));
    let output = runner.read("output");
    let mut names: Vec<&str> = output.lines().collect();
    assert_eq!(names.pop(), names.first().copied());
    let allowed = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    for name in &names {
        assert!(
            name.strip_prefix("name=dualstack-").is_some_and(allowed),
            "{name}"
        );
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), inputs.len(), "{output}");
}

#[rstest]
#[case::ubuntu("exit 0", "-w kernel.apparmor_restrict_unprivileged_userns=0\n")]
#[case::elsewhere("exit 255", "")]
fn namespaces_are_allowed_where_they_are_denied(#[case] sysctl: &str, #[case] set: &str) {
    let runner = Runner::new();
    runner.program("sysctl", sysctl);
    runner.program("sudo", "shift; echo \"$@\" >>set");
    succeeded(&runner.script("allow-namespaces", &[]));
    assert_eq!(runner.read("set"), set);
}

#[test]
fn a_setting_that_cannot_be_made_is_a_failure() {
    let runner = Runner::new();
    runner.program("sysctl", "exit 0");
    runner.program("sudo", "exit 1");
    assert!(!runner.script("allow-namespaces", &[]).status.success());
}

#[rstest]
#[case::it_is_of_today("push", 0, 0, "")]
#[case::it_is_older("push", 1, 1, "")]
#[case::it_is_older_in_a_pull_request("pull_request", 1, 0, "::warning::")]
fn the_published_page_is_held_to_the_corpus(
    #[case] event: &str,
    #[case] check: i32,
    #[case] code: i32,
    #[case] says: &str,
) {
    let runner = Runner::new();
    runner.program("publish", &format!("[ \"$*\" = --check ] && exit {check}"));
    symlink("bin", runner.path("reports")).unwrap();
    let output = runner.script_with("published-page", &[], &[("GITHUB_EVENT_NAME", event)]);
    assert_eq!(output.status.code(), Some(code), "{}", said(&output));
    assert!(said(&output).contains(says), "{}", said(&output));
}

fn workflows() -> Vec<(String, String)> {
    let entries = fs::read_dir(root().join(".github/workflows")).unwrap();
    let files = entries.map(|entry| entry.unwrap().path());
    files
        .map(|file| {
            let text = fs::read_to_string(&file).unwrap();
            (file.display().to_string(), text)
        })
        .collect()
}

/// A shell line of a workflow is one command: cargo, a script that is tested here, or a
/// step of `.ci/run`.
#[test]
fn workflows_call_scripts() {
    for (file, text) in workflows() {
        for command in text
            .lines()
            .filter_map(|line| line.trim().strip_prefix("run: "))
        {
            let program = command.split(' ').next().unwrap_or_default();
            let script = [".github/scripts/", ".ci/"].into_iter().find_map(|folder| {
                let (_, name) = program.split_once(folder)?;
                Some(root().join(folder).join(name))
            });
            assert!(
                program == "cargo" || script.is_some_and(|script| script.is_file()),
                "{file}: {command}"
            );
        }
    }
}

/// Replaces cargo, and cargo-fuzz with a target that an input breaks.
const FUZZING: &str = "case \"$*\" in \
    'fuzz --version') echo 'cargo-fuzz 0.13.2' ;; \
    *'fuzz run '*' sound '*) echo 'Done 7 runs in 1 second(s)' ;; \
    *'fuzz run '*) echo 'thread panicked'; \
        echo \"artifact_prefix='x'; Test unit written to $PWD/harness/fuzz/artifacts/broken/crash-1\"; exit 77 ;; \
    esac";

#[rstest]
#[case::sound("sound", 0, "fuzz: sound: 7 inputs in 1 s")]
#[case::broken(
    "broken",
    1,
    "fuzz: to repeat it: env RUSTC_BOOTSTRAP=1 cargo fuzz run --fuzz-dir harness/fuzz \
     --sanitizer none --codegen-units 16 broken harness/fuzz/artifacts/broken/crash-1"
)]
fn a_fuzz_target_that_breaks_is_told_with_how_to_repeat_it(
    #[case] target: &str,
    #[case] code: i32,
    #[case] says: &str,
) {
    let runner = Runner::new();
    runner.program("rustup", "exit 1");
    runner.program("cargo", FUZZING);
    runner.program("cargo-fuzz", "");
    let built = runner.path("built").display().to_string();
    let variables = [
        ("CARGO_TARGET_DIR", built.as_str()),
        ("DUALSTACK_FUZZ_SANITIZER", "none"),
    ];
    let output = runner.run(&root().join(".ci/fuzz"), &["1", target], &variables);
    assert_eq!(output.status.code(), Some(code), "{}", said(&output));
    assert!(said(&output).contains(says), "{}", said(&output));
}

#[test]
fn the_workflows_use_the_nextest_that_is_pinned() {
    let read = |file: &str| fs::read_to_string(root().join(file)).unwrap();
    let (tool, workflow) = (read(".ci/tool"), read(".github/workflows/ci.yml"));
    let (_, pinned) = tool.split_once("cargo-nextest) version=").unwrap();
    let (pinned, _) = pinned.split_once(' ').unwrap();
    let wanted = format!("tool: cargo-nextest@{pinned}\n");
    assert!(workflow.contains(&wanted), "{wanted}");
}

/// The labels of runners in a line of a workflow.
fn labels<'a>(text: &'a str, place: &str) -> Vec<&'a str> {
    let (_, after) = text.split_once(place).unwrap();
    let (list, _) = after.split_once(']').unwrap();
    let labels = list
        .split(',')
        .map(|label| label.trim_matches([' ', '\n', '[', '"']));
    labels.collect()
}

#[test]
fn tests_and_scenarios_run_on_the_same_platforms() {
    let read =
        |name: &str| fs::read_to_string(root().join(".github/workflows").join(name)).unwrap();
    let (tests, scenarios) = (read("ci.yml"), read("scenarios.yml"));
    let tested = labels(&tests, "        platform: ");
    assert!(tested.len() > 1, "{tested:?}");
    assert_eq!(tested, labels(&scenarios, "        default: >-\n"));
}

#[test]
fn the_workspace_is_built_with_the_oldest_rust_that_it_names() {
    let runner = Runner::new();
    runner.write(
        "Cargo.toml",
        "version = \"1.2.3\"\nrust-version = \"1.88\"\n",
    );
    runner.program("rustup", "echo \"rustup $*\" >>called");
    runner.program("cargo", "echo \"cargo $*\" >>called");
    succeeded(&runner.script("msrv-check", &[]));
    let called = runner.read("called");
    let called: Vec<&str> = called.lines().collect();
    assert_eq!(
        called,
        [
            "rustup toolchain install 1.88 --profile minimal --no-self-update",
            "cargo +1.88 check --locked --workspace",
        ]
    );
}

/// A repository that is ready for the release of version 1.2.3.
fn ready_for_release() -> Runner {
    let runner = Runner::new();
    runner.write(
        "Cargo.toml",
        "version = \"1.2.3\"\nrepository = \"https://git.example/someone/dualstack\"\n\
         a = { version = \"9.9.9\" }\n",
    );
    runner.write("docs/report.md", "uses: someone/dualstack\n");
    runner.write(".github/workflows/release.yml", "");
    runner.write(
        "CHANGELOG.md",
        "# Changes\n\n## [Unreleased]\n\n- later\n\n## [1.2.3] - 2030-01-02\n\n### Added\n\n\
         - now\n\n## [1.2.2] - 2029-01-02\n\n- earlier\n",
    );
    runner
}

fn release_notes(runner: &Runner, tag: &str) -> Output {
    let variables = [
        ("GITHUB_SERVER_URL", "https://git.example"),
        ("GITHUB_REPOSITORY", "someone/dualstack"),
    ];
    runner.script_with("release-notes", &[tag], &variables)
}

#[test]
fn the_notes_of_a_release_are_its_section_of_the_change_log() {
    let output = release_notes(&ready_for_release(), "v1.2.3");
    succeeded(&output);
    let notes = String::from_utf8(output.stdout).unwrap();
    assert_eq!(notes.trim(), "### Added\n\n- now");
}

#[rstest]
#[case::another_form("release-1", "", "", "is not vX.Y.Z")]
#[case::another_version("v1.2.2", "", "", "Cargo.toml has version 1.2.3: set it to 1.2.2")]
#[case::no_repository(
    "v1.2.3",
    "Cargo.toml",
    "version = \"1.2.3\"\nrepository = \"https://git.example/OWNER/dualstack\"\n",
    "set it to https://git.example/someone/dualstack"
)]
#[case::a_placeholder(
    "v1.2.3",
    "docs/report.md",
    "OWNER/dualstack\n",
    "replace OWNER in docs/report.md"
)]
#[case::no_section(
    "v1.2.3",
    "CHANGELOG.md",
    "## [1.2.30]\n\n- other\n",
    "no section [1.2.3]"
)]
#[case::an_empty_section("v1.2.3", "CHANGELOG.md", "## [1.2.3]\n\n", "no section [1.2.3]")]
fn a_release_is_refused_that_is_not_ready(
    #[case] tag: &str,
    #[case] file: &str,
    #[case] text: &str,
    #[case] why: &str,
) {
    let runner = ready_for_release();
    if !file.is_empty() {
        runner.write(file, text);
    }
    let output = release_notes(&runner, tag);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains(why), "{}", said(&output));
}

/// Replaces cargo: creates the two programs where it would, and records how it was
/// called.
const CARGO: &str = "echo \"$RUSTFLAGS $*\" >called; while [ \"$1\" != --target ]; do shift; done; \
    case $2 in *windows*) exe=.exe ;; esac; mkdir -p \"target/$2/release\"; \
    for program in dualstack dualstack-agent; do echo \"$2\" >\"target/$2/release/$program$exe\"; done";

/// Replaces 7z, which need not be installed: 7z a -bso0 ARCHIVE FOLDER.
const SEVEN_ZIP: &str = "tar -cf \"$3\" \"$4\"";

#[rstest]
#[case::linux("x86_64-unknown-linux-gnu", "tar.gz", "", true)]
#[case::windows("x86_64-pc-windows-msvc", "zip", ".exe", true)]
#[case::macos("aarch64-apple-darwin", "tar.gz", "", false)]
fn a_release_holds_both_programs(
    #[case] target: &str,
    #[case] form: &str,
    #[case] exe: &str,
    #[case] is_static: bool,
) {
    let runner = ready_for_release();
    runner.program("cargo", CARGO);
    runner.program("7z", SEVEN_ZIP);
    for file in ["README.md", "LICENSE-MIT", "LICENSE-APACHE"] {
        runner.write(file, file);
    }
    let variables = [("CARGO_TARGET_DIR", "target"), ("RUSTFLAGS", "")];
    succeeded(&runner.script_with("release-build", &[target, "archives"], &variables));
    let name = format!("dualstack-1.2.3-{target}");
    assert_eq!(runner.names("archives"), [format!("{name}.{form}")]);
    let archive = runner.path(&format!("archives/{name}.{form}"));
    let listed = Command::new("tar")
        .arg("-tf")
        .arg(archive)
        .output()
        .unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let files = listed.lines().filter(|file| !file.ends_with('/'));
    let files: BTreeSet<String> = files.map(str::to_owned).collect();
    let expected = [
        "CHANGELOG.md",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "README.md",
        &format!("dualstack-agent{exe}"),
        &format!("dualstack{exe}"),
    ];
    let expected = expected.map(|file| format!("{name}/{file}"));
    assert_eq!(files, BTreeSet::from(expected));
    assert_eq!(runner.read("called").contains("+crt-static"), is_static);
}

#[rstest]
#[case::well("", 0, 2)]
#[case::not_created("exit 1", 1, 1)]
fn a_release_is_seen_when_it_is_whole(
    #[case] fails: &str,
    #[case] code: i32,
    #[case] asked: usize,
) {
    let runner = Runner::new();
    runner.program("gh", &format!("echo \"$*\" >>asked; {fails}"));
    runner.write("archives/dualstack-1.2.3-one.tar.gz", "one");
    runner.write("archives/dualstack-1.2.3-two.zip", "two");
    let output = runner.script("release-publish", &["v1.2.3", "archives", "notes.md"]);
    assert_eq!(output.status.code(), Some(code), "{}", said(&output));
    let checked = Command::new("sha256sum")
        .args(["--check", "--strict", "SHA256SUMS"])
        .current_dir(runner.path("archives"))
        .output()
        .unwrap();
    succeeded(&checked);
    assert_eq!(said(&checked).matches(": OK").count(), 2);
    let asked_for = runner.read("asked");
    let asked_for: Vec<&str> = asked_for.lines().collect();
    assert_eq!(asked_for.len(), asked, "{asked_for:?}");
    assert!(
        asked_for[0].contains("--draft --title v1.2.3"),
        "{asked_for:?}"
    );
    assert!(
        asked_for[0].contains("archives/SHA256SUMS"),
        "{asked_for:?}"
    );
}

#[test]
fn nothing_is_released_without_an_archive() {
    let runner = Runner::new();
    runner.program("gh", "echo \"$*\" >>asked");
    runner.write("archives/notes", "");
    let output = runner.script("release-publish", &["v1.2.3", "archives", "notes.md"]);
    assert!(!output.status.success());
    assert_eq!(runner.read("asked"), "");
}

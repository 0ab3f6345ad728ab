//! Results are never lost: not to another run, to a full disk, to a killed process, or to a
//! platform that does not start.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use dualstack_report::Results;
use rstest::rstest;

#[cfg(target_os = "linux")]
use crate::unshare;
use crate::{dualstack, folder_with, program, results, scenario, stderr, stdout};

fn start(arguments: &[&str], folder: &Path) -> Child {
    Command::new(program())
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn read(file: &Path) -> Results {
    Results::read(&fs::read_to_string(file).unwrap()).unwrap()
}

/// The columns of a file, each with the answer to the only case.
fn answers(results: &Results) -> Vec<(&str, Option<&str>)> {
    let columns = results.columns.iter().map(|column| column.id.as_str());
    columns
        .map(|id| {
            let cell = results.cell(id, "own/made");
            (id, cell.and_then(|cell| cell.answer.as_deref()))
        })
        .collect()
}

#[test]
fn runs_in_one_second_have_a_file_each() {
    let folder = folder_with(&[("own/made.toml", scenario(""))]);
    let runs: Vec<Child> = (0..12)
        .map(|_| start(&["run", "own"], folder.path()))
        .collect();
    let ended = runs.into_iter().map(|run| run.wait_with_output().unwrap());
    let mut said: Vec<String> = ended
        .map(|output| {
            assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
            stdout(&output).lines().last().unwrap().to_owned()
        })
        .collect();
    said.sort();
    said.dedup();
    assert_eq!(said.len(), 12, "{said:#?}");
    let files = results(folder.path());
    assert_eq!(files.len(), 12, "{files:?}");
    assert!(files.iter().all(|file| answers(&read(file)).len() == 1));
}

/// A place that cannot be written to is found out before a platform is started.
#[rstest]
#[case::below_a_file(&["--results", "own/made.toml/a.json"], "failed to write own/made.toml/a.json")]
#[case::a_folder(&["--results", "own"], "failed to write own: is a directory")]
#[case::the_usual_place(&[], "name another place with --results")]
fn a_place_for_results_is_tried_first(#[case] named: &[&str], #[case] message: &str) {
    let folder = folder_with(&[
        ("own/made.toml", scenario("")),
        ("dualstack-results", "a file".to_owned()),
    ]);
    let via = format!("touch started; '{}' agent", program().display());
    let arguments = [&["run", "own", "--via", &via], named].concat();
    let output = dualstack(&arguments, folder.path());
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    assert!(stderr(&output).contains(message), "{}", stderr(&output));
    assert!(!folder.path().join("started").exists());
}

#[test]
#[cfg(target_os = "linux")]
fn answers_are_shown_if_they_cannot_be_kept() {
    let folder = folder_with(&[("own/made.toml", scenario(""))]);
    let output = dualstack(&["run", "own", "--results", "/dev/full"], folder.path());
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    assert!(stdout(&output).contains("· ok"), "{}", stdout(&output));
    let message = "failed to write /dev/full: No space left";
    assert!(stderr(&output).contains(message), "{}", stderr(&output));
}

/// On a disk with room for one page: results do not fit.
#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_leaves_what_was_there_and_no_part_of_a_file() {
    let folder = folder_with(&[("own/made.toml", scenario(""))]);
    let script = "mount -t tmpfs -o size=4k none disk && echo old > disk/old.json || exit 77\n\
         \"$0\" run own --results disk/old.json; echo \"code $?\"\n\
         \"$0\" run own --results disk/new.json; echo \"code $?\"\n\
         ls -A disk; cat disk/old.json";
    fs::create_dir(folder.path().join("disk")).unwrap();
    let mut unshare = unshare(&["--mount"]);
    unshare.args(["sh", "-c", script]).arg(program());
    let output = unshare.current_dir(folder.path()).output();
    let Ok(output) = output.inspect_err(|error| println!("there is no unshare here: {error}"))
    else {
        return;
    };
    if !output.status.success() {
        println!("a disk cannot be mounted here: {}", stderr(&output));
        return;
    }
    let shown = stdout(&output);
    assert_eq!(shown.matches("code 3\n").count(), 2, "{shown}");
    assert_eq!(shown.matches("· ok").count(), 2, "{shown}");
    assert!(shown.ends_with("code 3\nold.json\nold\n"), "{shown}");
    for file in ["old", "new"] {
        let message = format!("failed to write disk/{file}.json: No space left");
        assert!(stderr(&output).contains(&message), "{}", stderr(&output));
    }
}

/// A link to a results file stays a link.
#[test]
#[cfg(unix)]
fn a_named_file_is_replaced_where_it_is() {
    let folder = folder_with(&[
        ("own/made.toml", scenario("")),
        ("deep/results.json", "old".to_owned()),
    ]);
    let link = folder.path().join("link.json");
    std::os::unix::fs::symlink("deep/results.json", &link).unwrap();
    let output = dualstack(&["run", "own", "--results", "link.json"], folder.path());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(link.is_symlink());
    let file = folder.path().join("deep/results.json");
    assert_eq!(answers(&read(&file)), [("host", Some("ok"))]);
    let files = fs::read_dir(folder.path().join("deep")).unwrap();
    assert_eq!(files.count(), 1);
}

/// A platform whose agent leaves a line in `asked` when it starts.
#[cfg(unix)]
fn counted() -> String {
    format!(
        "counted=echo asked >> asked; '{}' agent",
        program().display()
    )
}

#[cfg(unix)]
fn times_asked(folder: &Path) -> usize {
    let asked = fs::read_to_string(folder.join("asked")).unwrap_or_default();
    asked.lines().count()
}

/// One platform answers and one is silent when the run is killed; a run that resumes it asks
/// only the second.
#[test]
#[cfg(unix)]
fn a_run_that_is_killed_keeps_what_was_complete_and_can_be_resumed() {
    let folder = folder_with(&[("own/made.toml", scenario(""))]);
    let [file, rest] = ["broken-off.json", "whole.json"].map(|name| folder.path().join(name));
    let silent = ["--via", "silent=cat > /dev/null"];
    let counted = counted();
    let first = [
        "run",
        "own",
        "--via",
        &counted,
        "--results",
        "broken-off.json",
    ];
    let mut run = start(&[&first, silent.as_slice()].concat(), folder.path());
    while !file.exists() {
        assert_eq!(run.try_wait().unwrap(), None, "it has ended");
        std::thread::yield_now();
    }
    run.kill().unwrap();
    run.wait().unwrap();
    assert_eq!(answers(&read(&file)), [("counted", Some("ok"))]);

    let answering = format!("silent='{}' agent", program().display());
    let second = [
        "run",
        "own",
        "--via",
        &counted,
        "--via",
        &answering,
        "--resume",
        "broken-off.json",
        "--results",
        "whole.json",
    ];
    let output = dualstack(&second, folder.path());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let whole = [("counted", Some("ok")), ("silent", Some("ok"))];
    assert_eq!(answers(&read(&rest)), whole);
    assert_eq!(times_asked(folder.path()), 1);
}

/// An error is no answer: the case is asked again.
#[test]
#[cfg(unix)]
fn a_case_that_was_an_error_is_resumed() {
    let folder = folder_with(&[("own/made.toml", scenario(""))]);
    let arguments = ["run", "own", "--results", "results.json"];
    let run = |more: &[&str]| dualstack(&[&arguments, more].concat(), folder.path());
    let broken = run(&["--via", "counted=false"]);
    assert_eq!(broken.status.code(), Some(3), "{}", stderr(&broken));
    let counted = counted();
    for _ in 0..2 {
        let output = run(&["--via", &counted, "--resume", "results.json"]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let results = read(&folder.path().join("results.json"));
        assert_eq!(answers(&results), [("counted", Some("ok"))]);
        assert_eq!(times_asked(folder.path()), 1);
    }
}

#[rstest]
#[case::changed("own/made.toml", "Can it?", "Could it?", "own/made is not as it was")]
#[case::more("own/more.toml", "", "", "own/more is to be run, and is not in it")]
fn other_scenarios_are_not_resumed(
    #[case] file: &str,
    #[case] from: &str,
    #[case] to: &str,
    #[case] why: &str,
) {
    let folder = folder_with(&[("own/made.toml", scenario(""))]);
    let arguments = ["run", "own", "--results", "results.json"];
    assert!(dualstack(&arguments, folder.path()).status.success());
    let before = fs::read(folder.path().join("results.json")).unwrap();
    fs::write(folder.path().join(file), scenario("").replace(from, to)).unwrap();
    let resume = [&arguments[..], &["--resume", "results.json"]].concat();
    let output = dualstack(&resume, folder.path());
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(stderr(&output).contains(why), "{}", stderr(&output));
    assert!(stderr(&output).contains("run without --resume"));
    assert_eq!(
        fs::read(folder.path().join("results.json")).unwrap(),
        before
    );
}

/// There is no `runsc` on the path.
#[rstest]
#[case::beside_others(&["--on", "host,gvisor"], 1)]
#[case::alone(&["--on", "gvisor"], 0)]
#[cfg(target_os = "linux")]
fn a_platform_that_does_not_start_keeps_no_other_from_running(
    #[case] on: &[&str],
    #[case] answered: usize,
) {
    let folder = folder_with(&[("own/made.toml", scenario(""))]);
    let output = Command::new(program())
        .args(["run", "own", "--results", "results.json"])
        .args(on)
        .env("PATH", "")
        .env("DUALSTACK_STATIC_AGENT", program())
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    let said = stdout(&output) + &stderr(&output);
    let why = "gvisor cannot be used here: gVisor is not installed";
    assert_eq!(
        said.replace("gvisor: c", "gvisor c").matches(why).count(),
        1,
        "{said}"
    );
    let file = folder.path().join("results.json");
    assert_eq!(file.exists(), answered > 0);
    if file.exists() {
        let results = read(&file);
        assert_eq!(answers(&results), [("host", Some("ok")), ("gvisor", None)]);
        let cell = results.cell("gvisor", "own/made").unwrap();
        assert_eq!(cell.verdict.to_string(), "error");
        assert!(
            cell.why
                .as_ref()
                .unwrap()
                .contains("gVisor is not installed")
        );
    }
}

/// Only files with the names that runs give are removed, the oldest first.
#[test]
fn the_newest_results_are_kept() {
    let old = |name: &str| (format!("dualstack-results/{name}.json"), "old".to_owned());
    let names = [
        "2026-01-01T00-00-00Z",
        "2026-01-01T00-00-00Z.2",
        "2026-01-01T00-00-01Z",
        "mine",
    ];
    let files = names.map(old);
    let mut files: Vec<(&str, String)> = files
        .iter()
        .map(|(name, text)| (name.as_str(), text.clone()))
        .collect();
    files.push(("own/made.toml", scenario("")));
    let folder = folder_with(&files);
    let output = dualstack(&["run", "own", "--keep", "2"], folder.path());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(
        stderr(&output).contains("removed 2 older files"),
        "{}",
        stderr(&output)
    );
    let left = results(folder.path());
    let mut left: Vec<String> = left
        .iter()
        .map(|file| file.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    left.sort();
    assert_eq!(left.len(), 3, "{left:?}");
    assert_eq!(left[0], "2026-01-01T00-00-01Z");
    assert_eq!(left[2], "mine");
}

/// The name of a removed file could be taken again, and the newest file would seem the oldest.
#[test]
fn a_run_never_removes_its_own_results() {
    let folder = tempfile::tempdir().unwrap();
    for _ in 0..6 {
        let arguments = ["run", "mapped-peer/accept", "--quiet", "--keep", "1"];
        let said = stdout(&dualstack(&arguments, folder.path()));
        let file = said.trim().strip_prefix("results: ").unwrap();
        assert!(folder.path().join(file).is_file(), "{said}");
    }
}

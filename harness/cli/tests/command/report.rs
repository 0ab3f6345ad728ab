//! `dualstack report` and `dualstack diff`, from a run to the report.

use std::fs;
use std::path::Path;

use dualstack_report::Results;
use rstest::rstest;
use serde_json::Value;

use crate::{dualstack, folder_with, scenario, stderr};

/// A folder with `own/made.toml`, run into `NAME.json`.
fn run(folder: &Path, name: &str, say: &str) {
    let scenario = format!(
        "title = \"A socket can be made\"\nask = \"Can it?\"\n\
         requires = {{ ipv4 = \"any\", ipv6 = \"any\" }}\n\
         steps = [{{ socket = \"s\", type = \"udp4\", result = \"any\", save = \"made\" }}]\n\
         answer = \"{say}{{made}}\"\n"
    );
    fs::create_dir_all(folder.join("own")).unwrap();
    fs::write(folder.join("own/made.toml"), scenario).unwrap();
    let file = format!("{name}.json");
    let output = dualstack(&["run", "own", "--results", &file], folder);
    assert!(output.status.success(), "{}", stderr(&output));
}

/// The files of each output format, and what they say about the only case, which answers
/// `now: ok` and answered `was: ok` in an earlier run.
const FILES: [(&str, &str, &str); 10] = [
    (
        "page",
        "index.html",
        "1 case in 1 scenario, measured on 1 platform",
    ),
    ("page", "data.js", r#""now: ok"]]"#),
    (
        "page",
        "data/own/made.js",
        r#""s = socket(AF_INET, SOCK_DGRAM)","now: ok""#,
    ),
    (
        "page",
        "scenarios/own/made.html",
        r#"<span class="text">now: ok</span>"#,
    ),
    ("page", "platforms.html", "1 observed"),
    (
        "changes",
        "changes.html",
        r#"<span class="text">was: ok</span>"#,
    ),
    (
        "markdown",
        "report.md",
        "| A socket can be made | · <code>now: ok</code> |",
    ),
    (
        "junit",
        "junit.xml",
        r#"<testcase name="own/made" classname="own/made">"#,
    ),
    ("csv", "results.csv", ",observed,now: ok,"),
    (
        "json",
        "results.json",
        r#""verdict":"observed","answer":"now: ok""#,
    ),
];

#[rstest]
#[case::all(&[], &["page", "markdown", "junit", "csv", "json"])]
#[case::one(&["--form", "csv"], &["csv"])]
#[case::two(&["--form", "json,markdown"], &["json", "markdown"])]
#[case::since(&["--since", "before.json", "--form", "page"], &["page", "changes"])]
fn a_report_is_written_in_the_forms_that_are_wanted(
    #[case] arguments: &[&str],
    #[case] wanted: &[&str],
) {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), "before", "was: ");
    run(folder.path(), "now", "now: ");
    let mut all = vec!["report", "now.json", "--out", "site/deep"];
    all.extend(arguments);
    let output = dualstack(&all, folder.path());
    assert!(output.status.success(), "{}", stderr(&output));
    let site = folder.path().join("site/deep");
    for (form, file, says) in FILES {
        let text = fs::read_to_string(site.join(file));
        let wanted = wanted.contains(&form);
        assert_eq!(text.is_ok(), wanted, "{file}");
        let text = text.unwrap_or_default();
        assert_eq!(text.contains(says), wanted, "{file}: {text}");
    }
}

#[test]
fn the_merged_results_make_the_same_report() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), "a", "");
    for (from, to) in [("a.json", "one"), ("one/results.json", "two")] {
        let output = dualstack(&["report", from, "--out", to], folder.path());
        assert!(output.status.success(), "{}", stderr(&output));
    }
    for file in [
        "results.json",
        "results.csv",
        "report.md",
        "index.html",
        "data.js",
    ] {
        let read = |site: &str| fs::read(folder.path().join(site).join(file)).unwrap();
        assert_eq!(read("one"), read("two"), "{file}");
    }
}

/// Every page names the address that search engines shall show, kept copies that of the newest.
#[test]
fn a_page_with_an_address_names_it() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), "a", "");
    let made = |more: &[&str]| {
        let all = ["report", "a.json", "--out", "site", "--form", "page"];
        let output = dualstack(&[&all, more].concat(), folder.path());
        assert!(output.status.success(), "{}", stderr(&output));
    };
    let site = folder.path().join("site");
    let read = |file: &str| fs::read_to_string(site.join(file)).unwrap();

    made(&["--site", "https://example.org/sockets", "--keep-run"]);
    let of_scenario = "https://example.org/sockets/scenarios/own/made.html";
    let named = format!("<link rel=\"canonical\" href=\"{of_scenario}\">");
    assert!(read("scenarios/own/made.html").contains(&named));
    assert!(
        read("index.html")
            .contains("<link rel=\"canonical\" href=\"https://example.org/sockets/\">")
    );
    let map = read("sitemap.xml");
    for address in [
        of_scenario,
        "https://example.org/sockets/",
        "https://example.org/sockets/platforms.html",
    ] {
        assert!(map.contains(&format!("<loc>{address}</loc>")), "{map}");
    }
    assert!(!map.contains("runs/"), "{map}");
    let kept = names(&site.join("runs")).remove(0);
    assert!(read(&format!("runs/{kept}/scenarios/own/made.html")).contains(&named));

    made(&[]);
    assert!(!read("index.html").contains("canonical"));
    assert!(!site.join("sitemap.xml").exists());
}

/// The names of the files in a folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

/// Runs `dualstack report` in a folder; returns the merged results.
fn reported(folder: &Path, arguments: &[&str]) -> Value {
    let mut all = vec!["report", "--out", "out", "--form", "json"];
    all.extend(arguments);
    let output = dualstack(&all, folder);
    assert!(output.status.success(), "{}", stderr(&output));
    let file = fs::File::open(folder.join("out/results.json")).unwrap();
    serde_json::from_reader(file).unwrap()
}

#[test]
fn results_that_are_kept_grow_and_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    run(folder, "here", "");
    let one = reported(folder, &["here.json", "--keep", "kept"]);
    assert_eq!(names(&folder.join("kept")), ["host.json.gz"]);
    let mut elsewhere = one.clone();
    elsewhere["columns"][0]["machine"]["edition"] = "Elsewhere 1".into();
    fs::write(folder.join("elsewhere.json"), elsewhere.to_string()).unwrap();
    let two = reported(folder, &["elsewhere.json", "--keep", "kept"]);
    assert_eq!(two["columns"].as_array().unwrap().len(), 2, "{two}");
    let kept = names(&folder.join("kept"));
    assert_eq!(kept.len(), 2, "{kept:?}");
    assert!(
        kept.iter()
            .any(|name| name.ends_with("Elsewhere-1.json.gz"))
    );
    assert_eq!(reported(folder, &["--keep", "kept"]), two);
    run(folder, "again", "");
    let again = reported(folder, &["again.json", "--keep", "kept"]);
    assert_eq!(again["columns"].as_array().unwrap().len(), 2, "{again}");
    assert_eq!(names(&folder.join("kept")), kept);
    let own = format!("kept/{}", kept[0]);
    let alone = reported(folder, &[&own]);
    assert_eq!(alone["columns"].as_array().unwrap().len(), 1, "{alone}");
}

#[test]
fn old_results_are_shown_in_the_words_of_today() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    run(folder, "old", "");
    let text = fs::read_to_string(folder.join("own/made.toml")).unwrap();
    let text = text.replace("A socket can be made", "Other words");
    fs::write(folder.join("own/made.toml"), text).unwrap();
    let today = reported(folder, &["old.json", "--scenarios", "own"]);
    assert_eq!(today["scenarios"][0]["title"], "Other words");
    assert_eq!(today["cells"].as_array().unwrap().len(), 1, "{today}");
    fs::rename(folder.join("own/made.toml"), folder.join("own/named.toml")).unwrap();
    let today = reported(folder, &["old.json", "--scenarios", "own"]);
    assert_eq!(today["scenarios"][0]["id"], "own/named");
    assert_eq!(today["cells"], Value::Array(Vec::new()));
}

#[test]
fn a_compressed_file_that_is_broken_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("cut.json.gz"), [0x1f, 0x8b, 8]).unwrap();
    let output = dualstack(&["report", "cut.json.gz", "--out", "x"], folder.path());
    assert_eq!(output.status.code(), Some(2));
    let told = stderr(&output);
    assert!(told.contains("failed to read cut.json.gz"), "{told}");
}

#[test]
fn a_difference_is_told_by_the_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), "old", "");
    run(folder.path(), "new", "was ");
    let diff = |old, new| dualstack(&["diff", old, new], folder.path());
    let same = diff("old.json", "old.json");
    assert_eq!(same.status.code(), Some(0));
    let told = String::from_utf8(same.stdout).unwrap();
    assert_eq!(told, "host: the one cell as before\n");
    let other = diff("old.json", "new.json");
    assert_eq!(other.status.code(), Some(1));
    let told = String::from_utf8(other.stdout).unwrap();
    assert!(told.contains("· ok → · was ok"), "{told}");
}

#[rstest]
#[case::missing(&["report", "none.json", "--out", "x"], "failed to read none.json")]
#[case::no_results(&["report", "own/made.toml", "--out", "x"], "it is not a results file")]
#[case::newer(&["report", "newer.json", "--out", "x"], "take a newer dualstack")]
#[case::no_site(&["report", "a.json", "--out", "x", "--site", "example.org"], "not the address of a folder, like https://example.org/dualstack/")]
#[case::a_query(&["report", "a.json", "--out", "x", "--site", "https://example.org/?a"], "not the address of a folder")]
#[case::platform(&["diff", "a.json", "a.json", "--platform", "moon"], "no platform `moon` in that file; the platforms are host")]
fn what_makes_no_sense_is_refused(#[case] arguments: &[&str], #[case] message: &str) {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), "a", "");
    let newer = "{\"format\": \"dualstack results\", \"version\": 999}";
    fs::write(folder.path().join("newer.json"), newer).unwrap();
    let output = dualstack(arguments, folder.path());
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains(message), "{}", stderr(&output));
    assert!(!folder.path().join("x").exists());
}

/// A run of some cases on a newer kernel would take the place of all answers of the older one.
#[test]
fn a_kept_platform_loses_no_answer_to_a_smaller_run() {
    let folder = folder_with(&[
        ("own/made.toml", scenario("")),
        ("own/again.toml", scenario("")),
    ]);
    let folder = folder.path();
    let run = |what: &[&str]| dualstack(&[&["run"], what].concat(), folder);
    assert_eq!(
        run(&["own", "--results", "all.json"]).status.code(),
        Some(0)
    );
    let some = ["own", "--id", "own/made", "--results", "some.json"];
    assert_eq!(run(&some).status.code(), Some(0));
    let path = folder.join("some.json");
    let mut newer = Results::read(&std::fs::read_to_string(&path).unwrap()).unwrap();
    let build = &mut newer.columns[0].machine.as_mut().unwrap().build;
    // Its last word is the processor.
    let before = build.rfind(' ').unwrap_or(0);
    build.insert_str(before, "-newer");
    std::fs::write(&path, serde_json::to_string(&newer).unwrap()).unwrap();

    let keep = |file: &str| dualstack(&["report", file, "--keep", "kept", "--out", "page"], folder);
    let all = keep("all.json");
    assert_eq!(all.status.code(), Some(0), "{}", stderr(&all));
    let fewer = keep("some.json");
    assert_eq!(fewer.status.code(), Some(2), "{}", stderr(&fewer));
    let said = stderr(&fewer);
    assert!(
        said.contains("host would lose 1 of the answers in kept/"),
        "{said}"
    );
    let same = keep("all.json");
    assert_eq!(
        same.status.code(),
        Some(0),
        "what was kept is whole: {}",
        stderr(&same)
    );
}

/// Cases are named as everywhere.
#[rstest]
#[case("v6only-option/default")]
#[case("v6only-option/def*")]
#[case("v6only-option")]
fn a_report_can_be_on_cases_by_name(#[case] name: &str) {
    let folder = tempfile::tempdir().unwrap();
    let all = ["mapped-peer/accept", "v6only-option/default"];
    let run = dualstack(
        &[&["run"], &all[..], &["--results", "all.json"]].concat(),
        folder.path(),
    );
    assert_ne!(run.status.code(), Some(2), "{}", stderr(&run));
    let report = ["report", "all.json", "--out", "site", "--form", "csv"];
    let output = dualstack(
        &[&report[..], &["--scenarios", name]].concat(),
        folder.path(),
    );
    assert!(output.status.success(), "{}", stderr(&output));
    let csv = fs::read_to_string(folder.path().join("site/results.csv")).unwrap();
    assert!(csv.contains("v6only-option/default"), "{csv}");
    assert!(!csv.contains("mapped-peer/accept"), "{csv}");
}

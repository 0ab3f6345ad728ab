//! Hostile results files.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use serde_json::{Value, json};

use crate::ACTIVE;
use crate::handled::{handled, is_text};

/// A scenario that answers `ok` on any system, and has everything that is shown.
const SCENARIO: &str = r#"
title = "A socket can be made"
ask = "Can it?"
about = "It is asked because of something."
tags = ["made"]
advice = "Make it."
requires = { ipv4 = "any", ipv6 = "any" }
rows = [{ name = "made", p = "ok" }]
steps = [{ socket = "s", type = "udp4", result = "any", save = "made" }]
answer = "{made}"
[claims]
DS-01 = "{p}"
[expect]
any = { answer = "EINVAL", source = "a source" }
[known]
windows = { answer = "ENOSYS", reason = "a reason" }
"#;

/// The texts of a results file that are shown somewhere.
const TEXTS: [&str; 25] = [
    "/tool",
    "/catalogue/document/title",
    "/catalogue/document/publisher",
    "/catalogue/claim/0/id",
    "/catalogue/claim/0/title",
    "/catalogue/claim/0/text",
    "/scenarios/0/id",
    "/scenarios/0/title",
    "/scenarios/0/ask",
    "/scenarios/0/about",
    "/scenarios/0/tags/0",
    "/scenarios/0/advice",
    "/scenarios/0/cases/0/row",
    "/scenarios/0/cases/0/answer/0/say",
    "/scenarios/0/cases/0/expect/0/answer/0",
    "/scenarios/0/cases/0/expect/0/source",
    "/scenarios/0/cases/0/known/0/reason",
    "/scenarios/0/cases/0/claims/0/claim",
    "/columns/0/machine/edition",
    "/columns/0/machine/build",
    "/columns/0/tool",
    "/cells/0/answer",
    "/cells/0/why",
    "/cells/0/stderr",
    "/cells/0/trace/0/call",
];

/// What a run of the scenario wrote.
fn written(folder: &Path) -> Value {
    fs::create_dir(folder.join("own")).unwrap();
    fs::write(folder.join("own/made.toml"), SCENARIO).unwrap();
    let run = ["run", "own", "--results", "base.json"];
    assert_eq!(handled("the base", &run, folder).code, Some(1));
    let mut file: Value =
        serde_json::from_slice(&fs::read(folder.join("base.json")).unwrap()).unwrap();
    file["cells"][0]["why"] = json!("no reason");
    file["cells"][0]["stderr"] = json!("nothing");
    file
}

/// Makes every report of a file. Returns what was said about it, if it was rejected.
fn reported(what: &str, folder: &Path) -> Option<String> {
    let report = [
        "report",
        "file.json",
        "--since",
        "base.json",
        "--out",
        "out",
    ];
    let reported = handled(what, &report, folder);
    if reported.code == Some(2) {
        return Some(reported.said);
    }
    assert_eq!(reported.code, Some(0), "{what}: {}", reported.said);
    files_are_text(what, &folder.join("out"));
    fs::remove_dir_all(folder.join("out")).unwrap();
    None
}

/// Checks the files of a report. `results.json` has every text as it is, escaped by JSON.
fn files_are_text(what: &str, folder: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_are_text(what, &path);
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let what = format!("{what}, {}", path.display());
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("json") => continue,
            Some("csv") => no_formulas(&what, &text),
            _ => {}
        }
        is_text(&what, &text);
    }
}

fn no_formulas(what: &str, text: &str) {
    for field in text.split([',', '\n']) {
        let field = field.trim_start_matches('"');
        assert!(!field.starts_with(['=', '+', '-', '@']), "{what}: {field}");
    }
}

/// Shows a file in every way.
fn shown(what: &str, file: &Value, folder: &Path) {
    fs::write(folder.join("file.json"), file.to_string()).unwrap();
    assert_eq!(reported(what, folder), None);
    handled(what, &["diff", "base.json", "file.json"], folder);
    let results = ["--results", "file.json"];
    let explain = [["explain", "own/made"], ["--in", "own"], results].concat();
    handled(what, &explain, folder);
}

#[test]
fn every_text_is_shown_as_text() {
    let folder = tempfile::tempdir().unwrap();
    let base = written(folder.path());
    let formulas = [
        ("a formula", "=HYPERLINK(0)"),
        ("a sum", "+1+1"),
        ("a difference", "-1+1"),
        ("a function", "@SUM(1)"),
        ("markup", "</script><script>x</script>]]>&"),
        ("two lines", "\\n=1\\n\\t=1"),
    ];
    for (name, text) in ACTIVE.into_iter().chain(formulas) {
        let text: Value = serde_json::from_str(&format!("\"{text}\"")).unwrap();
        let mut file = base.clone();
        for place in TEXTS {
            *file.pointer_mut(place).unwrap_or_else(|| panic!("{place}")) = text.clone();
        }
        shown(name, &file, folder.path());
        // All names that are keys as well.
        for place in [
            "/scenarios/0/cases/0/id",
            "/cells/0/case",
            "/columns/0/id",
            "/cells/0/column",
        ] {
            *file.pointer_mut(place).unwrap() = text.clone();
        }
        shown(name, &file, folder.path());
    }
}

/// A name for messages, how the file is written, and what is said about it.
///
/// A large file is written piece by piece: the memory that a child needs is counted from
/// what this process had when it started it.
type Other = (
    &'static str,
    &'static str,
    &'static str,
    usize,
    &'static str,
);

const MIB: usize = 1024 * 1024;

/// Files that are something else: their start, and what follows so many times.
const OTHERS: [Other; 14] = [
    ("nothing", "", "", 0, "EOF while parsing a value at line 1"),
    ("a NUL", "\0", "", 0, "expected value at line 1 column 1"),
    (
        "an escape",
        "\x1b[2J",
        "",
        0,
        "expected value at line 1 column 1",
    ),
    (
        "brackets",
        "",
        "[",
        100 * MIB,
        "the text at line 1 column 1 has more than",
    ),
    (
        "braces",
        "",
        "{\"a\":",
        MIB,
        "EOF while parsing a value at line 1",
    ),
    (
        "spaces",
        "",
        " ",
        100 * MIB,
        "the text at line 1 column 1 has more than",
    ),
    (
        "one text",
        "\"",
        "x",
        100 * MIB,
        "the text at line 1 column 1 has more than 1048576 bytes",
    ),
    (
        "backslashes",
        "\"",
        "\\",
        100 * MIB,
        "the text at line 1 column 1 has more than 1048576 bytes",
    ),
    (
        "one number",
        "",
        "9",
        50 * MIB,
        "the text at line 1 column 1 has more than",
    ),
    (
        "more values than there may be",
        "[",
        "\"\",",
        5 * MIB,
        "the file has 5242881 values",
    ),
    ("a list", "[]", "", 0, "invalid length 0"),
    (
        "a list of a header",
        "[\"dualstack results\", 1]",
        "",
        0,
        "it is not a results file",
    ),
    (
        "a header alone",
        "{\"format\": \"dualstack results\", \"version\": 1}",
        "",
        0,
        "missing field `",
    ),
    (
        "another format",
        "{\"format\": \"\\u001b[2J\", \"version\": 1}",
        "",
        0,
        "its format is `\\u{1b}[2J`",
    ),
];

fn write_other(path: &Path, start: &str, unit: &str, count: usize) {
    let mut file = io::BufWriter::new(fs::File::create(path).unwrap());
    file.write_all(start.as_bytes()).unwrap();
    let piece = unit.repeat(count.min(64 * 1024));
    for _ in 0..count / (64 * 1024) {
        file.write_all(piece.as_bytes()).unwrap();
    }
    file.flush().unwrap();
}

/// A name for messages, the file made of a sound one, and what is said about it; nothing
/// if it can be read.
type Part = (&'static str, fn(&Value) -> String, &'static str);

fn with(base: &Value, place: &str, value: Value) -> String {
    let mut file = base.clone();
    *file.pointer_mut(place).unwrap() = value;
    file.to_string()
}

/// The file with this text as its version.
fn version(base: &Value, version: &str) -> String {
    with(base, "/version", json!("MARK")).replace("\"MARK\"", version)
}

/// The file with this list of so many equal elements.
fn many(base: &Value, list: &str, count: usize) -> String {
    let element = base.pointer(&format!("{list}/0")).unwrap();
    with(base, list, json!(vec![element; count]))
}

fn columns(count: usize) -> Value {
    let column = |at: usize| json!({ "id": at.to_string(), "started": "2026-01-01T00:00:00Z", "tool": "", "conditions": [] });
    (0..count).map(column).collect()
}

fn scenarios(count: usize) -> Value {
    let scenario = |at: usize| json!({ "id": at.to_string(), "title": "", "ask": "", "cases": [] });
    (0..count).map(scenario).collect()
}

/// A thousand columns of so many cases.
fn places(base: &Value, cases: usize) -> String {
    let mut file = base.clone();
    file["columns"] = columns(1_000);
    file["cells"] = json!([]);
    many(&file, "/scenarios/0/cases", cases)
}

fn values_in_values(base: &Value) -> String {
    let mut file = base.clone();
    let case = &mut file["scenarios"][0]["cases"][0];
    case["script"]["parameters"] = json!([["p", "x".repeat(60_000)]]);
    case["answer"][0]["say"] = json!("{p}".repeat(100_000));
    file.to_string()
}

/// Files of which one part is wrong, or large.
const PARTS: [Part; 31] = [
    (
        "a newer version",
        |base| version(base, "4294967295"),
        "take a newer dualstack",
    ),
    (
        "a version beyond it",
        |base| version(base, "4294967296"),
        "invalid value",
    ),
    (
        "a negative version",
        |base| version(base, "-1"),
        "invalid value",
    ),
    (
        "an endless version",
        |base| version(base, "1e999"),
        "number out of range at line 1",
    ),
    ("version 0", |base| version(base, "0"), "its version is 0"),
    (
        "other columns of an old version",
        |base| {
            version(
                &serde_json::from_str(&with(base, "/columns", json!([1, [], "x", null]))).unwrap(),
                "1",
            )
        },
        "`columns/0`: invalid type: integer `1`",
    ),
    (
        "a text of 600 kB",
        |base| with(base, "/scenarios/0/title", json!("x".repeat(600_000))),
        "",
    ),
    (
        "a text of quotes",
        |base| with(base, "/scenarios/0/title", json!("\"".repeat(600_000))),
        "the text at line 1 column",
    ),
    (
        "an unknown verdict",
        |base| with(base, "/cells/0/verdict", json!("\u{1b}[2J".repeat(100_000))),
        "unknown variant `\\u{1b}[2J",
    ),
    (
        "conditions that do not exist",
        |base| with(base, "/cells/0/conditions", json!(7)),
        "`cells/0/conditions` is 7",
    ),
    (
        "conditions beyond all",
        |base| with(base, "/cells/0/conditions", json!(u64::MAX)),
        "`cells/0/conditions` is",
    ),
    (
        "1001 conditions",
        |base| many(base, "/columns/0/conditions", 1_001),
        "`columns/0/conditions` has 1001",
    ),
    (
        "1001 columns",
        |base| with(base, "/columns", columns(1_001)),
        "`columns` has 1001",
    ),
    (
        "1000 columns",
        |base| {
            let mut file = base.clone();
            file["cells"] = json!([]);
            with(&file, "/columns", columns(1_000))
        },
        "",
    ),
    (
        "1001 claims",
        |base| many(base, "/catalogue/claim", 1_001),
        "`catalogue/claim` has 1001",
    ),
    (
        "100001 scenarios",
        |base| with(base, "/scenarios", scenarios(100_001)),
        "`scenarios` has 100001",
    ),
    (
        "a scenario twice",
        |base| many(base, "/scenarios", 2),
        "`scenarios/1` has the id `own/made`",
    ),
    (
        "a case 1000 times",
        |base| many(base, "/scenarios/0/cases", 1_000),
        "",
    ),
    ("many places", |base| places(base, 50), ""),
    (
        "too many places",
        |base| places(base, 501),
        "`scenarios` times `columns` has 501000",
    ),
    (
        "three hosts",
        |base| {
            with(
                base,
                "/scenarios/0/cases/0/script/hosts",
                json!(["a", "b", "c"]),
            )
        },
        "hosts` has 3 hosts",
    ),
    (
        "a cell 8000 times",
        |base| many(base, "/cells", 8_000),
        "is the second for the case",
    ),
    (
        "a column twice",
        |base| many(base, "/columns", 2),
        "is the second that is called",
    ),
    (
        "a cell of nothing",
        |base| with(base, "/cells/0/case", json!("no/case")),
        "the file has no such case",
    ),
    (
        "more calls than steps",
        |base| many(base, "/cells/0/trace", 8_000),
        "`cells/0/trace` has 8000 calls, and at most 1000 are read",
    ),
    (
        "more steps than calls",
        |base| many(base, "/scenarios/0/cases/0/script/steps", 8_000),
        "",
    ),
    (
        "a list that no call returns",
        |base| {
            let events = json!({ "returned": { "ready": { "events": vec![""; 1_001] } } });
            with(base, "/cells/0/trace/0/outcome", events)
        },
        "`cells/0/trace/0` has 1001 entries",
    ),
    (
        "1001 means",
        |base| {
            with(
                base,
                "/columns/0/conditions/0/means",
                json!(vec![""; 1_001]),
            )
        },
        "`columns/0/conditions/0/means` has 1001 means",
    ),
    (
        "many claims of a case",
        |base| many(base, "/scenarios/0/cases/0/claims", 20_000),
        "",
    ),
    (
        "many troubles",
        |base| many(base, "/columns/0/troubles", 20_000),
        "",
    ),
    ("values in values", values_in_values, ""),
];

/// Makes every report of a file, and compares what is said about it.
fn is_handled(name: &str, message: &str, folder: &Path) {
    let said = reported(name, folder).unwrap_or_default();
    let place = if message.is_empty() {
        ""
    } else {
        "file.json: "
    };
    assert!(
        said.contains(place) && said.contains(message),
        "{name}: {said}"
    );
    assert_eq!(said.is_empty(), message.is_empty(), "{name}: {said}");
}

#[test]
fn every_results_file_is_handled() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file.json");
    let mut base = written(folder.path());
    base["scenarios"][0]["cases"][0]["script"]["hosts"] = json!([]);
    base["columns"][0]["troubles"] = json!(["\u{1b}"]);
    for (name, start, unit, count, message) in OTHERS {
        write_other(&path, start, unit, count);
        let explain = [
            "explain",
            "own/made",
            "--in",
            "own",
            "--results",
            "file.json",
        ];
        let said = handled(name, &explain, folder.path()).said;
        let told = said.contains("file.json: ") && said.contains(message);
        assert!(told, "{name}: {said}");
    }
    for (name, text, message) in PARTS {
        fs::write(&path, text(&base)).unwrap();
        is_handled(name, message, folder.path());
    }
}

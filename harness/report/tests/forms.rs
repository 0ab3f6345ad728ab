//! The output formats other than the page: the overview, Markdown, JUnit XML, CSV.

mod sample;

use dualstack_report::form::{csv, junit, markdown};
use dualstack_report::matrix::{self, Style};
use dualstack_report::overview::overview;
use dualstack_report::{Results, alike, changes};
use rstest::rstest;

const HOSTILE: &str = "<b>&|`@all`|\"'\n\u{202e}\0#1 *x* [l](javascript:0)";

fn hostile() -> Results {
    let mut results = sample::results();
    results.scenarios[0].title = HOSTILE.to_owned();
    for cell in &mut results.cells {
        cell.answer = cell.answer.as_ref().map(|_| HOSTILE.to_owned());
    }
    results
}

#[test]
fn markdown_tells_the_whole_matrix() {
    let text = markdown::report(&sample::results(), None, markdown::GITHUB_LIMIT);
    assert!(
        text.starts_with("# Dual-stack compatibility\n\n7 cases in 4 scenarios on 6 platforms")
    );
    assert!(text.contains("| wine | Wine 10.0 |"), "{text}");
    assert!(text.contains("∅ no data"), "{text}");
    assert!(text.contains("## ≈ known difference"), "{text}");
    assert!(!text.contains("left out"), "{text}");
}

#[test]
fn markdown_keeps_to_its_limit_and_says_what_it_left_out() {
    let results = sample::large(2_000, 30);
    let text = markdown::report(&results, None, markdown::GITHUB_LIMIT);
    assert!(text.len() <= markdown::GITHUB_LIMIT, "{}", text.len());
    let last = text.lines().last().unwrap();
    assert!(last.contains("rows are left out here"), "{last}");
    let number: String = last.chars().filter(char::is_ascii_digit).collect();
    let shown = text
        .lines()
        .filter(|line| line.starts_with("| Scenario "))
        .count();
    let told: usize = number.parse().unwrap();
    assert!(shown + told >= 2_000, "{shown} shown and {told} left out");
}

#[test]
fn markdown_tells_what_changed() {
    let before = sample::results();
    let mut now = sample::results();
    let shown = |now: &Results| {
        let changes = changes::between(&before, now, &[]);
        markdown::report(now, Some(&changes), markdown::GITHUB_LIMIT)
    };
    let text = shown(&now);
    assert!(text.contains("## What changed\n\n- "), "{text}");
    assert!(text.contains("cells as before\n"), "{text}");
    assert!(!text.contains("| before | now |"), "{text}");
    let cell = now.cells.iter_mut().find(|cell| cell.answer.is_some());
    cell.unwrap().answer = Some("another".to_owned());
    let text = shown(&now);
    assert!(text.contains("another</code> |\n"), "{text}");
    let changed = text.find("## What changed");
    assert!(changed < text.find("## ≈ known difference"), "{text}");
}

#[test]
fn markdown_holds_any_text() {
    let (before, after) = (sample::results(), hostile());
    let changes = changes::between(&before, &after, &[]);
    let text = markdown::report(&after, Some(&changes), markdown::GITHUB_LIMIT);
    for forbidden in ["<b>", "@all", "\u{202e}", "\0", "](java", "*x*", "`"] {
        assert!(!text.contains(forbidden), "{forbidden:?}");
    }
    for table in text.split("\n\n").filter(|block| block.starts_with('|')) {
        let mut widths = table.lines().map(|line| line.matches('|').count());
        let first = widths.next();
        assert!(widths.all(|width| Some(width) == first), "{table}");
    }
}

#[test]
fn junit_passes_nothing_that_was_not_answered() {
    let xml = junit::report(&sample::results());
    let suite = |name: &str| {
        let start = xml.find(&format!("<testsuite name=\"{name}\"")).unwrap();
        xml[start..].split("</testsuite>").next().unwrap()
    };
    assert!(
        suite("host").contains("tests=\"7\" skipped=\"0\" errors=\"0\" failures=\"0\""),
        "{}",
        suite("host")
    );
    let gvisor = suite("gvisor");
    assert!(gvisor.contains("<skipped message=\"unsupported: IPv4 cannot be disabled there\""));
    assert!(
        gvisor.contains("<error message=\"the agent ended early\""),
        "{gvisor}"
    );
    assert!(suite("windows").contains("<skipped message=\"no data\""));
    assert!(suite("vm-5.10").contains("answered 1; expected 0 (Linux net/ipv6"));
}

#[test]
fn junit_holds_any_text() {
    let xml = junit::report(&hostile());
    for forbidden in ["<b>", "\0", "\u{202e}", "'\n"] {
        assert!(!xml.contains(forbidden), "{forbidden:?}");
    }
}

#[test]
fn csv_has_a_line_a_cell() {
    let results = sample::results();
    let bytes = csv::report(&results);
    let mut reader = ::csv::Reader::from_reader(bytes.as_slice());
    let lines: Vec<::csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(lines.len(), results.cells.len());
    let line = lines
        .iter()
        .find(|line| &line[0] == "v6only-option/default" && &line[2] == "windows")
        .unwrap();
    assert_eq!(&line[6], "as expected");
    assert_eq!((&line[7], &line[9], &line[10]), ("1", "1", "the document"));
}

#[test]
fn csv_holds_any_text() {
    let bytes = csv::report(&hostile());
    let mut reader = ::csv::Reader::from_reader(bytes.as_slice());
    let answers = reader.records().map(|line| line.unwrap()[7].to_owned());
    let line = HOSTILE
        .replace('\n', "\\n")
        .replace('\u{202e}', "\\u{202e}")
        .replace('\0', "\\0");
    assert!(answers.into_iter().any(|answer| answer == line));
}

#[rstest]
#[case("=1+1", "'=1+1")]
#[case("+1", "'+1")]
#[case("-1", "'-1")]
#[case("@SUM(1)", "'@SUM(1)")]
#[case("＝1", "'＝1")]
#[case("\t=1", "\\t=1")]
#[case("\r=1", "\\r=1")]
#[case("1=1", "1=1")]
fn csv_has_no_formula(#[case] answer: &str, #[case] field: &str) {
    let mut results = sample::results();
    results.cells[0].answer = Some(answer.to_owned());
    let bytes = csv::report(&results);
    let mut reader = ::csv::Reader::from_reader(bytes.as_slice());
    assert_eq!(&reader.records().next().unwrap().unwrap()[7], field);
}

#[test]
fn the_overview_tells_what_matters_first() {
    let style = Style {
        width: 80,
        colour: false,
    };
    insta::assert_snapshot!(overview(&sample::results(), style).to_string());
}

/// However much there is, nobody has to scroll through it.
#[test]
fn the_overview_of_many_cases_is_short() {
    let style = Style {
        width: 80,
        colour: false,
    };
    let text = overview(&sample::large(2_000, 30), style).to_string();
    assert!(text.lines().count() < 120, "{text}");
}

/// A case differs by its answers, not by their verdicts.
#[test]
fn cases_differ_by_their_answers() {
    let mut results = sample::results();
    let answers = |results: &Results, case: &str| {
        let cells = results.cells.iter().filter(|cell| cell.case == case);
        let answers: std::collections::BTreeSet<_> =
            cells.filter_map(|cell| cell.answer.clone()).collect();
        answers.len()
    };
    let different = |results: &Results| {
        let different = alike::different_cases(results).into_iter();
        different.map(str::to_owned).collect::<Vec<_>>()
    };
    let before = different(&results);
    assert!(!before.is_empty());
    for case in &before {
        assert!(answers(&results, case) > 1, "{case}");
    }
    for cell in &mut results.cells {
        cell.answer = cell.answer.as_ref().map(|_| "the same".to_owned());
    }
    assert_eq!(different(&results), Vec::<String>::new());
}

/// Platforms that agree everywhere have one name in the matrix, and it is said which they are.
#[test]
fn platforms_that_agree_share_a_name_in_the_matrix() {
    let results = sample::results();
    let style = Style {
        width: 100,
        colour: false,
    };
    let matrix = matrix::matrix(&results, style);
    let agreement = matrix.lines().find(|line| line.contains(" stands for "));
    let (name, platforms) = agreement
        .and_then(|line| line.trim().split_once(" stands for "))
        .unwrap_or_else(|| panic!("{}", &*matrix));
    assert!(matrix.contains(&format!("  {name}")), "{}", &*matrix);
    let platforms = platforms.trim_end_matches(", which agree everywhere");
    let tables = matrix.split_once("agree everywhere").unwrap().1;
    assert!(!tables.contains(platforms), "{}", &*matrix);
}

/// A workflow's runner reads the log, and takes some lines for commands.
#[test]
fn junit_has_no_command_of_a_runner_in_it() {
    let mut results = sample::results();
    for cell in &mut results.cells {
        cell.why = Some("one\n::error::two\n  ::warning::three ##[error]four a::b".to_owned());
    }
    let xml = junit::report(&results);
    for line in xml.lines() {
        assert!(!line.trim_start().starts_with("::"), "{line}");
        assert!(!line.contains("##["), "{line}");
    }
    let test = junit::Test {
        class: "##[x]".to_owned(),
        name: "::add-mask::x".to_owned(),
        outcome: junit::Outcome::Failed("##[error]".to_owned()),
    };
    let xml = junit::suite("files", &[test]);
    assert!(!xml.contains("##["), "{xml}");
    assert!(xml.contains("#&#91;error]"), "{xml}");
}

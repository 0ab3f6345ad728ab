//! Merging several results files into one report.

mod sample;

use dualstack_report::changes::{self, Kind, Pair};
use dualstack_report::merge::{Merge, Note};
use dualstack_report::{Results, Verdict};
use dualstack_scenario::Scenario;
use rstest::rstest;
use sample::{add, cannot, empty, fails, linux, machine, says, scenario, scenarios, windows};

const OLD: &str = "2026-01-01T00:00:00Z";
const NEW: &str = "2026-02-01T00:00:00Z";
const CASE: &str = "v6only-option/default";

fn run(started: &str, of: &[Scenario], platform: &str, value: i64) -> Results {
    let mut results = empty(started, of);
    add(&mut results, of, platform, Some(linux("6.18.1")), |_| {
        says(value)
    });
    results
}

fn merged(files: impl IntoIterator<Item = Results>) -> (Results, Vec<Note>) {
    let mut merge = Merge::default();
    files.into_iter().for_each(|file| merge.add(file));
    merge.finish().unwrap()
}

fn answer<'a>(results: &'a Results, platform: &str, case: &str) -> Option<&'a str> {
    results.cell(platform, case)?.answer.as_deref()
}

#[test]
fn one_file_stays_as_it_is() {
    let results = sample::results();
    let (merged, notes) = merged([results.clone()]);
    assert_eq!(notes, []);
    assert_eq!(merged.columns.len(), results.columns.len());
    assert_eq!(merged.cells.len(), results.cells.len());
    for cell in &results.cells {
        assert_eq!(merged.cell(&cell.column, &cell.case), Some(cell));
    }
}

#[rstest]
fn of_two_answers_the_newer_counts(#[values(false, true)] newer_first: bool) {
    let mut files = vec![
        run(OLD, &scenarios(), "host", 0),
        run(NEW, &scenarios(), "host", 1),
    ];
    if newer_first {
        files.reverse();
    }
    let (results, notes) = merged(files);
    assert_eq!(notes, []);
    assert_eq!(results.columns.len(), 1);
    assert_eq!(answer(&results, "host", CASE), Some("1"));
    assert_eq!(
        results.cell("host", CASE).unwrap().verdict,
        Verdict::Differs
    );
    assert_eq!(results.started, NEW);
}

#[test]
fn a_newer_run_of_some_cases_leaves_the_others() {
    let all = run(OLD, &scenarios(), "host", 0);
    let some = run(NEW, &scenarios()[..1], "host", 1);
    let (results, _) = merged([all, some]);
    assert_eq!(answer(&results, "host", CASE), Some("1"));
    let other = "v6only-option/many/first=0,second=0";
    assert_eq!(answer(&results, "host", other), Some("0"));
}

#[test]
fn what_was_not_run_has_no_data() {
    let (results, _) = merged([
        run(OLD, &scenarios(), "host", 0),
        run(OLD, &scenarios()[..1], "vm", 0),
    ]);
    assert_eq!(results.columns.len(), 2);
    assert!(results.cell("vm", CASE).is_some());
    assert!(results.cell("vm", "mapped-peer/accept").is_none());
}

#[test]
fn a_newer_build_takes_the_place_of_an_older_one() {
    let all = run(OLD, &scenarios(), "host", 0);
    let some = &scenarios()[..1];
    let mut newer = empty(NEW, some);
    add(&mut newer, some, "host", Some(linux("6.18.2")), |_| says(0));
    let (results, notes) = merged([all, newer]);
    assert_eq!(
        results.cells.len(),
        1,
        "the rest was answered by another build"
    );
    let build = "linux 6.18.1 #1 x86_64".to_owned();
    let platform = "host".to_owned();
    assert_eq!(notes, [Note::Superseded { platform, build }]);
    assert_eq!(
        notes[0].to_string(),
        "host: the answers of linux 6.18.1 #1 x86_64 are dropped, because there are answers of a newer build"
    );
}

/// In whatever order the files are named.
#[test]
fn an_older_build_does_not_come_back() {
    let (older, newer) = (run(OLD, &scenarios(), "host", 0), {
        let mut newer = empty(NEW, &scenarios());
        add(
            &mut newer,
            &scenarios(),
            "host",
            Some(linux("6.18.2")),
            |_| says(1),
        );
        newer
    });
    let (results, notes) = merged([newer, older]);
    assert_eq!(answer(&results, "host", CASE), Some("1"));
    assert_eq!(notes.len(), 1);
}

/// Of two files that were begun in the same second, the one that is named last counts.
#[rstest]
#[case::of_one_build("6.18.1")]
#[case::of_two_builds("6.18.2")]
fn of_two_answers_of_one_second_the_last_counts(#[case] build: &str) {
    let mut last = empty(OLD, &scenarios());
    add(&mut last, &scenarios(), "host", Some(linux(build)), |_| {
        says(1)
    });
    let (results, _) = merged([run(OLD, &scenarios(), "host", 0), last]);
    assert_eq!(answer(&results, "host", CASE), Some("1"));
}

#[rstest]
fn a_column_was_begun_when_its_newest_answers_were(#[values(false, true)] newer_first: bool) {
    let (old, new) = (
        run(OLD, &scenarios(), "host", 0),
        run(NEW, &scenarios()[..1], "host", 0),
    );
    let files = if newer_first { [new, old] } else { [old, new] };
    assert_eq!(merged(files).0.columns[0].started, NEW);
}

#[test]
fn troubles_are_told_once() {
    let mut results = run(OLD, &scenarios(), "host", 0);
    results.columns[0].troubles = vec!["it did not end".to_owned()];
    let (results, _) = merged([results]);
    assert_eq!(results.columns[0].troubles, ["it did not end"]);
}

/// A scenario has the cases of all files, each once.
#[rstest]
fn cases_that_only_an_older_file_has_are_kept(#[values(false, true)] newer_first: bool) {
    let mut fewer = scenarios();
    fewer[1].cases.pop();
    let (old, new) = (run(OLD, &scenarios(), "vm", 0), run(NEW, &fewer, "host", 0));
    let files = if newer_first { [new, old] } else { [old, new] };
    let (results, _) = merged(files);
    let ids = |results: &Results| {
        let mut ids: Vec<String> = results.cases().map(|(_, case)| case.id.clone()).collect();
        ids.sort();
        ids
    };
    assert_eq!(ids(&results), ids(&run(OLD, &scenarios(), "vm", 0)));
}

/// Claims come from the newest file, and those that it no longer has from older ones.
#[rstest]
fn a_claim_of_an_older_file_is_kept(#[values(false, true)] newer_first: bool) {
    let mut old = run(OLD, &scenarios(), "host", 0);
    let claims = &mut old.catalogue.claims;
    let mut gone = claims[0].clone();
    claims[0].title = "An older title".to_owned();
    gone.id = "OLD-1".to_owned();
    claims.push(gone);
    let new = run(NEW, &scenarios(), "host", 0);
    let mut expected = new.catalogue.claims.clone();
    expected.push(old.catalogue.claims.last().unwrap().clone());
    let files = if newer_first { [new, old] } else { [old, new] };
    assert_eq!(merged(files).0.catalogue.claims, expected);
}

#[test]
fn one_name_on_two_systems_makes_two_columns() {
    let mut other = empty(NEW, &scenarios());
    add(&mut other, &scenarios(), "host", Some(windows()), |_| {
        says(1)
    });
    let (results, notes) = merged([run(OLD, &scenarios(), "host", 0), other]);
    let names: Vec<&str> = results.columns.iter().map(|c| c.id.as_str()).collect();
    assert_eq!(names, ["host (linux 6.18)", "host (windows 10.0)"]);
    assert_eq!(notes.len(), 2);
    assert_eq!(answer(&results, "host (linux 6.18)", CASE), Some("0"));
    assert_eq!(answer(&results, "host (windows 10.0)", CASE), Some("1"));
}

/// The names of the columns.
fn names(results: &Results) -> Vec<&str> {
    let columns = results.columns.iter();
    columns.map(|column| column.id.as_str()).collect()
}

#[test]
fn a_platform_that_was_renamed_is_found_again() {
    let mut other = empty(OLD, &scenarios());
    add(&mut other, &scenarios(), "host", Some(windows()), |_| {
        says(1)
    });
    let (before, _) = merged([run(OLD, &scenarios(), "host", 0), other]);
    let (results, notes) = merged([before, run(NEW, &scenarios(), "host", 1)]);
    assert_eq!(
        names(&results),
        ["host (linux 6.18)", "host (windows 10.0)"]
    );
    assert_eq!(answer(&results, "host (linux 6.18)", CASE), Some("1"));
    assert_eq!(notes.len(), 2);
}

#[rstest]
fn columns_have_one_order_whatever_files_they_came_in(#[values(false, true)] reversed: bool) {
    let mut files =
        ["host", "netns", "container", "vm"].map(|name| run(OLD, &scenarios(), name, 0));
    if reversed {
        files.reverse();
    }
    let (results, _) = merged(files);
    assert_eq!(names(&results), ["host", "netns", "container", "vm"]);
}

#[test]
fn a_name_that_nobody_else_has_any_more_is_short_again() {
    let mut results = run(OLD, &scenarios(), "host (linux 6.18)", 0);
    results.started = NEW.to_owned();
    let (results, notes) = merged([results]);
    assert_eq!(names(&results), ["host"]);
    assert_eq!(answer(&results, "host", CASE), Some("0"));
    assert_eq!(notes, []);
}

#[test]
fn only_the_scenarios_of_today_are_kept_and_judged_by_their_words() {
    let mut today = scenarios();
    today.truncate(2);
    today[0].title = "Other words".to_owned();
    today[1].cases.pop();
    let mut merge = Merge::default();
    merge.add(run(OLD, &scenarios(), "host", 0));
    merge.only(&today, sample::catalogue());
    let (results, notes) = merge.finish().unwrap();
    assert_eq!(notes, []);
    assert_eq!(results.scenarios.len(), 2);
    let titles = results.scenarios.iter().map(|scenario| &scenario.title);
    assert!(titles.clone().any(|title| title == "Other words"));
    let cases = today.iter().map(|scenario| scenario.cases.len());
    assert_eq!(results.cells.len(), cases.sum::<usize>());
    assert_eq!(results.started, OLD);
}

#[test]
fn systems_are_told_apart_by_as_few_words_as_will_do() {
    let file = |edition: &str, processor: &str| {
        let mut results = empty(OLD, &scenarios());
        let mut system = machine("linux", "6.8.0", edition);
        system.build = format!("Linux 6.8.0 {processor}");
        add(&mut results, &scenarios(), "host", Some(system), |_| {
            says(0)
        });
        results
    };
    let (results, _) = merged([
        file("Ubuntu 24.04", "x86_64"),
        file("Ubuntu 24.04", "aarch64"),
    ]);
    let names: Vec<&str> = results.columns.iter().map(|c| c.id.as_str()).collect();
    let name = |processor: &str| format!("host (linux 6.8, Ubuntu 24.04, {processor})");
    assert_eq!(names, [name("aarch64"), name("x86_64")]);
}

#[test]
fn an_answer_to_other_calls_is_no_answer() {
    let asked = |option: &str| {
        let text = format!(
            "title = \"t\"\nask = \"a\"\nsteps = [{{ socket = \"s\", type = \"tcp6\" }}, {{ getsockopt = \"s\", option = \"{option}\", save = \"v\" }}]\nanswer = \"{{v}}\"\n"
        );
        vec![scenario("topic/file", &text)]
    };
    let older = run(OLD, &asked("IPV6_V6ONLY"), "vm", 0);
    let newer = run(NEW, &asked("SO_REUSEADDR"), "host", 0);
    let (results, notes) = merged([older, newer]);
    assert!(results.cell("host", "topic/file").is_some());
    assert!(results.cell("vm", "topic/file").is_none());
    let (platform, case) = ("vm".to_owned(), "topic/file".to_owned());
    assert_eq!(notes, [Note::AskedOtherwise { platform, case }]);
}

#[test]
fn an_answer_to_the_same_calls_is_judged_by_the_newest_scenario() {
    let asked = |expected: &str, answer: &str| {
        let text = format!(
            "title = \"t\"\nask = \"a\"\nsteps = [{{ socket = \"s\", type = \"tcp6\" }}, {{ getsockopt = \"s\", option = \"IPV6_V6ONLY\", save = \"v\" }}]\nanswer = \"{answer}\"\n[expect]\nlinux = {{ answer = \"{expected}\", source = \"x\" }}\n"
        );
        vec![scenario("topic/file", &text)]
    };
    let older = run(OLD, &asked("0", "{v}"), "vm", 0);
    let newer = run(NEW, &asked("reads 1", "reads {v}"), "host", 1);
    let (results, notes) = merged([older, newer]);
    assert_eq!(notes, []);
    let cell = results.cell("vm", "topic/file").unwrap();
    assert_eq!(cell.answer.as_deref(), Some("reads 0"));
    assert_eq!(cell.verdict, Verdict::Differs);
}

#[test]
fn conditions_are_counted_once_and_found_again() {
    let (results, _) = merged([
        run(OLD, &scenarios(), "host", 0),
        run(NEW, &scenarios()[..1], "host", 0),
    ]);
    assert_eq!(results.columns[0].conditions.len(), 1);
    assert!(results.cells.iter().all(|cell| cell.conditions == Some(0)));
}

#[test]
fn no_file_makes_no_report() {
    assert!(Merge::default().finish().is_none());
}

fn kinds(before: &Results, after: &Results, pairs: &[Pair]) -> Vec<(Kind, String)> {
    let changes = changes::between(before, after, pairs);
    let platforms = changes.platforms.iter();
    platforms
        .flat_map(|platform| &platform.changes)
        .map(|change| (change.kind, change.case.to_owned()))
        .collect()
}

#[test]
fn the_same_run_has_not_changed() {
    let results = sample::results();
    let changes = changes::between(&results, &results, &[]);
    assert!(changes.is_empty());
    let told = changes.shown().to_string();
    assert!(told.starts_with("host: all 7 cells as before\n"), "{told}");
}

#[test]
fn changes_are_told_by_kind() {
    let scenarios = scenarios();
    let file = |started, answer: fn(usize) -> dualstack_lab::CaseResult| {
        let mut results = empty(started, &scenarios[..2]);
        add(
            &mut results,
            &scenarios[..2],
            "host",
            Some(linux("6.18.1")),
            answer,
        );
        results
    };
    let before = file(OLD, |at| if at == 4 { cannot() } else { says(0) });
    let mut after = file(NEW, |at| match at {
        0 => says(1),
        1 => cannot(),
        _ => says(0),
    });
    after
        .cells
        .retain(|cell| !cell.case.ends_with("first=0,second=1"));
    let many = |row: &str| format!("v6only-option/many/{row}");
    assert_eq!(
        kinds(&before, &after, &[]),
        [
            (Kind::Answer, CASE.to_owned()),
            (Kind::Lost, many("first=0,second=0")),
            (Kind::Gained, many("first=1,second=1")),
            (Kind::Gone, many("first=0,second=1")),
        ]
    );
}

#[test]
fn a_known_difference_that_goes_away_is_told() {
    let before = sample::results();
    let mut after = before.clone();
    let cell = after
        .cells
        .iter_mut()
        .find(|cell| cell.column == "wine" && cell.case == CASE);
    let cell = cell.unwrap();
    assert_eq!(cell.verdict, Verdict::KnownDifference);
    (cell.answer, cell.verdict) = (Some("1".to_owned()), Verdict::Differs);
    assert_eq!(
        kinds(&before, &after, &[]),
        [(Kind::KnownGone, CASE.to_owned())]
    );
}

#[test]
fn two_platforms_of_one_file_are_compared() {
    let results = sample::results();
    let pair = Pair {
        before: "host".to_owned(),
        after: "vm-5.10".to_owned(),
    };
    let changed = "v6only-option/many/first=1,second=0".to_owned();
    assert_eq!(
        kinds(&results, &results, &[pair]),
        [(Kind::Answer, changed)]
    );
}

#[test]
fn a_platform_that_came_or_went_is_told() {
    let (a, b) = (
        run(OLD, &scenarios(), "a", 0),
        run(NEW, &scenarios(), "b", 0),
    );
    let changes = changes::between(&a, &b, &[]);
    assert!(!changes.is_empty());
    assert_eq!(
        changes.shown().to_string(),
        "b: a new platform\na: no longer any data: the platform was not run\n"
    );
}

#[test]
fn an_error_that_is_new_is_told_by_its_name() {
    let (a, mut b) = (run(OLD, &scenarios(), "a", 0), empty(NEW, &scenarios()));
    add(&mut b, &scenarios(), "a", Some(linux("6.18.1")), |_| {
        fails("EINVAL")
    });
    let told = changes::between(&a, &b, &[]).shown().to_string();
    assert!(
        told.contains("✓ 0 → ✗ EINVAL from getsockopt s IPV6_V6ONLY"),
        "{told}"
    );
}

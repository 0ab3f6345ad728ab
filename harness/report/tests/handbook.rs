//! The handbook's page: its rules, with the answers of the results that it is made from.

mod sample;

use dualstack_handbook::{TASKS, rules};
use dualstack_report::Results;
use dualstack_report::form::page::Page;

/// A case that the first rule rests on.
const CASE: &str = "v6only-option/override-bindv6only";

/// The files of a page by their paths.
fn file(results: &Results, path: &str) -> String {
    let page = Page::new(results, &[], None);
    let file = page.files().find(|file| file.path == path).unwrap();
    file.text.into_owned()
}

/// Two kernels of one answer, one of another, and no answer from Windows.
fn results() -> Results {
    let scenarios = [sample::scenario(CASE, include_str!("sample/default.toml"))];
    let mut results = sample::empty("2026-01-02T03:04:05Z", &scenarios);
    let mut add = |name, machine, answers: sample::Answers| {
        sample::add(&mut results, &scenarios, name, Some(machine), answers);
    };
    add("host", sample::linux("6.18.1"), |_| sample::says(0));
    add("vm-5.10", sample::linux("5.10.0"), |_| sample::says(0));
    add(
        "freebsd",
        sample::machine("freebsd", "14.3", "FreeBSD"),
        |_| sample::says(1),
    );
    add("windows", sample::windows(), |_| sample::cannot());
    results
}

/// The words of a part of a page, without its markup.
fn words(html: &str) -> String {
    let mut words = String::new();
    for part in html.split('<') {
        let text = part.split_once('>').map_or(part, |(_, text)| text);
        words.push_str(text);
        words.push(' ');
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_rule_shows_who_gave_which_answer_and_what_is_only_documented() {
    let page = file(&results(), "advice.html");
    let (_, rule) = page.split_once("id=\"dual-stack-listener\"").unwrap();
    let (rule, _) = rule.split_once("</section>").unwrap();
    let (_, table) = rule.split_once("<tbody>").unwrap();
    let (table, _) = table.split_once("</tbody>").unwrap();
    assert!(table.contains("scenarios/v6only-option/override-bindv6only.html#case"));
    assert_eq!(
        words(table),
        format!(
            "{CASE} 0 Linux 5.10 to 6.18 1 FreeBSD 14.3 \
             Documented, not measured: 1 Windows, OpenBSD No answer: Windows 10.0"
        )
    );
}

#[test]
fn every_task_and_every_rule_has_its_anchor_and_its_entry_in_the_contents() {
    let page = file(&sample::results(), "advice.html");
    let tasks = TASKS.iter().map(|task| task.id);
    for id in tasks.chain(rules().map(|rule| rule.id)) {
        assert_eq!(page.matches(&format!(" id=\"{id}\"")).count(), 1, "{id}");
        assert!(page.contains(&format!("<li><a href=\"#{id}\"")), "{id}");
    }
    for code in rules().flat_map(|rule| rule.code) {
        let last = code.text().lines().last().unwrap();
        let shown = last.replace('"', "&#34;").replace('\'', "&#39;");
        assert!(page.contains(&shown), "{}: {shown}", code.file);
    }
}

/// What the page says in place of a table.
const MISSING: &str = "not part of these results";

#[test]
fn a_rule_says_that_its_cells_are_not_in_the_report() {
    let page = words(&file(&results(), "advice.html"));
    assert_eq!(page.matches(MISSING).count(), rules().count() - 1);
}

#[test]
fn a_report_of_other_scenarios_alone_says_it_once() {
    let page = words(&file(&sample::results(), "advice.html"));
    assert_eq!(page.matches(MISSING).count(), 1);
}

#[test]
fn a_topic_leads_to_the_rules_that_rest_on_it() {
    let page = file(&sample::results(), "advice/ipv4-disabled.html");
    for id in ["is-it-there", "not-by-option"] {
        assert!(page.contains(&format!("../advice.html#{id}")), "{id}");
    }
    assert!(!page.contains("#dual-stack-listener"));
}

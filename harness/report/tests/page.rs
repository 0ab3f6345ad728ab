//! The page in a real browser: what it shows, what keys and clicks do, that it loads
//! nothing from outside, that it is accessible and fast.

mod browser;
mod sample;

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use browser::{Browser, DESKTOP, PHONE, Screen, missing};
use dualstack_report::Results;
use dualstack_report::changes;
use dualstack_report::form::page::Page;
use dualstack_report::merge::Merge;
use rstest::rstest;
use serde_json::{Value, json};
use tempfile::TempDir;

const READY: &str = "document.documentElement.dataset.ready";
const OPEN: &str = "document.querySelector('#cell').open";
/// The cell of a case and a platform, as a selector.
const CELL: &str = "a.cell[data-case='v6only-option/default'][data-on=host]";

/// A report in its own folder.
struct Report {
    folder: TempDir,
}

impl Report {
    fn of(results: &Results) -> Self {
        let mut merge = Merge::default();
        merge.add(results.clone());
        let (results, notes) = merge.finish().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let mut before = results.clone();
        before.cells.truncate(before.cells.len() / 2);
        let changes = changes::between(&before, &results, &[]);
        for file in Page::new(&results, &notes, Some(&changes)).files() {
            let path = folder.path().join(&file.path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, file.text.as_bytes()).unwrap();
        }
        Self { folder }
    }

    fn file(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// The matrix in a browser, if there is one.
    fn matrix(&self, screen: Screen, fragment: &str) -> Option<Browser> {
        let mut browser = Browser::start(screen)?;
        browser.open(&self.file("index.html"), fragment);
        browser.wait(READY);
        Some(browser)
    }

    /// The paths of all HTML files.
    fn pages(&self) -> Vec<PathBuf> {
        let mut pages = Vec::new();
        let mut folders = vec![self.folder.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path
                    .extension()
                    .is_some_and(|extension| extension == "html")
                {
                    pages.push(path);
                }
            }
        }
        pages.sort();
        pages
    }
}

fn rows(browser: &mut Browser) -> Vec<String> {
    let rows = browser.eval(
        "[...document.querySelectorAll('#matrix .line.case th')].map((th) => th.title.split('\\n')[0] + '|' + th.textContent)",
    );
    texts(&rows)
}

fn heads(browser: &mut Browser) -> Vec<String> {
    let heads = browser.eval(
        "[...document.querySelectorAll('#matrix thead tr:last-child th:not(.corner)')].map((th) => [...th.querySelectorAll('a:not(.apart)')].map((a) => a.textContent).join('+'))",
    );
    texts(&heads)
}

fn texts(list: &Value) -> Vec<String> {
    let list = list.as_array().unwrap().iter();
    list.map(|text| text.as_str().unwrap().to_owned()).collect()
}

fn fragment(browser: &mut Browser) -> String {
    browser.text("location.hash")
}

#[test]
fn the_matrix_shows_every_answer_with_its_sign() {
    let report = Report::of(&sample::results());
    let Some(mut browser) = report.matrix(DESKTOP, "") else {
        return;
    };
    assert_eq!(rows(&mut browser).len(), 7);
    assert_eq!(
        heads(&mut browser),
        ["host+container", "vm-5.10", "gvisor", "windows", "wine"]
    );
    assert_eq!(
        browser.text("document.querySelector('#matrix thead .name').textContent"),
        "Linux 6.18"
    );
    // Each by itself, with a click.
    browser.click("#filter-split");
    browser.wait("document.querySelectorAll('.family').length");
    assert_eq!(
        heads(&mut browser),
        ["host", "container", "vm-5.10", "gvisor", "windows", "wine"]
    );
    let families =
        browser.eval("[...document.querySelectorAll('.family')].map((th) => th.textContent)");
    assert_eq!(families, json!(["Linux", "gVisor", "Windows", "Wine"]));
    let cell = |case: &str, on: &str| {
        format!(
            "(() => {{ const a = document.querySelector(`a.cell[data-case='{case}'][data-on='{on}']`); return a.parentElement.className + ' ' + a.textContent; }})()"
        )
    };
    for (case, on, shown) in [
        (
            "v6only-option/default",
            "host",
            "as-expected ✓ 0, as expected",
        ),
        (
            "v6only-option/default",
            "wine",
            "known ≈ ENOPROTOOPT from getsockopt s IPV6_V6ONLY, known difference",
        ),
        (
            "v6only-option/many/first=1,second=0",
            "vm-5.10",
            "differs ✗ 1, differs",
        ),
        (
            "mapped-peer/accept",
            "host",
            "observed · ::ffff:127.0.0.1, observed",
        ),
        (
            "v6only-option/many/first=0,second=1",
            "gvisor",
            "error ! error",
        ),
        (
            "ipv4-disabled/detection",
            "gvisor",
            "as-expected ✓ reads 0, as expected",
        ),
        (
            "v6only-option/many/first=0,second=0",
            "gvisor",
            "unsupported – unsupported",
        ),
        ("mapped-peer/accept", "windows", "no-data ∅ no data"),
    ] {
        let case_there = browser.text(&cell(case, on));
        assert_eq!(case_there, shown, "{case} on {on}");
    }
    browser.assert_quiet();
}

#[rstest]
#[case::text(
    "document.querySelector('#filter-q').focus()",
    Some("keep its value"),
    "#q=keep+its+value",
    4
)]
#[case::text_in_answers(
    "document.querySelector('#filter-q').focus()",
    Some("enoprotoopt"),
    "#q=enoprotoopt",
    3
)]
#[case::topic("set('#filter-topic', 'mapped-peer')", None, "#topic=mapped-peer", 1)]
#[case::tag("set('#filter-tag', 'pktinfo')", None, "#tag=pktinfo", 1)]
#[case::claim("set('#filter-claim', 'DS-04')", None, "#claim=DS-04", 4)]
#[case::verdict(
    "document.querySelector('.chip.known').click()",
    None,
    "#verdict=known",
    1
)]
#[case::differ(
    "document.querySelector('#filter-differ').click()",
    None,
    "#differ=1",
    7
)]
fn filters_narrow_the_matrix_and_stand_in_the_address(
    #[case] script: &str,
    #[case] typed: Option<&str>,
    #[case] address: &str,
    #[case] left: usize,
) {
    let report = Report::of(&sample::results());
    let Some(mut browser) = report.matrix(DESKTOP, "") else {
        return;
    };
    browser.eval(
        "window.set = (selector, value) => { const control = document.querySelector(selector); control.value = value; control.dispatchEvent(new Event('input')); }",
    );
    browser.eval(&format!("void ({script})"));
    if let Some(typed) = typed {
        browser.write(typed);
    }
    browser.wait(&format!("location.hash === {address:?}"));
    let shown = rows(&mut browser);
    assert_eq!(shown.len(), left, "{shown:?}");
    // The address alone brings the same view back.
    let mut again = report.matrix(DESKTOP, address).unwrap();
    assert_eq!(rows(&mut again), shown);
    assert_eq!(fragment(&mut again), address);
    again.click("#reset");
    again.wait("location.hash === '' || location.hash === '#'");
    assert_eq!(rows(&mut again).len(), 7);
    again.assert_quiet();
    browser.assert_quiet();
}

#[test]
fn platforms_are_chosen() {
    let report = Report::of(&sample::results());
    let Some(mut browser) = report.matrix(DESKTOP, "#platform=host&platform=wine") else {
        return;
    };
    assert_eq!(heads(&mut browser), ["host", "wine"]);
    assert_eq!(
        browser.text("document.querySelector('#platform-count').textContent"),
        "2 of 6"
    );
    browser.click("#platforms summary");
    browser.click("input[name=platform][value=windows]");
    browser.wait("document.querySelectorAll('#matrix thead tr:last-child th').length === 3");
    assert_eq!(heads(&mut browser), ["host", "windows", "wine"]);
    browser.click("fieldset:has(input[value=wine]) button.only");
    browser.wait("document.querySelector('#platform-count').textContent.startsWith('1 of')");
    assert_eq!(heads(&mut browser), ["wine"]);
    browser.click(".chooser-box > button.only");
    browser.wait("document.querySelector('#platform-count').textContent === 'all'");
    browser.press("Escape");
    browser.wait("!document.querySelector('#platforms').open");
    browser.assert_quiet();
}

#[test]
fn the_name_of_an_error_is_not_broken() {
    let narrow = Screen {
        width: 760,
        ..DESKTOP
    };
    let report = Report::of(&sample::results());
    let Some(mut browser) = report.matrix(narrow, "#split=1") else {
        return;
    };
    browser.eval(
        "dualstack.data.answers.forEach((answer) => { answer[2] = 'EADDRNOTAVAIL'; }); \
        dualstack.grid.layout()",
    );
    let lines = "[...document.querySelectorAll('#matrix .cell .text')].map((text) => { \
        const range = document.createRange(); \
        range.selectNodeContents(text); \
        return text.textContent === 'EADDRNOTAVAIL' ? new Set([...range.getClientRects()].map((line) => line.top)).size : 0; \
        })";
    let most = browser.eval(&format!("Math.max(...{lines})"));
    assert_eq!(most, 1, "lines of a name");
    browser.assert_quiet();
}

#[test]
fn platforms_that_answer_alike_stand_in_one_column() {
    let report = Report::of(&sample::results());
    let Some(mut browser) = report.matrix(DESKTOP, "#differ=1&topic=v6only-option") else {
        return;
    };
    assert_eq!(
        heads(&mut browser),
        ["host+container", "vm-5.10", "gvisor", "windows", "wine"]
    );
    let status = browser.text("document.querySelector('#status').textContent");
    assert_eq!(status, "5 of 7 cases, 6 platforms in 5 columns");
    // Without the platform that differs, the others agree.
    browser.open(
        &report.file("index.html"),
        "#differ=1&platform=host&platform=container",
    );
    browser.wait(READY);
    assert_eq!(rows(&mut browser).len(), 0);
    browser.click("#reset-nothing");
    browser.wait("document.querySelectorAll('.line.case').length === 7");
    browser.assert_quiet();
}

#[test]
fn a_cell_opens_and_closes_and_has_an_address() {
    let report = Report::of(&sample::results());
    let Some(mut browser) = report.matrix(DESKTOP, "#tag=v6only") else {
        return;
    };
    browser.click(CELL);
    browser.wait(OPEN);
    assert_eq!(
        fragment(&mut browser),
        "#tag=v6only&case=v6only-option%2Fdefault&on=host"
    );
    browser.press("Escape");
    browser.wait(&format!("!{OPEN} && location.hash === '#tag=v6only'"));
    browser.wait(&format!("document.activeElement.matches({CELL:?})"));
    browser.press("Enter");
    browser.wait(OPEN);
    browser.eval("history.back()");
    browser.wait(&format!("!{OPEN}"));
    browser.eval("history.forward()");
    browser.wait(OPEN);
    browser.click("#cell .close");
    browser.wait(&format!("!{OPEN}"));
    browser.assert_quiet();
}

#[rstest]
#[case("v6only-option/default", "wine", &[
    "IPV6_V6ONLY on a new socket", "What does getsockopt return before anything was set?",
    "ENOPROTOOPT from getsockopt s IPV6_V6ONLY", "known difference",
    "on windows: the document", "Wine knows no such option. a report",
    "getsockopt(s, IPV6_V6ONLY)", "ENOPROTOOPT (WSAENOPROTOOPT 10042)",
    "windows 10.0.19043 #1 x86_64", "net.ipv6.bindv6only", "a network namespace of its own",
    "Set IPV6_V6ONLY yourself.", "Windows starts with 1.",
    "dualstack run v6only-option/default --on wine", "DS-03",
])]
#[case("v6only-option/many/first=0,second=0", "gvisor", &[
    "unsupported", "IPv4 cannot be disabled there", "socket(AF_INET, SOCK_DGRAM) = ok", "not reached",
])]
#[case("v6only-option/many/first=0,second=1", "gvisor", &[
    "the agent ended early", "a last word", "dualstack run 'v6only-option/many/first=0,second=1' --on gvisor",
])]
#[case("mapped-peer/accept", "windows", &["no data", "The case was not run on this platform."])]
#[case("no/such", "host", &["No such cell"])]
fn a_cell_tells_everything(#[case] case: &str, #[case] on: &str, #[case] told: &[&str]) {
    let report = Report::of(&sample::results());
    let address = format!("#case={case}&on={on}")
        .replace("first=", "first%3D")
        .replace("second=", "second%3D");
    let Some(mut browser) = report.matrix(DESKTOP, &address) else {
        return;
    };
    browser.wait(&format!(
        "{OPEN} && document.activeElement.id === 'cell-title'"
    ));
    let text = browser.text("document.querySelector('#cell').textContent");
    for words in told {
        assert!(text.contains(words), "{words} is not in {text}");
    }
    browser.assert_quiet();
}

#[test]
fn a_cell_leads_to_the_other_platforms() {
    let report = Report::of(&sample::results());
    let Some(mut browser) = report.matrix(DESKTOP, "#case=v6only-option/default&on=host") else {
        return;
    };
    browser.wait(OPEN);
    browser.eval("[...document.querySelectorAll('#cell .platform')].find((a) => a.textContent === 'wine').click()");
    browser.wait("document.querySelector('#cell .on').textContent.startsWith('wine')");
    browser.assert_quiet();
}

#[test]
fn keys_go_everywhere() {
    let report = Report::of(&sample::results());
    let Some(mut browser) = report.matrix(DESKTOP, "") else {
        return;
    };
    browser.eval("document.querySelector('#pane').focus()");
    let here = "[document.activeElement.dataset.case, document.activeElement.dataset.on]";
    for (key, case, on) in [
        ("ArrowDown", "ipv4-disabled/detection", "host"),
        ("ArrowRight", "ipv4-disabled/detection", "vm-5.10"),
        ("ArrowDown", "mapped-peer/accept", "vm-5.10"),
        ("End", "mapped-peer/accept", "wine"),
        ("ArrowRight", "mapped-peer/accept", "wine"),
        ("ArrowDown", "v6only-option/default", "wine"),
        ("ArrowUp", "mapped-peer/accept", "wine"),
    ] {
        browser.press(key);
        assert_eq!(browser.eval(here), json!([case, on]), "after {key}");
    }
    for _ in 0..3 {
        browser.press("ArrowUp");
    }
    let text = "document.activeElement.closest('thead') && document.activeElement.textContent";
    assert_eq!(browser.text(text), "wine");
    browser.press("ArrowRight");
    assert_eq!(browser.text(text), "compare");
    browser.press("Enter");
    browser.wait("location.hash.includes('differ=1')");
    browser.eval("history.back()");
    browser.wait("!location.hash.includes('differ=1')");
    browser.eval("document.querySelector('#pane').focus()");
    browser.press("ArrowDown");
    browser.press("ArrowDown");
    browser.press("Home");
    let link = browser.text("document.activeElement.getAttribute('href')");
    assert_eq!(link, "scenarios/mapped-peer/accept.html#case");
    browser.press("ArrowRight");
    browser.press("Enter");
    browser.wait(OPEN);
    assert_eq!(
        browser.text("document.querySelector('#cell .on').textContent"),
        "host, Linux 6.18"
    );
    browser.assert_quiet();
}

#[test]
fn tab_reaches_every_control_once() {
    let report = Report::of(&sample::results());
    let Some(mut browser) = report.matrix(DESKTOP, "") else {
        return;
    };
    browser.eval("document.body.focus()");
    let mut seen = Vec::new();
    for _ in 0..40 {
        browser.press("Tab");
        let here = browser.text("document.activeElement === document.body ? '' : document.activeElement.id || document.activeElement.textContent.trim()");
        if seen.contains(&here) || here.is_empty() {
            break;
        }
        seen.push(here);
    }
    for control in [
        "filter-q",
        "filter-topic",
        "filter-tag",
        "filter-claim",
        "filter-differ",
        "pane",
    ] {
        assert!(
            seen.iter().any(|known| known == control),
            "{control}: {seen:?}"
        );
    }
    let last: Vec<&str> = seen.iter().rev().take(4).map(String::as_str).collect();
    let foot = ["Wrong? Tell us.", "Repository", "Run it yourself", "pane"];
    assert_eq!(last, foot, "{seen:?}");
}

/// How light a colour is, from 0 to 255.
fn lightness(browser: &mut Browser, property: &str, selector: &str) -> f64 {
    let colour = browser.text(&format!(
        "getComputedStyle(document.querySelector({selector:?}))[{property:?}]"
    ));
    let numbers: Vec<f64> = colour
        .split(|c: char| !c.is_ascii_digit() && c != '.')
        .filter_map(|number| number.parse().ok())
        .collect();
    numbers.iter().take(3).sum::<f64>() / 3.0
}

#[test]
fn it_is_dark_where_the_user_likes_it_dark() {
    let report = Report::of(&sample::results());
    let Some(mut browser) = report.matrix(DESKTOP.dark(), "") else {
        return;
    };
    assert!(lightness(&mut browser, "backgroundColor", "body") < 60.0);
    assert!(lightness(&mut browser, "color", "body") > 200.0);
    browser.look_at(DESKTOP);
    assert!(lightness(&mut browser, "backgroundColor", "body") > 240.0);
}

#[test]
fn a_phone_has_room_for_it() {
    let report = Report::of(&sample::results());
    let Some(mut browser) = report.matrix(PHONE, "") else {
        return;
    };
    for page in report.pages() {
        browser.open(&page, "");
        let width = browser.eval("document.documentElement.scrollWidth");
        assert!(
            width.as_f64().unwrap() <= 390.0,
            "{}: {width} px",
            page.display()
        );
    }
    browser.open(&report.file("index.html"), "");
    browser.wait(READY);
    browser.click(CELL);
    browser.wait(OPEN);
    let panel = browser.eval("document.querySelector('#cell').getBoundingClientRect().width");
    assert_eq!(panel, json!(390));
    browser.assert_quiet();
}

#[test]
fn heads_stay_while_the_matrix_scrolls() {
    let report = Report::of(&sample::large(400, 30));
    let Some(mut browser) = report.matrix(DESKTOP, "") else {
        return;
    };
    browser.eval("document.querySelector('#pane').scrollTo(900, 6000)");
    browser.wait("document.querySelector('.line.case').getAttribute('aria-rowindex') > 50");
    let places = browser.eval(
        "(() => { const pane = document.querySelector('#pane').getBoundingClientRect();
           const head = document.querySelector('#matrix thead th').getBoundingClientRect();
           const label = document.querySelector('.line.case th').getBoundingClientRect();
           return [head.top - pane.top, label.left - pane.left]; })()",
    );
    let near = |place: &Value| place.as_f64().unwrap().abs() < 2.0;
    assert!(near(&places[0]) && near(&places[1]), "{places}");
    browser.assert_quiet();
}

#[test]
fn every_link_leads_somewhere() {
    let report = Report::of(&sample::results());
    let pages = report.pages();
    let places = |text: &str, name: &str| -> Vec<String> {
        let start = format!(" {name}=\"");
        let pieces = text.split(&start).skip(1);
        pieces
            .map(|rest| rest.split('"').next().unwrap().to_owned())
            .collect()
    };
    // Where sources, bugs and the project itself are.
    let sites = ["example.com", "github.com", "www.rfc-editor.org"];
    let sites = sites.map(|site| format!("https://{site}/"));
    let mut followed = 0;
    for page in &pages {
        let text = fs::read_to_string(page).unwrap();
        for link in places(&text, "href")
            .into_iter()
            .chain(places(&text, "src"))
        {
            let elsewhere = sites.iter().any(|site| link.starts_with(site));
            if elsewhere || link == "data:," {
                continue;
            }
            let (path, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target = match path {
                "" => page.clone(),
                path => page.parent().unwrap().join(path),
            };
            assert!(target.is_file(), "{link} in {}", page.display());
            if !anchor.is_empty() && !anchor.contains('=') {
                let ids = places(&fs::read_to_string(&target).unwrap(), "id");
                assert!(
                    ids.contains(&anchor.to_owned()),
                    "{link} in {}",
                    page.display()
                );
            }
            followed += 1;
        }
    }
    assert!(followed > 100, "{followed}");
}

const BAD: &str = "<img src=x onerror=\"window.broken=1\"></script><script>window.broken=1</script>'\"`\u{202e}\u{2066}&amp;${1}";

/// Results in which every text from outside is hostile.
fn hostile() -> Results {
    let long = "x".repeat(100_000);
    let mut results = sample::results();
    let old: Vec<String> = results.scenarios.iter().map(|s| s.id.clone()).collect();
    for (at, scenario) in results.scenarios.iter_mut().enumerate() {
        scenario.id = match at {
            0 => format!("../../{BAD}/{BAD}"),
            1 => format!("{long}/{long}"),
            _ => scenario.id.clone(),
        };
        scenario.title = format!("{BAD}{}", if at == 1 { &long } else { "" });
        scenario.ask = BAD.to_owned();
        scenario.about = Some(BAD.to_owned());
        scenario.advice = Some(BAD.to_owned());
        scenario.tags = vec![BAD.to_owned()];
        for case in &mut scenario.cases {
            case.id = case.id.replacen(&old[at], &scenario.id, 1);
            case.expect
                .iter_mut()
                .for_each(|expect| expect.source = BAD.to_owned());
            case.known
                .iter_mut()
                .for_each(|known| known.reason = BAD.to_owned());
            if !case.row.is_empty() {
                case.row = format!("{BAD}{}", case.row);
            }
        }
    }
    for column in &mut results.columns {
        column.machine.as_mut().unwrap().build = BAD.to_owned();
    }
    for cell in &mut results.cells {
        for at in [0, 1] {
            cell.case = cell.case.replacen(&old[at], &results.scenarios[at].id, 1);
        }
        cell.answer = cell
            .answer
            .as_ref()
            .map(|answer| format!("{answer}{BAD}{long}"));
        cell.why = cell.why.as_ref().map(|_| BAD.to_owned());
        cell.stderr = BAD.to_owned();
        cell.trace
            .iter_mut()
            .for_each(|record| record.call = format!("{BAD}{long}"));
        if cell.column == "wine" {
            cell.column = BAD.to_owned();
        }
    }
    results
        .columns
        .iter_mut()
        .filter(|c| c.id == "wine")
        .for_each(|c| c.id = BAD.to_owned());
    for claim in &mut results.catalogue.claims {
        claim.text = BAD.to_owned();
    }
    results.catalogue.document.url = "javascript:window.broken=1".to_owned();
    results
}

#[test]
fn hostile_texts_are_shown_as_texts() {
    let report = Report::of(&hostile());
    let outside = report.folder.path().parent().unwrap().join("scenarios");
    assert!(!outside.exists(), "nothing is written beside the folder");
    let Some(mut browser) = report.matrix(DESKTOP, "") else {
        return;
    };
    assert_eq!(rows(&mut browser).len(), 7);
    let shown = browser.text("document.querySelector('#matrix').textContent");
    assert!(shown.contains("<img src=x onerror="), "as text");
    assert!(shown.contains("\\u{202e}") && !shown.contains('\u{202e}'));
    let cells = browser
        .eval("document.querySelectorAll('a.cell').length")
        .as_u64()
        .unwrap();
    for at in 0..cells {
        browser.eval(&format!(
            "document.querySelectorAll('a.cell')[{at}].click()"
        ));
        browser.wait(&format!(
            "{OPEN} && document.querySelector('#cell .trace, #cell .why')"
        ));
        let close = "document.querySelector('#cell .close').click()";
        browser.eval(close);
        browser.wait(&format!("!{OPEN}"));
    }
    let pages = report.pages();
    for page in &pages {
        browser.open(page, "");
        let broken = browser
            .eval("[window.broken, document.querySelectorAll('img, script:not([src])').length]");
        assert_eq!(broken, json!([null, 0]), "{}", page.display());
        let wide = browser.eval("document.documentElement.scrollWidth <= innerWidth");
        assert_eq!(wide, json!(true), "{}", page.display());
    }
    browser.assert_quiet();
}

/// axe-core from a package of PyPI, downloaded once for all tests. Tests that start together may
/// each download it; the first to be done puts it in its place.
fn axe() -> Option<String> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let folder = target.join("axe");
    let script = folder.join("axe_playwright_python/axe.min.js");
    if !script.is_file() {
        let own = tempfile::tempdir_in(target).unwrap();
        let installed = Command::new("python3")
            .args(["-m", "pip", "install", "--quiet", "--no-deps", "--target"])
            .arg(own.path())
            .arg("axe-playwright-python==0.1.8")
            .output();
        if !installed.as_ref().is_ok_and(|done| done.status.success()) {
            missing(&format!("axe-core cannot be installed: {installed:?}"));
            return None;
        }
        let placed = fs::rename(own.path(), &folder);
        assert!(placed.is_ok() || script.is_file(), "{placed:?}");
    }
    Some(fs::read_to_string(script).unwrap())
}

fn violations(browser: &mut Browser, axe: &str) -> Vec<String> {
    browser.eval(&format!("{axe}; 0"));
    let found = browser.eval(
        "axe.run(document, { resultTypes: ['violations'] }).then((found) => found.violations.map(
           (violation) => `${violation.impact} ${violation.id}: ${violation.help} ` + violation.nodes.slice(0, 3).map((node) => node.html + ' ' + node.failureSummary).join('; ')))",
    );
    texts(&found)
}

#[rstest]
fn axe_finds_nothing(#[values(DESKTOP, DESKTOP.dark(), PHONE)] screen: Screen) {
    let report = Report::of(&sample::results());
    let Some(axe) = axe() else { return };
    let Some(mut browser) = report.matrix(screen, "") else {
        return;
    };
    for page in report.pages() {
        browser.open(&page, "");
        browser.eval("document.querySelectorAll('details').forEach((details) => { details.open = !details.matches('.chooser'); })");
        let found = violations(&mut browser, &axe);
        assert!(found.is_empty(), "{}: {found:#?}", page.display());
    }
    for address in [
        "#differ=1",
        "#case=v6only-option/default&on=wine",
        "#q=nothing-has-this",
    ] {
        browser.open(&report.file("index.html"), address);
        browser.wait(READY);
        if address.contains("case") {
            browser.wait("document.querySelector('#cell .trace')");
        }
        let found = violations(&mut browser, &axe);
        assert!(found.is_empty(), "{address}: {found:#?}");
    }
}

/// A page of this many cases on 30 platforms, without the parts that no filter uses: the
/// pages and the details of the scenarios, which come last.
fn large(cases: usize) -> Report {
    let results = sample::large(cases, 30);
    let folder = tempfile::tempdir().unwrap();
    let page = Page::new(&results, &[], None);
    for file in page.files().take_while(|file| !file.path.contains('/')) {
        fs::write(folder.path().join(&file.path), file.text.as_bytes()).unwrap();
    }
    Report { folder }
}

const FILTERS: [&str; 7] = [
    "#q=einval",
    "#q=einval+0007",
    "#topic=mapped-peer",
    "#claim=DS-04",
    "#verdict=differs",
    "#differ=1",
    "#differ=1&verdict=differs&q=scenario",
];

/// Draws the view of this address; returns how many milliseconds it took.
fn draw(browser: &mut Browser, fragment: &str) -> f64 {
    let script = format!(
        "new Promise((resolve) => {{
            const start = performance.now();
            history.replaceState(null, '', {fragment:?});
            dualstack.main.follow();
            requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - start)));
        }})"
    );
    browser.eval(&script).as_f64().unwrap()
}

/// The cost of opening a page and of each filter, in blocks of script that ran. The times
/// are printed only for information, because they depend on the load of the machine.
fn effort(browser: &mut Browser, report: &Report) -> Vec<u64> {
    browser.work();
    browser.open(&report.file("index.html"), "");
    browser.wait(READY);
    let mut effort = vec![browser.work()];
    let opened = browser.eval("performance.getEntriesByType('navigation')[0].loadEventEnd");
    println!("{opened:6.1} ms, {:9} blocks: open", effort[0]);
    for fragment in FILTERS {
        draw(browser, "#");
        browser.work();
        let took = draw(browser, fragment);
        effort.push(browser.work());
        println!(
            "{took:6.1} ms, {:9} blocks: {fragment}",
            effort[effort.len() - 1]
        );
        assert_ne!(rows(browser).len(), 0, "{fragment} leaves nothing");
    }
    effort
}

#[test]
fn four_times_the_cases_take_four_times_the_work_and_the_same_room() {
    let Some(mut browser) = Browser::start(DESKTOP) else {
        return;
    };
    browser.count_work();
    let (small, large) = (large(1_250), large(5_000));
    let few = effort(&mut browser, &small);
    let (_, few_nodes) = browser.memory();
    let requests = browser.requests.len();
    let many = effort(&mut browser, &large);
    let (memory, many_nodes) = browser.memory();
    println!("{} MB, {few_nodes} and {many_nodes} nodes", memory >> 20);
    for ((few, many), what) in few.iter().zip(&many).zip(["open"].iter().chain(&FILTERS)) {
        assert!(many <= &(few * 5), "{what}: {few} blocks, then {many}");
    }
    // Only the visible rows, and as many nodes for few rows as for many.
    assert!(many_nodes < 4_000, "{many_nodes} nodes");
    assert!(
        many_nodes <= few_nodes * 11 / 10,
        "{few_nodes}, {many_nodes}"
    );
    assert_eq!(browser.requests.len(), 2 * requests);
    assert!(memory < 500 << 20, "{memory} bytes");
    browser.assert_quiet();
}

/// The published results, as the page shows them.
fn published() -> Report {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../reports/results");
    let kept = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or(kept, |here| Path::new(&here).join("../../reports/results"));
    let mut merge = Merge::default();
    let files = fs::read_dir(kept).unwrap();
    let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    for file in files {
        let mut text = String::new();
        flate2::read::GzDecoder::new(fs::File::open(&file).unwrap())
            .read_to_string(&mut text)
            .unwrap();
        merge.add(Results::read(&text).unwrap());
    }
    let (results, notes) = merge.finish().unwrap();
    let folder = tempfile::tempdir().unwrap();
    for file in Page::new(&results, &notes, None).files() {
        let path = folder.path().join(&file.path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, file.text.as_bytes()).unwrap();
    }
    Report { folder }
}

/// What someone does who has never seen the page.
enum Do {
    /// Clicks on the first element with this selector that has this text.
    Click(&'static str, &'static str),
    /// Types into the search.
    Search(&'static str),
}

/// Questions that the page answers in at most three clicks, from a cold start.
#[rstest]
#[case::what_accept_returns_on_gvisor(
    &[Do::Search("accept ipv4 client dual-stack")],
    "[...document.querySelectorAll('.line.case')].some((row) => row.textContent.includes('IPv4 client') && row.cells[2].textContent.includes('::ffff:127.0.0.1'))"
)]
#[case::who_gives_no_packet_information(
    &[Do::Search("IPV6_RECVPKTINFO only IPv4 datagram pktinfo none"), Do::Click("#filter-differ", "")],
    "[...document.querySelectorAll('.line.case')].some((row) => row.textContent.includes('IPv4 datagram') && [...row.cells].slice(1).some((cell) => /\\bnone\\b/.test(cell.textContent)))"
)]
#[case::what_7_x_answers_otherwise_than_5_10(
    &[],
    "document.querySelector('#found').textContent.includes('Linux 5.10–7.3: 7 platforms agree in all')"
)]
#[case::whether_ds_14_holds_on_linux(
    &[Do::Click("#found a", "DS-14")],
    "location.hash === '#DS-14' && document.querySelector('#DS-14 .why-not').textContent.includes('Why not on Linux 5.10–7.3')"
)]
#[case::what_is_documented_for_macos(
    &[Do::Click("#found a", "macOS")],
    "[...document.querySelectorAll('#matrix thead th')].some((th) => th.textContent.includes('macOS') && th.textContent.includes('not measured')) && document.querySelectorAll('#matrix tbody td:last-child.documented').length > 5"
)]
fn a_question_is_answered_in_three_clicks(#[case] path: &[Do], #[case] answered: &str) {
    let report = published();
    let Some(mut browser) = report.matrix(DESKTOP, "") else {
        return;
    };
    assert!(path.len() <= 3);
    for step in path {
        match step {
            Do::Click(selector, text) => {
                let clicked = browser.eval(&format!(
                    "(() => {{ const found = [...document.querySelectorAll('{selector}')].find((one) => one.textContent.includes('{text}')); found.click(); return true; }})()"
                ));
                assert_eq!(clicked, json!(true));
            }
            Do::Search(words) => {
                browser.eval(&format!(
                    "(() => {{ const box = document.querySelector('#filter-q'); box.value = '{words}'; box.dispatchEvent(new Event('input', {{ bubbles: true }})); }})()"
                ));
            }
        }
    }
    browser.wait(answered);
}

/// A search finds what is said of a case, and what there is besides cases.
#[rstest]
#[case::a_project("quinn", "")]
#[case::a_bug("tetragon", "bug cilium/tetragon#4618")]
#[case::a_claim("DS-14", "claim DS-14")]
#[case::a_system("macos", "system macOS, documented, not measured")]
#[case::a_platform("vm-6.12", "platform vm-6.12")]
#[case::a_source("tcp_v6_syn_recv_sock", "")]
#[case::an_option("IPV6_RECVPKTINFO", "")]
fn everything_can_be_searched(#[case] words: &str, #[case] also: &str) {
    let report = published();
    let Some(mut browser) = report.matrix(DESKTOP, &format!("#q={words}")) else {
        return;
    };
    assert!(
        !rows(&mut browser).is_empty() || !also.is_empty(),
        "{words}"
    );
    let found = browser.text("document.querySelector('#also').textContent");
    assert!(found.contains(also), "{words}: {found}");
    assert_eq!(
        browser.eval("document.querySelector('#also').hidden"),
        json!(also.is_empty() && found == "Also: "),
        "{found}"
    );
    browser.assert_quiet();
}

/// What has a word in its name stands above what only tells of it.
#[rstest]
#[case::a_word("accept", "mapped-peer/accept")]
#[case::two_words("hop limit", "two-hosts/hop-limit")]
#[case::a_part_of_an_option("IPV6_RECVPKTINFO", "packet-information/receive-on-a-mapped-address")]
fn what_is_searched_for_comes_first(#[case] words: &str, #[case] first: &str) {
    let report = published();
    let Some(mut browser) = report.matrix(DESKTOP, &format!("#q={words}")) else {
        return;
    };
    let found = browser.text("dualstack.model.view(dualstack.state).rows[0].scenario.id");
    assert_eq!(found, first);
    let topics = "dualstack.model.view(dualstack.state).lines.filter((line) => line.kind === 'topic').map((line) => line.topic)";
    let topics = texts(&browser.eval(&format!("{topics}.map(String)")));
    let mut once = topics.clone();
    once.sort();
    once.dedup();
    assert_eq!(topics.len(), once.len(), "a topic stands twice: {topics:?}");
    browser.assert_quiet();
}

/// What texts name leads there, and no markup is shown as text.
#[test]
fn bugs_are_links() {
    let report = published();
    let findings = fs::read_to_string(report.file("scenarios/mapped-peer/accept.html")).unwrap();
    let link = "<a href=\"https://github.com/cilium/tetragon/issues/4618\" rel=\"noreferrer\">cilium/tetragon#4618</a>";
    assert!(findings.contains(link), "{findings}");
    for page in report.pages() {
        let text = fs::read_to_string(&page).unwrap();
        assert!(!text.contains("&#60;a href"), "{}", page.display());
    }
}

/// An answer that is a matter of chance is no difference.
#[test]
fn an_answer_that_varies_says_so() {
    let report = published();
    let Some(mut browser) = report.matrix(DESKTOP, "#verdict=varies&split=1") else {
        return;
    };
    let cells =
        browser.eval("[...document.querySelectorAll('td.varies')].map((td) => td.textContent)");
    let cells = texts(&cells);
    assert!(!cells.is_empty());
    assert!(
        cells.iter().all(|cell| cell.contains("(varies)")),
        "{cells:?}"
    );
    browser.open(&report.file("index.html"), "#verdict=varies&differ=1");
    browser.wait(READY);
    let rows = browser.eval("document.querySelectorAll('td.varies').length");
    assert_eq!(rows, json!(0));
}

/// Cases are named in the search as on the command line.
#[rstest]
#[case("tag:v6only", &["v6only-option/default"])]
#[case("claim:DS-04", &["v6only-option/many/first=0,second=0"])]
#[case("option:IPV6_V6ONLY", &["v6only-option/default"])]
#[case("call:getsockopt", &["v6only-option/default"])]
#[case::not_a_part("call:getsock", &[])]
#[case("v6only-option/def*", &["v6only-option/default"])]
fn the_search_names_cases_as_the_command_does(#[case] words: &str, #[case] there: &[&str]) {
    let report = Report::of(&sample::results());
    let Some(mut browser) = report.matrix(DESKTOP, &format!("#q={words}")) else {
        return;
    };
    let keys =
        browser.eval("dualstack.model.view(dualstack.state).rows.map((row) => row.entry.key)");
    let keys = texts(&keys);
    for key in there {
        assert!(keys.iter().any(|known| known == key), "{key}: {keys:?}");
    }
    assert_eq!(keys.is_empty(), there.is_empty(), "{keys:?}");
    browser.assert_quiet();
}

/// One click in the head of a column leads to where it differs from the first.
#[test]
fn two_platforms_are_compared_with_a_click() {
    let report = published();
    let Some(mut browser) = report.matrix(DESKTOP, "") else {
        return;
    };
    browser.eval(
        "[...document.querySelectorAll('#matrix thead th:last-child .apart')].at(-1).click()",
    );
    browser.wait("location.hash.includes('differ=1')");
    assert_eq!(heads(&mut browser), ["host", "wine"]);
    let status = browser.text("document.querySelector('#status').textContent");
    assert!(status.contains(" of 383 cases"), "{status}");
    browser.assert_quiet();
}

/// Back leads to what was shown before a filter.
#[test]
fn filters_are_steps_of_the_history() {
    let report = Report::of(&sample::results());
    let Some(mut browser) = report.matrix(DESKTOP, "") else {
        return;
    };
    browser.click("#filter-differ");
    browser.wait("location.hash === '#differ=1'");
    browser.eval("history.back()");
    browser.wait("location.hash === '' && !document.querySelector('#filter-differ').checked");
    browser.assert_quiet();
}

/// Every row of the matrix is on paper.
#[test]
fn every_row_is_printed() {
    let report = published();
    let Some(mut browser) = report.matrix(DESKTOP, "") else {
        return;
    };
    let all = browser.eval("dualstack.model.rows.length");
    assert!(all.as_u64() > Some(300), "{all}");
    // What is in the document when the browser has prepared it for the printer.
    browser.eval("addEventListener('beforeprint', () => { window.printed = document.querySelectorAll('.line.case').length; })");
    browser.print();
    assert_eq!(browser.eval("window.printed"), all);
    browser.wait("document.querySelectorAll('.line.case').length < 100");
    browser.assert_quiet();
}

/// What is copied from a cell names the cell, the build and the calls.
#[test]
fn a_cell_can_be_copied_for_an_issue() {
    let report = published();
    let address = "#case=mapped-peer/accept/IPv4+client&on=gvisor";
    let Some(mut browser) = report.matrix(DESKTOP, address) else {
        return;
    };
    browser.wait("document.querySelectorAll('#cell button[data-copy]').length === 2");
    let copied = browser.eval("[...document.querySelectorAll('#cell button[data-copy]')].map((button) => button.dataset.copy)");
    let [link, markdown] = <[String; 2]>::try_from(texts(&copied)).unwrap();
    assert!(link.contains("/index.html#case=mapped-peer"), "{link}");
    for part in [
        "`::ffff:127.0.0.1`",
        "on gvisor",
        "- Build: ",
        "dualstack run",
        "accept(",
        &link,
    ] {
        assert!(markdown.contains(part), "{part}: {markdown}");
    }
    browser.open(&report.file("index.html"), &link[link.find('#').unwrap()..]);
    browser.wait(OPEN);
    browser.assert_quiet();
}

/// Debian's browser is started by a shell, and has processes of its own.
#[cfg(target_os = "linux")]
#[test]
fn a_browser_ends_with_its_test() {
    let report = Report::of(&sample::results());
    let Some(browser) = report.matrix(DESKTOP, "") else {
        return;
    };
    let folder = browser.folder().display().to_string();
    let running = || {
        let processes = fs::read_dir("/proc").unwrap().flatten();
        let commands = processes.flat_map(|process| fs::read(process.path().join("cmdline")));
        let named = |command: &Vec<u8>| String::from_utf8_lossy(command).contains(&folder);
        commands.filter(named).count()
    };
    assert!(running() > 0);
    drop(browser);
    let since = std::time::Instant::now();
    while running() > 0 {
        assert!(since.elapsed().as_secs() < 20, "{} are left", running());
        std::thread::yield_now();
    }
}

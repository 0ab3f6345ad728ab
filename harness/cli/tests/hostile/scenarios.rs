//! Hostile scenario files.

use crate::ACTIVE;
use crate::handled::handled;

/// What is to be said about a file: nothing, or a mistake.
#[derive(Clone, Copy)]
enum Is {
    Sound,
    Rejected(&'static str),
}

use Is::{Rejected, Sound};

/// A name for messages, the file, and what is to be said about it.
type Row = (String, Vec<u8>, Is);

fn row(name: impl Into<String>, text: impl Into<Vec<u8>>, is: Is) -> Row {
    (name.into(), text.into(), is)
}

const STEPS: &str = "steps = [{ socket = \"s\", type = \"udp4\" }]\n";
const ANSWER: &str = "answer = \"ok\"\n";

/// A sound file with more at its end.
fn with(more: &str) -> String {
    format!("title = \"t\"\nask = \"a\"\n{STEPS}{ANSWER}{more}")
}

/// A file with these steps.
fn steps(steps: &str) -> String {
    format!("title = \"t\"\nask = \"a\"\nsteps = [\n{steps}]\n{ANSWER}")
}

/// The same line or part again and again.
fn times(count: usize, part: impl Fn(usize) -> String) -> String {
    (0..count).map(part).collect()
}

/// `count` lists of `values` values.
fn lists(count: usize, values: usize) -> String {
    let list = times(values, |value| format!("{value}, "));
    times(count, |at| format!("p{at} = [{list}]\n"))
}

/// A text of `length` characters, in lines that are not too long.
fn long(length: usize) -> String {
    let lines = times(length / 1000, |_| format!("{}\\\n", "x".repeat(1000)));
    format!("\"\"\"{lines}\"\"\"")
}

/// Texts that do something, in every place that is shown.
fn active() -> Vec<Row> {
    let shown = |name: &str, text: &str| {
        format!(
            "title = \"{name}\"\nask = \"{name}\"\nabout = \"{text}\"\nadvice = \"{text}\"\n\
             tags = [\"{text}\", \"two\"]\nrows = [{{ name = \"{name}\", p = \"{text}\" }}]\n\
             {STEPS}answer = \"{{p}}\"\n[claims]\nDS-01 = \"{text}\"\n\
             [expect]\nany = {{ answer = \"{text}\", source = \"{text}\" }}\n\
             [known]\nany = {{ answer = \"x{text}\", reason = \"{text}\" }}\n"
        )
    };
    let wrong: [fn(&str) -> String; 9] = [
        |text| with(&format!("[claims]\n\"{text}\" = \"x\"\n")),
        |text| with(&format!("\"{text}\" = 1\n")),
        |text| steps(&format!("{{ \"{text}\" = \"s\" }}")),
        |text| steps(&format!("{{ socket = \"{text}\", type = \"udp4\" }}")),
        |text| steps(&format!("{{ socket = \"s\", type = \"{text}\" }}")),
        |text| {
            steps(&format!(
                "{{ getaddrinfo = \"::1\", service = \"{{{text}}}\" }}"
            ))
        },
        |text| {
            with(&format!(
                "[expect]\n\"{text}\" = {{ answer = \"x\", source = \"y\" }}\n"
            ))
        },
        |text| with(&format!("[parameters]\n\"{text}\" = [1]\n")),
        |text| with(&format!("hosts = [\"{text}\", \"b\"]\n")),
    ];
    let mut rows = Vec::new();
    for (name, text) in ACTIVE {
        let every = format!("{name} in every place");
        rows.push(row(every, shown("t", text), Sound));
        // A name is one line, without control characters.
        let handled = match text.contains(r"\u00") || text.contains(r"\n") || text.contains(r"\r") {
            true => Rejected("problem"),
            false => Sound,
        };
        rows.push(row(format!("{name} in names"), shown(text, text), handled));
        for (at, file) in wrong.iter().enumerate() {
            let name = format!("{name} in mistake {at}");
            rows.push(row(name, file(text), Rejected("1 problem")));
        }
    }
    rows
}

/// Files that are no text, or no TOML.
fn bytes() -> Vec<Row> {
    vec![
        row("nothing", "", Rejected("missing key `title`")),
        row("a NUL", "title = \"\0\"\n", Rejected("1 problem")),
        row("an escape", "title = \"\x1b[2J\"\n", Rejected("1 problem")),
        row("an escape in a comment", "# \x1b[2J\n", Rejected("problem")),
        row("an escape as a key", "\x1b[2J = 1\n", Rejected("1 problem")),
        row(
            "a lone carriage return",
            "title = \"t\"\rask = 1",
            Rejected("1 problem"),
        ),
        row("CRLF", with("").replace('\n', "\r\n"), Sound),
        row("a byte order mark", format!("\u{feff}{}", with("")), Sound),
        row(
            "separators",
            with("# \u{2028}\u{2029}\u{85}\nx = 1\n"),
            Rejected("`x`"),
        ),
        row(
            "reversed text after a mistake",
            "x = # \u{202e}txet\n",
            Rejected("1 problem"),
        ),
        row(
            "no UTF-8",
            b"title = \"\xff\xfe\"\n",
            Rejected("this byte is not UTF-8"),
        ),
        row(
            "half a character",
            b"title = \"\xe2\x82",
            Rejected("this byte is not UTF-8"),
        ),
        row(
            "an unfinished escape",
            "title = \"\\u00",
            Rejected("1 problem"),
        ),
        row(
            "a surrogate",
            "title = \"\\ud800\"\n",
            Rejected("1 problem"),
        ),
        row(
            "two titles",
            with("title = \"u\"\n"),
            Rejected("duplicate key"),
        ),
        row(
            "two tables",
            with("[expect]\n[expect]\n"),
            Rejected("duplicate key"),
        ),
    ]
}

/// Files that are large, or would become so.
fn large() -> Vec<Row> {
    let step = |at: usize| format!("{{ socket = \"s{at}\", type = \"udp4\" }},\n");
    let six = "a = [\"x\", \"y\"]\nb = [\"{a}{a}\"]\nc = [\"{b}{b}\"]\nd = [\"{c}{c}\"]\n";
    let kib = "x".repeat(1024);
    let laughs = |row: &str| {
        let answer = with("").replace(ANSWER, "answer = \"{b}{b}{b}{b}\"\n");
        format!("{answer}rows = [{{ name = \"r\", a = \"{kib}\", b = {row} }}]\n")
    };
    vec![
        row(
            "5 MB of brackets",
            "[".repeat(5_000_000),
            Rejected("at most 1048576 bytes"),
        ),
        row(
            "2 MB of comments",
            "# x\n".repeat(500_000),
            Rejected("split it into several files"),
        ),
        row(
            "a long line",
            with(&format!("about = \"{}\"\n", "x".repeat(400_000))),
            Rejected(":5:1]; a line may have at most 16384 bytes"),
        ),
        row(
            "a long line of tabs",
            with(&"\t".repeat(20_000)),
            Rejected("a line may have"),
        ),
        row(
            "a long line of escapes",
            format!("# {}", "\x1b".repeat(20_000)),
            Rejected("a line may have"),
        ),
        row(
            "a long line of wide letters",
            format!("# {}", "網".repeat(10_000)),
            Rejected("a line may have"),
        ),
        row(
            "a line of brackets",
            format!("a = {}", "[".repeat(16_000)),
            Rejected("at most 16 lists and tables"),
        ),
        row(
            "lines of brackets",
            format!("a = {}", "[\n".repeat(500_000)),
            Rejected("at most 16 lists and tables"),
        ),
        row(
            "braces",
            format!("a = {}", "{ a = ".repeat(2_000)),
            Rejected("at most 16 lists and tables"),
        ),
        row(
            "a key of many parts",
            format!("a{} = 1\n", ".a".repeat(8_000)),
            Rejected("at most 16 lists and tables"),
        ),
        row(
            "a heading of many parts",
            format!("[a{}]\n", ".a".repeat(8_000)),
            Rejected("at most 16 lists and tables"),
        ),
        row(
            "parts in parts",
            format!("a = {}1{}", "{ a.a.a.a.a.a = ".repeat(6), " }".repeat(6)),
            Rejected("at most 16 lists and tables"),
        ),
        row(
            "a text that is a dot too deep",
            with(&format!("x = \"{}\"\n", ".".repeat(90))),
            Rejected("`x`"),
        ),
        row(
            "a long text",
            with(&format!("about = {}\n", long(70_000))),
            Rejected("70000"),
        ),
        row(
            "a text just short enough",
            with(&format!("about = {}\n", long(65_000))),
            Sound,
        ),
        row(
            "many numbers",
            with(&format!(
                "x = [\n{}]\n",
                "1,1,1,1,1,1,1,1,\n".repeat(15_000)
            )),
            Rejected("unknown key `x`"),
        ),
        row(
            "many tables",
            with(&format!("x = [\n{}]\n", "{},{},{},{},{},\n".repeat(15_000))),
            Rejected("unknown key `x`"),
        ),
        row(
            "many unknown keys",
            times(20_000, |at| format!("k{at} = 1\n")),
            Rejected("the first 100 mistakes"),
        ),
        row(
            "many tags",
            with(&format!("tags = [\n{}]\n", "\"t\",\n".repeat(40_000))),
            Sound,
        ),
        row(
            "many wrong tags",
            with(&format!("tags = [\n{}]\n", "1,\n".repeat(40_000))),
            Rejected("the first 100 mistakes"),
        ),
        row(
            "many systems",
            with(&format!(
                "[expect]\n{}",
                times(5_000, |at| format!(
                    "\"linux = {at}\" = {{ answer = \"ok\", source = \"s\" }}\n"
                ))
            )),
            Sound,
        ),
        row(
            "a long chain of parameters",
            with(&format!(
                "rows = [\n{}]\n",
                times(9_000, |at| format!(
                    "{{ name = \"r{at}\", p{at} = \"{{p{}}}\" }},\n",
                    at + 1
                ))
            )),
            Rejected("nothing uses the parameter `p0`"),
        ),
        row(
            "many systems for the same versions",
            with(&format!(
                "[expect]\n{}",
                times(5_000, |at| format!(
                    "\"linux >= {at}\" = {{ answer = \"ok\", source = \"s\" }}\n"
                ))
            )),
            Rejected("the first 100 mistakes"),
        ),
        row(
            "many unknown systems",
            with(&format!(
                "[expect]\n{}",
                times(6_000, |at| format!("l{at} = {{ answer = \"x\" }}\n"))
            )),
            Rejected("the first 100 mistakes"),
        ),
        row(
            "many claims",
            with(&format!(
                "[claims]\n{}",
                times(10_000, |at| format!("A-{at} = \"ok\"\n"))
            )),
            Rejected("no claim is called `A-0`"),
        ),
        row("1000 steps", steps(&times(1_000, step)), Sound),
        row(
            "1001 steps",
            steps(&times(1_001, step)),
            Rejected("at most 1000 steps; here are 1001"),
        ),
        row(
            "calls that hang for 10 seconds and more",
            steps(
                "{ socket = \"s\", type = \"udp4\" },
                 { recv = \"s\", result = \"hangs\", within = 5000 },
                 { recv = \"s\", result = \"hangs\", within = 5000 },
                 { recv = \"s\", result = \"hangs\", within = 1 },\n",
            ),
            Rejected("at most 10000 milliseconds of calls that hang; here are 10001"),
        ),
        row(
            "12000 steps",
            steps(&times(12_000, step)),
            Rejected("at most 1000 steps"),
        ),
        row(
            "1000 steps for one socket",
            steps(&format!(
                "{}{}",
                step(0),
                "{ getsockname = \"s0\" },\n".repeat(999)
            )),
            Sound,
        ),
        row(
            "1000 unknown sockets",
            steps(&format!(
                "{}{}",
                times(500, step),
                times(500, |at| format!("{{ close = \"x{at}\" }},\n"))
            )),
            Rejected("the first 100 mistakes"),
        ),
        row(
            "wrong options",
            steps(&times(40, |_| {
                format!(
                    "{{ setsockopt = \"s\", {} }},\n",
                    times(300, |at| format!("IPV6_OPTION_{at} = 1, "))
                )
            })),
            Rejected("a call sets one option"),
        ),
        row(
            "wrong keys",
            steps(&times(40, |_| {
                format!(
                    "{{ close = \"s\", {} }},\n",
                    times(400, |at| format!("socket_{at} = 1, "))
                )
            })),
            Rejected("the first 100 mistakes"),
        ),
        row(
            "steps in a parameter",
            with("").replace(STEPS, "steps = \"{p}\"\n")
                + &format!(
                    "rows = [{{ name = \"r\", p = [\n{}] }}]\n",
                    times(2_000, step)
                ),
            Rejected("at most 1000 steps"),
        ),
        row(
            "10000 cases",
            with(&format!("[parameters]\n{}", lists(4, 10)))
                .replace(
                    "\"s\", type",
                    "\"s\", type = \"udp4\" }, { getaddrinfo = \"{p0}{p1}{p2}{p3}\", family",
                )
                .replace("family = \"udp4\"", "family = \"AF_INET\""),
            Sound,
        ),
        row(
            "10001 rows",
            with(&format!(
                "rows = [\n{}]\n",
                times(10_001, |at| format!("{{ name = \"{at}\" }},\n"))
            )),
            Rejected("at most 10000 cases"),
        ),
        row(
            "a million cases",
            with(&format!("[parameters]\n{}", lists(6, 10))),
            Rejected("at most 10000 cases"),
        ),
        row(
            "more cases than can be counted",
            with(&format!("[parameters]\n{}", lists(60, 100))),
            Rejected("at most 10000 cases"),
        ),
        row(
            "rows times lists",
            with(&format!(
                "rows = [\n{}]\n[parameters]\n{}",
                times(200, |at| format!("{{ name = \"{at}\" }},\n")),
                lists(1, 51)
            )),
            Rejected("at most 10000 cases"),
        ),
        row(
            "65 parameters",
            with(&format!("[parameters]\n{}", lists(65, 1))),
            Rejected("at most 64 parameters"),
        ),
        row(
            "many parameters in a row",
            with(&format!(
                "rows = [{{ name = \"r\", {} }}]\n",
                times(900, |at| format!("p{at} = 1, "))
            )),
            Rejected("at most 64 parameters"),
        ),
        row(
            "long values in many cases",
            with(&format!(
                "[parameters]\nq = [{}]\n{}",
                long(60_000),
                lists(3, 20)
            )),
            Rejected("with all its cases written out"),
        ),
        row(
            "long names of many cases",
            with(&format!(
                "rows = [{{ name = {} }}]\n[parameters]\n{}",
                long(60_000),
                lists(3, 20)
            )),
            Rejected("with all its cases written out"),
        ),
        row(
            "many steps in many cases",
            format!(
                "{}[parameters]\n{}",
                steps(&times(1_000, step)),
                lists(2, 100)
            ),
            Rejected("with all its cases written out"),
        ),
        row(
            "values in values",
            with(&format!("[parameters]\n{six}")).replace(ANSWER, "answer = \"{d}{d}\"\n"),
            Rejected("two cases are called"),
        ),
        row(
            "a value a thousand times",
            laughs(&format!("\"{}\"", "{a}".repeat(1_000))),
            Sound,
        ),
        row(
            "a value a thousand times in a text",
            with("").replace(ANSWER, &format!("answer = \"{}\"\n", "{a}".repeat(1_000)))
                + &format!("rows = [{{ name = \"r\", a = \"{kib}\" }}]\n"),
            Rejected("a text with its values filled in may have at most 65536 bytes"),
        ),
        row(
            "a value a million times",
            with("").replace(
                ANSWER,
                &format!(
                    "answer = [\n{}]\n",
                    format!("{{ say = \"{}\" }},\n", "{a}".repeat(1_000)).repeat(300)
                ),
            ) + &format!("rows = [{{ name = \"r\", a = \"{kib}\" }}]\n"),
            Rejected("with all its cases written out"),
        ),
        row(
            "a long name",
            steps(&format!(
                "{{ socket = \"{}\", type = \"udp4\" }}",
                "s".repeat(15_000)
            )),
            Sound,
        ),
        row(
            "long names that differ",
            steps(&format!(
                "{{ socket = \"{0}a\", type = \"udp4\" }},\n{{ close = \"{0}b\" }}",
                "s".repeat(15_000)
            )),
            Rejected("no socket is called"),
        ),
        row(
            "long keys",
            times(60, |at| format!("{}{at} = 1\n", "k".repeat(15_000))),
            Rejected("problems"),
        ),
        row(
            "one host",
            with("hosts = [\"a\"]\n"),
            Rejected("expected 2 hosts"),
        ),
        row(
            "many hosts",
            with(&format!(
                "hosts = [\n{}]\n",
                times(50_000, |at| format!("\"h{at}\",\n"))
            )),
            Rejected("expected 2 hosts"),
        ),
    ]
}

/// Values that are none, names that mean two things.
fn odd() -> Vec<Row> {
    let number = |number: &str| {
        steps(&format!(
            "{{ socket = \"s\", type = \"udp6\" }},\n{{ setsockopt = \"s\", IPV6_V6ONLY = {number} }}"
        ))
    };
    let size = |size: &str| {
        steps(&format!(
            "{{ socket = \"s\", type = \"udp6\" }},\n{{ recv = \"s\", size = {size} }}"
        ))
    };
    vec![
        row(
            "the largest number",
            number("9223372036854775807"),
            Rejected("does not fit into a C int"),
        ),
        row(
            "a number beyond it",
            number("9223372036854775808"),
            Rejected("1 problem"),
        ),
        row(
            "a number of 10000 digits",
            number(&"9".repeat(10_000)),
            Rejected("1 problem"),
        ),
        row(
            "a hexadecimal number beyond it",
            number("0xffffffffffffffffff"),
            Rejected("1 problem"),
        ),
        row("a large fraction", number("1e308"), Rejected("1 problem")),
        row("infinity", number("inf"), Rejected("1 problem")),
        row("no number", number("nan"), Rejected("1 problem")),
        row(
            "a date",
            number("1979-05-27T07:32:00Z"),
            Rejected("1 problem"),
        ),
        row("a negative size", size("-1"), Rejected("is not a size")),
        row(
            "a size of 4 GiB",
            size("4294967296"),
            Rejected("is not a size"),
        ),
        row(
            "a circle",
            with("rows = [{ name = \"r\", a = \"{b}\", b = \"{a}\" }]\n")
                .replace(ANSWER, "answer = \"{a}\"\n"),
            Rejected("lead back to `a`"),
        ),
        row(
            "a value in itself",
            with("[parameters]\na = [\"{a}\"]\n").replace(ANSWER, "answer = \"{a}{a}\"\n"),
            Rejected("lead back to `a`"),
        ),
        row(
            "a parameter that is a socket",
            with("[parameters]\ns = [1]\n"),
            Rejected("already a parameter"),
        ),
        row(
            "a field of a parameter",
            with("[parameters]\na = [1]\n").replace(ANSWER, "answer = \"{a.b.c}\"\n"),
            Rejected("has no field"),
        ),
        row(
            "braces only",
            with("").replace(ANSWER, &format!("answer = \"{}\"\n", "{{".repeat(5_000))),
            Sound,
        ),
        row(
            "a brace that is open",
            with("").replace(ANSWER, &format!("answer = \"{}\"\n", "{".repeat(5_001))),
            Rejected("unmatched"),
        ),
        row(
            "a value without a name",
            with("").replace(ANSWER, "answer = \"{}\"\n"),
            Rejected("the name of a value"),
        ),
        row(
            "many stars",
            with(&format!(
                "[expect]\nany = {{ answer = \"{}\", source = \"s\" }}\n",
                "*a".repeat(7_000)
            )),
            Sound,
        ),
        row(
            "two rows with one name",
            with("rows = [{ name = \"r\" }, { name = \"r\" }]\n"),
            Rejected("two cases are called"),
        ),
        row("no rows", with("rows = []\n"), Rejected("there is no row")),
        row(
            "no values",
            with("[parameters]\na = []\n"),
            Rejected("has no values"),
        ),
        row("no steps", steps(""), Rejected("there are no steps")),
        row(
            "hosts with one name",
            with("hosts = [\"a\", \"a\"]\n"),
            Rejected("both hosts are called"),
        ),
        row(
            "a condition in depth",
            with("").replace(
                "type = \"udp4\"",
                "type = \"udp4\", when = { a.b.c.d.e.f.g = 1 }",
            ),
            Rejected("no value is called `a`"),
        ),
    ]
}

#[test]
fn every_scenario_is_handled() {
    let folder = tempfile::tempdir().unwrap();
    let rows = [active(), bytes(), large(), odd()].concat();
    assert!(rows.len() >= 100);
    std::fs::create_dir(folder.path().join("own")).unwrap();
    for (name, text, is) in rows {
        let small = text.len() < 64 * 1024 && name != "10000 cases";
        std::fs::write(folder.path().join("own/file.toml"), text).unwrap();
        let handled = |arguments: &[&str]| handled(&name, arguments, folder.path());
        let checked = handled(&["check", "own/file.toml"]);
        match is {
            Sound => {
                assert_eq!(checked.code, Some(0), "{name}: {}", checked.said);
                if small {
                    handled(&["list", "own"]);
                    handled(&["explain", "own/file", "--in", "own"]);
                }
            }
            Rejected(message) => {
                assert_eq!(checked.code, Some(2), "{name}: {}", checked.said);
                let said = checked.said.replace('\n', " ");
                let words: Vec<&str> = said.split([' ', '│']).filter(|w| !w.is_empty()).collect();
                let words = words.join(" ");
                // What is wrong, its place and its fix stand in any order.
                let mut parts = message.split("; ");
                let all = parts.all(|part| words.contains(part));
                assert!(all, "{name}: {}", checked.said);
            }
        }
    }
}

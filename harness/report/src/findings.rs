//! What people do not expect, as a corpus writes it down: a Markdown file with a section per
//! finding, and in each a table of the cells that it rests on.

/// A finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it says, in one line.
    pub title: String,
    /// What happens.
    pub text: String,
    /// Issues of other projects that ran into it: the line that names them.
    pub seen: Option<String>,
    /// What to do.
    pub advice: String,
    /// The cells that it rests on.
    pub rows: Vec<FindingRow>,
}

/// A line of a finding's table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingRow {
    /// The id of the case.
    pub case: String,
    /// The platforms, in words: `every platform`, `Linux, Wine`.
    pub on: String,
    /// What they answer.
    pub answer: String,
}

/// Every finding of a file.
pub fn read(markdown: &str) -> Vec<Finding> {
    let sections = markdown.split("\n## ").skip(1);
    sections.map(finding).collect()
}

fn finding(section: &str) -> Finding {
    let (title, body) = section.split_once('\n').unwrap_or((section, ""));
    let paragraphs = || body.split("\n\n").map(str::trim);
    let begins = |start: &'static str| {
        let mut paragraphs = paragraphs();
        let found = paragraphs.find(|paragraph| paragraph.starts_with(start));
        found.map(|paragraph| plain(paragraph.trim_start_matches(start)))
    };
    let other = |paragraph: &&str| {
        let marks = ["Seen in ", "**Do:**", "|"];
        !paragraph.is_empty() && !marks.iter().any(|mark| paragraph.starts_with(mark))
    };
    Finding {
        title: plain(title),
        text: paragraphs().find(other).map(plain).unwrap_or_default(),
        seen: begins("Seen in "),
        advice: begins("**Do:**").unwrap_or_default(),
        rows: body.lines().filter_map(row).collect(),
    }
}

fn row(line: &str) -> Option<FindingRow> {
    let cells = line.strip_prefix("| `")?.strip_suffix("` |")?;
    let (case, rest) = cells.split_once("` | ")?;
    let (on, answer) = rest.split_once(" | `")?;
    Some(FindingRow {
        case: case.to_owned(),
        on: on.to_owned(),
        answer: answer.to_owned(),
    })
}

/// A text without the marks of Markdown: the name of a link stands for it.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text.trim();
    while let Some(start) = rest.find('[') {
        let (before, link) = rest.split_at(start);
        let name = link[1..].split_once("](").and_then(|(name, address)| {
            let (_, after) = address.split_once(')')?;
            Some((name, after))
        });
        plain.push_str(before);
        match name {
            Some((name, after)) => {
                plain.push_str(name);
                rest = after;
            }
            None => {
                plain.push('[');
                rest = &link[1..];
            }
        }
    }
    plain.push_str(rest);
    plain.replace('`', "").trim().replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn a_finding_is_read_from_its_section() {
        let text = "# Findings\n\nAn introduction.\n\n## One `[::]` socket\n\nIt is [so](a.md).\n\nSeen in [a/b#1](https://example.com), [c/d#2](x).\n\n**Do:** Use `it`.\n\n| case | on | answer |\n| --- | --- | --- |\n| `t/f/row, a` | Linux, Wine | `a` |\n| `t/g` | every platform | `b | c` |\n";
        let findings = read(text);
        assert_eq!(findings.len(), 1);
        let finding = &findings[0];
        assert_eq!(finding.title, "One [::] socket");
        assert_eq!(finding.text, "It is so.");
        assert_eq!(finding.seen.as_deref(), Some("a/b#1, c/d#2."));
        assert_eq!(finding.advice, "Use it.");
        let rows: Vec<[&str; 3]> = finding
            .rows
            .iter()
            .map(|row| [&*row.case, &*row.on, &*row.answer])
            .collect();
        assert_eq!(
            rows,
            [
                ["t/f/row, a", "Linux, Wine", "a"],
                ["t/g", "every platform", "b | c"]
            ]
        );
    }
}

//! The handbook of portable dual-stack code: rules by task, the answers that each rests on, and
//! code.
//!
//! This library holds the texts. The code is in `code/`: the Rust code is compiled into the
//! program `dualstack-handbook`, which checks it where it is started; tests compile and run the
//! C and the Python code.
//!
//! ```
//! let tasks = dualstack_handbook::TASKS;
//! let unmap = dualstack_handbook::rules().find(|rule| rule.id == "unmap").unwrap();
//! assert_eq!(tasks[3].rules[0].id, unmap.id);
//! assert!(unmap.code[0].text().contains("to_canonical"));
//! ```

mod code;
mod task;

pub use code::{Code, Language};

/// What every reader should know, whatever they program in: a sentence each.
pub const SUMMARY: &[&str] = &[
    "One `AF_INET6` socket on `::` serves IPv6 and IPv4, if IPV6_V6ONLY is 0. Set it yourself, right after `socket()`: its default differs, and OpenBSD refuses 0.",
    "Two sockets on one port work everywhere, if the IPv6 one has IPV6_V6ONLY = 1.",
    "A machine may lack either protocol. That is no reason to stop: use the other.",
    "An IPv4 peer of such a socket has the address `::ffff:a.b.c.d`. Turn it into `a.b.c.d` where you get it, before you compare, log or look it up.",
    "Give an `AF_INET6` socket only `AF_INET6` addresses: write an IPv4 destination as `::ffff:a.b.c.d`.",
    "A name has several addresses. Try them one after another, with a new socket each.",
    "A UDP server answers from the address that was asked: take it out of the packet information, and put it into that of the answer.",
    "Ask for the packet information of both protocols, make room for both messages, and read all of them.",
    "To learn whether a protocol is there, make a socket of it and bind its loopback address. Options do not tell.",
    "To learn the source that the system chooses for a destination, connect a UDP socket to it and ask for its name.",
];

/// Something that a program does with sockets.
#[derive(Clone, Copy, Debug)]
pub struct Task {
    /// Its anchor.
    pub id: &'static str,
    /// In a word or two.
    pub name: &'static str,
    /// What is difficult about it.
    pub about: &'static str,
    /// How to do it.
    pub rules: &'static [Rule],
}

/// A rule for portable code.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Its anchor, which stays as it is: others link to it.
    pub id: &'static str,
    /// The rule, in a sentence. Code is between backticks, here and in [`why`](Self::why).
    pub rule: &'static str,
    /// Why, in a few sentences.
    pub why: &'static str,
    /// The answers that it rests on.
    pub cells: &'static [Evidence],
    /// Where it was missing.
    pub bugs: &'static [Bug],
    /// What follows it.
    pub code: &'static [Code],
}

/// The answer to a case on some platforms.
#[derive(Clone, Copy, Debug)]
pub struct Evidence {
    /// The case.
    pub case: &'static str,
    /// `Linux`, `gVisor` and `Wine`, joined by `, `, or `every platform` that supports the case.
    pub on: &'static str,
    /// The answer there.
    pub answer: &'static str,
}

/// A bug of a real project.
#[derive(Clone, Copy, Debug)]
pub struct Bug {
    /// `OWNER/NAME#NUMBER` on GitHub.
    pub issue: &'static str,
    /// What happened, in a few words.
    pub what: &'static str,
}

impl Bug {
    /// The issue's address.
    pub fn url(&self) -> String {
        let (repository, number) = self.issue.split_once('#').unwrap_or((self.issue, ""));
        format!("https://github.com/{repository}/issues/{number}")
    }
}

impl Rule {
    /// The cases that it rests on, each once, in the order of the cells.
    pub fn cases(&self) -> Vec<&'static str> {
        let mut cases: Vec<&str> = self.cells.iter().map(|cell| cell.case).collect();
        cases.dedup();
        cases
    }
}

/// Every task, in the order of the page.
pub const TASKS: &[Task] = &[
    task::listen::TASK,
    task::connect::TASK,
    task::datagrams::TASK,
    task::addresses::TASK,
    task::detect::TASK,
    task::source::TASK,
];

/// Every rule, in the order of the page.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    TASKS.iter().flat_map(|task| task.rules)
}

#[cfg(test)]
mod tests {
    use super::{Bug, SUMMARY, TASKS, rules};
    use std::collections::BTreeSet;

    #[test]
    fn every_anchor_is_used_once_and_is_short() {
        let ids: Vec<&str> = rules()
            .map(|rule| rule.id)
            .chain(TASKS.iter().map(|task| task.id))
            .collect();
        let different: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(different.len(), ids.len(), "{ids:?}");
        let fit = |id: &&str| {
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            id.len() <= 20 && id.chars().all(plain)
        };
        assert!(ids.iter().all(fit), "{ids:?}");
    }

    #[test]
    fn every_rule_names_cells_and_its_cases_follow_each_other() {
        for rule in rules() {
            let cases = rule.cases();
            let different: BTreeSet<&str> = cases.iter().copied().collect();
            assert!(!cases.is_empty(), "{}", rule.id);
            assert_eq!(
                different.len(),
                cases.len(),
                "{}: a case comes twice",
                rule.id
            );
        }
    }

    #[test]
    fn the_summary_is_a_dozen_lines_at_most() {
        assert!(SUMMARY.len() <= 12);
        assert!(SUMMARY.iter().all(|line| !line.contains("socket2")));
    }

    #[test]
    fn a_bug_leads_to_its_issue() {
        let bug = Bug {
            issue: "libuv/libuv#4433",
            what: "",
        };
        assert_eq!(bug.url(), "https://github.com/libuv/libuv/issues/4433");
        for bug in rules().flat_map(|rule| rule.bugs) {
            let (repository, number) = bug.issue.split_once('#').unwrap();
            assert_eq!(repository.split('/').count(), 2, "{}", bug.issue);
            assert!(number.parse::<u32>().is_ok(), "{}", bug.issue);
        }
    }

    #[test]
    fn code_is_shown_without_its_check() {
        for code in rules().flat_map(|rule| rule.code) {
            let text = code.text();
            assert!(!text.contains("How it is checked"), "{}", code.file);
            assert!(
                text.len() < 3_000 && text.lines().count() < 60,
                "{}",
                code.file
            );
            assert!(
                code.whole().len() > text.len() + 20,
                "{} checks nothing",
                code.file
            );
        }
    }
}

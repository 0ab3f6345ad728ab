//! The documents: their links lead somewhere, their commands exist, and the README shows what the
//! command prints.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::{dualstack, root, stderr};

/// The README, the guide for contributors, and every page of `docs`.
fn documents() -> Vec<PathBuf> {
    let pages = fs::read_dir(root().join("docs")).unwrap();
    let pages = pages.map(|entry| entry.unwrap().path());
    let pages = pages.filter(|page| page.extension().is_some_and(|end| end == "md"));
    let others = ["README.md", "CONTRIBUTING.md"].map(|name| root().join(name));
    others.into_iter().chain(pages).collect()
}

/// The lines of a document outside and inside its fenced blocks, the latter with the block's
/// language.
fn lines(text: &str) -> impl Iterator<Item = (Option<&str>, &str)> {
    let mut fence = None;
    text.lines()
        .filter_map(move |line| match line.strip_prefix("```") {
            Some(language) => {
                fence = fence.is_none().then_some(language);
                None
            }
            None => Some((fence, line)),
        })
}

/// The targets of a line's links.
fn links(line: &str) -> Vec<&str> {
    let after = line.split("](").skip(1);
    after.filter_map(|rest| rest.split(')').next()).collect()
}

/// What a link to a part of a document can name: a heading, as GitHub writes it, or an anchor.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut anchors = BTreeSet::new();
    for (fence, line) in lines(text) {
        if fence.is_none() && line.starts_with('#') {
            let heading = line.trim_start_matches('#').trim().to_lowercase();
            let kept = |c: &char| c.is_alphanumeric() || "-_ ".contains(*c);
            anchors.insert(
                heading
                    .chars()
                    .filter(kept)
                    .collect::<String>()
                    .replace(' ', "-"),
            );
        }
        let named = line.split("<a id=\"").nth(1);
        anchors.extend(named.and_then(|rest| Some(rest.split('"').next()?.to_owned())));
    }
    anchors
}

#[test]
fn every_link_between_documents_leads_somewhere() {
    let mut followed = 0;
    for page in documents() {
        let text = fs::read_to_string(&page).unwrap();
        let outside = lines(&text).filter(|(fence, _)| fence.is_none());
        for link in outside.flat_map(|(_, line)| links(line)) {
            if link.contains("://") {
                continue;
            }
            let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = match path {
                "" => page.clone(),
                path => page.parent().unwrap().join(path),
            };
            let told = format!("{link} in {}", page.display());
            assert!(target.exists(), "{told}");
            if !anchor.is_empty() {
                let there = anchors(&fs::read_to_string(&target).unwrap());
                assert!(there.contains(anchor), "{told}: {there:?}");
            }
            followed += 1;
        }
    }
    assert!(followed > 60, "{followed}");
}

/// The commands of a line: itself in a block for the shell, and what is between backticks.
fn commands<'a>(fence: Option<&str>, line: &'a str) -> Vec<&'a str> {
    match fence {
        Some("sh") => vec![line],
        Some(_) => Vec::new(),
        None => line.split('`').skip(1).step_by(2).collect(),
    }
}

/// The arguments of a command in a document, without its comment and what the shell does.
fn arguments(line: &str) -> Option<Vec<String>> {
    let command = line.strip_prefix("dualstack ")?;
    let command = command.split(" #").next()?.split('>').next()?;
    let mut words = Vec::new();
    let mut quoted = None;
    let mut word = String::new();
    for c in command.chars().chain([' ']) {
        match (quoted, c) {
            (Some(quote), c) if c == quote => quoted = None,
            (None, '\'' | '"') => quoted = Some(c),
            (None, ' ') if word.is_empty() => {}
            (None, ' ') => words.push(std::mem::take(&mut word)),
            (_, c) => word.push(c),
        }
    }
    Some(words)
}

#[test]
fn every_command_in_the_documents_can_be_given() {
    let mut given = BTreeSet::new();
    for page in documents() {
        let text = fs::read_to_string(&page).unwrap();
        let commands = lines(&text).flat_map(|(fence, line)| commands(fence, line));
        for arguments in commands.filter_map(arguments) {
            // With --help the arguments are read, and nothing else is done.
            let mut asked: Vec<&str> = arguments.iter().map(String::as_str).collect();
            asked.retain(|word| *word != "COMMAND");
            // An option that is only named has no value.
            asked.extend(
                asked
                    .last()
                    .filter(|word| word.starts_with("--"))
                    .map(|_| "1"),
            );
            // What follows `--` is the user's own.
            let own = asked.iter().position(|word| *word == "--");
            asked.insert(own.unwrap_or(asked.len()), "--help");
            let output = dualstack(&asked, Path::new("."));
            let told = format!("{asked:?} in {}: {}", page.display(), stderr(&output));
            assert!(output.status.success(), "{told}");
            given.insert(arguments);
        }
    }
    assert!(given.len() > 30, "{given:?}");
}

#[test]
fn an_option_that_does_not_exist_is_noticed() {
    let output = dualstack(&["run", "--no-such-option", "--help"], Path::new("."));
    assert!(!output.status.success());
}

/// The blocks of output in the README.
#[cfg(target_os = "linux")]
fn shown() -> Vec<String> {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let blocks = readme.split("```text\n").skip(1);
    blocks
        .map(|rest| rest.split("```").next().unwrap().to_owned())
        .collect()
}

/// The output without what differs from machine to machine: the version and the time.
#[cfg(target_os = "linux")]
fn lasting(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let line = line.split(", in ").next().unwrap_or(line);
        let words: Vec<&str> = line.split_whitespace().collect();
        let is_version = |at: &usize| *at > 0 && words[at - 1] == "linux";
        let kept = (0..words.len()).filter(|at| !is_version(at));
        kept.map(|at| words[at]).collect::<Vec<_>>().join(" ")
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
#[cfg(target_os = "linux")]
fn the_readme_shows_what_the_command_prints() {
    if !crate::tutorial::has_ipv6_and_namespaces() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let blocks = shown();
    let commands: [&[&str]; 2] = [&[], &["mapped-peer/accept"]];
    assert_eq!(blocks.len(), commands.len());
    for (block, command) in blocks.iter().zip(commands) {
        let output = dualstack(command, folder.path());
        let printed = lasting(&crate::stdout(&output));
        let block = lasting(block);
        assert!(
            printed.contains(&block),
            "{block}\n\nis not in\n\n{printed}"
        );
    }
}

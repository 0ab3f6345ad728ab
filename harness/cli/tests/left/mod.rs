//! What a run can leave on a machine, checked without the lab.

mod engine;
mod processes;

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

pub(crate) use engine::{Bystander, ELSEWHERE, Engine};
pub(crate) use processes::{names_in, processes};

/// Things that all processes on the machine share and that a run could add to.
pub(crate) struct Surroundings {
    mounts: BTreeSet<String>,
    namespaces: BTreeSet<String>,
    rules: BTreeSet<String>,
}

impl Surroundings {
    pub(crate) fn now() -> Self {
        Self {
            mounts: mounts(),
            namespaces: names_in("/run/netns"),
            rules: ["iptables-save", "ip6tables-save"]
                .into_iter()
                .flat_map(rules)
                .collect(),
        }
    }

    /// What exists now and did not exist then.
    pub(crate) fn added(&self) -> Vec<String> {
        let now = Self::now();
        let mounts = now.mounts.difference(&self.mounts);
        let namespaces = now.namespaces.difference(&self.namespaces);
        let rules = now.rules.difference(&self.rules);
        mounts
            .map(|mount| format!("mount {mount}"))
            .chain(namespaces.map(|name| format!("network namespace {name}")))
            .chain(rules.map(|rule| format!("rule {rule}")))
            .collect()
    }
}

/// The mount points and what is mounted there (proc_pid_mountinfo(5)).
fn mounts() -> BTreeSet<String> {
    let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap();
    let mounts = mounts.lines().filter_map(|line| {
        let (mount, kind) = line.split_once(" - ")?;
        let point = mount.split(' ').nth(4)?;
        Some(format!("{point} ({kind})"))
    });
    mounts.collect()
}

/// The firewall rules, without their counters; none if they cannot be read.
fn rules(program: &str) -> Vec<String> {
    let Ok(output) = Command::new(program).output() else {
        return Vec::new();
    };
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let rules = said.lines().filter(|line| line.starts_with('-'));
    rules.map(|rule| format!("{program}: {rule}")).collect()
}

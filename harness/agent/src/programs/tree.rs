//! A process and everything that it has started.

use std::fs;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use sysinfo::{ProcessRefreshKind, ProcessStatus, ProcessesToUpdate, System};

/// The processes that descend from one, without that one. An orphan is a child of the
/// nearest ancestor that has called prctl(PR_SET_CHILD_SUBREAPER), so none is missed.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pids: Vec<i32>,
    /// The resident memory of all of them, in bytes. What several share is counted for
    /// each.
    pub(super) memory: u64,
}

/// A process that has not ended, its parent, and its resident memory in bytes.
type Process = (i32, i32, u64);

impl Tree {
    /// Those that have not ended, at a glance: the cost does not grow with the other processes
    /// of the machine, but one that starts or ends now may hide another from it
    /// (proc(5), /proc/PID/task/TID/children).
    pub(super) fn glance(root: i32) -> Self {
        let mut pids = vec![root];
        let mut at = 0;
        while let Some(pid) = pids.get(at) {
            let Some(children) = children(*pid) else {
                // The kernel was built without it, if it is not the process that is gone.
                return Self::of(root);
            };
            pids.extend(children);
            at += 1;
        }
        let some: Vec<_> = pids[1..]
            .iter()
            .filter_map(|pid| u32::try_from(*pid).ok())
            .map(sysinfo::Pid::from_u32)
            .collect();
        Self::among(root, &living(ProcessesToUpdate::Some(&some)))
    }

    /// Those that have not ended, found among all processes of the machine.
    pub(super) fn of(root: i32) -> Self {
        Self::among(root, &living(ProcessesToUpdate::All))
    }

    fn among(root: i32, all: &[Process]) -> Self {
        let mut tree = Self::default();
        let mut parents = vec![root];
        while let Some(parent) = parents.pop() {
            for (pid, of, memory) in all {
                if *of == parent {
                    tree.pids.push(*pid);
                    tree.memory += memory;
                    parents.push(*pid);
                }
            }
        }
        tree
    }

    pub(super) fn pids(&self) -> &[i32] {
        &self.pids
    }

    /// Stops all of them, so that they start nothing more, and then ends them.
    pub(super) fn kill(&self) {
        for signal in [Signal::SIGSTOP, Signal::SIGKILL] {
            for pid in &self.pids {
                _ = kill(Pid::from_raw(*pid), signal);
            }
        }
    }
}

/// The children of a process, by any of its threads; `None` if the system does not tell.
fn children(pid: i32) -> Option<Vec<i32>> {
    let mut all = Vec::new();
    for thread in fs::read_dir(format!("/proc/{pid}/task")).ok()? {
        let children = fs::read_to_string(thread.ok()?.path().join("children")).ok()?;
        let children = children.split_ascii_whitespace();
        all.extend(children.filter_map(|pid| pid.parse::<i32>().ok()));
    }
    Some(all)
}

fn living(which: ProcessesToUpdate<'_>) -> Vec<Process> {
    let mut system = System::new();
    let memory = ProcessRefreshKind::nothing().with_memory().without_tasks();
    system.refresh_processes_specifics(which, true, memory);
    let processes = system.processes().iter();
    processes
        .filter(|(_, process)| process.status() != ProcessStatus::Zombie)
        .filter_map(|(pid, process)| {
            let parent = process.parent()?;
            let number = |pid: sysinfo::Pid| i32::try_from(pid.as_u32()).ok();
            Some((number(*pid)?, number(parent)?, process.memory()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    #[test]
    fn a_glance_sees_what_a_long_look_sees() {
        let mut shell = Command::new("sh")
            .args(["-c", "sleep 60 & sleep 60 & (sleep 60; true) & echo; wait"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        // It has started all of them when it writes.
        let mut line = String::new();
        let output = shell.stdout.take().unwrap();
        std::io::BufRead::read_line(&mut std::io::BufReader::new(output), &mut line).unwrap();
        let root = i32::try_from(shell.id()).unwrap();
        let sorted = |tree: &Tree| {
            let mut pids = tree.pids().to_vec();
            pids.sort_unstable();
            pids
        };
        // The third one's own child may still be about to start.
        let (glance, tree) = loop {
            let (glance, tree) = (Tree::glance(root), Tree::of(root));
            if glance.pids().len() == 4 {
                break (glance, tree);
            }
        };
        assert_eq!(sorted(&glance), sorted(&tree));
        assert!(glance.memory > 0);
        tree.kill();
        shell.wait().unwrap();
        assert_eq!(Tree::glance(root).pids(), [0; 0]);
    }
}

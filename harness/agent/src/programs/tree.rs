//! A process and everything that it has started.

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

impl Tree {
    /// Those that have not ended.
    pub(super) fn of(root: i32) -> Self {
        let mut system = System::new();
        let memory = ProcessRefreshKind::nothing().with_memory().without_tasks();
        system.refresh_processes_specifics(ProcessesToUpdate::All, true, memory);
        let all: Vec<_> = system
            .processes()
            .iter()
            .filter(|(_, process)| process.status() != ProcessStatus::Zombie)
            .filter_map(|(pid, process)| {
                let parent = process.parent()?;
                let number = |pid: sysinfo::Pid| i32::try_from(pid.as_u32()).ok();
                Some((number(*pid)?, number(parent)?, process.memory()))
            })
            .collect();
        let mut tree = Self::default();
        let mut parents = vec![root];
        while let Some(parent) = parents.pop() {
            for (pid, of, memory) in &all {
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

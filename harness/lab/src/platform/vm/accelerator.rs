//! How QEMU runs a guest's instructions.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::sync::OnceLock;
use std::time::Duration;

use crate::platform::cache::cache;

/// How long a machine may take to start with KVM: ten times as long as it takes where KVM
/// works.
pub(super) const KVM_DEADLINE: Duration = Duration::from_secs(3);

/// The file in the cache with the result of a boot with KVM.
const FILE: &str = "kvm-tried";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Accelerator {
    /// The host's processor.
    Kvm,
    /// QEMU's own translator, which works everywhere.
    Tcg,
}

impl fmt::Display for Accelerator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Kvm => "kvm",
            Self::Tcg => "tcg",
        })
    }
}

/// KVM if a machine started with it. It is tried once for each boot of the host and each
/// QEMU: if KVM hangs, the trial takes [`KVM_DEADLINE`], and a host's KVM does not start
/// to work by itself.
pub(super) fn choose(qemu: &str, boots: impl Fn() -> bool) -> Accelerator {
    static CHOSEN: OnceLock<Accelerator> = OnceLock::new();
    *CHOSEN.get_or_init(|| {
        let device = OpenOptions::new().read(true).write(true).open("/dev/kvm");
        if device.is_err() {
            return Accelerator::Tcg;
        }
        recall(qemu).unwrap_or_else(|| {
            let accelerator = if boots() {
                Accelerator::Kvm
            } else {
                Accelerator::Tcg
            };
            remember(qemu, accelerator);
            accelerator
        })
    })
}

fn recall(qemu: &str) -> Option<Accelerator> {
    let text = fs::read_to_string(cache()?.join(FILE)).ok()?;
    [Accelerator::Kvm, Accelerator::Tcg]
        .into_iter()
        .find(|&accelerator| Some(&text) == line(qemu, accelerator).as_ref())
}

/// Without a cache it is tried again next time.
fn remember(qemu: &str, accelerator: Accelerator) {
    if let (Some(cache), Some(line)) = (cache(), line(qemu, accelerator)) {
        _ = fs::write(cache.join(FILE), line);
    }
}

/// proc_sys_kernel(5): boot_id is different after each boot of the host.
fn line(qemu: &str, accelerator: Accelerator) -> Option<String> {
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    Some(format!("{} {qemu}: {accelerator}\n", boot.trim()))
}

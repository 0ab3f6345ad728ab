//! Unix: uname(2), and the marks of a stack that stands in for Linux.

use dualstack_scenario::Environment;
use nix::sys::utsname::{UtsName, uname};

/// The build date that gVisor has shown in place of a kernel's since its
/// beginning (gVisor pkg/sentry/syscalls/linux/vfs2, `UtsName`).
const GVISOR_BUILD: &str = "Sun Jan 10 15:06:54 PST 2016";

/// The version that expectations are bounded by: the kernel's release on
/// Linux, whose stack is the kernel's; the system's own elsewhere.
pub(super) fn version(info: &os_info::Info) -> String {
    match uname() {
        Ok(uts) if cfg!(target_os = "linux") => uts.release().to_string_lossy().into_owned(),
        _ => info.version().to_string(),
    }
}

/// What `uname -srvm` prints.
pub(super) fn build(info: &os_info::Info) -> String {
    uname().map_or_else(|_| info.to_string(), |uts| fields(&uts).join(" "))
}

pub(super) fn environment() -> Option<Environment> {
    let uts = uname().ok()?;
    let [_, release, version, _] = fields(&uts);
    let gvisor = version.contains(GVISOR_BUILD) || release.contains("gvisor");
    // gVisor does not tell its version to the inside; who started it may know.
    gvisor.then(|| Environment {
        name: "gvisor".to_owned(),
        version: String::new(),
    })
}

fn fields(uts: &UtsName) -> [String; 4] {
    [uts.sysname(), uts.release(), uts.version(), uts.machine()]
        .map(|field| field.to_string_lossy().into_owned())
}

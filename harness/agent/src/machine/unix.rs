//! Unix: uname(2), and the signs of a stack that implements Linux's calls.

use dualstack_scenario::Environment;
use nix::sys::utsname::{UtsName, uname};

/// The build date that gVisor has always shown as a kernel's (gVisor
/// pkg/sentry/syscalls/linux/vfs2, `UtsName`).
const GVISOR_BUILD: &str = "Sun Jan 10 15:06:54 PST 2016";

/// The version that selectors compare: the kernel's release on Linux, whose stack is the
/// kernel's; the system's own version elsewhere.
pub(super) fn version() -> String {
    let kernel = || Some(uname().ok()?.release().to_string_lossy().into_owned());
    let version = if cfg!(target_os = "linux") {
        kernel()
    } else {
        sysinfo::System::os_version().or_else(kernel)
    };
    version.unwrap_or_default()
}

/// Name and version of the distribution, `Debian GNU/Linux 12`; of the system if there is
/// no /etc/os-release.
pub(super) fn edition() -> String {
    let name = if cfg!(target_os = "macos") {
        Some("macOS".to_owned()) // sysinfo calls it by its kernel, Darwin
    } else {
        sysinfo::System::name()
    };
    let told = [name, sysinfo::System::os_version()];
    match Vec::from_iter(told.into_iter().flatten()).join(" ") {
        nothing if nothing.is_empty() => uname()
            .map(|uts| uts.sysname().to_string_lossy().into_owned())
            .unwrap_or_default(),
        edition => edition,
    }
}

/// What `uname -srvm` prints, after the system's version if that is not the kernel's.
pub(super) fn build() -> String {
    let Ok(uts) = uname() else {
        return edition();
    };
    let kernel = fields(&uts).join(" ");
    if cfg!(target_os = "macos") {
        format!("{}, {kernel}", edition())
    } else {
        kernel
    }
}

pub(super) fn environment() -> Option<Environment> {
    let uts = uname().ok()?;
    let [_, release, version, _] = fields(&uts);
    let gvisor = version.contains(GVISOR_BUILD) || release.contains("gvisor");
    // gVisor does not show its version inside; whoever started it may know it.
    gvisor.then(|| Environment {
        name: "gvisor".to_owned(),
        version: String::new(),
    })
}

fn fields(uts: &UtsName) -> [String; 4] {
    [uts.sysname(), uts.release(), uts.version(), uts.machine()]
        .map(|field| field.to_string_lossy().into_owned())
}

//! Unix: uname(2), and the signs of a stack that implements Linux's calls.

use dualstack_scenario::Environment;
use nix::sys::utsname::{UtsName, uname};

/// The build date that gVisor has always shown as a kernel's (gVisor
/// pkg/sentry/syscalls/linux/vfs2, `UtsName`).
const GVISOR_BUILD: &str = "Sun Jan 10 15:06:54 PST 2016";

/// The version that selectors compare: the kernel's on Linux, whose stack is the kernel's;
/// the system's own version elsewhere.
pub(super) fn version() -> String {
    let kernel = || {
        let [_, release, version, _] = fields(&uname().ok()?);
        Some(stable(&release, &version).unwrap_or(release))
    };
    let version = if cfg!(target_os = "linux") {
        kernel()
    } else {
        sysinfo::System::os_version().or_else(kernel)
    };
    version.unwrap_or_default()
}

/// The stable version that a kernel of Debian is built from, where its release has 0 for the
/// last number: 6.1.176 for the release `6.1.0-50-amd64` and the version
/// `#1 SMP PREEMPT_DYNAMIC Debian 6.1.176-1 (2026-07-02)`.
fn stable(release: &str, version: &str) -> Option<String> {
    let (minor, _) = release.split_once(".0-")?;
    let (_, package) = version.split_once(" Debian ")?;
    let (stable, _) = package.split_once('-')?;
    let patch = stable.strip_prefix(minor)?.strip_prefix('.')?;
    let is_number = !patch.is_empty() && patch.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| stable.to_owned())
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

#[cfg(test)]
mod tests {
    use super::stable;

    use rstest::rstest;

    #[rstest]
    #[case(
        "6.1.0-50-cloud-amd64",
        "#1 SMP PREEMPT_DYNAMIC Debian 6.1.176-1 (2026-07-02)",
        Some("6.1.176")
    )]
    #[case(
        "5.10.0-32-cloud-amd64",
        "#1 SMP Debian 5.10.223-1 (2024-08-10)",
        Some("5.10.223")
    )]
    #[case(
        "6.12.117+deb13-cloud-amd64",
        "#1 SMP PREEMPT_DYNAMIC Debian 6.12.117-1 (2026-11-12)",
        None
    )]
    #[case(
        "6.8.0-45-generic",
        "#45-Ubuntu SMP PREEMPT_DYNAMIC Fri Aug 30 12:02:04 UTC 2024",
        None
    )]
    #[case("6.1.0-50-amd64", "#1 SMP Debian 6.1.x-1", None)]
    #[case("6.1.0-50-amd64", "#1 SMP Debian 6.10.3-1", None)]
    fn a_kernel_of_debian_has_the_version_it_is_built_from(
        #[case] release: &str,
        #[case] version: &str,
        #[case] from: Option<&str>,
    ) {
        assert_eq!(stable(release, version).as_deref(), from);
    }
}

//! Virtual machines: other kernels than the host's, and stacks that were booted with
//! other parameters.
//!
//! QEMU boots a kernel with only the agent as `/init`: no disk, no network except
//! loopback. The protocol uses a serial port. Requirements that are boot parameters (no
//! IPv6, IPv6 off, `bindv6only`) are set at boot; the agent sets up everything else
//! inside. Cases that need the same boot share it: each batch is a session with its own
//! agent.

mod accelerator;
mod boot;
mod console;
mod guest;
mod initramfs;
mod kernel;
mod kit;
mod qemu;

use std::process::{Command, Stdio};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use dualstack_agent::protocol::{Cannot, Machine};
use dualstack_scenario::Requires;

use crate::platform::unusable::Unusable;
use crate::platform::{Platform, trial};
use crate::run::allowance::Allowance;
use crate::run::broken::{Broken, NoStart};
use crate::run::link::Link;
use crate::run::session::{Session, Terms};
use accelerator::Accelerator;
use boot::Boot;
use guest::{Guest, Idle};
use initramfs::Initramfs;
pub use kernel::Kernel;
use kit::Kit;

/// The series of kernels that `dualstack setup vm` downloads.
const SERIES: [&str; 4] = ["5.10", "6.1", "6.12", "7.x"];

/// How long a machine that is only probed may take: the slowest kernel takes 1.2 s under
/// TCG on an idle core, and ten times as long on a busy machine.
const TRIAL: Terms = Terms {
    start: Duration::from_secs(30),
    case: Duration::from_secs(10),
    end: Duration::from_secs(5),
    until: None,
    allow_network: false,
    allow_programs: false,
};

/// A kernel in a virtual machine.
///
/// Booted machines are kept for cases that need the same boot. They end with this value,
/// or with the harness however that ends.
#[derive(Debug)]
pub struct Vm {
    name: String,
    kernel: Kernel,
    parameters: Vec<String>,
    kit: OnceLock<Result<Kit, Unusable>>,
    availability: OnceLock<Result<(), Unusable>>,
    idle: Arc<Idle>,
}

impl Vm {
    /// A machine that boots a kernel; `name` is the name of its column.
    pub fn new(name: &str, kernel: Kernel) -> Self {
        Self {
            name: name.to_owned(),
            kernel,
            parameters: Vec::new(),
            kit: OnceLock::new(),
            availability: OnceLock::new(),
            idle: Arc::default(),
        }
    }

    /// One for each kernel that `dualstack setup vm` downloads, whether or not it is
    /// cached: `vm-5.10`, `vm-6.1`, `vm-6.12` and `vm-7.x`.
    pub fn all() -> Vec<Self> {
        let vm = |series: &&str| Self::new(&format!("vm-{series}"), Kernel::cached(series));
        SERIES.iter().map(vm).collect()
    }

    /// Adds words to the kernel's command line, after all others.
    #[must_use]
    pub fn with_parameters(mut self, words: &[&str]) -> Self {
        self.parameters
            .extend(words.iter().map(|&word| word.to_owned()));
        self
    }

    fn try_out(&self) -> Result<(), Unusable> {
        let unusable = |why| {
            let fix = "read its console output; `dualstack setup vm --update` downloads another build \
                       of the kernel";
            Unusable::new(why, fix)
        };
        let link = self.boot(self.kit()?, Boot::default());
        let link = link.map_err(|broken| unusable(broken.what))?;
        trial::answers(link, TRIAL).map_err(|broken| unusable(with_console(&broken)))
    }

    /// Determined once.
    fn kit(&self) -> Result<&Kit, Unusable> {
        let find = || Kit::find(&self.kernel);
        self.kit.get_or_init(find).as_ref().map_err(Unusable::clone)
    }

    fn boot(&self, kit: &Kit, boot: Boot) -> Result<Link, Broken> {
        let mut words = boot.words();
        words.extend(self.parameters.iter().map(String::as_str));
        let command = qemu::command(kit, &words);
        let guest = Guest::start(command, boot).map_err(|error| {
            Broken::silent(format!("failed to start {}: {error}", qemu::PROGRAM))
        })?;
        Ok(guest.session(Arc::clone(&self.idle)))
    }
}

impl Platform for Vm {
    fn name(&self) -> &str {
        &self.name
    }

    /// Determined once, by a boot to the agent's first line; the booted machine is kept.
    fn availability(&self) -> Result<(), Unusable> {
        self.availability.get_or_init(|| self.try_out()).clone()
    }

    fn start(&self, requires: &Requires) -> Result<Link, NoStart> {
        let boot = Boot::new(requires);
        if let Some(guest) = self.idle.take(boot) {
            return Ok(guest.session(Arc::clone(&self.idle)));
        }
        Ok(self.boot(self.kit()?, boot)?)
    }

    fn rest(&self) {
        drop(self.idle.end());
    }

    fn means(&self, requires: &Requires) -> Vec<String> {
        let words = Boot::new(requires).words();
        let means = words
            .iter()
            .map(|word| format!("the kernel parameter {word}"));
        means.collect()
    }

    /// A kernel from an earlier release of the scripts may be missing modules.
    fn fix(&self, cannot: &Cannot) -> Option<String> {
        let module = cannot.module.as_ref()?;
        Some(format!(
            "`dualstack setup vm --update` downloads a kernel with the module {module}"
        ))
    }

    /// There is no distribution in the machine: the edition is its kernel.
    fn correct(&self, machine: &mut Machine) {
        if let Ok(kit) = self.kit() {
            let (package, accelerator) = (&kit.image.package, kit.accelerator);
            machine.edition = format!("{package} in QEMU ({accelerator})");
        }
    }
}

impl Kit {
    fn find(kernel: &Kernel) -> Result<Self, Unusable> {
        let image = kernel.image()?;
        let version = qemu_version()?;
        let initramfs = Initramfs::make(image.veth.as_slice())?;
        let slow = Self {
            image,
            initramfs: Arc::new(initramfs),
            accelerator: Accelerator::Tcg,
        };
        let accelerator = accelerator::choose(&version, || slow.with(Accelerator::Kvm).boots());
        Ok(slow.with(accelerator))
    }

    /// Whether a machine starts with it, within the time allowed for KVM.
    fn boots(&self) -> bool {
        let command = qemu::command(self, &[]);
        let terms = Terms {
            start: accelerator::KVM_DEADLINE,
            ..TRIAL
        };
        Guest::start(command, Boot::default())
            .map(|guest| guest.session(Arc::default()))
            .is_ok_and(|link| Session::start(link, terms, &Allowance::of(0)).is_ok())
    }
}

fn with_console(broken: &Broken) -> String {
    match broken.stderr.trim() {
        "" => format!("{broken}; its console is empty"),
        console => format!("{broken}; the end of its console:\n{console}"),
    }
}

/// The first line of `qemu-system-x86_64 --version`.
fn qemu_version() -> Result<String, Unusable> {
    let unusable = |why| {
        let fix = "apt-get install --no-install-recommends qemu-system-x86 (`dualstack setup vm`)";
        Unusable::new(why, fix)
    };
    if !cfg!(target_arch = "x86_64") {
        return Err(Unusable::new(
            "the kernels and the agent in the machine are x86_64's",
            "run this on an x86_64 machine",
        ));
    }
    let output = Command::new(qemu::PROGRAM)
        .arg("--version")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| unusable(format!("failed to start {}: {error}", qemu::PROGRAM)))?;
    let said = String::from_utf8_lossy(&output.stdout);
    match said.lines().next() {
        Some(version) if output.status.success() => Ok(version.to_owned()),
        _ => {
            let error = String::from_utf8_lossy(&output.stderr);
            let what = format!("{} does not start: {}", qemu::PROGRAM, error.trim());
            Err(unusable(what))
        }
    }
}

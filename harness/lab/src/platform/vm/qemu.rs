//! QEMU: its command line, and its process.

use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::Duration;

use nix::sys::prctl::set_pdeathsig;
use nix::sys::signal::Signal;
use nix::unistd::{Pid, getpid, getppid};
use wait_timeout::ChildExt;

use super::kit::Kit;
use crate::run::link::{BadEnd, Running, await_end};

pub(super) const PROGRAM: &str = "qemu-system-x86_64";

/// A machine with only two serial ports, a timer and interrupts. Without the last two a
/// kernel without ACPI finds no clock and hangs.
const MACHINE: [&str; 9] = [
    "-machine",
    "microvm,acpi=off,pit=on,pic=on,rtc=on,x-option-roms=off",
    "-no-user-config",
    "-nodefaults",
    "-display",
    "none",
    "-monitor",
    "none",
    // The agent restarts the machine at its end, and so does a kernel that panics.
    "-no-reboot",
];

/// The memory of a machine in addition to its initramfs, in MiB.
const MEMORY: usize = 256;

/// The console on standard error, the protocol on standard input and output. A
/// second `-serial` would be ignored (QEMU hw/i386/microvm.c takes the first).
const PORTS: [&str; 8] = [
    "-chardev",
    "file,id=console,path=/dev/stderr",
    "-serial",
    "chardev:console",
    "-chardev",
    "stdio,id=protocol,signal=off",
    "-device",
    "isa-serial,chardev=protocol,index=1",
];

/// The parameters of every kernel: to write problems to the console, to restart by a
/// triple fault when it panics, and to skip what takes time and has nothing to do with
/// sockets (calibration, self-tests, mitigations).
const PARAMETERS: &str = "console=ttyS0 loglevel=4 panic=-1 reboot=t nokaslr mitigations=off \
     tsc=reliable lpj=4000000 cryptomgr.notests audit=0 no_timer_check";

/// The arguments of the agent: accept one session after another.
const ARGUMENTS: &str = "-- --sessions";

/// A command that boots a machine; the words are added to the kernel's command line.
pub(super) fn command(kit: &Kit, words: &[&str]) -> Command {
    let words = [&[PARAMETERS], words, &[ARGUMENTS]].concat().join(" ");
    let mut command = Command::new(PROGRAM);
    command
        .args(MACHINE)
        .args(["-m", &(MEMORY + kit.initramfs.size()).to_string()])
        .args(PORTS)
        .args(["-accel", &kit.accelerator.to_string()])
        .arg("-kernel")
        .arg(&kit.image.path)
        .args(["-initrd", &kit.initramfs.path()])
        .args(["-append", &words]);
    command
}

/// A QEMU process. It ends when this is dropped, and when the harness ends in any way.
#[derive(Debug)]
pub(super) struct Qemu {
    child: Child,
    /// Releases the thread that started it.
    _starter: Sender<()>,
}

impl Qemu {
    /// Starts it with its standard streams as pipes.
    pub(super) fn spawn(
        mut command: Command,
    ) -> io::Result<(Self, ChildStdin, ChildStdout, ChildStderr)> {
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        end_with(&mut command, getpid());
        let (mut child, starter) = spawn_from_a_thread(command)?;
        let streams = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let qemu = Self {
            child,
            _starter: starter,
        };
        match streams {
            (Some(input), Some(output), Some(console)) => Ok((qemu, input, output, console)),
            _ => Err(io::Error::other("its standard streams are not pipes")),
        }
    }

    pub(super) fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }
}

impl Running for Qemu {
    fn wait(&mut self) -> Result<(), BadEnd> {
        await_end(&mut self.child, "QEMU")
    }

    fn linger(&mut self, grace: Duration) {
        _ = self.child.wait_timeout(grace);
    }

    fn kill(&mut self) -> Option<String> {
        let already = self.child.try_wait().ok().flatten();
        _ = self.child.kill();
        _ = self.child.wait();
        already.map(|status| format!("QEMU had ended with {status}"))
    }
}

impl Drop for Qemu {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Makes the kernel kill the process as soon as the thread that starts it has ended.
fn end_with(command: &mut Command, harness: Pid) {
    let arrange = move || {
        set_pdeathsig(Signal::SIGKILL)?;
        // The harness may have ended before this was set.
        if getppid() == harness {
            Ok(())
        } else {
            Err(io::ErrorKind::NotFound.into())
        }
    };
    // SAFETY: between fork and exec it makes two system calls and allocates nothing.
    unsafe {
        command.pre_exec(arrange);
    }
}

/// Starts a process from a thread that exists until the sender is dropped:
/// PR_SET_PDEATHSIG is about the thread that forks (prctl(2)), and the caller's thread
/// may end while the machine is still needed.
fn spawn_from_a_thread(mut command: Command) -> io::Result<(Child, Sender<()>)> {
    let (started, child) = channel();
    let (starter, end) = channel();
    thread::spawn(move || {
        _ = started.send(command.spawn());
        _ = end.recv();
    });
    let child = child.recv().map_err(io::Error::other)??;
    Ok((child, starter))
}

//! The agent as the first process of a virtual machine that holds nothing else:
//! a Linux kernel, this program as `/init`, `/dev/console` and a serial port.
//!
//! The port carries the [`protocol`](crate::protocol), spoken by a process that
//! `/init` starts for it, so that an agent that dies, or that has brought itself
//! into a state that it cannot leave again, takes no kernel with it. Everything
//! else that is said, panics included, goes to the console.
//!
//! Words on the kernel's command line after ` -- ` are this program's arguments:
//!
//! - `--port=/dev/ttyS1`: the serial port, `/dev/ttyS1` unless told.
//! - `--sessions`: rather than to restart the machine after the agent's last
//!   line, start another agent, with a hello of its own. Whoever started the
//!   machine ends it; an agent that dies restarts it all the same. What either
//!   side writes in a session is one deflate stream (RFC 1951), flushed after
//!   every line: it has an end of its own, which a serial line has not, and a
//!   tenth of the bytes, each of which takes QEMU some microseconds.
//!
//! The machine is *restarted* at the end because that is what a hypervisor can
//! be told to end at (QEMU's `-no-reboot`) without ACPI.
//!
//! A serial line has no flow control either: what is sent to a busy agent waits
//! in the kernel, which keeps 640 KiB (Linux drivers/tty/tty_buffer.c,
//! TTYB_DEFAULT_MEM_LIMIT) and drops what is beyond.

use std::convert::Infallible;
use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::process::{Command, Stdio};

use nix::libc::O_NOCTTY;
use nix::mount::{MsFlags, mount};
use nix::sys::reboot::{RebootMode, reboot};
use nix::sys::termios::{ControlFlags, SetArg, cfmakeraw, tcdrain, tcgetattr, tcsetattr};

use crate::conditions::raise_loopback;
use crate::protocol::COMMAND;
use crate::{Limits, deflate, serve};

/// Where a kernel expects its first process.
pub const PROGRAM: &str = "/init";

/// Where a machine has the modules of its kernel that it may come to need: each
/// is loaded when it is, because that takes longer than all else at a boot.
pub const MODULES: &str = "/dualstack-modules";

/// The argument that has the agent speak in deflate streams.
pub const DEFLATE: &str = "--deflate";

/// Whether a kernel started this process as its first. A container starts its
/// program as number 1 too, but not under that name.
pub fn is_init() -> bool {
    std::process::id() == 1
        && std::env::args_os()
            .next()
            .is_some_and(|name| name == PROGRAM)
}

/// Serves whoever is at the serial port, then restarts the machine. Why that did
/// not go well is said on the console.
pub fn init() -> io::Error {
    let arguments = Arguments::new(std::env::args().skip(1));
    if let Err(why) = serve_port(&arguments) {
        eprintln!("dualstack-agent: {why}");
    }
    // What is on its way to the console is still evidence.
    _ = tcdrain(io::stderr());
    let Err(errno): Result<Infallible, _> = reboot(RebootMode::RB_AUTOBOOT);
    errno.into()
}

/// What the kernel's command line says after ` -- `.
#[derive(Debug, PartialEq, Eq)]
struct Arguments {
    port: String,
    sessions: bool,
}

impl Arguments {
    /// Words that are not known are left alone: they may be the kernel's.
    fn new(words: impl Iterator<Item = String>) -> Self {
        let mut arguments = Self {
            port: "/dev/ttyS1".to_owned(),
            sessions: false,
        };
        for word in words {
            match word.strip_prefix("--port=") {
                Some(port) => arguments.port = port.to_owned(),
                None => arguments.sessions |= word == "--sessions",
            }
        }
        arguments
    }
}

fn serve_port(arguments: &Arguments) -> Result<(), String> {
    mount_kernel_files()?;
    raise_loopback()?;
    let port = open(&arguments.port)
        .map_err(|error| format!("failed to open {}: {error}", arguments.port))?;
    if arguments.sessions {
        loop {
            serve_session(&port, &[DEFLATE])?;
        }
    }
    serve_session(&port, &[])?;
    tcdrain(&port).map_err(|errno| format!("failed to drain {}: {errno}", arguments.port))
}

/// Mounts what the agent reads the kernel's settings from.
fn mount_kernel_files() -> Result<(), String> {
    for (kind, path) in [("proc", "/proc"), ("sysfs", "/sys")] {
        mount(
            None::<&str>,
            path,
            Some(kind),
            MsFlags::empty(),
            None::<&str>,
        )
        .map_err(|errno| format!("failed to mount {path}: {errno}"))?;
    }
    Ok(())
}

/// Opens a serial port that hands bytes on as they are: no echo, no lines, no
/// translation of their ends.
fn open(path: &str) -> io::Result<File> {
    let port = OpenOptions::new()
        .read(true)
        .write(true)
        .custom_flags(O_NOCTTY)
        .open(path)?;
    let mut settings = tcgetattr(&port)?;
    cfmakeraw(&mut settings);
    settings.control_flags |= ControlFlags::CLOCAL | ControlFlags::CREAD;
    tcsetattr(&port, SetArg::TCSANOW, &settings)?;
    Ok(port)
}

/// Has a process of its own speak the protocol until it ends.
fn serve_session(port: &File, arguments: &[&str]) -> Result<(), String> {
    let port = || port.try_clone().map(Stdio::from);
    let agent = |input: Stdio, output: Stdio| {
        let mut command = Command::new(PROGRAM);
        command
            .arg(COMMAND)
            .args(arguments)
            .stdin(input)
            .stdout(output)
            .status()
    };
    let ended = port()
        .and_then(|input| agent(input, port()?))
        .map_err(|error| format!("failed to start the agent: {error}"))?;
    if ended.success() {
        Ok(())
    } else {
        Err(format!("the agent ended with {ended}"))
    }
}

/// Speaks the protocol over standard input and output, each a deflate stream,
/// and takes in the harness's stream to its end.
///
/// # Errors
///
/// The harness cannot be talked to.
pub fn serve_deflated(limits: Limits) -> io::Result<()> {
    let mut input = BufReader::new(deflate::Reader::new(io::stdin().lock()));
    let mut output = deflate::writer(io::stdout().lock());
    serve(&mut input, &mut output, limits)?;
    output.finish()?.flush()?;
    io::copy(&mut input, &mut io::sink())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Arguments;
    use rstest::rstest;

    #[rstest]
    #[case(&[], "/dev/ttyS1", false)]
    #[case(&["--sessions"], "/dev/ttyS1", true)]
    #[case(&["splash", "--port=/dev/hvc0"], "/dev/hvc0", false)]
    fn words_that_are_not_known_are_left_alone(
        #[case] words: &[&str],
        #[case] port: &str,
        #[case] sessions: bool,
    ) {
        let arguments = Arguments::new(words.iter().map(|&word| word.to_owned()));
        let port = port.to_owned();
        assert_eq!(arguments, Arguments { port, sessions });
    }
}

//! The agent as the first process of a virtual machine that contains nothing else: a
//! Linux kernel, this program as `/init`, `/dev/console` and a serial port.
//!
//! The port carries the [`protocol`](crate::protocol). `/init` starts a separate process
//! for it, so that the kernel survives an agent that dies or that has changed its own
//! state for good. All other output, including panics, goes to the console.
//!
//! Words after ` -- ` on the kernel's command line are this program's arguments:
//!
//! - `--port=/dev/ttyS1`: the serial port; default: `/dev/ttyS1`.
//! - `--sessions`: do not restart the machine after the agent's last line, but start
//!   another agent, with its own hello. Whoever started the machine ends it; if an agent
//!   dies, it still restarts. Each side of a session writes one deflate stream (RFC
//!   1951), flushed after every line: it marks the end of the session, which a serial
//!   line cannot, and has a tenth of the bytes, each of which takes QEMU some
//!   microseconds.
//!
//! The machine is *restarted* at the end because a hypervisor can end on a restart
//! (QEMU's `-no-reboot`) without ACPI.
//!
//! A serial line has no flow control either: data for a busy agent waits in the kernel,
//! which buffers 640 KiB (Linux drivers/tty/tty_buffer.c, TTYB_DEFAULT_MEM_LIMIT) and
//! drops the rest.

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
use crate::{Limits, Rights, deflate, serve};

/// The path at which a kernel expects its first process.
pub const PROGRAM: &str = "/init";

/// The directory with the kernel modules that may be needed. Each is loaded only when it
/// is needed, because that takes longer than the rest of the boot.
pub const MODULES: &str = "/dualstack-modules";

/// The argument for an agent that speaks in deflate streams.
pub const DEFLATE: &str = "--deflate";

/// Whether a kernel started this process as its first. The program of a container is
/// number 1 too, but has another name.
pub fn is_init() -> bool {
    std::process::id() == 1
        && std::env::args_os()
            .next()
            .is_some_and(|name| name == PROGRAM)
}

/// Serves the serial port, then restarts the machine. Errors are written to the console.
pub fn init() -> io::Error {
    let arguments = Arguments::new(std::env::args().skip(1));
    if let Err(why) = serve_port(&arguments) {
        eprintln!("dualstack-agent: {why}");
    }
    // What is still on its way to the console is evidence too.
    _ = tcdrain(io::stderr());
    let Err(errno): Result<Infallible, _> = reboot(RebootMode::RB_AUTOBOOT);
    errno.into()
}

/// The arguments after ` -- ` on the kernel's command line.
#[derive(Debug, PartialEq, Eq)]
struct Arguments {
    port: String,
    sessions: bool,
}

impl Arguments {
    /// Unknown words are ignored: they may be for the kernel.
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

/// Mounts the file systems with the kernel's settings.
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

/// Opens a serial port that passes bytes unchanged: no echo, no line editing, no
/// conversion of line ends.
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

/// Starts a process that speaks the protocol, and waits until it ends.
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

/// Speaks the protocol over standard input and output, each a deflate stream, and reads
/// the harness's stream to its end.
///
/// # Errors
///
/// Reading from or writing to the harness fails.
pub fn serve_deflated(limits: Limits, rights: Rights) -> io::Result<()> {
    let mut input = BufReader::new(deflate::Reader::new(io::stdin().lock()));
    let mut output = deflate::writer(io::stdout().lock());
    serve(&mut input, &mut output, limits, rights)?;
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

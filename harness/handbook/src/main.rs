//! Checks the handbook's Rust code on the machine that it is started on, in each state that can
//! be set up there: with both protocols, and without one of them.
//!
//! ```text
//! dualstack-handbook             every state, each in a process of its own
//! dualstack-handbook --isolate   the same, each in a network namespace of its own
//! dualstack-handbook NAME        one state, in this process
//! ```
//!
//! Exit codes: 0, everything holds; 1, something does not, or no state could be set up.
//!
//! It is an agent too, so that every platform of the lab can start it: then it writes on
//! standard error what holds, before it speaks the agent's protocol.

mod checks;
mod place;

use std::env;
use std::io::{self, Write};
use std::process::{Command, ExitCode, Stdio};

use dualstack_agent::{establish, program};
use place::{CONDITIONS, Place};

const ISOLATE: &str = "--isolate";

/// The exit code for a state that is not supported.
const UNSUPPORTED: u8 = 2;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let isolate = arguments.iter().any(|word| word == ISOLATE);
    let named = arguments.iter().find(|word| !word.starts_with("--"));
    match named {
        _ if program::is_init() => program::main(),
        Some(name) if name == program::COMMAND => {
            _ = in_every_state(isolate, io::stderr());
            // A machine's console is slower than the port that the agent speaks over.
            #[cfg(target_os = "linux")]
            let _ = nix::sys::termios::tcdrain(io::stderr());
            program::main()
        }
        Some(name) => in_state(name, isolate),
        None => match in_every_state(isolate, io::stdout()) {
            Ok(true) => ExitCode::SUCCESS,
            Ok(false) => ExitCode::FAILURE,
            Err(error) => {
                eprintln!("dualstack-handbook: {error}");
                ExitCode::FAILURE
            }
        },
    }
}

/// Whether everything holds in every state that is supported, and there is one.
fn in_every_state(isolate: bool, mut out: impl Write) -> io::Result<bool> {
    let (mut held, mut failed) = (0, 0);
    for (name, _) in CONDITIONS {
        let mut command = Command::new(env::current_exe()?);
        command.arg(name).args(isolate.then_some(ISOLATE));
        // Standard output may be the agent's line to the harness.
        let ended = command
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .output()?;
        out.write_all(&ended.stdout)?;
        match ended.status.code() {
            Some(0) => held += 1,
            Some(code) if code == i32::from(UNSUPPORTED) => {}
            _ => failed += 1,
        }
    }
    writeln!(out, "handbook: {held} states hold, {failed} fail")?;
    out.flush()?;
    Ok(failed == 0 && held > 0)
}

/// Puts this process into a state, and checks the code there.
fn in_state(name: &str, isolate: bool) -> ExitCode {
    let Some((_, requires)) = CONDITIONS.iter().find(|(known, _)| *known == name) else {
        let names = CONDITIONS.map(|(name, _)| name).join(", ");
        eprintln!("dualstack-handbook: no state is called `{name}`; there are: {names}");
        return ExitCode::from(UNSUPPORTED);
    };
    if let Err(cannot) = establish(requires, isolate) {
        println!("handbook: {name}: not supported here: {}", cannot.why);
        return ExitCode::from(UNSUPPORTED);
    }
    let (holding, wrong) = checks::carry_out(Place::of(requires));
    for why in &wrong {
        println!("handbook: {name}: {why}");
    }
    println!("handbook: {name}: {holding} hold, {} fail", wrong.len());
    if wrong.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

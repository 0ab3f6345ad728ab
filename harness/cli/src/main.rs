//! `dualstack`: what dual-stack sockets do on this machine, with evidence.

use std::process::ExitCode;

use dualstack::command;
use dualstack_agent::program;

fn main() -> ExitCode {
    if program::is_init() {
        return program::main();
    }
    command::main()
}

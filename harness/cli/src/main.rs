//! `dualstack`: what dual-stack sockets do on this machine, with evidence.

use std::process::ExitCode;

use dualstack::command::Arguments;
use dualstack_agent::program;

fn main() -> ExitCode {
    if program::is_init() {
        return program::main();
    }
    Arguments::read().carry_out()
}

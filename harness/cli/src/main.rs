//! `dualstack`: what dual-stack sockets do on this machine, answer by answer.

use std::process::ExitCode;

use clap::Parser;
use dualstack::command::Arguments;

fn main() -> ExitCode {
    Arguments::parse().carry_out()
}

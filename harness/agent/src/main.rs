//! The agent as a separate program: it speaks the protocol over its standard input and
//! output, or as a virtual machine's `/init` over a serial port.

use std::process::ExitCode;

fn main() -> ExitCode {
    dualstack_agent::program::main()
}

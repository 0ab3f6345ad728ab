//! The agent's side of the protocol.

use std::io::{self, BufRead, Write};

use crate::protocol::{Hello, Reply, Request, VERSION, write_line};
use crate::{Limits, conditions, machine, run_on};

/// Answers the harness until it has nothing more to ask.
pub fn serve(input: impl BufRead, mut output: impl Write, limits: Limits) -> io::Result<()> {
    let hello = Hello {
        protocol: VERSION,
        agent: env!("CARGO_PKG_VERSION").to_owned(),
        machine: machine(),
    };
    write_line(&mut output, &Reply::Hello(hello))?;
    let mut cases = 0;
    let mut network = None;
    for line in input.lines() {
        let reply = match serde_json::from_str(&line?) {
            Ok(Request::Prepare {
                requires, hosts, ..
            }) if !hosts.is_empty() => match conditions::establish_hosts(&requires, &hosts) {
                Ok((ready, made)) => {
                    network = Some(made);
                    Reply::Ready(ready)
                }
                Err(cannot) => Reply::Cannot(cannot),
            },
            Ok(Request::Prepare {
                requires, isolate, ..
            }) => match conditions::establish(&requires, isolate) {
                Ok(ready) => Reply::Ready(ready),
                Err(cannot) => Reply::Cannot(cannot),
            },
            Ok(Request::Run { case, script }) => {
                cases += 1;
                Reply::Observed {
                    case,
                    observation: run_on(network.as_ref(), &script, limits),
                }
            }
            Ok(Request::End) => break,
            Err(error) => Reply::Refused {
                why: error.to_string(),
            },
        };
        write_line(&mut output, &reply)?;
    }
    write_line(&mut output, &Reply::Done { cases })
}

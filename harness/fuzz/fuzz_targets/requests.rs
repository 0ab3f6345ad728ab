//! The agent's side of the protocol: whatever lines come, the agent answers each one in
//! the protocol and ends well.
//!
//! Left out are lines that would change the state of this process (`prepare`) and calls
//! that bind, send or wait: what remains of a case opens, reads and closes sockets.
#![no_main]

use std::io::ErrorKind;

use dualstack_agent::protocol::{Reply, Request};
use dualstack_agent::{Limits, Rights, serve};
use dualstack_scenario::Script;
use dualstack_scenario::step::Call;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let lines = input.split_inclusive(|byte| *byte == b'\n');
    let quiet: Vec<u8> = lines
        .filter(|line| is_quiet(line))
        .flatten()
        .copied()
        .collect();
    let mut output = Vec::new();
    match serve(
        quiet.as_slice(),
        &mut output,
        Limits::default(),
        Rights::default(),
    ) {
        Ok(()) => ends_well(&output),
        Err(error) => assert_eq!(error.kind(), ErrorKind::InvalidData, "{error}"),
    }
});

fn ends_well(output: &[u8]) {
    let read = |line: &[u8]| serde_json::from_slice(line).expect("a line of the protocol");
    let replies: Vec<Reply> = output
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(read)
        .collect();
    assert!(matches!(replies.first(), Some(Reply::Hello(_))));
    assert!(matches!(replies.last(), Some(Reply::Done { .. })));
}

/// Whether a line may be carried out here. One that is not a request is refused.
fn is_quiet(line: &[u8]) -> bool {
    match serde_json::from_slice(line) {
        Ok(Request::Prepare { .. }) => false,
        Ok(Request::Run { script, .. } | Request::Begin { script, .. }) => {
            makes_no_traffic(&script)
        }
        Ok(Request::Step { .. } | Request::Finish | Request::End) | Err(_) => true,
    }
}

fn makes_no_traffic(script: &Script) -> bool {
    script.steps.iter().all(|step| match step.call {
        Call::Socket(_)
        | Call::Getsockopt(_)
        | Call::Getsockname(_)
        | Call::Getpeername(_)
        | Call::Shutdown(_)
        | Call::Close(_) => true,
        Call::Setsockopt(_)
        | Call::Bind(_)
        | Call::Listen(_)
        | Call::Connect(_)
        | Call::Accept(_)
        | Call::Send(_)
        | Call::Recv(_)
        | Call::Sendto(_)
        | Call::Recvfrom(_)
        | Call::Sendmsg(_)
        | Call::Recvmsg(_)
        | Call::Poll(_)
        | Call::Getaddrinfo(_)
        | Call::Start(_)
        | Call::Listening(_)
        | Call::Output(_)
        | Call::Sockets(_)
        | Call::Attempts(_)
        | Call::Kill(_)
        | Call::Wait(_) => false,
    })
}

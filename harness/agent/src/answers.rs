//! From the results of the sockets layer to the contents of an observation.

use dualstack_scenario as seen;
use dualstack_scenario::names::Scalar;
use dualstack_scenario::{Outcome, Returned};
use dualstack_sockets::{self as sockets, Error};

use crate::stop::Stop;

/// The contents of a step's record.
pub(crate) fn outcome(result: Result<Returned, Stop>) -> Outcome {
    match result {
        Ok(returned) => Outcome::Returned(returned),
        Err(Stop::Call(Error::Os(error))) => Outcome::Failed(failure(&error, None)),
        Err(Stop::Call(Error::TimedOut { after, .. })) => Outcome::TimedOut {
            after_ms: after.as_millis().try_into().unwrap_or(u64::MAX),
        },
        Err(Stop::Call(Error::Unavailable { what })) => Outcome::Unavailable {
            what: what.to_string(),
        },
        Err(Stop::Call(error @ Error::Mismatch { .. })) => Outcome::Unmade {
            why: error.to_string(),
        },
        Err(Stop::Delivered(received, error)) => Outcome::Failed(failure(&error, Some(&received))),
        Err(Stop::Exhausted(why)) => Outcome::Exhausted { why },
        Err(Stop::Unmade(why)) => Outcome::Unmade { why },
    }
}

fn failure(error: &sockets::OsError, delivered: Option<&sockets::Received>) -> seen::Failure {
    seen::Failure {
        name: error.name.to_string(),
        native: error.native.to_string(),
        code: error.code,
        delivered: delivered.map(|received| Box::new(whole(received))),
    }
}

/// Bytes received without control messages.
pub(crate) fn received(data: &[u8], from: Option<&sockets::RawSockaddr>) -> Returned {
    Returned::Received(Box::new(seen::Received {
        data: String::from_utf8_lossy(data).into_owned(),
        len: data.len(),
        from: from.map(sockets::RawSockaddr::decode),
        control: Vec::new(),
        flags: Vec::new(),
    }))
}

/// A datagram with everything received with it.
pub(crate) fn message(received: &sockets::Received) -> Returned {
    Returned::Received(Box::new(whole(received)))
}

fn whole(received: &sockets::Received) -> seen::Received {
    seen::Received {
        data: String::from_utf8_lossy(&received.data).into_owned(),
        len: received.data.len(),
        from: Some(received.from.decode()),
        control: received.control.clone(),
        flags: received
            .flags
            .names()
            .into_iter()
            .map(str::to_owned)
            .collect(),
    }
}

/// The list of `getaddrinfo`.
pub(crate) fn resolved(list: Vec<sockets::AddrInfo>) -> seen::Resolved {
    let canonname = list.first().and_then(|entry| entry.canonname.clone());
    let entry = |entry: sockets::AddrInfo| seen::ResolvedEntry {
        addr: entry.addr,
        r#type: Scalar::SocketType.named(entry.kind.into()).to_string(),
    };
    seen::Resolved {
        entries: list.into_iter().map(entry).collect(),
        canonname,
    }
}

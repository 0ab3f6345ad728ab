use std::io;

use socket2::{Domain, Socket, Type};

/// Whether the system has IPv4 at all; an error means another problem.
fn is_ipv4_there() -> io::Result<bool> {
    match Socket::new(Domain::IPV4, Type::DGRAM, None) {
        Ok(_) => Ok(true),
        Err(error) if is_family_unsupported(&error) => Ok(false),
        Err(error) => Err(error),
    }
}

fn is_family_unsupported(error: &io::Error) -> bool {
    const EAFNOSUPPORT: i32 = if cfg!(windows) {
        10047 // WSAEAFNOSUPPORT
    } else if cfg!(target_os = "linux") {
        97
    } else {
        47 // the BSDs and macOS
    };
    error.raw_os_error() == Some(EAFNOSUPPORT)
}

#[cfg(test)]
mod tests {
    use super::{is_family_unsupported, is_ipv4_there};
    use socket2::{Domain, Socket, Type};

    #[test]
    fn a_machine_with_loopback_has_ipv4() {
        let bound = std::net::UdpSocket::bind("127.0.0.1:0").is_ok();
        assert_eq!(is_ipv4_there().unwrap(), bound);
    }

    #[test]
    fn a_family_that_is_missing_is_told_from_other_errors() {
        const NO_SUCH_FAMILY: i32 = 12_345;
        let error = Socket::new(Domain::from(NO_SUCH_FAMILY), Type::DGRAM, None).unwrap_err();
        assert!(is_family_unsupported(&error), "{error}");
    }
}

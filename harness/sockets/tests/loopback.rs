//! Names, options and data between sockets on the loopback addresses.

mod common;

use std::net::{Ipv6Addr, SocketAddr};
use std::time::Duration;

use common::{bound, name, option, os_name, port};
use dualstack_sockets::names::{How, SocketType};
use dualstack_sockets::{Error, RawSockaddr, Socket, interface_index};
use rstest::rstest;

use SocketType::{Tcp4, Tcp6, Udp4, Udp6};

#[rstest]
#[case::ipv4(Tcp4, "0.0.0.0:0", Tcp4, "127.0.0.1", "127.0.0.1")]
#[case::ipv6(Tcp6, "[::]:0", Tcp6, "[::1]", "::1")]
#[case::ipv4_to_dual(Tcp6, "[::]:0", Tcp4, "127.0.0.1", "::ffff:127.0.0.1")]
#[case::mapped_to_dual(Tcp6, "[::]:0", Tcp6, "[::ffff:127.0.0.1]", "::ffff:127.0.0.1")]
#[case::mapped_to_ipv4(Tcp4, "0.0.0.0:0", Tcp6, "[::ffff:127.0.0.1]", "127.0.0.1")]
fn a_connection_with_names_at_both_ends(
    #[case] listening: SocketType,
    #[case] at: &str,
    #[case] connecting: SocketType,
    #[case] to: &str,
    #[case] peer: &str,
) {
    let listener = bound(listening, at);
    listener.listen(8).unwrap();
    let client = Socket::new(connecting).unwrap();
    if connecting == Tcp6 {
        client.set_option(option("IPV6_V6ONLY"), &0.into()).unwrap();
    }
    client
        .connect(&name(&format!("{to}:{}", port(&listener))))
        .unwrap();
    let (server, from) = listener.accept(RawSockaddr::CAPACITY).unwrap();

    let from = from.decode().socket_addr().unwrap();
    assert_eq!(from.ip(), peer.parse::<std::net::IpAddr>().unwrap());
    assert_eq!(from.port(), port(&client));
    assert_eq!(
        server
            .getpeername(RawSockaddr::CAPACITY)
            .unwrap()
            .decode()
            .socket_addr(),
        Some(from)
    );
    assert_eq!(port(&server), port(&listener));

    assert_eq!(client.send(b"ping"), Ok(4));
    assert_eq!(server.recv(2).unwrap(), b"pi");
    assert_eq!(server.recv(16).unwrap(), b"ng");
    client.shutdown(How::Write).unwrap();
    assert_eq!(server.recv(16).unwrap(), b"");
    assert_eq!(server.send(b"pong"), Ok(4));
    assert_eq!(client.recv(16).unwrap(), b"pong");
    client.close().unwrap();
    server.close().unwrap();
}

#[rstest]
#[case::ipv4(Udp4, "127.0.0.1:0", Udp4, "127.0.0.1", "127.0.0.1")]
#[case::ipv6(Udp6, "[::1]:0", Udp6, "[::1]", "::1")]
#[case::ipv4_to_dual(Udp6, "[::]:0", Udp4, "127.0.0.1", "::ffff:127.0.0.1")]
fn datagrams_and_their_senders(
    #[case] receiving: SocketType,
    #[case] at: &str,
    #[case] sending: SocketType,
    #[case] to: &str,
    #[case] from: &str,
) {
    let receiver = bound(receiving, at);
    let sender = Socket::new(sending).unwrap();
    let to = name(&format!("{to}:{}", port(&receiver)));
    assert_eq!(sender.send_to(b"first", &to), Ok(5));
    let (data, sent_from) = receiver.recv_from(64, RawSockaddr::CAPACITY).unwrap();
    let sent_from = sent_from.decode().socket_addr().unwrap();
    assert_eq!(data, b"first");
    assert_eq!(
        sent_from,
        SocketAddr::new(from.parse().unwrap(), port(&sender))
    );

    sender.connect(&to).unwrap();
    assert_eq!(sender.send(b""), Ok(0));
    assert_eq!(receiver.recv(64).unwrap(), b"");
    assert_eq!(sender.send_msg(None, b"third", &[]), Ok(5));
    assert_eq!(receiver.recv(64).unwrap(), b"third");
}

#[test]
fn the_systems_own_error_comes_back() {
    let refused = Socket::new(Tcp4).unwrap().connect(&name("127.0.0.1:1"));
    assert_eq!(os_name(refused), "ECONNREFUSED");
    let unconnected = Socket::new(Tcp6).unwrap().recv(1);
    assert_eq!(os_name(unconnected), "ENOTCONN");
    let first = bound(Tcp4, "127.0.0.1:0");
    let second = Socket::new(Tcp4).unwrap();
    assert_eq!(
        os_name(second.bind(&first.getsockname(128).unwrap())),
        "EADDRINUSE"
    );
}

#[rstest]
#[case(0)]
#[case(1)]
fn an_option_is_read_back(#[case] value: i32) {
    let socket = Socket::new(Tcp6).unwrap();
    socket
        .set_option(option("IPV6_V6ONLY"), &value.into())
        .unwrap();
    let read = socket.get_option(option("IPV6_V6ONLY")).unwrap();
    assert_eq!(read.value, value.into());
    assert!(matches!(read.len, 1 | 4), "{} bytes", read.len);
}

#[test]
fn an_option_that_the_system_lacks_is_unavailable() {
    let lacking = if cfg!(windows) {
        "SO_REUSEPORT"
    } else {
        "SO_EXCLUSIVEADDRUSE"
    };
    let socket = Socket::new(Tcp6).unwrap();
    let unavailable = Error::Unavailable {
        what: lacking.into(),
    };
    assert_eq!(
        socket.set_option(option(lacking), &1.into()),
        Err(unavailable.clone())
    );
    assert_eq!(socket.get_option(option(lacking)), Err(unavailable));
}

#[test]
fn an_accepted_socket_inherits_the_deadline() {
    let mut listener = bound(Tcp4, "127.0.0.1:0");
    listener.set_deadline(Duration::from_millis(1234));
    listener.listen(1).unwrap();
    let client = Socket::new(Tcp4).unwrap();
    client
        .connect(&listener.getsockname(RawSockaddr::CAPACITY).unwrap())
        .unwrap();
    let (server, _) = listener.accept(RawSockaddr::CAPACITY).unwrap();
    assert_eq!(server.deadline(), Duration::from_millis(1234));
}

#[test]
fn scopes_reach_the_system() {
    let socket = Socket::new(Udp6).unwrap();
    // No interface has this index.
    let link_local = SocketAddr::from((Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 1), 0));
    let SocketAddr::V6(mut link_local) = link_local else {
        unreachable!()
    };
    link_local.set_scope_id(0x7fff_fff0);
    let refused = socket.bind(&RawSockaddr::from(SocketAddr::V6(link_local)));
    assert!(matches!(refused, Err(Error::Os(_))), "{refused:?}");
}

#[cfg(not(target_os = "linux"))]
#[test]
fn no_such_interface() {
    assert!(interface_index("no-such-one").is_err());
}

#[cfg(target_os = "linux")]
mod linux {
    use dualstack_sockets::names::Sockaddr;

    use super::*;

    #[rstest]
    #[case::after_bind("[::1]:0", "EINVAL")]
    #[case::after_bind_to_any("[::]:0", "EINVAL")]
    fn v6only_cannot_be_changed_after_bind(#[case] at: &str, #[case] error: &str) {
        let socket = bound(Udp6, at);
        assert_eq!(
            os_name(socket.set_option(option("IPV6_V6ONLY"), &1.into())),
            error
        );
    }

    #[test]
    fn the_name_goes_to_the_system_as_it_is() {
        let dual = Socket::new(Udp6).unwrap();
        assert_eq!(os_name(dual.bind(&name("127.0.0.1:0"))), "EINVAL");
        assert_eq!(
            os_name(dual.bind(&name("[::1]:0").with_length(16))),
            "EINVAL"
        );
        assert_eq!(
            os_name(dual.bind(&name("[::1]:0").with_length(129))),
            "EINVAL"
        );
        // Without its scope: net/ipv6/af_inet6.c, inet6_bind() asks for SIN6_LEN_RFC2133.
        dual.bind(&name("[::1]:0").with_length(24)).unwrap();
        assert_eq!(dual.getsockname(128).unwrap().length(), 28);
    }

    #[test]
    fn a_stream_has_no_sender() {
        let listener = bound(Tcp6, "[::1]:0");
        listener.listen(1).unwrap();
        let client = Socket::new(Tcp6).unwrap();
        client
            .connect(&listener.getsockname(RawSockaddr::CAPACITY).unwrap())
            .unwrap();
        client.send(b"x").unwrap();
        let (server, _) = listener.accept(RawSockaddr::CAPACITY).unwrap();
        let (_, from) = server.recv_from(1, RawSockaddr::CAPACITY).unwrap();
        assert_eq!(from.decode(), Sockaddr::Empty);
    }

    #[test]
    fn interfaces_have_indices() {
        assert!(interface_index("lo").unwrap() > 0);
        assert_eq!(os_name(interface_index("no-such-one")), "ENODEV");
        assert_eq!(os_name(interface_index("l\0o")), "ENXIO");
    }

    #[test]
    fn v6only_is_no_option_of_an_ipv4_socket() {
        let socket = Socket::new(Udp4).unwrap();
        assert_eq!(
            os_name(socket.set_option(option("IPV6_V6ONLY"), &1.into())),
            "ENOPROTOOPT"
        );
    }

    #[rstest]
    #[case::whole(28, "[::1]:", "AF_INET6")]
    #[case::no_scope(24, "cut off after 24 bytes", "AF_INET6")]
    #[case::a_sockaddr_in(16, "cut off after 16 bytes", "AF_INET6")]
    #[case::family_only(2, "cut off after 2 bytes", "AF_INET6")]
    #[case::less(1, "cut off after 1 bytes", "none")]
    #[case::nothing(0, "cut off after 0 bytes", "none")]
    fn a_name_buffer_of_any_size(
        #[case] capacity: usize,
        #[case] says: &str,
        #[case] family: &str,
    ) {
        let listener = bound(Tcp6, "[::1]:0");
        listener.listen(1).unwrap();
        let client = Socket::new(Tcp6).unwrap();
        let to = listener.getsockname(RawSockaddr::CAPACITY).unwrap();
        client.connect(&to).unwrap();
        let (server, peer) = listener.accept(capacity).unwrap();
        let receiver = bound(Udp6, "[::1]:0");
        let sender = bound(Udp6, "[::1]:0");
        let to = receiver.getsockname(RawSockaddr::CAPACITY).unwrap();
        sender.send_to(b"1", &to).unwrap();
        sender.send_to(b"2", &to).unwrap();

        let names = [
            peer,
            server.getpeername(capacity).unwrap(),
            server.getsockname(capacity).unwrap(),
            receiver.recv_from(1, capacity).unwrap().1,
        ];
        for name in names {
            assert_eq!((name.length(), name.capacity()), (28, capacity));
            assert!(name.to_string().starts_with(says), "{name}");
            assert_eq!(name.decode().family(), family);
        }
        // Without a buffer for the name at all, there is no length to report.
        let name = receiver.recv_msg(1, 0, capacity).unwrap().from;
        assert_eq!(
            (name.length(), name.capacity()),
            (if capacity == 0 { 0 } else { 28 }, capacity)
        );
    }
}

//! Control messages through real sockets.

mod common;

use SocketType::{Udp4, Udp6};
use common::{bound, name, option, port};
#[cfg(unix)]
use dualstack_sockets::names::ControlValue;
use dualstack_sockets::names::{ControlKind, ControlMessage, SocketType};
use dualstack_sockets::{RawSockaddr, Received, Socket, space_for};

#[cfg(unix)]
fn known(kind: ControlKind, value: ControlValue) -> ControlMessage {
    ControlMessage::Known { kind, value }
}

fn ifindex(message: &ControlMessage) -> Option<u32> {
    message.value()?.interface()
}

/// Sends one datagram from `sender` to `to`, and receives it with a control buffer of
/// this size.
fn exchange(
    receiver: &Socket,
    control_capacity: usize,
    sender: &Socket,
    to: &str,
    control: &[ControlMessage],
) -> Received {
    let to = name(&format!("{to}:{}", port(receiver)));
    assert_eq!(sender.send_msg(Some(&to), b"ping", control), Ok(4));
    let received = receiver
        .recv_msg(64, control_capacity, RawSockaddr::CAPACITY)
        .unwrap();
    assert_eq!(received.data, b"ping");
    assert_eq!(received.from.decode().port(), Some(port(sender)));
    received
}

/// A receiver with these options for control messages.
fn receiver(kind: SocketType, at: &str, asks: &[&str]) -> Socket {
    let socket = bound(kind, at);
    for ask in asks {
        socket.set_option(option(ask), &1.into()).unwrap();
    }
    socket
}

fn texts(received: &Received) -> Vec<String> {
    received
        .control
        .iter()
        .map(ControlMessage::to_string)
        .collect()
}

#[test]
fn the_destination_of_an_ipv6_datagram() {
    let receiver = receiver(Udp6, "[::]:0", &["IPV6_RECVPKTINFO"]);
    let sender = bound(Udp6, "[::1]:0");
    let room = space_for(&[ControlKind::IPV6_PKTINFO]).unwrap();
    let received = exchange(&receiver, room, &sender, "[::1]", &[]);
    assert_eq!(texts(&received), ["IPV6_PKTINFO ::1"]);
    assert_eq!(received.flags.to_string(), "none");
    assert_eq!(received.error, None);
    assert!(ifindex(&received.control[0]) > Some(0));
}

#[test]
fn the_destination_of_an_ipv4_datagram() {
    let has_pktinfo = option("IP_PKTINFO").number.is_some();
    let ask = if has_pktinfo {
        "IP_PKTINFO"
    } else {
        "IP_RECVDSTADDR"
    };
    let receiver = receiver(Udp4, "0.0.0.0:0", &[ask]);
    let sender = bound(Udp4, "127.0.0.1:0");
    let received = exchange(&receiver, 256, &sender, "127.0.0.1", &[]);
    assert_eq!(texts(&received), [format!("{ask} 127.0.0.1")]);
    if has_pktinfo {
        assert!(ifindex(&received.control[0]) > Some(0));
    }
}

/// Wine 8 delivers neither of them.
#[cfg(unix)]
#[test]
fn values_travel_from_end_to_end() {
    let receiver = receiver(Udp6, "[::1]:0", &["IPV6_RECVTCLASS", "IPV6_RECVHOPLIMIT"]);
    let sender = bound(Udp6, "[::1]:0");
    let sent = [
        known(ControlKind::IPV6_TCLASS, ControlValue::Number(0x2e << 2)),
        known(ControlKind::IPV6_HOPLIMIT, ControlValue::Number(7)),
    ];
    let received = exchange(&receiver, 256, &sender, "[::1]", &sent);
    assert_eq!(received.control.len(), 2, "{:?}", received.control);
    for message in sent {
        assert!(
            received.control.contains(&message),
            "{:?}",
            received.control
        );
    }
}

#[test]
fn a_datagram_longer_than_its_buffer() {
    let receiver = bound(Udp6, "[::1]:0");
    let sender = bound(Udp6, "[::1]:0");
    let to = receiver.getsockname(RawSockaddr::CAPACITY).unwrap();
    sender.send_to(b"a long one", &to).unwrap();
    let received = receiver.recv_msg(6, 0, RawSockaddr::CAPACITY).unwrap();
    assert_eq!(received.data, b"a long");
    // Wine 8 sets no flag.
    assert!(
        cfg!(windows) || received.flags.is_data_truncated(),
        "{}",
        received.flags
    );
    assert_eq!(
        received.error.map(|e| e.name),
        cfg!(windows).then_some("EMSGSIZE".into())
    );
}

#[cfg(windows)]
#[test]
fn windows_delivers_and_fails_at_once() {
    let receiver = receiver(Udp6, "[::1]:0", &["IPV6_RECVPKTINFO"]);
    let sender = bound(Udp6, "[::1]:0");
    let to = receiver.getsockname(RawSockaddr::CAPACITY).unwrap();
    sender.send_to(b"ping", &to).unwrap();
    let received = receiver.recv_msg(64, 1, RawSockaddr::CAPACITY).unwrap();
    assert_eq!(received.flags.to_string(), "MSG_CTRUNC");
    assert_eq!(received.error.unwrap().native, "WSAEMSGSIZE");
    // Wine 8 does not report how many bytes it delivered.
    assert!(b"ping".starts_with(&received.data));
    assert_eq!(received.from.decode().port(), Some(port(&sender)));
}

#[cfg(target_os = "linux")]
mod linux {
    use std::net::Ipv4Addr;

    use rstest::rstest;

    use super::*;
    use common::os_name;

    #[rstest]
    #[case::v6(&["IPV6_RECVPKTINFO"], &["IPV6_PKTINFO ::ffff:127.0.0.1"])]
    #[case::v4(&["IP_PKTINFO"], &["IP_PKTINFO 127.0.0.1"])]
    #[case::both(
        &["IP_PKTINFO", "IPV6_RECVPKTINFO"],
        &["IPV6_PKTINFO ::ffff:127.0.0.1", "IP_PKTINFO 127.0.0.1"]
    )]
    #[case::ttl_in_four_bytes(&["IP_RECVTTL"], &["IP_TTL 33"])]
    #[case::tos_in_one_byte(&["IP_RECVTOS"], &["IP_TOS 184"])]
    #[case::original(&["IP_RECVORIGDSTADDR"], &["IP_ORIGDSTADDR 127.0.0.1"])]
    fn an_ipv4_datagram_on_a_dual_stack_socket(#[case] asks: &[&str], #[case] says: &[&str]) {
        let receiver = receiver(Udp6, "[::]:0", asks);
        let sender = bound(Udp4, "127.0.0.1:0");
        sender.set_option(option("IP_TTL"), &33.into()).unwrap();
        let sent = [known(ControlKind::IP_TOS, ControlValue::Number(184))];
        assert_eq!(
            texts(&exchange(&receiver, 256, &sender, "127.0.0.1", &sent)),
            says
        );
    }

    #[test]
    fn the_original_destination_has_its_port() {
        let receiver = receiver(Udp6, "[::1]:0", &["IPV6_RECVORIGDSTADDR"]);
        let sender = bound(Udp6, "[::1]:0");
        let received = exchange(&receiver, 256, &sender, "[::1]", &[]);
        let addr = (std::net::Ipv6Addr::LOCALHOST, port(&receiver)).into();
        let kind = ControlKind::IPV6_ORIGDSTADDR;
        assert_eq!(
            received.control,
            [known(kind, ControlValue::Sockaddr { addr })]
        );
    }

    #[rstest]
    #[case::spec_dst(known(ControlKind::IP_PKTINFO, ControlValue::InPktinfo {
        ifindex: 0,
        spec_dst: Some(Ipv4Addr::new(127, 0, 0, 2)),
        addr: Ipv4Addr::new(127, 0, 0, 3),
    }))]
    #[case::mapped(known(ControlKind::IPV6_PKTINFO, ControlValue::In6Pktinfo {
        ifindex: 0,
        addr: Ipv4Addr::new(127, 0, 0, 2).to_ipv6_mapped(),
    }))]
    fn the_source_is_chosen(#[case] source: ControlMessage) {
        let receiver = bound(Udp4, "127.0.0.1:0");
        let sender = bound(Udp6, "[::]:0");
        let received = exchange(&receiver, 0, &sender, "[::ffff:127.0.0.1]", &[source]);
        assert!(
            received.from.to_string().starts_with("127.0.0.2:"),
            "{}",
            received.from
        );
    }

    #[test]
    fn a_message_that_the_system_does_not_know() {
        let receiver = bound(Udp6, "[::1]:0");
        let sender = bound(Udp6, "[::1]:0");
        let to = receiver.getsockname(RawSockaddr::CAPACITY).unwrap();
        let nonsense = ControlMessage::Other {
            level: 41,
            kind: 999,
            data: vec![1],
        };
        // net/ipv6/datagram.c, ip6_datagram_send_ctl().
        assert_eq!(
            os_name(sender.send_msg(Some(&to), b"", &[nonsense])),
            "EINVAL"
        );
    }

    /// net/core/scm.c, put_cmsg().
    #[rstest]
    #[case::padding_not_needed(36, "none", Some(20))]
    #[case::one_byte_less(35, "MSG_CTRUNC", Some(19))]
    #[case::only_the_header(16, "MSG_CTRUNC", Some(0))]
    #[case::less_than_the_header(15, "MSG_CTRUNC", None)]
    #[case::nothing(0, "MSG_CTRUNC", None)]
    #[cfg(target_pointer_width = "64")]
    fn too_little_room(#[case] room: usize, #[case] flags: &str, #[case] bytes: Option<usize>) {
        let receiver = receiver(Udp6, "[::1]:0", &["IPV6_RECVPKTINFO"]);
        let sender = bound(Udp6, "[::1]:0");
        let received = exchange(&receiver, room, &sender, "[::1]", &[]);
        assert_eq!(received.flags.to_string(), flags);
        assert_eq!(received.flags.is_control_truncated(), flags == "MSG_CTRUNC");
        let lengths = received.control.first().map(|message| match message {
            ControlMessage::Known {
                kind: ControlKind::IPV6_PKTINFO,
                ..
            } => 20,
            ControlMessage::Other {
                level: 41,
                kind: 50,
                data,
            } => data.len(),
            other => panic!("{other:?}"),
        });
        assert_eq!((lengths, received.error), (bytes, None));
    }

    #[test]
    fn room_for_one_of_two() {
        let receiver = receiver(Udp6, "[::]:0", &["IPV6_RECVPKTINFO", "IP_PKTINFO"]);
        let sender = bound(Udp4, "127.0.0.1:0");
        let room = space_for(&[ControlKind::IPV6_PKTINFO]).unwrap();
        let received = exchange(&receiver, room, &sender, "127.0.0.1", &[]);
        assert_eq!(texts(&received), ["IPV6_PKTINFO ::ffff:127.0.0.1"]);
        assert!(received.flags.is_control_truncated());
    }
}

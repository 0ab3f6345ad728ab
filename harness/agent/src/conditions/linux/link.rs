//! Interfaces and the link between two network namespaces, by rtnetlink(7).

use std::fs::File;
use std::net::{IpAddr, Ipv4Addr};
use std::os::fd::{AsRawFd, OwnedFd};

use netlink_packet_core::{
    NLM_F_ACK, NLM_F_CREATE, NLM_F_EXCL, NLM_F_REPLACE, NLM_F_REQUEST, NetlinkMessage,
    NetlinkPayload,
};
use netlink_packet_route::address::{AddressAttribute, AddressHeaderFlags, AddressMessage};
use netlink_packet_route::link::{
    AfSpecInet6, AfSpecUnspec, In6AddrGenMode, InfoData, InfoKind, InfoVeth, LinkAttribute,
    LinkFlags, LinkInfo, LinkMessage, State,
};
use netlink_packet_route::neighbour::{
    NeighbourAddress, NeighbourAttribute, NeighbourMessage, NeighbourState,
};
use netlink_packet_route::{AddressFamily, RouteNetlinkMessage};
use nix::sys::socket::sockopt::ReceiveTimeout;
use nix::sys::socket::{
    AddressFamily as Family, MsgFlags, NetlinkAddr, SockFlag, SockProtocol, SockType, bind, recv,
    send, setsockopt, socket,
};
use nix::sys::time::TimeVal;

use super::failed;

/// The name of the interface at either end.
const NAME: &str = "link";
/// RTMGRP_LINK, the group for changes of interfaces (rtnetlink(7)).
const LINKS: u32 = 1;
/// How long to wait for a message from the kernel, in seconds.
const PATIENCE: i64 = 5;

/// The interfaces at both ends by index; the remote one is in another namespace.
pub(super) struct Ends<'a> {
    pub(super) here: u32,
    pub(super) there: u32,
    pub(super) namespace: &'a File,
}

/// A netlink socket to the kernel, for the namespace that the thread is in.
pub(super) struct Netlink(OwnedFd);

impl Netlink {
    pub(super) fn open() -> Result<Self, String> {
        Self::hearing(0)
    }

    /// One that also gets the messages to these groups.
    pub(super) fn hearing(groups: u32) -> Result<Self, String> {
        let open = || {
            let flags = SockFlag::SOCK_CLOEXEC;
            let protocol = SockProtocol::NetlinkRoute;
            let socket = socket(Family::Netlink, SockType::Raw, flags, protocol)?;
            setsockopt(&socket, ReceiveTimeout, &TimeVal::new(PATIENCE, 0))?;
            bind(socket.as_raw_fd(), &NetlinkAddr::new(0, groups))?;
            Ok(socket)
        };
        open()
            .map(Self)
            .map_err(|errno: nix::Error| failed("open a netlink socket", &errno.into()))
    }

    /// Makes a veth pair with both ends down.
    pub(super) fn add_link(&mut self, ends: &Ends<'_>) -> Result<(), String> {
        let mut far = interface(ends.there);
        let namespace = LinkAttribute::NetNsFd(ends.namespace.as_raw_fd());
        far.attributes.push(namespace);
        let mut near = interface(ends.here);
        near.attributes.push(LinkAttribute::LinkInfo(vec![
            LinkInfo::Kind(InfoKind::Veth),
            LinkInfo::Data(InfoData::Veth(InfoVeth::Peer(far))),
        ]));
        let created = RouteNetlinkMessage::NewLink(near);
        self.request("make a veth pair", created, NLM_F_CREATE | NLM_F_EXCL)
    }

    /// Brings an interface up.
    pub(super) fn raise(&mut self, index: u32) -> Result<(), String> {
        let mut message = LinkMessage::default();
        message.header.index = index;
        message.header.flags = LinkFlags::Up;
        message.header.change_mask = LinkFlags::Up;
        let up = RouteNetlinkMessage::SetLink(message);
        self.request(&format!("bring interface {index} up"), up, 0)
    }

    /// Brings an interface down, which removes its IPv6 addresses and its routes, and
    /// stops it from making link-local addresses.
    pub(super) fn lower(&mut self, index: u32) -> Result<(), String> {
        let mut message = LinkMessage::default();
        message.header.index = index;
        message.header.change_mask = LinkFlags::Up;
        let no_address = AfSpecInet6::AddrGenMode(In6AddrGenMode::None);
        message.attributes = vec![LinkAttribute::AfSpecUnspec(vec![AfSpecUnspec::Inet6(
            vec![no_address],
        )])];
        let down = RouteNetlinkMessage::SetLink(message);
        self.request(&format!("bring interface {index} down"), down, 0)
    }

    /// Gives an interface an address that can be used at once: no one else is on the
    /// link, so no duplicate address detection is needed.
    pub(super) fn add_address(
        &mut self,
        index: u32,
        address: IpAddr,
        prefix: u8,
    ) -> Result<(), String> {
        let mut message = AddressMessage::default();
        message.header.index = index;
        message.header.prefix_len = prefix;
        message.header.family = if address.is_ipv4() {
            AddressFamily::Inet
        } else {
            message.header.flags = AddressHeaderFlags::Nodad;
            AddressFamily::Inet6
        };
        message.attributes = vec![
            AddressAttribute::Local(address),
            AddressAttribute::Address(address),
        ];
        let added = RouteNetlinkMessage::NewAddress(message);
        let what = format!("give {address} to interface {index}");
        self.request(&what, added, NLM_F_CREATE | NLM_F_EXCL)
    }

    /// Says for good which Ethernet address a neighbour has.
    pub(super) fn add_neighbour(
        &mut self,
        index: u32,
        address: IpAddr,
        ethernet: &[u8; 6],
    ) -> Result<(), String> {
        let mut message = NeighbourMessage::default();
        message.header.ifindex = index;
        message.header.state = NeighbourState::Permanent;
        let (family, destination) = match address {
            IpAddr::V4(ip) => (AddressFamily::Inet, NeighbourAddress::Inet(ip)),
            IpAddr::V6(ip) => (AddressFamily::Inet6, NeighbourAddress::Inet6(ip)),
        };
        message.header.family = family;
        message.attributes = vec![
            NeighbourAttribute::Destination(destination),
            NeighbourAttribute::LinkLayerAddress(ethernet.to_vec()),
        ];
        let added = RouteNetlinkMessage::NewNeighbour(message);
        let what = format!("make {address} a neighbour on interface {index}");
        self.request(&what, added, NLM_F_CREATE | NLM_F_REPLACE)
    }

    /// Removes an IPv4 address from an interface.
    pub(super) fn remove_address(&mut self, index: u32, address: Ipv4Addr) -> Result<(), String> {
        let mut message = AddressMessage::default();
        message.header.index = index;
        message.header.family = AddressFamily::Inet;
        message.attributes = vec![AddressAttribute::Local(address.into())];
        let removed = RouteNetlinkMessage::DelAddress(message);
        let what = format!("take {address} from interface {index}");
        self.request(&what, removed, 0)
    }

    /// Sends a request and waits until it is done.
    fn request(
        &mut self,
        what: &str,
        message: RouteNetlinkMessage,
        flags: u16,
    ) -> Result<(), String> {
        let mut message = NetlinkMessage::from(message);
        message.header.flags = NLM_F_REQUEST | NLM_F_ACK | flags;
        message.finalize();
        let mut bytes = vec![0; message.buffer_len()];
        message.serialize(&mut bytes);
        send(self.0.as_raw_fd(), &bytes, MsgFlags::empty())
            .map_err(|errno| failed(what, &errno.into()))?;
        for reply in self.receive(what)? {
            if let NetlinkPayload::Error(error) = reply.payload {
                return match error.code {
                    None => Ok(()),
                    Some(_) => Err(failed(what, &error.to_io())),
                };
            }
        }
        Err(format!("failed to {what}: the kernel reported no result"))
    }

    /// The next messages from the kernel, one or more.
    pub(super) fn receive(
        &self,
        what: &str,
    ) -> Result<Vec<NetlinkMessage<RouteNetlinkMessage>>, String> {
        let mut buffer = vec![0; 32 * 1024];
        let length = recv(self.0.as_raw_fd(), &mut buffer, MsgFlags::empty())
            .map_err(|errno| failed(what, &errno.into()))?;
        let mut rest = &buffer[..length];
        let mut messages = Vec::new();
        while !rest.is_empty() {
            let message = NetlinkMessage::deserialize(rest)
                .map_err(|error| format!("failed to {what}: {error}"))?;
            let length = usize::try_from(message.header.length).unwrap_or(usize::MAX);
            rest = rest.get(length.next_multiple_of(4)..).unwrap_or_default();
            messages.push(message);
        }
        Ok(messages)
    }
}

/// Waits for an interface to come up. The kernel brings it up some time after the call
/// that asks for it (Linux net/core/link_watch.c, linkwatch_do_dev()): until its state is
/// "up" it drops what is sent, whatever its flags are.
pub(super) struct Watch {
    netlink: Netlink,
    index: u32,
}

impl Watch {
    /// Starts to listen.
    pub(super) fn open(index: u32) -> Result<Self, String> {
        let netlink = Netlink::hearing(LINKS)?;
        Ok(Self { netlink, index })
    }

    /// Waits until the interface is up.
    pub(super) fn until_up(self) -> Result<(), String> {
        loop {
            let messages = self.netlink.receive("see the link come up")?;
            if messages.iter().any(|message| self.is_up(message)) {
                return Ok(());
            }
        }
    }

    fn is_up(&self, message: &NetlinkMessage<RouteNetlinkMessage>) -> bool {
        let NetlinkPayload::InnerMessage(RouteNetlinkMessage::NewLink(link)) = &message.payload
        else {
            return false;
        };
        let up = LinkAttribute::OperState(State::Up);
        link.header.index == self.index && link.attributes.contains(&up)
    }
}

fn interface(index: u32) -> LinkMessage {
    let mut message = LinkMessage::default();
    message.header.index = index;
    message
        .attributes
        .push(LinkAttribute::IfName(NAME.to_owned()));
    message
}

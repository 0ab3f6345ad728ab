//! What a case has in hand while it runs: its open sockets and its values.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, SocketAddrV6};

use dualstack_scenario::{
    Address, ControlKind, ControlText, ControlValue, Endpoint, HostFacts, Outcome, Record,
    Reference, Scope, Script, Size, Sockaddr, Template, Value, goes_on, join, parse_host, step,
};
use dualstack_sockets::{ControlMessage, Error, Name, Socket, interface_index};

use crate::Limits;
use crate::act::Act;
use crate::answers;
use crate::conditions::Network;

/// Why a call brought no success.
pub(crate) enum Stop {
    /// The call was made, or at least tried.
    Call(Error),
    /// Windows fails a receive and delivers all the same.
    Delivered(Box<dualstack_sockets::Received>, dualstack_sockets::OsError),
    /// A value that the call needs has not come back.
    Unmade(String),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}

/// Where the hosts of a case are.
#[derive(Clone, Copy)]
pub(crate) enum Hosts<'a> {
    /// The process is one host, and none has a name.
    None,
    /// In this process, which goes from one to the other.
    Here(&'a Network),
    /// The process is one of them, and is told only what is to be done on it.
    OneOf(&'a [HostFacts]),
}

impl<'a> Hosts<'a> {
    /// What is known of them.
    pub(crate) fn facts(self) -> &'a [HostFacts] {
        match self {
            Self::None => &[],
            Self::Here(network) => network.facts(),
            Self::OneOf(facts) => facts,
        }
    }
}

/// The open sockets and the values of a running case.
pub(crate) struct Stage<'a> {
    limits: Limits,
    hosts: Hosts<'a>,
    scope: Scope<'a>,
    sockets: Vec<(&'a str, Socket)>,
}

impl<'a> Stage<'a> {
    pub(crate) fn new(hosts: Hosts<'a>, script: &'a Script, limits: Limits) -> Self {
        Self {
            limits,
            hosts,
            scope: Scope::new(script, hosts.facts()),
            sockets: Vec::new(),
        }
    }

    /// Takes in what a step came to on another host.
    pub(crate) fn hear(&mut self, step: &'a step::Step, outcome: &Outcome) {
        self.scope.record(step, outcome);
    }

    /// Makes the call of a step; the second value tells whether the case goes on.
    pub(crate) fn carry_out(&mut self, step: &'a step::Step) -> (Record, bool) {
        let call = step.call.describe(&|template| self.show(template));
        let outcome = match self.scope.holds(&step.when) {
            Ok(true) => answers::outcome(
                self.enter_host(&step.call)
                    .and_then(|()| self.act(&step.call)),
            ),
            Ok(false) => Outcome::NotCalled,
            Err(why) => Outcome::Unmade { why },
        };
        self.scope.record(step, &outcome);
        let goes_on = goes_on(step, &outcome);
        (Record { call, outcome }, goes_on)
    }

    /// Goes to the host that the call is made on.
    fn enter_host(&self, call: &step::Call) -> Result<(), Stop> {
        match (self.scope.host(call), self.hosts) {
            (None, _) | (Some(_), Hosts::OneOf(_)) => Ok(()),
            (Some(host), Hosts::Here(network)) => network.enter(host).map_err(Stop::Unmade),
            (Some(_), Hosts::None) => Err(Stop::Unmade("this process is one host".to_owned())),
        }
    }

    fn act(&mut self, call: &'a step::Call) -> Result<dualstack_scenario::Returned, Stop> {
        match call {
            step::Call::Socket(call) => call.act(self),
            step::Call::Setsockopt(call) => call.act(self),
            step::Call::Getsockopt(call) => call.act(self),
            step::Call::Bind(call) => call.act(self),
            step::Call::Listen(call) => call.act(self),
            step::Call::Connect(call) => call.act(self),
            step::Call::Accept(call) => call.act(self),
            step::Call::Send(call) => call.act(self),
            step::Call::Recv(call) => call.act(self),
            step::Call::Sendto(call) => call.act(self),
            step::Call::Recvfrom(call) => call.act(self),
            step::Call::Sendmsg(call) => call.act(self),
            step::Call::Recvmsg(call) => call.act(self),
            step::Call::Getsockname(call) => call.act(self),
            step::Call::Getpeername(call) => call.act(self),
            step::Call::Shutdown(call) => call.act(self),
            step::Call::Close(call) => call.act(self),
        }
    }

    /// Keeps a new socket under its name.
    pub(crate) fn keep(&mut self, name: &'a dualstack_scenario::Name, mut socket: Socket) {
        socket.set_deadline(self.limits.call);
        self.sockets.push((&name.text, socket));
    }

    /// The socket of that name.
    pub(crate) fn socket(&self, name: &dualstack_scenario::Name) -> Result<&Socket, Stop> {
        let socket = self.sockets.iter().find(|(known, _)| *known == name.text);
        socket
            .map(|(_, socket)| socket)
            .ok_or_else(|| missing(name))
    }

    /// Takes the socket of that name out, to be closed.
    pub(crate) fn take(&mut self, name: &dualstack_scenario::Name) -> Result<Socket, Stop> {
        let index = self
            .sockets
            .iter()
            .position(|(known, _)| *known == name.text);
        index
            .map(|index| self.sockets.remove(index).1)
            .ok_or_else(|| missing(name))
    }

    /// A text with its values in place.
    pub(crate) fn text(&self, template: &Template) -> Result<String, Stop> {
        self.scope.text(template).map_err(Stop::Unmade)
    }

    /// The sockaddr that an address argument stands for.
    pub(crate) fn name(&self, address: &Address, namelen: Option<Size>) -> Result<Name, Stop> {
        let name = Name::from(self.socket_addr(&address.0).map_err(Stop::Unmade)?);
        Ok(match namelen {
            // A size is never more than a whole datagram, which u16 can hold all but the last of.
            Some(Size(length)) => name.with_length(u16::try_from(length).unwrap_or(u16::MAX)),
            None => name,
        })
    }

    fn socket_addr(&self, template: &Template) -> Result<SocketAddr, String> {
        if let Some(reference) = template.sole_value() {
            match self.scope.get(reference)? {
                Value::Address(Sockaddr::V4(address)) => return Ok(address.into()),
                Value::Address(Sockaddr::V6(address)) => return Ok(address.into()),
                value => return endpoint(&value.to_string()),
            }
        }
        endpoint(&join(template, |reference| self.value(reference))?)
    }

    fn value(&self, reference: &Reference) -> Result<String, String> {
        self.scope.get(reference).map(|value| value.to_string())
    }

    /// A control message with its values in place.
    pub(crate) fn control(&self, message: &ControlText) -> Result<ControlMessage, Stop> {
        match &message.value {
            ControlValue::Number(number) => Ok(numbered(message.kind, *number)),
            ControlValue::Address(host) => {
                let text = self.text(&host.0)?;
                addressed(message.kind, &text).map_err(Stop::Unmade)
            }
        }
    }

    /// An argument as it is shown in the trace: what it is where that is known.
    fn show(&self, template: &Template) -> String {
        match template
            .sole_value()
            .map(|reference| self.scope.get(reference))
        {
            Some(Ok(Value::Address(Sockaddr::V4(address)))) => address.to_string(),
            Some(Ok(Value::Address(Sockaddr::V6(address)))) => address.to_string(),
            _ => join(template, |reference| self.value(reference))
                .unwrap_or_else(|_| template.to_string()),
        }
    }
}

fn missing(name: &dualstack_scenario::Name) -> Stop {
    Stop::Unmade(format!("there is no socket `{name}`"))
}

fn endpoint(text: &str) -> Result<SocketAddr, String> {
    let Endpoint { ip, scope, port } = Endpoint::parse(text)?;
    Ok(match ip {
        IpAddr::V4(_) => SocketAddr::new(ip, port),
        IpAddr::V6(ip) => SocketAddrV6::new(ip, port, 0, index(scope.as_deref())?).into(),
    })
}

/// The index of the interface that a scope names, 0 for none.
fn index(scope: Option<&str>) -> Result<u32, String> {
    match scope {
        None => Ok(0),
        Some(scope) => scope
            .parse()
            .or_else(|_| interface_index(scope))
            .map_err(|error| format!("no interface is called `{scope}`: {error}")),
    }
}

fn numbered(kind: ControlKind, number: i32) -> ControlMessage {
    match kind {
        ControlKind::IP_TOS => ControlMessage::IpTos(number),
        ControlKind::IP_TTL => ControlMessage::IpTtl(number),
        ControlKind::IPV6_TCLASS => ControlMessage::Ipv6Tclass(number),
        _ => ControlMessage::Ipv6Hoplimit(number),
    }
}

fn addressed(kind: ControlKind, text: &str) -> Result<ControlMessage, String> {
    let wrong = || format!("`{text}` is not an address for {}", kind.name());
    let (ip, scope) = parse_host(text).ok_or_else(wrong)?;
    let ifindex = index(scope.as_deref())?;
    match (kind, ip) {
        (ControlKind::IP_PKTINFO, IpAddr::V4(spec_dst)) => Ok(ControlMessage::IpPktinfo {
            ifindex,
            spec_dst,
            addr: Ipv4Addr::UNSPECIFIED,
        }),
        (ControlKind::IPV6_PKTINFO, IpAddr::V6(addr)) => {
            Ok(ControlMessage::Ipv6Pktinfo { ifindex, addr })
        }
        (ControlKind::IP_RECVDSTADDR, IpAddr::V4(addr)) => Ok(ControlMessage::IpRecvdstaddr(addr)),
        _ => Err(wrong()),
    }
}

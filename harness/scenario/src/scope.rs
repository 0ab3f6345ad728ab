//! The values that are known while a case runs and when its answer is put together.

use std::fmt;
use std::net::{IpAddr, SocketAddr};

use crate::address::{convert, parse_host};
use crate::control::ControlKind;
use crate::host::HostFacts;
use crate::observation::{ControlMessage, Outcome, Received, Returned, Sockaddr};
use crate::script::Script;
use crate::step::{Call, Condition, Socket, Step, When};
use crate::template::{Reference, Template};

/// What has come back so far, by name.
#[derive(Clone, Debug, Default)]
pub struct Scope<'a> {
    parameters: &'a [(String, String)],
    /// The names of the hosts, and what is known of them.
    hosts: &'a [String],
    facts: &'a [HostFacts],
    /// The host of each socket and saved result, by its index.
    homes: Vec<(&'a str, usize)>,
    saved: Vec<(&'a str, Outcome)>,
    /// What getsockname, getpeername and accept told of a socket: its name,
    /// the field, and what came back.
    sockets: Vec<(&'a str, &'static str, Outcome)>,
}

/// A value that a reference stands for.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A text, a number, or the name of an error.
    Text(String),
    /// An address with its port.
    Address(Sockaddr),
    /// A port in host byte order.
    Port(u16),
    /// The index of an interface.
    Interface(u32),
}

/// The value as it stands in a text: an address without its port.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Address(address) => write!(f, "{address}"),
            Self::Port(port) => write!(f, "{port}"),
            Self::Interface(index) => write!(f, "{index}"),
        }
    }
}

impl<'a> Scope<'a> {
    /// Nothing but the parameters of the case and what is known of its hosts.
    pub fn new(script: &'a Script, facts: &'a [HostFacts]) -> Self {
        Self {
            parameters: &script.parameters,
            hosts: &script.hosts,
            facts,
            ..Self::default()
        }
    }

    /// Takes in what a step returned.
    pub fn record(&mut self, step: &'a Step, outcome: &Outcome) {
        self.settle(step);
        if let Some(name) = &step.save {
            self.saved.push((&name.text, outcome.clone()));
        }
        let told = match &step.call {
            Call::Getsockname(call) => Some((&call.getsockname, "name")),
            Call::Getpeername(call) => Some((&call.getpeername, "peer")),
            Call::Accept(call) => Some((&call.r#as, "from")),
            _ => None,
        };
        let told_outcome = match outcome {
            Outcome::NotCalled => return,
            Outcome::Returned(Returned::Accepted { from }) => {
                Outcome::Returned(Returned::Name(from.clone()))
            }
            outcome => outcome.clone(),
        };
        if let Some((socket, field)) = told {
            self.sockets.push((&socket.text, field, told_outcome));
        }
    }

    /// The host that a call is made on, by its index; none where there are no hosts.
    pub fn host(&self, call: &Call) -> Option<usize> {
        match call {
            Call::Socket(Socket { host: None, .. }) => (!self.hosts.is_empty()).then_some(0),
            Call::Socket(Socket {
                host: Some(host), ..
            }) => self.hosts.iter().position(|known| *known == host.text),
            call => self.home(&call.socket().text),
        }
    }

    /// Notes on which host the names are that a step brings into being.
    fn settle(&mut self, step: &'a Step) {
        let Some(host) = self.host(&step.call) else {
            return;
        };
        let names = step.call.creates().into_iter().chain(&step.save);
        self.homes
            .extend(names.map(|name| (name.text.as_str(), host)));
    }

    fn home(&self, name: &str) -> Option<usize> {
        let home = self.homes.iter().find(|(known, _)| *known == name);
        home.map(|(_, host)| *host)
    }

    /// What is known of the host of that name.
    fn facts(&self, name: &str) -> Option<&'a HostFacts> {
        self.facts.iter().find(|facts| facts.name == name)
    }

    /// What a reference stands for; the error says what is missing.
    pub fn get(&self, reference: &Reference) -> Result<Value, String> {
        let value = self.unconverted(reference)?;
        let Some(filter) = reference.filter else {
            return Ok(value);
        };
        let cannot = || format!("`{{{reference}}}` is {value}, which has no such form");
        match &value {
            Value::Text(text) => {
                let ip = parse_host(text).and_then(|(ip, _)| convert(ip, filter));
                ip.map(|ip| Value::Text(ip.to_string())).ok_or_else(cannot)
            }
            Value::Address(Sockaddr::V4(address)) => {
                converted((*address).into(), filter).ok_or_else(cannot)
            }
            Value::Address(Sockaddr::V6(address)) => {
                converted((*address).into(), filter).ok_or_else(cannot)
            }
            _ => Err(cannot()),
        }
    }

    fn unconverted(&self, reference: &Reference) -> Result<Value, String> {
        let Reference { name, fields, .. } = reference;
        let parameter = self.parameters.iter().find(|(known, _)| known == name);
        if let Some((_, value)) = parameter {
            return Ok(Value::Text(value.clone()));
        }
        let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
        if let (Some(facts), [field]) = (self.facts(name), fields.as_slice()) {
            let value = facts.field(field).map(Value::Text);
            return value.ok_or_else(|| format!("host `{name}` has no `{field}`"));
        }
        let saved = self.saved.iter().rev().find(|(known, _)| known == name);
        if let Some((_, outcome)) = saved {
            return Ok(field(outcome, &fields));
        }
        let (told, rest) = match fields.as_slice() {
            ["port", ..] => ("name", fields.as_slice()),
            [first, rest @ ..] => (*first, rest),
            [] => return Err(format!("`{name}` is a socket, not a value")),
        };
        let socket = self
            .sockets
            .iter()
            .rev()
            .find(|(known, field, _)| known == name && *field == told);
        match socket {
            Some((_, _, outcome)) => Ok(field(outcome, rest)),
            None => Err(format!("`{{{reference}}}` has not come back")),
        }
    }

    /// Whether all the conditions hold.
    pub fn holds(&self, when: &When) -> Result<bool, String> {
        for Condition { value, among } in &when.0 {
            let value = self.text(value)?;
            if !among.contains(&value) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// A template with its values in place.
    pub fn text(&self, template: &Template) -> Result<String, String> {
        template.fill(|reference| self.get(reference).map(|value| value.to_string()))
    }

    /// A template as part of an answer, in which a port, which the system
    /// chose, is named after the socket that has it.
    pub fn answer(&self, template: &Template) -> Result<String, String> {
        template.fill(|reference| {
            Ok(match self.get(reference)? {
                Value::Port(port) => self.port_name(port),
                Value::Interface(index) => self.interface_name(&reference.name, index),
                Value::Address(Sockaddr::V6(address)) if address.scope_id() != 0 => {
                    let scope = self.interface_name(&reference.name, address.scope_id());
                    format!("{}%{scope}", address.ip())
                }
                value => value.to_string(),
            })
        })
    }

    /// An interface of the host that the value of that name came from: its
    /// index differs from run to run, so that the one to the link is named.
    fn interface_name(&self, value: &str, index: u32) -> String {
        let facts = self
            .home(value)
            .and_then(|host| self.facts(&self.hosts[host]));
        match facts {
            Some(facts) if facts.ifindex == index => "link".to_owned(),
            _ => index.to_string(),
        }
    }

    fn port_name(&self, port: u16) -> String {
        if port == 0 {
            return "0".to_owned();
        }
        let owner = self.sockets.iter().find(|(_, field, outcome)| {
            let Outcome::Returned(Returned::Name(name)) = outcome else {
                return false;
            };
            *field == "name" && name.port() == Some(port)
        });
        owner.map_or_else(
            || "another port".to_owned(),
            |(socket, ..)| format!("the port of {socket}"),
        )
    }
}

fn converted(address: SocketAddr, filter: crate::template::Filter) -> Option<Value> {
    let ip = convert(address.ip(), filter)?;
    Some(Value::Address(match ip {
        IpAddr::V4(ip) => Sockaddr::V4(std::net::SocketAddrV4::new(ip, address.port())),
        IpAddr::V6(ip) => Sockaddr::V6(std::net::SocketAddrV6::new(ip, address.port(), 0, 0)),
    }))
}

fn text(value: impl fmt::Display) -> Value {
    Value::Text(value.to_string())
}

/// A field of what a call returned. A field of a call that failed is its error.
fn field(outcome: &Outcome, fields: &[&str]) -> Value {
    match outcome {
        Outcome::Returned(returned) => returned_field(returned, fields),
        Outcome::Failed(failure) => match (&failure.delivered, fields) {
            (Some(received), [_, ..]) => received_field(received, fields),
            _ => text(&failure.name),
        },
        Outcome::NotCalled => text("not called"),
        Outcome::TimedOut { .. } => text("timed out"),
        Outcome::Unavailable { .. } => text("unavailable"),
        Outcome::Unmade { .. } => text("could not be called"),
    }
}

fn returned_field(returned: &Returned, fields: &[&str]) -> Value {
    match (returned, fields) {
        (Returned::Received(received), _) => received_field(received, fields),
        (Returned::Name(name), _) => address_field(name, fields),
        (Returned::Accepted { from }, ["from", rest @ ..]) => address_field(from, rest),
        (Returned::Option { len, .. } | Returned::Sent { len }, ["len"]) => text(len),
        (Returned::Option { value, .. }, _) => text(value),
        (Returned::Done | Returned::Sent { .. } | Returned::Accepted { .. }, _) => text("ok"),
    }
}

fn address_field(address: &Sockaddr, fields: &[&str]) -> Value {
    match fields {
        ["port"] => address.port().map_or_else(|| text("none"), Value::Port),
        ["family"] => text(address.family()),
        ["address"] => text(address),
        _ => Value::Address(address.clone()),
    }
}

fn received_field(received: &Received, fields: &[&str]) -> Value {
    match fields {
        ["len"] => text(received.len),
        ["flags"] => text(joined(&received.flags)),
        ["pktinfo"] => text(joined(
            received
                .control
                .iter()
                .filter(|message| message.is_pktinfo()),
        )),
        ["control"] => text(joined(&received.control)),
        ["interface"] => {
            let interface = received.control.iter().find_map(ControlMessage::interface);
            interface.map_or_else(|| text("none"), Value::Interface)
        }
        ["from", rest @ ..] => match &received.from {
            Some(from) => address_field(from, rest),
            None => text("none"),
        },
        [name] if ControlKind::by_name(name).is_some() => {
            let kind = ControlKind::by_name(name);
            let values = received
                .control
                .iter()
                .filter(|message| message.kind() == kind);
            text(joined(values.map(|message| message.value())))
        }
        _ => text(&received.data),
    }
}

fn joined<T: fmt::Display>(items: impl IntoIterator<Item = T>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    if items.is_empty() {
        "none".to_owned()
    } else {
        items.join(" + ")
    }
}

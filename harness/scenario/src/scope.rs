//! The values that are known while a case runs and when its answer is built.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr, SocketAddrV4, SocketAddrV6};

use dualstack_names::Sockaddr;

use crate::address::{convert, parse_ip};
use crate::host::HostFacts;
use crate::observation::Outcome;
use crate::returned::{Kind, Returned};
use crate::script::Script;
use crate::step::{Call, Condition, Step, When};
use crate::template::{Filter, Reference, Template};
use crate::value::Value;

/// The field of a socket that getsockname makes known.
const NAME: &str = "name";

/// The results so far, by name.
#[derive(Clone, Debug, Default)]
pub struct Scope<'a> {
    parameters: BTreeMap<&'a str, &'a str>,
    /// The names of the hosts, and what is known about them.
    hosts: &'a [String],
    facts: BTreeMap<&'a str, &'a HostFacts>,
    /// The host of each socket and saved result, by its index.
    homes: BTreeMap<&'a str, usize>,
    saved: BTreeMap<&'a str, Outcome>,
    /// What getsockname, getpeername and accept last returned for a socket, by its name
    /// and the field.
    sockets: BTreeMap<(&'a str, &'static str), Outcome>,
    /// The first socket that had each port.
    ports: BTreeMap<u16, &'a str>,
}

impl<'a> Scope<'a> {
    /// Only the parameters of the case and what is known about its hosts.
    pub fn new(script: &'a Script, facts: &'a [HostFacts]) -> Self {
        let parameters = script.parameters.iter();
        Self {
            parameters: parameters
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect(),
            hosts: &script.hosts,
            facts: facts
                .iter()
                .map(|host| (host.name.as_str(), host))
                .collect(),
            ..Self::default()
        }
    }

    /// Adds what a step returned.
    pub fn record(&mut self, step: &'a Step, outcome: &Outcome) {
        self.settle(step);
        if let Some(name) = &step.save {
            self.saved.insert(&name.text, outcome.clone());
        }
        let Some((socket, field)) = step.call.tells() else {
            return;
        };
        let told = match outcome {
            Outcome::NotCalled => return,
            Outcome::Returned(returned) => match returned.sockaddr() {
                Some(sockaddr) => Outcome::Returned(Returned::Name(sockaddr.clone())),
                None => return,
            },
            outcome => outcome.clone(),
        };
        if let (NAME, Outcome::Returned(Returned::Name(name))) = (field, &told) {
            let port = name.port().into_iter();
            port.for_each(|port| _ = self.ports.entry(port).or_insert(&socket.text));
        }
        self.sockets.insert((&socket.text, field), told);
    }

    /// The index of the host that a call is made on; `None` if the case has no hosts.
    pub fn host(&self, call: &Call) -> Option<usize> {
        if self.hosts.is_empty() {
            return None;
        }
        let about = call.uses().first().copied().or(call.program());
        match (about, call.host()) {
            (Some(name), _) => self.home(&name.text),
            (None, Some(host)) => self.hosts.iter().position(|known| *known == host.text),
            (None, None) => Some(0),
        }
    }

    /// Records the host of the names that a step creates.
    fn settle(&mut self, step: &'a Step) {
        let Some(host) = self.host(&step.call) else {
            return;
        };
        let made = step.call.creates().into_iter().chain(step.call.starts());
        let names = made.chain(&step.save);
        for name in names {
            self.homes.entry(&name.text).or_insert(host);
        }
    }

    fn home(&self, name: &str) -> Option<usize> {
        self.homes.get(name).copied()
    }

    /// What is known about the host with that name.
    fn facts(&self, name: &str) -> Option<&'a HostFacts> {
        self.facts.get(name).copied()
    }

    /// The value of a reference; the error says what is missing.
    pub fn get(&self, reference: &Reference) -> Result<Value, String> {
        let value = self.unconverted(reference)?;
        let Some(filter) = reference.filter else {
            return Ok(value);
        };
        let address = match &value {
            Value::Text(text) => parse_ip(text).map(|(ip, _)| convert(ip, filter).map(Value::text)),
            Value::Address(sockaddr) => {
                let address = sockaddr.socket_addr();
                address.map(|address| converted(address, filter))
            }
            Value::Port(_) | Value::Interface(_) => None,
        };
        match address {
            None => Err(format!("`{{{reference}}}` is {value}, which is no address")),
            Some(None) => Ok(value),
            Some(Some(converted)) => Ok(converted),
        }
    }

    fn unconverted(&self, reference: &Reference) -> Result<Value, String> {
        let Reference { name, fields, .. } = reference;
        if let Some(value) = self.parameters.get(name.as_str()) {
            return Ok(Value::text(value));
        }
        let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
        if let (Some(facts), [field]) = (self.facts(name), fields.as_slice()) {
            let value = facts.field(field).map(Value::Text);
            return value.ok_or_else(|| format!("host `{name}` has no `{field}`"));
        }
        if let Some(outcome) = self.saved.get(name.as_str()) {
            return Ok(field(outcome, &fields));
        }
        let (told, rest) = match fields.as_slice() {
            ["port", ..] => (NAME, fields.as_slice()),
            [first, rest @ ..] => (*first, rest),
            [] => return Err(format!("`{name}` is a socket, not a value")),
        };
        match self.sockets.get(&(name.as_str(), told)) {
            Some(outcome) => Ok(field(outcome, rest)),
            None => Err(format!("`{{{reference}}}` has not come back")),
        }
    }

    /// Whether all the conditions match.
    pub fn holds(&self, when: &When) -> Result<bool, String> {
        for Condition { value, among } in &when.0 {
            let value = self.text(value)?;
            if !among.contains(&value) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// A template with its values filled in. It cannot become longer than a datagram, as
    /// the values of values might.
    pub fn text(&self, template: &Template) -> Result<String, String> {
        template.fill(|reference| self.get(reference).map(|value| value.to_string()))
    }

    /// A template as part of an answer. A port that the system chose is named after the
    /// socket that has it.
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

    /// An interface on the host that the value of that name came from. Its index differs
    /// from run to run, so the link's interface is named.
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
        self.ports.get(&port).map_or_else(
            || "another port".to_owned(),
            |socket| format!("the port of {socket}"),
        )
    }
}

fn converted(address: SocketAddr, filter: Filter) -> Option<Value> {
    let ip = convert(address.ip(), filter)?;
    Some(Value::Address(match ip {
        IpAddr::V4(ip) => Sockaddr::V4(SocketAddrV4::new(ip, address.port())),
        IpAddr::V6(ip) => Sockaddr::V6(SocketAddrV6::new(ip, address.port(), 0, 0)),
    }))
}

/// A field of a call's result. If the call failed, it is the error.
fn field(outcome: &Outcome, fields: &[&str]) -> Value {
    match outcome {
        Outcome::Returned(returned) => returned.field(fields),
        Outcome::Failed(failure) => match (&failure.delivered, fields) {
            (Some(received), [_, ..]) => received.field(fields),
            _ => Value::text(&failure.name),
        },
        Outcome::NotCalled => Value::text("not called"),
        Outcome::TimedOut { .. } => Value::text("hangs"),
        Outcome::Unavailable { .. } => Value::text("unavailable"),
        Outcome::Exhausted { .. } => Value::text("the machine ran out"),
        Outcome::Unmade { .. } => Value::text("could not be called"),
    }
}

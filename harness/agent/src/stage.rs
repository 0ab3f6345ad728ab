//! The state of a running case: its open sockets and its values.

use std::ffi::{CStr, CString};
use std::net::{IpAddr, SocketAddr, SocketAddrV6};
use std::time::{Duration, Instant};

use dualstack_scenario::names::{
    ControlKind, ControlMessage, ControlValue, OptionValue, Scalar, ScalarValue, SocketOption,
    ValueType,
};
use dualstack_scenario::{
    Address, ControlText, ControlTextValue, HostFacts, Milliseconds, Name, Outcome, ParsedAddress,
    ProgramRun, Reference, Scope, Script, SettingValue, Size, Template, Value, join, parse_ip,
    step,
};
use dualstack_sockets::{Error, RawSockaddr, Socket, interface_index};

use crate::Limits;
use crate::conditions::Network;
use crate::programs::{Order, Running};
use crate::stop::Stop;

/// Where the hosts of a case are.
#[derive(Clone, Copy)]
pub(crate) enum Hosts<'a> {
    /// The process is the only host, and hosts have no names.
    None,
    /// In this process, which switches between them.
    Here(&'a Network),
    /// The process is one of them, and gets only the steps for it.
    OneOf(&'a [HostFacts]),
}

impl<'a> Hosts<'a> {
    /// What is known about them.
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
    deadline: Duration,
    program_deadline: Duration,
    since: Instant,
    hosts: Hosts<'a>,
    scope: Scope<'a>,
    sockets: Vec<(&'a str, Socket)>,
    script: &'a Script,
    programs: Vec<Running>,
}

impl<'a> Stage<'a> {
    pub(crate) fn new(hosts: Hosts<'a>, script: &'a Script, limits: Limits) -> Self {
        Self {
            limits,
            deadline: limits.call,
            program_deadline: limits.program,
            since: Instant::now(),
            hosts,
            scope: Scope::new(script, hosts.facts()),
            sockets: Vec::new(),
            script,
            programs: Vec::new(),
        }
    }

    /// Closes the sockets, the oldest first, ends the programs, and tells what these were.
    pub(crate) fn end(mut self) -> Vec<ProgramRun> {
        self.sockets.clear();
        self.programs.drain(..).map(Running::end).collect()
    }

    /// Adds the result of a step, here or on another host.
    pub(crate) fn record(&mut self, step: &'a step::Step, outcome: &Outcome) {
        self.scope.record(step, outcome);
    }

    /// Whether the earlier results that a step depends on match; the error says what is
    /// missing.
    pub(crate) fn holds(&self, step: &step::Step) -> Result<bool, String> {
        self.scope.holds(&step.when)
    }

    /// The call with its current arguments.
    pub(crate) fn describe(&self, call: &step::Call) -> String {
        call.describe(&|template| self.show(template))
    }

    /// Switches to the host that the call is made on.
    pub(crate) fn enter_host(&self, call: &step::Call) -> Result<(), Stop> {
        match (self.scope.host(call), self.hosts) {
            (None, _) | (Some(_), Hosts::OneOf(_)) => Ok(()),
            (Some(host), Hosts::Here(network)) => network.enter(host).map_err(Stop::Unmade),
            (Some(_), Hosts::None) => Err(Stop::Unmade("this process is one host".to_owned())),
        }
    }

    /// Stores a new socket under its name.
    pub(crate) fn keep(&mut self, name: &'a Name, socket: Socket) {
        self.sockets.push((&name.text, socket));
    }

    /// The socket with that name.
    pub(crate) fn socket(&self, name: &Name) -> Result<&Socket, Stop> {
        let socket = self.sockets.iter().find(|(known, _)| *known == name.text);
        socket
            .map(|(_, socket)| socket)
            .ok_or_else(|| missing(name))
    }

    /// Removes the socket with that name, to close it.
    pub(crate) fn take(&mut self, name: &Name) -> Result<Socket, Stop> {
        let index = self
            .sockets
            .iter()
            .position(|(known, _)| *known == name.text);
        index
            .map(|index| self.sockets.remove(index).1)
            .ok_or_else(|| missing(name))
    }

    /// Starts a program under its name.
    pub(crate) fn start(&mut self, name: &Name, watches: bool) -> Result<(), Stop> {
        if !self.limits.programs {
            return Err(Stop::Unmade(
                "a scenario may start programs only with --allow-programs: they run with your rights"
                    .to_owned(),
            ));
        }
        let program = self.script.program(&name.text);
        let program =
            program.ok_or_else(|| Stop::Unmade(format!("no program is called `{name}`")))?;
        let filled = |(name, text): (&str, &Template)| Ok((name.to_owned(), self.text(text)?));
        let command = program.command.iter().map(|word| self.text(&word.0));
        let order = Order {
            command: command.collect::<Result<_, Stop>>()?,
            folder: program
                .folder
                .as_ref()
                .map(|text| self.text(text))
                .transpose()?,
            env: program.env().map(filled).collect::<Result<_, Stop>>()?,
            files: program.files().map(filled).collect::<Result<_, Stop>>()?,
        };
        let running = Running::start(&name.text, &order, watches)?;
        self.programs.push(running);
        Ok(())
    }

    /// The program with that name.
    pub(crate) fn program(&mut self, name: &Name) -> Result<&mut Running, Stop> {
        let mut programs = self.programs.iter_mut();
        programs
            .find(|running| running.is_called(&name.text))
            .ok_or_else(|| Stop::Unmade(format!("`{name}` is not running")))
    }

    /// A port with its values filled in, if there is one.
    pub(crate) fn port(&self, port: Option<&Template>) -> Result<Option<u16>, Stop> {
        let Some(port) = port else {
            return Ok(None);
        };
        let text = self.text(port)?;
        let number = text.parse();
        number
            .map(Some)
            .map_err(|_| Stop::Unmade(format!("`{text}` is not a port")))
    }

    /// A text with its values filled in.
    pub(crate) fn text(&self, template: &Template) -> Result<String, Stop> {
        self.scope.text(template).map_err(Stop::Unmade)
    }

    /// The same, as a C string.
    pub(crate) fn c_text(&self, template: &Template) -> Result<CString, Stop> {
        let text = self.text(template)?;
        let nul = |_| {
            Stop::Unmade(format!(
                "{text:?} contains a NUL, which would end the C string"
            ))
        };
        CString::new(text.as_bytes()).map_err(nul)
    }

    /// Sets the deadline of the next call.
    pub(crate) fn set_deadline(&mut self, within: Option<Milliseconds>) {
        self.deadline = within.map_or(self.limits.call, Milliseconds::duration);
        self.program_deadline = within.map_or(self.limits.program, Milliseconds::duration);
        for (_, socket) in &mut self.sockets {
            socket.set_deadline(self.deadline);
        }
    }

    /// The deadline of a call that may block.
    pub(crate) fn deadline(&self) -> Duration {
        self.deadline
    }

    /// The deadline of a call that waits for a program.
    pub(crate) fn program_deadline(&self) -> Duration {
        self.program_deadline
    }

    /// The sockaddr for an address argument.
    pub(crate) fn sockaddr(
        &self,
        address: &Address,
        namelen: Option<Size>,
    ) -> Result<RawSockaddr, Stop> {
        let address = self.socket_addr(&address.0).map_err(Stop::Unmade)?;
        Ok(raw(address, namelen))
    }

    /// The sockaddr for an address that data or a connection goes to, if the case may
    /// reach it.
    pub(crate) fn destination(
        &self,
        address: &Address,
        namelen: Option<Size>,
    ) -> Result<RawSockaddr, Stop> {
        let address = self.socket_addr(&address.0).map_err(Stop::Unmade)?;
        self.allow(address.ip())?;
        Ok(raw(address, namelen))
    }

    fn allow(&self, ip: IpAddr) -> Result<(), Stop> {
        let allowed = self.limits.reach.allow(ip, self.hosts.facts());
        allowed.map_err(Stop::Unmade)
    }

    /// Refuses a name that the case may not resolve. Its own are answered by the lab.
    pub(crate) fn allow_name(&self, node: &CStr) -> Result<(), Stop> {
        let node = node.to_string_lossy();
        if self.script.dns.iter().any(|(name, _)| *name == node) {
            return Ok(());
        }
        let allowed = self.limits.reach.allow_name(&node);
        allowed.map_err(Stop::Unmade)
    }

    /// Refuses a case that has taken too long.
    pub(crate) fn allow_time(&self) -> Result<(), Stop> {
        let longest = self.limits.case;
        if self.since.elapsed() < longest {
            return Ok(());
        }
        Err(Stop::Unmade(format!(
            "the case has taken the {} s that it may",
            longest.as_secs()
        )))
    }

    /// A saved address as the system returned it, with its scope, or an address as
    /// written.
    fn socket_addr(&self, template: &Template) -> Result<SocketAddr, String> {
        if let Some(reference) = template.sole_value() {
            let value = self.scope.get(reference)?;
            let whole = match &value {
                Value::Address(sockaddr) => sockaddr.socket_addr(),
                Value::Text(_) | Value::Port(_) | Value::Interface(_) => None,
            };
            return whole.map_or_else(|| parsed(&value.to_string()), Ok);
        }
        parsed(&join(template, |reference| self.value(reference))?)
    }

    fn value(&self, reference: &Reference) -> Result<String, String> {
        self.scope.get(reference).map(|value| value.to_string())
    }

    /// A control message with its values filled in.
    pub(crate) fn control(&self, message: &ControlText) -> Result<ControlMessage, Stop> {
        let kind = message.kind;
        let value = match &message.value {
            ControlTextValue::Number(number) => ControlValue::Number(*number),
            ControlTextValue::Address(ip) => {
                source(kind, &self.text(&ip.0)?).map_err(Stop::Unmade)?
            }
        };
        Ok(ControlMessage::Known { kind, value })
    }

    /// The value for an option.
    pub(crate) fn option(
        &self,
        option: &SocketOption,
        value: &SettingValue,
    ) -> Result<OptionValue, Stop> {
        match (option.value, value) {
            (ValueType::One(scalar), SettingValue::One(value)) => {
                self.scalar(scalar, value).map(OptionValue::One)
            }
            (ValueType::Struct(fields), SettingValue::Struct(members)) => {
                let members = fields.iter().zip(members).map(|(field, (name, value))| {
                    let value = self.scalar(field.scalar, value)?;
                    self.allow_group(&value)?;
                    Ok((name.clone(), value))
                });
                members
                    .collect::<Result<_, Stop>>()
                    .map(OptionValue::Struct)
            }
            (ValueType::One(_) | ValueType::Struct(_), _) => Err(Stop::Unmade(format!(
                "{option} takes another type of value"
            ))),
        }
    }

    /// Refuses a group that the case may not join: the interface would announce it to its
    /// network.
    fn allow_group(&self, value: &ScalarValue) -> Result<(), Stop> {
        match value {
            ScalarValue::Ipv4(ip) if ip.is_multicast() => self.allow((*ip).into()),
            ScalarValue::Ipv6(ip) if ip.is_multicast() => self.allow((*ip).into()),
            ScalarValue::Ipv4(_)
            | ScalarValue::Ipv6(_)
            | ScalarValue::Number(_)
            | ScalarValue::Named { .. } => Ok(()),
        }
    }

    fn scalar(&self, scalar: Scalar, value: &Template) -> Result<ScalarValue, Stop> {
        let text = self.text(value)?;
        if let Some(value) = scalar.parse(&text, |name| interface_index(name).ok()) {
            return Ok(value);
        }
        match scalar {
            // Another system has it.
            Scalar::Error | Scalar::Family | Scalar::SocketType if scalar.accepts(&text) => {
                Err(Error::Unavailable { what: text.into() }.into())
            }
            Scalar::Interface => Err(Stop::Unmade(format!("no interface is called `{text}`"))),
            _ => Err(Stop::Unmade(format!(
                "`{text}` is not {} here",
                scalar.form()
            ))),
        }
    }

    /// An argument as shown in the trace: its value if that is known.
    fn show(&self, template: &Template) -> String {
        let sole = template
            .sole_value()
            .map(|reference| self.scope.get(reference));
        match sole {
            Some(Ok(Value::Address(sockaddr))) => sockaddr.with_port(),
            _ => join(template, |reference| self.value(reference))
                .unwrap_or_else(|_| template.to_string()),
        }
    }
}

/// The sockaddr of an address, with another length if one is given.
fn raw(address: SocketAddr, namelen: Option<Size>) -> RawSockaddr {
    let sockaddr = RawSockaddr::from(address);
    match namelen {
        Some(Size(length)) => sockaddr.with_length(length),
        None => sockaddr,
    }
}

fn missing(name: &Name) -> Stop {
    Stop::Unmade(format!("there is no socket `{name}`"))
}

fn parsed(text: &str) -> Result<SocketAddr, String> {
    let ParsedAddress { ip, scope, port } = ParsedAddress::parse(text)?;
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

/// The data of a message that is sent from an address.
fn source(kind: ControlKind, text: &str) -> Result<ControlValue, String> {
    let wrong = || format!("`{text}` is not an address for {}", kind.name());
    let (ip, scope) = parse_ip(text).ok_or_else(wrong)?;
    let ifindex = index(scope.as_deref())?;
    kind.payload().source(ip, ifindex).ok_or_else(wrong)
}

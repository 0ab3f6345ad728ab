//! What each call of the language does: one system call with the arguments of the step.

use dualstack_scenario::names::{Constant, POLL_EVENTS, SocketOption};
use dualstack_scenario::step::{
    Accept, Attempts, Bind, Close, Connect, Getaddrinfo, Getpeername, Getsockname, Getsockopt,
    Kill, Listen, Listening, Output, Poll, Recv, Recvfrom, Recvmsg, Send, Sendmsg, Sendto,
    Setsockopt, Shutdown, Socket, Sockets, Start, Wait,
};
use dualstack_scenario::{Accepted, ControlRoom, OptionRead, Ready, Returned, Sent, Size};
use dualstack_sockets::{Error, Hints, RawSockaddr, getaddrinfo, space_for};

use crate::answers;
use crate::exhaustion;
use crate::stage::Stage;
use crate::stop::Stop;

pub(crate) trait Act {
    fn act<'a>(&'a self, stage: &mut Stage<'a>) -> Result<Returned, Stop>;
}

impl Act for Socket {
    fn act<'a>(&'a self, stage: &mut Stage<'a>) -> Result<Returned, Stop> {
        let socket = dualstack_sockets::Socket::new(self.r#type);
        let socket = socket.map_err(exhaustion::of_descriptors)?;
        stage.keep(&self.socket, socket);
        Ok(Returned::Done)
    }
}

impl Act for Setsockopt {
    fn act<'a>(&'a self, stage: &mut Stage<'a>) -> Result<Returned, Stop> {
        let option = option(&self.set.option)?;
        let value = stage.option(option, &self.set.value)?;
        stage.socket(&self.setsockopt)?.set_option(option, &value)?;
        Ok(Returned::Done)
    }
}

impl Act for Getsockopt {
    fn act<'a>(&'a self, stage: &mut Stage<'a>) -> Result<Returned, Stop> {
        let option = option(&self.option.0)?;
        let read = stage.socket(&self.getsockopt)?.get_option(option)?;
        Ok(Returned::Option(OptionRead {
            value: read.value,
            len: read.len,
        }))
    }
}

impl Act for Bind {
    fn act<'a>(&'a self, stage: &mut Stage<'a>) -> Result<Returned, Stop> {
        let name = stage.sockaddr(&self.to, self.namelen)?;
        let socket = stage.socket(&self.bind)?;
        let any_port = name.decode().port() == Some(0);
        socket.bind(&name).map_err(|error| {
            if any_port {
                exhaustion::of_ports(error, socket.kind())
            } else {
                error.into()
            }
        })?;
        Ok(Returned::Done)
    }
}

impl Act for Listen {
    fn act<'a>(&'a self, stage: &mut Stage<'a>) -> Result<Returned, Stop> {
        stage.socket(&self.listen)?.listen(self.backlog())?;
        Ok(Returned::Done)
    }
}

impl Act for Connect {
    fn act<'a>(&'a self, stage: &mut Stage<'a>) -> Result<Returned, Stop> {
        let name = stage.destination(&self.to, self.namelen)?;
        let socket = stage.socket(&self.connect)?;
        let connected = socket.connect(&name);
        connected.map_err(|error| exhaustion::of_ports(error, socket.kind()))?;
        Ok(Returned::Done)
    }
}

impl Act for Accept {
    fn act<'a>(&'a self, stage: &mut Stage<'a>) -> Result<Returned, Stop> {
        let accepted = stage.socket(&self.accept)?.accept(room(self.namelen));
        let (socket, from) = accepted.map_err(exhaustion::of_descriptors)?;
        stage.keep(&self.r#as, socket);
        let from = from.decode();
        Ok(Returned::Accepted(Accepted { from }))
    }
}

impl Act for Send {
    fn act<'a>(&'a self, stage: &mut Stage<'a>) -> Result<Returned, Stop> {
        let data = stage.text(&self.data)?;
        let len = stage.socket(&self.send)?.send(data.as_bytes())?;
        Ok(Returned::Sent(Sent { len }))
    }
}

impl Act for Recv {
    fn act<'a>(&'a self, stage: &mut Stage<'a>) -> Result<Returned, Stop> {
        let data = stage.socket(&self.recv)?.recv(size(self.size))?;
        Ok(answers::received(&data, None))
    }
}

impl Act for Sendto {
    fn act<'a>(&'a self, stage: &mut Stage<'a>) -> Result<Returned, Stop> {
        let data = stage.text(&self.data)?;
        let name = stage.destination(&self.to, self.namelen)?;
        let socket = stage.socket(&self.sendto)?;
        let sent = socket.send_to(data.as_bytes(), &name);
        let len = sent.map_err(|error| exhaustion::of_ports(error, socket.kind()))?;
        Ok(Returned::Sent(Sent { len }))
    }
}

impl Act for Recvfrom {
    fn act<'a>(&'a self, stage: &mut Stage<'a>) -> Result<Returned, Stop> {
        let socket = stage.socket(&self.recvfrom)?;
        let (data, from) = socket.recv_from(size(self.size), room(self.namelen))?;
        Ok(answers::received(&data, Some(&from)))
    }
}

impl Act for Sendmsg {
    fn act<'a>(&'a self, stage: &mut Stage<'a>) -> Result<Returned, Stop> {
        let data = stage.text(&self.data)?;
        let to = self
            .to
            .as_ref()
            .map(|to| stage.destination(to, self.namelen))
            .transpose()?;
        let control: Result<Vec<_>, Stop> = self
            .control
            .0
            .iter()
            .map(|message| stage.control(message))
            .collect();
        let socket = stage.socket(&self.sendmsg)?;
        let sent = socket.send_msg(to.as_ref(), data.as_bytes(), &control?);
        let len = sent.map_err(|error| exhaustion::of_ports(error, socket.kind()))?;
        Ok(Returned::Sent(Sent { len }))
    }
}

impl Act for Recvmsg {
    fn act<'a>(&'a self, stage: &mut Stage<'a>) -> Result<Returned, Stop> {
        let socket = stage.socket(&self.recvmsg)?;
        let control = match &self.control {
            None => Size::CONTROL.0 as usize,
            Some(ControlRoom::Bytes(size)) => size.0 as usize,
            Some(ControlRoom::For(kinds)) => space_for(kinds)?,
        };
        let mut received = socket.recv_msg(size(self.size), control, room(self.namelen))?;
        match received.error.take() {
            None => Ok(answers::message(&received)),
            Some(error) => Err(Stop::Delivered(Box::new(received), error)),
        }
    }
}

impl Act for Poll {
    fn act<'a>(&'a self, stage: &mut Stage<'a>) -> Result<Returned, Stop> {
        let mut events = 0;
        for event in &self.events {
            events |= number(event.0)?;
        }
        let socket = stage.socket(&self.poll)?;
        let found = socket.poll(events as i16, self.timeout().0.into())?;
        let (events, unnamed) = Constant::names_of(POLL_EVENTS, i32::from(found as u16));
        let events = events.into_iter().map(str::to_owned);
        let unnamed = (unnamed != 0).then(|| format!("{unnamed:#x}"));
        let events = events.chain(unnamed).collect();
        Ok(Returned::Ready(Ready { events }))
    }
}

impl Act for Getaddrinfo {
    fn act<'a>(&'a self, stage: &mut Stage<'a>) -> Result<Returned, Stop> {
        let node = stage.c_text(&self.getaddrinfo)?;
        if !self.is_numeric() {
            stage.allow_name(&node)?;
        }
        let node = Some(node).filter(|node| !node.is_empty());
        let service = self.service.as_ref();
        let service = service.map(|service| stage.c_text(service)).transpose()?;
        let mut hints = Hints {
            family: self.family.map_or(Ok(0), |family| number(family.0))?,
            kind: self.r#type.map_or(Ok(0), |kind| number(kind.0))?,
            flags: 0,
        };
        for flag in self.flags() {
            hints.flags |= number(flag.0)?;
        }
        let list = getaddrinfo(node.as_deref(), service.as_deref(), hints, stage.deadline())?;
        Ok(Returned::Resolved(answers::resolved(list)))
    }
}

impl Act for Getsockname {
    fn act<'a>(&'a self, stage: &mut Stage<'a>) -> Result<Returned, Stop> {
        let name = stage
            .socket(&self.getsockname)?
            .getsockname(room(self.namelen))?;
        Ok(Returned::Name(name.decode()))
    }
}

impl Act for Getpeername {
    fn act<'a>(&'a self, stage: &mut Stage<'a>) -> Result<Returned, Stop> {
        let name = stage
            .socket(&self.getpeername)?
            .getpeername(room(self.namelen))?;
        Ok(Returned::Name(name.decode()))
    }
}

impl Act for Shutdown {
    fn act<'a>(&'a self, stage: &mut Stage<'a>) -> Result<Returned, Stop> {
        stage.socket(&self.shutdown)?.shutdown(self.how)?;
        Ok(Returned::Done)
    }
}

impl Act for Close {
    fn act<'a>(&'a self, stage: &mut Stage<'a>) -> Result<Returned, Stop> {
        stage.take(&self.close)?.close()?;
        Ok(Returned::Done)
    }
}

impl Act for Start {
    fn act<'a>(&'a self, stage: &mut Stage<'a>) -> Result<Returned, Stop> {
        stage.start(&self.start, self.watches())?;
        Ok(Returned::Done)
    }
}

impl Act for Listening {
    fn act<'a>(&'a self, stage: &mut Stage<'a>) -> Result<Returned, Stop> {
        let port = stage.port(self.port.as_ref().map(|port| &port.0))?;
        let deadline = stage.program_deadline();
        let program = stage.program(&self.listening)?;
        let socket = program.listening(self.r#type, port, deadline)?;
        Ok(Returned::Name(socket.name))
    }
}

impl Act for Output {
    fn act<'a>(&'a self, stage: &mut Stage<'a>) -> Result<Returned, Stop> {
        let deadline = stage.program_deadline();
        let pattern = self.matches.as_ref().map(|pattern| pattern.0.as_str());
        let line = stage.program(&self.output)?.line(pattern, deadline)?;
        Ok(Returned::Line(line))
    }
}

impl Act for Sockets {
    fn act<'a>(&'a self, stage: &mut Stage<'a>) -> Result<Returned, Stop> {
        let port = stage.port(self.port.as_ref().map(|port| &port.0))?;
        let deadline = stage.program_deadline();
        let settled = self.settled().duration();
        let open = stage.program(&self.sockets)?;
        Ok(Returned::Open(open.settled(port, settled, deadline)?))
    }
}

impl Act for Attempts {
    fn act<'a>(&'a self, stage: &mut Stage<'a>) -> Result<Returned, Stop> {
        let deadline = stage.program_deadline();
        let settled = self.settled().duration();
        let attempts = stage.program(&self.attempts)?.attempts(settled, deadline)?;
        Ok(Returned::Attempts(attempts))
    }
}

impl Act for Kill {
    fn act<'a>(&'a self, stage: &mut Stage<'a>) -> Result<Returned, Stop> {
        stage.program(&self.kill)?.kill(self.signal())?;
        Ok(Returned::Done)
    }
}

impl Act for Wait {
    fn act<'a>(&'a self, stage: &mut Stage<'a>) -> Result<Returned, Stop> {
        let deadline = stage.program_deadline();
        let ended = stage.program(&self.wait)?.wait(deadline)?;
        Ok(Returned::Ended(ended))
    }
}

fn option(name: &str) -> Result<&'static SocketOption, Stop> {
    let unknown = || Error::Unavailable {
        what: name.to_owned().into(),
    };
    SocketOption::by_name(name).ok_or_else(|| unknown().into())
}

fn number(constant: &Constant) -> Result<i32, Stop> {
    let missing = || Error::Unavailable {
        what: constant.name.into(),
    };
    constant.number.ok_or_else(|| missing().into())
}

fn size(size: Option<Size>) -> usize {
    size.unwrap_or(Size::DATA).0 as usize
}

fn room(namelen: Option<Size>) -> usize {
    namelen.map_or(RawSockaddr::CAPACITY, |size| size.0 as usize)
}

//! What each call of the language does: one call of the system's, its arguments
//! as the step gives them.

use dualstack_scenario::step::{
    Accept, Bind, Close, Connect, Getpeername, Getsockname, Getsockopt, How, Listen, Recv,
    Recvfrom, Recvmsg, Send, Sendmsg, Sendto, Setsockopt, Shutdown, Socket, SocketType,
};
use dualstack_scenario::{ControlRoom, Returned, Size};
use dualstack_sockets::{Error, Name, SocketOption, space_for};

use crate::answers;
use crate::stage::{Stage, Stop};

/// The data buffer of a receive, unless the step says otherwise.
const DATA: Size = Size(2048);
/// The control buffer of a `recvmsg`, unless the step says otherwise.
const CONTROL: Size = Size(256);

pub(crate) trait Act {
    fn act<'a>(&'a self, stage: &mut Stage<'a>) -> Result<Returned, Stop>;
}

impl Act for Socket {
    fn act<'a>(&'a self, stage: &mut Stage<'a>) -> Result<Returned, Stop> {
        let socket = dualstack_sockets::Socket::new(match self.r#type {
            SocketType::Tcp4 => dualstack_sockets::SocketType::Tcp4,
            SocketType::Tcp6 => dualstack_sockets::SocketType::Tcp6,
            SocketType::Udp4 => dualstack_sockets::SocketType::Udp4,
            SocketType::Udp6 => dualstack_sockets::SocketType::Udp6,
        })?;
        stage.keep(&self.socket, socket);
        Ok(Returned::Done)
    }
}

impl Act for Setsockopt {
    fn act<'a>(&'a self, stage: &mut Stage<'a>) -> Result<Returned, Stop> {
        let option = option(&self.set.option)?;
        stage
            .socket(&self.setsockopt)?
            .set_option(&option, self.set.value)?;
        Ok(Returned::Done)
    }
}

impl Act for Getsockopt {
    fn act<'a>(&'a self, stage: &mut Stage<'a>) -> Result<Returned, Stop> {
        let option = option(&self.option.0)?;
        let value = stage.socket(&self.getsockopt)?.get_option(&option)?;
        Ok(Returned::Option {
            value: value.value,
            len: value.len,
        })
    }
}

impl Act for Bind {
    fn act<'a>(&'a self, stage: &mut Stage<'a>) -> Result<Returned, Stop> {
        let name = stage.name(&self.to, self.namelen)?;
        stage.socket(&self.bind)?.bind(&name)?;
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
        let name = stage.name(&self.to, self.namelen)?;
        stage.socket(&self.connect)?.connect(&name)?;
        Ok(Returned::Done)
    }
}

impl Act for Accept {
    fn act<'a>(&'a self, stage: &mut Stage<'a>) -> Result<Returned, Stop> {
        let (socket, from) = stage.socket(&self.accept)?.accept(room(self.namelen))?;
        stage.keep(&self.r#as, socket);
        Ok(Returned::Accepted {
            from: answers::sockaddr(&from),
        })
    }
}

impl Act for Send {
    fn act<'a>(&'a self, stage: &mut Stage<'a>) -> Result<Returned, Stop> {
        let data = stage.text(&self.data)?;
        let len = stage.socket(&self.send)?.send(data.as_bytes())?;
        Ok(Returned::Sent { len })
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
        let name = stage.name(&self.to, self.namelen)?;
        let len = stage
            .socket(&self.sendto)?
            .send_to(data.as_bytes(), &name)?;
        Ok(Returned::Sent { len })
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
            .map(|to| stage.name(to, self.namelen))
            .transpose()?;
        let control: Result<Vec<_>, Stop> = self
            .control
            .0
            .iter()
            .map(|message| stage.control(message))
            .collect();
        let socket = stage.socket(&self.sendmsg)?;
        let len = socket.send_msg(to.as_ref(), data.as_bytes(), &control?)?;
        Ok(Returned::Sent { len })
    }
}

impl Act for Recvmsg {
    fn act<'a>(&'a self, stage: &mut Stage<'a>) -> Result<Returned, Stop> {
        let socket = stage.socket(&self.recvmsg)?;
        let control = match &self.control {
            None => CONTROL.0 as usize,
            Some(ControlRoom::Bytes(size)) => size.0 as usize,
            Some(ControlRoom::For(kinds)) => {
                let kinds: Vec<_> = kinds
                    .iter()
                    .map(|kind| answers::control_kind(*kind))
                    .collect();
                space_for(&kinds)?
            }
        };
        let mut received = socket.recv_msg(size(self.size), control, room(self.namelen))?;
        match received.error.take() {
            None => Ok(answers::message(&received)),
            Some(error) => Err(Stop::Delivered(Box::new(received), error)),
        }
    }
}

impl Act for Getsockname {
    fn act<'a>(&'a self, stage: &mut Stage<'a>) -> Result<Returned, Stop> {
        let name = stage
            .socket(&self.getsockname)?
            .getsockname(room(self.namelen))?;
        Ok(Returned::Name(answers::sockaddr(&name)))
    }
}

impl Act for Getpeername {
    fn act<'a>(&'a self, stage: &mut Stage<'a>) -> Result<Returned, Stop> {
        let name = stage
            .socket(&self.getpeername)?
            .getpeername(room(self.namelen))?;
        Ok(Returned::Name(answers::sockaddr(&name)))
    }
}

impl Act for Shutdown {
    fn act<'a>(&'a self, stage: &mut Stage<'a>) -> Result<Returned, Stop> {
        stage.socket(&self.shutdown)?.shutdown(match self.how {
            How::Read => dualstack_sockets::How::Read,
            How::Write => dualstack_sockets::How::Write,
            How::Both => dualstack_sockets::How::Both,
        })?;
        Ok(Returned::Done)
    }
}

impl Act for Close {
    fn act<'a>(&'a self, stage: &mut Stage<'a>) -> Result<Returned, Stop> {
        stage.take(&self.close)?.close()?;
        Ok(Returned::Done)
    }
}

fn option(name: &str) -> Result<SocketOption, Stop> {
    let unknown = || Error::Unavailable {
        what: name.to_owned().into(),
    };
    SocketOption::by_name(name).ok_or_else(|| unknown().into())
}

fn size(size: Option<Size>) -> usize {
    size.unwrap_or(DATA).0 as usize
}

fn room(namelen: Option<Size>) -> usize {
    namelen.map_or(Name::CAPACITY, |size| size.0 as usize)
}

//! Systems on which no program can be started yet.

use std::time::Duration;

use dualstack_scenario::names::SocketType;
use dualstack_scenario::{Attempts, Ended, Line, Open, OpenSocket, ProgramRun, Signal};
use dualstack_sockets::Error;

use super::Order;
use crate::stop::Stop;

/// A program, which cannot be started here.
pub(crate) enum Running {}

impl Running {
    pub(crate) fn start(_: &str, _: &Order, _: bool) -> Result<Self, Stop> {
        Err(Stop::Call(Error::Unavailable {
            what: format!(
                "way to hold a program under test, on {}",
                std::env::consts::OS
            )
            .into(),
        }))
    }

    pub(crate) fn is_called(&self, _: &str) -> bool {
        match *self {}
    }

    pub(crate) fn kill(&mut self, _: Signal) -> Result<(), Stop> {
        match *self {}
    }

    pub(crate) fn wait(&self, _: Duration) -> Result<Ended, Stop> {
        match *self {}
    }

    pub(crate) fn line(&self, _: Option<&str>, _: Duration) -> Result<Line, Stop> {
        match *self {}
    }

    pub(crate) fn listening(
        &self,
        _: Option<SocketType>,
        _: Option<u16>,
        _: Duration,
    ) -> Result<OpenSocket, Stop> {
        match *self {}
    }

    pub(crate) fn settled(&self, _: Option<u16>, _: Duration, _: Duration) -> Result<Open, Stop> {
        match *self {}
    }

    pub(crate) fn attempts(&self, _: Duration, _: Duration) -> Result<Attempts, Stop> {
        match *self {}
    }

    pub(crate) fn end(self) -> ProgramRun {
        match self {}
    }
}

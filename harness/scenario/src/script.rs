//! The part of a case that an agent gets.

use serde::{Deserialize, Serialize};

use crate::dns::DnsName;
use crate::program::Program;
use crate::returned::Shape;
use crate::step::Step;

/// What an agent needs to know of a case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Script {
    /// The names of the hosts, the default first; empty if all sockets are on one
    /// machine.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hosts: Vec<String>,
    /// The parameters of the row, as texts.
    pub parameters: Vec<(String, String)>,
    /// The programs that the steps can start, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub programs: Vec<(String, Program)>,
    /// What names mean, on every host.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dns: Vec<(String, DnsName)>,
    /// The calls in order.
    pub steps: Vec<Step>,
}

impl Script {
    /// Whether a socket is bound to a port that the system does not choose for it: that of
    /// another socket, or one by its number. Another program may have that port, or a
    /// connection that an earlier case closed.
    pub fn binds_a_chosen_port(&self) -> bool {
        // A program takes a port that it was given, and a DNS server takes port 53.
        if self.needs_this_machine() {
            return true;
        }
        let mut addresses = self.steps.iter().filter_map(|step| step.call.binds());
        addresses.any(|address| !address.has_port_zero())
    }

    /// Whether a socket is bound to a port by its number, which an earlier case may have used.
    pub fn binds_a_numbered_port(&self) -> bool {
        let mut addresses = self.steps.iter().filter_map(|step| step.call.binds());
        addresses.any(|address| address.has_port_number())
    }

    /// Whether it sends to the port of a socket at an address that this one is not bound to:
    /// another program of the machine may have that port there.
    pub fn may_meet_another_program(&self) -> bool {
        let bound = |socket: &str| {
            let mut calls = self.steps.iter().map(|step| &step.call);
            calls.find_map(|call| {
                let address = call.binds()?;
                let is_its = call.uses().first().is_some_and(|name| name.text == socket);
                is_its.then(|| address.host())
            })
        };
        let mut destinations = self.steps.iter().filter_map(|step| step.call.sends_to());
        destinations.any(|to| {
            let socket = to.port_of();
            socket.is_some_and(|socket| bound(socket).as_deref() != Some(&*to.host()))
        })
    }

    /// Whether it may leave a port in use: a closed connection keeps its port for a while
    /// (TIME_WAIT, RFC 9293 section 3.3.2).
    pub fn may_leave_a_port(&self) -> bool {
        // What a program does is not known.
        !self.programs.is_empty() || self.steps.iter().any(|step| step.call.connects())
    }

    /// Whether it needs programs of this machine, or a DNS server on it, in a namespace.
    pub fn needs_this_machine(&self) -> bool {
        !self.programs.is_empty() || !self.dns.is_empty()
    }

    /// The program with that name.
    pub fn program(&self, name: &str) -> Option<&Program> {
        let mut programs = self.programs.iter();
        let found = programs.find(|(known, _)| known == name);
        found.map(|(_, program)| program)
    }

    /// Whether connections are accepted.
    pub fn accepts_connections(&self) -> bool {
        let mut shapes = self.steps.iter().map(|step| step.call.returns());
        shapes.any(|shape| shape == Shape::Accepted)
    }
}

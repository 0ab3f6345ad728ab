//! The agent's side of the protocol.

use std::io::{self, BufRead, Write};
use std::sync::Arc;

use dualstack_scenario::{HostFacts, Requires, Script};

use crate::conditions::{self, Namespace, Network};
use crate::dns::{Etc, Server, Zone};
use crate::exhaustion;
use crate::play;
use crate::protocol::{Cannot, Hello, Place, Ready, Reply, Request, VERSION, write_line};
use crate::stage::{Hosts, Stage};
use crate::{Limits, Reach, machine, run_on};

/// The argument of the agent that gives it [`Rights::change_network`].
pub const CHANGE_NETWORK: &str = "--change-network";

/// What an agent may do to the machine that it was started on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rights {
    /// Whether it may change the addresses and links of the machine itself. Without this
    /// it changes a network only in namespaces that it has made.
    pub change_network: bool,
}

/// Answers the harness until there are no more requests.
///
/// `rights` says what the agent may change on its machine.
pub fn serve(
    input: impl BufRead,
    output: impl Write,
    mut limits: Limits,
    rights: Rights,
) -> io::Result<()> {
    let mut talk = Talk {
        lines: input.lines(),
        output,
    };
    talk.say(&Reply::Hello(Hello {
        protocol: VERSION,
        agent: env!("CARGO_PKG_VERSION").to_owned(),
        machine: machine(),
    }))?;
    let mut cases = 0;
    let mut surroundings = Surroundings::Machine;
    let mut names = Names::default();
    while let Some(request) = talk.hear()? {
        let reply = match request {
            Request::Prepare {
                requires,
                isolate,
                hosts,
                host,
                allow_network,
                allow_programs,
            } => {
                if allow_network {
                    limits.reach = Reach::Everything;
                }
                limits.programs = allow_programs;
                match prepare(&requires, isolate, &hosts, host.as_ref(), rights) {
                    Ok((ready, made)) => {
                        surroundings = made;
                        names = Names::default();
                        Reply::Ready(ready)
                    }
                    // Without descriptors nothing can be found out about the machine.
                    Err(cannot) => match exhaustion::of_this_process() {
                        Some(why) => refused(&why),
                        None => Reply::Cannot(cannot),
                    },
                }
            }
            Request::Run { case, script } => {
                cases += 1;
                // A server of an earlier case has the port.
                names.end();
                let room = surroundings.make_room(&script);
                match room.and_then(|()| names.serve(&script, &surroundings)) {
                    Ok(()) => Reply::Observed {
                        case,
                        observation: run_on(surroundings.hosts(), &script, limits),
                    },
                    Err(why) => refused(&why),
                }
            }
            Request::Begin { script, hosts, .. } => {
                cases += 1;
                talk.step_by_step(&script, &hosts, limits)?;
                Reply::Finished
            }
            Request::Step { .. } | Request::Finish => refused("no case has been begun"),
            Request::End => break,
        };
        talk.say(&reply)?;
    }
    talk.say(&Reply::Done { cases })
}

fn prepare(
    requires: &Requires,
    isolate: bool,
    hosts: &[String],
    host: Option<&Place>,
    rights: Rights,
) -> Result<(Ready, Surroundings), Cannot> {
    match host {
        Some(_) if !rights.change_network => Err(Cannot {
            why: format!(
                "as a host the agent would change the network of its machine; \
                 start it with {CHANGE_NETWORK} if it may"
            ),
            probes: Vec::new(),
            module: None,
        }),
        Some(place) => Ok((
            conditions::establish_host(requires, place)?,
            Surroundings::Machine,
        )),
        None if hosts.is_empty() => {
            let (ready, namespace) = conditions::establish(requires, isolate)?;
            let surroundings =
                namespace.map_or(Surroundings::Machine, |namespace| Surroundings::Namespace {
                    namespace,
                    used: false,
                });
            Ok((ready, surroundings))
        }
        None => {
            let (ready, network) = conditions::establish_hosts(requires, hosts)?;
            Ok((ready, Surroundings::Hosts(network)))
        }
    }
}

/// Where cases run.
enum Surroundings {
    /// On the machine as it is.
    Machine,
    /// In a namespace that this process has made.
    Namespace {
        namespace: Namespace,
        /// Whether a case may have left a port in use there.
        used: bool,
    },
    /// On hosts that this process has made.
    Hosts(Network),
}

impl Surroundings {
    fn hosts(&self) -> Hosts<'_> {
        match self {
            Self::Machine | Self::Namespace { .. } => Hosts::None,
            Self::Hosts(network) => Hosts::Here(network),
        }
    }

    fn is_machine(&self) -> bool {
        matches!(self, Self::Machine)
    }

    /// Makes sure that no earlier case has left a port in use that this one is going to
    /// bind.
    fn make_room(&mut self, script: &Script) -> Result<(), String> {
        let Self::Namespace { namespace, used } = self else {
            return Ok(());
        };
        if *used && script.binds_a_chosen_port() {
            namespace.renew()?;
            *used = false;
        }
        *used |= script.may_leave_a_port();
        Ok(())
    }
}

/// What names mean in a case.
#[derive(Default)]
struct Names {
    etc: Option<Etc>,
    servers: Vec<Server>,
}

impl Names {
    fn end(&mut self) {
        self.servers.clear();
    }

    /// Lets the names of a script mean what it says, on every host.
    fn serve(&mut self, script: &Script, surroundings: &Surroundings) -> Result<(), String> {
        if script.dns.is_empty() {
            return Ok(());
        }
        let hosts = surroundings.hosts();
        let zone = Arc::new(Zone::of(script, hosts.facts())?);
        match hosts {
            Hosts::Here(network) => {
                for host in 0..network.facts().len() {
                    network.enter(host)?;
                    self.servers.push(Server::start(Arc::clone(&zone))?);
                }
            }
            Hosts::None if surroundings.is_machine() => {
                return Err(
                    "names are served only in a network namespace of the agent's".to_owned(),
                );
            }
            Hosts::None | Hosts::OneOf(_) => self.servers.push(Server::start(zone)?),
        }
        let etc = match &mut self.etc {
            Some(etc) => etc,
            None => self.etc.insert(Etc::make()?),
        };
        let server = self.servers.first().ok_or("a case has no host")?;
        etc.ask(server.address())
    }
}

/// The two streams to the harness.
struct Talk<I, O> {
    lines: io::Lines<I>,
    output: O,
}

impl<I: BufRead, O: Write> Talk<I, O> {
    fn say(&mut self, reply: &Reply) -> io::Result<()> {
        write_line(&mut self.output, reply)
    }

    /// The next request that the agent understands; `None` at the end of the input.
    fn hear(&mut self) -> io::Result<Option<Request>> {
        while let Some(line) = self.lines.next() {
            match serde_json::from_str(&line?) {
                Ok(request) => return Ok(Some(request)),
                Err(error) => self.say(&Reply::Refused {
                    why: error.to_string(),
                })?,
            }
        }
        Ok(None)
    }

    /// Makes the steps of a case that the harness sends, until the case is finished.
    fn step_by_step(
        &mut self,
        script: &Script,
        hosts: &[HostFacts],
        limits: Limits,
    ) -> io::Result<()> {
        let mut stage = Stage::new(Hosts::OneOf(hosts), script, limits);
        let mut next = 0;
        while let Some(request) = self.hear()? {
            let reply = match request {
                Request::Step { elsewhere, number } if number == next + elsewhere.len() => {
                    for (step, outcome) in script.steps.iter().skip(next).zip(&elsewhere) {
                        stage.record(step, outcome);
                    }
                    next = number + 1;
                    match script.steps.get(number) {
                        Some(step) => Reply::Stepped {
                            number,
                            record: play::carry_out(&mut stage, step).0,
                        },
                        None => refused(&format!("the case has no step {number}")),
                    }
                }
                Request::Step { number, .. } => refused(&format!("step {number} is not the next")),
                Request::Finish => break,
                Request::Prepare { .. }
                | Request::Run { .. }
                | Request::Begin { .. }
                | Request::End => refused("a case has been begun and is not finished"),
            };
            self.say(&reply)?;
        }
        Ok(())
    }
}

fn refused(why: &str) -> Reply {
    Reply::Refused {
        why: why.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use dualstack_scenario::names::Sockaddr;
    use dualstack_scenario::{Outcome, Returned, Scenario, SourceFile};
    use serde_json::{Value, json};

    use super::{Limits, Rights, serve};

    /// The agent's replies to this, without its first and last line.
    fn replies(requests: &[Value]) -> Vec<Value> {
        let lines: String = requests
            .iter()
            .map(|request| format!("{request}\n"))
            .collect();
        let mut output = Vec::new();
        serve(
            lines.as_bytes(),
            &mut output,
            Limits::default(),
            Rights::default(),
        )
        .unwrap();
        let output = String::from_utf8(output).unwrap();
        let replies = output
            .lines()
            .map(|line| serde_json::from_str(line).unwrap());
        let mut replies: Vec<Value> = replies.collect();
        assert!(replies.remove(0)["hello"].is_object());
        assert!(replies.pop().unwrap()["done"].is_object());
        replies
    }

    const SCENARIO: &str = r#"
        title = "t"
        ask = "?"
        hosts = ["far", "near"]
        steps = [
          { socket = "s", type = "udp6" },
          { getsockname = "s" },
          { socket = "c", type = "udp4", host = "near" },
          { connect = "c", to = "127.0.0.1:{s.port}" },
        ]
        answer = "ok"
    "#;

    /// One socket on each of two hosts; this agent has the second.
    fn begin() -> Value {
        let host = |name| {
            json!({
                "name": name, "ifindex": 7,
                "ipv4": "127.0.0.1", "other_ipv4": "127.0.0.1",
                "ipv6": "::1", "other_ipv6": "::1", "linklocal": "fe80::1",
            })
        };
        let file = SourceFile::new("file.toml", SCENARIO);
        let scenario = Scenario::parse("topic/file", file).unwrap();
        json!({ "begin": {
            "case": "a case",
            "script": scenario.cases[0].script,
            "hosts": [host("far"), host("near")],
        } })
    }

    fn refusal(reply: &Value) -> &str {
        reply["refused"]["why"].as_str().unwrap_or_default()
    }

    #[test]
    fn a_step_knows_what_came_back_elsewhere() {
        let name = Sockaddr::V6("[::]:9".parse().unwrap());
        let far = [Returned::Done, Returned::Name(name)].map(Outcome::Returned);
        let said = replies(&[
            begin(),
            json!({ "step": { "elsewhere": far, "number": 2 } }),
            json!({ "step": { "elsewhere": [], "number": 3 } }),
            json!("finish"),
        ]);
        let calls: Vec<&str> = said[..2]
            .iter()
            .map(|reply| {
                reply["stepped"]["record"]["call"]
                    .as_str()
                    .unwrap_or_default()
            })
            .collect();
        assert_eq!(calls[1], "connect(c, 127.0.0.1:9)", "{said:?}");
        assert_eq!(said[2], json!("finished"));
    }

    #[test]
    fn what_is_out_of_turn_is_refused() {
        let step = |number| json!({ "step": { "elsewhere": [], "number": number } });
        let said = replies(&[
            step(0),
            begin(),
            step(1),
            begin(),
            json!("finish"),
            json!("finish"),
        ]);
        assert_eq!(refusal(&said[0]), "no case has been begun");
        assert_eq!(refusal(&said[1]), "step 1 is not the next");
        assert_eq!(
            refusal(&said[2]),
            "a case has been begun and is not finished"
        );
        assert_eq!(said[3], json!("finished"));
        assert_eq!(refusal(&said[4]), "no case has been begun");
    }
}

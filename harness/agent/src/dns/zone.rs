//! The names of a case, and the reply to a question for one.

use std::net::IpAddr;
use std::time::Duration;

use dualstack_scenario::dns::{Answer, Failure, Records};
use dualstack_scenario::{HostFacts, Milliseconds, Scope, Script};
use simple_dns::rdata::{A, AAAA, RData};
use simple_dns::{CLASS, OPCODE, Packet, PacketFlag, QTYPE, RCODE, ResourceRecord, TYPE};

/// The names of a case, with their values filled in.
#[derive(Debug)]
pub(crate) struct Zone(Vec<Name>);

#[derive(Debug)]
struct Name {
    name: String,
    a: Said,
    aaaa: Said,
}

/// What is said to a question for one type of records.
#[derive(Debug)]
struct Said {
    records: Result<Vec<IpAddr>, Failure>,
    after: Duration,
}

/// A reply, and how long it waits.
#[derive(Debug, PartialEq)]
pub(super) struct Reply {
    pub(super) bytes: Vec<u8>,
    pub(super) after: Duration,
}

impl Zone {
    /// The names of a script on these hosts.
    pub(crate) fn of(script: &Script, facts: &[HostFacts]) -> Result<Self, String> {
        let scope = Scope::new(script, facts);
        let names = script.dns.iter().map(|(name, records)| {
            Ok(Name {
                name: name.clone(),
                a: said(&scope, records.a.as_ref(), records.a_after)?,
                aaaa: said(&scope, records.aaaa.as_ref(), records.aaaa_after)?,
            })
        });
        names.collect::<Result<_, String>>().map(Self)
    }

    /// The reply to a datagram; none for what is no question, or for one that is lost.
    pub(super) fn reply(&self, datagram: &[u8]) -> Option<Reply> {
        let asked = Packet::parse(datagram).ok()?;
        if asked.has_flags(PacketFlag::RESPONSE) {
            return None;
        }
        let is_query = asked.opcode() == OPCODE::StandardQuery;
        let recursion = asked.has_flags(PacketFlag::RECURSION_DESIRED);
        let mut reply = Packet::new_reply(asked.id());
        let mut flags = PacketFlag::AUTHORITATIVE_ANSWER | PacketFlag::RECURSION_AVAILABLE;
        if recursion {
            flags |= PacketFlag::RECURSION_DESIRED;
        }
        reply.set_flags(flags);
        let mut after = Duration::ZERO;
        match asked.questions.as_slice() {
            [question] if is_query => {
                let name = question.qname.to_string().to_ascii_lowercase();
                let known = self.0.iter().find(|known| known.name == name);
                match (known, question.qtype) {
                    (None, _) => *reply.rcode_mut() = RCODE::NameError,
                    (Some(known), QTYPE::TYPE(TYPE::A)) => {
                        after = known.a.add_to(&mut reply, &question.qname)?;
                    }
                    (Some(known), QTYPE::TYPE(TYPE::AAAA)) => {
                        after = known.aaaa.add_to(&mut reply, &question.qname)?;
                    }
                    // It exists, and has nothing of that type.
                    (Some(_), _) => {}
                }
                reply.questions.push(question.clone());
            }
            [_] => *reply.rcode_mut() = RCODE::NotImplemented,
            _ => *reply.rcode_mut() = RCODE::FormatError,
        }
        let bytes = reply.build_bytes_vec().ok()?;
        Some(Reply { bytes, after })
    }
}

fn said(
    scope: &Scope<'_>,
    records: Option<&Records>,
    after: Option<Milliseconds>,
) -> Result<Said, String> {
    let mut addresses = Vec::new();
    let mut failure = None;
    for text in records.into_iter().flat_map(|records| &records.0) {
        let text = scope.text(text)?;
        match Answer::parse(&text) {
            Some(Answer::Address(address)) => addresses.push(address),
            Some(Answer::Failure(how)) => failure = Some(how),
            None => return Err(format!("`{text}` is no address for a record")),
        }
    }
    Ok(Said {
        records: failure.map_or(Ok(addresses), Err),
        after: after.map_or(Duration::ZERO, Milliseconds::duration),
    })
}

impl Said {
    /// Adds it to a reply; returns how long that waits, or nothing if it is lost.
    fn add_to<'a>(&self, reply: &mut Packet<'a>, name: &simple_dns::Name<'a>) -> Option<Duration> {
        match &self.records {
            Ok(addresses) => {
                let records = addresses.iter().map(|address| match address {
                    IpAddr::V4(ip) => RData::A(A {
                        address: (*ip).into(),
                    }),
                    IpAddr::V6(ip) => RData::AAAA(AAAA {
                        address: (*ip).into(),
                    }),
                });
                // 0: nobody shall remember it for the next case.
                let records =
                    records.map(|data| ResourceRecord::new(name.clone(), CLASS::IN, 0, data));
                reply.answers.extend(records);
            }
            Err(Failure::Servfail) => *reply.rcode_mut() = RCODE::ServerFailure,
            Err(Failure::Nxdomain) => *reply.rcode_mut() = RCODE::NameError,
            Err(Failure::Lost) => return None,
        }
        Some(self.after)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use dualstack_scenario::{Scenario, SourceFile};
    use rstest::rstest;
    use simple_dns::{CLASS, Name, Packet, PacketFlag, QCLASS, QTYPE, Question, RCODE, TYPE};

    use super::Zone;

    const FILE: &str = r#"
        title = "Names"
        ask = "What do they mean?"
        steps = [{ socket = "s", type = "udp6" }]
        answer = "ok"
        [dns."server.test"]
        a = "192.0.2.1"
        aaaa = ["2001:db8::1", "::ffff:192.0.2.1"]
        aaaa_after = 250
        [dns."broken.test"]
        a = "lost"
        aaaa = "SERVFAIL"
        [dns."half.test"]
        aaaa = "NXDOMAIN"
    "#;

    fn zone() -> Zone {
        let file = SourceFile::new("names.toml", FILE);
        let scenario = Scenario::parse("own/names", file).unwrap();
        Zone::of(&scenario.cases[0].script, &[]).unwrap()
    }

    fn question(name: &str, kind: TYPE) -> Vec<u8> {
        let mut packet = Packet::new_query(7);
        packet.set_flags(PacketFlag::RECURSION_DESIRED);
        packet.questions.push(Question::new(
            Name::new(name).unwrap(),
            QTYPE::TYPE(kind),
            QCLASS::CLASS(CLASS::IN),
            false,
        ));
        packet.build_bytes_vec().unwrap()
    }

    #[rstest]
    #[case::one("server.test", TYPE::A, RCODE::NoError, 1, 0)]
    #[case::two("SERVER.test", TYPE::AAAA, RCODE::NoError, 2, 250)]
    #[case::another_type("server.test", TYPE::MX, RCODE::NoError, 0, 0)]
    #[case::none_of_a_type("half.test", TYPE::A, RCODE::NoError, 0, 0)]
    #[case::no_such_name("other.test", TYPE::A, RCODE::NameError, 0, 0)]
    #[case::said_to_be_missing("half.test", TYPE::AAAA, RCODE::NameError, 0, 0)]
    #[case::failed("broken.test", TYPE::AAAA, RCODE::ServerFailure, 0, 0)]
    fn a_question_is_answered(
        #[case] name: &str,
        #[case] kind: TYPE,
        #[case] code: RCODE,
        #[case] answers: usize,
        #[case] after: u64,
    ) {
        let reply = zone().reply(&question(name, kind)).unwrap();
        let packet = Packet::parse(&reply.bytes).unwrap();
        assert_eq!(packet.id(), 7);
        assert_eq!(packet.rcode(), code);
        assert_eq!(packet.answers.len(), answers);
        assert_eq!(packet.questions.len(), 1);
        assert_eq!(reply.after, Duration::from_millis(after));
    }

    #[rstest]
    #[case::a_lost_question(question("broken.test", TYPE::A))]
    #[case::no_packet(b"no".to_vec())]
    #[case::a_reply(zone().reply(&question("server.test", TYPE::A)).unwrap().bytes)]
    fn some_get_no_answer(#[case] datagram: Vec<u8>) {
        assert_eq!(zone().reply(&datagram), None);
    }
}

//! From a file to cases, and from the results of calls to an answer.

use dualstack_scenario::names::{ControlKind, ControlMessage, ControlValue, Sockaddr};
use dualstack_scenario::{
    Answer, Case, Failure, HostFacts, Ipv4, Observation, Outcome, Received, Record, Returned,
    Scenario, SourceFile, System,
};
use rstest::rstest;

fn scenario(text: &str) -> Scenario {
    Scenario::parse("topic/file", SourceFile::new("file.toml", text))
        .unwrap_or_else(|problems| panic!("{problems}"))
}

fn only_case(text: &str) -> Case {
    let mut cases = scenario(text).cases;
    assert_eq!(cases.len(), 1);
    cases.remove(0)
}

fn with_steps(steps: &str, answer: &str) -> Case {
    only_case(&format!(
        "title = \"t\"\nask = \"?\"\nsteps = [{steps}]\nanswer = {answer}\n"
    ))
}

fn observation(outcomes: impl IntoIterator<Item = Outcome>) -> Observation {
    let record = |outcome| Record {
        call: String::new(),
        outcome,
    };
    Observation {
        hosts: Vec::new(),
        steps: outcomes.into_iter().map(record).collect(),
        programs: Vec::new(),
    }
}

fn failed(name: &str) -> Outcome {
    Outcome::Failed(Failure {
        name: name.into(),
        native: name.into(),
        code: 1,
        delivered: None,
    })
}

const DONE: Outcome = Outcome::Returned(Returned::Done);

fn text(text: &str) -> Answer {
    Answer::Text(text.to_owned())
}

fn name(address: &str) -> Outcome {
    Outcome::Returned(Returned::Name(sockaddr(address)))
}

fn in6_pktinfo(ifindex: u32, addr: &str) -> ControlMessage {
    ControlMessage::Known {
        kind: ControlKind::IPV6_PKTINFO,
        value: ControlValue::In6Pktinfo {
            ifindex,
            addr: addr.parse().unwrap(),
        },
    }
}

fn sockaddr(address: &str) -> Sockaddr {
    match address.parse().unwrap() {
        std::net::SocketAddr::V4(address) => Sockaddr::V4(address),
        std::net::SocketAddr::V6(address) => Sockaddr::V6(address),
    }
}

const TABLE: &str = r#"
title = "t"
ask = "?"
requires = { ipv4 = "{ipv4}" }
parameters = { v6only = [0, 1] }
rows = [
  { name = "with", ipv4 = "on", peer = "::ffff:127.0.0.1" },
  { name = "without", ipv4 = "disabled" },
]
steps = [
  { socket = "s", type = "udp6" },
  { setsockopt = "s", IPV6_V6ONLY = "{v6only}" },
]
answer = "{ipv4} {v6only}"
[expect]
linux = { answer = ["{peer}", "none"], source = "somewhere" }
[claims]
DS-08 = "{peer}"
"#;

#[test]
fn rows_times_lists_make_the_cases() {
    let ids: Vec<String> = scenario(TABLE)
        .cases
        .into_iter()
        .map(|case| case.id)
        .collect();
    let expected = [
        "with,v6only=0",
        "with,v6only=1",
        "without,v6only=0",
        "without,v6only=1",
    ];
    assert_eq!(ids, expected.map(|row| format!("topic/file/{row}")));
}

#[test]
fn a_row_fills_in_requirements_steps_expectations_and_claims() {
    let cases = scenario(TABLE).cases;
    assert_eq!(cases[2].requires.ipv4(), Ipv4::Disabled);
    assert_eq!(
        cases[1].script.steps[1].call.to_string(),
        "setsockopt(s, IPV6_V6ONLY, 1)"
    );
    assert!(cases[0].expect[0].answer.fit("::ffff:127.0.0.1"));
    assert_eq!(cases[0].claims[0].claim, "DS-08");
}

#[test]
fn a_row_that_lacks_the_parameter_is_not_expected_to_answer_anything() {
    let cases = scenario(TABLE).cases;
    assert!(cases[2].expect.is_empty() && cases[2].claims.is_empty());
}

#[test]
fn the_most_particular_expectation_holds() {
    let case = only_case(
        r#"
title = "t"
ask = "?"
steps = [{ socket = "s", type = "udp6" }]
answer = "x"
[expect]
any = { answer = "any", source = "s" }
linux = { answer = "linux", source = "s" }
"linux < 3.18" = { answer = "old", source = "s" }
gvisor = { answer = "gvisor", source = "s" }
"#,
    );
    let system = |version: &str, environment: Option<&str>| System {
        os: "linux".into(),
        version: version.into(),
        environment: environment.map(|name| dualstack_scenario::Environment {
            name: name.into(),
            version: "1".into(),
        }),
    };
    let expected = |system: &System| case.expectation(system).unwrap().answer.to_string();
    assert_eq!(expected(&system("6.18", None)), "linux");
    assert_eq!(expected(&system("3.2", None)), "old");
    assert_eq!(expected(&system("4.4", Some("gvisor"))), "gvisor");
    assert_eq!(
        expected(&System {
            os: "windows".into(),
            ..system("10", None)
        }),
        "any"
    );
}

#[rstest]
#[case::all_well(vec![DONE, DONE], text("ok"))]
#[case::saved_error(vec![DONE, failed("EADDRINUSE")], text("EADDRINUSE"))]
#[case::unwanted_error(vec![failed("EAFNOSUPPORT")], text("EAFNOSUPPORT from socket s"))]
#[case::late(vec![Outcome::TimedOut { after_ms: 7 }], Answer::Error("socket s: nothing within 7 ms".into()))]
#[case::lacking(vec![DONE, Outcome::Unavailable { what: "IP_X".into() }], Answer::Unsupported("IP_X".into()))]
#[case::lost(vec![DONE], Answer::Error("nothing came back of bind s".into()))]
fn what_came_back_becomes_an_answer(#[case] outcomes: Vec<Outcome>, #[case] answer: Answer) {
    let case = with_steps(
        r#"{ socket = "s", type = "udp6" }, { bind = "s", to = "[::]:0", result = "any", save = "bound" }"#,
        r#""{bound}""#,
    );
    assert_eq!(case.answer(&observation(outcomes)), answer);
}

#[rstest]
#[case("EINVAL", failed("EINVAL"), text("went on"))]
#[case("EINVAL", failed("EPERM"), text("EPERM from bind s"))]
#[case("EINVAL", DONE, text("ok from bind s"))]
#[case("ok", failed("EINVAL"), text("EINVAL from bind s"))]
#[case("any", failed("EPERM"), text("went on"))]
fn a_result_decides_whether_the_case_goes_on(
    #[case] wanted: &str,
    #[case] came: Outcome,
    #[case] answer: Answer,
) {
    let steps = format!(
        r#"{{ socket = "s", type = "udp6" }}, {{ bind = "s", to = "[::]:0", result = "{wanted}" }}"#
    );
    let case = with_steps(&steps, r#""went on""#);
    assert_eq!(case.answer(&observation([DONE, came])), answer);
}

#[rstest]
#[case(Outcome::TimedOut { after_ms: 5 }, text("hangs"))]
#[case(failed("EAGAIN"), text("EAGAIN from recv s"))]
#[case(DONE, text("ok from recv s"))]
fn a_call_that_hangs_is_an_answer_where_the_file_says_so(
    #[case] came: Outcome,
    #[case] answer: Answer,
) {
    let steps = r#"{ socket = "s", type = "udp6" }, { recv = "s", result = "hangs", within = 5, save = "got" }"#;
    let case = with_steps(steps, r#""{got}""#);
    assert_eq!(case.answer(&observation([DONE, came])), answer);
}

#[rstest]
#[case("{s.name}", "::1")]
#[case("{s.name.family}", "AF_INET6")]
#[case("{s.port}", "the port of s")]
#[case("{got.from}", "::ffff:127.0.0.1")]
#[case("{got.from|unmapped}", "127.0.0.1")]
#[case("{s.name|mapped} and {s.name|unmapped}", "::1 and ::1")]
#[case("{got.from.port}", "another port")]
#[case("{got.data} in {got.len}", "ping in 4")]
#[case(
    "{got.pktinfo}",
    "IPV6_PKTINFO ::ffff:127.0.0.2 + IP_PKTINFO 127.0.0.2"
)]
#[case("{got.IP_PKTINFO}", "127.0.0.2")]
#[case("{got.IP_TOS}", "none")]
#[case("{got.flags}", "MSG_CTRUNC")]
fn values_are_shown_at_a_glance(#[case] answer: &str, #[case] shown: &str) {
    let case = with_steps(
        r#"{ socket = "s", type = "udp6" }, { getsockname = "s" }, { recvmsg = "s", save = "got" }"#,
        &format!(r#"[{{ when = {{ got.data = "pong" }}, say = "" }}, {{ say = "{answer}" }}]"#),
    );
    let received = Received {
        data: "ping".into(),
        len: 4,
        from: Some(sockaddr("[::ffff:127.0.0.1]:9")),
        control: vec![
            in6_pktinfo(1, "::ffff:127.0.0.2"),
            ControlMessage::Known {
                kind: ControlKind::IP_PKTINFO,
                value: ControlValue::InPktinfo {
                    ifindex: 1,
                    addr: "127.0.0.2".parse().unwrap(),
                    spec_dst: Some("127.0.0.2".parse().unwrap()),
                },
            },
        ],
        flags: vec!["MSG_CTRUNC".into()],
    };
    let received = Outcome::Returned(Returned::Received(Box::new(received)));
    let seen = observation([DONE, name("[::1]:5001"), received]);
    assert_eq!(case.answer(&seen), text(shown));
}

#[rstest]
#[case(failed("EINVAL"), "refused")]
#[case(failed("EPERM"), "refused too")]
#[case(DONE, "taken")]
fn the_first_alternative_that_fits_is_the_answer(#[case] came: Outcome, #[case] answer: &str) {
    let case = with_steps(
        r#"{ socket = "s", type = "udp6" }, { setsockopt = "s", IP_PKTINFO = 1, result = "any", save = "tried" }"#,
        r#"[
          { when = { tried = "EINVAL" }, say = "refused" },
          { when = { tried = ["EACCES", "EPERM"] }, say = "refused too" },
          { say = "taken" },
        ]"#,
    );
    assert_eq!(case.answer(&observation([DONE, came])), text(answer));
}

#[test]
fn an_answer_that_fits_no_alternative_is_an_error() {
    let case = with_steps(
        r#"{ socket = "s", type = "udp6", save = "made" }"#,
        r#"[{ when = { made = "EINVAL" }, say = "refused" }]"#,
    );
    assert!(matches!(
        case.answer(&observation([DONE])),
        Answer::Error(_)
    ));
}

#[test]
fn a_condition_on_a_parameter_is_on_that_one() {
    let case = only_case(
        r#"
title = "t"
ask = "?"
rows = [{ first = "a", second = "b" }]
steps = [{ socket = "s", type = "udp4" }]
answer = [{ when = { second = "b" }, say = "the second" }, { say = "another {first}" }]
"#,
    );
    assert_eq!(case.answer(&observation([DONE])), text("the second"));
}

/// As Windows does with a message that does not fit.
#[test]
fn data_that_comes_with_an_error_can_be_named() {
    let steps =
        r#"{ socket = "s", type = "udp4" }, { recvfrom = "s", result = "any", save = "got" }"#;
    let case = with_steps(steps, r#""{got} with {got.data}""#);
    let received = Received {
        data: "pi".into(),
        len: 2,
        from: None,
        control: Vec::new(),
        flags: Vec::new(),
    };
    let too_long = Outcome::Failed(Failure {
        name: "EMSGSIZE".into(),
        native: "WSAEMSGSIZE".into(),
        code: 10040,
        delivered: Some(Box::new(received)),
    });
    let answer = case.answer(&observation([DONE, too_long]));
    assert_eq!(answer, text("EMSGSIZE with pi"));
}

#[test]
fn a_step_that_was_left_out_says_so() {
    let case = with_steps(
        r#"{ socket = "s", type = "udp6", save = "made" },
           { socket = "t", type = "udp4", when = { made = "EINVAL" }, save = "probe" }"#,
        r#""{probe}""#,
    );
    assert_eq!(
        case.answer(&observation([DONE, Outcome::NotCalled])),
        text("not called")
    );
}

fn host(name: &str, number: u8) -> HostFacts {
    let address = |text: &str| format!("{text}{number}");
    HostFacts {
        name: name.to_owned(),
        ipv4: address("198.51.100.").parse().unwrap(),
        ipv6: address("2001:db8::").parse().unwrap(),
        other_ipv4: address("198.51.100.1").parse().unwrap(),
        other_ipv6: address("2001:db8::1").parse().unwrap(),
        linklocal: address("fe80::").parse().unwrap(),
        ifindex: 10 + u32::from(number),
    }
}

fn on_hosts(answer: &str) -> Case {
    only_case(&format!(
        r#"
title = "t"
ask = "?"
hosts = ["server", "client"]
steps = [
  {{ socket = "s", type = "udp6" }},
  {{ socket = "c", type = "udp6", host = "client" }},
  {{ getsockname = "s" }},
  {{ getsockname = "c" }},
  {{ recvmsg = "s", save = "got" }},
]
answer = [{{ when = {{ got.data = "pong" }}, say = "" }}, {{ say = "{answer}" }}]
"#
    ))
}

/// The server sees interface 11, which is its own, and the client sees
/// `scope`; the client's own is 12.
fn told_on_hosts(scope: u32) -> Observation {
    let received = Received {
        data: "ping".into(),
        len: 4,
        from: Some(sockaddr("[fe80::2%11]:9")),
        control: vec![in6_pktinfo(11, "fe80::1")],
        flags: Vec::new(),
    };
    Observation {
        hosts: vec![host("server", 1), host("client", 2)],
        ..observation([
            DONE,
            DONE,
            name("[fe80::1%11]:1"),
            name(&format!("[fe80::2%{scope}]:2")),
            Outcome::Returned(Returned::Received(Box::new(received))),
        ])
    }
}

#[rstest]
#[case(
    "{server.ipv4|mapped} {client.other_ipv6} {client.linklocal}%{server.ifindex}",
    12,
    "::ffff:198.51.100.1 2001:db8::12 fe80::2%11"
)]
#[case("{s.name|mapped} {c.name|unmapped}", 12, "fe80::1%link fe80::2%link")]
#[case("{s.name} {c.name}", 12, "fe80::1%link fe80::2%link")]
#[case("{s.name} {c.name}", 11, "fe80::1%link fe80::2%11")]
#[case("{got.from} by {got.interface}", 12, "fe80::2%link by link")]
fn a_scope_is_told_by_the_host_that_it_came_from(
    #[case] answer: &str,
    #[case] scope: u32,
    #[case] told: &str,
) {
    assert_eq!(on_hosts(answer).answer(&told_on_hosts(scope)), text(told));
}

#[test]
fn a_case_survives_its_way_to_the_agent() {
    let on_hosts = on_hosts("{c.name}");
    assert_eq!(on_hosts.script.hosts, ["server", "client"]);
    for case in scenario(TABLE).cases.into_iter().chain([on_hosts]) {
        let line = serde_json::to_string(&case).unwrap();
        assert_eq!(serde_json::from_str::<Case>(&line).unwrap(), case);
    }
}

proptest::proptest! {
    #[test]
    fn no_file_makes_the_reader_panic(edit in ".{0,12}", at in 0usize..TABLE.len()) {
        let mut text = TABLE.to_owned();
        if text.is_char_boundary(at) {
            text.insert_str(at, &edit);
        }
        let _ = Scenario::parse("topic/file", SourceFile::new("file.toml", text));
    }
}

/// One line serves rows of both families: what is not IPv4 stays as it is.
#[rstest]
#[case("127.0.0.1", "[::ffff:127.0.0.1]:0")]
#[case("::ffff:127.0.0.1", "[::ffff:127.0.0.1]:0")]
#[case("::1", "[::1]:0")]
#[case("fe80::1%2", "[fe80::1%2]:0")]
fn only_an_ipv4_address_is_mapped(#[case] via: &str, #[case] bound: &str) {
    let text = format!(
        "title = \"t\"\nask = \"?\"\nparameters = {{ via = [\"{via}\"] }}\n\
         steps = [\n{{ socket = \"s\", type = \"udp6\" }},\n{{ bind = \"s\", to = \"[{{via|mapped}}]:0\" }},\n]\n\
         answer = \"bound\"\n"
    );
    let scenario = Scenario::parse("topic/file", SourceFile::new("file.toml", text)).unwrap();
    let shown = scenario.cases[0].script.steps[1].call.to_string();
    assert_eq!(shown, format!("bind(s, {bound})"));
}

/// What is lost is lost between two hosts.
#[test]
fn only_a_link_between_hosts_loses_packets() {
    let file = |hosts: &str| {
        let text = format!(
            "title = \"Lost\"\nask = \"What is lost?\"\n{hosts}requires = {{ lost = \"ipv6\" }}\n\
             steps = [{{ socket = \"s\", type = \"udp6\" }}]\nanswer = \"ok\"\n"
        );
        Scenario::parse("topic/lost", SourceFile::new("lost.toml", text.as_str()))
    };
    let requires = file("hosts = [\"near\", \"far\"]\n").unwrap().cases[0].requires;
    assert_eq!(requires.to_string(), "IPv6 lost on the link");
    let problems: Vec<_> = file("").unwrap_err().into_iter().collect();
    assert_eq!(problems.len(), 1);
    assert_eq!(
        problems[0].message(),
        "only a link between two hosts can lose packets"
    );
}

/// Who asks where a program connects to must have watched it from its start.
#[test]
fn attempts_are_of_a_program_that_is_watched() {
    let file = |watch: &str| {
        let text = format!(
            "title = \"Attempts\"\nask = \"Where to?\"\n\
             steps = [{{ start = \"c\"{watch} }}, {{ attempts = \"c\", save = \"tried\" }}]\n\
             answer = \"{{tried}} {{tried.count}} {{tried.first}} {{tried.last}}\"\n\
             [programs.c]\ncommand = [\"./c\"]\n"
        );
        Scenario::parse(
            "topic/attempts",
            SourceFile::new("attempts.toml", text.as_str()),
        )
    };
    assert!(file(", watch = true").is_ok());
    let problems: Vec<_> = file("").unwrap_err().into_iter().collect();
    assert_eq!(problems.len(), 1);
    assert_eq!(
        problems[0].message(),
        "nothing watches where `c` connects to"
    );
}

/// On a port that another socket has, at another address, another program may listen.
#[rstest]
#[case::where_it_is_bound("[::1]:0", "[::1]:{l.port}", false)]
#[case::at_another_address("[::1]:0", "127.0.0.1:{l.port}", true)]
#[case::at_a_wildcard("[::]:0", "[::1]:{l.port}", true)]
#[case::at_a_port_by_number("[::1]:0", "127.0.0.1:9", false)]
fn a_case_may_meet_another_program(#[case] bound: &str, #[case] to: &str, #[case] meets: bool) {
    let text = format!(
        "title = \"t\"\nask = \"?\"\nsteps = [\n\
         {{ socket = \"l\", type = \"tcp6\" }},\n{{ bind = \"l\", to = \"{bound}\" }},\n\
         {{ listen = \"l\" }},\n{{ getsockname = \"l\" }},\n\
         {{ socket = \"c\", type = \"tcp4\" }},\n{{ connect = \"c\", to = \"{to}\", result = \"any\" }},\n]\n\
         answer = \"ok\"\n"
    );
    let scenario = Scenario::parse("topic/meets", SourceFile::new("meets.toml", text)).unwrap();
    let script = &scenario.cases[0].script;
    assert_eq!(script.may_meet_another_program(), meets);
}

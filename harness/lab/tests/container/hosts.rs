//! Real containers: cases with two hosts on one network, an agent on each.

use dualstack_lab::{CaseResult, Container, Event, Terms, run};
use dualstack_scenario::Case;
use rstest::rstest;

use crate::engine::Engine;
use crate::real::{carry_out, cases, results};

/// A datagram to the other host and its answer.
const THERE_AND_BACK: &str = r#"
hosts = ["server", "client"]
steps = [
  { socket = "s", type = "udp6" },
  { setsockopt = "s", IPV6_V6ONLY = 0 },
  { bind = "s", to = "[::]:0" },
  { getsockname = "s" },
  { socket = "c", type = "udp4", host = "client" },
  { sendto = "c", to = "{server.ipv4}:{s.port}", data = "ask" },
  { recvfrom = "s", save = "asked" },
  { sendto = "s", to = "{asked.from}", data = "told" },
  { recvfrom = "c", save = "got" },
]
answer = "{got.data} by {got.from} to {asked.from}"
"#;

/// A client that waits for a datagram that never comes, in the second of three cases.
const WAITING_CLIENT: &str = r#"
hosts = ["server", "client"]
parameters = { number = [1, 2, 3] }
steps = [
  { socket = "c", type = "udp6", host = "client" },
  { bind = "c", to = "[::]:0" },
  { recv = "c", when = { number = 2 } },
  { socket = "s", type = "udp6" },
]
answer = "case {number}"
"#;

#[test]
fn each_host_has_addresses_of_its_own() {
    let Some(engine) = Engine::of(Container::new()) else {
        return;
    };
    let cases = cases(THERE_AND_BACK);
    let run = carry_out(&Container::new(), &cases);
    assert_eq!(
        results(&cases, &run),
        ["told by 198.51.100.1 to ::ffff:198.51.100.2"]
    );
    let ready = &run.conditions[0].ready;
    assert_eq!(
        ready.means[1..],
        [
            "a container for each host, on a bridge network of the engine",
            "addresses given to its link, on server",
            "addresses given to its link, on client",
        ],
    );
    assert_eq!(engine.mine(), Vec::<String>::new());
}

#[rstest]
#[case::ipv4_disabled("ipv4", "disabled", "udp4", "EAFNOSUPPORT")]
#[case::ipv6_disabled("ipv6", "disabled", "udp6", "EAFNOSUPPORT")]
#[case::ipv6_off("ipv6", "off", "udp6", "EADDRNOTAVAIL")]
fn both_are_as_required(
    #[case] family: &str,
    #[case] wanted: &str,
    #[case] kind: &str,
    #[case] error: &str,
) {
    let Some(engine) = Engine::of(Container::new()) else {
        return;
    };
    let cases = cases(&format!(
        r#"
requires = {{ {family} = "{wanted}" }}
hosts = ["server", "client"]
parameters = {{ host = ["server", "client"] }}
steps = [
  {{ socket = "s", type = "{kind}", host = "{{host}}", result = "any", save = "made" }},
  {{ bind = "s", to = "[::1]:0", result = "any", save = "bound", when = {{ made = "ok" }} }},
]
answer = [{{ say = "{{bound}}", when = {{ made = "ok" }} }}, {{ say = "{{made}}" }}]
"#
    ));
    let run = carry_out(&Container::new(), &cases);
    assert_eq!(results(&cases, &run), [error, error]);
    assert_eq!(engine.mine(), Vec::<String>::new());
}

#[test]
fn a_host_that_is_removed_in_the_middle_costs_the_case_at_hand() {
    let Some(engine) = Engine::of(Container::new()) else {
        return;
    };
    let cases = cases(WAITING_CLIENT);
    let cases: Vec<&Case> = cases.iter().collect();
    let mut hosts = Vec::new();
    let run = run(&Container::new(), &cases, Terms::default(), |event| {
        if matches!(event, Event::Answered { .. }) && hosts.is_empty() {
            hosts = engine.mine();
            let containers = &hosts[..2];
            containers.iter().for_each(|name| engine.remove(name));
        }
    });
    assert_eq!(hosts.len(), 3, "two containers and a network: {hosts:?}");
    let came_to: Vec<_> = run.ran.iter().map(|ran| &ran.result).collect();
    let [
        CaseResult::Observed(_),
        CaseResult::Lost(broken),
        CaseResult::Observed(_),
    ] = came_to.as_slice()
    else {
        panic!("{came_to:?}");
    };
    assert!(broken.what.ends_with("on client"), "{broken:?}");
    assert_eq!(engine.mine(), Vec::<String>::new());
}

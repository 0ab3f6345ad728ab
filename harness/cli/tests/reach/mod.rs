//! A scenario that tries to reach beyond the lab, in every way that the language has.

use dualstack_scenario::{Scenario, SourceFile};

const REACH: &str = r#"
title = "Beyond the lab"
ask = "Is a call made that would reach beyond the lab?"
requires = { ipv4 = "any", ipv6 = "any" }
rows = [
  { name = "connect, IPv4",              verb = "connect", type = "udp4", to = "10.1.2.3:9" },
  { name = "connect, TCP",               verb = "connect", type = "tcp4", to = "169.254.169.254:80" },
  { name = "connect, IPv6",              verb = "connect", type = "udp6", to = "[fd00:ec2::254]:80" },
  { name = "connect, mapped",            verb = "connect", type = "udp6", to = "[::ffff:10.1.2.3]:9" },
  { name = "connect, NAT64",             verb = "connect", type = "udp6", to = "[64:ff9b::a01:203]:9" },
  { name = "connect, public",            verb = "connect", type = "udp4", to = "8.8.8.8:9" },
  { name = "connect, shared",            verb = "connect", type = "udp4", to = "100.64.0.1:9" },
  { name = "connect, public IPv6",       verb = "connect", type = "udp6", to = "[2606:4700::1]:9" },
  { name = "connect, compatible",        verb = "connect", type = "udp6", to = "[::10.1.2.3]:9" },
  { name = "connect, 6to4",              verb = "connect", type = "udp6", to = "[2002:a01:203::1]:9" },
  { name = "connect, link-local",        verb = "connect", type = "udp6", to = "[fe80::1%1]:9" },
  { name = "sendto, broadcast",          verb = "sendto",  type = "udp4", to = "255.255.255.255:9" },
  { name = "sendto, group",              verb = "sendto",  type = "udp6", to = "[ff02::1]:9" },
  { name = "sendmsg, mapped",            verb = "sendmsg", type = "udp6", to = "[::ffff:192.168.0.1]:9" },
  { name = "join, IPv4",                 verb = "join4",   type = "udp4", to = "127.0.0.1:9" },
  { name = "join, IPv6",                 verb = "join6",   type = "udp6", to = "[::1]:9" },
  { name = "getaddrinfo",                verb = "resolve", type = "udp4", to = "127.0.0.1:9" },
]
steps = [
  { socket = "s", type = "{type}" },
  { connect = "s", to = "{to}", result = "any", when = { verb = "connect" } },
  { sendto = "s", to = "{to}", data = "x", result = "any", when = { verb = "sendto" } },
  { sendmsg = "s", to = "{to}", data = "x", result = "any", when = { verb = "sendmsg" } },
  { setsockopt = "s", IP_ADD_MEMBERSHIP = { imr_multiaddr = "224.1.2.3", imr_interface = "0.0.0.0" }, result = "any", when = { verb = "join4" } },
  { setsockopt = "s", IPV6_JOIN_GROUP = { ipv6mr_multiaddr = "ff05::1:2", ipv6mr_interface = 0 }, result = "any", when = { verb = "join6" } },
  { getaddrinfo = "secret.example.com", result = "any", when = { verb = "resolve" } },
]
answer = "it was"
"#;

/// The scenario, a case a way.
pub(crate) fn scenario() -> Scenario {
    Scenario::parse("reach/beyond", SourceFile::new("reach.toml", REACH))
        .unwrap_or_else(|problems| panic!("{problems}"))
}

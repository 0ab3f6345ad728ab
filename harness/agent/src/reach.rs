//! Which addresses a case may send to.
//!
//! A scenario may come from anyone, and the machine may have a network with secrets.
//! So by default a case reaches only what nobody else can be behind. The agent checks the
//! address that it is about to give to the system, after all values are filled in.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use dualstack_scenario::HostFacts;

/// What cases may reach.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// Loopback, the unspecified addresses, the ranges for documentation, and the hosts of
    /// the case.
    #[default]
    Lab,
    /// Everything that the system reaches.
    Everything,
}

/// The ranges for documentation, RFC 5737: the first three bytes of each.
const DOCUMENTATION: [[u8; 3]; 3] = [[192, 0, 2], [198, 51, 100], [203, 0, 113]];

impl Reach {
    /// Refuses an address that a case may not send to.
    pub(crate) fn allow(self, ip: IpAddr, hosts: &[HostFacts]) -> Result<(), String> {
        if self == Self::Everything || is_of_the_lab(ip, hosts) {
            return Ok(());
        }
        Err(format!(
            "{ip} may not be reached: a case reaches loopback, the ranges for documentation \
             and its own hosts; --allow-network allows everything"
        ))
    }

    /// Refuses a name that could be asked of a server elsewhere. An address is never
    /// resolved, and `localhost` stands in the system's own file.
    pub(crate) fn allow_name(self, node: &str) -> Result<(), String> {
        let is_known = match node.split_once('%') {
            // What is before a scope must be an address: any other text with a `%` is a name,
            // which glibc resolves as a whole.
            Some((host, _)) => host.parse::<Ipv6Addr>().is_ok(),
            None => matches!(node, "" | "localhost") || node.parse::<IpAddr>().is_ok(),
        };
        if self == Self::Everything || is_known {
            return Ok(());
        }
        Err(format!(
            "{node:?} may not be resolved: that could ask a server elsewhere; a case resolves \
             addresses, `localhost`, and any name with AI_NUMERICHOST; --allow-network allows \
             everything"
        ))
    }
}

fn is_of_the_lab(ip: IpAddr, hosts: &[HostFacts]) -> bool {
    match ip {
        IpAddr::V4(ip) => is_local_ipv4(ip),
        IpAddr::V6(ip) => match ip.to_ipv4_mapped() {
            Some(mapped) => is_local_ipv4(mapped),
            None => is_local_ipv6(ip) || hosts.iter().any(|host| host.linklocal == ip),
        },
    }
}

fn is_local_ipv4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    ip.is_loopback() || ip.is_unspecified() || DOCUMENTATION.contains(&[a, b, c])
}

/// RFC 3849: 2001:db8::/32; RFC 9637: 3fff::/20.
fn is_local_ipv6(ip: Ipv6Addr) -> bool {
    let [first, second, ..] = ip.segments();
    let documentation = (first, second) == (0x2001, 0xdb8) || (first, second >> 12) == (0x3fff, 0);
    ip.is_loopback() || ip.is_unspecified() || documentation
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    fn the_lab_is_reached(
        #[values(
            "127.0.0.1",
            "127.255.255.254",
            "0.0.0.0",
            "192.0.2.1",
            "198.51.100.255",
            "203.0.113.9",
            "::1",
            "::",
            "::ffff:127.0.0.1",
            "::ffff:0.0.0.0",
            "::ffff:192.0.2.1",
            "2001:db8::1",
            "2001:db8:ffff::1",
            "3fff:fff::1"
        )]
        ip: IpAddr,
    ) {
        assert_eq!(Reach::Lab.allow(ip, &[]), Ok(()));
    }

    /// Each kind of address that something else can be behind.
    #[rstest]
    #[case::private("10.0.0.1")]
    #[case::private_mapped("::ffff:192.168.1.1")]
    #[case::shared("100.64.0.1")]
    #[case::public("8.8.8.8")]
    #[case::public_mapped("::ffff:8.8.8.8")]
    #[case::metadata("169.254.169.254")]
    #[case::metadata_mapped("::ffff:169.254.169.254")]
    #[case::metadata_ipv6("fd00:ec2::254")]
    #[case::broadcast("255.255.255.255")]
    #[case::multicast("224.0.0.1")]
    #[case::multicast_ipv6("ff02::1")]
    #[case::beside_documentation("192.0.3.1")]
    #[case::beside_documentation_ipv6("2001:db9::1")]
    #[case::beside_new_documentation_ipv6("3fff:1000::1")]
    #[case::compatible("::127.0.0.1")]
    #[case::nat64("64:ff9b::7f00:1")]
    #[case::to_6to4("2002:7f00:1::1")]
    #[case::unique_local("fd00::1")]
    #[case::link_local("fe80::1")]
    #[case::global("2606:4700::1")]
    fn everything_else_is_refused_and_can_be_allowed(#[case] ip: IpAddr) {
        let refused = Reach::Lab.allow(ip, &[]).unwrap_err();
        assert!(refused.contains("--allow-network"), "{refused}");
        assert_eq!(Reach::Everything.allow(ip, &[]), Ok(()));
    }

    #[rstest]
    #[case("", true)]
    #[case("localhost", true)]
    #[case("127.0.0.1", true)]
    #[case("192.168.1.1", true)]
    #[case("fe80::1%lo", true)]
    #[case("example.com", false)]
    #[case("localhost.example.com", false)]
    #[case("printer.local", false)]
    #[case("0x7f.1", false)]
    #[case("%.example.com", false)]
    #[case("%lo", false)]
    #[case("localhost%.example.com", false)]
    #[case("127.0.0.1%.example.com", false)]
    fn names_that_a_server_could_be_asked_are_refused(#[case] node: &str, #[case] allowed: bool) {
        assert_eq!(Reach::Lab.allow_name(node).is_ok(), allowed);
        assert_eq!(Reach::Everything.allow_name(node), Ok(()));
    }
}

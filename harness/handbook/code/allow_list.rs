use std::net::IpAddr;

/// The addresses that share their first bits with this one, such as 10.0.0.0/8.
pub struct Network {
    address: IpAddr,
    bits: u32,
}

impl Network {
    /// Takes no mapped address: 10.0.0.0/8 has one form, in the list as in the check.
    pub fn new(address: IpAddr, bits: u32) -> Option<Self> {
        let width = if address.is_ipv4() { 32 } else { 128 };
        let canonical = address.to_canonical() == address;
        (canonical && bits <= width).then_some(Self { address, bits })
    }

    /// Whether a host is in it, in whichever form the system wrote its address.
    pub fn contains(&self, host: IpAddr) -> bool {
        let (differing, width): (u128, u32) = match (self.address, host.to_canonical()) {
            (IpAddr::V4(a), IpAddr::V4(b)) => ((a.to_bits() ^ b.to_bits()).into(), 32),
            (IpAddr::V6(a), IpAddr::V6(b)) => (a.to_bits() ^ b.to_bits(), 128),
            _ => return false,
        };
        differing.checked_shr(width - self.bits).unwrap_or(0) == 0
    }
}

// How it is checked.

use crate::place::Place;

pub(crate) fn check(_: &Place) {
    let ip = |text: &str| text.parse::<IpAddr>().unwrap();
    let network = |address, bits| Network::new(ip(address), bits).unwrap();
    for (network, inside, outside) in [
        (network("10.0.0.0", 8), "10.1.2.3", "11.0.0.1"),
        (network("10.0.0.0", 8), "::ffff:10.1.2.3", "::ffff:11.0.0.1"),
        (network("192.0.2.1", 32), "::ffff:192.0.2.1", "192.0.2.0"),
        (network("0.0.0.0", 0), "::ffff:192.0.2.1", "2001:db8::1"),
        (network("2001:db8::", 32), "2001:db8::1", "2001:db9::1"),
        (network("::", 0), "2001:db8::1", "::ffff:192.0.2.1"),
    ] {
        assert!(network.contains(ip(inside)), "{inside}");
        assert!(!network.contains(ip(outside)), "{outside}");
    }
    assert!(Network::new(ip("::ffff:10.0.0.0"), 104).is_none());
    assert!(Network::new(ip("10.0.0.0"), 33).is_none());
}

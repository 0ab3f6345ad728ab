import ipaddress


def unmapped(host):
    """The first field of a peer's address as one object for one host."""
    address = ipaddress.ip_address(host)
    return getattr(address, "ipv4_mapped", None) or address


# How it is checked.

for host, expected in [
    ("::ffff:192.0.2.1", "192.0.2.1"),
    ("192.0.2.1", "192.0.2.1"),
    ("2001:db8::1", "2001:db8::1"),
    ("fe80::1%eth0", "fe80::1%eth0"),
]:
    assert str(unmapped(host)) == expected

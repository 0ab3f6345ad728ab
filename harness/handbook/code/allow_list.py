import ipaddress

ALLOWED = [ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("2001:db8::/32")]


def is_allowed(host):
    """Whether a host is in one of the networks, in whichever form its address is."""
    address = ipaddress.ip_address(host)
    address = getattr(address, "ipv4_mapped", None) or address
    return any(address in network for network in ALLOWED)


# How it is checked.

for host in ["10.1.2.3", "::ffff:10.1.2.3", "2001:db8::1"]:
    assert is_allowed(host), host
for host in ["11.0.0.1", "::ffff:11.0.0.1", "2001:db9::1"]:
    assert not is_allowed(host), host

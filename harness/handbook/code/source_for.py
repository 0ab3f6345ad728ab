import socket


def source_for(destination):
    """The address that a destination is reached from. Nothing is sent."""
    family = socket.AF_INET6 if ":" in destination[0] else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as s:
        s.connect(destination)
        return s.getsockname()[0]


# How it is checked.

for loopback in ["127.0.0.1", "::1"]:
    assert source_for((loopback, 9)) == loopback

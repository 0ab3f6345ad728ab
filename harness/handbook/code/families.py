import errno
import socket


def is_there(family, loopback):
    """Whether a socket of the family can have an address. socket.has_ipv6 does not tell."""
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as s:
            s.bind((loopback, 0))
        return True
    except OSError as error:
        if error.errno in (errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL):
            return False
        raise


# How it is checked.

assert is_there(socket.AF_INET, "127.0.0.1") and is_there(socket.AF_INET6, "::1")
assert not is_there(socket.AF_INET6, "2001:db8::1")

import socket


def connect_any(name, port, patience=5):
    """A connection to the first address of a name that answers; it tries all of them."""
    return socket.create_connection((name, port), timeout=patience)


# How it is checked.

for ip in ["127.0.0.1", "::1"]:
    family = socket.AF_INET6 if ":" in ip else socket.AF_INET
    server = socket.create_server((ip, 0), family=family)
    port = server.getsockname()[1]
    answers = [
        (f, socket.SOCK_STREAM, 0, "", (address, port))
        for f, address in [(socket.AF_INET6, "::1"), (socket.AF_INET, "127.0.0.1")]
    ]
    socket.getaddrinfo = lambda *_, answers=answers: answers
    assert connect_any("a name with both addresses", port).getpeername()[0] == ip

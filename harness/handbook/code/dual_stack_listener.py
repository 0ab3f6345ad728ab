import socket


def dual_stack_listener(port):
    """One listener for IPv6 and IPv4 clients; create_server clears IPV6_V6ONLY."""
    return socket.create_server(("", port), family=socket.AF_INET6, dualstack_ipv6=True)


# How it is checked.

listener = dual_stack_listener(0)
port = listener.getsockname()[1]
for ip, peer in [("127.0.0.1", "::ffff:127.0.0.1"), ("::1", "::1")]:
    client = socket.create_connection((ip, port))
    assert listener.accept()[1][0] == peer

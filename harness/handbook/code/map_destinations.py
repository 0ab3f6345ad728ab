def mapped(host, port):
    """An IPv4 destination in the form that an AF_INET6 socket takes everywhere."""
    return ("::ffff:" + host, port, 0, 0)


# How it is checked.

import socket

server = socket.create_server(("127.0.0.1", 0))
client = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
client.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
client.connect(mapped(*server.getsockname()))
assert server.accept()[1][0] == "127.0.0.1"

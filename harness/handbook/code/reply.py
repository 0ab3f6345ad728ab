import ipaddress
import socket
import struct

IP_PKTINFO = getattr(socket, "IP_PKTINFO", 8)  # 8 is Linux


def reply(s, data, to, source):
    """Answers from the address that was asked, with one message, of its protocol."""
    if source.version == 4:
        info = struct.pack("I4s4x", 0, source.packed)  # ipi_ifindex, ipi_spec_dst
        message = (socket.IPPROTO_IP, IP_PKTINFO, info)
    else:
        info = struct.pack("16sI", source.packed, to[3])  # ipi6_addr, ipi6_ifindex
        message = (socket.IPPROTO_IPV6, socket.IPV6_PKTINFO, info)
    return s.sendmsg([data], [message], 0, to)


# How it is checked.

server = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
server.bind(("::", 0))
for own, asked in [("127.0.0.1", "127.0.0.2"), ("::1", "::1")]:
    client = socket.socket(socket.AF_INET6 if ":" in own else socket.AF_INET, socket.SOCK_DGRAM)
    client.bind((own, 0))
    client.sendto(b"ping", (asked, server.getsockname()[1]))
    reply(server, b"pong", server.recvfrom(8)[1], ipaddress.ip_address(asked))
    assert client.recvfrom(8)[1][0] == asked

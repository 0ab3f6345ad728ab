import ipaddress
import socket

IP_PKTINFO = getattr(socket, "IP_PKTINFO", 8)  # 8 is Linux


def receiver(port):
    """A dual-stack UDP server that learns the address that a datagram was sent to."""
    s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)
    s.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)
    s.bind(("::", port))
    return s


def receive(s):
    """The data, who sent it, and the address that it was sent to, if the system told."""
    room = socket.CMSG_SPACE(12) + socket.CMSG_SPACE(20)  # in_pktinfo and in6_pktinfo
    data, messages, _, sender = s.recvmsg(2048, room)
    sent_to = None
    for level, kind, value in messages:
        if (level, kind) == (socket.IPPROTO_IPV6, socket.IPV6_PKTINFO):
            address = ipaddress.IPv6Address(value[:16])
            sent_to = address.ipv4_mapped or address
        elif (level, kind) == (socket.IPPROTO_IP, IP_PKTINFO):
            sent_to = ipaddress.IPv4Address(value[8:12])
    return data, sender, sent_to


# How it is checked.

server = receiver(0)
for ip in ["127.0.0.1", "127.0.0.2", "::1"]:
    client = socket.socket(socket.AF_INET6 if ":" in ip else socket.AF_INET, socket.SOCK_DGRAM)
    client.sendto(b"ping", (ip, server.getsockname()[1]))
    data, _, sent_to = receive(server)
    assert (data, str(sent_to)) == (b"ping", ip), (data, sent_to)

#define _GNU_SOURCE /* for struct in6_pktinfo */
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

/* Before bind, on a dual-stack socket. IP_PKTINFO may fail where there is no IPv4. */
int ask_for_both(int s)
{
    int on = 1;
    setsockopt(s, IPPROTO_IP, IP_PKTINFO, &on, sizeof on);
    return setsockopt(s, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof on);
}

/* Receives a datagram, and the address that it was sent to, an IPv4 one as a mapped
   address; `::` if the system told nothing. */
ssize_t receive(int s, void *data, size_t size, struct sockaddr_in6 *from, struct in6_addr *sent_to)
{
    union {
        char room[CMSG_SPACE(sizeof(struct in_pktinfo)) + CMSG_SPACE(sizeof(struct in6_pktinfo))];
        struct cmsghdr align;
    } control;
    struct iovec iov = {.iov_base = data, .iov_len = size};
    struct msghdr m = {.msg_name = from, .msg_namelen = sizeof *from, .msg_iov = &iov,
                       .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    ssize_t n = recvmsg(s, &m, 0);
    struct cmsghdr *c;
    *sent_to = in6addr_any;
    for (c = n < 0 ? NULL : CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
        if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
            memcpy(sent_to, CMSG_DATA(c) + offsetof(struct in6_pktinfo, ipi6_addr), 16);
        } else if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
            memcpy(sent_to, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);
            memcpy(&sent_to->s6_addr[12], CMSG_DATA(c) + offsetof(struct in_pktinfo, ipi_addr), 4);
        }
    }
    return n;
}

/* How it is checked. */

#include "check.h"

static void asks(int s, const char *ip, const char *expected)
{
    char data[8], text[INET6_ADDRSTRLEN];
    struct sockaddr_in6 from;
    struct in6_addr sent_to;
    assert(send(client(SOCK_DGRAM, ip, port_of(s)), "ping", 4, 0) == 4);
    assert(receive(s, data, sizeof data, &from, &sent_to) == 4);
    assert(strcmp(inet_ntop(AF_INET6, &sent_to, text, sizeof text), expected) == 0);
}

int main(void)
{
    int off = 0, s = socket(AF_INET6, SOCK_DGRAM, 0);
    struct sockaddr_in6 any = {.sin6_family = AF_INET6};
    assert(setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) == 0);
    assert(ask_for_both(s) == 0);
    assert(bind(s, (struct sockaddr *)&any, sizeof any) == 0);
    asks(s, "127.0.0.1", "::ffff:127.0.0.1");
    asks(s, "127.0.0.2", "::ffff:127.0.0.2");
    asks(s, "::1", "::1");
}

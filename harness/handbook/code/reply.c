#define _GNU_SOURCE /* for struct in6_pktinfo */
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

/* Answers from the address that was asked, which may be a mapped one. One message, the
   one of the destination's protocol. */
ssize_t reply(int s, const void *data, size_t size, const struct sockaddr_in6 *to,
              const struct in6_addr *from)
{
    union {
        char room[CMSG_SPACE(sizeof(struct in6_pktinfo))];
        struct cmsghdr align;
    } control = {0};
    struct in_pktinfo v4 = {0};
    struct in6_pktinfo v6 = {.ipi6_addr = *from, .ipi6_ifindex = to->sin6_scope_id};
    int is_v4 = IN6_IS_ADDR_V4MAPPED(from);
    size_t length = is_v4 ? sizeof v4 : sizeof v6;
    struct iovec iov = {.iov_base = (void *)data, .iov_len = size};
    struct msghdr m = {.msg_name = (void *)to, .msg_namelen = sizeof *to, .msg_iov = &iov,
                       .msg_iovlen = 1, .msg_control = &control,
                       .msg_controllen = CMSG_SPACE(length)};
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    memcpy(&v4.ipi_spec_dst, &from->s6_addr[12], 4);
    c->cmsg_level = is_v4 ? IPPROTO_IP : IPPROTO_IPV6;
    c->cmsg_type = is_v4 ? IP_PKTINFO : IPV6_PKTINFO;
    c->cmsg_len = CMSG_LEN(length);
    memcpy(CMSG_DATA(c), is_v4 ? (void *)&v4 : (void *)&v6, length);
    return sendmsg(s, &m, 0);
}

/* How it is checked. */

#include "check.h"

static void answers(int server, const char *ip)
{
    socklen_t length, size = sizeof(struct sockaddr_in6);
    struct sockaddr_storage asked = address(ip, port_of(server), &length), got;
    struct sockaddr_in6 from;
    struct in6_addr source;
    char data[8], mapped[64];
    int c = bound(SOCK_DGRAM, asked.ss_family == AF_INET ? "127.0.0.1" : "::1");
    assert(sendto(c, "ping", 4, 0, (struct sockaddr *)&asked, length) == 4);
    assert(recvfrom(server, data, sizeof data, 0, (struct sockaddr *)&from, &size) == 4);
    snprintf(mapped, sizeof mapped, "%s%s", strchr(ip, ':') ? "" : "::ffff:", ip);
    assert(inet_pton(AF_INET6, mapped, &source) == 1);
    assert(reply(server, "pong", 4, &from, &source) == 4);
    length = sizeof got;
    assert(recvfrom(c, data, sizeof data, 0, (struct sockaddr *)&got, &length) == 4);
    assert(memcmp(&got, &asked, asked.ss_family == AF_INET ? 8 : 28) == 0);
}

int main(void)
{
    int off = 0, s = socket(AF_INET6, SOCK_DGRAM, 0);
    struct sockaddr_in6 any = {.sin6_family = AF_INET6};
    assert(setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) == 0);
    assert(bind(s, (struct sockaddr *)&any, sizeof any) == 0);
    answers(s, "127.0.0.1");
    answers(s, "127.0.0.2");
    answers(s, "::1");
}

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* 1: IPv6 is there. 0: no sockets, or no address. -1: something else is wrong. */
int is_ipv6_there(void)
{
    struct sockaddr_in6 loopback = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    int there, s = socket(AF_INET6, SOCK_DGRAM, 0);
    if (s < 0)
        return errno == EAFNOSUPPORT ? 0 : -1;
    there = bind(s, (struct sockaddr *)&loopback, sizeof loopback) == 0;
    if (!there && errno != EADDRNOTAVAIL)
        there = -1;
    close(s);
    return there;
}

/* How it is checked. */

#include "check.h"

int main(void)
{
    assert(is_ipv6_there() == 1);
}

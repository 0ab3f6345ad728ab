#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

/* Turns a mapped address into the sockaddr_in that it stands for; leaves others alone. */
void unmap(struct sockaddr_storage *peer, socklen_t *length)
{
    struct sockaddr_in6 v6;
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    if (peer->ss_family != AF_INET6)
        return;
    memcpy(&v6, peer, sizeof v6);
    if (!IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr))
        return;
    v4.sin_port = v6.sin6_port;
    memcpy(&v4.sin_addr, &v6.sin6_addr.s6_addr[12], 4);
    memcpy(peer, &v4, sizeof v4);
    *length = sizeof v4;
}

/* How it is checked. */

#include "check.h"

static void becomes(const char *from, const char *to)
{
    socklen_t length, expected_length;
    struct sockaddr_storage peer = address(from, 80, &length);
    struct sockaddr_storage expected = address(to, 80, &expected_length);
    unmap(&peer, &length);
    assert(length == expected_length && memcmp(&peer, &expected, length) == 0);
}

int main(void)
{
    becomes("::ffff:192.0.2.1", "192.0.2.1");
    becomes("192.0.2.1", "192.0.2.1");
    becomes("2001:db8::1", "2001:db8::1");
}

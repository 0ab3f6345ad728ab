#include <netinet/in.h>
#include <string.h>

/* An IPv4 destination in the form that an AF_INET6 socket takes everywhere. */
struct sockaddr_in6 mapped(const struct sockaddr_in *destination)
{
    struct sockaddr_in6 to = {.sin6_family = AF_INET6, .sin6_port = destination->sin_port};
    to.sin6_addr.s6_addr[10] = to.sin6_addr.s6_addr[11] = 0xff;
    memcpy(&to.sin6_addr.s6_addr[12], &destination->sin_addr, 4);
    return to;
}

/* How it is checked. */

#include "check.h"

int main(void)
{
    int server = bound(SOCK_STREAM, "127.0.0.1"), off = 0;
    struct sockaddr_in name;
    socklen_t length = sizeof name;
    assert(listen(server, 8) == 0);
    assert(getsockname(server, (struct sockaddr *)&name, &length) == 0);
    struct sockaddr_in6 to = mapped(&name);
    int s = socket(AF_INET6, SOCK_STREAM, 0);
    assert(setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) == 0);
    assert(connect(s, (struct sockaddr *)&to, sizeof to) == 0);
}

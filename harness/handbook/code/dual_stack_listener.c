#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

/* One listener for IPv6 and IPv4 clients, or -1. */
int dual_stack_listener(in_port_t port)
{
    struct sockaddr_in6 any = {
        .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_ANY_INIT, .sin6_port = htons(port)};
    int off = 0, s = socket(AF_INET6, SOCK_STREAM, 0);
    if (s < 0)
        return -1;
    if (setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) /* before bind */
        || bind(s, (struct sockaddr *)&any, sizeof any) || listen(s, 128)) {
        close(s);
        return -1;
    }
    return s;
}

/* How it is checked. */

#include "check.h"

int main(void)
{
    int listener = dual_stack_listener(0);
    assert(listener >= 0);
    client(SOCK_STREAM, "127.0.0.1", port_of(listener));
    assert(accept(listener, NULL, NULL) >= 0);
    client(SOCK_STREAM, "::1", port_of(listener));
    assert(accept(listener, NULL, NULL) >= 0);
    assert(dual_stack_listener(port_of(listener)) == -1);
}

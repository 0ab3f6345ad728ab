#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A connection to the first address of a name that answers, or -1. */
int connect_any(const char *name, const char *port)
{
    struct addrinfo hints, *list, *a;
    int s = -1;
    memset(&hints, 0, sizeof hints);
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    if (getaddrinfo(name, port, &hints, &list))
        return -1;
    for (a = list; a; a = a->ai_next) {
        /* A new socket for each attempt, of the address's own family. */
        s = socket(a->ai_family, a->ai_socktype, a->ai_protocol);
        if (s < 0)
            continue;
        if (connect(s, a->ai_addr, a->ai_addrlen) == 0)
            break;
        close(s);
        s = -1;
    }
    freeaddrinfo(list);
    return s;
}

/* How it is checked. */

#include "check.h"

int main(void)
{
    char port[8];
    int server = bound(SOCK_STREAM, "127.0.0.1"), closed = bound(SOCK_STREAM, "::1");
    assert(listen(server, 8) == 0);
    snprintf(port, sizeof port, "%d", port_of(server));
    assert(connect_any("127.0.0.1", port) >= 0);
    assert(accept(server, NULL, NULL) >= 0);
    snprintf(port, sizeof port, "%d", port_of(closed));
    assert(connect_any("::1", port) == -1);
}

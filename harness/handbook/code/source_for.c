#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

/* The address that a destination is reached from, or -1. Nothing is sent. */
int source_for(const struct sockaddr *to, socklen_t length, struct sockaddr_storage *source)
{
    socklen_t size = sizeof *source;
    int found, s = socket(to->sa_family, SOCK_DGRAM, 0);
    if (s < 0)
        return -1;
    found = connect(s, to, length) == 0 && getsockname(s, (struct sockaddr *)source, &size) == 0;
    close(s);
    return found ? 0 : -1;
}

/* How it is checked. */

#include "check.h"

int main(void)
{
    socklen_t length;
    struct sockaddr_storage source, v4 = address("127.0.0.1", 9, &length);
    assert(source_for((struct sockaddr *)&v4, length, &source) == 0);
    assert(memcmp(&((struct sockaddr_in *)&source)->sin_addr, "\x7f\0\0\1", 4) == 0);
    struct sockaddr_storage v6 = address("::1", 9, &length);
    assert(source_for((struct sockaddr *)&v6, length, &source) == 0);
    assert(IN6_IS_ADDR_LOOPBACK(&((struct sockaddr_in6 *)&source)->sin6_addr));
}

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

/* Accepts a client and writes its address as text, with the scope of a link-local one. */
int accept_any(int listener, char host[NI_MAXHOST])
{
    struct sockaddr_storage peer; /* room for every family */
    socklen_t length = sizeof peer;
    int s = accept(listener, (struct sockaddr *)&peer, &length);
    if (s < 0)
        return -1;
    if (length > sizeof peer
        || getnameinfo((struct sockaddr *)&peer, length, host, NI_MAXHOST, NULL, 0,
                       NI_NUMERICHOST)) {
        close(s);
        return -1;
    }
    return s;
}

/* How it is checked. */

#include "check.h"

int main(void)
{
    const char *both[] = {"127.0.0.1", "::1"};
    char host[NI_MAXHOST];
    for (int i = 0; i < 2; i++) {
        int listener = bound(SOCK_STREAM, both[i]);
        assert(listen(listener, 8) == 0);
        client(SOCK_STREAM, both[i], port_of(listener));
        assert(accept_any(listener, host) >= 0 && strcmp(host, both[i]) == 0);
    }
}

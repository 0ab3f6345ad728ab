/* What the checks of the C code share. */
#include <arpa/inet.h>
#include <assert.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static inline struct sockaddr_storage address(const char *ip, in_port_t port, socklen_t *length)
{
    struct sockaddr_storage s;
    struct sockaddr_in *v4 = (struct sockaddr_in *)&s;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&s;
    memset(&s, 0, sizeof s);
    if (inet_pton(AF_INET, ip, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(port);
        *length = sizeof *v4;
    } else {
        assert(inet_pton(AF_INET6, ip, &v6->sin6_addr) == 1);
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(port);
        *length = sizeof *v6;
    }
    return s;
}

static inline in_port_t port_of(int s)
{
    struct sockaddr_storage name;
    socklen_t length = sizeof name;
    assert(getsockname(s, (struct sockaddr *)&name, &length) == 0);
    return ntohs(name.ss_family == AF_INET ? ((struct sockaddr_in *)&name)->sin_port
                                           : ((struct sockaddr_in6 *)&name)->sin6_port);
}

static inline int bound(int type, const char *ip)
{
    socklen_t length;
    struct sockaddr_storage name = address(ip, 0, &length);
    int s = socket(name.ss_family, type, 0);
    assert(s >= 0 && bind(s, (struct sockaddr *)&name, length) == 0);
    return s;
}

static inline int client(int type, const char *ip, in_port_t port)
{
    socklen_t length;
    struct sockaddr_storage to = address(ip, port, &length);
    int s = socket(to.ss_family, type, 0);
    assert(s >= 0 && connect(s, (struct sockaddr *)&to, length) == 0);
    return s;
}

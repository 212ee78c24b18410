/* Addresses and listening sockets. */
#ifndef HUB_SERVE_SOCKET_H
#define HUB_SERVE_SOCKET_H

#include "base/err.h"

#include <sys/socket.h>

/* "127.0.0.1:8425", "[::1]:8425", ":8425" for every address; port 0 takes a free one. The socket is
 * listening and closed on exec. */
int hub_socket_listen(struct hub_str address, int *fd, struct hub_err *err);
/* Can the address be read? */
int hub_socket_check(struct hub_str address, struct hub_err *err);
/* Port of a listening socket; 0 when it has none. */
unsigned hub_socket_port(int fd);
/* Is the address one that only this machine reaches? */
int hub_socket_is_local(struct hub_str address);
/* "192.0.2.7", "2001:db8::1"; empty for anything else. */
void hub_socket_host(const struct sockaddr *sa, char *out, size_t size);

#endif

#include "serve/socket.h"

#include "base/str.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <unistd.h>

/* "HOST:PORT" -> a socket address; numbers only, so that no name server decides who may connect. */
static int parse(struct hub_str address, struct sockaddr_storage *out, socklen_t *len)
{
	size_t colon = address.len;
	char host[64];
	int64_t port;

	while (colon > 0 && address.ptr[colon - 1] != ':')
		colon--;
	if (!colon || hub_parse_i64(hub_str_from(address, colon), 0, 65535, &port))
		return -1;
	struct hub_str name = hub_str_cut(address, 0, colon - 1);
	if (hub_str_starts(name, HUB_STR("[")) && hub_str_ends(name, HUB_STR("]")))
		name = hub_str_cut(name, 1, name.len - 1);
	if (!name.len)
		name = HUB_STR("::");
	if (name.len >= sizeof host)
		return -1;
	snprintf(host, sizeof host, "%.*s", HUB_FMT(name));
	*out = (struct sockaddr_storage){0};
	struct sockaddr_in *v4 = (struct sockaddr_in *)(void *)out;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)(void *)out;
	if (inet_pton(AF_INET, host, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons((uint16_t)port);
		*len = sizeof *v4;
		return 0;
	}
	if (inet_pton(AF_INET6, host, &v6->sin6_addr) != 1)
		return -1;
	v6->sin6_family = AF_INET6;
	v6->sin6_port = htons((uint16_t)port);
	*len = sizeof *v6;
	return 0;
}

static int read_address(struct hub_str address, struct sockaddr_storage *sa, socklen_t *len,
			struct hub_err *err)
{
	if (!parse(address, sa, len))
		return HUB_OK;
	hub_fail(err, HUB_CONF, "bad-address", "\"%.*s\" is not an address to listen on",
		 HUB_FMT(address));
	hub_hint(err, "Write 127.0.0.1:8425, [::1]:8425, or :8425 for every address.");
	return HUB_CONF;
}

int hub_socket_check(struct hub_str address, struct hub_err *err)
{
	struct sockaddr_storage sa;
	socklen_t len;

	return read_address(address, &sa, &len, err);
}

int hub_socket_listen(struct hub_str address, int *fd, struct hub_err *err)
{
	struct sockaddr_storage sa;
	socklen_t len;
	char name[96];

	snprintf(name, sizeof name, "%.*s", HUB_FMT(address));
	if (read_address(address, &sa, &len, err))
		return HUB_CONF;
	const int s = socket(sa.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	const int on = 1;
	if (s == -1)
		return hub_fail_sys(err, HUB_RETRY, "cannot-listen", errno, name);
	if (setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) ||
	    bind(s, (const struct sockaddr *)&sa, len) || listen(s, 511)) {
		const int rc = hub_fail_sys(err, HUB_RETRY, "cannot-listen", errno, name);
		close(s);
		return rc;
	}
	*fd = s;
	return HUB_OK;
}

unsigned hub_socket_port(int fd)
{
	struct sockaddr_storage sa;
	socklen_t len = sizeof sa;

	if (getsockname(fd, (struct sockaddr *)&sa, &len))
		return 0;
	return sa.ss_family == AF_INET6  ? ntohs(((struct sockaddr_in6 *)(void *)&sa)->sin6_port)
	       : sa.ss_family == AF_INET ? ntohs(((struct sockaddr_in *)(void *)&sa)->sin_port)
					 : 0;
}

int hub_socket_is_local(struct hub_str address)
{
	struct sockaddr_storage sa;
	socklen_t len;

	if (parse(address, &sa, &len))
		return 0;
	if (sa.ss_family == AF_INET6)
		return IN6_IS_ADDR_LOOPBACK(&((struct sockaddr_in6 *)(void *)&sa)->sin6_addr);
	return ntohl(((struct sockaddr_in *)(void *)&sa)->sin_addr.s_addr) >> 24 == 127;
}

void hub_socket_host(const struct sockaddr *sa, char *out, size_t size)
{
	const void *addr = NULL;

	if (sa->sa_family == AF_INET)
		addr = &((const struct sockaddr_in *)(const void *)sa)->sin_addr;
	else if (sa->sa_family == AF_INET6)
		addr = &((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr;
	out[0] = '\0';
	if (addr && !inet_ntop(sa->sa_family, addr, out, (socklen_t)size))
		out[0] = '\0';
}

/* An HTTP client that writes bytes of its own, and reads until the other side hangs up. */
#ifndef TESTS_LIB_TEST_CLIENT_H
#define TESTS_LIB_TEST_CLIENT_H

#include "test.h"

#include "base/io.h"

#include <netinet/in.h>
#include <unistd.h>

#define TAIL "Host: a\r\nConnection: close\r\n"

struct client {
	unsigned port;
	char answer[1 << 16];
};

static inline const char *client_ask(struct client *c, const char *request)
{
	const struct sockaddr_in sa = {.sin_family = AF_INET,
				       .sin_port = htons((uint16_t)c->port),
				       .sin_addr = {htonl(INADDR_LOOPBACK)}};
	const int s = socket(AF_INET, SOCK_STREAM, 0);
	size_t n = 0;
	ssize_t got = 1;

	assert_int_equal(connect(s, (const struct sockaddr *)&sa, sizeof sa), 0);
	assert_int_equal(hub_write_all(s, request, strlen(request)), 0);
	while (got > 0 && n < sizeof c->answer - 1) {
		got = hub_read(s, c->answer + n, sizeof c->answer - 1 - n);
		n += got > 0 ? (size_t)got : 0;
	}
	c->answer[n] = '\0';
	close(s);
	return c->answer;
}

static inline void has(const char *text, const char *want)
{
	if (!strstr(text, want))
		fail_msg("no \"%s\" in:\n%s", want, text);
}

#endif

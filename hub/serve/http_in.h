/* Inner part of http*.c: one request on its way. What it says is read in http_request.c, what is answered goes out in
 * http_reply.c; http.c is the server around them. */
#ifndef HUB_SERVE_HTTP_IN_H
#define HUB_SERVE_HTTP_IN_H

#include "serve/crew.h"
#include "serve/http.h"

#include <microhttpd.h>

enum { HUB_HTTP_HEAD_MAX = 32 << 10 };

/* One request, from its first header to its last byte out. */
struct hub_http_exchange {
	struct hub_http_request q;
	struct hub_http_reply r;
	struct hub_buf body;
	int64_t began;  /* ticks */
	uint64_t bytes; /* of the body that have come */
	int over;       /* the body is too long: the rest is read and forgotten */
	struct hub_http *http;
	struct hub_crew_job job;
	enum { COMING, WORKING, READY } stage; /* READY: a worker has made the reply */
};

/* The route of the request, with its variables. An error is the reply: 400, 404, 405. */
int hub_http_route_find(const struct hub_http_conf *conf, struct hub_http_exchange *x,
			struct hub_err *err);
/* 1 Japanese, 0 English, -1 neither of them. accept: Accept-Language, or NULL. */
int hub_http_language(const char *accept);

/* The reply becomes the problem document of this error. */
void hub_http_fault(struct hub_http_exchange *x, int rc, const struct hub_err *err);
enum MHD_Result hub_http_send(const struct hub_http_conf *conf, struct hub_http_exchange *x);

#endif

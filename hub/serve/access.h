/* What everything about coming in shares in the web process: the store, roles, settings, rates; and the guard that
 * stands before every route. */
#ifndef HUB_SERVE_ACCESS_H
#define HUB_SERVE_ACCESS_H

#include "conf/access.h"
#include "serve/cidr.h"
#include "serve/http.h"
#include "serve/pool.h"
#include "serve/principal.h"
#include "serve/sessions.h"
#include "serve/throttle.h"

/* Const once it is made; pool and buckets have locks of their own. */
struct hub_access {
	struct hub_pool *pool;
	struct hub_buckets *buckets;
	struct hub_roles roles;
	struct hub_session_times times;
	int64_t rate, address_rate;
	struct hub_str proxies; /* list for serve/cidr.h; empty: none */
	const char *keys;   /* file of keys, of which one seals second factors; NULL: not known */
	int secure;         /* TLS here or at the proxy: cookies are marked so */
	const char *cookie; /* its name */
};

/* conf: of the daemon. pool and keys outlive it. Roles come from the file named there or home/schemas. */
int hub_access_open(struct hub_arena *a, const char *home, const struct hub_tls_conf *tls,
		    const struct hub_access_conf *conf, struct hub_pool *pool, const char *keys,
		    struct hub_access *out, struct hub_err *err);
void hub_access_close(struct hub_access *a);

/* For struct hub_http_conf; arg is the struct hub_access. */
int hub_guard(const void *arg, struct hub_http_request *q, struct hub_http_reply *r,
	      struct hub_err *err);
/* A line for the log: who, which route, how it ended; nothing of path, query or body. */
void hub_guard_after(const void *arg, const struct hub_http_request *q, unsigned status);

/* The session's secret in the cookie; empty: none. */
struct hub_str hub_access_secret(const struct hub_access *a, const struct hub_http_request *q);
/* Sets the cookie; secret empty: takes it away. */
void hub_access_set_cookie(const struct hub_access *a, const struct hub_http_request *q,
			   struct hub_http_reply *r, struct hub_str secret);
/* A page of somebody else cannot have sent this: Origin and Sec-Fetch-Site, when they are there. */
int hub_access_same_site(const struct hub_http_request *q, struct hub_http_reply *r,
			 struct hub_err *err);
/* 429 with Retry-After. */
int hub_access_wait(const struct hub_http_request *q, struct hub_http_reply *r, int64_t seconds,
		    struct hub_err *err);

#endif

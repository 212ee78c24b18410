/* HTTP: a listening socket, tables of routes, one handler per route. Everything that is the same for all
 * of them is done here: paths and query values decoded and checked, limits, 404 and 405, errors as
 * problem+json (RFC 9457), headers that every reply has. Knows no route, no account and no module.
 *
 * To add routes: a const table of struct hub_http_route beside the code that serves them, and one line
 * in the list of tables in serve/web.c. A handler:
 *
 *	static int get_case(struct hub_http_request *q, struct hub_http_reply *r, struct hub_err *err)
 *	{
 *		const struct api *api = q->arg;      // of its table
 *		const struct hub_str id = q->var[0]; // the {id} of "/v1/cases/{id}"
 *		if (!found)
 *			return hub_http_fail(r, 404, err, "no-case", "there is no such case");
 *		hub_buf_puts(&r->body, "{");
 *		hub_json_field(&r->body, "id", id);
 *		hub_buf_puts(&r->body, "}");
 *		return HUB_OK;
 *	}
 *
 * Threads: handlers run on several threads at once, and one request's reply may be sent by another one. What a handler reaches by arg is const, or has a
 * lock, or belongs to its thread. Everything in q and r lives until the request is over. */
#ifndef HUB_SERVE_HTTP_H
#define HUB_SERVE_HTTP_H

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"

#include <sys/types.h>

enum { HUB_HTTP_VARS = 4, HUB_HTTP_HEADERS = 12 };

struct hub_http_route;

struct hub_http_request {
	struct hub_arena *arena;
	const struct hub_http_route *route;
	struct hub_str method;
	struct hub_str path;               /* as it was asked for, without the query; not decoded */
	struct hub_str var[HUB_HTTP_VARS]; /* {names} of the route's path in their order; UTF-8 */
	struct hub_str body;
	struct hub_str peer;           /* address of the other end, without port */
	const void *arg;               /* of the table */
	void *principal;               /* the guard's: who asks; NULL without a guard */
	struct MHD_Connection *socket; /* for the functions below */
};

struct hub_http_reply {
	unsigned status;      /* 0: 200, or what the error code means */
	const char *type;     /* of the body; NULL: application/json */
	struct hub_buf body;  /* limit 16 MiB */
	const char *member;   /* of an error: which member of the request is wrong; NULL: none */
	struct hub_str extra; /* of an error: further members of the problem, `"a":1,"b":2` */
	const struct hub_http_stream *stream; /* instead of a body; serve/http.h below */
	struct hub_http_pair {
		const char *name, *value;
	} header[HUB_HTTP_HEADERS];
	size_t headers;
};

/* A reply without an end, such as events. The library calls read on a thread of its own choice: how many bytes
 * there are for it now, 0 when there are none, -1 at the end. After 0 it is not called again before
 * hub_http_wake(); the two exclude each other by a lock of the caller. closed is called once, when nobody reads any more. */
struct hub_http_stream {
	ssize_t (*read)(void *arg, char *to, size_t room);
	void (*closed)(void *arg);
	void *arg;
};

struct hub_http_route {
	const char *method;     /* "GET" serves HEAD as well */
	const char *path;       /* "/v1/cases/{id}/notes": a {name} stands for one whole piece */
	const char *permission; /* what the guard asks for; NULL: open to everybody */
	size_t body_max;        /* bytes; 0: a body is refused */
	const char *summary;    /* English, translated; for the description of the API */
	/* HUB_OK, or an error that becomes a problem document. */
	int (*handle)(struct hub_http_request *, struct hub_http_reply *, struct hub_err *);
};

struct hub_http_table {
	const struct hub_http_route *route;
	size_t n;
	const void *arg; /* for the handlers of this table */
};

struct hub_http_conf {
	int fd;           /* listening (serve/socket.h); taken over, also on failure */
	unsigned threads; /* of the sockets; 0: 4 */
	unsigned
	    workers; /* threads that run handlers, which may wait; 0: those of the sockets do */
	unsigned connections; /* at most, all together; 0: 1000 */
	unsigned per_address; /* of these one address may have so many; 0: all */
	unsigned timeout;     /* seconds without a byte; 0: 30 */
	unsigned body_ms; /* a body may take so long, and a second more for each 4 KiB; 0: 20,000 */
	const char *cert, *key; /* PEM texts; NULL: no TLS */
	const char *client_ca;  /* PEM text: certificates of clients are asked for; NULL: not */
	/* both: Accept-Language decides (after hub_tr_both()); ja is for who does not say. Else as the process. */
	int both, ja;
	const struct hub_http_table *table;
	size_t tables;
	/* Before the body is read. HUB_OK lets the request in and may set q->principal. An error is the
	 * reply (r->status 401, 403, 429 ...; hub_http_set for WWW-Authenticate, Retry-After). Asked for
	 * every route, open ones too, so that it can count them. NULL: everybody may everything. */
	int (*guard)(const void *arg, struct hub_http_request *q, struct hub_http_reply *r,
		     struct hub_err *err);
	/* After the reply is made, for audit and log. q->route is NULL for 404 and 405. May be NULL. */
	void (*after)(const void *arg, const struct hub_http_request *q, unsigned status);
	const void *arg; /* of guard and after */
};

struct hub_http;

/* Serves from now on, on threads of its own. conf and its tables must outlive it. */
int hub_http_start(const struct hub_http_conf *conf, struct hub_http **out, struct hub_err *err);
/* Requests under way for more than so many ms, streams left aside. Any thread. */
unsigned hub_http_late(const struct hub_http *h, int64_t ms);
/* Requests wait, and for so many ms none has been begun or answered; or most that can be under way are late. Any thread. */
int hub_http_is_stuck(const struct hub_http *h, int64_t ms);
/* Finishes what is being answered, closes the socket. NULL is fine. */
void hub_http_stop(struct hub_http *h);
static inline void hub_auto_http(struct hub_http **h)
{
	hub_http_stop(*h);
}

/* SHA-256 of the client's certificate in hex, when there is one that client_ca signed and that is valid now;
 * empty otherwise. In the arena. */
struct hub_str hub_http_certificate(const struct hub_http_request *q);
/* A header of the request; ptr NULL when it is not there. */
struct hub_str hub_http_header(const struct hub_http_request *q, const char *name);
/* All lines of a header that may come several times, in their order, parted by commas; empty: none. In the
 * arena. */
struct hub_str hub_http_header_list(const struct hub_http_request *q, const char *name);
/* Every value of the query in its order; value.ptr NULL: it is no UTF-8. */
void hub_http_each_query(const struct hub_http_request *q,
			 void (*each)(void *arg, const char *name, struct hub_str value),
			 void *arg);
/* Copies value. Beyond HUB_HTTP_HEADERS, or with a line end in it, it is left out. */
void hub_http_set(const struct hub_http_request *q, struct hub_http_reply *r, const char *name,
		  struct hub_str value);
/* Of a stream: stop asking it, ask it again. sleep is called by read before it returns 0. */
void hub_http_sleep(struct MHD_Connection *c);
void hub_http_wake(struct MHD_Connection *c);
/* Fills err like hub_fail and sets the status. */
#define hub_http_fail(r, code, err, name, ...) \
	((r)->status = (code), hub_fail((err), HUB_REFUSED, (name), __VA_ARGS__))

#endif

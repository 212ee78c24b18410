/* The inside of a call, for call.c, call_log.c, call_out.c and openapi.c. */
#ifndef HUB_SERVE_CALLING_H
#define HUB_SERVE_CALLING_H

#include "serve/call.h"
#include "serve/member.h"

struct hub_api_set {
	struct hub_api_table pub;
	struct hub_http_route *http; /* pub.n, in the same order */
	uint8_t *personal;           /* pub.n: the reply is not to be kept */
	const struct hub_api *api;
	struct hub_api_set *next;
};

struct hub_api {
	struct hub_arena *arena;
	struct hub_pool *pool;
	struct hub_push *push;
	struct hub_scribe *scribe;
	struct hub_api_set *first, **end;
};

/* Where the reply stands: in an object with its members, or in a list with the member of its elements. */
struct hub_saying {
	const struct hub_member *m, *element;
	uint64_t said; /* bit i: member i is there */
};

/* What leaves when the work is done. */
struct hub_leaving {
	struct hub_leaving *next;
	const char *action; /* audit; NULL: a push, or the end of a session */
	int64_t session;
	struct hub_str object, detail;
	const int64_t *account;
	uint32_t n;
	struct hub_str event;
};

struct hub_calling {
	struct hub_call call;
	struct hub_arena *arena;
	struct hub_store *store;
	const struct hub_principal *principal;
	struct hub_http_request *q; /* NULL: an errand */
	struct hub_http_reply *r;
	const struct hub_api_set *set;
	const struct hub_route *route;
	struct hub_saying saying[2 * HUB_MEMBERS_DEEP + 2];
	size_t depth; /* saying[0..depth) are open */
	struct hub_str next;
	int writes; /* not GET: what it does is one transaction */
	int has_next, has_version;
	int64_t version;    /* the last one it said */
	struct hub_err bad; /* the first thing it said that it may not say */
	struct hub_leaving *leaving, **leaving_end;
	struct hub_note *notes, **notes_end; /* of a call that only reads, and hub_call_note() */
	void *owner;
};

static inline struct hub_calling *hub_calling_of(const struct hub_call *c)
{
	return c->hub;
}

/* In the transaction of the call, and after it (call_log.c). */
int hub_calling_write_audit(struct hub_calling *x, struct hub_err *err);
void hub_calling_send_pushes(const struct hub_calling *x);
/* Something personal was read of which the handler has noted nothing: "<tag>.read", with the route. */
int hub_calling_note_read(struct hub_calling *x, struct hub_err *err);
/* What was looked at is in the log before anything of it leaves; of a reply that is an error, the looks alone. */
int hub_calling_write_notes(struct hub_calling *x, int rc, struct hub_err *err);

/* Opens the reply before the handler, closes and checks it after. */
void hub_saying_begin(struct hub_calling *x);
int hub_saying_end(struct hub_calling *x, struct hub_err *err);

#endif

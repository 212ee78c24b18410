/* One layer over HTTP for every route that is described: those of the core and those of modules are tables of struct
 * hub_route (hub/plugin.h). Here query and body are checked and become values, the handler runs in a
 * transaction (all methods but GET), what it says is checked against the members it declared, and leaves.
 *
 *	static int get_case(void *self, struct hub_call *c, struct hub_err *err)
 *	{
 *		struct hub_db *db = hub_call_db(c);
 *		if (!found(db, c->var[0]))
 *			return hub_call_refuse(c, 404, err, "no-case", "there is no such case");
 *		hub_call_text(c, "id", c->var[0]);
 *		return HUB_OK;
 *	}
 *
 * Of a LIST route each item is opened and closed: hub_call_open(c, NULL, 0) ... hub_call_close(c). Beside what
 * hub/plugin.h says: each GET has an ETag over what it says and answers If-None-Match by 304; of others the first
 * hub_call_version() is compared with If-Match, the last one is the ETag. Without an If-Match nothing is refused. */
#ifndef HUB_SERVE_CALL_H
#define HUB_SERVE_CALL_H

#include "release/audit.h"
#include "serve/http.h"
#include "serve/pool.h"
#include "serve/principal.h"
#include "serve/scribe.h"
#include "store/db.h"

struct hub_api;
struct hub_push;

struct hub_api_table {
	const char *base; /* before the paths: "/v1", "/v1/chat" */
	const char *tag;  /* one word: in the description, in names of its schemas */
	const struct hub_route *route;
	size_t n;
	int records; /* replies hold records: nobody may keep them, whatever their members say */
	int own;     /* handlers begin and end transactions themselves: a password takes a while */
	int bare;    /* handlers use no store: they answer also when it does not */
	void *arg;   /* what handlers get as self, when enter does not say another one */
	/* Around each handler, on its thread, inside the transaction; may be NULL. leave is called when enter went
	 * well; rc is what the handler returned. */
	int (*enter)(void *arg, struct hub_call *c, void **self, struct hub_err *err);
	void (*leave)(void *arg, struct hub_call *c, void *self, int rc);
};

/* Of the core, beside enum hub_rflag: the body is bytes as they come, at most body[0].max of them, in
 * hub_call_request(c)->body. */
enum { HUB_ROUTE_BYTES = 1 << 16 };

/* pool and push (may be NULL: nobody listens) must outlive it, it lives in the arena. */
int hub_api_new(struct hub_arena *a, struct hub_pool *pool, struct hub_push *push,
		struct hub_api **out, struct hub_err *err);
/* Entries of reads are written by it; without one each by itself. It must outlive the api. */
void hub_api_set_scribe(struct hub_api *api, struct hub_scribe *scribe);
/* Can this table be described and served? HUB_CONF says why not. */
int hub_api_check(const struct hub_api_table *t, struct hub_err *err);
/* Before the server starts. Tables of members that cannot be described are refused (HUB_CONF): for modules
 * that is a fault of the module. */
int hub_api_add(struct hub_api *api, const struct hub_api_table *t, struct hub_err *err);
/* The tables as http.h wants them, at most max; how many there are. */
size_t hub_api_tables(struct hub_api *api, struct hub_http_table *out, size_t max);
/* GET /v1/openapi.json, in the language of the thread; arg is the struct hub_api. */
extern const struct hub_api_table hub_openapi_table;

/* A call that no request asked for (timer, event): who is nobody, the work runs in a transaction that is committed
 * when it returns HUB_OK, then pushes leave. enter and leave of t (its routes are not looked at) are around it. */
struct hub_api_errand {
	const struct hub_api_table *table;
	int64_t now; /* ms since 1970 */
	int (*work)(void *self, struct hub_call *c, void *arg, struct hub_err *err);
	void *arg;
};
int hub_api_run(struct hub_api *api, struct hub_store *store, const struct hub_api_errand *errand,
		struct hub_err *err);

/* --- for handlers of the core ------------------------------------------------------------------ */

/* The connection of this call's thread; it is in a write transaction unless the method is GET. */
struct hub_db *hub_call_db(const struct hub_call *c);
struct hub_store *hub_call_store(const struct hub_call *c);
struct hub_arena *hub_call_arena(const struct hub_call *c); /* until the call is over */
/* NULL: the hub itself, or an open route. */
const struct hub_principal *hub_call_principal(const struct hub_call *c);
const struct hub_http_request *hub_call_request(const struct hub_call *c); /* NULL: an errand */
/* Of a RAW route: type, body or stream may be set here. NULL: an errand. */
struct hub_http_reply *hub_call_reply(const struct hub_call *c);
/* For whoever calls on behalf of others (serve/desk.c): theirs, per call. */
void hub_call_set_owner(struct hub_call *c, void *owner);
void *hub_call_owner(const struct hub_call *c);

/* A text that may be missing or null: empty then. */
static inline struct hub_str hub_val_text(const struct hub_val *v)
{
	return v->type == HUB_VAL_TEXT ? v->s : HUB_STR("");
}
/* Empty is null. */
static inline struct hub_str hub_text_or_null(struct hub_str s)
{
	return s.len ? s : (struct hub_str){NULL, 0};
}

/* As in struct hub_desk. */
void *hub_call_alloc(struct hub_call *c, size_t n);
void hub_call_say(struct hub_call *c, const char *name, const struct hub_val *v);
void hub_call_text(struct hub_call *c, const char *name, struct hub_str s);
void hub_call_number(struct hub_call *c, const char *name, int64_t n);
void hub_call_truth(struct hub_call *c, const char *name, int b);
void hub_call_time(struct hub_call *c, const char *name, int64_t ms);
void hub_call_open(struct hub_call *c, const char *name, int list);
void hub_call_close(struct hub_call *c);
void hub_call_next(struct hub_call *c, struct hub_str after);
/* A page of things that have numbers, in the order of them, up or down. Begin says which number the page
 * goes on from (`first` when none came before it); next: 1: this one is on the page; 0: it is full, and
 * the reply says where the next one begins. */
struct hub_page {
	int64_t from;
	uint32_t said;
};
int hub_page_begin(struct hub_page *p, struct hub_call *c, int64_t first, struct hub_err *err);
int hub_page_next(struct hub_page *p, struct hub_call *c, int64_t number);
int hub_call_version(struct hub_call *c, int64_t version, struct hub_err *err);
void hub_call_file(struct hub_call *c, const struct hub_file *f);
void hub_call_status(struct hub_call *c, int status);
/* What was said before goes along as further members of the problem. */
#define hub_call_refuse(c, code, err, name, ...) \
	(hub_call_status((c), (code)), hub_fail((err), HUB_REFUSED, (name), __VA_ARGS__))
/* A header of the reply (Set-Cookie, Location ...); nothing happens without a request. */
void hub_call_header(struct hub_call *c, const char *name, struct hub_str value);
/* Written when the handler has ended well, in its transaction. action, object, detail: release/audit.h. Copied. */
int hub_call_audit(struct hub_call *c, const char *action, struct hub_str object,
		   struct hub_str detail, struct hub_err *err);
/* The same, written whatever becomes of the call, before its reply leaves. */
int hub_call_note(struct hub_call *c, const char *action, struct hub_str object,
		  struct hub_str detail, struct hub_err *err);
/* Entries of what is looked at in this call, in the name of who asks: in its transaction when it writes, else before
 * the reply leaves, also when that is an error. */
struct hub_audit_to hub_call_log(const struct hub_call *c);
/* When it is committed the streams of that session end. */
int hub_call_end_session(struct hub_call *c, int64_t session, struct hub_err *err);
/* Commits what was done so far, sends what was to leave. The next transaction begins with hub_call_begin(). */
int hub_call_keep(struct hub_call *c, struct hub_err *err);
/* Before each statement of a module: a transaction, unless one is open or the method is GET. */
int hub_call_begin(struct hub_call *c, struct hub_err *err);
/* Sent when it is committed. event: "<area>.<name>". Copied. */
int hub_call_push(struct hub_call *c, const int64_t *account, uint32_t n, const char *event,
		  struct hub_str data, struct hub_err *err);

#endif

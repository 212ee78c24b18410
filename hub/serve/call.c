#include "serve/calling.h"

#include "base/clock.h"
#include "base/hash.h"
#include "release/audit.h"
#include "serve/log.h"
#include "serve/push.h"

enum { AFTER_MOST = 500, TAG_BYTES = 16 };

static const struct hub_member paging[] = {
    {HUB_MEMBER("after", TEXT, 0, NULL, .max = AFTER_MOST)},
    {HUB_MEMBER("limit", INT, 0, NULL, .min = 1, .max = HUB_PAGE_MOST)},
    {.name = NULL},
};

/* --- tables ----------------------------------------------------------------------------------- */

static int check_route(const struct hub_api_table *t, const struct hub_route *route,
		       struct hub_err *err)
{
	static const char *const methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
	char where[200];
	int known = 0, vars = 0, rc;

	snprintf(where, sizeof where, "%s %s%s", route->method ? route->method : "?", t->base,
		 route->path ? route->path : "?");
	for (size_t i = 0; route->method && i < HUB_COUNT(methods); i++)
		known |= strcmp(methods[i], route->method) == 0;
	for (const char *c = route->path; c && *c; c++)
		vars += *c == '{';
	if (!known || !route->path || route->path[0] != '/' || vars > HUB_HTTP_VARS ||
	    !route->handle || !route->summary)
		return hub_fail(err, HUB_CONF, "bad-route",
				"%s: the route is not whole (method, path, summary, handler, at "
				"most %d variables)",
				where, HUB_HTTP_VARS);
	if ((route->flags & HUB_ROUTE_LIST) && !route->reply)
		return hub_fail(err, HUB_CONF, "bad-route", "%s: a list of what is not said",
				where);
	if ((rc = hub_members_check(route->query, where, 1, err)) ||
	    (rc = hub_members_check(route->body, where, 0, err)))
		return rc;
	return hub_members_check(route->reply, where, 0, err);
}

int hub_api_check(const struct hub_api_table *t, struct hub_err *err)
{
	int rc = HUB_OK;

	for (size_t i = 0; i < t->n && !rc; i++)
		rc = check_route(t, &t->route[i], err);
	return rc;
}

static int serve(struct hub_http_request *q, struct hub_http_reply *r, struct hub_err *err);

/* One of two routes with the same method and path would never be asked. */
static int check_new(const struct hub_api *api, const struct hub_http_route *route,
		     struct hub_err *err)
{
	for (const struct hub_api_set *s = api->first; s; s = s->next)
		for (size_t i = 0; i < s->pub.n; i++)
			if (strcmp(s->http[i].method, route->method) == 0 &&
			    strcmp(s->http[i].path, route->path) == 0)
				return hub_fail(err, HUB_CONF, "route-twice",
						"%s %s is served by two tables", route->method,
						route->path);
	return HUB_OK;
}

static size_t body_most(const struct hub_route *route)
{
	if (!route->body)
		return 0;
	return route->flags & HUB_ROUTE_BYTES ? (size_t)hub_member_longest(route->body)
					      : hub_members_room(route->body);
}

static int add_route(struct hub_api *api, struct hub_api_set *s, size_t i, struct hub_err *err)
{
	const struct hub_route *route = &s->pub.route[i];
	const struct hub_str path =
	    hub_arena_printf(api->arena, "%s%s", s->pub.base,
			     strcmp(route->path, "/") == 0 && s->pub.base[0] ? "" : route->path);
	if (!path.ptr)
		return hub_fail_mem(err);
	s->http[i] = (struct hub_http_route){.method = route->method,
					     .path = path.ptr,
					     .permission = route->permission,
					     .body_max = body_most(route),
					     .summary = route->summary,
					     .handle = serve};
	const int rc = check_new(api, &s->http[i], err);
	s->personal[i] =
	    s->pub.records || (route->flags & HUB_ROUTE_RAW) || hub_members_personal(route->reply);
	return rc;
}

int hub_api_add(struct hub_api *api, const struct hub_api_table *t, struct hub_err *err)
{
	struct hub_api_set *s = hub_alloc0(api->arena, sizeof *s);
	int rc = hub_api_check(t, err);

	if (rc)
		return rc;
	if (!s)
		return hub_fail_mem(err);
	s->pub = *t;
	s->api = api;
	s->http = hub_alloc_array(api->arena, t->n + 1, sizeof *s->http);
	s->personal = hub_alloc_array(api->arena, t->n + 1, 1);
	if (!s->http || !s->personal)
		return hub_fail_mem(err);
	for (size_t i = 0; i < t->n && !rc; i++)
		rc = add_route(api, s, i, err);
	if (rc)
		return rc;
	*api->end = s;
	api->end = &s->next;
	return HUB_OK;
}

int hub_api_new(struct hub_arena *a, struct hub_pool *pool, struct hub_push *push,
		struct hub_api **out, struct hub_err *err)
{
	struct hub_api *api = hub_alloc0(a, sizeof *api);

	if (!api)
		return hub_fail_mem(err);
	*api = (struct hub_api){.arena = a, .pool = pool, .push = push, .end = &api->first};
	*out = api;
	return HUB_OK;
}

void hub_api_set_scribe(struct hub_api *api, struct hub_scribe *scribe)
{
	api->scribe = scribe;
}

size_t hub_api_tables(struct hub_api *api, struct hub_http_table *out, size_t max)
{
	size_t n = 0;

	for (struct hub_api_set *s = api->first; s && n < max; s = s->next)
		out[n++] = (struct hub_http_table){.route = s->http, .n = s->pub.n, .arg = s};
	return n;
}

/* --- what belongs to a call ------------------------------------------------------------------- */

struct hub_db *hub_call_db(const struct hub_call *c)
{
	return hub_store_db(hub_calling_of(c)->store);
}

struct hub_store *hub_call_store(const struct hub_call *c)
{
	return hub_calling_of(c)->store;
}

struct hub_arena *hub_call_arena(const struct hub_call *c)
{
	return hub_calling_of(c)->arena;
}

const struct hub_principal *hub_call_principal(const struct hub_call *c)
{
	return hub_calling_of(c)->principal;
}

const struct hub_http_request *hub_call_request(const struct hub_call *c)
{
	return hub_calling_of(c)->q;
}

struct hub_http_reply *hub_call_reply(const struct hub_call *c)
{
	return hub_calling_of(c)->r;
}

void hub_call_set_owner(struct hub_call *c, void *owner)
{
	hub_calling_of(c)->owner = owner;
}

void *hub_call_owner(const struct hub_call *c)
{
	return hub_calling_of(c)->owner;
}

void *hub_call_alloc(struct hub_call *c, size_t n)
{
	return hub_alloc0(hub_calling_of(c)->arena, n);
}

void hub_call_status(struct hub_call *c, int status)
{
	struct hub_calling *x = hub_calling_of(c);

	if (x->r && status >= 200 && status < 500)
		x->r->status = (unsigned)status;
}

void hub_call_header(struct hub_call *c, const char *name, struct hub_str value)
{
	struct hub_calling *x = hub_calling_of(c);

	if (x->r)
		hub_http_set(x->q, x->r, name, value);
}

/* Without quotes; weak ones are compared like strong ones. */
static struct hub_str bare_tag(struct hub_str s)
{
	s = hub_str_trim(s);
	if (hub_str_starts(s, HUB_STR("W/")))
		s = hub_str_from(s, 2);
	return s.len > 1 && s.ptr[0] == '"' && s.ptr[s.len - 1] == '"'
		   ? hub_str_cut(s, 1, s.len - 1)
		   : HUB_STR("");
}

/* Is the tag one of the list, or is the list "*"? */
static int has_tag(struct hub_str list, struct hub_str tag)
{
	struct hub_str one;

	while (hub_str_next(&list, ',', &one))
		if (hub_str_is(hub_str_trim(one), "*") || hub_str_eq(bare_tag(one), tag))
			return 1;
	return 0;
}

/* Is the version one of those of the list, or is the list "*"? A reader's tag has more behind the version. */
static int has_version(struct hub_str list, int64_t version)
{
	struct hub_str one;

	while (hub_str_next(&list, ',', &one)) {
		const struct hub_str tag = bare_tag(one);
		const size_t dash = hub_str_find(tag, HUB_STR("-"), 0);
		int64_t n;
		if (hub_str_is(hub_str_trim(one), "*") ||
		    (hub_parse_i64(hub_str_cut(tag, 0, dash < tag.len ? dash : tag.len), INT64_MIN,
				   INT64_MAX, &n) == 0 &&
		     n == version))
			return 1;
	}
	return 0;
}

int hub_call_version(struct hub_call *c, int64_t version, struct hub_err *err)
{
	struct hub_calling *x = hub_calling_of(c);
	const int first = !x->has_version;

	if (!x->r)
		return HUB_OK;
	x->has_version = 1;
	x->version = version;
	const struct hub_str want = hub_http_header(x->q, "If-Match");
	if (!first || !x->writes || !want.ptr || has_version(want, version))
		return HUB_OK;
	const int rc = hub_call_refuse(c, 412, err, "changed-meanwhile",
				       "somebody else has changed this in the meantime");
	hub_hint(err, "Read it again, and send If-Match with its new ETag.");
	return rc;
}

/* Nobody may think that his condition was looked at. */
static int check_compared(struct hub_calling *x, struct hub_err *err)
{
	const struct hub_str want = x->r ? hub_http_header(x->q, "If-Match") : HUB_STR("");

	if (!x->r || !x->writes || x->has_version || !want.ptr || hub_str_is(want, "*"))
		return HUB_OK;
	const int rc = hub_call_refuse(&x->call, 412, err, "no-version",
				       "there is no version here that If-Match could name");
	hub_hint(err, "Leave If-Match out.");
	return rc;
}

/* A read's tag is made of what this reader is shown: a version alone would call unchanged what is masked since. */
static int put_tag(struct hub_calling *x, struct hub_err *err)
{
	struct hub_buf *b = &x->r->body;
	uint8_t sha[HUB_SHA256];
	char hex[2 * HUB_SHA256 + 1], tag[100];

	if (x->writes && x->has_version) {
		snprintf(tag, sizeof tag, "\"%lld\"", (long long)x->version);
		hub_call_header(&x->call, "ETag", hub_str_of(tag));
	}
	if (x->writes || x->r->stream || !b->len || !hub_buf_ok(b) ||
	    (x->r->status && x->r->status != 200))
		return HUB_OK;
	if (hub_sha256(hub_buf_text(b), sha))
		return hub_fail_mem(err);
	hub_hex(sha, TAG_BYTES, hex);
	if (x->has_version)
		snprintf(tag, sizeof tag, "\"%lld-%s\"", (long long)x->version, hex);
	else
		snprintf(tag, sizeof tag, "\"%s\"", hex);
	hub_call_header(&x->call, "ETag", hub_str_of(tag));
	if (!has_tag(hub_http_header(x->q, "If-None-Match"), bare_tag(hub_str_of(tag))))
		return HUB_OK;
	hub_buf_reset(b);
	x->r->status = 304;
	return HUB_OK;
}

/* --- one call --------------------------------------------------------------------------------- */

static void set_time(struct hub_call *c, int64_t now)
{
	c->now = now;
	c->today = (int32_t)hub_day_at(now / 1000);
}

static int work_inside(struct hub_calling *x,
		       int (*work)(void *, struct hub_call *, void *, struct hub_err *), void *arg,
		       struct hub_err *err)
{
	const struct hub_api_table *t = &x->set->pub;
	void *self = t->arg;
	int rc = t->own ? check_compared(x, err) : HUB_OK; /* what they have done is done */

	if (!rc && t->enter)
		rc = t->enter(t->arg, &x->call, &self, err);
	if (rc)
		return rc;
	rc = work(self, &x->call, arg, err);
	if (t->leave)
		t->leave(t->arg, &x->call, self, rc);
	if (rc > 0)
		rc = hub_fail(err, HUB_FATAL, "bad-result", "%s: the handler returned %d",
			      x->route ? x->route->path : t->tag, rc);
	if (!rc)
		rc = check_compared(x, err);
	return rc ? rc : hub_saying_end(x, err);
}

int hub_call_begin(struct hub_call *c, struct hub_err *err)
{
	struct hub_calling *x = hub_calling_of(c);
	struct hub_db *db = hub_store_db(x->store);

	if (!x->writes || db->in_txn)
		return HUB_OK;
	const int rc = hub_db_begin(db, err);
	if (x->r && (rc == HUB_LOCKED || rc == HUB_RETRY)) {
		x->r->status = 503;
		hub_http_set(x->q, x->r, "Retry-After", HUB_STR("1"));
	}
	return rc;
}

/* Commits what is open, or takes it back; what was to leave leaves, or is forgotten. */
static int settle(struct hub_calling *x, int rc, struct hub_err *err)
{
	struct hub_db *db = hub_store_db(x->store);

	if (!rc && x->leaving)
		rc = hub_call_begin(&x->call, err);
	if (!rc)
		rc = hub_calling_write_audit(x, err);
	if (db->in_txn)
		rc = hub_db_end(db, rc, err);
	if (!rc)
		hub_calling_send_pushes(x);
	x->leaving = NULL;
	x->leaving_end = &x->leaving;
	return rc;
}

int hub_call_keep(struct hub_call *c, struct hub_err *err)
{
	return settle(hub_calling_of(c), HUB_OK, err);
}

/* Work, then all of it or nothing. */
static int work_in(struct hub_calling *x,
		   int (*work)(void *, struct hub_call *, void *, struct hub_err *), void *arg,
		   struct hub_err *err)
{
	int rc = HUB_OK;

	if (x->set->pub.bare)
		return work_inside(x, work, arg, err);
	if (!x->set->pub.own)
		rc = hub_call_begin(&x->call, err);
	return rc ? rc : settle(x, work_inside(x, work, arg, err), err);
}

/* What was said before a refusal is part of it. */
static void keep_said(struct hub_calling *x, int rc)
{
	const struct hub_buf *b = &x->r->body;

	if (rc == HUB_REFUSED && x->depth == 1 && !x->saying[0].element && b->len > 1 &&
	    !x->bad.code[0] && hub_buf_ok(b))
		x->r->extra = hub_arena_str(x->arena, hub_str_from(hub_buf_text(b), 1));
}

/* Their values come behind those of the route. */
static void take_paging(struct hub_calling *x)
{
	const struct hub_val *v = x->call.query + hub_members_count(x->route->query);

	x->call.after = hub_val_text(&v[0]);
	x->call.limit = v[1].type == HUB_VAL_INT ? (uint32_t)v[1].i : HUB_PAGE;
}

static void set_who(struct hub_call *c, const struct hub_principal *p)
{
	if (!p)
		return;
	c->who = (struct hub_who){/* a program of nobody's is somebody, too: 0 is the hub itself */
				  .account = p->account ? p->account : -p->token,
				  .login = p->login,
				  .name = p->name,
				  .agency = p->agency,
				  .view_only = (uint32_t)p->view_only};
}

static struct hub_calling *new_calling(struct hub_arena *a, const struct hub_api_set *set,
				       int64_t now)
{
	struct hub_calling *x = hub_alloc0(a, sizeof *x);

	if (!x)
		return NULL;
	x->arena = a;
	x->set = set;
	x->leaving_end = &x->leaving;
	x->notes_end = &x->notes;
	x->call = (struct hub_call){.size = sizeof x->call, .hub = x};
	set_time(&x->call, now);
	return x;
}

static int handle_route(void *self, struct hub_call *c, void *arg, struct hub_err *err)
{
	const struct hub_route *route = arg;

	return route->handle(self, c, err);
}

static int read_request(struct hub_calling *x, struct hub_err *err)
{
	const struct hub_route *route = x->route;
	const int paged = route->flags & HUB_ROUTE_PAGED;
	int rc = hub_members_read_query(x->q, x->r, route->query, paged ? paging : NULL,
					&x->call.query, err);

	if (!rc && paged)
		take_paging(x);
	if (!rc && route->body && !(route->flags & HUB_ROUTE_BYTES))
		rc = hub_members_read_body(x->q, x->r, route->body, &x->call.body, err);
	return rc;
}

/* What the other side is not told is told to the log. */
static void log_fault(const struct hub_calling *x, int rc, const struct hub_err *err)
{
	if (rc == HUB_OK || (x->r->status >= 400 && x->r->status < 500) || rc == HUB_REFUSED ||
	    rc == HUB_REJECT || rc == HUB_USAGE)
		return;
	HUB_AUTO(buf) struct hub_buf b;
	hub_log_begin(&b, HUB_LOG_ERROR, "call-failed");
	hub_json_field(&b, "route", hub_str_of(x->q->route->path));
	hub_json_field(&b, "method", hub_str_of(x->route->method));
	hub_log_err(&b, err);
	hub_log_end(&b);
}

static int serve(struct hub_http_request *q, struct hub_http_reply *r, struct hub_err *err)
{
	const struct hub_api_set *set = q->arg;
	const size_t i = (size_t)(q->route - set->http);
	struct hub_calling *x = new_calling(q->arena, set, hub_now_ms());
	int rc;

	if (!x)
		return hub_fail_mem(err);
	x->q = q;
	x->r = r;
	x->route = &set->pub.route[i];
	x->principal = q->principal;
	x->call.var = q->var;
	set_who(&x->call, q->principal);
	hub_saying_begin(x);
	if ((rc = read_request(x, err)))
		return rc;
	if (!set->personal[i] && strcmp(x->route->method, "GET") == 0)
		hub_http_set(q, r, "Cache-Control", HUB_STR("private, no-cache"));
	if (set->pub.bare || !(rc = hub_pool_take(set->api->pool, &x->store, err))) {
		x->writes = strcmp(x->route->method, "GET") != 0;
		rc = work_in(x, handle_route, (void *)(uintptr_t)x->route, err);
		hub_pool_give(set->api->pool, x->store, rc);
		if (!rc)
			rc = hub_calling_note_read(x, err);
		rc = hub_calling_write_notes(x, rc, err);
		if (!rc)
			rc = put_tag(x, err);
	}
	keep_said(x, rc);
	log_fault(x, rc, err);
	return rc;
}

int hub_api_run(struct hub_api *api, struct hub_store *store, const struct hub_api_errand *errand,
		struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	const struct hub_api_set set = {.pub = *errand->table, .api = api};
	struct hub_calling *x = a ? new_calling(a, &set, errand->now) : NULL;

	if (!x)
		return hub_fail_mem(err);
	x->store = store;
	x->writes = 1;
	return work_in(x, errand->work, errand->arg, err);
}

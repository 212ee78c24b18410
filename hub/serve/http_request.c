/* What a request says: its path and route, its query, its headers. */
#include "serve/http_in.h"

#include <gnutls/gnutls.h>
#include <strings.h>

/* --- paths and values ------------------------------------------------------------------------- */

/* %41 -> A. ptr NULL: broken, a control character or no UTF-8. */
static struct hub_str decoded(struct hub_arena *a, struct hub_str s)
{
	const struct hub_str none = {NULL, 0};
	char *out = hub_alloc(a, s.len + 1);
	size_t n = 0;

	for (size_t i = 0; out && i < s.len; i++) {
		int c = (unsigned char)s.ptr[i];
		if (c == '%') {
			const int hi = i + 2 < s.len ? hub_hex_digit(s.ptr[i + 1]) : -1;
			const int lo = i + 2 < s.len ? hub_hex_digit(s.ptr[i + 2]) : -1;
			if (hi < 0 || lo < 0)
				return none;
			c = hi << 4 | lo;
			i += 2;
		}
		if (c < 0x20 || c == 0x7f)
			return none;
		out[n++] = (char)c;
	}
	if (!out)
		return none;
	out[n] = '\0';
	const struct hub_str text = {out, n};
	return hub_utf8_valid(text) == n ? text : none;
}

/* 1: it fits, variables are set; 0: it does not; -1: it fits, but a variable is broken. */
static int path_fits(struct hub_http_request *q, const char *pattern)
{
	struct hub_str want = hub_str_of(pattern), got = q->path, w, g;
	size_t vars = 0;
	int broken = 0;

	for (;;) {
		const int more = hub_str_next(&want, '/', &w);
		if (more != hub_str_next(&got, '/', &g))
			return 0;
		if (!more)
			return broken ? -1 : 1;
		if (!hub_str_starts(w, HUB_STR("{"))) {
			if (!hub_str_eq(w, g))
				return 0;
			continue;
		}
		if (!g.len || vars == HUB_HTTP_VARS)
			return 0;
		q->var[vars] = decoded(q->arena, g);
		broken |= !q->var[vars++].ptr;
	}
}

struct hub_str hub_http_certificate(const struct hub_http_request *q)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(q->socket, MHD_CONNECTION_INFO_GNUTLS_SESSION);
	gnutls_session_t tls = info ? info->tls_session : NULL;
	const gnutls_datum_t *chain;
	uint8_t sha[HUB_SHA256];
	char hex[2 * HUB_SHA256 + 1];
	unsigned n = 0, status = 1;

	if (!tls || !(chain = gnutls_certificate_get_peers(tls, &n)) || !n ||
	    gnutls_certificate_verify_peers2(tls, &status) != GNUTLS_E_SUCCESS || status ||
	    hub_sha256((struct hub_str){(const char *)chain[0].data, chain[0].size}, sha))
		return HUB_STR("");
	hub_hex(sha, sizeof sha, hex);
	return hub_arena_str(q->arena, hub_str_of(hex));
}

struct hub_str hub_http_header(const struct hub_http_request *q, const char *name)
{
	return hub_str_of(MHD_lookup_connection_value(q->socket, MHD_HEADER_KIND, name));
}

struct joining {
	const char *name;
	struct hub_buf *out;
};

static enum MHD_Result join_line(void *arg, enum MHD_ValueKind kind, const char *name,
				 const char *value)
{
	const struct joining *j = arg;

	(void)kind;
	if (strcasecmp(name, j->name) == 0 && value)
		hub_buf_printf(j->out, "%s%s", j->out->len ? "," : "", value);
	return MHD_YES;
}

struct hub_str hub_http_header_list(const struct hub_http_request *q, const char *name)
{
	HUB_AUTO(buf) struct hub_buf b;
	struct joining j = {.name = name, .out = &b};

	hub_buf_init(&b, HUB_HTTP_HEAD_MAX);
	MHD_get_connection_values(q->socket, MHD_HEADER_KIND, join_line, &j);
	return b.len ? hub_buf_keep(&b, q->arena) : HUB_STR("");
}

/* What decides who asks, and from where, may be said once: of two, a proxy would read the one and we the other. */
static const char *const single[] = {"Host",          "Origin",       "Sec-Fetch-Site",
				     "Authorization", "X-CSRF-Token", "Content-Type"};

static enum MHD_Result count_line(void *arg, enum MHD_ValueKind kind, const char *name,
				  const char *value)
{
	unsigned *seen = arg;

	(void)kind;
	(void)value;
	for (size_t i = 0; i < HUB_COUNT(single); i++)
		seen[i] += strcasecmp(name, single[i]) == 0;
	return MHD_YES;
}

static int check_single(struct hub_http_exchange *x, struct hub_err *err)
{
	unsigned seen[HUB_COUNT(single)] = {0};

	MHD_get_connection_values(x->q.socket, MHD_HEADER_KIND, count_line, seen);
	for (size_t i = 0; i < HUB_COUNT(single); i++)
		if (seen[i] > 1)
			return hub_http_fail(&x->r, 400, err, "header-twice",
					     "the header %s is there twice", single[i]);
	return HUB_OK;
}

struct walk {
	const struct hub_http_request *q;
	void (*each)(void *arg, const char *name, struct hub_str value);
	void *arg;
};

/* A name that is broken is no name of anybody's. */
static enum MHD_Result walk_one(void *arg, enum MHD_ValueKind kind, const char *name,
				const char *value)
{
	const struct walk *w = arg;
	const struct hub_str text = decoded(w->q->arena, value ? hub_str_of(value) : HUB_STR(""));
	const struct hub_str key = decoded(w->q->arena, hub_str_of(name));

	(void)kind;
	w->each(w->arg, key.ptr ? key.ptr : "?", text);
	return MHD_YES;
}

void hub_http_each_query(const struct hub_http_request *q,
			 void (*each)(void *arg, const char *name, struct hub_str value), void *arg)
{
	struct walk w = {q, each, arg};

	MHD_get_connection_values(q->socket, MHD_GET_ARGUMENT_KIND, walk_one, &w);
}

void hub_http_set(const struct hub_http_request *q, struct hub_http_reply *r, const char *name,
		  struct hub_str value)
{
	const char *copy = hub_arena_cstr(q->arena, value);

	if (!copy || r->headers == HUB_HTTP_HEADERS || strpbrk(copy, "\r\n"))
		return;
	r->header[r->headers++] = (struct hub_http_pair){name, copy};
}

/* --- routes ----------------------------------------------------------------------------------- */

static int method_fits(const struct hub_http_request *q, const char *method)
{
	return hub_str_is(q->method, method) ||
	       (hub_str_is(q->method, "HEAD") && strcmp(method, "GET") == 0);
}

int hub_http_route_find(const struct hub_http_conf *conf, struct hub_http_exchange *x,
			struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf allow;
	struct hub_http_request *q = &x->q;
	int rc;

	hub_buf_init(&allow, 1 << 10);
	if ((rc = check_single(x, err)))
		return rc;
	for (size_t t = 0; t < conf->tables; t++) {
		const struct hub_http_table *table = &conf->table[t];
		for (size_t i = 0; i < table->n; i++) {
			const struct hub_http_route *route = &table->route[i];
			const int fits = path_fits(q, route->path);
			if (!fits)
				continue;
			if (fits < 0)
				return hub_http_fail(&x->r, 400, err, "bad-path",
						     "the path is not valid UTF-8");
			if (method_fits(q, route->method)) {
				q->route = route;
				q->arg = table->arg;
				return HUB_OK;
			}
			hub_buf_printf(&allow, "%s%s", allow.len ? ", " : "", route->method);
		}
	}
	if (!allow.len)
		return hub_http_fail(&x->r, 404, err, "no-route", "there is nothing at this path");
	hub_http_set(q, &x->r, MHD_HTTP_HEADER_ALLOW, hub_buf_text(&allow));
	return hub_http_fail(&x->r, 405, err, "no-method", "this method is not offered here");
}

/* --- language --------------------------------------------------------------------------------- */

int hub_http_language(const char *accept)
{
	struct hub_str rest = hub_str_of(accept ? accept : ""), one;
	int best = -1;
	int64_t most = 0;

	while (hub_str_next(&rest, ',', &one)) {
		const struct hub_str tag = hub_str_trim(one);
		const size_t at = hub_str_find(tag, HUB_STR("q="), 0);
		const int ja = hub_str_starts(tag, HUB_STR("ja"));
		int64_t tenths = 10;
		if (!ja && !hub_str_starts(tag, HUB_STR("en")))
			continue;
		if (at != (size_t)-1 && hub_str_starts(hub_str_from(tag, at + 2), HUB_STR("0")))
			tenths = at + 4 < tag.len ? tag.ptr[at + 4] - '0' : 0;
		if (tenths > most) {
			most = tenths;
			best = ja;
		}
	}
	return best;
}

#include "serve/http.h"

#include "serve/crew.h"
#include "serve/log.h"
#include "serve/socket.h"

#include <gnutls/gnutls.h>
#include <microhttpd.h>
#include <pthread.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

enum { BODY_MAX = 16 << 20, ARENA_MAX = 64 << 20, HEAD_MAX = 32 << 10, STREAM_BLOCK = 4 << 10 };
enum { END_SECONDS = 2 };

/* open: requests that workers have, or whose replies are not out yet; for the end. */
struct hub_http {
	struct MHD_Daemon *daemon;
	struct hub_crew *crew; /* NULL: the threads of the sockets run the handlers */
	pthread_mutex_t lock;
	pthread_cond_t fewer;
	unsigned open; /* under lock */
	const struct hub_http_conf *conf;
	struct hub_arena *arena;
};

/* One request, from its first header to its last byte out. */
struct exchange {
	struct hub_http_request q;
	struct hub_http_reply r;
	struct hub_buf body;
	int over; /* the body is too long: the rest is read and forgotten */
	struct hub_http *http;
	struct hub_crew_job job;
	enum { COMING, WORKING, READY } stage; /* READY: a worker has made the reply */
};

/* --- paths and values ------------------------------------------------------------------------- */

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* %41 -> A. ptr NULL: broken, a control character or no UTF-8. */
static struct hub_str decoded(struct hub_arena *a, struct hub_str s)
{
	const struct hub_str none = {NULL, 0};
	char *out = hub_alloc(a, s.len + 1);
	size_t n = 0;

	for (size_t i = 0; out && i < s.len; i++) {
		int c = (unsigned char)s.ptr[i];
		if (c == '%') {
			const int hi = i + 2 < s.len ? hex_digit(s.ptr[i + 1]) : -1;
			const int lo = i + 2 < s.len ? hex_digit(s.ptr[i + 2]) : -1;
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

/* Asked by the library for every path and query value; we decode where we know what it is for. */
static size_t keep_encoded(void *arg, struct MHD_Connection *c, char *s)
{
	(void)arg;
	(void)c;
	return strlen(s);
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

	hub_buf_init(&b, HEAD_MAX);
	MHD_get_connection_values(q->socket, MHD_HEADER_KIND, join_line, &j);
	return b.len ? hub_buf_keep(&b, q->arena) : HUB_STR("");
}

struct hub_str hub_http_query(const struct hub_http_request *q, const char *name)
{
	const struct hub_str raw =
	    hub_str_of(MHD_lookup_connection_value(q->socket, MHD_GET_ARGUMENT_KIND, name));

	return raw.ptr ? decoded(q->arena, raw) : raw;
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

/* --- replies ---------------------------------------------------------------------------------- */

static unsigned status_of(int rc)
{
	static const struct {
		int rc;
		unsigned status;
	} map[] = {
	    {HUB_USAGE, 400},  {HUB_REJECT, 422}, {HUB_REFUSED, 403},
	    {HUB_LOCKED, 409}, {HUB_RETRY, 503},  {HUB_INTERRUPTED, 503},
	};

	for (size_t i = 0; i < HUB_COUNT(map); i++)
		if (map[i].rc == rc)
			return map[i].status;
	return 500;
}

/* What is the fault of this side is told to its log, not to the other side. */
static void put_problem(struct exchange *x, const struct hub_err *err)
{
	struct hub_buf *b = &x->r.body;
	const int ours = x->r.status == 500;

	if (ours)
		hub_log_error("http-fault", (struct hub_str){NULL, 0}, err);
	hub_buf_reset(b);
	x->r.type = "application/problem+json";
	hub_buf_puts(b, "{\"type\":\"about:blank\"");
	hub_json_int(b, "status", x->r.status);
	hub_json_field(b, "code", hub_str_of(ours || !err->code[0] ? "internal" : err->code));
	hub_json_field(b, "title",
		       hub_str_of(ours ? hub_tr("internal fault; the log says more") : err->what));
	if (!ours && err->hint[0])
		hub_json_field(b, "detail", hub_str_of(err->hint));
	if (!ours && x->r.member)
		hub_json_field(b, "member", hub_str_of(x->r.member));
	if (!ours && x->r.extra.len) {
		hub_buf_putc(b, ',');
		hub_buf_str(b, x->r.extra);
	}
	hub_buf_puts(b, "}\n");
}

static void set_error(struct exchange *x, int rc, const struct hub_err *err)
{
	if (!x->r.status || x->r.status < 400)
		x->r.status = status_of(rc);
	/* not what was asked for is locked, but the store, for a moment */
	if (rc == HUB_LOCKED && x->r.status != 503 &&
	    hub_str_is(hub_str_of(err->code), "store-busy")) {
		x->r.status = 503;
		hub_http_set(&x->q, &x->r, "Retry-After", HUB_STR("1"));
	}
	put_problem(x, err);
}

static int has_header(const struct hub_http_reply *r, const char *name)
{
	for (size_t i = 0; i < r->headers; i++)
		if (strcasecmp(r->header[i].name, name) == 0)
			return 1;
	return 0;
}

static ssize_t read_stream(void *arg, uint64_t at, char *to, size_t room)
{
	const struct exchange *x = arg;
	const ssize_t n = x->r.stream->read(x->r.stream->arg, to, room);

	(void)at;
	return n < 0 ? MHD_CONTENT_READER_END_OF_STREAM : n;
}

void hub_http_sleep(struct MHD_Connection *c)
{
	MHD_suspend_connection(c);
}

void hub_http_wake(struct MHD_Connection *c)
{
	MHD_resume_connection(c);
}

static enum MHD_Result send_reply(const struct hub_http *h, struct MHD_Connection *c,
				  struct exchange *x)
{
	static const struct hub_http_pair always[] = {
	    {"X-Content-Type-Options", "nosniff"},
	    {"Cache-Control", "no-store"},
	    {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
	    {"Referrer-Policy", "no-referrer"},
	};
	struct hub_http_reply *r = &x->r;
	struct MHD_Response *out;

	if (!hub_buf_ok(&r->body)) {
		struct hub_err err;
		r->status = 500;
		hub_fail(&err, HUB_FATAL, "reply-too-large", "the reply is too large");
		put_problem(x, &err);
	}
	if (!r->status)
		r->status = r->body.len || r->stream ? 200 : 204;
	if (h->conf->after)
		h->conf->after(h->conf->arg, &x->q, r->status);
	/* the body lives as long as the exchange, which ends after the last byte */
	out = r->stream ? MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK,
							    read_stream, x, NULL)
			: MHD_create_response_from_buffer(r->body.len, r->body.ptr,
							  MHD_RESPMEM_PERSISTENT);
	if (!out)
		return MHD_NO;
	for (size_t i = 0; i < HUB_COUNT(always); i++)
		if (!has_header(r, always[i].name))
			MHD_add_response_header(out, always[i].name, always[i].value);
	for (size_t i = 0; i < r->headers; i++)
		MHD_add_response_header(out, r->header[i].name, r->header[i].value);
	if (r->body.len || r->stream)
		MHD_add_response_header(out, MHD_HTTP_HEADER_CONTENT_TYPE,
					r->type ? r->type : "application/json");
	const enum MHD_Result sent = MHD_queue_response(c, r->status, out);
	MHD_destroy_response(out);
	return sent;
}

/* --- one request ------------------------------------------------------------------------------ */

static int method_fits(const struct hub_http_request *q, const char *method)
{
	return hub_str_is(q->method, method) ||
	       (hub_str_is(q->method, "HEAD") && strcmp(method, "GET") == 0);
}

static int find_route(const struct hub_http *h, struct exchange *x, struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf allow;
	struct hub_http_request *q = &x->q;

	hub_buf_init(&allow, 1 << 10);
	for (size_t t = 0; t < h->conf->tables; t++) {
		const struct hub_http_table *table = &h->conf->table[t];
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

static int size_fits(struct exchange *x, size_t size, struct hub_err *err)
{
	if (size <= x->q.route->body_max)
		return HUB_OK;
	return hub_http_fail(&x->r, 413, err, "body-too-large",
			     "the body may have %zu bytes at most", x->q.route->body_max);
}

static enum MHD_Result count_framing(void *arg, enum MHD_ValueKind kind, const char *name,
				     const char *value)
{
	unsigned *n = arg;

	(void)kind;
	(void)value;
	*n += strcasecmp(name, MHD_HTTP_HEADER_CONTENT_LENGTH) == 0 ||
	      strcasecmp(name, MHD_HTTP_HEADER_TRANSFER_ENCODING) == 0;
	return MHD_YES;
}

/* Where the body ends must be said once, or a proxy before us may see another request than we do. */
static int check_framing(struct exchange *x, struct hub_err *err)
{
	const struct hub_str size = hub_http_header(&x->q, MHD_HTTP_HEADER_CONTENT_LENGTH);
	unsigned said = 0;
	int64_t n = 0;

	MHD_get_connection_values(x->q.socket, MHD_HEADER_KIND, count_framing, &said);
	if (said <= 1 && (!size.ptr || hub_parse_i64(size, 0, INT64_MAX, &n) == 0))
		return HUB_OK;
	hub_http_set(&x->q, &x->r, MHD_HTTP_HEADER_CONNECTION, HUB_STR("close"));
	return hub_http_fail(&x->r, 400, err, "bad-length", "the length of the body is not clear");
}

/* What can be decided by the headers alone. */
static int admit(const struct hub_http *h, struct exchange *x, struct hub_err *err)
{
	const struct hub_str size = hub_http_header(&x->q, MHD_HTTP_HEADER_CONTENT_LENGTH);
	int64_t n = 0;
	int rc;

	if ((rc = check_framing(x, err)) || (rc = find_route(h, x, err)) ||
	    (h->conf->guard && (rc = h->conf->guard(h->conf->arg, &x->q, &x->r, err))))
		return rc;
	if (size.ptr)
		hub_parse_i64(size, 0, INT64_MAX, &n); /* checked above */
	return size_fits(x, (size_t)n, err);
}

/* 1 Japanese, 0 English, -1 neither of them. */
static int language_of(const char *accept)
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

static void speak(const struct hub_http *h, struct MHD_Connection *c)
{
	if (!h->conf->both)
		return;
	const int ja = language_of(
	    MHD_lookup_connection_value(c, MHD_HEADER_KIND, MHD_HTTP_HEADER_ACCEPT_LANGUAGE));
	hub_tr_thread(ja == -1 ? h->conf->ja : ja);
}

static struct hub_str peer_of(struct hub_arena *a, struct MHD_Connection *c)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	char host[64] = "";

	if (info && info->client_addr)
		hub_socket_host(info->client_addr, host, sizeof host);
	return hub_arena_str(a, hub_str_of(host));
}

static struct exchange *new_exchange(struct MHD_Connection *c, const char *method, const char *path)
{
	struct hub_arena *arena = hub_arena_new(ARENA_MAX);
	struct exchange *x = arena ? hub_alloc0(arena, sizeof *x) : NULL;

	if (!x) {
		hub_arena_free(arena);
		return NULL;
	}
	x->q = (struct hub_http_request){.arena = arena,
					 .method = hub_arena_str(arena, hub_str_of(method)),
					 .path = hub_arena_str(arena, hub_str_of(path)),
					 .peer = peer_of(arena, c),
					 .socket = c};
	hub_buf_init(&x->r.body, BODY_MAX);
	return x;
}

static void answer(struct exchange *x)
{
	struct hub_err err = {0};
	const int rc = x->q.route->handle(&x->q, &x->r, &err);

	if (rc < 0)
		set_error(x, rc, &err);
}

/* On a worker. The library leaves a suspended connection alone; after it is resumed x is its own again. */
static void work(void *arg)
{
	struct exchange *x = arg;
	struct MHD_Connection *c = x->q.socket;

	speak(x->http, c);
	answer(x);
	x->stage = READY;
	MHD_resume_connection(c);
}

static void count_open(struct hub_http *h, int one)
{
	pthread_mutex_lock(&h->lock);
	h->open += (unsigned)one;
	pthread_cond_broadcast(&h->fewer);
	pthread_mutex_unlock(&h->lock);
}

/* To a worker, if there are any. The connection sleeps before one of them may wake it. */
static int hand_over(struct hub_http *h, struct MHD_Connection *c, struct exchange *x)
{
	if (!h->crew)
		return 0;
	x->http = h;
	x->stage = WORKING;
	x->job = (struct hub_crew_job){.work = work, .arg = x};
	count_open(h, 1);
	MHD_suspend_connection(c);
	if (hub_crew_put(h->crew, &x->job)) /* the server stops: nobody else will */
		work(x);
	return 1;
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *c, const char *path,
				  const char *method, const char *version, const char *data,
				  size_t *size, void **state)
{
	struct hub_http *h = arg;
	struct exchange *x = *state;
	struct hub_err err = {0};
	int rc;

	(void)version;
	speak(h, c);
	if (!x) {
		if (!(*state = x = new_exchange(c, method, path)))
			return MHD_NO;
		if ((rc = admit(h, x, &err))) {
			set_error(x, rc, &err);
			return send_reply(h, c, x);
		}
		hub_buf_init(&x->body, x->q.route->body_max);
		return MHD_YES;
	}
	if (*size) { /* a body in chunks has no length before its end */
		if (!x->over && (rc = size_fits(x, x->body.len + *size, &err))) {
			set_error(x, rc, &err);
			x->over = 1;
		}
		if (!x->over)
			hub_buf_add(&x->body, data, *size);
		*size = 0;
		return MHD_YES;
	}
	if (x->over || x->stage == READY)
		return send_reply(h, c, x);
	x->q.body = hub_buf_text(&x->body);
	if (hand_over(h, c, x))
		return MHD_YES;
	answer(x);
	return send_reply(h, c, x);
}

static void on_end(void *arg, struct MHD_Connection *c, void **state,
		   enum MHD_RequestTerminationCode why)
{
	struct exchange *x = *state;

	(void)arg;
	(void)c;
	(void)why;
	if (!x)
		return;
	if (x->r.stream)
		x->r.stream->closed(x->r.stream->arg);
	if (x->stage != COMING)
		count_open(x->http, -1);
	hub_buf_free(&x->body);
	hub_buf_free(&x->r.body);
	hub_arena_free(x->q.arena);
	*state = NULL;
}

/* --- start and stop --------------------------------------------------------------------------- */

/* TLS 1.2 and later, forward secrecy. */
static const char tls_versions[] =
    "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-RSA:%SERVER_PRECEDENCE";

static void free_http(struct hub_http *h)
{
	hub_crew_stop(h->crew);
	pthread_cond_destroy(&h->fewer);
	pthread_mutex_destroy(&h->lock);
	hub_arena_free(h->arena);
}

/* Replies that are being made get out. Streams have ended before; who does not read in time loses the rest. */
static void wait_for_open(struct hub_http *h)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += END_SECONDS;
	pthread_mutex_lock(&h->lock);
	while (h->open && pthread_cond_timedwait(&h->fewer, &h->lock, &until) == 0)
		;
	pthread_mutex_unlock(&h->lock);
}

int hub_http_start(const struct hub_http_conf *conf, struct hub_http **out, struct hub_err *err)
{
	struct hub_arena *arena = hub_arena_new(0);
	struct hub_http *h = arena ? hub_alloc0(arena, sizeof *h) : NULL;
	const unsigned timeout = conf->timeout ? conf->timeout : 30;
	const unsigned threads = conf->threads ? conf->threads : 4;
	const unsigned limit = conf->connections ? conf->connections : 1000;

	if (!h) {
		close(conf->fd);
		hub_arena_free(arena);
		return hub_fail_mem(err);
	}
	*h = (struct hub_http){.conf = conf, .arena = arena};
	pthread_mutex_init(&h->lock, NULL);
	pthread_cond_init(&h->fewer, NULL);
	if (conf->workers) {
		const int rc = hub_crew_start(arena, conf->workers, &h->crew, err);
		if (rc) {
			close(conf->fd);
			free_http(h);
			return rc;
		}
	}
	const struct MHD_OptionItem tls[] = {
	    {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)conf->cert},
	    {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)conf->key},
	    {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)tls_versions},
	    {conf->client_ca ? MHD_OPTION_HTTPS_MEM_TRUST : MHD_OPTION_END, 0,
	     (void *)(uintptr_t)conf->client_ca},
	    {MHD_OPTION_END, 0, NULL},
	};
	h->daemon = MHD_start_daemon(
	    MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC | MHD_ALLOW_SUSPEND_RESUME |
		(conf->cert ? MHD_USE_TLS : 0),
	    0, NULL, NULL, on_request, h, MHD_OPTION_LISTEN_SOCKET, conf->fd,
	    MHD_OPTION_THREAD_POOL_SIZE, threads, MHD_OPTION_CONNECTION_LIMIT, limit,
	    MHD_OPTION_CONNECTION_TIMEOUT, timeout, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
	    (size_t)HEAD_MAX, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_NOTIFY_COMPLETED, on_end,
	    NULL, MHD_OPTION_UNESCAPE_CALLBACK, keep_encoded, NULL, MHD_OPTION_ARRAY,
	    conf->cert ? tls : &tls[4], MHD_OPTION_END);
	if (!h->daemon) {
		close(conf->fd);
		free_http(h);
		return hub_fail(err, HUB_RETRY, "http-start", "the HTTP server cannot start");
	}
	*out = h;
	return HUB_OK;
}

void hub_http_stop(struct hub_http *h)
{
	if (!h)
		return;
	/* without this the library shuts the socket down for everybody who has it, the daemon too */
	const MHD_socket fd = MHD_quiesce_daemon(h->daemon);
	if (fd != MHD_INVALID_SOCKET)
		close(fd);
	wait_for_open(h);
	hub_crew_stop(h->crew);
	MHD_stop_daemon(h->daemon);
	free_http(h);
}

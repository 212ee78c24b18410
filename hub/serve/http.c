#include "serve/http_in.h"

#include "base/clock.h"
#include "serve/socket.h"

#include <pthread.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

enum { BODY_MAX = 16 << 20, ARENA_MAX = 64 << 20, END_SECONDS = 2, BODY_MS = 20000 };

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

/* --- one request ------------------------------------------------------------------------------ */

static int size_fits(struct hub_http_exchange *x, size_t size, struct hub_err *err)
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
static int check_framing(struct hub_http_exchange *x, struct hub_err *err)
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
static int admit(const struct hub_http *h, struct hub_http_exchange *x, struct hub_err *err)
{
	const struct hub_str size = hub_http_header(&x->q, MHD_HTTP_HEADER_CONTENT_LENGTH);
	int64_t n = 0;
	int rc;

	if ((rc = check_framing(x, err)) || (rc = hub_http_route_find(h->conf, x, err)) ||
	    (h->conf->guard && (rc = h->conf->guard(h->conf->arg, &x->q, &x->r, err))))
		return rc;
	if (size.ptr)
		hub_parse_i64(size, 0, INT64_MAX, &n); /* checked above */
	return size_fits(x, (size_t)n, err);
}

static void speak(const struct hub_http *h, struct MHD_Connection *c)
{
	if (!h->conf->both)
		return;
	const int ja = hub_http_language(
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

static struct hub_http_exchange *new_exchange(struct MHD_Connection *c, const char *method,
					      const char *path)
{
	struct hub_arena *arena = hub_arena_new(ARENA_MAX);
	struct hub_http_exchange *x = arena ? hub_alloc0(arena, sizeof *x) : NULL;

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

static void answer(struct hub_http_exchange *x)
{
	struct hub_err err = {0};
	const int rc = x->q.route->handle(&x->q, &x->r, &err);

	if (rc < 0)
		hub_http_fault(x, rc, &err);
}

/* On a worker. The library leaves a suspended connection alone; after it is resumed x is its own again. */
static void work(void *arg)
{
	struct hub_http_exchange *x = arg;
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
static int hand_over(struct hub_http *h, struct MHD_Connection *c, struct hub_http_exchange *x)
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

/* A byte now and then would keep a connection for ever, and all of them keep everybody else out. */
static int is_too_slow(const struct hub_http *h, const struct hub_http_exchange *x)
{
	const int64_t patience = h->conf->body_ms ? h->conf->body_ms : BODY_MS;

	return hub_ticks_ms() - x->began > patience + (int64_t)(x->bytes / 4096) * 1000;
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *c, const char *path,
				  const char *method, const char *version, const char *data,
				  size_t *size, void **state)
{
	struct hub_http *h = arg;
	struct hub_http_exchange *x = *state;
	struct hub_err err = {0};
	int rc;

	(void)version;
	speak(h, c);
	if (!x) {
		if (!(*state = x = new_exchange(c, method, path)))
			return MHD_NO;
		if ((rc = admit(h, x, &err))) {
			hub_http_fault(x, rc, &err);
			return hub_http_send(h->conf, x);
		}
		hub_buf_init(&x->body, x->q.route->body_max);
		x->began = hub_ticks_ms();
		return MHD_YES;
	}
	if (*size) { /* a body in chunks has no length before its end */
		x->bytes += *size;
		if (is_too_slow(h, x))
			return MHD_NO;
		if (!x->over && (rc = size_fits(x, x->body.len + *size, &err))) {
			hub_http_fault(x, rc, &err);
			x->over = 1;
		}
		if (!x->over)
			hub_buf_add(&x->body, data, *size);
		*size = 0;
		return MHD_YES;
	}
	if (x->over || x->stage == READY)
		return hub_http_send(h->conf, x);
	x->q.body = hub_buf_text(&x->body);
	if (hand_over(h, c, x))
		return MHD_YES;
	answer(x);
	return hub_http_send(h->conf, x);
}

static void on_end(void *arg, struct MHD_Connection *c, void **state,
		   enum MHD_RequestTerminationCode why)
{
	struct hub_http_exchange *x = *state;

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

/* Asked by the library for every path and query value; we decode where we know what it is for. */
static size_t keep_encoded(void *arg, struct MHD_Connection *c, char *s)
{
	(void)arg;
	(void)c;
	return strlen(s);
}

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

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += END_SECONDS;
	pthread_mutex_lock(&h->lock);
	while (h->open && pthread_cond_timedwait(&h->fewer, &h->lock, &until) == 0)
		;
	pthread_mutex_unlock(&h->lock);
}

/* The library does not say why. With TLS it is the files, which nothing else looks into. */
static int cannot_start(const struct hub_http_conf *conf, struct hub_err *err)
{
	if (!conf->cert)
		return hub_fail(err, HUB_RETRY, "http-start", "the HTTP server cannot start");
	const int rc = hub_fail(err, HUB_CONF, "tls-unusable",
				"the HTTP server cannot start with this certificate and key");
	hub_hint(err, "tls: cert and key must be a pair, in PEM, the key without a password; "
		      "client_ca certificates in PEM.");
	return rc;
}

int hub_http_start(const struct hub_http_conf *conf, struct hub_http **out, struct hub_err *err)
{
	struct hub_arena *arena = hub_arena_new(0);
	struct hub_http *h = arena ? hub_alloc0(arena, sizeof *h) : NULL;
	const unsigned timeout = conf->timeout ? conf->timeout : 30;
	const unsigned threads = conf->threads ? conf->threads : 4;
	const unsigned limit = conf->connections ? conf->connections : 1000;
	pthread_condattr_t attr;

	if (!h) {
		close(conf->fd);
		hub_arena_free(arena);
		return hub_fail_mem(err);
	}
	*h = (struct hub_http){.conf = conf, .arena = arena};
	pthread_mutex_init(&h->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&h->fewer, &attr);
	pthread_condattr_destroy(&attr);
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
	    MHD_OPTION_PER_IP_CONNECTION_LIMIT, conf->per_address, MHD_OPTION_CONNECTION_TIMEOUT,
	    timeout, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HUB_HTTP_HEAD_MAX,
	    MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_NOTIFY_COMPLETED, on_end, NULL,
	    MHD_OPTION_UNESCAPE_CALLBACK, keep_encoded, NULL, MHD_OPTION_ARRAY,
	    conf->cert ? tls : &tls[4], MHD_OPTION_END);
	if (!h->daemon) {
		close(conf->fd);
		free_http(h);
		return cannot_start(conf, err);
	}
	*out = h;
	return HUB_OK;
}

unsigned hub_http_late(const struct hub_http *h, int64_t ms)
{
	return h->crew ? hub_crew_late(h->crew, hub_ticks_ms(), ms) : 0;
}

int hub_http_is_stuck(const struct hub_http *h, int64_t ms)
{
	return h->crew && hub_crew_is_stuck(h->crew, hub_ticks_ms(), ms);
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

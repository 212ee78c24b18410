#include "serve/push.h"

#include "base/hash.h"

#include <pthread.h>

enum {
	RING = 1024,         /* messages that can be had again */
	MESSAGE_MOST = 4000, /* bytes of one, with its frame */
	STREAMS = 800,
	PER_ACCOUNT = 20, /* streams: windows of one person; the oldest one makes room */
	BEAT_MS = 15000,
};

struct message {
	struct hub_str text; /* as it is sent */
	uint32_t n;
	int64_t account[];
};

/* In the arena of its request. Guarded by the lock of its push. */
struct stream {
	struct stream *next, **at;
	struct hub_push *push;
	struct MHD_Connection *socket;
	int64_t account, session, token;
	uint64_t upto; /* the last message it has seen, or was not meant for */
	int asleep, ended, beat, lost;
	size_t len, sent; /* of out */
	char out[MESSAGE_MOST];
	struct hub_http_stream http;
};

/* Message k (from 1) is ring[k % RING]; the last RING of them are there. */
struct hub_push {
	struct hub_push_conf conf;
	pthread_mutex_t lock;
	struct stream *first;
	unsigned streams;
	int stopped;
	uint64_t last;
	uint32_t boot; /* numbers of another process mean nothing here */
	int64_t beat_at;
	struct message *ring[RING];
};

/* Everything below until the routes is called with the lock. */

static void wake(struct stream *s)
{
	if (!s->asleep)
		return;
	s->asleep = 0;
	hub_http_wake(s->socket);
}

static int is_for(const struct message *m, int64_t account)
{
	for (uint32_t i = 0; i < m->n; i++)
		if (m->account[i] == account)
			return 1;
	return 0;
}

static void fill(struct stream *s, struct hub_str text)
{
	s->sent = 0;
	s->len = text.len < sizeof s->out ? text.len : sizeof s->out;
	memcpy(s->out, text.ptr, s->len);
}

/* Puts the next thing to send into out, if there is one. */
static void fetch(struct stream *s)
{
	const struct hub_push *p = s->push;

	if (s->upto + RING < p->last)
		s->lost = 1;
	if (s->lost) {
		s->lost = 0;
		s->upto = p->last;
		s->len = (size_t)snprintf(s->out, sizeof s->out,
					  "id: %08x-%llu\nevent: resync\ndata: {}\n\n", p->boot,
					  (unsigned long long)p->last);
		s->sent = 0;
		return;
	}
	while (s->upto < p->last) {
		const struct message *m = p->ring[++s->upto % RING];
		if (!m) { /* it could not be kept */
			s->lost = 1;
			fetch(s);
			return;
		}
		if (is_for(m, s->account)) {
			fill(s, m->text);
			s->beat = 0;
			return;
		}
	}
	if (s->beat) {
		s->beat = 0;
		fill(s, HUB_STR(":\n\n"));
	}
}

static ssize_t read_stream(void *arg, char *to, size_t room)
{
	struct stream *s = arg;
	size_t n = 0;

	pthread_mutex_lock(&s->push->lock);
	if (s->sent == s->len)
		fetch(s);
	if (s->sent < s->len) {
		n = s->len - s->sent < room ? s->len - s->sent : room;
		memcpy(to, s->out + s->sent, n);
		s->sent += n;
	} else if (!s->ended) {
		s->asleep = 1;
		hub_http_sleep(s->socket);
	}
	const int end = n == 0 && s->ended;
	pthread_mutex_unlock(&s->push->lock);
	return end ? -1 : (ssize_t)n;
}

static void close_stream(void *arg)
{
	struct stream *s = arg;
	struct hub_push *p = s->push;

	pthread_mutex_lock(&p->lock);
	*s->at = s->next;
	if (s->next)
		s->next->at = s->at;
	p->streams--;
	pthread_mutex_unlock(&p->lock);
}

static struct message *new_message(struct hub_push *p, const int64_t *account, uint32_t n,
				   struct hub_str event, struct hub_str data)
{
	char head[160];
	const int len = snprintf(head, sizeof head, "id: %08x-%llu\nevent: %.*s\ndata: ", p->boot,
				 (unsigned long long)p->last + 1, HUB_FMT(event));
	size_t accounts, all;

	if (len < 0 || (size_t)len >= sizeof head ||
	    memchr(data.ptr ? data.ptr : "", '\n', data.len))
		return NULL;
	const size_t text = (size_t)len + data.len + 2;
	if (text > MESSAGE_MOST || hub_size_mul(n, sizeof *account, &accounts) ||
	    hub_size_add(sizeof(struct message) + text, accounts, &all))
		return NULL;
	struct message *m = hub_heap_get(all);
	if (!m)
		return NULL;
	m->n = n;
	if (n)
		memcpy(m->account, account, accounts);
	char *out = (char *)(m->account + n);
	m->text = (struct hub_str){out, text};
	memcpy(out, head, (size_t)len);
	if (data.len)
		memcpy(out + len, data.ptr, data.len);
	memcpy(out + text - 2, "\n\n", 2);
	return m;
}

void hub_push_send(struct hub_push *p, const int64_t *account, uint32_t n, struct hub_str event,
		   struct hub_str data)
{
	pthread_mutex_lock(&p->lock);
	struct message *m = new_message(p, account, n, event, data);
	struct message **place = &p->ring[++p->last % RING];
	hub_heap_put(*place);
	*place = m;
	for (struct stream *s = p->first; s; s = s->next)
		if (!m || is_for(m, s->account))
			wake(s);
	pthread_mutex_unlock(&p->lock);
}

static void end_stream(struct stream *s)
{
	s->ended = 1;
	wake(s);
}

void hub_push_end_session(struct hub_push *p, int64_t session)
{
	pthread_mutex_lock(&p->lock);
	for (struct stream *s = p->first; s && session; s = s->next)
		if (s->session == session)
			end_stream(s);
	pthread_mutex_unlock(&p->lock);
}

void hub_push_stop(struct hub_push *p)
{
	pthread_mutex_lock(&p->lock);
	p->stopped = 1;
	for (struct stream *s = p->first; s; s = s->next)
		end_stream(s);
	pthread_mutex_unlock(&p->lock);
}

unsigned hub_push_streams(struct hub_push *p)
{
	pthread_mutex_lock(&p->lock);
	const unsigned n = p->streams;
	pthread_mutex_unlock(&p->lock);
	return n;
}

/* --- the beat --------------------------------------------------------------------------------- */

struct seat {
	int64_t session, token;
};

/* Who listens now; hub_heap_put. Without the lock the store is asked. */
static struct seat *seats_of(struct hub_push *p, unsigned *n)
{
	*n = 0;
	pthread_mutex_lock(&p->lock);
	struct seat *seat = p->streams ? hub_heap_get(p->streams * sizeof *seat) : NULL;
	for (struct stream *s = p->first; s; s = s->next) {
		if (seat)
			seat[(*n)++] = (struct seat){s->session, s->token};
		s->beat = 1;
		wake(s);
	}
	pthread_mutex_unlock(&p->lock);
	return seat;
}

static void end_seat(struct hub_push *p, struct seat gone)
{
	pthread_mutex_lock(&p->lock);
	for (struct stream *s = p->first; s; s = s->next)
		if (s->session == gone.session && s->token == gone.token)
			end_stream(s);
	pthread_mutex_unlock(&p->lock);
}

void hub_push_beat(struct hub_push *p, int64_t ticks)
{
	unsigned n;

	if (ticks < p->beat_at)
		return;
	p->beat_at = ticks + BEAT_MS;
	struct seat *seat = seats_of(p, &n);
	for (unsigned i = 0; i < n && p->conf.alive; i++)
		if (!p->conf.alive(p->conf.arg, seat[i].session, seat[i].token))
			end_seat(p, seat[i]);
	hub_heap_put(seat);
}

/* --- GET /v1/events --------------------------------------------------------------------------- */

/* Behind which message the other side is; -1: it is not known here. */
static int64_t seen_by(const struct hub_push *p, struct hub_str id)
{
	char boot[9];
	int64_t n;

	snprintf(boot, sizeof boot, "%08x", p->boot);
	if (id.len < 10 || !hub_str_starts(id, hub_str_of(boot)) || id.ptr[8] != '-' ||
	    hub_parse_i64(hub_str_from(id, 9), 0, INT64_MAX, &n) || (uint64_t)n > p->last)
		return -1;
	return n;
}

/* That the other side is gone shows only when something is sent: who comes again and again has old streams here. */
static void make_room(struct hub_push *p, int64_t account)
{
	struct stream *oldest = NULL; /* new ones stand in front */
	unsigned own = 0;

	for (struct stream *o = p->first; o; o = o->next) {
		if (o->account != account || o->ended)
			continue;
		oldest = o;
		own++;
	}
	if (own >= PER_ACCOUNT)
		end_stream(oldest);
}

/* 0 when there is no room. */
static int enlist(struct hub_push *p, struct stream *s, struct hub_str last_id)
{
	pthread_mutex_lock(&p->lock);
	make_room(p, s->account);
	const int room = !p->stopped && p->streams < p->conf.streams;
	if (room) {
		const int64_t seen = last_id.len ? seen_by(p, last_id) : (int64_t)p->last;
		s->lost = seen < 0;
		s->upto = seen < 0 ? p->last : (uint64_t)seen;
		s->next = p->first;
		s->at = &p->first;
		if (s->next)
			s->next->at = &s->next;
		p->first = s;
		p->streams++;
	}
	pthread_mutex_unlock(&p->lock);
	return room;
}

static int get_events(void *self, struct hub_call *c, struct hub_err *err)
{
	struct hub_push *p = self;
	const struct hub_http_request *q = hub_call_request(c);
	const struct hub_principal *who = hub_call_principal(c);
	struct hub_http_reply *r = hub_call_reply(c);
	struct stream *s = hub_call_alloc(c, sizeof *s);

	if (!s)
		return hub_fail_mem(err);
	s->push = p;
	s->socket = q->socket;
	s->account = who->account ? who->account : -who->token;
	s->session = who->session;
	s->token = who->token;
	s->http = (struct hub_http_stream){read_stream, close_stream, s};
	s->beat = 1;
	fill(s, HUB_STR("retry: 3000\n\n"));
	if (!enlist(p, s, hub_http_header(q, "Last-Event-ID"))) {
		hub_call_header(c, "Retry-After", HUB_STR("30"));
		return hub_http_fail(r, 503, err, "too-many-streams",
				     "too many windows listen for events");
	}
	r->type = "text/event-stream";
	r->stream = &s->http;
	return HUB_OK;
}

static const struct hub_route routes[] = {
    {"GET", "/v1/events", HUB_MAY_SIGNED, HUB_ROUTE_RAW, NULL, NULL, NULL,
     HUB_N("what happens, as Server-Sent Events; Last-Event-ID continues"), get_events},
};

const struct hub_api_table hub_push_table = {
    .base = "", .tag = "events", .route = routes, .n = HUB_COUNT(routes), .bare = 1};

/* --- begin and end ---------------------------------------------------------------------------- */

int hub_push_new(struct hub_arena *a, const struct hub_push_conf *conf, struct hub_push **out,
		 struct hub_err *err)
{
	struct hub_push *p = hub_alloc0(a, sizeof *p);

	if (!p)
		return hub_fail_mem(err);
	p->conf = *conf;
	if (!p->conf.streams)
		p->conf.streams = STREAMS;
	if (hub_random(&p->boot, sizeof p->boot))
		return hub_fail(err, HUB_RETRY, "no-random", "the system gives no random bytes");
	pthread_mutex_init(&p->lock, NULL);
	*out = p;
	return HUB_OK;
}

void hub_push_free(struct hub_push *p)
{
	for (size_t i = 0; i < RING; i++)
		hub_heap_put(p->ring[i]);
	pthread_mutex_destroy(&p->lock);
}

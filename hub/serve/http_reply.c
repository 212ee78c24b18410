/* What goes out: errors as problem documents, headers that every reply has, streams. */
#include "serve/http_in.h"

#include "serve/log.h"

#include <strings.h>

enum { STREAM_BLOCK = 4 << 10 };

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
static void put_problem(struct hub_http_exchange *x, const struct hub_err *err)
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

void hub_http_fault(struct hub_http_exchange *x, int rc, const struct hub_err *err)
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
	const struct hub_http_exchange *x = arg;
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

enum MHD_Result hub_http_send(const struct hub_http_conf *conf, struct hub_http_exchange *x)
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
	if (conf->after)
		conf->after(conf->arg, &x->q, r->status);
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
	const enum MHD_Result sent = MHD_queue_response(x->q.socket, r->status, out);
	MHD_destroy_response(out);
	return sent;
}

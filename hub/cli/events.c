#include "cli/events.h"

#include "base/buf.h"

#include <unistd.h>

enum { SPACING_MS = 500, LINE_MAX_BYTES = 4096 }; /* PIPE_BUF: a line arrives whole or not at all */

static void begin(struct hub_buf *b, const char *event)
{
	hub_buf_init(b, LINE_MAX_BYTES);
	hub_buf_puts(b, "{");
	hub_json_field(b, "event", hub_str_of(event));
}

static void send_line(const struct hub_events *e, struct hub_buf *b)
{
	hub_buf_puts(b, "}\n");
	if (hub_buf_ok(b)) /* nobody waits for a listener that has gone */
		(void)!write(e->fd, b->ptr, b->len);
}

void hub_events_progress(struct hub_events *e, const struct hub_progress *p)
{
	HUB_AUTO(buf) struct hub_buf b;

	hub_buf_init(&b, LINE_MAX_BYTES);
	if (!e || (e->said && p->ms - e->said < SPACING_MS))
		return;
	e->said = p->ms ? p->ms : 1;
	begin(&b, "progress");
	hub_json_int(&b, "rows", (int64_t)p->rows);
	hub_json_int(&b, "rejected", (int64_t)p->rejected);
	hub_json_int(&b, "bytes", (int64_t)p->bytes);
	hub_json_int(&b, "total_bytes", (int64_t)p->total_bytes);
	hub_json_int(&b, "ms", p->ms);
	send_line(e, &b);
}

void hub_events_run(struct hub_events *e, const struct hub_intake_result *res)
{
	HUB_AUTO(buf) struct hub_buf b;

	hub_buf_init(&b, LINE_MAX_BYTES);
	if (!e)
		return;
	begin(&b, "run");
	hub_json_int(&b, "run", res->run.unchanged ? res->run.same_as : res->run.id);
	hub_json_field(&b, "content", res->spec.content);
	hub_json_int(&b, "read", (int64_t)res->counts.read);
	hub_json_int(&b, "rejected", (int64_t)res->counts.fate[HUB_FATE_REJECTED]);
	hub_json_int(&b, "vanished", (int64_t)res->counts.vanished);
	hub_json_int(&b, "unchanged", res->run.unchanged);
	hub_json_int(&b, "written", res->seen.written_ns);
	send_line(e, &b);
}

void hub_events_release(struct hub_events *e, const struct hub_release_result *res)
{
	HUB_AUTO(buf) struct hub_buf b;

	hub_buf_init(&b, LINE_MAX_BYTES);
	if (!e)
		return;
	begin(&b, "release");
	hub_json_int(&b, "release", res->id);
	hub_json_int(&b, "rows", (int64_t)res->counts.rows);
	hub_json_int(&b, "written", (int64_t)res->counts.written);
	hub_json_int(&b, "rejected", (int64_t)res->counts.rejected);
	send_line(e, &b);
}

void hub_events_end(struct hub_events *e, int exit_code, const struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf b;

	hub_buf_init(&b, LINE_MAX_BYTES);
	if (!e)
		return;
	begin(&b, "end");
	hub_json_int(&b, "exit", exit_code);
	if (err->code[0]) {
		hub_json_field(&b, "code", hub_str_of(err->code));
		hub_json_field(&b, "message", hub_str_of(err->what));
		hub_json_field(&b, "where", hub_str_of(err->where));
		hub_json_field(&b, "hint", hub_str_of(err->hint));
	}
	send_line(e, &b);
}

#include "serve/pulse.h"

#include "base/buf.h"
#include "base/io.h"
#include "base/json.h"
#include "serve/child.h"

#include <sys/stat.h>
#include <unistd.h>

/* --- the web process -------------------------------------------------------------------------- */

/* Whoever starts it by hand has something else there, or nothing, and then the store may get that number. */
int hub_pulse_open(void)
{
	struct stat st;

	return fstat(HUB_CHILD_PROGRESS, &st) == 0 && S_ISFIFO(st.st_mode) ? HUB_CHILD_PROGRESS
									   : -1;
}

static void send_line(int fd, struct hub_buf *b)
{
	hub_buf_puts(b, "}\n");
	if (fd != -1 && hub_buf_ok(b)) /* nobody waits for a listener that has gone */
		(void)!write(fd, b->ptr, b->len);
}

void hub_pulse_beat(int fd, unsigned late)
{
	HUB_AUTO(buf) struct hub_buf b;

	hub_buf_init(&b, HUB_PULSE_LINE);
	hub_buf_puts(&b, "{");
	hub_json_field(&b, "event", HUB_STR("alive"));
	hub_json_int(&b, "late", late);
	send_line(fd, &b);
}

void hub_pulse_end(int fd, const struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf b;

	hub_buf_init(&b, HUB_PULSE_LINE);
	hub_buf_puts(&b, "{");
	hub_json_field(&b, "event", HUB_STR("end"));
	hub_json_int(&b, "rc", err->rc);
	hub_json_field(&b, "code", hub_str_of(err->code));
	hub_json_field(&b, "message", hub_str_of(err->what));
	hub_json_field(&b, "where", hub_str_of(err->where));
	hub_json_field(&b, "hint", hub_str_of(err->hint));
	send_line(fd, &b);
}

/* --- the daemon ------------------------------------------------------------------------------- */

static void take_line(struct hub_pulse *p, struct hub_str line, int64_t ticks)
{
	json_error_t why;
	json_t *o = hub_json_read(line, JSON_REJECT_DUPLICATES, &why);
	const char *event = json_string_value(json_object_get(o, "event"));

	if (event && strcmp(event, "alive") == 0) {
		p->serving = 1;
		p->heard = ticks;
		p->late = hub_json_number(o, "late");
	} else if (event && strcmp(event, "end") == 0) {
		const json_int_t rc = hub_json_number(o, "rc");
		p->why.rc = rc >= HUB_INTEGRITY && rc < 0 ? (int32_t)rc : HUB_FATAL;
		hub_json_text(o, "code", p->why.code, sizeof p->why.code);
		hub_json_text(o, "message", p->why.what, sizeof p->why.what);
		hub_json_text(o, "where", p->why.where, sizeof p->why.where);
		hub_json_text(o, "hint", p->why.hint, sizeof p->why.hint);
	}
	json_decref(o);
}

void hub_pulse_read(struct hub_pulse *p, int fd, int64_t ticks)
{
	ssize_t n;

	while ((n = hub_read(fd, p->line + p->len, sizeof p->line - p->len)) > 0) {
		p->len += (size_t)n;
		struct hub_str rest = {p->line, p->len};
		for (size_t end; (end = hub_str_find(rest, HUB_STR("\n"), 0)) != (size_t)-1;) {
			take_line(p, hub_str_cut(rest, 0, end), ticks);
			rest = hub_str_from(rest, end + 1);
		}
		memmove(p->line, rest.ptr, rest.len);
		p->len = rest.len == sizeof p->line ? 0 : rest.len; /* no line of ours is so long */
	}
}

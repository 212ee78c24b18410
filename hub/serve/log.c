#include "serve/log.h"

#include "base/clock.h"
#include "base/io.h"
#include "base/str.h"

#include <stdlib.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 1 << 16 };

static const char *level_name(enum hub_level level)
{
	switch (level) {
	case HUB_LOG_ERROR:
		return "error";
	case HUB_LOG_WARN:
		return "warning";
	case HUB_LOG_INFO:
		return "info";
	default:
		return "debug";
	}
}

void hub_log_begin(struct hub_buf *b, enum hub_level level, const char *event)
{
	char now[26];

	hub_buf_init(b, LINE_MAX_BYTES);
	if (getenv("JOURNAL_STREAM"))
		hub_buf_printf(b, "<%d>", (int)level);
	hub_time_jst(hub_now(), now);
	hub_buf_puts(b, "{");
	hub_json_field(b, "time", hub_str_of(now));
	hub_json_field(b, "level", hub_str_of(level_name(level)));
	hub_json_field(b, "event", hub_str_of(event));
}

void hub_log_err(struct hub_buf *b, const struct hub_err *err)
{
	hub_json_field(b, "code", hub_str_of(err->code));
	hub_json_field(b, "message", hub_str_of(err->what));
	if (err->where[0])
		hub_json_field(b, "where", hub_str_of(err->where));
	if (err->hint[0])
		hub_json_field(b, "hint", hub_str_of(err->hint));
}

void hub_log_end(struct hub_buf *b)
{
	hub_buf_puts(b, "}\n");
	if (hub_buf_ok(b)) /* there is nobody to tell that stderr is gone */
		(void)!hub_write_all(STDERR_FILENO, b->ptr, b->len);
}

void hub_log_error(const char *event, struct hub_str job, const struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf b;

	hub_log_begin(&b, HUB_LOG_ERROR, event);
	if (job.len)
		hub_json_field(&b, "job", job);
	hub_log_err(&b, err);
	hub_log_end(&b);
}

struct hub_str hub_log_name(struct hub_arena *a, const char *name)
{
	const struct hub_str s = hub_str_of(name);
	char *out = hub_alloc(a, s.len * 3 + 1);
	size_t n = 0, at = 0;

	if (!out)
		return HUB_STR("?");
	while (at < s.len) {
		const size_t from = at;
		if (hub_utf8_next(s, &at) < 0) {
			hub_hex((const uint8_t *)s.ptr + from, 1, out + n + 1);
			out[n] = '%';
			n += 3;
			continue;
		}
		memcpy(out + n, s.ptr + from, at - from);
		n += at - from;
	}
	return (struct hub_str){out, n};
}

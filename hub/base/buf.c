#include "base/buf.h"

#include <stdio.h>

void hub_buf_init(struct hub_buf *b, size_t limit)
{
	*b = (struct hub_buf){.limit = limit};
}

void hub_buf_free(struct hub_buf *b)
{
	hub_heap_put(b->ptr);
	b->ptr = NULL;
	b->len = b->cap = 0;
}

void hub_buf_reset(struct hub_buf *b)
{
	b->len = 0;
	b->failed = 0;
}

struct hub_str hub_buf_keep(const struct hub_buf *b, struct hub_arena *a)
{
	if (!b->failed)
		return hub_arena_str(a, hub_buf_text(b));
	hub_arena_fail(a);
	return (struct hub_str){NULL, 0};
}

char *hub_buf_room(struct hub_buf *b, size_t n)
{
	size_t need;

	if (b->failed)
		return NULL;
	if (hub_size_add(b->len, n, &need) || need > b->limit) {
		b->failed = 1;
		return NULL;
	}
	if (need > b->cap) {
		size_t cap = b->cap ? b->cap * 2 : 256;
		while (cap < need)
			cap *= 2;
		if (cap > b->limit)
			cap = b->limit;
		char *p = hub_heap_grow(b->ptr, b->cap, cap);
		if (!p) {
			b->failed = 1;
			return NULL;
		}
		b->ptr = p;
		b->cap = cap;
	}
	return b->ptr + b->len;
}

void hub_buf_add(struct hub_buf *b, const void *p, size_t n)
{
	if (n == 0)
		return;
	char *to = hub_buf_room(b, n);
	if (!to)
		return;
	memcpy(to, p, n);
	b->len += n;
}

void hub_buf_printf(struct hub_buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	const int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	char *to = n < 0 ? NULL : hub_buf_room(b, (size_t)n + 1);
	if (!to) {
		b->failed = 1;
		return;
	}
	va_start(ap, fmt);
	vsnprintf(to, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
}

void hub_json_str(struct hub_buf *b, struct hub_str s)
{
	size_t from = 0;

	hub_buf_putc(b, '"');
	for (size_t i = 0; i < s.len; i++) {
		const unsigned char c = (unsigned char)s.ptr[i];
		if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f)
			continue;
		hub_buf_add(b, s.ptr + from, i - from);
		from = i + 1;
		if (c == '\n')
			hub_buf_puts(b, "\\n");
		else if (c == '\r')
			hub_buf_puts(b, "\\r");
		else if (c == '\t')
			hub_buf_puts(b, "\\t");
		else if (c == '"' || c == '\\')
			hub_buf_printf(b, "\\%c", c);
		else
			hub_buf_printf(b, "\\u%04x", c);
	}
	if (from < s.len) /* s.ptr may be NULL when it is empty */
		hub_buf_add(b, s.ptr + from, s.len - from);
	hub_buf_putc(b, '"');
}

void hub_json_key(struct hub_buf *b, const char *name)
{
	const char last = b->len ? b->ptr[b->len - 1] : '{';

	if (last != '{' && last != '[')
		hub_buf_putc(b, ',');
	hub_json_str(b, hub_str_of(name));
	hub_buf_putc(b, ':');
}

void hub_json_field(struct hub_buf *b, const char *name, struct hub_str value)
{
	hub_json_key(b, name);
	hub_json_str(b, value);
}

void hub_json_int(struct hub_buf *b, const char *name, int64_t value)
{
	hub_json_key(b, name);
	hub_buf_printf(b, "%lld", (long long)value);
}

void hub_buf_plain(struct hub_buf *b, struct hub_str s)
{
	for (size_t at = 0, from = 0; at < s.len; from = at)
		if (hub_utf8_steers(hub_utf8_next(s, &at)))
			hub_buf_puts(b, "\xef\xbf\xbd");
		else
			hub_buf_str(b, hub_str_cut(s, from, at));
}

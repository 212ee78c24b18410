#include "deskrow.h"

#include <string.h>

enum { PAGE = 200, MOST = 1 << 20 };

int desklook_each(const struct desklook *l, int (*each)(const struct deskrow *),
		  struct hub_err *err)
{
	struct hub_look look = l->look;
	const struct hub_batch *b;
	uint32_t n = 0;
	int rc;

	look.limit = PAGE;
	do {
		struct hub_str next = {NULL, 0};
		if ((rc = l->desk->look(l->call, &look, &b, &next, err)))
			return rc == HUB_END ? HUB_OK : rc;
		for (uint32_t i = 0; i < b->rows && !rc && (!l->most || n < l->most); i++, n++)
			rc = each(&(struct deskrow){b, i, l->arg});
		look.after = next;
	} while (!rc && look.after.ptr && (!l->most || n < l->most));
	return rc;
}

static const struct hub_col *column(const struct deskrow *row, const char *name)
{
	const struct hub_str want = str_of(name);

	for (uint32_t c = 0; c < row->batch->cols; c++)
		if (str_same(row->batch->col[c].name, want))
			return row->batch->col[c].cell[row->at] == HUB_VALUE ? &row->batch->col[c]
									     : NULL;
	return NULL;
}

struct hub_str deskrow_text(const struct deskrow *row, const char *name)
{
	const struct hub_col *c = column(row, name);

	return c ? c->text[row->at] : (struct hub_str){"", 0};
}

struct hub_str deskrow_plain(const struct deskrow *row, const char *name)
{
	const struct hub_col *c = column(row, name);

	return c && (!c->shown || c->shown[row->at] == HUB_AS_IS) ? c->text[row->at]
								  : (struct hub_str){"", 0};
}

int deskrow_is(const struct deskrow *row, const char *name, const char *value)
{
	return str_same(deskrow_plain(row, name), str_of(value));
}

int32_t deskrow_day(const struct deskrow *row, const char *name)
{
	struct hub_str s = deskrow_plain(row, name);
	int32_t day;

	if (s.len > 10)
		s.len = 10; /* a time after it */
	return desk_day_read(s, &day) ? DESKROW_NO_DAY : day;
}

void desk_say_day(const struct hub_desk *d, struct hub_call *c, const char *name, int32_t day)
{
	char text[11] = "";

	if (day != DESKROW_NO_DAY)
		desk_day_write(day, text);
	d->text(c, name, day == DESKROW_NO_DAY ? (struct hub_str){NULL, 0} : str_of(text));
}

void *desk_grow(const struct hub_desk *d, struct hub_call *c, void *old, uint32_t n, uint32_t *room,
		size_t size)
{
	if (n < *room)
		return old;
	const uint32_t more = *room ? 2 * *room : 64;
	void *p = more > MOST ? NULL : d->alloc(c, more * size);

	if (p && n)
		memcpy(p, old, n * size);
	if (p)
		*room = more;
	return p;
}

int desk_order(struct hub_str a, struct hub_str b)
{
	const size_t n = a.len < b.len ? a.len : b.len;
	const int c = n ? memcmp(a.ptr, b.ptr, n) : 0;

	return c ? c : (a.len > b.len) - (a.len < b.len);
}

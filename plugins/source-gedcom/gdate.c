#include "gdate.h"

#include "lines.h"
#include "plain.h"

#include <stdio.h>
#include <string.h>

struct day {
	unsigned year, month, day;
};

static struct hub_str word(struct hub_str *s)
{
	size_t from = 0, to;

	while (from < s->len && s->ptr[from] == ' ')
		from++;
	for (to = from; to < s->len && s->ptr[to] != ' '; to++)
		;
	const struct hub_str w = {s->ptr + from, to - from};
	*s = (struct hub_str){s->ptr + to, s->len - to};
	return w;
}

static int number(struct hub_str w, unsigned *out)
{
	*out = 0;
	for (size_t i = 0; i < w.len; i++) {
		if (w.ptr[i] < '0' || w.ptr[i] > '9' || w.len > 4)
			return -1;
		*out = *out * 10 + (unsigned)(w.ptr[i] - '0');
	}
	return w.len ? 0 : -1;
}

static unsigned month_of(struct hub_str w)
{
	static const char names[] = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC";

	for (unsigned m = 0; m < 12 && w.len == 3; m++) {
		unsigned same = 0;
		for (unsigned i = 0; i < 3; i++)
			same += (w.ptr[i] & ~0x20) == names[3 * m + i];
		if (same == 3)
			return m + 1;
	}
	return 0;
}

/* [DAY] [MONTH] YEAR, up to the word AND or TO, which is taken, too. */
static int read_day(struct hub_str *s, struct day *d)
{
	struct hub_str w[4];
	unsigned n = 0;

	*d = (struct day){0};
	for (struct hub_str one = word(s); one.len; one = word(s)) {
		if (str_is(one, "AND") || str_is(one, "TO"))
			break;
		if (str_is(one, "GREGORIAN") || str_is(one, "@#DGREGORIAN@"))
			continue;
		if (n == 3)
			return -1;
		w[n++] = one;
	}
	if (n == 0 || number(w[n - 1], &d->year) || d->year == 0)
		return -1;
	if (n > 1 && (d->month = month_of(w[n - 2])) == 0)
		return -1;
	return n > 2 ? number(w[0], &d->day) : 0;
}

static int put_day(char *out, size_t room, const struct day *d)
{
	if (d->day)
		return snprintf(out, room, "%04u-%02u-%02u", d->year, d->month, d->day);
	return d->month ? snprintf(out, room, "%04u-%02u", d->year, d->month)
			: snprintf(out, room, "%04u", d->year);
}

int gdate_text(struct hub_str v, char out[GDATE_TEXT])
{
	struct hub_str rest = v.len ? v : (struct hub_str){"", 0};
	struct day a, b;
	const struct hub_str first = word(&rest);
	const int about = str_is(first, "ABT") || str_is(first, "EST") || str_is(first, "CAL");
	const int range = str_is(first, "BET") || str_is(first, "FROM");

	if (!about && !range)
		rest = v.len ? v : rest;
	if (read_day(&rest, &a) || (range && read_day(&rest, &b)))
		return -1;
	const int n = put_day(out, GDATE_TEXT, &a);
	char *end = out + n;
	const size_t room = GDATE_TEXT - (size_t)n;
	if (about)
		snprintf(end, room, a.month ? "頃" : "年頃");
	if (range) {
		snprintf(end, room, "～");
		put_day(end + strlen("～"), room - strlen("～"), &b);
	}
	return 0;
}

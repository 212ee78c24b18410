#include "release/day.h"

#include "base/clock.h"
#include "base/str.h"

enum { JST_MINUTES = 9 * 60, DAY_MINUTES = 24 * 60 };

/* Exactly n digits at the head of *s, in min..max; moves *s behind them. */
static int take_digits(struct hub_str *s, size_t n, int64_t min, int64_t max, int64_t *out)
{
	if (s->len < n || s->ptr[0] < '0' || s->ptr[0] > '9' ||
	    hub_parse_i64(hub_str_cut(*s, 0, n), min, max, out))
		return -1;
	*s = hub_str_from(*s, n);
	return 0;
}

/* One of the bytes of set at the head; returns it, or 0. */
static char take_any(struct hub_str *s, const char *set)
{
	if (s->len == 0 || s->ptr[0] == '\0' || !strchr(set, s->ptr[0]))
		return 0;
	const char c = s->ptr[0];
	*s = hub_str_from(*s, 1);
	return c;
}

static int take_date(struct hub_str *s, int64_t *days)
{
	int64_t y, m, d, y2;
	unsigned m2, d2;

	if (take_digits(s, 4, 1, 9999, &y) || !take_any(s, "-") || take_digits(s, 2, 1, 12, &m) ||
	    !take_any(s, "-") || take_digits(s, 2, 1, 31, &d))
		return -1;
	*days = hub_days_of(y, (unsigned)m, (unsigned)d);
	hub_days_to(*days, &y2, &m2, &d2);
	return (int64_t)m2 == m && (int64_t)d2 == d ? 0 : -1; /* 02-30 comes back as 03-02 */
}

/* ":30.123", ":30" or nothing: seconds do not change the day, but must be a time */
static int take_seconds(struct hub_str *s)
{
	int64_t sec;

	if (!take_any(s, ":"))
		return 0;
	if (take_digits(s, 2, 0, 60, &sec))
		return -1;
	if (!take_any(s, ".,"))
		return 0;
	size_t n = 0;
	while (n < s->len && s->ptr[n] >= '0' && s->ptr[n] <= '9')
		n++;
	*s = hub_str_from(*s, n);
	return n ? 0 : -1;
}

/* "Z", "+09:00", "-0500", "+09" or nothing (Japan): minutes east of Greenwich */
static int take_offset(struct hub_str *s, int64_t *minutes)
{
	int64_t h, m = 0;

	*minutes = JST_MINUTES;
	if (s->len == 0)
		return 0;
	const char sign = take_any(s, "Zz+-");
	if (sign == 'Z' || sign == 'z') {
		*minutes = 0;
		return 0;
	}
	if (!sign || take_digits(s, 2, 0, 23, &h))
		return -1;
	if (s->len > 0) {
		(void)take_any(s, ":");
		if (take_digits(s, 2, 0, 59, &m))
			return -1;
	}
	*minutes = (sign == '-' ? -1 : 1) * (h * 60 + m);
	return 0;
}

int hub_day_parse(struct hub_str text, int32_t *day)
{
	int64_t days, h, m, offset;

	if (take_date(&text, &days))
		return -1;
	if (text.len > 0) {
		if (!take_any(&text, "Tt ") || take_digits(&text, 2, 0, 23, &h) ||
		    !take_any(&text, ":") || take_digits(&text, 2, 0, 59, &m) ||
		    take_seconds(&text) || take_offset(&text, &offset) || text.len > 0)
			return -1;
		const int64_t local = h * 60 + m - offset + JST_MINUTES;
		days += local >= DAY_MINUTES ? local / DAY_MINUTES : local < 0 ? -1 : 0;
	}
	*day = (int32_t)days;
	return 0;
}

#include "serve/cron.h"

#include "base/clock.h"

#include <strings.h>

enum { HORIZON = 9 * 366, LONGEST_BREAK = 20 };

/* --- reading ---------------------------------------------------------------------------------- */

static const char *const months[] = {"jan", "feb", "mar", "apr", "may", "jun", "jul",
				     "aug", "sep", "oct", "nov", "dec", NULL};
static const char *const weekdays[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat", NULL};

/* max of day of week is 7: Sunday has two numbers. */
static const struct field {
	const char *what;
	int64_t min, max;
	const char *const *names; /* of min, min + 1, ... */
} fields[5] = {
    {HUB_N("minute"), 0, 59, NULL},         {HUB_N("hour"), 0, 23, NULL},
    {HUB_N("day of month"), 1, 31, NULL},   {HUB_N("month"), 1, 12, months},
    {HUB_N("day of week"), 0, 7, weekdays},
};

static const struct {
	const char *word, *means;
} shorts[] = {
    {"@hourly", "0 * * * *"},
    {"@daily", "0 0 * * *"},
    {"@weekly", "0 0 * * 0"},
    {"@monthly", "0 0 1 * *"},
};

static const struct {
	const char *words;
	enum hub_cron_rule rule;
	int nth; /* 1: a number follows or not */
} rules[] = {
    {"last business day", HUB_CRON_NTH, -1},
    {"next business day", HUB_CRON_NEXT, 0},
    {"previous business day", HUB_CRON_PREVIOUS, 0},
    {"business day", HUB_CRON_WORKING, 0},
};

static int one_value(const struct field *f, struct hub_str s, int64_t *v)
{
	for (int i = 0; f->names && f->names[i]; i++)
		if (s.len == 3 && strncasecmp(s.ptr, f->names[i], 3) == 0) {
			*v = f->min + i;
			return 0;
		}
	return s.len > 2 || !s.len || s.ptr[0] == '+' || hub_parse_i64(s, f->min, f->max, v) ? -1
											     : 0;
}

/* "*", "5", "1-5", "1-31/2", "10/5" */
static int one_range(const struct field *f, struct hub_str s, uint64_t *bits)
{
	int64_t from = f->min, to = f->max, step = 1;
	const size_t slash = hub_str_find(s, HUB_STR("/"), 0);

	if (slash != (size_t)-1) {
		if (hub_parse_i64(hub_str_from(s, slash + 1), 1, f->max, &step))
			return -1;
		s.len = slash;
	}
	if (!hub_str_is(s, "*")) {
		const size_t dash = hub_str_find(s, HUB_STR("-"), 0);
		const int range = dash != (size_t)-1;
		if (one_value(f, range ? hub_str_cut(s, 0, dash) : s, &from))
			return -1;
		if (range && one_value(f, hub_str_from(s, dash + 1), &to))
			return -1;
		if (!range && slash == (size_t)-1)
			to = from;
		if (from > to)
			return -1;
	}
	for (int64_t v = from; v <= to; v += step)
		*bits |= UINT64_C(1) << v;
	return 0;
}

static int one_field(const struct field *f, struct hub_str s, uint64_t *bits)
{
	struct hub_str part;

	*bits = 0;
	if (!s.len)
		return -1;
	while (hub_str_next(&s, ',', &part))
		if (one_range(f, part, bits))
			return -1;
	return 0;
}

int hub_cron_weekdays(struct hub_str text, uint32_t *bits)
{
	uint64_t b;

	if (one_field(&fields[4], text, &b))
		return -1;
	*bits = (uint32_t)((b | b >> 7) & 0x7f);
	return 0;
}

static struct hub_str next_word(struct hub_str *rest)
{
	size_t at = 0, end;

	while (at < rest->len && (rest->ptr[at] == ' ' || rest->ptr[at] == '\t'))
		at++;
	for (end = at; end < rest->len && rest->ptr[end] != ' ' && rest->ptr[end] != '\t';)
		end++;
	const struct hub_str word = hub_str_cut(*rest, at, end);
	*rest = hub_str_from(*rest, end);
	return word;
}

/* What stands behind the five fields. */
static int read_rule(struct hub_str s, struct hub_cron *c)
{
	s = hub_str_trim(s);
	if (!s.len)
		return 0;
	for (size_t i = 0; i < HUB_COUNT(rules); i++) {
		const size_t n = strlen(rules[i].words);
		if (s.len < n || strncasecmp(s.ptr, rules[i].words, n) != 0)
			continue;
		int64_t nth = 0;
		const struct hub_str tail = hub_str_trim(hub_str_from(s, n));
		c->rule = rules[i].rule;
		c->nth = rules[i].nth;
		if (!tail.len)
			return 0;
		if (c->rule != HUB_CRON_WORKING || s.ptr[n] != ' ' ||
		    hub_parse_i64(tail, 1, 23, &nth))
			return -1;
		c->rule = HUB_CRON_NTH;
		c->nth = (int)nth;
		return 0;
	}
	return -1;
}

static int wrong_field(const struct field *f, struct hub_str word, struct hub_err *err)
{
	if (!word.len) {
		hub_fail(err, HUB_CONF, "schedule", "the schedule has no %s", hub_tr(f->what));
		hub_hint(err, "Five fields: minute hour day-of-month month day-of-week, for "
			      "example \"30 5 * * *\".");
	} else {
		hub_fail(err, HUB_CONF, "schedule", "\"%.*s\" is no %s", HUB_FMT(word),
			 hub_tr(f->what));
		hub_hint(err, "From %lld to %lld, with lists 1,2, ranges 1-5 and steps */10.",
			 (long long)f->min, (long long)f->max);
	}
	return HUB_CONF;
}

int hub_cron_parse(struct hub_str text, struct hub_cron *out, size_t *at, size_t *len,
		   struct hub_err *err)
{
	struct hub_str rest = text;
	uint64_t bits[5];
	int star[5];

	*at = 0;
	*len = text.len;
	for (size_t i = 0; i < HUB_COUNT(shorts); i++)
		if (hub_str_is(text, shorts[i].word))
			rest = hub_str_of(shorts[i].means);
	for (size_t i = 0; i < 5; i++) {
		const struct hub_str word = next_word(&rest);
		if (one_field(&fields[i], word, &bits[i])) {
			*at = word.len ? (size_t)(word.ptr - text.ptr) : 0;
			*len = word.len ? word.len : text.len;
			return wrong_field(&fields[i], word, err);
		}
		star[i] = word.ptr[0] == '*';
	}
	*out = (struct hub_cron){.minute = bits[0],
				 .hour = (uint32_t)bits[1],
				 .dom = (uint32_t)bits[2],
				 .month = (uint32_t)bits[3],
				 .dow = (uint32_t)((bits[4] | bits[4] >> 7) & 0x7f),
				 .any_dom = star[2],
				 .any_dow = star[4]};
	if (read_rule(rest, out)) {
		*at = text.len - rest.len;
		*len = rest.len;
		hub_fail(err, HUB_CONF, "schedule",
			 "what stands behind the five fields means nothing");
		hub_hint(err,
			 "It may be \"business day\", \"business day 3\", \"last business day\", "
			 "\"next business day\" or \"previous business day\".");
		return HUB_CONF;
	}
	if (out->rule == HUB_CRON_NTH && !out->any_dom) {
		hub_fail(err, HUB_CONF, "schedule",
			 "a day of month and the number of a business day exclude each other");
		hub_hint(err, "Write * for the day of month.");
		return HUB_CONF;
	}
	return HUB_OK;
}

/* --- days ------------------------------------------------------------------------------------- */

static int fits(const struct hub_cron *c, int64_t day)
{
	int64_t y;
	unsigned m, d;

	hub_days_to(day, &y, &m, &d);
	if (!(c->month >> m & 1))
		return 0;
	const unsigned from_sunday = (hub_weekday((int32_t)day) + 1) % 7;
	const int dom = (int)(c->dom >> d & 1), dow = (int)(c->dow >> from_sunday & 1);
	return c->any_dom || c->any_dow ? dom && dow : dom || dow;
}

static int works(const struct hub_holidays *h, int64_t day)
{
	return hub_is_working_day(h, (int32_t)day);
}

/* Is it the nth working day of its month? nth < 0: from the end. */
static int is_nth(const struct hub_holidays *h, int64_t day, int nth)
{
	const int64_t way = nth < 0 ? 1 : -1;
	int64_t y;
	unsigned m, d, month;
	int n = 1;

	hub_days_to(day, &y, &month, &d);
	for (int64_t other = day + way;; other += way) {
		hub_days_to(other, &y, &m, &d);
		if (m != month)
			return n == (nth < 0 ? -nth : nth);
		n += works(h, other);
	}
}

/* A day that fits lies behind a row of free days, on the side of `way`. */
static int moved_here(const struct hub_cron *c, const struct hub_holidays *h, int64_t day, int way)
{
	if (fits(c, day))
		return 1;
	for (int i = 1; i < LONGEST_BREAK && !works(h, day + way * i); i++)
		if (fits(c, day + way * i))
			return 1;
	return 0;
}

static int is_due_day(const struct hub_cron *c, const struct hub_holidays *h, int64_t day)
{
	switch (c->rule) {
	case HUB_CRON_ANY:
		return fits(c, day);
	case HUB_CRON_WORKING:
		return fits(c, day) && works(h, day);
	case HUB_CRON_NTH:
		return fits(c, day) && works(h, day) && is_nth(h, day, c->nth);
	case HUB_CRON_NEXT:
		return works(h, day) && moved_here(c, h, day, -1);
	case HUB_CRON_PREVIOUS:
		return works(h, day) && moved_here(c, h, day, 1);
	}
	return 0;
}

static int is_due_minute(const struct hub_cron *c, int minute)
{
	return (c->hour >> (minute / 60) & 1) && (c->minute >> (minute % 60) & 1);
}

int64_t hub_cron_next(const struct hub_cron *c, const struct hub_holidays *h, int64_t after)
{
	const int64_t first = hub_day_at(after);
	int minute = (int)((after - hub_day_start(first)) / 60) + 1;

	for (int64_t day = first; day <= first + HORIZON; day++, minute = 0) {
		if (!is_due_day(c, h, day))
			continue;
		for (; minute < 1440; minute++)
			if (is_due_minute(c, minute))
				return hub_day_start(day) + minute * 60;
	}
	return HUB_NEVER_DUE;
}

int64_t hub_cron_last(const struct hub_cron *c, const struct hub_holidays *h, int64_t after,
		      int64_t upto)
{
	const int64_t last = hub_day_at(upto);
	int64_t first = hub_day_at(after);
	int minute = (int)((upto - hub_day_start(last)) / 60);

	if (first < last - HORIZON)
		first = last - HORIZON;
	for (int64_t day = last; day >= first; day--, minute = 1439) {
		if (!is_due_day(c, h, day))
			continue;
		for (; minute >= 0; minute--)
			if (is_due_minute(c, minute)) {
				const int64_t t = hub_day_start(day) + minute * 60;
				return t > after ? t : HUB_NEVER_DUE;
			}
	}
	return HUB_NEVER_DUE;
}

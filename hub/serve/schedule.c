#include "serve/schedule.h"

#include "base/clock.h"

enum { DAY = 86400, LATE = 120, ENDLESS = 4000, DARK = 3650 };

/* --- blackouts -------------------------------------------------------------------------------- */

static int two_digits(struct hub_str s, size_t at, int64_t min, int64_t max, int64_t *out)
{
	return s.ptr[at] == '+' || hub_parse_i64(hub_str_cut(s, at, at + 2), min, max, out) ? -1
											    : 0;
}

/* "22:00" -> minutes; 24:00 is the end of the day. */
static int clock_time(struct hub_str s, int *out)
{
	int64_t h, m;

	if (s.len != 5 || s.ptr[2] != ':' || two_digits(s, 0, 0, 24, &h) ||
	    two_digits(s, 3, 0, 59, &m) || h * 60 + m > 1440)
		return -1;
	*out = (int)(h * 60 + m);
	return 0;
}

static int window(struct hub_str s, struct hub_blackout *b)
{
	return s.len == 11 && s.ptr[5] == '-' && clock_time(hub_str_cut(s, 0, 5), &b->from) == 0 &&
		       clock_time(hub_str_from(s, 6), &b->to) == 0 && b->from != b->to &&
		       b->from < 1440
		   ? 0
		   : -1;
}

/* "2027-03-31" -> *day, "03-31" -> *date */
static int calendar_day(struct hub_str s, int32_t *day, int *date)
{
	int64_t y = 2000, m, d, back_y;
	unsigned back_m, back_d;

	if (s.len == 10) {
		if (s.ptr[4] != '-' || hub_parse_i64(hub_str_cut(s, 0, 4), 1970, 2999, &y))
			return -1;
		s = hub_str_from(s, 5);
	} else if (s.len == 5) {
		day = NULL;
	} else {
		return -1;
	}
	if (s.ptr[2] != '-' || two_digits(s, 0, 1, 12, &m) || two_digits(s, 3, 1, 31, &d))
		return -1;
	const int64_t days = hub_days_of(y, (unsigned)m, (unsigned)d);
	hub_days_to(days, &back_y, &back_m, &back_d);
	if (back_d != (unsigned)d)
		return -1;
	if (day)
		*day = (int32_t)days;
	else
		*date = (int)(m * 100 + d);
	return 0;
}

static int dates(struct hub_str s, struct hub_blackout *b)
{
	const size_t slash = hub_str_find(s, HUB_STR("/"), 0);
	const struct hub_str from = slash == (size_t)-1 ? s : hub_str_cut(s, 0, slash);
	const struct hub_str to = slash == (size_t)-1 ? s : hub_str_from(s, slash + 1);

	b->to_day = b->from_day = 0;
	if (from.len != to.len || calendar_day(from, &b->from_day, &b->from_date) ||
	    calendar_day(to, &b->to_day, &b->to_date))
		return -1;
	if (b->from_date) { /* each year: any day of 1970.. */
		b->to_day = -1;
		return 0;
	}
	return b->from_day <= b->to_day ? 0 : -1;
}

int hub_blackout_parse(struct hub_str text, struct hub_blackout *out, struct hub_err *err)
{
	const struct hub_str s = hub_str_trim(text);
	const size_t space = hub_str_find(s, HUB_STR(" "), 0);
	const struct hub_str days = space == (size_t)-1 ? s : hub_str_cut(s, 0, space);
	const struct hub_str time =
	    space == (size_t)-1 ? (struct hub_str){NULL, 0} : hub_str_trim(hub_str_from(s, space));

	*out = (struct hub_blackout){.dow = 0x7f, .to_day = -1, .from = 0, .to = 1440};
	if (!time.len && window(days, out) == 0)
		return HUB_OK;
	out->from = 0;
	out->to = 1440;
	if ((hub_cron_weekdays(days, &out->dow) == 0 || dates(days, out) == 0) &&
	    (!time.len || window(time, out) == 0))
		return HUB_OK;
	const int rc = hub_fail(err, HUB_CONF, "blackout", "this is no time span");
	hub_hint(err, "Write \"22:00-05:00\", \"sat,sun\", \"mon 00:00-06:00\", \"12-29/01-03\" or "
		      "\"2027-03-31/2027-04-01 17:00-24:00\".");
	return rc;
}

static int has_day(const struct hub_blackout *b, int64_t day)
{
	int64_t y;
	unsigned m, d;

	if (!(b->dow >> ((hub_weekday((int32_t)day) + 1) % 7) & 1))
		return 0;
	if (b->to_day >= b->from_day)
		return b->from_day <= day && day <= b->to_day;
	if (!b->from_date)
		return 1;
	hub_days_to(day, &y, &m, &d);
	const int date = (int)(m * 100 + d);
	return b->from_date <= b->to_date ? b->from_date <= date && date <= b->to_date
					  : date >= b->from_date || date <= b->to_date;
}

/* End of the one window in which t lies, or t. */
static int64_t one_end(const struct hub_blackout *b, int64_t t)
{
	const int64_t day = hub_day_at(t);
	const int minute = (int)((t - hub_day_start(day)) / 60);
	const int over = b->to <= b->from;

	if (has_day(b, day) && minute >= b->from && (over || minute < b->to))
		return hub_day_start(day + over) + b->to * 60;
	if (over && has_day(b, day - 1) && minute < b->to)
		return hub_day_start(day) + b->to * 60;
	return t;
}

int64_t hub_blackout_end(const struct hub_blackout *b, size_t n, int64_t t)
{
	/* one window may end in another one */
	for (int turn = 0; turn < ENDLESS; turn++) {
		const int64_t before = t;
		for (size_t i = 0; i < n; i++)
			t = one_end(&b[i], t);
		if (t == before)
			return t;
	}
	return t;
}

/* --- schedules -------------------------------------------------------------------------------- */

int64_t hub_schedule_quiet_end(const struct hub_schedule *s, int64_t t)
{
	const int64_t from = t;

	for (int turn = 0; turn < ENDLESS && t - from <= (int64_t)DARK * DAY; turn++) {
		const int64_t before = t;
		t = hub_blackout_end(s->blackout, s->blackouts, t);
		t = hub_blackout_end(s->more, s->mores, t);
		if (t == before)
			break;
	}
	return t;
}

int hub_schedule_is_dark(const struct hub_schedule *s, int64_t t)
{
	return hub_schedule_quiet_end(s, t) - t > (int64_t)DARK * DAY;
}

struct hub_due hub_schedule_due(const struct hub_schedule *s, int64_t last, int64_t now)
{
	const int64_t due = hub_cron_last(&s->cron, s->holidays, last, now);
	const int64_t quiet = hub_schedule_quiet_end(s, now);
	struct hub_due d = {.due = due, .last = last};

	if (due == HUB_NEVER_DUE) {
		d.again = hub_cron_next(&s->cron, s->holidays, now);
		return d;
	}
	if (quiet > now && s->catch_up) {
		d.again = quiet;
		return d;
	}
	d.missed = now - due > LATE;
	d.start = quiet == now && (!d.missed || s->catch_up);
	d.last = due;
	d.again = hub_cron_next(&s->cron, s->holidays, now);
	return d;
}

/* HUB_NEVER_DUE: none up to now. */
static int64_t next_by(const struct hub_schedule *s, const struct hub_cron *by, int64_t after,
		       int64_t now)
{
	for (int turn = 0; turn < ENDLESS; turn++) {
		const int64_t t = hub_cron_next(by, s->holidays, after);
		if (t == HUB_NEVER_DUE || t > now)
			return HUB_NEVER_DUE;
		const int64_t open = hub_schedule_quiet_end(s, t);
		if (open == t)
			return t;
		after = open - 1;
	}
	return HUB_NEVER_DUE;
}

int64_t hub_schedule_overdue(const struct hub_schedule *s, const struct hub_cron *by,
			     int64_t arrived, int64_t known, int64_t now)
{
	int64_t t = next_by(s, by, arrived ? arrived : known, now);

	if (arrived && t != HUB_NEVER_DUE) /* it came in time for that one */
		t = next_by(s, by, t, now);
	return t == HUB_NEVER_DUE ? 0 : t;
}

size_t hub_schedule_times(const struct hub_schedule *s, int64_t after, int64_t *out, size_t n)
{
	int64_t last = after, now = hub_cron_next(&s->cron, s->holidays, after);
	size_t found = 0;

	for (int turn = 0; found < n && turn < ENDLESS && now != HUB_NEVER_DUE; turn++) {
		const struct hub_due d = hub_schedule_due(s, last, now);
		if (d.start)
			out[found++] = now;
		last = d.last;
		now = d.again;
	}
	return found;
}

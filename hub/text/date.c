#include "text/date.h"

#include "base/clock.h"
#include "text/dateread.h"

/* Era tables: facts/japanese-normalisation.md section 4. Switch days belong to both eras. */
static const struct {
	int base; /* Gregorian year = era year + base */
	int32_t first, last;
} eras[] = {
    [HUB_ERA_MEIJI] = {1867, -37231, -20974},  /* 1868-01-25 .. 1912-07-30 */
    [HUB_ERA_TAISHO] = {1911, -20974, -15713}, /* 1912-07-30 .. 1926-12-25 */
    [HUB_ERA_SHOWA] = {1925, -15713, 6946},    /* 1926-12-25 .. 1989-01-07 */
    [HUB_ERA_HEISEI] = {1988, 6947, 18016},    /* 1989-01-08 .. 2019-04-30 */
    [HUB_ERA_REIWA] = {2018, 18017, INT32_MAX},
};

enum {
	GREGORIAN = -35428,     /* 1873-01-01: before it Japan counted in a lunar calendar */
	LAST_PLAUSIBLE = 47481, /* 2099-12-31 */
	DAY_SECONDS = 86400,
};

static int days_in_month(int y, int m)
{
	static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return m == 2 && ((y % 4 == 0 && y % 100 != 0) || y % 400 == 0) ? 29 : days[m - 1];
}

static int32_t day_number(int y, int m, int d)
{
	return (int32_t)hub_days_of(y, (unsigned)m, (unsigned)d);
}

/* 令和6年(2025年) is one of two years, and which one only its writer knows. */
static int years_agree(const struct hub_dateparts *d)
{
	return d->other_year < 0 ||
	       d->year + eras[d->era].base == d->other_year + eras[d->other_era].base;
}

static int to_gregorian(struct hub_datecur *c, const struct hub_dateparts *d, int *year)
{
	if (!years_agree(d))
		return hub_datecur_fail(c, "years-differ");
	*year = d->year;
	if (!d->era || (c->flags & HUB_DATE_CONTEXT_YEAR))
		return *year > 0 ? 0 : hub_datecur_fail(c, "no-such-year");
	if (d->year < 1)
		return hub_datecur_fail(c, "no-such-year");
	*year = d->year + eras[d->era].base;
	return 0;
}

static void set_vague(const struct hub_dateparts *d, int y, struct hub_date *out)
{
	if (d->vague == HUB_DATE_SEASON) {
		const int m = 3 + 3 * d->nth;
		out->precision = HUB_DATE_SEASON;
		out->from = day_number(y, m, 1);
		out->to = d->nth == 3 ? day_number(y + 1, 3, 1) - 1 : day_number(y, m + 3, 1) - 1;
	} else if (d->vague == HUB_DATE_TEN_DAYS) {
		out->precision = HUB_DATE_TEN_DAYS;
		out->from = day_number(y, d->month, 1 + 10 * d->nth);
		out->to = day_number(y, d->month,
				     d->nth == 2 ? days_in_month(y, d->month) : 10 + 10 * d->nth);
	} else if (d->month >= 0) {
		out->precision = HUB_DATE_MONTH;
		out->from = day_number(y, d->month, 1);
		out->to = day_number(y, d->month, days_in_month(y, d->month));
	} else {
		out->precision = HUB_DATE_YEAR;
		out->from = day_number(y, 1, 1);
		out->to = day_number(y, 12, 31);
	}
}

/* Era limits: a year that the era did not reach is arithmetic with a finding, one before it began
 * is a mistake. Then the plausible range, which catches R99. */
static int check_range(struct hub_datecur *c, struct hub_date *out)
{
	if (out->era) {
		if (out->to < eras[out->era].first)
			return hub_datecur_fail(c, "before-era");
		if (out->from > eras[out->era].last) {
			c->flags |= HUB_DATE_OVERRUN;
			if (c->opt->refuse_overrun)
				return hub_datecur_fail(c, "era-overrun");
		}
	}
	if (out->from < GREGORIAN)
		return hub_datecur_fail(c, "lunar-calendar");
	const int set = c->opt->min || c->opt->max;
	if (out->to < (set ? c->opt->min : GREGORIAN) ||
	    out->from > (set ? c->opt->max : LAST_PLAUSIBLE))
		return hub_datecur_fail(c, "implausible");
	return 0;
}

static int resolve(struct hub_datecur *c, const struct hub_dateparts *d, struct hub_date *out)
{
	int y;

	if (to_gregorian(c, d, &y))
		return -1;
	if (d->month == 0 || d->month > 12)
		return hub_datecur_fail(c, "no-such-month");
	out->era = d->era;
	int day = d->last_day ? days_in_month(y, d->month) : d->day;
	if (day == 0 || day > 31)
		return hub_datecur_fail(c, "no-such-day");
	if (day > 0 && day > days_in_month(y, d->month)) {
		if (!c->opt->noncalendar)
			return hub_datecur_fail(c, "no-such-day");
		c->flags |= HUB_DATE_NONCALENDAR;
		day = -1;
	}
	if (day > 0) {
		out->precision = HUB_DATE_DAY;
		out->from = out->to = day_number(y, d->month, day);
	} else {
		set_vague(d, y, out);
	}
	if (d->weekday >= 0 && day > 0) {
		/* 1970-01-01 was a Thursday */
		const int w = (int)(((int64_t)out->from % 7 + 7 + 4) % 7);
		if (w != d->weekday)
			c->flags |= HUB_DATE_WEEKDAY;
	}
	return check_range(c, out);
}

/* 13:00～14:00, 13:00-14:00: until when, of the same day. */
static int read_until(struct hub_datecur *c)
{
	const unsigned char *mark = c->p;
	int32_t until;
	int digits = 0;

	if (!hub_datecur_take(c, '~') && !hub_datecur_take(c, '-') && !hub_datecur_take(c, DS_FROM))
		return 0;
	hub_datecur_spaces(c);
	while (hub_date_is_digit(c->p[digits]))
		digits++;
	const int half = *c->p >= DS_AM && *c->p <= DS_NIGHT;
	if (!half &&
	    (digits < 1 || digits > 2 || (c->p[digits] != ':' && c->p[digits] != DS_HOUR))) {
		c->p = mark;
		return 0;
	}
	c->flags |= HUB_DATE_UNTIL;
	return hub_dateread_time(c, &until);
}

/* A time behind a complete date, and its zone. */
static int read_clock(struct hub_datecur *c, struct hub_date *out)
{
	const unsigned char *mark = c->p;
	int32_t ahead;

	hub_datecur_spaces(c);
	const int instant = *c->p == 'T';
	if (hub_datecur_take(c, 'T') || hub_datecur_take(c, ','))
		hub_datecur_spaces(c);
	const unsigned char b = *c->p;
	if (hub_date_is_digit(b) || (b >= DS_AM && b <= DS_NIGHT) || b == 'A' || b == 'P') {
		if (hub_dateread_time(c, &out->seconds))
			return -1;
	} else {
		c->p = mark;
		return 0;
	}
	if (out->precision != HUB_DATE_DAY)
		return hub_datecur_fail(c, "not-a-date");
	hub_datecur_spaces(c);
	if (!instant && read_until(c))
		return -1;
	if (hub_dateread_zone(c, &ahead)) {
		const int64_t t =
		    (int64_t)out->from * DAY_SECONDS + out->seconds + HUB_DATE_JST - ahead;
		const int64_t day =
		    (t - (t % DAY_SECONDS + DAY_SECONDS) % DAY_SECONDS) / DAY_SECONDS;
		if (ahead != HUB_DATE_JST)
			c->flags |= HUB_DATE_ZONED;
		out->from = out->to = (int32_t)day;
		out->seconds = (int32_t)(t - day * DAY_SECONDS);
	}
	if (out->seconds >= DAY_SECONDS) {
		c->flags |= HUB_DATE_NEXT_DAY;
		out->seconds -= DAY_SECONDS;
		out->from = ++out->to;
	}
	return 0;
}

/* から, ～ and the second date of a range. */
static int read_range(struct hub_datecur *c, const struct hub_dateparts *first,
		      struct hub_date *out)
{
	struct hub_dateparts d;
	struct hub_date end = {.seconds = -1};

	hub_datecur_spaces(c);
	if (*c->p != DS_FROM && *c->p != '~')
		return 0;
	c->p++;
	hub_datecur_spaces(c);
	if (!*c->p) {
		c->flags |= HUB_DATE_EDGE;
		return 0;
	}
	if (hub_dateread_date(c, &d, first) || hub_dateread_suffix(c, &d))
		return -1;
	hub_dateread_weekday(c, &d);
	if (resolve(c, &d, &end))
		return -1;
	if (end.to < out->from)
		return hub_datecur_fail(c, "range-reversed");
	out->to = end.to;
	if (end.precision > out->precision)
		out->precision = end.precision;
	c->flags |= HUB_DATE_RANGE;
	hub_datecur_take(c, DS_UNTIL);
	return 0;
}

static void read_noise(struct hub_datecur *c)
{
	for (;;) {
		hub_datecur_spaces(c);
		if (hub_datecur_take(c, DS_UNTIL))
			c->flags |= HUB_DATE_EDGE;
		else if (hub_datecur_take(c, DS_ABOUT))
			c->flags |= HUB_DATE_ESTIMATED;
		else if (!hub_datecur_take(c, DS_NOISE))
			return;
	}
}

static int read_all(struct hub_datecur *c, struct hub_date *out)
{
	struct hub_dateparts d;

	const int open = hub_datecur_take(c, '('); /* around all of it */
	if (hub_dateread_date(c, &d, NULL) || hub_dateread_suffix(c, &d))
		return -1;
	if (d.day > 0 && *c->p == '.' && !hub_date_is_digit(c->p[1]))
		c->p++; /* 2024.7.31. */
	hub_dateread_weekday(c, &d);
	if (resolve(c, &d, out) || read_clock(c, out) || read_range(c, &d, out))
		return -1;
	read_noise(c);
	hub_dateread_weekday(c, &d);
	if (*c->p == DS_OPEN)
		return hub_datecur_fail(c, "open-ended");
	if (open && !hub_datecur_take(c, ')'))
		return hub_datecur_fail(c, "not-a-date");
	return *c->p ? hub_datecur_fail(c, "not-a-date") : 0;
}

/* ---- what is no date, but means something ---- */

/* Fillers of old systems: only zeros, only nines, 9999-12-31, a lone dash. */
static int is_filler(const struct hub_datelex *x, int *zero)
{
	size_t zeros = 0, nines = 0, others = 0, marks = 0;
	char digits[9] = "";

	for (size_t i = 0; i < x->len; i++) {
		const unsigned char b = x->sym[i];
		if (hub_date_is_digit(b) && zeros + nines + others < 8)
			digits[zeros + nines + others] = (char)b;
		zeros += b == '0';
		nines += b == '9';
		others += hub_date_is_digit(b) && b != '0' && b != '9';
		marks += b == '/' || b == '-' || b == '.' || b == ' ' || b == ':';
	}
	*zero = zeros > 0;
	if (zeros + nines + others + marks != x->len)
		return 0;
	if (!zeros && !nines && !others)
		return 1;
	if (!others && (!zeros || !nines))
		return zeros >= 6 || nines >= 6;
	*zero = 0;
	return memcmp(digits, "99991231", 8) == 0;
}

/* 不詳, 年月日不詳, 生年月日不明 */
static int is_unknown(const struct hub_datelex *x)
{
	size_t i = 0;

	while (x->sym[i] == DS_NOISE || x->sym[i] == DS_YEAR || x->sym[i] == DS_MONTH ||
	       x->sym[i] == DS_DAY)
		i++;
	return x->sym[i] == DS_UNKNOWN && !x->sym[i + 1];
}

/* Excel's day number, 1900 system: 60 is the 29th of February 1900, which never was. */
static int read_serial(struct hub_datecur *c, struct hub_date *out)
{
	int days, fraction = 0, scale = 1;
	const unsigned char *p = c->p;
	const int n = hub_datecur_number(c, &days);

	if (n < 1 || n > 5) {
		c->p = p;
		return 0;
	}
	if (hub_datecur_take(c, '.')) {
		for (; hub_date_is_digit(*c->p); c->p++)
			if (scale < 10000000) {
				fraction = fraction * 10 + (*c->p - '0');
				scale *= 10;
			}
		out->seconds = (int32_t)(((int64_t)fraction * DAY_SECONDS + scale / 2) / scale);
	}
	if (*c->p) {
		c->p = p;
		out->seconds = -1;
		return 0;
	}
	if (c->opt->excel == 1904) {
		out->from = days - 24107; /* 1904-01-01 = 0 */
	} else {
		if (days == 60)
			return hub_datecur_fail(c, "excel-false-day");
		if (days == 0)
			return hub_datecur_fail(c, "no-such-day");
		out->from = days - 25569 + (days < 60);
	}
	out->to = out->from;
	out->precision = HUB_DATE_DAY;
	c->flags |= HUB_DATE_SERIAL;
	return check_range(c, out) ? -1 : 1;
}

enum hub_date_rc hub_date_parse(struct hub_str text, const struct hub_date_opt *opt,
				struct hub_date *out)
{
	static const struct hub_date_opt everyday = {0};
	struct hub_datelex x;
	int zero = 0;

	*out = (struct hub_date){.seconds = -1};
	text = hub_str_trim(text);
	if (!text.len)
		return HUB_DATE_NULL;
	if (hub_datelex_read(text, &x)) {
		out->reason = "not-a-date";
		return HUB_DATE_INVALID;
	}
	struct hub_datecur c = {.p = x.sym, .opt = opt ? opt : &everyday};
	if ((x.sym[0] == '0' || x.sym[0] == '9' || x.sym[0] == '-') && is_filler(&x, &zero)) {
		if (!zero || !c.opt->refuse_zero)
			return HUB_DATE_NULL;
		out->reason = "no-such-day";
		return HUB_DATE_INVALID;
	}
	if (is_unknown(&x)) {
		out->precision = HUB_DATE_UNKNOWN;
		return HUB_DATE_OK;
	}
	int done = c.opt->excel ? read_serial(&c, out) : 0;
	if (!done)
		done = read_all(&c, out);
	out->flags = c.flags;
	if (done >= 0)
		return HUB_DATE_OK;
	out->precision = HUB_DATE_NONE;
	out->reason = c.reason;
	return HUB_DATE_INVALID;
}

int hub_date_days(struct hub_str text, int32_t *first, int32_t *last)
{
	struct hub_date d;

	if (hub_date_parse(text, NULL, &d) != HUB_DATE_OK || d.precision == HUB_DATE_UNKNOWN)
		return 0;
	*first = d.from;
	*last = d.to;
	return 1;
}

/* ---- out ---- */

static char *put(char *p, int64_t v, int width)
{
	for (int i = width; i--; v /= 10)
		p[i] = (char)('0' + v % 10);
	return p + width;
}

static char *put_day(char *p, int32_t day, enum hub_date_precision precision)
{
	int64_t y;
	unsigned m, d;

	hub_days_to(day, &y, &m, &d);
	p = put(p, y, 4);
	if (precision > HUB_DATE_MONTH)
		return p;
	*p++ = '-';
	p = put(p, m, 2);
	if (precision > HUB_DATE_DAY)
		return p;
	*p++ = '-';
	return put(p, d, 2);
}

size_t hub_date_iso(const struct hub_date *d, int time, char out[HUB_DATE_TEXT])
{
	char *p = out;

	*p = 0;
	if (d->precision == HUB_DATE_NONE || d->precision == HUB_DATE_UNKNOWN)
		return 0;
	p = put_day(p, d->from, d->precision);
	if (d->flags & HUB_DATE_RANGE) {
		*p++ = '/';
		p = put_day(p, d->to, d->precision);
	} else if (time && d->seconds >= 0) {
		*p++ = 'T';
		p = put(p, d->seconds / 3600, 2);
		*p++ = ':';
		p = put(p, d->seconds / 60 % 60, 2);
		*p++ = ':';
		p = put(p, d->seconds % 60, 2);
	}
	*p = 0;
	return (size_t)(p - out);
}

const char *hub_date_finding(unsigned flags, unsigned n)
{
	static const char *const names[] = {
	    "estimated",    "vague",          "era-overrun",    "weekday-mismatch", "non-calendar",
	    "context-year", "two-digit-year", "range",          "excel-serial",     "next-day",
	    "edge",         "part-unknown",   "zone-converted", "end-left-out",
	};

	for (size_t i = 0; i < HUB_COUNT(names); i++)
		if (flags & 1u << i && n-- == 0)
			return names[i];
	return NULL;
}

const char *hub_date_precision_name(enum hub_date_precision p)
{
	static const char *const names[] = {"none",   "day",  "ten_days", "month",
					    "season", "year", "unknown"};

	return names[p];
}

#include "text/date.h"

#include "base/clock.h"
#include "text/datelex.h"

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
	JST = 9 * 3600,
};

/* What was read, before it is judged. -1: not written. */
struct parts {
	int year, month, day;
	enum hub_era era;
	enum hub_date_precision vague; /* TEN_DAYS or SEASON */
	int nth;                       /* which third or season */
	int last_day;
	int weekday; /* 0 Sunday .. 6 */
};

struct cur {
	const unsigned char *p;
	const struct hub_date_opt *opt;
	unsigned flags;
	const char *reason;
};

static int fail(struct cur *c, const char *reason)
{
	if (!c->reason)
		c->reason = reason;
	return -1;
}

static int is_digit(unsigned char b)
{
	return b >= '0' && b <= '9';
}

static void spaces(struct cur *c)
{
	while (*c->p == ' ')
		c->p++;
}

static int take(struct cur *c, unsigned char sym)
{
	if (*c->p != sym)
		return 0;
	c->p++;
	return 1;
}

/* A run of digits: value (at most 9 digits count) and how many there were. */
static int number(struct cur *c, int *value)
{
	int n = 0;

	*value = 0;
	for (; is_digit(*c->p); c->p++, n++)
		if (n < 9)
			*value = *value * 10 + (*c->p - '0');
	return n;
}

static int two(const unsigned char *p)
{
	return (p[0] - '0') * 10 + (p[1] - '0');
}

static int days_in_month(int y, int m)
{
	static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return m == 2 && ((y % 4 == 0 && y % 100 != 0) || y % 400 == 0) ? 29 : days[m - 1];
}

static int32_t day_number(int y, int m, int d)
{
	return (int32_t)hub_days_of(y, (unsigned)m, (unsigned)d);
}

/* ---- time of day ---- */

/* "13:30[:15[.25]]" or "13時[30分[15秒]]", "13時半"; c stands on the first digit. */
static int clock_digits(struct cur *c, int v[3])
{
	const int n = number(c, &v[0]);

	if (n < 1 || n > 2)
		return fail(c, "bad-time");
	if (take(c, ':')) {
		if (number(c, &v[1]) != 2)
			return fail(c, "bad-time");
		if (take(c, ':') && number(c, &v[2]) != 2)
			return fail(c, "bad-time");
		int fraction;
		if (take(c, '.') && number(c, &fraction) < 1)
			return fail(c, "bad-time");
		return 0;
	}
	if (!take(c, DS_HOUR))
		return fail(c, "bad-time");
	spaces(c);
	if (take(c, DS_HALF)) {
		v[1] = 30;
		return 0;
	}
	if (!is_digit(*c->p))
		return 0;
	if (number(c, &v[1]) > 2 || !take(c, DS_MINUTE))
		return fail(c, "bad-time");
	spaces(c);
	if (is_digit(*c->p) && (number(c, &v[2]) > 2 || !take(c, DS_SECOND)))
		return fail(c, "bad-time");
	return 0;
}

/* AM and PM in Latin letters, before or behind. */
static unsigned char half_of_day(struct cur *c)
{
	const unsigned char *p = c->p;

	while (*p == ' ')
		p++;
	if (*p == DS_AM || *p == DS_PM || (*p >= DS_MORNING && *p <= DS_NIGHT)) {
		c->p = p + 1;
		return *p;
	}
	if ((*p == 'A' || *p == 'P') && (p[1] == 'M' || (p[1] == '.' && p[2] == 'M'))) {
		c->p = p + (p[1] == 'M' ? 2 : 3);
		take(c, '.');
		return *p == 'A' ? DS_AM : DS_PM;
	}
	return 0;
}

static int hour_of(unsigned char half, int hour)
{
	switch (half) {
	case DS_AM:
		return hour == 12 ? 0 : hour;
	case DS_PM:
		return hour < 12 ? hour + 12 : hour;
	case DS_EVENING:
		return hour >= 4 && hour <= 11 ? hour + 12 : (hour == 12 ? 24 : hour);
	case DS_NOON:
		return hour >= 1 && hour <= 5 ? hour + 12 : hour;
	default:
		return hour;
	}
}

static int time_of_day(struct cur *c, int32_t *seconds)
{
	int v[3] = {0, 0, 0};
	unsigned char half = half_of_day(c);

	spaces(c);
	if (half == DS_NOON && !is_digit(*c->p)) {
		*seconds = 12 * 3600;
		return 0;
	}
	if (clock_digits(c, v))
		return -1;
	const unsigned char *behind = c->p;
	if (!half) {
		half = half_of_day(c);
		if (half != DS_AM && half != DS_PM) {
			c->p = behind;
			half = 0;
		}
	}
	if ((half == DS_AM || half == DS_PM) && v[0] > 12)
		if (half == DS_AM || v[0] > 23)
			return fail(c, "bad-time");
	if (v[0] > 29 || v[1] > 59 || v[2] > 59)
		return fail(c, "bad-time");
	*seconds = hour_of(half, v[0]) * 3600 + v[1] * 60 + v[2];
	return 0;
}

/* Z, +09:00, +0900, JST behind a time: how far the clock is ahead of UTC; 0 = none was written. */
static int zone(struct cur *c, int32_t *ahead)
{
	int h, m = 0;

	if (take(c, 'Z')) {
		*ahead = 0;
		return 1;
	}
	if (c->p[0] == 'J' && c->p[1] == 'S' && c->p[2] == 'T') {
		c->p += 3;
		*ahead = JST;
		return 1;
	}
	if ((c->p[0] != '+' && c->p[0] != '-') || !is_digit(c->p[1]) || !is_digit(c->p[2]))
		return 0;
	const int sign = *c->p == '-' ? -1 : 1;
	h = two(c->p + 1);
	c->p += 3;
	take(c, ':');
	if (is_digit(c->p[0]) && is_digit(c->p[1])) {
		m = two(c->p);
		c->p += 2;
	}
	*ahead = sign * (h * 3600 + m * 60);
	return 1;
}

enum hub_date_rc hub_time_parse(struct hub_str text, int32_t *seconds, const char **reason)
{
	struct hub_datelex x;

	*seconds = -1;
	*reason = NULL;
	text = hub_str_trim(text);
	if (!text.len)
		return HUB_DATE_NULL;
	if (hub_datelex_read(text, &x)) {
		*reason = "not-a-time";
		return HUB_DATE_INVALID;
	}
	struct cur c = {.p = x.sym};
	if (time_of_day(&c, seconds) == 0) {
		spaces(&c);
		if (take(&c, DS_ABOUT))
			spaces(&c);
		if (!*c.p)
			return HUB_DATE_OK;
		fail(&c, "bad-time");
	}
	*seconds = -1;
	*reason = c.reason;
	return HUB_DATE_INVALID;
}

/* ---- the date itself ---- */

/* Passes spaces and one separator; was there one? */
static int separator(struct cur *c)
{
	spaces(c);
	if (*c->p == '/' || *c->p == '-' || *c->p == '.' || *c->p == ',') {
		c->p++;
		spaces(c);
		return 1;
	}
	return 0;
}

static enum hub_era read_era(struct cur *c)
{
	static const char letters[] = "MTSHR";

	if (*c->p >= DS_MEIJI && *c->p <= DS_REIWA) {
		const enum hub_era e = (enum hub_era)(*c->p - DS_MEIJI + 1);
		c->p++;
		spaces(c);
		if (*c->p == '.' && is_digit(c->p[1]))
			c->p++;
		return e;
	}
	const char *l = *c->p ? strchr(letters, *c->p) : NULL;
	if (!l)
		return HUB_ERA_NONE;
	const unsigned char *p = c->p + 1;
	while (*p == ' ')
		p++;
	if (*p == '.')
		p++;
	while (*p == ' ')
		p++;
	if (!is_digit(*p))
		return HUB_ERA_NONE;
	c->p = p;
	return (enum hub_era)(l - letters + 1);
}

/* The registry numbers the eras 1 明治 .. 5 令和, a welfare form 1 大正 .. 4 令和. */
static enum hub_era era_of_code(const struct cur *c, int code)
{
	const int era = c->opt->era_codes == HUB_DATE_CODES_WELFARE ? code + 1 : code;

	return era >= HUB_ERA_MEIJI && era <= HUB_ERA_REIWA ? (enum hub_era)era : HUB_ERA_NONE;
}

/* yymmdd without separators at p. */
static void compact(struct parts *d, const unsigned char *p)
{
	d->year = two(p);
	d->month = two(p + 2);
	d->day = two(p + 4);
}

/* How many numbers stand here, joined by one separator each: tells 10/1 from 24/10/01. */
static int count_numbers(const unsigned char *p, int *last_digits)
{
	int n = 0;

	while (is_digit(*p)) {
		*last_digits = 0;
		for (; is_digit(*p); p++)
			(*last_digits)++;
		n++;
		while (*p == ' ')
			p++;
		if (!strchr("/-.,", *p) || !*p)
			break;
		for (p++; *p == ' '; p++)
			;
	}
	return n;
}

/* Month and day behind a year. Each may be missing; a separator must be followed by something. */
static int month_and_day(struct cur *c, struct parts *d)
{
	for (int *v = &d->month;; v = &d->day) {
		const unsigned char *mark = c->p;
		const int sep = separator(c);
		if (!is_digit(*c->p)) {
			if (sep && !(*c->p >= DS_SPRING && *c->p <= DS_WINTER))
				return fail(c, "not-a-date");
			if (!sep)
				c->p = mark;
			return 0;
		}
		/* "10月1 13:30", "2024年10月 13時": the number belongs to the time */
		const unsigned char *p = c->p;
		while (is_digit(*p))
			p++;
		if (*p == ':' || *p == DS_HOUR) {
			c->p = mark;
			return 0;
		}
		if (number(c, v) > 2)
			return fail(c, "not-a-date");
		if (*c->p == ' ' && c->p[1] == (v == &d->month ? DS_MONTH : DS_DAY))
			c->p++;
		if (v == &d->day) {
			take(c, DS_DAY);
			return 0;
		}
		if (*c->p == DS_DAY && d->month >= 0) /* 令和6年10日: no month */
			return fail(c, "not-a-date");
		take(c, DS_MONTH);
	}
}

/* No era and no four-digit year: 10/1, 10月1日, 24/10/01. `base`: the date a range began with. */
static int without_year(struct cur *c, struct parts *d, const struct parts *base)
{
	int last = 0, v;
	const int n = count_numbers(c->p, &last);
	const unsigned char *p = c->p;

	while (is_digit(*p) || *p == ' ')
		p++;
	if (*p == DS_YEAR || n >= 3) {
		if (n >= 3 && last == 4)
			return fail(c, "order-ambiguous");
		if (!c->opt->two_digit_base || number(c, &v) > 2)
			return fail(c, "year-ambiguous");
		d->year = v + c->opt->two_digit_base;
		c->flags |= HUB_DATE_TWO_DIGITS;
		spaces(c);
		take(c, DS_YEAR);
		return month_and_day(c, d);
	}
	if (base && *p == DS_DAY && n == 1) {
		d->year = base->year;
		d->month = base->month;
		d->era = base->era;
		number(c, &d->day);
		spaces(c);
		take(c, DS_DAY);
		return 0;
	}
	if (*p != DS_MONTH && n != 2)
		return fail(c, *p == DS_DAY ? "year-missing" : "not-a-date");
	if (base && base->year >= 0) {
		d->year = base->year;
		d->era = base->era;
	} else if (c->opt->context_year) {
		d->year = c->opt->context_year;
		c->flags |= HUB_DATE_CONTEXT_YEAR;
	} else {
		return fail(c, "year-missing");
	}
	return month_and_day(c, d);
}

/* A run of digits that is a whole date by itself. 1 done, 0 not such a run, -1 refused. */
static int solid(struct cur *c, struct parts *d, const unsigned char *p, int n)
{
	if (d->era) {
		if (n == 6)
			compact(d, p);
		else if (n == 4) {
			d->year = two(p);
			d->month = two(p + 2);
		} else
			return n == 5 ? fail(c, "year-ambiguous") : 0;
		return 1;
	}
	if (n == 7 && c->opt->era_codes) {
		d->era = era_of_code(c, p[0] - '0');
		if (!d->era)
			return fail(c, "unknown-era");
		compact(d, p + 1);
		return 1;
	}
	if (n == 6 && c->opt->two_digit_base) {
		compact(d, p);
		d->year += c->opt->two_digit_base;
		c->flags |= HUB_DATE_TWO_DIGITS;
		return 1;
	}
	if (n == 8 || n == 12 || n == 14) {
		compact(d, p + 2);
		d->year += two(p) * 100;
		return 1;
	}
	return n >= 5 ? fail(c, n == 6 ? "year-ambiguous" : "not-a-date") : 0;
}

/* 5-06-10-01: the era code stands apart. */
static void coded_era(struct cur *c, struct parts *d)
{
	int last = 0;

	if (!c->opt->era_codes || !is_digit(c->p[0]) || is_digit(c->p[1]) ||
	    count_numbers(c->p, &last) != 4)
		return;
	d->era = era_of_code(c, c->p[0] - '0');
	if (d->era) {
		c->p++;
		separator(c);
	}
}

static int read_date(struct cur *c, struct parts *d, const struct parts *base)
{
	int v;

	*d = (struct parts){.year = -1, .month = -1, .day = -1, .weekday = -1};
	spaces(c);
	if (take(c, DS_GUESS)) {
		c->flags |= HUB_DATE_ESTIMATED;
		spaces(c);
	}
	const int ad = take(c, DS_AD);
	spaces(c);
	if (!ad) {
		d->era = read_era(c);
		if (!d->era)
			coded_era(c, d);
	}
	if (!is_digit(*c->p))
		return fail(c, *c->p >= 'A' && *c->p <= 'Z' && is_digit(c->p[1]) ? "unknown-era"
										 : "not-a-date");

	const unsigned char *start = c->p;
	const int n = number(c, &v);
	const int whole = solid(c, d, start, n);
	if (whole < 0)
		return -1;
	if (whole) {
		if (!d->era && n > 8) /* the time follows without a separator */
			c->p = start + 8;
		return 0;
	}
	if (n > 4 || (d->era && n > 3))
		return fail(c, "not-a-date");
	if (!d->era && n < 4) {
		c->p = start;
		return without_year(c, d, base);
	}
	d->year = v;
	spaces(c);
	if (take(c, DS_FISCAL))
		return fail(c, "fiscal-year");
	take(c, DS_YEAR);
	return month_and_day(c, d);
}

/* 上旬, 春, 末日, 不詳 and so on behind what is known. */
static int read_suffix(struct cur *c, struct parts *d)
{
	spaces(c);
	const unsigned char s = *c->p;

	if (s >= DS_EARLY && s <= DS_LATE) {
		d->vague = HUB_DATE_TEN_DAYS;
		d->nth = s - DS_EARLY;
		c->p++;
		if (d->month < 0) { /* 2021年中旬: the middle of the year */
			d->vague = HUB_DATE_NONE;
			c->flags |= HUB_DATE_VAGUE;
		} else if (d->day >= 0) {
			return fail(c, "not-a-date");
		}
	} else if (s >= DS_SPRING && s <= DS_WINTER) {
		if (d->month >= 0)
			return fail(c, "not-a-date");
		d->vague = HUB_DATE_SEASON;
		d->nth = s - DS_SPRING;
		c->p++;
	} else if (s == DS_LASTDAY) {
		if (d->month < 0 || d->day >= 0)
			return fail(c, "not-a-date");
		d->last_day = 1;
		c->p++;
	} else if (s == DS_VAGUE) {
		c->flags |= HUB_DATE_VAGUE;
		c->p++;
	}
	spaces(c);
	/* 月日不詳, 日不詳, with or without the units */
	const unsigned char *p = c->p;
	while (*p == DS_MONTH || *p == DS_DAY || *p == ' ' || *p == '(')
		p++;
	if (*p == DS_UNKNOWN) {
		c->p = p + 1;
		take(c, ')');
		c->flags |= HUB_DATE_UNKNOWN_PART;
	}
	spaces(c);
	if (take(c, DS_ABOUT))
		c->flags |= HUB_DATE_ESTIMATED;
	return 0;
}

static int weekday_of(unsigned char s)
{
	if (s == DS_DAY)
		return 0;
	if (s == DS_MONTH)
		return 1;
	return s >= DS_TUE && s <= DS_SAT ? s - DS_TUE + 2 : -1;
}

/* (火), (火曜日), 火曜日, (月・祝), (79歳): moves behind it when it is there. */
static void read_weekday(struct cur *c, struct parts *d)
{
	const unsigned char *p = c->p;

	while (*p == ' ')
		p++;
	const int open = *p == '(';
	p += open;
	if (open && is_digit(*p)) {
		while (is_digit(*p))
			p++;
		if (p[0] == DS_AGE && p[1] == ')')
			c->p = p + 2;
		return;
	}
	const int w = weekday_of(*p);
	if (w < 0 || (!open && p[1] != DS_YOBI))
		return;
	p++;
	if (*p == DS_YOBI)
		p += p[1] == DS_DAY ? 2 : 1;
	while (*p == '.' || *p == ',' || *p == '/')
		p++;
	if (*p == DS_HOLIDAY)
		p++;
	if (open && *p++ != ')')
		return;
	c->p = p;
	d->weekday = w;
}

static int to_gregorian(struct cur *c, const struct parts *d, int *year)
{
	*year = d->year;
	if (!d->era || (c->flags & HUB_DATE_CONTEXT_YEAR))
		return *year > 0 ? 0 : fail(c, "no-such-year");
	if (d->year < 1)
		return fail(c, "no-such-year");
	*year = d->year + eras[d->era].base;
	return 0;
}

static void set_vague(const struct parts *d, int y, struct hub_date *out)
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
static int check_range(struct cur *c, struct hub_date *out)
{
	if (out->era) {
		if (out->to < eras[out->era].first)
			return fail(c, "before-era");
		if (out->from > eras[out->era].last) {
			c->flags |= HUB_DATE_OVERRUN;
			if (c->opt->refuse_overrun)
				return fail(c, "era-overrun");
		}
	}
	if (out->from < GREGORIAN)
		return fail(c, "lunar-calendar");
	const int set = c->opt->min || c->opt->max;
	if (out->to < (set ? c->opt->min : GREGORIAN) ||
	    out->from > (set ? c->opt->max : LAST_PLAUSIBLE))
		return fail(c, "implausible");
	return 0;
}

static int resolve(struct cur *c, const struct parts *d, struct hub_date *out)
{
	int y;

	if (to_gregorian(c, d, &y))
		return -1;
	if (d->month == 0 || d->month > 12)
		return fail(c, "no-such-month");
	out->era = d->era;
	int day = d->last_day ? days_in_month(y, d->month) : d->day;
	if (day == 0 || day > 31)
		return fail(c, "no-such-day");
	if (day > 0 && day > days_in_month(y, d->month)) {
		if (!c->opt->noncalendar)
			return fail(c, "no-such-day");
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

/* A time behind a complete date, and its zone. */
static int read_clock(struct cur *c, struct hub_date *out)
{
	const unsigned char *mark = c->p;
	int32_t ahead;

	spaces(c);
	if (take(c, 'T') || take(c, ','))
		spaces(c);
	const unsigned char *p = c->p;
	int digits = 0;
	while (is_digit(p[digits]))
		digits++;
	if ((digits == 4 || digits == 6) && !p[digits]) { /* 20241001 133000 */
		const int s = digits == 6 ? two(p + 4) : 0;
		if (two(p) > 29 || two(p + 2) > 59 || s > 59)
			return fail(c, "bad-time");
		out->seconds = two(p) * 3600 + two(p + 2) * 60 + s;
		c->p += digits;
	} else if (digits || (*p >= DS_AM && *p <= DS_NIGHT) || *p == 'A' || *p == 'P') {
		if (time_of_day(c, &out->seconds))
			return -1;
	} else {
		c->p = mark;
		return 0;
	}
	if (out->precision != HUB_DATE_DAY)
		return fail(c, "not-a-date");
	spaces(c);
	if (zone(c, &ahead)) {
		const int64_t t = (int64_t)out->from * DAY_SECONDS + out->seconds + JST - ahead;
		const int64_t day =
		    (t - (t % DAY_SECONDS + DAY_SECONDS) % DAY_SECONDS) / DAY_SECONDS;
		if (ahead != JST)
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
static int read_range(struct cur *c, const struct parts *first, struct hub_date *out)
{
	struct parts d;
	struct hub_date end = {.seconds = -1};

	spaces(c);
	if (*c->p != DS_FROM && *c->p != '~')
		return 0;
	c->p++;
	spaces(c);
	if (!*c->p) {
		c->flags |= HUB_DATE_EDGE;
		return 0;
	}
	if (read_date(c, &d, first) || read_suffix(c, &d))
		return -1;
	read_weekday(c, &d);
	if (resolve(c, &d, &end))
		return -1;
	if (end.to < out->from)
		return fail(c, "range-reversed");
	out->to = end.to;
	if (end.precision > out->precision)
		out->precision = end.precision;
	c->flags |= HUB_DATE_RANGE;
	take(c, DS_UNTIL);
	return 0;
}

static void read_noise(struct cur *c)
{
	for (;;) {
		spaces(c);
		if (take(c, DS_UNTIL))
			c->flags |= HUB_DATE_EDGE;
		else if (take(c, DS_ABOUT))
			c->flags |= HUB_DATE_ESTIMATED;
		else if (!take(c, DS_NOISE))
			return;
	}
}

static int read_all(struct cur *c, struct hub_date *out)
{
	struct parts d;

	if (read_date(c, &d, NULL) || read_suffix(c, &d))
		return -1;
	read_weekday(c, &d);
	if (resolve(c, &d, out) || read_clock(c, out) || read_range(c, &d, out))
		return -1;
	read_noise(c);
	read_weekday(c, &d);
	if (*c->p == DS_OPEN)
		return fail(c, "open-ended");
	return *c->p ? fail(c, "not-a-date") : 0;
}

/* ---- what is no date, but means something ---- */

/* Fillers of old systems: only zeros, only nines, 9999-12-31, a lone dash. */
static int is_filler(const struct hub_datelex *x, int *zero)
{
	size_t zeros = 0, nines = 0, others = 0, marks = 0;
	char digits[9] = "";

	for (size_t i = 0; i < x->len; i++) {
		const unsigned char b = x->sym[i];
		if (is_digit(b) && zeros + nines + others < 8)
			digits[zeros + nines + others] = (char)b;
		zeros += b == '0';
		nines += b == '9';
		others += is_digit(b) && b != '0' && b != '9';
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
static int read_serial(struct cur *c, struct hub_date *out)
{
	int days, fraction = 0, scale = 1;
	const unsigned char *p = c->p;
	const int n = number(c, &days);

	if (n < 1 || n > 5) {
		c->p = p;
		return 0;
	}
	if (take(c, '.')) {
		for (; is_digit(*c->p); c->p++)
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
			return fail(c, "excel-false-day");
		if (days == 0)
			return fail(c, "no-such-day");
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
	struct cur c = {.p = x.sym, .opt = opt ? opt : &everyday};
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
	    "edge",         "part-unknown",   "zone-converted",
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

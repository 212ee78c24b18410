#include "text/dateread.h"

/* Passes spaces and one separator; was there one? */
static int separator(struct hub_datecur *c)
{
	hub_datecur_spaces(c);
	if (*c->p == '/' || *c->p == '-' || *c->p == '.' || *c->p == ',') {
		c->p++;
		hub_datecur_spaces(c);
		return 1;
	}
	return 0;
}

static enum hub_era read_era(struct hub_datecur *c)
{
	static const char letters[] = "MTSHR";

	if (*c->p >= DS_MEIJI && *c->p <= DS_REIWA) {
		const enum hub_era e = (enum hub_era)(*c->p - DS_MEIJI + 1);
		c->p++;
		hub_datecur_spaces(c);
		if (*c->p == '.' && hub_date_is_digit(c->p[1]))
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
	if (!hub_date_is_digit(*p))
		return HUB_ERA_NONE;
	c->p = p;
	return (enum hub_era)(l - letters + 1);
}

/* The registry numbers the eras 1 明治 .. 5 令和, a welfare form 1 大正 .. 4 令和. */
static enum hub_era era_of_code(const struct hub_datecur *c, int code)
{
	const int era = c->opt->era_codes == HUB_DATE_CODES_WELFARE ? code + 1 : code;

	return era >= HUB_ERA_MEIJI && era <= HUB_ERA_REIWA ? (enum hub_era)era : HUB_ERA_NONE;
}

/* yymmdd without separators at p. */
static void compact(struct hub_dateparts *d, const unsigned char *p)
{
	d->year = hub_date_two(p);
	d->month = hub_date_two(p + 2);
	d->day = hub_date_two(p + 4);
}

/* How many numbers stand here, joined by one separator each: tells 10/1 from 24/10/01. */
static int count_numbers(const unsigned char *p, int *last_digits)
{
	int n = 0;

	while (hub_date_is_digit(*p)) {
		*last_digits = 0;
		for (; hub_date_is_digit(*p); p++)
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
static int month_and_day(struct hub_datecur *c, struct hub_dateparts *d)
{
	for (int *v = &d->month;; v = &d->day) {
		const unsigned char *mark = c->p;
		const int sep = separator(c);
		if (!hub_date_is_digit(*c->p)) {
			if (sep && !(*c->p >= DS_SPRING && *c->p <= DS_WINTER))
				return hub_datecur_fail(c, "not-a-date");
			if (!sep)
				c->p = mark;
			return 0;
		}
		/* "10月1 13:30", "2024年10月 13時": the number belongs to the time */
		const unsigned char *p = c->p;
		while (hub_date_is_digit(*p))
			p++;
		if (*p == ':' || *p == DS_HOUR) {
			c->p = mark;
			return 0;
		}
		if (hub_datecur_number(c, v) > 2)
			return hub_datecur_fail(c, "not-a-date");
		if (*c->p == ' ' && c->p[1] == (v == &d->month ? DS_MONTH : DS_DAY))
			c->p++;
		if (v == &d->day) {
			hub_datecur_take(c, DS_DAY);
			return 0;
		}
		if (*c->p == DS_DAY && d->month >= 0) /* 令和6年10日: no month */
			return hub_datecur_fail(c, "not-a-date");
		hub_datecur_take(c, DS_MONTH);
	}
}

/* No era and no four-digit year: 10/1, 10月1日, 24/10/01. `base`: the date a range began with. */
static int without_year(struct hub_datecur *c, struct hub_dateparts *d,
			const struct hub_dateparts *base)
{
	int last = 0, v;
	const int n = count_numbers(c->p, &last);
	const unsigned char *p = c->p;

	while (hub_date_is_digit(*p) || *p == ' ')
		p++;
	if (*p == DS_YEAR || n >= 3) {
		if (n >= 3 && last == 4)
			return hub_datecur_fail(c, "order-ambiguous");
		if (!c->opt->two_digit_base || hub_datecur_number(c, &v) > 2)
			return hub_datecur_fail(c, "year-ambiguous");
		d->year = v + c->opt->two_digit_base;
		c->flags |= HUB_DATE_TWO_DIGITS;
		hub_datecur_spaces(c);
		hub_datecur_take(c, DS_YEAR);
		return month_and_day(c, d);
	}
	if (base && *p == DS_DAY && n == 1) {
		d->year = base->year;
		d->month = base->month;
		d->era = base->era;
		hub_datecur_number(c, &d->day);
		hub_datecur_spaces(c);
		hub_datecur_take(c, DS_DAY);
		return 0;
	}
	if (*p != DS_MONTH && n != 2)
		return hub_datecur_fail(c, *p == DS_DAY ? "year-missing" : "not-a-date");
	if (base && base->year >= 0) {
		d->year = base->year;
		d->era = base->era;
	} else if (c->opt->context_year) {
		d->year = c->opt->context_year;
		c->flags |= HUB_DATE_CONTEXT_YEAR;
	} else {
		return hub_datecur_fail(c, "year-missing");
	}
	return month_and_day(c, d);
}

/* A run of digits that is a whole date by itself. 1 done, 0 not such a run, -1 refused. */
static int solid(struct hub_datecur *c, struct hub_dateparts *d, const unsigned char *p, int n)
{
	if (d->era) {
		if (n == 6)
			compact(d, p);
		else if (n == 4) {
			d->year = hub_date_two(p);
			d->month = hub_date_two(p + 2);
		} else
			return n == 5 ? hub_datecur_fail(c, "year-ambiguous") : 0;
		return 1;
	}
	if (n == 7 && c->opt->era_codes) {
		d->era = era_of_code(c, p[0] - '0');
		if (!d->era)
			return hub_datecur_fail(c, "unknown-era");
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
		d->year += hub_date_two(p) * 100;
		return 1;
	}
	return n >= 5 ? hub_datecur_fail(c, n == 6 ? "year-ambiguous" : "not-a-date") : 0;
}

/* 5-06-10-01: the era code stands apart. */
static void coded_era(struct hub_datecur *c, struct hub_dateparts *d)
{
	int last = 0;

	if (!c->opt->era_codes || !hub_date_is_digit(c->p[0]) || hub_date_is_digit(c->p[1]) ||
	    count_numbers(c->p, &last) != 4)
		return;
	d->era = era_of_code(c, c->p[0] - '0');
	if (d->era) {
		c->p++;
		separator(c);
	}
}

/* 令和6(2024)年, 2024年(令和6年): forms ask for both, and software prints both. */
static void other_calendar(struct hub_datecur *c, struct hub_dateparts *d)
{
	struct hub_datecur in = *c;
	int v;

	hub_datecur_spaces(&in);
	if (!hub_datecur_take(&in, '('))
		return;
	hub_datecur_spaces(&in);
	hub_datecur_take(&in, DS_AD);
	const enum hub_era era = read_era(&in);
	const int n = hub_datecur_number(&in, &v);
	if (!n || n > 4 || !era == !d->era || (!era && n != 4))
		return;
	hub_datecur_take(&in, DS_YEAR);
	hub_datecur_spaces(&in);
	if (!hub_datecur_take(&in, ')'))
		return;
	c->p = in.p;
	d->other_year = v;
	d->other_era = era;
}

int hub_dateread_date(struct hub_datecur *c, struct hub_dateparts *d,
		      const struct hub_dateparts *base)
{
	int v;

	*d = (struct hub_dateparts){
	    .year = -1, .month = -1, .day = -1, .weekday = -1, .other_year = -1};
	hub_datecur_spaces(c);
	if (hub_datecur_take(c, DS_GUESS)) {
		c->flags |= HUB_DATE_ESTIMATED;
		hub_datecur_spaces(c);
	}
	const int ad = hub_datecur_take(c, DS_AD);
	hub_datecur_spaces(c);
	if (!ad) {
		d->era = read_era(c);
		if (!d->era)
			coded_era(c, d);
	}
	if (!hub_date_is_digit(*c->p))
		return hub_datecur_fail(
		    c, *c->p >= 'A' && *c->p <= 'Z' && hub_date_is_digit(c->p[1]) ? "unknown-era"
										  : "not-a-date");

	const unsigned char *start = c->p;
	const int n = hub_datecur_number(c, &v);
	const int whole = solid(c, d, start, n);
	if (whole < 0)
		return -1;
	if (whole) {
		if (!d->era && n > 8) /* the time follows without a separator */
			c->p = start + 8;
		return 0;
	}
	if (n > 4 || (d->era && n > 3))
		return hub_datecur_fail(c, "not-a-date");
	if (!d->era && n < 4) {
		c->p = start;
		return without_year(c, d, base);
	}
	d->year = v;
	hub_datecur_spaces(c);
	const int unit = hub_datecur_take(c, DS_YEAR);
	other_calendar(c, d);
	if (hub_datecur_take(c, DS_FISCAL))
		return hub_datecur_fail(c, "fiscal-year");
	if (!unit)
		hub_datecur_take(c, DS_YEAR);
	return month_and_day(c, d);
}

/* 上旬, 春, 末日, 不詳 and so on behind what is known. */
int hub_dateread_suffix(struct hub_datecur *c, struct hub_dateparts *d)
{
	hub_datecur_spaces(c);
	const unsigned char s = *c->p;

	if (s >= DS_EARLY && s <= DS_LATE) {
		d->vague = HUB_DATE_TEN_DAYS;
		d->nth = s - DS_EARLY;
		c->p++;
		if (d->month < 0) { /* 2021年中旬: the middle of the year */
			d->vague = HUB_DATE_NONE;
			c->flags |= HUB_DATE_VAGUE;
		} else if (d->day >= 0) {
			return hub_datecur_fail(c, "not-a-date");
		}
	} else if (s >= DS_SPRING && s <= DS_WINTER) {
		if (d->month >= 0)
			return hub_datecur_fail(c, "not-a-date");
		d->vague = HUB_DATE_SEASON;
		d->nth = s - DS_SPRING;
		c->p++;
	} else if (s == DS_LASTDAY) {
		if (d->month < 0 || d->day >= 0)
			return hub_datecur_fail(c, "not-a-date");
		d->last_day = 1;
		c->p++;
	} else if (s == DS_VAGUE) {
		c->flags |= HUB_DATE_VAGUE;
		c->p++;
	}
	hub_datecur_spaces(c);
	/* 月日不詳, 日不詳, with or without the units */
	const unsigned char *p = c->p;
	while (*p == DS_MONTH || *p == DS_DAY || *p == ' ' || *p == '(')
		p++;
	if (*p == DS_UNKNOWN) {
		c->p = p + 1;
		hub_datecur_take(c, ')');
		c->flags |= HUB_DATE_UNKNOWN_PART;
	}
	hub_datecur_spaces(c);
	if (hub_datecur_take(c, DS_ABOUT))
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

/* 79歳), 満79歳), and the room for it that a form left blank: moves behind it when it is there. */
static int age_in_brackets(struct hub_datecur *c, const unsigned char *p)
{
	while (*p == ' ' || *p == DS_NOISE)
		p++;
	while (hub_date_is_digit(*p))
		p++;
	while (*p == ' ')
		p++;
	if (p[0] != DS_AGE || p[1] != ')')
		return 0;
	c->p = p + 2;
	return 1;
}

/* (火), (火曜日), 火曜日, (月・祝), (79歳): moves behind it when it is there. */
void hub_dateread_weekday(struct hub_datecur *c, struct hub_dateparts *d)
{
	const unsigned char *p = c->p;

	while (*p == ' ')
		p++;
	const int open = *p == '(';
	p += open;
	if (open && age_in_brackets(c, p))
		return;
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

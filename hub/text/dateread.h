/* Reading dates symbol by symbol: what datelex.c gives, taken apart. Internal to hub/text:
 * dateread.c reads the words of a date, datetime.c those of a time, date.c judges them. */
#ifndef HUB_TEXT_DATEREAD_H
#define HUB_TEXT_DATEREAD_H

#include "text/date.h"
#include "text/datelex.h"

enum { HUB_DATE_JST = 9 * 3600 };

/* What was read, before it is judged. -1: not written. */
struct hub_dateparts {
	int year, month, day;
	enum hub_era era;
	int other_year; /* the same year in the other calendar: 令和6(2024)年 */
	enum hub_era other_era;
	enum hub_date_precision vague; /* TEN_DAYS or SEASON */
	int nth;                       /* which third or season */
	int last_day;
	int weekday; /* 0 Sunday .. 6 */
};

struct hub_datecur {
	const unsigned char *p;
	const struct hub_date_opt *opt;
	unsigned flags;
	const char *reason;
};

static inline int hub_datecur_fail(struct hub_datecur *c, const char *reason)
{
	if (!c->reason)
		c->reason = reason;
	return -1;
}

static inline int hub_date_is_digit(unsigned char b)
{
	return b >= '0' && b <= '9';
}

static inline void hub_datecur_spaces(struct hub_datecur *c)
{
	while (*c->p == ' ')
		c->p++;
}

static inline int hub_datecur_take(struct hub_datecur *c, unsigned char sym)
{
	if (*c->p != sym)
		return 0;
	c->p++;
	return 1;
}

/* A run of digits: value (at most 9 digits count) and how many there were. */
static inline int hub_datecur_number(struct hub_datecur *c, int *value)
{
	int n = 0;

	*value = 0;
	for (; hub_date_is_digit(*c->p); c->p++, n++)
		if (n < 9)
			*value = *value * 10 + (*c->p - '0');
	return n;
}

static inline int hub_date_two(const unsigned char *p)
{
	return (p[0] - '0') * 10 + (p[1] - '0');
}

/* All return 0, or -1 with c->reason set. c stands behind what was read. */
/* A date without its decorations. base: the date a range began with, NULL for the first one. */
int hub_dateread_date(struct hub_datecur *c, struct hub_dateparts *d,
		      const struct hub_dateparts *base);
/* 上旬, 春, 末日, 不詳 ... behind it. */
int hub_dateread_suffix(struct hub_datecur *c, struct hub_dateparts *d);
/* (火), 火曜日, (79歳): passes over what is there. */
void hub_dateread_weekday(struct hub_datecur *c, struct hub_dateparts *d);
int hub_dateread_time(struct hub_datecur *c, int32_t *seconds);
/* Z, +09:00, JST behind a time: 1 and how far the clock is ahead of UTC; 0 when none is written. */
int hub_dateread_zone(struct hub_datecur *c, int32_t *ahead);

#endif

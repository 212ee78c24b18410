/* When something is due: cron expressions in Japanese time, with working days. Pure functions of
 * (expression, holidays, times): no clock is asked, nothing is kept.
 *
 *	"30 5 * * *"                     every day at 05:30
 *	"0 6-22/4 * * mon-fri"           names, ranges, steps, lists as in crontab(5)
 *	"0 6 * * * business day"         on working days only
 *	"0 6 * * * business day 3"       on the third working day of the month
 *	"0 18 * * * last business day"   on its last one
 *	"0 6 25 * * next business day"   on the 25th, or on the first working day after it
 *	"0 6 25 * * previous business day"
 *	@hourly @daily @weekly @monthly
 *
 * As in cron, a day counts when day of month or day of week fits, if both are given. Japan has no summer
 * time, so every minute exists once. */
#ifndef HUB_SERVE_CRON_H
#define HUB_SERVE_CRON_H

#include "base/err.h"
#include "base/str.h"
#include "text/holiday.h"

enum hub_cron_rule {
	HUB_CRON_ANY = 0,
	HUB_CRON_WORKING,  /* a day that fits, if it is a working day */
	HUB_CRON_NTH,      /* the nth working day of the month; negative: from its end */
	HUB_CRON_NEXT,     /* a day that fits, or the first working day after it */
	HUB_CRON_PREVIOUS, /* ... before it */
};

struct hub_cron {
	uint64_t minute;                /* bit 0..59 */
	uint32_t hour, dom, month, dow; /* bits 0..23, 1..31, 1..12, 0..6 (0 is Sunday) */
	int any_dom, any_dow;           /* the field begins with * */
	enum hub_cron_rule rule;
	int nth;
};

#define HUB_NEVER_DUE INT64_MAX

/* HUB_CONF: err says what is wrong, *at and *len where in the text. */
int hub_cron_parse(struct hub_str text, struct hub_cron *out, size_t *at, size_t *len,
		   struct hub_err *err);
/* First due time after a time (seconds since 1970 UTC), HUB_NEVER_DUE when there is none in 9 years.
 * h NULL: holidays by the law's rules alone. */
int64_t hub_cron_next(const struct hub_cron *c, const struct hub_holidays *h, int64_t after);
/* Last due time in (after, upto], HUB_NEVER_DUE when there is none. */
int64_t hub_cron_last(const struct hub_cron *c, const struct hub_holidays *h, int64_t after,
		      int64_t upto);

/* "mon,wed-fri" into bits 0..6. -1: it is no such list. */
int hub_cron_weekdays(struct hub_str text, uint32_t *bits);

#endif

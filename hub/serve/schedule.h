/* What a schedule wants now: due times, blackouts, missed runs. Pure functions; the daemon and a test
 * with a simulated year ask the same ones. */
#ifndef HUB_SERVE_SCHEDULE_H
#define HUB_SERVE_SCHEDULE_H

#include "serve/cron.h"

/* A time in which nothing starts. Days (all, or as below) and a window of each; a window over midnight
 * belongs to the day on which it begins.
 *
 *	"22:00-05:00"   "sat,sun"   "mon 00:00-06:00"   "12-29/01-03"   "2027-03-31/2027-04-01 17:00-24:00" */
struct hub_blackout {
	uint32_t dow;             /* bits 0..6, 0 is Sunday */
	int32_t from_day, to_day; /* days since 1970, both inclusive; to < from: every day */
	int from_date, to_date;   /* each year, month * 100 + day; 0: every day */
	int from, to;             /* minutes of the day; to <= from: over midnight */
};

int hub_blackout_parse(struct hub_str text, struct hub_blackout *out, struct hub_err *err);
/* When the blackout in which t lies ends; t itself when it lies in none. */
int64_t hub_blackout_end(const struct hub_blackout *b, size_t n, int64_t t);

struct hub_schedule {
	struct hub_cron cron;
	const struct hub_holidays *holidays;        /* NULL: by the law's rules alone */
	const struct hub_blackout *blackout, *more; /* of the site, of the job */
	size_t blackouts, mores;
	int catch_up; /* what was missed is made up for, once */
};

/* What there is to do at a time. */
struct hub_due {
	int start;     /* begin a run now */
	int missed;    /* it should have begun earlier */
	int64_t due;   /* when it was due; HUB_NEVER_DUE: nothing is */
	int64_t last;  /* remember this as `last` */
	int64_t again; /* ask again then, HUB_NEVER_DUE: never */
};

/* last: what the call before said, or the time at which the job became known. A run that is more than two
 * minutes late counts as missed; of many missed ones one is made up for. */
struct hub_due hub_schedule_due(const struct hub_schedule *s, int64_t last, int64_t now);
/* When something new was missed: at the second of the times `by` behind the last arrival, or at the first behind `known` when
 * there was none; a time in a blackout is none. 0: not until now. */
int64_t hub_schedule_overdue(const struct hub_schedule *s, const struct hub_cron *by,
			     int64_t arrived, int64_t known, int64_t now);
/* Nothing starts before this: the end of the blackouts in which t lies, or t. */
int64_t hub_schedule_quiet_end(const struct hub_schedule *s, int64_t t);
/* The blackouts leave no time in the ten years behind t. */
int hub_schedule_is_dark(const struct hub_schedule *s, int64_t t);
/* The next n times at which runs begin, after a time; how many there are in the next 9 years. */
size_t hub_schedule_times(const struct hub_schedule *s, int64_t after, int64_t *out, size_t n);

#endif

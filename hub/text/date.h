/* Dates and times as Japanese offices write them -> days since 1970 with the precision that is
 * known. Pure, no allocation, no locale, no clock: "today" comes in through the options.
 * A day is never invented: 昭和30年頃 is a year, 令和6年10月上旬 a range of ten days. */
#ifndef HUB_TEXT_DATE_H
#define HUB_TEXT_DATE_H

#include "base/str.h"

enum hub_date_rc {
	HUB_DATE_OK = 0,
	HUB_DATE_NULL = 1,    /* empty, or one of the fillers 0000-00-00, 99999999 ... */
	HUB_DATE_INVALID = -1 /* see reason */
};

enum hub_date_precision {
	HUB_DATE_NONE = 0,
	HUB_DATE_DAY,
	HUB_DATE_TEN_DAYS, /* 上旬 中旬 下旬 */
	HUB_DATE_MONTH,
	HUB_DATE_SEASON,
	HUB_DATE_YEAR,
	HUB_DATE_UNKNOWN, /* 年月日不詳: nothing is known, and that was said */
};

/* What was unusual about a date that was accepted. */
enum hub_date_flag {
	HUB_DATE_ESTIMATED = 1,       /* 頃, 推定 */
	HUB_DATE_VAGUE = 2,           /* 末, 半ば: part of the unit, not counted out */
	HUB_DATE_OVERRUN = 4,         /* 平成32年, 昭和65年: taken by arithmetic */
	HUB_DATE_WEEKDAY = 8,         /* the weekday in brackets is another one */
	HUB_DATE_NONCALENDAR = 16,    /* 2/29 of a common year, kept as a month (registry) */
	HUB_DATE_CONTEXT_YEAR = 32,   /* the year came from the options */
	HUB_DATE_TWO_DIGITS = 64,     /* the century or era came from the options */
	HUB_DATE_RANGE = 128,         /* from ... to was written */
	HUB_DATE_SERIAL = 256,        /* Excel day number */
	HUB_DATE_NEXT_DAY = 512,      /* 25:10 belongs to the day after */
	HUB_DATE_EDGE = 1024,         /* まで or から stood behind it */
	HUB_DATE_UNKNOWN_PART = 2048, /* month or day 不詳 */
	HUB_DATE_ZONED = 4096,        /* an instant in another zone, taken to Japan */
	HUB_DATE_UNTIL = 8192,        /* 13:00-14:00: the time it ended is not in the result */
};

enum hub_era {
	HUB_ERA_NONE = 0,
	HUB_ERA_MEIJI,
	HUB_ERA_TAISHO,
	HUB_ERA_SHOWA,
	HUB_ERA_HEISEI,
	HUB_ERA_REIWA
};

struct hub_date {
	enum hub_date_precision precision;
	int32_t from, to; /* days since 1970, both inclusive; unset for HUB_DATE_UNKNOWN */
	enum hub_era era; /* as written */
	unsigned flags;
	int32_t seconds;    /* time of day, or -1; at minute precision the seconds are 0 */
	const char *reason; /* stable code of the refusal; static */
};

enum hub_date_codes { HUB_DATE_CODES_NONE = 0, HUB_DATE_CODES_REGISTRY, HUB_DATE_CODES_WELFARE };

/* All zero is the strict everyday setting. */
struct hub_date_opt {
	int32_t min, max; /* plausible days; both 0: 1873-01-01 .. 2099-12-31 */
	enum hub_date_codes
	    era_codes; /* 5061001: registry 1-5 = M T S H R; welfare forms 1-4 = T S H R */
	int excel;     /* 1900 or 1904: plain numbers are Excel days */
	int refuse_overrun;
	int refuse_zero;    /* 00000000 and its kind are invalid instead of null */
	int noncalendar;    /* keep impossible days of the month (registry j80) */
	int context_year;   /* for 10/1; 0: refused as year-missing */
	int two_digit_base; /* 2000 (西暦), 2018 (令和), 1988 ...: for 24/10/01; 0: refused */
};

/* text: UTF-8. opt may be NULL. Fills *out in every case; reason is set when invalid. */
enum hub_date_rc hub_date_parse(struct hub_str text, const struct hub_date_opt *opt,
				struct hub_date *out);
/* First and last day that a text may mean (2026-04: the whole month). 0: it says no day. */
int hub_date_days(struct hub_str text, int32_t *first, int32_t *last);

/* Time of day in seconds; 25:10 gives 90600. HUB_DATE_NULL for empty text. */
enum hub_date_rc hub_time_parse(struct hub_str text, int32_t *seconds, const char **reason);

enum { HUB_DATE_TEXT = 48 };
/* ISO at the precision known: 2024-07-31, 2024-07, 2024, 2024-10-01/2024-10-10 for a range; with
 * `time`, 2024-10-01T13:30:00 when there is a time of day. Returns the length; 0 when unknown. */
size_t hub_date_iso(const struct hub_date *d, int time, char out[HUB_DATE_TEXT]);
/* Stable code of the n-th flag set ("era-overrun"), NULL behind the last. */
const char *hub_date_finding(unsigned flags, unsigned n);
const char *hub_date_precision_name(enum hub_date_precision p);

#endif

/* Statistics (統計管理): counts of the 帳票 items for months, 年度 and other periods. What is counted is
 * data (schemas/statistics/NAME.cfg, see docs/statistics.md), compiled here to one query per measure
 * against the common case format. Counts leave only as hub_stats_give() hands them out: exact for a
 * profile that says so, else with small cells guarded (release/stats_guard.h). */
#ifndef HUB_RELEASE_STATS_H
#define HUB_RELEASE_STATS_H

#include "conf/report.h"
#include "release/day.h"
#include "store/store.h"

/* --- definitions ------------------------------------------------------------------------------- */

/* A column of the query of a measure: a field of the counted row, of its person, of its case, or of the
 * newest row of another entity that belongs to the case. */
struct hub_stat_slot {
	const struct hub_entity *entity;
	const struct hub_field *field;
};

struct hub_stat_category {
	struct hub_str code, label;
	int64_t from, to; /* bands: both inclusive */
};

/* A breakdown as one measure uses it. The last category is what nobody said (code "-"). */
struct hub_stat_by {
	struct hub_str name, label;
	uint32_t slot, slots; /* the first of them that says something counts */
	int bands;            /* categories are ranges of a number or of an age in years */
	int several;          /* a unit may be in several categories: they do not add up */
	const struct hub_stat_category *cat;
	uint32_t n;
};

struct hub_stat_cond {
	uint32_t slot;
	const struct hub_str *values; /* codes; "*": any */
	uint32_t n;
	int unless;
};

struct hub_stat {
	struct hub_str name, label, unit;
	char source; /* S P V K I as in the schema */
	const struct hub_entity *entity;
	const struct hub_stat_slot *slot; /* slot 0: the day it counts on */
	uint32_t slots;
	int stock;              /* counted at the end of a period: begun on slot 0 ... */
	uint32_t until, untils; /* ... and not ended on the first of these */
	const struct hub_stat_cond *cond;
	uint32_t conds;
	uint32_t distinct, distincts; /* slots that make a unit; none: every row is one */
	int each;                     /* every mark of slot each_slot is a unit of its own */
	uint32_t each_slot;
	int additive; /* a year is the sum of its months */
	const struct hub_stat_by *by;
	uint32_t n_by;
};

struct hub_stat_set {
	struct hub_str name; /* of the file, without folder and ending */
	struct hub_str title, note;
	int64_t small; /* counts below it are small */
	const struct hub_stat *measure;
	uint32_t n;
	char hash[65];          /* SHA-256 of the file, hex */
	struct hub_str content; /* of the file */
};

/* Definitions that are counted together. */
struct hub_stat_sets {
	const struct hub_stat_set *set;
	uint32_t n;
};

enum { HUB_STAT_SMALL_LEAST = 3, HUB_STAT_SMALL_MOST = 100 };

/* All problems go to the report with their place; HUB_CONF when there is any. Lives in the arena. */
int hub_stats_load(struct hub_arena *a, struct hub_report *r, const char *path,
		   const struct hub_schema *schema, struct hub_stat_set *out, struct hub_err *err);

/* The same from a text that was kept (content of a set). */
int hub_stats_load_text(struct hub_arena *a, struct hub_report *r, struct hub_str name,
			struct hub_str content, const struct hub_schema *schema,
			struct hub_stat_set *out, struct hub_err *err);

/* --- counting ------------------------------------------------------------------------------------ */

enum hub_stat_period_kind { HUB_STAT_MONTH, HUB_STAT_YEAR, HUB_STAT_RANGE };

struct hub_stat_period {
	enum hub_stat_period_kind kind;
	struct hub_period days;
	struct hub_str label; /* 2026-10, 2026年度, 2026-04-01/2026-09-30 */
};

/* One row of a table: a measure's total (by NULL) or one category of a breakdown. */
struct hub_stat_cell {
	const struct hub_stat_set *set;
	const struct hub_stat *measure;
	const struct hub_stat_by *by;
	const struct hub_stat_category *cat;
};

enum hub_stat_state {
	HUB_STAT_EXACT = 0,
	HUB_STAT_HIDDEN,  /* small, or it would tell a small one */
	HUB_STAT_ROUNDED, /* to the nearest multiple of the limit */
	HUB_STAT_OPEN,    /* the period is not over: not given to others */
};

/* A table of figures. The caller says arena and periods. */
struct hub_stats {
	struct hub_arena *arena;
	const struct hub_stat_period *period;
	uint32_t periods;
	const struct hub_stat_cell *cell;
	uint32_t cells;
	int64_t *count; /* [cell * periods + period] */
	uint8_t *state; /* the same, enum hub_stat_state */
	const uint8_t *
	    near; /* the same, 1: hidden since it differs by a small number from what was given before;
			      * NULL: not looked at */
	int64_t *undated; /* by number of the measure, over all sets: rows without a usable day */
};

static inline size_t hub_stats_at(const struct hub_stats *s, uint32_t cell, uint32_t period)
{
	return (size_t)cell * s->periods + period;
}

/* Counts everything of the sets for the periods. Exact: for the caller's eyes only; what leaves goes
 * through hub_stats_guard(). */
int hub_stats_count(struct hub_stats *s, struct hub_store *store, struct hub_stat_sets sets,
		    struct hub_err *err);

/* Months April to March and the year, of the 年度 that begins in the April of year. periods has 13. */
int hub_stats_year(struct hub_arena *a, int64_t year, struct hub_stat_period periods[13]);
int hub_stats_month(struct hub_arena *a, int64_t year, unsigned month, struct hub_stat_period *out);
/* 年度 of a day. */
int64_t hub_stats_year_of(int32_t day);

#endif

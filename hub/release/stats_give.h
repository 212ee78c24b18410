/* Statistics on their way out: the gate's questions first, then counts, guarded unless the profile says
 * that small ones may be seen, and a line in the audit log. */
#ifndef HUB_RELEASE_STATS_GIVE_H
#define HUB_RELEASE_STATS_GIVE_H

#include "release/profile.h"

/* What is asked for: whole 年度 (guarded and exact), or one period as it stands (exact only). */
struct hub_stats_ask {
	const struct hub_profile *profile; /* NULL: guarded, for whoever works at the terminal */
	struct hub_stat_sets sets;         /* without a profile: all that there are */
	int64_t first_year, last_year;     /* 年度 */
	struct hub_period range;           /* instead of years; from HUB_DAY_LAST: none */
	struct hub_str actor, object;      /* object: what the log says it was about ("2026-10") */
	int32_t today;
	int logged; /* by the caller: a release has a line of its own */
};

enum { HUB_STATS_YEARS_MAX = 12 };

/* HUB_REFUSED: not approved, releases are stopped, recipient out of contract or barred, exact figures
 * asked of a profile that has none. Everything lives in the arena. */
int hub_stats_give(struct hub_arena *a, struct hub_store *store, const struct hub_stats_ask *ask,
		   struct hub_stats *out, struct hub_err *err);

/* --- rows of a table of figures --------------------------------------------------------------------- */

enum hub_stats_column {
	HUB_STATS_SET,
	HUB_STATS_MEASURE,
	HUB_STATS_LABEL,
	HUB_STATS_UNIT,
	HUB_STATS_BY,
	HUB_STATS_BY_LABEL,
	HUB_STATS_CODE,
	HUB_STATS_CATEGORY,
	HUB_STATS_PERIOD,
	HUB_STATS_FROM,
	HUB_STATS_TO,
	HUB_STATS_COUNT,
	HUB_STATS_STATE,
	HUB_STATS_NOTE,
	HUB_STATS_COLUMNS
};
extern const char *const hub_stats_column_name[HUB_STATS_COLUMNS];
extern const char *const hub_stats_column_label[HUB_STATS_COLUMNS];

/* One cell as a row of texts; the count is empty unless the state is exact or rounded. 0, or -1 without
 * memory. */
int hub_stats_row(struct hub_arena *a, const struct hub_stats *s, int64_t small, uint32_t cell,
		  uint32_t period, struct hub_str out[HUB_STATS_COLUMNS]);
/* The number that is shown. */
int64_t hub_stats_shown(const struct hub_stats *s, int64_t small, uint32_t cell, uint32_t period);
/* All cells as rows of a batch, for a sink. */
int hub_stats_batch(struct hub_batch *b, const struct hub_stats *s, int64_t small,
		    struct hub_err *err);
/* Limit of small counts that a list of definitions agrees on. */
int64_t hub_stats_small(struct hub_stat_sets sets);

#endif

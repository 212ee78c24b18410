/* What figures a recipient was given before, with small counts guarded: a new output is guarded beside them, so that the
 * difference of two tells no small count either. Kept by what a cell counts and its period, with the definitions as they
 * were, so that tables with other names or other breakdowns are compared as well. */
#ifndef HUB_RELEASE_STATS_GIVEN_H
#define HUB_RELEASE_STATS_GIVEN_H

#include "release/stats_guard.h"
#include "store/db.h"

/* The sets in front, behind them those that the recipient has been given tables of and that are not among them.
 * HUB_REFUSED when one of those can no longer be read with the schema. In the arena. */
int hub_stats_given_sets(struct hub_arena *a, struct hub_store *store, struct hub_str recipient,
			 struct hub_stat_sets sets, struct hub_stat_sets *all, struct hub_err *err);
/* Of every cell and period of s, in its arena. */
int hub_stats_given_read(struct hub_db *db, struct hub_str recipient, const struct hub_stats *s,
			 struct hub_stats_prior **out, struct hub_err *err);
/* Notes the first `own` cells of s as given now. In the caller's transaction. */
int hub_stats_given_note(struct hub_db *db, struct hub_str recipient, const struct hub_stats *s,
			 uint32_t own, struct hub_stat_sets sets, struct hub_err *err);

#endif

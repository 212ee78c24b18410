/* Closing a month (確定): the figures as they were submitted are kept with a hash, so that later edits of
 * records show as differences. The hash goes to the audit log, too. */
#ifndef HUB_RELEASE_STATS_CLOSE_H
#define HUB_RELEASE_STATS_CLOSE_H

#include "release/stats.h"
#include "store/db.h"

struct hub_stats_close {
	struct hub_str month, definition, actor, reason; /* reason: of the reopening, else empty */
	char hash[65];
	int64_t at, reopened_at; /* 0: closed */
	int definition_changed;  /* the definition file is another one now */
};

struct hub_stats_diff {
	const struct hub_stat_cell *cell; /* NULL: the definition has it no more */
	struct hub_str name;              /* "measure breakdown code" as it was kept */
	int64_t submitted, now;
};

/* Closes the month for each set that is not closed yet. HUB_REFUSED: the month is not over, or all of them
 * are closed. */
int hub_stats_close(struct hub_store *store, struct hub_stat_sets sets,
		    const struct hub_stat_period *month, struct hub_str actor, struct hub_err *err);
/* Opens it again; the figures stay on record. HUB_USAGE without a reason. */
int hub_stats_reopen(struct hub_store *store, struct hub_str month, struct hub_str actor,
		     struct hub_str reason, struct hub_err *err);
/* All that were ever closed, oldest first; month empty: of every month. There may be no sets. */
int hub_stats_closes(struct hub_arena *a, struct hub_db *db, struct hub_str month,
		     struct hub_stat_sets sets, struct hub_stats_close **out, uint32_t *n,
		     struct hub_err *err);
/* Cells whose count is not what was submitted. HUB_INTEGRITY when what was kept does not fit its hash;
 * HUB_REFUSED when the month is not closed for the set. */
int hub_stats_compare(struct hub_arena *a, struct hub_store *store, const struct hub_stat_set *set,
		      const struct hub_stat_period *month, struct hub_stats_diff **out, uint32_t *n,
		      struct hub_err *err);

#endif

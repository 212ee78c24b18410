/* Lists for `tsunagi runs` and `tsunagi status`. */
#ifndef HUB_INTAKE_RUNS_H
#define HUB_INTAKE_RUNS_H

#include "base/table.h"
#include "store/store.h"

/* Newest first; feed empty: all; limit 0: no limit. */
int hub_runs_table(struct hub_arena *a, struct hub_store *s, struct hub_str feed, int64_t limit,
		   struct hub_table **out, struct hub_err *err);
/* One line per feed: its last run, what is open. */
int hub_status_table(struct hub_arena *a, struct hub_store *s, struct hub_table **out,
		     struct hub_err *err);
/* What a person has to do, one sentence a line; empty when there is nothing. */
int hub_status_todo(struct hub_store *s, struct hub_buf *out, struct hub_err *err);

#endif

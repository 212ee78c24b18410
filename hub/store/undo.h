/* Taking a run back: undo_plan.c finds out what can go, undo.c does it. Not for others. */
#ifndef HUB_STORE_UNDO_H
#define HUB_STORE_UNDO_H

#include "store/writer.h"

struct hub_undo {
	struct hub_store *s;
	struct hub_db *db;
	struct hub_err *err;
	struct hub_arena *tmp;
	int64_t run, feed, undo_run;
	uint64_t removed, restored, shared_removed, shared_restored, revived, links;
	uint64_t conflicts;
	struct hub_buf *report;
};

/* Fills the temporary tables, ids only:
 *   gone_rec     records that the run made and that may go
 *   gone_shared  shared rows that the run made and that may go
 *   back_rec     records that the run changed and that may get their old content
 *   touched      records the run made or changed, touched_shared the same for shared rows */
int hub_undo_plan(struct hub_undo *u);

#endif

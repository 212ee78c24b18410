/* Taking a run back: undo_plan.c finds out what can go, undo.c does it, undo_report.c tells. Not for others. */
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
	uint64_t conflicts; /* rows that stay */
	struct hub_buf *report;
};

/* Fills the temporary tables, ids only. Stopped in the middle, the plan is made anew from what is left.
 *   gone_rec     records that the run made and that may go
 *   gone_shared  shared rows that the run made and that may go
 *   back_rec     records that the run changed and that may get their old content
 *   back_left    records that the run ended because its mapping does not make them
 *   back_shared  shared rows that the run changed and that may get their old content
 *   stay_rec, stay_shared  conflicts: what stays as it is
 *   touched      records the run made or changed, touched_shared the same for shared rows */
int hub_undo_plan(struct hub_undo *u);
/* 1: all rows of a record that the run changed are as it left them; 0: they are not. */
int hub_undo_untouched(struct hub_undo *u, int64_t record);
/* The same for one row; after: the hash that the run left (empty: it removed the row). */
int hub_undo_row_untouched(struct hub_undo *u, const struct hub_entity_table *t, int64_t id,
			   struct hub_str after);
/* NULL: no entity of this schema. */
const struct hub_entity_table *hub_undo_table(struct hub_undo *u, struct hub_str entity);

/* What was done, or would be, for people; from the temporary tables and the numbers. */
int hub_undo_report(struct hub_undo *u);
int hub_undo_report_plan(struct hub_undo *u);

#endif

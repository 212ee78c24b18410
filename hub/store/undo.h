/* Taking a run back: undo_plan.c finds out what can go, undo.c does it, undo_rows.c puts rows back, undo_report.c tells.
 * Not for others. */
#ifndef HUB_STORE_UNDO_H
#define HUB_STORE_UNDO_H

#include "store/writer.h"

/* Rows of one table that go back together. */
enum { HUB_UNDO_ROWS = 256 };
struct hub_undo_list {
	uint32_t n;
	int64_t id[HUB_UNDO_ROWS];
	const struct hub_dbval *val[HUB_UNDO_ROWS]; /* in tmp */
};
struct hub_undo_rows {
	const struct hub_entity_table *t;
	struct hub_undo_list gone, lost, changed; /* what the run added, removed, changed */
};

struct hub_undo {
	struct hub_store *s;
	struct hub_db *db;
	struct hub_err *err;
	struct hub_arena *tmp;
	struct hub_undo_rows rows;
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
 *   lines        what the history of the run has of each record
 *   listed       while the ledger is read
 *   touched      records the run made or changed, touched_shared the same for shared rows
 *   given        releases that contained them, for the report */
int hub_undo_plan(struct hub_undo *u);
/* NULL: no entity of this schema. */
const struct hub_entity_table *hub_undo_table(struct hub_undo *u, struct hub_str entity);

/* --- undo_rows.c ------------------------------------------------------------------------------ */

/* "head IN (...) tail": up to HUB_RANGES ids. */
int hub_undo_ask(struct hub_undo *u, const char *head, const char *tail, const int64_t *id,
		 uint32_t n, struct hub_query **q);
/* Takes back what the run did to a row (enum hub_history_op); before is copied. Written with others of the table, at the
 * latest by hub_undo_flush. Both empty tmp. */
int hub_undo_put(struct hub_undo *u, const struct hub_entity_table *t, int64_t id, int64_t op,
		 struct hub_str before);
int hub_undo_flush(struct hub_undo *u);
/* Puts up to HUB_RANGES records back with all their rows. */
int hub_undo_restore(struct hub_undo *u, const int64_t *record, uint32_t n);
/* Rows of back_rec and back_shared that somebody changed, for their hash is not the one that the run left: stay. */
int hub_undo_compare(struct hub_undo *u);

/* What was done, or would be, for people; from the temporary tables and the numbers. */
int hub_undo_report(struct hub_undo *u);
int hub_undo_report_plan(struct hub_undo *u);

#endif

/* What the rooms above ask the store about rejects, records and where a row came from (runs: intake/runs.h).
 * Lists are queries: read until HUB_END, give back with hub_db_done; strings live until the next row. */
#ifndef HUB_STORE_READ_H
#define HUB_STORE_READ_H

#include "store/db.h"
#include "store/store.h"
#include "store/tables.h"

enum hub_reject_state {
	HUB_REJECT_OPEN = 0,
	HUB_REJECT_SOLVED = 1,   /* a reload brought it in */
	HUB_REJECT_CLOSED = 2,   /* its run was undone */
	HUB_REJECT_REPLACED = 3, /* a reload rejected it again: that run's reject stands for it */
};
struct hub_reject_row {
	int64_t id, run, row, line, byte, len, part;
	struct hub_str key, code, column, reason;
	struct hub_str raw; /* bytes of the source; ptr NULL: not kept */
	int state;          /* enum hub_reject_state */
};
/* In the order of the source. state -1: all. */
int hub_rejects_list(struct hub_store *s, int64_t run, int state, struct hub_query **q,
		     struct hub_err *err);
int hub_reject_read(struct hub_query *q, struct hub_reject_row *out, struct hub_err *err);
int hub_reject_get(struct hub_store *s, struct hub_arena *a, int64_t id, struct hub_reject_row *out,
		   struct hub_err *err);
struct hub_record_info {
	int64_t id, run, line;
	struct hub_str feed, key, raw, refs;
	struct hub_hash hash;
};
/* HUB_END when there is none. Strings in the arena. */
int hub_record_get(struct hub_store *s, struct hub_arena *a, int64_t id,
		   struct hub_record_info *out, struct hub_err *err);
/* The record at a row of the input of a run (explain FILE:LINE gives line, row 0). */
int hub_record_at(struct hub_store *s, struct hub_arena *a, int64_t run, int64_t row, int64_t line,
		  struct hub_record_info *out, struct hub_err *err);

/* Ids of the rows that a record describes in one entity: its own, then shared ones. */
int hub_record_rows(struct hub_store *s, struct hub_arena *a, const struct hub_record_info *r,
		    const struct hub_entity *e, int64_t **ids, uint32_t *n, struct hub_err *err);
/* All columns of a row (like table->col), in the arena. HUB_END when there is none. */
int hub_row_get(struct hub_store *s, struct hub_arena *a, const struct hub_entity_table *t,
		int64_t id, struct hub_dbval **val, struct hub_err *err);

/* Runs that changed a row, newest first, for explain. */
struct hub_change_info {
	int64_t run;
	int op; /* 1 changed, 2 removed, 3 added */
	int undone;
};
int hub_changes_list(struct hub_store *s, struct hub_str entity, int64_t row, struct hub_query **q,
		     struct hub_err *err);
int hub_change_read(struct hub_query *q, struct hub_change_info *out, struct hub_err *err);
/* The next column of a row's image (history.before): 1, 0 at the end, -1 when the bytes are no image. */
int hub_image_next(struct hub_str *image, struct hub_str *name, struct hub_dbval *v);

/* Indexes that reading by person, case and household wants; made once, before the first release. */
int hub_store_index(struct hub_store *s, struct hub_err *err);

/* Checks the chain of a run's ledger from its beginning: HUB_INTEGRITY names the first chunk that does
 * not fit, or the run itself when what it says was altered or chunks behind are gone. For doctor. */
int hub_ledger_verify(struct hub_store *s, int64_t run, struct hub_err *err);

#endif

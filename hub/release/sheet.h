/* A release in the layout of the sheet that the records came from: the cells as they were written, where
 * the gate shows every field that was made of them; else what may be shown instead, or nothing. */
#ifndef HUB_RELEASE_SHEET_H
#define HUB_RELEASE_SHEET_H

#include "plugin/batch.h"
#include "release/rowctx.h"

struct hub_sheet_col {
	struct hub_str name;
	const struct hub_field *const *field; /* what the mapping makes of it; none: unmapped */
	uint32_t n;
};

/* Cells of a raw record in the order of the columns, UTF-8. */
struct hub_sheet {
	struct hub_str name, title; /* of the table, for the sink */
	struct hub_str feed;
	const struct hub_sheet_col *col;
	uint32_t cols;
	int (*cut)(const struct hub_sheet *sheet, struct hub_arena *a, int64_t run,
		   struct hub_str raw, uint8_t *cell, struct hub_str *text, struct hub_err *err);
	void *with; /* of cut */
};

/* A row of the store that a row of the batch shows something of. */
struct hub_sheet_part {
	uint32_t row;
	const struct hub_entity *entity;
	int64_t id, person;
	int64_t classes; /* bits; -1: any, columns that no field is made of left as well */
};

struct hub_sheet_page {
	struct hub_sheet_part *part;
	uint32_t parts, records;
};

/* The next records behind *last into the batch; records 0: there are none. Rows that show nothing stay
 * behind and are counted. */
int hub_sheet_next(struct hub_rowctx *x, struct hub_store *s, const struct hub_sheet *sheet,
		   struct hub_batch *b, int64_t *last, struct hub_sheet_page *page,
		   struct hub_err *err);

#endif

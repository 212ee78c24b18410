/* What xlsx.c, head.c and rows.c share: one open workbook on its way into batches. */
#ifndef SOURCE_XLSX_XLSX_H
#define SOURCE_XLSX_XLSX_H

#include "spec.h"

enum { LAYOUT_LIST = 0, LAYOUT_FORM };
enum { MERGED_FIRST = 0, MERGED_FILL };
enum { HIDDEN_READ = 0, HIDDEN_SKIP };
enum { NUMBERS_SHOWN = 0, NUMBERS_STORED };
enum { SLOTS = 1 << 20, BATCH_BYTES = 256 << 10 }; /* a batch at most: cells (about 17 MiB), text */

struct xlsx_conf {
	struct hub_str path, sheets, sheet_column, cells, expect, columns, until;
	int64_t layout, header, header_rows, merged, hidden_rows, numbers;
	int64_t field_limit, batch_rows, strings_limit, unpacked_limit;
};

/* A cell or range outside of the table: a column of its own, or a label that must stand there. */
struct spot {
	struct hub_str name; /* of the column; the label */
	struct sheet_merge range;
	size_t from, len; /* of its text in `spots` */
	uint32_t last_row;
};

struct xlsx {
	struct hub_ctx *ctx;
	const struct hub_host *host;
	struct xlsx_conf conf; /* its strings are valid in open only */
	struct book book;
	struct sheet sheet;
	struct spot *cell, *label;
	uint32_t cells, labels;
	uint64_t spots_end;            /* last row that any of them lies in */
	struct room spots;             /* their texts in the sheet being read */
	int has_sheet_column, limited; /* limited: by the option columns */
	struct hub_str sheet_column;
	struct hub_str until;     /* the table ends at a row that begins so */
	int over;                 /* it has ended on this sheet */
	struct sheet_merge table; /* columns */
	uint32_t chosen, extras;  /* extras: columns before those of the table */
	/* sheets */
	uint32_t next_sheet, number; /* number: from 1, of the one being read */
	int reading, ended, seen;    /* seen: it has a row with a value */
	int told;                    /* the hidden sheets were reported */
	size_t queue_at;
	/* header */
	struct room head;                /* texts of the header being read */
	struct hub_str title[MOST_COLS]; /* per column of the sheet */
	struct hub_str *name;
	uint32_t names, base; /* of the table; base: its first column in this sheet */
	uint32_t width;       /* columns of a batch without the extras */
	int headed, known;    /* this sheet's header was seen; any was */
	/* records */
	uint64_t records, resume, place;
};

/* One call of next(). */
struct fill {
	struct xlsx *x;
	struct hub_batch *b;
	uint32_t rows, cap, cols;
	size_t bytes;
	struct hub_str *extra; /* values of the extra columns, for sheet `extra_of` */
	uint32_t extra_of;
};

int xlsx_no_memory(const struct xlsx *x, struct hub_err *err);
int xlsx_equal(struct hub_str a, struct hub_str b);

/* head.c: what stands above and beside the records. */
int head_begin(struct xlsx *x); /* of a sheet; -1 out of memory */
int head_spots(struct xlsx *x, const struct sheet_row *r, struct hub_err *err);
int head_labels(const struct xlsx *x, struct hub_err *err);
int head_row(struct xlsx *x, const struct sheet_row *r, struct hub_err *err);
int head_finish(struct xlsx *x, struct hub_err *err);
struct hub_str head_cell_text(const struct xlsx *x, uint32_t cell);

/* rows.c: records. HUB_IDLE: the batch is full, the row was not taken. */
int rows_put(struct fill *f, const struct sheet_row *r, struct hub_err *err);
int rows_put_form(struct fill *f, struct hub_err *err);

#endif

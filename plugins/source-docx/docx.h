/* What docx.c and layout.c share: one open document on its way into batches. */
#ifndef SOURCE_DOCX_DOCX_H
#define SOURCE_DOCX_DOCX_H

#include "doc.h"
#include "label.h"
#include "sheet.h"

enum { LAYOUT_TABLE = 0, LAYOUT_FORM, LAYOUT_LOG, LAYOUT_CELLS, LAYOUT_TEXT };
enum { MERGED_FIRST = 0, MERGED_FILL };
enum { MOST_LABELS = 500, BATCH_BYTES = 256 << 10 }; /* text of a batch at most, about */

struct docx_conf {
	struct hub_str path, tables, labels;
	int64_t layout, header, merged;
	int64_t record_limit, batch_rows, unpacked_limit;
};

/* A label and the cell that belongs to it. */
struct tag {
	struct hub_str name, label; /* name: of the column */
	uint32_t nth, met;          /* which of several labels of that text; how many so far */
	int found, waiting;         /* waiting: the value stands in the row below, at `col` */
	int ever;                   /* the document has the label */
	uint32_t col;
	size_t from, len; /* of the value in `values` */
};

struct docx {
	struct hub_ctx *ctx;
	const struct hub_host *host;
	struct docx_conf conf; /* its strings are valid in open only */
	struct hub_str tables; /* kept */
	struct doc doc;
	struct sheet sheet;
	struct hub_batch *batch; /* of the call */
	int begun;               /* it takes rows */
	struct tag *tag;
	uint32_t tags;
	struct tag *open; /* its label stood alone in a line: those below are its value */
	int told;         /* the line at hand has a label */
	int by_blank;     /* the first label was told by a blank behind it: 氏名　甲野 */
	struct room values;
	/* tables */
	int several;          /* the option names more than one */
	int inner;            /* rows of a table inside of a cell were read */
	uint32_t names, base; /* columns of the records; first of them in the sheet */
	struct room above[2]; /* texts of the row above, for merged cells; used in turns */
	int turn;
	struct hub_str last[DOC_CELLS];
	/* log */
	int dated; /* a record has begun */
	uint64_t log_at, log_line;
	/* records */
	uint64_t records, resume, lines, place;
	uint64_t turned; /* records when the labels were read anew */
};

int docx_no_memory(const struct docx *x, struct hub_err *err);
extern const struct doc_ops docx_layouts[5];
/* Columns that are known before the document is read. */
int layout_columns(struct docx *x, struct hub_err *err);
/* The end of the document: what is still to come out. */
int layout_end(struct docx *x, struct hub_err *err);
/* Length of the date that a text begins with, 0: none. *rest: where what follows it and its day of the
 * week begins. */
size_t date_head(struct hub_str s, size_t *rest);

#endif

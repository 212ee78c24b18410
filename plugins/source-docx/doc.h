/* The text of a Word document in the order of its pages: lines outside of tables, rows of tables. One row
 * or paragraph is held in memory, whatever the document's length. */
#ifndef SOURCE_DOCX_DOC_H
#define SOURCE_DOCX_DOC_H

#include "opcxml.h"
#include "room.h"

enum { DOC_CELLS = 256 }; /* of one row; Word itself has 63 columns at most */

struct doc_cell {
	uint32_t col, span; /* on the table's grid: merged cells are several columns wide */
	int continues;      /* merged with the cell above */
	size_t from;
	struct hub_str text;
};

struct doc_row {
	const struct doc_cell *cell;
	uint32_t n;
	uint32_t table, row; /* both from 1 */
	uint64_t at;         /* byte of the part */
	int too_long;        /* text or cells are missing */
};

/* Each returns HUB_OK, or an error that ends the reading. */
struct doc_ops {
	int (*line)(void *arg, struct hub_str text, uint64_t at, struct hub_err *err);
	int (*row)(void *arg, const struct doc_row *r, struct hub_err *err);
	int (*table_end)(void *arg, struct hub_err *err);
};

struct doc {
	struct opc opc;
	struct opcxml xml;
	const struct doc_ops *ops;
	void *arg;
	struct room text; /* of the paragraph or row at hand */
	struct doc_cell cell[DOC_CELLS];
	uint32_t cells, grid, table, row;
	uint64_t at;
	unsigned depth, lines;   /* tables, paragraphs that are open */
	unsigned paragraphs;     /* of the cell */
	unsigned moved, reading; /* inside text that was moved away; inside ruby text */
	int open, in_cell, taking, too_long;
	int parted;               /* a separator stands at the end of the text */
	uint64_t hidden, symbols; /* hidden runs; symbols of fonts that nobody can name */
};

/* limit: bytes unpacked; record: bytes of one row or paragraph. On failure nothing is left open. */
int doc_open(struct doc *d, struct hub_ctx *ctx, const struct hub_host *host, struct hub_str path,
	     uint64_t limit, size_t record, const struct doc_ops *ops, void *arg,
	     struct hub_err *err);
/* Reads a piece; HUB_END after the last. */
int doc_step(struct doc *d, struct hub_err *err);
void doc_close(struct doc *d);

#endif

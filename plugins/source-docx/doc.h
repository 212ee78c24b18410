/* The text of a Word document in the order of its pages: lines outside of tables, rows of tables. One row
 * or paragraph is held in memory, whatever the document's length. */
#ifndef SOURCE_DOCX_DOC_H
#define SOURCE_DOCX_DOC_H

#include "opcxml.h"
#include "room.h"

/* Cells of one row: Word itself has 63 columns at most. Tables in tables that have rows of their own. */
enum { DOC_CELLS = 256, DOC_DEPTH = 8 };

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
	uint32_t inner; /* of those inside of the table, by where they begin; 0: the table itself */
	uint64_t at;    /* byte of the part */
	int too_long;   /* text or cells are missing */
};

/* The row at hand of a table: what it has so far. */
struct doc_level {
	struct doc_cell cell[DOC_CELLS];
	uint32_t cells, grid, row, inner;
	uint64_t at;
	int in_cell;
};

/* Each returns HUB_OK, or an error that ends the reading. Rows of a table inside of a cell come before the row
 * they stand in, whose cell has their text as well. */
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
	struct room text;                  /* of the paragraph or row at hand */
	struct doc_level level[DOC_DEPTH]; /* of the tables that are open, the outermost first */
	uint32_t table, inners;            /* so far; inners: inside of that table */
	uint32_t inside, inside_of; /* tables inside of others; the table that has the first */
	uint64_t at;                /* of the line */
	unsigned depth, lines;      /* tables, paragraphs that are open */
	unsigned paragraphs;        /* of the cell */
	unsigned moved, reading;    /* inside text that was moved away; inside ruby text */
	int open, taking, too_long;
	int parted;               /* a separator stands at the end of the text */
	uint64_t hidden, symbols; /* hidden runs; symbols of fonts that nobody can name */
	uint64_t
	    elsewhere; /* marks of what stands in another part: notes, comments, whole documents; formulas */
};

/* limit: bytes unpacked; record: bytes of one row or paragraph. On failure nothing is left open. */
int doc_open(struct doc *d, struct hub_ctx *ctx, const struct hub_host *host, struct hub_str path,
	     uint64_t limit, size_t record, const struct doc_ops *ops, void *arg,
	     struct hub_err *err);
/* Reads a piece; HUB_END after the last. */
int doc_step(struct doc *d, struct hub_err *err);
void doc_close(struct doc *d);

#endif

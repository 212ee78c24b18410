/* The rows of one sheet, read piece by piece into a queue of bounded size. Rows without a value are left
 * out: a sheet has a million of them. */
#ifndef SOURCE_XLSX_SHEET_H
#define SOURCE_XLSX_SHEET_H

#include "book.h"

enum {
	SHEET_ROWS = 1048576, /* ISO/IEC 29500 leaves it open; no program has more */
	SHEET_COLS = 16384,
	MOST_COLS = 1024, /* with a value, in one row */
	MOST_MERGES = 200000,
};

struct sheet_cell {
	uint32_t col;   /* from 0 */
	uint32_t state; /* enum hub_cell: VALUE or INVALID */
	struct hub_str text;
};

struct sheet_row {
	uint64_t line;     /* row of the sheet, from 1 */
	uint64_t at;       /* byte of the part */
	uint32_t cell, n;  /* its cells, in ascending order of their columns */
	const char *fault; /* code: the row cannot be taken */
};

struct sheet_merge {
	uint32_t row, last_row, col, last_col; /* from 1, from 0 */
	struct hub_str text;
	uint32_t state;
};

struct sheet_options {
	int stored;                  /* numbers as they are stored, not as they are shown */
	int fill;                    /* every cell of a merged range has its value ... */
	uint64_t fill_from, fill_to; /* ... in these rows of the sheet */
	int skip_hidden;             /* rows */
	size_t cell_limit;           /* bytes */
};

/* What a person should know about a sheet. */
struct sheet_notes {
	uint64_t hidden_rows, hidden_cols, errors, no_value;
	uint32_t short_date[MOST_COLS], other[MOST_COLS]; /* per column: dates without year, rest */
};

struct sheet {
	const struct book *book;
	const struct hub_host *host;
	struct sheet_options opt;
	struct opcxml xml;
	int open;
	/* queue: reused for every batch and sheet */
	struct room rows, cells, text;
	/* merged ranges */
	struct room merges, merge_text;
	size_t merge_next;
	uint32_t owner[MOST_COLS]; /* range a column lies in, counted from 1; 0: none */
	struct sheet_notes notes;
	/* what is being read */
	uint64_t line, row_at;
	uint32_t col, row_cells; /* col: of the next cell without an address */
	uint32_t row_hidden;
	const char *row_fault;
	size_t row_text;
	struct {
		size_t from; /* of its text */
		int64_t style;
		uint32_t col;
		char type; /* first letter of t; "str" is 'f', none is 'n' */
		uint8_t formula, value, taking, reading;
	} cell;
	int in_data, in_row;
};

/* Rooms of the queue; once per instance. */
int sheet_init(struct sheet *s, struct book *book, const struct sheet_options *opt,
	       struct hub_err *err);
void sheet_free(struct sheet *s);
/* Opens sheet `index` of the book (with a pass for its merged ranges when they are to be filled). */
int sheet_open(struct sheet *s, uint32_t index, struct hub_err *err);
/* Reads on until the queue holds `rows` rows or `bytes` of text. HUB_END: the sheet has no more. */
int sheet_read(struct sheet *s, size_t rows, size_t bytes, struct hub_err *err);
void sheet_close(struct sheet *s);
static inline size_t sheet_queued(const struct sheet *s)
{
	return s->rows.len / sizeof(struct sheet_row);
}
const struct sheet_row *sheet_row(const struct sheet *s, size_t i);
const struct sheet_cell *sheet_cells(const struct sheet *s, const struct sheet_row *r);
/* Forgets the rows that were handed out. */
void sheet_clear(struct sheet *s);

/* "B4" -> col 1, row 4; -1: none. Missing digits leave row 0. */
int sheet_address(struct hub_str s, uint32_t *col, uint32_t *row);
/* "B4:D6", "B:D" or "B4". */
int sheet_range(struct hub_str s, struct sheet_merge *out);
/* Letters of a column; returns their number. out: 4 bytes, ends in NUL. */
size_t sheet_letters(uint32_t col, char *out);

#endif

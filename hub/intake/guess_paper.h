/* A form as it lies there: texts where they stand, and which of them are labels. */
#ifndef HUB_INTAKE_GUESS_PAPER_H
#define HUB_INTAKE_GUESS_PAPER_H

#include "intake/guess_in.h"

enum {
	PAPER_LINES = 300,
	PAPER_RUNS = 6000,
	PAPER_BOXES = 200,
	PAPER_NEAR = 8 /* columns from a label to its value */
};

/* A text where it stands; a merged cell is one. */
struct guess_run {
	uint64_t line;
	uint32_t col, end;
	struct hub_str text, address;         /* address: the cell's, of a workbook only */
	uint8_t known, label, value, inner;   /* inner: of a table in the form */
	uint8_t above;                        /* its value stands below */
	uint8_t outside;                      /* a line of a document, not in a table */
	enum { CELL = 0, ALONE, REST } piece; /* label and value of one cell or line */
};

struct guess_box {
	const struct guess_run *label;
	struct hub_str name, at; /* at: address of the value, or its range */
	uint32_t nth;
	int filled;
};

struct guess_paper {
	struct hub_guess *g;
	struct guess_run *run;
	uint32_t n, rows;       /* rows: of the longest table in it */
	struct hub_str *column; /* names of the sheet's columns */
	uint32_t columns;
	uint64_t last; /* line */
	struct guess_box box[PAPER_BOXES];
	uint32_t boxes, lines, filled, unread;
	int again; /* the labels come again, for the next person of a document */
};

/* Fills p->run with the texts of a sheet, each with its cell; empties what was there. */
int hub_paper_sheet(struct guess_paper *p, const char *sheet, struct hub_err *err);
/* The same of a document, whose lines are cut at their colons. */
int hub_paper_document(struct guess_paper *p, struct hub_err *err);
/* Which of them are labels, and which tables stand in the form. */
void hub_paper_labels(struct guess_paper *p);
/* The first run behind the line of run i. */
uint32_t hub_paper_line_end(const struct guess_paper *p, uint32_t i);
/* Could it be a label? Options are not written with = , # *. */
int hub_paper_is_short(struct hub_str s);
int hub_paper_has_digit(struct hub_str s);
/* A label without the blanks that spread it over its cell (氏　　名) and marks around it; lives in g's arena. */
struct hub_str hub_paper_bare(const struct hub_guess *g, struct hub_str s);
/* As it stands there, but for blanks: how a reader is told to look for it. */
struct hub_str hub_paper_written(const struct hub_guess *g, struct hub_str s);

#endif

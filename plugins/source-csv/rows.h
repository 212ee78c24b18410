/* Records to rows: what a record that is wrong costs, and how reading goes on behind it. */
#ifndef SOURCE_CSV_ROWS_H
#define SOURCE_CSV_ROWS_H

#include "decode.h"
#include "rank.h"
#include "split.h"

enum { MAX_COLUMNS = 16384, GROW = 4, MIN_WINDOW = 64 << 10, HEAD_ROWS = 5 };
enum blank_lines { BLANK_RECORD = 0, BLANK_SKIP };

struct csv_conf {
	struct hub_str path, encoding, delimiter, quote, comment, count_by;
	int64_t header, header_rows, skip, columns, tolerant, trim, blank_lines;
	int64_t field_limit, batch_rows, batch_bytes;
};

/* Where a record begins: a place to start from. */
struct place {
	uint64_t byte, row, line;
};

struct csv {
	struct hub_ctx *ctx;
	const struct hub_host *host;
	struct csv_conf conf; /* its strings are valid in open only */
	struct input in;
	struct decoder dec;
	struct split_dialect dialect;
	struct split_record rec, probe;
	struct hub_str *name; /* the header */
	uint32_t names;
	uint32_t width;                  /* cells of a record; 0: not known yet */
	uint32_t columns;                /* of a batch: the header's, or the most seen */
	int64_t skip;                    /* title lines still to come */
	int headed;                      /* header seen, or none expected */
	struct hub_str *head[HEAD_ROWS]; /* its records so far, and how many cells each has */
	uint32_t head_cells[HEAD_ROWS], heads;
	int ends_known;      /* whether a bare CR ends records is decided */
	int seen;            /* the file is not empty */
	size_t want;         /* size of the next window */
	uint32_t usual_rows; /* of a batch: room for them is made at once */
	size_t max_window;   /* a record that needs more is refused */
	struct place at;     /* next record */
	struct place resume; /* go there when the header is known again */
	int resuming;
	/* rows of one record are counted from its first one on, also after an interruption */
	struct rank rank;
	uint32_t counted;    /* the added column, from 1; 0: none, or the file has it */
	struct place record; /* the first row of the record at hand */
	uint64_t silent;     /* rows before this byte were handed out already */
	/* inside a broken record that is larger than a window */
	int lost, mid_line;
	struct place broken;
	const char *broken_code;
	struct hub_err why;
};

/* One call of next(). */
struct fill {
	struct csv *c;
	struct hub_batch *b;
	struct window win;
	struct decoded dec;
	struct split_text text;
	size_t used; /* of the text */
	size_t mark; /* bytes of a byte order mark there: of a file that was put behind another */
	uint32_t rows, cap, cols;
};

/* Turns the records of f->text from f->used on into rows. Stops at a full batch and at a record that
 * the text does not hold completely. */
int rows_fill(struct fill *f, struct hub_err *err);
/* Makes the batch n columns wide, or as wide as others were before; named by the header as far as it goes. */
int rows_columns(struct fill *f, uint32_t n, struct hub_err *err);
/* Moves to another place of the text, so many line ends on; to the start of another line of it. */
void rows_move(struct fill *f, size_t to, uint64_t lines);
void rows_move_over(struct fill *f, size_t to);
/* Says what is wrong with the record at f->used, without a value. SPLIT_FINE: its width. */
void rows_explain(const struct fill *f, const struct split_record *r, struct hub_err *why);
int csv_no_memory(const struct csv *c, struct hub_err *err);

#endif

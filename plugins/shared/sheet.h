/* Rows of a source that is no delimited text (JSON, XML, transcripts ...), cell by cell into a batch.
 * What comes out looks to the hub like a CSV read as UTF-8: raw is the record as a CSV line, so that
 * rejects go to a spreadsheet and come back. A sheet lives as long as its instance. */
#ifndef PLUGINS_SHARED_SHEET_H
#define PLUGINS_SHARED_SHEET_H

#include <hub/plugin.h>

enum { SHEET_COLUMNS = 16384 };
#define SHEET_NONE UINT32_MAX

struct sheet_cell {
	size_t at, len; /* in text */
	uint8_t state;  /* enum hub_cell */
};

struct sheet {
	struct hub_ctx *ctx;
	const struct hub_host *host;
	struct hub_batch *batch;
	struct hub_str *name; /* cols */
	uint32_t cols, col_cap;
	/* the record at hand */
	struct sheet_cell *cell; /* col_cap */
	char *text;
	size_t len, cap, limit;
	const char *bad; /* static code: the record is rejected; NULL: fine so far */
	uint32_t bad_col;
	/* the batch at hand */
	uint32_t rows, room;
	size_t bytes;
};

/* limit: bytes of one record. */
void sheet_init(struct sheet *s, struct hub_ctx *ctx, const struct hub_host *host, size_t limit);
/* Index of a new column of that name (copied); SHEET_NONE when out of memory or too many. */
uint32_t sheet_column(struct sheet *s, struct hub_str name);
/* Makes the batch take rows; the columns there are now are its columns. HUB_OK or HUB_FATAL. */
int sheet_begin(struct sheet *s, struct hub_batch *b, struct hub_err *err);

/* Appends to the value of col (its state becomes VALUE). Pieces of two columns must not alternate.
 * Over the limit the record becomes bad ("record-too-long"). HUB_OK or HUB_FATAL. */
int sheet_put(struct sheet *s, uint32_t col, struct hub_str piece, struct hub_err *err);
/* The same for pieces that do come in between those of other columns: what there is moves to the end. */
int sheet_more(struct sheet *s, uint32_t col, struct hub_str piece, struct hub_err *err);
void sheet_null(struct sheet *s, uint32_t col);
/* What was put there could not be read: the mapping decides what that means for the record. */
void sheet_invalid(struct sheet *s, uint32_t col);
int sheet_is_set(const struct sheet *s, uint32_t col);
struct hub_str sheet_text(const struct sheet *s, uint32_t col);
/* The first reason counts. col: SHEET_NONE when it is not about one. */
void sheet_bad(struct sheet *s, const char *code, uint32_t col);

/* Ends the record: a row of the batch, REJECT when it is bad. reason: for a bad one, may be NULL. */
int sheet_row(struct sheet *s, const struct hub_prov *at, const char *reason, struct hub_err *err);
/* Forgets the record at hand. */
void sheet_drop(struct sheet *s);
/* Sets the number of rows of the batch; call before next() returns. */
int sheet_end(struct sheet *s, struct hub_err *err);

#endif

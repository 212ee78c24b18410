#include "sheet.h"
#include "plain.h"

#include <stdio.h>
#include <string.h>

enum { FIRST_ROWS = 256, FIRST_COLS = 32, FIRST_TEXT = 4096 };

void sheet_init(struct sheet *s, struct hub_ctx *ctx, const struct hub_host *host, size_t limit)
{
	*s = (struct sheet){.ctx = ctx, .host = host, .limit = limit, .bad_col = SHEET_NONE};
}

/* A longer copy of instance memory; the old one dies with the instance, so lengths double. */
static void *longer(struct sheet *s, const void *old, size_t used, size_t size)
{
	void *p = s->host->alloc(s->ctx, NULL, size);

	if (p && used)
		memcpy(p, old, used);
	return p;
}

uint32_t sheet_column(struct sheet *s, struct hub_str name)
{
	if (s->cols == SHEET_COLUMNS)
		return SHEET_NONE;
	if (s->cols == s->col_cap) {
		const uint32_t cap = s->col_cap ? s->col_cap * 2 : FIRST_COLS;
		struct hub_str *names =
		    longer(s, s->name, s->cols * sizeof *names, cap * sizeof *names);
		struct sheet_cell *cells =
		    longer(s, s->cell, s->cols * sizeof *cells, cap * sizeof *cells);
		if (!names || !cells)
			return SHEET_NONE;
		s->name = names;
		s->cell = cells;
		s->col_cap = cap;
	}
	char *copy = longer(s, name.ptr, name.len, name.len + 1);
	if (!copy)
		return SHEET_NONE;
	s->name[s->cols] = (struct hub_str){copy, name.len};
	s->cell[s->cols] = (struct sheet_cell){0};
	return s->cols++;
}

int sheet_begin(struct sheet *s, struct hub_batch *b, struct hub_err *err)
{
	uint32_t idx;

	s->batch = b;
	s->rows = s->room = 0;
	s->bytes = 0;
	for (uint32_t c = 0; c < s->cols; c++)
		if (s->host->column(s->ctx, b, s->name[c], &idx))
			return NO_MEMORY(s->host, err);
	return HUB_OK;
}

void sheet_bad(struct sheet *s, const char *code, uint32_t col)
{
	if (s->bad)
		return;
	s->bad = code;
	s->bad_col = col;
}

static int make_room(struct sheet *s, size_t n)
{
	size_t cap = s->cap ? s->cap : FIRST_TEXT;

	while (cap - s->len < n)
		cap *= 2;
	if (cap == s->cap)
		return 0;
	char *text = longer(s, s->text, s->len, cap);
	if (!text)
		return -1;
	s->text = text;
	s->cap = cap;
	return 0;
}

int sheet_put(struct sheet *s, uint32_t col, struct hub_str piece, struct hub_err *err)
{
	struct sheet_cell *c = &s->cell[col];

	if (piece.len > s->limit - s->len) {
		sheet_bad(s, "record-too-long", col);
		return HUB_OK;
	}
	if (make_room(s, piece.len))
		return NO_MEMORY(s->host, err);
	if (c->state < HUB_VALUE)
		*c = (struct sheet_cell){.at = s->len, .state = HUB_VALUE};
	if (piece.len && memchr(piece.ptr, '\0', piece.len))
		sheet_bad(s, "nul-byte", col);
	if (piece.len)
		memcpy(s->text + s->len, piece.ptr, piece.len);
	s->len += piece.len;
	c->len += piece.len;
	return HUB_OK;
}

int sheet_more(struct sheet *s, uint32_t col, struct hub_str piece, struct hub_err *err)
{
	struct sheet_cell *c = &s->cell[col];
	const size_t from = c->at, n = c->len;

	if (c->state < HUB_VALUE || from + n == s->len)
		return sheet_put(s, col, piece, err);
	if (n + piece.len > s->limit - s->len) {
		sheet_bad(s, "record-too-long", col);
		return HUB_OK;
	}
	if (make_room(s, n + piece.len))
		return NO_MEMORY(s->host, err);
	memcpy(s->text + s->len, s->text + from, n);
	c->at = s->len;
	s->len += n;
	return sheet_put(s, col, piece, err);
}

void sheet_null(struct sheet *s, uint32_t col)
{
	s->cell[col] = (struct sheet_cell){.state = HUB_NULL};
}

void sheet_invalid(struct sheet *s, uint32_t col)
{
	if (s->cell[col].state == HUB_VALUE)
		s->cell[col].state = HUB_INVALID;
}

int sheet_is_set(const struct sheet *s, uint32_t col)
{
	return s->cell[col].state != HUB_ABSENT;
}

struct hub_str sheet_text(const struct sheet *s, uint32_t col)
{
	const struct sheet_cell *c = &s->cell[col];

	return c->state >= HUB_VALUE ? (struct hub_str){s->text + c->at, c->len}
				     : (struct hub_str){NULL, 0};
}

void sheet_drop(struct sheet *s)
{
	for (uint32_t c = 0; c < s->cols; c++)
		s->cell[c] = (struct sheet_cell){0};
	s->len = 0;
	s->bad = NULL;
	s->bad_col = SHEET_NONE;
}

/* --- the row ---------------------------------------------------------------------------------- */

static int needs_quotes(struct hub_str v)
{
	for (size_t i = 0; i < v.len; i++)
		if (v.ptr[i] == ',' || v.ptr[i] == '"' || v.ptr[i] == '\n' || v.ptr[i] == '\r')
			return 1;
	return v.len == 0; /* a value of length 0 is not a gap */
}

static char *put_quoted(char *to, struct hub_str v)
{
	*to++ = '"';
	for (size_t i = 0; i < v.len; i++) {
		if (v.ptr[i] == '"')
			*to++ = '"';
		*to++ = v.ptr[i];
	}
	*to++ = '"';
	return to;
}

/* The record as one block: its values, then the CSV line, into the batch. */
static int fill_row(struct sheet *s, uint32_t r)
{
	struct hub_batch *b = s->batch;
	char *values = s->host->alloc(s->ctx, b, s->len * 3 + 3 * (size_t)s->cols + 1);

	if (!values)
		return -1;
	if (s->len)
		memcpy(values, s->text, s->len);
	char *const line = values + s->len;
	char *to = line;
	for (uint32_t c = 0; c < b->cols; c++) {
		const struct sheet_cell *cell = &s->cell[c];
		const struct hub_str v = {values + cell->at, cell->len};
		if (c)
			*to++ = ',';
		b->col[c].cell[r] = cell->state;
		if (cell->state < HUB_VALUE)
			continue;
		b->col[c].text[r] = v;
		if (needs_quotes(v)) {
			to = put_quoted(to, v);
		} else {
			memcpy(to, v.ptr, v.len);
			to += v.len;
		}
	}
	b->raw[r] = (struct hub_str){line, (size_t)(to - line)};
	return 0;
}

/* The reason names the column; values never appear. */
static int reject(struct sheet *s, uint32_t r, const char *reason)
{
	struct hub_batch *b = s->batch;
	const struct hub_str col =
	    s->bad_col < s->cols ? s->name[s->bad_col] : (struct hub_str){"", 0};
	const size_t cap = strlen(reason ? reason : s->bad) + col.len + 16;
	char *text = s->host->alloc(s->ctx, b, cap);

	if (!text)
		return -1;
	const int n =
	    snprintf(text, cap, "%s%s%.*s%s", reason ? reason : s->bad, col.len ? " (" : "",
		     (int)col.len, col.len ? col.ptr : "", col.len ? ")" : "");
	b->verdict[r] = HUB_ROW_REJECT;
	b->code[r] = s->bad;
	b->reason[r] = (struct hub_str){text, (size_t)n};
	return 0;
}

int sheet_row(struct sheet *s, const struct hub_prov *at, const char *reason, struct hub_err *err)
{
	const uint32_t r = s->rows;

	if (r == s->room) {
		s->room = s->room ? s->room * 2 : FIRST_ROWS;
		if (s->host->rows(s->ctx, s->batch, s->room))
			return NO_MEMORY(s->host, err);
	}
	if (fill_row(s, r) || (s->bad && reject(s, r, reason)))
		return NO_MEMORY(s->host, err);
	s->batch->prov[r] = *at;
	s->bytes += s->len;
	s->rows++;
	sheet_drop(s);
	return HUB_OK;
}

int sheet_end(struct sheet *s, struct hub_err *err)
{
	return s->host->rows(s->ctx, s->batch, s->rows) ? NO_MEMORY(s->host, err) : HUB_OK;
}

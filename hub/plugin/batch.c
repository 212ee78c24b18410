#include "plugin/batch.h"

#include "base/err.h"
#include "base/str.h"
#include "text/encoding.h"

enum { DEFAULT_LIMIT = 64 << 20, FIRST_ROWS = 64, FIRST_COLS = 16 };

struct own {
	struct hub_batch pub;
	struct hub_arena *arena;
	uint32_t row_cap, col_cap;
	uint32_t first_rows; /* room made at once: about as many as there were last time */
};

static struct own *own_of(struct hub_batch *b)
{
	return b->hub;
}

static void clear(struct own *o)
{
	o->pub = (struct hub_batch){.size = sizeof o->pub, .hub = o};
	o->row_cap = o->col_cap = 0;
}

struct hub_batch *hub_batch_new(size_t limit)
{
	struct own *o = hub_heap_get(sizeof *o);

	if (!o)
		return NULL;
	*o = (struct own){.arena = hub_arena_new(limit ? limit : DEFAULT_LIMIT)};
	if (!o->arena) {
		hub_heap_put(o);
		return NULL;
	}
	clear(o);
	return &o->pub;
}

void hub_batch_free(struct hub_batch *b)
{
	if (!b)
		return;
	struct own *o = own_of(b);
	hub_arena_free(o->arena);
	hub_heap_put(o);
}

void hub_batch_reset(struct hub_batch *b)
{
	struct own *o = own_of(b);

	o->first_rows = b->rows + b->rows / 8;
	hub_arena_reset(o->arena);
	clear(o);
}

struct hub_arena *hub_batch_arena(struct hub_batch *b)
{
	return own_of(b)->arena;
}

/* A longer copy of an array; the old one stays in the arena until reset. NULL when out of memory. */
static void *longer(struct hub_arena *a, const void *old, size_t have, size_t want, size_t size)
{
	void *p = hub_alloc_array(a, want, size);

	if (p && have)
		memcpy(p, old, have * size);
	return p;
}

static int grow_column(struct own *o, struct hub_col *col, uint32_t cap)
{
	uint8_t *cell = longer(o->arena, col->cell, o->pub.rows, cap, sizeof *cell);
	struct hub_str *text = longer(o->arena, col->text, o->pub.rows, cap, sizeof *text);

	uint8_t *shown = NULL;

	if (col->shown && !(shown = longer(o->arena, col->shown, o->pub.rows, cap, sizeof *shown)))
		return HUB_FATAL;
	if (!cell || !text)
		return HUB_FATAL;
	col->cell = cell;
	col->text = text;
	col->shown = shown;
	return HUB_OK;
}

/* All arrays or none: on failure the batch is as before. */
static int grow_rows(struct own *o, uint32_t cap)
{
	struct hub_batch *b = &o->pub;
	struct hub_prov *prov = longer(o->arena, b->prov, b->rows, cap, sizeof *prov);
	struct hub_str *raw = longer(o->arena, b->raw, b->rows, cap, sizeof *raw);
	uint8_t *verdict = longer(o->arena, b->verdict, b->rows, cap, sizeof *verdict);
	const char **code = longer(o->arena, b->code, b->rows, cap, sizeof *code);
	struct hub_str *reason = longer(o->arena, b->reason, b->rows, cap, sizeof *reason);
	struct hub_col *col = longer(o->arena, b->col, b->cols, o->col_cap, sizeof *col);

	if (!prov || !raw || !verdict || !code || !reason || !col)
		return HUB_FATAL;
	for (uint32_t c = 0; c < b->cols; c++)
		if (grow_column(o, &col[c], cap))
			return HUB_FATAL;
	b->prov = prov;
	b->raw = raw;
	b->verdict = verdict;
	b->code = code;
	b->reason = reason;
	b->col = col;
	o->row_cap = cap;
	return HUB_OK;
}

int hub_batch_column(struct hub_batch *b, struct hub_str name, uint32_t *idx)
{
	struct own *o = own_of(b);
	struct hub_col col = {.name = hub_arena_str(o->arena, name)};

	if (!col.name.ptr)
		return HUB_FATAL;
	if (b->cols == o->col_cap) {
		const uint32_t cap = o->col_cap ? o->col_cap * 2 : FIRST_COLS;
		struct hub_col *more =
		    cap > o->col_cap ? longer(o->arena, b->col, b->cols, cap, sizeof *more) : NULL;
		if (!more)
			return HUB_FATAL;
		b->col = more;
		o->col_cap = cap;
	}
	/* the old cells are NULL here: nothing to copy, whatever the number of rows */
	col.cell = hub_alloc_array(o->arena, o->row_cap, sizeof *col.cell);
	col.text = hub_alloc_array(o->arena, o->row_cap, sizeof *col.text);
	if (!col.cell || !col.text)
		return HUB_FATAL;
	*idx = b->cols;
	b->col[b->cols++] = col;
	return HUB_OK;
}

/* Rows that were used before a shrink must read as new. */
static void blank(struct hub_batch *b, uint32_t from, uint32_t to)
{
	const size_t n = to - from;

	memset(b->prov + from, 0, n * sizeof *b->prov);
	memset(b->raw + from, 0, n * sizeof *b->raw);
	memset(b->verdict + from, HUB_ROW_PENDING, n);
	memset(b->code + from, 0, n * sizeof *b->code);
	memset(b->reason + from, 0, n * sizeof *b->reason);
	for (uint32_t c = 0; c < b->cols; c++) {
		memset(b->col[c].cell + from, HUB_ABSENT, n);
		memset(b->col[c].text + from, 0, n * sizeof *b->col[c].text);
		if (b->col[c].shown)
			memset(b->col[c].shown + from, HUB_AS_IS, n);
	}
}

int hub_batch_rows(struct hub_batch *b, uint32_t rows)
{
	struct own *o = own_of(b);

	if (rows > o->row_cap) {
		uint32_t cap = o->row_cap                   ? o->row_cap
			       : o->first_rows > FIRST_ROWS ? o->first_rows
							    : FIRST_ROWS;
		while (cap < rows)
			cap = cap > UINT32_MAX / 2 ? UINT32_MAX : cap * 2;
		if (grow_rows(o, cap))
			return HUB_FATAL;
	}
	if (rows > b->rows)
		blank(b, b->rows, rows);
	b->rows = rows;
	return HUB_OK;
}

static int copy_str(struct hub_arena *a, struct hub_str s, struct hub_str *out)
{
	*out = s.ptr ? hub_arena_str(a, s) : s;
	return s.ptr && !out->ptr;
}

static int copy_column(struct hub_batch *to, const struct hub_col *c, uint32_t row)
{
	struct hub_arena *a = hub_batch_arena(to);
	uint32_t at;
	int bad = 0;

	if (hub_batch_column(to, c->name, &at))
		return -1;
	to->col[at].flags = c->flags;
	memcpy(to->col[at].cell, c->cell + row, to->rows);
	for (uint32_t r = 0; r < to->rows && !bad; r++)
		if (c->cell[row + r] >= HUB_VALUE)
			bad = copy_str(a, c->text[row + r], &to->col[at].text[r]);
	return bad;
}

int hub_batch_copy(struct hub_batch *to, const struct hub_batch *from, uint32_t row, uint32_t n)
{
	struct hub_arena *a = hub_batch_arena(to);
	int bad = hub_batch_rows(to, n) || copy_str(a, from->encoding, &to->encoding);

	if (bad)
		return HUB_FATAL;
	memcpy(to->prov, from->prov + row, n * sizeof *to->prov);
	memcpy(to->verdict, from->verdict + row, n);
	memcpy(to->code, from->code + row, n * sizeof *to->code);
	for (uint32_t r = 0; r < n && !bad; r++)
		bad = copy_str(a, from->raw[row + r], &to->raw[r]) ||
		      copy_str(a, from->reason[row + r], &to->reason[r]);
	for (uint32_t c = 0; c < from->cols && !bad; c++)
		bad = copy_column(to, &from->col[c], row);
	return bad ? HUB_FATAL : HUB_OK;
}

static int to_utf8(struct hub_arena *a, enum hub_enc enc, struct hub_str *text)
{
	size_t used = 0;
	struct hub_str out;

	if (!text->len)
		return HUB_OK;
	out = hub_decode_arena(a, enc, *text, &used, NULL);
	if (!out.ptr)
		return HUB_FATAL;
	if (used == text->len)
		*text = out;
	return HUB_OK;
}

int hub_batch_utf8(struct hub_batch *b)
{
	const enum hub_enc enc = b->encoding.len ? hub_enc_of(b->encoding) : HUB_ENC_UTF8;
	struct hub_arena *a = hub_batch_arena(b);
	int rc = HUB_OK;

	for (uint32_t c = 0; c < b->cols && !rc && enc != HUB_ENC_UTF8; c++) {
		struct hub_col *col = &b->col[c];
		rc = to_utf8(a, enc, &col->name);
		for (uint32_t r = 0; r < b->rows && !rc; r++)
			if (col->cell[r] >= HUB_VALUE)
				rc = to_utf8(a, enc, &col->text[r]);
	}
	for (uint32_t r = 0; b->raw && r < b->rows && !rc && enc != HUB_ENC_UTF8; r++)
		rc = to_utf8(a, enc, &b->raw[r]);
	b->encoding = HUB_STR("utf-8");
	return rc;
}

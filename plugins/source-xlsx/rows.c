#include "plain.h"
#include "xlsx.h"

#include <stdio.h>
#include <string.h>

static struct hub_str copy(struct fill *f, struct hub_str s)
{
	return str_keep(f->x->host, f->x->ctx, f->b, s);
}

static struct hub_str extra_name(const struct xlsx *x, uint32_t i)
{
	if (x->has_sheet_column)
		return i == 0 ? x->sheet_column : x->cell[i - 1].name;
	return x->cell[i].name;
}

/* Columns up to `width` of the table; the extra ones first. */
static int add_columns(struct fill *f, uint32_t width, struct hub_err *err)
{
	struct xlsx *x = f->x;
	char letters[4];
	uint32_t idx;

	if (width > x->width)
		x->width = width;
	for (uint32_t i = f->cols; i < x->extras + x->width; i++) {
		struct hub_str name;
		if (i < x->extras)
			name = extra_name(x, i);
		else if (i - x->extras < x->names)
			name = x->name[i - x->extras];
		else
			name = (struct hub_str){
			    letters, sheet_letters(x->table.col + i - x->extras, letters)};
		if (x->host->column(x->ctx, f->b, name, &idx))
			return xlsx_no_memory(x, err);
	}
	f->cols = x->extras + x->width;
	return HUB_OK;
}

/* Values of the extra columns, once per sheet and batch. */
static int make_extras(struct fill *f, struct hub_err *err)
{
	struct xlsx *x = f->x;

	if (f->extra_of == x->number || x->extras == 0)
		return HUB_OK;
	f->extra = x->host->alloc(x->ctx, f->b, x->extras * sizeof *f->extra);
	if (!f->extra)
		return xlsx_no_memory(x, err);
	for (uint32_t i = 0; i < x->extras; i++) {
		const int sheet = x->has_sheet_column && i == 0;
		f->extra[i] =
		    copy(f, sheet ? x->book.sheet[x->number - 1].name
				  : head_cell_text(x, i - (uint32_t)(x->has_sheet_column != 0)));
		if (!f->extra[i].ptr)
			return xlsx_no_memory(x, err);
	}
	f->extra_of = x->number;
	return HUB_OK;
}

static int new_row(struct fill *f, uint64_t line, uint64_t at, uint32_t *row, struct hub_err *err)
{
	struct xlsx *x = f->x;

	if (f->rows == f->cap) {
		const uint32_t most = (uint32_t)x->conf.batch_rows;
		const uint32_t cap = f->cap ? f->cap * 2 : 256;
		f->cap = cap < most ? cap : most;
		if (x->host->rows(x->ctx, f->b, f->cap))
			return xlsx_no_memory(x, err);
	}
	*row = f->rows++;
	x->place = opc_part_place(&x->sheet.xml.part, at, x->place);
	f->b->prov[*row] = (struct hub_prov){.row = x->records,
					     .line = line,
					     .byte = x->place,
					     .len = 1,
					     .part = x->chosen > 1 ? x->number : 0};
	return HUB_OK;
}

/* ---- the record as CSV: what a reject file shows, what reload takes apart again */

struct raw {
	char *p;
	size_t n;
};

/* Appends a cell; its text then lies in the record, unless it holds quotes. */
static void put_raw(struct raw *r, int first, uint8_t state, struct hub_str *text)
{
	int quotes = state == HUB_VALUE && text->len == 0, doubled = 0;

	if (!first)
		r->p[r->n++] = ',';
	if (state < HUB_VALUE)
		return;
	for (size_t i = 0; i < text->len; i++) {
		const char c = text->ptr[i];
		doubled |= c == '"';
		quotes |= c == '"' || c == ',' || c == '\n' || c == '\r';
	}
	if (quotes)
		r->p[r->n++] = '"';
	const size_t from = r->n;
	for (size_t i = 0; doubled && i < text->len; i++) {
		if (text->ptr[i] == '"')
			r->p[r->n++] = '"';
		r->p[r->n++] = text->ptr[i];
	}
	if (!doubled && text->len > 0) {
		memcpy(r->p + from, text->ptr, text->len);
		r->n += text->len;
	}
	if (!doubled)
		text->ptr = r->p + from;
	if (quotes)
		r->p[r->n++] = '"';
}

/* A text with quotes inside keeps a copy of its own: the queue's is used again. */
static int keep_text(struct fill *f, struct hub_str *text, struct hub_err *err)
{
	if (!memchr(text->ptr, '"', text->len))
		return HUB_OK;
	*text = copy(f, *text);
	return text->ptr ? HUB_OK : xlsx_no_memory(f->x, err);
}

static int put_cells(struct fill *f, uint32_t row, uint32_t cols, struct hub_err *err)
{
	struct hub_col *col = f->b->col;
	size_t room = cols * 3 + 1;
	int rc = HUB_OK;

	for (uint32_t i = 0; i < cols; i++)
		room += col[i].cell[row] >= HUB_VALUE ? col[i].text[row].len * 2 : 0;
	struct raw raw = {f->x->host->alloc(f->x->ctx, f->b, room), 0};
	if (!raw.p)
		return xlsx_no_memory(f->x, err);
	for (uint32_t i = 0; i < cols && !rc; i++) {
		if (col[i].cell[row] >= HUB_VALUE && col[i].text[row].len > 0)
			rc = keep_text(f, &col[i].text[row], err);
		if (!rc)
			put_raw(&raw, i == 0, col[i].cell[row], &col[i].text[row]);
	}
	f->bytes += raw.n;
	if (f->b->raw)
		f->b->raw[row] = (struct hub_str){raw.p, raw.n};
	return rc;
}

/* ---- rows */

static int refuse(struct fill *f, uint32_t row, const char *code, const char *fmt, uint32_t col,
		  struct hub_err *err)
{
	struct xlsx *x = f->x;
	struct hub_err why = {0};
	char letters[4];

	sheet_letters(col, letters);
	x->host->fail(&why, HUB_REJECT, code, __FILE__, __LINE__, fmt, letters);
	f->b->verdict[row] = HUB_ROW_REJECT;
	f->b->code[row] = code;
	f->b->reason[row] = copy(f, (struct hub_str){why.what, strlen(why.what)});
	return f->b->reason[row].ptr ? HUB_OK : xlsx_no_memory(x, err);
}

static int judge(struct fill *f, uint32_t row, const struct sheet_row *r, uint32_t outside,
		 struct hub_err *err)
{
	if (r->fault && r->fault[0] == 't')
		return refuse(f, row, r->fault,
			      HUB_N("values beyond column %s, the last one that is read"),
			      MOST_COLS - 1, err);
	if (r->fault)
		return refuse(f, row, r->fault, HUB_N("a cell is longer than field_limit allows"),
			      0, err);
	if (outside != UINT32_MAX)
		return refuse(f, row, "outside-header",
			      HUB_N("a value in column %s, which has no name in the header"),
			      outside, err);
	return HUB_OK;
}

/* Columns that the table needs for a row; 0: none of its values lies in the columns that are read.
 * *outside: column of a value beside the header, or UINT32_MAX. */
static uint32_t width_of(const struct xlsx *x, const struct sheet_row *r, uint32_t *outside)
{
	const struct sheet_cell *c = sheet_cells(&x->sheet, r);
	uint32_t width = 0;

	*outside = UINT32_MAX;
	for (uint32_t i = 0; i < r->n; i++) {
		if (c[i].col < x->table.col || c[i].col > x->table.last_col || c[i].text.len == 0)
			continue;
		width = x->names ? x->names : c[i].col - x->base + 1;
		if (x->names && (c[i].col < x->base || c[i].col - x->base >= x->names))
			*outside = c[i].col;
	}
	return width;
}

static int is_full(const struct fill *f, uint32_t cols)
{
	const uint32_t cap = f->rows == f->cap ? (f->cap ? f->cap * 2 : 256) : f->cap;
	const uint64_t widest = cols > f->cols ? cols : f->cols;

	return f->rows > 0 && (f->rows >= (uint32_t)f->x->conf.batch_rows ||
			       f->bytes >= BATCH_BYTES || cap * widest > SLOTS);
}

static void put_extras(struct fill *f, uint32_t row)
{
	for (uint32_t i = 0; i < f->x->extras; i++) {
		f->b->col[i].cell[row] = f->extra[i].len ? HUB_VALUE : HUB_NULL;
		f->b->col[i].text[row] = f->extra[i];
	}
}

int rows_put(struct fill *f, const struct sheet_row *r, struct hub_err *err)
{
	struct xlsx *x = f->x;
	const struct sheet_cell *c = sheet_cells(&x->sheet, r);
	uint32_t outside, row;
	const uint32_t width = width_of(x, r, &outside);
	int rc;

	if (width == 0 && !r->fault)
		return HUB_OK; /* nothing in the columns that are read */
	if (is_full(f, x->extras + width))
		return HUB_IDLE;
	x->records++;
	if (x->records <= x->resume) {
		x->place = opc_part_place(&x->sheet.xml.part, r->at, x->place);
		return HUB_OK;
	}
	if ((rc = add_columns(f, width, err)) || (rc = make_extras(f, err)) ||
	    (rc = new_row(f, r->line, r->at, &row, err)))
		return rc;
	put_extras(f, row);
	for (uint32_t i = 0; i < width; i++)
		f->b->col[x->extras + i].cell[row] = HUB_NULL;
	for (uint32_t i = 0; i < r->n; i++) {
		if (c[i].col < x->base || c[i].col - x->base >= width)
			continue;
		f->b->col[x->extras + c[i].col - x->base].cell[row] = (uint8_t)c[i].state;
		f->b->col[x->extras + c[i].col - x->base].text[row] = c[i].text;
	}
	if ((rc = put_cells(f, row, x->extras + width, err)))
		return rc;
	return judge(f, row, r, outside, err);
}

int rows_put_form(struct fill *f, struct hub_err *err)
{
	struct xlsx *x = f->x;
	uint32_t row;
	int rc;

	if (is_full(f, x->extras))
		return HUB_IDLE;
	x->records++;
	if (x->records <= x->resume) {
		x->place = opc_part_place(&x->sheet.xml.part, 0, x->place);
		return HUB_OK;
	}
	if ((rc = add_columns(f, 0, err)) || (rc = make_extras(f, err)) ||
	    (rc = new_row(f, 1, 0, &row, err)))
		return rc;
	put_extras(f, row);
	return put_cells(f, row, x->extras, err);
}

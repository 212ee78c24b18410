#include "sheet.h"
#include "plain.h"

#include "escape.h"
#include "merge.h"

#include <string.h>

enum {
	QUEUE_ROWS = 64 << 10, /* more than one piece of XML can hold beside a full batch */
	QUEUE_CELLS = 1 << 20,
	MARGIN = 1 << 20, /* text of one piece of XML */
	KEPT_DIGITS = 15, /* of a number */
};

/* fmt: of the row's number and the file's name. */
static int bad(const struct sheet *s, const char *fmt, struct hub_err *err)
{
	HUB_FAIL(s->host, err, HUB_REJECT, "bad-workbook", fmt, (unsigned long long)s->line,
		 s->book->opc.path);
	s->host->hint(err, "Open the file in Excel and save it anew.");
	return err->rc;
}

/* ---- addresses */

int sheet_address(struct hub_str s, uint32_t *col, uint32_t *row)
{
	uint64_t c = 0, r = 0;
	size_t i = 0;

	for (; i < s.len &&
	       ((s.ptr[i] >= 'A' && s.ptr[i] <= 'Z') || (s.ptr[i] >= 'a' && s.ptr[i] <= 'z'));
	     i++)
		if ((c = c * 26 + (uint64_t)((s.ptr[i] | 32) - 'a') + 1) > SHEET_COLS)
			return -1;
	if (c == 0)
		return -1;
	if (i < s.len) {
		const int64_t n = opcxml_number((struct hub_str){s.ptr + i, s.len - i}, SHEET_ROWS);
		if (n < 1)
			return -1;
		r = (uint64_t)n;
	}
	*col = (uint32_t)c - 1;
	*row = (uint32_t)r;
	return 0;
}

int sheet_range(struct hub_str s, struct sheet_merge *out)
{
	const char *colon = s.len ? memchr(s.ptr, ':', s.len) : NULL;
	const size_t n = colon ? (size_t)(colon - s.ptr) : s.len;

	*out = (struct sheet_merge){0};
	if (sheet_address((struct hub_str){s.ptr, n}, &out->col, &out->row))
		return -1;
	out->last_col = out->col;
	out->last_row = out->row;
	if (colon && sheet_address((struct hub_str){colon + 1, s.len - n - 1}, &out->last_col,
				   &out->last_row))
		return -1;
	return out->last_col >= out->col && out->last_row >= out->row ? 0 : -1;
}

size_t sheet_letters(uint32_t col, char *out)
{
	char turned[4];
	size_t n = 0;

	for (col++; col > 0; col = (col - 1) / 26)
		turned[n++] = (char)('A' + (col - 1) % 26);
	for (size_t i = 0; i < n; i++)
		out[i] = turned[n - 1 - i];
	out[n] = '\0';
	return n;
}

/* ---- cells */

static int full(const struct sheet *s, struct hub_err *err)
{
	HUB_FAIL(s->host, err, HUB_REJECT, "row-too-long",
		 "row %llu of a sheet of %s holds more text than can be read at once",
		 (unsigned long long)s->line, s->book->opc.path);
	s->host->hint(err, "Look at that row; save the data as CSV if it is meant so.");
	return err->rc;
}

/* Adds a cell of the row being read. */
static int put_cell(struct sheet *s, uint32_t col, uint32_t state, struct hub_str text,
		    struct hub_err *err)
{
	const struct sheet_cell c = {col, state, text};
	struct sheet_cell *row =
	    (struct sheet_cell *)(void *)s->cells.p + (s->cells.len / sizeof c - s->row_cells);
	uint32_t at = s->row_cells;

	if (col >= MOST_COLS) {
		s->row_fault = "too-many-columns";
		return HUB_OK;
	}
	while (at > 0 && row[at - 1].col >= col)
		at--;
	if (at < s->row_cells && row[at].col == col)
		return bad(s, HUB_N("row %llu of a sheet of %s holds two cells of one address"),
			   err);
	if (!room_add(&s->cells, sizeof c))
		return full(s, err);
	memmove(row + at + 1, row + at, (s->row_cells - at) * sizeof c);
	row[at] = c;
	s->row_cells++;
	return HUB_OK;
}

/* The dates that a spreadsheet makes of "1-2" show no year; people seldom write dates so beside others. */
static void note_kind(struct sheet *s, const struct numfmt *f, int is_date)
{
	if (s->cell.col >= MOST_COLS)
		return;
	if (is_date && !(f->parts & NUMFMT_YEAR) && (f->parts & (NUMFMT_MONTH | NUMFMT_DAY)))
		s->notes.short_date[s->cell.col]++;
	else if (!is_date)
		s->notes.other[s->cell.col]++;
}

/* Whole digits of a number as it is shown. */
static size_t whole_digits(const char *p, size_t n)
{
	size_t digits = 0;

	for (size_t i = 0; i < n && p[i] != '.'; i++)
		digits += p[i] >= '0' && p[i] <= '9';
	return digits;
}

static int number_cell(struct sheet *s, struct hub_str stored, struct hub_err *err)
{
	const struct numfmt *f = book_format(s->book, s->cell.style);
	const int as_stored = f->kind == NUMFMT_TEXT || (s->opt.stored && f->kind != NUMFMT_DATE);
	char shown[NUMFMT_MOST];
	int is_date;

	if (stored.len == 0)
		return HUB_OK;
	if ((f->kind == NUMFMT_GENERAL || as_stored) && numfmt_is_plain(stored)) {
		note_kind(s, f, 0);
		return put_cell(s, s->cell.col, HUB_VALUE, stored, err);
	}
	const size_t n = numfmt_show(f, stored, s->book->date1904, shown, &is_date);
	/* of a longer number, an account or a card, Excel keeps the first fifteen digits and noughts behind them */
	if (n == 0 || (!as_stored && !is_date && whole_digits(shown, n) > KEPT_DIGITS))
		return put_cell(s, s->cell.col, HUB_INVALID, stored, err);
	note_kind(s, f, is_date);
	if (as_stored)
		return put_cell(s, s->cell.col, HUB_VALUE, stored, err);
	s->text.len = s->cell.from;
	if (room_put(&s->text, shown, n))
		return full(s, err);
	return put_cell(s, s->cell.col, HUB_VALUE, (struct hub_str){s->text.p + s->cell.from, n},
			err);
}

/* 2021-01-01T10:10:10.000Z as 2021-01-01 10:10:10. */
static struct hub_str iso_cell(char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i] == 'T')
			p[i] = ' ';
		if (p[i] == '.' || p[i] == 'Z')
			n = i;
	}
	return (struct hub_str){p, n};
}

static int end_cell(struct sheet *s, struct hub_err *err)
{
	struct hub_str text = {s->text.p + s->cell.from, s->text.len - s->cell.from};
	const uint32_t col = s->cell.col;

	if (!s->cell.value) {
		if (s->cell.type == 'f')
			return put_cell(s, col, HUB_VALUE, (struct hub_str){text.ptr, 0}, err);
		if (!s->cell.formula || s->cell.type == 'i')
			return HUB_OK;
		/* written by a program, never calculated: nobody knows its value */
		s->notes.no_value++;
		return put_cell(s, col, HUB_INVALID, text, err);
	}
	if (s->cell.type == 's') {
		const struct hub_str *one = book_string(s->book, opcxml_number(text, INT64_MAX));
		note_kind(s, NULL, 0);
		s->text.len = one ? s->cell.from : s->text.len;
		return put_cell(s, col, one ? HUB_VALUE : HUB_INVALID, one ? *one : text, err);
	}
	if (s->cell.type == 'n')
		return number_cell(s, text, err);
	note_kind(s, NULL, 0);
	switch (s->cell.type) {
	case 'b':
		text = text.len == 1 && text.ptr[0] == '1' ? (struct hub_str){"TRUE", 4}
							   : (struct hub_str){"FALSE", 5};
		break;
	case 'd':
		text = iso_cell(s->text.p + s->cell.from, text.len);
		break;
	case 'e':
		s->notes.errors++;
		return put_cell(s, col, HUB_INVALID, text, err);
	default:
		text.len = escape_undo(s->text.p + s->cell.from, text.len);
		break;
	}
	return put_cell(s, col, HUB_VALUE, text, err);
}

static int begin_cell(struct sheet *s, const struct opcxml_attrs *a, struct hub_err *err)
{
	const struct hub_str address = opcxml_attr(a, "r"), type = opcxml_attr(a, "t");
	const struct hub_str style = opcxml_attr(a, "s");
	uint32_t row;

	memset(&s->cell, 0, sizeof s->cell);
	s->cell.col = s->col;
	if (address.ptr && sheet_address(address, &s->cell.col, &row))
		return bad(
		    s,
		    HUB_N("row %llu of a sheet of %s: a cell's address lies outside of any sheet"),
		    err);
	s->col = s->cell.col + 1;
	s->cell.style = style.len ? opcxml_number(style, INT32_MAX) : 0;
	s->cell.from = s->text.len;
	s->cell.type = type.len == 3 && type.ptr[0] == 's' ? 'f' : type.len ? type.ptr[0] : 'n';
	return HUB_OK;
}

/* ---- rows */

static int begin_row(struct sheet *s, const struct opcxml_attrs *a, struct hub_err *err)
{
	const struct hub_str r = opcxml_attr(a, "r");
	const int64_t line = r.ptr ? opcxml_number(r, SHEET_ROWS) : (int64_t)s->line + 1;

	if (line < 1 || line > SHEET_ROWS)
		return bad(
		    s, HUB_N("the row behind row %llu of a sheet of %s lies outside of any sheet"),
		    err);
	s->line = (uint64_t)line;
	s->row_at = opcxml_at(&s->xml);
	s->col = s->row_cells = 0;
	s->row_fault = NULL;
	s->row_hidden = (uint32_t)opcxml_bool(opcxml_attr(a, "hidden"));
	s->row_text = s->text.len;
	s->in_row = 1;
	return HUB_OK;
}

static int has_value(const struct sheet *s)
{
	const struct sheet_cell *c = (const struct sheet_cell *)(const void *)s->cells.p;
	const size_t n = s->cells.len / sizeof *c;

	for (size_t i = n - s->row_cells; i < n; i++)
		if (c[i].text.len > 0)
			return 1;
	return s->row_fault != NULL;
}

static int end_row(struct sheet *s, struct hub_err *err)
{
	const int wanted = has_value(s) && !(s->row_hidden && s->opt.skip_hidden);
	int rc;

	s->in_row = 0;
	s->notes.hidden_rows += s->row_hidden && has_value(s);
	if (!wanted) {
		s->cells.len -= s->row_cells * sizeof(struct sheet_cell);
		s->text.len = s->row_text;
		return HUB_OK;
	}
	if (s->opt.fill && (rc = merge_fill(s, put_cell, err)))
		return rc;
	const struct sheet_row row = {.line = s->line,
				      .at = s->row_at,
				      .cell = (uint32_t)(s->cells.len / sizeof(struct sheet_cell)) -
					      s->row_cells,
				      .n = s->row_cells,
				      .fault = s->row_fault};
	return room_put(&s->rows, &row, sizeof row) ? full(s, err) : HUB_OK;
}

/* ---- events */

static int on_begin(void *arg, const char *name, const struct opcxml_attrs *a, struct hub_err *err)
{
	struct sheet *s = arg;

	if (!s->in_data) {
		if (opcxml_is(name, "col") && opcxml_bool(opcxml_attr(a, "hidden")))
			s->notes.hidden_cols++;
		s->in_data = opcxml_is(name, "sheetData");
		return HUB_OK;
	}
	switch (name[0]) {
	case 'c':
		return name[1] ? HUB_OK : begin_cell(s, a, err);
	case 'v':
		s->text.len = s->cell.from; /* the formula's text gives way */
		s->cell.value = s->cell.taking = 1;
		return HUB_OK;
	case 'f':
		s->cell.formula = s->cell.taking = 1;
		return room_put(&s->text, "=", 1) ? full(s, err) : HUB_OK;
	case 't':
		if (!s->cell.value) /* the first run; a formula's text gives way */
			s->text.len = s->cell.from;
		s->cell.value = 1;
		s->cell.taking = !s->cell.reading;
		return HUB_OK;
	case 'r':
		if (opcxml_is(name, "row"))
			return begin_row(s, a, err);
		if (opcxml_is(name, "rPh"))
			s->cell.reading = 1;
		return HUB_OK;
	default:
		return HUB_OK;
	}
}

static int on_end(void *arg, const char *name, struct hub_err *err)
{
	struct sheet *s = arg;

	if (!s->in_data)
		return HUB_OK;
	s->cell.taking = 0;
	switch (name[0]) {
	case 'c':
		return name[1] ? HUB_OK : end_cell(s, err);
	case 'r':
		if (opcxml_is(name, "row"))
			return end_row(s, err);
		if (opcxml_is(name, "rPh"))
			s->cell.reading = 0;
		return HUB_OK;
	case 's':
		s->in_data = !opcxml_is(name, "sheetData");
		return HUB_OK;
	default:
		return HUB_OK;
	}
}

static int on_text(void *arg, const char *p, size_t n, struct hub_err *err)
{
	struct sheet *s = arg;

	if (!s->in_data || !s->cell.taking)
		return HUB_OK;
	if (s->text.len - s->cell.from + n > s->opt.cell_limit) {
		s->row_fault = "field-too-long";
		return HUB_OK;
	}
	return room_put(&s->text, p, n) ? full(s, err) : HUB_OK;
}

/* ---- the sheet */

int sheet_init(struct sheet *s, struct book *book, const struct sheet_options *opt,
	       struct hub_err *err)
{
	*s = (struct sheet){.book = book, .host = book->opc.host, .opt = *opt};
	if (room_open(&s->rows, QUEUE_ROWS * sizeof(struct sheet_row)) ||
	    room_open(&s->cells, QUEUE_CELLS * sizeof(struct sheet_cell)) ||
	    room_open(&s->text, (opt->cell_limit + MARGIN) * 8) ||
	    (opt->fill && (room_open(&s->merges, MOST_MERGES * sizeof(struct sheet_merge)) ||
			   room_open(&s->merge_text, opt->cell_limit + MARGIN)))) {
		sheet_free(s);
		return NO_MEMORY(s->host, err);
	}
	return HUB_OK;
}

void sheet_free(struct sheet *s)
{
	sheet_close(s);
	room_close(&s->rows);
	room_close(&s->cells);
	room_close(&s->text);
	room_close(&s->merges);
	room_close(&s->merge_text);
}

int sheet_open(struct sheet *s, uint32_t index, struct hub_err *err)
{
	static const struct opcxml_ops ops = {
	    .space = book_space, .begin = on_begin, .end = on_end, .text = on_text};
	struct opc *o = (struct opc *)&s->book->opc;
	const int64_t part = s->book->sheet[index].part;
	int rc;

	s->rows.len = s->cells.len = s->text.len = 0;
	memset(&s->notes, 0, sizeof s->notes);
	s->line = 0;
	s->in_data = s->in_row = 0;
	if (s->opt.fill && (rc = merge_read(s, part, err)))
		return rc;
	if ((rc = opcxml_open(&s->xml, o, part, &ops, s, err)))
		return rc;
	s->open = 1;
	return HUB_OK;
}

int sheet_read(struct sheet *s, size_t rows, size_t bytes, struct hub_err *err)
{
	int rc;

	do
		rc = opcxml_step(&s->xml, err);
	while (rc == HUB_OK && sheet_queued(s) < rows && s->text.len < bytes &&
	       s->cells.len < s->cells.cap / 2);
	return rc;
}

void sheet_close(struct sheet *s)
{
	if (s->open)
		opcxml_close(&s->xml);
	s->open = 0;
}

const struct sheet_row *sheet_row(const struct sheet *s, size_t i)
{
	return (const struct sheet_row *)(const void *)s->rows.p + i;
}

const struct sheet_cell *sheet_cells(const struct sheet *s, const struct sheet_row *r)
{
	return (const struct sheet_cell *)(const void *)s->cells.p + r->cell;
}

/* A piece of XML ends inside a row, as a rule: what is read of it moves to the front. */
void sheet_clear(struct sheet *s)
{
	const size_t cells = s->in_row ? s->row_cells * sizeof(struct sheet_cell) : 0;
	const size_t moved = s->in_row ? s->row_text : s->text.len;
	struct sheet_cell *c = (struct sheet_cell *)(void *)s->cells.p;

	memmove(s->cells.p, s->cells.p + s->cells.len - cells, cells);
	memmove(s->text.p, s->text.p + moved, s->text.len - moved);
	for (uint32_t i = 0; i < cells / sizeof *c; i++)
		if (c[i].text.ptr >= s->text.p && c[i].text.ptr < s->text.p + s->text.cap)
			c[i].text.ptr -= moved;
	s->cells.len = cells;
	s->text.len -= moved;
	s->cell.from -= s->in_row ? moved : 0;
	s->row_text = s->rows.len = 0;
}

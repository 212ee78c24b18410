#include "head.h"
#include "plain.h"

#include <stdio.h>
#include <string.h>

int csv_no_memory(const struct csv *c, struct hub_err *err)
{
	return NO_MEMORY(c->host, err);
}

void rows_move(struct fill *f, size_t to, uint64_t lines)
{
	struct csv *c = f->c;

	f->used = to;
	c->at.line += lines;
	c->at.byte = f->win.at + decode_place(&c->dec, &f->dec, to);
}

void rows_move_over(struct fill *f, size_t to)
{
	rows_move(f, to, split_lines(&f->c->dialect, &f->text, f->used, to));
}

static uint64_t lines_of(const struct fill *f, const struct split_record *r)
{
	return r->quoted ? split_lines(&f->c->dialect, &f->text, r->start, r->end) : 1;
}

int rows_columns(struct fill *f, uint32_t n, struct hub_err *err)
{
	struct csv *c = f->c;

	if (n > c->columns)
		c->columns = n;
	for (uint32_t i = f->cols, idx; i < c->columns; i++) {
		char number[16];
		struct hub_str name = {number, 0};
		if (i < c->names)
			name = c->name[i];
		else
			name.len = (size_t)snprintf(number, sizeof number, "%u", i + 1);
		if (c->host->column(c->ctx, f->b, name, &idx))
			return csv_no_memory(c, err);
	}
	f->cols = c->columns;
	return HUB_OK;
}

/* Index of a new row with its place filled; the record is [f->used, end), [.., stop) without its
 * line end. */
static int new_row(struct fill *f, size_t stop, size_t end, uint32_t *row, struct hub_err *err)
{
	struct csv *c = f->c;
	struct hub_batch *b = f->b;

	if (f->rows == f->cap) {
		const uint32_t most = (uint32_t)c->conf.batch_rows;
		uint32_t cap = f->cap ? f->cap * 2 : c->usual_rows + 1;
		cap = cap < most ? cap : most;
		if (c->host->rows(c->ctx, b, cap))
			return csv_no_memory(c, err);
		f->cap = cap;
	}
	*row = f->rows++;
	const size_t from = decode_place(&c->dec, &f->dec, f->used);
	const size_t to = decode_place(&c->dec, &f->dec, end);
	b->prov[*row] = (struct hub_prov){.row = c->at.row,
					  .line = c->at.line,
					  .byte = f->win.at + from,
					  .len = (uint32_t)(to - from)};
	if (b->raw)
		b->raw[*row] =
		    (struct hub_str){f->text.base + f->used + f->mark, stop - f->used - f->mark};
	c->at.row++;
	return HUB_OK;
}

static int cell_text(struct fill *f, const struct split_field *s, struct hub_str *out,
		     struct hub_err *err)
{
	const struct csv *c = f->c;

	*out = (struct hub_str){s->ptr, s->len};
	if (!s->doubled)
		return HUB_OK;
	char *p = c->host->alloc(c->ctx, f->b, s->len);
	if (!p)
		return csv_no_memory(c, err);
	*out = (struct hub_str){p, split_undouble(&c->dialect, s, p)};
	return HUB_OK;
}

static int reject_row(struct fill *f, uint32_t row, const char *code, const struct hub_err *why,
		      struct hub_err *err)
{
	const size_t n = strlen(why->what);
	char *p = f->c->host->alloc(f->c->ctx, f->b, n + 1);

	if (!p)
		return csv_no_memory(f->c, err);
	memcpy(p, why->what, n);
	f->b->verdict[row] = HUB_ROW_REJECT;
	f->b->code[row] = code;
	f->b->reason[row] = (struct hub_str){p, n};
	return HUB_OK;
}

/* The number in its column and, so that a reject keeps it, behind the record's bytes. */
static int put_number(struct fill *f, uint32_t row, uint32_t number, struct hub_err *err)
{
	struct csv *c = f->c;
	struct hub_str *raw = f->b->raw ? &f->b->raw[row] : NULL;
	const struct hub_str sign = {c->dialect.delimiter, c->dialect.delimiter_len};
	char text[16];
	const size_t n = (size_t)snprintf(text, sizeof text, "%u", number);
	const size_t before = raw ? raw->len : 0;
	char *p = c->host->alloc(c->ctx, f->b, before + sign.len + n);

	if (!p)
		return csv_no_memory(c, err);
	if (before)
		memcpy(p, raw->ptr, before);
	memcpy(p + before, sign.ptr, sign.len);
	memcpy(p + before + sign.len, text, n);
	if (raw)
		*raw = (struct hub_str){p, before + sign.len + n};
	f->b->col[c->counted - 1].text[row] = (struct hub_str){p + before + sign.len, n};
	f->b->col[c->counted - 1].cell[row] = HUB_VALUE;
	return HUB_OK;
}

static int count_row(struct fill *f, uint32_t row, const struct place *here, struct hub_err *err)
{
	struct csv *c = f->c;
	struct hub_err why;
	uint32_t number;
	int first;

	if (rank_row(&c->rank, f->b, row, &first, &number)) {
		memset(&why, 0, sizeof why);
		HUB_FAIL(c->host, &why, HUB_REJECT, "too-many-rows",
			 "line %llu: the record has more rows than can be counted",
			 (unsigned long long)here->line);
		return reject_row(f, row, why.code, &why, err);
	}
	if (first)
		c->record = *here;
	f->b->col[c->counted - 1].cell[row] = HUB_NULL;
	return number > 1 ? put_number(f, row, number, err) : HUB_OK;
}

static int put_row(struct fill *f, const struct split_record *r, struct hub_err *err)
{
	const struct place here = f->c->at;
	uint32_t row;
	int rc;

	if (r->n > f->cols && (rc = rows_columns(f, r->n, err)))
		return rc;
	const uint64_t lines = lines_of(f, r);
	if ((rc = new_row(f, r->stop, r->end, &row, err)))
		return rc;
	struct hub_col *col = f->b->col;
	for (uint32_t i = 0; i < r->n; i++) {
		col[i].cell[row] = r->field[i].cell;
		if ((rc = cell_text(f, &r->field[i], &col[i].text[row], err)))
			return rc;
	}
	if (f->c->counted && (rc = count_row(f, row, &here, err)))
		return rc;
	rows_move(f, r->end, lines);
	return HUB_OK;
}

/* A line with nothing in it: in a file of one column a record with an empty cell; else it is
 * counted, and dropped. */
static int put_blank(struct fill *f, const struct split_record *r, struct hub_err *err)
{
	struct csv *c = f->c;
	int rc;

	if (c->conf.blank_lines == BLANK_SKIP) {
		rows_move(f, r->end, 1);
		return HUB_OK;
	}
	if ((rc = put_row(f, r, err)))
		return rc;
	if (c->width != 1) {
		f->b->verdict[f->rows - 1] = HUB_ROW_DROP;
		f->b->code[f->rows - 1] = "blank-line";
	}
	return HUB_OK;
}

static const char *fault_code(const struct split_record *r)
{
	static const char *const codes[] = {
	    [SPLIT_FINE] = "wrong-columns",
	    [SPLIT_QUOTE_IN_TEXT] = "quote-in-unquoted",
	    [SPLIT_TEXT_AFTER_QUOTE] = "text-after-quote",
	    [SPLIT_UNCLOSED] = "unclosed-quote",
	    [SPLIT_NUL] = "nul-byte",
	    [SPLIT_TOO_LONG] = "field-too-long",
	    [SPLIT_TOO_MANY] = "too-many-columns",
	};
	return codes[r->fault];
}

void rows_explain(const struct fill *f, const struct split_record *r, struct hub_err *why)
{
	const struct csv *c = f->c;
	const struct hub_host *host = c->host;
	const char *code = fault_code(r);
	const size_t at = r->fault == SPLIT_UNCLOSED ? r->quote_at : r->fault_at;
	const unsigned long long line =
	    c->at.line + split_lines(&c->dialect, &f->text, f->used, at);
	const unsigned column = r->n + 1;

	memset(why, 0, sizeof *why);
	switch (r->fault) {
	case SPLIT_QUOTE_IN_TEXT:
		HUB_FAIL(host, why, HUB_REJECT, code,
			 "line %llu, column %u: a quote inside a cell without quotes", line,
			 column);
		break;
	case SPLIT_TEXT_AFTER_QUOTE:
		HUB_FAIL(host, why, HUB_REJECT, code,
			 "line %llu, column %u: text after the closing quote", line, column);
		break;
	case SPLIT_UNCLOSED:
		HUB_FAIL(host, why, HUB_REJECT, code,
			 "line %llu, column %u: the quote opened here is not closed", line, column);
		break;
	case SPLIT_NUL:
		HUB_FAIL(host, why, HUB_REJECT, code, "line %llu, column %u: a NUL byte", line,
			 column);
		break;
	case SPLIT_TOO_LONG:
		HUB_FAIL(host, why, HUB_REJECT, code,
			 "line %llu, column %u: the cell is longer than %llu bytes", line, column,
			 (unsigned long long)c->conf.field_limit);
		break;
	case SPLIT_TOO_MANY:
		HUB_FAIL(host, why, HUB_REJECT, code, "line %llu: more than %u columns", line,
			 r->cap);
		break;
	default:
		HUB_FAIL(host, why, HUB_REJECT, code, "line %llu: %u columns, expected %u", line,
			 r->n, c->width);
		break;
	}
}

/* Start of the last line of the text, which may go on in the next window. */
static size_t last_line(const struct fill *f)
{
	size_t at = f->text.len;

	while (at > f->used && f->text.base[at - 1] != '\n' && f->text.base[at - 1] != '\r')
		at--;
	return at;
}

/* Gives up the text while no footing is found, but for a last line that is not complete. */
static void drop_text(struct fill *f)
{
	const size_t at = last_line(f);

	f->c->mid_line = at == f->used;
	rows_move_over(f, f->c->mid_line ? f->text.len : at);
}

/* The record at f->used is broken, or complete but not what it should be: then r->end bounds where
 * the next one begins. Its line, up to the next footing, becomes one REJECT. */
static int put_broken(struct fill *f, const struct split_record *r, int complete,
		      struct hub_err *err)
{
	struct csv *c = f->c;
	const size_t stop = complete ? r->end : f->text.len;
	const uint32_t width = c->dialect.tolerant ? 0 : c->width;
	const char *code = fault_code(r);
	size_t next;
	uint32_t row;
	int rc;

	rows_explain(f, r, &c->why);
	if (split_footing(&c->dialect, &f->text, split_next_line(&c->dialect, &f->text, f->used),
			  stop, width, &c->probe, &next) == SPLIT_MORE)
		return SPLIT_MORE;
	if (next == f->text.len && f->text.full && !f->text.last && !complete) {
		c->lost = 1;
		c->broken = c->at;
		c->broken_code = code;
		drop_text(f);
		return HUB_OK;
	}
	if (f->cols == 0 && (rc = rows_columns(f, c->width ? c->width : 1, err)))
		return rc;
	size_t text_end = next;
	while (text_end > f->used &&
	       (f->text.base[text_end - 1] == '\n' || f->text.base[text_end - 1] == '\r'))
		text_end--;
	if ((rc = new_row(f, text_end, next, &row, err)))
		return rc;
	rows_move_over(f, next);
	return reject_row(f, row, code, &c->why, err);
}

/* A record larger than the window broke: look on for the footing. Its row is handed out when the
 * place where it ends is known. */
static int find_footing(struct fill *f, struct hub_err *err)
{
	struct csv *c = f->c;
	const uint32_t width = c->dialect.tolerant ? 0 : c->width;
	size_t at = f->used, next;
	uint32_t row;
	int rc;

	f->mark = 0;
	if (c->mid_line) {
		at = split_next_line(&c->dialect, &f->text, at);
		rows_move_over(f, at);
		c->mid_line = at == f->text.len && !f->text.last;
		if (c->mid_line)
			return HUB_OK;
	}
	rc = split_footing(&c->dialect, &f->text, at, f->text.len, width, &c->probe, &next);
	if (rc == SPLIT_MORE) {
		rows_move_over(f, next);
		return SPLIT_MORE;
	}
	if (next == f->text.len && !f->text.last) {
		drop_text(f);
		return HUB_OK;
	}
	rows_move_over(f, next);
	const struct place here = c->at;
	const uint64_t bytes = here.byte - c->broken.byte;
	c->lost = 0;
	c->at = c->broken;
	if ((f->cols == 0 && (rc = rows_columns(f, c->width ? c->width : 1, err))) ||
	    (rc = new_row(f, f->used, f->used, &row, err)))
		return rc;
	f->b->prov[row].byte = c->broken.byte;
	f->b->prov[row].len = bytes < UINT32_MAX ? (uint32_t)bytes : UINT32_MAX;
	c->at.byte = here.byte;
	c->at.line = here.line;
	return reject_row(f, row, c->broken_code, &c->why, err);
}

static size_t mark_at(const struct fill *f)
{
	const char *p = f->text.base + f->used;

	if (f->text.len - f->used < 3 || memcmp(p, "\xef\xbb\xbf", 3) != 0)
		return 0;
	return str_is(decode_name(&f->c->dec), "utf-8") ? 3 : 0;
}

static int row_step(struct fill *f, struct hub_err *err)
{
	struct csv *c = f->c;
	struct split_record *r = &c->rec;
	int more;

	const size_t comment = split_comment(&c->dialect, &f->text, f->used, &more);
	if (more)
		return SPLIT_MORE;
	if (comment) {
		rows_move(f, f->used + comment, 1);
		return HUB_OK;
	}
	f->mark = mark_at(f);
	const int rc = split_record(&c->dialect, &f->text, f->used + f->mark, r);
	if (rc == SPLIT_MORE)
		return rc;
	if (rc == SPLIT_BAD)
		return put_broken(f, r, 0, err);
	if (split_is_blank(r))
		return put_blank(f, r, err);
	if (c->width == 0)
		c->width = r->n;
	if (r->n != c->width && !c->dialect.tolerant)
		return put_broken(f, r, 1, err);
	if (r->quoted && r->n == c->width &&
	    split_swallows(&c->dialect, &f->text, r->start, r->end, c->width, &c->probe)) {
		r->fault = SPLIT_UNCLOSED;
		return put_broken(f, r, 1, err);
	}
	return put_row(f, r, err);
}

/* Is a bare CR a line end? Decided once, when there is enough text to tell. */
static int decide_ends(struct fill *f)
{
	struct csv *c = f->c;

	if (!memchr(f->text.base, '\n', f->text.len)) {
		if (!f->text.last && f->text.len < MIN_WINDOW)
			return SPLIT_MORE;
		c->dialect.cr_ends = split_is_old_mac(&c->dialect, &f->text, &c->probe) ? 1 : 0;
	}
	c->ends_known = 1;
	return HUB_OK;
}

int rows_fill(struct fill *f, struct hub_err *err)
{
	struct csv *c = f->c;
	int rc = HUB_OK;

	if (c->at.byte == 0)
		c->at.byte = f->win.at + f->dec.skip;
	if (!c->ends_known && f->text.len > 0 && decide_ends(f) == SPLIT_MORE)
		return HUB_OK;
	while (rc == HUB_OK && f->used < f->text.len && f->rows < (uint32_t)c->conf.batch_rows &&
	       !(c->resuming && c->headed)) {
		f->text.full = f->used == 0 && f->win.len >= c->max_window;
		if (c->lost)
			rc = find_footing(f, err);
		else
			rc = c->headed ? row_step(f, err) : head_step(f, err);
		if (rc >= 0 && f->rows > 0 && c->at.byte <= c->silent) {
			f->rows = f->cap = 0;
			if (c->host->rows(c->ctx, f->b, 0))
				return csv_no_memory(c, err);
		}
	}
	if (rc < 0)
		return rc;
	if (c->lost && f->text.last && f->used == f->text.len) {
		f->text.full = 0;
		return find_footing(f, err);
	}
	return HUB_OK;
}

/* sink-xlsx - writes released rows as one Excel workbook: lists, a sheet per entity, or forms (神エクセル),
 * a sheet per row with its values at the cells that a mapping reads them from.
 *
 * For whom: agencies and staff that work in Excel; `export --mapping` fills the same form as was read.
 * What it takes care of: every cell is text, so that zeros, long numbers and dates stay as they are and
 * nothing is run as a formula; what was withheld is an empty cell. The workbook appears under its name
 * at commit, complete and synced; mode 0600.
 * Limits: 1 048 576 rows a list, 32 767 characters a cell (as Excel has them); a form's sheets are kept
 * in memory until the commit. Library: libxlsxwriter. */
#include "cell.h"
#include "cells.h"
#include "outfile.h"
#include "plain.h"

#include <stdio.h>
#include <string.h>
#include <xlsxwriter.h>

enum { MAX_TABLES = 64, CELL_CHARS = 32767, LAST_ROW = 1048575, MAX_FORMS = 10000, TITLE = 128 };
enum layout { LAYOUT_LIST = 0, LAYOUT_FORM };
enum header { HEADER_LABEL = 0, HEADER_NAME, HEADER_NONE };

struct xlsx_conf {
	struct hub_str path, cells, expect, sheets;
	int64_t layout, header;
};

struct table {
	struct hub_str name;
	lxw_worksheet *sheet;
	uint32_t rows;
};

struct xlsx_sink {
	struct hub_ctx *ctx;
	const struct hub_host *host;
	const struct xlsx_conf *conf;
	lxw_workbook *book; /* NULL: nothing was written yet, or it is closed */
	int closed;
	struct outfile out;
	struct table *table;
	unsigned tables, forms;
};

/* --- options -------------------------------------------------------------------------------------------------- */

static int bad_cells(const struct hub_host *host, const char *name, struct hub_err *err)
{
	const int rc =
	    HUB_FAIL(host, err, HUB_CONF, "bad-cells", "option %s is no list of cells", name);

	host->hint(err, "Write cells = \"NAME = C3, OTHER = C7:H7\", expect = \"A3 = LABEL\".");
	return rc;
}

static int check_list(const struct hub_host *host, struct hub_str rest, int address_left,
		      const char *name, struct hub_err *err)
{
	struct hub_str left, right;
	struct cell_range range;
	int more;

	while ((more = cell_pair_next(&rest, &left, &right)) > 0)
		if (cell_range_parse(address_left ? left : right, &range))
			return bad_cells(host, name, err);
	return more < 0 ? bad_cells(host, name, err) : HUB_OK;
}

static int xlsx_check(const void *conf, const struct hub_host *host, struct hub_err *err)
{
	const struct xlsx_conf *c = conf;
	int rc;

	if ((rc = check_list(host, c->cells, 0, "cells", err)) ||
	    (rc = check_list(host, c->expect, 1, "expect", err)))
		return rc;
	if (c->layout != LAYOUT_FORM || c->cells.len)
		return HUB_OK;
	rc = HUB_FAIL(host, err, HUB_CONF, "bad-cells", "a form needs the option cells");
	host->hint(err, "Write cells = \"NAME = C3, OTHER = C7:H7\", expect = \"A3 = LABEL\".");
	return rc;
}

static int xlsx_open(struct hub_ctx *ctx, const struct hub_host *host, const void *conf,
		     struct hub_str pos, void **self, struct hub_err *err)
{
	(void)pos;
	struct xlsx_sink *s = host->alloc(ctx, NULL, sizeof *s);
	if (!s)
		return NO_MEMORY(host, err);
	*s = (struct xlsx_sink){.ctx = ctx, .host = host, .conf = conf};
	if (!(s->table = host->alloc(ctx, NULL, MAX_TABLES * sizeof *s->table)))
		return NO_MEMORY(s->host, err);
	const int rc = outfile_open(&s->out, host, s->conf->path, (struct hub_str){"", 0}, err);
	if (rc)
		return rc;
	*self = s;
	return HUB_OK;
}

/* The workbook, made when it is needed. In its mode for lists, where rows go to a nameless file at once,
 * the library keeps the file of a sheet without cells open: so only with something to write. */
static int need_book(struct xlsx_sink *s, int rows_at_once, struct hub_err *err)
{
	lxw_workbook_options o = {.constant_memory = rows_at_once ? LXW_TRUE : LXW_FALSE,
				  .tmpdir = NULL,
				  .use_zip64 = LXW_FALSE};

	if (s->closed)
		return HUB_FAIL(s->host, err, HUB_FATAL, "closed", "%s is written already",
				s->out.final);
	if (!s->book)
		s->book = workbook_new_opt(s->out.part, &o);
	return s->book ? HUB_OK : NO_MEMORY(s->host, err);
}

/* --- cells ------------------------------------------------------------------------------------------------------ */

static size_t utf8_len(const char *p)
{
	const unsigned char c = (unsigned char)*p;

	return c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

static int fits(struct hub_str t)
{
	size_t chars = 0;

	for (size_t i = 0; i < t.len; i += utf8_len(t.ptr + i))
		chars++;
	return chars <= CELL_CHARS && (t.len == 0 || !memchr(t.ptr, '\0', t.len));
}

/* The library wants a text that ends in NUL and gives an error code; its memory is its own. */
static int put(const struct xlsx_sink *s, struct hub_batch *b, lxw_worksheet *sheet, uint32_t row,
	       uint32_t col, struct hub_str text, struct hub_err *err)
{
	const char *z = str_keep(s->host, s->ctx, b, text).ptr;

	if (z && worksheet_write_string(sheet, row, (lxw_col_t)col, z, NULL) == LXW_NO_ERROR)
		return HUB_OK;
	return NO_MEMORY(s->host, err);
}

static struct hub_str label_of(const struct xlsx_sink *s, const struct hub_col *col)
{
	return s->conf->header == HEADER_LABEL && col->label.len ? col->label : col->name;
}

/* --- lists ------------------------------------------------------------------------------------------------------ */

/* Sheets are named after the entity; a name that Excel does not take gives way to one it makes. */
static lxw_worksheet *add_sheet(struct xlsx_sink *s, struct hub_str name, struct hub_str label)
{
	const struct hub_str want = label.len ? label : name;
	char z[LXW_SHEETNAME_MAX * 4 + 1];

	if (want.len == 0 || want.len >= sizeof z)
		return workbook_add_worksheet(s->book, NULL);
	memcpy(z, want.ptr, want.len);
	z[want.len] = '\0';
	if (workbook_validate_sheet_name(s->book, z) != LXW_NO_ERROR)
		return workbook_add_worksheet(s->book, NULL);
	return workbook_add_worksheet(s->book, z);
}

static int find_table(struct xlsx_sink *s, struct hub_batch *b, struct table **out,
		      struct hub_err *err)
{
	int rc = HUB_OK;

	for (unsigned i = 0; i < s->tables; i++) {
		*out = &s->table[i];
		if ((*out)->name.len == b->table.len &&
		    (b->table.len == 0 || !memcmp((*out)->name.ptr, b->table.ptr, b->table.len)))
			return HUB_OK;
	}
	const struct hub_str name = str_keep(s->host, s->ctx, NULL, b->table);
	if (s->tables == MAX_TABLES || !name.ptr)
		return NO_MEMORY(s->host, err);
	if ((rc = need_book(s, 1, err)))
		return rc;
	struct table *t = *out = &s->table[s->tables++];
	*t = (struct table){.name = name, .sheet = add_sheet(s, b->table, b->table_label)};
	if (!t->sheet)
		return NO_MEMORY(s->host, err);
	/* overwritten by the first label: a sheet without a cell would keep its nameless file open */
	if (s->conf->header != HEADER_NONE)
		(void)worksheet_write_number(t->sheet, 0, 0, 0, NULL);
	for (uint32_t c = 0; c < b->cols && s->conf->header != HEADER_NONE && !rc; c++)
		rc = put(s, b, t->sheet, 0, c, label_of(s, &b->col[c]), err);
	t->rows = s->conf->header != HEADER_NONE;
	return rc;
}

static int put_list_row(struct xlsx_sink *s, struct table *t, struct hub_batch *b, uint32_t r,
			struct hub_err *err)
{
	int rc = HUB_OK;

	if (t->rows > LAST_ROW) {
		cell_reject(b, r, "too-many-rows", &b->col[0]);
		return HUB_OK;
	}
	for (uint32_t c = 0; c < b->cols && !rc; c++)
		if (cell_has_text(&b->col[c], r) && b->col[c].text[r].len)
			rc = put(s, b, t->sheet, t->rows, c, b->col[c].text[r], err);
	t->rows++;
	if (!rc)
		b->verdict[r] = HUB_ROW_DONE;
	return rc;
}

/* --- forms ------------------------------------------------------------------------------------------------------ */

/* The next piece of a text for one cell of a range: a character side by side, a line below each other. */
static struct hub_str piece(struct hub_str *rest, int lines)
{
	struct hub_str out = *rest;

	if (rest->len == 0)
		return out;
	const char *lf = lines ? memchr(rest->ptr, '\n', rest->len) : NULL;
	out.len = lines ? lf ? (size_t)(lf - rest->ptr) : rest->len : utf8_len(rest->ptr);
	const size_t used = out.len + (lf ? 1 : 0);
	*rest = (struct hub_str){rest->ptr + used, rest->len - used};
	return out;
}

/* Does the text go into the range without a rest? */
static int range_holds(const struct cell_range *range, struct hub_str text)
{
	const int lines = range->last_row > range->row;
	uint32_t n = lines ? range->last_row - range->row + 1 : range->last_col - range->col + 1;

	if (n == 1)
		return 1;
	for (; n > 0; n--)
		(void)piece(&text, lines);
	return text.len == 0;
}

static int put_range(struct xlsx_sink *s, struct hub_batch *b, lxw_worksheet *sheet,
		     const struct cell_range *range, struct hub_str text, struct hub_err *err)
{
	const int lines = range->last_row > range->row;
	uint32_t row = range->row, col = range->col;
	int rc = HUB_OK;

	if (!lines && range->last_col == range->col)
		return put(s, b, sheet, row, col, text, err);
	while (text.len && !rc) {
		const struct hub_str one = piece(&text, lines);
		if (one.len)
			rc = put(s, b, sheet, row, col, one, err);
		row += lines ? 1 : 0;
		col += lines ? 0 : 1;
	}
	return rc;
}

static const struct hub_col *find_col(const struct hub_batch *b, struct hub_str name)
{
	for (uint32_t c = 0; c < b->cols; c++)
		if (b->col[c].name.len == name.len &&
		    !memcmp(b->col[c].name.ptr, name.ptr, name.len))
			return &b->col[c];
	return NULL;
}

/* All of the row or nothing: a value that the form has no room for rejects it. */
static int form_holds(const struct xlsx_sink *s, struct hub_batch *b, uint32_t r)
{
	struct hub_str rest = s->conf->cells, name, address;
	struct cell_range range;

	while (cell_pair_next(&rest, &name, &address) > 0) {
		const struct hub_col *col = find_col(b, name);
		if (!col || cell_range_parse(address, &range) || !cell_has_text(col, r) ||
		    range_holds(&range, col->text[r]))
			continue;
		cell_reject(b, r, "does-not-fit", col);
		return 0;
	}
	return 1;
}

static int put_labels(struct xlsx_sink *s, struct hub_batch *b, lxw_worksheet *sheet,
		      struct hub_err *err)
{
	struct hub_str rest = s->conf->expect, address, label;
	struct cell_range range;
	int rc = HUB_OK;

	while (!rc && cell_pair_next(&rest, &address, &label) > 0)
		if (!cell_range_parse(address, &range))
			rc = put(s, b, sheet, range.row, range.col, label, err);
	return rc;
}

/* A name that the mapping's own pattern chooses again (*様: 001様), else the number: a name of somebody would say who
 * the sheet is about. */
static void name_form(const struct xlsx_sink *s, char to[TITLE])
{
	const struct hub_str sheets = s->conf->sheets;
	size_t star = 0, stars = 0, other = 0;

	for (size_t i = 0; i < sheets.len; i++) {
		star = sheets.ptr[i] == '*' ? i : star;
		stars += sheets.ptr[i] == '*';
		other += sheets.ptr[i] == '?' || sheets.ptr[i] == ',';
	}
	if (stars == 1 && !other && sheets.len < TITLE - 16) {
		snprintf(to, TITLE, "%.*s%03u%.*s", (int)star, sheets.ptr, s->forms,
			 (int)(sheets.len - star - 1), sheets.ptr + star + 1);
		if (workbook_validate_sheet_name(s->book, to) == LXW_NO_ERROR)
			return;
	}
	snprintf(to, TITLE, "%03u", s->forms);
}

static int put_form(struct xlsx_sink *s, struct hub_batch *b, uint32_t r, struct hub_err *err)
{
	struct hub_str rest = s->conf->cells, name, address;
	struct cell_range range;
	char title[TITLE];
	int rc;

	if (!form_holds(s, b, r))
		return HUB_OK;
	if (s->forms == MAX_FORMS) {
		cell_reject(b, r, "too-many-rows", &b->col[0]);
		return HUB_OK;
	}
	if ((rc = need_book(s, 0, err)))
		return rc;
	s->forms++;
	name_form(s, title);
	lxw_worksheet *sheet = workbook_add_worksheet(s->book, title);
	if (!sheet)
		return NO_MEMORY(s->host, err);
	rc = put_labels(s, b, sheet, err);
	while (!rc && cell_pair_next(&rest, &name, &address) > 0) {
		const struct hub_col *col = find_col(b, name);
		if (col && !cell_range_parse(address, &range) && cell_has_text(col, r) &&
		    col->text[r].len)
			rc = put_range(s, b, sheet, &range, col->text[r], err);
	}
	if (!rc)
		b->verdict[r] = HUB_ROW_DONE;
	return rc;
}

/* --- the sink --------------------------------------------------------------------------------------------------- */

static int xlsx_write(void *self, struct hub_batch *b, struct hub_err *err)
{
	struct xlsx_sink *s = self;
	struct table *t = NULL;
	int rc = outfile_ready(&s->out, err);

	if (rc)
		return rc;
	/* what has no cell makes no sheet */
	if (b->cols == 0 || (b->rows == 0 && s->conf->header == HEADER_NONE)) {
		for (uint32_t r = 0; r < b->rows; r++)
			b->verdict[r] = HUB_ROW_DONE;
		return HUB_OK;
	}
	if (s->conf->layout == LAYOUT_LIST && (rc = find_table(s, b, &t, err)))
		return rc;
	for (uint32_t r = 0; r < b->rows; r++) {
		if ((rc = cell_check_row(s->ctx, s->host, b, r, fits, "too-long", err)))
			return rc;
		if (b->verdict[r] == HUB_ROW_REJECT)
			continue;
		rc = t ? put_list_row(s, t, b, r, err) : put_form(s, b, r, err);
		if (rc)
			return rc;
	}
	return HUB_OK;
}

static int close_book(struct xlsx_sink *s)
{
	lxw_workbook *book = s->book;

	s->book = NULL;
	s->closed = 1;
	return book && workbook_close(book) != LXW_NO_ERROR; /* frees it, whatever comes */
}

static int xlsx_commit(void *self, struct hub_err *err)
{
	struct xlsx_sink *s = self;
	int rc;

	if (!s->closed && (rc = need_book(s, 0, err)))
		return rc;
	if (close_book(s)) {
		rc = HUB_FAIL(s->host, err, HUB_RETRY, "cannot-write", "%s cannot be written",
			      s->out.final);
		s->host->hint(err, "Look whether the disk is full, then run it again.");
		return rc;
	}
	if ((rc = outfile_finish(&s->out, err)))
		return rc;
	return outfile_publish(&s->out, err);
}

static void xlsx_close(void *self)
{
	struct xlsx_sink *s = self;

	(void)close_book(s);
	outfile_abandon(&s->out);
}

static const char *const layouts[] = {"list", "form", NULL};
static const char *const headers[] = {"label", "name", "none", NULL};

#define AT(field) .offset = offsetof(struct xlsx_conf, field)
static const struct hub_opt xlsx_opts[] = {
    {HUB_OPTION("path", PATH, HUB_OPT_REQUIRED | HUB_OPT_WRITES,
		HUB_N("the workbook to write (.xlsx)"), AT(path))},
    {HUB_OPTION("layout", ENUM, 0,
		HUB_N("list: a sheet per entity; form: a sheet per row, values at the cells below"),
		.dflt = "list", .words = layouts, AT(layout))},
    {HUB_OPTION(
	"cells", TEXT, 0,
	HUB_N("form: where values stand, NAME = C3, NAME = C7:H7 (a character or a line each)"),
	.dflt = "", AT(cells))},
    {HUB_OPTION("expect", TEXT, 0, HUB_N("form: labels, A3 = LABEL, ..."), .dflt = "", AT(expect))},
    {HUB_OPTION("sheets", TEXT, 0, HUB_N("form: how sheets are named, with one * for the number"),
		.dflt = "", AT(sheets))},
    {HUB_OPTION("header", ENUM, 0, HUB_N("list, first row: Japanese labels, field names, or none"),
		.dflt = "label", .words = headers, AT(header))},
    {.name = NULL},
};

static const struct hub_ops xlsx_ops = {
    .size = sizeof(struct hub_ops),
    .open = xlsx_open,
    .write = xlsx_write,
    .commit = xlsx_commit,
    .close = xlsx_close,
};

static const struct hub_plugin xlsx_plugin = {
    HUB_PLUGIN_HEAD,     .kind = HUB_SINK,
    .name = "xlsx",      .version = "1.0",
    .license = "MIT",    .summary = HUB_N("Excel workbooks: lists, and forms by cell address"),
    .opts = xlsx_opts,   .conf_size = sizeof(struct xlsx_conf),
    .check = xlsx_check, .ops = &xlsx_ops,
};

const struct hub_plugin *hub_plugin_get(uint32_t index)
{
	return index == 0 ? &xlsx_plugin : NULL;
}

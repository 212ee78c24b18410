/* source-xlsx: the sheets of Excel workbooks (.xlsx, .xlsm), from whatever program wrote them.
 *
 * A sheet is a list with its column names in a row of its own, or a form of which each sheet is one
 * record. Cells come out as the sheet shows them, dates as dates. Legacy and encrypted workbooks are
 * refused with what to do; hostile ones at bounded cost. Limits: README.md.
 *
 * Layers: ../shared/opc.c (the archive), ../shared/opcxml.c (XML), book.c (sheets, formats, strings),
 * numfmt.c (what a number shows), sheet.c and merge.c (rows), head.c (header, cells by address), rows.c
 * (rows to records), this file (the plugin). A reader in a hurry starts at the end. */
#include "xlsx.h"
#include "named.h"
#include "plain.h"
#include "resume.h"

#include <stdio.h>
#include <string.h>

enum { HEAD_TEXT = 4 << 20, SPOT_TEXT = 16 << 20, MOST_SPOTS = 1000 };

int xlsx_no_memory(const struct xlsx *x, struct hub_err *err)
{
	return NO_MEMORY(x->host, err);
}

/* ---- options */

static int bad_spot(const struct hub_host *host, const char *option, unsigned item,
		    struct hub_err *err)
{
	HUB_FAIL(host, err, HUB_CONF, "bad-address",
		 "item %u of the option %s has no address of a "
		 "cell",
		 item, option);
	host->hint(err, "Write for example cells = \"氏名 = B4, 住所 = B6:F7\" and expect = \"A4 = "
			"氏名\".");
	return err->rc;
}

/* Cells of a list stand above its header: what is below is not known yet when a record is read. */
static int check_place(const struct xlsx_conf *k, const char *option,
		       const struct sheet_merge *range, unsigned item, const struct hub_host *host,
		       struct hub_err *err)
{
	if (k->layout == LAYOUT_FORM || range->last_row < k->header)
		return HUB_OK;
	HUB_FAIL(host, err, HUB_CONF, "bad-address",
		 "item %u of the option %s does not lie above the header", item, option);
	host->hint(err, "In a list only cells above the header can be named.");
	return err->rc;
}

static int check_spots(const struct xlsx_conf *k, const struct hub_host *host, struct hub_err *err)
{
	struct hub_str rest = k->cells, left, right, name;
	struct sheet_merge range;
	unsigned item = 0;
	int rc;

	while (label_next(&rest, LABEL_COMMAS, &left, &right)) {
		item++;
		if (spec_cell(left, right, &name, &range) || item > MOST_SPOTS)
			return bad_spot(host, "cells", item, err);
		if ((rc = check_place(k, "cells", &range, item, host, err)))
			return rc;
	}
	if (k->layout == LAYOUT_FORM && item == 0)
		return HUB_FAIL(host, err, HUB_CONF, "option-missing",
				"layout = \"form\" needs the option cells");
	rest = k->expect;
	for (item = 1; label_next(&rest, LABEL_COMMAS, &left, &right); item++) {
		if (spec_label(left, right, &range) || item > MOST_SPOTS)
			return bad_spot(host, "expect", item, err);
		if ((rc = check_place(k, "expect", &range, item, host, err)))
			return rc;
	}
	return HUB_OK;
}

static int check(const void *conf, const struct hub_host *host, struct hub_err *err)
{
	const struct xlsx_conf *k = conf;
	struct sheet_merge range;

	if (k->columns.len > 0 && spec_columns(k->columns, &range)) {
		HUB_FAIL(host, err, HUB_CONF, "bad-address",
			 "the option columns wants letters like B:H");
		return err->rc;
	}
	return check_spots(k, host, err);
}

static int add_spot(struct xlsx *x, struct spot **to, uint32_t *n, struct hub_str name,
		    const struct sheet_merge *range)
{
	struct spot *s;

	if (!*to && !(*to = x->host->alloc(x->ctx, NULL, MOST_SPOTS * sizeof **to)))
		return -1;
	s = &(*to)[(*n)++];
	*s = (struct spot){.name = str_keep(x->host, x->ctx, NULL, name), .range = *range};
	if (range->last_row > x->spots_end)
		x->spots_end = range->last_row;
	return s->name.ptr ? 0 : -1;
}

/* check() has seen them: they are well-formed. */
static int read_spots(struct xlsx *x, const struct xlsx_conf *k, struct hub_err *err)
{
	struct hub_str rest = k->cells, left, right, name;
	struct sheet_merge range;

	while (label_next(&rest, LABEL_COMMAS, &left, &right))
		if (spec_cell(left, right, &name, &range) ||
		    add_spot(x, &x->cell, &x->cells, name, &range))
			return xlsx_no_memory(x, err);
	rest = k->expect;
	while (label_next(&rest, LABEL_COMMAS, &left, &right))
		if (spec_label(left, right, &range) ||
		    add_spot(x, &x->label, &x->labels, right, &range))
			return xlsx_no_memory(x, err);
	x->table = (struct sheet_merge){.last_col = MOST_COLS - 1};
	x->limited = k->columns.len > 0 && spec_columns(k->columns, &x->table) == 0;
	x->base = x->limited ? x->table.col : 0;
	x->has_sheet_column = k->sheet_column.len > 0;
	x->sheet_column = str_keep(x->host, x->ctx, NULL, k->sheet_column);
	x->until = str_keep(x->host, x->ctx, NULL, k->until);
	x->extras = x->cells + (uint32_t)x->has_sheet_column;
	if (!x->sheet_column.ptr || room_open(&x->spots, SPOT_TEXT) ||
	    room_open(&x->head, HEAD_TEXT))
		return xlsx_no_memory(x, err);
	return HUB_OK;
}

/* ---- sheets */

/* By number: a sheet may be called like the person it is about. */
static void tell_hidden_sheets(struct xlsx *x)
{
	char list[128];
	size_t len = 0;
	uint32_t n = 0;

	x->told = 1;
	for (uint32_t i = 0; i < x->book.sheets; i++) {
		if (!x->book.sheet[i].hidden || x->book.sheet[i].chosen)
			continue;
		if (len + 16 < sizeof list)
			len += (size_t)snprintf(list + len, sizeof list - len, "%s%u",
						n ? ", " : "", i + 1);
		n++;
	}
	if (n == 0)
		return;
	x->host->count(x->ctx, "hidden-sheets", n);
	x->host->log(x->ctx, HUB_LOG_WARN, HUB_N("hidden sheets are not read (%u): %s"), n, list);
}

/* Only what is worth a person's look: values that the sheet hides, that are no values, that a
 * spreadsheet may have changed. */
static void tell_notes(const struct xlsx *x)
{
	const struct sheet_notes *n = &x->sheet.notes;
	char letters[4];

	if (n->hidden_rows) {
		x->host->count(x->ctx, "hidden-rows", (int64_t)n->hidden_rows);
		x->host->log(x->ctx, HUB_LOG_WARN,
			     x->conf.hidden_rows == HIDDEN_SKIP
				 ? HUB_N("sheet %u: %llu hidden rows are not read")
				 : HUB_N("sheet %u: %llu hidden rows are read"),
			     x->number, (unsigned long long)n->hidden_rows);
	}
	if (n->hidden_cols) {
		x->host->count(x->ctx, "hidden-columns", (int64_t)n->hidden_cols);
		x->host->log(x->ctx, HUB_LOG_WARN, HUB_N("sheet %u: hidden columns are read"),
			     x->number);
	}
	if (n->errors)
		x->host->count(x->ctx, "error-cells", (int64_t)n->errors);
	if (n->no_value) {
		x->host->count(x->ctx, "formulas-without-value", (int64_t)n->no_value);
		x->host->log(x->ctx, HUB_LOG_WARN,
			     HUB_N("sheet %u: %llu formulas were never calculated; open the file "
				   "in Excel and save it"),
			     x->number, (unsigned long long)n->no_value);
	}
	for (uint32_t c = 0; c < MOST_COLS; c++) {
		/* a header cell alone is no neighbour */
		if (!n->short_date[c] || n->other[c] < 2)
			continue;
		sheet_letters(c, letters);
		x->host->count(x->ctx, "dates-of-numbers", n->short_date[c]);
		x->host->log(x->ctx, HUB_LOG_WARN,
			     HUB_N("sheet %u, column %s: %u cells are dates without a year among "
				   "other values: Excel may have made them of text like 1-2"),
			     x->number, letters, n->short_date[c]);
	}
}

/* The next sheet that was chosen; HUB_END when there is none. */
static int open_sheet(struct xlsx *x, struct hub_err *err)
{
	while (x->next_sheet < x->book.sheets && !x->book.sheet[x->next_sheet].chosen)
		x->next_sheet++;
	if (x->next_sheet == x->book.sheets)
		return HUB_END;
	x->number = ++x->next_sheet;
	x->ended = 0;
	x->over = 0;
	x->queue_at = 0;
	head_begin(x);
	const int rc = sheet_open(&x->sheet, x->number - 1, err);
	x->reading = rc == HUB_OK;
	return rc;
}

static int empty_sheet(struct xlsx *x, struct hub_err *err)
{
	if (x->chosen > 1) {
		x->host->log(x->ctx, HUB_LOG_WARN, HUB_N("sheet %u is empty"), x->number);
		return HUB_OK;
	}
	HUB_FAIL(x->host, err, HUB_REJECT, "empty-sheet", "sheet %u of %s is empty", x->number,
		 x->book.opc.path);
	x->host->hint(err, "Choose another one with the option sheets.");
	return err->rc;
}

static int all_empty(const struct xlsx *x)
{
	for (uint32_t i = 0; i < x->cells; i++)
		if (x->cell[i].len > 0)
			return 0;
	return 1;
}

/* A form that nobody filled in is no record: the blank one lies in the same workbook, as a rule. */
static int end_form(struct fill *f, struct hub_err *err)
{
	struct xlsx *x = f->x;
	const int rc = x->seen ? head_labels(x, err) : empty_sheet(x, err);

	if (rc || !x->seen)
		return rc;
	if (!all_empty(x))
		return rows_put_form(f, err);
	x->host->log(x->ctx, HUB_LOG_WARN, HUB_N("sheet %u is a blank form"), x->number);
	return HUB_OK;
}

static int end_sheet(struct fill *f, struct hub_err *err)
{
	struct xlsx *x = f->x;
	int rc = HUB_OK;

	if (x->conf.layout == LAYOUT_FORM)
		rc = end_form(f, err);
	else if (!x->seen)
		rc = empty_sheet(x, err);
	else if (x->conf.header > 0 && !x->headed)
		rc = head_finish(x, err);
	if (rc)
		return rc;
	tell_notes(x);
	sheet_close(&x->sheet);
	x->reading = 0;
	return HUB_OK;
}

/* ---- rows */

/* What begins here is another table, or notes. */
static int ends_table(struct xlsx *x, const struct sheet_row *r)
{
	const struct sheet_cell *c = sheet_cells(&x->sheet, r);

	for (uint32_t i = 0; i < r->n && !x->over && x->until.len > 0; i++) {
		const struct hub_str text = label_trim(c[i].text);
		if (text.len == 0)
			continue;
		x->over = xlsx_equal(text, x->until);
		if (x->over)
			x->host->log(x->ctx, HUB_LOG_WARN,
				     HUB_N("sheet %u: what stands from row %llu on is not read "
					   "(until)"),
				     x->number, (unsigned long long)r->line);
		break;
	}
	return x->over;
}

static int take_row(struct fill *f, const struct sheet_row *r, struct hub_err *err)
{
	struct xlsx *x = f->x;
	const uint64_t header = (uint64_t)x->conf.header;
	int rc;

	x->seen = 1;
	if (x->conf.layout == LAYOUT_FORM || r->line < header)
		return head_spots(x, r, err);
	if (header > 0 && r->line < header + (uint64_t)x->conf.header_rows)
		return head_row(x, r, err);
	if (header > 0 && !x->headed && (rc = head_finish(x, err)))
		return rc;
	return ends_table(x, r) ? HUB_OK : rows_put(f, r, err);
}

/* One step: a row of the queue, more of the sheet, its end, the next one. HUB_END: no more of anything;
 * HUB_IDLE: the batch is full. */
static int step(struct fill *f, struct hub_err *err)
{
	struct xlsx *x = f->x;
	int rc;

	if (!x->reading)
		return open_sheet(x, err);
	if (x->queue_at < sheet_queued(&x->sheet)) {
		rc = take_row(f, sheet_row(&x->sheet, x->queue_at), err);
		x->queue_at += rc == HUB_OK;
		return rc;
	}
	if (x->ended)
		return end_sheet(f, err);
	sheet_clear(&x->sheet);
	x->queue_at = 0;
	rc = sheet_read(&x->sheet, (size_t)x->conf.batch_rows, BATCH_BYTES, err);
	x->ended = rc == HUB_END;
	return rc < 0 ? rc : HUB_OK;
}

/* ---- the plugin */

static void release(struct xlsx *x)
{
	sheet_free(&x->sheet);
	room_close(&x->spots);
	room_close(&x->head);
	book_close(&x->book);
}

static int prepare(struct xlsx *x, const struct xlsx_conf *k, struct hub_err *err)
{
	const int header = k->layout == LAYOUT_LIST && k->header > 0 && k->header_rows > 1;
	const struct sheet_options o = {
	    .stored = k->numbers == NUMBERS_STORED,
	    .fill = k->merged == MERGED_FILL || header,
	    .fill_from = k->merged == MERGED_FILL ? 1 : (uint64_t)k->header,
	    .fill_to =
		k->merged == MERGED_FILL ? SHEET_ROWS : (uint64_t)(k->header + k->header_rows - 1),
	    .skip_hidden = k->hidden_rows == HIDDEN_SKIP,
	    .cell_limit = (size_t)k->field_limit};
	int rc;

	if ((rc = book_choose(&x->book, k->sheets, err)))
		return rc;
	for (uint32_t i = 0; i < x->book.sheets; i++)
		x->chosen += x->book.sheet[i].chosen;
	if ((rc = read_spots(x, k, err)))
		return rc;
	return sheet_init(&x->sheet, &x->book, &o, err);
}

static int xlsx_open(struct hub_ctx *ctx, const struct hub_host *host, const void *conf,
		     struct hub_str pos, void **self, struct hub_err *err)
{
	const struct xlsx_conf *k = conf;
	struct xlsx *x = host->alloc(ctx, NULL, sizeof *x);
	int rc;

	if (!x)
		return NO_MEMORY(host, err);
	x->ctx = ctx;
	x->host = host;
	x->conf = *k;
	if ((rc = book_open(&x->book, ctx, host, k->path, (uint64_t)k->unpacked_limit,
			    (uint64_t)k->strings_limit, err)))
		return rc;
	if ((rc = prepare(x, k, err)) ||
	    (rc = resume_read(host, pos, x->book.opc.path, &x->resume, 1, NULL, err))) {
		release(x);
		return rc;
	}
	*self = x;
	return HUB_OK;
}

static int xlsx_next(void *self, struct hub_batch *b, struct hub_err *err)
{
	struct xlsx *x = self;
	struct fill f = {.x = x, .b = b};
	int rc;

	if (!x->told)
		tell_hidden_sheets(x);
	while ((rc = step(&f, err)) == HUB_OK)
		;
	if (rc < 0)
		return rc;
	if (rc == HUB_END && f.rows == 0)
		return HUB_END;
	if (x->host->rows(x->ctx, b, f.rows))
		return xlsx_no_memory(x, err);
	return resume_write(x->ctx, x->host, b, &x->records, 1, NULL, err);
}

static void xlsx_close(void *self)
{
	release(self);
}

/* Legacy workbooks are claimed to be refused with what to do. An archive that does not show what it is
 * within its head is taken for want of a better reader. */
static uint32_t claim(struct hub_str name, struct hub_str head)
{
	const int zip = head.len >= 4 && memcmp(head.ptr, "PK", 2) == 0;
	const int legacy = head.len >= 4 && memcmp(head.ptr, "\xd0\xcf\x11\xe0", 4) == 0;
	const int named = ends_with(name, ".xlsx") || ends_with(name, ".xlsm");

	if (zip && memmem(head.ptr, head.len, "xl/", 3))
		return 95;
	if (zip)
		return named ? 90 : 30;
	return legacy ? 50 : named ? 20 : 0;
}

static const char *const layout_words[] = {"list", "form", NULL};
static const char *const merged_words[] = {"first", "fill", NULL};
static const char *const hidden_words[] = {"read", "skip", NULL};
static const char *const number_words[] = {"shown", "stored", NULL};

#define AT(field) .offset = offsetof(struct xlsx_conf, field)
static const struct hub_opt options[] = {
    {HUB_OPTION("path", PATH, HUB_OPT_REQUIRED | HUB_OPT_INPUT,
		HUB_N("the workbook (.xlsx, .xlsm)"), AT(path))},
    {HUB_OPTION("sheets", TEXT, 0,
		HUB_N("first, all, numbers (2, 3-5), names with * and ?; several with commas"),
		.dflt = "first", AT(sheets))},
    {HUB_OPTION("layout", ENUM, 0,
		HUB_N("list: a table with column names; form: each sheet is one record"),
		.dflt = "list", .words = layout_words, AT(layout))},
    {HUB_OPTION("header", INT, 0,
		HUB_N("row of the sheet with the column names; 0: none, columns are A, B, ..."),
		.dflt = "1", .max = 1000, AT(header))},
    {HUB_OPTION("header_rows", INT, 0,
		HUB_N("rows of the header; names of several rows are joined with _"), .dflt = "1",
		.min = 1, .max = 5, AT(header_rows))},
    {HUB_OPTION("columns", TEXT, 0,
		HUB_N("columns of the table, like B:H; what stands beside them is left out"),
		.dflt = "", AT(columns))},
    {HUB_OPTION(
	"until", TEXT, 0,
	HUB_N("text of a row's first value with which the table ends: what is below is not read"),
	.dflt = "", AT(until))},
    {HUB_OPTION("sheet_column", TEXT, 0, HUB_N("name of a column that holds the sheet's name"),
		.dflt = "", AT(sheet_column))},
    {HUB_OPTION("cells", TEXT, 0, HUB_N("cells that become columns: NAME = B4, NAME = B6:F7, ..."),
		.dflt = "", AT(cells))},
    {HUB_OPTION("expect", TEXT, 0, HUB_N("labels that must stand on each sheet: A4 = TEXT, ..."),
		.dflt = "", AT(expect))},
    {HUB_OPTION("merged", ENUM, 0,
		HUB_N("merged cells: first (the others are empty) or fill (all have the value)"),
		.dflt = "first", .words = merged_words, AT(merged))},
    {HUB_OPTION("hidden_rows", ENUM, 0,
		HUB_N("rows that a filter or a person hid: read or skip; both are reported"),
		.dflt = "read", .words = hidden_words, AT(hidden_rows))},
    {HUB_OPTION("numbers", ENUM, 0,
		HUB_N("numbers as the sheet shows them, or with all digits stored"),
		.dflt = "shown", .words = number_words, AT(numbers))},
    {HUB_OPTION("field_limit", SIZE, 0, HUB_N("longest cell accepted, in bytes"), .dflt = "1M",
		.min = 1024, .max = 16 << 20, AT(field_limit))},
    {HUB_OPTION("strings_limit", SIZE, 0,
		HUB_N("most bytes of texts that cells share; they are held in memory"),
		.dflt = "512M", .min = 1 << 20, .max = (int64_t)16 << 30, AT(strings_limit))},
    {HUB_OPTION("unpacked_limit", SIZE, 0, HUB_N("most bytes that the workbook may unpack to"),
		.dflt = "8G", .min = 1 << 20, .max = (int64_t)1 << 40, AT(unpacked_limit))},
    {HUB_OPTION("batch_rows", INT, 0, HUB_N("most rows of one batch"), .dflt = "8192", .min = 1,
		.max = 32768, AT(batch_rows))},
    {.name = NULL},
};

static const struct hub_ops ops = {
    .size = sizeof ops,
    .open = xlsx_open,
    .next = xlsx_next,
    .close = xlsx_close,
};

static const struct hub_plugin plugin = {
    HUB_PLUGIN_HEAD,
    .kind = HUB_SOURCE,
    .caps = HUB_CAP_PARALLEL | HUB_CAP_SEEK,
    .name = "xlsx",
    .version = "0.1.0",
    .license = "MIT",
    .summary = HUB_N("reads Excel workbooks: lists and forms, dates of every kind"),
    .opts = options,
    .conf_size = sizeof(struct xlsx_conf),
    .check = check,
    .ops = &ops,
    .claim = claim,
};

const struct hub_plugin *hub_plugin_get(uint32_t index)
{
	return index == 0 ? &plugin : NULL;
}

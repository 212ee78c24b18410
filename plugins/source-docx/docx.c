/* source-docx: records that were kept in Word documents (.docx, .docm).
 *
 * The rows of a table, a form of labels and the cells beside or below them, or a log whose paragraphs
 * begin with a date. Legacy and encrypted documents are refused with what to do, hostile ones at bounded
 * cost. Limits: README.md.
 *
 * Layers: ../shared/opc.c (the archive), ../shared/opcxml.c (XML), doc.c (lines and rows), layout.c and
 * date.c (records), ../shared/sheet.c (batches), this file (the plugin). */
#include "docx.h"
#include "named.h"
#include "plain.h"
#include "resume.h"

#include <string.h>

/* ---- options */

/* "電話#2": the second of the labels 電話. */
static uint32_t take_number(struct hub_str *label)
{
	const char *sign = label->len ? memrchr(label->ptr, '#', label->len) : NULL;

	if (!sign)
		return 1;
	const size_t n = (size_t)(sign - label->ptr);
	const int64_t nth = opcxml_number((struct hub_str){sign + 1, label->len - n - 1}, 1000);
	if (nth < 1)
		return 1;
	label->len = n;
	return (uint32_t)nth;
}

static int check(const void *conf, const struct hub_host *host, struct hub_err *err)
{
	const struct docx_conf *k = conf;
	struct hub_str rest = k->labels, left, right;
	unsigned n = 0;

	while (label_next(&rest, LABEL_COMMAS, &left, &right))
		if (++n > MOST_LABELS || left.len == 0 || (right.ptr && right.len == 0)) {
			HUB_FAIL(host, err, HUB_CONF, "bad-label",
				 "item %u of the option labels is none", n);
			host->hint(err,
				   "Write for example labels = \"氏名, 生年月日, 住所 = 現住所\".");
			return err->rc;
		}
	if (k->layout == LAYOUT_FORM && n == 0)
		return HUB_FAIL(host, err, HUB_CONF, "option-missing",
				"layout = \"form\" needs the option labels");
	return HUB_OK;
}

static int read_labels(struct docx *x, const struct docx_conf *k, struct hub_err *err)
{
	struct hub_str rest = k->labels, left, right;

	if (k->labels.len > 0 &&
	    !(x->tag = x->host->alloc(x->ctx, NULL, MOST_LABELS * sizeof *x->tag)))
		return docx_no_memory(x, err);
	while (label_next(&rest, LABEL_COMMAS, &left, &right)) {
		struct tag *t = &x->tag[x->tags++];
		struct hub_str label = right.ptr ? right : left;
		t->nth = take_number(&label);
		t->name = str_keep(x->host, x->ctx, NULL, right.ptr ? left : label);
		t->label = str_keep(x->host, x->ctx, NULL, label);
		if (!t->name.ptr || !t->label.ptr)
			return docx_no_memory(x, err);
	}
	x->tables = str_keep(x->host, x->ctx, NULL, k->tables);
	for (size_t i = 0; i < k->tables.len; i++)
		x->several |= k->tables.ptr[i] == ',' || k->tables.ptr[i] == '-';
	x->several |= k->tables.len >= 3 && memcmp(k->tables.ptr, "all", 3) == 0;
	return x->tables.ptr ? layout_columns(x, err) : docx_no_memory(x, err);
}

/* ---- the plugin */

static void release(struct docx *x)
{
	doc_close(&x->doc);
	room_close(&x->values);
	room_close(&x->above[0]);
	room_close(&x->above[1]);
}

static int prepare(struct docx *x, const struct docx_conf *k, struct hub_err *err)
{
	const size_t limit = (size_t)k->record_limit;

	sheet_init(&x->sheet, x->ctx, x->host, limit * 2);
	if (room_open(&x->values, limit) || room_open(&x->above[0], limit) ||
	    room_open(&x->above[1], limit))
		return docx_no_memory(x, err);
	return read_labels(x, k, err);
}

static int docx_open(struct hub_ctx *ctx, const struct hub_host *host, const void *conf,
		     struct hub_str pos, void **self, struct hub_err *err)
{
	const struct docx_conf *k = conf;
	struct docx *x = host->alloc(ctx, NULL, sizeof *x);
	int rc;

	if (!x)
		return NO_MEMORY(host, err);
	x->ctx = ctx;
	x->host = host;
	x->conf = *k;
	if ((rc = doc_open(&x->doc, ctx, host, k->path, (uint64_t)k->unpacked_limit,
			   (size_t)k->record_limit, &docx_layouts[k->layout], x, err)))
		return rc;
	if ((rc = prepare(x, k, err)) ||
	    (rc = resume_read(host, pos, x->doc.opc.path, &x->resume, 1, NULL, err))) {
		release(x);
		return rc;
	}
	*self = x;
	return HUB_OK;
}

/* What a person should know about the document, once. */
static void tell(const struct docx *x)
{
	if (x->doc.hidden) {
		x->host->count(x->ctx, "hidden-text", (int64_t)x->doc.hidden);
		x->host->log(x->ctx, HUB_LOG_WARN, HUB_N("hidden text is read"));
	}
	if (x->doc.elsewhere) {
		x->host->count(x->ctx, "elsewhere", (int64_t)x->doc.elsewhere);
		x->host->log(
		    x->ctx, HUB_LOG_WARN,
		    HUB_N("footnotes, comments and formulas are not read: %llu; type into the "
			  "text what belongs to a record"),
		    (unsigned long long)x->doc.elsewhere);
	}
	if (x->doc.symbols) {
		x->host->count(x->ctx, "unknown-symbols", (int64_t)x->doc.symbols);
		x->host->log(x->ctx, HUB_LOG_WARN,
			     HUB_N("%llu characters of symbol fonts are read as 〓"),
			     (unsigned long long)x->doc.symbols);
	}
	if (x->doc.inside && !x->inner) {
		x->host->count(x->ctx, "inner-tables", x->doc.inside);
		x->host->log(x->ctx, HUB_LOG_WARN,
			     HUB_N("%u tables inside of cells are read as text of their cells; "
				   "tables = \"%u.1\" reads the rows of the first one"),
			     x->doc.inside, x->doc.inside_of);
	}
}

static int docx_next(void *self, struct hub_batch *b, struct hub_err *err)
{
	struct docx *x = self;
	int rc = HUB_OK;

	x->batch = b;
	x->begun = 0;
	while (rc == HUB_OK && x->doc.open &&
	       !(x->begun &&
		 (x->sheet.rows >= (uint32_t)x->conf.batch_rows || x->sheet.bytes >= BATCH_BYTES)))
		rc = doc_step(&x->doc, err);
	if (rc == HUB_END) {
		rc = layout_end(x, err);
		tell(x);
		opcxml_close(&x->doc.xml);
		x->doc.open = 0;
	}
	if (rc < 0)
		return rc;
	if (!x->begun || x->sheet.rows == 0)
		return HUB_END;
	return (rc = sheet_end(&x->sheet, err))
		   ? rc
		   : resume_write(x->ctx, x->host, b, &x->records, 1, NULL, err);
}

static void docx_close(void *self)
{
	release(self);
}

/* What else is an archive may be anything. */
static uint32_t claim(struct hub_str name, struct hub_str head)
{
	const int zip = head.len >= 4 && memcmp(head.ptr, "PK", 2) == 0;
	const int legacy = head.len >= 4 && memcmp(head.ptr, "\xd0\xcf\x11\xe0", 4) == 0;
	const int named = ends_with(name, ".docx") || ends_with(name, ".docm");
	const int old = ends_with(name, ".doc");

	if (zip && memmem(head.ptr, head.len, "word/", 5))
		return 95;
	if (zip)
		return named ? 90 : 0;
	return legacy && (named || old) ? 60 : named ? 20 : 0;
}

static const char *const layout_words[] = {"table", "form", "log", "cells", "text", NULL};
static const char *const merged_words[] = {"first", "fill", NULL};

#define AT(field) .offset = offsetof(struct docx_conf, field)
static const struct hub_opt options[] = {
    {HUB_OPTION("path", PATH, HUB_OPT_REQUIRED | HUB_OPT_INPUT,
		HUB_N("the document (.docx, .docm)"), AT(path))},
    {HUB_OPTION(
	"layout", ENUM, 0,
	HUB_N("table: each row a record; form: labels and values; log: paragraphs with a date; "
	      "text: the whole document; cells: each cell and line as it stands"),
	.dflt = "table", .words = layout_words, AT(layout))},
    {HUB_OPTION(
	"tables", TEXT, 0,
	HUB_N("tables whose rows are records: first, all, numbers (2, 3-5); 2.1, all.1: the "
	      "first table inside of them"),
	.dflt = "first", AT(tables))},
    {HUB_OPTION("header", INT, 0,
		HUB_N("row of the table with the column names; 0: none, columns are 1, 2, ..."),
		.dflt = "1", .max = 100, AT(header))},
    {HUB_OPTION(
	"labels", TEXT, 0,
	HUB_N("labels that become columns: LABEL, NAME = LABEL, NAME = LABEL#2 (the second)"),
	.dflt = "", AT(labels))},
    {HUB_OPTION("merged", ENUM, 0,
		HUB_N("merged cells: first (the others are empty) or fill (all have the value)"),
		.dflt = "first", .words = merged_words, AT(merged))},
    {HUB_OPTION("record_limit", SIZE, 0, HUB_N("longest record accepted, in bytes"), .dflt = "1M",
		.min = 4096, .max = 16 << 20, AT(record_limit))},
    {HUB_OPTION("unpacked_limit", SIZE, 0, HUB_N("most bytes that the document may unpack to"),
		.dflt = "2G", .min = 1 << 20, .max = (int64_t)1 << 40, AT(unpacked_limit))},
    {HUB_OPTION("batch_rows", INT, 0, HUB_N("most rows of one batch, about"), .dflt = "4096",
		.min = 1, .max = 32768, AT(batch_rows))},
    {.name = NULL},
};

static const struct hub_ops ops = {
    .size = sizeof ops,
    .open = docx_open,
    .next = docx_next,
    .close = docx_close,
};

static const struct hub_plugin plugin = {
    HUB_PLUGIN_HEAD,
    .kind = HUB_SOURCE,
    .caps = HUB_CAP_PARALLEL | HUB_CAP_SEEK,
    .name = "docx",
    .version = "0.1.0",
    .license = "MIT",
    .summary = HUB_N("reads Word documents: tables, forms, logs by date"),
    .opts = options,
    .conf_size = sizeof(struct docx_conf),
    .check = check,
    .ops = &ops,
    .claim = claim,
};

const struct hub_plugin *hub_plugin_get(uint32_t index)
{
	return index == 0 ? &plugin : NULL;
}

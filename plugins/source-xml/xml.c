/* source-xml: XML documents, of any size, record by record.
 *
 * A path says which elements are records; every leaf and attribute in them becomes a column, or those
 * that `columns` names. Local names count, prefixes do not. Nothing outside the document is opened and
 * no entity of its own is expanded: a cell that refers to one is unreadable, not wrong. What Japanese
 * systems call Shift_JIS is read as CP932. Limits: README.md.
 *
 * Layers: infile (bytes), xrec (libxml2's reader to records), sheet (records to rows), this file. */
#include "label.h"
#include "named.h"
#include "plain.h"
#include "resume.h"
#include "xrec.h"

#include <string.h>

enum { HEAD = 1 << 16, BATCH_BYTES = 256 << 10 };

struct xml_conf {
	struct hub_str path, records, columns, encoding;
	int64_t depth, record_limit, batch_rows;
};

struct xml {
	struct hub_ctx *ctx;
	const struct hub_host *host;
	const struct xml_conf *conf;
	struct input in;
	struct sheet sheet;
	struct xrec rec;
	uint64_t row, skip, byte;
	int ended;
};

static int is_auto(struct hub_str s)
{
	return s.len == 4 && memcmp(s.ptr, "auto", 4) == 0;
}

static int check(const void *conf, const struct hub_host *host, struct hub_err *err)
{
	const struct xml_conf *k = conf;

	if (is_auto(k->records) || (k->records.len > 1 && k->records.ptr[0] == '/'))
		return HUB_OK;
	HUB_FAIL(host, err, HUB_CONF, "bad-path",
		 "records is no path of elements: it must begin with /");
	host->hint(err, "For example \"/export/list/item\"; * stands for any name.");
	return err->rc;
}

/* --- rows ------------------------------------------------------------------------------------- */

static int on_record(void *arg, struct hub_err *err)
{
	struct xml *x = arg;
	struct hub_err why;
	const char *reason = NULL;

	/* where exactly a record began is not known before its text was decoded: near enough, and
	 * different for each */
	x->byte = x->byte + 1 > x->in.at ? x->byte + 1 : x->in.at;
	const struct hub_prov at = {
	    .row = ++x->row, .line = x->rec.began_line, .byte = x->byte, .len = 1};
	if (x->row <= x->skip) {
		sheet_drop(&x->sheet);
		return HUB_OK;
	}
	if (x->sheet.bad) {
		HUB_FAIL(x->host, &why, HUB_REJECT, x->sheet.bad, "longer than record_limit");
		reason = why.what;
	}
	return sheet_row(&x->sheet, &at, reason, err);
}

static int rewind_all(struct xml *x, struct hub_err *err)
{
	x->row = x->byte = 0;
	return xrec_restart(&x->rec, err);
}

static int discover(struct xml *x, struct hub_err *err)
{
	int rc = xrec_discover(&x->rec, 1, err);

	if (!rc)
		rc = rewind_all(x, err);
	while (!rc)
		rc = xrec_step(&x->rec, err);
	if (rc != HUB_END || (rc = xrec_discover(&x->rec, 0, err)))
		return rc;
	if (x->sheet.cols == 0) {
		HUB_FAIL(x->host, err, HUB_REJECT, "no-records", "%s holds no records", x->in.path);
		x->host->hint(err,
			      "Set records to the path of the elements, for example /export/item.");
		return err->rc;
	}
	return rewind_all(x, err);
}

/* --- opening ---------------------------------------------------------------------------------- */

/* "name=a/b; no=@id": also one per line. */
static int named_columns(struct xml *x, struct hub_err *err)
{
	struct hub_str rest = x->conf->columns, name, path;
	int rc = HUB_OK;

	while (!rc && label_next(&rest, LABEL_LINES, &name, &path)) {
		if (!path.len)
			return HUB_FAIL(x->host, err, HUB_CONF, "bad-columns",
					"columns: \"%.*s\" is not NAME=PATH", (int)name.len,
					name.ptr);
		rc = xrec_column(&x->rec, name, path, err);
	}
	return rc;
}

/* What Japanese systems write under a name, and how it is called here. */
static const char *known_as(struct hub_str name)
{
	static const char *const names[][2] = {{"shift_jis", "CP932"},
					       {"shift-jis", "CP932"},
					       {"sjis", "CP932"},
					       {"x-sjis", "CP932"},
					       {"windows-31j", "CP932"},
					       {"ms932", "CP932"},
					       {"cp932", "CP932"},
					       {"ms_kanji", "CP932"},
					       {"euc-jp", "EUC-JP-MS"},
					       {"utf-8", "UTF-8"},
					       {"iso-2022-jp", "ISO-2022-JP-MS"},
					       {"utf-16le", "UTF-16LE"},
					       {"utf-16be", "UTF-16BE"}};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (name.len == strlen(names[i][0]) &&
		    strncasecmp(name.ptr, names[i][0], name.len) == 0)
			return names[i][1];
	return NULL;
}

/* encoding="..." of the declaration; empty when it says none. */
static struct hub_str declared(struct hub_str head)
{
	const char *end = head.len > 5 && memcmp(head.ptr, "<?xml", 5) == 0
			      ? memmem(head.ptr, head.len, "?>", 2)
			      : NULL;
	const char *at = end ? memmem(head.ptr, (size_t)(end - head.ptr), "encoding", 8) : NULL;

	if (!at)
		return (struct hub_str){NULL, 0};
	for (at += 8; at < end && *at != '"' && *at != '\'';)
		at++;
	const char *close = at < end ? memchr(at + 1, *at, (size_t)(end - at) - 1) : NULL;
	return close ? (struct hub_str){at + 1, (size_t)(close - at) - 1}
		     : (struct hub_str){NULL, 0};
}

/* What many systems on the web hand out as a table for Excel, under .xls. */
static int is_html(struct hub_str head)
{
	static const char *const begins[] = {"<html", "<!doctype html", "<table", "<meta "};
	size_t at = head.len >= 3 && memcmp(head.ptr, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

	while (at < head.len && strchr(" \t\r\n", head.ptr[at]))
		at++;
	for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
		if (head.len - at >= strlen(begins[i]) &&
		    strncasecmp(head.ptr + at, begins[i], strlen(begins[i])) == 0)
			return 1;
	return 0;
}

/* Which encoding libxml2 is told instead of what the document says. */
static int choose_encoding(struct xml *x, struct hub_err *err)
{
	const struct hub_str head = input_peek(&x->in, NULL, 0, HEAD), wish = x->conf->encoding;
	const struct hub_str says = declared(head);
	size_t bom;

	if (!x->in.regular)
		return HUB_FAIL(x->host, err, HUB_USAGE, "cannot-seek",
				"%s is not a file: XML is read more than once", x->in.path);
	if (head.len == 0) {
		HUB_FAIL(x->host, err, HUB_REJECT, "empty-file", "%s is empty", x->in.path);
		x->host->hint(err, "Ask for the file again; the export may have failed.");
		return err->rc;
	}
	if (is_html(head)) {
		HUB_FAIL(x->host, err, HUB_REJECT, "html", "%s is a web page (HTML), not XML",
			 x->in.path);
		x->host->hint(err, "Open it in Excel and save it as .xlsx or CSV.");
		return err->rc;
	}
	if (!is_auto(wish)) {
		x->rec.encoding = known_as(wish);
		return x->rec.encoding
			   ? HUB_OK
			   : HUB_FAIL(x->host, err, HUB_CONF, "unknown-encoding",
				      "there is no encoding \"%.*s\"", (int)wish.len, wish.ptr);
	}
	/* a declared UTF-8 is left to libxml2, which then checks it */
	const char *name = known_as(says);
	if (name && strcmp(name, "UTF-8") != 0 && strncmp(name, "UTF-16", 6) != 0)
		x->rec.encoding = name;
	else if (says.len == 0 && strcmp(x->host->encoding(head.ptr, head.len, &bom), "cp932") == 0)
		x->rec.encoding = "CP932"; /* no declaration: UTF-8, unless it cannot be */
	return HUB_OK;
}

static int prepare(struct xml *x, struct hub_str pos, struct hub_err *err)
{
	char *pointer = x->host->alloc(x->ctx, NULL, XREC_POINTER);
	struct hub_str records = x->conf->records;
	int rc;

	if (!pointer)
		return NO_MEMORY(x->host, err);
	if ((rc = choose_encoding(x, err)) ||
	    (rc = resume_read(x->host, pos, x->in.path, &x->skip, 1, NULL, err)))
		return rc;
	if ((rc = xrec_init(&x->rec, &x->in, &x->sheet, records, x->conf->depth, err)))
		return rc;
	if (is_auto(records)) {
		if ((rc = xrec_guess(&x->rec, pointer, err)))
			return rc;
		records = (struct hub_str){pointer, strlen(pointer)};
		if ((rc = xrec_init(&x->rec, &x->in, &x->sheet, records, x->conf->depth, err)))
			return rc;
	}
	x->rec.record = on_record;
	x->rec.arg = x;
	if ((rc = named_columns(x, err)))
		return rc;
	return x->sheet.cols ? rewind_all(x, err) : discover(x, err);
}

static int xml_open(struct hub_ctx *ctx, const struct hub_host *host, const void *conf,
		    struct hub_str pos, void **self, struct hub_err *err)
{
	const struct xml_conf *k = conf;
	struct xml *x = host->alloc(ctx, NULL, sizeof *x);
	int rc;

	if (!x)
		return NO_MEMORY(host, err);
	x->ctx = ctx;
	x->host = host;
	x->conf = k;
	sheet_init(&x->sheet, ctx, host, (size_t)k->record_limit);
	if ((rc = input_open(&x->in, ctx, host, k->path, err)))
		return rc;
	if ((rc = prepare(x, pos, err))) {
		xrec_close(&x->rec);
		input_close(&x->in);
		return rc;
	}
	*self = x;
	return HUB_OK;
}

static int xml_next(void *self, struct hub_batch *b, struct hub_err *err)
{
	struct xml *x = self;
	int rc = sheet_begin(&x->sheet, b, err);

	while (!rc && !x->ended && x->sheet.bytes < BATCH_BYTES &&
	       x->sheet.rows < x->conf->batch_rows) {
		rc = xrec_step(&x->rec, err);
		x->ended = rc == HUB_END;
		rc = x->ended ? HUB_OK : rc;
	}
	if (rc || (rc = sheet_end(&x->sheet, err)))
		return rc;
	if (x->sheet.rows == 0)
		return input_ended(&x->in, err);
	return resume_write(x->ctx, x->host, b, &x->row, 1, NULL, err);
}

static void xml_close(void *self)
{
	struct xml *x = self;

	xrec_close(&x->rec);
	input_close(&x->in);
}

static uint32_t xml_claim(struct hub_str name, struct hub_str head)
{
	static const char wide[] = {'<', 0, '?', 0};
	size_t i = head.len >= 3 && memcmp(head.ptr, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

	while (i < head.len && strchr(" \t\r\n", head.ptr[i]))
		i++;
	if (head.len - i >= 5 && memcmp(head.ptr + i, "<?xml", 5) == 0)
		return 90;
	if (head.len >= 6 &&
	    (memcmp(head.ptr, wide, 4) == 0 || memcmp(head.ptr + 2, wide, 4) == 0 ||
	     memcmp(head.ptr + 3, wide, 3) == 0))
		return 90;
	if (head.len - i >= 2 && head.ptr[i] == '<')
		return ends_with(name, ".xml") ? 90 : 20;
	return ends_with(name, ".xml") ? 30 : 0;
}

#define AT(field) .offset = offsetof(struct xml_conf, field)
static const struct hub_opt options[] = {
    {HUB_OPTION("path", PATH, HUB_OPT_REQUIRED | HUB_OPT_INPUT, HUB_N("the file"), AT(path))},
    {HUB_OPTION(
	"records", TEXT, 0,
	HUB_N("path of the elements that are records, /export/list/item; * stands for any name; "
	      "auto: the first element that repeats"),
	.dflt = "auto", AT(records))},
    {HUB_OPTION(
	"columns", TEXT, 0,
	HUB_N("NAME=PATH; ... within a record: a/b, a/@id, . for its text, ../@id for an element "
	      "around it (default: every leaf and attribute)"),
	.dflt = "", AT(columns))},
    {HUB_OPTION("encoding", TEXT, 0,
		HUB_N("auto: as the document says; else cp932, utf-8, euc-jp, ..."), .dflt = "auto",
		AT(encoding))},
    {HUB_OPTION("depth", INT, 0, HUB_N("deepest nesting accepted"), .dflt = "64", .min = 1,
		.max = XREC_DEPTH, AT(depth))},
    {HUB_OPTION("record_limit", SIZE, 0, HUB_N("longest record accepted, in bytes of its values"),
		.dflt = "16M", .min = 1024, .max = 1 << 24, AT(record_limit))},
    {HUB_OPTION("batch_rows", INT, 0, HUB_N("most rows of one batch"), .dflt = "4096", .min = 1,
		.max = 1000000, AT(batch_rows))},
    {.name = NULL},
};

static const struct hub_ops ops = {
    .size = sizeof ops,
    .open = xml_open,
    .next = xml_next,
    .close = xml_close,
};

static const struct hub_plugin plugin = {
    HUB_PLUGIN_HEAD,
    .kind = HUB_SOURCE,
    .caps = HUB_CAP_PARALLEL | HUB_CAP_SEEK,
    .name = "xml",
    .version = "0.1.0",
    .license = "MIT",
    .summary = HUB_N("reads XML by paths, of any size"),
    .opts = options,
    .conf_size = sizeof(struct xml_conf),
    .check = check,
    .ops = &ops,
    .claim = xml_claim,
};

const struct hub_plugin *hub_plugin_get(uint32_t index)
{
	return index == 0 ? &plugin : NULL;
}

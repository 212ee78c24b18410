/* source-json: JSON documents and JSON Lines, of any size, record by record.
 *
 * JSON Pointers (RFC 6901) say where the records stand and which values are columns; without them the
 * first array of objects is taken and every value in its records becomes a column. Numbers stay as they
 * are written. A member that comes twice, half a character (\ud83d alone) or a NUL rejects its record;
 * broken syntax rejects a line of JSON Lines, but the rest of a document. Limits: README.md.
 *
 * Layers: infile (bytes), jrec (yajl's events to records), sheet (records to rows), this file. */
#include "form.h"
#include "jrec.h"
#include "label.h"
#include "named.h"
#include "plain.h"
#include "resume.h"

#include <string.h>

enum { CHUNK = 1 << 16, BATCH_BYTES = 256 << 10 };

enum form { FORM_AUTO = 0, FORM_DOCUMENT, FORM_LINES };

struct json_conf {
	struct hub_str path, records, columns;
	int64_t format, lists, depth, record_limit, batch_rows;
};

struct json {
	struct hub_ctx *ctx;
	const struct hub_host *host;
	const struct json_conf *conf;
	struct input in;
	struct sheet sheet;
	struct jrec jrec;
	char *buf; /* CHUNK bytes */
	int lines; /* a value per line */
	int ended; /* the last byte was read */
	uint64_t row, skip;
	/* lines: the one at hand */
	uint64_t line_byte, line_no, line_values;
	int line_bad;
};

static int check(const void *conf, const struct hub_host *host, struct hub_err *err)
{
	const struct json_conf *k = conf;

	if (k->records.len && k->records.ptr[0] != '/' &&
	    !(k->records.len == 4 && memcmp(k->records.ptr, "auto", 4) == 0)) {
		HUB_FAIL(host, err, HUB_CONF, "bad-pointer",
			 "records is no JSON Pointer: it must begin with /");
		host->hint(err,
			   "For example \"/records\", \"/pages/*/records\"; \"\" for the whole "
			   "document.");
		return err->rc;
	}
	return HUB_OK;
}

/* --- rows ------------------------------------------------------------------------------------- */

/* Why a record is rejected, in the language of messages. */
static const char *explain(const struct json *x, struct hub_err *why)
{
	const char *bad = x->sheet.bad;

	if (!bad)
		return NULL;
	if (strcmp(bad, "duplicate-member") == 0)
		HUB_FAIL(x->host, why, HUB_REJECT, bad, "a member that comes twice in one object");
	else if (strcmp(bad, "half-character") == 0)
		HUB_FAIL(x->host, why, HUB_REJECT, bad,
			 "an escape that stands for half a character");
	else if (strcmp(bad, "nul-byte") == 0)
		HUB_FAIL(x->host, why, HUB_REJECT, bad, "a NUL character");
	else if (strcmp(bad, "record-too-long") == 0)
		HUB_FAIL(x->host, why, HUB_REJECT, bad, "longer than record_limit");
	else
		HUB_FAIL(x->host, why, HUB_REJECT, bad, "the line is no JSON value");
	return why->what;
}

static int add_row(struct json *x, uint64_t byte, uint64_t line, uint64_t end, struct hub_err *err)
{
	const struct hub_prov at = {.row = ++x->row,
				    .line = line,
				    .byte = byte,
				    .len = end - byte > UINT32_MAX ? UINT32_MAX
								   : (uint32_t)(end - byte)};

	struct hub_err why;

	if (x->row <= x->skip) {
		sheet_drop(&x->sheet);
		return HUB_OK;
	}
	return sheet_row(&x->sheet, &at, explain(x, &why), err);
}

/* A whole record; one that a broken line began waits for the line's end. */
static int on_record(void *arg, struct hub_err *err)
{
	struct json *x = arg;

	if (x->lines && x->line_values++)
		return HUB_OK;
	return x->lines ? HUB_OK
			: add_row(x, x->jrec.began, x->jrec.began_line, x->jrec.ended, err);
}

/* --- lines ------------------------------------------------------------------------------------ */

/* The line ends at byte `end`: its record, or a reject; nothing for a blank one. */
static int end_line(struct json *x, uint64_t end, int closed, struct hub_err *err)
{
	int rc = HUB_OK;

	if (!x->line_bad && !closed && jrec_finish(&x->jrec, err))
		x->line_bad = 1;
	const int bad = x->line_bad || x->jrec.depth > 0 || x->jrec.values > 1;
	if (bad && x->jrec.discover) {
		rc = jrec_restart(&x->jrec, end, x->line_no + 1, err);
	} else if (bad) {
		sheet_drop(&x->sheet);
		sheet_bad(&x->sheet, "bad-json", SHEET_NONE);
		if (!(rc = add_row(x, x->line_byte, x->line_no, end, err)))
			rc = jrec_restart(&x->jrec, end, x->line_no + 1, err);
	} else if (x->line_values) {
		rc = add_row(x, x->jrec.began, x->line_no, x->jrec.ended, err);
	}
	x->jrec.values = x->line_values = 0;
	x->line_bad = 0;
	x->line_byte = end;
	x->line_no++;
	return rc;
}

/* A piece of a line; its failure is the line's, unless memory or the disk failed. */
static int feed_piece(struct json *x, const char *p, size_t n, struct hub_err *err)
{
	if (x->line_bad)
		return HUB_OK;
	const int rc = jrec_feed(&x->jrec, p, n, err);
	if (rc == HUB_REJECT) {
		x->line_bad = 1;
		return HUB_OK;
	}
	return rc;
}

static int feed_lines(struct json *x, const char *p, size_t n, struct hub_err *err)
{
	uint64_t at = x->in.at - n;

	while (n > 0) {
		const char *end = memchr(p, '\n', n);
		const size_t len = end ? (size_t)(end - p) + 1 : n;
		int rc = feed_piece(x, p, len, err);
		if (!rc && end)
			rc = end_line(x, at + len, 1, err);
		if (rc)
			return rc;
		p += len;
		n -= len;
		at += len;
	}
	return HUB_OK;
}

/* --- reading ---------------------------------------------------------------------------------- */

/* Feeds the next chunk of the file; *more is 0 behind the last one. */
static int feed(struct json *x, int *more, struct hub_err *err)
{
	size_t n;
	int rc = input_read(&x->in, x->buf, CHUNK, &n, err);

	if (rc)
		return rc;
	*more = n > 0;
	if (n == 0 && x->lines)
		return x->in.at > x->line_byte ? end_line(x, x->in.at, 0, err) : HUB_OK;
	if (n == 0)
		return jrec_finish(&x->jrec, err);
	const size_t bom =
	    x->in.at == n && n >= 3 && memcmp(x->buf, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	if (bom) {
		x->line_byte = bom;
		if ((rc = jrec_restart(&x->jrec, bom, 1, err)))
			return rc;
	}
	return x->lines ? feed_lines(x, x->buf + bom, n - bom, err)
			: jrec_feed(&x->jrec, x->buf + bom, n - bom, err);
}

/* Back to the first byte. */
static int rewind_all(struct json *x, struct hub_err *err)
{
	const int rc = input_seek(&x->in, 0, err);

	x->row = 0;
	x->line_byte = x->line_values = 0;
	x->line_no = 1;
	x->line_bad = 0;
	return rc ? rc : jrec_restart(&x->jrec, 0, 1, err);
}

static int discover(struct json *x, struct hub_err *err)
{
	int more = 1, rc = HUB_OK;

	if (!x->in.regular) {
		HUB_FAIL(x->host, err, HUB_USAGE, "columns-missing",
			 "%s is no file that can be read twice: its columns must be named",
			 x->in.path);
		x->host->hint(err, "Set columns, for example \"name=/name; phone=/tel\".");
		return err->rc;
	}
	if ((rc = jrec_discover(&x->jrec, 1, err)) || (rc = rewind_all(x, err)))
		return rc;
	while (more && !rc)
		rc = feed(x, &more, err);
	if (rc || (rc = jrec_discover(&x->jrec, 0, err)))
		return rc;
	if (x->sheet.cols == 0) {
		HUB_FAIL(x->host, err, HUB_REJECT, "no-records", "%s holds no records", x->in.path);
		x->host->hint(err, "Set records to the JSON Pointer of the array they stand in.");
		return err->rc;
	}
	return rewind_all(x, err);
}

/* --- opening ---------------------------------------------------------------------------------- */

/* "name=/path; name=/path": also one per line. */
static int named_columns(struct json *x, struct hub_err *err)
{
	struct hub_str rest = x->conf->columns, name, path;
	int rc = HUB_OK;

	while (!rc && label_next(&rest, LABEL_LINES, &name, &path)) {
		if (!path.len || (path.ptr[0] != '/' && path.ptr[0] != '@'))
			return HUB_FAIL(x->host, err, HUB_CONF, "bad-columns",
					"columns: \"%.*s\" is not NAME=/POINTER", (int)name.len,
					name.ptr);
		rc = jrec_column(&x->jrec, name, path, err);
	}
	return rc;
}

/* What the first bytes say: encoding, one document or lines. */
static int look(struct json *x, struct hub_err *err)
{
	size_t bom = 0;
	const struct hub_str head = input_peek(&x->in, NULL, 0, CHUNK);
	const char *enc = head.len ? x->host->encoding(head.ptr, head.len, &bom) : "utf-8";

	if (x->in.regular && head.len == 0) {
		HUB_FAIL(x->host, err, HUB_REJECT, "empty-file", "%s is empty", x->in.path);
		x->host->hint(err, "Ask for the file again; the export may have failed.");
		return err->rc;
	}
	if (strcmp(enc, "utf-8") != 0 && strcmp(enc, "ascii") != 0 && bom > 0) {
		HUB_FAIL(x->host, err, HUB_REJECT, "not-utf-8",
			 "%s is written in %s: JSON is UTF-8", x->in.path, enc);
		x->host->hint(err, "Save it as UTF-8 and try again.");
		return err->rc;
	}
	x->lines = x->conf->format == FORM_LINES ||
		   (x->conf->format == FORM_AUTO &&
		    form_is_lines((struct hub_str){head.ptr + bom, head.len - bom}));
	return HUB_OK;
}

static int find_records(struct json *x, char pointer[FORM_POINTER], struct hub_str *records,
			struct hub_err *err)
{
	*records = x->conf->records;
	if (records->len != 4 || memcmp(records->ptr, "auto", 4) != 0)
		return HUB_OK;
	*records = (struct hub_str){"", 0};
	if (x->lines || !x->in.regular)
		return HUB_OK;
	int rc = form_records(&x->in, x->buf, CHUNK, pointer, err);
	if (!rc)
		rc = input_seek(&x->in, 0, err);
	*records = (struct hub_str){pointer, strlen(pointer)};
	return rc;
}

static int prepare(struct json *x, struct hub_str pos, struct hub_err *err)
{
	char pointer[FORM_POINTER] = "";
	struct hub_str records;
	int rc;

	if ((rc = look(x, err)) || (rc = find_records(x, pointer, &records, err)) ||
	    (rc = jrec_init(&x->jrec, &x->sheet, x->in.path, records, x->conf->depth, err)))
		return rc;
	x->jrec.record = on_record;
	x->jrec.arg = x;
	x->jrec.lists = (enum jrec_lists)x->conf->lists;
	if ((rc = resume_read(x->host, pos, x->in.path, &x->skip, 1, NULL, err)) ||
	    (rc = named_columns(x, err)))
		return rc;
	return x->sheet.cols ? HUB_OK : discover(x, err);
}

static int json_open(struct hub_ctx *ctx, const struct hub_host *host, const void *conf,
		     struct hub_str pos, void **self, struct hub_err *err)
{
	const struct json_conf *k = conf;
	struct json *x = host->alloc(ctx, NULL, sizeof *x);
	char *buf = host->alloc(ctx, NULL, CHUNK);
	int rc;

	if (!x || !buf)
		return NO_MEMORY(host, err);
	*x = (struct json){.ctx = ctx, .host = host, .conf = k, .buf = buf, .line_no = 1};
	sheet_init(&x->sheet, ctx, host, (size_t)k->record_limit);
	if ((rc = input_open(&x->in, ctx, host, k->path, err)))
		return rc;
	if ((rc = prepare(x, pos, err))) {
		jrec_close(&x->jrec);
		input_close(&x->in);
		return rc;
	}
	*self = x;
	return HUB_OK;
}

static int json_next(void *self, struct hub_batch *b, struct hub_err *err)
{
	struct json *x = self;
	int more = 1, rc = sheet_begin(&x->sheet, b, err);

	while (!rc && !x->ended &&
	       (x->sheet.rows == 0 || (x->in.regular && x->sheet.bytes < BATCH_BYTES &&
				       x->sheet.rows < x->conf->batch_rows))) {
		rc = feed(x, &more, err);
		x->ended = !more;
	}
	if (rc || (rc = sheet_end(&x->sheet, err)))
		return rc;
	if (x->sheet.rows == 0)
		return input_ended(&x->in, err);
	return resume_write(x->ctx, x->host, b, &x->row, 1, NULL, err);
}

static void json_close(void *self)
{
	struct json *x = self;

	jrec_close(&x->jrec);
	input_close(&x->in);
}

static uint32_t json_claim(struct hub_str name, struct hub_str head)
{
	static const char *const names[] = {".json", ".jsonl", ".ndjson", ".geojson"};
	size_t i = head.len >= 3 && memcmp(head.ptr, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	uint32_t sure = 0;

	for (size_t k = 0; k < sizeof names / sizeof *names; k++)
		if (ends_with(name, names[k]))
			sure = 60;
	while (i < head.len && strchr(" \t\r\n", head.ptr[i]))
		i++;
	if (i == head.len)
		return sure;
	if (head.ptr[i] != '{' && head.ptr[i] != '[')
		return 0;
	for (i++; i < head.len && strchr(" \t\r\n", head.ptr[i]);)
		i++;
	return i < head.len && strchr("\"{[]}", head.ptr[i]) ? sure + 30 : sure;
}

static const char *const format_words[] = {"auto", "document", "lines", NULL};
static const char *const list_words[] = {"lines", "json", NULL};

#define AT(field) .offset = offsetof(struct json_conf, field)
static const struct hub_opt options[] = {
    {HUB_OPTION("path", PATH, HUB_OPT_REQUIRED | HUB_OPT_INPUT,
		HUB_N("the file, or - for standard input"), AT(path))},
    {HUB_OPTION("records", TEXT, 0,
		HUB_N("JSON Pointer of the array of records; * stands for every member; auto: the "
		      "first array of objects"),
		.dflt = "auto", AT(records))},
    {HUB_OPTION(
	"columns", TEXT, 0,
	HUB_N("NAME=/POINTER; ... within a record, @/POINTER from the root, @in: what * stood "
	      "for (default: every value, named by its path)"),
	.dflt = "", AT(columns))},
    {HUB_OPTION("format", ENUM, 0, HUB_N("document, or lines: one value per line"), .dflt = "auto",
		.words = format_words, AT(format))},
    {HUB_OPTION("lists", ENUM, 0,
		HUB_N("arrays of plain values: one per line of the cell, or as JSON"),
		.dflt = "lines", .words = list_words, AT(lists))},
    {HUB_OPTION("depth", INT, 0, HUB_N("deepest nesting accepted"), .dflt = "64", .min = 1,
		.max = JREC_DEPTH, AT(depth))},
    {HUB_OPTION("record_limit", SIZE, 0, HUB_N("longest record accepted, in bytes of its values"),
		.dflt = "16M", .min = 1024, .max = 1 << 24, AT(record_limit))},
    {HUB_OPTION("batch_rows", INT, 0, HUB_N("most rows of one batch"), .dflt = "4096", .min = 1,
		.max = 1000000, AT(batch_rows))},
    {.name = NULL},
};

static const struct hub_ops ops = {
    .size = sizeof ops,
    .open = json_open,
    .next = json_next,
    .close = json_close,
};

static const struct hub_plugin plugin = {
    HUB_PLUGIN_HEAD,
    .kind = HUB_SOURCE,
    .caps = HUB_CAP_PARALLEL | HUB_CAP_SEEK,
    .name = "json",
    .version = "0.1.0",
    .license = "MIT",
    .summary = HUB_N("reads JSON and JSON Lines by paths, of any size"),
    .opts = options,
    .conf_size = sizeof(struct json_conf),
    .check = check,
    .ops = &ops,
    .claim = json_claim,
};

const struct hub_plugin *hub_plugin_get(uint32_t index)
{
	return index == 0 ? &plugin : NULL;
}

/* source-csv: delimited text files as legacy systems write them.
 *
 * Strict RFC 4180 unless `tolerant` is set. Every record comes out as a row, with its cells or as
 * REJECT with a code; after a broken record reading goes on at the next line that reads as one.
 * Cells stay in the file's encoding and point into the bytes read. Limits: README.md.
 *
 * Layers: infile.c (bytes), decode.c (text), split.c (records), head.c (column names), rows.c (records to
 * rows), this file (the plugin). A reader in a hurry starts at the end. */
#include "named.h"
#include "plain.h"
#include "resume.h"
#include "rows.h"

#include <string.h>

/* The delimiter as one character: "\t" and "tab" stand for a tabulator. */
static struct hub_str delimiter_of(struct hub_str s)
{
	static const struct hub_str tab = {"\t", 1};

	return (s.len == 2 && memcmp(s.ptr, "\\t", 2) == 0) ||
		       (s.len == 3 && memcmp(s.ptr, "tab", 3) == 0)
		   ? tab
		   : s;
}

static int quote_of(struct hub_str s)
{
	return s.len == 1 ? (uint8_t)s.ptr[0] : -1;
}

/* Exactly one UTF-8 character that cannot be taken for a line end. */
static int is_one_character(struct hub_str s)
{
	if (s.len == 0 || s.len > 4 || s.ptr[0] == '\n' || s.ptr[0] == '\r' || s.ptr[0] == '\0')
		return 0;
	if ((uint8_t)s.ptr[0] < 0x80)
		return s.len == 1;
	for (size_t i = 1; i < s.len; i++)
		if (((uint8_t)s.ptr[i] & 0xc0) != 0x80)
			return 0;
	return s.len > 1;
}

static int is_none(struct hub_str s)
{
	return s.len == 4 && memcmp(s.ptr, "none", 4) == 0;
}

static int check(const void *conf, const struct hub_host *host, struct hub_err *err)
{
	const struct csv_conf *k = conf;
	const struct hub_str delimiter = delimiter_of(k->delimiter);
	const int quote = quote_of(k->quote);

	if (!is_one_character(delimiter)) {
		HUB_FAIL(host, err, HUB_CONF, "bad-delimiter",
			 "the delimiter must be one character");
		host->hint(err, "Write for example \",\" or \";\" or \"tab\".");
		return err->rc;
	}
	if (!is_none(k->quote) && (quote < 0 || quote >= 0x80 || !is_one_character(k->quote))) {
		HUB_FAIL(host, err, HUB_CONF, "bad-quote",
			 "the quote must be one ASCII character or \"none\"");
		return err->rc;
	}
	if (k->comment.len > 0 && !is_one_character(k->comment))
		return HUB_FAIL(host, err, HUB_CONF, "bad-comment",
				"the comment sign must be one character");
	if (k->count_by.len &&
	    (rank_columns(&(struct rank){0}, k->count_by) || k->tolerant || k->header == 0)) {
		HUB_FAIL(
		    host, err, HUB_CONF, "bad-count",
		    "count_by names two columns or more of a file with a header, not tolerant");
		host->hint(err, "Write for example count_by = \"2, 10\": the number of the record, "
				"then what tells its rows apart.");
		return err->rc;
	}
	if ((uint8_t)delimiter.ptr[0] == quote ||
	    (k->comment.len > 0 && k->comment.ptr[0] == quote) ||
	    (k->comment.len == delimiter.len &&
	     memcmp(k->comment.ptr, delimiter.ptr, delimiter.len) == 0))
		return HUB_FAIL(host, err, HUB_CONF, "same-character",
				"delimiter, quote and comment sign must differ");
	return HUB_OK;
}

/* BYTE ROW LINE WIDTH ENCODING */
static int read_pos(struct csv *c, struct hub_str pos, struct hub_err *err)
{
	uint64_t at[7] = {
	    0}; /* byte, row, line, width; byte, row, line of the record that is counted */
	struct hub_str name;
	const int rc = resume_read(c->host, pos, c->in.path, at, c->rank.n ? 7 : 4, &name, err);

	if (rc || pos.len == 0)
		return rc;
	if (at[3] > MAX_COLUMNS)
		return HUB_FAIL(c->host, err, HUB_USAGE, "bad-position",
				"the resume position of %s is not one of this plugin", c->in.path);
	c->resume = (struct place){at[0], at[1], at[2]};
	if (at[4] && at[4] < at[0]) {
		c->resume = (struct place){at[4], at[5], at[6]};
		c->silent = at[0];
	}
	c->resuming = 1;
	c->width = (uint32_t)at[3];
	c->dec.name = str_keep(c->host, c->ctx, NULL, name);
	return c->dec.name.ptr ? HUB_OK : csv_no_memory(c, err);
}

static int write_pos(struct csv *c, struct hub_batch *b, struct hub_err *err)
{
	const struct place *at = c->lost ? &c->broken : &c->at;
	const struct place *of = &c->record;
	const uint64_t number[] = {at->byte, at->row, at->line, c->width,
				   of->byte, of->row, of->line};

	return resume_write(c->ctx, c->host, b, number, c->rank.n ? 7 : 4, &c->dec.name, err);
}

static void set_dialect(struct csv *c, const struct csv_conf *k)
{
	const struct hub_str delimiter = delimiter_of(k->delimiter);
	const int quote = quote_of(k->quote);

	split_dialect_init(&c->dialect, delimiter, quote, k->comment);
	c->dialect.tolerant = k->tolerant != 0;
	c->dialect.trim = k->trim != 0;
	c->dialect.cr_ends = c->dialect.tolerant;
	c->dialect.limit = (uint64_t)k->field_limit;
	c->ends_known = c->dialect.tolerant;
	c->dec.plain_separators =
	    delimiter.len == 1 && (uint8_t)delimiter.ptr[0] < 0x40 && quote < 0x40 &&
	    (k->comment.len == 0 || (k->comment.len == 1 && (uint8_t)k->comment.ptr[0] < 0x40));
}

static void csv_close(void *self)
{
	struct csv *c = self;

	room_close(&c->rank.seen);
	input_close(&c->in);
}

static int csv_open(struct hub_ctx *ctx, const struct hub_host *host, const void *conf,
		    struct hub_str pos, void **self, struct hub_err *err)
{
	const struct csv_conf *k = conf;
	struct csv *c = host->alloc(ctx, NULL, sizeof *c);
	int rc;

	if (!c)
		return NO_MEMORY(host, err);
	c->ctx = ctx;
	c->host = host;
	c->conf = *k;
	c->at = (struct place){.row = 1, .line = 1};
	c->skip = k->skip;
	c->want = (size_t)k->batch_bytes;
	c->usual_rows = 255;
	c->max_window = (size_t)(k->field_limit + k->batch_bytes);
	c->width = (uint32_t)k->columns;
	set_dialect(c, k);
	c->dec.in = &c->in;
	c->dec.wish = str_keep(c->host, c->ctx, NULL, k->encoding);
	c->rec.cap = c->probe.cap = MAX_COLUMNS;
	c->rec.field = host->alloc(ctx, NULL, MAX_COLUMNS * sizeof *c->rec.field);
	c->probe.field = host->alloc(ctx, NULL, MAX_COLUMNS * sizeof *c->probe.field);
	if (!c->dec.wish.ptr || !c->rec.field || !c->probe.field ||
	    (k->count_by.len &&
	     (rank_columns(&c->rank, k->count_by) || room_open(&c->rank.seen, RANK_TEXT))))
		return csv_no_memory(c, err);
	if ((rc = input_open(&c->in, ctx, host, k->path, err))) {
		room_close(&c->rank.seen);
		return rc;
	}
	rc = read_pos(c, pos, err);
	if (!rc && c->resuming)
		rc = input_seek(&c->in, 0, err); /* refuses a pipe */
	if (rc) {
		csv_close(c);
		return rc;
	}
	*self = c;
	return HUB_OK;
}

static int finish(struct csv *c, struct hub_err *err)
{
	if (!c->seen) {
		HUB_FAIL(c->host, err, HUB_REJECT, "empty-file", "%s is empty", c->in.path);
		c->host->hint(err, "Ask for the file again; the export may have failed.");
		return err->rc;
	}
	if (!c->headed)
		return HUB_FAIL(c->host, err, HUB_REJECT, "no-header",
				"%s ends before the header (record %lld)", c->in.path,
				(long long)c->conf.header);
	return input_ended(&c->in, err);
}

/* An export without records still has a header, and may have another one than before. */
static int end_batch(struct fill *f, struct hub_err *err)
{
	struct csv *c = f->c;
	const int rc = c->names && f->cols == 0 ? rows_columns(f, c->names, err) : HUB_OK;

	f->b->encoding = decode_name(&c->dec);
	return rc ? rc : finish(c, err);
}

/* Back to where the run before stopped, now that the header is known again. */
static int jump(struct csv *c, struct hub_err *err)
{
	c->resuming = 0;
	c->at = c->resume;
	return input_seek(&c->in, c->resume.byte, err);
}

/* Size of the next window: one that fills a batch; a larger one when a record did not fit. */
static size_t next_want(const struct fill *f)
{
	const struct csv *c = f->c;
	const size_t most = (size_t)c->conf.batch_bytes;

	if (f->rows == 0 && f->used == 0 && !c->lost) {
		const size_t grown = f->win.len > c->want ? f->win.len : c->want;
		return grown * GROW < c->max_window ? grown * GROW : c->max_window;
	}
	if (f->rows == 0)
		return most;
	const size_t fits = f->used / f->rows * (size_t)c->conf.batch_rows;
	return fits < MIN_WINDOW ? MIN_WINDOW : fits < most ? fits : most;
}

/* Reads one window and turns its records into rows. */
static int one_window(struct fill *f, struct hub_err *err)
{
	struct csv *c = f->c;
	int rc;

	if ((rc = input_fill(&c->in, f->b, c->want, &f->win, err)) ||
	    (rc = decode_window(&c->dec, f->b, &f->win, &f->dec, err)))
		return rc;
	f->text =
	    (struct split_text){.base = f->dec.base, .len = f->dec.len, .last = f->win.last != 0};
	f->used = 0;
	c->seen |= f->text.len > 0;
	if ((rc = rows_fill(f, err)))
		return rc;
	if (c->resuming && c->headed)
		return jump(c, err);
	c->want = next_want(f);
	const size_t used = decode_place(&c->dec, &f->dec, f->used);
	return input_keep(&c->in, &f->win, used, err);
}

static int csv_next(void *self, struct hub_batch *b, struct hub_err *err)
{
	struct csv *c = self;
	struct fill f = {.c = c, .b = b};
	int rc;

	do {
		if ((rc = one_window(&f, err)))
			return rc;
		if (f.rows == 0 && f.win.last && c->in.kept_len == 0 && !c->resuming && c->in.eof)
			return end_batch(&f, err);
		/* a broken record larger than a window: give the memory back on the way */
	} while (f.rows == 0 && !c->lost);
	if ((rc = c->host->rows(c->ctx, b, f.rows)))
		return csv_no_memory(c, err);
	c->usual_rows = f.rows;
	b->encoding = decode_name(&c->dec);
	return write_pos(c, b, err);
}

/* What no other source claims is read as text, and refused with the reason when it is none. */
static uint32_t csv_claim(struct hub_str name, struct hub_str head)
{
	const char *const ends[] = {".csv", ".tsv", ".txt"};

	(void)head;
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (ends_with(name, ends[i]))
			return 10;
	return 1;
}

static const char *const blank_words[] = {"record", "skip", NULL};

#define AT(field) .offset = offsetof(struct csv_conf, field)
static const struct hub_opt options[] = {
    {HUB_OPTION("path", PATH, HUB_OPT_REQUIRED | HUB_OPT_INPUT,
		HUB_N("the file, or - for standard input"), AT(path))},
    {HUB_OPTION("encoding", TEXT, 0,
		HUB_N("auto, utf-8, cp932, euc-jp, iso-2022-jp, utf-16le, utf-16be"),
		.dflt = "auto", AT(encoding))},
    {HUB_OPTION("delimiter", TEXT, 0, HUB_N("character between cells; \"tab\" for a tabulator"),
		.dflt = ",", AT(delimiter))},
    {HUB_OPTION("quote", TEXT, 0,
		HUB_N("character around cells that hold a delimiter or a line end, or none"),
		.dflt = "\"", AT(quote))},
    {HUB_OPTION("comment", TEXT, 0, HUB_N("lines that begin with this character are left out"),
		.dflt = "", AT(comment))},
    {HUB_OPTION("header", INT, 0,
		HUB_N("record that holds the column names; 0: none, columns are named 1, 2, ..."),
		.dflt = "1", .max = 1000, AT(header))},
    {HUB_OPTION("header_rows", INT, 0,
		HUB_N("rows of the header; names of several rows are joined with _"), .dflt = "1",
		.min = 1, .max = HEAD_ROWS, AT(header_rows))},
    {HUB_OPTION("skip", INT, 0, HUB_N("title lines before the first record"), .dflt = "0",
		.max = 100000, AT(skip))},
    {HUB_OPTION("columns", INT, 0,
		HUB_N("cells of every record; 0: as many as the header or the first record has"),
		.dflt = "0", .max = MAX_COLUMNS, AT(columns))},
    {HUB_OPTION("tolerant", BOOL, 0,
		HUB_N("accept stray quotes, short and long records, NUL, bare CR as line end"),
		.dflt = "false", AT(tolerant))},
    {HUB_OPTION("trim", BOOL, 0, HUB_N("remove blanks around cells, outside quotes"),
		.dflt = "false", AT(trim))},
    {HUB_OPTION("blank_lines", ENUM, 0,
		HUB_N("empty lines: record (counted, no data) or skip (as if not there)"),
		.dflt = "record", .words = blank_words, AT(blank_lines))},
    {HUB_OPTION(
	"count_by", TEXT, 0,
	HUB_N("numbers of columns, first that of the record: rows of a record that are alike "
	      "there get 2, 3, ... in an added column nth"),
	.dflt = "", AT(count_by))},
    {HUB_OPTION("field_limit", SIZE, 0, HUB_N("longest cell accepted, in bytes"), .dflt = "16M",
		.min = 1024, .max = 1 << 30, AT(field_limit))},
    {HUB_OPTION("batch_rows", INT, 0, HUB_N("most rows of one batch"), .dflt = "8192", .min = 1,
		.max = 1000000, AT(batch_rows))},
    {HUB_OPTION("batch_bytes", SIZE, 0, HUB_N("bytes read for one batch"), .dflt = "256K",
		.min = MIN_WINDOW, .max = 1 << 26, AT(batch_bytes))},
    {.name = NULL},
};

static const struct hub_ops ops = {
    .size = sizeof ops,
    .open = csv_open,
    .next = csv_next,
    .close = csv_close,
};

static const struct hub_plugin plugin = {
    HUB_PLUGIN_HEAD,
    .kind = HUB_SOURCE,
    .caps = HUB_CAP_PARALLEL | HUB_CAP_SEEK | HUB_CAP_DELIMITED,
    .name = "csv",
    .version = "0.1.0",
    .license = "MIT",
    .summary = HUB_N("reads delimited text: CSV, TSV, in any Japanese encoding"),
    .opts = options,
    .conf_size = sizeof(struct csv_conf),
    .check = check,
    .ops = &ops,
    .claim = csv_claim,
};

const struct hub_plugin *hub_plugin_get(uint32_t index)
{
	return index == 0 ? &plugin : NULL;
}

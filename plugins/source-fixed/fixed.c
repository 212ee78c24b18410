/* source-fixed: records whose columns stand at byte positions, as mainframes and old gateways write them.
 *
 * `columns` is the table of positions, counted in bytes from 1, as a layout sheet gives them. Records are
 * lines, or record_length bytes each without any line end. Cells stay in the file's encoding (a kanji is
 * two bytes of it); a border that cuts one is found by the hub, which decodes. Limits: README.md. */
#include "infile.h"
#include "label.h"
#include "plain.h"
#include "resume.h"
#include "sheet.h"

#include <string.h>

enum { WINDOW = 1 << 18, RECORD_MOST = 1 << 20, COLUMNS_MOST = 4096 };

enum trim { TRIM_RIGHT = 0, TRIM_BOTH, TRIM_NONE };

struct fixed_conf {
	struct hub_str path, columns, only;
	int64_t encoding, record_length, skip, trim, tolerant, batch_rows;
};

struct span {
	uint32_t from, to; /* bytes, to exclusive */
};

struct fixed {
	struct hub_ctx *ctx;
	const struct hub_host *host;
	const struct fixed_conf *conf;
	struct input in;
	struct sheet sheet;
	struct span *span; /* of the columns */
	uint32_t length;   /* bytes that the columns need */
	struct span only;  /* where the kind of record stands; to 0: every record counts */
	struct hub_str kind;
	uint64_t row, line, byte; /* of the record that comes next */
};

/* --- the table of positions ------------------------------------------------------------------- */

static int read_number(struct hub_str *s, uint32_t *out)
{
	size_t n = 0;

	for (*out = 0; n < s->len && s->ptr[n] >= '0' && s->ptr[n] <= '9'; n++) {
		if (*out > RECORD_MOST)
			return -1;
		*out = *out * 10 + (uint32_t)(s->ptr[n] - '0');
	}
	*s = (struct hub_str){s->ptr + n, s->len - n};
	return n ? 0 : -1;
}

/* "11-40", or "11" for one byte. */
static int read_span(struct hub_str s, struct span *out)
{
	uint32_t from, to;

	if (s.len == 0 || read_number(&s, &from))
		return -1;
	to = from;
	if (s.len && s.ptr[0] == '-') {
		s = (struct hub_str){s.ptr + 1, s.len - 1};
		if (read_number(&s, &to))
			return -1;
	}
	if (s.len || from == 0 || to < from || to > RECORD_MOST)
		return -1;
	*out = (struct span){from - 1, to};
	return 0;
}

/* a begins, and b ends, outside of the other. One within another is an area that the layout defines once more: a date,
 * and its year. */
static int crosses(struct span a, struct span b)
{
	return a.from < b.from && b.from < a.to && a.to < b.to;
}

/* A position that is wrong by some bytes gives one column the end of another, in every record and unseen. */
static int check_crossing(const struct hub_str columns, const struct hub_host *host,
			  struct hub_err *err)
{
	struct hub_str rest = columns, name, place, other, there;
	struct span span, before;

	while (label_next(&rest, LABEL_LINES, &name, &place)) {
		(void)read_span(place, &span);
		struct hub_str first = {columns.ptr, (size_t)(name.ptr - columns.ptr)};
		while (label_next(&first, LABEL_LINES, &other, &there)) {
			if (read_span(there, &before) ||
			    (!crosses(before, span) && !crosses(span, before)))
				continue;
			HUB_FAIL(host, err, HUB_CONF, "columns-overlap",
				 "columns \"%.*s\" (%.*s) and \"%.*s\" (%.*s) overlap in part",
				 (int)other.len, other.ptr, (int)there.len, there.ptr,
				 (int)name.len, name.ptr, (int)place.len, place.ptr);
			host->hint(err, "Correct the position that is wrong; a column may only lie "
					"whole within another, as the year within its date.");
			return err->rc;
		}
	}
	return HUB_OK;
}

static int check(const void *conf, const struct hub_host *host, struct hub_err *err)
{
	const struct fixed_conf *k = conf;
	struct hub_str rest = k->columns, name, place;
	struct span span;
	uint32_t n = 0;

	while (label_next(&rest, LABEL_LINES, &name, &place)) {
		n++;
		if (name.len && read_span(place, &span) == 0 && n <= COLUMNS_MOST)
			continue;
		HUB_FAIL(host, err, HUB_CONF, "bad-columns",
			 "entry %u of columns is not NAME=FROM-TO", n);
		host->hint(err, "Bytes are counted from 1: \"番号=1-10; 氏名=11-40\".");
		return err->rc;
	}
	rest = k->only;
	if (rest.len && (!label_next(&rest, LABEL_LINES, &place, &name) ||
			 read_span(place, &span) || !name.len)) {
		HUB_FAIL(host, err, HUB_CONF, "bad-only", "only is not FROM-TO=TEXT");
		host->hint(err, "For example \"1-1=2\": records that begin with a 2.");
		return err->rc;
	}
	if (n == 0) {
		HUB_FAIL(host, err, HUB_CONF, "columns-missing", "columns holds no positions");
		host->hint(err, "Bytes are counted from 1: \"番号=1-10; 氏名=11-40\".");
		return err->rc;
	}
	return check_crossing(k->columns, host, err);
}

static const struct {
	const char *name, *blank; /* the wide blank, U+3000 */
} encodings[] = {{"cp932", "\x81\x40"}, {"euc-jp", "\xa1\xa1"}, {"utf-8", "\xe3\x80\x80"}};

static struct hub_str encoding_of(const struct fixed *x)
{
	const char *name = encodings[x->conf->encoding].name;

	return (struct hub_str){name, strlen(name)};
}

/* Names go into the batch in the encoding of its cells. */
static int add_column(struct fixed *x, struct hub_str name, struct span span, struct hub_err *err)
{
	const struct hub_str encoding = encoding_of(x);
	struct hub_str coded;
	uint64_t lost = 0;
	const int rc = x->host->encode(x->ctx, NULL, encoding, name, &coded, &lost, err);

	if (rc)
		return rc;
	if (lost)
		return HUB_FAIL(x->host, err, HUB_CONF, "bad-columns",
				"the name of column %u cannot be written in %.*s",
				x->sheet.cols + 1, (int)encoding.len, encoding.ptr);
	const uint32_t col = sheet_column(&x->sheet, coded);
	if (col == SHEET_NONE)
		return NO_MEMORY(x->host, err);
	x->span[col] = span;
	x->length = span.to > x->length ? span.to : x->length;
	return HUB_OK;
}

static int read_table(struct fixed *x, struct hub_err *err)
{
	struct hub_str rest = x->conf->columns, name, place;
	struct span span;
	int rc = HUB_OK;

	x->span = x->host->alloc(x->ctx, NULL, COLUMNS_MOST * sizeof *x->span);
	if (!x->span)
		return NO_MEMORY(x->host, err);
	while (!rc && label_next(&rest, LABEL_LINES, &name, &place)) {
		if (read_span(place, &span))
			return HUB_CONF; /* check() has said it */
		rc = add_column(x, name, span, err);
	}
	rest = x->conf->only;
	if (!rc && label_next(&rest, LABEL_LINES, &place, &x->kind))
		(void)read_span(place, &x->only);
	return rc;
}

/* --- records ---------------------------------------------------------------------------------- */

/* Bytes of the character that begins with c. */
static size_t width_of(int64_t encoding, unsigned char c)
{
	switch (encoding) {
	case 0:
		return (c >= 0x81 && c <= 0x9f) || (c >= 0xe0 && c <= 0xfc) ? 2 : 1;
	case 1:
		return c == 0x8f ? 3 : c == 0x8e || (c >= 0xa1 && c <= 0xfe) ? 2 : 1;
	default:
		return c < 0xc2 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
	}
}

/* Without the blanks at the end (and the beginning), narrow and wide. Told character by character: the
 * second byte of a kanji may look like a blank. */
static struct hub_str strip(const struct fixed *x, struct hub_str s)
{
	const char *wide = encodings[x->conf->encoding].blank;
	const size_t w = strlen(wide);
	size_t first = s.len, end = 0;

	if (x->conf->trim == TRIM_NONE)
		return s;
	for (size_t i = 0, n; i < s.len; i += n) {
		n = width_of(x->conf->encoding, (unsigned char)s.ptr[i]);
		n = n < s.len - i ? n : s.len - i;
		if (s.ptr[i] == ' ' || (n == w && memcmp(s.ptr + i, wide, w) == 0))
			continue;
		first = first < i ? first : i;
		end = i + n;
	}
	if (x->conf->trim == TRIM_RIGHT || end == 0)
		first = 0;
	return (struct hub_str){s.ptr + first, end - first};
}

static int put_cells(struct fixed *x, struct hub_str rec, struct hub_err *err)
{
	for (uint32_t c = 0; c < x->sheet.cols; c++) {
		const struct span span = x->span[c];
		if (span.from >= rec.len)
			continue; /* absent */
		const size_t to = span.to < rec.len ? span.to : rec.len;
		const struct hub_str cell =
		    strip(x, (struct hub_str){rec.ptr + span.from, to - span.from});
		if (cell.len == 0) {
			sheet_null(&x->sheet, c);
			continue;
		}
		const int rc = sheet_put(&x->sheet, c, cell, err);
		if (rc)
			return rc;
	}
	return HUB_OK;
}

static int is_wanted(const struct fixed *x, struct hub_str rec)
{
	const uint32_t from = x->only.from, to = x->only.to;

	return to == 0 || (rec.len >= to && to - from == x->kind.len &&
			   memcmp(rec.ptr + from, x->kind.ptr, x->kind.len) == 0);
}

/* used: bytes of the record with its line end. */
static int add_record(struct fixed *x, struct hub_str rec, size_t used, struct hub_err *err)
{
	struct hub_err why = {.what = ""};
	const struct hub_prov at = {
	    .row = ++x->row, .line = x->line, .byte = x->byte, .len = (uint32_t)rec.len};
	const int wanted = is_wanted(x, rec) && x->line > (uint64_t)x->conf->skip;

	x->byte += used;
	x->line++;
	int rc = put_cells(x, rec, err);
	if (rc)
		return rc;
	if (wanted && rec.len < x->length && !x->conf->tolerant) {
		sheet_bad(&x->sheet, "short-record", SHEET_NONE);
		HUB_FAIL(x->host, &why, HUB_REJECT, "short-record",
			 "%zu bytes, the columns need %u", rec.len, x->length);
	}
	if ((rc = sheet_row(&x->sheet, &at, why.what[0] ? why.what : NULL, err)) || wanted)
		return rc;
	struct hub_batch *b = x->sheet.batch;
	b->verdict[x->sheet.rows - 1] = HUB_ROW_DROP;
	b->code[x->sheet.rows - 1] = "other-record";
	return HUB_OK;
}

/* The next record of a window: 1, or 0 when it is not whole. */
static int next_record(const struct fixed *x, const struct window *w, size_t at,
		       struct hub_str *rec, size_t *used)
{
	const char *p = w->base + at;
	const size_t rest = w->len - at, length = (size_t)x->conf->record_length;

	if (rest == 0)
		return 0;
	if (length) {
		*rec = (struct hub_str){p, rest < length ? rest : length};
		*used = rec->len;
		return rest >= length || w->last;
	}
	const char *end = memchr(p, '\n', rest);
	if (!end && !w->last)
		return 0;
	size_t n = end ? (size_t)(end - p) : rest;
	*used = n + (end != NULL);
	n -= n > 0 && p[n - 1] == '\r';
	*rec = (struct hub_str){p, n};
	return 1;
}

static int too_long(const struct fixed *x, struct hub_err *err)
{
	HUB_FAIL(x->host, err, HUB_REJECT, "too-long",
		 "%s, line %llu: a record longer than %d bytes", x->in.path,
		 (unsigned long long)x->line, RECORD_MOST);
	x->host->hint(err, "Records without line ends need record_length.");
	return err->rc;
}

static int one_window(struct fixed *x, struct hub_batch *b, size_t want, int *last,
		      struct hub_err *err)
{
	struct window w = {0};
	struct hub_str rec;
	size_t at = 0, used;
	int rc = input_fill(&x->in, b, want, &w, err);

	while (!rc && x->sheet.rows < x->conf->batch_rows && next_record(x, &w, at, &rec, &used)) {
		at += used;
		if (rec.len == 0) { /* a blank line */
			x->byte += used;
			x->line++;
			continue;
		}
		rc = add_record(x, rec, used, err);
	}
	*last = w.last && at == w.len;
	return rc ? rc : input_keep(&x->in, &w, at, err);
}

static int fixed_next(void *self, struct hub_batch *b, struct hub_err *err)
{
	struct fixed *x = self;
	int last = 0, rc = sheet_begin(&x->sheet, b, err);

	for (size_t want = WINDOW; !rc && x->sheet.rows == 0 && !last; want *= 2) {
		if (want > 4 * (size_t)RECORD_MOST)
			return too_long(x, err);
		rc = one_window(x, b, want, &last, err);
	}
	if (rc || (rc = sheet_end(&x->sheet, err)))
		return rc;
	b->encoding = encoding_of(x);
	if (x->sheet.rows == 0)
		return input_ended(&x->in, err);
	const uint64_t at[] = {x->byte, x->row, x->line};
	return resume_write(x->ctx, x->host, b, at, 3, NULL, err);
}

/* --- opening ---------------------------------------------------------------------------------- */

static int fixed_open(struct hub_ctx *ctx, const struct hub_host *host, const void *conf,
		      struct hub_str pos, void **self, struct hub_err *err)
{
	struct fixed *x = host->alloc(ctx, NULL, sizeof *x);
	uint64_t at[] = {0, 0, 1}; /* byte, row, line */
	int rc;

	if (!x)
		return NO_MEMORY(host, err);
	*x = (struct fixed){.ctx = ctx, .host = host, .conf = conf};
	sheet_init(&x->sheet, ctx, host, RECORD_MOST);
	if ((rc = read_table(x, err)) || (rc = input_open(&x->in, ctx, host, x->conf->path, err)))
		return rc;
	rc = resume_read(host, pos, x->in.path, at, 3, NULL, err);
	x->byte = at[0];
	x->row = at[1];
	x->line = at[2];
	if (rc || (pos.len && (rc = input_seek(&x->in, x->byte, err)))) {
		input_close(&x->in);
		return rc;
	}
	*self = x;
	return HUB_OK;
}

static void fixed_close(void *self)
{
	struct fixed *x = self;

	input_close(&x->in);
}

static const char *const encoding_words[] = {"cp932", "euc-jp", "utf-8", NULL};
static const char *const trim_words[] = {"right", "both", "none", NULL};

#define AT(field) .offset = offsetof(struct fixed_conf, field)
static const struct hub_opt options[] = {
    {HUB_OPTION("path", PATH, HUB_OPT_REQUIRED | HUB_OPT_INPUT,
		HUB_N("the file, or - for standard input"), AT(path))},
    {HUB_OPTION("columns", TEXT, 0, HUB_N("NAME=FROM-TO; ... in bytes, counted from 1"),
		.dflt = "record=1-80", AT(columns))},
    {HUB_OPTION("encoding", ENUM, 0, HUB_N("of the file; positions are bytes of it"),
		.dflt = "cp932", .words = encoding_words, AT(encoding))},
    {HUB_OPTION("record_length", INT, 0,
		HUB_N("bytes of a record without line ends; 0: a record is a line"), .dflt = "0",
		.max = RECORD_MOST, AT(record_length))},
    {HUB_OPTION("skip", INT, 0, HUB_N("records at the beginning that are no data"), .dflt = "0",
		.max = 100000, AT(skip))},
    {HUB_OPTION(
	"only", TEXT, 0,
	HUB_N("FROM-TO=TEXT: the kind of record that is data; others are counted and left out"),
	.dflt = "", AT(only))},
    {HUB_OPTION("trim", ENUM, 0, HUB_N("fill blanks of a column to take away"), .dflt = "right",
		.words = trim_words, AT(trim))},
    {HUB_OPTION("tolerant", BOOL, 0,
		HUB_N("accept short records: what is behind their end is absent"), .dflt = "false",
		AT(tolerant))},
    {HUB_OPTION("batch_rows", INT, 0, HUB_N("most rows of one batch"), .dflt = "8192", .min = 1,
		.max = 1000000, AT(batch_rows))},
    {.name = NULL},
};

static const struct hub_ops ops = {
    .size = sizeof ops,
    .open = fixed_open,
    .next = fixed_next,
    .close = fixed_close,
};

static const struct hub_plugin plugin = {
    HUB_PLUGIN_HEAD,
    .kind = HUB_SOURCE,
    .caps = HUB_CAP_PARALLEL | HUB_CAP_SEEK,
    .name = "fixed",
    .version = "0.1.0",
    .license = "MIT",
    .summary = HUB_N("reads fixed-width records by byte positions"),
    .opts = options,
    .conf_size = sizeof(struct fixed_conf),
    .check = check,
    .ops = &ops,
};

const struct hub_plugin *hub_plugin_get(uint32_t index)
{
	return index == 0 ? &plugin : NULL;
}

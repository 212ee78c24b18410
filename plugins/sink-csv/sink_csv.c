/* sink-csv - writes released rows as CSV, one file per entity, for programs and for spreadsheets.
 *
 * For whom: agencies that open the file in Excel, and products that import CSV.
 * What it takes care of: byte order mark or CP932; CRLF; labels or field names as header; a cell that
 * a spreadsheet would run as a formula gets a ' in front; leading zeros stay (excel_text writes
 * ="007"). An empty text is "", a cell that holds nothing, was withheld or could not be read is
 * nothing at all. All files appear under their names at commit, complete and synced; mode 0600.
 * Limits: one table per file; a path ending in .csv takes one table only; a NUL rejects its row. */
#include "cell.h"
#include "label.h"
#include "named.h"
#include "outfile.h"
#include "plain.h"
#include "replace.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

enum { MAX_TABLES = 64 };
enum encoding { ENC_UTF8 = 0, ENC_CP932 };
enum header { HEADER_LABEL = 0, HEADER_NAME, HEADER_NONE };
enum newline { NEWLINE_CRLF = 0, NEWLINE_LF };
enum missing { MISSING_REJECT = 0, MISSING_GETA, MISSING_REPLACE };

struct csv_conf {
	struct hub_str path, columns;
	int64_t encoding, bom, header, newline, formula, excel_text, missing;
};

/* A column of a file: one of the batch, or always the same text. */
struct field {
	struct hub_str fixed; /* ptr NULL: a column */
	uint32_t col;
};

struct table {
	struct hub_str name;
	struct outfile out;
	uint64_t rows;
};

struct csv_sink {
	struct hub_ctx *ctx;
	const struct hub_host *host;
	const struct csv_conf *conf;
	int single; /* path is a file, not a folder */
	unsigned tables;
	struct table *table;
	struct field *field; /* of the table at hand */
	uint32_t fields;
	struct replace replace;
};

static const struct hub_str encodings_of[] = {{"utf-8", 5}, {"cp932", 5}};

/* The folder of the files; fine when it is there already. */
static int make_folder(const struct csv_sink *s, struct hub_err *err)
{
	struct outfile o = {.host = s->host};

	if (s->conf->path.len >= sizeof o.final)
		return HUB_FAIL(s->host, err, HUB_CONF, "path-too-long", "the path is too long");
	memcpy(o.final, s->conf->path.ptr, s->conf->path.len);
	return mkdir(o.final, 0700) && errno != EEXIST ? outfile_fail(&o, err) : HUB_OK;
}

static int csv_open(struct hub_ctx *ctx, const struct hub_host *host, const void *conf,
		    struct hub_str pos, void **self, struct hub_err *err)
{
	(void)pos;
	struct csv_sink *s = host->alloc(ctx, NULL, sizeof *s);
	if (!s)
		return NO_MEMORY(host, err);
	*s = (struct csv_sink){.ctx = ctx, .host = host, .conf = conf};
	s->table = host->alloc(ctx, NULL, MAX_TABLES * sizeof *s->table);
	if (!s->table)
		return NO_MEMORY(host, err);
	s->single = ends_with(s->conf->path, ".csv");
	s->replace = (struct replace){.ctx = ctx,
				      .host = host,
				      .encoding = encodings_of[s->conf->encoding],
				      .folder = s->conf->path,
				      .single = s->single};
	int rc;
	if (!s->single && (rc = make_folder(s, err)))
		return rc;
	*self = s;
	return HUB_OK;
}

/* --- one cell --------------------------------------------------------------------------------- */

/* Length of the sign at the start, ASCII or full-width; 0: none. */
static size_t sign_len(struct hub_str t)
{
	static const char *const wide[] = {"\xef\xbc\x8b", "\xef\xbc\x8d"}; /* ＋ － */

	if (t.len >= 1 && (t.ptr[0] == '+' || t.ptr[0] == '-'))
		return 1;
	return t.len >= 3 && (!memcmp(t.ptr, wide[0], 3) || !memcmp(t.ptr, wide[1], 3)) ? 3 : 0;
}

/* Nothing but digits and what stands between those of a phone number or an amount, in both widths:
 * U+FF05 % U+FF08 ( U+FF09 ) U+FF0C , U+FF0D - U+FF0E . U+FF10-FF19. A lone sign is a dash. */
static int is_number(struct hub_str t)
{
	for (size_t i = 0; i < t.len; i++) {
		const unsigned char c = (unsigned char)t.ptr[i];
		if (c >= 0x80) {
			if (t.len - i < 3 || memcmp(t.ptr + i, "\xef\xbc", 2) != 0)
				return 0;
			const unsigned char last = (unsigned char)t.ptr[i + 2];
			if (!memchr("\x85\x88\x89\x8c\x8d\x8e", last, 6) &&
			    (last < 0x90 || last > 0x99))
				return 0;
			i += 2;
		} else if ((c < '0' || c > '9') && !memchr("-., ()%", c, 7)) {
			return 0;
		}
	}
	return 1;
}

static int has_mark(struct hub_str t)
{
	return t.len >= 3 && memcmp(t.ptr, "\xef\xbb\xbf", 3) == 0;
}

/* A spreadsheet runs cells that begin with these (OWASP, CSV injection), some also their full-width
 * forms, and drops a byte order mark before it looks. A phone number +81-3-... or a negative amount
 * is no formula and stays as it is. */
static int is_formula(struct hub_str t)
{
	while (has_mark(t))
		t = (struct hub_str){t.ptr + 3, t.len - 3};
	if (t.len == 0)
		return 0;
	const size_t sign = sign_len(t);
	if (sign)
		return !is_number((struct hub_str){t.ptr + sign, t.len - sign});
	if (memchr("=@\t\r\n", t.ptr[0], 5))
		return 1;
	return t.len >= 3 && /* ＝ ＠ */
	       (!memcmp(t.ptr, "\xef\xbc\x9d", 3) || !memcmp(t.ptr, "\xef\xbc\xa0", 3));
}

/* A number that a spreadsheet would damage: leading zero, or more digits than it keeps exactly. */
static int needs_text(struct hub_str t)
{
	if (t.len < 2 || (t.ptr[0] != '0' && t.len < 12))
		return 0;
	for (size_t i = 0; i < t.len; i++)
		if (t.ptr[i] < '0' || t.ptr[i] > '9')
			return 0;
	return 1;
}

static void put_quoted(FILE *f, struct hub_str t, const char *before, const char *after)
{
	size_t from = 0;

	fputc('"', f);
	fputs(before, f);
	for (size_t i = 0; i < t.len; i++) {
		if (t.ptr[i] != '"')
			continue;
		fwrite(t.ptr + from, 1, i + 1 - from, f);
		fputc('"', f);
		from = i + 1;
	}
	fwrite(t.ptr + from, 1, t.len - from, f);
	fputs(after, f);
	fputc('"', f);
}

/* Quotes are not needed: nothing in it that a reader of CSV would take for something else. */
static int is_plain(struct hub_str t)
{
	for (size_t i = 0; i < t.len; i++)
		if (memchr("\",\r\n", t.ptr[i], 4))
			return 0;
	/* blanks at the ends get lost in some programs, a byte order mark at the start of a file */
	return t.len > 0 && t.ptr[0] != ' ' && t.ptr[t.len - 1] != ' ' && !has_mark(t);
}

static void put_cell(const struct csv_sink *s, FILE *f, struct hub_str utf8, struct hub_str bytes)
{
	if (s->conf->formula && is_formula(utf8))
		put_quoted(f, bytes, "'", "");
	else if (s->conf->excel_text && needs_text(utf8))
		put_quoted(f, bytes, "=\"\"", "\"\"");
	else if (is_plain(utf8))
		fwrite(bytes.ptr, 1, bytes.len, f);
	else
		put_quoted(f, bytes, "", "");
}

/* ASCII is the same in both encodings; the rest is encoded, UTF-8 as well: that finds what is none. */
static int encoded(const struct csv_sink *s, struct hub_batch *b, struct hub_str in,
		   struct hub_str *out, uint64_t *lost, struct hub_err *err)
{
	*out = in;
	*lost = 0;
	if (cell_is_ascii(in))
		return HUB_OK;
	return s->host->encode(s->ctx, b, encodings_of[s->conf->encoding], in, out, lost, err);
}

/* --- columns ---------------------------------------------------------------------------------- */

static int no_column(const struct csv_sink *s, const struct hub_batch *b, struct hub_str name,
		     struct hub_err *err)
{
	HUB_FAIL(s->host, err, HUB_CONF, "no-such-column", "the profile has no field %.*s in %.*s",
		 (int)name.len, name.ptr, (int)b->table.len, b->table.ptr);
	s->host->hint(err, "Add it to the profile, or take it out of columns.");
	return err->rc;
}

/* One item of the option, in quotes a fixed text (ASCII); nothing between two commas is an empty one. */
static int find_field(const struct csv_sink *s, const struct hub_batch *b, struct hub_str one,
		      struct field *out, struct hub_err *err)
{
	const int fixed =
	    one.len == 0 || (one.len > 1 && one.ptr[0] == '"' && one.ptr[one.len - 1] == '"');

	if (fixed) {
		*out = (struct field){.fixed = {"", 0}};
		if (one.len > 2)
			out->fixed = (struct hub_str){one.ptr + 1, one.len - 2};
		return cell_is_ascii(out->fixed) ? HUB_OK : no_column(s, b, one, err);
	}
	for (uint32_t c = 0; c < b->cols; c++)
		if (b->col[c].name.len == one.len &&
		    !memcmp(b->col[c].name.ptr, one.ptr, one.len)) {
			*out = (struct field){.col = c};
			return HUB_OK;
		}
	return no_column(s, b, one, err);
}

static int find_fields(struct csv_sink *s, struct hub_batch *b, struct hub_err *err)
{
	struct hub_str rest = s->conf->columns;
	const size_t most = rest.len ? rest.len + 1 : (size_t)b->cols + 1;
	int rc = HUB_OK;

	s->fields = 0;
	s->field = s->host->alloc(s->ctx, b, most * sizeof *s->field);
	if (!s->field)
		return NO_MEMORY(s->host, err);
	for (uint32_t c = 0; rest.len == 0 && c < b->cols; c++)
		s->field[s->fields++] = (struct field){.col = c};
	for (int more = rest.len > 0; more && !rc;) {
		size_t n = 0;
		while (n < rest.len && rest.ptr[n] != ',')
			n++;
		rc = find_field(s, b, label_trim((struct hub_str){rest.ptr, n}),
				&s->field[s->fields++], err);
		more = n < rest.len;
		rest = more ? (struct hub_str){rest.ptr + n + 1, rest.len - n - 1} : rest;
	}
	return rc;
}

/* --- tables ----------------------------------------------------------------------------------- */

static const char *line_end(const struct csv_sink *s)
{
	return s->conf->newline == NEWLINE_CRLF ? "\r\n" : "\n";
}

static int put_header(const struct csv_sink *s, FILE *f, struct hub_batch *b, struct hub_err *err)
{
	int rc;

	if (s->conf->encoding == ENC_UTF8 && s->conf->bom)
		fputs("\xef\xbb\xbf", f);
	if (s->conf->header == HEADER_NONE)
		return HUB_OK;
	for (uint32_t c = 0; c < s->fields; c++) {
		const struct field *field = &s->field[c];
		const struct hub_col *col = &b->col[field->fixed.ptr ? 0 : field->col];
		const struct hub_str title = field->fixed.ptr ? field->fixed
					     : s->conf->header == HEADER_LABEL && col->label.len
						 ? col->label
						 : col->name;
		struct hub_str bytes;
		uint64_t lost;

		if ((rc = encoded(s, b, title, &bytes, &lost, err)))
			return rc;
		if (c > 0)
			fputc(',', f);
		put_cell(s, f, title, bytes);
	}
	fputs(line_end(s), f);
	return HUB_OK;
}

/* The open file of the batch's table; made with its header when it is the first batch. */
static int find_table(struct csv_sink *s, struct hub_batch *b, struct table **out,
		      struct hub_err *err)
{
	for (unsigned i = 0; i < s->tables; i++) {
		const struct table *t = &s->table[i];
		if (t->name.len == b->table.len &&
		    (b->table.len == 0 || !memcmp(t->name.ptr, b->table.ptr, t->name.len))) {
			*out = &s->table[i];
			return outfile_ready(&t->out, err);
		}
	}
	if (s->tables == MAX_TABLES || (s->single && s->tables == 1)) {
		const int rc = HUB_FAIL(s->host, err, HUB_CONF, "one-table",
					"a single CSV file holds one entity only");
		s->host->hint(
		    err, "Give a folder instead of a name ending in .csv, or release one entity.");
		return rc;
	}
	struct table *t = &s->table[s->tables];
	char *name = s->host->alloc(s->ctx, NULL, b->table.len + sizeof ".csv");
	if (!name)
		return NO_MEMORY(s->host, err);
	if (b->table.len)
		memcpy(name, b->table.ptr, b->table.len);
	memcpy(name + b->table.len, ".csv", sizeof ".csv");
	t->name = (struct hub_str){name, b->table.len};

	const struct hub_str file = {name, s->single ? 0 : b->table.len + 4};
	const int rc = outfile_open(&t->out, s->host, s->conf->path, file, err);
	if (rc)
		return rc;
	s->tables++;
	*out = t;
	return put_header(s, t->out.file, b, err);
}

/* Encodes the row first, so that a row that is rejected leaves no half line. */
static int put_row(struct csv_sink *s, struct table *t, struct hub_batch *b, uint32_t r,
		   struct hub_str *cells, struct hub_err *err)
{
	FILE *f = t->out.file;
	int rc, any = 0;

	for (uint32_t i = 0; i < s->fields; i++) {
		const struct hub_col *col = &b->col[s->field[i].col];
		uint64_t lost;

		if (s->field[i].fixed.ptr || !cell_has_text(col, r))
			continue;
		struct hub_str text = col->text[r];
		any = 1;
		if (text.len && memchr(text.ptr, '\0', text.len)) {
			cell_reject(b, r, "nul-in-text", col);
			return HUB_OK;
		}
		if (s->conf->missing == MISSING_REPLACE && !cell_is_ascii(text)) {
			const struct replace_place at = {
			    b->table, col->label.len ? col->label : col->name, t->rows + 1};
			if ((rc = replace_text(&s->replace, b, text, &at, &text, err)))
				return rc;
		}
		if ((rc = encoded(s, b, text, &cells[i], &lost, err)))
			return rc;
		if (lost && s->conf->missing == MISSING_REJECT) {
			cell_reject(b, r, "not-in-encoding", col);
			return HUB_OK;
		}
	}
	for (uint32_t i = 0; i < s->fields; i++) {
		const struct field *field = &s->field[i];
		if (i > 0)
			fputc(',', f);
		if (field->fixed.len)
			put_cell(s, f, field->fixed, field->fixed);
		else if (field->fixed.ptr)
			continue;
		else if (cell_has_text(&b->col[field->col], r))
			put_cell(s, f, b->col[field->col].text[r], cells[i]);
	}
	t->rows++;
	if (!any && s->fields == 1)
		fputs("\"\"", f); /* an empty line is no record to many readers */
	fputs(line_end(s), f);
	b->verdict[r] = HUB_ROW_DONE;
	return HUB_OK;
}

static int csv_write(void *self, struct hub_batch *b, struct hub_err *err)
{
	struct csv_sink *s = self;
	struct table *t = NULL;
	int rc;

	if ((rc = find_fields(s, b, err)))
		return rc;
	struct hub_str *cells = s->host->alloc(s->ctx, b, (s->fields + 1) * sizeof *cells);
	if (!cells)
		return NO_MEMORY(s->host, err);
	if ((rc = find_table(s, b, &t, err)))
		return rc;
	for (uint32_t r = 0; r < b->rows; r++)
		if ((rc = put_row(s, t, b, r, cells, err)))
			return rc;
	return outfile_flush(&t->out, err);
}

static int csv_commit(void *self, struct hub_err *err)
{
	struct csv_sink *s = self;
	int rc;

	for (unsigned i = 0; i < s->tables; i++)
		if ((rc = outfile_finish(&s->table[i].out, err)))
			return rc;
	if (s->replace.opened && ((rc = outfile_finish(&s->replace.out, err)) ||
				  (rc = outfile_publish(&s->replace.out, err))))
		return rc;
	for (unsigned i = 0; i < s->tables; i++)
		if ((rc = outfile_publish(&s->table[i].out, err)))
			return rc;
	return HUB_OK;
}

static void csv_close(void *self)
{
	struct csv_sink *s = self;

	for (unsigned i = 0; i < s->tables; i++)
		outfile_abandon(&s->table[i].out);
	if (s->replace.opened)
		outfile_abandon(&s->replace.out);
}

static const char *const encodings[] = {"utf-8", "cp932", NULL};
static const char *const headers[] = {"label", "name", "none", NULL};
static const char *const newlines[] = {"crlf", "lf", NULL};
static const char *const missing[] = {"reject", "geta", "replace", NULL};

#define AT(field) .offset = offsetof(struct csv_conf, field)
static const struct hub_opt csv_opts[] = {
    {HUB_OPTION("path", PATH, HUB_OPT_REQUIRED | HUB_OPT_WRITES,
		HUB_N("folder for one file per entity, or a name ending in .csv for one entity"),
		AT(path))},
    {HUB_OPTION("encoding", ENUM, 0, HUB_N("encoding of the files"), .dflt = "utf-8",
		.words = encodings, AT(encoding))},
    {HUB_OPTION("bom", BOOL, 0, HUB_N("byte order mark, so that Excel reads UTF-8 as such"),
		.dflt = "true", AT(bom))},
    {HUB_OPTION("header", ENUM, 0, HUB_N("first line: Japanese labels, field names, or none"),
		.dflt = "label", .words = headers, AT(header))},
    {HUB_OPTION("newline", ENUM, 0, HUB_N("line end"), .dflt = "crlf", .words = newlines,
		AT(newline))},
    {HUB_OPTION("neutralise", BOOL, 0,
		HUB_N("put ' before a cell that a spreadsheet would run as a formula"),
		.dflt = "true", AT(formula))},
    {HUB_OPTION(
	"excel_text", BOOL, 0,
	HUB_N(
	    "write numbers that Excel would damage as =\"007\"; only for people, not for programs"),
	.dflt = "false", AT(excel_text))},
    {HUB_OPTION("missing", ENUM, 0,
		HUB_N("a character that the encoding does not have: reject the row, write U+3013, "
		      "or its usual "
		      "form (gaiji, too) with a list of every replacement"),
		.dflt = "reject", .words = missing, AT(missing))},
    {HUB_OPTION(
	"columns", TEXT, 0,
	HUB_N("columns of the file in their order, \"text\" for a fixed one (default: all)"),
	.dflt = "", AT(columns))},
    {.name = NULL},
};

static const struct hub_ops csv_ops = {
    .size = sizeof(struct hub_ops),
    .open = csv_open,
    .write = csv_write,
    .commit = csv_commit,
    .close = csv_close,
};

static const struct hub_plugin csv_plugin = {
    HUB_PLUGIN_HEAD,
    .kind = HUB_SINK,
    .name = "csv",
    .version = "1.0",
    .license = "MIT",
    .summary = HUB_N("CSV files that programs and spreadsheets read without damage"),
    .opts = csv_opts,
    .conf_size = sizeof(struct csv_conf),
    .ops = &csv_ops,
};

const struct hub_plugin *hub_plugin_get(uint32_t index)
{
	return index == 0 ? &csv_plugin : NULL;
}

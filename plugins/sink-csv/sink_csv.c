/* sink-csv - writes released rows as CSV, one file per entity, for programs and for spreadsheets.
 *
 * For whom: agencies that open the file in Excel, and products that import CSV.
 * What it takes care of: byte order mark or CP932; CRLF; labels or field names as header; a cell that
 * a spreadsheet would run as a formula is neutralised; leading zeros stay (excel_text writes ="007").
 * Files appear under their names only at commit, complete and synced; mode 0600.
 * Limits: one table per file; a path ending in .csv takes one table only. */
#include "outfile.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

enum { MAX_TABLES = 64 };
enum encoding { ENC_UTF8 = 0, ENC_CP932 };
enum header { HEADER_LABEL = 0, HEADER_NAME, HEADER_NONE };
enum newline { NEWLINE_CRLF = 0, NEWLINE_LF };
enum missing { MISSING_REJECT = 0, MISSING_GETA };

struct csv_conf {
	struct hub_str path;
	int64_t encoding, bom, header, newline, formula, excel_text, missing;
};

struct table {
	struct hub_str name;
	struct outfile out;
};

struct csv_sink {
	struct hub_ctx *ctx;
	const struct hub_host *host;
	const struct csv_conf *conf;
	int single; /* path is a file, not a folder */
	unsigned tables;
	struct table *table;
};

static int ends_with(struct hub_str s, const char *tail)
{
	const size_t n = strlen(tail);

	return s.len >= n && memcmp(s.ptr + s.len - n, tail, n) == 0;
}

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
		return HUB_FAIL(host, err, HUB_FATAL, "out-of-memory", "out of memory");
	*s = (struct csv_sink){.ctx = ctx, .host = host, .conf = conf};
	s->table = host->alloc(ctx, NULL, MAX_TABLES * sizeof *s->table);
	if (!s->table)
		return HUB_FAIL(host, err, HUB_FATAL, "out-of-memory", "out of memory");
	s->single = ends_with(s->conf->path, ".csv");
	int rc;
	if (!s->single && (rc = make_folder(s, err)))
		return rc;
	*self = s;
	return HUB_OK;
}

/* --- one cell --------------------------------------------------------------------------------- */

/* Digits, and what stands between the digits of a phone number or a negative amount. */
static int looks_numeric(struct hub_str t)
{
	for (size_t i = 1; i < t.len; i++)
		if (!(t.ptr[i] >= '0' && t.ptr[i] <= '9') && !strchr("-. ()", t.ptr[i]))
			return 0;
	return t.len > 1;
}

/* A spreadsheet runs cells that begin with these (OWASP, CSV injection); a phone number +81-3-... or
 * a negative amount is no formula and stays as it is. Full-width forms are run by some, too. */
static int is_formula(struct hub_str t)
{
	static const char *const wide[] = {"\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d",
					   "\xef\xbc\xa0"};

	if (t.len == 0)
		return 0;
	if (t.ptr[0] == '+' || t.ptr[0] == '-')
		return !looks_numeric(t);
	if (strchr("=@\t\r\n", t.ptr[0]))
		return t.ptr[0] != '\0';
	for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++)
		if (t.len >= 3 && memcmp(t.ptr, wide[i], 3) == 0)
			return 1;
	return 0;
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

static void put_cell(const struct csv_sink *s, FILE *f, struct hub_str utf8, struct hub_str bytes)
{
	if (s->conf->formula && is_formula(utf8)) {
		put_quoted(f, bytes, "'", "");
		return;
	}
	if (s->conf->excel_text && needs_text(utf8)) {
		fputs("=\"", f);
		fwrite(bytes.ptr, 1, bytes.len, f);
		fputc('"', f);
		return;
	}
	int plain = 1;
	for (size_t i = 0; plain && i < utf8.len; i++)
		plain = utf8.ptr[i] != '"' && utf8.ptr[i] != ',' && utf8.ptr[i] != '\n' &&
			utf8.ptr[i] != '\r';
	if (plain && utf8.len > 0 && utf8.ptr[0] != ' ' && utf8.ptr[utf8.len - 1] != ' ')
		fwrite(bytes.ptr, 1, bytes.len, f);
	else if (utf8.len > 0)
		put_quoted(f, bytes, "", "");
}

static int encoded(const struct csv_sink *s, struct hub_batch *b, struct hub_str in,
		   struct hub_str *out, uint64_t *lost, struct hub_err *err)
{
	*out = in;
	*lost = 0;
	if (s->conf->encoding == ENC_UTF8)
		return HUB_OK;
	return s->host->encode(s->ctx, b, (struct hub_str){"cp932", 5}, in, out, lost, err);
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
	for (uint32_t c = 0; c < b->cols; c++) {
		const struct hub_col *col = &b->col[c];
		const struct hub_str title =
		    s->conf->header == HEADER_LABEL && col->label.len ? col->label : col->name;
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
			return HUB_OK;
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
		return HUB_FAIL(s->host, err, HUB_FATAL, "out-of-memory", "out of memory");
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
static int put_row(const struct csv_sink *s, FILE *f, struct hub_batch *b, uint32_t r,
		   struct hub_str *cells, struct hub_err *err)
{
	int rc;

	for (uint32_t c = 0; c < b->cols; c++) {
		const struct hub_col *col = &b->col[c];
		uint64_t lost = 0;

		cells[c] = (struct hub_str){"", 0};
		if (col->cell[r] == HUB_VALUE &&
		    (rc = encoded(s, b, col->text[r], &cells[c], &lost, err)))
			return rc;
		if (lost && s->conf->missing == MISSING_REJECT) {
			b->verdict[r] = HUB_ROW_REJECT;
			b->code[r] = "not-in-encoding";
			b->reason[r] = col->name;
			return HUB_OK;
		}
	}
	for (uint32_t c = 0; c < b->cols; c++) {
		if (c > 0)
			fputc(',', f);
		if (b->col[c].cell[r] == HUB_VALUE)
			put_cell(s, f, b->col[c].text[r], cells[c]);
	}
	fputs(line_end(s), f);
	b->verdict[r] = HUB_ROW_DONE;
	return HUB_OK;
}

static int csv_write(void *self, struct hub_batch *b, struct hub_err *err)
{
	struct csv_sink *s = self;
	struct table *t = NULL;
	int rc;

	struct hub_str *cells = s->host->alloc(s->ctx, b, (b->cols + 1) * sizeof *cells);
	if (!cells)
		return HUB_FAIL(s->host, err, HUB_FATAL, "out-of-memory", "out of memory");
	if ((rc = find_table(s, b, &t, err)))
		return rc;
	for (uint32_t r = 0; r < b->rows; r++)
		if ((rc = put_row(s, t->out.file, b, r, cells, err)))
			return rc;
	return ferror(t->out.file) ? outfile_fail(&t->out, err) : HUB_OK;
}

static int csv_commit(void *self, const uint8_t id[16], struct hub_err *err)
{
	struct csv_sink *s = self;
	int rc;

	(void)id;
	for (unsigned i = 0; i < s->tables; i++)
		if ((rc = outfile_commit(&s->table[i].out, err)))
			return rc;
	return HUB_OK;
}

static void csv_close(void *self)
{
	struct csv_sink *s = self;

	for (unsigned i = 0; i < s->tables; i++)
		outfile_abandon(&s->table[i].out);
}

static const char *const encodings[] = {"utf-8", "cp932", NULL};
static const char *const headers[] = {"label", "name", "none", NULL};
static const char *const newlines[] = {"crlf", "lf", NULL};
static const char *const missing[] = {"reject", "geta", NULL};

#define AT(field) offsetof(struct csv_conf, field)
static const struct hub_opt csv_opts[] = {
    {.name = "path",
     .type = HUB_O_PATH,
     .flags = HUB_OPT_REQUIRED | HUB_OPT_WRITES,
     .offset = AT(path),
     .help = "folder for one file per entity, or a name ending in .csv for one entity",
     .since = "1.0"},
    {.name = "encoding",
     .type = HUB_O_ENUM,
     .dflt = "utf-8",
     .words = encodings,
     .offset = AT(encoding),
     .help = "encoding of the files",
     .since = "1.0"},
    {.name = "bom",
     .type = HUB_O_BOOL,
     .dflt = "true",
     .offset = AT(bom),
     .help = "byte order mark, so that Excel reads UTF-8 as such",
     .since = "1.0"},
    {.name = "header",
     .type = HUB_O_ENUM,
     .dflt = "label",
     .words = headers,
     .offset = AT(header),
     .help = "first line: Japanese labels, field names, or none",
     .since = "1.0"},
    {.name = "newline",
     .type = HUB_O_ENUM,
     .dflt = "crlf",
     .words = newlines,
     .offset = AT(newline),
     .help = "line end",
     .since = "1.0"},
    {.name = "neutralise",
     .type = HUB_O_BOOL,
     .dflt = "true",
     .offset = AT(formula),
     .help = "put ' before a cell that a spreadsheet would run as a formula",
     .since = "1.0"},
    {.name = "excel_text",
     .type = HUB_O_BOOL,
     .dflt = "false",
     .offset = AT(excel_text),
     .help = "write numbers that Excel would damage as =\"007\"; only for people, not for programs",
     .since = "1.0"},
    {.name = "missing",
     .type = HUB_O_ENUM,
     .dflt = "reject",
     .words = missing,
     .offset = AT(missing),
     .help = "a character that the encoding does not have: reject the row, or write U+3013 in its "
	     "place",
     .since = "1.0"},
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
    HUB_PLUGIN_HEAD,  .kind = HUB_SINK,
    .name = "csv",    .version = "1.0",
    .license = "MIT", .summary = "CSV files that programs and spreadsheets read without damage",
    .opts = csv_opts, .conf_size = sizeof(struct csv_conf),
    .ops = &csv_ops,
};

const struct hub_plugin *hub_plugin_get(uint32_t index)
{
	return index == 0 ? &csv_plugin : NULL;
}

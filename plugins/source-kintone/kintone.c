/* source-kintone: records of a kintone app, over its REST API or from pages that were saved to a file.
 *
 * Records come in the order of $id, each page behind the last id of the one before: no cursor (there are
 * ten per domain), no offset (it ends at 10 000). A run that stops goes on behind the last id it stored.
 * `fields` names the columns; "表.項目" makes one row per row of that table, as kintone's CSV export does.
 * The API token comes from a file or the environment and is never shown. Limits: README.md.
 *
 * Layers: rest (HTTP and patience), saved (records of a file), value (fields to text), sheet (records to rows), this file. */
#include "infile.h"
#include "ktrest.h"
#include "label.h"
#include "plain.h"
#include "resume.h"
#include "saved.h"
#include "value.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIELDS_MOST = 500, PATH_BYTES = 12288, ANSWER_MOST = 64 << 20, BATCH_BYTES = 256 << 10 };

struct kintone_conf {
	struct hub_str path, url, token, token_file, token_env, fields, query, ca_file;
	int64_t app, guest_space, page, timeout, retry_wait, retry_budget, people;
};

/* A column: a field of the record, or of the rows of the one table. */
struct field {
	const char *code, *sub; /* sub NULL: of the record */
};

struct kintone {
	struct hub_ctx *ctx;
	const struct hub_host *host;
	const struct kintone_conf *conf;
	struct saved saved; /* of a file */
	struct rest rest;
	struct sheet sheet;
	struct field *field;
	const char *table;  /* the table whose rows are rows; NULL: none */
	uint32_t start_col; /* "*" at the first row of a record; SHEET_NONE */
	uint64_t last_id, row, skip;
	struct hub_batch *batch; /* the one at hand */
	int ended, begun;        /* begun: it has its columns */
};

/* --- options ---------------------------------------------------------------------------------- */

static struct rest_place place_of(const struct kintone_conf *k)
{
	return (struct rest_place){.url = k->url,
				   .token = k->token,
				   .token_file = k->token_file,
				   .token_env = k->token_env,
				   .ca_file = k->ca_file,
				   .app = k->app,
				   .timeout = k->timeout,
				   .retry_wait = k->retry_wait,
				   .retry_budget = k->retry_budget};
}

static int check(const void *conf, const struct hub_host *host, struct hub_err *err)
{
	const struct kintone_conf *k = conf;

	if ((k->url.len > 0) == (k->path.len > 0)) {
		HUB_FAIL(host, err, HUB_CONF, "where-from",
			 "either url or a file of saved records must be given");
		host->hint(err, "url = \"https://example.cybozu.com\"; app = 12;");
		return err->rc;
	}
	if (k->path.len)
		return HUB_OK;
	const struct rest_place p = place_of(k);
	return rest_check(&p, host, err);
}

static char *dup_text(const struct kintone *x, const char *p, size_t n)
{
	char *copy = x->host->alloc(x->ctx, NULL, n + 1);

	if (copy && n)
		memcpy(copy, p, n);
	return copy;
}

static int add_column(struct kintone *x, struct hub_str name, struct field f, struct hub_err *err)
{
	const uint32_t col =
	    x->sheet.cols < FIELDS_MOST ? sheet_column(&x->sheet, name) : SHEET_NONE;

	if (col == SHEET_NONE)
		return HUB_FAIL(x->host, err, HUB_REJECT, "too-many-fields",
				"more than %d fields, or out of memory", FIELDS_MOST);
	x->field[col] = f;
	return HUB_OK;
}

/* "番号" or "経過.日付". */
static int add_field(struct kintone *x, struct hub_str name, struct hub_err *err)
{
	char *code = dup_text(x, name.ptr, name.len);
	char *dot = code ? strchr(code, '.') : NULL;

	if (!code)
		return NO_MEMORY(x->host, err);
	if (dot) {
		*dot = '\0';
		if (x->table && strcmp(x->table, code) != 0)
			return HUB_FAIL(x->host, err, HUB_CONF, "two-tables",
					"fields of two tables: one mapping reads the rows of one");
		x->table = code;
	}
	return add_column(x, name, (struct field){code, dot ? dot + 1 : NULL}, err);
}

static int named_fields(struct kintone *x, struct hub_err *err)
{
	struct hub_str rest = x->conf->fields, one, none;
	int rc = HUB_OK;

	while (!rc && label_next(&rest, ",\n", &one, &none))
		rc = add_field(x, one, err);
	if (rc || !x->table)
		return rc;
	static const char start[] = "レコードの開始行";
	x->start_col = x->sheet.cols;
	return add_column(x, (struct hub_str){start, sizeof start - 1}, (struct field){"", NULL},
			  err);
}

/* Fields nobody has named: those of the first record; a table is one cell. */
static int found_fields(struct kintone *x, const json_t *record, struct hub_err *err)
{
	const json_t *v;
	const char *code;
	int rc = HUB_OK;

	json_object_foreach((json_t *)(uintptr_t)record, code, v)
	{
		char *copy = dup_text(x, code, strlen(code));
		(void)v;
		if (!copy)
			return NO_MEMORY(x->host, err);
		if (!rc)
			rc = add_column(x, (struct hub_str){copy, strlen(copy)},
					(struct field){copy, NULL}, err);
	}
	return rc;
}

/* --- pages ------------------------------------------------------------------------------------ */

/* fields[0]=...: a table once, however many of its fields are named. */
static int put_fields(struct kintone *x, char *path, size_t *n, struct hub_err *err)
{
	const char *done = NULL;
	unsigned k = 0;

	if (x->conf->fields.len == 0)
		return HUB_OK;
	for (uint32_t c = 0; c <= x->sheet.cols; c++) {
		const char *code = c < x->sheet.cols ? x->field[c].code : "$id";
		if (!code[0] || (c < x->sheet.cols && x->field[c].sub && done == x->table))
			continue;
		if (c < x->sheet.cols && x->field[c].sub)
			done = x->table;
		char *safe = rest_escape(&x->rest, (struct hub_str){code, strlen(code)});
		const int len = snprintf(path + *n, PATH_BYTES - *n, "&fields%%5B%u%%5D=%s", k++,
					 safe ? safe : "");
		curl_free(safe);
		if (!safe || len < 0 || (size_t)len >= PATH_BYTES - *n || k > 100)
			return HUB_FAIL(x->host, err, HUB_CONF, "query-too-long",
					"more than 100 fields, or names too long for a query");
		*n += (size_t)len;
	}
	return HUB_OK;
}

static int fetch(struct kintone *x, json_t **page, struct hub_err *err)
{
	char path[PATH_BYTES], query[4096];
	const struct kintone_conf *k = x->conf;
	const int q =
	    snprintf(query, sizeof query, "%s%.*s%s$id > %" PRIu64 " order by $id asc limit %lld",
		     k->query.len ? "(" : "", (int)k->query.len, k->query.len ? k->query.ptr : "",
		     k->query.len ? ") and " : "", x->last_id, (long long)k->page);
	if (q < 0 || (size_t)q >= sizeof query)
		return HUB_FAIL(x->host, err, HUB_CONF, "query-too-long", "the query is too long");
	char *safe = rest_escape(&x->rest, (struct hub_str){query, (size_t)q});
	char space[48] = "";
	if (k->guest_space)
		snprintf(space, sizeof space, "/guest/%lld", (long long)k->guest_space);
	const int len = snprintf(path, sizeof path, "/k%s/v1/records.json?app=%lld&query=%s", space,
				 (long long)k->app, safe ? safe : "");
	curl_free(safe);
	if (!safe || len < 0 || (size_t)len >= sizeof path)
		return HUB_FAIL(x->host, err, HUB_CONF, "query-too-long", "the query is too long");
	size_t n = (size_t)len;
	const int rc = put_fields(x, path, &n, err);
	return rc ? rc : rest_get(&x->rest, path, page, err);
}

static uint64_t id_of(const json_t *record)
{
	const char *s = json_string_value(json_object_get(json_object_get(record, "$id"), "value"));
	uint64_t id = 0;

	for (; s && *s >= '0' && *s <= '9'; s++)
		id = id * 10 + (uint64_t)(*s - '0');
	return id;
}

/* --- rows ------------------------------------------------------------------------------------- */

static int is_known(const struct kintone *x, const char *code)
{
	for (uint32_t c = 0; c < x->sheet.cols; c++)
		if (strcmp(x->field[c].code, code) == 0)
			return 1;
	return 0;
}

/* A form that was changed while its records were read. */
static void check_fields(struct kintone *x, const json_t *record)
{
	const json_t *v;
	const char *code;

	json_object_foreach((json_t *)(uintptr_t)record, code, v)
	{
		(void)v;
		if (!is_known(x, code))
			sheet_bad(&x->sheet, "unknown-field", SHEET_NONE);
	}
}

static int put_cell(struct kintone *x, uint32_t c, const json_t *record, const json_t *line,
		    struct hub_err *err)
{
	const struct field *f = &x->field[c];

	if (f->sub && strcmp(f->sub, "$id") == 0) {
		const char *id = json_string_value(json_object_get(line, "id"));
		return id ? sheet_put(&x->sheet, c, (struct hub_str){id, strlen(id)}, err) : HUB_OK;
	}
	const json_t *field = f->sub ? json_object_get(json_object_get(line, "value"), f->sub)
				     : json_object_get(record, f->code);
	return field ? value_put(&x->sheet, c, field, (enum value_people)x->conf->people, err)
		     : HUB_OK; /* else absent */
}

static int add_row(struct kintone *x, const json_t *record, const json_t *line, int first,
		   struct hub_err *err)
{
	struct hub_err why;
	int rc = HUB_OK;

	x->row++;
	const struct hub_prov at = {.row = x->row, .line = x->row, .byte = x->row - 1, .len = 1};
	if (x->row <= x->skip)
		return HUB_OK;
	for (uint32_t c = 0; c < x->sheet.cols && !rc; c++)
		if (c != x->start_col)
			rc = put_cell(x, c, record, line, err);
	if (!rc && x->start_col != SHEET_NONE && first)
		rc = sheet_put(&x->sheet, x->start_col, (struct hub_str){"*", 1}, err);
	if (rc)
		return rc;
	if (x->conf->fields.len == 0)
		check_fields(x, record);
	if (x->sheet.bad)
		HUB_FAIL(x->host, &why, HUB_REJECT, x->sheet.bad,
			 "the record does not fit: a field the first one had not, a line end in a "
			 "choice, or too long");
	return sheet_row(&x->sheet, &at, x->sheet.bad ? why.what : NULL, err);
}

static int add_record(struct kintone *x, const json_t *record, struct hub_err *err)
{
	const json_t *lines =
	    x->table ? json_object_get(json_object_get(record, x->table), "value") : NULL;
	const size_t n = json_array_size(lines);
	int rc = n ? HUB_OK : add_row(x, record, NULL, 1, err);

	for (size_t i = 0; i < n && !rc; i++)
		rc = add_row(x, record, json_array_get(lines, i), i == 0, err);
	const uint64_t id = id_of(record);
	x->last_id = id > x->last_id ? id : x->last_id;
	return rc;
}

/* The first record of a batch: its columns are known now. */
static int begin_rows(struct kintone *x, const json_t *record, struct hub_err *err)
{
	int rc = x->sheet.cols == 0 ? found_fields(x, record, err) : HUB_OK;

	if (!rc && !x->begun) {
		rc = sheet_begin(&x->sheet, x->batch, err);
		x->begun = 1;
	}
	return rc;
}

static int add_page(struct kintone *x, const json_t *page, struct hub_err *err)
{
	const json_t *list = json_is_array(page) ? page : json_object_get(page, "records");
	const size_t n = json_array_size(list);
	const uint64_t before = x->last_id;
	int rc = HUB_OK;

	if (!json_is_array(list))
		return HUB_FAIL(x->host, err, HUB_REJECT, "no-records",
				"the answer holds no list of records");
	if (n)
		rc = begin_rows(x, json_array_get(list, 0), err);
	for (size_t i = 0; i < n && !rc; i++)
		rc = add_record(x, json_array_get(list, i), err);
	if (rc)
		return rc;
	x->ended = n < (size_t)x->conf->page;
	if (n && x->last_id == before)
		return HUB_FAIL(x->host, err, HUB_REJECT, "no-progress",
				"kintone's records have no $id that grows");
	return HUB_OK;
}

/* A record of a file: a member that comes twice, a NUL, half a character make it a bad one. */
static int on_saved(void *arg, struct hub_str text, struct hub_err *err)
{
	struct kintone *x = arg;
	json_t *record = json_loadb(text.ptr, text.len, JSON_REJECT_DUPLICATES, NULL);
	const int fine = json_is_object(record);
	int rc = fine || x->sheet.cols
		     ? begin_rows(x, record, err)
		     : HUB_FAIL(x->host, err, HUB_REJECT, "bad-json",
				"%s: the first record is none of kintone's", x->saved.in.path);

	if (!rc && !fine)
		sheet_bad(&x->sheet, "bad-json", SHEET_NONE);
	if (!rc)
		rc = add_record(x, record, err);
	json_decref(record);
	return rc;
}

static int next_saved(struct kintone *x, struct hub_err *err)
{
	int rc = HUB_OK;

	while (!rc && !x->ended && (x->sheet.rows == 0 || x->sheet.bytes < BATCH_BYTES)) {
		rc = saved_read(&x->saved, err);
		x->ended = x->saved.ended;
	}
	return rc;
}

static int next_pages(struct kintone *x, struct hub_err *err)
{
	int rc = HUB_OK;

	while (!rc && !x->ended && x->sheet.rows == 0) {
		json_t *page = NULL;
		rc = fetch(x, &page, err);
		if (!rc)
			rc = add_page(x, page, err);
		json_decref(page);
	}
	return rc;
}

static int kintone_next(void *self, struct hub_batch *b, struct hub_err *err)
{
	struct kintone *x = self;

	x->begun = 0;
	x->sheet.rows = 0;
	x->sheet.bytes = 0;
	x->batch = b;
	int rc = x->conf->path.len ? next_saved(x, err) : next_pages(x, err);
	if (rc < 0 || !x->begun)
		return rc < 0 ? rc : HUB_END;
	if ((rc = sheet_end(&x->sheet, err)))
		return rc;
	const uint64_t at[] = {x->last_id, x->row};
	return x->sheet.rows ? resume_write(x->ctx, x->host, b, at, 2, NULL, err) : HUB_END;
}

/* --- opening ---------------------------------------------------------------------------------- */

/* A file is read again up to there; the API goes on behind the last id. */
static int read_pos(struct kintone *x, struct hub_str pos, struct hub_err *err)
{
	const char *name = x->conf->path.len ? x->saved.in.path : "kintone";
	uint64_t at[2] = {0}; /* last id, row */
	const int rc = resume_read(x->host, pos, name, at, 2, NULL, err);

	if (rc)
		return rc;
	if (x->conf->path.len) {
		x->skip = at[1];
	} else {
		x->last_id = at[0];
		x->row = at[1];
	}
	return HUB_OK;
}

static void close_input(struct kintone *x)
{
	if (x->conf->path.len)
		saved_close(&x->saved);
	else
		rest_close(&x->rest);
}

static int kintone_open(struct hub_ctx *ctx, const struct hub_host *host, const void *conf,
			struct hub_str pos, void **self, struct hub_err *err)
{
	struct kintone *x = host->alloc(ctx, NULL, sizeof *x);
	struct field *field = host->alloc(ctx, NULL, FIELDS_MOST * sizeof *field);
	int rc;

	if (!x || !field)
		return NO_MEMORY(host, err);
	x->ctx = ctx;
	x->host = host;
	x->conf = conf;
	x->field = field;
	x->start_col = SHEET_NONE;
	sheet_init(&x->sheet, ctx, host, 16 << 20);
	const struct rest_place place = place_of(conf);
	if ((rc = named_fields(x, err)) ||
	    (rc = x->conf->path.len ? saved_open(&x->saved, ctx, host, x->conf->path, err)
				    : rest_at(&x->rest, ctx, host, &place, ANSWER_MOST, err)))
		return rc;
	x->saved.record = on_saved;
	x->saved.arg = x;
	if ((rc = read_pos(x, pos, err))) {
		close_input(x);
		return rc;
	}
	*self = x;
	return HUB_OK;
}

static void kintone_close(void *self)
{
	close_input(self);
}

/* A saved page: records whose members are {"type": ..., "value": ...}, one of them $id. */
static uint32_t kintone_claim(struct hub_str name, struct hub_str head)
{
	static const char id[] = "\"__ID__\"", number[] = "\"RECORD_NUMBER\"";

	(void)name;
	return head.len && (head.ptr[0] == '{' || head.ptr[0] == '[') &&
		       (memmem(head.ptr, head.len, id, sizeof id - 1) ||
			memmem(head.ptr, head.len, number, sizeof number - 1))
		   ? 95
		   : 0;
}

#define AT(member) .offset = offsetof(struct kintone_conf, member)
static const char *const people_words[] = {
    [PEOPLE_BY_CODE] = "code", [PEOPLE_BY_NAME] = "name", NULL};
static const struct hub_opt options[] = {
    {HUB_OPTION("path", PATH, HUB_OPT_INPUT,
		HUB_N("records that were saved from the API, instead of url"), AT(path))},
    {HUB_OPTION("url", URL, 0, HUB_N("https://NAME.cybozu.com"), AT(url))},
    {HUB_OPTION("app", INT, 0, HUB_N("number of the app"), .max = INT64_C(1) << 40, AT(app))},
    {HUB_OPTION("guest_space", INT, 0, HUB_N("number of the guest space the app is in"),
		.max = INT64_C(1) << 40, AT(guest_space))},
    {HUB_OPTION("token", TEXT, HUB_OPT_SECRET, HUB_N("API token; better: token_file or token_env"),
		AT(token))},
    {HUB_OPTION("token_file", PATH, 0, HUB_N("file that holds the API token in one line"),
		AT(token_file))},
    {HUB_OPTION("token_env", TEXT, 0,
		HUB_N("name of the environment variable that holds the API token"), AT(token_env))},
    {HUB_OPTION(
	"fields", TEXT, 0,
	HUB_N("field codes, separated by commas, in this order; TABLE.FIELD: a row per row of the "
	      "table (default: all)"),
	AT(fields))},
    {HUB_OPTION("query", TEXT, 0,
		HUB_N("condition in kintone's query language, without order and limit"),
		AT(query))},
    {HUB_OPTION("people", ENUM, 0,
		HUB_N("people and groups by their code, which stays, or by their name"),
		.dflt = "code", .words = people_words, AT(people))},
    {HUB_OPTION("page", INT, 0, HUB_N("records of one call"), .dflt = "500", .min = 1, .max = 500,
		AT(page))},
    {HUB_OPTION("timeout", MSEC, 0, HUB_N("longest wait for one answer"), .dflt = "60s", .min = 100,
		.max = 3600000, AT(timeout))},
    {HUB_OPTION("retry_wait", MSEC, 0, HUB_N("wait before the first retry; doubles with each"),
		.dflt = "1s", .min = 1, .max = 60000, AT(retry_wait))},
    {HUB_OPTION("retry_budget", MSEC, 0, HUB_N("longest wait of all retries of a call together"),
		.dflt = "5m", .max = 86400000, AT(retry_budget))},
    {HUB_OPTION("ca_file", PATH, 0, HUB_N("certificates to trust instead of the system's"),
		AT(ca_file))},
    {.name = NULL},
};

static const struct hub_ops ops = {
    .size = sizeof ops,
    .open = kintone_open,
    .next = kintone_next,
    .close = kintone_close,
};

static const struct hub_plugin plugin = {
    HUB_PLUGIN_HEAD,
    .kind = HUB_SOURCE,
    .caps = HUB_CAP_SEEK | HUB_CAP_NET,
    .name = "kintone",
    .version = "0.1.0",
    .license = "MIT",
    .summary = HUB_N("reads the records of a kintone app, over its API or from saved pages"),
    .opts = options,
    .conf_size = sizeof(struct kintone_conf),
    .check = check,
    .ops = &ops,
    .claim = kintone_claim,
};

const struct hub_plugin *hub_plugin_get(uint32_t index)
{
	return index == 0 ? &plugin : NULL;
}

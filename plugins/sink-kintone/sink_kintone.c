/* sink-kintone - writes released rows into the records of a kintone app: one record a row, found by its key.
 *
 * A block of 100 rows is looked up first. What is not there is added, what has changed is updated with the
 * revision that was read, what is the same is left alone. Beside its values each record keeps a fingerprint of
 * what was written last: a record whose values no longer fit it was changed by somebody in kintone, and its
 * row is rejected (changed-there), never overwritten. After a call whose outcome is unknown (timeout, lost
 * answer), and after a refused revision, the block is looked up again: so nothing is added twice, also by
 * the run after a kill. Limits: README.md. */
#include "block.h"
#include "cell.h"
#include "label.h"
#include "outfile.h"
#include "plain.h"

#include <stdio.h>

enum { FIELDS_MOST = 90, ANSWER_MOST = 16 << 20 };

struct kintone_conf {
	struct rest_place place;
	int64_t guest_space;
	struct hub_str path, entity, fields, key_field, mark_field;
};

struct kintone_sink {
	struct hub_ctx *ctx;
	const struct hub_host *host;
	const struct kintone_conf *conf;
	struct block block;
	struct outfile out; /* instead of the network */
};

/* The next "項目=column" of a list; 0 at its end. */
static int next_field(struct hub_str *rest, struct hub_str *code, struct hub_str *column)
{
	while (rest->len) {
		size_t n = 0, eq = 0;
		while (n < rest->len && rest->ptr[n] != ',' && rest->ptr[n] != '\n')
			n++;
		const struct hub_str one = label_trim((struct hub_str){rest->ptr, n});
		const size_t used = n < rest->len ? n + 1 : n;
		*rest = (struct hub_str){rest->ptr + used, rest->len - used};
		if (one.len == 0)
			continue;
		while (eq < one.len && one.ptr[eq] != '=')
			eq++;
		*code = label_trim((struct hub_str){one.ptr, eq});
		*column = eq < one.len
			      ? label_trim((struct hub_str){one.ptr + eq + 1, one.len - eq - 1})
			      : *code;
		return 1;
	}
	return 0;
}

static int check(const void *conf, const struct hub_host *host, struct hub_err *err)
{
	const struct kintone_conf *k = conf;
	struct hub_str rest = k->fields, code, column;
	uint32_t n = 0;

	while (next_field(&rest, &code, &column))
		n += code.len && column.len ? 1 : FIELDS_MOST + 1;
	if (n == 0 || n > FIELDS_MOST) {
		HUB_FAIL(host, err, HUB_CONF, "bad-fields",
			 "fields names none, too many, or one without a column");
		host->hint(err,
			   "fields = \"支援日=activity_on, 内容=body\": field codes of the app, "
			   "and columns of the profile.");
		return err->rc;
	}
	if ((k->place.url.len > 0) == (k->path.len > 0)) {
		HUB_FAIL(host, err, HUB_CONF, "where-to", "either url or path must be given");
		host->hint(
		    err,
		    "--to https://example.cybozu.com, or a file that the calls are written to.");
		return err->rc;
	}
	return k->path.len ? HUB_OK : rest_check(&k->place, host, err);
}

static const char *text_dup(const struct kintone_sink *s, struct hub_str t)
{
	return str_keep(s->host, s->ctx, NULL, t).ptr;
}

static int read_fields(struct kintone_sink *s, struct hub_err *err)
{
	struct hub_str rest = s->conf->fields, code, column;
	struct block *b = &s->block;

	b->field = s->host->alloc(s->ctx, NULL, FIELDS_MOST * sizeof *b->field);
	b->key_field = text_dup(s, s->conf->key_field);
	b->mark_field = text_dup(s, s->conf->mark_field);
	while (b->field && next_field(&rest, &code, &column)) {
		b->field[b->fields].code = text_dup(s, code);
		b->field[b->fields].column = column;
		if (!b->field[b->fields++].code)
			b->field = NULL;
	}
	return b->field && b->key_field && b->mark_field ? HUB_OK : NO_MEMORY(s->host, err);
}

static int kintone_open(struct hub_ctx *ctx, const struct hub_host *host, const void *conf,
			struct hub_str pos, void **self, struct hub_err *err)
{
	struct kintone_sink *s = host->alloc(ctx, NULL, sizeof *s);
	int rc;

	(void)pos;
	if (!s)
		return NO_MEMORY(host, err);
	*s = (struct kintone_sink){.ctx = ctx, .host = host, .conf = conf};
	s->block.app = s->conf->place.app;
	s->block.space = s->conf->guest_space;
	if ((rc = read_fields(s, err)))
		return rc;
	if (s->conf->path.len)
		rc = outfile_open(&s->out, host, s->conf->path, (struct hub_str){NULL, 0}, err);
	else
		rc = rest_at(&s->block.rest, ctx, host, &s->conf->place, ANSWER_MOST, err);
	if (!rc)
		*self = s;
	return rc;
}

/* Which columns the fields are; a profile that lacks one is a mistake of the configuration. */
static int find_columns(struct kintone_sink *s, const struct hub_batch *b, struct hub_err *err)
{
	for (uint32_t f = 0; f < s->block.fields; f++) {
		struct block_field *field = &s->block.field[f];
		uint32_t c = 0;
		while (c < b->cols && !str_same(b->col[c].name, field->column))
			c++;
		field->col = c;
		if (c < b->cols)
			continue;
		HUB_FAIL(s->host, err, HUB_CONF, "no-such-column",
			 "the profile has no field %.*s in %.*s", (int)field->column.len,
			 field->column.ptr, (int)b->table.len, b->table.ptr);
		s->host->hint(err, "Add it to the profile, or take it out of fields.");
		return err->rc;
	}
	return HUB_OK;
}

/* The table "deletion" (key, table, release): what the recipient is to delete. */
static int take_back(struct kintone_sink *s, struct hub_batch *b, struct hub_err *err)
{
	int rc = HUB_OK;

	for (uint32_t r = 0; r < b->rows; r++)
		if (b->cols < 2 ||
		    (s->conf->entity.len && !str_same(b->col[1].text[r], s->conf->entity)))
			block_reject(b, r, "other-entity", "the app takes another entity");
		else if (s->conf->path.len)
			block_reject(b, r, "not-sent", "a file of calls takes nothing back");
	for (uint32_t r = 0; r < b->rows && !rc && !s->conf->path.len; r += BLOCK_ROWS)
		rc = block_remove(&s->block, b, r,
				  r + BLOCK_ROWS < b->rows ? r + BLOCK_ROWS : b->rows, err);
	return rc;
}

static int kintone_write(void *self, struct hub_batch *b, struct hub_err *err)
{
	struct kintone_sink *s = self;
	const struct hub_str deletion = {"deletion", 8};
	int rc = s->conf->path.len ? outfile_ready(&s->out, err) : HUB_OK;

	if (rc)
		return rc;
	if (str_same(b->table, deletion))
		return take_back(s, b, err);
	if (s->conf->entity.len && !str_same(s->conf->entity, b->table)) {
		for (uint32_t r = 0; r < b->rows; r++)
			block_reject(b, r, "other-entity", "the app takes another entity");
		return HUB_OK;
	}
	if (b->rows && (rc = find_columns(s, b, err)))
		return rc;
	for (uint32_t r = 0; r < b->rows && !rc; r++)
		rc = cell_check_row(s->ctx, s->host, b, r, NULL, NULL, err);
	for (uint32_t r = 0; r < b->rows && !rc; r += BLOCK_ROWS) {
		const uint32_t to = r + BLOCK_ROWS < b->rows ? r + BLOCK_ROWS : b->rows;
		rc = s->conf->path.len ? block_save(&s->block, b, r, to, s->out.file, err)
				       : block_write(&s->block, b, r, to, err);
	}
	return !rc && s->conf->path.len ? outfile_flush(&s->out, err) : rc;
}

/* Everything has arrived when write() returns; a file appears now. */
static int kintone_commit(void *self, struct hub_err *err)
{
	struct kintone_sink *s = self;

	if (!s->conf->path.len)
		return HUB_OK;
	const int rc = outfile_finish(&s->out, err);
	return rc ? rc : outfile_publish(&s->out, err);
}

static void kintone_close(void *self)
{
	struct kintone_sink *s = self;

	rest_close(&s->block.rest);
	if (s->conf->path.len)
		outfile_abandon(&s->out);
}

#define AT(member) .offset = offsetof(struct kintone_conf, member)
static const struct hub_opt options[] = {
    {HUB_OPTION("path", PATH, HUB_OPT_WRITES,
		HUB_N("file for the calls, instead of url: nothing is sent"), AT(path))},
    {HUB_OPTION("url", URL, HUB_OPT_WRITES, HUB_N("https://NAME.cybozu.com"), AT(place.url))},
    {HUB_OPTION("app", INT, 0, HUB_N("number of the app"), .max = INT64_C(1) << 40, AT(place.app))},
    {HUB_OPTION("guest_space", INT, 0, HUB_N("number of the guest space the app is in"),
		.max = INT64_C(1) << 40, AT(guest_space))},
    {HUB_OPTION("entity", TEXT, 0,
		HUB_N("the entity whose rows become records; others are rejected"), .dflt = "",
		AT(entity))},
    {HUB_OPTION("fields", TEXT, 0, HUB_N("FIELD CODE=COLUMN, ...: what goes where"), .dflt = "key",
		AT(fields))},
    {HUB_OPTION("key_field", TEXT, 0,
		HUB_N("text field of the app that holds the row's key (values not repeated)"),
		.dflt = "tsunagi_key", AT(key_field))},
    {HUB_OPTION("mark_field", TEXT, 0,
		HUB_N("text field of the app that holds the fingerprint of what was written"),
		.dflt = "tsunagi_mark", AT(mark_field))},
    {HUB_OPTION("token", TEXT, HUB_OPT_SECRET, HUB_N("API token; better: token_file or token_env"),
		AT(place.token))},
    {HUB_OPTION("token_file", PATH, 0, HUB_N("file that holds the API token in one line"),
		AT(place.token_file))},
    {HUB_OPTION("token_env", TEXT, 0,
		HUB_N("name of the environment variable that holds the API token"),
		AT(place.token_env))},
    {HUB_OPTION("timeout", MSEC, 0, HUB_N("longest wait for one answer"), .dflt = "60s", .min = 100,
		.max = 3600000, AT(place.timeout))},
    {HUB_OPTION("retry_wait", MSEC, 0, HUB_N("wait before the first retry; doubles with each"),
		.dflt = "1s", .min = 1, .max = 60000, AT(place.retry_wait))},
    {HUB_OPTION("retry_budget", MSEC, 0, HUB_N("longest wait of all retries of a call together"),
		.dflt = "5m", .max = 86400000, AT(place.retry_budget))},
    {HUB_OPTION("ca_file", PATH, 0, HUB_N("certificates to trust instead of the system's"),
		AT(place.ca_file))},
    {.name = NULL},
};

static const struct hub_ops ops = {
    .size = sizeof ops,
    .open = kintone_open,
    .write = kintone_write,
    .commit = kintone_commit,
    .close = kintone_close,
};

static const struct hub_plugin plugin = {
    HUB_PLUGIN_HEAD,
    .kind = HUB_SINK,
    .caps = HUB_CAP_NET,
    .name = "kintone",
    .version = "0.1.0",
    .license = "MIT",
    .summary = HUB_N("writes released rows into the records of a kintone app, by key"),
    .opts = options,
    .conf_size = sizeof(struct kintone_conf),
    .check = check,
    .ops = &ops,
};

const struct hub_plugin *hub_plugin_get(uint32_t index)
{
	return index == 0 ? &plugin : NULL;
}

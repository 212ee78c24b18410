/* sink-json - writes released rows as JSON Lines: one object a line, UTF-8, no byte order mark.
 *
 * {"entity":"activity","activity_on":"2024-07-31","body":"...","_shown":{"body":"masked"}}
 * A cell that holds nothing is left out; one that could not be read, or was withheld, is null.
 * _shown names what the gate changed: masked, pseudonym, generalised, withheld.
 * A text that is no UTF-8 rejects its row. The file appears under its name only at commit, complete and synced; mode 0600. */
#include "cell.h"
#include "outfile.h"
#include "plain.h"

struct json_conf {
	struct hub_str path;
};

struct json_sink {
	struct hub_ctx *ctx;
	const struct hub_host *host;
	struct outfile out;
};

static int json_open(struct hub_ctx *ctx, const struct hub_host *host, const void *conf,
		     struct hub_str pos, void **self, struct hub_err *err)
{
	const struct json_conf *c = conf;
	struct json_sink *s = host->alloc(ctx, NULL, sizeof *s);
	int rc;

	(void)pos;
	if (!s)
		return NO_MEMORY(host, err);
	s->ctx = ctx;
	s->host = host;
	if ((rc = outfile_open(&s->out, host, c->path, (struct hub_str){NULL, 0}, err)))
		return rc;
	*self = s;
	return HUB_OK;
}

static void put_str(FILE *f, struct hub_str t)
{
	size_t from = 0;

	fputc('"', f);
	for (size_t i = 0; i < t.len; i++) {
		const unsigned char c = (unsigned char)t.ptr[i];
		if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f)
			continue;
		fwrite(t.ptr + from, 1, i - from, f);
		from = i + 1;
		if (c == '\n')
			fputs("\\n", f);
		else if (c == '\r')
			fputs("\\r", f);
		else if (c == '\t')
			fputs("\\t", f);
		else if (c == '"' || c == '\\')
			fprintf(f, "\\%c", c);
		else
			fprintf(f, "\\u%04x", c);
	}
	fwrite(t.ptr + from, 1, t.len - from, f);
	fputc('"', f);
}

static void put_shown(FILE *f, const struct hub_batch *b, uint32_t r)
{
	int any = 0;

	for (uint32_t c = 0; c < b->cols; c++) {
		const char *shown = cell_shown(&b->col[c], r);
		if (!shown)
			continue;
		fputs(any ? "," : ",\"_shown\":{", f);
		put_str(f, b->col[c].name);
		fprintf(f, ":\"%s\"", shown);
		any = 1;
	}
	if (any)
		fputc('}', f);
}

static void put_row(FILE *f, const struct hub_batch *b, uint32_t r)
{
	fputs("{\"entity\":", f);
	put_str(f, b->table);
	for (uint32_t c = 0; c < b->cols; c++) {
		const struct hub_col *col = &b->col[c];
		const int text = cell_has_text(col, r);
		if (!text && !cell_shown(col, r) && col->cell[r] != HUB_INVALID)
			continue;
		fputc(',', f);
		put_str(f, col->name);
		fputc(':', f);
		if (text)
			put_str(f, col->text[r]);
		else
			fputs("null", f);
	}
	put_shown(f, b, r);
	fputs("}\n", f);
}

static int json_write(void *self, struct hub_batch *b, struct hub_err *err)
{
	struct json_sink *s = self;
	int rc;

	if ((rc = outfile_ready(&s->out, err)))
		return rc;
	for (uint32_t r = 0; r < b->rows; r++) {
		if ((rc = cell_check_row(s->ctx, s->host, b, r, NULL, NULL, err)))
			return rc;
		if (b->verdict[r] == HUB_ROW_REJECT)
			continue;
		put_row(s->out.file, b, r);
		b->verdict[r] = HUB_ROW_DONE;
	}
	return outfile_flush(&s->out, err);
}

static int json_commit(void *self, struct hub_err *err)
{
	struct json_sink *s = self;

	const int rc = outfile_finish(&s->out, err);
	return rc ? rc : outfile_publish(&s->out, err);
}

static void json_close(void *self)
{
	struct json_sink *s = self;

	outfile_abandon(&s->out);
}

static const struct hub_opt json_opts[] = {
    {HUB_OPTION("path", PATH, HUB_OPT_REQUIRED | HUB_OPT_WRITES, HUB_N("file to write"),
		.offset = offsetof(struct json_conf, path))},
    {.name = NULL},
};

static const struct hub_ops json_ops = {
    .size = sizeof(struct hub_ops),
    .open = json_open,
    .write = json_write,
    .commit = json_commit,
    .close = json_close,
};

static const struct hub_plugin json_plugin = {
    HUB_PLUGIN_HEAD,   .kind = HUB_SINK,
    .name = "jsonl",   .version = "1.0",
    .license = "MIT",  .summary = HUB_N("JSON Lines, one object a row"),
    .opts = json_opts, .conf_size = sizeof(struct json_conf),
    .ops = &json_ops,
};

const struct hub_plugin *hub_plugin_get(uint32_t index)
{
	return index == 0 ? &json_plugin : NULL;
}

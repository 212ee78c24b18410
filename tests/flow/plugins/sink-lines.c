/* sink-lines: an example of a sink (docs/writing-a-plugin.md). A line per row: the entity, then the cells, with
 * tabulators between them. What is withheld is empty. */
#define _POSIX_C_SOURCE 200809L /* fileno, fsync */

#include <hub/plugin.h>

#include <stdio.h>
#include <unistd.h>

struct lines_conf {
	struct hub_str path;
};

struct lines {
	const struct hub_host *host;
	FILE *file;
};

static int lines_open(struct hub_ctx *ctx, const struct hub_host *host, const void *conf,
		      struct hub_str pos, void **self, struct hub_err *err)
{
	const struct lines_conf *k = conf;
	struct lines *s = host->alloc(ctx, NULL, sizeof *s);

	(void)pos;
	if (!s)
		return HUB_FAIL(host, err, HUB_FATAL, "out-of-memory", "out of memory");
	s->host = host;
	s->file = fopen(k->path.ptr, "wb");
	if (!s->file) {
		HUB_FAIL(host, err, HUB_RETRY, "cannot-open", "%s cannot be written", k->path.ptr);
		host->hint(err, "Check the folder and that the user of the hub may write there.");
		return err->rc;
	}
	*self = s;
	return HUB_OK;
}

/* Tabulators and line ends of a text would be taken for those between cells and rows. */
static void put_text(FILE *f, struct hub_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		const char c = text.ptr[i];
		putc(c == '\t' || c == '\n' || c == '\r' ? ' ' : c, f);
	}
}

static int lines_write(void *self, struct hub_batch *b, struct hub_err *err)
{
	struct lines *s = self;

	for (uint32_t r = 0; r < b->rows; r++) {
		put_text(s->file, b->table);
		for (uint32_t c = 0; c < b->cols; c++) {
			putc('\t', s->file);
			if (b->col[c].cell[r] == HUB_VALUE)
				put_text(s->file, b->col[c].text[r]);
		}
		putc('\n', s->file);
		b->verdict[r] = HUB_ROW_DONE; /* of every row */
	}
	return ferror(s->file)
		   ? HUB_FAIL(s->host, err, HUB_RETRY, "cannot-write", "the file cannot be written")
		   : HUB_OK;
}

/* Everything written so far is there after a crash, or this fails. */
static int lines_commit(void *self, struct hub_err *err)
{
	struct lines *s = self;

	return fflush(s->file) || fsync(fileno(s->file))
		   ? HUB_FAIL(s->host, err, HUB_RETRY, "cannot-write", "the file cannot be written")
		   : HUB_OK;
}

static void lines_close(void *self)
{
	struct lines *s = self;

	fclose(s->file);
}

static const struct hub_opt options[] = {
    {.name = "path",
     .type = HUB_O_PATH,
     .flags = HUB_OPT_REQUIRED | HUB_OPT_WRITES,
     .offset = offsetof(struct lines_conf, path),
     .help = HUB_N("the file to write")},
    {.name = NULL},
};

static const struct hub_ops ops = {
    .size = sizeof ops,
    .open = lines_open,
    .write = lines_write,
    .commit = lines_commit,
    .close = lines_close,
};

static const struct hub_plugin plugin = {
    HUB_PLUGIN_HEAD,  .kind = HUB_SINK,
    .name = "lines",  .version = "1.0.0",
    .license = "MIT", .summary = HUB_N("writes a line for each row"),
    .opts = options,  .conf_size = sizeof(struct lines_conf),
    .ops = &ops,
};

const struct hub_plugin *hub_plugin_get(uint32_t index)
{
	return index == 0 ? &plugin : NULL;
}

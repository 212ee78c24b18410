/* source-blocks: an example of a source (docs/writing-a-plugin.md). Records are lines NAME=VALUE up to a line "---":
 *
 *	番号=001
 *	氏名=見本 花子
 *	---
 *
 * A file in UTF-8; a line of more than 64 KiB ends the run. */
#include <hub/plugin.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { LINE_MOST = 1 << 16, BATCH_ROWS = 1000 };

struct blocks_conf {
	struct hub_str path;
};

/* Where the next line stands; with it a run goes on. */
struct place {
	uint64_t byte, line, row;
};

struct blocks {
	struct hub_ctx *ctx;
	const struct hub_host *host;
	FILE *file;
	struct place at;
	char *line; /* LINE_MOST bytes */
};

static int no_memory(const struct hub_host *host, struct hub_err *err)
{
	return HUB_FAIL(host, err, HUB_FATAL, "out-of-memory", "out of memory");
}

/* "BYTE LINE ROW", as write_pos() wrote it. 0, or -1: no position of this source. */
static int read_pos(struct hub_str pos, struct place *out)
{
	uint64_t *const number[] = {&out->byte, &out->line, &out->row};
	size_t i = 0;

	for (size_t k = 0; k < 3; k++) {
		const size_t first = i;
		for (*number[k] = 0;
		     i < pos.len && i < first + 18 && pos.ptr[i] >= '0' && pos.ptr[i] <= '9'; i++)
			*number[k] = *number[k] * 10 + (uint64_t)(pos.ptr[i] - '0');
		if (i == first || (k < 2 && (i == pos.len || pos.ptr[i++] != ' ')))
			return -1;
	}
	return i == pos.len ? 0 : -1;
}

static int write_pos(struct blocks *s, struct hub_batch *b, struct hub_err *err)
{
	char *p = s->host->alloc(s->ctx, b, 64);

	if (!p)
		return no_memory(s->host, err);
	const int n = snprintf(p, 64, "%llu %llu %llu", (unsigned long long)s->at.byte,
			       (unsigned long long)s->at.line, (unsigned long long)s->at.row);
	b->pos = (struct hub_str){p, (size_t)n};
	return HUB_OK;
}

static int blocks_open(struct hub_ctx *ctx, const struct hub_host *host, const void *conf,
		       struct hub_str pos, void **self, struct hub_err *err)
{
	const struct blocks_conf *k = conf;
	struct blocks *s = host->alloc(ctx, NULL, sizeof *s);

	if (!s || !(s->line = host->alloc(ctx, NULL, LINE_MOST)))
		return no_memory(host, err);
	s->ctx = ctx;
	s->host = host;
	if (pos.len && read_pos(pos, &s->at))
		return HUB_FAIL(host, err, HUB_USAGE, "bad-position",
				"the position is none of this source");
	s->file = fopen(k->path.ptr, "rb"); /* a PATH is followed by a NUL byte */
	if (s->file && fseek(s->file, (long)s->at.byte, SEEK_SET) == 0) {
		*self = s;
		return HUB_OK;
	}
	HUB_FAIL(host, err, HUB_RETRY, errno == ENOENT ? "file-missing" : "cannot-open",
		 "%s cannot be read", k->path.ptr);
	host->hint(err, "Check the path and that the user of the hub may read the file.");
	if (s->file)
		fclose(s->file);
	return err->rc;
}

/* The next line without its end: HUB_OK, HUB_END, or what went wrong. */
static int next_line(struct blocks *s, struct hub_str *out, struct hub_err *err)
{
	if (!fgets(s->line, LINE_MOST, s->file))
		return ferror(s->file) ? HUB_FAIL(s->host, err, HUB_RETRY, "cannot-read",
						  "the file cannot be read")
				       : HUB_END;
	size_t n = strlen(s->line);
	s->at.byte += n;
	s->at.line++;
	if (n == LINE_MOST - 1 && s->line[n - 1] != '\n')
		return HUB_FAIL(s->host, err, HUB_REJECT, "line-too-long", "line %llu is too long",
				(unsigned long long)s->at.line);
	while (n && (s->line[n - 1] == '\n' || s->line[n - 1] == '\r'))
		n--;
	*out = (struct hub_str){s->line, n};
	return HUB_OK;
}

/* Memory of the batch: s->line is gone with the next line. ptr NULL: there is none. */
static struct hub_str keep(struct blocks *s, struct hub_batch *b, struct hub_str text)
{
	char *p = s->host->alloc(s->ctx, b, text.len + 1);

	if (p)
		memcpy(p, text.ptr, text.len);
	return (struct hub_str){p, text.len};
}

/* The column of that name; a new one where there is none. */
static int find_column(struct blocks *s, struct hub_batch *b, struct hub_str name, uint32_t *col)
{
	for (*col = 0; *col < b->cols; ++*col)
		if (b->col[*col].name.len == name.len &&
		    memcmp(b->col[*col].name.ptr, name.ptr, name.len) == 0)
			return HUB_OK;
	const struct hub_str kept = keep(s, b, name);
	return kept.ptr ? s->host->column(s->ctx, b, kept, col) : HUB_FATAL;
}

/* A record begins: its cells are ABSENT until a line says something. */
static int begin_row(struct blocks *s, struct hub_batch *b, const struct place *at)
{
	const uint32_t row = b->rows;

	if (s->host->rows(s->ctx, b, row + 1))
		return HUB_FATAL;
	b->prov[row] =
	    (struct hub_prov){.row = ++s->at.row, .line = at->line + 1, .byte = at->byte};
	return HUB_OK;
}

static int put_line(struct blocks *s, struct hub_batch *b, struct hub_str line)
{
	static const char why[] = "a line of the record has no =";
	const uint32_t row = b->rows - 1;
	const char *equals = memchr(line.ptr, '=', line.len);
	uint32_t col;

	b->prov[row].len = (uint32_t)(s->at.byte - b->prov[row].byte);
	if (!equals) { /* a bad row is no failed call, and its text no message */
		b->verdict[row] = HUB_ROW_REJECT;
		b->code[row] = "no-equals-sign";
		b->reason[row] = (struct hub_str){why, sizeof why - 1};
		return HUB_OK;
	}
	const size_t n = (size_t)(equals - line.ptr);
	const struct hub_str text = keep(s, b, (struct hub_str){equals + 1, line.len - n - 1});
	if (!text.ptr || find_column(s, b, (struct hub_str){line.ptr, n}, &col))
		return HUB_FATAL;
	b->col[col].text[row] = text;
	b->col[col].cell[row] = text.len ? HUB_VALUE : HUB_NULL;
	return HUB_OK;
}

static int blocks_next(void *self, struct hub_batch *b, struct hub_err *err)
{
	struct blocks *s = self;
	struct hub_str line;
	int open = 0, rc = HUB_OK;

	/* a batch ends behind a whole record, so that its position is the beginning of one */
	while (open || b->rows < BATCH_ROWS) {
		const struct place at = s->at;
		if ((rc = next_line(s, &line, err)))
			break;
		if (line.len == 3 && memcmp(line.ptr, "---", 3) == 0) {
			open = 0;
			continue;
		}
		if (line.len == 0)
			continue;
		if ((!open && begin_row(s, b, &at)) || put_line(s, b, line))
			return no_memory(s->host, err);
		open = 1;
	}
	if (rc < 0)
		return rc;
	return b->rows ? write_pos(s, b, err) : HUB_END;
}

static void blocks_close(void *self)
{
	struct blocks *s = self;

	fclose(s->file);
}

/* By its name alone: a look into the head would tell more. */
static uint32_t blocks_claim(struct hub_str name, struct hub_str head)
{
	static const char end[] = ".blocks";
	const size_t n = sizeof end - 1;

	(void)head;
	return name.len > n && memcmp(name.ptr + name.len - n, end, n) == 0 ? 90 : 0;
}

static const struct hub_opt options[] = {
    {.name = "path",
     .type = HUB_O_PATH,
     .flags = HUB_OPT_REQUIRED | HUB_OPT_INPUT,
     .offset = offsetof(struct blocks_conf, path),
     .help = HUB_N("the file")},
    {.name = NULL},
};

static const struct hub_ops ops = {
    .size = sizeof ops,
    .open = blocks_open,
    .next = blocks_next,
    .close = blocks_close,
};

static const struct hub_plugin plugin = {
    HUB_PLUGIN_HEAD,
    .kind = HUB_SOURCE,
    .caps = HUB_CAP_SEEK,
    .name = "blocks",
    .version = "1.0.0",
    .license = "MIT",
    .summary = HUB_N("reads records of lines NAME=VALUE"),
    .opts = options,
    .conf_size = sizeof(struct blocks_conf),
    .ops = &ops,
    .claim = blocks_claim,
};

const struct hub_plugin *hub_plugin_get(uint32_t index)
{
	return index == 0 ? &plugin : NULL;
}

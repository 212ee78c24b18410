#include "kin_sink.h"
#include "cell.h"
#include "kin_draw.h"
#include "outfile.h"
#include "plain.h"

#include <string.h>

struct kin_sink {
	struct hub_ctx *ctx;
	const struct hub_host *host;
	const struct kin_sink_conf *conf;
	struct outfile out;
	struct kin kin;
};

static int sink_open(struct hub_ctx *ctx, const struct hub_host *host, const void *conf,
		     struct hub_str pos, void **self, struct hub_err *err)
{
	struct kin_sink *s = host->alloc(ctx, NULL, sizeof *s);
	int rc;

	(void)pos;
	if (!s)
		return NO_MEMORY(host, err);
	*s = (struct kin_sink){.ctx = ctx, .host = host, .conf = conf};
	if (kin_open(&s->kin))
		return NO_MEMORY(host, err);
	if ((rc = outfile_open(&s->out, host, s->conf->path, (struct hub_str){NULL, 0}, err))) {
		kin_close(&s->kin);
		return rc;
	}
	*self = s;
	return HUB_OK;
}

static int too_many(const struct kin_sink *s, struct hub_err *err)
{
	HUB_FAIL(s->host, err, HUB_USAGE, "too-many-people",
		 "a picture is of one case, and these rows are of more");
	s->host->hint(err, "Give the case: --case NUMBER.");
	return err->rc;
}

static int sink_write(void *self, struct hub_batch *b, struct hub_err *err)
{
	struct kin_sink *s = self;
	int rc;

	if ((rc = outfile_ready(&s->out, err)))
		return rc;
	for (uint32_t r = 0; r < b->rows; r++) {
		if ((rc = cell_check_row(s->ctx, s->host, b, r, NULL, NULL, err)))
			return rc;
		if (b->verdict[r] != HUB_ROW_REJECT)
			b->verdict[r] = HUB_ROW_DONE;
	}
	if (kin_take(&s->kin, b) == KIN_OK && s->kin.cases < 2)
		return HUB_OK;
	return too_many(s, err);
}

static int sink_commit(void *self, struct hub_err *err)
{
	static const int what[] = {KIN_GENOGRAM | KIN_ECOMAP, KIN_GENOGRAM, KIN_ECOMAP};
	struct kin_sink *s = self;
	int rc;

	if (s->out.file) {
		if (kin_settle(&s->kin))
			return too_many(s, err);
		kin_layout(&s->kin);
		kin_draw(&s->kin, what[s->conf->draw], s->out.file);
		if ((rc = outfile_flush(&s->out, err)))
			return rc;
	}
	rc = outfile_finish(&s->out, err);
	return rc ? rc : outfile_publish(&s->out, err);
}

static void sink_close(void *self)
{
	struct kin_sink *s = self;

	outfile_abandon(&s->out);
	kin_close(&s->kin);
}

static const char *const draw_words[] = {"both", "genogram", "ecomap", NULL};

const struct hub_opt kin_sink_opts[] = {
    {HUB_OPTION("path", PATH, HUB_OPT_REQUIRED | HUB_OPT_WRITES, HUB_N("file to write"),
		.offset = offsetof(struct kin_sink_conf, path))},
    {HUB_OPTION("draw", ENUM, 0, HUB_N("which picture"), .dflt = "both", .words = draw_words,
		.offset = offsetof(struct kin_sink_conf, draw))},
    {.name = NULL},
};

const struct hub_ops kin_sink_ops = {
    .size = sizeof(struct hub_ops),
    .open = sink_open,
    .write = sink_write,
    .commit = sink_commit,
    .close = sink_close,
};

/* filter-trim - strips white space around text cells. Useful, and the template to copy:
 *
 *  1. Copy this folder and give it your name (docs/writing-a-plugin.md goes through it step by step):
 *     plugins/<kind>-<name>/, <name>.c, PLUGINS += <kind>-<name> in plugin.mk.
 *  2. Change this comment: what the plugin does, for whom, and where its limits are.
 *  3. struct trim_conf: one member per option. TEXT, PATH and URL are struct hub_str, everything else
 *     is int64_t. The hub fills it; you parse nothing.
 *  4. options[]: one row per member. The hub makes defaults, checks, messages and documentation of it.
 *  5. struct trim: what one running instance needs to remember. No globals: there may be many.
 *  6. trim_open: get memory from host->alloc, open what you need, or fail with HUB_FAIL and say what
 *     the operator can do with host->hint. After a failed open, close is not called: undo it yourself.
 *  7. trim_apply: the work. A source has next, a sink write and commit, a detector detect instead;
 *     hub/plugin.h says what each must do. Values of cells never go into messages.
 *  8. trim_close: give back what is not memory of the host (files, sockets).
 *  9. trim_check: rules between options, without touching the outside. Leave it out if there are none.
 * 10. The descriptor at the end: kind, capabilities, name, version, one line of summary.
 * 11. test_trim.c: three calls and what must come out. Then: make contract P=<kind>-<name>
 *
 * Limits: knows the blanks of ASCII and the full-width space U+3000; batches in UTF-8 only. */
#include <hub/plugin.h>

#include <string.h>

/* ---- what can be set ---- */

enum side { SIDE_BOTH = 0, SIDE_LEFT, SIDE_RIGHT };

struct trim_conf {
	struct hub_str column;
	int64_t side, full_width, empty_is_null;
};

/* ---- one running instance ---- */

struct trim {
	struct hub_ctx *ctx;
	const struct hub_host *host;
	const struct trim_conf *conf; /* the hub keeps it until close */
};

/* ---- the work ---- */

/* A text from the hub is pointer and length; those of options have a NUL behind them as well. */
static int is(struct hub_str s, const char *z)
{
	return s.len == strlen(z) && memcmp(s.ptr, z, s.len) == 0;
}

/* Bytes of the blank that begins at p, 0 if there is none. */
static size_t blank_at(const struct trim_conf *conf, const char *p, size_t left)
{
	if (*p == ' ' || (*p >= '\t' && *p <= '\r'))
		return 1;
	return conf->full_width && left >= 3 && memcmp(p, "\xe3\x80\x80", 3) == 0 ? 3 : 0;
}

/* Bytes of the blank that ends before p + len. */
static size_t blank_before(const struct trim_conf *conf, const char *p, size_t len)
{
	if (blank_at(conf, p + len - 1, 1))
		return 1;
	return len >= 3 && blank_at(conf, p + len - 3, 3) == 3 ? 3 : 0;
}

/* A cell is borrowed memory: cutting it means pointing into it, nothing is copied. */
static struct hub_str trimmed(const struct trim_conf *conf, struct hub_str s)
{
	size_t n;

	while (conf->side != SIDE_RIGHT && s.len > 0 && (n = blank_at(conf, s.ptr, s.len)) > 0) {
		s.ptr += n;
		s.len -= n;
	}
	while (conf->side != SIDE_LEFT && s.len > 0 && (n = blank_before(conf, s.ptr, s.len)) > 0)
		s.len -= n;
	return s;
}

static int wanted(const struct trim_conf *conf, const struct hub_col *col)
{
	return conf->column.len == 0 || is(col->name, conf->column.ptr);
}

/* Returns how many cells changed. Only VALUE is touched: ABSENT and NULL have no text, and INVALID
 * keeps what could not be read exactly as it was. */
static int64_t trim_column(const struct trim_conf *conf, struct hub_col *col, uint32_t rows)
{
	int64_t changed = 0;

	for (uint32_t r = 0; r < rows; r++) {
		if (col->cell[r] != HUB_VALUE)
			continue;
		const struct hub_str t = trimmed(conf, col->text[r]);
		changed += t.len != col->text[r].len;
		col->text[r] = t;
		if (t.len == 0 && conf->empty_is_null)
			col->cell[r] = HUB_NULL;
	}
	return changed;
}

static int trim_open(struct hub_ctx *ctx, const struct hub_host *host, const void *conf,
		     struct hub_str pos, void **self, struct hub_err *err)
{
	(void)pos; /* for sources: where to go on */
	struct trim *t = host->alloc(ctx, NULL, sizeof *t);

	if (!t)
		return HUB_FAIL(host, err, HUB_FATAL, "out-of-memory", "out of memory");
	*t = (struct trim){.ctx = ctx, .host = host, .conf = conf};
	*self = t;
	return HUB_OK;
}

static int trim_apply(void *self, struct hub_batch *b, struct hub_err *err)
{
	const struct trim *t = self;
	int64_t changed = 0;

	if (b->encoding.len != 0 && !is(b->encoding, "utf-8")) {
		HUB_FAIL(t->host, err, HUB_REJECT, "not-decoded", "the batch is not in UTF-8");
		t->host->hint(err, "Put the filter behind the decoding of the source.");
		return HUB_REJECT;
	}
	for (uint32_t c = 0; c < b->cols; c++)
		if (wanted(t->conf, &b->col[c]))
			changed += trim_column(t->conf, &b->col[c], b->rows);
	t->host->count(t->ctx, "trimmed", changed);
	return HUB_OK;
}

static void trim_close(void *self)
{
	(void)self; /* its memory is the host's, and it opened nothing */
}

static int trim_check(const void *conf, const struct hub_host *host, struct hub_err *err)
{
	const struct trim_conf *c = conf;

	if (c->empty_is_null && c->side != SIDE_BOTH) {
		HUB_FAIL(host, err, HUB_CONF, "empty-needs-both",
			 "empty_is_null needs side = \"both\"");
		host->hint(err, "A cell of blanks is empty only when both sides are trimmed.");
		return HUB_CONF;
	}
	return HUB_OK;
}

/* ---- what the hub is told ---- */

static const char *const sides[] = {"both", "left", "right", NULL};

#define AT(member) .offset = offsetof(struct trim_conf, member)
static const struct hub_opt options[] = {
    {HUB_OPTION("column", TEXT, 0, HUB_N("column to trim; all columns when absent"), AT(column))},
    {HUB_OPTION("side", ENUM, 0, HUB_N("where blanks are removed"), AT(side), .words = sides,
		.dflt = "both")},
    {HUB_OPTION("full_width", BOOL, 0, HUB_N("the full-width space counts as a blank"),
		AT(full_width), .dflt = "true")},
    {HUB_OPTION("empty_is_null", BOOL, 0, HUB_N("a cell of blanks becomes empty (NULL)"),
		AT(empty_is_null), .dflt = "false")},
    {.name = NULL},
};

static const struct hub_ops ops = {
    .size = sizeof(struct hub_ops),
    .open = trim_open,
    .apply = trim_apply,
    .close = trim_close,
};

static const struct hub_plugin plugin = {
    HUB_PLUGIN_HEAD,
    .kind = HUB_FILTER,
    .caps = HUB_CAP_PURE | HUB_CAP_PARALLEL,
    .name = "trim",
    .version = "1.0",
    .license = "MIT",
    .summary = HUB_N("strips white space around text cells"),
    .opts = options,
    .conf_size = sizeof(struct trim_conf),
    .check = trim_check,
    .ops = &ops,
};

const struct hub_plugin *hub_plugin_get(uint32_t index)
{
	return index == 0 ? &plugin : NULL;
}

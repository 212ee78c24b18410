#include "plugin/host.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/map.h"
#include "base/str.h"
#include "plugin/merge.h"
#include "text/encoding.h"
#include "text/fold.h"
#include "text/name.h"

#include <stdlib.h>

enum {
	INSTANCE_LIMIT = 64 << 20, /* what one instance may hold beside its batches */
	ENCODE_LIMIT = 64 << 20,   /* one text to encode */
	LOG_LINE = 512,
	MAX_METRICS = 256,
};

struct hub_ctx {
	const struct hub_plugin *plugin;
	struct hub_arena *arena; /* until close */
	struct hub_arena *call;  /* until detect() returns; NULL outside it */
	struct hub_arena *texts; /* the one behind `call`, kept between calls */
	struct hub_map *counts;
	int64_t deadline; /* of hub_ticks_ms(); -1: none */
	int level;
	const struct hub_doc *docs; /* of the running detect() */
	uint32_t ndocs;
	struct hub_span *spans;
	size_t nspans, cap;
	const char *bad_span; /* first one refused: why */
};

struct hub_instance {
	struct hub_ctx ctx;
	void *self;
	struct hub_host host; /* of a service: with its desk */
	struct hub_instance
	    *filter; /* of a source: what its batches go through; of a filter: the next */
};

/* ---- services ---- */

static struct hub_arena *arena_of(struct hub_ctx *ctx, struct hub_batch *b)
{
	return b ? hub_batch_arena(b) : ctx->call ? ctx->call : ctx->arena;
}

static void *host_alloc(struct hub_ctx *ctx, struct hub_batch *b, size_t n)
{
	return hub_alloc0(arena_of(ctx, b), n);
}

static int host_column(struct hub_ctx *ctx, struct hub_batch *b, struct hub_str name, uint32_t *idx)
{
	(void)ctx;
	return hub_batch_column(b, name, idx);
}

static int host_rows(struct hub_ctx *ctx, struct hub_batch *b, uint32_t rows)
{
	(void)ctx;
	return hub_batch_rows(b, rows);
}

/* One line, printable, cut: whatever a foreign system put into it cannot forge a second line. */
static void host_log(struct hub_ctx *ctx, int level, const char *fmt, ...)
{
	static const char *const names[] = {
	    [HUB_LOG_ERROR] = HUB_N("error"),
	    [HUB_LOG_WARN] = HUB_N("warning"),
	    [HUB_LOG_INFO] = HUB_N("info"),
	};
	char line[LOG_LINE];
	va_list ap;

	if (level > ctx->level)
		return;
	va_start(ap, fmt);
	vsnprintf(line, sizeof line, hub_tr(fmt), ap);
	va_end(ap);
	struct hub_str s = hub_str_of(line);
	s.len = hub_utf8_valid(s);
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)line[i] < ' ' || line[i] == 0x7f)
			line[i] = ' ';
	const char *name = level > 0 && level < (int)HUB_COUNT(names) && names[level]
			       ? hub_tr(names[level])
			       : hub_tr("info");
	fprintf(stderr, "%s: %s %s: %.*s\n", name, hub_kind_name(ctx->plugin->kind),
		ctx->plugin->name, HUB_FMT(s));
}

static void host_count(struct hub_ctx *ctx, const char *metric, int64_t add)
{
	uint64_t v = 0;
	const struct hub_str name = hub_str_of(metric);

	if (!hub_map_get(ctx->counts, name, &v) && hub_map_count(ctx->counts) == MAX_METRICS)
		return;
	/* out of memory loses a counter, never a row */
	(void)hub_map_put(ctx->counts, name, v + (uint64_t)add);
}

static int64_t host_left_ms(struct hub_ctx *ctx)
{
	return ctx->deadline < 0 ? INT64_MAX : ctx->deadline - hub_ticks_ms();
}

/* The sample may end anywhere: it is the head of a file, as a rule. */
static const char *host_encoding(const char *bytes, size_t n, size_t *bom)
{
	return hub_enc_name(hub_enc_detect((struct hub_str){bytes, n}, 0, bom));
}

static enum hub_enc enc_named(struct hub_str encoding)
{
	return encoding.len ? hub_enc_of(encoding) : HUB_ENC_UTF8;
}

static int host_byte_safe(struct hub_str encoding)
{
	return hub_enc_byte_safe(enc_named(encoding));
}

static int host_decode(struct hub_ctx *ctx, struct hub_batch *b, struct hub_str encoding,
		       struct hub_str in, struct hub_str *out, size_t *used, struct hub_err *err)
{
	const enum hub_enc enc = enc_named(encoding);

	if (enc == HUB_ENC_NONE)
		return hub_fail(err, HUB_CONF, "unknown-encoding", "unknown encoding \"%.*s\"",
				HUB_FMT(encoding));
	*out = hub_decode_arena(arena_of(ctx, b), enc, in, used, NULL);
	return out->ptr ? HUB_OK : hub_fail_mem(err);
}

static int host_fold(struct hub_ctx *ctx, struct hub_batch *b, uint32_t how, struct hub_str in,
		     struct hub_str *out)
{
	struct hub_arena *a = arena_of(ctx, b);

	if (how == HUB_FOLD_NAME)
		*out = hub_name_key(a, in, NULL);
	else if (how == HUB_FOLD_KANA)
		*out = hub_fold_kana(a, in);
	else
		*out = hub_fold_width(a, in, 0, NULL);
	return out->ptr ? HUB_OK : HUB_FATAL;
}

/* Takes the places of characters that the encoding does not have. */
struct losses {
	struct hub_buf text; /* the text with U+3013 in their place */
	struct hub_str in;
	size_t done; /* of in */
};

static void lose(void *arg, uint32_t cp, size_t at, struct hub_buf *out)
{
	struct losses *l = arg;
	size_t next = at;

	(void)cp;
	(void)out;
	hub_utf8_next(l->in, &next);
	hub_buf_str(&l->text, hub_str_cut(l->in, l->done, at));
	hub_buf_puts(&l->text, "\xe3\x80\x93");
	l->done = next;
}

/* Twice when something is lost: only the encoder knows how U+3013 is written at that place. */
static int encode_to(struct hub_buf *to, enum hub_enc enc, struct hub_str in, uint64_t *lost)
{
	struct losses l = {.in = in};
	const struct hub_enc_report report = {.arg = &l, .lost = lose};

	hub_buf_init(&l.text, ENCODE_LIMIT);
	*lost = hub_encode(enc, in, to, NULL, &report);
	if (*lost) {
		hub_buf_str(&l.text, hub_str_from(in, l.done));
		hub_buf_reset(to);
		hub_encode(enc, hub_buf_text(&l.text), to, NULL, NULL);
	}
	const int ok = hub_buf_ok(to) && hub_buf_ok(&l.text);
	hub_buf_free(&l.text);
	return ok ? HUB_OK : HUB_FATAL;
}

static int host_encode(struct hub_ctx *ctx, struct hub_batch *b, struct hub_str encoding,
		       struct hub_str in, struct hub_str *out, uint64_t *lost, struct hub_err *err)
{
	const enum hub_enc enc = enc_named(encoding);
	struct hub_buf to;
	int rc;

	if (enc == HUB_ENC_NONE)
		return hub_fail(err, HUB_CONF, "unknown-encoding", "unknown encoding \"%.*s\"",
				HUB_FMT(encoding));
	hub_buf_init(&to, ENCODE_LIMIT);
	rc = encode_to(&to, enc, in, lost);
	if (!rc) {
		*out = hub_arena_str(arena_of(ctx, b), hub_buf_text(&to));
		rc = out->ptr ? HUB_OK : HUB_FATAL;
	}
	hub_buf_free(&to);
	return rc ? hub_fail_mem(err) : HUB_OK;
}

/* Why a span cannot be, or NULL. */
static const char *span_fault(const struct hub_ctx *ctx, const struct hub_span *s)
{
	if (s->doc >= ctx->ndocs)
		return "doc";
	const struct hub_doc *d = &ctx->docs[s->doc];
	if (s->start >= s->end || s->end > d->text.len)
		return "start, end";
	if (((unsigned char)d->text.ptr[s->start] & 0xc0) == 0x80 ||
	    (s->end < d->text.len && ((unsigned char)d->text.ptr[s->end] & 0xc0) == 0x80))
		return "code point";
	if (s->type < HUB_SPAN_PERSON || s->type > HUB_SPAN_ORG)
		return "type";
	if (s->person < -1 || (s->person >= 0 && (uint32_t)s->person >= d->persons))
		return "person";
	if (s->confidence > 1000 || !s->origin)
		return "confidence, origin";
	return NULL;
}

static int host_span(struct hub_ctx *ctx, const struct hub_span *s)
{
	const char *why = span_fault(ctx, s);

	if (why) {
		if (!ctx->bad_span)
			ctx->bad_span = why;
		return HUB_FATAL;
	}
	if (ctx->nspans == ctx->cap) {
		const size_t cap = ctx->cap ? ctx->cap * 2 : 256;
		struct hub_span *more =
		    hub_heap_grow(ctx->spans, ctx->cap * sizeof *more, cap * sizeof *more);
		if (!more)
			return HUB_FATAL;
		ctx->spans = more;
		ctx->cap = cap;
	}
	ctx->spans[ctx->nspans++] = *s;
	return HUB_OK;
}

static const struct hub_host host = {
    .size = sizeof(struct hub_host),
    .abi_major = HUB_ABI_MAJOR,
    .abi_minor = HUB_ABI_MINOR,
    .alloc = host_alloc,
    .column = host_column,
    .rows = host_rows,
    .log = host_log,
    .count = host_count,
    .fail = hub_fail_at,
    .hint = hub_hint,
    .left_ms = host_left_ms,
    .encoding = host_encoding,
    .byte_safe = host_byte_safe,
    .decode = host_decode,
    .fold = host_fold,
    .span = host_span,
    .encode = host_encode,
};

const struct hub_host *hub_host(void)
{
	return &host;
}

/* ---- instances ---- */

static void drop(struct hub_instance *inst)
{
	hub_heap_put(inst->ctx.spans);
	hub_arena_free(inst->ctx.texts);
	hub_arena_free(inst->ctx.arena);
	hub_heap_put(inst);
}

static struct hub_instance *make(const struct hub_plugin *plugin)
{
	struct hub_instance *inst = hub_heap_get(sizeof *inst);

	if (!inst)
		return NULL;
	*inst =
	    (struct hub_instance){.ctx = {.plugin = plugin, .deadline = -1, .level = HUB_LOG_WARN}};
	inst->ctx.arena = hub_arena_new(INSTANCE_LIMIT);
	inst->ctx.texts = hub_arena_new(INSTANCE_LIMIT);
	if (inst->ctx.arena && inst->ctx.texts)
		inst->ctx.counts = hub_map_new(inst->ctx.arena);
	if (!inst->ctx.counts) {
		drop(inst);
		return NULL;
	}
	return inst;
}

int hub_tidy(const struct hub_plugin *plugin, int rc, struct hub_err *err)
{
	if (rc < 0 && err && (!err->code[0] || err->rc >= 0))
		return hub_fail(err, rc, "plugin-silent", "%s %s failed without giving a reason",
				hub_kind_name(plugin->kind), plugin->name);
	return rc;
}

/* An older failure, in err or of memory, must not pass for this call's. */
static struct hub_err *fresh(struct hub_err *err)
{
	hub_json_watch();
	if (err)
		*err = (struct hub_err){0};
	return err;
}

/* A plugin that was given half of a JSON text does not know it. */
static int heard(const struct hub_plugin *plugin, int rc, struct hub_err *err)
{
	return rc >= 0 && hub_json_starved() ? hub_fail_mem(err) : hub_tidy(plugin, rc, err);
}

static int open_with(const struct hub_plugin *plugin, const void *conf, struct hub_str pos,
		     const struct hub_desk *desk, struct hub_instance **out, struct hub_err *err)
{
	struct hub_instance *inst = make(plugin);

	if (!inst)
		return hub_fail_mem(err);
	inst->host = host;
	inst->host.desk = desk;
	const int rc = heard(
	    plugin, plugin->ops->open(&inst->ctx, &inst->host, conf, pos, &inst->self, fresh(err)),
	    err);
	if (rc) {
		drop(inst);
		return rc < 0 ? rc
			      : hub_fail(err, HUB_FATAL, "plugin-result",
					 "%s %s returned %d from %s, which has no meaning",
					 hub_kind_name(plugin->kind), plugin->name, rc, "open");
	}
	*out = inst;
	return HUB_OK;
}

int hub_instance_open(const struct hub_plugin *plugin, const void *conf, struct hub_str pos,
		      struct hub_instance **out, struct hub_err *err)
{
	return open_with(plugin, conf, pos, NULL, out, err);
}

int hub_service_open(const struct hub_plugin *plugin, const void *conf, const struct hub_desk *desk,
		     struct hub_instance **out, struct hub_err *err)
{
	const struct hub_str start = {"", 0};

	return open_with(plugin, conf, start, desk, out, err);
}

void *hub_service_begin(struct hub_instance *inst, int64_t ms, struct hub_ctx **ctx)
{
	hub_arena_reset(inst->ctx.texts);
	inst->ctx.call = inst->ctx.texts;
	hub_instance_deadline(inst, ms);
	*ctx = &inst->ctx;
	return inst->self;
}

void hub_service_end(struct hub_instance *inst)
{
	inst->ctx.call = NULL;
}

void hub_instance_close(struct hub_instance *inst)
{
	while (inst) {
		struct hub_instance *next = inst->filter;
		inst->ctx.plugin->ops->close(inst->self);
		drop(inst);
		inst = next;
	}
}

const struct hub_plugin *hub_instance_plugin(const struct hub_instance *inst)
{
	return inst->ctx.plugin;
}

void hub_instance_deadline(struct hub_instance *inst, int64_t ms)
{
	inst->ctx.deadline = ms < 0 ? -1 : hub_ticks_ms() + ms;
}

void hub_instance_verbose(struct hub_instance *inst, int level)
{
	inst->ctx.level = level;
}

int hub_instance_metric(const struct hub_instance *inst, size_t i, const char **name,
			int64_t *value)
{
	if (i >= hub_map_count(inst->ctx.counts))
		return 0;
	*name = hub_map_key(inst->ctx.counts, i).ptr;
	*value = (int64_t)hub_map_value(inst->ctx.counts, i);
	return 1;
}

/* ---- operations ---- */

/* best: the largest positive result that has a meaning for this call. */
static int result(const struct hub_instance *inst, const char *op, int best, int rc,
		  struct hub_err *err)
{
	const struct hub_plugin *p = inst->ctx.plugin;

	if (rc > best)
		return hub_fail(err, HUB_FATAL, "plugin-result",
				"%s %s returned %d from %s, which has no meaning",
				hub_kind_name(p->kind), p->name, rc, op);
	return heard(p, rc, err);
}

int hub_source_next(struct hub_instance *inst, struct hub_batch *b, struct hub_err *err)
{
	const struct hub_ops *ops = inst->ctx.plugin->ops;
	int rc = result(inst, "next", HUB_IDLE, ops->next(inst->self, b, fresh(err)), err);
	int bad = HUB_OK;

	if (rc >= 0 && inst->filter && hub_batch_utf8(b))
		bad = hub_fail_mem(err);
	for (struct hub_instance *f = inst->filter; f && rc >= 0 && !bad; f = f->filter)
		bad = hub_filter_apply(f, b, err);
	return bad ? bad : rc;
}

void hub_source_filter(struct hub_instance *source, struct hub_instance *filter)
{
	while (source->filter)
		source = source->filter;
	source->filter = filter;
}

int hub_filter_apply(struct hub_instance *inst, struct hub_batch *b, struct hub_err *err)
{
	const struct hub_ops *ops = inst->ctx.plugin->ops;

	return result(inst, "apply", HUB_OK, ops->apply(inst->self, b, fresh(err)), err);
}

int hub_sink_write(struct hub_instance *inst, struct hub_batch *b, struct hub_err *err)
{
	const struct hub_plugin *p = inst->ctx.plugin;
	const int rc = result(inst, "write", HUB_OK, p->ops->write(inst->self, b, fresh(err)), err);

	if (rc)
		return rc;
	for (uint32_t r = 0; r < b->rows; r++)
		if (b->verdict[r] == HUB_ROW_PENDING || b->verdict[r] > HUB_ROW_REJECT)
			return hub_fail(err, HUB_FATAL, "plugin-verdict",
					"sink %s gave no verdict on row %u of %u", p->name, r + 1,
					b->rows);
	return HUB_OK;
}

int hub_sink_commit(struct hub_instance *inst, struct hub_err *err)
{
	const struct hub_ops *ops = inst->ctx.plugin->ops;

	return result(inst, "commit", HUB_OK, ops->commit(inst->self, fresh(err)), err);
}

int hub_detector_detect(struct hub_instance *inst, const struct hub_doc *docs, uint32_t n,
			const struct hub_span **spans, size_t *count, struct hub_err *err)
{
	struct hub_ctx *ctx = &inst->ctx;

	hub_arena_reset(ctx->texts);
	ctx->call = ctx->texts;
	ctx->docs = docs;
	ctx->ndocs = n;
	ctx->nspans = 0;
	ctx->bad_span = NULL;
	int rc = result(inst, "detect", HUB_OK,
			ctx->plugin->ops->detect(inst->self, docs, n, fresh(err)), err);
	ctx->call = NULL;
	if (!rc && ctx->bad_span)
		rc = hub_fail(err, HUB_FATAL, "plugin-span",
			      "detector %s reported an impossible span (%s)", ctx->plugin->name,
			      ctx->bad_span);
	if (rc)
		return rc;
	if (ctx->nspans > 1)
		hub_spans_sort(ctx->spans, ctx->nspans);
	*spans = ctx->spans;
	*count = ctx->nspans;
	return HUB_OK;
}

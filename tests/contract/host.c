#include "host.h"

#include "base/err.h"
#include "plugin/host.h"

#include <stdlib.h>

struct block {
	struct block *next;
	_Alignas(16) char bytes[];
};

void contract_ctx_init(struct hub_ctx *ctx)
{
	*ctx = (struct hub_ctx){.left_ms = INT64_MAX};
}

static void free_blocks(struct block **list)
{
	while (*list) {
		struct block *next = (*list)->next;
		free(*list);
		*list = next;
	}
}

void contract_ctx_returned(struct hub_ctx *ctx)
{
	free_blocks(&ctx->until_return);
}

void contract_ctx_free(struct hub_ctx *ctx)
{
	free_blocks(&ctx->until_return);
	free_blocks(&ctx->until_close);
}

void contract_digest(struct hub_ctx *ctx, struct hub_str s)
{
	ctx->digest = hub_hash128(s, ctx->digest);
}

int contract_leaks(struct hub_str s)
{
	return hub_str_find(s, HUB_STR(SECRET_NAME), 0) != (size_t)-1 ||
	       hub_str_find(s, HUB_STR(SECRET_PHONE), 0) != (size_t)-1;
}

static int now_fails(struct hub_ctx *ctx)
{
	return ++ctx->calls == ctx->fail_at;
}

static void *get(struct hub_ctx *ctx, struct hub_batch *b, size_t n)
{
	if (b)
		return hub_alloc0(hub_batch_arena(b), n);
	struct block **list = ctx->docs ? &ctx->until_return : &ctx->until_close;
	struct block *x = n < SIZE_MAX / 2 ? calloc(1, sizeof *x + n) : NULL;
	if (!x)
		return NULL;
	x->next = *list;
	*list = x;
	return x->bytes;
}

static void *host_alloc(struct hub_ctx *ctx, struct hub_batch *b, size_t n)
{
	return now_fails(ctx) ? NULL : get(ctx, b, n);
}

static int host_column(struct hub_ctx *ctx, struct hub_batch *b, struct hub_str name, uint32_t *idx)
{
	return now_fails(ctx) ? HUB_FATAL : hub_batch_column(b, name, idx);
}

static int host_rows(struct hub_ctx *ctx, struct hub_batch *b, uint32_t rows)
{
	return now_fails(ctx) ? HUB_FATAL : hub_batch_rows(b, rows);
}

static void host_log(struct hub_ctx *ctx, int level, const char *fmt, ...)
{
	char line[4096];
	va_list ap;

	assert_in_range(level, HUB_LOG_ERROR, HUB_LOG_INFO);
	va_start(ap, fmt);
	vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	ctx->leaked |= contract_leaks(hub_str_of(line));
}

static void host_count(struct hub_ctx *ctx, const char *metric, int64_t add)
{
	(void)add;
	ctx->leaked |= contract_leaks(hub_str_of(metric));
}

static int64_t host_left_ms(struct hub_ctx *ctx)
{
	return ctx->left_ms;
}

/* A copy in memory of its own block. */
static int give(struct hub_ctx *ctx, struct hub_batch *b, struct hub_str s, struct hub_str *out)
{
	char *p = s.ptr ? get(ctx, b, s.len + 1) : NULL;

	if (!p)
		return HUB_FATAL;
	memcpy(p, s.ptr, s.len);
	*out = (struct hub_str){p, s.len};
	return HUB_OK;
}

/* The hub's own services of text, with the result in a block of its own. */
static int host_decode(struct hub_ctx *ctx, struct hub_batch *b, struct hub_str encoding,
		       struct hub_str in, struct hub_str *out, size_t *used, struct hub_err *err)
{
	HUB_AUTO(batch) struct hub_batch *tmp = hub_batch_new(0);
	const int rc = hub_host()->decode(NULL, tmp, encoding, in, out, used, err);

	return rc ? rc : now_fails(ctx) || give(ctx, b, *out, out) ? hub_fail_mem(err) : HUB_OK;
}

static int host_encode(struct hub_ctx *ctx, struct hub_batch *b, struct hub_str encoding,
		       struct hub_str in, struct hub_str *out, uint64_t *lost, struct hub_err *err)
{
	HUB_AUTO(batch) struct hub_batch *tmp = hub_batch_new(0);
	const int rc = hub_host()->encode(NULL, tmp, encoding, in, out, lost, err);

	return rc ? rc : now_fails(ctx) || give(ctx, b, *out, out) ? hub_fail_mem(err) : HUB_OK;
}

static int host_fold(struct hub_ctx *ctx, struct hub_batch *b, uint32_t how, struct hub_str in,
		     struct hub_str *out)
{
	HUB_AUTO(batch) struct hub_batch *tmp = hub_batch_new(0);

	if (now_fails(ctx) || hub_host()->fold(NULL, tmp, how, in, out))
		return HUB_FATAL;
	return give(ctx, b, *out, out);
}

static int inside(struct hub_str text, uint32_t at)
{
	return at == text.len || (at < text.len && ((unsigned char)text.ptr[at] & 0xc0) != 0x80);
}

static int host_span(struct hub_ctx *ctx, const struct hub_span *s)
{
	if (now_fails(ctx))
		return HUB_FATAL;
	const struct hub_doc *d = s->doc < ctx->ndocs ? &ctx->docs[s->doc] : NULL;
	if (!d || s->start >= s->end || !inside(d->text, s->start) || !inside(d->text, s->end) ||
	    s->type < HUB_SPAN_PERSON || s->type > HUB_SPAN_ORG || s->person < -1 ||
	    s->person >= (int64_t)d->persons || s->confidence > 1000 || !s->origin) {
		ctx->bad_spans++;
		return HUB_FATAL;
	}
	const uint32_t facts[] = {s->doc, s->start, s->end, s->type, (uint32_t)s->person};
	contract_digest(ctx, (struct hub_str){(const char *)facts, sizeof facts});
	ctx->spans++;
	return HUB_OK;
}

struct hub_host contract_host(void)
{
	struct hub_host h = *hub_host();

	h.alloc = host_alloc;
	h.column = host_column;
	h.rows = host_rows;
	h.log = host_log;
	h.count = host_count;
	h.left_ms = host_left_ms;
	h.decode = host_decode;
	h.encode = host_encode;
	h.fold = host_fold;
	h.span = host_span;
	return h;
}

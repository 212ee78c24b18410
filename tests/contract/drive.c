#include "drive.h"

#include "base/io.h"
#include "text/fold.h"

#include <ftw.h>
#include <glob.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_BATCHES = 100000, MOST_IDLE = 100 };

#define TEXT_MIX                                                                                \
	SECRET_NAME "\xe3\x81\x95\xe3\x82\x93 TEL " SECRET_PHONE " "                            \
		    "\xe6\x9d\xb1\xe4\xba\xac\xe9\x83\xbd\xe6\x96\xb0\xe5\xae\xbf\xe5\x8c\xba " \
		    "1-2-3 x@example.jp"

/* ---- scratch files ---- */

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	return ftw->level > 0 ? remove(path) : 0;
}

void subject_clean(const struct subject *s)
{
	nftw(s->scratch, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

void subject_input(const struct subject *s, struct hub_str bytes, char path[128])
{
	const char *dot = strrchr(s->sample, '.');
	struct hub_err err;

	snprintf(path, 128, "%s/input%s", s->scratch, dot ? dot : ".csv");
	assert_int_equal(hub_file_write(path, bytes, &err), HUB_OK);
}

struct hub_str subject_bytes(const struct subject *s, struct hub_arena *a)
{
	struct hub_str out = HUB_STR("id,name,phone,note\n"
				     "1," SECRET_NAME "," SECRET_PHONE ",\"a \"\"b\"\"\nc\"\n"
				     "2,,\"\",\n"
				     "3,x,y,\xe3\x80\x80z \n");
	struct hub_err err;

	if (s->sample[0])
		assert_int_equal(hub_file_read(a, s->sample, 64 << 20, &out, &err), HUB_OK);
	return out;
}

/* ---- options ---- */

static int fill_required(const struct subject *s, const struct hub_opt *opt, const char *input,
			 struct hub_options *o, struct hub_err *err)
{
	char text[128] = "x";

	if (opt->flags & HUB_OPT_INPUT)
		snprintf(text, sizeof text, "%s", input);
	else if (opt->flags & HUB_OPT_WRITES)
		snprintf(text, sizeof text, "%s/out", s->scratch);
	else if (opt->type == HUB_O_PATH)
		snprintf(text, sizeof text, "%s", s->scratch);
	else if (opt->type == HUB_O_URL)
		snprintf(text, sizeof text, "http://127.0.0.1:9/");
	else if (opt->type == HUB_O_ENUM)
		snprintf(text, sizeof text, "%s", opt->words[0]);
	else if (opt->type == HUB_O_BOOL)
		snprintf(text, sizeof text, "true");
	else if (opt->type != HUB_O_TEXT)
		snprintf(text, sizeof text, "%lld%s", (long long)opt->min,
			 opt->type == HUB_O_MSEC ? "ms" : "");
	return hub_options_set(o, hub_str_of(opt->name), hub_str_of(text), err);
}

int subject_options(const struct subject *s, struct hub_arena *a, const char *input,
		    struct hub_options *o, struct hub_err *err)
{
	int rc = hub_options_init(o, a, s->plugin, err);

	for (const struct hub_opt *opt = s->plugin->opts; !rc && opt && opt->name; opt++)
		if ((opt->flags & (HUB_OPT_REQUIRED | HUB_OPT_INPUT)) ||
		    ((opt->flags & HUB_OPT_WRITES) && opt->type == HUB_O_PATH))
			rc = fill_required(s, opt, input, o, err);
	return rc ? rc : hub_options_finish(o, err);
}

/* ---- what must hold of every batch ---- */

static void check_cells(const struct hub_batch *b, struct hub_ctx *ctx)
{
	for (uint32_t c = 0; c < b->cols; c++) {
		contract_digest(ctx, b->col[c].name);
		for (uint32_t r = 0; r < b->rows; r++) {
			const uint8_t cell = b->col[c].cell[r];
			assert_in_range(cell, HUB_ABSENT, HUB_INVALID);
			if (cell != HUB_VALUE && cell != HUB_INVALID)
				continue;
			const struct hub_str t = b->col[c].text[r];
			assert_true(t.ptr || t.len == 0);
			contract_digest(ctx, t); /* reads every byte: a bad pointer dies here */
		}
	}
}

static void check_verdicts(const struct hub_batch *b, struct hub_ctx *ctx)
{
	for (uint32_t r = 0; r < b->rows; r++) {
		assert_in_range(b->verdict[r], HUB_ROW_PENDING, HUB_ROW_REJECT);
		if (b->verdict[r] >= HUB_ROW_DROP) {
			assert_non_null(b->code[r]);
			assert_true(b->code[r][0] != '\0');
		}
		assert_false(contract_leaks(b->reason[r]));
		contract_digest(ctx, (struct hub_str){(const char *)&b->verdict[r], 1});
	}
}

/* Places of a source go forward; records are what they say. */
static void check_places(const struct hub_batch *b, uint64_t *last)
{
	for (uint32_t r = 0; r < b->rows; r++) {
		assert_true(b->prov[r].row > *last || b->prov[r].part > 0);
		*last = b->prov[r].row;
		if (b->verdict[r] != HUB_ROW_REJECT && b->verdict[r] != HUB_ROW_DROP)
			assert_true(b->cols > 0);
	}
}

/* ---- the kinds ---- */

struct driving {
	const struct run *run;
	const struct hub_ops *ops;
	void *self;
	struct hub_ctx *ctx;
	struct outcome *out;
};

static void run_source(const struct driving *d)
{
	struct outcome *out = d->out;
	HUB_AUTO(batch) struct hub_batch *b = hub_batch_new(256 << 20);
	uint64_t last = 0;
	int idle = 0;

	while (out->rc >= 0 && out->rc != HUB_END) {
		hub_batch_reset(b);
		out->rc = d->ops->next(d->self, b, &out->err);
		assert_true(out->rc <= HUB_IDLE);
		if (out->rc < 0)
			return;
		check_cells(b, d->ctx);
		check_verdicts(b, d->ctx);
		check_places(b, &last);
		out->rows += b->rows;
		if (out->rc == HUB_IDLE && ++idle == MOST_IDLE)
			break;
		if (out->rc == HUB_OK && ++out->batches == d->run->stop_after) {
			*d->run->pos_out = hub_arena_str(d->run->arena, b->pos);
			break;
		}
		assert_true(out->batches < MOST_BATCHES);
	}
	out->rc = HUB_OK;
}

/* Batches for filters and sinks: shape i of SHAPES. Every cell state meets every text. */
enum { SHAPES = 6 };

static struct hub_batch *make_batch(unsigned shape)
{
	const struct hub_str texts[] = {
	    HUB_STR(""),
	    HUB_STR("x"),
	    HUB_STR(SECRET_NAME),
	    HUB_STR(" \xe3\x80\x80 "),
	    HUB_STR("=cmd|x"),
	    HUB_STR("a\"b,c\r\nd\te"),
	    HUB_STR("\xe3\x81"),
	    HUB_STR("\xff\xfe\x80"),
	    HUB_STR("\0a\0"),
	    HUB_STR(SECRET_PHONE),
	    HUB_STR("\xf0\xa0\xae\xb7\xee\x80\x80"),
	    HUB_STR("<&>'\x01\x7f"),
	};
	static const struct {
		uint32_t rows, cols;
	} shapes[SHAPES] = {{0, 0}, {0, 3}, {1, 1}, {1, 3}, {48, 4}, {500, 2}};
	struct hub_batch *b = hub_batch_new(0);
	uint32_t c;

	for (uint32_t i = 0; i < shapes[shape].cols; i++) {
		const char name[] = {(char)('a' + i), '\0'};
		assert_int_equal(hub_batch_column(b, hub_str_of(name), &c), HUB_OK);
		b->col[c].label = HUB_STR("\xe6\xb0\x8f\xe5\x90\x8d");
		b->col[c].flags = i == 0 ? HUB_COL_KEY : HUB_COL_PERSONAL;
	}
	assert_int_equal(hub_batch_rows(b, shapes[shape].rows), HUB_OK);
	b->table = HUB_STR("person");
	b->table_label = HUB_STR("\xe4\xba\xba");
	for (uint32_t r = 0; r < b->rows; r++) {
		b->prov[r] = (struct hub_prov){.row = r + 1, .line = r + 1};
		for (uint32_t i = 0; i < b->cols; i++) {
			const uint32_t k = r + i * 5;
			b->col[i].cell[r] = (uint8_t)(shape == 2 ? HUB_VALUE : k % 4);
			b->col[i].text[r] = texts[k / 4 % HUB_COUNT(texts)];
		}
	}
	return b;
}

static void run_filter(const struct driving *d)
{
	struct outcome *out = d->out;

	for (unsigned i = 0; i < SHAPES && out->rc == HUB_OK; i++) {
		HUB_AUTO(batch) struct hub_batch *b = make_batch(i);
		const uint32_t rows = b->rows;
		out->rc = d->ops->apply(d->self, b, &out->err);
		assert_true(out->rc <= HUB_OK);
		if (out->rc)
			return;
		assert_true(b->rows <= rows || !(d->run->subject->plugin->caps & HUB_CAP_PURE));
		check_cells(b, d->ctx);
		check_verdicts(b, d->ctx);
		out->rows += b->rows;
	}
}

static void run_sink(const struct driving *d)
{
	struct outcome *out = d->out;

	for (unsigned i = 0; i < SHAPES && out->rc == HUB_OK; i++) {
		HUB_AUTO(batch) struct hub_batch *b = make_batch(i);
		out->rc = d->ops->write(d->self, b, &out->err);
		assert_true(out->rc <= HUB_OK);
		if (out->rc)
			return;
		for (uint32_t r = 0; r < b->rows; r++)
			assert_int_not_equal(b->verdict[r], HUB_ROW_PENDING);
		check_verdicts(b, d->ctx);
		out->rows += b->rows;
	}
	if (out->rc == HUB_OK)
		out->rc = d->ops->commit(d->self, &out->err);
	assert_true(out->rc <= HUB_OK);
}

/* The folding that the hub does before it calls. */
static void fold_doc(struct hub_arena *a, struct hub_doc *d)
{
	d->norm = hub_fold_width(a, d->text, HUB_FOLD_LF, &d->at);
	assert_non_null(d->norm.ptr);
}

static void run_detector(const struct driving *d)
{
	static const struct hub_str other[] = {
	    {"\xe8\x8a\xb1\xe3\x81\xa1\xe3\x82\x83\xe3\x82\x93", 12}};
	static const struct hub_person people[] = {
	    {.id = {"1", 1},
	     .relation = {"\xe6\x9c\xac\xe4\xba\xba", 6},
	     .name = {SECRET_NAME, sizeof SECRET_NAME - 1},
	     .phone = {SECRET_PHONE, sizeof SECRET_PHONE - 1},
	     .other = other,
	     .others = 1},
	    {.id = {"2", 1}}, /* everything empty */
	    {.id = {"3", 1}, .name = {"\xe3", 1}, .name_kana = {" ", 1}, .birth_date = {"x", 1}},
	};
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	struct hub_str longest = {hub_alloc0(a, 200000), 200000};
	for (size_t i = 0; i < longest.len; i++)
		((char *)(uintptr_t)longest.ptr)[i] = TEXT_MIX[i % (sizeof TEXT_MIX - 1)];
	struct hub_doc docs[] = {
	    {.text = HUB_STR("")},
	    {.text = HUB_STR("x")},
	    {.text = HUB_STR(TEXT_MIX), .roster = people, .persons = 3},
	    {.text = HUB_STR(TEXT_MIX)},
	    {.text = HUB_STR("\xef\xbd\xb6\xef\xbe\x9e\xe3\x88\xb1 "
			     "\xef\xbc\x90\xef\xbc\x99\xef\xbc\x90-1234-5678\r\n")},
	    {.text = HUB_STR("\xe3\x81\xff\x80 " SECRET_PHONE "\xe6"),
	     .roster = people,
	     .persons = 3},
	    {.text = longest, .roster = people, .persons = 3},
	};
	struct hub_ctx *ctx = d->ctx;
	const uint32_t rounds[] = {0, 1, HUB_COUNT(docs)};

	for (size_t i = 0; i < HUB_COUNT(docs); i++)
		fold_doc(a, &docs[i]);
	for (size_t i = 0; i < HUB_COUNT(rounds) && d->out->rc == HUB_OK; i++) {
		ctx->docs = docs;
		ctx->ndocs = rounds[i];
		d->out->rc = d->ops->detect(d->self, docs, rounds[i], &d->out->err);
		contract_ctx_returned(ctx);
		ctx->docs = NULL;
		assert_true(d->out->rc <= HUB_OK);
		assert_int_equal(ctx->bad_spans, 0);
	}
	d->out->rows = ctx->spans;
}

static void check_failure(const struct outcome *out)
{
	const struct hub_err *e = &out->err;

	if (out->rc >= 0)
		return;
	if (!e->code[0] || !e->what[0])
		fail_msg("failed with %d and said nothing", out->rc);
	assert_int_equal(e->rc, out->rc);
	assert_false(contract_leaks(hub_str_of(e->what)));
	assert_false(contract_leaks(hub_str_of(e->hint)));
	assert_false(contract_leaks(hub_str_of(e->where)));
}

struct outcome drive(const struct run *run)
{
	const struct hub_plugin *p = run->subject->plugin;
	const struct hub_host host = contract_host();
	struct outcome out = {0};
	struct hub_ctx ctx;
	void *self = NULL;

	contract_ctx_init(&ctx);
	ctx.fail_at = run->fail_at;
	ctx.left_ms = run->left_ms;
	out.rc = p->ops->open(&ctx, &host, run->conf, run->pos, &self, &out.err);
	assert_true(out.rc <= HUB_OK);
	if (out.rc == HUB_OK) {
		const struct driving d = {run, p->ops, self, &ctx, &out};
		if (p->kind == HUB_SOURCE)
			run_source(&d);
		else if (p->kind == HUB_FILTER)
			run_filter(&d);
		else if (p->kind == HUB_SINK)
			run_sink(&d);
		else if (p->kind == HUB_DETECTOR)
			run_detector(&d);
		p->ops->close(self);
	}
	check_failure(&out);
	assert_false(ctx.leaked);
	out.digest = ctx.digest;
	out.calls = ctx.calls;
	contract_ctx_free(&ctx);
	return out;
}

/* A plugin is tested through its one function, with a fake host: no hub is needed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <hub/plugin.h>
#include <stdio.h>
#include <string.h>

/* ---- the fake host: memory from one block, the last error code and counter kept ---- */

struct hub_ctx {
	_Alignas(16) char memory[4096];
	size_t used;
	int64_t counted;
};

static void *fake_alloc(struct hub_ctx *ctx, struct hub_batch *b, size_t n)
{
	(void)b;
	n = (n + 15) / 16 * 16;
	if (n > sizeof ctx->memory - ctx->used)
		return NULL;
	ctx->used += n;
	return memset(ctx->memory + ctx->used - n, 0, n);
}

static void fake_count(struct hub_ctx *ctx, const char *metric, int64_t add)
{
	assert_string_equal(metric, "trimmed");
	ctx->counted += add;
}

static int __attribute__((format(printf, 6, 7)))
fake_fail(struct hub_err *err, int rc, const char *code, const char *file, int line,
	  const char *fmt, ...)
{
	(void)file;
	(void)line;
	(void)fmt;
	snprintf(err->code, sizeof err->code, "%s", code);
	return rc;
}

static void __attribute__((format(printf, 2, 3)))
fake_hint(struct hub_err *err, const char *fmt, ...)
{
	(void)fmt;
	err->hint[0] = '!';
}

static const struct hub_host host = {
    .size = sizeof host,
    .abi_major = HUB_ABI_MAJOR,
    .alloc = fake_alloc,
    .count = fake_count,
    .fail = fake_fail,
    .hint = fake_hint,
};

/* The conf struct is the plugin's own; its option table says where things are. */
static void set(char *conf, const char *name, const void *value, size_t n)
{
	const struct hub_opt *o = hub_plugin_get(0)->opts;

	while (strcmp(o->name, name) != 0)
		o++;
	memcpy(conf + o->offset, value, n);
}

static void set_int(char *conf, const char *name, int64_t v)
{
	set(conf, name, &v, sizeof v);
}

#define STR(z) ((struct hub_str){(z), sizeof(z) - 1})

/* One row, columns "a" and "b", both holding text. */
struct table {
	struct hub_batch batch;
	struct hub_col col[2];
	uint8_t cell[2];
	struct hub_str text[2];
};

static struct hub_batch *fill(struct table *t, uint8_t cell, struct hub_str text)
{
	*t =
	    (struct table){.batch = {.size = sizeof t->batch, .rows = 1, .cols = 2, .col = t->col}};
	for (int c = 0; c < 2; c++) {
		t->cell[c] = cell;
		t->text[c] = text;
		t->col[c] = (struct hub_col){
		    .name = {c ? "b" : "a", 1}, .cell = &t->cell[c], .text = &t->text[c]};
	}
	return &t->batch;
}

static int run(const char *conf, struct hub_batch *b, struct hub_ctx *ctx, struct hub_err *err)
{
	const struct hub_plugin *p = hub_plugin_get(0);
	void *self = NULL;

	*ctx = (struct hub_ctx){0};
	*err = (struct hub_err){0};
	assert_int_equal(p->ops->open(ctx, &host, conf, (struct hub_str){0}, &self, err), HUB_OK);
	const int rc = p->ops->apply(self, b, err);
	p->ops->close(self);
	return rc;
}

static void trims(void **state)
{
	const struct {
		int64_t side, full_width;
		struct hub_str in, out;
	} cases[] = {
	    {0, 1, STR(" \t\xe3\x80\x80 x y \xe3\x80\x80\r\n"), STR("x y")},
	    {0, 0, STR(" \xe3\x80\x80x\xe3\x80\x80 "), STR("\xe3\x80\x80x\xe3\x80\x80")},
	    {1, 1, STR(" x "), STR("x ")},
	    {2, 1, STR(" x "), STR(" x")},
	    {0, 1, STR(" \xe3\x80\x80 "), STR("")},
	    {0, 1, STR(""), STR("")},
	    {0, 1, STR("\xe3\x80"), STR("\xe3\x80")}, /* broken UTF-8 stays */
	    {0, 1, STR("\x80\x80 "), STR("\x80\x80")},
	    {0, 1, STR("a\0 "), STR("a\0")},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		_Alignas(16) char conf[256] = {0};
		struct table t;
		struct hub_ctx ctx;
		struct hub_err err;
		set_int(conf, "side", cases[i].side);
		set_int(conf, "full_width", cases[i].full_width);
		assert_int_equal(run(conf, fill(&t, HUB_VALUE, cases[i].in), &ctx, &err), HUB_OK);
		assert_int_equal(t.text[0].len, cases[i].out.len);
		assert_memory_equal(t.text[0].ptr, cases[i].out.ptr, cases[i].out.len);
		assert_int_equal(t.cell[0], HUB_VALUE);
		assert_int_equal(ctx.counted, cases[i].in.len != cases[i].out.len ? 2 : 0);
	}
}

static void only_the_column_that_is_named(void **state)
{
	_Alignas(16) char conf[256] = {0};
	struct table t;
	struct hub_ctx ctx;
	struct hub_err err;

	(void)state;
	set(conf, "column", &STR("b"), sizeof(struct hub_str));
	assert_int_equal(run(conf, fill(&t, HUB_VALUE, STR(" x")), &ctx, &err), HUB_OK);
	assert_int_equal(t.text[0].len, 2);
	assert_int_equal(t.text[1].len, 1);
}

static void cells_without_a_value_stay(void **state)
{
	static const uint8_t states[] = {HUB_ABSENT, HUB_NULL, HUB_INVALID};

	(void)state;
	for (size_t i = 0; i < sizeof states; i++) {
		_Alignas(16) char conf[256] = {0};
		struct table t;
		struct hub_ctx ctx;
		struct hub_err err;
		set_int(conf, "empty_is_null", 1);
		assert_int_equal(run(conf, fill(&t, states[i], STR(" ")), &ctx, &err), HUB_OK);
		assert_int_equal(t.cell[0], states[i]);
		assert_int_equal(t.text[0].len, 1);
	}
}

static void blanks_become_null_when_asked(void **state)
{
	_Alignas(16) char conf[256] = {0};
	struct table t;
	struct hub_ctx ctx;
	struct hub_err err;

	(void)state;
	set_int(conf, "empty_is_null", 1);
	assert_int_equal(run(conf, fill(&t, HUB_VALUE, STR("  ")), &ctx, &err), HUB_OK);
	assert_int_equal(t.cell[0], HUB_NULL);
}

static void refusals(void **state)
{
	_Alignas(16) char conf[256] = {0};
	struct table t;
	struct hub_ctx ctx;
	struct hub_err err = {0};

	(void)state;
	struct hub_batch *b = fill(&t, HUB_VALUE, STR("x"));
	b->encoding = STR("cp932");
	assert_int_equal(run(conf, b, &ctx, &err), HUB_REJECT);
	assert_string_equal(err.code, "not-decoded");
	set_int(conf, "empty_is_null", 1);
	set_int(conf, "side", 1);
	assert_int_equal(hub_plugin_get(0)->check(conf, &host, &err), HUB_CONF);
	assert_string_equal(err.code, "empty-needs-both");
	assert_int_not_equal(err.hint[0], '\0');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(trims),
	    cmocka_unit_test(only_the_column_that_is_named),
	    cmocka_unit_test(cells_without_a_value_stay),
	    cmocka_unit_test(blanks_become_null_when_asked),
	    cmocka_unit_test(refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

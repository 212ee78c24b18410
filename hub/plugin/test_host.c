#include "test.h"

#include "base/json.h"
#include "plugin/host.h"

#include <stdio.h>

/* A plugin of every kind at once; what it does is told by `conf`. */
struct orders {
	int open_rc, silent, work_rc, forget_verdict;
	struct hub_span span;
	int closed, memory_kept;
	int64_t left;   /* what left_ms() said last */
	json_t *answer; /* read by next() when json is set */
	const char *json;
};

struct self {
	struct hub_ctx *ctx;
	const struct hub_host *host;
	struct orders *orders;
	char *first; /* memory of the first detect() */
};

static int t_open(struct hub_ctx *ctx, const struct hub_host *host, const void *conf,
		  struct hub_str pos, void **self, struct hub_err *err)
{
	struct orders *o = (struct orders *)(uintptr_t)conf;
	struct self *s = host->alloc(ctx, NULL, sizeof *s);

	(void)pos;
	if (o->open_rc && !o->silent)
		return HUB_FAIL(host, err, o->open_rc, "no", "no");
	if (!s)
		return HUB_FAIL(host, err, HUB_FATAL, "out-of-memory", "out of memory");
	*s = (struct self){ctx, host, o, NULL};
	*self = s;
	return o->open_rc;
}

static int t_next(void *self, struct hub_batch *b, struct hub_err *err)
{
	const struct self *s = self;

	(void)b;
	(void)err;
	s->orders->left = s->host->left_ms(s->ctx);
	s->host->count(s->ctx, "calls", 2);
	s->host->count(s->ctx, "others", -1);
	if (s->orders->json)
		s->orders->answer = json_loadb(s->orders->json, strlen(s->orders->json), 0, NULL);
	return s->orders->work_rc;
}

static int t_write(void *self, struct hub_batch *b, struct hub_err *err)
{
	const struct self *s = self;

	(void)err;
	for (uint32_t r = 0; r < b->rows; r++)
		b->verdict[r] = HUB_ROW_DONE;
	if (s->orders->forget_verdict)
		b->verdict[b->rows - 1] = HUB_ROW_PENDING;
	return HUB_OK;
}

static int t_commit(void *self, struct hub_err *err)
{
	(void)self;
	(void)err;
	return HUB_OK;
}

static int t_detect(void *self, const struct hub_doc *docs, uint32_t n, struct hub_err *err)
{
	struct self *s = self;
	struct hub_span early = {.end = 1, .type = HUB_SPAN_PHONE, .person = -1, .origin = "test"};
	char *p = s->host->alloc(s->ctx, NULL, 100);

	(void)docs;
	(void)n;
	(void)err;
	/* the memory of one call is there again for the next */
	if (!s->first)
		s->first = p;
	s->orders->memory_kept = p != s->first;
	s->host->span(s->ctx, &s->orders->span);
	s->host->span(s->ctx, &early);
	return HUB_OK;
}

static void t_close(void *self)
{
	((struct self *)self)->orders->closed++;
}

static const struct hub_ops ops = {
    .size = sizeof ops,
    .open = t_open,
    .next = t_next,
    .write = t_write,
    .commit = t_commit,
    .detect = t_detect,
    .close = t_close,
};
static const struct hub_plugin plugin = {HUB_PLUGIN_HEAD, .kind = HUB_SOURCE, .name = "test",
					 .ops = &ops};

static struct hub_instance *open_one(struct orders *o)
{
	struct hub_instance *inst = NULL;
	struct hub_err err;

	assert_int_equal(hub_instance_open(&plugin, o, (struct hub_str){0}, &inst, &err), HUB_OK);
	return inst;
}

static void a_failed_open_is_not_closed(void **state)
{
	struct orders o = {.open_rc = HUB_RETRY};
	struct hub_instance *inst = NULL;
	struct hub_err err = {0};

	(void)state;
	assert_int_equal(hub_instance_open(&plugin, &o, (struct hub_str){0}, &inst, &err),
			 HUB_RETRY);
	assert_string_equal(err.code, "no");
	o.silent = 1;
	assert_int_equal(hub_instance_open(&plugin, &o, (struct hub_str){0}, &inst, &err),
			 HUB_RETRY);
	assert_string_equal(err.code, "plugin-silent");
	o.open_rc = 7;
	assert_int_equal(hub_instance_open(&plugin, &o, (struct hub_str){0}, &inst, &err),
			 HUB_FATAL);
	assert_null(inst);
	assert_int_equal(o.closed, 0);
	o.open_rc = HUB_OK;
	hub_instance_close(open_one(&o));
	assert_int_equal(o.closed, 1);
}

static void results_must_have_a_meaning(void **state)
{
	struct orders o = {.work_rc = HUB_END};
	HUB_AUTO(batch) struct hub_batch *b = hub_batch_new(0);
	HUB_AUTO(instance) struct hub_instance *inst = open_one(&o);
	struct hub_err err = {.rc = HUB_CONF, .code = "old"};

	(void)state;
	assert_int_equal(hub_source_next(inst, b, &err), HUB_END);
	o.work_rc = 3;
	assert_int_equal(hub_source_next(inst, b, &err), HUB_FATAL);
	assert_string_equal(err.code, "plugin-result");
	err = (struct hub_err){.rc = HUB_CONF, .code = "old"};
	o.work_rc = HUB_REJECT; /* and nothing said: an older error must not pass for it */
	assert_int_equal(hub_source_next(inst, b, &err), HUB_REJECT);
	assert_string_equal(err.code, "plugin-silent");
	const char *name;
	int64_t n;
	assert_true(hub_instance_metric(inst, 0, &name, &n));
	assert_string_equal(name, "calls");
	assert_int_equal(n, 6);
	assert_true(hub_instance_metric(inst, 1, &name, &n));
	assert_string_equal(name, "others");
	assert_int_equal(n, -3);
	assert_false(hub_instance_metric(inst, 2, &name, &n));
}

static void every_row_needs_a_verdict(void **state)
{
	struct orders o = {0};
	HUB_AUTO(batch) struct hub_batch *b = hub_batch_new(0);
	HUB_AUTO(instance) struct hub_instance *inst = open_one(&o);
	struct hub_err err;

	(void)state;
	assert_int_equal(hub_batch_rows(b, 3), HUB_OK);
	assert_int_equal(hub_sink_write(inst, b, &err), HUB_OK);
	o.forget_verdict = 1;
	assert_int_equal(hub_sink_write(inst, b, &err), HUB_FATAL);
	assert_string_equal(err.code, "plugin-verdict");
	assert_int_equal(hub_sink_commit(inst, &err), HUB_OK);
}

static void spans_are_checked_and_sorted(void **state)
{
	static const struct hub_span good = {.start = 1,
					     .end = 4,
					     .type = HUB_SPAN_PERSON,
					     .person = 0,
					     .confidence = 1000,
					     .origin = "test"};
	static const struct hub_span bad[] = {
	    {.doc = 1, .start = 1, .end = 4, .type = 1, .origin = "t"},
	    {.start = 4, .end = 4, .type = 1, .origin = "t"},
	    {.start = 1, .end = 5, .type = 1, .origin = "t"},
	    {.start = 2, .end = 4, .type = 1, .origin = "t"},
	    {.start = 1, .end = 3, .type = 1, .origin = "t"},
	    {.start = 1, .end = 4, .type = 0, .origin = "t"},
	    {.start = 1, .end = 4, .type = 99, .origin = "t"},
	    {.start = 1, .end = 4, .type = 1, .person = 1, .origin = "t"},
	    {.start = 1, .end = 4, .type = 1, .person = -2, .origin = "t"},
	    {.start = 1, .end = 4, .type = 1, .confidence = 1001, .origin = "t"},
	    {.start = 1, .end = 4, .type = 1},
	};
	const struct hub_person person = {.id = {"1", 1}};
	const struct hub_doc doc = {
	    .text = HUB_STR("x\xe6\xb0\x8f"), .roster = &person, .persons = 1};
	struct orders o = {.span = good};
	HUB_AUTO(instance) struct hub_instance *inst = open_one(&o);
	const struct hub_span *spans;
	struct hub_err err;
	size_t n;

	(void)state;
	for (int i = 0; i < 3; i++) {
		assert_int_equal(hub_detector_detect(inst, &doc, 1, &spans, &n, &err), HUB_OK);
		assert_int_equal(n, 2);
		assert_int_equal(spans[0].type, HUB_SPAN_PHONE);
		assert_int_equal(spans[1].type, HUB_SPAN_PERSON);
		assert_false(o.memory_kept);
	}
	for (size_t i = 0; i < HUB_COUNT(bad); i++) {
		o.span = bad[i];
		assert_int_equal(hub_detector_detect(inst, &doc, 1, &spans, &n, &err), HUB_FATAL);
		assert_string_equal(err.code, "plugin-span");
	}
}

static void services_of_text(void **state)
{
	const struct hub_host *h = hub_host();
	HUB_AUTO(batch) struct hub_batch *b = hub_batch_new(0);
	struct hub_str out, back;
	struct hub_err err;
	uint64_t lost;
	size_t used, bom;

	(void)state;
	const struct hub_str cp932 = HUB_STR("cp932");
	/* 氏 and a character that CP932 does not have */
	assert_int_equal(h->encode(NULL, b, cp932,
				   HUB_STR("a\xe6\xb0\x8f\xf0\xa9\xb8\xbd"
					   "b"),
				   &out, &lost, &err),
			 HUB_OK);
	assert_int_equal(lost, 1);
	assert_str(out, "a\x8e\x81\x81\xac"
			"b");
	assert_int_equal(h->decode(NULL, b, cp932, out, &back, &used, &err), HUB_OK);
	assert_str(back, "a\xe6\xb0\x8f\xe3\x80\x93"
			 "b");
	assert_int_equal(used, out.len);
	assert_int_equal(h->encode(NULL, b, HUB_STR("none"), out, &back, &lost, &err), HUB_CONF);
	assert_int_equal(h->decode(NULL, b, HUB_STR("none"), out, &back, &used, &err), HUB_CONF);
	assert_string_equal(h->encoding("\xef\xbb\xbfx", 4, &bom), "utf-8");
	assert_int_equal(bom, 3);
	assert_true(h->byte_safe(HUB_STR("cp932")));
	assert_false(h->byte_safe(HUB_STR("utf-16le")));
	assert_int_equal(h->fold(NULL, b, HUB_FOLD_WIDTH, HUB_STR("\xef\xbc\xa1"), &out), HUB_OK);
	assert_str(out, "A");
}

static void deadlines(void **state)
{
	struct orders o = {0};
	struct hub_err err;
	HUB_AUTO(batch) struct hub_batch *b = hub_batch_new(0);
	HUB_AUTO(instance) struct hub_instance *inst = open_one(&o);

	(void)state;
	assert_int_equal(hub_source_next(inst, b, &err), HUB_OK);
	assert_int_equal(o.left, INT64_MAX);
	hub_instance_deadline(inst, 100000);
	assert_int_equal(hub_source_next(inst, b, &err), HUB_OK);
	assert_in_range(o.left, 1, 100000);
	hub_instance_deadline(inst, 0);
	assert_int_equal(hub_source_next(inst, b, &err), HUB_OK);
	assert_true(o.left <= 0);
	hub_instance_deadline(inst, -1);
	assert_int_equal(hub_source_next(inst, b, &err), HUB_OK);
	assert_int_equal(o.left, INT64_MAX);
	assert_ptr_equal(hub_instance_plugin(inst), &plugin);
}

/* jansson reads on without the bytes that there was no room for. */
static void json_of_a_plugin(void **state)
{
	static const char text[] = "{\"value\": \"a text of more than sixteen bytes\"}";
	struct orders o = {.json = text};
	struct hub_err err;
	HUB_AUTO(batch) struct hub_batch *b = hub_batch_new(0);
	HUB_AUTO(instance) struct hub_instance *inst = open_one(&o);
	int hit = 1, seen = 0;

	(void)state;
	for (unsigned long k = 1; hit; k++) {
		hub_fault_arm(k);
		const int rc = hub_source_next(inst, b, &err);
		hit = hub_fault_arm(0) >= k;
		seen += hit;
		assert_int_equal(rc, hit ? HUB_FATAL : HUB_OK);
		json_decref(o.answer);
	}
	assert_true(seen > 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_failed_open_is_not_closed),
	    cmocka_unit_test(results_must_have_a_meaning),
	    cmocka_unit_test(every_row_needs_a_verdict),
	    cmocka_unit_test(spans_are_checked_and_sorted),
	    cmocka_unit_test(services_of_text),
	    cmocka_unit_test(deadlines),
	    cmocka_unit_test(json_of_a_plugin),
	};

	hub_json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}

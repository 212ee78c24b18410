/* The text index against a plain look through all texts: the same answer for every question, whatever was
 * put in, changed and taken out before. */
#include "test_store.h"

#include "base/buf.h"
#include "store/fulltext.h"
#include "store/store.h"
#include "text/gram.h"

enum { TEXTS = 120, ASKED = 800 };

static struct {
	struct hub_arena *arena;
	struct test_store at;
	struct hub_store *store;
	struct hub_db *db;
	struct hub_err err;
	uint64_t seed;
} fx;

static int setup(void **state)
{
	const struct hub_schema *schema;

	(void)state;
	fx.arena = hub_arena_new(0);
	fx.seed = 88172645463325252u;
	if (test_store_make(&fx.at) ||
	    hub_schema_load(fx.arena, "schemas/common-case.cfg", NULL, &schema, NULL, &fx.err) ||
	    hub_store_open(fx.arena, fx.at.url, HUB_OPEN_CREATE, schema, &fx.store, &fx.err))
		return -1;
	fx.db = hub_store_db(fx.store);
	return hub_fulltext_make(fx.db, &fx.err);
}

static int teardown(void **state)
{
	(void)state;
	const int left = hub_fulltext_drop(fx.db, &fx.err);
	hub_store_close(fx.store);
	hub_arena_free(fx.arena);
	return test_store_remove(&fx.at) || left;
}

static uint32_t roll(uint32_t n)
{
	fx.seed ^= fx.seed << 13;
	fx.seed ^= fx.seed >> 7;
	fx.seed ^= fx.seed << 17;
	return (uint32_t)(fx.seed >> 33) % n;
}

/* Few characters, so that questions meet texts in every way: at runs' ends, over signs, over gaps. */
static struct hub_str any_text(uint32_t chars, int gaps)
{
	static const char *const parts[] = {"介", "護", "虐", "待",   "ア",        "dv",
					    "8",  "2",  " ",  "介護", HUB_GRAM_CUT};
	struct hub_str s = HUB_STR("");
	HUB_AUTO(buf) struct hub_buf b;

	hub_buf_init(&b, 1 << 20);
	for (uint32_t i = 0; i < chars; i++)
		hub_buf_puts(&b, parts[roll((uint32_t)HUB_COUNT(parts) - (gaps ? 0 : 1))]);
	s = hub_gram_fold(fx.arena, hub_buf_text(&b), NULL);
	assert_non_null(s.ptr);
	return s;
}

static void put(struct hub_text_doc *d, struct hub_str text)
{
	assert_int_equal(fx.db->ops->begin(fx.db, 1, &fx.err), 0);
	const int rc = hub_fulltext_put(fx.db, d, text, &fx.err);
	if (hub_db_end(fx.db, rc, &fx.err))
		fail_msg("%s", fx.err.what);
}

static void expect_same(const struct hub_text_doc *docs, const struct hub_str *texts,
			struct hub_str ask)
{
	int64_t *ids;
	size_t n, k = 0;

	if (hub_fulltext_match(fx.db, fx.arena, ask, &ids, &n, &fx.err))
		fail_msg("%s", fx.err.what);
	for (size_t i = 0; i < TEXTS; i++) {
		const int found = k < n && ids[k] == docs[i].id;
		const int there = texts[i].ptr && hub_gram_find(texts[i], ask, 0) != (size_t)-1;
		if (found != there)
			fail_msg("\"%.*s\" in \"%.*s\": found %d", HUB_FMT(ask), HUB_FMT(texts[i]),
				 found);
		k += (size_t)found;
	}
	assert_int_equal(k, n);
}

static void ask_often(const struct hub_text_doc *docs, const struct hub_str *texts)
{
	for (int i = 0; i < ASKED; i++) {
		const struct hub_str ask = any_text(1 + roll(4), 0);
		if (ask.len && ask.ptr[0] != ' ')
			expect_same(docs, texts, ask);
	}
}

static void test_same_as_a_look(void **state)
{
	struct hub_text_doc docs[TEXTS] = {0};
	struct hub_str texts[TEXTS];

	(void)state;
	for (size_t i = 0; i < TEXTS; i++) {
		docs[i] = (struct hub_text_doc){
		    .entity = HUB_STR("activity"), .field = HUB_STR("body"), .row = (int64_t)i + 1};
		texts[i] = any_text(i % 10 ? roll(30) : 6000, 1);
		put(&docs[i], texts[i]);
	}
	for (size_t i = 0; i < TEXTS; i += 3) { /* changed, or nothing of it to be found */
		texts[i] = i % 2 ? any_text(20, 1) : (struct hub_str){NULL, 0};
		put(&docs[i], texts[i]);
	}
	ask_often(docs, texts);
	if (!on_postgresql())
		return;
	/* the last texts may have waited; now all are in the index */
	int64_t pages;
	assert_int_equal(hub_db_one(fx.db, &pages, &fx.err,
				    "SELECT gin_clean_pending_list('text_gram_words')", ""),
			 0);
	ask_often(docs, texts);
}

/* Letters without end, as of a file that somebody pasted: nobody can ask for them, but for what is around. */
static void test_endless_word(void **state)
{
	enum { LETTERS = 20000 };
	static const char *const around[] = {"通院した", "帰宅"};
	struct hub_text_doc d = {.entity = HUB_STR("activity"), .field = HUB_STR("body"), .row = 9};
	HUB_AUTO(buf) struct hub_buf b;

	(void)state;
	hub_buf_init(&b, 1 << 20);
	hub_buf_puts(&b, around[0]);
	for (int i = 0; i < LETTERS; i++)
		hub_buf_putc(&b, 'x');
	hub_buf_puts(&b, around[1]);
	put(&d, hub_buf_text(&b));
	for (size_t i = 0; i < HUB_COUNT(around); i++) {
		int64_t *ids;
		size_t n;

		assert_int_equal(
		    hub_fulltext_match(fx.db, fx.arena, hub_str_of(around[i]), &ids, &n, &fx.err),
		    0);
		assert_int_equal(n, 1);
		assert_int_equal(ids[0], d.id);
	}
	assert_int_equal(hub_fulltext_remove(fx.db, d.id, &fx.err), 0);
}

static void test_list(void **state)
{
	struct hub_query *q;
	struct hub_text_doc d = {.entity = HUB_STR("plan"),
				 .field = HUB_STR("goal_long"),
				 .row = 7,
				 .version = {1, UINT64_MAX}};
	struct hub_text_doc got;

	(void)state;
	put(&d, HUB_STR("就労"));
	assert_int_equal(hub_fulltext_list(fx.db, HUB_STR("plan"), 0, &q, &fx.err), 0);
	assert_int_equal(hub_fulltext_read(q, &got, &fx.err), HUB_OK);
	assert_int_equal(got.id, d.id);
	assert_int_equal(got.row, 7);
	assert_int_equal(got.version.lo, UINT64_MAX);
	assert_str(got.field, "goal_long");
	assert_int_equal(hub_fulltext_read(q, &got, &fx.err), HUB_END);
	hub_db_done(q);
	assert_int_equal(hub_fulltext_remove(fx.db, d.id, &fx.err), 0);
	assert_int_equal(hub_fulltext_list(fx.db, HUB_STR("plan"), 0, &q, &fx.err), 0);
	assert_int_equal(hub_fulltext_read(q, &got, &fx.err), HUB_END);
	hub_db_done(q);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_same_as_a_look),
	    cmocka_unit_test(test_endless_word),
	    cmocka_unit_test(test_list),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

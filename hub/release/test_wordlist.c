/* Words from lists, from texts that came or changed since, and from the index: always the texts that a look at each one
 * finds, in whatever order texts were put in, changed, taken out and lists made. */
#include "test_store.h"

#include "base/buf.h"
#include "release/wordlist_in.h"
#include "store/store.h"
#include "text/gram.h"

enum {
	TEXTS = 5200,
	FEW = 1400,
	LONG = 700,
	ROUNDS = 4,
	PHRASES = 40,
	PIECE = 150,
	MADE = 5,
}; /* a large block, four small ones and some texts; two in LONG have pieces, one of them short ones */

static struct {
	struct hub_arena *arena;
	struct test_store at;
	const struct hub_schema *schema;
	struct hub_store *store;
	struct hub_db *db;
	struct hub_err err;
	uint64_t seed;
	struct hub_text_doc doc[TEXTS];
	struct hub_str text[TEXTS]; /* ptr NULL: nothing of it is to be found */
} fx;

static int setup(void **state)
{
	(void)state;
	fx.arena = hub_arena_new(0);
	fx.seed = 88172645463325252u;
	if (test_store_make(&fx.at) ||
	    hub_schema_load(fx.arena, "schemas/common-case.cfg", NULL, &fx.schema, NULL, &fx.err) ||
	    hub_store_open(fx.arena, fx.at.url, HUB_OPEN_CREATE, fx.schema, &fx.store, &fx.err))
		return -1;
	fx.db = hub_store_db(fx.store);
	return hub_wordlist_make(fx.db, &fx.err);
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

static struct hub_str any_text(uint32_t parts)
{
	static const char *const part[] = {
	    "介護",     "母",       "虐待",     "護母",     "デイ", "dv",         "8050",    " ",
	    "、",       "訪問",     "々",       "è",        "父と", HUB_GRAM_CUT, "通院",    "入院",
	    "ああああ", "ヘルパー", "サービス", "サービス", "サー", "ビス",       "ママママ"};
	HUB_AUTO(buf) struct hub_buf b;

	hub_buf_init(&b, 1 << 20);
	for (uint32_t i = 0; i < parts; i++)
		hub_buf_puts(&b, part[roll((uint32_t)HUB_COUNT(part))]);
	const struct hub_str s = hub_gram_fold(fx.arena, hub_buf_text(&b), NULL);
	assert_non_null(s.ptr);
	return s;
}

static void put(size_t i, struct hub_str text)
{
	fx.doc[i].entity = HUB_STR("activity");
	fx.doc[i].field = HUB_STR("body");
	fx.doc[i].row = (int64_t)i + 1;
	fx.text[i] = text;
	if (hub_wordlist_put(fx.db, &fx.doc[i], text, &fx.err))
		fail_msg("%s", fx.err.what);
}

static void take_out(size_t i)
{
	if (fx.doc[i].id && hub_wordlist_remove(fx.db, fx.doc[i].id, &fx.err))
		fail_msg("%s", fx.err.what);
	fx.doc[i].id = 0;
	fx.text[i] = (struct hub_str){NULL, 0};
}

/* In one transaction, as a page of rows. */
static void in_one(void (*change)(void))
{
	assert_int_equal(fx.db->ops->begin(fx.db, HUB_DB_WRITE, &fx.err), 0);
	change();
	assert_int_equal(hub_db_end(fx.db, HUB_OK, &fx.err), 0);
}

static void put_from(size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		put(i, any_text(i % LONG == LONG - 1 ? 5600 : i % LONG == 1 ? 3000 : roll(12)));
}

static void put_few(void)
{
	put_from(0, FEW);
}

static void put_rest(void)
{
	put_from(FEW, TEXTS);
}

static void put_all(void)
{
	put_from(0, TEXTS);
}

static void change_some(void)
{
	for (int i = 0; i < 60; i++) {
		const size_t at = roll(TEXTS);
		if (roll(4) == 0)
			take_out(at);
		else
			put(at, roll(8) ? any_text(roll(12)) : (struct hub_str){NULL, 0});
	}
}

static int64_t bad_lists(void)
{
	struct hub_wordlist_state st;

	if (hub_wordlist_check(fx.db, &st, &fx.err))
		fail_msg("%s", fx.err.what);
	return st.bad;
}

static void expect_as_a_look(struct hub_str word)
{
	const struct hub_str ask = hub_gram_fold(fx.arena, word, NULL);
	struct hub_docs found;

	if (hub_wordlist_find(fx.db, fx.arena, ask, &found, &fx.err))
		fail_msg("%s", fx.err.what);
	for (size_t i = 0; i < TEXTS; i++) {
		const int there = fx.text[i].ptr && hub_gram_find(fx.text[i], ask, 0) != (size_t)-1;
		if (fx.doc[i].id && hub_docs_has(&found, fx.doc[i].id) != there)
			fail_msg("\"%.*s\" in \"%.*s\": %d", HUB_FMT(word), HUB_FMT(fx.text[i]),
				 there);
	}
}

/* Three to eight characters of a text, at the border of a piece of a long one or anywhere. */
static struct hub_str any_phrase(void)
{
	const size_t i =
	    roll(2) ? roll(TEXTS) : roll(TEXTS / LONG) * LONG + (roll(2) ? LONG - 1 : 1);
	const struct hub_str s = fx.text[i].ptr ? fx.text[i] : HUB_STR("");
	const size_t chars = hub_utf8_count(s), most = 3 + roll(6);
	size_t from = 0, to;

	if (chars <= most)
		return s;
	size_t skip = roll((uint32_t)(chars - most));
	if (skip > PIECE && roll(2))
		skip -= skip % PIECE - roll(9);
	while (skip-- && from < s.len)
		(void)hub_utf8_next(s, &from);
	to = from;
	for (size_t k = 0; k < most && to < s.len; k++)
		(void)hub_utf8_next(s, &to);
	return hub_str_cut(s, from, to);
}

static void ask_phrases(void)
{
	for (int i = 0; i < PHRASES; i++) {
		const struct hub_str p = any_phrase();
		if (p.len && hub_str_find(p, HUB_STR(HUB_GRAM_CUT), 0) == (size_t)-1 &&
		    !hub_str_eq(p, HUB_STR(" ")))
			expect_as_a_look(p);
	}
}

static void ask_all(void)
{
	static const char *const words[] = {"介護",
					    "母",
					    "護",
					    "々",
					    "DV",
					    "8050",
					    "80",
					    "è",
					    "虐待",
					    "護虐待",
					    "訪問",
					    "ない",
					    "母 父",
					    "院",
					    "デイ",
					    "デ",
					    "ああ",
					    "あああ",
					    "ああああ",
					    "ヘルパー",
					    "8050介護",
					    "あああああ",
					    "介護ヘルパー",
					    "介護母",
					    "父とああああ",
					    "父と母",
					    "DV 8050",
					    "8050 母",
					    "ヘルパー、母",
					    "デイ 訪問介",
					    "ヘルパああ",
					    "介護 8050 デイ",
					    "サービス",
					    "デイサービス",
					    "サービスデイ",
					    "サービス介護サービス",
					    "サー ビス",
					    "イサービスサ",
					    "デイサービス8050",
					    "ママ",
					    "ママママママ",
					    "ヘルパーサービスママ",
					    "介護サービス母サービ",
					    "訪問サービ",
					    "サービスサービス",
					    "デイサービス、サービス"};

	for (size_t i = 0; i < HUB_COUNT(words); i++)
		expect_as_a_look(hub_str_of(words[i]));
	ask_phrases();
}

static int64_t count(const char *sql)
{
	int64_t n = -1;

	if (hub_db_one(fx.db, &n, &fx.err, sql, ""))
		fail_msg("%s", fx.err.what);
	return n;
}

static void pack(void)
{
	if (hub_wordlist_pack(fx.db, &fx.err))
		fail_msg("%s", fx.err.what);
}

/* Small blocks become a large one once there are enough of them. */
static void test_as_a_look(void **state)
{
	(void)state;
	in_one(put_few);
	ask_all();
	pack();
	assert_int_equal(count("SELECT count(*) FROM text_block WHERE texts = 256"), 5);
	ask_all();
	in_one(put_rest);
	pack();
	assert_int_equal(count("SELECT count(*) FROM text_block"), MADE);
	assert_int_equal(count("SELECT texts FROM text_block WHERE block = 0"), LARGE_TEXTS);
	assert_int_equal(count("SELECT count(*) FROM text_spot WHERE block BETWEEN 1 AND 15"), 0);
	ask_all();
	for (int round = 0; round < ROUNDS; round++) {
		in_one(change_some);
		ask_all();
		assert_int_equal(bad_lists(), 0); /* who changed since is looked at */
		pack();
		ask_all();
		assert_int_equal(bad_lists(), 0);
	}
}

/* Somebody makes all lists while somebody else puts texts in, old ones again and new ones, and is not done. */
static void test_meanwhile(void **state)
{
	struct hub_db *const here = fx.db;
	struct hub_store *other;

	(void)state;
	ONLY_POSTGRESQL();
	assert_int_equal(hub_store_open(fx.arena, fx.at.url, 0, fx.schema, &other, &fx.err), 0);
	assert_int_equal(
	    here->ops->exec(here, "DELETE FROM text_block; DELETE FROM text_spot", &fx.err), 0);
	fx.db = hub_store_db(other);
	assert_int_equal(fx.db->ops->begin(fx.db, HUB_DB_WRITE, &fx.err), 0);
	change_some();
	assert_int_equal(hub_wordlist_pack(here, &fx.err), 0);
	assert_int_equal(hub_db_end(fx.db, HUB_OK, &fx.err), 0);
	fx.db = here;
	hub_store_close(other);
	ask_all();
}

/* Of a text that is gone no list has anything after the next making of them. */
static void test_gone(void **state)
{
	(void)state;
	assert_int_equal(count("SELECT count(*) FROM text_block"), MADE);
	assert_int_equal(fx.db->ops->begin(fx.db, HUB_DB_WRITE, &fx.err), 0);
	for (size_t i = 0; i < TEXTS; i++)
		if (fx.doc[i].id < LARGE_TEXTS)
			take_out(i);
	assert_int_equal(hub_db_end(fx.db, HUB_OK, &fx.err), 0);
	pack();
	assert_int_equal(count("SELECT count(*) FROM text_spot WHERE block < 16"), 0);
	assert_int_equal(count("SELECT count(*) FROM text_stale WHERE doc < 4096"), 0);
	ask_all();
}

/* An index without lists, as SQLite's was. */
static void test_no_lists(void **state)
{
	(void)state;
	if (fx.db->ops->exec(fx.db,
			     "DROP TABLE text_block; DROP TABLE text_spot; DROP TABLE text_stale;"
			     "DELETE FROM meta WHERE name = 'wordlist'",
			     &fx.err))
		fail_msg("%s", fx.err.what);
	assert_int_equal(hub_wordlist_make(fx.db, &fx.err), 0);
	ask_all();
	pack();
	assert_int_equal(count("SELECT count(*) FROM text_block"), MADE);
	ask_all();
}

/* Lists of an index that was dropped say nothing about the next one, whose ids begin anew. */
static void test_dropped(void **state)
{
	(void)state;
	assert_int_equal(hub_fulltext_drop(fx.db, &fx.err), 0);
	assert_int_equal(hub_wordlist_make(fx.db, &fx.err), 0);
	for (size_t i = 0; i < TEXTS; i++)
		fx.doc[i].id = 0;
	in_one(put_all);
	ask_all();
	pack();
	ask_all();
}

/* Lists of an older form are dropped, all texts looked at one by one, and lists made anew. */
static void expect_made_anew(const char *older)
{
	if (fx.db->ops->exec(fx.db, older, &fx.err))
		fail_msg("%s", fx.err.what);
	assert_int_equal(hub_wordlist_make(fx.db, &fx.err), 0);
	assert_int_equal(count("SELECT count(*) FROM text_block"), 0);
	assert_int_equal(count(on_postgresql()
				   ? "SELECT count(to_regclass('text_list'))"
				   : "SELECT count(*) FROM sqlite_master WHERE name = 'text_list'"),
			 0);
	ask_all();
	pack();
	assert_int_equal(count("SELECT count(DISTINCT block) FROM text_spot"), MADE);
	assert_int_equal(hub_wordlist_make(fx.db, &fx.err), 0);
	assert_int_equal(count("SELECT count(*) FROM text_block"), MADE);
	ask_all();
}

static void test_first_form(void **state)
{
	(void)state;
	expect_made_anew(
	    "DROP TABLE text_spot; CREATE TABLE text_list (bucket INTEGER NOT NULL,"
	    " block INTEGER NOT NULL, grams BLOB NOT NULL, PRIMARY KEY (bucket, block))"
	    " STRICT; UPDATE meta SET value = '1' WHERE name = 'wordlist'");
}

#define SECOND_FORM(id)                                                                        \
	"DROP TABLE text_spot; DROP TABLE text_block;"                                         \
	"CREATE TABLE text_block (block INTEGER NOT NULL PRIMARY KEY) STRICT;"                 \
	"CREATE TABLE text_spot (" id ", block INTEGER NOT NULL, lists BLOB NOT NULL) STRICT;" \
	"INSERT INTO text_block VALUES (0); INSERT INTO text_block VALUES (1);"                \
	"UPDATE meta SET value = '2' WHERE name = 'wordlist'"

static void test_second_form(void **state)
{
	(void)state;
	expect_made_anew(on_postgresql() ? SECOND_FORM("bucket INTEGER NOT NULL")
					 : SECOND_FORM("id INTEGER PRIMARY KEY"));
}

static void run(const char *sql)
{
	if (fx.db->ops->exec(fx.db, sql, &fx.err))
		fail_msg("%s", fx.err.what);
}

/* The longest row of the first block, as it is, or with one bit changed. */
static void write_row(struct hub_str row, size_t byte)
{
	char *copy = hub_alloc(fx.arena, row.len);

	assert_non_null(copy);
	memcpy(copy, row.ptr, row.len);
	if (byte < row.len)
		copy[byte] ^= (char)(1 << byte % 8);
	if (hub_db_run(fx.db, &fx.err,
		       "UPDATE text_spot SET lists = ? WHERE block = 0 AND length(lists) = "
		       "(SELECT max(length(lists)) FROM text_spot WHERE block = 0)",
		       "b", (struct hub_str){copy, row.len}))
		fail_msg("%s", fx.err.what);
}

static struct hub_str read_row(void)
{
	HUB_AUTO(query) struct hub_query *q = NULL;

	if (hub_db_query(fx.db, &q, &fx.err,
			 "SELECT lists FROM text_spot WHERE block = 0"
			 " ORDER BY length(lists) DESC LIMIT 1",
			 "") ||
	    hub_db_next(q, &fx.err))
		fail_msg("%s", fx.err.what);
	return hub_db_dup(fx.arena, q, 0);
}

/* Whatever bit of a list is another one is found, and none of them ends a search. */
static void test_damaged(void **state)
{
	const struct hub_str row = read_row();

	(void)state;
	for (size_t byte = 0; byte < row.len; byte += 1 + row.len / 60) {
		write_row(row, byte);
		assert_int_equal(bad_lists(), 1);
		struct hub_docs found;
		assert_int_equal(
		    hub_wordlist_find(fx.db, fx.arena, HUB_STR("サービス"), &found, &fx.err), 0);
	}
	write_row(row, row.len);
	assert_int_equal(bad_lists(), 0);
}

/* Long texts stay in small blocks. */
static void test_long(void **state)
{
	(void)state;
	run("DELETE FROM text_block; DELETE FROM text_spot");
	assert_int_equal(hub_words_pack(fx.db, 1 << 16, &fx.err), 0);
	assert_int_equal(count("SELECT count(*) FROM text_block WHERE texts = 256"),
			 LARGE_TEXTS / 256 + MADE - 1);
	assert_int_equal(count("SELECT max(texts) FROM text_block"), 256);
	assert_int_equal(bad_lists(), 0);
	ask_all();
	in_one(change_some);
	assert_int_equal(hub_words_pack(fx.db, 1 << 16, &fx.err), 0);
	assert_int_equal(count("SELECT max(texts) FROM text_block"), 256);
	assert_int_equal(bad_lists(), 0);
	ask_all();
}

static void test_lost(void **state)
{
	(void)state;
	run("DELETE FROM text_spot WHERE block = 0 AND length(lists) ="
	    " (SELECT min(length(lists)) FROM text_spot WHERE block = 0)");
	assert_int_equal(bad_lists(), 1);
	run("DELETE FROM text_block WHERE block > 0");
	assert_int_equal(bad_lists(), 2); /* lists of no block, too */
	assert_int_equal(hub_wordlist_remake(fx.db, &fx.err), 0);
	assert_int_equal(count("SELECT count(*) FROM text_block"), MADE);
	assert_int_equal(bad_lists(), 0);
	ask_all();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_as_a_look),   cmocka_unit_test(test_meanwhile),
	    cmocka_unit_test(test_gone),        cmocka_unit_test(test_dropped),
	    cmocka_unit_test(test_no_lists),    cmocka_unit_test(test_first_form),
	    cmocka_unit_test(test_second_form), cmocka_unit_test(test_damaged),
	    cmocka_unit_test(test_long),        cmocka_unit_test(test_lost),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

#include "test.h"

#include "text/gram.h"

static struct hub_arena *arena;

static int setup(void **state)
{
	(void)state;
	arena = hub_arena_new(0);
	return arena == NULL;
}

static int teardown(void **state)
{
	(void)state;
	hub_arena_free(arena);
	return 0;
}

static void test_fold(void **state)
{
	static const char *const t[][2] = {
	    {"", ""},
	    {"ＤＶ被害、ｶｲｺﾞ拒否。", "dv被害 カイゴ拒否"},
	    {"こども食堂", "コドモ食堂"},
	    {"髙齢者の見守り", "高齢者ノ見守リ"},
	    {"  8050 問題\n（親子）", "8050 問題 親子"},
	    {"葛\xf3\xa0\x84\x80飾", "葛飾"},
	    {"あ" HUB_GRAM_CUT "、い", "ア" HUB_GRAM_CUT "イ"},
	    {HUB_GRAM_CUT "さんと" HUB_GRAM_CUT, HUB_GRAM_CUT "サント" HUB_GRAM_CUT},
	    {"１２月３日", "12月3日"},
	    {"\xff介\xff護", "介 護"},
	};

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(t); i++)
		assert_str(hub_gram_fold(arena, hub_str_of(t[i][0]), NULL), t[i][1]);
}

/* Every place of the fold leads back to the character it came from. */
static void test_map(void **state)
{
	static const char text[] = "Ａ。介㈱護";
	const uint32_t *at;
	const struct hub_str s = hub_gram_fold(arena, hub_str_of(text), &at);

	(void)state;
	assert_str(s, "a 介 株 護");
	assert_int_equal(at[0], 0);
	assert_int_equal(at[hub_str_find(s, HUB_STR("介"), 0)], 6);
	assert_int_equal(at[hub_str_find(s, HUB_STR("株"), 0)], 9);
	assert_int_equal(at[hub_str_find(s, HUB_STR("護"), 0)], 12);
	assert_int_equal(at[s.len], sizeof text - 1);
}

static struct hub_str grams(const char *text)
{
	struct hub_gram_walk w = {.text = hub_gram_fold(arena, hub_str_of(text), NULL)};
	struct hub_str out = HUB_STR("");
	struct hub_gram g;

	while (hub_gram_next(&w, &g))
		out = hub_arena_printf(arena, "%.*s[%.*s]", HUB_FMT(out), HUB_FMT(g.text));
	return out;
}

static void test_grams(void **state)
{
	(void)state;
	assert_str(grams("要介護2の母"), "[要介][介護][護][2][ノ母][母]");
	assert_str(grams("介護。施設"), "[介護][護][施設][設]");
	assert_str(grams("DV 被害 8050"), "[dv][ ][被害][害][ ][8050]");
	assert_str(grams("介" HUB_GRAM_CUT "護"), "[介][" HUB_GRAM_CUT "][護]");
	assert_str(grams("、。"), "");
}

static void test_open(void **state)
{
	(void)state;
	assert_true(hub_gram_is_open(HUB_STR("母")));
	assert_true(hub_gram_is_open(HUB_STR("2階")));
	assert_false(hub_gram_is_open(HUB_STR("介護")));
	assert_false(hub_gram_is_open(HUB_STR("介護2")));
	assert_false(hub_gram_is_open(HUB_STR("")));
}

static void test_find(void **state)
{
	const struct hub_str s = HUB_STR("要介護2 8050 母" HUB_GRAM_CUT "2階");

	(void)state;
	assert_int_equal(hub_gram_find(s, HUB_STR("介護2"), 0), 3);
	assert_int_equal(hub_gram_find(s, HUB_STR("80"), 0), -1);
	assert_int_equal(hub_gram_find(s, HUB_STR("50"), 0), -1);
	assert_int_equal(hub_gram_find(s, HUB_STR("8050"), 0), 11);
	assert_int_equal(hub_gram_find(s, HUB_STR("母 2階"), 0), -1);
	assert_int_equal(hub_gram_find(s, HUB_STR("2"), 10), hub_str_find(s, HUB_STR("2階"), 0));
	assert_int_equal(hub_gram_find(s, HUB_STR(""), 0), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_fold), cmocka_unit_test(test_map),  cmocka_unit_test(test_grams),
	    cmocka_unit_test(test_open), cmocka_unit_test(test_find),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

#include "test.h"

#include "text/kin.h"

#define TEXT(s)                  \
	{                        \
		s, sizeof(s) - 1 \
	}
#define MEMBER(rel, sex, born)                   \
	{                                        \
		TEXT(rel), TEXT(sex), TEXT(born) \
	}

/* A household: 続柄, sex, birth date of each member. */
static const struct hub_kin_member three_generations[] = {
    MEMBER("世帯主", "1", "1950-01-01"), MEMBER("妻", "2", "1952-01-01"),
    MEMBER("妻の母", "2", "1930-01-01"), MEMBER("子", "1", "1978-01-01"),
    MEMBER("子の妻", "2", "1980-01-01"), MEMBER("子の子", "2", "2010-01-01"),
    MEMBER("子の子", "1", "2014-01-01"), MEMBER("子", "2", "1982-01-01"),
    MEMBER("弟", "1", "1955-01-01"),     MEMBER("同居人", "1", "1990-01-01"),
};
enum { HEAD, WIFE, HER_MOTHER, SON, SONS_WIFE, GIRL, BOY, DAUGHTER, BROTHER, LODGER, N };

static void every_one_as_seen_from_the_client(void **state)
{
	static const struct {
		uint32_t from, to;
		const char *word;
		int sure;
	} cases[] = {
	    {HEAD, WIFE, "妻", 1},
	    {HEAD, HER_MOTHER, "妻の母", 1},
	    {HEAD, SONS_WIFE, "子の妻", 1},
	    {HEAD, GIRL, "孫", 1},
	    {HEAD, BROTHER, "弟", 1},
	    {WIFE, HEAD, "夫", 1},
	    {WIFE, HER_MOTHER, "母", 1},
	    {WIFE, SON, "子", 0},
	    {WIFE, SONS_WIFE, "子の妻", 0},
	    {WIFE, BROTHER, "夫の弟", 1},
	    {HER_MOTHER, WIFE, "子", 1},
	    {HER_MOTHER, HEAD, "子の夫", 1},
	    {HER_MOTHER, SON, "孫", 0},
	    {SON, HEAD, "父", 1},
	    {SON, WIFE, "母", 0},
	    {SON, HER_MOTHER, "祖母", 0},
	    {SON, SONS_WIFE, "妻", 1},
	    {SON, GIRL, "", 0},
	    {SON, DAUGHTER, "妹", 1},
	    {SON, BROTHER, "おじ", 1},
	    {SONS_WIFE, SON, "夫", 1},
	    {SONS_WIFE, HEAD, "夫の父", 1},
	    {SONS_WIFE, WIFE, "夫の母", 0},
	    {SONS_WIFE, GIRL, "", 0},
	    {SONS_WIFE, DAUGHTER, "夫の妹", 1},
	    {GIRL, HEAD, "祖父", 1},
	    {GIRL, BOY, "", 0},
	    {DAUGHTER, SON, "兄", 1},
	    {BROTHER, HEAD, "兄", 1},
	    {BROTHER, SON, "甥", 1},
	    {HEAD, LODGER, "", 0},
	    {LODGER, HEAD, "", 0},
	    {HEAD, HEAD, "", 0},
	};
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(cases); i++) {
		const struct hub_kin k =
		    hub_kin_between(a, three_generations, N, cases[i].from, cases[i].to);
		const struct hub_str got = hub_arena_printf(a, "%u-%u %.*s %d", cases[i].from,
							    cases[i].to, HUB_FMT(k.word), k.sure);
		const struct hub_str want = hub_arena_printf(
		    a, "%u-%u %s %d", cases[i].from, cases[i].to, cases[i].word, cases[i].sure);
		assert_string_equal(got.ptr, want.ptr);
	}
}

/* With one child only, the way goes through it. */
static void a_chain_through_the_only_one(void **state)
{
	static const struct hub_kin_member m[] = {
	    MEMBER("世帯主", "2", "1950-01-01"), MEMBER("長女", "2", "1978-01-01"),
	    MEMBER("子の子", "1", "2010-01-01"), MEMBER("子（子の夫）", "1", "1975-01-01"),
	    MEMBER("いとこ", "1", ""),
	};
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);

	(void)state;
	assert_string_equal(hub_kin_between(a, m, 3, 2, 0).word.ptr, "祖母");
	assert_string_equal(hub_kin_between(a, m, 3, 2, 1).word.ptr, "母");
	/* two who could be the parent: not said */
	assert_int_equal(hub_kin_between(a, m, 5, 2, 1).word.len, 0);
	assert_string_equal(hub_kin_between(a, m, 5, 3, 0).word.ptr, "母");
	assert_int_equal(hub_kin_between(a, m, 5, 0, 4).word.len, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_one_as_seen_from_the_client),
	    cmocka_unit_test(a_chain_through_the_only_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

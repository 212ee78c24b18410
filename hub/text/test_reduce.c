#include "test.h"

#include "text/reduce.h"

/* What is proposed for a character that CP932 has not, and why. */
static void each_way(void **state)
{
	static const struct {
		uint32_t cp;
		enum hub_reduce how;
		const char *text;
	} chars[] = {
	    {'A', HUB_REDUCE_NONE, "A"},
	    {0x5c71, HUB_REDUCE_NONE, "山"},
	    {0x9ad9, HUB_REDUCE_NONE, "髙"},
	    {0x20bb7, HUB_REDUCE_VARIANT, "吉"},
	    {0x2474, HUB_REDUCE_COMPATIBLE, "(1)"},
	    {0xfe00, HUB_REDUCE_BASE, ""},
	    {0xfe0f, HUB_REDUCE_BASE, ""},
	    {0xe0100, HUB_REDUCE_BASE, ""},
	    {0xe01ef, HUB_REDUCE_BASE, ""},
	    {0xe000, HUB_REDUCE_TABLE, "〓"},
	    {0xf8ff, HUB_REDUCE_TABLE, "〓"},
	    {0xf0000, HUB_REDUCE_TABLE, "〓"},
	    {0x10fffd, HUB_REDUCE_TABLE, "〓"},
	    {0x1f600, HUB_REDUCE_UNKNOWN, "〓"},
	};
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(chars); i++) {
		enum hub_reduce how;
		const struct hub_str got = hub_reduce_char(a, chars[i].cp, &how);
		if (how != chars[i].how || !hub_str_is(got, chars[i].text))
			fail_msg("U+%04X: way %d, %.*s", chars[i].cp, how, HUB_FMT(got));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(each_way)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

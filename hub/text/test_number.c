#include "test.h"

#include "text/number.h"

static void accepted(void **state)
{
	static const struct {
		const char *in, *text, *unit;
		unsigned flags;
	} t[] = {
	    {"1234", "1234", "", 0},
	    {"１，２３４", "1234", "", 0},
	    {"1,234,567.50", "1234567.5", "", 0},
	    {"0.5", "0.5", "", 0},
	    {"0", "0", "", 0},
	    {"003", "3", "", HUB_NUMBER_ZEROS},
	    {"△500", "-500", "", 0},
	    {"▲１，２３４円", "-1234", "円", 0},
	    {"－３", "-3", "", 0},
	    {"¥1,000-", "1000", "", 0},
	    {"約30人", "30", "人", HUB_NUMBER_ABOUT},
	    {"10年弱", "10", "年", HUB_NUMBER_ABOUT},
	    {"7 歳", "7", "歳", 0},
	    {"千二百三十四", "1234", "", 0},
	    {"二千〇〇一", "2001", "", 0},
	    {"一八二〇", "1820", "", 0},
	    {"壱百弐拾参", "123", "", 0},
	    {"廿五", "25", "", 0},
	    {"一万五", "10005", "", 0},
	    {"1億2千万", "120000000", "", 0},
	    {"14億1,983万", "1419830000", "", 0},
	    {"3.5万円", "35000", "円", 0},
	    {"0.000001", "0.000001", "", 0},
	    {"九千九百九十九垓", "999900000000000000000000", "", 0},
	};

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(t); i++) {
		struct hub_number n;
		if (hub_number_parse(hub_str_of(t[i].in), &n))
			fail_msg("%s: %s", t[i].in, n.reason);
		if (strcmp(n.text, t[i].text) != 0 || !hub_str_is(n.unit, t[i].unit) ||
		    n.flags != t[i].flags)
			fail_msg("%s: got %s, flags %u", t[i].in, n.text, n.flags);
	}
}

static void refused(void **state)
{
	static const char *const t[][2] = {
	    {"1,2,3", "bad-comma"},           {"12,34", "bad-comma"},
	    {"1000,100", "bad-comma"},        {"1,234,5", "bad-comma"},
	    {"abc", "not-a-number"},          {"万", "not-a-number"},
	    {"1万2億", "not-a-number"},       {"1.", "not-a-number"},
	    {"1二", "not-a-number"},          {"5人家族", "trailing-text"},
	    {"1-2", "trailing-text"},         {"12345678901234", "too-many-digits"},
	    {"0.1234567", "too-many-digits"}, {"10000垓", "too-many-digits"},
	    {"1.2.3", "trailing-text"},
	};
	struct hub_number n;

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(t); i++) {
		assert_int_equal(hub_number_parse(hub_str_of(t[i][0]), &n), HUB_NUMBER_INVALID);
		if (strcmp(n.reason, t[i][1]) != 0)
			fail_msg("%s: %s, want %s", t[i][0], n.reason, t[i][1]);
	}
	assert_int_equal(hub_number_parse(HUB_STR(" 　"), &n), HUB_NUMBER_NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(accepted), cmocka_unit_test(refused)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

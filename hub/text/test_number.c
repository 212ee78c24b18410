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
	assert_string_equal(hub_number_finding(HUB_NUMBER_ZEROS, 0), "leading-zeros");
	assert_null(hub_number_finding(HUB_NUMBER_ZEROS, 1));
	assert_string_equal(hub_number_finding(HUB_NUMBER_ZEROS | HUB_NUMBER_ABOUT, 0), "about");
	assert_string_equal(hub_number_finding(HUB_NUMBER_ZEROS | HUB_NUMBER_ABOUT, 1),
			    "leading-zeros");
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

static void whose_number(void **state)
{
	static const char *const nobodys[] = {
	    "",
	    "不明",
	    "番号なし",
	    "-",
	    "－",
	    "０",
	    "0000000000",
	    "#N/A",
	    "#DIV/0!",
	    "########",
	    "99999",
	    "999-999-99",
	    "１１１１１１１１",
	    "1234567890",
	    "00-00",
	    "1.23457E+14",
	    "1.2E+05",
	    "89012345",
	    " 0 ",
	    "＊＊＊＊",
	};
	static const char *const somebodys[] = {
	    "1",     "12345",      "0000000012", "１２３", "A-100",          "9999", "1111111",
	    "E0015", "1234567891", "甲100",      "99990",  "12345678901235", "10E5"};

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(nobodys); i++)
		if (!hub_number_is_nobodys(hub_str_of(nobodys[i])))
			fail_msg("%s", nobodys[i]);
	for (size_t i = 0; i < HUB_COUNT(somebodys); i++)
		if (hub_number_is_nobodys(hub_str_of(somebodys[i])))
			fail_msg("%s", somebodys[i]);
}

static void one_in_another(void **state)
{
	static const struct {
		const char *value, *number;
		int within;
	} t[] = {{"00012345", "00012345", 1},
		 {"12345", "00012345", 1},
		 {"142075-0012345", "12345", 1},
		 {"A001/12345", "12345", 1},
		 {"7", "7", 1},
		 {"R6-7", "7", 0}, /* the seventh of the year */
		 {"123456", "12345", 0},
		 {"S12345", "12345", 0},
		 {"0", "", 0},
		 {"", "12345", 0}};

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(t); i++)
		if (hub_number_within(hub_str_of(t[i].value), hub_str_of(t[i].number)) !=
		    t[i].within)
			fail_msg("%s in %s", t[i].number, t[i].value);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(accepted), cmocka_unit_test(refused),
					   cmocka_unit_test(whose_number),
					   cmocka_unit_test(one_in_another)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

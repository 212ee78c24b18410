/* What counts as untouched after a trip through a spreadsheet, and what does not. */
#include "intake/excel.h"

#include "test.h"

struct pair {
	const char *was, *now;
};

static const struct pair untouched[] = {
    {"", ""},
    {"髙橋", "髙橋"},
    {"0012", "12"},
    {"0312345678", "312345678"},
    {"000", "0"},
    {"00", "0"},
    {"1.0", "1"},
    {"12.500", "12.5"},
    {"0.50", "0.5"},
    {"0.05", "0.05"},
    {"-007", "-7"},
    {"1,234", "1234"},
    {" 12 ", "12"},
    {"123456789012", "1.23457E+11"},
    {"123456789012", "1.23E+11"},
    {"123456789012", "1E+11"},
    {"999999999999", "1E+12"},
    {"1234567890123456", "1234567890123450"},
    {"12345678901234567890", "1.23457E+19"},
    {"1E5", "100000"},
    {"2E3", "2.00E+03"},
    {"2024-04-01", "2024/4/1"},
    {"2024/04/01", "2024/4/1"},
    {"2024年04月01日", "2024年4月1日"},
    {"H31.04.01", "H31.4.1"},
    {"令和06年04月01日", "令和6年4月1日"},
    {"令和6年4月1日", "R6.4.1"},
    {"1-2", "1月2日"},
    {"1/2", "2-Jan"},
    {"1-2", "2024/1/2"},
    {"2024-04", "Apr-24"},
    {"2024-04", "2024/4/1"},
    {"09:05", "9:05"},
    {"09:05:00", "9:05"},
    {"2024-04-01 09:05", "2024/4/1 9:05"},
    {"2024-04-01T09:05:00", "2024/4/1 9:05"},
    {"2024-04-01 00:00:00", "2024/4/1 0:00"},
    {"true", "TRUE"},
    {"a\r\nb", "a\nb"},
    {"=1+1", "'=1+1"},
    {"@home", "'@home"},
};

static const struct pair edited[] = {
    {"0012", "13"},
    {"0012", "120"},
    {"12", ""},
    {"", "0"},
    {"1.05", "1.5"},
    {"-7", "7"},
    {"123456789012", "1.24E+11"},
    {"123456789012", "1.23E+12"},
    {"123456789012", "123456789013"},
    {"2024-04-01", "2024/4/2"},
    {"2024-13-01", "2024/12/1"},
    {"2024-04-01", "2024/1/4"},
    {"R6.4.1", "H6.4.1"},
    {"R6.4.1", "2024/4/1"},
    {"09:05", "9/5"},
    {"09:05", "9:50"},
    {"1-2", "2月1日"},
    {"A-01", "A-1"},
    {"03-1234-5678", "03-1234-5679"},
    {"山田", "山本"},
    {"a\r\nb", "ab"},
    {"true", "FALSE"},
    {"trve", "TRUE"},
};

static void excel_work_is_untouched(void **state)
{
	(void)state;
	for (size_t i = 0; i < HUB_COUNT(untouched); i++)
		if (!hub_excel_same(hub_str_of(untouched[i].was), hub_str_of(untouched[i].now)))
			fail_msg("%s -> %s counts as edited", untouched[i].was, untouched[i].now);
}

static void a_persons_work_is_an_edit(void **state)
{
	(void)state;
	for (size_t i = 0; i < HUB_COUNT(edited); i++)
		if (hub_excel_same(hub_str_of(edited[i].was), hub_str_of(edited[i].now)))
			fail_msg("%s -> %s counts as untouched", edited[i].was, edited[i].now);
}

static void formulas(void **state)
{
	(void)state;
	assert_true(hub_excel_formula(HUB_STR("=1+1")));
	assert_true(hub_excel_formula(HUB_STR("＝1+1")));
	assert_true(hub_excel_formula(HUB_STR("-a")));
	assert_false(hub_excel_formula(HUB_STR("-12.5")));
	assert_false(hub_excel_formula(HUB_STR("+81-3-1234-5678")));
	assert_false(hub_excel_formula(HUB_STR("山=川")));
	assert_false(hub_excel_formula(HUB_STR("")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(excel_work_is_untouched),
	    cmocka_unit_test(a_persons_work_is_an_edit),
	    cmocka_unit_test(formulas),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What number formats show, and the small things numbers hang on. */
#include "test.h"

#include "decimal.h"
#include "escape.h"
#include "numfmt.h"
#include "sheet.h"
#include "spec.h"

static struct hub_str str(const char *s)
{
	return (struct hub_str){s, strlen(s)};
}

static void formats_show_what_a_sheet_shows(void **state)
{
	static const struct {
		const char *code, *stored, *shown;
	} cases[] = {
	    {"General", "0.1", "0.1"},
	    {"General", "0.30000000000000004", "0.3"},
	    {"General", "134.03003917", "134.0300392"},
	    {"General", "-1234.5678", "-1234.5678"},
	    {"General", "123456789012345", "123456789012345"},
	    {"General", "1E-5", "0.00001"},
	    {"General", "1.23456789E-7", "1.23457E-07"},
	    {"General", "0", "0"},
	    {"0", "0.5", "1"},
	    {"0", "-0.4", "0"},
	    {"0.00", "2.675", "2.68"},
	    {"0.00", "999.995", "1000.00"},
	    {"#.##", "1", "1."},
	    {".00", "1.5", "1.50"},
	    {"#,##0", "1234567", "1,234,567"},
	    {"#,##0,", "1234567", "1,235"},
	    {"0000000", "1234", "0001234"},
	    {"000\\-0000", "7600001", "760-0001"},
	    {"00\\-0000\\-0000", "378392611", "03-7839-2611"},
	    {"0%", "0.125", "13%"},
	    {"0;-0;\"-\"", "0", "-"},
	    {"0;(0)", "-5", "(5)"},
	    {"\"¥\"#,##0;\"¥\"\\-#,##0", "-1200", "¥-1,200"},
	    {"[$¥-411]#,##0", "1200", "¥1,200"},
	    {"_ * #,##0_ ;_ * \\-#,##0_ ", "35889733", " 35,889,733 "},
	    {"[>=100]\"多\"0;\"少\"0", "5", "少5"},
	    {"[>=100]\"多\"0;\"少\"0", "500", "多500"},
	    {"# ?/?", "0.5", "0.5"},
	    {"0.00E+00", "12345", "12345"},
	    {";;;", "7", "7"},
	    {"yyyy/m/d", "45566", "2024-10-01"},
	    {"[$-411]ge.m.d", "45566", "2024-10-01"},
	    {"[$-411]ggge\"年\"m\"月\"d\"日\";@", "45566", "2024-10-01"},
	    {"[DBNum1]ggge\"年\"m\"月\"d\"日\"", "45566", "2024-10-01"},
	    {"mmm-yy", "45566", "2024-10"},
	    {"m\"月\"d\"日\"", "45566", "2024-10-01"},
	    {"aaa", "45566", "2024-10-01"},
	    {"h:mm", "0.3125", "07:30"},
	    {"h\"時\"mm\"分\"", "45566.3125", "07:30"},
	    {"AM/PM h\"時\"mm\"分\"", "0.75", "18:00"},
	    {"mm:ss", "0.010416666666666666", "00:15:00"},
	    {"[h]:mm", "1.5", "36:00"},
	    {"yyyy/m/d h:mm", "45566.999999", "2024-10-02 00:00"},
	    {"yyyy/m/d", "45566.999999", "2024-10-01"},
	    {"yyyy/m/d", "60", "1900-02-29"},
	    {"yyyy/m/d", "61", "1900-03-01"},
	    {"yyyy/m/d", "1", "1900-01-01"},
	    {"yyyy/m/d", "-1", "-1"},
	    {"yyyy/m/d", "2958466", "2958466"},
	    {"\"d\"0", "5", "d5"},
	    {"0\\d", "5", "5d"},
	    {"[Red]0.0", "5", "5.0"},
	};

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(cases); i++) {
		char out[NUMFMT_MOST + 1] = "";
		int is_date;
		const struct numfmt f = numfmt_read(str(cases[i].code));
		const size_t n = numfmt_show(&f, str(cases[i].stored), 0, out, &is_date);
		out[n] = '\0';
		if (strcmp(out, cases[i].shown) != 0)
			fail_msg("%s of %s: \"%s\", expected \"%s\"", cases[i].code,
				 cases[i].stored, out, cases[i].shown);
	}
}

static void what_is_no_number_is_told(void **state)
{
	static const char *const bad[] = {"", "x", "1x", "inf", "nan", "0x10", "1e999", "--1"};
	const struct numfmt general = {0};
	char out[NUMFMT_MOST];
	int is_date;

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(bad); i++)
		assert_int_equal(numfmt_show(&general, str(bad[i]), 0, out, &is_date), 0);
}

static void long_formats_stay_inside(void **state)
{
	char code[2048], out[NUMFMT_MOST];
	int is_date;

	(void)state;
	memset(code, '0', sizeof code);
	const struct numfmt f = numfmt_read((struct hub_str){code, sizeof code});
	assert_true(numfmt_show(&f, str("1"), 0, out, &is_date) <= NUMFMT_MOST);
	memset(code, '"', sizeof code);
	const struct numfmt g = numfmt_read((struct hub_str){code, sizeof code});
	assert_true(numfmt_show(&g, str("1"), 0, out, &is_date) <= NUMFMT_MOST);
	const struct numfmt h = numfmt_read(str("0\\"));
	assert_int_equal(numfmt_show(&h, str("1"), 0, out, &is_date), 1);
}

static void addresses(void **state)
{
	struct sheet_merge m;
	uint32_t col, row;
	char letters[4];

	(void)state;
	assert_int_equal(sheet_address(str("B4"), &col, &row), 0);
	assert_int_equal(col, 1);
	assert_int_equal(row, 4);
	assert_int_equal(sheet_address(str("XFD1048576"), &col, &row), 0);
	assert_int_equal(col, SHEET_COLS - 1);
	assert_int_equal(sheet_address(str("XFE1"), &col, &row), -1);
	assert_int_equal(sheet_address(str("A1048577"), &col, &row), -1);
	assert_int_equal(sheet_address(str("4"), &col, &row), -1);
	assert_int_equal(sheet_address(str("A0"), &col, &row), -1);
	assert_int_equal(sheet_address(str("ZZZZZZZZZZZZZZZZZZZZZZ1"), &col, &row), -1);
	assert_int_equal(sheet_range(str("B4:D6"), &m), 0);
	assert_int_equal(m.last_col, 3);
	assert_int_equal(m.last_row, 6);
	assert_int_equal(sheet_range(str("D6:B4"), &m), -1);
	assert_int_equal(sheet_letters(0, letters), 1);
	assert_string_equal(letters, "A");
	sheet_letters(SHEET_COLS - 1, letters);
	assert_string_equal(letters, "XFD");
}

static void lists_of_cells(void **state)
{
	struct hub_str rest = str(" 氏名 = B4,\n;C5 , 番号=B6:F6"), left, right, name;
	struct sheet_merge m;

	(void)state;
	assert_true(label_next(&rest, LABEL_COMMAS, &left, &right));
	assert_int_equal(spec_cell(left, right, &name, &m), 0);
	assert_int_equal(name.len, strlen("氏名"));
	assert_true(label_next(&rest, LABEL_COMMAS, &left, &right));
	assert_int_equal(spec_cell(left, right, &name, &m), 0);
	assert_int_equal(name.len, 2);
	assert_int_equal(m.row, 5);
	assert_true(label_next(&rest, LABEL_COMMAS, &left, &right));
	assert_int_equal(spec_cell(left, right, &name, &m), 0);
	assert_int_equal(m.last_col, 5);
	assert_false(label_next(&rest, LABEL_COMMAS, &left, &right));
	assert_true(label_same(str("氏　名 "), str("氏名")));
	assert_true(label_same(str("生年\n月日"), str("生年月日")));
	assert_false(label_same(str("氏名"), str("氏")));
}

static void escapes(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {{"a_x000D_b", "a\rb"},  {"_x005F_x000D_", "_x000D_"}, {"_x3042_", "あ"},
		     {"_xZZZZ_", "_xZZZZ_"}, {"_xD800_", "_xD800_"},       {"_x00", "_x00"}};
	char text[32];

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(cases); i++) {
		const size_t n = strlen(cases[i].in);
		memcpy(text, cases[i].in, n);
		text[escape_undo(text, n)] = '\0';
		assert_string_equal(text, cases[i].out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(formats_show_what_a_sheet_shows),
	    cmocka_unit_test(what_is_no_number_is_told),
	    cmocka_unit_test(long_formats_stay_inside),
	    cmocka_unit_test(addresses),
	    cmocka_unit_test(lists_of_cells),
	    cmocka_unit_test(escapes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

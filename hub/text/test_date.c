#include "test.h"

#include "base/clock.h"
#include "text/date.h"

#include <stdio.h>

/* want: ISO text for an accepted date, "null", "unknown", or the reason with a leading '!'.
 * finding: the first one, or NULL. */
struct example {
	const char *in, *want, *finding;
};

static void check(const struct example *e, size_t n, const struct hub_date_opt *opt)
{
	for (size_t i = 0; i < n; i++) {
		struct hub_date d;
		char got[HUB_DATE_TEXT + 1] = "";
		const enum hub_date_rc rc = hub_date_parse(hub_str_of(e[i].in), opt, &d);

		if (rc == HUB_DATE_INVALID)
			snprintf(got, sizeof got, "!%s", d.reason);
		else if (rc == HUB_DATE_NULL)
			snprintf(got, sizeof got, "null");
		else if (!hub_date_iso(&d, 1, got))
			snprintf(got, sizeof got, "unknown");
		if (strcmp(got, e[i].want) != 0)
			fail_msg("\"%s\": got %s, want %s", e[i].in, got, e[i].want);
		const char *f = hub_date_finding(d.flags, 0);
		if (rc == HUB_DATE_OK &&
		    (!f != !e[i].finding || (f && strcmp(f, e[i].finding) != 0)))
			fail_msg("\"%s\": finding %s, want %s", e[i].in, f ? f : "none",
				 e[i].finding ? e[i].finding : "none");
	}
}

static void spellings(void **state)
{
	static const struct example e[] = {
	    {"2024-10-01", "2024-10-01", NULL},
	    {"2024/10/1", "2024-10-01", NULL},
	    {"20241001", "2024-10-01", NULL},
	    {" ２０２４年１０月１日　", "2024-10-01", NULL},
	    {"R6.10.1", "2024-10-01", NULL},
	    {"2024.10.1.", "2024-10-01", NULL},
	    {"R6.10.1.（火）", "2024-10-01", NULL},
	    {"r06.10.01", "2024-10-01", NULL},
	    {"Ｒ６．１０．１", "2024-10-01", NULL},
	    {"R061001", "2024-10-01", NULL},
	    {"R06/07/31", "2024-07-31", NULL},
	    {"令和６年１０月１日", "2024-10-01", NULL},
	    {"令和 6年 1月 1日", "2024-01-01", NULL},
	    {"令和元年5月1日", "2019-05-01", NULL},
	    {"令和ガン年5月1日", "2019-05-01", NULL},
	    {"令和六年十月一日", "2024-10-01", NULL},
	    {"昭和二十一年十一月廿三日", "1946-11-23", NULL},
	    {"昭和五拾弐年参月壱日", "1977-03-01", NULL},
	    {"二〇二四年十月一日", "2024-10-01", NULL},
	    {"二○二四年一○月三一日", "2024-10-31", NULL},
	    {"令和6(2024)年10月1日", "2024-10-01", NULL},
	    {"令和６年（２０２４年）１０月１日（火）", "2024-10-01", NULL},
	    {"2024年(令和6年)10月1日", "2024-10-01", NULL},
	    {"２０２４（Ｒ６）／１０／１", "2024-10-01", NULL},
	    {"平成31年(西暦2019年)4月", "2019-04", NULL},
	    {"昭和30年(1955年)頃", "1955", "estimated"},
	    {"令和元(2019)年", "2019", NULL},
	    {"（令和6年10月1日）", "2024-10-01", NULL},
	    {"(R6.10.1(火))", "2024-10-01", NULL},
	    {"㍻３１年４月３０日", "2019-04-30", NULL},
	    {"㋿元年５月１日", "2019-05-01", NULL},
	    {"㍼64.1.7", "1989-01-07", NULL},
	    {"昭30.1.1", "1955-01-01", NULL},
	    {"S 30. 1. 1", "1955-01-01", NULL},
	    {"T15.12.25", "1926-12-25", NULL},
	    {"M45.7.30", "1912-07-30", NULL},
	    {"2024-10-01 13:30", "2024-10-01T13:30:00", NULL},
	    {"2013/9/1 17:00", "2013-09-01T17:00:00", NULL},
	    {"令和6年10月1日(火) 午後1時30分", "2024-10-01T13:30:00", NULL},
	    {"20241001133015", "2024-10-01T13:30:15", NULL},
	    {"20241001 1330", "2024-10-01T13:30:00", NULL},
	    {"R6.10.1 133015", "2024-10-01T13:30:15", NULL},
	    {"2024-10-01T133015Z", "2024-10-01T22:30:15", "zone-converted"},
	    {"2024-10-01T13:30:00+09:00", "2024-10-01T13:30:00", NULL},
	    {"2026/04/01\n10:30", "2026-04-01T10:30:00", NULL},
	    {"令和8年4月2日\r\n（木）\r\n13:00", "2026-04-02T13:00:00", NULL},
	    {"R8.4.2(木) 13:00-14:00", "2026-04-02T13:00:00", "end-left-out"},
	    {"令和8年4月2日（木）１３時３０分～１４時", "2026-04-02T13:30:00", "end-left-out"},
	    {"2026-04-02 午後1時から3時", "2026-04-02T13:00:00", "end-left-out"},
	    {"2024-10-01T20:30:00Z", "2024-10-02T05:30:00", "zone-converted"},
	    {"2024-10-01T23:30:00-0800", "2024-10-02T16:30:00", "zone-converted"},
	    {"2024-12-31 25:10", "2025-01-01T01:10:00", "next-day"},
	    {"R6.10.1（火）", "2024-10-01", NULL},
	    {"R6.10.1㈫", "2024-10-01", NULL},
	    {"R6.10.14（月・祝）", "2024-10-14", NULL},
	    {"R6.10.1（水）", "2024-10-01", "weekday-mismatch"},
	    {"2024年10月1日 火曜日", "2024-10-01", NULL},
	    {"昭和20年1月1日（79歳）", "1945-01-01", NULL},
	    {"昭和20年1月1日（満79才）", "1945-01-01", NULL},
	    {"昭和20年1月1日生（　　歳）", "1945-01-01", NULL},
	    {"昭和20年1月1日生まれ", "1945-01-01", NULL},
	    {"令和6年3月31日まで", "2024-03-31", "edge"},
	};

	(void)state;
	check(e, HUB_COUNT(e), NULL);
}

static void precision(void **state)
{
	static const struct example e[] = {
	    {"2024年10月", "2024-10", NULL},
	    {"2024-10", "2024-10", NULL},
	    {"R6.10", "2024-10", NULL},
	    {"R0610", "2024-10", NULL},
	    {"S30", "1955", NULL},
	    {"昭和３０年頃", "1955", "estimated"},
	    {"推定令和6年10月1日", "2024-10-01", "estimated"},
	    {"推定令和6年10月", "2024-10", "estimated"},
	    {"令和6年10月1日頃", "2024-10-01", "estimated"},
	    {"令和6年春", "2024", NULL},
	    {"令和6年10月上旬", "2024-10", NULL},
	    {"令和6年10月中旬頃", "2024-10", "estimated"},
	    {"年月日不詳", "unknown", NULL},
	    {"不明", "unknown", NULL},
	    {"令和6年 月日不詳", "2024", "part-unknown"},
	    {"令和6年10月 日不詳", "2024-10", "part-unknown"},
	    {"令和6年10月1日から10日頃までの間", "2024-10-01/2024-10-10", "estimated"},
	    {"推定令和6年10月28日から11月3日までの間", "2024-10-28/2024-11-03", "estimated"},
	    {"R6.4.1～R7.3.31", "2024-04-01/2025-03-31", "range"},
	    {"2024年7月末", "2024-07", "vague"},
	    {"2024年2月末日", "2024-02-29", NULL},
	};
	struct hub_date d;

	(void)state;
	check(e, HUB_COUNT(e), NULL);

	assert_int_equal(hub_date_parse(HUB_STR("令和6年2月下旬"), NULL, &d), HUB_DATE_OK);
	assert_int_equal(d.precision, HUB_DATE_TEN_DAYS);
	assert_int_equal(d.from, hub_days_of(2024, 2, 21));
	assert_int_equal(d.to, hub_days_of(2024, 2, 29));
	assert_int_equal(hub_date_parse(HUB_STR("令和5年冬"), NULL, &d), HUB_DATE_OK);
	assert_int_equal(d.precision, HUB_DATE_SEASON);
	assert_int_equal(d.from, hub_days_of(2023, 12, 1));
	assert_int_equal(d.to, hub_days_of(2024, 2, 29));
	assert_int_equal(d.era, HUB_ERA_REIWA);
}

static void eras(void **state)
{
	static const struct example e[] = {
	    {"明治45年7月30日", "1912-07-30", NULL},
	    {"大正元年7月30日", "1912-07-30", NULL},
	    {"大正元年7月29日", "!before-era", NULL},
	    {"大正15年12月25日", "1926-12-25", NULL},
	    {"昭和元年12月25日", "1926-12-25", NULL},
	    {"昭和元年12月24日", "!before-era", NULL},
	    {"昭和64年1月7日", "1989-01-07", NULL},
	    {"昭和64年1月8日", "1989-01-08", "era-overrun"},
	    {"平成元年1月8日", "1989-01-08", NULL},
	    {"平成31年4月30日", "2019-04-30", NULL},
	    {"平成31年5月1日", "2019-05-01", "era-overrun"},
	    {"平成32年4月1日", "2020-04-01", "era-overrun"},
	    {"昭和65年", "1990", "era-overrun"},
	    {"令和元年4月30日", "!before-era", NULL},
	    {"明治6年1月1日", "1873-01-01", NULL},
	    {"明治5年12月2日", "!lunar-calendar", NULL},
	    {"R99.1.1", "!implausible", NULL},
	};
	const struct hub_date_opt strict = {.refuse_overrun = 1};
	static const struct example s[] = {
	    {"平成31年5月1日", "!era-overrun", NULL},
	    {"平成31年4月30日", "2019-04-30", NULL},
	};

	(void)state;
	check(e, HUB_COUNT(e), NULL);
	check(s, HUB_COUNT(s), &strict);
}

static void refused(void **state)
{
	static const struct example e[] = {
	    {"", "null", NULL},
	    {"　", "null", NULL},
	    {"0000-00-00", "null", NULL},
	    {"00000000", "null", NULL},
	    {"99999999", "null", NULL},
	    {"9999-12-31", "null", NULL},
	    {"－", "null", NULL},
	    {"R6.2.30", "!no-such-day", NULL},
	    {"2023-02-29", "!no-such-day", NULL},
	    {"1900-02-29", "!no-such-day", NULL},
	    {"2024/4/31", "!no-such-day", NULL},
	    {"2024-13-01", "!no-such-month", NULL},
	    {"2024-00-01", "!no-such-month", NULL},
	    {"T0.1.1", "!no-such-year", NULL},
	    {"X6.1.1", "!unknown-era", NULL},
	    {"24/10/01", "!year-ambiguous", NULL},
	    {"061001", "!year-ambiguous", NULL},
	    {"R61001", "!year-ambiguous", NULL},
	    {"10/1", "!year-missing", NULL},
	    {"7月18日", "!year-missing", NULL},
	    {"10/1/2024", "!order-ambiguous", NULL},
	    {"令和6年(2025年)10月1日", "!years-differ", NULL},
	    {"2024(平成6)年10月1日", "!years-differ", NULL},
	    {"2024(2024)年10月1日", "!not-a-date", NULL},
	    {"令和6(2024)年度", "!fiscal-year", NULL},
	    {"(令和6年10月1日", "!not-a-date", NULL},
	    {"令和6年10月1日)", "!not-a-date", NULL},
	    {"2021年度", "!fiscal-year", NULL},
	    {"2021年以降", "!open-ended", NULL},
	    {"2024-10-01 30:00", "!bad-time", NULL},
	    {"R6.10.5～R6.10.1", "!range-reversed", NULL},
	    {"2024-10-01x", "!not-a-date", NULL},
	    {"2024-10-", "!not-a-date", NULL},
	    {"令和-3年", "!not-a-date", NULL},
	    {"千秋楽", "!not-a-date", NULL},
	    {"45566", "!not-a-date", NULL},
	    {"2024-10-01\xff", "!not-a-date", NULL},
	};
	const struct hub_date_opt zero = {.refuse_zero = 1};
	static const struct example z[] = {{"00000000", "!no-such-day", NULL},
					   {"99999999", "null", NULL}};

	struct hub_date d;

	(void)state;
	check(e, HUB_COUNT(e), NULL);
	check(z, HUB_COUNT(z), &zero);
	assert_int_equal(hub_date_parse(HUB_STR("2024-10-01\0x"), NULL, &d), HUB_DATE_INVALID);
}

static void options(void **state)
{
	const struct hub_date_opt registry = {.era_codes = HUB_DATE_CODES_REGISTRY,
					      .noncalendar = 1};
	const struct hub_date_opt welfare = {.era_codes = HUB_DATE_CODES_WELFARE};
	const struct hub_date_opt e1900 = {.excel = 1900}, e1904 = {.excel = 1904};
	const struct hub_date_opt context = {.context_year = 2024, .two_digit_base = 2018};
	const struct hub_date_opt narrow = {.min = 0, .max = 20000};
	static const struct example r[] = {
	    {"5061001", "2024-10-01", NULL},
	    {"3300101", "1955-01-01", NULL},
	    {"5-06-10-01", "2024-10-01", NULL},
	    {"6061001", "!unknown-era", NULL},
	    {"昭和30年2月30日", "1955-02", "non-calendar"},
	    {"昭和30年2月32日", "!no-such-day", NULL},
	};
	static const struct example w[] = {{"2300101", "1955-01-01", NULL},
					   {"4061001", "2024-10-01", NULL}};
	static const struct example x[] = {
	    {"45566", "2024-10-01", "excel-serial"},
	    {"45566.5625", "2024-10-01T13:30:00", "excel-serial"},
	    {"60", "!excel-false-day", NULL},
	    {"2024/10/1", "2024-10-01", NULL},
	};
	static const struct example y[] = {{"44104", "2024-10-01", "excel-serial"}};
	static const struct example c[] = {
	    {"10/1", "2024-10-01", "context-year"},
	    {"06/10/01", "2024-10-01", "two-digit-year"},
	};
	static const struct example m[] = {{"1969-12-31", "!implausible", NULL},
					   {"2024-10-05", "!implausible", NULL}};

	(void)state;
	check(r, HUB_COUNT(r), &registry);
	check(w, HUB_COUNT(w), &welfare);
	check(x, HUB_COUNT(x), &e1900);
	check(y, HUB_COUNT(y), &e1904);
	check(c, HUB_COUNT(c), &context);
	check(m, HUB_COUNT(m), &narrow);
}

static void times(void **state)
{
	static const struct {
		const char *in;
		int seconds; /* -1: refused */
	} t[] = {
	    {"13:30", 48600},    {"１３時３０分", 48600},
	    {"13時半", 48600},   {"午後1時30分", 48600},
	    {"PM1:30", 48600},   {"1:30 p.m.", 48600},
	    {"午前12時", 0},     {"午後0時5分", 43500},
	    {"12:10AM", 600},    {"25:10", 90600},
	    {"夜9時", 75600},    {"正午", 43200},
	    {"23:59:59", 86399}, {"9時", 32400},
	    {"30:00", -1},       {"12:60", -1},
	    {"13:5", -1},        {"午前13時", -1},
	    {"23時59秒", -1},    {"59分", -1},
	    {"今朝", -1},        {"2024-10-01", -1},
	    {"23.5時59秒", -1},  {"0930", 34200},
	    {"133015", 48615},   {"午後0130", 48600},
	    {"1260", -1},        {"930", -1},
	    {"09305", -1},       {"午後1330", 48600},
	};

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(t); i++) {
		int32_t s;
		const char *why;
		const enum hub_date_rc rc = hub_time_parse(hub_str_of(t[i].in), &s, &why);
		if (s != t[i].seconds || (rc == HUB_DATE_OK) != (t[i].seconds >= 0) || (rc && !why))
			fail_msg("\"%s\": got %d, want %d", t[i].in, s, t[i].seconds);
	}
}

/* Every day of two centuries reads back, in the Western and the Japanese form. */
static void every_day(void **state)
{
	static const int32_t first[] = {-35428, -20974, -15713, 6947, 18017, 47482};

	(void)state;
	for (int32_t day = first[0]; day < first[5]; day++) {
		static const int base[] = {1867, 1911, 1925, 1988, 2018};
		int64_t y;
		unsigned m, d;
		char text[32], iso[HUB_DATE_TEXT];
		struct hub_date got;
		int e = 4;

		while (day < first[e])
			e--;
		hub_days_to(day, &y, &m, &d);
		snprintf(text, sizeof text, "%c%02d.%u.%u", "MTSHR"[e], (int)y - base[e], m, d);
		assert_int_equal(hub_date_parse(hub_str_of(text), NULL, &got), HUB_DATE_OK);
		assert_int_equal(got.from, day);
		assert_int_equal(got.flags, 0);
		hub_date_iso(&got, 0, iso);
		assert_int_equal(hub_date_parse(hub_str_of(iso), NULL, &got), HUB_DATE_OK);
		assert_int_equal(got.to, day);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(spellings), cmocka_unit_test(precision), cmocka_unit_test(eras),
	    cmocka_unit_test(refused),   cmocka_unit_test(options),   cmocka_unit_test(times),
	    cmocka_unit_test(every_day),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

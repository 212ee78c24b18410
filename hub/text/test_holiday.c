#include "test.h"

#include "base/clock.h"
#include "base/io.h"
#include "text/holiday.h"

#include <stdlib.h>
#include <unistd.h>

static const char shipped[] = "schemas/holidays.csv";

static int32_t day(int64_t y, unsigned m, unsigned d)
{
	return (int32_t)hub_days_of(y, m, d);
}

/* The rules alone against the list of the Cabinet Office, day by day, in years without a special law. */
static void rules_equal_the_list(void **state)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(1 << 20);
	const struct hub_holidays *h;
	struct hub_err err = {0};

	(void)state;
	assert_int_equal(hub_holidays_load(a, shipped, &h, &err), HUB_OK);
	for (int32_t t = day(2022, 1, 1); t <= day(2026, 12, 31); t++) {
		const struct hub_str want = hub_holiday_name(h, t), got = hub_holiday_name(NULL, t);
		if (!hub_str_eq(want, got))
			fail_msg("day %d: %.*s, want %.*s", t, HUB_FMT(got), HUB_FMT(want));
	}
}

static void the_list_goes_before_the_rules(void **state)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(1 << 20);
	const struct hub_holidays *h;
	struct hub_err err = {0};

	(void)state;
	assert_int_equal(hub_holidays_load(a, shipped, &h, &err), HUB_OK);
	/* 2021 the law moved three days for the Olympic games */
	assert_true(hub_str_is(hub_holiday_name(h, day(2021, 7, 22)), "海の日"));
	assert_null(hub_holiday_name(h, day(2021, 7, 19)).ptr);
	assert_true(hub_str_is(hub_holiday_name(NULL, day(2021, 7, 19)), "海の日"));
	/* behind the list the rules go on: 2027-03-21 is a Sunday, 2032-09-21 lies between two */
	assert_true(hub_str_is(hub_holiday_name(h, day(2027, 3, 22)), "休日"));
	assert_true(hub_str_is(hub_holiday_name(h, day(2032, 9, 21)), "休日"));
	assert_true(hub_str_is(hub_holiday_name(h, day(2032, 9, 22)), "秋分の日"));
}

static void working_days(void **state)
{
	(void)state;
	assert_int_equal(hub_weekday(day(2026, 11, 23)), 0);
	assert_false(hub_is_working_day(NULL, day(2026, 11, 23)));
	assert_true(hub_is_working_day(NULL, day(2026, 11, 24)));
	assert_false(hub_is_working_day(NULL, day(2026, 11, 22)));
	assert_false(hub_is_working_day(NULL, day(2026, 12, 29)));
	assert_true(hub_is_working_day(NULL, day(2026, 12, 28)));
	assert_false(hub_is_working_day(NULL, day(2028, 1, 3)));
}

static int load_text(struct hub_arena *a, struct hub_str text, const struct hub_holidays **h,
		     struct hub_err *err)
{
	char path[] = "/tmp/holidays.XXXXXX";
	const int fd = mkstemp(path);
	int rc;

	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(hub_file_write(path, text, err), HUB_OK);
	rc = hub_holidays_load(a, path, h, err);
	unlink(path);
	return rc;
}

static void files(void **state)
{
	/* the Cabinet Office's file is CP932 with CR LF: 元日 is 8c b3 93 fa */
	static const char office[] =
	    "x\r\n2030/1/1,\x8c\xb3\x93\xfa\r\n2030/12/31,\x8b\x78\x93\xfa\r\n";
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(1 << 20);
	const struct hub_holidays *h;
	struct hub_err err = {0};

	(void)state;
	assert_int_equal(load_text(a, HUB_STR(office), &h, &err), HUB_OK);
	assert_true(hub_str_is(hub_holiday_name(h, day(2030, 1, 1)), "元日"));
	assert_null(hub_holiday_name(h, day(2030, 2, 11)).ptr); /* the file is all of its year */
	assert_int_equal(load_text(a, HUB_STR("x\n2030/2/30,a\n"), &h, &err), HUB_CONF);
	assert_string_equal(err.code, "bad-holiday");
	assert_int_equal(load_text(a, HUB_STR("x\n2030/2/3/4,a\n"), &h, &err), HUB_CONF);
	assert_int_equal(load_text(a, HUB_STR("x\n"), &h, &err), HUB_CONF);
	assert_int_equal(load_text(a, HUB_STR(""), &h, &err), HUB_CONF);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rules_equal_the_list),
	    cmocka_unit_test(the_list_goes_before_the_rules),
	    cmocka_unit_test(working_days),
	    cmocka_unit_test(files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

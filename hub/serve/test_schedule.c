/* Schedules against days that were counted by hand, and whole years of them with a clock of our own. */
#include "test.h"

#include "base/clock.h"
#include "serve/schedule.h"

enum { DAY = 86400 };

static int64_t at(int y, unsigned m, unsigned d, int hh, int mm)
{
	return hub_days_of(y, m, d) * DAY + hh * 3600 + mm * 60 - 9 * 3600;
}

static struct hub_schedule schedule(const char *text)
{
	struct hub_schedule s = {.catch_up = 1};
	struct hub_err err;
	size_t from, len;

	if (hub_cron_parse(hub_str_of(text), &s.cron, &from, &len, &err))
		fail_msg("%s: %s", text, err.what);
	return s;
}

static void next_times(void **state)
{
	static const struct {
		const char *text;
		int y;
		unsigned m, d; /* after the beginning of this day */
		const char *want[3];
	} cases[] = {
	    {"30 5 * * *", 2026, 11, 21, {"2026-11-21T05:30", "2026-11-22T05:30"}},
	    {"*/20 9-10 * * *", 2026, 11, 21, {"2026-11-21T09:00", "2026-11-21T09:20"}},
	    {"50/5 23 31 12 *",
	     2026,
	     1,
	     1,
	     {"2026-12-31T23:50", "2026-12-31T23:55", "2027-12-31T23:50"}},
	    {"0 6 * * Mon-fri", 2026, 11, 21, {"2026-11-23T06:00", "2026-11-24T06:00"}},
	    {"0 6 * * 5-7",
	     2026,
	     11,
	     21,
	     {"2026-11-21T06:00", "2026-11-22T06:00", "2026-11-27T06:00"}},
	    {"0 6 13 * fri",
	     2026,
	     11,
	     1,
	     {"2026-11-06T06:00", "2026-11-13T06:00", "2026-11-20T06:00"}},
	    {"0 0 29 feb *", 2026, 1, 1, {"2028-02-29T00:00", "2032-02-29T00:00"}},
	    {"0 0 29 2 *", 2097, 1, 1, {"2104-02-29T00:00"}},
	    {"@monthly", 2026, 11, 21, {"2026-12-01T00:00", "2027-01-01T00:00"}},
	    /* 11/23 is a holiday (Monday) */
	    {"0 6 * * * business day", 2026, 11, 21, {"2026-11-24T06:00", "2026-11-25T06:00"}},
	    {"0 6 * * mon Business Day", 2026, 11, 21, {"2026-11-30T06:00", "2026-12-07T06:00"}},
	    /* offices are closed 12/29-1/3; 2027: 4/29 Thursday, 5/3-5/5 */
	    {"0 6 * * * business day 3", 2026, 12, 5, {"2027-01-06T06:00", "2027-02-03T06:00"}},
	    {"0 6 * 5 * business day 1", 2027, 1, 1, {"2027-05-06T06:00", "2028-05-01T06:00"}},
	    {"0 18 * * * last business day", 2026, 12, 1, {"2026-12-28T18:00", "2027-01-29T18:00"}},
	    /* 4/25/2027 is a Sunday; 3/20/2027 a Saturday, 3/21 equinox (Sunday), 3/22 in its place */
	    {"0 6 25 4 * next business day", 2027, 1, 1, {"2027-04-26T06:00", "2028-04-25T06:00"}},
	    {"0 6 20 3 * next business day", 2027, 1, 1, {"2027-03-23T06:00"}},
	    {"0 6 31 12 * previous business day",
	     2026,
	     1,
	     1,
	     {"2026-12-28T06:00", "2027-12-28T06:00"}},
	    {"0 6 2 1 * next business day", 2026, 12, 1, {"2027-01-04T06:00"}},
	};

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(cases); i++) {
		const struct hub_schedule s = schedule(cases[i].text);
		int64_t t = at(cases[i].y, cases[i].m, cases[i].d, 0, 0) - 1;
		for (size_t k = 0; k < 3 && cases[i].want[k]; k++) {
			char got[26];
			t = hub_cron_next(&s.cron, NULL, t);
			hub_time_jst(t, got);
			got[16] = '\0';
			if (strcmp(got, cases[i].want[k]) != 0)
				fail_msg("%s: %s, want %s", cases[i].text, got, cases[i].want[k]);
			/* looking back from a moment later finds the same time */
			assert_int_equal(hub_cron_last(&s.cron, NULL, t - 1, t + 59), t);
			assert_int_equal(hub_cron_last(&s.cron, NULL, t, t + 59), HUB_NEVER_DUE);
		}
	}
	const struct hub_schedule never = schedule("0 0 30 2 *");
	assert_int_equal(hub_cron_next(&never.cron, NULL, at(2026, 1, 1, 0, 0)), HUB_NEVER_DUE);
}

static void wrong_texts(void **state)
{
	static const struct {
		const char *text, *bad;
	} cases[] = {
	    {"", ""},
	    {"5 * * *", "5 * * *"},
	    {"60 * * * *", "60"},
	    {"* 24 * * *", "24"},
	    {"* * 0 * *", "0"},
	    {"* * * foo *", "foo"},
	    {"* * * * 8", "8"},
	    {"5-1 * * * *", "5-1"},
	    {"*/0 * * * *", "*/0"},
	    {"1,,2 * * * *", "1,,2"},
	    {"1- * * * *", "1-"},
	    {"+1 * * * *", "+1"},
	    {"001 * * * *", "001"},
	    {"* * * * * * *", " * *"},
	    {"* * * * * business days", " business days"},
	    {"* * * * * business day 0", " business day 0"},
	    {"* * * * * last business day 2", " last business day 2"},
	    {"0 6 5 * * business day 3", "0 6 5 * * business day 3"},
	    {"@yearly2", "@yearly2"},
	};

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(cases); i++) {
		struct hub_cron c;
		struct hub_err err = {0};
		size_t from, len;
		const struct hub_str text = hub_str_of(cases[i].text);
		if (hub_cron_parse(text, &c, &from, &len, &err) != HUB_CONF)
			fail_msg("accepted: %s", cases[i].text);
		assert_str(hub_str_cut(text, from, from + len), cases[i].bad);
		assert_true(err.hint[0]);
	}
}

static void blackouts(void **state)
{
	static const char *const texts[] = {"22:00-05:00", "sat,sun", "12-29/01-03",
					    "2027-03-31/2027-04-01 17:00-24:00"};
	static const char *const wrong[] = {
	    "",         "22:00",      "22:00-22:00", "24:00-25:00",           "9:00-10:00",
	    "sat 9-10", "2027-02-29", "12-32",       "2027-01-03/2026-12-29", "01-01/2027-01-01"};
	const int64_t t[] = {at(2026, 11, 24, 21, 59), at(2026, 11, 24, 22, 0),
			     at(2026, 11, 25, 4, 59),  at(2026, 11, 25, 5, 0),
			     at(2026, 11, 28, 12, 0),  at(2026, 12, 28, 23, 0),
			     at(2027, 3, 31, 16, 59),  at(2027, 3, 31, 17, 0)};
	const int64_t end[] = {t[0], at(2026, 11, 25, 5, 0), at(2026, 11, 25, 5, 0),
			       t[3], at(2026, 11, 30, 5, 0), at(2027, 1, 4, 5, 0),
			       t[6], at(2027, 4, 1, 5, 0)};
	struct hub_blackout b[HUB_COUNT(texts)];
	struct hub_err err;

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(texts); i++)
		assert_int_equal(hub_blackout_parse(hub_str_of(texts[i]), &b[i], &err), HUB_OK);
	for (size_t i = 0; i < HUB_COUNT(wrong); i++)
		if (hub_blackout_parse(hub_str_of(wrong[i]), &b[0], &err) != HUB_CONF)
			fail_msg("accepted: %s", wrong[i]);
	assert_int_equal(hub_blackout_parse(hub_str_of(texts[0]), &b[0], &err), HUB_OK);
	for (size_t i = 0; i < HUB_COUNT(t); i++)
		assert_int_equal(hub_blackout_end(b, HUB_COUNT(b), t[i]), end[i]);
	/* every minute of every day: the caller gets an answer all the same */
	assert_int_equal(hub_blackout_parse(HUB_STR("00:00-24:00"), &b[0], &err), HUB_OK);
	assert_true(hub_blackout_end(b, 1, t[0]) > t[0] + 1000 * (int64_t)DAY);
}

/* The daemon's loop with a clock of its own: looks when it was told to (and a little late), but is down
 * from `off` to `on`. Returns the runs of a year; *missed: those that were made up for. */
static unsigned live_a_year(const struct hub_schedule *s, int year, int64_t off, int64_t on,
			    unsigned *missed, int64_t *first)
{
	const int64_t end = at(year + 1, 1, 1, 0, 0) - 1;
	int64_t now = at(year, 1, 1, 0, 0) - 1, last = now;
	unsigned runs = 0;

	*missed = 0;
	for (unsigned turn = 0; now <= end; turn++) {
		const struct hub_due d = hub_schedule_due(s, last, now);
		if (d.start && !runs++)
			*first = now;
		*missed += d.start && d.missed;
		last = d.last;
		/* woken early now and then, as by another job's event; late by up to a minute */
		int64_t again = d.again == HUB_NEVER_DUE ? end + 1 : d.again;
		if (turn % 3 == 0 && again - now > 600)
			again = now + (again - now) / 2;
		now = again + turn % 60;
		if (now >= off && now < on)
			now = on;
	}
	return runs;
}

static void a_year(void **state)
{
	static const struct {
		const char *text;
		int year;
		unsigned runs;
	} years[] = {
	    {"30 5 * * *", 2027, 365},
	    {"30 5 * * *", 2028, 366},
	    {"*/10 * * * *", 2028, 366 * 144},
	    {"0 6 * * * business day 3", 2027, 12},
	    {"0 18 * * * last business day", 2028, 12},
	    {"0 6 25 * * next business day", 2027, 12},
	    {"0 6 10,25 * * previous business day", 2028, 24},
	    /* 2027: 261 weekdays, less 1/1, 1/11, 2/11, 2/23, 3/22, 4/29, 5/3, 5/4, 5/5, 7/19, 8/11, 9/20,
	     * 9/23, 10/11, 11/3, 11/23, and 12/29, 12/30, 12/31 */
	    {"0 6 * * * business day", 2027, 242},
	    {"0 0 29 2 *", 2027, 0},
	    {"0 0 29 2 *", 2028, 1},
	};
	int64_t first;
	unsigned missed;

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(years); i++) {
		const struct hub_schedule s = schedule(years[i].text);
		const unsigned runs = live_a_year(&s, years[i].year, 0, 0, &missed, &first);
		if (runs != years[i].runs || missed)
			fail_msg("%s in %d: %u runs, %u late", years[i].text, years[i].year, runs,
				 missed);
	}
}

static void missed_runs(void **state)
{
	const int64_t off = at(2027, 6, 1, 0, 0), on = at(2027, 6, 11, 12, 0);
	struct hub_schedule s = schedule("0 5 * * *");
	struct hub_blackout night;
	struct hub_err err;
	int64_t first, times[3];
	unsigned missed;

	(void)state;
	/* down for eleven mornings: one of them is made up for, or none */
	assert_int_equal(live_a_year(&s, 2027, off, on, &missed, &first), 365 - 11 + 1);
	assert_int_equal(missed, 1);
	s.catch_up = 0;
	assert_int_equal(live_a_year(&s, 2027, off, on, &missed, &first), 365 - 11);
	assert_int_equal(missed, 0);
	/* in a blackout it waits for its end; without catching up it is left out */
	assert_int_equal(hub_blackout_parse(HUB_STR("04:00-06:30"), &night, &err), HUB_OK);
	s.blackout = &night;
	s.blackouts = 1;
	assert_int_equal(live_a_year(&s, 2027, 0, 0, &missed, &first), 0);
	s.catch_up = 1;
	assert_int_equal(live_a_year(&s, 2027, 0, 0, &missed, &first), 365);
	assert_int_equal((first + 9 * 3600) % DAY / 60, 6 * 60 + 30);
	assert_int_equal(hub_schedule_times(&s, at(2027, 1, 1, 12, 0), times, 3), 3);
	assert_int_equal(times[0], at(2027, 1, 2, 6, 30));
	assert_int_equal(times[2], at(2027, 1, 4, 6, 30));
}

/* Blackouts of the site and of the job that leave nothing, together, are seen; nobody looks for their end for ever. */
static void no_time_left(void **state)
{
	static const struct {
		const char *site, *job;
		int dark;
	} sets[] = {{"12-29/01-03", "00:00-24:00", 1},  {"00:00-12:00", "12:00-24:00", 1},
		    {"mon-fri", "sat,sun", 1},          {"22:00-05:00", "05:00-22:00", 1},
		    {"00:00-23:59", "sat,sun", 0},      {"mon-fri", "sun", 0},
		    {"2027-01-01/2034-12-31", "sun", 0}};

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(sets); i++) {
		struct hub_schedule s = schedule("* * * * *");
		struct hub_blackout site, job;
		struct hub_err err;
		const int64_t t = at(2027, 6, 11, 12, 0);
		assert_int_equal(hub_blackout_parse(hub_str_of(sets[i].site), &site, &err), 0);
		assert_int_equal(hub_blackout_parse(hub_str_of(sets[i].job), &job, &err), 0);
		s.blackout = &site;
		s.more = &job;
		s.blackouts = s.mores = 1;
		assert_int_equal(hub_schedule_is_dark(&s, t), sets[i].dark);
	}
}

/* A clock that was set back does not start anything twice, one set forward starts once. */
static void clock_jumps(void **state)
{
	const struct hub_schedule s = schedule("0 * * * *");
	const int64_t noon = at(2027, 6, 1, 12, 0);
	struct hub_due d = hub_schedule_due(&s, noon - 1, noon);

	(void)state;
	assert_true(d.start && !d.missed && d.last == noon);
	d = hub_schedule_due(&s, d.last, noon - 1800);
	assert_false(d.start);
	d = hub_schedule_due(&s, d.last, noon);
	assert_false(d.start);
	d = hub_schedule_due(&s, d.last, noon + 400 * (int64_t)DAY + 1800);
	assert_true(d.start && d.missed);
	d = hub_schedule_due(&s, d.last, noon + 400 * (int64_t)DAY + 1860);
	assert_false(d.start);
}

static void overdue(void **state)
{
	const struct hub_schedule by = schedule("0 7 * * * business day");
	struct hub_schedule s = by;
	struct hub_blackout closed;
	struct hub_err err;

	(void)state;
	/* known on a Friday noon, never came: missed on Tuesday, for Monday is a holiday */
	const int64_t known = at(2026, 11, 20, 12, 0), tuesday = at(2026, 11, 24, 7, 0);
	assert_int_equal(hub_schedule_overdue(&s, &by.cron, 0, known, tuesday - 1), 0);
	assert_int_equal(hub_schedule_overdue(&s, &by.cron, 0, known, tuesday), tuesday);
	assert_int_equal(hub_schedule_overdue(&s, &by.cron, 0, known, tuesday + 9 * DAY), tuesday);
	/* came on Sunday: good for Tuesday, missed on Wednesday */
	const int64_t sunday = at(2026, 11, 22, 3, 0);
	assert_int_equal(hub_schedule_overdue(&s, &by.cron, sunday, known, tuesday + DAY - 1), 0);
	assert_int_equal(hub_schedule_overdue(&s, &by.cron, sunday, known, tuesday + DAY),
			 tuesday + DAY);
	/* every minute, and closed for six days: not missed then, but right behind them */
	const struct hub_schedule minutes = schedule("* * * * *");
	assert_int_equal(hub_blackout_parse(HUB_STR("12-29/01-03"), &closed, &err), HUB_OK);
	s.blackout = &closed;
	s.blackouts = 1;
	const int64_t last = at(2026, 12, 28, 23, 58), opens = at(2027, 1, 4, 0, 0);
	assert_int_equal(hub_schedule_overdue(&s, &minutes.cron, last, known, opens - 1), 0);
	assert_int_equal(hub_schedule_overdue(&s, &minutes.cron, last, known, opens), opens);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(next_times),   cmocka_unit_test(wrong_texts),
	    cmocka_unit_test(blackouts),    cmocka_unit_test(a_year),
	    cmocka_unit_test(missed_runs),  cmocka_unit_test(clock_jumps),
	    cmocka_unit_test(no_time_left), cmocka_unit_test(overdue),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

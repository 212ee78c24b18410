/* Fourteen months of schedules by a clock of our own, through what the daemon asks each turn (serve/live.h): a leap
 * day, two turns of the year, a daemon that is down now and then. Each start goes to the file YEAR_OUT, where
 * tests/flow/test_year.sh compares it with a plain reading in another language. Here: one run per job at a time, and
 * nothing begins in a blackout or while the daemon is down. */
#include "test.h"

#include "base/clock.h"
#include "release/day.h"
#include "serve/live.h"

#include <stdlib.h>

enum { DAY = 86400, JST = 9 * 3600, JOBS = 16 };

/* Down from one minute (inclusive) to another: over a due time, over several days, over a month end. */
static const struct {
	const char *from, *to;
} down[] = {
    {"2027-11-30T17:30", "2027-11-30T18:20"}, {"2028-01-10T00:00", "2028-01-14T09:07"},
    {"2028-02-29T11:59", "2028-02-29T12:01"}, {"2028-05-02T04:00", "2028-05-09T12:00"},
    {"2028-06-12T09:30", "2028-06-12T09:31"}, {"2028-12-28T17:00", "2029-01-03T10:00"},
};

static int64_t moment(const char *text)
{
	const struct hub_str s = hub_str_of(text);
	int64_t hour = 0, minute = 0;
	int32_t day = 0;

	assert_int_equal(hub_day_parse(hub_str_cut(s, 0, 10), &day), 0);
	assert_int_equal(hub_parse_i64(hub_str_cut(s, 11, 13), 0, 23, &hour), 0);
	assert_int_equal(hub_parse_i64(hub_str_cut(s, 14, 16), 0, 59, &minute), 0);
	return (int64_t)day * DAY + hour * 3600 + minute * 60 - JST;
}

static int is_down(int64_t t)
{
	for (size_t i = 0; i < HUB_COUNT(down); i++)
		if (t >= moment(down[i].from) && t < moment(down[i].to))
			return 1;
	return 0;
}

/* The minutes that a run of the job takes: the end of its name. */
static int64_t minutes_of(const struct hub_live *l)
{
	struct hub_str rest = l->st.name, last = rest;
	int64_t n = 0;

	while (hub_str_next(&rest, '_', &last))
		;
	assert_int_equal(hub_parse_i64(last, 1, 1000, &n), 0);
	return n;
}

struct year {
	struct hub_generation *g;
	int64_t until[JOBS]; /* the run goes on till then; 0: none */
	size_t starts;
	FILE *out;
};

static void load(struct year *y)
{
	struct hub_err err = {0};

	if (hub_generation_load(".", "tests/flow/year.cfg", &y->g, &err))
		fail_msg("%s", err.what);
	assert_true(y->g->jobs.count <= JOBS);
}

/* What the state file keeps comes back into a new generation; runs end with the machine. */
static void restart(struct year *y)
{
	struct hub_generation *old = y->g;

	load(y);
	for (size_t i = 0; i < y->g->jobs.count; i++) {
		old->live[i].st.running = 0;
		hub_live_restore(&y->g->live[i], &old->live[i].st);
		y->until[i] = 0;
	}
	hub_generation_free(old);
}

static void turn_of(struct year *y, size_t i, int64_t now)
{
	/* of a run nothing is looked at but that it is there */
	struct hub_run_slot *some = (struct hub_run_slot *)(void *)y;
	struct hub_live *l = &y->g->live[i];
	char at[26];

	if (y->until[i] && now >= y->until[i]) {
		y->until[i] = 0;
		l->run = NULL;
	}
	hub_live_ask(l, now);
	if (!hub_live_wants(l, now, now * 1000))
		return;
	assert_null(l->run);
	assert_int_equal(hub_schedule_quiet_end(&l->plan->schedule, now), now);
	l->st.wanted = 0; /* as serve/run.c does when it begins one */
	l->run = some;
	y->until[i] = now + minutes_of(l) * 60;
	y->starts++;
	hub_time_jst(now, at);
	if (y->out)
		fprintf(y->out, "%.16s %.*s\n", at, HUB_FMT(l->st.name));
}

static void test_year(void **state)
{
	const char *path = getenv("YEAR_OUT");
	struct year y = {.out = path ? fopen(path, "w") : NULL};
	int was_down = 0;

	(void)state;
	load(&y);
	for (int64_t now = moment("2027-11-01T00:00"); now < moment("2029-01-10T00:00");
	     now += 60) {
		const int off = is_down(now);
		if (was_down && !off)
			restart(&y);
		was_down = off;
		for (size_t i = 0; i < y.g->jobs.count && !off; i++)
			turn_of(&y, i, now);
	}
	assert_true(y.starts > 3000);
	for (size_t i = 0; i < y.g->jobs.count; i++)
		y.g->live[i].run = NULL;
	hub_generation_free(y.g);
	if (y.out)
		assert_int_equal(fclose(y.out), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_year)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

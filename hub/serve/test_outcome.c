/* Which ends of a run are tried again, and when. */
#include "test.h"

#include "serve/outcome.h"

#include <signal.h>

static void ends(void **state)
{
	static const struct {
		int code, signal, timed_out;
		enum hub_outcome want;
	} cases[] = {
	    {0, 0, 0, HUB_ENDED_WELL},
	    {5, 0, 0, HUB_ENDED_WELL},
	    {7, 0, 0, HUB_ENDED_UNAVAILABLE},
	    {8, 0, 0, HUB_ENDED_INTERRUPTED},
	    {9, 0, 0, HUB_ENDED_BUSY},
	    {1, 0, 0, HUB_ENDED_CRASHED},
	    {2, 0, 0, HUB_ENDED_REFUSED},
	    {3, 0, 0, HUB_ENDED_REFUSED},
	    {4, 0, 0, HUB_ENDED_REFUSED},
	    {6, 0, 0, HUB_ENDED_REFUSED},
	    {10, 0, 0, HUB_ENDED_REFUSED},
	    {11, 0, 0, HUB_ENDED_REFUSED},
	    {127, 0, 0, HUB_ENDED_CRASHED},
	    {0, SIGSEGV, 0, HUB_ENDED_CRASHED},
	    {0, SIGKILL, 0, HUB_ENDED_INTERRUPTED},
	    {0, SIGTERM, 0, HUB_ENDED_INTERRUPTED},
	    {0, SIGKILL, 1, HUB_ENDED_TIMEOUT},
	    {8, 0, 1, HUB_ENDED_TIMEOUT},
	};

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(cases); i++)
		assert_int_equal(hub_outcome_of(cases[i].code, cases[i].signal, cases[i].timed_out),
				 cases[i].want);
}

static void waits(void **state)
{
	const struct hub_retrying r = {.times = 4, .first = 100, .most = 300};
	static const int64_t want[] = {100, 200, 300, 300, -1, -1};

	(void)state;
	for (unsigned i = 0; i < HUB_COUNT(want); i++) {
		assert_int_equal(hub_outcome_wait(HUB_ENDED_UNAVAILABLE, i + 1, &r), want[i]);
		assert_int_equal(hub_outcome_wait(HUB_ENDED_INTERRUPTED, i + 1, &r), want[i]);
		assert_int_equal(hub_outcome_wait(HUB_ENDED_CRASHED, i + 1, &r), i == 0 ? 100 : -1);
		assert_int_equal(hub_outcome_wait(HUB_ENDED_REFUSED, i + 1, &r), -1);
		assert_int_equal(hub_outcome_wait(HUB_ENDED_TIMEOUT, i + 1, &r), -1);
		assert_int_equal(hub_outcome_wait(HUB_ENDED_WELL, i + 1, &r), -1);
	}
	const struct hub_retrying none = {.times = 0, .first = 100, .most = 300};
	assert_int_equal(hub_outcome_wait(HUB_ENDED_UNAVAILABLE, 1, &none), -1);
}

static void names(void **state)
{
	enum hub_outcome o;

	(void)state;
	for (unsigned i = 0; i < HUB_OUTCOMES; i++) {
		assert_int_equal(hub_outcome_by_name(hub_outcome_name((enum hub_outcome)i), &o), 0);
		assert_int_equal(o, i);
	}
	assert_int_equal(hub_outcome_by_name("", &o), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(ends),
	    cmocka_unit_test(waits),
	    cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What is late, and what comes first on a board. */
#include "progress.h"
#include "test.h"

#include <stdlib.h>

enum { NONE = DESKROW_NO_DAY, TODAY = 20000 };

static struct pcase plain(void)
{
	return (struct pcase){.state = str_of("open"),
			      .opened = TODAY - 5,
			      .closed = NONE,
			      .contact = NONE,
			      .next_due = NONE,
			      .plan_to = NONE,
			      .monitoring = NONE,
			      .evaluated = NONE};
}

static uint32_t late(const struct pcase *c)
{
	return progress_late(c, TODAY, 30, 0);
}

static void what_is_late(void **state)
{
	struct pcase c = plain();

	(void)state;
	assert_int_equal(late(&c), 0);
	assert_int_equal(progress_late(&c, TODAY, 5, 0), LATE_CONTACT); /* since it was opened */
	assert_int_equal(progress_late(&c, TODAY, 30, 1), LATE_TASK);
	c.next_due = TODAY;
	assert_int_equal(late(&c), 0);
	c.next_due = TODAY - 1;
	assert_int_equal(late(&c), LATE_NEXT_STEP);
	c.contact = TODAY - 30;
	c.plan_to = TODAY - 1;
	c.monitoring = TODAY - 1;
	assert_int_equal(late(&c), LATE_NEXT_STEP | LATE_CONTACT | LATE_PLAN | LATE_EVALUATION);
	c.evaluated = TODAY - 32;
	assert_int_equal(late(&c) & LATE_EVALUATION, 0);
	c.evaluated = TODAY - 33;
	assert_int_equal(late(&c) & LATE_EVALUATION, LATE_EVALUATION);
	c.closed = TODAY + 1;
	assert_int_not_equal(late(&c), 0);
	c.closed = TODAY;
	assert_int_equal(late(&c), 0);
	c.closed = NONE;
	c.state = str_of("closed");
	assert_int_equal(progress_late(&c, TODAY, 30, 1), 0);
}

static void what_comes_first(void **state)
{
	struct pcase c[4];

	(void)state;
	for (int i = 0; i < 4; i++) {
		c[i] = plain();
		c[i].no = str_of((const char *[]){"new", "late new", "old", "late old"}[i]);
		c[i].contact = i < 2 ? TODAY - 1 : TODAY - 9;
		c[i].late = i % 2 ? LATE_TASK : 0;
	}
	qsort(c, 4, sizeof *c, progress_order);
	assert_str(c[0].no, "late old");
	assert_str(c[1].no, "late new");
	assert_str(c[2].no, "old");
	assert_str(c[3].no, "new");
}

static void days(void **state)
{
	static const char *const no[] = {"2026-02-29", "2026-04-31", "2026-13-01", "2026-1-01", ""};
	int32_t d;

	(void)state;
	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		assert_int_equal(desk_day_read(str_of(no[i]), &d), -1);
	assert_int_equal(desk_day_read(str_of("2024-10-04"), &d), 0);
	assert_int_equal(d, 20000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_late),
					   cmocka_unit_test(what_comes_first),
					   cmocka_unit_test(days)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "test.h"

#include <string.h>

/* What a chunk takes: many small pieces, a few large ones. */
static void fill(struct hub_arena *a)
{
	for (int i = 0; i < 20000; i++) {
		char *p = hub_alloc(a, (size_t)(i % 300));
		assert_non_null(p);
		memset(p, i, (size_t)(i % 300));
	}
	assert_non_null(hub_alloc(a, 5000000));
}

static void settles_at_one_block(void **state)
{
	struct hub_arena *a = hub_arena_new(0);

	(void)state;
	fill(a);
	const size_t first = hub_arena_used(a);
	hub_arena_reset(a);
	assert_int_equal(hub_arena_used(a), 0);
	fill(a);
	const size_t second = hub_arena_used(a);
	assert_true(second <= first + first / 8);
	for (int i = 0; i < 3; i++) {
		hub_arena_reset(a);
		assert_int_equal(hub_arena_used(a), second); /* the one block stays */
		fill(a);
		assert_int_equal(hub_arena_used(a), second); /* and suffices */
	}
	hub_arena_free(a);
}

static void keeps_its_limit(void **state)
{
	struct hub_arena *a = hub_arena_new(1000000);

	(void)state;
	for (int round = 0; round < 3; round++) {
		int n = 0;
		while (hub_alloc(a, 10000))
			n++;
		assert_in_range(n, 90, 100);
		assert_true(hub_arena_used(a) <= 1000000);
		assert_null(hub_alloc(a, 1000001));
		hub_arena_reset(a);
	}
	hub_arena_free(a);
}

static void a_list_grows(void **state)
{
	struct hub_arena *a = hub_arena_new(20000);
	int64_t *list = NULL, *more;
	size_t n = 0, cap = 0;

	(void)state;
	while ((more = hub_alloc_more(a, list, n, &cap, sizeof *list))) {
		list = more;
		list[n] = (int64_t)n;
		n++;
	}
	assert_in_range(n, 500, 2000); /* up to the limit, with what it grew out of */
	assert_int_equal(n, cap);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(list[i], i);
	cap = SIZE_MAX;
	assert_null(hub_alloc_more(a, list, SIZE_MAX, &cap, sizeof *list));
	hub_arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(settles_at_one_block),
	    cmocka_unit_test(keeps_its_limit),
	    cmocka_unit_test(a_list_grows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

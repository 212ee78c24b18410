#include "test.h"

#include "base/map.h"

enum { KEYS = 3000 };

static struct hub_str key_of(struct hub_arena *a, uint64_t i)
{
	return hub_arena_printf(a, "k%llu", (unsigned long long)(i * 7919 % KEYS));
}

/* While it grows, nothing is lost, nothing is there twice, and the order is that of the first putting. */
static void keeps_all_while_it_grows(void **state)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	struct hub_map *m = hub_map_new(a);
	uint64_t v;

	(void)state;
	for (uint64_t i = 0; i < KEYS; i++) {
		assert_false(hub_map_get(m, key_of(a, i), &v));
		assert_int_equal(hub_map_put(m, key_of(a, i), i), 0);
		assert_int_equal(hub_map_count(m), i + 1);
		/* the one put last, and the one before it, are what a table that is too small loses */
		for (uint64_t k = i ? i - 1 : 0; k <= i; k++) {
			assert_true(hub_map_get(m, key_of(a, k), &v));
			assert_int_equal(v, k);
		}
	}
	for (uint64_t i = 0; i < KEYS; i++) {
		assert_true(hub_map_get(m, key_of(a, i), &v));
		assert_int_equal(v, i);
		assert_true(hub_str_eq(hub_map_key(m, i), key_of(a, i)));
		assert_int_equal(hub_map_value(m, i), i);
	}
}

static void a_key_again_gets_the_new_value(void **state)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	struct hub_map *m = hub_map_new(a);
	char name[] = "k1";
	uint64_t v;

	(void)state;
	hub_map_put(m, hub_str_of(name), 1);
	name[1] = '2'; /* keys are copied */
	hub_map_put(m, hub_str_of(name), 2);
	hub_map_put(m, HUB_STR("k1"), 3);
	hub_map_put(m, HUB_STR(""), 4);
	assert_int_equal(hub_map_count(m), 3);
	assert_true(hub_map_get(m, HUB_STR("k1"), &v) && v == 3);
	assert_true(hub_map_get(m, HUB_STR("k2"), &v) && v == 2);
	assert_true(hub_map_get(m, HUB_STR(""), &v) && v == 4);
	assert_false(hub_map_get(m, HUB_STR("k"), &v));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(keeps_all_while_it_grows),
					   cmocka_unit_test(a_key_again_gets_the_new_value)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

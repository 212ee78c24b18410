#include "test.h"

#include "conf/near.h"

static void which_is_near(void **state)
{
	static const struct {
		const char *known, *name;
		int near;
	} pairs[] = {
	    {"person", "preson", 1},
	    {"a", "aa", 1},
	    {"ab", "cd", 0},
	    {"delimiter", "delimter", 1},
	    {"生年月日", "生年月目", 1},
	    {"氏名", "指名", 1},
	    {"氏名", "年齢", 0}, /* of six bytes three are the same */
	    {"利用者氏名（漢字）", "利用者氏名漢字", 1},
	    {"", "a", 0},
	};

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(pairs); i++)
		if (hub_is_near(hub_str_of(pairs[i].known), hub_str_of(pairs[i].name)) !=
		    pairs[i].near)
			fail_msg("%s, %s", pairs[i].known, pairs[i].name);
}

static void nearest(void **state)
{
	struct hub_near n = {.name = HUB_STR("相談受付目")};

	(void)state;
	hub_near_add(&n, HUB_STR("相談終了日"));
	hub_near_add(&n, HUB_STR("相談受付日"));
	hub_near_add(&n, HUB_STR("相談受付者"));
	assert_true(hub_str_is(n.best, "相談受付日"));
	assert_string_equal(n.all, "相談終了日, 相談受付日, 相談受付者");
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(which_is_near),
					   cmocka_unit_test(nearest)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Memory that fails while JSON is read: what was written, or nothing. */
#include "test.h"

#include "base/arena.h"
#include "base/json.h"

static void each_allocation(void **state)
{
	static const char text[] = "[{\"start\": 123456, \"end\": 1234567890123},"
				   " \"a text of more than sixteen bytes: 生年月日 | date\"]";
	unsigned long failed = 0;

	(void)state;
	for (unsigned long k = 1;; k++) {
		json_error_t why = {.text = ""};
		hub_fault_arm(k);
		json_t *j = hub_json_read(hub_str_of(text), 0, &why);
		const int hit = hub_fault_arm(0) >= k;
		if (!hit) {
			assert_non_null(j);
			json_decref(j);
			break;
		}
		failed++;
		if (j)
			fail_msg("allocation %lu failed, and something was read", k);
		assert_int_equal(errno, ENOMEM);
		assert_string_not_equal(why.text, "");
	}
	assert_true(failed > 8);
}

static void what_is_no_json(void **state)
{
	json_error_t why;

	(void)state;
	assert_null(hub_json_read(hub_str_of("{\"a\": }"), 0, &why));
	assert_int_equal(errno, 0);
	assert_int_equal(why.line, 1);
	assert_null(hub_json_read((struct hub_str){NULL, 0}, 0, NULL));
}

/* What a plugin lost before the hub read something of its own is not forgotten over that. */
static void a_reading_hides_no_loss(void **state)
{
	(void)state;
	hub_json_watch();
	assert_false(hub_json_starved());
	hub_fault_arm(1);
	assert_null(json_string("lost"));
	hub_fault_arm(0);
	assert_true(hub_json_starved());
	json_decref(hub_json_read(HUB_STR("[1, 2]"), 0, NULL));
	assert_true(hub_json_starved());
	hub_json_watch();
	assert_false(hub_json_starved());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_allocation),
	    cmocka_unit_test(what_is_no_json),
	    cmocka_unit_test(a_reading_hides_no_loss),
	};

	hub_json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}

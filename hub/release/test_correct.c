/* Decisions of people laid over what detectors found. */
#include "test.h"

#include "base/json.h"
#include "release/correct.h"

static struct hub_arena *arena;

static int set_up(void **state)
{
	(void)state;
	arena = hub_arena_new(0);
	return arena ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	hub_arena_free(arena);
	return 0;
}

static struct hub_str apply(struct hub_correction *c, uint32_t n, const char *spans)
{
	const struct hub_corrections said = {c, n};
	struct hub_err err = {0};
	struct hub_str out;

	assert_int_equal(hub_corrections_apply(arena, &said, hub_str_of(spans), &out, &err),
			 HUB_OK);
	return out;
}

static const char found[] = "[[0,2,\"PERSON\",\"7\",900,\"roster\"],"
			    "[4,9,\"ADDRESS\",null,930,\"pattern\"]]";

static void test_nothing(void **state)
{
	struct hub_correction seen = {.action = HUB_CORRECT_SEEN};
	(void)state;

	assert_str(apply(NULL, 0, found), found);
	assert_str(apply(&seen, 1, found), found);
	assert_true(hub_corrections_seen(&(struct hub_corrections){&seen, 1}));
	assert_false(hub_corrections_seen(&(struct hub_corrections){&seen, 0}));
}

static void test_add(void **state)
{
	struct hub_correction c = {.action = HUB_CORRECT_ADD,
				   .start = 0,
				   .end = 3,
				   .type = HUB_SPAN_PERSON,
				   .person = HUB_STR("r12")};
	(void)state;

	/* what lies inside gives way, what does not stays */
	assert_str(
	    apply(&c, 1, found),
	    "[[4,9,\"ADDRESS\",null,930,\"pattern\"],[0,3,\"PERSON\",\"r12\",1000,\"review\"]]");
}

static void test_remove(void **state)
{
	struct hub_correction c = {
	    .action = HUB_CORRECT_REMOVE, .start = 4, .end = 9, .person = HUB_STR("")};
	(void)state;

	assert_str(apply(&c, 1, found), "[[0,2,\"PERSON\",\"7\",900,\"roster\"]]");
	/* a longer span than the one that was set free is another one */
	c.end = 8;
	assert_str(apply(&c, 1, found), "[[0,2,\"PERSON\",\"7\",900,\"roster\"],"
					"[4,9,\"ADDRESS\",null,930,\"pattern\"]]");
}

/* Nobody was found there when it was removed; now it is somebody of the case. */
static void test_remove_of_nobody(void **state)
{
	struct hub_correction c = {
	    .action = HUB_CORRECT_REMOVE, .start = 0, .end = 2, .person = HUB_STR("")};
	(void)state;

	assert_str(apply(&c, 1, "[[0,2,\"PERSON\",\"7\",900,\"roster\"]]"),
		   "[[0,2,\"PERSON\",\"7\",900,\"roster\"]]");
	c.person = HUB_STR("7");
	assert_str(apply(&c, 1, "[[0,2,\"PERSON\",\"7\",900,\"roster\"]]"), "[]");
}

static void test_order(void **state)
{
	struct hub_correction c[] = {
	    {.action = HUB_CORRECT_ADD,
	     .start = 0,
	     .end = 3,
	     .type = HUB_SPAN_PERSON,
	     .person = HUB_STR("r12")},
	    {.action = HUB_CORRECT_REMOVE, .start = 0, .end = 3, .person = HUB_STR("r12")},
	    {.action = HUB_CORRECT_RETYPE,
	     .start = 4,
	     .end = 9,
	     .type = HUB_SPAN_FACILITY,
	     .person = HUB_STR("")}};
	(void)state;

	assert_str(apply(c, 3, found), "[[4,9,\"FACILITY\",null,1000,\"review\"]]");
}

/* Memory that fails leaves no text without what a person has added. */
static void test_starved(void **state)
{
	struct hub_correction c = {.action = HUB_CORRECT_ADD,
				   .start = 2,
				   .end = 4,
				   .type = HUB_SPAN_PERSON,
				   .person = HUB_STR("r12")};
	const struct hub_corrections said = {&c, 1};
	const struct hub_str want = apply(&c, 1, found);
	int rc;

	(void)state;
	for (unsigned long k = 1;; k++) {
		struct hub_arena *a = hub_arena_new(0);
		struct hub_err err = {0};
		struct hub_str out;
		assert_non_null(a);
		hub_fault_arm(k);
		rc = hub_corrections_apply(a, &said, hub_str_of(found), &out, &err);
		const int hit = hub_fault_arm(0) >= k;
		if (rc)
			assert_string_equal(err.code, "out-of-memory");
		else
			assert_true(hub_str_eq(out, want));
		hub_arena_free(a);
		if (!hit)
			break;
	}
	assert_int_equal(rc, HUB_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_nothing),          cmocka_unit_test(test_add),
	    cmocka_unit_test(test_remove),           cmocka_unit_test(test_order),
	    cmocka_unit_test(test_remove_of_nobody), cmocka_unit_test(test_starved),
	};

	hub_json_init();
	return cmocka_run_group_tests(tests, set_up, tear_down);
}

#include "test.h"

#include "plugin/batch.h"

static void rows_and_columns_grow(void **state)
{
	(void)state;
	HUB_AUTO(batch) struct hub_batch *b = hub_batch_new(0);
	uint32_t a, z;

	assert_int_equal(hub_batch_column(b, HUB_STR("a"), &a), HUB_OK);
	for (uint32_t r = 0; r < 1000; r++) {
		assert_int_equal(hub_batch_rows(b, r + 1), HUB_OK);
		b->col[a].cell[r] = HUB_VALUE;
		b->col[a].text[r] = HUB_STR("x");
		b->prov[r].row = r;
	}
	for (int i = 0; i < 40; i++)
		assert_int_equal(hub_batch_column(b, HUB_STR("z"), &z), HUB_OK);
	assert_int_equal(b->cols, 41);
	for (uint32_t r = 0; r < 1000; r++) {
		assert_int_equal(b->col[a].cell[r], HUB_VALUE);
		assert_str(b->col[a].text[r], "x");
		assert_int_equal(b->prov[r].row, r);
		assert_int_equal(b->col[z].cell[r], HUB_ABSENT);
		assert_int_equal(b->verdict[r], HUB_ROW_PENDING);
	}
}

/* A row that comes back after a shrink must not show what was there. */
static void shrunk_rows_are_forgotten(void **state)
{
	(void)state;
	HUB_AUTO(batch) struct hub_batch *b = hub_batch_new(0);
	uint32_t a;

	assert_int_equal(hub_batch_column(b, HUB_STR("a"), &a), HUB_OK);
	assert_int_equal(hub_batch_rows(b, 2), HUB_OK);
	b->col[a].cell[1] = HUB_INVALID;
	b->verdict[1] = HUB_ROW_REJECT;
	b->code[1] = "x";
	b->raw[1] = HUB_STR("x");
	assert_int_equal(hub_batch_rows(b, 1), HUB_OK);
	assert_int_equal(hub_batch_rows(b, 2), HUB_OK);
	assert_int_equal(b->col[a].cell[1], HUB_ABSENT);
	assert_int_equal(b->verdict[1], HUB_ROW_PENDING);
	assert_null(b->code[1]);
	assert_null(b->raw[1].ptr);
}

static void copied_rows_stand_alone(void **state)
{
	(void)state;
	HUB_AUTO(batch) struct hub_batch *from = hub_batch_new(0), *to = hub_batch_new(0);
	uint32_t a;

	hub_batch_column(from, HUB_STR("a"), &a);
	hub_batch_rows(from, 3);
	from->encoding = HUB_STR("cp932");
	for (uint32_t r = 0; r < 3; r++) {
		from->prov[r].row = r + 1;
		from->raw[r] = hub_arena_printf(hub_batch_arena(from), "raw %u", r);
		from->col[a].cell[r] = (uint8_t)(r == 1 ? HUB_NULL : HUB_INVALID);
		from->col[a].text[r] = hub_arena_printf(hub_batch_arena(from), "cell %u", r);
		from->verdict[r] = HUB_ROW_REJECT;
		from->reason[r] = HUB_STR("why");
	}
	const int rc = hub_batch_copy(to, from, 1, 2);
	hub_batch_reset(from);
	assert_int_equal(rc, HUB_OK);
	assert_int_equal(to->rows, 2);
	assert_int_equal(to->prov[1].row, 3);
	assert_int_equal(to->col[0].cell[0], HUB_NULL);
	assert_null(to->col[0].text[0].ptr);
	assert_str(to->col[0].text[1], "cell 2");
	assert_str(to->raw[0], "raw 1");
	assert_int_equal(to->verdict[1], HUB_ROW_REJECT);
	assert_str(to->reason[1], "why");
	assert_str(to->encoding, "cp932");
}

static void limit_and_reset(void **state)
{
	(void)state;
	HUB_AUTO(batch) struct hub_batch *b = hub_batch_new(1 << 20);
	uint32_t a;

	for (int round = 0; round < 3; round++) {
		assert_int_equal(hub_batch_column(b, HUB_STR("a"), &a), HUB_OK);
		assert_int_equal(hub_batch_rows(b, 10), HUB_OK);
		assert_int_equal(hub_batch_rows(b, UINT32_MAX), HUB_FATAL);
		assert_int_equal(b->rows, 10);
		hub_batch_reset(b);
		assert_int_equal(b->rows + b->cols, 0);
	}
}

static void every_allocation_may_fail(void **state)
{
	(void)state;
	int failures = 0;

	for (unsigned long k = 1;; k++) {
		hub_fault_arm(k);
		struct hub_batch *b = hub_batch_new(0);
		uint32_t c;
		int rc = b ? HUB_OK : HUB_FATAL;
		for (int i = 0; b && !rc && i < 50; i++)
			rc = hub_batch_column(b, HUB_STR("name"), &c);
		if (!rc)
			rc = hub_batch_rows(b, 5000);
		hub_batch_free(b);
		const unsigned long made = hub_fault_arm(0);
		if (!rc) {
			assert_true(made < k);
			break;
		}
		failures++;
	}
	assert_true(failures > 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rows_and_columns_grow),
	    cmocka_unit_test(shrunk_rows_are_forgotten),
	    cmocka_unit_test(copied_rows_stand_alone),
	    cmocka_unit_test(limit_and_reset),
	    cmocka_unit_test(every_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "test.h"

#include "base/table.h"

#include <stdio.h>

/* What is printed in parts reads as if it had been printed at once, and takes the room of a part. */
static void goes_on_where_it_was_printed(void **state)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	HUB_AUTO(arena) struct hub_arena *cells = hub_arena_new(16 << 10); /* 1000 rows are more */
	HUB_AUTO(buf) struct hub_buf csv, jsonl;
	struct hub_table *t = hub_table_new(a, HUB_STR(""));

	(void)state;
	hub_buf_init(&csv, 1 << 20);
	hub_buf_init(&jsonl, 1 << 20);
	hub_table_endless(t, cells);
	hub_table_col(t, "n", "number", 1);
	hub_table_col(t, "s", "text", 0);
	for (int64_t i = 0; i < 1000; i++) {
		hub_table_id(t, i);
		hub_table_puts(t, "a text");
		if (hub_table_rows(t) < 10)
			continue;
		assert_int_equal(hub_table_print(t, HUB_TABLE_CSV, &csv), 0);
		assert_int_equal(hub_table_print(t, HUB_TABLE_JSONL, &jsonl), 0);
		hub_table_forget(t);
	}
	assert_int_equal(hub_table_print(t, HUB_TABLE_CSV, &csv), 0); /* none are left */
	assert_int_equal(hub_table_print(t, HUB_TABLE_TEXT, &csv), 0);
	assert_true(hub_buf_ok(&csv) && hub_buf_ok(&jsonl));

	struct hub_str rest = hub_buf_text(&csv), line;
	char want[64];
	assert_true(hub_str_next(&rest, '\n', &line) && hub_str_is(line, "\"number\",\"text\"\r"));
	for (int i = 0; i < 1000; i++) {
		snprintf(want, sizeof want, "\"%d\",\"a text\"\r", i);
		assert_true(hub_str_next(&rest, '\n', &line) && hub_str_is(line, want));
	}
	assert_int_equal(rest.len, 0);
	rest = hub_buf_text(&jsonl);
	for (int i = 0; i < 1000; i++) {
		snprintf(want, sizeof want, "{\"n\":%d,\"s\":\"a text\"}", i);
		assert_true(hub_str_next(&rest, '\n', &line) && hub_str_is(line, want));
	}
	assert_int_equal(rest.len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(goes_on_where_it_was_printed)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "test.h"

#include "base/str.h"

static size_t found_slowly(struct hub_str s, struct hub_str needle, size_t from)
{
	for (; from + needle.len <= s.len; from++)
		if (hub_str_starts(hub_str_from(s, from), needle))
			return from;
	return (size_t)-1;
}

/* Every piece of a text that repeats itself is found where it first stands, short and long ones; so is none. */
static void finds_the_first(void **state)
{
	char text[160];
	const struct hub_str s = {text, sizeof text};

	(void)state;
	for (size_t i = 0; i < sizeof text; i++)
		text[i] = "ab\xe3\x81"[i * i % 23 % 4];
	for (size_t at = 0; at < s.len; at++)
		for (size_t n = 1; n <= 48 && at + n <= s.len; n++)
			for (size_t from = 0; from <= s.len; from += 13) {
				struct hub_str needle = hub_str_cut(s, at, at + n);
				assert_int_equal(hub_str_find(s, needle, from),
						 found_slowly(s, needle, from));
			}
	assert_int_equal(hub_str_find(s, HUB_STR("abc"), 0), (size_t)-1);
	assert_int_equal(hub_str_find(s, HUB_STR(""), s.len), s.len);
	assert_int_equal(hub_str_find((struct hub_str){NULL, 0}, HUB_STR("a"), 0), (size_t)-1);
}

static void writes_numbers(void **state)
{
	static const struct {
		uint64_t n;
		const char *text;
	} numbers[] = {{0, "0"}, {7, "7"}, {10, "10"}, {UINT64_MAX, "18446744073709551615"}};
	char to[20];

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(numbers); i++) {
		const char *end = hub_put_number(to, numbers[i].n);
		assert_true(hub_str_is((struct hub_str){to, (size_t)(end - to)}, numbers[i].text));
	}
}

/* Numbers are refused, never cut: with their range, and with what stands behind them. */
static void reads_numbers_in_range(void **state)
{
	static const struct {
		const char *text;
		int64_t min, max, want;
		int rc;
	} numbers[] = {
	    {"0", 0, 0, 0, 0},
	    {"65535", 1, 65535, 65535, 0},
	    {"65536", 1, 65535, 0, -2},
	    {"1", 1, 65535, 1, 0},
	    {"0", 1, 65535, 0, -2},
	    {"+7", 0, 9, 7, 0},
	    {"-7", -7, 9, -7, 0},
	    {"-8", -7, 9, 0, -2},
	    {"9223372036854775807", 0, INT64_MAX, INT64_MAX, 0},
	    {"9223372036854775808", 0, INT64_MAX, 0, -2},
	    {"-9223372036854775808", INT64_MIN, 0, INT64_MIN, 0},
	    {"-9223372036854775809", INT64_MIN, 0, 0, -2},
	    {"", 0, 9, 0, -1},
	    {"-", 0, 9, 0, -1},
	    {"1 ", 0, 9, 0, -1},
	    {" 1", 0, 9, 0, -1},
	    {"1x", 0, 9, 0, -1},
	    {"--1", -9, 9, 0, -1},
	};

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(numbers); i++) {
		int64_t got = 0;
		assert_int_equal(hub_parse_i64(hub_str_of(numbers[i].text), numbers[i].min,
					       numbers[i].max, &got),
				 numbers[i].rc);
		assert_int_equal(got, numbers[i].want);
	}
}

static void orders_by_bytes_then_length(void **state)
{
	static const char *const sorted[] = {"", "a", "aa", "ab", "b", "山", "山田"};

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(sorted); i++)
		for (size_t k = 0; k < HUB_COUNT(sorted); k++) {
			const int c = hub_str_cmp(hub_str_of(sorted[i]), hub_str_of(sorted[k]));
			assert_int_equal((c > 0) - (c < 0), (i > k) - (i < k));
		}
	assert_int_equal(hub_str_cmp((struct hub_str){NULL, 0}, HUB_STR("")), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(finds_the_first),
					   cmocka_unit_test(writes_numbers),
					   cmocka_unit_test(reads_numbers_in_range),
					   cmocka_unit_test(orders_by_bytes_then_length)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

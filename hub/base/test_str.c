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

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(finds_the_first),
					   cmocka_unit_test(writes_numbers)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "test.h"

#include "base/buf.h"

static void must_be(const struct hub_buf *b, const char *want)
{
	assert_true(hub_buf_ok(b));
	assert_int_equal(b->len, strlen(want));
	assert_memory_equal(b->ptr, want, b->len);
}

/* As much as the limit says, and not one byte more; then nothing is added until it is emptied. */
static void keeps_its_limit(void **state)
{
	(void)state;
	for (size_t limit = 1; limit < 600; limit += 37) {
		HUB_AUTO(buf) struct hub_buf b;
		hub_buf_init(&b, limit);
		for (size_t i = 0; i < limit; i++)
			hub_buf_putc(&b, 'x');
		assert_true(hub_buf_ok(&b));
		assert_int_equal(b.len, limit);
		hub_buf_putc(&b, 'y');
		assert_false(hub_buf_ok(&b));
		hub_buf_add(&b, "", 0);
		assert_false(hub_buf_ok(&b));
		assert_int_equal(b.len, limit);
		hub_buf_reset(&b);
		hub_buf_puts(&b, "z");
		must_be(&b, "z");
	}
}

/* What was not whole is not kept as if it were. */
static void keeps_only_the_whole(void **state)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	HUB_AUTO(buf) struct hub_buf b;

	(void)state;
	hub_buf_init(&b, 4);
	hub_buf_printf(&b, "%d", 123);
	assert_true(hub_str_is(hub_buf_keep(&b, a), "123"));
	hub_buf_printf(&b, "%d", 45);
	assert_false(hub_buf_ok(&b));
	assert_null(hub_buf_keep(&b, a).ptr);
}

static void json_escapes(void **state)
{
	HUB_AUTO(buf) struct hub_buf b;

	(void)state;
	hub_buf_init(&b, 1 << 16);
	hub_buf_putc(&b, '{');
	hub_json_field(&b, "a", HUB_STR("\"\\\n\r\t\x01\x1f\x7f 山/é"));
	hub_json_field(&b, "\"", (struct hub_str){NULL, 0});
	hub_json_int(&b, "n", INT64_MIN);
	hub_buf_putc(&b, '}');
	must_be(&b, "{\"a\":\"\\\"\\\\\\n\\r\\t\\u0001\\u001f\\u007f 山/é\",\"\\\"\":\"\","
		    "\"n\":-9223372036854775808}");
}

/* Nothing from outside moves the cursor, ends a colour or turns the direction of what follows. */
static void nothing_steers_a_terminal(void **state)
{
	static const uint32_t steers[] = {0x00, 0x07,   0x0d,   0x1b,   0x1f,   0x7f,   0x80,  0x9b,
					  0x9f, 0x200e, 0x200f, 0x202a, 0x202e, 0x2066, 0x2069};
	static const uint32_t stays[] = {'\n',   0x20,   0x7e,   0xa0,   0x200d, 0x2010,
					 0x2029, 0x202f, 0x2065, 0x206a, 0x5c71, 0x1f600};
	char utf8[4];

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(steers) + HUB_COUNT(stays); i++) {
		const int bad = i < HUB_COUNT(steers);
		const uint32_t cp = bad ? steers[i] : stays[i - HUB_COUNT(steers)];
		const struct hub_str one = {utf8, hub_utf8_put(cp, utf8)};
		HUB_AUTO(buf) struct hub_buf b;
		hub_buf_init(&b, 64);
		hub_buf_plain(&b, HUB_STR("a"));
		hub_buf_plain(&b, one);
		hub_buf_plain(&b, HUB_STR("b"));
		assert_true(hub_str_starts(hub_buf_text(&b), HUB_STR("a")));
		assert_true(hub_str_ends(hub_buf_text(&b), HUB_STR("b")));
		const struct hub_str middle = hub_str_cut(hub_buf_text(&b), 1, b.len - 1);
		assert_true(hub_str_eq(middle, bad ? HUB_STR("\xef\xbf\xbd") : one));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(keeps_its_limit), cmocka_unit_test(keeps_only_the_whole),
	    cmocka_unit_test(json_escapes), cmocka_unit_test(nothing_steers_a_terminal)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "test.h"

#include "base/hash.h"
#include "base/str.h"

/* Stores keep hashes of records and rows: another value for the same bytes would make every record a changed one. */
static void stays_what_it_was(void **state)
{
	char text[64];
	struct hub_hash h = {0, 0};

	(void)state;
	for (unsigned i = 0; i < sizeof text; i++)
		text[i] = (char)(i * 37 + 200);
	for (size_t from = 0; from < 8; from++)
		for (size_t n = 0; from + n <= 48; n++)
			h = hub_hash128((struct hub_str){n ? text + from : NULL, n}, h);
	assert_true(h.hi == 0xc5e9fa2b1dfb1b45u && h.lo == 0x6037c8ef97412a96u);
}

/* A key, a seal or a head of the log that was written otherwise was not written by us. */
static void hex_there_and_back(void **state)
{
	static const char *const bad[] = {"0", "0g", "0F", "A0", " 0", "00 ", "0x"};
	uint8_t all[256], back[256];
	char hex[513];

	(void)state;
	for (unsigned i = 0; i < sizeof all; i++)
		all[i] = (uint8_t)i;
	hub_hex(all, sizeof all, hex);
	assert_int_equal(hub_unhex(hub_str_of(hex), back), 0);
	assert_memory_equal(all, back, sizeof all);
	for (size_t i = 0; i < HUB_COUNT(bad); i++)
		assert_int_equal(hub_unhex(hub_str_of(bad[i]), back), -1);
	assert_int_equal(hub_unhex(HUB_STR(""), back), 0);
	/* half a byte is none, whatever stands behind it */
	back[1] = 7;
	assert_int_equal(hub_unhex((struct hub_str){"abcd", 3}, back), -1);
	assert_int_equal(back[1], 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(stays_what_it_was),
					   cmocka_unit_test(hex_there_and_back)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

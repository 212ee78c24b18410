#include "test.h"

#include "base/hash.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(stays_what_it_was)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

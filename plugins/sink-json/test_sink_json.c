#include "test_outfile.h"

#define SIX_COLS ((const char *const[]){"name", "sex", "phone", "note", "birth_date", "email"})

static void writes_these_bytes(void **state)
{
	struct sink s;

	(void)state;
	sink_init(&s);
	sink_open(&s, "out.jsonl", NULL);
	sink_fill(&s, "person", 6, SIX_COLS, 2,
		  (const char *const[]){"髙﨑", "1", cell_null, "a\"b\\\n\r\t\x01\x7f/", "", "x@y",
					cell_invalid, cell_absent, "***", cell_null, "40代", "z"});
	sink_shown(&s, 2, 1, HUB_MASKED);
	sink_shown(&s, 3, 1, HUB_WITHHELD);
	sink_shown(&s, 4, 1, HUB_GENERALISED);
	sink_shown(&s, 5, 1, HUB_WITHHELD); /* a value that should not be here */
	assert_int_equal(sink_write(&s), HUB_OK);
	assert_int_equal(sink_commit(&s), HUB_OK);
	assert_str(
	    sink_read(&s, "out.jsonl"),
	    "{\"entity\":\"person\",\"name\":\"髙﨑\",\"sex\":\"1\","
	    "\"note\":\"a\\\"b\\\\\\n\\r\\t\\u0001\\u007f/\",\"birth_date\":\"\","
	    "\"email\":\"x@y\"}\n"
	    "{\"entity\":\"person\",\"name\":null,\"phone\":\"***\",\"note\":null,"
	    "\"birth_date\":\"40代\",\"email\":null,\"_shown\":{\"phone\":\"masked\","
	    "\"note\":\"withheld\",\"birth_date\":\"generalised\",\"email\":\"withheld\"}}\n");
	sink_free(&s);
}

static void broken_utf8_rejects_its_row(void **state)
{
	struct sink s;

	(void)state;
	sink_init(&s);
	sink_open(&s, "out.jsonl", NULL);
	sink_fill(&s, "note", 1, (const char *const[]){"body"}, 3,
		  (const char *const[]){"a", "\xe3\x81", "b"});
	assert_int_equal(sink_write(&s), HUB_OK);
	assert_int_equal(s.b->verdict[0], HUB_ROW_DONE);
	assert_int_equal(s.b->verdict[1], HUB_ROW_REJECT);
	assert_string_equal(s.b->code[1], "not-in-encoding");
	assert_str(s.b->reason[1], "body");
	assert_int_equal(sink_commit(&s), HUB_OK);
	assert_str(sink_read(&s, "out.jsonl"), "{\"entity\":\"note\",\"body\":\"a\"}\n"
					       "{\"entity\":\"note\",\"body\":\"b\"}\n");
	sink_free(&s);
}

/* Every naughty string comes back from another reader of JSON as it was. */
static void naughty_strings_come_back(void **state)
{
	struct sink s;
	uint32_t n = 0;

	(void)state;
	sink_init(&s);
	const char *const *cells = sink_naughty(s.arena, &n);
	if (!cells) {
		sink_free(&s);
		skip();
	}
	assert_true(n > 400);
	sink_open(&s, "out.jsonl", NULL);
	sink_fill(&s, "note", 1, (const char *const[]){"body"}, n, cells);
	assert_int_equal(sink_write(&s), HUB_OK);
	assert_int_equal(sink_commit(&s), HUB_OK);
	struct hub_str rest = sink_read(&s, "out.jsonl"), line;
	for (uint32_t i = 0; i < n; i++) {
		assert_int_equal(s.b->verdict[i], HUB_ROW_DONE);
		assert_true(hub_str_next(&rest, '\n', &line));
		json_t *row = json_loadb(line.ptr, line.len, 0, NULL);
		const char *body = json_string_value(json_object_get(row, "body"));
		assert_non_null(body);
		assert_string_equal(body, cells[i]);
		json_decref(row);
	}
	sink_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(writes_these_bytes),
	    cmocka_unit_test(broken_utf8_rejects_its_row),
	    cmocka_unit_test(naughty_strings_come_back),
	    OUTFILE_TESTS,
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

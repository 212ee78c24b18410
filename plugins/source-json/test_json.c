/* JSON and JSON Lines as rows: paths, cells, what is refused and at which cost. */
#include "test_reader.h"

#include <stdio.h>
#include <sys/resource.h>

static void values_become_columns_by_their_path(void **state)
{
	(void)state;
	READ("[{\"a\":1,\"b\":{\"c\":\"x\",\"d\":null}},{\"b\":{\"c\":\"\"},\"e\":true}]",
	     "1@1:1|x|~;2@1:|||true;");
	READ("\xef\xbb\xbf[{\"a\":1}]", "1@1:1;");
	READ("[{\"a\":1}]\r\n\x1a", "1@1:1;");
	/* what is null in every record is a column; an empty object is nothing */
	READ("[{\"a\":null,\"o\":{}},\n{\"a\":null,\"b\":2}]", "1@1:~;2@2:~|2;");
	/* null in one record, an object in another: no column of its own */
	READ("[{\"o\":null},{\"o\":{\"x\":1}}]", "1@1;2@1:1;");
}

static void numbers_stay_as_written(void **state)
{
	(void)state;
	READ("[{\"n\":1.50},{\"n\":1e5},{\"n\":-0},{\"n\":12345678901234567890123}]",
	     "1@1:1.50;2@1:1e5;3@1:-0;4@1:12345678901234567890123;");
}

static void records_are_found_or_told(void **state)
{
	(void)state;
	READ("{\"n\":2,\"head\":{\"x\":[1]},\"records\":[{\"a\":1},{\"a\":2}],\"z\":[{\"b\":1}]}",
	     "1@1:1;2@1:2;");
	READ_WITH("{\"p\":[{\"r\":[{\"a\":1}]},{\"r\":[{\"a\":2},{\"a\":3}]}]}",
		  "1@1:1;2@1:2;3@1:3;", "records=/p/*/r");
	READ_WITH("{\"data_1\":[{\"a\":1}],\"other\":[{\"a\":9}],\"data_2\":[{\"a\":2}]}",
		  "1@1:data_1|1;2@1:data_2|2;", "records=/data_*", "columns=in=@in; a=/a");
	READ("{\"a\":1,\"b\":2}", "1@1:1|2;");
	READ_WITH("{\"t\":{\"k/l\":{\"m~n\":[{\"a\":7}]}}}", "1@1:7;", "records=/t/k~1l/m~0n");
	READ("[[1,2],[3,4]]", "1@1:1|2;2@1:3|4;");
	READ("[1,\"x\",null]", "1@1:1;2@1:x;3@1:~;");
	/* several documents one after another */
	READ_WITH("{\"r\":[{\"a\":1}]}\n{\"r\":[{\"a\":2}]}", "1@1:1;2@2:2;", "records=/r",
		  "format=document");
	READ_WITH("{\"r\":[]}", "#no-records", "records=/r");
	READ_WITH("{\"r\":[{\"a\":1}]}", "#bad-pointer", "records=r");
}

static void named_columns_are_taken_and_no_others(void **state)
{
	(void)state;
	READ_WITH("{\"job\":\"j1\",\"r\":[{\"a\":{\"b\":[{\"c\":\"x\"},{\"c\":\"y\"}]},\"z\":1}]}",
		  "1@1:x|j1|1;", "records=/r", "columns=first=/a/b/0/c\njob=@/job\nz=/z");
}

static void containers_in_a_cell(void **state)
{
	(void)state;
	READ("[{\"l\":[\"x\",2,true]},{\"l\":[]},{\"l\":[{\"k\":\"v\\n\\\"\"},[1,null]]}]",
	     "1@1:x\n2\ntrue;2@1:~;3@1:[{\"k\":\"v\\u000a\\\"\"},[1,null]];");
	READ_WITH("[{\"l\":[\"x\",2]}]", "1@1:[\"x\",2];", "lists=json");
}

static void a_broken_record_is_lost_alone(void **state)
{
	(void)state;
	READ("[{\"a\":1},{\"a\":2,\"a\":3},{\"a\":\"\\ud83d\"},{\"a\":\"\\ude00\"},"
	     "{\"a\":\"\\u0000\"},{\"a\":\"\\ud83d\\ude00\"},{\"\\ud800\":1,\"a\":5}]",
	     "1@1:1;2@1!duplicate-member;3@1!half-character;4@1!half-character;5@1!nul-byte;"
	     "6@1:\xf0\x9f\x98\x80;7@1!half-character;");
}

static void lines_are_on_their_own(void **state)
{
	(void)state;
	READ("{\"a\":1}\n{\"a\":\n\n{\"a\":3} {\"a\":4}\n{\"a\":5}\r\nxx\n{\"a\":6}",
	     "1@1:1;2@2!bad-json;3@4!bad-json;4@5:5;5@6!bad-json;6@7:6;");
	READ("{\"a\":1}\n{\"a\":2", "1@1:1;2@2!bad-json;");
}

static void broken_documents_are_refused(void **state)
{
	(void)state;
	READ("[{\"a\":1},{\"a\":2", "#bad-json");
	READ("[{\"a\":1},}", "#bad-json");
	READ("[{\"a\":\"\xff\"}]", "#bad-json");
	READ("\xff\xfe[\0]\0", "#not-utf-8");
	READ("", "#empty-file");
}

/* A million brackets, or one text without an end, cost neither memory nor time. */
static void hostile_input_has_bounded_cost(void **state)
{
	HUB_AUTO(buf) struct hub_buf b;
	static const char *const lines[] = {"record_limit=1M", NULL};

	(void)state;
	hub_buf_init(&b, 64 << 20);
	for (int i = 0; i < 1000000; i++)
		hub_buf_putc(&b, '[');
	expect_bytes(b.ptr, b.len, (const char *const[]){NULL}, "#too-deep");
	hub_buf_reset(&b);
	hub_buf_puts(&b, "[{\"a\":\"");
	for (int i = 0; i < 8 << 20; i++)
		hub_buf_putc(&b, 'x');
	expect_bytes(b.ptr, b.len, lines, "#too-long");
	hub_buf_puts(&b, "\"},{\"a\":1}]");
	expect_bytes(b.ptr, b.len, lines, "#too-long");
	/* many values of one record are over the limit: that record is lost, not the next */
	hub_buf_reset(&b);
	hub_buf_puts(&b, "[{\"a\":[");
	for (int i = 0; i < 100000; i++)
		hub_buf_puts(&b, "\"0123456789abcdef\",");
	hub_buf_puts(&b, "1]},{\"a\":1}]");
	expect_bytes(b.ptr, b.len, lines, "1@1!record-too-long;2@1:1;");
}

static void memory_does_not_grow_with_the_file(void **state)
{
	char path[] = "/tmp/jsonXXXXXX";
	struct rusage before, after;
	struct reader r;
	uint64_t rows = 0;
	int rc;

	(void)state;
	FILE *f = fdopen(mkstemp(path), "w");
	assert_non_null(f);
	fputs("[{\"id\":0}", f);
	for (int i = 1; i < 300000; i++)
		fprintf(f, ",\n{\"id\":%d,\"name\":\"name of %d\",\"tags\":[\"a\",\"b\"]}", i, i);
	fputs("]", f);
	fclose(f);
	getrusage(RUSAGE_SELF, &before);
	assert_int_equal(reader_open(&r, path, (struct hub_str){0}, (const char *const[]){NULL}),
			 HUB_OK);
	while ((rc = reader_next(&r)) == HUB_OK)
		rows += r.b->rows;
	getrusage(RUSAGE_SELF, &after);
	assert_int_equal(rc, HUB_END);
	assert_int_equal(rows, 300000);
	assert_true(after.ru_maxrss - before.ru_maxrss < 16 << 10);
	reader_close(&r);
	unlink(path);
}

/* Every position goes on where it says, whatever stood before. */
static void resumes_where_it_stopped(void **state)
{
	static const char *const options[] = {"batch_rows=3", NULL};
	char path[32];
	struct reader r, again;

	(void)state;
	HUB_AUTO(buf) struct hub_buf text;
	hub_buf_init(&text, 8 << 20);
	hub_buf_putc(&text, '[');
	for (int i = 0; i < 60000; i++)
		hub_buf_printf(&text, "%s{\"a\":%d}", i ? "," : "", i);
	hub_buf_putc(&text, ']');
	write_temp(path, text.ptr, text.len);
	assert_int_equal(reader_open(&r, path, (struct hub_str){0}, options), HUB_OK);
	assert_int_equal(reader_next(&r), HUB_OK);
	const uint32_t n = r.b->rows;
	assert_true(n < 60000);
	const struct hub_str pos = hub_arena_str(r.arena, r.b->pos);
	assert_int_equal(reader_open(&again, path, pos, options), HUB_OK);
	assert_int_equal(reader_next(&again), HUB_OK);
	assert_int_equal(again.b->prov[0].row, n + 1);
	reader_close(&again);
	reader_close(&r);
	unlink(path);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(values_become_columns_by_their_path),
	    cmocka_unit_test(numbers_stay_as_written),
	    cmocka_unit_test(records_are_found_or_told),
	    cmocka_unit_test(named_columns_are_taken_and_no_others),
	    cmocka_unit_test(containers_in_a_cell),
	    cmocka_unit_test(a_broken_record_is_lost_alone),
	    cmocka_unit_test(lines_are_on_their_own),
	    cmocka_unit_test(broken_documents_are_refused),
	    cmocka_unit_test(hostile_input_has_bounded_cost),
	    cmocka_unit_test(memory_does_not_grow_with_the_file),
	    cmocka_unit_test(resumes_where_it_stopped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

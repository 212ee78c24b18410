/* Fixed-width records: positions, encodings, kinds of record, short ones, resuming. */
#include "test_reader.h"

#define AB "columns=a=1-3; b=4-6"

static void columns_stand_at_bytes(void **state)
{
	(void)state;
	READ_WITH("001abc\r\n002d  \n003   ", "1@1:001|abc;2@2:002|d;3@3:003|~;", AB);
	READ_WITH("001abc002def", "1@1:001|abc;2@2:002|def;", AB, "record_length=6");
	READ_WITH(" x y  \n", "1@1:x|y;", AB, "trim=both");
	READ_WITH(" x y  \n", "1@1: x |y  ;", AB, "trim=none");
	READ_WITH("abcdef\n\nghijkl\n\x1a", "1@1:abc|def;2@3:ghi|jkl;", AB);
	READ_WITH("abcdefghijkl\x1a", "1@1:abc|def;2@2:ghi|jkl;", AB, "record_length=6");
	/* a column may lie within another, as what an area is defined as once more; they need not cover everything */
	READ_WITH("20241001\n", "1@1:2024|20241001|01;", "columns=y=1-4; d=1-8; t=7-8");
	READ_WITH("20241001\n", "1@1:20241001|2024|10|20241001;",
		  "columns=d=1-8; y=1-4; m=5-6; again=1-8");
}

/* The second byte of a kanji may be that of a blank, or end like the wide one. */
static void blanks_are_whole_characters(void **state)
{
	(void)state;
	READ_WITH("\x83\x81\x40\x81\x40\x20\n", "1@1:\x83\x81\x40;", "columns=a=1-6");
	READ_WITH("\xa5\xe1\xa1\xa1\xa1\xa1\n", "1@1:\xa5\xe1;", "columns=a=1-6",
		  "encoding=euc-jp");
	READ_WITH("あ　　\n", "1@1:あ;", "columns=a=1-9", "encoding=utf-8");
}

static void names_are_in_the_encoding_of_the_cells(void **state)
{
	char path[32];
	struct reader r;

	(void)state;
	write_temp(path, "\x8e\x73\n", 3);
	assert_int_equal(reader_open(&r, path, (struct hub_str){0},
				     (const char *const[]){"columns=氏名=1-2", NULL}),
			 HUB_OK);
	assert_int_equal(reader_next(&r), HUB_OK);
	assert_str(r.b->encoding, "cp932");
	assert_str(r.b->col[0].name, "\x8e\x81\x96\xbc");
	assert_str(r.b->raw[0], "\x8e\x73");
	reader_close(&r);
	unlink(path);
}

static void only_one_kind_is_data(void **state)
{
	(void)state;
	READ_WITH("1head\n2abcd\n9x\n", "1@1-other-record;2@2:abcd;3@3-other-record;",
		  "columns=a=2-5", "only=1-1=2");
	READ_WITH("title \nabcdef\n", "1@1-other-record;2@2:abc|def;", AB, "skip=1");
}

static void short_records_are_told(void **state)
{
	(void)state;
	READ_WITH("abcd\nabcdef\n", "1@1!short-record;2@2:abc|def;", AB);
	READ_WITH("ab\nabcd\n", "1@1:ab;2@2:abc|d;", AB, "tolerant=true");
	READ_WITH("abcdefabc", "1@1:abc|def;2@2!short-record;", AB, "record_length=6");
}

static void tables_that_make_no_sense_are_refused(void **state)
{
	(void)state;
	READ_WITH("x", "#bad-columns", "columns=a=0-3");
	READ_WITH("x", "#bad-columns", "columns=a=3-1");
	READ_WITH("x", "#bad-columns", "columns=a");
	READ_WITH("x", "#bad-columns", "columns=a=1-99999999");
	READ_WITH("x", "#columns-missing", "columns=");
	READ_WITH("x", "#columns-overlap", "columns=a=1-3; b=3-6");
	READ_WITH("x", "#columns-overlap", "columns=a=3-6; b=1-3");
	READ_WITH("x", "#columns-overlap", "columns=d=1-8; y=1-4; m=5-6; x=8-9");
	READ_WITH("x", "#columns-overlap", "columns=a=1-4\nb=5-9\nc=2-8");
	READ_WITH("x", "#bad-only", AB, "only=1-1");
	READ_WITH("x", "#bad-columns", "columns=😀=1-2");
}

static void a_line_without_end_is_refused(void **state)
{
	HUB_AUTO(buf) struct hub_buf b;

	(void)state;
	hub_buf_init(&b, 16 << 20);
	for (int i = 0; i < 8 << 20; i++)
		hub_buf_putc(&b, 'x');
	expect_bytes(b.ptr, b.len, (const char *const[]){AB, NULL}, "#too-long");
}

static void resumes_where_it_stopped(void **state)
{
	static const char *const options[] = {AB, "batch_rows=2", NULL};
	char path[32];
	struct reader r, again;

	(void)state;
	write_temp(path, "001abc\n002def\n003ghi\n", 21);
	assert_int_equal(reader_open(&r, path, (struct hub_str){0}, options), HUB_OK);
	assert_int_equal(reader_next(&r), HUB_OK);
	assert_int_equal(r.b->rows, 2);
	assert_int_equal(reader_open(&again, path, r.b->pos, options), HUB_OK);
	assert_int_equal(reader_next(&again), HUB_OK);
	assert_int_equal(again.b->prov[0].row, 3);
	assert_int_equal(again.b->prov[0].line, 3);
	assert_int_equal(again.b->prov[0].byte, 14);
	assert_str(again.b->col[1].text[0], "ghi");
	reader_close(&again);
	reader_close(&r);
	unlink(path);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(columns_stand_at_bytes),
	    cmocka_unit_test(blanks_are_whole_characters),
	    cmocka_unit_test(names_are_in_the_encoding_of_the_cells),
	    cmocka_unit_test(only_one_kind_is_data),
	    cmocka_unit_test(short_records_are_told),
	    cmocka_unit_test(tables_that_make_no_sense_are_refused),
	    cmocka_unit_test(a_line_without_end_is_refused),
	    cmocka_unit_test(resumes_where_it_stopped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

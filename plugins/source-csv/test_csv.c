#include "test_reader.h"

#define BARE "header=0",

static void test_records(void **state)
{
	(void)state;
	EXPECT("a,b\n1,2\n", "1@1:a|b;2@2:1|2;", BARE);
	EXPECT("a,b\r\n1,2", "1@1:a|b;2@2:1|2;", BARE);
	EXPECT("a,\"b\nc\",d\n1,,\"\"\n", "1@1:a|b\nc|d;2@3:1|~|;", BARE);
	EXPECT("\"a\"\"b\",\"\"\"\"\n", "1@1:a\"b|\";", BARE);
	EXPECT("a,b,\n", "1@1:a|b|~;", BARE);
	EXPECT(" a , b\n", "1@1: a | b;", BARE);
	EXPECT("\xef\xbb\xbf\"a\",b\n", "1@1:a|b;", BARE);
	EXPECT("0123456789abcdef,x\n", "1@1:0123456789abcdef|x;", BARE);
}

/* What Excel writes of merged cells: the text is in the first of them. */
static void names_of_a_header_of_several_rows(void **state)
{
	static const char text[] = "title,,,,,,\n"
				   "no,client,,,talk,,memo\n"
				   ",name,kana,\"birth\nday\",day,\"what\",memo\n"
				   "1,a,b,c,d,e,f\n"
				   "2,a,b\n";
	static const char *const want[] = {
	    "no", "client_name", "client_kana", "client_birthday", "talk_day", "talk_what", "memo"};
	static const char *const options[] = {"header=2", "header_rows=2", NULL};
	struct reader r;
	char path[32];

	(void)state;
	write_temp(path, text, sizeof text - 1);
	assert_int_equal(reader_open(&r, path, (struct hub_str){0}, options), HUB_OK);
	assert_int_equal(reader_next(&r), HUB_OK);
	assert_int_equal(r.b->cols, HUB_COUNT(want));
	for (uint32_t i = 0; i < r.b->cols; i++) {
		assert_int_equal(r.b->col[i].name.len, strlen(want[i]));
		assert_memory_equal(r.b->col[i].name.ptr, want[i], strlen(want[i]));
	}
	assert_int_equal(r.b->rows, 2);
	assert_int_equal(r.b->prov[0].row, 4);
	assert_int_equal(r.b->prov[0].line, 5);
	reader_close(&r);
	unlink(path);
	EXPECT("a,,b\n,x,\n1,2,3\n", "3@3:1|2|3;", "header_rows=2", );
	EXPECT("a,b\nc,d", "#no-header", "header_rows=3", );
	EXPECT("a,b\n\nc,d\n1,2\n", "4@4:1|2;", "header_rows=2", );
}

/* Of DOS, up to the end of a sector or with a line end behind; in UTF-16 it is half of a character. */
static void the_end_mark_is_no_record(void **state)
{
	(void)state;
	EXPECT("a,b\r\n1,2\r\n\x1a", "1@1:a|b;2@2:1|2;", BARE);
	EXPECT("a,b\r\n1,2\x1a\x1a\x1a", "1@1:a|b;2@2:1|2;", BARE);
	EXPECT("a,b\r\n1,2\r\n\x1a\r\n", "1@1:a|b;2@2:1|2;", BARE);
	EXPECT("a,b\r\n1\x1a,2\r\n", "1@1:a|b;2@2:1\x1a|2;", BARE);
	EXPECT("\x1a", "#empty-file", BARE);
	EXPECT("\xfe\xff\0a\0,\0b\0\n\0c\0,\x4e\x1a", "1@1:a|b;2@2:c|业;", BARE);
}

static void test_header(void **state)
{
	(void)state;
	EXPECT("a,b\n1,2\n", "2@2:1|2;", );
	EXPECT("a,b\n", "", );
	EXPECT("title\n\na,b\n1,2\n", "2@4:1|2;", "skip=2", );
	EXPECT("title\nmore\na,b\n1,2\n", "4@4:1|2;", "header=3", );
	EXPECT("title \"x\nmore\na,b\n1,2\n", "4@4:1|2;", "header=3", );
	EXPECT("a,\"b\n1,2\n", "#unclosed-quote", );
	EXPECT("", "#empty-file", );
	EXPECT("\xef\xbb\xbf", "#empty-file", );
	EXPECT("a\n", "#no-header", "header=2", );
}

static void test_names(void **state)
{
	struct reader r;
	char path[32];
	(void)state;

	write_temp(path, "x,\"y\"\"z\",\n1,2,3\n", 17);
	assert_int_equal(reader_open(&r, path, (struct hub_str){0}, NULL), HUB_OK);
	assert_int_equal(reader_next(&r), HUB_OK);
	assert_int_equal(r.b->cols, 3);
	assert_str(r.b->col[0].name, "x");
	assert_str(r.b->col[1].name, "y\"z");
	assert_str(r.b->col[2].name, "");
	assert_str(r.b->raw[0], "1,2,3");
	assert_int_equal(r.b->prov[0].byte, 10);
	assert_int_equal(r.b->prov[0].len, 6);
	unlink(path);
	reader_close(&r);
}

static void test_line_ends(void **state)
{
	(void)state;
	EXPECT("a\rb,c\r\nd,e\r", "1@1:a\rb|c;2@2:d|e;", BARE);
	EXPECT("field\rfield\r", "1@1:field\rfield;", BARE);
	EXPECT("a,b\rc,d\re,f", "1@1:a|b;2@2:c|d;3@3:e|f;", BARE);
	EXPECT("a,b\rc,\"d\r\re\"\re,f\r", "1@1:a|b;2@2:c|d\r\re;3@5:e|f;", BARE);
	EXPECT("a\rb,c\n", "1@1:a;2@2:b|c;", BARE "tolerant=true", );
	EXPECT("x\r\r\ny\n", "1@1:x\r;2@2:y;", BARE);
}

static void test_blank_lines(void **state)
{
	(void)state;
	EXPECT("a,b\n\nc,d\n\n", "1@1:a|b;2@2-blank-line;3@3:c|d;4@4-blank-line;", BARE);
	EXPECT("a,b\n\nc,d\n", "1@1:a|b;2@3:c|d;", BARE "blank_lines=skip", );
	EXPECT("a\n\nb\n", "1@1:a;2@2:~;3@3:b;", BARE);
	EXPECT("\n\na,b\n1,2\n", "4@4:1|2;", );
}

static void test_faults(void **state)
{
	(void)state;
	EXPECT("a,b\nx\"y,z\n1,2\n", "1@1:a|b;2@2!quote-in-unquoted;3@3:1|2;", BARE);
	EXPECT("a,b\n\"x\"y,z\n1,2\n", "1@1:a|b;2@2!text-after-quote;3@3:1|2;", BARE);
	EXPECT("a,b\n\"x,z\n1,2\n3,4\n", "1@1:a|b;2@2!unclosed-quote;3@3:1|2;4@4:3|4;", BARE);
	EXPECT("a,b\n1,2,3\n1\n1,2\n", "1@1:a|b;2@2!wrong-columns;3@3!wrong-columns;4@4:1|2;",
	       BARE);
	EXPECT("a,b\n1,\0\n1,2\n", "1@1:a|b;2@2!nul-byte;3@3:1|2;", BARE "encoding=utf-8", );
	EXPECT("a,b\n1,2\n", "1@1!wrong-columns;2@2!wrong-columns;", BARE "columns=3", );
	/* several broken ones in a row are refused each on its own */
	EXPECT("a,b,c,d\n1,x\"y,3,4\n2,\0,3,4\n3,ok,\"3,4\n4,5,6,7\n",
	       "1@1:a|b|c|d;2@2!quote-in-unquoted;3@3!nul-byte;4@4!unclosed-quote;5@5:4|5|6|7;",
	       BARE "encoding=utf-8", );
	EXPECT("a,b,c\n1,x\"y,3\nand, on\n4,5,6\n", "1@1:a|b|c;2@2!quote-in-unquoted;3@4:4|5|6;",
	       BARE);
	/* the quote closes in another record: seen by the text behind it, or by the width */
	EXPECT("a,b\n1,\"2\n3,4\n\"5\",6\n", "1@1:a|b;2@2!unclosed-quote;3@3:3|4;4@4:5|6;", BARE);
	EXPECT("a,b,c\n1,\"2,3\n4,5,6\n7\",8\n9,9,9\n",
	       "1@1:a|b|c;2@2:1|2,3\n4,5,6\n7|8;3@5:9|9|9;", BARE);
	/* a wide record that holds whole records in a cell has swallowed them */
	EXPECT("1,2,3,4,5,6,7,8\na,\"b,c,d,e,f,g,h\n1,2,3,4,5,6,7,8\n1\",c,d,e,f,g,h\n",
	       "1@1:1|2|3|4|5|6|7|8;2@2!unclosed-quote;3@3:1|2|3|4|5|6|7|8;"
	       "4@4!quote-in-unquoted;",
	       BARE);
}

/* Two cells that begin or end with a quote of their own hold all between them: records that would be gone. */
static void test_swallowed(void **state)
{
	(void)state;
	EXPECT("1,b,c,d\n5,\"x,c,d\n6,y,c,d\n7,z\",c,d\n8,b,c,d\n",
	       "1@1:1|b|c|d;2@2!unclosed-quote;3@3:6|y|c|d;4@4!quote-in-unquoted;5@5:8|b|c|d;",
	       BARE);
	EXPECT("1,b,c,d\nA-5,\"x,c,d\nB-16,y\",c,d\n",
	       "1@1:1|b|c|d;2@2!unclosed-quote;3@3!quote-in-unquoted;", BARE);
	EXPECT("1,b,c,d\n\x8e\x52,\"x,c,d\n\x90\xec,y\",c,d\n",
	       "1@1:1|b|c|d;2@2!unclosed-quote;3@3!quote-in-unquoted;", BARE "encoding=cp932", );
	EXPECT("1,b,c,d\n5,\"x,c,d\n6,y,c,d\n7,z\",c,d\n8,b,c,d\n",
	       "1@1:1|b|c|d;2@2!unclosed-quote;3@3:6|y|c|d;4@4:7|z\"|c|d;5@5:8|b|c|d;",
	       BARE "tolerant=yes", );
	/* texts of several lines, with commas of their own */
	EXPECT("1,b,\"x, y\nz, z, z\",d\n", "1@1:1|b|x, y\nz, z, z|d;", BARE);
	EXPECT("1,b,\"x, y\n2 z, z, z\",d\n", "1@1:1|b|x, y\n2 z, z, z|d;", BARE);
	EXPECT("1,b,c,\"x\n2,b,c\n3\"\n", "1@1:1|b|c|x\n2,b,c\n3;", BARE);
	EXPECT("\"1\",\"b\",\"x\n2,y,z\n3\",\"d\"\n", "1@1:1|b|x\n2,y,z\n3|d;", BARE);
}

/* Files put one behind the other, each with its mark. */
static void test_mark_within(void **state)
{
	(void)state;
	EXPECT("\xef\xbb\xbf\xe3\x81\x82,b\n\xef\xbb\xbf"
	       "1,2\n\xef\xbb\xbf\"3\",4\n\xef\xbb\xbf\n\xef\xbb\xbf",
	       "1@1:\xe3\x81\x82|b;2@2:1|2;3@3:3|4;4@4-blank-line;5@5-blank-line;", BARE);
	EXPECT("\xef\xbb\xbf\xe3\x81\x82,b\n\xef\xbb\xbf"
	       "1,2,3\n4,5\n",
	       "1@1:\xe3\x81\x82|b;2@2!wrong-columns;3@3:4|5;", BARE);
	EXPECT("\x8e\x52,b\n\xef\xbb\xbf"
	       "1,2\n",
	       "1@1:\x8e\x52|b;2@2:\xef\xbb\xbf"
	       "1|2;",
	       BARE "encoding=cp932", );
}

static void test_tolerant(void **state)
{
	(void)state;
	EXPECT("a \"w\",\"1\"2\",a\",\"b", "1@1:a \"w\"|1\"2|a\"|b;", BARE "tolerant=yes", );
	EXPECT("a,b\n1\n1,2,3\n", "1@1:a|b;2@2:1;3@3:1|2|3;", BARE "tolerant=yes", );
	EXPECT("a,b\n1,\0\n", "1@1:a|b;2@2:1|", BARE "tolerant=yes", "encoding=utf-8", );
	EXPECT("a,b\n1,\"x\n2,3\n", "1@1:a|b;2@2!unclosed-quote;3@3:2|3;", BARE "tolerant=yes", );
}

static void test_dialect(void **state)
{
	(void)state;
	EXPECT("a;b\n\"c;d\";e\n", "1@1:a|b;2@2:c;d|e;", BARE "delimiter=;", );
	EXPECT("a\tb\n", "1@1:a|b;", BARE "delimiter=tab", );
	EXPECT("a\tb\n", "1@1:a|b;", BARE "delimiter=\\t", );
	EXPECT("a|b|c\n", "1@1:a|b|c;", BARE "delimiter=|", );
	EXPECT("'a,b',c\n", "1@1:a,b|c;", BARE "quote='", );
	EXPECT("\"a,b\"\n", "1@1:\"a|b\";", BARE "quote=none", );
	EXPECT("#x\na,b\n#y\n", "1@2:a|b;", BARE "comment=#", );
	EXPECT(" a\t,  \"b \" , \n", "1@1:a|b |~;", BARE "trim=true", );
	EXPECT("a\xce\xbb\xce\xb8\xce\xbb\n", "1@1:a|\xce\xb8|~;", BARE "delimiter=\xce\xbb", );
	EXPECT("a", "#bad-delimiter", "delimiter=,,", );
	EXPECT("a", "#bad-delimiter", "delimiter=", );
	EXPECT("a", "#bad-quote", "quote=ab", );
	EXPECT("a", "#same-character", "quote=,", );
}

static void test_encodings(void **state)
{
	(void)state;
	/* CP932: 95 5C is one character, 5C and 7C are trail bytes */
	EXPECT("a\\\x95\x5c\\b\n", "1@1:a|\xe8\xa1\xa8|b;", BARE "delimiter=\\\\",
	       "encoding=cp932", );
	EXPECT("a|\x83\x7c|b\n", "1@1:a|\xe3\x83\x9d|b;", BARE "delimiter=|", "encoding=cp932", );
	EXPECT("\xff\xfe\x42\x30,\0b\0\r\0\n\0c\0,\0\"\0x\0\n\0\"\0",
	       "1@1:\xe3\x81\x82|b;2@2:c|x\n;", BARE);
	EXPECT("\x1b$B$\"\x1b(B,b\r\n1,2\r\n", "1@1:\xe3\x81\x82|b;2@2:1|2;", BARE);
	EXPECT("\xff\xfe\x00\xd8,\0b\0\n\0c\0,\0d\0", "1@1:\xff|b;2@2:c|d;", BARE);
	EXPECT("\xef\xbb\xbf"
	       "a\n",
	       "#wrong-encoding", BARE "encoding=cp932", );
	EXPECT("番号,氏名\n1,架空　花子\n2,試験　一郎\n", "#wrong-encoding",
	       BARE "encoding=cp932", );
	EXPECT("\x1f\x8b\x08", "#compressed", );
	EXPECT("PK\x03\x04xxxx", "#compressed", );
	EXPECT("\xd0\xcf\x11\xe0\xa1\xb1", "#not-csv", );
	EXPECT("\xff\xfe\0\0a\0\0\0\n\0\0", "#wrong-encoding", );
	EXPECT("\0\0\0a\0\0\0,\0\0\x53\xf7\0\0\0\n", "#wrong-encoding", );
	EXPECT("a,b\n", "#unknown-encoding", BARE "encoding=klingon", );
}

static void test_missing(void **state)
{
	struct reader r;
	(void)state;

	assert_int_equal(reader_open(&r, "no/such/file.csv", (struct hub_str){0}, NULL), HUB_RETRY);
	assert_string_equal(r.err.code, "file-missing");
	reader_close(&r);
	assert_int_equal(reader_open(&r, ".", (struct hub_str){0}, NULL), HUB_RETRY);
	assert_string_equal(r.err.code, "is-directory");
	reader_close(&r);
}

/* Many records in small windows: cut at every possible place. Every 50th record is broken. */
static void make_rows(struct hub_buf *b, int rows)
{
	hub_buf_puts(b, "id,text,more\n");
	for (int i = 0; i < rows; i++) {
		if (i % 50 == 49)
			hub_buf_printf(b, "%d,\"open,x\n", i);
		else
			hub_buf_printf(b, "%d,\"line %d\n%.*s \"\"q\"\", x\",%d\n", i, i, i % 300,
				       "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"
				       "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"
				       "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"
				       "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"
				       "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"
				       "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
				       i);
	}
}

/* Windows of 64 KiB and one of everything give the same; so does resuming after every batch. Places
 * of records follow each other without a gap. */
static void test_windows_and_resume(void **state)
{
	HUB_AUTO(buf) struct hub_buf text, whole, parts, pieces;
	const char *const small[] = {"batch_bytes=64k", "batch_rows=100", NULL};
	struct reader r;
	char path[32];
	(void)state;

	hub_buf_init(&text, 1 << 24);
	hub_buf_init(&whole, 1 << 24);
	hub_buf_init(&parts, 1 << 24);
	hub_buf_init(&pieces, 1 << 24);
	make_rows(&text, 5000);
	write_temp(path, text.ptr, text.len);
	show_all(&r, reader_open(&r, path, (struct hub_str){0}, NULL), &whole);
	reader_close(&r);
	show_all(&r, reader_open(&r, path, (struct hub_str){0}, small), &parts);
	reader_close(&r);
	assert_int_equal(whole.len, parts.len);
	assert_memory_equal(whole.ptr, parts.ptr, whole.len);

	char pos[256] = "";
	uint64_t next = 13;
	for (;;) {
		int rc = reader_open(&r, path, hub_str_of(pos), small);
		assert_int_equal(rc, HUB_OK);
		rc = reader_next(&r);
		for (uint32_t i = 0; rc == HUB_OK && i < r.b->rows; i++) {
			show_row(r.b, i, &pieces);
			assert_int_equal(r.b->prov[i].byte, next);
			next += r.b->prov[i].len;
		}
		if (rc == HUB_OK)
			snprintf(pos, sizeof pos, "%.*s", HUB_FMT(r.b->pos));
		reader_close(&r);
		if (rc == HUB_END)
			break;
		assert_int_equal(rc, HUB_OK);
	}
	assert_int_equal(next, text.len);
	unlink(path);
	assert_int_equal(whole.len, pieces.len);
	assert_memory_equal(whole.ptr, pieces.ptr, whole.len);
}

/* Rows of a record that are alike in what tells them apart; an interruption inside of a record changes no number. */
static void rows_of_a_record_are_counted(void **state)
{
	static const char text[] = "no,at,what\n"
				   "1,10:00,a\n1,11:00,b\n1,10:00,c\n1,\"10:00\",\"d\ne\"\n"
				   "1,x\n"
				   "1,11:00,f\n2,10:00,g\n2,,h\n2,,i\n3,,j\n1,10:00,k\n";
	static const char want[] = "2@2:1|10:00|a|~;3@3:1|11:00|b|~;4@4:1|10:00|c|2;"
				   "5@5:1|10:00|d\ne|3;6@7!wrong-columns;7@8:1|11:00|f|2;"
				   "8@9:2|10:00|g|~;9@10:2|~|h|~;10@11:2|~|i|2;11@12:3|~|j|~;"
				   "12@13:1|10:00|k|~;";

	(void)state;
	EXPECT(text, want, "count_by=1, 2", );
	for (int rows = 1; rows < 12; rows++) {
		HUB_AUTO(buf) struct hub_buf got;
		char path[32], most[32], pos[256] = "";
		const char *const options[] = {"count_by=1, 2", most, NULL};
		int rc = HUB_OK;

		snprintf(most, sizeof most, "batch_rows=%d", rows);
		hub_buf_init(&got, 1 << 16);
		write_temp(path, text, sizeof text - 1);
		while (rc == HUB_OK) {
			struct reader r;
			assert_int_equal(reader_open(&r, path, hub_str_of(pos), options), HUB_OK);
			rc = reader_next(&r);
			for (uint32_t i = 0; rc == HUB_OK && i < r.b->rows; i++)
				show_row(r.b, i, &got);
			if (rc == HUB_OK)
				snprintf(pos, sizeof pos, "%.*s", HUB_FMT(r.b->pos));
			reader_close(&r);
		}
		assert_int_equal(rc, HUB_END);
		unlink(path);
		assert_int_equal(got.len, sizeof want - 1);
		assert_memory_equal(got.ptr, want, got.len);
	}
	EXPECT("no,at,nth\n1,a,\n1,a,2\n", "2@2:1|a|~;3@3:1|a|2;", "count_by=1, 2", );
	EXPECT("no,at\n1,a\n", "#no-such-column", "count_by=1, 3", );
	EXPECT("no,at\n", "", "count_by=1, 2", );
	EXPECT("1,a\n", "#bad-count", "count_by=1, 2", "header=0", );
	EXPECT("no,at\n", "#bad-count", "count_by=1", );
	EXPECT("no,at\n", "#bad-count", "count_by=1, x", );
}

/* A cell of several MB behind a limit of 1 MB: one reject, memory bounded, the rest is read. */
static void test_huge_field(void **state)
{
	HUB_AUTO(buf) struct hub_buf text;
	static const char *const options[] = {"field_limit=1M", "batch_bytes=64k", NULL};
	(void)state;

	for (int quoted = 0; quoted < 2; quoted++) {
		hub_buf_init(&text, 1 << 24);
		hub_buf_puts(&text, quoted ? "a,b\n1,2\n3,\"" : "a,b\n1,2\n3,");
		for (int i = 0; i < 500000; i++)
			hub_buf_puts(&text, "0123456789");
		hub_buf_puts(&text, quoted ? "\"\n5,6\n" : "\n5,6\n");
		expect_bytes(text.ptr, text.len, options, "2@2:1|2;3@3!field-too-long;4@4:5|6;");
		hub_buf_free(&text);
	}
}

static void test_changed_while_reading(void **state)
{
	struct reader r;
	char path[32];
	(void)state;

	write_temp(path, "a,b\n1,2\n", 8);
	assert_int_equal(reader_open(&r, path, (struct hub_str){0}, NULL), HUB_OK);
	assert_int_equal(reader_next(&r), HUB_OK);
	FILE *f = fopen(path, "ab");
	assert_non_null(f);
	fputs("3,4\n", f);
	fclose(f);
	assert_int_equal(reader_next(&r), HUB_RETRY);
	assert_string_equal(r.err.code, "changed-while-reading");
	unlink(path);
	reader_close(&r);
}

static void test_bad_position(void **state)
{
	struct reader r;
	char path[32];
	(void)state;

	write_temp(path, "a\n", 2);
	assert_int_equal(reader_open(&r, path, HUB_STR("2 0 0 0 0 "), NULL), HUB_USAGE);
	unlink(path);
	assert_string_equal(r.err.code, "bad-position");
	reader_close(&r);
}

/* Allocation k fails, for k = 1.. until everything passes: always an error, never a crash, and what
 * was delivered before is right. */
static void test_every_allocation_failing(void **state)
{
	static const char text[] = "\xff\xfe"
				   "a\0,\0b\0\n\0c\0,\0\"\0d\0\"\0\"\0\"\0\n\0x\0\n\0";
	static const char *const options[] = {"header=1", "batch_bytes=64k", NULL};
	char path[32];
	(void)state;

	write_temp(path, text, sizeof text - 1);
	for (unsigned long k = 1;; k++) {
		struct reader r;
		int rc = reader_open(&r, path, (struct hub_str){0}, options);
		const int opened = rc;
		(void)hub_fault_arm(k);
		while (rc == HUB_OK)
			rc = reader_next(&r);
		(void)hub_fault_arm(0);
		assert_int_equal(opened, HUB_OK);
		if (rc != HUB_END)
			assert_string_equal(r.err.code, "out-of-memory");
		reader_close(&r);
		if (rc == HUB_END)
			break;
		assert_true(k < 1000);
	}
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_records),
	    cmocka_unit_test(the_end_mark_is_no_record),
	    cmocka_unit_test(test_header),
	    cmocka_unit_test(names_of_a_header_of_several_rows),
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_line_ends),
	    cmocka_unit_test(test_blank_lines),
	    cmocka_unit_test(test_faults),
	    cmocka_unit_test(test_tolerant),
	    cmocka_unit_test(test_swallowed),
	    cmocka_unit_test(test_mark_within),
	    cmocka_unit_test(test_dialect),
	    cmocka_unit_test(test_encodings),
	    cmocka_unit_test(test_missing),
	    cmocka_unit_test(test_windows_and_resume),
	    cmocka_unit_test(rows_of_a_record_are_counted),
	    cmocka_unit_test(test_huge_field),
	    cmocka_unit_test(test_changed_while_reading),
	    cmocka_unit_test(test_bad_position),
	    cmocka_unit_test(test_every_allocation_failing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

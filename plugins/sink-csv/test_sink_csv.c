#include "test_outfile.h"

#include "plugin/load.h"

#define OPTIONS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* One column "a" with a label, one cell a row; what the file then holds. */
static struct hub_str written(struct sink *s, const char *const *options, uint32_t rows,
			      const char *const *cells)
{
	sink_init(s);
	sink_open(s, OUT_NAME, options);
	sink_fill(s, "person", 1, (const char *const[]){"a"}, rows, cells);
	s->b->col[0].label = HUB_STR("氏名");
	assert_int_equal(sink_write(s), HUB_OK);
	assert_int_equal(sink_commit(s), HUB_OK);
	return sink_read(s, OUT_NAME);
}

#define EXPECT(options, want, ...)                                                  \
	do {                                                                        \
		const char *const cells_[] = {__VA_ARGS__};                         \
		struct sink s_;                                                     \
		assert_str(written(&s_, options, HUB_COUNT(cells_), cells_), want); \
		sink_free(&s_);                                                     \
	} while (0)

static void header_line_end_and_encoding(void **state)
{
	(void)state;
	EXPECT(NULL, "\xef\xbb\xbf氏名\r\n髙﨑\r\n", "髙﨑");
	EXPECT(OPTIONS("newline=lf", "bom=false"), "氏名\n髙﨑\n", "髙﨑");
	EXPECT(OPTIONS("header=name"),
	       "\xef\xbb\xbf"
	       "a\r\nx\r\n",
	       "x");
	EXPECT(OPTIONS("header=none"), "\xef\xbb\xbfx\r\n", "x");
	/* 氏名, then 髙﨑㈱ as Windows writes them; no byte order mark */
	EXPECT(OPTIONS("encoding=cp932"), "\x8e\x81\x96\xbc\r\n\xfb\xfc\xfa\xb1\x87\x8a\r\n",
	       "髙﨑㈱");
}

static void a_name_stands_in_for_a_label(void **state)
{
	struct sink s;

	(void)state;
	sink_init(&s);
	sink_open(&s, OUT_NAME, OPTIONS("bom=false"));
	sink_fill(&s, "person", 2, (const char *const[]){"a", "b"}, 0, NULL);
	s.b->col[1].label = HUB_STR("電話, \"自宅\"");
	assert_int_equal(sink_write(&s), HUB_OK);
	assert_int_equal(sink_commit(&s), HUB_OK);
	assert_str(sink_read(&s, OUT_NAME), "a,\"電話, \"\"自宅\"\"\"\r\n");
	sink_free(&s);
}

#define PLAIN OPTIONS("header=none", "bom=false", "newline=lf")

static void quotes_where_it_must(void **state)
{
	(void)state;
	EXPECT(PLAIN, "\"a,b\"\n\"a\"\"b\"\n\"a\nb\"\n\"a\rb\"\n\" a\"\n\"a \"\na b\n", "a,b",
	       "a\"b", "a\nb", "a\rb", " a", "a ", "a b");
	/* empty text and nothing are two things; the only cell of a line is never nothing */
	EXPECT(PLAIN, "\"\"\n\"\"\nx\n", "", cell_null, "x");
	/* a byte order mark at the very start would be taken for the file's */
	EXPECT(PLAIN, "\"\xef\xbb\xbfx\"\n", "\xef\xbb\xbfx");
}

static void cells_that_hold_no_text(void **state)
{
	struct sink s;

	(void)state;
	sink_init(&s);
	sink_open(&s, OUT_NAME, PLAIN);
	sink_fill(&s, "person", 6, (const char *const[]){"a", "b", "c", "d", "e", "f"}, 1,
		  (const char *const[]){cell_null, cell_absent, cell_invalid, "", "***", "secret"});
	sink_shown(&s, 4, 0, HUB_MASKED);
	sink_shown(&s, 5, 0, HUB_WITHHELD); /* a value that should not be here */
	assert_int_equal(sink_write(&s), HUB_OK);
	assert_int_equal(sink_commit(&s), HUB_OK);
	assert_str(sink_read(&s, OUT_NAME), ",,,\"\",***,\n");
	sink_free(&s);
}

static void formulas_get_an_apostrophe(void **state)
{
	static const char *const run[] = {"=1+1",
					  "=cmd|' /C calc'!A0",
					  "@SUM(1)",
					  "+1+cmd|x",
					  "-2+3+cmd|x",
					  "\t=1",
					  "\r=1",
					  "\n=1",
					  "＝1+1",
					  "＠SUM(1)",
					  "＋cmd",
					  "－cmd",
					  "\xef\xbb\xbf=1",
					  "-母と電話",
					  "=",
					  "@"};

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(run); i++) {
		struct sink s;
		const struct hub_str got = written(&s, PLAIN, 1, &run[i]);
		assert_str(got, hub_arena_printf(s.arena, "\"'%s\"\n", run[i]).ptr);
		sink_free(&s);
	}
	EXPECT(OPTIONS("header=none", "bom=false", "newline=lf", "neutralise=false"), "=1+1\n",
	       "=1+1");
}

static void numbers_stay_as_they_are(void **state)
{
	static const char *const kept[] = {"+81-3-1234-5678",
					   "+819012345678",
					   "+81 90 1234 5678",
					   "+81(3)12345678",
					   "-1200",
					   "-0.5",
					   "-5%",
					   "－１２００",
					   "＋８１－３－１２３４－５６７８",
					   "-",
					   "－",
					   "--",
					   "007",
					   "0901234567",
					   "1200",
					   "1-2-3",
					   "O'Brien",
					   "a=b",
					   "123456789012345678"};

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(kept); i++) {
		struct sink s;
		const struct hub_str got = written(&s, PLAIN, 1, &kept[i]);
		assert_str(got, hub_arena_printf(s.arena, "%s\n", kept[i]).ptr);
		sink_free(&s);
	}
	EXPECT(PLAIN, "\"-1,200\"\n", "-1,200");
}

static void excel_text_guards_digits(void **state)
{
	(void)state;
	EXPECT(OPTIONS("header=none", "bom=false", "newline=lf", "excel_text=true"),
	       "\"=\"\"007\"\"\"\n\"=\"\"123456789012\"\"\"\n12345678901\n0\n-012\n090-1234\n",
	       "007", "123456789012", "12345678901", "0", "-012", "090-1234");
}

static void not_in_the_encoding(void **state)
{
	static const char *const cells[] = {"a", "𠮷", "\xe3\x81", "b"};
	struct sink s;

	(void)state;
	assert_str(written(&s, OPTIONS("header=none", "encoding=cp932", "newline=lf"), 4, cells),
		   "a\nb\n");
	for (uint32_t r = 1; r < 3; r++) {
		assert_int_equal(s.b->verdict[r], HUB_ROW_REJECT);
		assert_string_equal(s.b->code[r], "not-in-encoding");
		assert_str(s.b->reason[r], "a");
	}
	assert_int_equal(s.b->verdict[3], HUB_ROW_DONE);
	sink_free(&s);
	EXPECT(OPTIONS("header=none", "encoding=cp932", "newline=lf", "missing=geta"),
	       "a\x81\xac\n", "a𠮷");
	/* what is no UTF-8 does not become part of a UTF-8 file either */
	assert_str(written(&s, PLAIN, 4, cells), "a\n𠮷\nb\n");
	assert_int_equal(s.b->verdict[2], HUB_ROW_REJECT);
	sink_free(&s);
}

static void a_nul_rejects_its_row(void **state)
{
	struct sink s;

	(void)state;
	sink_init(&s);
	sink_open(&s, OUT_NAME, PLAIN);
	sink_fill(&s, "person", 2, (const char *const[]){"a", "b"}, 2,
		  (const char *const[]){"1", "x", "2", "y"});
	s.b->col[1].text[0] = HUB_STR("x\0y");
	assert_int_equal(sink_write(&s), HUB_OK);
	assert_string_equal(s.b->code[0], "nul-in-text");
	assert_int_equal(sink_commit(&s), HUB_OK);
	assert_str(sink_read(&s, OUT_NAME), "2,y\n");
	sink_free(&s);
}

/* ---- several tables ---- */

static void fill_table(struct sink *s, const char *table, const char *cell)
{
	sink_fill(s, table, 1, (const char *const[]){"a"}, 1, &cell);
	assert_int_equal(sink_write(s), HUB_OK);
}

static void a_folder_has_one_file_per_entity(void **state)
{
	struct sink s;

	(void)state;
	sink_init(&s);
	if (sink_try(&s, s.folder, "", PLAIN))
		fail_msg("open: %s", s.err.what);
	fill_table(&s, "person", "1");
	fill_table(&s, "activity", "2");
	fill_table(&s, "person", "3");
	assert_str(sink_files(&s), "activity.csv.part person.csv.part ");
	assert_int_equal(sink_commit(&s), HUB_OK);
	assert_str(sink_files(&s), "activity.csv person.csv ");
	assert_str(sink_read(&s, "person.csv"), "1\n3\n");
	assert_str(sink_read(&s, "activity.csv"), "2\n");
	assert_mode_0600(&s, "activity.csv");
	sink_free(&s);
}

static void a_name_has_one_table(void **state)
{
	struct sink s;

	(void)state;
	sink_init(&s);
	sink_open(&s, OUT_NAME, PLAIN);
	fill_table(&s, "person", "1");
	sink_fill(&s, "activity", 1, (const char *const[]){"a"}, 1, (const char *const[]){"2"});
	assert_int_equal(sink_write(&s), HUB_CONF);
	assert_string_equal(s.err.code, "one-table");
	sink_close(&s);
	assert_str(sink_files(&s), "");
	sink_free(&s);
}

/* The second file cannot be finished: then the first does not appear either. */
static void all_files_or_none(void **state)
{
	struct rlimit old, small;
	struct sink s;
	char big[5000];

	(void)state;
	memset(big, 'x', sizeof big - 1);
	big[sizeof big - 1] = '\0';
	sink_init(&s);
	if (sink_try(&s, s.folder, "", PLAIN))
		fail_msg("open: %s", s.err.what);
	fill_table(&s, "person", "1");
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small = (struct rlimit){.rlim_cur = 4000, .rlim_max = old.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	sink_fill(&s, "activity", 1, (const char *const[]){"a"}, 1, (const char *const[]){big});
	const int rc = sink_write(&s) ? HUB_RETRY : sink_commit(&s);
	setrlimit(RLIMIT_FSIZE, &old);
	assert_int_equal(rc, HUB_RETRY);
	sink_close(&s);
	assert_str(sink_files(&s), "");
	sink_free(&s);
}

/* ---- through source-csv and back ---- */

/* Reads folder/out.csv with the plugin source-csv and compares with the cells; a ' that the sink put
 * before a formula is the one difference that is allowed. Returns how many have one. */
static uint32_t read_back(struct sink *s, uint32_t n, const char *const *want)
{
	const char *build = getenv("BUILD");
	struct hub_plugins *plugins = hub_plugins_new(s->arena);
	HUB_AUTO(batch) struct hub_batch *b = hub_batch_new(0);
	struct hub_instance *in;
	struct hub_options o;
	uint32_t at = 0, marked = 0;
	char file[300];
	int rc;

	snprintf(file, sizeof file, "%s/plugins/source-csv.so", build ? build : "build");
	if (hub_plugins_load_file(plugins, file, &s->err) || hub_plugins_count(plugins) != 1)
		fail_msg("%s: %s", file, s->err.what);
	const struct hub_plugin *p = hub_plugins_at(plugins, 0);
	assert_int_equal(hub_options_init(&o, s->arena, p, &s->err), HUB_OK);
	assert_int_equal(hub_options_set(&o, HUB_STR("path"), hub_str_of(s->path), &s->err),
			 HUB_OK);
	assert_int_equal(hub_options_finish(&o, &s->err), HUB_OK);
	assert_int_equal(hub_instance_open(p, o.conf, (struct hub_str){0}, &in, &s->err), HUB_OK);
	while ((rc = hub_source_next(in, b, &s->err)) == HUB_OK) {
		for (uint32_t r = 0; r < b->rows; r++, at++) {
			struct hub_str got = b->col[0].text[r];
			assert_true(at < n);
			assert_int_equal(b->verdict[r], HUB_ROW_PENDING);
			assert_int_equal(b->col[0].cell[r], HUB_VALUE);
			if (!hub_str_is(got, want[at]) && hub_str_starts(got, HUB_STR("'"))) {
				got = hub_str_from(got, 1);
				marked++;
			}
			assert_str(got, want[at]);
		}
		hub_batch_reset(b);
	}
	assert_int_equal(rc, HUB_END);
	assert_int_equal(at, n);
	hub_instance_close(in);
	return marked;
}

static uint32_t there_and_back(const char *const *options, uint32_t n, const char *const *cells)
{
	struct sink s;

	written(&s, options, n, cells);
	for (uint32_t r = 0; r < n; r++)
		assert_int_equal(s.b->verdict[r], HUB_ROW_DONE);
	const uint32_t marked = read_back(&s, n, cells);
	sink_free(&s);
	return marked;
}

static void naughty_strings_come_back(void **state)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	uint32_t n = 0;
	const char *const *cells = sink_naughty(a, &n);

	(void)state;
	if (!cells) {
		hub_arena_free(a); /* skip() jumps out, past what HUB_AUTO would do */
		skip();
	}
	assert_true(n > 400);
	assert_true(there_and_back(NULL, n, cells) > 0);
	assert_int_equal(there_and_back(OPTIONS("neutralise=false", "newline=lf"), n, cells), 0);
}

static void formula_payloads_come_back(void **state)
{
	const char *data = getenv("SHARED_DATA");
	const char *cells[100];
	struct hub_str rest, line;
	struct hub_err err;
	uint32_t n = 0;
	char path[400];

	(void)state;
	if (!data || !*data)
		skip();
	snprintf(path, sizeof path, "%s/injection/csv_formula.tsv", data);
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	assert_int_equal(hub_file_read(a, path, 1 << 20, &rest, &err), HUB_OK);
	assert_true(hub_str_next(&rest, '\n', &line)); /* header */
	while (n < HUB_COUNT(cells) && hub_str_next(&rest, '\n', &line))
		if (line.len)
			cells[n++] = hub_arena_cstr(a, line);
	assert_true(n > 0);
	/* all but those that begin like text ("DDE (...") */
	uint32_t formulas = 0;
	for (uint32_t i = 0; i < n; i++)
		formulas += strchr("=+-@", cells[i][0]) != NULL;
	assert_int_equal(there_and_back(NULL, n, cells), formulas);
}

/* Each character that cannot go out is told: where, which, what stands there now. */
static void replacements_are_listed(void **state)
{
	struct sink s;

	(void)state;
	sink_init(&s);
	sink_open(&s, "out",
		  (const char *const[]){"encoding=cp932", "missing=replace", "header=none",
					"columns=\"1\", body, , name", NULL});
	sink_fill(&s, "note", 2, (const char *const[]){"name", "body"}, 2,
		  (const char *const[]){"髙橋 𠮷郎\U000E0100", "é\uE000", "山田", "そのまま"});
	assert_int_equal(sink_write(&s), HUB_OK);
	assert_int_equal(sink_commit(&s), HUB_OK);
	assert_int_equal(s.b->verdict[0], HUB_ROW_DONE);
	assert_str(sink_files(&s), "out ");
	assert_str(sink_read(&s, "out/note.csv"),
		   "1,\x81\xac\x81\xac,,\xfb\xfc\x8b\xb4 \x8b\x67\x98\x59\r\n"
		   "1,\x82\xbb\x82\xcc\x82\xdc\x82\xdc,,\x8e\x52\x93\x63\r\n");
	assert_str(sink_read(&s, "out/replacements.csv"),
		   "\xef\xbb\xbf表,行,項目,符号位置,文字,書いた文字\r\n"
		   "\"note\",1,\"body\",U+00E9,\"é\",\"〓\"\r\n"
		   "\"note\",1,\"body\",U+E000,\"\uE000\",\"〓\"\r\n"
		   "\"note\",1,\"name\",U+20BB7,\"𠮷\",\"吉\"\r\n"
		   "\"note\",1,\"name\",U+E0100,\"\U000E0100\",\"\"\r\n");
	sink_free(&s);
}

static void columns_that_are_not_there_are_refused(void **state)
{
	struct sink s;

	(void)state;
	sink_init(&s);
	sink_open(&s, "out", (const char *const[]){"columns=name,phone", NULL});
	sink_fill(&s, "note", 1, (const char *const[]){"name"}, 1, (const char *const[]){"x"});
	assert_int_equal(sink_write(&s), HUB_CONF);
	assert_string_equal(s.err.code, "no-such-column");
	sink_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(header_line_end_and_encoding),
	    cmocka_unit_test(a_name_stands_in_for_a_label),
	    cmocka_unit_test(quotes_where_it_must),
	    cmocka_unit_test(cells_that_hold_no_text),
	    cmocka_unit_test(formulas_get_an_apostrophe),
	    cmocka_unit_test(numbers_stay_as_they_are),
	    cmocka_unit_test(excel_text_guards_digits),
	    cmocka_unit_test(not_in_the_encoding),
	    cmocka_unit_test(a_nul_rejects_its_row),
	    cmocka_unit_test(a_folder_has_one_file_per_entity),
	    cmocka_unit_test(a_name_has_one_table),
	    cmocka_unit_test(all_files_or_none),
	    cmocka_unit_test(naughty_strings_come_back),
	    cmocka_unit_test(formula_payloads_come_back),
	    cmocka_unit_test(replacements_are_listed),
	    cmocka_unit_test(columns_that_are_not_there_are_refused),
	    OUTFILE_TESTS,
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

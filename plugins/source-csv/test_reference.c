/* Our splitter beside libcsv, the strict reference: equal records on every valid input. libcsv knows
 * no width, takes a bare CR as line end and skips blank lines: inputs with a bare CR are left out,
 * blank lines are skipped on both sides, and an input that one side refuses must be refused by the
 * other, but for the width. */
#include "test_reader.h"

#include <csv.h>
#include <dirent.h>
#include <jansson.h>

enum { LIMIT = 1 << 29 };

struct reference {
	struct hub_buf out;
	int first;
};

static void on_field(void *p, size_t n, void *arg)
{
	struct reference *r = arg;

	if (!r->first)
		hub_buf_putc(&r->out, '\x1f');
	r->first = 0;
	/* NULL: nothing between delimiters */
	if (p)
		hub_buf_add(&r->out, p, n);
	else
		hub_buf_putc(&r->out, '\x01');
}

static void on_record(int c, void *arg)
{
	struct reference *r = arg;
	(void)c;

	hub_buf_putc(&r->out, '\x1e');
	r->first = 1;
}

static int no_space(unsigned char c)
{
	(void)c;
	return 0;
}

/* 0 when libcsv takes it all. */
static int read_reference(struct hub_str s, struct hub_buf *out)
{
	struct reference r = {.first = 1};
	struct csv_parser p;
	int bad;

	if (s.len >= 3 && memcmp(s.ptr, "\xef\xbb\xbf", 3) == 0)
		s = hub_str_from(s, 3);
	hub_buf_init(&r.out, LIMIT);
	assert_int_equal(csv_init(&p, CSV_STRICT | CSV_STRICT_FINI | CSV_EMPTY_IS_NULL), 0);
	csv_set_space_func(&p, no_space);
	bad = csv_parse(&p, s.ptr, s.len, on_field, on_record, &r) != s.len ||
	      csv_fini(&p, on_field, on_record, &r) != 0;
	csv_free(&p);
	*out = r.out;
	return bad;
}

/* How many rows were refused, widths aside (then *widths is set). */
static int read_ours(const char *path, struct hub_buf *out, int *widths)
{
	static const char *const options[] = {"header=0", "blank_lines=skip", NULL};
	struct reader r;
	int rc = reader_open(&r, path, (struct hub_str){0}, options), bad = 0;

	hub_buf_init(out, LIMIT);
	*widths = 0;
	while (rc == HUB_OK && (rc = reader_next(&r)) == HUB_OK) {
		for (uint32_t i = 0; i < r.b->rows; i++) {
			if (r.b->verdict[i] == HUB_ROW_REJECT) {
				if (strcmp(r.b->code[i], "wrong-columns") == 0)
					*widths = 1;
				else
					bad++;
				continue;
			}
			for (uint32_t c = 0; c < r.b->cols; c++) {
				if (c)
					hub_buf_putc(out, '\x1f');
				if (r.b->col[c].cell[i] == HUB_NULL)
					hub_buf_putc(out, '\x01');
				else
					hub_buf_str(out, r.b->col[c].text[i]);
			}
			hub_buf_putc(out, '\x1e');
		}
	}
	assert_true(rc == HUB_END || strcmp(r.err.code, "empty-file") == 0);
	reader_close(&r);
	return bad;
}

static int has_bare_cr(struct hub_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] == '\r' && (i + 1 == s.len || s.ptr[i + 1] != '\n'))
			return 1;
	return 0;
}

/* 1 when both took it and gave the same. */
static int compare(const char *name, const char *path, struct hub_str text)
{
	HUB_AUTO(buf) struct hub_buf want, got;
	int widths;

	hub_buf_init(&want, 1);
	hub_buf_init(&got, 1);
	if (has_bare_cr(text))
		return 0;
	const int bad = read_reference(text, &want);
	const int ours = read_ours(path, &got, &widths);
	/* NUL is text to libcsv; a quote that swallows another record is found by us only */
	if (!bad && ours == 0 && !widths) {
		if (!hub_str_eq(hub_buf_text(&want), hub_buf_text(&got)))
			fail_msg("%s: other records than libcsv", name);
		return 1;
	}
	if (bad && ours == 0 && !widths)
		fail_msg("%s: libcsv refuses it, we do not", name);
	/* behind a record of another width we look for the footing inside it, too */
	if (!bad && ours > 0 && !widths && !memchr(text.ptr, 0, text.len))
		fail_msg("%s: we refuse %d records, libcsv none", name, ours);
	return 0;
}

static int compare_text(const char *name, struct hub_str text)
{
	char path[32];

	write_temp(path, text.ptr, text.len);
	const int same = compare(name, path, text);
	unlink(path);
	return same;
}

static int compare_file(const char *path)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(LIMIT);
	struct hub_str text;
	struct hub_err err;

	assert_int_equal(hub_file_read(a, path, LIMIT, &text, &err), HUB_OK);
	return compare(path, path, text);
}

static void test_shared_files(void **state)
{
	static const char *const folders[] = {"csv-torture/csv-spectrum/csvs", "csv-torture/duckdb",
					      "csv-torture/csvw", "real-csv"};
	const char *root = getenv("SHARED_DATA");
	int same = 0;
	(void)state;

	if (!root || !*root)
		skip();
	for (size_t i = 0; i < HUB_COUNT(folders); i++) {
		char folder[600], path[1200];
		snprintf(folder, sizeof folder, "%s/%s", root, folders[i]);
		DIR *d = opendir(folder);
		for (struct dirent *e; d && (e = readdir(d));) {
			const struct hub_str name = hub_str_of(e->d_name);
			if (!hub_str_ends(name, HUB_STR(".csv")) &&
			    !hub_str_ends(name, HUB_STR(".CSV")))
				continue;
			snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
			same += compare_file(path);
		}
		if (d)
			closedir(d);
	}
	assert_true(same > 0);
}

static void test_go_inputs(void **state)
{
	const char *root = getenv("SHARED_DATA");
	char path[600];
	json_error_t e;
	size_t i;
	json_t *c;
	int same = 0;
	(void)state;

	snprintf(path, sizeof path, "%s/csv-torture/go-encoding-csv/reader.json", root ? root : "");
	if (!root || access(path, R_OK))
		skip();
	json_t *cases = json_load_file(path, JSON_ALLOW_NUL, &e);
	assert_non_null(cases);
	json_array_foreach(cases, i, c)
	{
		const json_t *in = json_object_get(c, "input");
		same +=
		    compare_text(json_string_value(json_object_get(c, "name")),
				 (struct hub_str){json_string_value(in), json_string_length(in)});
	}
	assert_true(same > 0);
	json_decref(cases);
}

/* A small generator of texts made of the characters that matter; the same on every machine. */
static uint32_t dice(uint32_t *seed, uint32_t n)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (uint32_t)(((uint64_t)(*seed >> 8) * n) >> 24);
}

static void random_text(uint32_t seed, struct hub_buf *b)
{
	static const char *const pieces[] = {"a", "bc", "",     "\"\"",
					     ",", "\n", "\r\n", "12345678901"};
	const uint32_t width = 1 + dice(&seed, 4), rows = 1 + dice(&seed, 5);

	for (uint32_t r = 0; r < rows; r++) {
		for (uint32_t c = 0; c < width; c++) {
			const uint32_t quoted = dice(&seed, 2), n = dice(&seed, 4);
			if (c)
				hub_buf_putc(b, ',');
			if (quoted)
				hub_buf_putc(b, '"');
			for (uint32_t k = 0; k < n; k++)
				hub_buf_puts(b, pieces[dice(&seed, quoted ? 8 : 3)]);
			if (quoted)
				hub_buf_putc(b, '"');
		}
		hub_buf_puts(b, dice(&seed, 2) ? "\n" : "\r\n");
	}
	/* now and then one stray byte: both must refuse, or read the same */
	if (dice(&seed, 4) == 0 && b->len > 0)
		b->ptr[dice(&seed, (uint32_t)b->len)] = "\",\nx"[dice(&seed, 4)];
}

static void test_random_texts(void **state)
{
	HUB_AUTO(buf) struct hub_buf b;
	int same = 0;
	(void)state;

	hub_buf_init(&b, 1 << 20);
	for (uint32_t seed = 1; seed <= 3000; seed++) {
		char name[32];
		hub_buf_reset(&b);
		random_text(seed, &b);
		snprintf(name, sizeof name, "seed %u", seed);
		same += compare_text(name, hub_buf_text(&b));
	}
	assert_true(same > 2000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_shared_files),
	    cmocka_unit_test(test_go_inputs),
	    cmocka_unit_test(test_random_texts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

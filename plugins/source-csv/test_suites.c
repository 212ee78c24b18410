/* The csv source against suites made by others (SHARED_DATA). What is read differently on purpose
 * stands in tests/suites/csv-refused.tsv with its reason; everything else must be equal. */
#include "test_reader.h"

#include "base/hash.h"

#include <jansson.h>
#include <stdio.h>

enum { BIG = 1 << 28 };

static const char *shared(char *out, size_t size, const char *path)
{
	const char *root = getenv("SHARED_DATA");

	if (!root || !*root)
		return NULL;
	snprintf(out, size, "%s/%s", root, path);
	return access(out, R_OK) == 0 ? out : NULL;
}

#define NEED(var, path)                              \
	char var##_[512];                            \
	const char *var = shared(var##_, 512, path); \
	(void)state;                                 \
	if (!var)                                    \
	skip()

static json_t *load_json(const char *path)
{
	json_error_t e;
	json_t *j = json_load_file(path, JSON_ALLOW_NUL, &e);

	if (!j)
		fail_msg("%s: %s", path, e.text);
	return j;
}

static int refused_on_purpose(const char *suite, const char *name)
{
	HUB_AUTO(file) FILE *f = fopen("tests/suites/csv-refused.tsv", "r");
	char line[512], want[256];

	assert_non_null(f);
	snprintf(want, sizeof want, "%s\t%s\t", suite, name);
	while (fgets(line, sizeof line, f))
		if (strncmp(line, want, strlen(want)) == 0)
			return 1;
	return 0;
}

/* Cells of all rows that were accepted, one array each; rejects are counted. */
static json_t *read_rows(const char *path, const char *const *options, int *rejects)
{
	json_t *rows = json_array();
	struct reader r;

	*rejects = 0;
	int rc = reader_open(&r, path, (struct hub_str){0}, options);
	while (rc == HUB_OK && (rc = reader_next(&r)) == HUB_OK) {
		const enum hub_enc enc = hub_enc_of(r.b->encoding);
		for (uint32_t i = 0; i < r.b->rows; i++) {
			if (r.b->verdict[i] == HUB_ROW_REJECT) {
				++*rejects;
				continue;
			}
			json_t *cells = json_array();
			for (uint32_t c = 0; c < r.b->cols; c++) {
				size_t used;
				if (r.b->col[c].cell[i] == HUB_ABSENT)
					continue;
				const struct hub_str s = hub_decode_arena(
				    r.arena, enc, r.b->col[c].text[i], &used, NULL);
				assert_int_equal(used, r.b->col[c].text[i].len);
				json_array_append_new(cells, json_stringn(s.ptr, s.len));
			}
			json_array_append_new(rows, cells);
		}
	}
	if (rc < 0 && strcmp(r.err.code, "empty-file") != 0)
		fail_msg("%s: %s %s", path, r.err.code, r.err.what);
	reader_close(&r);
	return rows;
}

static void expect_rows(const char *name, const json_t *got, const json_t *want)
{
	if (json_equal(got, want))
		return;
	char *g = json_dumps(got, 0), *w = json_dumps(want, 0);
	fail_msg("%s:\n got  %s\n want %s", name, g, w);
}

struct go_options {
	char text[4][32];
	const char *list[8];
};

static void add_option(struct go_options *o, size_t *n, const json_t *c, const char *key,
		       const char *option)
{
	const json_t *v = json_object_get(c, key);

	if (!v)
		return;
	snprintf(o->text[*n], sizeof o->text[*n], "%s=%s", option, json_string_value(v));
	o->list[*n + 2] = o->text[*n];
	++*n;
}

static void run_go_case(const json_t *c)
{
	const char *name = json_string_value(json_object_get(c, "name"));
	const json_t *input = json_object_get(c, "input");
	const json_t *want = json_object_get(c, "expected");
	struct go_options o = {.list = {"header=0", "blank_lines=skip"}};
	char path[32];
	int rejects;
	size_t n = 0;

	add_option(&o, &n, c, "Comma", "delimiter");
	add_option(&o, &n, c, "Comment", "comment");
	add_option(&o, &n, c, "LazyQuotes", "tolerant");
	add_option(&o, &n, c, "TrimLeadingSpace", "trim");
	write_temp(path, json_string_value(input), json_string_length(input));
	if (json_integer_value(json_object_get(c, "FieldsPerRecord")) > 0)
		o.list[n + 2] = "columns=2";
	json_t *got = read_rows(path, o.list, &rejects);
	unlink(path);
	if (json_is_true(json_object_get(c, "error"))) {
		if (rejects == 0)
			fail_msg("%s: nothing refused", name);
	} else if (!refused_on_purpose("go", name)) {
		assert_int_equal(rejects, 0);
		expect_rows(name, got, want);
	}
	json_decref(got);
}

static void test_go_reader(void **state)
{
	NEED(path, "csv-torture/go-encoding-csv/reader.json");
	json_t *cases = load_json(path);
	size_t i;
	json_t *c;

	json_array_foreach(cases, i, c) run_go_case(c);
	assert_true(i > 10);
	json_decref(cases);
}

/* With UseCRLF Go changes line ends inside a cell. */
static int is_rewritten(const json_t *c)
{
	HUB_AUTO(buf) struct hub_buf name;
	const json_t *cell = json_array_get(json_array_get(json_object_get(c, "rows"), 0), 0);
	const char *p = json_is_true(json_object_get(c, "UseCRLF")) ? json_string_value(cell) : "";

	hub_buf_init(&name, 256);
	for (; p && *p; p++) {
		if (*p == '\n' || *p == '\r')
			hub_buf_puts(&name, *p == '\n' ? "\\n" : "\\r");
		else
			hub_buf_putc(&name, *p);
	}
	hub_buf_putc(&name, '\0');
	return refused_on_purpose("go-writer", name.ptr);
}

/* What Go writes for rows must read as those rows. */
static void test_go_writer(void **state)
{
	NEED(path, "csv-torture/go-encoding-csv/writer.json");
	json_t *cases = load_json(path);
	size_t i, compared = 0;
	json_t *c;

	json_array_foreach(cases, i, c)
	{
		const json_t *text = json_object_get(c, "expected");
		const char *comma = json_string_value(json_object_get(c, "Comma"));
		char delimiter[32], temp[32];
		int rejects;
		if (!json_is_string(text) || is_rewritten(c)) /* not a string: bytes, no UTF-8 */
			continue;
		snprintf(delimiter, sizeof delimiter, "delimiter=%s", comma ? comma : ",");
		const char *const options[] = {"header=0", delimiter, NULL};
		write_temp(temp, json_string_value(text), json_string_length(text));
		json_t *got = read_rows(temp, options, &rejects);
		unlink(temp);
		expect_rows(json_string_value(text), got, json_object_get(c, "rows"));
		json_decref(got);
		compared++;
	}
	assert_true(compared > 10);
	json_decref(cases);
}

/* Rows as objects keyed by the header, as csv-spectrum and CSVW write them. */
static json_t *objects_of(const char *csv, int keep_empty)
{
	static const char *const options[] = {"header=0", NULL};
	int rejects;
	json_t *rows = read_rows(csv, options, &rejects), *out = json_array();

	assert_int_equal(rejects, 0);
	for (size_t i = 1; i < json_array_size(rows); i++) {
		json_t *o = json_object();
		for (size_t k = 0; k < json_array_size(json_array_get(rows, 0)); k++) {
			json_t *v = json_array_get(json_array_get(rows, i), k);
			const char *key =
			    json_string_value(json_array_get(json_array_get(rows, 0), k));
			if (keep_empty || json_string_length(v) > 0)
				json_object_set(o, key, v);
		}
		json_array_append_new(out, o);
	}
	json_decref(rows);
	return out;
}

static void test_spectrum(void **state)
{
	static const char *const names[] = {
	    "comma_in_quotes",
	    "empty",
	    "empty_crlf",
	    "escaped_quotes",
	    "json",
	    "newlines",
	    "newlines_crlf",
	    "quotes_and_newlines",
	    "simple",
	    "simple_crlf",
	    "utf8",
	    "location_coordinates",
	};
	NEED(folder, "csv-torture/csv-spectrum");
	size_t compared = 0;

	for (size_t i = 0; i < HUB_COUNT(names); i++) {
		char csv[600], json[600];
		snprintf(csv, sizeof csv, "%s/csvs/%s.csv", folder, names[i]);
		snprintf(json, sizeof json, "%s/json/%s.json", folder, names[i]);
		if (access(csv, R_OK) || refused_on_purpose("spectrum", names[i]))
			continue;
		json_t *want = load_json(json), *got = objects_of(csv, 1);
		expect_rows(names[i], got, want);
		json_decref(want);
		json_decref(got);
		compared++;
	}
	assert_true(compared > 0);
}

static void test_csvw(void **state)
{
	static const char *const pairs[][2] = {{"test006.csv", "test006.json"},
					       {"test008.csv", "test008.json"},
					       {"countries.csv", "test028.json"}};
	NEED(folder, "csv-torture/csvw");

	for (size_t i = 0; i < HUB_COUNT(pairs); i++) {
		char csv[600], json[600];
		snprintf(csv, sizeof csv, "%s/%s", folder, pairs[i][0]);
		snprintf(json, sizeof json, "%s/%s", folder, pairs[i][1]);
		if (access(csv, R_OK))
			continue;
		json_t *doc = load_json(json), *want = json_array(), *got = objects_of(csv, 0),
		       *row;
		size_t k;
		const json_t *table = json_array_get(json_object_get(doc, "tables"), 0);
		json_array_foreach(json_object_get(table, "row"), k, row)
		    json_array_append(want, json_array_get(json_object_get(row, "describes"), 0));
		expect_rows(pairs[i][0], got, want);
		json_decref(doc);
		json_decref(want);
		json_decref(got);
	}
}

static void test_duckdb(void **state)
{
	static const char *const options[] = {"header=0", NULL};
	NEED(folder, "csv-torture/duckdb");
	HUB_AUTO(buf) struct hub_buf out;
	struct reader r;
	char path[600];

	hub_buf_init(&out, BIG);
	snprintf(path, sizeof path, "%s/quoted_newline.csv", folder);
	show_all(&r, reader_open(&r, path, (struct hub_str){0}, options), &out);
	reader_close(&r);
	assert_str(hub_buf_text(&out),
		   "1@1:hello\nworld|5;2@3:what,\n brings, you here\n , today|6;");
	hub_buf_reset(&out);
	/* the quote opened in line 5 closes at the start of line 6, before text */
	snprintf(path, sizeof path, "%s/unquoted_new_line.csv", folder);
	show_all(&r, reader_open(&r, path, (struct hub_str){0}, options), &out);
	reader_close(&r);
	assert_str(hub_buf_text(&out), "1@1:a|b;2@2:bla|1;3@3:bla|2;4@4:bla|3;5@5!unclosed-quote;"
				       "6@7:bla|1;7@8:bla|2;8@9:bla|3;");
}

struct counts {
	uint64_t records, rejects;
	uint32_t columns;
	char encoding[16];
};

static void count_file(const char *path, struct counts *n)
{
	static const char *const options[] = {"header=0", NULL};
	struct reader r;
	int rc = reader_open(&r, path, (struct hub_str){0}, options);

	*n = (struct counts){0};
	while (rc == HUB_OK && (rc = reader_next(&r)) == HUB_OK) {
		n->records += r.b->rows;
		n->columns = r.b->cols;
		snprintf(n->encoding, sizeof n->encoding, "%.*s", HUB_FMT(r.b->encoding));
		for (uint32_t i = 0; i < r.b->rows; i++)
			n->rejects += r.b->verdict[i] == HUB_ROW_REJECT;
	}
	if (rc != HUB_END)
		fail_msg("%s: %s", path, r.err.what);
	reader_close(&r);
}

static void expect_decoded_hash(const char *path, const char *encoding, const char *want)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(BIG);
	struct hub_str raw;
	struct hub_err err;
	size_t used;
	uint8_t sha[HUB_SHA256];
	char hex[2 * HUB_SHA256 + 1];

	assert_int_equal(hub_file_read(a, path, BIG, &raw, &err), HUB_OK);
	const struct hub_str text =
	    hub_decode_arena(a, hub_enc_of(hub_str_of(encoding)), raw, &used, NULL);
	assert_int_equal(used, raw.len);
	assert_int_equal(hub_sha256(text, sha), 0);
	hub_hex(sha, sizeof sha, hex);
	assert_string_equal(hex, want);
}

/* One line of real-csv/expected.tsv. */
static void check_real(const char *folder, char *line)
{
	char path[1200], *field[12] = {0}, temp[32] = "";
	struct counts n;

	for (size_t i = 0; i < HUB_COUNT(field); i++)
		field[i] = strsep(&line, "\t");
	assert_non_null(field[11]);
	snprintf(path, sizeof path, "%s/%s", folder, field[0]);
	if (strstr(field[0], ".gz")) {
		char command[1300];
		write_temp(temp, "", 0);
		snprintf(command, sizeof command, "gunzip -c '%s' > '%s'", path, temp);
		assert_int_equal(system(command), 0);
		snprintf(path, sizeof path, "%s", temp);
	}
	count_file(path, &n);
	if ((uint64_t)atoll(field[4]) != n.records || (uint32_t)atoll(field[5]) != n.columns ||
	    n.rejects != 0)
		fail_msg("%s: %llu records of %u columns, %llu refused", field[0],
			 (unsigned long long)n.records, n.columns, (unsigned long long)n.rejects);
	const char *encoding = n.encoding;
	assert_int_equal(hub_enc_of(hub_str_of(field[1])), hub_enc_of(hub_str_of(encoding)));
	expect_decoded_hash(path, encoding, field[10]);
	if (temp[0])
		unlink(temp);
}

static void test_real(void **state)
{
	NEED(folder, "real-csv");
	char path[600], line[4096];
	int files = 0;

	snprintf(path, sizeof path, "%s/expected.tsv", folder);
	HUB_AUTO(file) FILE *f = fopen(path, "r");
	assert_non_null(f);
	assert_non_null(fgets(line, sizeof line, f));
	for (; fgets(line, sizeof line, f); files++)
		check_real(folder, line);
	assert_true(files > 0);
}

/* Writes every string as a quoted cell, runs the program itself, and compares what it prints. */
static void test_naughty_strings_through_inspect(void **state)
{
	NEED(path, "injection/blns.json");
	HUB_AUTO(buf) struct hub_buf text;
	char temp[32], command[512], out[32];
	json_t *list = load_json(path), *s;
	size_t i;

	hub_buf_init(&text, BIG);
	json_array_foreach(list, i, s)
	{
		hub_buf_printf(&text, "%zu,\"", i);
		for (size_t k = 0; k < json_string_length(s); k++) {
			const char c = json_string_value(s)[k];
			hub_buf_add(&text, "\"\"", c == '"');
			hub_buf_putc(&text, c);
		}
		hub_buf_puts(&text, "\"\r\n");
	}
	write_temp(temp, text.ptr, text.len);
	write_temp(out, "", 0);
	const char *build = getenv("BUILD");
	snprintf(command, sizeof command, "%s/bin/tsunagi inspect --encoding utf-8 %s > %s",
		 build ? build : "build", temp, out);
	assert_int_equal(system(command), 0);
	HUB_AUTO(file) FILE *f = fopen(out, "r");
	for (i = 0; i < json_array_size(list); i++) {
		json_error_t e;
		json_t *row = json_loadf(f, JSON_DISABLE_EOF_CHECK | JSON_ALLOW_NUL, &e);
		assert_non_null(row);
		assert_true(json_equal(json_array_get(json_object_get(row, "cells"), 1),
				       json_array_get(list, i)));
		json_decref(row);
	}
	json_decref(list);
	unlink(temp);
	unlink(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_go_reader),
	    cmocka_unit_test(test_go_writer),
	    cmocka_unit_test(test_spectrum),
	    cmocka_unit_test(test_csvw),
	    cmocka_unit_test(test_duckdb),
	    cmocka_unit_test(test_real),
	    cmocka_unit_test(test_naughty_strings_through_inspect),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

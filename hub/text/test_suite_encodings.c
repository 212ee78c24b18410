/* The shared suites of encodings/ and real-csv/ against our tables, encoders and detection. */
#include "suite.h"

#include "base/hash.h"
#include "text/encoding.h"

enum { LIMIT = 256 << 20 };

static struct hub_buf file, other, enc;
static struct hub_arena *arena;

static int setup(void **state)
{
	(void)state;
	hub_buf_init(&file, LIMIT);
	hub_buf_init(&other, LIMIT);
	hub_buf_init(&enc, LIMIT);
	arena = hub_arena_new(LIMIT);
	return arena == NULL;
}

static int teardown(void **state)
{
	(void)state;
	hub_buf_free(&file);
	hub_buf_free(&other);
	hub_buf_free(&enc);
	hub_arena_free(arena);
	return 0;
}

/* Opens a table and passes its heading. */
static struct hub_str open_table(const char *folder, const char *name)
{
	struct hub_str rest = suite_read(&file, folder, name), heading;

	assert_true(suite_row(&rest, &heading, 1) > 0);
	return rest;
}

static void test_all_codes(void **state)
{
	(void)state;
	struct hub_str rest = open_table("encodings", "whatwg_shift_jis_decode.tsv"), cell[2];
	size_t rows = 0;

	while (suite_row(&rest, cell, 2)) {
		char in[8], want[8], got[16];
		size_t len;
		const size_t n = suite_bytes(cell[0], in), m = suite_points(cell[1], want);
		assert_int_equal(
		    hub_decode(HUB_ENC_CP932, (struct hub_str){in, n}, got, &len, NULL), n);
		if (len != m || memcmp(got, want, m) != 0)
			fail_msg("%.*s", HUB_FMT(cell[0]));
		rows++;
	}
	assert_int_equal(rows, 9667);
}

static void test_no_roundtrip(void **state)
{
	(void)state;
	struct hub_str rest = open_table("encodings", "whatwg_shift_jis_no_roundtrip.tsv"), cell[3];
	size_t rows = 0;

	while (suite_row(&rest, cell, 3)) {
		char cp[8], want[8];
		const size_t n = suite_points(cell[1], cp), m = suite_bytes(cell[2], want);
		hub_buf_reset(&enc);
		assert_int_equal(
		    hub_encode(HUB_ENC_CP932, (struct hub_str){cp, n}, &enc, NULL, NULL), 0);
		if (!hub_str_eq(hub_buf_text(&enc), (struct hub_str){want, m}))
			fail_msg("%.*s", HUB_FMT(cell[0]));
		rows++;
	}
	assert_int_equal(rows, 398);
}

/* Each is refused at the broken place; what comes before it is right. */
static void test_malformed(void **state)
{
	(void)state;
	struct hub_str rest = open_table("encodings", "wpt_sjis_decode_errors.tsv"), cell[3];

	while (suite_row(&rest, cell, 3)) {
		char in[16], want[32], got[64];
		size_t len;
		const size_t n = suite_bytes(cell[0], in);
		const size_t bad = hub_str_find(cell[1], HUB_STR("U+FFFD"), 0);
		assert_true(bad != (size_t)-1);
		const size_t m = suite_points(hub_str_cut(cell[1], 0, bad), want);
		if (hub_decode(HUB_ENC_CP932, (struct hub_str){in, n}, got, &len, NULL) >= n ||
		    len != m || memcmp(got, want, m) != 0)
			fail_msg("%.*s", HUB_FMT(cell[0]));
	}
}

/* What the table gives bytes for is written so; what it calls unmappable is refused, or written as
 * its twin and reported: never changed in silence. The column of JIS-type Shift_JIS is not used:
 * such files are always read and written as CP932 (columns: code point, sign, cp932, shift_jis,
 * euc_jp, iso2022_jp). */
static void test_wave_dash(void **state)
{
	(void)state;
	static const struct {
		enum hub_enc enc;
		size_t column;
	} targets[] = {{HUB_ENC_CP932, 2}, {HUB_ENC_EUCJP, 4}, {HUB_ENC_ISO2022JP, 5}};
	struct hub_str rest = open_table("encodings", "wave_dash_pitfalls.tsv"), cell[6];

	while (suite_row(&rest, cell, 6)) {
		char cp[8], want[16];
		const size_t n = suite_points(cell[0], cp);
		for (size_t i = 0; i < HUB_COUNT(targets); i++) {
			struct hub_enc_stats st = {0};
			const struct hub_str expected = cell[targets[i].column];
			hub_buf_reset(&enc);
			hub_encode(targets[i].enc, (struct hub_str){cp, n}, &enc, &st, NULL);
			if (hub_str_is(expected, "unmappable")) {
				assert_int_equal(st.lost + st.substituted, 1);
				continue;
			}
			const size_t m = suite_bytes(expected, want);
			if (st.lost || !hub_str_eq(hub_buf_text(&enc), (struct hub_str){want, m}))
				fail_msg("%.*s as %s", HUB_FMT(cell[0]),
					 hub_enc_name(targets[i].enc));
		}
	}
}

static void test_python_cjk(void **state)
{
	(void)state;
	static const char *const names[] = {"shift_jis", "iso2022_jp", "cp932", "euc_jp"};
	size_t found = 0;

	for (size_t i = 0; i < HUB_COUNT(names); i++) {
		const char *root = getenv("SHARED_DATA");
		char name[64], path[1024];
		snprintf(name, sizeof name, "%s.txt", names[i]);
		snprintf(path, sizeof path, "%s/encodings/python_cjk/%s", root ? root : "", name);
		if (!root || access(path, R_OK) != 0)
			continue;
		const struct hub_str in = suite_read(&file, "encodings/python_cjk", name);
		snprintf(name, sizeof name, "%s-utf8.txt", names[i]);
		const struct hub_str want = suite_read(&other, "encodings/python_cjk", name);
		const enum hub_enc e = hub_enc_of(hub_str_of(names[i]));
		size_t used, bom;
		const struct hub_str got = hub_decode_arena(arena, e, in, &used, NULL);
		assert_int_equal(hub_enc_detect(in, 1, &bom), e);
		assert_int_equal(used, in.len);
		assert_true(hub_str_eq(got, want));
		hub_buf_reset(&enc);
		assert_int_equal(hub_encode(e, got, &enc, NULL, NULL), 0);
		assert_true(hub_str_eq(hub_buf_text(&enc), in));
		found++;
	}
	if (!found)
		skip();
}

static int64_t number(struct hub_str s)
{
	int64_t v;

	assert_int_equal(hub_parse_i64(s, 0, INT64_MAX, &v), 0);
	return v;
}

/* Detection from the beginnings of the file that hold something but ASCII. */
static void check_samples(struct hub_str raw, enum hub_enc want, const char *name)
{
	static const size_t lengths[] = {100, 255, 1000, 4096, 65536, SIZE_MAX};
	size_t bom, high = 0;

	while (high < raw.len && (unsigned char)raw.ptr[high] < 0x80)
		high++;
	for (size_t i = 0; i < HUB_COUNT(lengths); i++) {
		const size_t n = lengths[i] < raw.len ? lengths[i] : raw.len;
		if (n < high + 8)
			continue;
		const enum hub_enc got =
		    hub_enc_detect((struct hub_str){raw.ptr, n}, n == raw.len, &bom);
		if (got != want)
			fail_msg("%s: %s by the first %zu bytes", name, hub_enc_name(got), n);
	}
}

static void check_sha(struct hub_str s, struct hub_str want, const char *name)
{
	uint8_t sha[HUB_SHA256];
	char hex[2 * HUB_SHA256 + 1];

	assert_int_equal(hub_sha256(s, sha), 0);
	hub_hex(sha, sizeof sha, hex);
	if (!hub_str_is(want, hex))
		fail_msg("%s: other UTF-8 than expected", name);
}

/* expected.tsv: file, encoding, eol, bytes, records, columns, ragged, NEC/IBM characters, half-width
 * kana, sha256 of the raw bytes, sha256 of the UTF-8. */
static void test_real_files(void **state)
{
	(void)state;
	struct hub_str rest = suite_read(&other, "real-csv", "expected.tsv"), cell[11];

	suite_row(&rest, cell, 11);
	while (suite_row(&rest, cell, 11)) {
		char name[128];
		snprintf(name, sizeof name, "%.*s", HUB_FMT(cell[0]));
		const enum hub_enc want = hub_enc_of(cell[1]);
		const struct hub_str raw = suite_read(&file, "real-csv", name);
		check_samples(raw, want, name);

		struct hub_enc_stats st = {0};
		size_t used, bom;
		hub_enc_detect(raw, 1, &bom);
		hub_arena_reset(arena);
		const struct hub_str body = hub_str_from(raw, bom);
		const struct hub_str text = hub_decode_arena(arena, want, body, &used, &st);
		assert_int_equal(used, body.len);
		check_sha(text, cell[10], name);
		assert_int_equal(st.extended, number(cell[7]));
		assert_int_equal(st.half_kana, number(cell[8]));

		hub_buf_reset(&enc);
		assert_int_equal(hub_encode(want, text, &enc, &st, NULL), 0);
		assert_int_equal(st.substituted, 0);
		if (!hub_str_eq(hub_buf_text(&enc), body))
			fail_msg("%s: does not come back to its bytes", name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_all_codes),  cmocka_unit_test(test_no_roundtrip),
	    cmocka_unit_test(test_malformed),  cmocka_unit_test(test_wave_dash),
	    cmocka_unit_test(test_python_cjk), cmocka_unit_test(test_real_files),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}

#include "test.h"

#include "text/fold.h"

#include <unicode/unorm2.h>
#include <unicode/ustring.h>

static struct hub_arena *arena;

static int setup(void **state)
{
	(void)state;
	arena = hub_arena_new(0);
	return arena == NULL;
}

static int teardown(void **state)
{
	(void)state;
	hub_arena_free(arena);
	return 0;
}

static void test_width(void **state)
{
	(void)state;
	static const char *const t[][2] = {
	    {"", ""},
	    {"abc", "abc"},
	    {"Ａ１（株）－～", "A1(株)-~"},
	    {"①㈱㍻㋿Ⅱ㎡㌔", "1(株)平成令和IIm2キロ"},
	    {"ｶﾞﾊﾟｳﾞｱｲ｡｢｣､･ｰ", "ガパヴアイ。「」、・ー"},
	    {"ﾞ", "\xe3\x82\x99"},
	    {"ｱﾞ", "ア\xe3\x82\x99"},
	    {"ｶﾞ\xe3\x82\x99", "ガ\xe3\x82\x99"},
	    {"ｶﾞﾞ", "ガ\xe3\x82\x99"},
	    {"か\xe3\x82\x99き", "がき"},
	    {"a\xcc\x81"
	     "b",
	     "á"
	     "b"},
	    {"Ａ\xcc\x81", "Á"},
	    {"山　田", "山 田"},
	    {"￥￡", "¥£"},
	    {"〜ー〇○◯髙﨑", "〜ー〇○◯髙﨑"},
	    {"葛\xf3\xa0\x84\x80飾", "葛\xf3\xa0\x84\x80飾"},
	    {"神福都", "神福都"},
	    {"𠮷野家", "𠮷野家"},
	    {"ヿゟ", "コトより"},
	    {"\xee\x80\x80"
	     "x",
	     "\xee\x80\x80"
	     "x"},
	};
	for (size_t i = 0; i < HUB_COUNT(t); i++)
		assert_str(hub_fold_width(arena, hub_str_of(t[i][0]), 0, NULL), t[i][1]);
}

static void test_width_lines(void **state)
{
	(void)state;
	const uint32_t *at;
	const struct hub_str in = HUB_STR("a\r\nb\rｃ\r\n");

	assert_str(hub_fold_width(arena, in, HUB_FOLD_LF, &at), "a\nb\nc\n");
	const uint32_t want[] = {0, 1, 3, 4, 5, 8, 10};
	for (size_t i = 0; i < HUB_COUNT(want); i++)
		assert_int_equal(at[i], want[i]);
	assert_str(hub_fold_width(arena, in, 0, NULL), "a\r\nb\rc\r\n");
}

static void test_width_map(void **state)
{
	(void)state;
	const uint32_t *at;
	/* ｶﾞ is six bytes that become three, ㈱ three that become five, １ three that become one */
	const struct hub_str s = hub_fold_width(arena, HUB_STR("ｶﾞ１㈱山"), 0, &at);
	static const uint32_t want[] = {0, 0, 0, 6, 9, 9, 9, 9, 9, 12, 13, 14, 15};

	assert_str(s, "ガ1(株)山");
	assert_int_equal(s.len + 1, HUB_COUNT(want));
	for (size_t i = 0; i < HUB_COUNT(want); i++)
		assert_int_equal(at[i], want[i]);
	hub_fold_width(arena, HUB_STR(""), 0, &at);
	assert_int_equal(at[0], 0);
}

/* NFKC by ICU over the whole text. */
static struct hub_str icu(struct hub_str in)
{
	UErrorCode st = U_ZERO_ERROR;
	static UChar a[4096], b[65536];
	static char out[65536];
	int32_t n = 0, m = 0, len = 0;

	u_strFromUTF8(a, (int32_t)HUB_COUNT(a), &n, in.ptr, (int32_t)in.len, &st);
	m = unorm2_normalize(unorm2_getNFKCInstance(&st), a, n, b, (int32_t)HUB_COUNT(b), &st);
	u_strToUTF8(out, sizeof out, &len, b, m, &st);
	assert_int_equal(st <= U_ZERO_ERROR, 1);
	return (struct hub_str){out, (size_t)len};
}

static void check_map(struct hub_str in, struct hub_str got, const uint32_t *at)
{
	for (size_t k = 0; k < got.len; k++)
		assert_true(at[k] <= at[k + 1] && at[k] < in.len);
	assert_int_equal(at[got.len], in.len);
	for (size_t k = 0; k <= got.len; k++)
		if (k == got.len || ((unsigned char)got.ptr[k] & 0xc0) != 0x80)
			assert_true(at[k] == in.len ||
				    ((unsigned char)in.ptr[at[k]] & 0xc0) != 0x80);
}

/* Every code point alone, before and behind a kana, and many random strings of those that matter. */
static void test_width_is_nfkc(void **state)
{
	(void)state;
	static const uint32_t pick[] = {
	    'a',    '1',    ' ',     0x301,   0x304b, 0x30cf, 0x30a6, 0x3099, 0x309a, 0x309b,
	    0xff76, 0xff8a, 0xff9e,  0xff9f,  0xff71, 0x5c71, 0x3231, 0xff21, 0x1100, 0x1161,
	    0x11a8, 0xac00, 0x20bb7, 0xe0100, 0x323,  0x212b, 0xfa19, 0x302a, 0x3000, 0xfb1d};
	uint64_t x = 88172645463325252u;
	char buf[256];
	const uint32_t *at;

	for (uint32_t cp = 1; cp <= 0x10ffff; cp++) {
		size_t n = hub_utf8_put(0x30ab, buf);
		const size_t m = hub_utf8_put(cp, buf + n);
		if (m == 0)
			continue;
		n += m;
		n += hub_utf8_put(0xff9e, buf + n);
		const struct hub_str in = {buf, n};
		const struct hub_str got = hub_fold_width(arena, in, 0, &at);
		if (!hub_str_eq(got, icu(in)))
			fail_msg("U+%04X", (unsigned)cp);
		check_map(in, got, at);
		hub_arena_reset(arena);
	}
	for (int round = 0; round < 50000; round++) {
		size_t n = 0;
		for (int i = 0; i < 12; i++) {
			x ^= x << 13;
			x ^= x >> 7;
			x ^= x << 17;
			n += hub_utf8_put(pick[(x >> 20) % HUB_COUNT(pick)], buf + n);
		}
		const struct hub_str in = {buf, n};
		const struct hub_str got = hub_fold_width(arena, in, 0, &at);
		if (!hub_str_eq(got, icu(in)))
			fail_msg("round %d: %.*s", round, HUB_FMT(in));
		check_map(in, got, at);
		hub_arena_reset(arena);
	}
}

/* Broken UTF-8 and endless combining marks: nothing breaks, broken bytes stay. */
static void test_width_hostile(void **state)
{
	(void)state;
	static char marks[3 * 4000];
	const uint32_t *at;
	uint64_t x = 1234567;

	assert_str(hub_fold_width(arena,
				  HUB_STR("Ａ\xff\xe3\x81"
					  "Ｂ"),
				  0, &at),
		   "A\xff\xe3\x81"
		   "B");
	for (size_t i = 0; i < sizeof marks; i += 3)
		memcpy(marks + i, i % 2 ? "\xe3\x82\x99" : "\xe3\x80\xaa", 3);
	const struct hub_str in = {marks, sizeof marks};
	const struct hub_str got = hub_fold_width(arena, in, 0, &at);
	assert_int_equal(got.len, sizeof marks);
	for (int round = 0; round < 20000; round++) {
		char *b = hub_heap_get(40);
		assert_non_null(b);
		for (size_t i = 0; i < 40; i++) {
			x ^= x << 13;
			x ^= x >> 7;
			x ^= x << 17;
			b[i] =
			    (char)((x & 0x300) ? "\xe3\x82\xef\xbe\x9e\xbd\xb6\xf3\x80\x81"[x % 10]
					       : (int)(x >> 30));
		}
		const struct hub_str s = {b, 40};
		assert_non_null(hub_fold_width(arena, s, (unsigned)round & 1, &at).ptr);
		assert_non_null(hub_kana_convert(arena, s, (unsigned)x & 0x3ff).ptr);
		assert_non_null(hub_key_kana(arena, s).ptr);
		assert_non_null(hub_key_strip(arena, s).ptr);
		hub_heap_put(b);
		hub_arena_reset(arena);
	}
}

static void test_out_of_memory(void **state)
{
	(void)state;
	struct hub_arena *small = hub_arena_new(64);
	const uint32_t *at;

	assert_non_null(small);
	const struct hub_str in = HUB_STR("山田太郎山田太郎山田太郎山田太郎山田太郎山田太郎㍿㍿㍿");
	assert_null(hub_fold_width(small, in, 0, &at).ptr);
	assert_null(hub_fold_kana(small, in).ptr);
	assert_null(hub_key_kana(small, in).ptr);
	assert_null(hub_key_strip(small, in).ptr);
	hub_arena_free(small);
}

static void test_kana(void **state)
{
	(void)state;
	static const struct {
		unsigned flags;
		const char *in, *want;
	} t[] = {
	    {HUB_KANA_WIDE, "ｱﾞｶﾞﾊﾟﾞ.ﾟ", "ア゛ガパ゛.゜"},
	    {HUB_KANA_WIDE, "ﾜﾞｦﾞｳﾞ abc", "ヷヺヴ abc"},
	    {HUB_KANA_WIDE_ASCII, "a1 #", "ａ1　＃"},
	    {HUB_KANA_WIDE_DIGIT, "a1", "a１"},
	    {HUB_KANA_NARROW, "ガヴパヷ。「ヰヶ", "ｶﾞｳﾞﾊﾟﾜﾞ｡｢ヰヶ"},
	    {HUB_KANA_NARROW_ASCII | HUB_KANA_NARROW_DIGIT, "Ａ１　～あ", "A1 ~あ"},
	    {HUB_KANA_TO_KATA, "あゔゕゞー漢", "アヴヵヾー漢"},
	    {HUB_KANA_TO_HIRA, "アヴヵヾーヷ", "あゔゕゞーヷ"},
	    {HUB_KANA_TO_KATA | HUB_KANA_NARROW, "ともえまみ", "ﾄﾓｴﾏﾐ"},
	    {HUB_KANA_JOIN, "か\xe3\x82\x99ハ゜ウ゛ア゛", "がパヴア゛"},
	    {HUB_KANA_LARGE, "きゃっぁヶヮゎ", "きやつあケワわ"},
	    {HUB_KANA_LARGE | HUB_KANA_WIDE, "ｷｬｯ", "キヤツ"},
	    {0, "ｶﾞ", "ｶﾞ"},
	    {HUB_KANA_WIDE,
	     "\xff"
	     "ｱ",
	     "\xff"
	     "ア"},
	};
	for (size_t i = 0; i < HUB_COUNT(t); i++)
		assert_str(hub_kana_convert(arena, hub_str_of(t[i].in), t[i].flags), t[i].want);
	assert_str(hub_fold_kana(arena, HUB_STR("やまだ ﾀﾛｳ ｼﾞｮｰｼﾞ")), "ヤマダ タロウ ジョージ");
}

static void test_key_kana(void **state)
{
	(void)state;
	static const char *const same[][2] = {
	    {"ヤマダ タロウ", "やまた　たろお"},
	    {"ｼﾞｮｰｼﾞ", "シヨシ"},
	    {"ヂ", "ジ"},
	    {"ミヅエ", "ミスエ"},
	    {"ヴィオラ", "フイオラ"},
	    {"ヲ", "オ"},
	    {"トミヱ", "トミエ"},
	    {"ミスヾ", "ミスズ"},
	    {"コウノ", "コオノ"},
	    {"キョウコ", "キヨオコ"},
	    {"ケ－ブル", "ケーブル"},
	    {"ケ―ブル", "ケブル"},
	    {"ｋim", "ＫＩＭ"},
	    {"ジョン・スミス", "シヨンスミス"},
	    {"ハ゜", "ハ"},
	};
	for (size_t i = 0; i < HUB_COUNT(same); i++) {
		const struct hub_str a = hub_key_kana(arena, hub_str_of(same[i][0]));
		const struct hub_str b = hub_key_kana(arena, hub_str_of(same[i][1]));
		if (!hub_str_eq(a, b))
			fail_msg("%s: %.*s, %s: %.*s", same[i][0], HUB_FMT(a), same[i][1],
				 HUB_FMT(b));
	}
	assert_str(hub_key_kana(arena, HUB_STR("ヤマダ タロウ")), "ヤマタタロオ");
	assert_str(hub_key_kana(arena, HUB_STR("イトウ")), "イトオ");
	assert_str(hub_key_kana(arena, HUB_STR("ウエダ")), "ウエタ");
	assert_str(hub_key_kana(arena, HUB_STR("ヾ")), "");
}

static void test_findings(void **state)
{
	(void)state;
	size_t seen[HUB_HIDDEN_KINDS] = {0}, at = 0, where;
	enum hub_hidden kind;
	uint32_t cp;
	const struct hub_str text =
	    HUB_STR("山\x01\t葛\xf3\xa0\x84\x80\xe2\x80\x8b\xe2\x80\xae\xc2\xad\xc2\xa0"
		    "\xee\x80\x80\xf4\x8d\xba\x92\xef\xbf\xbd\xef\xbb\xbf\x7f\n");
	static const size_t count[HUB_HIDDEN_KINDS] = {2, 1, 2, 1, 1, 1, 2, 1};
	static const size_t first[HUB_HIDDEN_KINDS] = {22, 8, 12, 15, 18, 20, 3, 29};

	while (hub_hidden_next(text, &at, &kind, &cp, &where))
		if (seen[kind]++ == 0)
			assert_int_equal(where, first[kind]);
	for (size_t k = 0; k < HUB_HIDDEN_KINDS; k++) {
		assert_int_equal(seen[k], count[k]);
		assert_true(hub_hidden_name((enum hub_hidden)k)[0] != '\0');
	}
	assert_str(hub_key_strip(arena, text), "山\t葛 \xee\x80\x80\xf4\x8d\xba\x92\xef\xbf\xbd\n");
	at = 0;
	assert_false(hub_hidden_next(HUB_STR("山田\r\n\t１２〜㈱é"), &at, &kind, &cp, &where));
	assert_str(hub_key_strip(arena, HUB_STR("")), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_width),         cmocka_unit_test(test_width_lines),
	    cmocka_unit_test(test_width_map),     cmocka_unit_test(test_width_is_nfkc),
	    cmocka_unit_test(test_width_hostile), cmocka_unit_test(test_out_of_memory),
	    cmocka_unit_test(test_kana),          cmocka_unit_test(test_key_kana),
	    cmocka_unit_test(test_findings),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}

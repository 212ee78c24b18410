#include "test.h"

#include "text/enc_table.h"
#include "text/encoding.h"

static const enum hub_enc all[] = {HUB_ENC_UTF8,      HUB_ENC_CP932,   HUB_ENC_EUCJP,
				   HUB_ENC_ISO2022JP, HUB_ENC_UTF16LE, HUB_ENC_UTF16BE};

static struct hub_str decode(enum hub_enc enc, struct hub_str in, char *out, size_t *used,
			     struct hub_enc_stats *st)
{
	size_t len = 0;

	*used = hub_decode(enc, in, out, &len, st);
	assert_true(len <= hub_decode_bound(enc, in.len));
	return (struct hub_str){out, len};
}

static void test_names(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		enum hub_enc enc;
	} t[] = {
	    {"Shift_JIS", HUB_ENC_CP932},
	    {"windows-31j", HUB_ENC_CP932},
	    {"SJIS", HUB_ENC_CP932},
	    {"cp932", HUB_ENC_CP932},
	    {"MS932", HUB_ENC_CP932},
	    {"x-sjis", HUB_ENC_CP932},
	    {"UTF-8", HUB_ENC_UTF8},
	    {"utf_8_sig", HUB_ENC_UTF8},
	    {"utf-16", HUB_ENC_UTF16LE},
	    {"UTF-16BE", HUB_ENC_UTF16BE},
	    {"EUC_JP", HUB_ENC_EUCJP},
	    {"eucjp", HUB_ENC_EUCJP},
	    {"ISO-2022-JP", HUB_ENC_ISO2022JP},
	    {"jis", HUB_ENC_ISO2022JP},
	    {"", HUB_ENC_NONE},
	    {"latin1", HUB_ENC_NONE},
	    {"utf-8-sig-and-much-more-than-that", HUB_ENC_NONE},
	};
	for (size_t i = 0; i < HUB_COUNT(t); i++)
		if (hub_enc_of(hub_str_of(t[i].name)) != t[i].enc)
			fail_msg("%s", t[i].name);
	for (size_t i = 0; i < HUB_COUNT(all); i++)
		assert_int_equal(hub_enc_of(hub_str_of(hub_enc_name(all[i]))), all[i]);
}

static void test_byte_safe(void **state)
{
	(void)state;
	assert_true(hub_enc_byte_safe(HUB_ENC_UTF8) && hub_enc_byte_safe(HUB_ENC_CP932));
	assert_true(hub_enc_byte_safe(HUB_ENC_EUCJP));
	assert_false(hub_enc_byte_safe(HUB_ENC_UTF16LE) || hub_enc_byte_safe(HUB_ENC_ISO2022JP));
	assert_false(hub_enc_byte_safe_for(HUB_ENC_CP932, '|'));
	assert_true(hub_enc_byte_safe_for(HUB_ENC_UTF8, '|'));
	assert_true(hub_enc_byte_safe_for(HUB_ENC_EUCJP, '|'));
}

/* A separator that may be the second byte of a character would cut records inside of one. */
static void test_no_safe_byte_is_in_a_character(void **state)
{
	static const enum hub_enc encs[] = {HUB_ENC_CP932, HUB_ENC_EUCJP};

	(void)state;
	for (size_t e = 0; e < HUB_COUNT(encs); e++)
		for (unsigned c = 0; c < 0x100; c++) {
			int inside = 0;
			for (unsigned lead = 0x80; lead < 0x100 && !inside; lead++) {
				const char two[] = {(char)lead, (char)c};
				struct hub_enc_stats stats = {0};
				char out[16];
				size_t n;
				inside = hub_decode(encs[e], (struct hub_str){two, 2}, out, &n,
						    &stats) == 2 &&
					 hub_utf8_count((struct hub_str){out, n}) == 1;
			}
			if (hub_enc_byte_safe_for(encs[e], (unsigned char)c) !=
			    (c < 0x80 && !inside))
				fail_msg("%s: byte %02x", hub_enc_name(encs[e]), c);
		}
}

/* Every text decodes to the same characters, whatever the encoding. */
static void test_decode(void **state)
{
	(void)state;
	static const struct {
		enum hub_enc enc;
		struct hub_str in;
		const char *want;
	} t[] = {
	    {HUB_ENC_UTF8, {"a\xe6\xbc\xa2\xe5\xad\x97", 7}, "a漢字"},
	    {HUB_ENC_CP932, {"abc\x8a\xbf\x8e\x9a,\xb6\xde", 10}, "abc漢字,ｶﾞ"},
	    {HUB_ENC_CP932, {"\xfb\xfc\x8b\xb4\x81\x60\x87\x8a", 8}, "髙橋～㈱"},
	    {HUB_ENC_CP932, {"\xf0\x40\xf9\xfc", 4}, "\xee\x80\x80\xee\x9d\x97"},
	    {HUB_ENC_EUCJP, {"\xb4\xc1\xbb\xfa\x8e\xb6\xa1\xc1\x8f\xb0\xa1", 11}, "漢字ｶ〜丂"},
	    {HUB_ENC_ISO2022JP, {"a\x1b$B4A;z\x1b(I6\x1b(J\\~\x1b(B\\", 21}, "a漢字ｶ¥‾\\"},
	    {HUB_ENC_UTF16LE, {"a\0\x22\x6f\x42\xd8\xb7\xdf", 8}, "a漢𠮷"},
	    {HUB_ENC_UTF16BE, {"\0a\x6f\x22\xd8\x42\xdf\xb7", 8}, "a漢𠮷"},
	};
	char out[128];
	size_t used;

	for (size_t i = 0; i < HUB_COUNT(t); i++) {
		const struct hub_str got = decode(t[i].enc, t[i].in, out, &used, NULL);
		assert_int_equal(used, t[i].in.len);
		assert_str(got, t[i].want);
	}
}

static void test_decode_refuses(void **state)
{
	(void)state;
	static const struct {
		enum hub_enc enc;
		struct hub_str in;
		size_t at;
		int cut;
	} t[] = {
	    {HUB_ENC_CP932, {"ab\x81", 3}, 2, 1},
	    {HUB_ENC_CP932, {"ab\x81,", 4}, 2, 0},
	    {HUB_ENC_CP932, {"\x8a\xbf\x80", 3}, 2, 0},
	    {HUB_ENC_CP932, {"\xa0", 1}, 0, 0},
	    {HUB_ENC_CP932, {"\xfd\x40", 2}, 0, 0},
	    {HUB_ENC_CP932, {"\xb1\xff", 2}, 1, 0},
	    {HUB_ENC_CP932, {"\x85\x40", 2}, 0, 0},
	    {HUB_ENC_UTF8, {"\xe6\xbc", 2}, 0, 1},
	    {HUB_ENC_UTF8, {"a\xf0\xa0\xae", 4}, 1, 1},
	    {HUB_ENC_UTF8, {"\xe0\x80", 2}, 0, 0},
	    {HUB_ENC_UTF8, {"\xed\xa0\x80", 3}, 0, 0},
	    {HUB_ENC_UTF8, {"\xc0\xaf", 2}, 0, 0},
	    {HUB_ENC_UTF8, {"abc\xff", 4}, 3, 0},
	    {HUB_ENC_EUCJP, {"\xb4\xc1\xbb", 3}, 2, 1},
	    {HUB_ENC_EUCJP, {"\x8f\xb0", 2}, 0, 1},
	    {HUB_ENC_EUCJP, {"\x8e\xe0", 2}, 0, 0},
	    {HUB_ENC_EUCJP, {"\xa9\xa1", 2}, 0, 0},
	    {HUB_ENC_ISO2022JP, {"\x1b$B4", 4}, 3, 1},
	    {HUB_ENC_ISO2022JP, {"a\x1b$", 3}, 1, 1},
	    {HUB_ENC_ISO2022JP, {"\x1b[0m", 4}, 0, 0},
	    {HUB_ENC_ISO2022JP, {"\x1b$B4A\n", 6}, 5, 0},
	    {HUB_ENC_ISO2022JP, {"\x8a\xbf", 2}, 0, 0},
	    {HUB_ENC_UTF16LE, {"a\0b", 3}, 2, 1},
	    {HUB_ENC_UTF16LE, {"\x42\xd8", 2}, 0, 1},
	    {HUB_ENC_UTF16LE, {"\x42\xd8\x61\x00", 4}, 0, 0},
	    {HUB_ENC_UTF16BE, {"\xdf\xb7", 2}, 0, 0},
	    {HUB_ENC_NONE, {"a", 1}, 0, 0},
	};
	char out[64];
	size_t used;

	for (size_t i = 0; i < HUB_COUNT(t); i++) {
		struct hub_enc_stats st = {0};
		decode(t[i].enc, t[i].in, out, &used, &st);
		if (used != t[i].at || st.cut != t[i].cut)
			fail_msg("case %zu: at %zu cut %d", i, used, st.cut);
	}
}

/* Cut anywhere, continued with the rest: the same text as in one piece. */
static void test_decode_pieces(void **state)
{
	(void)state;
	const struct hub_str text =
	    HUB_STR("住所,ｶﾅ\r\nＡ１〜髙 abcdefghijklmnop 丂\tいろは,1234567890,㈱\n");
	HUB_AUTO(buf) struct hub_buf b;
	char one[512], two[512];
	size_t used;

	hub_buf_init(&b, 4096);
	for (size_t e = 0; e < HUB_COUNT(all); e++) {
		hub_buf_reset(&b);
		const struct hub_str in =
		    all[e] == HUB_ENC_CP932 ? hub_str_cut(text, 0, text.len - 27) : text;
		hub_encode(all[e], in, &b, NULL, NULL);
		const struct hub_str whole = decode(all[e], hub_buf_text(&b), one, &used, NULL);
		assert_int_equal(used, b.len);
		for (size_t cut = 0; cut <= b.len; cut++) {
			struct hub_enc_stats st = {0};
			size_t n = 0, m = 0;
			const size_t at =
			    hub_decode(all[e], (struct hub_str){b.ptr, cut}, two, &n, &st);
			assert_int_equal(st.cut, at < cut);
			assert_int_equal(hub_decode(all[e], hub_str_from(hub_buf_text(&b), at),
						    two + n, &m, &st),
					 b.len - at);
			assert_int_equal(n + m, whole.len);
			assert_memory_equal(one, two, whole.len);
		}
	}
}

static void test_stats(void **state)
{
	(void)state;
	char out[64];
	size_t used;
	struct hub_enc_stats st = {0};

	decode(HUB_ENC_CP932, HUB_STR("\xf0\x40\x87\x8a\xfb\xfc\xed\x95\xb1\xb2\x8a\xbf"), out,
	       &used, &st);
	assert_int_equal(st.gaiji, 1);
	assert_int_equal(st.extended, 3);
	assert_int_equal(st.half_kana, 2);
	decode(HUB_ENC_UTF8, HUB_STR("\xee\x80\x80\xf4\x8d\xba\x92 \xf0\xa0\xae\xb7"), out, &used,
	       &st);
	assert_int_equal(st.gaiji, 3);
}

/* All double-byte codes: decode, encode, decode gives the same character. */
static void test_cp932_all(void **state)
{
	(void)state;
	HUB_AUTO(buf) struct hub_buf b;
	size_t codes = 0, back = 0;

	hub_buf_init(&b, 64);
	for (unsigned lead = 0x80; lead < 0x100; lead++) {
		for (unsigned trail = 0; trail < 0x100; trail++) {
			const char in[2] = {(char)lead, (char)trail};
			char one[8], two[8];
			size_t n, m, used;
			used = hub_decode(HUB_ENC_CP932, (struct hub_str){in, 2}, one, &n, NULL);
			if (used != 2 || (lead > 0xa0 && lead < 0xe0))
				continue;
			codes++;
			hub_buf_reset(&b);
			assert_int_equal(
			    hub_encode(HUB_ENC_CP932, (struct hub_str){one, n}, &b, NULL, NULL), 0);
			assert_int_equal(b.len, 2);
			back += memcmp(b.ptr, in, 2) == 0;
			hub_decode(HUB_ENC_CP932, hub_buf_text(&b), two, &m, NULL);
			assert_int_equal(n, m);
			assert_memory_equal(one, two, n);
		}
	}
	assert_int_equal(codes, 9604);
	assert_int_equal(codes - back, 398);
}

struct seen {
	uint32_t cp[8], as[8];
	size_t at[8], n;
};

/* What EUC-JP and ISO-2022-JP read they write: nothing is lost between, and where one character has two codes, it is
 * still the same one. */
static void test_jis_there_and_back(void **state)
{
	(void)state;
	HUB_AUTO(buf) struct hub_buf b;
	size_t codes = 0, back = 0;

	hub_buf_init(&b, 64);
	for (unsigned set = 0; set < 2; set++)
		for (unsigned at = 0; at < 94 * 94; at++) {
			const char in[] = {(char)0x8f, (char)(0xa1 + at / 94),
					   (char)(0xa1 + at % 94)};
			const struct hub_str code = {set ? in : in + 1, set ? 3 : 2};
			char one[16], two[16];
			size_t n, m;
			if (hub_decode(HUB_ENC_EUCJP, code, one, &n, NULL) != code.len)
				continue;
			codes++;
			for (size_t e = 0; e < 2; e++) {
				const enum hub_enc enc = e ? HUB_ENC_ISO2022JP : HUB_ENC_EUCJP;
				struct hub_enc_stats stats = {0};
				hub_buf_reset(&b);
				const size_t lost =
				    hub_encode(enc, (struct hub_str){one, n}, &b, NULL, NULL);
				back += e == 0 && hub_str_eq(hub_buf_text(&b), code);
				hub_decode(enc, hub_buf_text(&b), two, &m, &stats);
				/* ￢ of NEC's selection is written as its twin */
				const int twin = n == 3 && memcmp(one, "\xef\xbf\xa2", 3) == 0;
				if (lost || ((m != n || memcmp(one, two, n) != 0) && !twin))
					fail_msg("%s: %02x%02x of set %u", hub_enc_name(enc),
						 0xa1 + at / 94, 0xa1 + at % 94, set);
			}
		}
	assert_int_equal(codes - back, 397); /* characters that have two codes */
}

static void on_lost(void *arg, uint32_t cp, size_t at, struct hub_buf *out)
{
	struct seen *s = arg;

	s->cp[s->n] = cp;
	s->as[s->n] = 0;
	s->at[s->n++] = at;
	hub_buf_puts(out, "\x81\xac"); /* 〓 */
}

static void on_substituted(void *arg, uint32_t cp, uint32_t as, size_t at)
{
	struct seen *s = arg;

	s->cp[s->n] = cp;
	s->as[s->n] = as;
	s->at[s->n++] = at;
}

static void test_encode(void **state)
{
	(void)state;
	static const struct {
		enum hub_enc enc;
		const char *in;
		struct hub_str want;
		size_t lost, substituted;
	} t[] = {
	    /* Windows' choice: row 13 of NEC before IBM, IBM before NEC's selection */
	    {HUB_ENC_CP932, "髙﨑", {"\xfb\xfc\xfa\xb1", 4}, 0, 0},
	    {HUB_ENC_CP932, "Ⅰⅰ㈱￢∵", {"\x87\x54\xfa\x40\x87\x8a\x81\xca\x81\xe6", 10}, 0, 0},
	    {HUB_ENC_CP932, "～∥－￠￡", {"\x81\x60\x81\x61\x81\x7c\x81\x91\x81\x92", 10}, 0, 0},
	    {HUB_ENC_CP932, "〜‖−¢£", {"\x81\x60\x81\x61\x81\x7c\x81\x91\x81\x92", 10}, 0, 5},
	    {HUB_ENC_CP932, "¬—¥‾\xc2\xa0", {"\x81\xca\x81\x5c\x81\x8f\x81\x50 ", 9}, 0, 5},
	    {HUB_ENC_CP932, "a\xee\x80\x80\xee\x9d\x97", {"a\xf0\x40\xf9\xfc", 5}, 0, 0},
	    {HUB_ENC_CP932, "ｶﾞ", {"\xb6\xde", 2}, 0, 0},
	    {HUB_ENC_CP932, "𠮷野", {"\x96\xec", 2}, 1, 0},
	    {HUB_ENC_CP932, "葛\xf3\xa0\x84\x80", {"\x8a\x8b", 2}, 1, 0},
	    {HUB_ENC_CP932, "a\xff", {"a", 1}, 1, 0},
	    /* the first and the last of NEC's selection */
	    {HUB_ENC_EUCJP, "纊＂", {"\xf9\xa1\xfc\xfe", 4}, 0, 0},
	    {HUB_ENC_EUCJP,
	     "漢〜～丂ｶ髙",
	     {"\xb4\xc1\xa1\xc1\xa1\xc1\x8f\xb0\xa1\x8e\xb6\xfc\xe2", 13},
	     0,
	     1},
	    {HUB_ENC_ISO2022JP, "a漢字b", {"a\x1b$B4A;z\x1b(Bb", 12}, 0, 0},
	    {HUB_ENC_UTF16LE, "a𠮷", {"a\0\x42\xd8\xb7\xdf", 6}, 0, 0},
	    {HUB_ENC_UTF16BE, "a𠮷", {"\0a\xd8\x42\xdf\xb7", 6}, 0, 0},
	    {HUB_ENC_UTF8, "a𠮷", {"a\xf0\xa0\xae\xb7", 5}, 0, 0},
	};
	HUB_AUTO(buf) struct hub_buf b;

	hub_buf_init(&b, 256);
	for (size_t i = 0; i < HUB_COUNT(t); i++) {
		struct hub_enc_stats st = {0};
		hub_buf_reset(&b);
		const size_t lost = hub_encode(t[i].enc, hub_str_of(t[i].in), &b, &st, NULL);
		if (lost != t[i].lost || st.substituted != t[i].substituted || st.lost != lost ||
		    !hub_str_eq(hub_buf_text(&b), t[i].want))
			fail_msg("case %zu: %zu lost, %d substituted", i, lost,
				 (int)st.substituted);
	}
}

static void test_encode_report(void **state)
{
	(void)state;
	HUB_AUTO(buf) struct hub_buf b;
	struct seen s = {.n = 0};
	const struct hub_enc_report r = {&s, on_lost, on_substituted};

	hub_buf_init(&b, 256);
	assert_int_equal(hub_encode(HUB_ENC_CP932, HUB_STR("𠮷〜x\xff"), &b, NULL, &r), 2);
	assert_str(hub_buf_text(&b), "\x81\xac\x81\x60x\x81\xac");
	assert_int_equal(s.n, 3);
	assert_true(s.cp[0] == 0x20bb7 && s.at[0] == 0);
	assert_true(s.cp[1] == 0x301c && s.as[1] == 0xff5e && s.at[1] == 4);
	assert_true(s.cp[2] == UINT32_MAX && s.at[2] == 8);
}

static void test_detect(void **state)
{
	(void)state;
	static const struct {
		struct hub_str in;
		int whole;
		enum hub_enc enc;
		size_t bom;
	} t[] = {
	    {{"", 0}, 1, HUB_ENC_UTF8, 0},
	    {{"id,name\r\n", 9}, 1, HUB_ENC_UTF8, 0},
	    {{"\xef\xbb\xbfid", 5}, 1, HUB_ENC_UTF8, 3},
	    {{"\xff\xfe\x22\x6f", 4}, 1, HUB_ENC_UTF16LE, 2},
	    {{"\xfe\xff\x6f\x22", 4}, 1, HUB_ENC_UTF16BE, 2},
	    {{"\x22\x6f,\0\x22\x6f\n\0", 8}, 1, HUB_ENC_UTF16LE, 0},
	    {{"\x6f\x22\0,\x6f\x22\0\n", 8}, 1, HUB_ENC_UTF16BE, 0},
	    {{"a\0,\0\x00\x4e\x2f\x66\x00\x30\x31\0\n\0", 14},
	     1,
	     HUB_ENC_UTF16LE,
	     0}, /* a,一是　1 */
	    {{"\0a\0,\x4e\x00\x66\x2f\x30\x00\0"
	      "1\0\n",
	      14},
	     1,
	     HUB_ENC_UTF16BE,
	     0},
	    {{"ab\0cd,ef\0gh\n", 12}, 1, HUB_ENC_UTF8, 0},
	    {{"\x8a\xbf\x8e\x9a,a\0b,abcdefghijkl", 21}, 1, HUB_ENC_CP932, 0},
	    {{"\xe6\xbc\xa2\xe5\xad\x97", 6}, 1, HUB_ENC_UTF8, 0},
	    {{"\xe6\xbc\xa2\xe5\xad", 5}, 0, HUB_ENC_UTF8, 0},
	    {{"caf\xc3\xa9", 5}, 1, HUB_ENC_UTF8, 0},
	    {{"\x8a\xbf\x8e\x9a", 4}, 1, HUB_ENC_CP932, 0},
	    {{"\x8e\x73", 2}, 1, HUB_ENC_CP932, 0}, /* 市 */
	    {{"\x8a\xbf\x8e", 3}, 0, HUB_ENC_CP932, 0},
	    {{"\xd4\xcf\xc0\xde \xc0\xdb\xb3", 8}, 1, HUB_ENC_CP932, 0}, /* ﾔﾏﾀﾞ ﾀﾛｳ */
	    {{"\xbb\xc4\xb3,\xbb\xc4\xb3", 7}, 1, HUB_ENC_CP932, 0},
	    {{"\xc5\xb6\xd1\xbd\xd2", 5}, 1, HUB_ENC_CP932, 0},
	    {{"\xc2\xb6\xcc\xb1", 4}, 1, HUB_ENC_CP932, 0},        /* ﾂｶﾌｱ, valid UTF-8 */
	    {{"\xce\xb1\xce\xb2\xce\xb3", 6}, 1, HUB_ENC_UTF8, 0}, /* αβγ */
	    {{"\xb4\xc1\xbb\xfa", 4}, 1, HUB_ENC_EUCJP, 0},
	    {{"\xbd\xbb\xbd\xea,\xbb\xe1\xcc\xbe\n", 10}, 1, HUB_ENC_EUCJP, 0}, /* 住所,氏名 */
	    {{"\xa4\xcf\xa4\xa4", 4}, 1, HUB_ENC_EUCJP, 0},                     /* はい */
	    {{"\xa5\xab\xa5\xca", 4}, 1, HUB_ENC_EUCJP, 0},                     /* カナ */
	    {{"\x8e\xb3\x8e\xc2\x8e\xb7\x8e\xcb\x8e\xca,\xc0\xc4\xbf\xb9", 15},
	     1,
	     HUB_ENC_EUCJP,
	     0}, /* ｳﾂｷﾋﾊ,青森 */
	    {{"\xc0\xc4\xbf\xb9\xb8\xa9,\xc0\xc4\xbf\xb9\xbb\xd4", 13},
	     1,
	     HUB_ENC_EUCJP,
	     0},                                                    /* 青森県,青森市 */
	    {{"\x8e\xa9\x8e\xa1\x8e\xd2", 6}, 1, HUB_ENC_CP932, 0}, /* 自治者 */
	    {{"\xb6\xcc\xde\xbc\xb7\xb6\xde\xb2\xbc\xac", 10},
	     1,
	     HUB_ENC_CP932,
	     0}, /* ｶﾌﾞｼｷｶﾞｲｼｬ */
	    {{"a\x1b$B4A;z\x1b(B", 11}, 1, HUB_ENC_ISO2022JP, 0},
	    {{"\x1b(I6^\x1b(B", 8}, 1, HUB_ENC_ISO2022JP, 0},
	    {{"a\x1b[0m", 5}, 1, HUB_ENC_UTF8, 0},
	    /* one broken place in a UTF-8 file */
	    {{"\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97\xff\n", 14}, 1, HUB_ENC_UTF8, 0},
	    /* one broken place in a CP932 file */
	    {{"\x8a\xbf\x8e\x9a\x8a\xbf\xff\n\x8e\x9a", 10}, 1, HUB_ENC_CP932, 0},
	};

	for (size_t i = 0; i < HUB_COUNT(t); i++) {
		size_t bom = 99;
		const enum hub_enc got = hub_enc_detect(t[i].in, t[i].whole, &bom);
		if (got != t[i].enc || bom != t[i].bom)
			fail_msg("case %zu: %s, bom %zu", i, hub_enc_name(got), bom);
	}
}

/* Random bytes: never out of bounds (ASan watches: exact heap blocks), always valid UTF-8 out, and
 * what was decoded encodes again without loss. */
static void test_random(void **state)
{
	(void)state;
	static const unsigned char likely[] = {0x1b, '$',  'B',  '(',  'I',  'J',  0x82, 0xa0,
					       0xe3, 0x81, 0x82, 0xef, 0xbb, 0xbf, 0x8e, 0x8f,
					       0xd8, 0xdc, 0xfa, 0x40, ',',  '\n'};
	uint64_t x = 88172645463325252u;
	HUB_AUTO(buf) struct hub_buf b;

	hub_buf_init(&b, 4096);
	for (int round = 0; round < 60000; round++) {
		const enum hub_enc enc = all[round % (int)HUB_COUNT(all)];
		unsigned char raw[48];
		for (size_t i = 0; i < sizeof raw; i++) {
			x ^= x << 13;
			x ^= x >> 7;
			x ^= x << 17;
			raw[i] = (x >> 60) < 8 ? likely[(x >> 8) % sizeof likely]
					       : (unsigned char)(x >> 16);
		}
		const size_t n = (size_t)(x >> 40) % (sizeof raw + 1);
		char *in = hub_heap_get(n), *out = hub_heap_get(hub_decode_bound(enc, n));
		assert_true(in && out);
		if (n)
			memcpy(in, raw, n);
		size_t len, bom;
		struct hub_enc_stats st = {0};
		const size_t used = hub_decode(enc, (struct hub_str){in, n}, out, &len, &st);
		assert_true(used <= n && len <= hub_decode_bound(enc, n));
		const struct hub_str text = {out, len};
		assert_int_equal(hub_utf8_valid(text), len);
		hub_buf_reset(&b);
		assert_int_equal(hub_encode(enc, text, &b, NULL, NULL), 0);
		hub_buf_reset(&b);
		hub_encode(enc, (struct hub_str){in, n}, &b, NULL, NULL);
		hub_enc_detect((struct hub_str){in, n}, round & 1, &bom);
		hub_heap_put(in);
		hub_heap_put(out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_byte_safe),
	    cmocka_unit_test(test_no_safe_byte_is_in_a_character),
	    cmocka_unit_test(test_decode),
	    cmocka_unit_test(test_decode_refuses),
	    cmocka_unit_test(test_decode_pieces),
	    cmocka_unit_test(test_stats),
	    cmocka_unit_test(test_cp932_all),
	    cmocka_unit_test(test_jis_there_and_back),
	    cmocka_unit_test(test_encode),
	    cmocka_unit_test(test_encode_report),
	    cmocka_unit_test(test_detect),
	    cmocka_unit_test(test_random),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

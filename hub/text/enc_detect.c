/* Which encoding is it? First what can be known (marks, escapes, strict UTF-8), then, between EUC-JP
 * and CP932, which reading gives the more plausible Japanese: most byte pairs of one are valid in the
 * other, but turn into rare kanji or into half-width kana that nobody writes. */
#include "text/enc_table.h"
#include "text/encoding.h"

/* A reading of the sample: characters of more than one byte (or half-width kana), errors, and how
 * much it looks like Japanese. */
struct tally {
	size_t good, bad;
	int64_t score;
	size_t wide;     /* UTF-8: of three and four bytes; CP932: of two bytes */
	size_t long_run; /* UTF-8: longest run of bytes above 7F */
	int foreign;     /* UTF-8: only Greek or only Cyrillic leads so far */
};

enum { BAD = -10 };

static size_t ascii_end(struct hub_str s, size_t at)
{
	uint64_t v;

	for (; at + sizeof v <= s.len; at += sizeof v) {
		memcpy(&v, s.ptr + at, sizeof v);
		if (v & 0x8080808080808080u)
			break;
	}
	while (at < s.len && (unsigned char)s.ptr[at] < 0x80)
		at++;
	return at;
}

static unsigned byte_at(struct hub_str s, size_t at)
{
	return at < s.len ? (unsigned char)s.ptr[at] : 0;
}

static void tally_utf8(struct hub_str s, int whole, struct tally *t)
{
	unsigned leads = 0; /* bit 0: CE CF, bit 1: D0 D1, bit 2: others */
	size_t run_from = 0, at = 0;

	for (;;) {
		const size_t high = ascii_end(s, at);
		if (high != at)
			run_from = high;
		at = high;
		if (at >= s.len)
			break;
		const size_t here = at;
		const unsigned c = byte_at(s, at);
		if (hub_utf8_next(s, &at) < 0) {
			/* the last up to three bytes of a cut sample are no error */
			if (!whole && s.len - here < 4 && c >= 0xc2 && c <= 0xf4)
				break;
			t->bad++;
			continue;
		}
		t->good++;
		t->wide += at - here >= 3;
		leads |= c == 0xce || c == 0xcf ? 1 : c == 0xd0 || c == 0xd1 ? 2 : 4;
		if (at - run_from > t->long_run)
			t->long_run = at - run_from;
	}
	t->foreign = leads == 1 || leads == 2;
}

/* Weight of a double-byte character by its place in JIS X 0208 (row from 1). */
static int weigh_0208(unsigned row)
{
	if (row == 4 || row == 5)
		return 3; /* hiragana, katakana */
	if (row == 1 || row == 3 || (row >= 16 && row <= 47))
		return 2; /* punctuation, letters and digits, kanji of level 1 */
	return row == 13 || row == 2 ? 1 : -1; /* circled digits, symbols; level 2 and the rest */
}

/* Weight of a half-width kana after the byte before it: voiced marks, small letters and the long
 * vowel mark stand only where Japanese puts them. */
static int weigh_kana(unsigned c, unsigned before)
{
	static const char voiceable[] =
	    "\xb3\xb6\xb7\xb8\xb9\xba\xbb\xbc\xbd\xbe\xbf\xc0\xc1\xc2\xc3\xc4"
	    "\xca\xcb\xcc\xcd\xce";
	static const char before_small_a[] =
	    "\xb3\xbc\xc1\xc2\xc3\xc4\xcc\xde"; /* ｳｼﾁﾂﾃﾄﾌﾞ: ﾌｧ ﾁｪ ﾃｨ */
	static const char before_small_ya[] =
	    "\xb7\xbc\xc1\xc3\xc6\xcb\xcc\xd0\xd8\xde\xdf"; /* ｷｼﾁﾃﾆﾋﾌﾐﾘﾞﾟ */

	if (before < 0xa6 || before > 0xdf) /* first of a word */
		return c >= 0xb1 && c < 0xde ? 1 : c <= 0xa5 ? -1 : -3;
	if (c <= 0xa6)
		return -1; /* punctuation, ｦ */
	if (c == 0xde)
		return strchr(voiceable, (char)before) ? 1 : -3;
	if (c == 0xdf)
		return before >= 0xca && before <= 0xce ? 1 : -3;
	if (c <= 0xab)
		return strchr(before_small_a, (char)before) ? 1 : -2;
	if (c <= 0xae)
		return strchr(before_small_ya, (char)before) ? 1 : -2;
	return 1;
}

static void tally_cp932(struct hub_str s, int whole, struct tally *t)
{
	for (size_t at = 0; (at = ascii_end(s, at)) < s.len;) {
		const unsigned c = byte_at(s, at), next = byte_at(s, at + 1);
		if (c >= 0xa1 && c <= 0xdf) {
			t->good++;
			t->score += weigh_kana(c, at ? byte_at(s, at - 1) : 0);
			at++;
			continue;
		}
		if (at + 1 == s.len && !whole)
			return;
		const int lead = c > 0x80 && c != 0xa0 && c < 0xfd;
		const unsigned index = lead ? cp932_lead_index(c) : 0;
		if (!lead || next < 0x40 || !hub_cp932_table[index * CP932_TRAILS + next - 0x40]) {
			t->bad++;
			t->score += BAD;
			at++;
			continue;
		}
		t->good++;
		t->wide++;
		t->score +=
		    c >= 0xf0 && c <= 0xf9 ? -2 : weigh_0208(index * 2 + (next >= 0x9f) + 1);
		at += 2;
	}
}

/* Half-width kana in EUC-JP. Alone it could be a frequent kanji of CP932 (8E A9 is 自): only a run of
 * three or more that reads well is telling. */
static int weigh_shifted_kana(struct hub_str s, size_t at)
{
	size_t from = at, to = at;

	while (from >= 2 && byte_at(s, from - 2) == 0x8e && at - from < 4)
		from -= 2;
	while (byte_at(s, to + 2) == 0x8e && to - at < 4)
		to += 2;
	const int weight = weigh_kana(byte_at(s, at + 1), from < at ? byte_at(s, at - 1) : 0);
	return weight > 0 && to - from >= 4 ? 3 : weight;
}

static void tally_eucjp(struct hub_str s, int whole, struct tally *t)
{
	for (size_t at = 0; (at = ascii_end(s, at)) < s.len;) {
		const unsigned c = byte_at(s, at), next = byte_at(s, at + 1),
			       third = byte_at(s, at + 2);
		const size_t need = c == 0x8f ? 3 : 2;
		if (at + need > s.len && !whole)
			return;
		int weight = BAD;
		if (c == 0x8e && next >= 0xa1 && next <= 0xdf)
			weight = weigh_shifted_kana(s, at);
		else if (c == 0x8f && next >= 0xa1 && third >= 0xa1 && next < 0xff &&
			 third < 0xff && hub_jis0212_table[(next - 0xa1) * JIS_ROWS + third - 0xa1])
			weight = 0;
		else if (c >= 0xa1 && c < 0xff && next >= 0xa1 && next < 0xff &&
			 jis0208_get(c - 0xa1, next - 0xa1))
			weight = weigh_0208(c - 0xa0);
		t->score += weight;
		t->good += weight != BAD;
		t->bad += weight == BAD;
		at += weight != BAD ? need : 1;
	}
}

static int plausible_unit(unsigned u)
{
	return u == '\t' || u == '\n' || u == '\r' || (u >= 0x20 && u < 0x7f) ||
	       (u >= 0xa0 && u < 0x460) || (u >= 0x2000 && u < 0x2700) ||
	       (u >= 0x3000 && u < 0x3400) || (u >= 0x4e00 && u < 0xa000) ||
	       (u >= 0xd800 && u < 0xfb00) || u >= 0xff00;
}

/* The zero byte is half of a wide space or of a kanji such as 一 or 最. */
static int is_wide_with_zero(unsigned u)
{
	return u == 0x3000 || (u >= 0x4e00 && u < 0xa000);
}

/* UTF-16 without a mark: zero bytes at one parity (ASCII, line ends), at the other only as halves of what is wide, at
 * least 2 % of the units, nine of ten units are what Japanese text uses, and separators are units of their own: an 8-bit
 * file with a few stray zero bytes is not UTF-16. */
static enum hub_enc detect_utf16(struct hub_str s)
{
	size_t zero[2] = {0, 0}, low[2] = {0, 0}, good[2] = {0, 0}, separators[2] = {0, 0};
	const size_t units = s.len / 2;

	for (size_t i = 0; i + 1 < s.len; i += 2) {
		const unsigned byte[2] = {byte_at(s, i), byte_at(s, i + 1)};
		for (int high = 0; high < 2; high++) {
			const unsigned u = byte[high] << 8 | byte[1 - high];
			zero[high] += byte[high] == 0;
			low[high] += byte[1 - high] == 0 && !is_wide_with_zero(u);
			good[high] += (size_t)plausible_unit(u);
			separators[high] += u == '\n' || u == '\r' || u == '\t' || u == ',';
		}
	}
	const int high = zero[1] > zero[0];
	if (zero[high] == 0 || zero[high] * 50 < units || low[high] * 20 > zero[high])
		return HUB_ENC_NONE;
	if (good[high] * 10 < units * 9 || (separators[high] == 0 && zero[high] < units))
		return HUB_ENC_NONE;
	return high ? HUB_ENC_UTF16LE : HUB_ENC_UTF16BE;
}

static int has_jis_escape(struct hub_str s)
{
	static const char *const seq[] = {"\x1b$B", "\x1b$@",  "\x1b(J",
					  "\x1b(I", "\x1b$(D", "\x1b&@"};

	for (size_t at = 0; (at = hub_str_find(s, HUB_STR("\x1b"), at)) != (size_t)-1; at++)
		for (size_t i = 0; i < HUB_COUNT(seq); i++)
			if (hub_str_starts(hub_str_from(s, at), hub_str_of(seq[i])))
				return 1;
	return 0;
}

/* Half-width kana alone may be valid UTF-8 by chance, as letters of many alphabets in one word. */
static int is_kana_by_chance(const struct tally *utf8, const struct tally *cp932)
{
	return utf8->wide == 0 && utf8->long_run >= 4 && !utf8->foreign && cp932->bad == 0 &&
	       cp932->wide == 0 && cp932->score > 0;
}

enum hub_enc hub_enc_detect(struct hub_str sample, int whole, size_t *bom)
{
	struct tally utf8 = {0}, cp932 = {0}, eucjp = {0};

	*bom = 0;
	if (hub_str_starts(sample, HUB_STR("\xef\xbb\xbf"))) {
		*bom = 3;
		return HUB_ENC_UTF8;
	}
	if (hub_str_starts(sample, HUB_STR("\xff\xfe")) ||
	    hub_str_starts(sample, HUB_STR("\xfe\xff"))) {
		*bom = 2;
		return sample.ptr[0] == '\xff' ? HUB_ENC_UTF16LE : HUB_ENC_UTF16BE;
	}
	if (sample.len && memchr(sample.ptr, 0, sample.len)) {
		const enum hub_enc utf16 = detect_utf16(sample);
		if (utf16 != HUB_ENC_NONE)
			return utf16;
	}
	if (ascii_end(sample, 0) == sample.len)
		return has_jis_escape(sample) ? HUB_ENC_ISO2022JP : HUB_ENC_UTF8;

	tally_utf8(sample, whole, &utf8);
	tally_cp932(sample, whole, &cp932);
	if (utf8.bad == 0 && (utf8.good || !whole))
		return is_kana_by_chance(&utf8, &cp932) || !utf8.good ? HUB_ENC_CP932
								      : HUB_ENC_UTF8;
	/* a few broken places do not make another encoding of it: the decoder will name them */
	if (utf8.wide >= utf8.bad * 4)
		return HUB_ENC_UTF8;
	tally_eucjp(sample, whole, &eucjp);
	return eucjp.good && eucjp.score > cp932.score ? HUB_ENC_EUCJP : HUB_ENC_CP932;
}

#include "text/datelex.h"

#include "text/numeral.h"

/* Words longer than one character, and the rarer single ones; longest first where one begins
 * another. Found by a scan: only unusual spellings get here. */
#define W(text, sym)                          \
	{                                     \
		{text, sizeof(text) - 1}, sym \
	}
static const struct word {
	struct hub_str text;
	unsigned char sym;
} words[] = {
    W("までの間", DS_UNTIL), W("の間", DS_UNTIL),   W("まで", DS_UNTIL),   W("迄", DS_UNTIL),
    W("から", DS_FROM),      W("より", DS_FROM),    W("推定", DS_GUESS),   W("約", DS_GUESS),
    W("頃", DS_ABOUT),       W("ころ", DS_ABOUT),   W("ごろ", DS_ABOUT),   W("前後", DS_ABOUT),
    W("西暦", DS_AD),        W("上旬", DS_EARLY),   W("初旬", DS_EARLY),   W("中旬", DS_MIDDLE),
    W("下旬", DS_LATE),      W("末日", DS_LASTDAY), W("晦日", DS_LASTDAY), W("末", DS_VAGUE),
    W("初頭", DS_VAGUE),     W("初め", DS_VAGUE),   W("始め", DS_VAGUE),   W("はじめ", DS_VAGUE),
    W("頭", DS_VAGUE),       W("前半", DS_VAGUE),   W("後半", DS_VAGUE),   W("半ば", DS_VAGUE),
    W("なかば", DS_VAGUE),   W("終わり", DS_VAGUE), W("終り", DS_VAGUE),   W("おわり", DS_VAGUE),
    W("春", DS_SPRING),      W("夏", DS_SUMMER),    W("秋", DS_AUTUMN),    W("冬", DS_WINTER),
    W("不詳", DS_UNKNOWN),   W("不明", DS_UNKNOWN), W("以前", DS_OPEN),    W("以降", DS_OPEN),
    W("以後", DS_OPEN),      W("以来", DS_OPEN),    W("生まれ", DS_NOISE), W("生れ", DS_NOISE),
    W("生", DS_NOISE),       W("付け", DS_NOISE),   W("付", DS_NOISE),     W("現在", DS_NOISE),
    W("時点", DS_NOISE),     W("満", DS_NOISE),     W("歳", DS_AGE),       W("才", DS_AGE),
    W("午前", DS_AM),        W("午後", DS_PM),      W("早朝", DS_MORNING), W("今朝", DS_MORNING),
    W("朝", DS_MORNING),     W("正午", DS_NOON),    W("昼", DS_NOON),      W("夕方", DS_EVENING),
    W("夕", DS_EVENING),     W("深夜", DS_NIGHT),   W("未明", DS_NIGHT),   W("今夜", DS_EVENING),
    W("今晩", DS_EVENING),   W("夜", DS_EVENING),   W("晩", DS_EVENING),   W("半", DS_HALF),
    W("祝日", DS_HOLIDAY),   W("祝", DS_HOLIDAY),   W("休", DS_HOLIDAY),   W("曜", DS_YOBI),
    W("ガン", '1'),          W("がん", '1'),
};

/* Reads a run of kanji numerals at `at`, writes it in decimal digits. Positional (二〇二四) keeps its
 * zeros, with units (二十四) becomes the value. Returns digits written; *at moves behind the run. */
static size_t numerals(struct hub_str s, size_t *at, char out[12])
{
	unsigned total = 0, digit = 0, units = 0;
	size_t n = 0;

	while (*at < s.len && n < 10) {
		size_t next = *at;
		const int v = hub_numeral(hub_utf8_next(s, &next), HUB_IN_DATE);
		if (v < 0)
			break;
		if (v >= 10) {
			units = 1;
			total += v % 10 == 0 && (v == 20 || v == 30)
				     ? (unsigned)v
				     : (digit ? digit : 1) * (unsigned)v;
			digit = 0;
		} else {
			digit = digit * 10 + (unsigned)v;
		}
		out[n++] = (char)('0' + v % 10);
		*at = next;
	}
	if (!units)
		return n;

	total += digit;
	n = 0;
	for (unsigned p = 1000000; p; p /= 10)
		if (n || total >= p || p == 1)
			out[n++] = (char)('0' + total / p % 10);
	return n;
}

/* Symbols that are one character: the frequent ones. 0 when it is none of them. */
static unsigned char single(int32_t c)
{
	switch (c) {
	case 0x5e74: /* 年 */
		return DS_YEAR;
	case 0x6708: /* 月 */
		return DS_MONTH;
	case 0x65e5: /* 日 */
		return DS_DAY;
	case 0x6642: /* 時 */
		return DS_HOUR;
	case 0x5206: /* 分 */
		return DS_MINUTE;
	case 0x79d2: /* 秒 */
		return DS_SECOND;
	case 0x706b: /* 火 */
		return DS_TUE;
	case 0x6c34: /* 水 */
		return DS_WED;
	case 0x6728: /* 木 */
		return DS_THU;
	case 0x91d1: /* 金 */
		return DS_FRI;
	case 0x571f: /* 土 */
		return DS_SAT;
	case 0x3000: /* wide and no-break space */
	case 0x00a0:
		return ' ';
	case 0x30fb: /* ・ ･ 。 and the wide comma 、 */
	case 0xff65:
		return '.';
	case 0x3001:
	case 0xff64:
		return ',';
	case 0x3014: /* 〔 〕 【 】 */
	case 0x3010:
		return '(';
	case 0x3015:
	case 0x3011:
		return ')';
	case 0x301c: /* 〜 ～ */
	case 0xff5e:
		return '~';
	case 0x30fc: /* every dash people type: ー ｰ ‐ ‑ ‒ – — ― − */
	case 0xff70:
	case 0x2010:
	case 0x2011:
	case 0x2012:
	case 0x2013:
	case 0x2014:
	case 0x2015:
	case 0x2212:
		return '-';
	case 0x337e:
		return DS_MEIJI;
	case 0x337d:
		return DS_TAISHO;
	case 0x337c:
		return DS_SHOWA;
	case 0x337b:
		return DS_HEISEI;
	case 0x32ff:
		return DS_REIWA;
	default:
		return 0;
	}
}

/* 明治 or 明 and so on; moves *at behind the second character when it is there. */
static unsigned char era_name(int32_t c, struct hub_str s, size_t *at)
{
	static const struct {
		int32_t first, second;
		unsigned char sym;
	} eras[] = {
	    {0x4ee4, 0x548c, DS_REIWA},  {0x5e73, 0x6210, DS_HEISEI}, {0x662d, 0x548c, DS_SHOWA},
	    {0x5927, 0x6b63, DS_TAISHO}, {0x660e, 0x6cbb, DS_MEIJI},
	};

	for (size_t i = 0; i < HUB_COUNT(eras); i++) {
		if (eras[i].first != c)
			continue;
		size_t next = *at;
		if (next < s.len && hub_utf8_next(s, &next) == eras[i].second)
			*at = next;
		return eras[i].sym;
	}
	return 0;
}

static unsigned char ascii(unsigned char c)
{
	if (c >= 'a' && c <= 'z')
		return (unsigned char)(c - 'a' + 'A');
	if (c == '[')
		return '(';
	if (c == ']')
		return ')';
	if (c == '\t' || c == '\n' || c == '\r')
		return ' ';
	return c;
}

static unsigned char last_solid(const struct hub_datelex *x)
{
	size_t n = x->len;

	while (n && (x->sym[n - 1] == ' ' || x->sym[n - 1] == '.'))
		n--;
	return n ? x->sym[n - 1] : 0;
}

static int is_era(unsigned char c)
{
	return (c >= DS_MEIJI && c <= DS_REIWA) || (c && strchr("MTSHR", c));
}

/* What is left: 元, ㈪..㈰, kanji numerals, words of the table. -1 when unknown. */
static int rare(int32_t c, struct hub_str s, size_t start, size_t *at, struct hub_datelex *x)
{
	if (c == 0x5143 && is_era(last_solid(x))) { /* 元 */
		x->sym[x->len++] = '1';
		return 0;
	}
	if (c >= 0x322a && c <= 0x3230) { /* ㈪ .. ㈰ */
		static const unsigned char day[] = {DS_MONTH, DS_TUE, DS_WED, DS_THU,
						    DS_FRI,   DS_SAT, DS_DAY};
		x->sym[x->len++] = '(';
		x->sym[x->len++] = day[c - 0x322a];
		x->sym[x->len++] = ')';
		return 0;
	}
	if (hub_numeral(c, HUB_IN_DATE) >= 0) {
		char digits[12];
		*at = start;
		const size_t n = numerals(s, at, digits);
		if (x->len + n > HUB_DATELEX_MAX)
			return -1;
		memcpy(x->sym + x->len, digits, n);
		x->len += n;
		return 0;
	}

	const struct hub_str rest = hub_str_from(s, start);
	for (size_t i = 0; i < HUB_COUNT(words); i++) {
		if (hub_str_starts(rest, words[i].text)) {
			*at = start + words[i].text.len;
			x->sym[x->len++] = words[i].sym;
			return 0;
		}
	}
	return -1;
}

/* 年度 is one unit; the second character decides. */
static unsigned char year_unit(struct hub_str s, size_t *at)
{
	const struct hub_str fiscal = HUB_STR("度");

	if (!hub_str_starts(hub_str_from(s, *at), fiscal))
		return DS_YEAR;
	*at += fiscal.len;
	return DS_FISCAL;
}

int hub_datelex_read(struct hub_str s, struct hub_datelex *x)
{
	size_t at = 0;

	x->len = 0;
	while (at < s.len) {
		const unsigned char b = (unsigned char)s.ptr[at];
		if (x->len >= HUB_DATELEX_MAX)
			return -1;
		if (b == 0) /* would look like the end */
			return -1;
		if (b < 0x80) {
			x->sym[x->len++] = ascii(b);
			at++;
			continue;
		}

		const size_t start = at;
		const int32_t c = hub_utf8_next(s, &at);
		if (c < 0)
			return -1;
		unsigned char sym =
		    c >= 0xff01 && c <= 0xff5d ? ascii((unsigned char)(c - 0xfee0)) : single(c);
		if (!sym)
			sym = era_name(c, s, &at);
		if (sym == DS_YEAR)
			sym = year_unit(s, &at);
		if (sym)
			x->sym[x->len++] = sym;
		else if (rare(c, s, start, &at, x))
			return -1;
	}
	x->sym[x->len] = DS_END;
	return 0;
}

#include "jnum.h"

#include "jwords.h"

#include <string.h>

/* Digits as they are said, in hiragana and without the ー that draws them out; the longer one first. */
static const struct {
	uint16_t kana[3];
	char digit;
} spoken[] = {
    {{0x305c, 0x308d}, '0'},         /* ぜろ */
    {{0x308c, 0x3044}, '0'},         /* れい */
    {{0x307e, 0x308b}, '0'},         /* まる */
    {{0x3044, 0x3061}, '1'},         /* いち */
    {{0x306b, 0x3044}, '2'},         /* にい */
    {{0x306b, 0x3043}, '2'},         /* にぃ */
    {{0x3072, 0x3068}, '1'},         /* ひと */
    {{0x3075, 0x305f}, '2'},         /* ふた */
    {{0x306b}, '2'},                 /* に */
    {{0x3055, 0x3093}, '3'},         /* さん */
    {{0x3088, 0x3093}, '4'},         /* よん */
    {{0x3057, 0x3061}, '7'},         /* しち */
    {{0x3057}, '4'},                 /* し */
    {{0x3054, 0x3046}, '5'},         /* ごう */
    {{0x3054, 0x3049}, '5'},         /* ごぉ */
    {{0x3054}, '5'},                 /* ご */
    {{0x308d, 0x304f}, '6'},         /* ろく */
    {{0x306a, 0x306a}, '7'},         /* なな */
    {{0x306f, 0x3061}, '8'},         /* はち */
    {{0x304d, 0x3085, 0x3046}, '9'}, /* きゅう */
    {{0x304d, 0x3085}, '9'},         /* きゅー */
    {{0x304f}, '9'},                 /* く */
};

/* Characters of a spoken digit at i, 0 when none is said; *digit gets it. */
static uint32_t spoken_at(const struct jtext *t, uint32_t i, char *digit)
{
	/* ななな is heard for two of them */
	if ((jt_at(t, i) == 0x306a || jt_at(t, i) == 0x30ca) &&
	    (jt_ends(t, i, "なな") || jt_ends(t, i, "ナナ")) && jt_at(t, i + 1) != jt_at(t, i)) {
		*digit = '7';
		return 1;
	}
	for (size_t w = 0; w < sizeof spoken / sizeof *spoken; w++) {
		const uint16_t *kana = spoken[w].kana;
		uint32_t k = 0, n = 0;
		for (;; n++) {
			const uint32_t c = jt_at(t, i + n);
			if (n > 0 && (c == 0x30fc || /* ー, and ごお */
				      (kana[0] == 0x3054 && (c == 0x304a || c == 0x30aa))))
				continue;
			if (k == 3 || !kana[k] || (jt_is_kata(c) ? c - 0x60 : c) != kana[k])
				break;
			k++;
		}
		const uint32_t next = jt_at(t, i + n);
		if (k == 2 && kana[0] == 0x306b && (next == 0x3061 || next == 0x30c1))
			continue; /* に いち, not にい ち */
		if (k == 3 || !kana[k]) {
			*digit = spoken[w].digit;
			return n;
		}
	}
	return 0;
}

static int kanji_digit(uint32_t c)
{
	switch (c) {
	case 0x3007: /* 〇 */
	case 0x96f6: /* 零 */
	case 0x25cb: /* ○ */
	case 0x25ef: /* ◯ */
		return 0;
	case 0x4e00:
		return 1;
	case 0x4e8c:
		return 2;
	case 0x4e09:
		return 3;
	case 0x56db:
		return 4;
	case 0x4e94:
		return 5;
	case 0x516d:
		return 6;
	case 0x4e03:
		return 7;
	case 0x516b:
		return 8;
	case 0x4e5d:
		return 9;
	default:
		return -1;
	}
}

/* As papers of old times have them: 壱 弐 参; tens: 拾 廿 卅. */
static int old_digit(uint32_t c)
{
	return c == 0x58f1 ? 1 : c == 0x5f10 ? 2 : c == 0x53c2 ? 3 : -1;
}

static uint32_t old_tens(uint32_t c)
{
	return c == 0x62fe ? 1 : c == 0x5eff ? 2 : c == 0x5345 ? 3 : 0;
}

/* The digit that such a letter is read or typed for. */
static char meant(uint32_t c)
{
	switch (c) {
	case 'l':
	case 'I':
		return '1';
	case 'Z':
		return '2';
	case 'S':
		return '5';
	case 'B':
		return '8';
	default:
		return '0';
	}
}

/* The digit at i as a character; *len characters were taken. 0 when there is none. */
static char digit_at(const struct jtext *t, uint32_t i, unsigned how, uint32_t *len)
{
	const uint32_t c = jt_at(t, i);
	int k;

	*len = 1;
	if (jt_is_digit(c))
		return (char)c;
	if (how & JD_KANJI && (k = kanji_digit(c)) >= 0)
		return (char)('0' + k);
	if (how & JD_ALIKE && jnum_looks_digit(c))
		return meant(c);
	char said = 0;
	if (!(how & JD_SPOKEN) || (jt_cls(t, i) != JT_HIRA && jt_cls(t, i) != JT_KATA))
		return 0;
	*len = spoken_at(t, i, &said);
	return said;
}

/* ⏎相談員: or 」相「, where the next one speaks; i: the line end or 」. Its length, 0 when nobody does. */
static uint32_t next_speaker(const struct jtext *t, uint32_t i)
{
	enum { MOST = 6 };
	uint32_t k = i + 1;

	const int quoted = jt_at(t, i) != '\n';

	while (k < i + MOST && jt_cls(t, k) >= JT_KANJI && jt_cls(t, k) <= JT_KATA)
		k++;
	if (quoted)
		return jt_at(t, k) == 0x300c ? k + 1 - i : 0; /* 「 */
	return k > i + 1 && jt_at(t, k) == ':' ? k + 1 - i : 0;
}

/* Characters between two digits, 0 or more, that may stand there; more than that ends the number. */
static uint32_t gap_at(const struct jtext *t, uint32_t i, unsigned how)
{
	uint32_t n = 0, k;

	if (how & JD_SPOKEN) {
		for (int words = 0; words < 6; words++, n += k) {
			const uint32_t c = jt_at(t, i + n);
			k = c == '\n' || c == 0x300d ? next_speaker(t, i + n) : 0; /* 」 */
			k = !k && jt_is_dash(c) ? 1 : k;
			if (!k && !(k = jt_is_any(t, i + n, W_FILLER)))
				break;
		}
		return n;
	}
	if (jt_at(t, i) == ' ' || (jt_at(t, i) == '\n' && jt_is_dash(jt_at(t, i + 1))))
		n++;
	const uint32_t c = jt_at(t, i + n);
	if (jt_is_dash(c)) {
		n++;
		if (jt_at(t, i + n) == ' ' || jt_at(t, i + n) == '\n')
			n++;
		return n;
	}
	if (n == 0 && how & JD_BREAK && (c == '\n' || c == 0x30fb))
		return 1;
	if (n == 0 && how & JD_MARK && (c == '\t' || (c == ']' && jt_at(t, i + 1) == '[')))
		return c == ']' ? 2 : 1;                /* a box or a cell for each */
	if (n == 0 && how & JD_MARK && jnum_is_mark(c)) /* … was folded to three dots */
		return c == '.' && jt_at(t, i + 1) == '.' && jt_at(t, i + 2) == '.' ? 3 : 1;
	if (!(how & JD_PHONE))
		return n;
	if (c == '~' || c == 0x301c) { /* 〜 typed for a dash */
		n++;
	} else if (c == '(' || c == ')') {
		n++;
		if (c == '(' && jt_at(t, i + n) == ' ')
			n++;
		if (c == ')' && (jt_at(t, i + n) == ' ' || jt_is_dash(jt_at(t, i + n))))
			n++;
	} else if (c == '.' || c == 0x306e || c == 0x30ce || c == 0x30fb || c == 0xb7 ||
		   c == 0x2022) { /* の ノ ・ · • */
		n++;
	} else if (c == 0x4e00 && !(how & JD_KANJI)) { /* 一, as a machine reads a dash */
		n++;
	} else if (c == JNUM_EXCHANGE) {
		n += jt_at(t, i + n + 1) == 0x306e || jt_at(t, i + n + 1) == ' ' ? 2 : 1;
	}
	return n;
}

/* が四つ behind a digit that is said: it stands so often. Characters taken. */
static uint32_t said_again(const struct jtext *t, uint32_t i, struct jdigits *g)
{
	static const char *const times[] = {"が二つ", "がふたつ", "が三つ", "がみっつ",
					    "が四つ", "がよっつ", "が五つ", "がいつつ"};

	for (uint32_t k = 0; jt_at(t, i) == 0x304c && k < sizeof times / sizeof *times; k++) {
		const uint32_t n = jt_is(t, i, times[k]);
		if (!n)
			continue;
		for (uint32_t more = k / 2 + 1; more && g->n < JDIGITS_MAX; more--) {
			g->d[g->n] = g->d[g->n - 1];
			g->first[g->n] = 0;
			g->end[g->n++] = i + n;
		}
		return n;
	}
	return 0;
}

uint32_t jdigits_read(const struct jtext *t, uint32_t i, unsigned how, struct jdigits *g)
{
	uint32_t len, gap = 0;

	g->n = g->groups = 0;
	g->how = how;
	for (;;) {
		const char d = digit_at(t, i + gap, how, &len);
		if (!d || g->n == JDIGITS_MAX)
			break;
		g->first[g->n] = gap > 0 || g->n == 0;
		g->groups += g->first[g->n];
		i += gap + len;
		g->d[g->n] = d;
		g->end[g->n++] = i;
		while (jt_is_digit(jt_at(t, i)) &&
		       g->n < JDIGITS_MAX) { /* nothing stands between */
			g->first[g->n] = 0;
			g->d[g->n] = (char)t->cp[i++];
			g->end[g->n++] = i;
		}
		i += how & JD_SPOKEN ? said_again(t, i, g) : 0;
		gap = gap_at(t, i, how);
	}
	g->d[g->n] = '\0';
	return g->n;
}

uint32_t jnum_small(const struct jtext *t, uint32_t i, uint32_t *value)
{
	uint32_t n = 0, v = 0, part = 0, any = 0;

	*value = 0;
	if (i >= t->n)
		return 0;
	for (const uint32_t *c = t->cp + i; n < 5 && jt_is_digit(c[n]); n++) /* 0 behind the end */
		v = v * 10 + (c[n] - '0');
	*value = n > 4 ? 0 : v;
	if (n)
		return n > 4 ? 0 : n;
	if (t->cls[i] != JT_KANJI && t->cls[i] != JT_OTHER)
		return 0;
	for (; n < 7; n++) {
		const uint32_t c = jt_at(t, i + n), tens = old_tens(c);
		const int k = kanji_digit(c) >= 0 ? kanji_digit(c) : old_digit(c);
		if (k >= 0) {
			part = part * 10 + (uint32_t)k;
			any = 1;
		} else if (c == 0x5341 || c == 0x767e || tens == 1) { /* 十 百 拾 */
			v += (any ? part : 1) * (c == 0x767e ? 100 : 10);
			part = any = 0;
		} else if (tens) {
			v += tens * 10;
		} else {
			break;
		}
		if (part > 9999)
			return 0;
	}
	*value = v + part;
	return n;
}

/* ---- dates ---- */

/* Year 0 of the era whose name or letter stands at i; 0 when there is none. *len characters. */
static uint32_t era_at(const struct jtext *t, uint32_t i, uint32_t *len)
{
	static const struct {
		uint32_t first, second, base;
		char letter;
	} eras[] = {{0x660e, 0x6cbb, 1867, 'm'},  /* 明治 */
		    {0x5927, 0x6b63, 1911, 't'},  /* 大正 */
		    {0x662d, 0x548c, 1925, 's'},  /* 昭和 */
		    {0x5e73, 0x6210, 1988, 'h'},  /* 平成 */
		    {0x4ee4, 0x548c, 2018, 'r'}}; /* 令和 */
	const uint32_t c = jt_at(t, i);

	*len = 0;
	if (jt_is_digit(c))
		return 0;
	for (uint32_t e = 0; e < 5; e++) {
		if (c != eras[e].first && (c | 32) != (uint32_t)eras[e].letter)
			continue;
		*len = c == eras[e].first && jt_at(t, i + 1) == eras[e].second ? 2 : 1;
		return eras[e].base;
	}
	return 0;
}

static uint32_t skip_space(const struct jtext *t, uint32_t i)
{
	return jt_at(t, i) == ' ' ? i + 1 : i;
}

/* (昭和30年) and the like behind a year that is written twice: the place behind it, i when there is none. */
static uint32_t skip_other_year(const struct jtext *t, uint32_t i)
{
	uint32_t k = i + 1;

	if (jt_at(t, i) != '(')
		return i;
	while (k < i + 9 && jt_at(t, k) != ')' && jt_at(t, k) != '\n' && jt_at(t, k))
		k++;
	return jt_at(t, k) == ')' && k > i + 2 ? k + 1 : i;
}

uint32_t jnum_skip_speech(const struct jtext *t, uint32_t i)
{
	enum { MOST = 4 };
	uint32_t n;

	for (int k = 0; k < MOST && (n = jt_is_any(t, i, W_FILLER)); k++, i += n) {
		const uint32_t c = jt_at(t, i);
		if (n == 1 && c != ' ' && c != '\n' && c != 0x306e && c != 0x3001 &&
		    c != 0x30fb) /* の 、 ・ */
			break;
	}
	return i;
}

/* Year at i. Returns the place behind, 0 when there is none. bare: two digits without an era will do, and
 * mean the era of those who write so. */
static uint32_t read_year(const struct jtext *t, uint32_t i, uint32_t *y, int bare)
{
	uint32_t n;
	const uint32_t base = era_at(t, i, &n);

	i = skip_space(t, i + n);
	if (n == 2) /* 昭和の30年, 昭和、えーと、30年 */
		i = jnum_skip_speech(t, i);
	if (n && (jt_at(t, i) == '.' || jt_at(t, i) == 0x30fb)) /* ・ */
		i++;
	if (base && jt_at(t, i) == 0x5143) { /* 元 */
		*y = base + 1;
		return i + 1;
	}
	n = jnum_small(t, i, y);
	if (!n || (base || bare ? *y > 99 : *y < 1868 || *y > 2100))
		return 0;
	*y += base ? base : bare ? 1925 : 0;
	return skip_other_year(t, i + n);
}

enum { YEAR = 0x5e74, MONTH = 0x6708 }; /* 年 月 */

/* 年 or 月 in kana (30ねん5がつ): the length, 0 when there is none. */
static uint32_t kana_unit(const struct jtext *t, uint32_t i, uint32_t unit)
{
	return jt_is(t, i, unit == YEAR ? "ねん" : "がつ");
}

/* What stands between year and month, month and day: 年 月 - / . ・ */
static uint32_t read_between(const struct jtext *t, uint32_t i, uint32_t unit)
{
	i = skip_space(t, i);
	if (kana_unit(t, i, unit))
		return skip_space(t, jnum_skip_speech(t, i + kana_unit(t, i, unit)));
	i += jt_at(t, i) == '\n' && jt_at(t, i + 1) == unit;
	const uint32_t c = jt_at(t, i);
	if (c != unit && c != '/' && c != '.' && c != ',' && c != 0x30fb && c != 0xb7 &&
	    c != 0x2022 && c != 0x3001 && /* ・ · • 、 */
	    !jt_is_dash(c))
		return 0;
	i++;
	if (c == unit) {
		i = jnum_skip_speech(t, skip_other_year(t, i));
	}
	i += jt_is_dash(c) && jt_at(t, i) == '\n';
	return skip_space(t, i);
}

static int read_month_day(const struct jtext *t, uint32_t i, struct jdate *out)
{
	uint32_t n = jnum_small(t, i, &out->m);

	if (!n || n > 2 || out->m < 1 || out->m > 12)
		return 0;
	if (!(i = read_between(t, i + n, MONTH)))
		return 0;
	n = jnum_small(t, i, &out->d);
	if (!n || n > 3 || out->d < 1 || out->d > 31 || jt_is_digit(jt_at(t, i + n)))
		return 0;
	i += n;
	const uint32_t day = skip_space(t, i);
	out->end = jt_at(t, day) == 0x65e5 || jt_at(t, day) == 0x66f0
		       ? day + 1
		       : i + jt_is(t, i, "にち"); /* 日 曰 */
	return 1;
}

/* 25の12の8 behind the name of an era */
static int read_said_short(const struct jtext *t, uint32_t i, struct jdate *out)
{
	uint32_t n;

	if (jt_at(t, i) != 0x306e || !(n = jnum_small(t, i + 1, &out->m)) || !out->m ||
	    out->m > 12 || jt_at(t, i + 1 + n) != 0x306e) /* の */
		return 0;
	i += n + 2;
	n = jnum_small(t, i, &out->d);
	out->end = i + n;
	return n && out->d && out->d <= 31 &&
	       !(jt_at(t, out->end) == 0x306e && jt_is_digit(jt_at(t, out->end + 1)));
}

/* 19550401, S300401, 昭和300401 */
static int read_solid(const struct jtext *t, uint32_t i, struct jdate *out)
{
	uint32_t n, digits = 0, v[8];
	const uint32_t base = era_at(t, i, &n);

	i += n;
	while (digits < 9 && jt_is_digit(jt_at(t, i + digits))) {
		if (digits < 8)
			v[digits] = jt_at(t, i + digits) - '0';
		digits++;
	}
	if (digits != (base ? 6u : 8u))
		return 0;
	out->y = base ? base + v[0] * 10 + v[1] : v[0] * 1000 + v[1] * 100 + v[2] * 10 + v[3];
	out->m = v[digits - 4] * 10 + v[digits - 3];
	out->d = v[digits - 2] * 10 + v[digits - 1];
	out->end = i + digits;
	return out->y >= 1868 && out->y <= 2100 && out->m >= 1 && out->m <= 12 && out->d >= 1 &&
	       out->d <= 31;
}

int jdate_may(const struct jtext *t, uint32_t i, uint32_t n)
{
	if (n > 4)
		return n == 8;
	i = skip_space(t, i + n);
	const uint32_t c = jt_at(t, i);
	return c == YEAR || c == MONTH || kana_unit(t, i, YEAR) || kana_unit(t, i, MONTH) ||
	       c == '/' || c == '.' || c == ',' || c == '(' || c == 0x30fb || c == 0xb7 ||
	       c == 0x2022 || jt_is_dash(c);
}

int jdate_read(const struct jtext *t, uint32_t i, struct jdate *out)
{
	const uint32_t y = read_year(t, i, &out->y, 0);
	const uint32_t m = y ? read_between(t, y, YEAR) : 0;
	uint32_t era;

	if (m && read_month_day(t, m, out))
		return 1;
	if (y && era_at(t, i, &era) && era == 2 && read_said_short(t, y, out))
		return 1;
	return read_solid(t, i, out);
}

int jdate_read_day(const struct jtext *t, uint32_t i, struct jdate *out)
{
	out->y = 0;
	return read_month_day(t, i, out);
}

int jdate_read_part(const struct jtext *t, uint32_t i, struct jdate *out)
{
	uint32_t at = read_year(t, i, &out->y, 0), n;

	if (!at) { /* 55年4月1日 */
		at = read_year(t, i, &out->y, 1);
		n = at ? read_between(t, at, YEAR) : 0;
		return n && read_month_day(t, n, out);
	}
	at = skip_space(t, at);
	if (jt_at(t, at) != YEAR)
		return 0;
	out->m = out->d = 0;
	out->end = at + 1;
	at = read_between(t, at, YEAR);
	n = jnum_small(t, at, &out->m);
	if (!n || out->m < 1 || out->m > 12) {
		out->m = 0;
		return 1;
	}
	at = skip_space(t, at + n);
	if (jt_at(t, at) == MONTH)
		out->end = at + 1;
	else
		out->m = 0;
	return 1;
}

int jdate_read_short(const struct jtext *t, uint32_t i, struct jdate *out)
{
	uint32_t n;

	*out = (struct jdate){.y = 0};
	if (!era_at(t, i, &n) || !(out->end = read_year(t, i, &out->y, 0)))
		return 0;
	if (jt_at(t, out->end) == '.' && (n = jnum_small(t, out->end + 1, &out->m)))
		out->end += n + 1;
	return out->m <= 12;
}

/* ---- what a number is ---- */

int jnum_is_mynumber(const char *d)
{
	uint32_t sum = 0;

	for (uint32_t n = 1; n <= 11; n++)
		sum += (uint32_t)(d[11 - n] - '0') * (n <= 6 ? n + 1 : n - 5);
	const uint32_t rest = sum % 11;
	return (uint32_t)(d[11] - '0') == (rest <= 1 ? 0 : 11 - rest);
}

/* Digits that a national number beginning like this has; 0: it is none. */
static uint32_t phone_digits(const char *d)
{
	if (d[0] != '0' || d[1] == '0' || !d[1] || !d[2] || !d[3])
		return 0;
	if (memcmp(d, "0800", 4) == 0)
		return 11;
	return d[2] == '0' && (d[1] == '2' || d[1] >= '5') ? 11 : 10;
}

uint32_t jnum_phone_length(const struct jdigits *g)
{
	const uint32_t out = memcmp(g->d, "0081", 4) == 0 ? 2 : 0;
	uint32_t skip = 0, want;

	if (memcmp(g->d + out, "81", 2) == 0 &&
	    g->n >= out + 11) { /* +81: the caller has seen the plus */
		char national[JDIGITS_MAX + 2] = "0";
		skip = out + (g->d[out + 2] == '0' ? 3 : 2);
		memcpy(national + 1, g->d + skip, g->n - skip + 1);
		want = phone_digits(national);
		want = want ? want - 1 + skip : 0;
	} else {
		want = phone_digits(g->d);
	}
	/* what goes on at once makes another number of it; said, it may be a particle: ハチに */
	if (!want || g->n < want || (g->n > want && !g->first[want] && !(g->how & JD_SPOKEN)))
		return 0;
	uint32_t group[4] = {0}, groups = 0;
	for (uint32_t k = 0; k < want; k++) {
		if (g->first[k] && ++groups > 4)
			return want; /* read out digit by digit */
		group[groups - 1]++;
	}
	if (skip || groups == 1 || groups == 4)
		return want;
	if (group[0] < 2 || group[0] > 7)
		return 0;
	return groups == 2 || group[2] == 4 || group[2] == 3 ? want : 0;
}

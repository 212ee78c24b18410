/* Dates and numbers as they are said or read out, in kana: しょうわさんじゅうねんごがつみっか. */
#include "said_date.h"

#include "jwords.h"

struct said {
	const char *kana; /* hiragana, small ones large */
	uint32_t value;
};

static const struct said eras[] = {
    {"しようわ", 1925},   {"へいせい", 1988}, {"れいわ", 2018},
    {"たいしよう", 1911}, {"昭和", 1925},     {"平成", 1988},
    {"令和", 2018},       {"大正", 1911},     {"せんきゆうひやく", 1900},
    {"いちきゆう", 1900}, {"にせん", 2000},   {NULL, 0}};
/* the longer one first */
static const struct said units[] = {
    {"いち", 1}, {"いつ", 1}, {"にい", 2},   {"にう", 2}, {"に", 2}, {"さん", 3}, {"よん", 4},
    {"しち", 7}, {"し", 4},   {"よ", 4},     {"ごう", 5}, {"ご", 5}, {"ろく", 6}, {"なな", 7},
    {"はち", 8}, {"はつ", 8}, {"きゆう", 9}, {"く", 9},   {NULL, 0}};
static const struct said days[] = {{"ついたち", 1}, {"ふつか", 2},  {"みつか", 3},  {"よつか", 4},
				   {"いつか", 5},   {"むいか", 6},  {"なのか", 7},  {"ようか", 8},
				   {"ここのか", 9}, {"とおか", 10}, {"とうか", 10}, {"はつか", 20},
				   {NULL, 0}};

/* Hiragana for kana, large for small, う for what draws it out. */
static uint32_t plain(uint32_t c)
{
	if (c == 0x30fc)
		return 0x3046;
	if (jt_is_kata(c))
		c -= 0x60;
	return c == 0x3063 || (c >= 0x3083 && c <= 0x3087 && c % 2) ? c + 1 : c;
}

/* Characters of the word at i, 0 when it does not stand there. */
static uint32_t word_at(const struct jtext *t, uint32_t i, const char *word)
{
	const unsigned char *u = (const unsigned char *)word;
	uint32_t n = 0;

	for (; *u; u += 3, n++) /* kana have three bytes */
		if (plain(jt_at(t, i + n)) !=
		    ((u[0] & 15u) << 12 | (u[1] & 63u) << 6 | (u[2] & 63u)))
			return 0;
	return n;
}

static uint32_t any_at(const struct jtext *t, uint32_t i, const struct said *list, uint32_t *value)
{
	uint32_t n;

	for (; list->kana; list++)
		if ((n = word_at(t, i, list->kana))) {
			*value = list->value;
			return n;
		}
	return 0;
}

/* さんじゅうご, 30, 三十: a number below 100; the characters it takes. */
static uint32_t number_at(const struct jtext *t, uint32_t i, uint32_t *value)
{
	uint32_t n = jnum_small(t, i, value), unit = 1, ten;

	if (n)
		return n;
	n = any_at(t, i, units, &unit);
	ten = word_at(t, i + n, "じゆう");
	if (!ten && (ten = word_at(t, i + n, "じゆ")) && !word_at(t, i + n + ten, "つ"))
		ten = 0;
	*value = unit;
	if (!ten) { /* さんなな: digit by digit */
		ten = n ? any_at(t, i + n, units, &unit) : 0;
		*value = ten ? *value * 10 + unit : *value;
		return n + ten;
	}
	*value = unit * 10;
	n += ten;
	ten = any_at(t, i + n, units, &unit);
	*value += ten ? unit : 0;
	return n + ten;
}

uint32_t said_number(const struct jtext *t, uint32_t i)
{
	static const struct said others[] = {{"じゆう", 10},  {"ひやく", 100}, {"びやく", 100},
					     {"ぴやく", 100}, {"せん", 1000},  {"ぜん", 1000},
					     {"ぜろ", 0},     {"まる", 0},     {"れい", 0},
					     {"ろつ", 6},     {NULL, 0}};
	uint32_t at = i, n, value;

	while ((n = any_at(t, at, others, &value)) || (n = any_at(t, at, units, &value)))
		at += n;
	return at - i;
}

/* A number and its unit, in kana or kanji; the place behind, 0 when it is none. */
static uint32_t counted(const struct jtext *t, uint32_t i, const char *kana, uint32_t kanji,
			uint32_t *value)
{
	const uint32_t n = number_at(t, i, value);
	const uint32_t unit = word_at(t, i + n, kana);

	if (!n)
		return 0;
	return unit ? i + n + unit : jt_at(t, i + n) == kanji ? i + n + 1 : 0;
}

/* とおか, じゅうよっか, さんじゅういちにち */
static uint32_t day_at(const struct jtext *t, uint32_t i, uint32_t *day)
{
	uint32_t at = counted(t, i, "にち", 0x65e5, day), n;

	if (at)
		return at;
	if ((n = any_at(t, i, days, day)))
		return i + n;
	for (uint32_t tens = 1; tens <= 2; tens++)
		if ((n = word_at(t, i, tens == 1 ? "じゆうよつか" : "にじゆうよつか"))) {
			*day = tens * 10 + 4;
			return i + n;
		}
	return 0;
}

int said_day_read(const struct jtext *t, uint32_t i, struct jdate *out)
{
	uint32_t at = counted(t, i, "がつ", 0x6708, &out->m);

	if (!at || out->m < 1 || out->m > 12)
		return 0;
	if (!(at = day_at(t, jnum_skip_speech(t, at), &out->d)) || out->d < 1 || out->d > 31)
		return 0;
	out->end = at;
	return 1;
}

int said_date_read(const struct jtext *t, uint32_t i, struct jdate *out)
{
	enum { DIGITS_OF_YEAR = 1900 };
	uint32_t base, at, n = any_at(t, i, eras, &base);

	*out = (struct jdate){.y = 0};
	if (!n)
		return 0;
	at = jnum_skip_speech(t, i + n);
	if ((n = word_at(t, at, "がんねん"))) {
		out->y = 1;
		at += n;
	} else if ((n = counted(t, at, "ねん", 0x5e74, &out->y))) {
		at = n;
	} else if (base != DIGITS_OF_YEAR || !(n = number_at(t, at, &out->y)) ||
		   !said_day_read(t, jnum_skip_speech(t, at + n), out)) {
		return 0;
	} else { /* いちきゅうろくはちの、じゅうにがつみっか */
		at += n;
	}
	out->y += base;
	out->end = at;
	if (said_day_read(t, jnum_skip_speech(t, at), out))
		return 1;
	at = counted(t, jnum_skip_speech(t, at), "がつ", 0x6708, &n);
	out->end = at && n && n <= 12 ? at : out->end;
	return 0;
}

uint32_t said_year_before(const struct jtext *t, uint32_t i)
{
	enum { FAR = 14 };
	uint32_t from = i, y;

	for (uint32_t k = i; k-- > 0 && i - k <= FAR && t->cp[k] != '\n';) {
		const uint32_t end = counted(t, k, "ねん", 0x5e74, &y);
		if (end && jnum_skip_speech(t, end) == i)
			from = k;
	}
	return jt_ends_any(t, from, W_SAID_ERA) || jt_cls(t, from - 1) == JT_LATIN ? i : from;
}

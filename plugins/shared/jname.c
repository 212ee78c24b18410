#include "jname.h"

#include "jname_table.h"
#include "jwords.h"

enum { KANA_MAX = 9 };

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* A search ends at the last row that is not behind what is looked for, always after the same number of steps: whether
 * a step goes on could not be foretold, and each guess that is wrong costs more than several steps. */

/* ---- spelling ---- */

uint32_t jname_fold(uint32_t c)
{
	static const uint16_t variants[][2] = {
	    {0x50b3, 0x4f1d}, {0x51a8, 0x5bcc}, {0x5700, 0x56fd}, {0x570b, 0x56fd},
	    {0x5713, 0x5186}, {0x5d5c, 0x5d0e}, {0x5d8c, 0x5cf6}, {0x5ee3, 0x5e83},
	    {0x5fb7, 0x5fb3}, {0x60e0, 0x6075}, {0x6589, 0x658e}, {0x66fe, 0x66fd},
	    {0x6703, 0x4f1a}, {0x6852, 0x6851}, {0x689d, 0x6761}, {0x69ae, 0x6804},
	    {0x69d7, 0x6a4b}, {0x6afb, 0x685c}, {0x6b0a, 0x6a29}, {0x6fa4, 0x6ca2},
	    {0x6ff1, 0x6d5c}, {0x6ff5, 0x6d5c}, {0x7028, 0x702c}, {0x771e, 0x771f},
	    {0x7e23, 0x770c}, {0x8085, 0x7c9b}, {0x8218, 0x9928}, {0x9089, 0x8fba},
	    {0x908a, 0x8fba}, {0x90a8, 0x6751}, {0x9ad9, 0x9ad8}, {0x9ed1, 0x9ed2},
	    {0x9f4a, 0x658e}, {0x9f4b, 0x658e}, {0xfa11, 0x5d0e},
	};

	if (c == 0x20bb7) /* 𠮷 */
		return 0x5409;
	if (c < 0x50b3 || c > 0xfa11)
		return c;
	const uint16_t(*row)[2] = variants;
	for (uint32_t n = COUNT(variants), half; n > 1; n -= half) {
		half = n / 2;
		row += row[half][0] <= c ? half : 0;
	}
	return (*row)[0] == c ? (*row)[1] : c;
}

/* Up to three characters as one number, in the order of the table. */
static uint64_t key_of(const uint16_t c[3])
{
	return (uint64_t)c[0] << 32 | (uint32_t)c[1] << 16 | c[2];
}

static const uint16_t *find_surname(const uint16_t name[3])
{
	const uint64_t key = key_of(name);
	const uint16_t(*row)[4] = jname_surnames;

	for (uint32_t n = COUNT(jname_surnames), half; n > 1; n -= half) {
		half = n / 2;
		row += key_of(row[half]) <= key ? half : 0;
	}
	return key_of(*row) == key ? *row : NULL;
}

unsigned jname_surname(const uint32_t *c, uint32_t n)
{
	uint16_t raw[3] = {0}, folded[3] = {0};
	int differ = 0;

	if (n == 0 || n > 3)
		return 0;
	for (uint32_t i = 0; i < n; i++) {
		if (c[i] >= 0x10000 && jname_fold(c[i]) >= 0x10000)
			return 0;
		folded[i] = (uint16_t)jname_fold(c[i]);
		raw[i] = c[i] < 0x10000 ? (uint16_t)c[i] : 0;
		differ |= folded[i] != raw[i];
	}
	const uint16_t *row = find_surname(raw);
	if (!row && differ)
		row = find_surname(folded);
	if (!row)
		return 0;
	return JN_SURNAME | (row[3] || n == 1 ? JN_WORD : 0);
}

uint32_t jname_surname_prefix(const uint32_t *c, uint32_t n)
{
	for (uint32_t k = n < 3 ? n : 3; k > 0; k--)
		if (jname_surname(c, k))
			return k;
	return 0;
}

/* Counts of a character in names: four numbers of four bits. */
static uint32_t counts(uint32_t c, int given)
{
	const uint16_t(*row)[3] = jname_kanji;

	c = jname_fold(c);
	for (uint32_t n = COUNT(jname_kanji), half; n > 1; n -= half) {
		half = n / 2;
		row += row[half][0] <= c ? half : 0;
	}
	return (*row)[0] == c ? (*row)[1 + given] : 0;
}

/* The weakest link: 15 = every character is at home at its place. */
static uint32_t like(const uint32_t *c, uint32_t n, int given)
{
	if (n == 0 || n > 4)
		return 0;
	if (n == 1)
		return counts(c[0], given) >> 12;
	uint32_t least = 15;
	for (uint32_t i = 0; i < n; i++) {
		const uint32_t place = i == 0 ? 0 : i == n - 1 ? 2 : 1;
		const uint32_t v = counts(c[i], given) >> 4 * place & 15;
		if (v < least)
			least = v;
	}
	return least;
}

uint32_t jname_given(const uint32_t *c, uint32_t n)
{
	return like(c, n, 1);
}

uint32_t jname_family(const uint32_t *c, uint32_t n)
{
	return like(c, n, 0);
}

static int has_key(const uint64_t *table, uint32_t n, uint64_t key)
{
	for (uint32_t half; n > 1; n -= half) {
		half = n / 2;
		table += table[half] <= key ? half : 0;
	}
	return *table == key;
}

unsigned jname_reading(const uint32_t *c, uint32_t n)
{
	uint64_t key = 0;

	if (n < 2 || n > KANA_MAX)
		return 0;
	for (uint32_t i = 0; i < n; i++) {
		const uint32_t h = c[i] >= 0x30a1 && c[i] <= 0x30f4 ? c[i] - 0x60 : c[i];
		if (h == 0x30fc)
			key = key << 7 | 1;
		else if (h >= 0x3041 && h <= 0x3094)
			key = key << 7 | (h - 0x3040 + 1);
		else
			return 0;
	}
	key <<= 7 * (KANA_MAX - n);
	return (has_key(jname_surname_kana, COUNT(jname_surname_kana), key) ? JN_SURNAME : 0u) |
	       (has_key(jname_given_kana, COUNT(jname_given_kana), key) ? JN_GIVEN : 0u);
}

/* ---- words around names ---- */

int jname_called_word(const struct jtext *t, uint32_t i)
{
	const uint32_t from = i - jt_ends_any(t, i, W_CALLED_WORD), before = jt_at(t, from - 1);

	return from < i && (jt_cls(t, from - 1) != jt_cls(t, from) || jname_is_particle(before));
}

uint32_t jname_honorific(const struct jtext *t, uint32_t i)
{
	const uint32_t n = jt_is_any(t, i, W_NO_HONORIFIC) ? 0 : jt_is_any(t, i, W_HONORIFIC);
	uint32_t from = i;

	if (!n || jt_cls(t, i) != JT_KATA || jt_cls(t, i + n) != JT_KATA)
		return n;
	/* サマ of 看護サマリー, クン of トークン; in a text all in katakana more may follow: ハシモトサマデンワアリ */
	while (from > 0 && jt_cls(t, from - 1) == JT_KATA)
		from--;
	return from < i && jname_reading(t->cp + from, i - from) ? n : 0;
}

uint32_t jname_title(const struct jtext *t, uint32_t i)
{
	return jt_is_any(t, i, W_TITLE);
}

uint32_t jname_group(const struct jtext *t, uint32_t i)
{
	return jt_is_any(t, i, W_NO_GROUP) ? 0 : jt_is_any(t, i, W_GROUP);
}

uint32_t jname_relation(const struct jtext *t, uint32_t i)
{
	return jt_is_any(t, i, W_RELATION);
}

uint32_t jname_relation_before(const struct jtext *t, uint32_t i)
{
	return jt_ends_any(t, i, W_RELATION);
}

uint32_t jname_before(const struct jtext *t, uint32_t i)
{
	const uint32_t a = jt_ends_any(t, i, W_RELATION), b = jt_ends_any(t, i, W_BEFORE);

	return a > b ? a : b;
}

uint32_t jname_nobody(const struct jtext *t, uint32_t i)
{
	return jt_is_any(t, i, W_NOBODY);
}

uint32_t jname_common(const struct jtext *t, uint32_t i)
{
	return jt_ends_any(t, i, W_COMMON);
}

uint32_t jname_before_at(const struct jtext *t, uint32_t i)
{
	const uint32_t a = jname_relation(t, i), b = jt_is_any(t, i, W_BEFORE);

	return a > b ? a : b;
}

int jname_is_particle(uint32_t c)
{
	static const uint16_t p[] = {0x306f, 0x304c, 0x306e, 0x3092, 0x306b, 0x3068,
				     0x3067, 0x3082, 0x3084, 0x3078, 0x304b};

	for (uint32_t i = 0; i < COUNT(p); i++)
		if (p[i] == c)
			return 1;
	return 0;
}

int jname_is_kanji(const struct jtext *t, uint32_t i)
{
	if (jt_cls(t, i) == JT_KANJI)
		return 1;
	switch (jt_at(t, i)) {
	case 0x30f6: /* ヶ */
	case 0x30b1: /* ケ */
	case 0x30ce: /* ノ */
	case 0x30c4: /* ツ */
		return jt_cls(t, i - 1) == JT_KANJI && jt_cls(t, i + 1) == JT_KANJI;
	default:
		return 0;
	}
}

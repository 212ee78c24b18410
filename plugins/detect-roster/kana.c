#include "kana.h"

#include <string.h>

enum { LONG = 0x30fc, SMALL_TU = 0x30c3, N = 0x30f3, VU = 0x30f4 };

/* From ァ (30a1) to ヴ (30f4). */
static const char roman[][4] = {
    "a",  "a",  "i",  "i",  "u",   "u",  "e",  "e",   "o",   "o",  "ka", "ga", "ki", "gi",
    "ku", "gu", "ke", "ge", "ko",  "go", "sa", "za",  "shi", "ji", "su", "zu", "se", "ze",
    "so", "zo", "ta", "da", "chi", "ji", "",   "tsu", "zu",  "te", "de", "to", "do", "na",
    "ni", "nu", "ne", "no", "ha",  "ba", "pa", "hi",  "bi",  "pi", "fu", "bu", "pu", "he",
    "be", "pe", "ho", "bo", "po",  "ma", "mi", "mu",  "me",  "mo", "ya", "ya", "yu", "yu",
    "yo", "yo", "ra", "ri", "ru",  "re", "ro", "wa",  "wa",  "i",  "e",  "o",  "n",  "vu"};

static uint32_t kata(uint32_t c)
{
	return c >= 0x3041 && c <= 0x3096 ? c + 0x60 : c;
}

static int is_small(uint32_t c)
{
	return c == 0x30e3 || c == 0x30e5 || c == 0x30e7 || c == 0x30a1 || c == 0x30a3 ||
	       c == 0x30a5 || c == 0x30a7 || c == 0x30a9;
}

uint32_t kana_morae(const uint32_t *c, uint32_t n, uint32_t morae)
{
	uint32_t i = 0;

	for (; morae && i < n; morae--)
		for (i++; i < n && is_small(kata(c[i])); i++)
			;
	return i;
}

/* Vowel of a kana; 0 for ン, ッ and what is none. */
static char vowel(uint32_t c)
{
	c = kata(c);
	if (c < 0x30a1 || c > 0x30f4 || c == SMALL_TU || c == N)
		return 0;
	const char *r = roman[c - 0x30a1];
	return r[strlen(r) - 1];
}

static int is_long(uint32_t before, uint32_t c)
{
	const char v = vowel(before);

	c = kata(c);
	return c == LONG || (c == 0x30a6 && (v == 'o' || v == 'u')) || (c == 0x30aa && v == 'o') ||
	       (c == 0x30a4 && v == 'e') || (c == 0x30a2 && v == 'a') || (c == 0x30a4 && v == 'i');
}

int kana_long(const uint32_t *c, uint32_t n, int with_e, uint32_t *out)
{
	int changed = 0;

	for (uint32_t i = 0; i < n; i++) {
		const int longer = i && is_long(c[i - 1], c[i]) &&
				   (with_e || vowel(c[i - 1]) != 'e' || vowel(c[i]) != 'i');
		out[i] = longer ? LONG : c[i];
		changed |= out[i] != c[i];
	}
	return changed;
}

uint32_t kana_short(const uint32_t *c, uint32_t n, uint32_t *out)
{
	uint32_t k = 0;

	for (uint32_t i = 0; i < n; i++) {
		static const uint16_t heard[] = {
		    [0] = 0x30d0, [2] = 0x30d3, [6] = 0x30d9, [8] = 0x30dc};
		const uint32_t small = i + 1 < n ? kata(c[i + 1]) - 0x30a1 : 9;
		if (kata(c[i]) == VU && small < 9 && small != 4 && small % 2 == 0) {
			out[k++] = heard[small];
			i++;
		} else if (kata(c[i]) == VU) {
			out[k++] = 0x30d6;
		} else if (c[i] != LONG || i == 0) {
			out[k++] = c[i];
		}
	}
	return k;
}

uint32_t kana_clipped(const uint32_t *c, uint32_t n, uint32_t *out)
{
	uint32_t k = 0;

	for (uint32_t i = 0; i < n; i++)
		if (i == 0 || (kata(c[i]) != SMALL_TU && !is_long(c[i - 1], c[i])))
			out[k++] = c[i];
	return k;
}

uint32_t kana_voice(uint32_t c)
{
	c = kata(c);
	if (c >= 0x30ab && c <= 0x30c2)
		return c % 2 ? c + 1 : c - 1;
	if (c >= 0x30c4 && c <= 0x30c9)
		return c % 2 ? c - 1 : c + 1;
	if (c >= 0x30cf && c <= 0x30dd)
		return c % 3 == 0 ? c + 1 : c % 3 == 1 ? c - 1 : 0;
	return 0;
}

int kana_voiced(const uint32_t *c, uint32_t n, uint32_t *out)
{
	const uint32_t last = n ? kata(c[n - 1]) : 0;
	const int field = last == 0x30bf || last == 0x30c0; /* タ, ダ: 田 */
	const uint32_t at = field ? n - 1 : n - 2;

	if (n < 3 || (!field && n < 4) || !kana_voice(c[at]))
		return 0;
	memcpy(out, c, n * sizeof *out);
	out[at] = kana_voice(c[at]);
	return 1;
}

static uint32_t put(const char *r, uint32_t *out, uint32_t n)
{
	for (; *r; r++)
		out[n++] = (unsigned char)*r;
	return n;
}

/* A vowel that lengthens the one before; n: letters so far. */
static uint32_t put_long(uint32_t c, enum kana_roman how, uint32_t *out, uint32_t n)
{
	const uint32_t before = out[n - 1];

	if (how == KANA_OH && before == 'o')
		out[n++] = 'h';
	else if (how == KANA_FULL || before == 'i' || before == 'a' || before == 'e')
		out[n++] = c == LONG ? before : (unsigned char)vowel(c);
	return n;
}

uint32_t kana_roman(const uint32_t *c, uint32_t length, enum kana_roman how, uint32_t *out)
{
	uint32_t n = 0;
	int twice = 0;

	if (length > KANA_LONGEST)
		return 0;
	for (uint32_t i = 0; i < length; i++) {
		const uint32_t k = kata(c[i]);
		if ((k < 0x30a1 || k > 0x30f4) && k != LONG)
			return 0;
		if (k == SMALL_TU) {
			twice = 1;
			continue;
		}
		if (i && n && is_long(c[i - 1], k)) {
			n = put_long(k, how, out, n);
			continue;
		}
		if (k == LONG)
			return 0;
		const char *r = roman[k - 0x30a1];
		if (is_small(k) && *r == 'y' && n > 1 && out[n - 1] == 'i') {
			n--; /* きゃ kya, しゃ sha */
			const int soft = (n > 1 && out[n - 1] == 'h' &&
					  (out[n - 2] == 's' || out[n - 2] == 'c')) ||
					 out[n - 1] == 'j';
			n = put(r + soft, out, n);
			continue;
		}
		if (twice)
			out[n++] = r[0] == 'c' ? 't' : (unsigned char)r[0];
		twice = 0;
		n = put(r, out, n);
	}
	return n;
}

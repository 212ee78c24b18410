#include "text/fold.h"

#include "text/kana_table.h"

const uint16_t hub_half_kana[63] = {
    0x3002, 0x300c, 0x300d, 0x3001, 0x30fb, 0x30f2, 0x30a1, 0x30a3, 0x30a5, 0x30a7, 0x30a9,
    0x30e3, 0x30e5, 0x30e7, 0x30c3, 0x30fc, 0x30a2, 0x30a4, 0x30a6, 0x30a8, 0x30aa, 0x30ab,
    0x30ad, 0x30af, 0x30b1, 0x30b3, 0x30b5, 0x30b7, 0x30b9, 0x30bb, 0x30bd, 0x30bf, 0x30c1,
    0x30c4, 0x30c6, 0x30c8, 0x30ca, 0x30cb, 0x30cc, 0x30cd, 0x30ce, 0x30cf, 0x30d2, 0x30d5,
    0x30d8, 0x30db, 0x30de, 0x30df, 0x30e0, 0x30e1, 0x30e2, 0x30e4, 0x30e6, 0x30e8, 0x30e9,
    0x30ea, 0x30eb, 0x30ec, 0x30ed, 0x30ef, 0x30f3, 0x309b, 0x309c,
};

enum { KATA_O = 0x30aa, TO_KATA = 0x60 };

uint32_t hub_kana_voiced(uint32_t kana, int mark)
{
	const int hira = (kana >= 0x3041 && kana <= 0x3096) || kana == 0x309d;
	const uint32_t k = hira ? kana + TO_KATA : kana;
	const uint32_t back = hira ? TO_KATA : 0;

	if (k >= 0x30cf && k <= 0x30dd)
		return (k - 0x30cf) % 3 == 0 ? k + (uint32_t)mark - back : 0;
	if (mark != 1)
		return 0;
	if (k >= 0x30ab && k <= 0x30c2)
		return k & 1 ? k + 1 - back : 0;
	if (k == 0x30c4 || k == 0x30c6 || k == 0x30c8 || k == 0x30fd)
		return k + 1 - back;
	if (k == 0x30a6)
		return 0x30f4 - back;
	return !hira && k >= 0x30ef && k <= 0x30f2 ? k + 8 : 0;
}

/* The katakana without its voiced mark, which goes to *mark (0 when it has none). */
static uint32_t unvoiced(uint32_t kana, int *mark)
{
	for (uint32_t d = 1; d <= 2; d++) {
		*mark = (int)d;
		if (hub_kana_voiced(kana - d, (int)d) == kana)
			return kana - d;
	}
	*mark = 1;
	if (kana == 0x30f4)
		return 0x30a6;
	if (kana >= 0x30f7 && kana <= 0x30fa)
		return kana - 8;
	*mark = 0;
	return kana;
}

/* Small kana to large, katakana only. */
static uint32_t enlarged(uint32_t k)
{
	switch (k) {
	case 0x30a1: /* ァィゥェォ */
	case 0x30a3:
	case 0x30a5:
	case 0x30a7:
	case 0x30a9:
	case 0x30c3: /* ッ */
	case 0x30e3: /* ャュョヮ */
	case 0x30e5:
	case 0x30e7:
	case 0x30ee:
		return k + 1;
	case 0x30f5: /* ヵ */
		return 0x30ab;
	case 0x30f6: /* ヶ */
		return 0x30b1;
	default:
		return k;
	}
}

static int is_hira(uint32_t cp)
{
	return (cp >= 0x3041 && cp <= 0x3096) || cp == 0x309d || cp == 0x309e;
}

static int is_kata(uint32_t cp)
{
	return (cp >= 0x30a1 && cp <= 0x30fa) || cp == 0x30fd || cp == 0x30fe;
}

static uint32_t convert_script(uint32_t cp, unsigned flags)
{
	if (flags & HUB_KANA_LARGE) {
		if (is_hira(cp))
			cp = enlarged(cp + TO_KATA) - TO_KATA;
		else
			cp = enlarged(cp);
	}
	if ((flags & HUB_KANA_TO_KATA) && is_hira(cp))
		return cp + TO_KATA;
	if ((flags & HUB_KANA_TO_HIRA) && is_kata(cp) && is_hira(cp - TO_KATA))
		return cp - TO_KATA;
	return cp;
}

static uint32_t half_of(uint32_t full)
{
	for (uint32_t i = 0; i < HUB_COUNT(hub_half_kana); i++)
		if (hub_half_kana[i] == full)
			return 0xff61 + i;
	return 0;
}

/* Full-width kana as half-width; returns the number of bytes, 0 when there is no such form. */
static size_t put_narrow(uint32_t cp, char *out)
{
	int mark = 0;
	const uint32_t half = half_of(is_kata(cp) ? unvoiced(cp, &mark) : cp);

	if (!half)
		return 0;
	size_t n = hub_utf8_put(half, out);
	if (mark)
		n += hub_utf8_put(mark == 1 ? 0xff9e : 0xff9f, out + n);
	return n;
}

static uint32_t convert_ascii(uint32_t cp, unsigned flags)
{
	const uint32_t plain = cp == 0x3000 ? ' ' : cp >= 0xff01 && cp <= 0xff5e ? cp - 0xfee0 : cp;

	if (plain < 0x20 || plain > 0x7e)
		return cp;
	const int digit = plain >= '0' && plain <= '9';
	if (flags & (digit ? HUB_KANA_NARROW_DIGIT : HUB_KANA_NARROW_ASCII))
		return plain;
	if (flags & (digit ? HUB_KANA_WIDE_DIGIT : HUB_KANA_WIDE_ASCII))
		return plain == ' ' ? 0x3000 : plain + 0xfee0;
	return cp;
}

/* 1 voiced, 2 semi-voiced mark of a kind that the flags allow to join; 0 otherwise. */
static int mark_of(int32_t cp, int half, unsigned flags)
{
	if (half && (cp == 0xff9e || cp == 0xff9f))
		return cp == 0xff9e ? 1 : 2;
	if (!(flags & HUB_KANA_JOIN))
		return 0;
	return cp == 0x3099 || cp == 0x309b ? 1 : cp == 0x309a || cp == 0x309c ? 2 : 0;
}

struct hub_str hub_kana_convert(struct hub_arena *a, struct hub_str text, unsigned flags)
{
	/* 3 bytes of half-width kana stay 3, ｶﾞ is twice ガ, one byte of ASCII is 3 in full width */
	const size_t times = flags & (HUB_KANA_WIDE_ASCII | HUB_KANA_WIDE_DIGIT) ? 3
			     : flags & HUB_KANA_NARROW                           ? 2
										 : 1;
	size_t bound, n = 0;

	char *out = hub_size_mul(text.len, times, &bound) ? NULL : hub_alloc(a, bound + 1);
	if (!out)
		return (struct hub_str){NULL, 0};
	for (size_t at = 0; at < text.len;) {
		const size_t from = at;
		const int32_t got = hub_utf8_next(text, &at);
		if (got < 0) {
			out[n++] = text.ptr[from];
			continue;
		}
		uint32_t cp = (uint32_t)got;
		const int half = is_half_kana(cp) && (flags & HUB_KANA_WIDE);
		if (half)
			cp = hub_half_kana[cp - 0xff61];
		if (at < text.len && cp >= 0x3041 && cp <= 0x30ff) {
			size_t behind = at;
			const int mark = mark_of(hub_utf8_next(text, &behind), half, flags);
			const uint32_t joined = mark ? hub_kana_voiced(cp, mark) : 0;
			if (joined) {
				cp = joined;
				at = behind;
			}
		}
		cp = convert_ascii(convert_script(cp, flags), flags);
		const size_t narrow = flags & HUB_KANA_NARROW ? put_narrow(cp, out + n) : 0;
		n += narrow ? narrow : hub_utf8_put(cp, out + n);
	}
	return (struct hub_str){out, n};
}

struct hub_str hub_fold_kana(struct hub_arena *a, struct hub_str text)
{
	return hub_kana_convert(a, text, HUB_KANA_WIDE | HUB_KANA_TO_KATA | HUB_KANA_JOIN);
}

/* Dashes that the registry takes for the long vowel mark, the mark itself, spaces, the middle dot and
 * voiced marks left alone by NFKC. */
static int is_ignored(uint32_t cp)
{
	return cp == ' ' || cp == '\t' || cp == '-' || cp == 0x30fb || cp == 0x30fc ||
	       cp == 0x3099 || cp == 0x309a || (cp >= 0x2010 && cp <= 0x2015) || cp == 0x2212 ||
	       cp == 0x2500 || cp == 0x00b7;
}

/* Katakana of the オ column: what a following ウ lengthens. */
static int is_o_sound(uint32_t k)
{
	static const uint16_t o[] = {0x30aa, 0x30b3, 0x30bd, 0x30c8, 0x30ce,
				     0x30db, 0x30e2, 0x30e8, 0x30ed};

	for (size_t i = 0; i < HUB_COUNT(o); i++)
		if (o[i] == k)
			return 1;
	return 0;
}

/* One katakana as the registry compares it. */
static uint32_t key_of(uint32_t k)
{
	int mark;

	if (k == 0x30c2) /* ヂ = ジ */
		return 0x30b7;
	if (k == 0x30c5) /* ヅ = ズ */
		return 0x30b9;
	if (k == 0x30f4) /* ヴ = ブ */
		return 0x30d5;
	k = unvoiced(enlarged(k), &mark);
	if (k == 0x30f2) /* ヲ = オ */
		return KATA_O;
	return k == 0x30f0   ? 0x30a4
	       : k == 0x30f1 ? 0x30a8
			     : k; /* ヰ = イ, ヱ = エ: トミヱ is トミエ */
}

struct hub_str hub_key_kana(struct hub_arena *a, struct hub_str text)
{
	const struct hub_str wide = hub_fold_width(a, text, 0, NULL);
	char *out = wide.ptr ? hub_alloc(a, wide.len + 1) : NULL;
	uint32_t before = 0;
	size_t n = 0;

	if (!out)
		return (struct hub_str){NULL, 0};
	for (size_t at = 0; at < wide.len;) {
		const size_t from = at;
		const int32_t got = hub_utf8_next(wide, &at);
		if (got < 0) {
			out[n++] = wide.ptr[from];
			continue;
		}
		uint32_t cp = (uint32_t)got;
		if (is_ignored(cp))
			continue;
		if (is_hira(cp))
			cp += TO_KATA;
		if (cp == 0x30fd || cp == 0x30fe) /* ヽ ヾ */
			cp = before;
		else if (is_kata(cp))
			cp = key_of(cp);
		else if (cp >= 'a' && cp <= 'z')
			cp -= 'a' - 'A';
		if (cp == 0x30a6 && is_o_sound(before))
			cp = KATA_O;
		if (!cp)
			continue;
		n += hub_utf8_put(cp, out + n);
		before = cp;
	}
	return (struct hub_str){out, n};
}

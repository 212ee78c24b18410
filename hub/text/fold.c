/* NFKC with a map of offsets. Japanese text is folded here; anything else goes to ICU, one piece
 * between two normalisation boundaries at a time. */
#include "text/fold.h"

#include "text/kana_table.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/utf16.h>

enum {
	PIECE = 128, /* code points handed to ICU at once */
	GROWTH = 18, /* NFKC: code units out per unit in, at most (U+FDFA) */
	OUT_UNITS = PIECE * 2 * GROWTH,
};

/* The result, growing in the arena. */
struct out {
	struct hub_arena *arena;
	char *text;
	uint32_t *at; /* NULL: no map wanted */
	size_t len, cap;
	int mapped, failed;
};

static void out_grow(struct out *o, size_t more)
{
	size_t cap, bytes;

	if (hub_size_add(o->len, more, &cap) || hub_size_add(cap, cap / 2, &cap) ||
	    hub_size_mul(cap + 1, sizeof *o->at, &bytes)) {
		o->failed = 1;
		return;
	}
	char *text = hub_alloc(o->arena, cap);
	uint32_t *at = o->mapped ? hub_alloc(o->arena, bytes) : NULL;
	if (!text || (o->mapped && !at)) {
		o->failed = 1;
		return;
	}
	if (o->len) {
		memcpy(text, o->text, o->len);
		if (o->mapped)
			memcpy(at, o->at, o->len * sizeof *at);
	}
	o->text = text;
	o->at = at;
	o->cap = cap;
}

static inline int out_room(struct out *o, size_t n)
{
	if (o->cap - o->len < n && !o->failed)
		out_grow(o, n);
	return !o->failed;
}

static inline void count_up(uint32_t *at, size_t n, uint32_t from)
{
	size_t i = 0;

	for (; i + 4 <= n; i += 4, from += 4) {
		at[i] = from;
		at[i + 1] = from + 1;
		at[i + 2] = from + 2;
		at[i + 3] = from + 3;
	}
	for (; i < n; i++)
		at[i] = from++;
}

/* Bytes taken over as they are: each maps to its own place. */
static inline void out_copy(struct out *o, const char *p, size_t n, size_t from)
{
	if (!out_room(o, n))
		return;
	memcpy(o->text + o->len, p, n);
	if (o->mapped)
		count_up(o->at + o->len, n, (uint32_t)from);
	o->len += n;
}

/* A character made from the ones that begin at `from`. */
static inline void out_put(struct out *o, uint32_t cp, size_t from)
{
	if (!out_room(o, 4))
		return;
	const size_t n = hub_utf8_put(cp, o->text + o->len);
	if (o->mapped)
		for (size_t i = 0; i < n; i++)
			o->at[o->len + i] = (uint32_t)from;
	o->len += n;
}

/* Does nothing before cp ever combine with it? The common ranges first. */
static inline int is_boundary(const UNormalizer2 *nfkc, int32_t cp)
{
	if (cp < 0x300 || (cp >= 0x4e00 && cp < 0xa000))
		return 1;
	if ((cp >= 0x3000 && cp < 0x302a) || (cp >= 0x3030 && cp < 0x3100) ||
	    (cp >= 0xff01 && cp < 0xffa0))
		return cp != 0x3099 && cp != 0x309a && cp != 0xff9e && cp != 0xff9f;
	return unorm2_hasBoundaryBefore(nfkc, cp);
}

/* What cp alone folds to; 0 when that needs ICU. */
static inline uint32_t fold_one(uint32_t cp)
{
	if (cp < 0x80 || (cp >= 0x4e00 && cp < 0xa000))
		return cp;
	if (cp > 0x3000 && cp < 0x302a)
		return cp;
	if (cp >= 0x3041 && cp < 0x30ff)
		return cp < 0x3097 || cp >= 0x30a0 || cp == 0x309d || cp == 0x309e ? cp : 0;
	if (cp >= 0xff01 && cp < 0xff5f)
		return cp - 0xfee0;
	if (cp >= 0xff61 && cp < 0xff9e)
		return hub_half_kana[cp - 0xff61];
	if (cp == 0x3000)
		return ' ';
	return u_getIntPropertyValue((UChar32)cp, UCHAR_NFKC_QUICK_CHECK) == UNORM_YES ? cp : 0;
}

/* From text[at], the start of a boundary: folds up to the next boundary through ICU. Returns its
 * offset. A run without one is taken in pieces of PIECE characters. */
static size_t fold_piece(struct out *o, const UNormalizer2 *nfkc, struct hub_str text, size_t at)
{
	UChar in[PIECE * 2], folded[OUT_UNITS];
	int32_t n = 0;
	const size_t from = at;

	for (int count = 0; at < text.len && count < PIECE; count++) {
		const size_t here = at;
		const int32_t cp = hub_utf8_next(text, &at);
		if (cp < 0 || (count > 0 && is_boundary(nfkc, cp))) {
			at = here;
			break;
		}
		U16_APPEND_UNSAFE(in, n, cp);
	}
	UErrorCode status = U_ZERO_ERROR;
	const int32_t len = unorm2_normalize(nfkc, in, n, folded, OUT_UNITS, &status);
	if (U_FAILURE(status)) {
		o->failed = 1;
		return at;
	}
	for (int32_t i = 0; i < len; i++) {
		uint32_t cp = folded[i];
		if (U16_IS_LEAD(cp)) /* ICU's output is well formed */
			cp = 0x10000 + ((cp - 0xd800) << 10) + (folded[++i] - 0xdc00u);
		out_put(o, cp, from);
	}
	return at;
}

/* Length of a character that stays as it is: ASCII, signs, kana, kanji (U+3001-3029, 3041-3096, 30A0-30FE,
 * 4E00-9FFF); 0 for others, and for CR when asked. bytes: the next four, the first the lowest. */
static inline size_t plain_bytes(uint32_t bytes, int stop_at_cr)
{
	const unsigned first = bytes & 0xff;

	if (first < 0x80)
		return !(stop_at_cr && first == '\r');
	if ((bytes & 0xc0c000) != 0x808000)
		return 0;
	if (first > 0xe4)
		return first < 0xea ? 3 : 0;
	const unsigned low = (bytes >> 2 & 0xfc0) | (bytes >> 16 & 0x3f);
	if (first != 0xe3)
		return first == 0xe4 && low >= 0xe00 ? 3 : 0;
	return low - 0x041 <= 0x055 || low - 0x0a0 <= 0x05e || low - 0x001 <= 0x028 ? 3 : 0;
}

static inline size_t plain_len(struct hub_str s, size_t at, int stop_at_cr)
{
	const unsigned char *p = (const unsigned char *)s.ptr + at;
	uint32_t bytes = 0;

	if (s.len - at > 3)
		bytes = (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
			(uint32_t)p[3] << 24;
	else
		for (size_t i = s.len - at; i > 0; i--)
			bytes = bytes << 8 | p[i - 1];
	return plain_bytes(bytes, stop_at_cr);
}

/* A wide or half-width character of U+FF01-FF9D, or U+3000: it combines with nothing before it. */
static inline int is_compatible(struct hub_str s, size_t at)
{
	const unsigned char *p = (const unsigned char *)s.ptr + at;

	if (s.len - at < 3)
		return 0;
	if (p[0] != 0xef)
		return p[0] == 0xe3 && p[1] == 0x80 && p[2] == 0x80;
	return p[1] == 0xbc ? p[2] > 0x80 : p[1] == 0xbd || (p[1] == 0xbe && p[2] < 0x9e);
}

/* What begins at `at`, or the end there, certainly combines with nothing before it. */
static inline int stands_alone(struct hub_str s, size_t at)
{
	return at >= s.len || plain_len(s, at, 0) || is_compatible(s, at);
}

/* Length of the run of such characters, without a last one that may meet a combining mark. */
static size_t plain_run(struct hub_str s, size_t at, int stop_at_cr)
{
	size_t end = at, last = 0;

	while (end < s.len) {
		const size_t n = plain_len(s, end, stop_at_cr);
		if (!n)
			return (stands_alone(s, end) ? end : end - last) - at;
		last = n;
		end += n;
	}
	return end - at;
}

/* The ASCII character that a wide one at `at` stands for (U+FF01-FF5E, U+3000); 0 for others. */
static inline char wide_ascii(struct hub_str s, size_t at)
{
	const unsigned char *p = (const unsigned char *)s.ptr + at;

	if (s.len - at < 3)
		return 0;
	if (p[0] != 0xef)
		return p[0] == 0xe3 && p[1] == 0x80 && p[2] == 0x80 ? ' ' : 0;
	if (p[1] == 0xbc)
		return p[2] > 0x80 && p[2] < 0xc0 ? (char)(p[2] - 0x60) : 0;
	return p[1] == 0xbd && p[2] >= 0x80 && p[2] < 0x9f ? (char)(p[2] - 0x20) : 0;
}

/* A run of wide ASCII characters, each of which stands before one that combines with nothing. Returns the offset
 * behind it. */
static size_t fold_wide(struct out *o, struct hub_str text, size_t at)
{
	char c, next = at < text.len ? wide_ascii(text, at) : 0;

	while ((c = next)) {
		const size_t behind = at + 3;
		next = behind < text.len ? wide_ascii(text, behind) : 0;
		if ((!next && !stands_alone(text, behind)) || !out_room(o, 1))
			return at;
		o->text[o->len] = c;
		if (o->mapped)
			o->at[o->len] = (uint32_t)at;
		o->len++;
		at = behind;
	}
	return at;
}

/* The third byte and a bit of the second of a half-width character U+FF61-FF9F at `at`, as its place in
 * hub_half_kana; -1 for others. */
static inline int narrow_kana(struct hub_str s, size_t at)
{
	const unsigned char *p = (const unsigned char *)s.ptr + at;

	if (s.len - at < 3 || p[0] != 0xef)
		return -1;
	if (p[1] == 0xbd)
		return p[2] > 0xa0 && p[2] < 0xc0 ? p[2] - 0xa1 : -1;
	return p[1] == 0xbe && p[2] >= 0x80 && p[2] < 0xa0 ? p[2] - 0x80 + 0x1f : -1;
}

/* The same for a run of half-width kana, with their voiced marks. */
static size_t fold_narrow(struct out *o, struct hub_str text, size_t at)
{
	enum { VOICED = 0xff9e - 0xff61 };
	int k;

	while (at < text.len && (k = narrow_kana(text, at)) >= 0 && k < VOICED) {
		uint32_t wide = hub_half_kana[k];
		size_t behind = at + 3;
		const int mark = behind < text.len ? narrow_kana(text, behind) : -1;
		if (mark >= VOICED) {
			behind += 3;
			wide = hub_kana_voiced(wide, mark == VOICED ? 1 : 2);
		}
		if (!wide || !stands_alone(text, behind))
			return at;
		out_put(o, wide, at);
		at = behind;
	}
	return at;
}

/* Folds what begins at text[at]; returns the offset behind it. */
static size_t fold_step(struct out *o, const UNormalizer2 *nfkc, struct hub_str text, size_t at,
			unsigned flags)
{
	const size_t from = at;
	const int32_t cp = hub_utf8_next(text, &at);

	if (cp < 0) {
		out_copy(o, text.ptr + from, 1, from);
		return at;
	}
	if (cp == '\r' && (flags & HUB_FOLD_LF)) {
		out_put(o, '\n', from);
		return at < text.len && text.ptr[at] == '\n' ? at + 1 : at;
	}
	size_t peek = at;
	if (at < text.len && !is_boundary(nfkc, hub_utf8_next(text, &peek)))
		return fold_piece(o, nfkc, text, from);
	const uint32_t one = fold_one((uint32_t)cp);
	if (one == (uint32_t)cp)
		out_copy(o, text.ptr + from, at - from, from);
	else if (one)
		out_put(o, one, from);
	else
		return fold_piece(o, nfkc, text, from);
	return at;
}

struct hub_str hub_fold_width(struct hub_arena *a, struct hub_str text, unsigned flags,
			      const uint32_t **at)
{
	struct out o = {.arena = a, .mapped = at != NULL};
	UErrorCode status = U_ZERO_ERROR;
	const UNormalizer2 *nfkc = unorm2_getNFKCInstance(&status);

	if (U_FAILURE(status) || (at && text.len >= UINT32_MAX))
		return (struct hub_str){NULL, 0};
	out_grow(&o, text.len / 4 * 3 + 16);
	for (size_t i = 0; i < text.len && !o.failed;) {
		const size_t plain = plain_run(text, i, flags & HUB_FOLD_LF);
		if (plain)
			out_copy(&o, text.ptr + i, plain, i);
		i += plain;
		const size_t from = i;
		i = fold_narrow(&o, text, fold_wide(&o, text, i));
		if (i == from && i < text.len)
			i = fold_step(&o, nfkc, text, i, flags);
	}
	if (o.failed)
		return (struct hub_str){NULL, 0};
	if (at) {
		o.at[o.len] = (uint32_t)text.len;
		*at = o.at;
	}
	return (struct hub_str){o.text, o.len};
}

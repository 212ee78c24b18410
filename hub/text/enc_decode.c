/* Decoders to UTF-8. Each walks the input once, stops at the first character it cannot decode, and
 * never writes more than hub_decode_bound() promises. */
#include "text/enc_table.h"
#include "text/encoding.h"

#include <endian.h>

/* One call: input window, output position, counts. */
struct walk {
	const unsigned char *p, *end;
	char *o;
	uint64_t gaiji, extended, half_kana;
	uint8_t cut, shift;
};

/* Copies ASCII, 8 bytes at a time. A step that meets a higher byte has written up to 7 bytes too
 * many: they lie within the bound (every input byte left has its room) and are overwritten. */
static inline void copy_ascii(struct walk *w)
{
	const unsigned char *p = w->p, *const end = w->end;
	char *o = w->o;
	uint64_t v, high = 0;

	for (; !high && end - p >= (ptrdiff_t)sizeof v;) {
		memcpy(&v, p, sizeof v);
		memcpy(o, &v, sizeof v);
		high = le64toh(v) & 0x8080808080808080u;
		const unsigned n = high ? (unsigned)__builtin_ctzll(high) / 8 : sizeof v;
		p += n;
		o += n;
	}
	while (p < end && *p < 0x80)
		*o++ = (char)*p++;
	w->p = p;
	w->o = o;
}

/* A character of the BMP from U+0080 on, not a surrogate. */
static inline void put_bmp(struct walk *w, uint32_t cp)
{
	if (cp >= 0x800) {
		w->o[0] = (char)(0xe0 | cp >> 12);
		w->o[1] = (char)(0x80 | (cp >> 6 & 0x3f));
		w->o[2] = (char)(0x80 | (cp & 0x3f));
		w->o += 3;
		return;
	}
	w->o[0] = (char)(0xc0 | cp >> 6);
	w->o[1] = (char)(0x80 | (cp & 0x3f));
	w->o += 2;
}

static inline void put_half_kana(struct walk *w, unsigned c)
{
	put_bmp(w, 0xff61 + (c - 0xa1));
	w->half_kana++;
}

static inline int is_private(uint32_t cp)
{
	return (cp >= 0xe000 && cp <= 0xf8ff) || cp >= 0xf0000;
}

/* Half-width kana as they come. */
static void copy_half_kana(struct walk *w)
{
	while (w->p < w->end && *w->p >= 0xa1 && *w->p <= 0xdf)
		put_half_kana(w, *w->p++);
}

/* Rows that are counted, by cp932_lead_index: gaiji are F0-F9, extended NEC's row 13 (87), NEC's selection (ED, EE) and
 * IBM's rows (FA-FC). */
static const uint64_t gaiji_rows = (uint64_t)0x3ff << 47;
static const uint64_t extended_rows = (uint64_t)1 << 6 | (uint64_t)3 << 44 | (uint64_t)7 << 57;

/* Runs of double-byte characters, the bulk of a Japanese text. Ends before the first byte that does not lead such a
 * character. 0: it leads one that is not whole or not assigned. */
static int copy_double(struct walk *w)
{
	const unsigned char *p = w->p, *const last = w->end - 1;
	char *o = w->o;
	uint32_t cp = 1;

	for (; p < last; p += 2) {
		const unsigned lead = cp932_lead_index(p[0]), trail = p[1] - CP932_FIRST_TRAIL;
		if (lead >= CP932_LEADS)
			break;
		cp = trail < CP932_TRAILS ? hub_cp932_table[lead * CP932_TRAILS + trail] : 0;
		if (!cp)
			break;
		if ((gaiji_rows | extended_rows) >> lead & 1) {
			w->gaiji += gaiji_rows >> lead & 1;
			w->extended += extended_rows >> lead & 1;
		}
		/* the bytes as one number and one store: the bound has room for six */
		const uint32_t utf8 = htole32(
		    cp >= 0x800 ? 0x8080e0 | cp >> 12 | (cp << 2 & 0x3f00) | (cp << 16 & 0x3f0000)
				: 0x80c0 | cp >> 6 | (cp << 8 & 0x3f00));
		memcpy(o, &utf8, sizeof utf8);
		o += cp >= 0x800 ? 3 : 2;
	}
	w->cut = p == last && cp932_lead_index(*p) < CP932_LEADS;
	w->p = p;
	w->o = o;
	return cp && !w->cut;
}

static void decode_cp932(struct walk *w)
{
	for (;;) {
		copy_ascii(w);
		if (w->p == w->end || !copy_double(w) || w->p == w->end)
			return;
		const unsigned char *const before = w->p;
		copy_half_kana(w);
		if (w->p == before && *w->p >= 0x80)
			return;
	}
}

/* Is s[at..] the beginning of a UTF-8 character that the end of s cuts? */
static int utf8_cut(const unsigned char *p, size_t n)
{
	const unsigned c = p[0];
	const size_t need = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;

	if (c < 0xc2 || c > 0xf4 || n >= need)
		return 0;
	if (n >= 2) {
		const unsigned lo = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80;
		const unsigned hi = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
		if (p[1] < lo || p[1] > hi)
			return 0;
	}
	return n < 3 || (p[2] & 0xc0) == 0x80;
}

static void decode_utf8(struct walk *w)
{
	for (;;) {
		copy_ascii(w);
		/* kana and kanji: three bytes, none of the leads with a special range */
		while (w->end - w->p >= 4 && w->p[0] > 0xe0 && w->p[0] < 0xed &&
		       (w->p[1] & 0xc0) == 0x80 && (w->p[2] & 0xc0) == 0x80) {
			memcpy(w->o, w->p, 4);
			w->p += 3;
			w->o += 3;
		}
		if (w->p == w->end)
			return;
		if (*w->p < 0x80)
			continue;

		const struct hub_str rest = {(const char *)w->p, (size_t)(w->end - w->p)};
		size_t n = 0;
		const int32_t cp = hub_utf8_next(rest, &n);
		if (cp < 0) {
			w->cut = (uint8_t)utf8_cut(w->p, rest.len);
			return;
		}
		w->gaiji += (uint64_t)is_private((uint32_t)cp);
		memcpy(w->o, w->p, n);
		w->p += n;
		w->o += n;
	}
}

static void decode_utf16(struct walk *w, unsigned hi)
{
	while (w->end - w->p >= 2) {
		uint32_t cp = (uint32_t)w->p[hi] << 8 | w->p[1 - hi];
		size_t n = 2;
		if (cp >= 0xd800 && cp <= 0xdfff) {
			if (cp >= 0xdc00)
				return;
			if (w->end - w->p < 4) {
				w->cut = 1;
				return;
			}
			const uint32_t low = (uint32_t)w->p[2 + hi] << 8 | w->p[3 - hi];
			if (low < 0xdc00 || low > 0xdfff)
				return;
			cp = 0x10000 + ((cp - 0xd800) << 10) + (low - 0xdc00);
			n = 4;
		}
		w->gaiji += (uint64_t)is_private(cp);
		w->o += hub_utf8_put(cp, w->o);
		w->p += n;
	}
	w->cut = w->p < w->end;
}

/* Where JIS and Microsoft read the same JIS X 0208 code differently. */
static inline uint32_t jis_twin(uint32_t cp)
{
	switch (cp) {
	case 0xff5e:
		return 0x301c;
	case 0x2225:
		return 0x2016;
	case 0xff0d:
		return 0x2212;
	case 0xffe0:
		return 0xa2;
	case 0xffe1:
		return 0xa3;
	case 0xffe2:
		return 0xac;
	default:
		return cp;
	}
}

/* Rows and cells from 0; 0 = not assigned. */
static inline uint32_t jis0208_decode(struct walk *w, unsigned row, unsigned cell)
{
	if (row >= JIS_ROWS || cell >= JIS_ROWS)
		return 0;
	const uint32_t cp = jis0208_get(row, cell);
	if (row < 2)
		return jis_twin(cp);
	w->extended += (uint64_t)(cp && (row == 12 || row >= 88));
	return cp;
}

static uint32_t jis0212_decode(unsigned row, unsigned cell)
{
	return row < JIS_ROWS && cell < JIS_ROWS ? hub_jis0212_table[row * JIS_ROWS + cell] : 0;
}

static void put_any(struct walk *w, uint32_t cp)
{
	w->o += hub_utf8_put(cp, w->o);
}

/* Half-width kana (8E) or JIS X 0212 (8F). 0 when it is neither, or cut. */
static int take_single_shift(struct walk *w)
{
	const ptrdiff_t left = w->end - w->p, need = w->p[0] == 0x8f ? 3 : 2;
	const unsigned last = need == 3 ? 0xfe : 0xdf;

	if (left > 1 && (w->p[1] < 0xa1 || w->p[1] > last))
		return 0;
	if (left < need) {
		w->cut = 1;
		return 0;
	}
	if (need == 2) {
		put_half_kana(w, w->p[1]);
	} else {
		const uint32_t cp = jis0212_decode(w->p[1] - 0xa1u, w->p[2] - 0xa1u);
		if (!cp)
			return 0;
		put_any(w, cp);
	}
	w->p += need;
	return 1;
}

static void decode_eucjp(struct walk *w)
{
	for (;;) {
		copy_ascii(w);
		while (w->p < w->end && *w->p >= 0xa1 && *w->p <= 0xfe) {
			if (w->end - w->p < 2) {
				w->cut = 1;
				return;
			}
			const uint32_t cp = jis0208_decode(w, *w->p - 0xa1u, w->p[1] - 0xa1u);
			if (!cp)
				return;
			put_bmp(w, cp);
			w->p += 2;
		}
		if (w->p == w->end)
			return;
		if (*w->p < 0x80)
			continue;
		if ((*w->p != 0x8e && *w->p != 0x8f) || !take_single_shift(w))
			return;
	}
}

/* Character sets of ISO-2022-JP. Zero must be ASCII: it is the state of a zeroed hub_enc_stats. */
enum shift { SHIFT_ASCII = 0, SHIFT_ROMAN, SHIFT_KANA, SHIFT_0208, SHIFT_0212 };

static const struct escape {
	const char *seq;
	uint8_t len, shift;
} escapes[] = {
    {"\x1b(B", 3, SHIFT_ASCII}, {"\x1b(J", 3, SHIFT_ROMAN},
    {"\x1b(H", 3, SHIFT_ROMAN},                                  /* an old mistake for (J */
    {"\x1b(I", 3, SHIFT_KANA},  {"\x1b$@", 3, SHIFT_0208},       /* JIS C 6226-1978 */
    {"\x1b$B", 3, SHIFT_0208},  {"\x1b&@\x1b$B", 6, SHIFT_0208}, /* JIS X 0208-1990 */
    {"\x1b$(D", 4, SHIFT_0212},
};

/* Takes one escape sequence. 0 when there is none that we know, or only its beginning. */
static int take_escape(struct walk *w)
{
	const size_t left = (size_t)(w->end - w->p);

	for (size_t i = 0; i < HUB_COUNT(escapes); i++) {
		const size_t n = escapes[i].len < left ? escapes[i].len : left;
		if (memcmp(w->p, escapes[i].seq, n) != 0)
			continue;
		if (n < escapes[i].len) {
			w->cut = 1;
			continue;
		}
		w->cut = 0;
		w->shift = escapes[i].shift;
		w->p += n;
		return 1;
	}
	return 0;
}

/* One character in the set in force. 0 when it is not in the set or cut. */
static int take_iso2022jp(struct walk *w)
{
	const unsigned c = *w->p;

	if (c >= 0x80 || c == 0x0e || c == 0x0f)
		return 0;
	if (w->shift == SHIFT_ASCII || w->shift == SHIFT_ROMAN) {
		const int roman = w->shift == SHIFT_ROMAN;
		put_any(w, roman && c == 0x5c ? 0xa5 : roman && c == 0x7e ? 0x203e : c);
		w->p++;
		return 1;
	}
	if (w->shift == SHIFT_KANA) {
		if (c < 0x21 || c > 0x5f)
			return 0;
		put_half_kana(w, c + 0x80);
		w->p++;
		return 1;
	}
	if (c < 0x21)
		return 0;
	if (w->end - w->p < 2) {
		w->cut = 1;
		return 0;
	}
	const uint32_t cp = w->shift == SHIFT_0208 ? jis0208_decode(w, c - 0x21, w->p[1] - 0x21u)
						   : jis0212_decode(c - 0x21, w->p[1] - 0x21u);
	if (!cp)
		return 0;
	put_any(w, cp);
	w->p += 2;
	return 1;
}

static void decode_iso2022jp(struct walk *w)
{
	while (w->p < w->end)
		if (!(*w->p == 0x1b ? take_escape(w) : take_iso2022jp(w)))
			return;
}

size_t hub_decode_bound(enum hub_enc enc, size_t n)
{
	/* worst cases: one byte of half-width kana is three in UTF-8; a UTF-16 unit of two, three */
	const size_t times = enc == HUB_ENC_UTF8                                ? 1
			     : enc == HUB_ENC_CP932 || enc == HUB_ENC_ISO2022JP ? 3
										: 2;
	size_t bound;

	return hub_size_mul(n, times, &bound) ? SIZE_MAX : bound;
}

size_t hub_decode(enum hub_enc enc, struct hub_str in, char *out, size_t *out_len,
		  struct hub_enc_stats *stats)
{
	const unsigned char *p = (const unsigned char *)in.ptr;
	struct walk w = {.p = p, .end = p + in.len, .o = out, .shift = stats ? stats->shift : 0};

	*out_len = 0;
	if (in.len == 0)
		return 0;
	switch (enc) {
	case HUB_ENC_UTF8:
		decode_utf8(&w);
		break;
	case HUB_ENC_CP932:
		decode_cp932(&w);
		break;
	case HUB_ENC_EUCJP:
		decode_eucjp(&w);
		break;
	case HUB_ENC_ISO2022JP:
		decode_iso2022jp(&w);
		break;
	case HUB_ENC_UTF16LE:
		decode_utf16(&w, 1);
		break;
	case HUB_ENC_UTF16BE:
		decode_utf16(&w, 0);
		break;
	case HUB_ENC_NONE:
		break;
	}
	*out_len = (size_t)(w.o - out);
	if (stats) {
		stats->gaiji += w.gaiji;
		stats->extended += w.extended;
		stats->half_kana += w.half_kana;
		stats->cut = w.cut;
		stats->shift = w.shift;
	}
	return (size_t)(w.p - p);
}

struct hub_str hub_decode_arena(struct hub_arena *a, enum hub_enc enc, struct hub_str in,
				size_t *used, struct hub_enc_stats *stats)
{
	char *out = hub_alloc(a, hub_decode_bound(enc, in.len));
	size_t len = 0;

	*used = 0;
	if (!out)
		return (struct hub_str){NULL, 0};
	*used = hub_decode(enc, in, out, &len, stats);
	return (struct hub_str){out, len};
}

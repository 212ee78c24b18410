/* Encoders from UTF-8. What an encoding lacks is reported, never replaced behind the caller's back. */
#include "text/enc_table.h"
#include "text/encoding.h"

/* The same sign in two places of Unicode: encoders take either, the second one is what the
 * encoding itself decodes to. The first six rows are the pairs on which Microsoft and JIS differ. */
static const struct twin {
	uint32_t ms, jis;
} pairs[] = {
    {0xff5e, 0x301c}, {0x2225, 0x2016}, {0xff0d, 0x2212},
    {0xffe0, 0xa2},   {0xffe1, 0xa3},   {0xffe2, 0xac},
};

/* Signs that no Japanese code has, and the sign it has for the same thing. U+00A5 goes to the full-width
 * yen sign, not to the byte 5C: that would turn an amount into an escape character. */
static const struct {
	uint32_t from, to;
} likes[] = {
    {0x2014, 0x2015},
    {0xa5, 0xffe5},
    {0x203e, 0xffe3},
    {0xa0, 0x20},
};

/* Bytes are gathered in a window and go to the buffer when it is nearly full. */
struct job {
	enum hub_enc enc;
	uint8_t shift; /* ISO-2022-JP */
	struct hub_buf *out;
	size_t n;
	char window[1024];
};

enum { CHAR_BYTES = 8 }; /* the longest: an escape sequence of 4 and two bytes */

static void flush(struct job *j)
{
	hub_buf_add(j->out, j->window, j->n);
	j->n = 0;
}

static inline int put_byte(struct job *j, unsigned byte)
{
	j->window[j->n++] = (char)byte;
	return 1;
}

static inline int put_code(struct job *j, unsigned code)
{
	put_byte(j, code >> 8);
	return put_byte(j, code & 0xff);
}

static int put_cp932(struct job *j, uint32_t cp)
{
	if (cp < 0x80 || (cp >= 0xff61 && cp <= 0xff9f))
		return put_byte(j, cp < 0x80 ? cp : cp - 0xff61 + 0xa1);
	if (cp >= 0xe000 && cp <= 0xe757) {
		const unsigned at = (cp - 0xe000) % 188;
		return put_code(j, (0xf0 + (cp - 0xe000) / 188) << 8 | (at + 0x40 + (at >= 63)));
	}
	const unsigned code = cp932_code(cp);
	return code ? put_code(j, code) : 0;
}

int hub_enc_cp932_has(uint32_t cp)
{
	if (cp < 0x80 || (cp >= 0xff61 && cp <= 0xff9f) || (cp >= 0xe000 && cp <= 0xe757))
		return 1;
	for (size_t i = 0; i < HUB_COUNT(pairs); i++)
		if (cp == pairs[i].jis)
			return 1;
	return cp932_code(cp) != 0;
}

/* Row << 8 | cell of JIS X 0208, both from 0x21; 0 when it is not there. */
static unsigned jis0208_code(uint32_t cp)
{
	for (size_t i = 0; i < HUB_COUNT(pairs); i++) {
		if (cp == pairs[i].ms)
			return 0;
		if (cp == pairs[i].jis) {
			cp = pairs[i].ms;
			break;
		}
	}
	unsigned code = cp932_code(cp);
	/* IBM's characters lie outside the 94 rows; NEC's selection of them is inside: rows 89-92 */
	if (code >= 0xfa00) {
		for (code = 0xed40; code <= 0xeefc; code++) {
			const unsigned trail = code & 0xff;
			if (trail >= 0x40 &&
			    hub_cp932_table[cp932_lead_index(code >> 8) * CP932_TRAILS + trail -
					    0x40] == cp)
				break;
		}
		if (code > 0xeefc)
			return 0;
	}
	if (!code)
		return 0;
	const unsigned trail = code & 0xff;
	const unsigned at = trail - 0x40 - (trail > 0x7f);
	return (cp932_lead_index(code >> 8) * 2 + at / 94 + 0x21) << 8 | (at % 94 + 0x21);
}

/* The same in JIS X 0212. Rare characters: a walk over 17 kB is cheaper than one more table. */
static unsigned jis0212_code(uint32_t cp)
{
	for (unsigned i = 0; cp >= 0x80 && cp <= 0xffff && i < HUB_COUNT(hub_jis0212_table); i++)
		if (hub_jis0212_table[i] == cp)
			return (i / JIS_ROWS + 0x21) << 8 | (i % JIS_ROWS + 0x21);
	return 0;
}

static int put_eucjp(struct job *j, uint32_t cp)
{
	if (cp < 0x80)
		return put_byte(j, cp);
	if (cp >= 0xff61 && cp <= 0xff9f)
		return put_code(j, 0x8e00 | (cp - 0xff61 + 0xa1));
	unsigned code = jis0208_code(cp);
	if (!code) {
		code = jis0212_code(cp);
		if (!code)
			return 0;
		put_byte(j, 0x8f);
	}
	return put_code(j, code | 0x8080);
}

static void shift_to(struct job *j, uint8_t shift)
{
	static const char *const escape[] = {"\x1b(B", "\x1b(J", "\x1b(I", "\x1b$B", "\x1b$(D"};

	if (j->shift == shift)
		return;
	for (const char *c = escape[shift]; *c; c++)
		put_byte(j, (unsigned char)*c);
	j->shift = shift;
}

static int put_iso2022jp(struct job *j, uint32_t cp)
{
	if (cp == 0x1b || cp == 0x0e || cp == 0x0f)
		return 0; /* would be read as a change of the character set */
	if (cp < 0x80) {
		shift_to(j, 0);
		return put_byte(j, cp);
	}
	if (cp >= 0xff61 && cp <= 0xff9f) {
		shift_to(j, 2);
		return put_byte(j, cp - 0xff61 + 0x21);
	}
	unsigned code = jis0208_code(cp);
	const uint8_t set = code ? 3 : 4;
	if (!code)
		code = jis0212_code(cp);
	if (!code)
		return 0;
	shift_to(j, set);
	return put_code(j, code);
}

static int put_utf16(struct job *j, uint32_t cp)
{
	uint32_t unit[2] = {cp, 0};
	size_t units = 1;

	if (cp >= 0x10000) {
		unit[0] = 0xd800 + ((cp - 0x10000) >> 10);
		unit[1] = 0xdc00 + ((cp - 0x10000) & 0x3ff);
		units = 2;
	}
	for (size_t i = 0; i < units; i++) {
		const unsigned u = (unsigned)unit[i];
		put_code(j, j->enc == HUB_ENC_UTF16BE ? u : (u & 0xff) << 8 | u >> 8);
	}
	return 1;
}

/* 0 when the encoding has no such character; then nothing was written. */
static int put(struct job *j, uint32_t cp)
{
	switch (j->enc) {
	case HUB_ENC_CP932:
		return put_cp932(j, cp);
	case HUB_ENC_EUCJP:
		return put_eucjp(j, cp);
	case HUB_ENC_ISO2022JP:
		return put_iso2022jp(j, cp);
	case HUB_ENC_UTF16LE:
	case HUB_ENC_UTF16BE:
		return put_utf16(j, cp);
	case HUB_ENC_UTF8:
		j->n += hub_utf8_put(cp, j->window + j->n);
		return 1;
	case HUB_ENC_NONE:
		break;
	}
	return 0;
}

/* Writes the twin of cp and returns it; 0 when there is none. */
static uint32_t put_twin(struct job *j, uint32_t cp)
{
	uint32_t as = 0;

	for (size_t i = 0; i < HUB_COUNT(pairs) && !as; i++)
		as = cp == pairs[i].jis ? pairs[i].ms : cp == pairs[i].ms ? pairs[i].jis : 0;
	for (size_t i = 0; i < HUB_COUNT(likes) && !as; i++)
		as = cp == likes[i].from ? likes[i].to : 0;
	return as && put(j, as) ? as : 0;
}

/* ASCII as it is: what fits the window, at most. Returns how many bytes. */
static inline size_t put_ascii(struct job *j, struct hub_str s, size_t at)
{
	const size_t room = sizeof j->window - CHAR_BYTES - j->n;
	const size_t most = s.len - at < room ? s.len - at : room;
	size_t n = 0;

	while (n < most && (unsigned char)s.ptr[at + n] < 0x80) {
		j->window[j->n + n] = s.ptr[at + n];
		n++;
	}
	j->n += n;
	return n;
}

/* CP932, the bulk of a text: characters of three bytes (kana, kanji, half-width kana) that have a code.
 * Returns the offset of the first that is something else. */
static size_t put_cp932_run(struct job *j, struct hub_str s, size_t at)
{
	const size_t most = sizeof j->window - CHAR_BYTES;
	size_t n = j->n;

	while (n < most && s.len - at >= 3) {
		const unsigned char *p = (const unsigned char *)s.ptr + at;
		if (p[0] < 0xe1 || p[0] > 0xef || p[0] == 0xed || p[0] == 0xee)
			break;
		if ((p[1] & 0xc0) != 0x80 || (p[2] & 0xc0) != 0x80)
			break;
		const uint32_t cp = (p[0] & 0x0fu) << 12 | (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu);
		if (cp >= 0xff61 && cp <= 0xff9f) {
			j->window[n++] = (char)(cp - 0xff61 + 0xa1);
		} else {
			const unsigned code = cp932_code(cp);
			if (!code)
				break;
			j->window[n++] = (char)(code >> 8);
			j->window[n++] = (char)code;
		}
		at += 3;
	}
	j->n = n;
	return at;
}

/* What cannot be written as it is: its twin, or the report's stand-in. */
static void put_other(struct job *j, uint32_t cp, size_t at, struct hub_enc_stats *st,
		      const struct hub_enc_report *report)
{
	const uint32_t as = cp == UINT32_MAX ? 0 : put_twin(j, cp);

	if (as) {
		st->substituted++;
		if (report && report->substituted)
			report->substituted(report->arg, cp, as, at);
		return;
	}
	st->lost++;
	if (report && report->lost) {
		if (j->enc == HUB_ENC_ISO2022JP)
			shift_to(j, 0);
		flush(j);
		report->lost(report->arg, cp, at, j->out);
	}
}

size_t hub_encode(enum hub_enc enc, struct hub_str utf8, struct hub_buf *out,
		  struct hub_enc_stats *stats, const struct hub_enc_report *report)
{
	struct job j = {.enc = enc, .out = out};
	struct hub_enc_stats st = {0};
	const int ascii_as_is = enc == HUB_ENC_UTF8 || enc == HUB_ENC_CP932 || enc == HUB_ENC_EUCJP;

	for (size_t at = 0; at < utf8.len && !out->failed;) {
		if (j.n > sizeof j.window - 2 * CHAR_BYTES)
			flush(&j);
		const size_t here = at;
		if (ascii_as_is)
			at += put_ascii(&j, utf8, at);
		if (enc == HUB_ENC_CP932)
			at = put_cp932_run(&j, utf8, at);
		if (at > here)
			continue;
		const int32_t cp = hub_utf8_next(utf8, &at);
		if (cp < 0 || !put(&j, (uint32_t)cp))
			put_other(&j, cp < 0 ? UINT32_MAX : (uint32_t)cp, here, &st, report);
	}
	if (enc == HUB_ENC_ISO2022JP)
		shift_to(&j, 0);
	flush(&j);
	if (stats) {
		stats->substituted += st.substituted;
		stats->lost += st.lost;
	}
	return (size_t)st.lost;
}

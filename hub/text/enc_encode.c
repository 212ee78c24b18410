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

struct job {
	enum hub_enc enc;
	struct hub_buf *out;
	uint8_t shift; /* ISO-2022-JP */
};

static int put_code(struct job *j, unsigned code)
{
	const char b[2] = {(char)(code >> 8), (char)code};

	hub_buf_add(j->out, b, 2);
	return 1;
}

static int put_cp932(struct job *j, uint32_t cp)
{
	if (cp < 0x80 || (cp >= 0xff61 && cp <= 0xff9f)) {
		hub_buf_putc(j->out, (char)(cp < 0x80 ? cp : cp - 0xff61 + 0xa1));
		return 1;
	}
	if (cp >= 0xe000 && cp <= 0xe757) {
		const unsigned at = (cp - 0xe000) % 188;
		return put_code(j, (0xf0 + (cp - 0xe000) / 188) << 8 | (at + 0x40 + (at >= 63)));
	}
	const unsigned code = cp932_code(cp);
	return code ? put_code(j, code) : 0;
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
	if (cp < 0x80) {
		hub_buf_putc(j->out, (char)cp);
		return 1;
	}
	if (cp >= 0xff61 && cp <= 0xff9f)
		return put_code(j, 0x8e00 | (cp - 0xff61 + 0xa1));
	unsigned code = jis0208_code(cp);
	if (!code) {
		code = jis0212_code(cp);
		if (!code)
			return 0;
		hub_buf_putc(j->out, '\x8f');
	}
	return put_code(j, code | 0x8080);
}

static void shift_to(struct job *j, uint8_t shift)
{
	static const char *const escape[] = {"\x1b(B", "\x1b(J", "\x1b(I", "\x1b$B", "\x1b$(D"};

	if (j->shift != shift)
		hub_buf_puts(j->out, escape[shift]);
	j->shift = shift;
}

static int put_iso2022jp(struct job *j, uint32_t cp)
{
	if (cp == 0x1b || cp == 0x0e || cp == 0x0f)
		return 0; /* would be read as a change of the character set */
	if (cp < 0x80) {
		shift_to(j, 0);
		hub_buf_putc(j->out, (char)cp);
		return 1;
	}
	if (cp >= 0xff61 && cp <= 0xff9f) {
		shift_to(j, 2);
		hub_buf_putc(j->out, (char)(cp - 0xff61 + 0x21));
		return 1;
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
	char utf8[4];

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
		hub_buf_add(j->out, utf8, hub_utf8_put(cp, utf8));
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

static size_t ascii_run(struct hub_str s, size_t at)
{
	const size_t from = at;
	uint64_t v;

	for (; at + sizeof v <= s.len; at += sizeof v) {
		memcpy(&v, s.ptr + at, sizeof v);
		if (v & 0x8080808080808080u)
			break;
	}
	while (at < s.len && (unsigned char)s.ptr[at] < 0x80)
		at++;
	return at - from;
}

size_t hub_encode(enum hub_enc enc, struct hub_str utf8, struct hub_buf *out,
		  struct hub_enc_stats *stats, const struct hub_enc_report *report)
{
	struct job j = {.enc = enc, .out = out};
	const int ascii_as_is = enc == HUB_ENC_UTF8 || enc == HUB_ENC_CP932 || enc == HUB_ENC_EUCJP;
	size_t lost = 0, substituted = 0;

	for (size_t at = 0; at < utf8.len && !out->failed;) {
		if (ascii_as_is) {
			const size_t n = ascii_run(utf8, at);
			hub_buf_add(out, utf8.ptr + at, n);
			at += n;
			if (at == utf8.len)
				break;
		}
		const size_t here = at;
		const int32_t got = hub_utf8_next(utf8, &at);
		const uint32_t cp = got < 0 ? UINT32_MAX : (uint32_t)got;
		if (got >= 0 && put(&j, cp))
			continue;
		const uint32_t as = got < 0 ? 0 : put_twin(&j, cp);
		if (as) {
			substituted++;
			if (report && report->substituted)
				report->substituted(report->arg, cp, as, here);
			continue;
		}
		lost++;
		if (report && report->lost) {
			if (enc == HUB_ENC_ISO2022JP)
				shift_to(&j, 0);
			report->lost(report->arg, cp, here, out);
		}
	}
	if (enc == HUB_ENC_ISO2022JP)
		shift_to(&j, 0);
	if (stats) {
		stats->substituted += substituted;
		stats->lost += lost;
	}
	return lost;
}

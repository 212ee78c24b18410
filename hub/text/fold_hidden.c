#include "text/fold.h"

static const struct range {
	uint32_t first, last;
	enum hub_hidden kind;
} ranges[] = {
    {0x00, 0x08, HUB_HIDDEN_CONTROL},
    {0x0b, 0x0c, HUB_HIDDEN_CONTROL},
    {0x0e, 0x1f, HUB_HIDDEN_CONTROL},
    {0x7f, 0x9f, HUB_HIDDEN_CONTROL},
    {0xa0, 0xa0, HUB_HIDDEN_NBSP},
    {0xad, 0xad, HUB_HIDDEN_SOFT_HYPHEN},
    {0x61c, 0x61c, HUB_HIDDEN_BIDI},
    {0x180b, 0x180d, HUB_HIDDEN_VARIATION},
    {0x200b, 0x200d, HUB_HIDDEN_ZERO_WIDTH},
    {0x200e, 0x200f, HUB_HIDDEN_BIDI},
    {0x202a, 0x202e, HUB_HIDDEN_BIDI},
    {0x202f, 0x202f, HUB_HIDDEN_NBSP},
    {0x2060, 0x2064, HUB_HIDDEN_ZERO_WIDTH},
    {0x2066, 0x2069, HUB_HIDDEN_BIDI},
    {0xe000, 0xf8ff, HUB_HIDDEN_GAIJI},
    {0xfe00, 0xfe0f, HUB_HIDDEN_VARIATION},
    {0xfeff, 0xfeff, HUB_HIDDEN_ZERO_WIDTH},
    {0xfffd, 0xfffd, HUB_HIDDEN_REPLACED},
    {0xe0100, 0xe01ef, HUB_HIDDEN_VARIATION},
    {0xf0000, 0x10ffff, HUB_HIDDEN_GAIJI},
};

static const char *const names[HUB_HIDDEN_KINDS] = {
    [HUB_HIDDEN_GAIJI] = "gaiji",
    [HUB_HIDDEN_VARIATION] = "variation-selector",
    [HUB_HIDDEN_ZERO_WIDTH] = "zero-width",
    [HUB_HIDDEN_BIDI] = "direction-mark",
    [HUB_HIDDEN_SOFT_HYPHEN] = "soft-hyphen",
    [HUB_HIDDEN_NBSP] = "no-break-space",
    [HUB_HIDDEN_CONTROL] = "control",
    [HUB_HIDDEN_REPLACED] = "replacement",
};

const char *hub_hidden_name(enum hub_hidden kind)
{
	return (unsigned)kind < HUB_HIDDEN_KINDS ? names[kind] : "";
}

int hub_hidden_of(uint32_t cp)
{
	for (size_t i = 0; i < HUB_COUNT(ranges); i++)
		if (cp <= ranges[i].last)
			return cp >= ranges[i].first ? (int)ranges[i].kind : -1;
	return -1;
}

/* Length of a character that by its first byte cannot be a hidden one: printable ASCII, tabs and line
 * ends, kana and kanji (E3-ED). 0: look closer. */
static inline size_t plain_len(unsigned char c)
{
	if (c < 0x80)
		return (c >= 0x20 && c != 0x7f) || c == '\t' || c == '\n' || c == '\r';
	return c >= 0xe3 && c <= 0xed ? 3 : 0;
}

int hub_hidden_next(struct hub_str text, size_t *at, enum hub_hidden *kind, uint32_t *cp,
		    size_t *where)
{
	while (*at < text.len) {
		const size_t skip = plain_len((unsigned char)text.ptr[*at]);
		if (skip && skip <= text.len - *at) {
			*at += skip;
			continue;
		}
		const size_t from = *at;
		const int32_t got = hub_utf8_next(text, at);
		const int k = got < 0 ? -1 : hub_hidden_of((uint32_t)got);
		if (k < 0)
			continue;
		*kind = (enum hub_hidden)k;
		*cp = (uint32_t)got;
		*where = from;
		return 1;
	}
	return 0;
}

struct hub_str hub_key_strip(struct hub_arena *a, struct hub_str text)
{
	char *out = hub_alloc(a, text.len + 1);
	enum hub_hidden kind;
	uint32_t cp;
	size_t at = 0, from = 0, where, n = 0;

	if (!out)
		return (struct hub_str){NULL, 0};
	while (hub_hidden_next(text, &at, &kind, &cp, &where)) {
		/* gaiji and U+FFFD are visible: they stay */
		if (kind == HUB_HIDDEN_GAIJI || kind == HUB_HIDDEN_REPLACED)
			continue;
		memcpy(out + n, text.ptr + from, where - from);
		n += where - from;
		if (kind == HUB_HIDDEN_NBSP)
			out[n++] = ' ';
		from = at;
	}
	if (text.len > from)
		memcpy(out + n, text.ptr + from, text.len - from);
	return (struct hub_str){out, n + text.len - from};
}

struct hub_str hub_key_typed(struct hub_arena *a, struct hub_str text)
{
	const struct hub_str bare = hub_key_strip(a, text);
	const struct hub_str wide = bare.ptr ? hub_fold_width(a, bare, 0, NULL) : bare;
	const struct hub_str s = hub_str_trim(wide);
	char *out = wide.ptr ? hub_alloc(a, s.len + 1) : NULL;

	for (size_t i = 0; out && i < s.len; i++)
		out[i] =
		    (char)(s.ptr[i] >= 'A' && s.ptr[i] <= 'Z' ? s.ptr[i] - 'A' + 'a' : s.ptr[i]);
	return (struct hub_str){out, s.len};
}

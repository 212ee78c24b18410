#include "base/str.h"

enum { SHORT_NEEDLE = 32 }; /* found without the table that memmem makes for each call */

int hub_str_cmp(struct hub_str a, struct hub_str b)
{
	const size_t n = a.len < b.len ? a.len : b.len;
	const int c = n ? memcmp(a.ptr, b.ptr, n) : 0;

	if (c)
		return c;
	return (a.len > b.len) - (a.len < b.len);
}

size_t hub_str_find(struct hub_str s, struct hub_str needle, size_t from)
{
	if (from > s.len)
		return (size_t)-1;
	if (needle.len == 0)
		return from;
	if (s.len - from < needle.len) /* also the empty string, whose ptr may be NULL */
		return (size_t)-1;

	if (needle.len > SHORT_NEEDLE) {
		const char *p = memmem(s.ptr + from, s.len - from, needle.ptr, needle.len);
		return p ? (size_t)(p - s.ptr) : (size_t)-1;
	}
	/* by its last byte: of the bytes of a kanji that is the one that differs most */
	const char *const end = s.ptr + s.len, *p = s.ptr + from + needle.len - 1;
	for (; (p = memchr(p, needle.ptr[needle.len - 1], (size_t)(end - p))); p++)
		if (memcmp(p - needle.len + 1, needle.ptr, needle.len) == 0)
			return (size_t)(p - s.ptr) - needle.len + 1;
	return (size_t)-1;
}

static int is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct hub_str hub_str_trim(struct hub_str s)
{
	const struct hub_str wide = HUB_STR("\xe3\x80\x80");

	for (;;) {
		if (s.len && is_space(s.ptr[0]))
			s = hub_str_from(s, 1);
		else if (hub_str_starts(s, wide))
			s = hub_str_from(s, wide.len);
		else
			break;
	}
	for (;;) {
		if (s.len && is_space(s.ptr[s.len - 1]))
			s.len--;
		else if (hub_str_ends(s, wide))
			s.len -= wide.len;
		else
			break;
	}
	return s;
}

int hub_str_next(struct hub_str *rest, char sep, struct hub_str *piece)
{
	if (!rest->ptr)
		return 0;
	const char *p = rest->len ? memchr(rest->ptr, sep, rest->len) : NULL;
	if (!p) {
		*piece = *rest;
		*rest = (struct hub_str){NULL, 0};
		return piece->len > 0 || piece->ptr != NULL;
	}
	*piece = (struct hub_str){rest->ptr, (size_t)(p - rest->ptr)};
	*rest = hub_str_from(*rest, piece->len + 1);
	return 1;
}

static int trail(struct hub_str s, size_t at)
{
	return at < s.len && ((unsigned char)s.ptr[at] & 0xc0) == 0x80;
}

int32_t hub_utf8_next(struct hub_str s, size_t *at)
{
	const unsigned char *p = (const unsigned char *)s.ptr + *at;
	const unsigned c = p[0];

	if (c < 0x80) {
		*at += 1;
		return (int32_t)c;
	}
	if (c >= 0xc2 && c < 0xe0 && trail(s, *at + 1)) {
		*at += 2;
		return (int32_t)((c & 0x1f) << 6 | (p[1] & 0x3f));
	}
	if (c >= 0xe0 && c < 0xf0 && trail(s, *at + 1) && trail(s, *at + 2)) {
		const int32_t cp =
		    (int32_t)((c & 0x0f) << 12 | (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu));
		if (cp >= 0x800 && (cp < 0xd800 || cp > 0xdfff)) {
			*at += 3;
			return cp;
		}
	}
	if (c >= 0xf0 && c < 0xf5 && trail(s, *at + 1) && trail(s, *at + 2) && trail(s, *at + 3)) {
		const int32_t cp = (int32_t)((c & 0x07) << 18 | (p[1] & 0x3fu) << 12 |
					     (p[2] & 0x3fu) << 6 | (p[3] & 0x3fu));
		if (cp >= 0x10000 && cp <= 0x10ffff) {
			*at += 4;
			return cp;
		}
	}
	*at += 1;
	return -1;
}

size_t hub_utf8_put(uint32_t cp, char *out)
{
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xc0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3f));
		return 2;
	}
	if (cp < 0x10000) {
		if (cp >= 0xd800 && cp <= 0xdfff)
			return 0;
		out[0] = (char)(0xe0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3f));
		out[2] = (char)(0x80 | (cp & 0x3f));
		return 3;
	}
	if (cp > 0x10ffff)
		return 0;
	out[0] = (char)(0xf0 | cp >> 18);
	out[1] = (char)(0x80 | (cp >> 12 & 0x3f));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3f));
	out[3] = (char)(0x80 | (cp & 0x3f));
	return 4;
}

size_t hub_utf8_valid(struct hub_str s)
{
	size_t at = 0;

	while (at < s.len) {
		uint64_t w;
		while (at + sizeof w <= s.len) {
			memcpy(&w, s.ptr + at, sizeof w);
			if (w & 0x8080808080808080u)
				break;
			at += sizeof w;
		}
		if (at == s.len)
			break;
		const size_t before = at;
		if (hub_utf8_next(s, &at) < 0)
			return before;
	}
	return s.len;
}

size_t hub_utf8_count(struct hub_str s)
{
	size_t n = s.len, i = 0;

	/* eight bytes at a time: bit 7 set and bit 6 not is a byte that goes on */
	for (uint64_t w; s.len - i >= sizeof w; i += sizeof w) {
		memcpy(&w, s.ptr + i, sizeof w);
		n -=
		    (size_t)((((w >> 7) & ~(w >> 6)) & 0x0101010101010101u) * 0x0101010101010101u >>
			     56);
	}
	for (; i < s.len; i++)
		n -= ((unsigned char)s.ptr[i] & 0xc0) == 0x80;
	return n;
}

char *hub_put_number(char *to, uint64_t n)
{
	char digits[20];
	size_t at = sizeof digits;

	do {
		digits[--at] = (char)('0' + n % 10);
		n /= 10;
	} while (n);
	memcpy(to, digits + at, sizeof digits - at);
	return to + (sizeof digits - at);
}

int hub_parse_i64(struct hub_str s, int64_t min, int64_t max, int64_t *out)
{
	size_t i = 0;
	int64_t v = 0;
	const int neg = s.len > 0 && s.ptr[0] == '-';

	if (s.len > 0 && (s.ptr[0] == '-' || s.ptr[0] == '+'))
		i++;
	if (i == s.len)
		return -1;
	for (size_t k = i; k < s.len; k++)
		if (s.ptr[k] < '0' || s.ptr[k] > '9')
			return -1;
	for (; i < s.len; i++) {
		const int64_t d = s.ptr[i] - '0';
		if (__builtin_mul_overflow(v, (int64_t)10, &v) ||
		    __builtin_add_overflow(v, neg ? -d : d, &v))
			return -2;
	}
	if (v < min || v > max)
		return -2;
	*out = v;
	return 0;
}

int hub_utf8_steers(int32_t c)
{
	return (c < 0x20 && c != '\n') || (c >= 0x7f && c <= 0x9f) || c == 0x200e || c == 0x200f ||
	       (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

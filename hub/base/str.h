/* struct hub_str (pointer + length): small pure helpers. UTF-8 stepping lives here too. */
#ifndef HUB_BASE_STR_H
#define HUB_BASE_STR_H

#include <hub/plugin.h>
#include <string.h>

#define HUB_STR(literal) ((struct hub_str){(literal), sizeof(literal) - 1})
#define HUB_COUNT(a)     (sizeof(a) / sizeof((a)[0]))
/* For printf: printf("%.*s", HUB_FMT(s)) */
#define HUB_FMT(s) (int)(s).len, (s).ptr

static inline struct hub_str hub_str_of(const char *z)
{
	return (struct hub_str){z, z ? strlen(z) : 0};
}

static inline int hub_str_eq(struct hub_str a, struct hub_str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline int hub_str_is(struct hub_str a, const char *z)
{
	return hub_str_eq(a, hub_str_of(z));
}

/* 0-15; -1: no hexadecimal digit. */
static inline int hub_hex_digit(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
				      : -1;
}

/* Is it one of the n words? */
static inline int hub_str_among(struct hub_str s, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (hub_str_is(s, words[i]))
			return 1;
	return 0;
}

static inline int hub_str_starts(struct hub_str s, struct hub_str head)
{
	return s.len >= head.len && (head.len == 0 || (s.ptr[0] == head.ptr[0] &&
						       memcmp(s.ptr, head.ptr, head.len) == 0));
}

static inline int hub_str_ends(struct hub_str s, struct hub_str tail)
{
	return s.len >= tail.len &&
	       (tail.len == 0 || (s.ptr[s.len - 1] == tail.ptr[tail.len - 1] &&
				  memcmp(s.ptr + s.len - tail.len, tail.ptr, tail.len) == 0));
}

static inline struct hub_str hub_str_from(struct hub_str s, size_t at)
{
	return (struct hub_str){s.ptr + at, s.len - at};
}

static inline struct hub_str hub_str_cut(struct hub_str s, size_t from, size_t to)
{
	return (struct hub_str){s.ptr + from, to - from};
}

int hub_str_cmp(struct hub_str a, struct hub_str b); /* byte order, as memcmp then length */
/* Byte offset of needle at or after `from`, or (size_t)-1. */
size_t hub_str_find(struct hub_str s, struct hub_str needle, size_t from);
/* Strips ASCII white space and U+3000 at both ends. */
struct hub_str hub_str_trim(struct hub_str s);
/* Cuts the next piece up to sep off *rest; 0 when nothing is left. "a,,b" gives 3 pieces, "" none. */
int hub_str_next(struct hub_str *rest, char sep, struct hub_str *piece);

/* Strict UTF-8 (no overlong, no surrogate, <= U+10FFFF). Reads the code point at s[*at], moves *at
 * behind it. Returns -1 at an invalid sequence (then *at moves one byte). Call with *at < s.len. */
int32_t hub_utf8_next(struct hub_str s, size_t *at);
/* Does a character steer a terminal, or turn what stands beside it around? Line ends are none. */
int hub_utf8_steers(int32_t c);
/* Writes cp, returns 1-4; 0 for a surrogate or > U+10FFFF. out has room for 4. */
size_t hub_utf8_put(uint32_t cp, char *out);
/* Offset of the first invalid byte; s.len when all is valid. Fast over ASCII. */
size_t hub_utf8_valid(struct hub_str s);
/* Number of code points of valid UTF-8. */
size_t hub_utf8_count(struct hub_str s);

/* Writes n in decimal, at most 20 digits, without the cost of a format; returns what is behind it. */
char *hub_put_number(char *to, uint64_t n);
/* Decimal integer, whole text, in min..max. 0 if fine, -1 if not a number, -2 if out of range. */
int hub_parse_i64(struct hub_str s, int64_t min, int64_t max, int64_t *out);

#endif

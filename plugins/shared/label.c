#include "label.h"

#include "plain.h"

#include <string.h>

/* Bytes of the blank at the beginning of s: space, tab, line end, U+3000. */
static size_t blank(struct hub_str s)
{
	if (s.len > 0 && (s.ptr[0] == ' ' || (s.ptr[0] >= '\t' && s.ptr[0] <= '\r')))
		return 1;
	return s.len >= 3 && memcmp(s.ptr, "\xe3\x80\x80", 3) == 0 ? 3 : 0;
}

struct hub_str label_trim(struct hub_str s)
{
	for (size_t n; (n = blank(s)) > 0;)
		s = str_from(s, n);
	for (;;) {
		if (s.len > 0 && blank(str_from(s, s.len - 1)))
			s.len--;
		else if (s.len >= 3 && blank(str_from(s, s.len - 3)) == 3)
			s.len -= 3;
		else
			return s;
	}
}

int label_next(struct hub_str *rest, const char *between, struct hub_str *left,
	       struct hub_str *right)
{
	do {
		size_t n = 0;
		if (rest->len == 0)
			return 0;
		while (n < rest->len && (rest->ptr[n] == '\0' || !strchr(between, rest->ptr[n])))
			n++;
		*left = label_trim((struct hub_str){rest->ptr, n});
		*rest = str_from(*rest, n < rest->len ? n + 1 : n);
	} while (left->len == 0);
	const char *equals = memchr(left->ptr, '=', left->len);
	*right = (struct hub_str){NULL, 0};
	if (equals) {
		*right = label_trim(
		    (struct hub_str){equals + 1, (size_t)(left->ptr + left->len - equals) - 1});
		*left = label_trim((struct hub_str){left->ptr, (size_t)(equals - left->ptr)});
	}
	return 1;
}

static size_t next_mark(struct hub_str *s)
{
	for (size_t n; (n = blank(*s)) > 0;)
		*s = str_from(*s, n);
	return s->len;
}

int label_same(struct hub_str a, struct hub_str b)
{
	while (next_mark(&a) > 0 && next_mark(&b) > 0) {
		if (a.ptr[0] != b.ptr[0])
			return 0;
		a = str_from(a, 1);
		b = str_from(b, 1);
	}
	return next_mark(&a) == 0 && next_mark(&b) == 0;
}

#include "escape.h"

#include <string.h>

static int hex(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
				      : -1;
}

/* Code of "_xHHHH_" at p, or -1. Surrogates stay as they are: half a character is none. */
static int code_at(const char *p, size_t n)
{
	int code = 0;

	if (n < 7 || p[0] != '_' || p[1] != 'x' || p[6] != '_')
		return -1;
	for (int i = 2; i < 6; i++) {
		if (hex(p[i]) < 0)
			return -1;
		code = code * 16 + hex(p[i]);
	}
	return code >= 0xd800 && code <= 0xdfff ? -1 : code;
}

static size_t put_utf8(char *to, int code)
{
	if (code < 0x80) {
		to[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		to[0] = (char)(0xc0 | code >> 6);
		to[1] = (char)(0x80 | (code & 0x3f));
		return 2;
	}
	to[0] = (char)(0xe0 | code >> 12);
	to[1] = (char)(0x80 | (code >> 6 & 0x3f));
	to[2] = (char)(0x80 | (code & 0x3f));
	return 3;
}

size_t escape_undo(char *p, size_t n)
{
	size_t to = 0;

	if (n < 7 || !memmem(p, n, "_x", 2))
		return n;
	for (size_t at = 0; at < n;) {
		const int code = code_at(p + at, n - at);
		if (code < 0) {
			p[to++] = p[at++];
			continue;
		}
		to += put_utf8(p + to, code);
		at += 7;
	}
	return to;
}

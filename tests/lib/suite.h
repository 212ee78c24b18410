/* For tests that read the shared suites: files below $SHARED_DATA, tab separated tables. */
#ifndef TESTS_LIB_SUITE_H
#define TESTS_LIB_SUITE_H

#include "test.h"

#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A file below $SHARED_DATA into b, unpacked when its name ends in .gz; skips the running test when
 * it is not there. */
static inline struct hub_str suite_read(struct hub_buf *b, const char *folder, const char *name)
{
	const char *root = getenv("SHARED_DATA");
	char path[1024], command[1100];
	size_t n;

	snprintf(path, sizeof path, "%s/%s/%s", root ? root : "", folder, name);
	if (!root || !*root || access(path, R_OK) != 0)
		skip();
	const int gz = hub_str_ends(hub_str_of(name), HUB_STR(".gz"));
	snprintf(command, sizeof command, "gzip -dc '%s'", path);
	FILE *f = gz ? popen(command, "r") : fopen(path, "rb");
	assert_non_null(f);
	hub_buf_reset(b);
	do {
		char *to = hub_buf_room(b, 65536);
		assert_non_null(to);
		n = fread(to, 1, 65536, f);
		b->len += n;
	} while (n > 0);
	assert_int_equal(gz ? pclose(f) : fclose(f), 0);
	return hub_buf_text(b);
}

/* Cuts the next line off *rest and into at most max cells at tabs. Returns the number of cells, 0 at
 * the end. Missing cells are empty. */
static inline size_t suite_row(struct hub_str *rest, struct hub_str *cell, size_t max)
{
	struct hub_str line;
	size_t n = 0;

	for (size_t i = 0; i < max; i++)
		cell[i] = HUB_STR("");
	if (rest->len == 0 || !hub_str_next(rest, '\n', &line))
		return 0;
	while (n < max && hub_str_next(&line, '\t', &cell[n]))
		n++;
	return n ? n : 1;
}

static inline unsigned suite_hex(char c)
{
	return c <= '9' ? (unsigned)(c - '0') : ((unsigned)c | 0x20) - 'a' + 10;
}

/* "8A40" as bytes; returns how many. */
static inline size_t suite_bytes(struct hub_str hex, char *out)
{
	for (size_t i = 0; i + 1 < hex.len; i += 2)
		out[i / 2] = (char)(suite_hex(hex.ptr[i]) << 4 | suite_hex(hex.ptr[i + 1]));
	return hex.len / 2;
}

/* "U+3000 U+FFFD" or "3000 FFFD" as UTF-8; returns the number of bytes. */
static inline size_t suite_points(struct hub_str list, char *out)
{
	struct hub_str one;
	size_t n = 0;

	while (hub_str_next(&list, ' ', &one)) {
		uint32_t cp = 0;
		for (size_t i = hub_str_starts(one, HUB_STR("U+")) ? 2 : 0; i < one.len; i++)
			cp = cp << 4 | suite_hex(one.ptr[i]);
		if (one.len)
			n += hub_utf8_put(cp, out + n);
	}
	return n;
}

#endif

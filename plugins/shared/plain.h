/* What every plugin says: out of memory, two texts alike, a C string as a text, the next line. */
#ifndef PLUGINS_SHARED_PLAIN_H
#define PLUGINS_SHARED_PLAIN_H

#include <hub/plugin.h>
#include <string.h>

/* A macro, so that the error names the line that asked for the memory. */
#define NO_MEMORY(host, err) HUB_FAIL(host, err, HUB_FATAL, "out-of-memory", "out of memory")

static inline int str_same(struct hub_str a, struct hub_str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* Is s this word? */
static inline int str_is(struct hub_str s, const char *word)
{
	return str_same(s, (struct hub_str){word, strlen(word)});
}

/* z may be NULL: a text without a place, as for a value that is missing. */
static inline struct hub_str str_of(const char *z)
{
	return (struct hub_str){z, z ? strlen(z) : 0};
}

/* What stands behind the first n bytes. */
static inline struct hub_str str_from(struct hub_str s, size_t n)
{
	return (struct hub_str){s.ptr + n, s.len - n};
}

static inline int str_starts(struct hub_str s, const char *word)
{
	const size_t n = strlen(word);

	return s.len >= n && memcmp(s.ptr, word, n) == 0;
}

/* A copy that lives as long as the batch, or (b NULL) as the instance, with a NUL behind it; ptr NULL: out of memory. */
static inline struct hub_str str_keep(const struct hub_host *host, struct hub_ctx *ctx,
				      struct hub_batch *b, struct hub_str s)
{
	char *p = host->alloc(ctx, b, s.len + 1);

	if (p && s.len)
		memcpy(p, s.ptr, s.len);
	return (struct hub_str){p, s.len};
}

/* Takes the next line of what is left, without its end (LF, CR LF or CR); 0 when nothing is left. */
static inline int str_next_line(struct hub_str *rest, struct hub_str *line)
{
	size_t n = 0;

	if (rest->len == 0)
		return 0;
	while (n < rest->len && rest->ptr[n] != '\n' && rest->ptr[n] != '\r')
		n++;
	*line = (struct hub_str){rest->ptr, n};
	if (n + 1 < rest->len && rest->ptr[n] == '\r' && rest->ptr[n + 1] == '\n')
		n++;
	*rest = str_from(*rest, n < rest->len ? n + 1 : n);
	return 1;
}

#endif

/* What every plugin says: out of memory, two texts alike, a C string as a text. */
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

#endif

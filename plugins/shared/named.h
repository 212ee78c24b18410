/* What a claim looks at first: the end of a file's name. */
#ifndef PLUGINS_SHARED_NAMED_H
#define PLUGINS_SHARED_NAMED_H

#include <hub/plugin.h>
#include <string.h>
#include <strings.h>

/* Large or small letters. */
static inline int ends_with(struct hub_str s, const char *end)
{
	const size_t n = strlen(end);

	return s.len >= n && strncasecmp(s.ptr + s.len - n, end, n) == 0;
}

#endif

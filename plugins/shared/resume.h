/* Where a source goes on in its input: a version and some numbers ("1 8192 40"), opaque to the hub, which keeps it
 * with the chunk and hands it to open() of the same plugin. */
#ifndef PLUGINS_SHARED_RESUME_H
#define PLUGINS_SHARED_RESUME_H

#include <hub/plugin.h>

enum { RESUME_NUMBERS = 8 };

/* Sets b->pos. tail: text behind the numbers; NULL: none. HUB_OK or HUB_FATAL. */
int resume_write(struct hub_ctx *ctx, const struct hub_host *host, struct hub_batch *b,
		 const uint64_t *number, uint32_t n, const struct hub_str *tail,
		 struct hub_err *err);
/* An empty pos, the beginning, leaves number as it is. tail: into pos, may be NULL when there is none.
 * HUB_USAGE "bad-position" for what resume_write() did not write; path: for the message. */
int resume_read(const struct hub_host *host, struct hub_str pos, const char *path, uint64_t *number,
		uint32_t n, struct hub_str *tail, struct hub_err *err);

#endif

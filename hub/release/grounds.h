/* The table of statutory grounds, read from schemas/grounds.cfg. A row acts only when the site has
 * switched it on, it needs no consent, and it names the meeting through which it acts. */
#ifndef HUB_RELEASE_GROUNDS_H
#define HUB_RELEASE_GROUNDS_H

#include "base/arena.h"
#include "base/buf.h"
#include "release/gate.h"

struct hub_grounds {
	const struct hub_ground *row;
	uint32_t n;
};

/* All errors go to report (may be NULL) with file:line; err says how many. Lives in the arena. */
int hub_grounds_load(struct hub_arena *a, const char *path, struct hub_grounds *out,
		     struct hub_buf *report, struct hub_err *err);

#endif

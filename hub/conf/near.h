/* A name that nobody knows: which known one was probably meant, and which there are, for messages. Start with
 * {.name = what was written}, add all known ones in order, then ask. */
#ifndef HUB_CONF_NEAR_H
#define HUB_CONF_NEAR_H

#include "base/err.h"
#include "base/str.h"

struct hub_near {
	struct hub_str name;
	struct hub_str best; /* len 0: none is near */
	unsigned distance;   /* of best */
	uint32_t n;          /* known ones */
	char all[240];       /* "a, b, c": as many as there is room for */
	size_t used;
};

/* known is borrowed. */
void hub_near_add(struct hub_near *n, struct hub_str known);
/* hint: Did you mean "..."? Nothing when nothing is near. */
void hub_near_hint(const struct hub_near *n, struct hub_err *err);
/* Is name probably a misspelt known one? */
int hub_is_near(struct hub_str known, struct hub_str name);

#endif

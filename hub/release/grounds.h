/* The table of statutory grounds, read from schemas/grounds.cfg. A row acts only when the site has
 * switched it on, it needs no consent, and it names the meeting through which it acts. */
#ifndef HUB_RELEASE_GROUNDS_H
#define HUB_RELEASE_GROUNDS_H

#include "conf/conf.h"
#include "release/gate.h"

struct hub_grounds {
	const struct hub_ground *row;
	uint32_t n;
	int own; /* the site's own, which runs only in its approved version (release/approval.h) */
	struct hub_str canon;
	char hash[65]; /* of the canon */
};

/* All problems go to the report; HUB_CONF when there is any. The result lives in the arena. */
int hub_grounds_load(struct hub_arena *a, struct hub_report *r, const char *path,
		     struct hub_grounds *out, struct hub_err *err);

#endif

/* The audit entries of reads: several that end at the same time are one transaction. Each caller goes on when its own
 * entries are in the log, not before. */
#ifndef HUB_SERVE_SCRIBE_H
#define HUB_SERVE_SCRIBE_H

#include "serve/pool.h"

/* Of one read; release/audit.h says what they mean. */
struct hub_note {
	struct hub_note *next;
	const char *action;
	struct hub_str object, detail;
	int always; /* also when the reply is an error: somebody has looked */
};

struct hub_scribe;

/* In the arena, pool outlives it. */
int hub_scribe_new(struct hub_arena *a, struct hub_pool *pool, struct hub_scribe **out,
		   struct hub_err *err);
/* Who calls holds no connection. All of them or none. */
int hub_scribe_write(struct hub_scribe *s, struct hub_str actor, const struct hub_note *notes,
		     struct hub_err *err);
/* Nobody calls any more. NULL is fine. */
void hub_scribe_free(struct hub_scribe *s);

#endif

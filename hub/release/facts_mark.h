/* Whether what decides releases is still what was read: consents, protection, bars, links, corrections, approvals
 * and the rest as numbers that change with them. Cheap enough to ask before every answer. */
#ifndef HUB_RELEASE_FACTS_MARK_H
#define HUB_RELEASE_FACTS_MARK_H

#include "store/db.h"

enum { HUB_FACTS_MARKS = 16 };

/* Two moments with equal marks have the same facts, up to the second `until`. */
struct hub_facts_mark {
	int64_t number[HUB_FACTS_MARKS];
};

/* keys: file of the recipients' keys, it counts, too. */
int hub_facts_mark(struct hub_db *db, const char *keys, struct hub_facts_mark *out,
		   struct hub_err *err);
/* When facts read now end by the clock: the day in Japan, an emergency, a registry feed that is no longer fresh. */
int hub_facts_until(struct hub_db *db, int32_t feed_days, int64_t *until, struct hub_err *err);

#endif

/* A meeting of the store as the gate wants it, with the client of its case. */
#ifndef HUB_RELEASE_MEETING_H
#define HUB_RELEASE_MEETING_H

#include "release/gate.h"
#include "release/people.h"
#include "store/db.h"

struct hub_meeting_facts {
	struct hub_meeting gate; /* kind empty: no meeting */
	int64_t case_id;         /* row of cc_case; 0: none */
	int64_t client;          /* identity of its person */
};

/* number empty: none. HUB_USAGE when no meeting, or more than one, has it. In the arena. */
int hub_meeting_read(struct hub_arena *a, struct hub_db *db, struct hub_people *people,
		     struct hub_str number, struct hub_meeting_facts *out, struct hub_err *err);

/* What the gate gets to see; NULL: none. */
static inline const struct hub_meeting *hub_meeting_of(const struct hub_meeting_facts *m)
{
	return m->gate.kind.len ? &m->gate : NULL;
}

#endif

/* Emergency override (緊急時の提供): one agency may see one person without consent, for some hours. It takes
 * a named ground of the table (emergency = true, active), a reason, and two accounts (release/actor.h): one asks, another
 * confirms. Everything is on the audit log. Contracts, bars and display restrictions stay in force. */
#ifndef HUB_RELEASE_EMERGENCY_H
#define HUB_RELEASE_EMERGENCY_H

#include "release/actor.h"
#include "release/grounds.h"
#include "release/people.h"

enum { HUB_EMERGENCY_HOURS = 24, HUB_EMERGENCY_MOST_HOURS = 72 };

struct hub_emergency_spec {
	struct hub_str recipient;
	int64_t person; /* cc_person row */
	struct hub_str ground, reason;
	struct hub_actor who;
	int64_t hours; /* from the confirmation on */
};

int hub_emergency_ask(struct hub_db *db, const struct hub_grounds *grounds,
		      const struct hub_emergency_spec *spec, int64_t *id, struct hub_err *err);
/* HUB_REFUSED by the one who asked, and a day after it was asked. *until: when it ends. */
int hub_emergency_confirm(struct hub_db *db, int64_t id, const struct hub_actor *who,
			  int64_t *until, struct hub_err *err);
/* Takes one person. */
int hub_emergency_end(struct hub_db *db, int64_t id, const struct hub_actor *who,
		      struct hub_str reason, struct hub_err *err);

/* Those of an agency that were in force at some time from..to (seconds); person: as the gate knows it. In the
 * arena. */
struct hub_emergency_when {
	int64_t from, to;
};
int hub_emergencies_read(struct hub_arena *a, struct hub_db *db, struct hub_people *people,
			 struct hub_str recipient, const struct hub_emergency_when *when,
			 const struct hub_emergency **out, uint32_t *n, struct hub_err *err);

#endif

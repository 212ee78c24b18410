/* The people around a person's case (事案関係者) with all their names, as detectors and the names in
 * brackets need them: the client, everyone of the household, relatives and other people named in the
 * relations, staff. What changes here makes the case's texts stale. */
#ifndef HUB_RELEASE_ROSTER_H
#define HUB_RELEASE_ROSTER_H

#include "release/cast.h"
#include "release/people.h"
#include "release/refuge.h"
#include "release/text.h"

enum { HUB_STAMP = 33 };

struct hub_roster {
	/* ids: the identity of a person of the store, "r<row>" for somebody a relation only names,
	 * "v<row>" for a visitor of an intake,
	 * "s<hash>" for staff */
	const struct hub_person *person;
	uint32_t n;
	uint32_t in_store;             /* the first are people of the store, */
	uint32_t outside;              /* up to there come those whom a line names; then staff */
	int full;                      /* not everybody is in it: no text of the case leaves */
	char stamp[HUB_STAMP];         /* of detectors and roster: what texts were scanned with */
	struct hub_text_person *known; /* people of the store, with household and protection */
	uint32_t n_known;
	const struct hub_consent *consents; /* of all of them */
	uint32_t n_consents;
	/* where somebody lives by a line that only names them, who may be under display restriction; NULL: nobody is */
	const struct hub_refuges *told;
};

/* version: of the detectors. Lives in the arena, and as long as the facts of `people`. */
int hub_roster_read(struct hub_arena *a, struct hub_people *people, struct hub_db *db,
		    const struct hub_person_facts *client, struct hub_str version,
		    struct hub_roster *out, struct hub_err *err);

/* Names for one recipient. NULL: out of memory. */
struct hub_cast *hub_roster_cast(struct hub_arena *a, const struct hub_roster *r,
				 const struct hub_person_facts *client, struct hub_str key,
				 const struct hub_codes *relations);

#endif

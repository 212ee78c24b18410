/* A release of one case: which rows of the store belong to it. The client with everything of this case;
 * of the people around (household, kin of kin, others that a relation of the client names) only who they are
 * and how they are related, never the rows of cases of their own. */
#ifndef HUB_RELEASE_CIRCLE_H
#define HUB_RELEASE_CIRCLE_H

#include "release/cursor.h"
#include "release/people.h"

struct hub_circle {
	int64_t case_id;
	int64_t client;         /* identity */
	struct hub_map *people; /* identities */
	struct hub_map *things; /* "agency 12", "resource 7": named by the case or a relation */
};

/* case_no: number of the case, or its key in the source. Refuses (HUB_USAGE) one that is not there, or has no
 * client. Lives in the arena. */
int hub_circle_open(struct hub_arena *a, struct hub_people *people, struct hub_db *db,
		    struct hub_str case_no, struct hub_circle *out, struct hub_err *err);
/* The same by its row; HUB_END when there is none. It may have no client (0). */
int hub_circle_of(struct hub_arena *a, struct hub_people *people, struct hub_db *db,
		  int64_t case_id, struct hub_circle *out, struct hub_err *err);
/* *yes: the row belongs to it. */
int hub_circle_holds(const struct hub_circle *c, struct hub_people *people, struct hub_db *db,
		     const struct hub_entity *e, const struct hub_source_row *row, int *yes,
		     struct hub_err *err);

#endif

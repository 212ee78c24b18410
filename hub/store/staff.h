/* Staff and where they work: an appointment (発令) counts from its day on, and the last one in force is
 * where somebody is. Whose appointment has ended, and who is not in the list any more, has left; the open
 * cases they had want a successor. */
#ifndef HUB_STORE_STAFF_H
#define HUB_STORE_STAFF_H

#include "store/db.h"
#include "store/store.h"

struct hub_staff_post {
	int64_t staff;
	struct hub_str staff_no, name, agency, department, position, from, to;
	struct hub_str agency_key; /* of cc_agency; empty: none */
	int listed; /* its record is in the last list; else it has vanished from there */
};
/* All appointments, by staff number and day. In the arena. */
int hub_staff_posts(struct hub_arena *a, struct hub_store *s, struct hub_staff_post **out,
		    uint32_t *n, struct hub_err *err);
/* The one in force on a day (ISO): index into posts, or -1. from: any index of that person's. */
int64_t hub_staff_on(const struct hub_staff_post *posts, uint32_t n, uint32_t from,
		     struct hub_str day);

enum hub_staff_why {
	HUB_STAFF_LEFT = 1, /* no appointment in force, or not in the list any more */
	HUB_STAFF_MOVED,    /* in force at another agency or department since */
	HUB_STAFF_CONTRACT, /* the agency's contract is over */
};
/* Something open of somebody who is not there for it any more. */
struct hub_staff_open {
	enum hub_staff_why why;
	struct hub_str staff_no, name, since; /* staff_no: empty for an agency */
	int namesakes; /* others of that name: a person has to say who is meant */
	struct hub_str case_no, task, due; /* task: empty for the case itself */
};
/* Ordered by case. In the arena. */
int hub_staff_open(struct hub_arena *a, struct hub_store *s, struct hub_str day,
		   struct hub_staff_open **out, uint32_t *n, struct hub_err *err);

#endif

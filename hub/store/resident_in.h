/* What resident*.c share. */
#ifndef HUB_STORE_RESIDENT_IN_H
#define HUB_STORE_RESIDENT_IN_H

#include "base/map.h"
#include "store/resident.h"

struct hub_residents {
	struct hub_db *db;
	struct hub_arena *a, *one; /* of the lists; of the person that is looked at */
	int64_t run, feed;         /* feed: of the tasks, 0 before the first one */
	struct hub_was *list;
	struct hub_map *was; /* person -> place in the list */
	size_t n, cap;
	int64_t *fresh; /* persons that the store did not know before the run, lowest first */
	size_t n_fresh;
	struct hub_err *err;
};

/* What happened. area groups the kinds that take each other back; self, other: what there is to do in a
 * case of the person, and of somebody it lives with. */
struct hub_resident_kind {
	const char *name, *area, *word, *self, *other;
};
const struct hub_resident_kind *hub_resident_kind(struct hub_str name);

struct hub_happened {
	int64_t person, id;
	const struct hub_resident_kind *kind;
	struct hub_str on; /* day, may be empty */
	int64_t reverses;  /* event that this one takes back, or 0 */
};
/* resident_task.c: a task in every open case that the event concerns. */
int hub_resident_tasks(struct hub_residents *t, const struct hub_happened *e);

#endif

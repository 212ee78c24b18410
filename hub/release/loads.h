/* When the list that a public entry (社会資源, 制度) stands in was last loaded with it: the day of the newest run that is done
 * and not undone and saw its record. A file that is what it was before is no run. */
#ifndef HUB_RELEASE_LOADS_H
#define HUB_RELEASE_LOADS_H

#include "store/db.h"
#include "store/schema.h"

struct hub_load {
	int64_t row, record, at; /* at: seconds; 0: not known */
};
/* Of one entity, as the runs are; all 0 before the first. */
struct hub_loads {
	struct hub_arena *arena;
	const struct hub_entity *entity;
	int64_t runs; /* tells states apart */
	struct hub_load *load;
	size_t n;
};

/* Reads them anew when another entity is asked for or a run has ended or was undone. */
int hub_loads_ready(struct hub_loads *l, struct hub_db *db, const struct hub_entity *e,
		    struct hub_err *err);
/* 0: not known. */
int64_t hub_loads_at(const struct hub_loads *l, int64_t row);
void hub_loads_free(struct hub_loads *l);

#endif

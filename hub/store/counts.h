/* The numbers of a run as JSON: kept with the run after every chunk, read back for a resume, for
 * `runs`, `report` and the count sheet. */
#ifndef HUB_STORE_COUNTS_H
#define HUB_STORE_COUNTS_H

#include "store/store.h"

/* {"read":..,"new":..,..,"entity":{"person":{"produced":..},..}}; zero entities are left out. */
void hub_counts_json(const struct hub_counts *c, const struct hub_schema *s, struct hub_buf *out);
/* c->entity is the caller's, one per entity of the schema. Unknown names are ignored. */
int hub_counts_read(struct hub_str json, const struct hub_schema *s, struct hub_counts *c,
		    struct hub_err *err);
/* Whether everything adds up: read = new + changed + same + repeated + rejected + outside, and per
 * entity produced = inserted + updated + same + repeated. */
int hub_counts_ok(const struct hub_counts *c, const struct hub_schema *s);

#endif

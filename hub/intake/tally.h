/* Rejects of a run by code and column: from the store, or counted on the way when nothing is written. */
#ifndef HUB_INTAKE_TALLY_H
#define HUB_INTAKE_TALLY_H

#include "store/store.h"

struct hub_tally;
struct hub_tally_row {
	struct hub_str code, column; /* column may be empty */
	uint64_t n, open;
	int64_t line;          /* of the first one */
	struct hub_str reason; /* that of the first one, in words; no value */
};

struct hub_tally *hub_tally_new(struct hub_arena *a); /* NULL when out of memory */
/* Adds what the store has of a run. */
int hub_tally_load(struct hub_tally *t, struct hub_store *s, int64_t run, struct hub_err *err);
/* Adds the rejected records of a chunk; -1 when out of memory. */
int hub_tally_chunk(struct hub_tally *t, const struct hub_chunk *c);
/* The most frequent first. In the arena. */
const struct hub_tally_row *hub_tally_rows(struct hub_tally *t, size_t *n);

#endif

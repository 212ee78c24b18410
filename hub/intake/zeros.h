/* Numbers that came back from a spreadsheet without the zeros in front: 123 for 000123 would be somebody else. The store
 * knows better where all numbers of a system are as long as each other and some begin with a zero. */
#ifndef HUB_INTAKE_ZEROS_H
#define HUB_INTAKE_ZEROS_H

#include "store/store.h"

struct hub_zeros {
	uint32_t seen;
	size_t length; /* of the digits in front */
	int zero;      /* some begin with one */
	int mixed;     /* they differ: nothing can be said */
};

struct hub_bound;
/* Looks at the keys that the store has of the system. */
int hub_zeros_load(struct hub_arena *a, struct hub_store *s, int64_t system, struct hub_bound *b,
		   struct hub_err *err);
void hub_zeros_see(struct hub_zeros *z, struct hub_str key);
int hub_zeros_lost(const struct hub_zeros *z, struct hub_str key);

#endif

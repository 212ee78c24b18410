/* One row with a key of its own, as far as one chunk is concerned. slot.c finds and reads them, shared.c
 * counts the votes of the chunk's rows, shared_write.c writes what stands at its end.
 *
 * Values are read from the store only when a vote may differ from them. In a dry run values that earlier
 * chunks decided are hashes only. */
#ifndef HUB_STORE_SLOT_H
#define HUB_STORE_SLOT_H

#include "store/writer.h"

struct hub_slot {
	struct hub_slot *next; /* in the order in which ids are given out */
	struct hub_hash key;   /* of entity and key */
	struct hub_str name;   /* the key */
	const struct hub_entity_table *t;
	int64_t id, record;    /* record: who described it last; 0 nobody */
	int64_t by;            /* record that decided it in this chunk; 0: not in this chunk */
	struct hub_dbval *val; /* columns as they are now; NULL: not read */
	struct hub_dbval *was; /* as they were in the store before this chunk; NULL: not changed */
	uint64_t *hashed;      /* dry run: hashes of columns decided by earlier chunks, or NULL */
	uint8_t *cell;         /* by field: enum hub_cell */
	struct hub_hash content; /* of the last vote of `block` that stands */
	uint32_t block;
	struct hub_str latest; /* LATEST: the value that decided */
	/* told: a row of the chunk describes it */
	uint8_t in_store, decided, made, hot, used, dirty, has_latest, told;
};

/* Reads the row's values unless they are there. */
int hub_slot_load(struct hub_work *k, struct hub_slot *s);
/* LATEST: reads the value that decided in an earlier run. */
int hub_slot_latest(struct hub_work *k, struct hub_slot *s);
/* Of a value of a dry run; never 0. */
uint64_t hub_slot_hash(const struct hub_dbval *v);
/* Of the chunk's rows; NULL when none of them says anything of it. */
struct hub_slot *hub_slot_with_id(const struct hub_work *k, int64_t id);
struct hub_cached *hub_slot_cached(struct hub_writer *w, const struct hub_hash *key);

#endif

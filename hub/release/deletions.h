/* Lists of what a recipient is to delete, in the keys by which it knows the rows. */
#ifndef HUB_RELEASE_DELETIONS_H
#define HUB_RELEASE_DELETIONS_H

#include "plugin/batch.h"
#include "release/keyring.h"
#include "release/recall.h"
#include "store/schema.h"

/* One row of a list. key.ptr NULL: its key of that time is lost. */
struct hub_deletion {
	const struct hub_entity *entity;
	struct hub_str key;
	int64_t release; /* the latest one that brought it */
};
/* The rows of a task. In the arena. */
int hub_deletions_of(struct hub_arena *a, struct hub_db *db, const struct hub_schema *schema,
		     const struct hub_keyring *keys, const struct hub_recall *recall,
		     struct hub_deletion **out, uint32_t *n, struct hub_err *err);

/* As a table "deletion" for a sink: key, table, release, category (null: all of the row). */
int hub_deletions_batch(struct hub_batch *b, const struct hub_recall *recall,
			const struct hub_deletion *d, uint32_t n, struct hub_err *err);

#endif

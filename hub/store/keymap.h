/* A map from hashes to numbers that may have more entries than memory takes: what a run has written under which
 * key. Memory stays the same, but for four bytes per hundred entries.
 *
 * New entries wait in memory, in order. When there are enough of them they become a run on the disk, together with
 * the runs that are no larger than all that is newer: so there are few runs, each more than twice as large as the
 * next, and an entry is written again a few times only. A filter in front spares most questions
 * about keys that are not there, as long as there are some millions; behind it each run costs one short read.
 * `hi` is the hash of a text and `lo` also of what has that key: who asks for a person, a case and a record of
 * the same text, one after the other, is told at once that there is none.
 * In the files are hashes and numbers, nothing else. Belongs to one thread. */
#ifndef HUB_STORE_KEYMAP_H
#define HUB_STORE_KEYMAP_H

#include "base/err.h"
#include "base/hash.h"

struct hub_keymap;

struct hub_keymap *hub_keymap_new(void);    /* NULL when out of memory */
void hub_keymap_free(struct hub_keymap *m); /* NULL is fine */
/* value: not 0. The newest one of a key counts. After a failure the map can only be freed. */
int hub_keymap_put(struct hub_keymap *m, const struct hub_hash *key, int64_t value,
		   struct hub_err *err);
/* 1 found, 0 not there, <0 error. */
int hub_keymap_get(struct hub_keymap *m, const struct hub_hash *key, int64_t *value,
		   struct hub_err *err);

#endif

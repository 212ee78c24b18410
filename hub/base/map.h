/* Hash map from text to a 64-bit value, in an arena: keys are copied, nothing is removed.
 * For lookups by name and small dictionaries; big key sets belong to the store. */
#ifndef HUB_BASE_MAP_H
#define HUB_BASE_MAP_H

#include "base/arena.h"
#include "base/str.h"

struct hub_map;

struct hub_map *hub_map_new(struct hub_arena *a); /* NULL when out of memory */
/* 0, or -1 when out of memory. An existing key gets the new value. */
int hub_map_put(struct hub_map *m, struct hub_str key, uint64_t value);
int hub_map_get(const struct hub_map *m, struct hub_str key, uint64_t *value); /* 1 found, 0 not */
size_t hub_map_count(const struct hub_map *m);
/* Entry i in order of insertion, i < count. */
struct hub_str hub_map_key(const struct hub_map *m, size_t i);
uint64_t hub_map_value(const struct hub_map *m, size_t i);

/* A number as the key of a hub_map; borrows it. */
static inline struct hub_str hub_id_key(const int64_t *id)
{
	return (struct hub_str){(const char *)id, sizeof *id};
}

#endif

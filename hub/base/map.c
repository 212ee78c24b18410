#include "base/map.h"

#include "base/hash.h"

struct entry {
	struct hub_str key;
	uint64_t hash, value;
};

struct hub_map {
	struct hub_arena *arena;
	struct entry *entry; /* in order of insertion */
	uint32_t *slot;      /* 1 + index of entry; 0 free */
	size_t count, slots; /* slots: power of two; room for slots / 2 entries */
};

static int resize(struct hub_map *m, size_t slots)
{
	struct entry *entry = hub_alloc_array(m->arena, slots / 2, sizeof *entry);
	uint32_t *slot = hub_alloc_array(m->arena, slots, sizeof *slot);

	if (!entry || !slot)
		return -1;
	if (m->count)
		memcpy(entry, m->entry, m->count * sizeof *entry);
	for (size_t i = 0; i < m->count; i++) {
		size_t at = entry[i].hash & (slots - 1);
		while (slot[at])
			at = (at + 1) & (slots - 1);
		slot[at] = (uint32_t)i + 1;
	}
	m->entry = entry;
	m->slot = slot;
	m->slots = slots;
	return 0;
}

struct hub_map *hub_map_new(struct hub_arena *a)
{
	struct hub_map *m = hub_alloc0(a, sizeof *m);

	if (!m)
		return NULL;
	m->arena = a;
	return resize(m, 16) ? NULL : m;
}

/* Index in slot[] where the key is or would be. */
static size_t locate(const struct hub_map *m, struct hub_str key, uint64_t hash)
{
	size_t at = hash & (m->slots - 1);

	while (m->slot[at]) {
		const struct entry *e = &m->entry[m->slot[at] - 1];
		if (e->hash == hash && hub_str_eq(e->key, key))
			break;
		at = (at + 1) & (m->slots - 1);
	}
	return at;
}

int hub_map_put(struct hub_map *m, struct hub_str key, uint64_t value)
{
	const uint64_t hash = hub_hash64(key);
	size_t at = locate(m, key, hash);

	if (m->slot[at]) {
		m->entry[m->slot[at] - 1].value = value;
		return 0;
	}
	if (m->count == m->slots / 2) {
		if (resize(m, m->slots * 2))
			return -1;
		at = locate(m, key, hash);
	}
	const struct hub_str copy = hub_arena_str(m->arena, key);
	if (!copy.ptr)
		return -1;
	m->entry[m->count] = (struct entry){copy, hash, value};
	m->slot[at] = (uint32_t)++m->count;
	return 0;
}

int hub_map_get(const struct hub_map *m, struct hub_str key, uint64_t *value)
{
	const size_t at = locate(m, key, hub_hash64(key));

	if (!m->slot[at])
		return 0;
	*value = m->entry[m->slot[at] - 1].value;
	return 1;
}

size_t hub_map_count(const struct hub_map *m)
{
	return m->count;
}

struct hub_str hub_map_key(const struct hub_map *m, size_t i)
{
	return m->entry[i].key;
}

uint64_t hub_map_value(const struct hub_map *m, size_t i)
{
	return m->entry[i].value;
}

#include "store/writer.h"

/* A filter of 4 MiB at most: with 4 x 10^6 keys one answer in 30 is a yes that should be a no, and only costs a
 * question. */
enum { FILTER_BITS = 25, LINE_BITS = 9, PROBES = 3 };

struct hub_hash hub_record_key(struct hub_str key)
{
	return hub_hash128(key, (struct hub_hash){0, 0});
}

/* All probes of a key are in one line of the processor's cache. */
static int64_t probe(const struct hub_hash *key, int i)
{
	const uint64_t line = key->hi & (((uint64_t)1 << (FILTER_BITS - LINE_BITS)) - 1);

	return (int64_t)(line << LINE_BITS |
			 (key->lo >> (LINE_BITS * i) & (((uint64_t)1 << LINE_BITS) - 1)));
}

int hub_keys_met(const struct hub_writer *w, const struct hub_hash *key)
{
	int met = 1;

	for (int i = 0; i < PROBES && met; i++)
		met = hub_bits_get(&w->met, probe(key, i));
	return met || w->forgot;
}

void hub_keys_add(struct hub_writer *w, const struct hub_hash *key)
{
	for (int i = 0; i < PROBES; i++)
		w->forgot |= hub_bits_set(&w->met, probe(key, i)) != 0;
}

int hub_keys_space(struct hub_work *k, const struct hub_entity_table *t)
{
	uint8_t *space = &k->w->space[t->entity->index];
	char sql[256];
	int64_t one;

	if (*space != HUB_SPACE_UNKNOWN)
		return *space;
	snprintf(sql, sizeof sql,
		 "SELECT 1 FROM %s WHERE system_id = ? AND key IS NOT NULL LIMIT 1", t->name.ptr);
	const int rc = hub_db_one(k->db, &one, k->err, sql, "i", k->w->system);
	if (rc < 0)
		return rc;
	*space = rc == HUB_END ? HUB_SPACE_EMPTY : HUB_SPACE_USED;
	return *space;
}

void hub_keys_doubt(struct hub_writer *w)
{
	for (uint32_t i = 0; i < w->spaces; i++)
		if (w->space[i] == HUB_SPACE_EMPTY)
			w->space[i] = HUB_SPACE_USED;
}

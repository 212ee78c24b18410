#include "store/writer.h"

struct hub_hash hub_record_key(const struct hub_writer *w, struct hub_str key)
{
	return hub_hash128(key, w->seed);
}

int hub_keys_add(struct hub_writer *w, const struct hub_hash *key, int64_t value,
		 struct hub_err *err)
{
	if (!w->keys && !(w->keys = hub_keymap_new()))
		return hub_fail_mem(err);
	return hub_keymap_put(w->keys, key, value, err);
}

int hub_keys_find(const struct hub_writer *w, const struct hub_hash *key, int64_t *value,
		  struct hub_err *err)
{
	return w->keys ? hub_keymap_get(w->keys, key, value, err) : 0;
}

void hub_keys_free(struct hub_writer *w)
{
	hub_keymap_free(w->keys);
	w->keys = NULL;
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

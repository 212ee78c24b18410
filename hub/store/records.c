/* Records of a chunk and those of the feed. */
#include "store/writer.h"

/* A record that this run may have written under this number. */
static int known_at(struct hub_work *k, uint32_t i, int64_t id)
{
	HUB_AUTO(query) struct hub_query *q = NULL;

	int rc = hub_db_key(k->db, "record", k->err);
	if (!rc)
		rc = hub_db_query(k->db, &q, k->err,
				  "SELECT hash, state FROM record WHERE id = ? AND feed_id = ?"
				  " AND key = ?",
				  "iit", id, k->w->feed, k->c->key[i]);
	if (!rc)
		rc = hub_db_next(q, k->err);
	if (rc)
		return rc == HUB_END ? HUB_OK : rc;
	const struct hub_str hash = hub_db_str(q, 0);
	if (hash.len == sizeof k->old_hash[i])
		memcpy(&k->old_hash[i], hash.ptr, hash.len);
	k->old_state[i] = (uint8_t)hub_db_int(q, 1);
	k->id[i] = id;
	k->existed[i] = 1;
	return HUB_OK;
}

/* In a feed that had no record when the run began. */
static int known_fresh(struct hub_work *k, const uint32_t *pick, uint32_t n)
{
	int rc = HUB_OK;

	for (uint32_t i = 0; !rc && i < n; i++) {
		const struct hub_hash key = hub_record_key(k->w, k->c->key[pick[i]]);
		int64_t id;

		rc = hub_keys_find(k->w, &key, &id, k->err);
		if (rc > 0)
			rc = known_at(k, pick[i], id);
	}
	return rc;
}

int hub_records_known(struct hub_work *k, const uint32_t *pick, uint32_t n)
{
	struct hub_db_known in = {.arena = k->a,
				  .feed = k->w->feed,
				  .n = n,
				  .pick = pick,
				  .key = k->c->key,
				  .id = k->id,
				  .hash = k->old_hash,
				  .state = k->old_state};

	if (k->w->fresh)
		return k->w->spec.dry ? HUB_OK : known_fresh(k, pick, n);
	const int rc = n ? k->db->ops->known(k->db, &in, k->err) : HUB_OK;
	for (uint32_t i = 0; !rc && i < n; i++)
		k->existed[pick[i]] = k->id[pick[i]] != 0;
	return rc;
}

static int insert_records(struct hub_work *k, const uint32_t *pick, uint32_t n)
{
	static const int64_t live = HUB_RECORD_LIVE;
	struct hub_str *hash = hub_alloc_array(k->a, k->c->n + 1, sizeof *hash);
	struct hub_str *none = hub_alloc_array(k->a, k->c->n + 1, sizeof *none);
	const struct hub_dbcol col[] = {
	    {.kind = HUB_COL_INT, .num = k->id},
	    {.kind = HUB_COL_SAME_INT, .num = &k->w->feed},
	    {.kind = HUB_COL_TEXT, .text = k->c->key},
	    {.kind = HUB_COL_BLOB, .text = hash},
	    {.kind = HUB_COL_SAME_INT, .num = &k->w->run},
	    {.kind = HUB_COL_INT, .num = k->row},
	    {.kind = HUB_COL_INT, .num = k->line},
	    {.kind = HUB_COL_INT, .num = k->byte},
	    {.kind = HUB_COL_SAME_INT, .num = &live},
	    {.kind = HUB_COL_BLOB, .text = k->refs},
	    /* a registry is looked up, not copied */
	    {.kind = HUB_COL_BLOB, .text = k->w->spec.lookup ? none : k->c->raw},
	};
	const struct hub_db_rows in = {
	    .into = "record (id, feed_id, key, hash, run_id, row, line, byte, state, refs, raw)",
	    .cols = HUB_COUNT(col),
	    .n = n,
	    .col = col,
	    .pick = pick};

	if (!hash || !none)
		return hub_fail_mem(k->err);
	for (uint32_t i = 0; i < n; i++) {
		const struct hub_hash *h = &k->c->hash[pick[i]],
				      key = hub_record_key(k->w, k->c->key[pick[i]]);
		hash[pick[i]] = (struct hub_str){(const char *)h, sizeof *h};
		const int rc =
		    k->w->fresh ? hub_keys_add(k->w, &key, k->id[pick[i]], k->err) : HUB_OK;
		if (rc)
			return rc;
	}
	return n ? k->db->ops->insert(k->db, &in, k->err) : HUB_OK;
}

int hub_records_write(struct hub_work *k, const uint32_t *pick, uint32_t n)
{
	uint32_t *fresh = hub_alloc_array(k->a, n + 1, sizeof *fresh);
	uint32_t m = 0;

	if (!fresh)
		return hub_fail_mem(k->err);
	const int rc = hub_records_known(k, pick, n);
	if (rc)
		return rc;
	for (uint32_t i = 0; i < n; i++)
		if (!k->existed[pick[i]]) {
			k->id[pick[i]] = k->next_record++;
			fresh[m++] = pick[i];
		}
	return insert_records(k, fresh, m);
}

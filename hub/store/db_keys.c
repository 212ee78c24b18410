#include "store/db_keys.h"

enum { SMALL_ROWS = 1000 }; /* up to this a table is read whole as fast as through an index */

/* The tables that a load fills, and which of them have no keys. */
static int read_tables(struct hub_db *db, struct hub_db_keys *k, const struct hub_db_keys_sql *sql,
		       struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int64_t n = 0;

	int rc = hub_db_one(db, &n, err, sql->count, "");
	if (rc)
		return rc;
	k->table = hub_alloc_array(db->arena, (size_t)n + 1, sizeof *k->table);
	if (!k->table)
		return hub_fail_mem(err);
	k->n = 0;
	k->at = db->ops->version(db);
	rc = hub_db_query(db, &q, err, sql->list, "");
	while (!rc && k->n < (size_t)n && (rc = hub_db_next(q, err)) == HUB_OK) {
		struct hub_db_keyed *t = &k->table[k->n++];
		const struct hub_str name = hub_db_str(q, 0);

		snprintf(t->name, sizeof t->name, "%.*s", HUB_FMT(name));
		t->has_key = hub_db_int(q, 1) != 0;
		t->has = hub_db_int(q, 2) ? HUB_KEY_ID : 0;
		if (t->has_key ? hub_db_int(q, 3) != 0 : t->has != 0)
			t->has |= HUB_KEY_TEXT;
		t->made = 0;
	}
	return rc == HUB_END ? HUB_OK : rc;
}

static int drop_small(struct hub_db *db, const struct hub_db_keyed *t,
		      const struct hub_db_keys_sql *sql, struct hub_err *err)
{
	char text[256];
	int64_t rows;

	snprintf(text, sizeof text, "SELECT count(*) FROM (SELECT 1 FROM %s LIMIT %d) AS first",
		 t->name, SMALL_ROWS + 1);
	const int rc = hub_db_one(db, &rows, err, text, "");
	return rc || rows > SMALL_ROWS ? rc : sql->drop(db, t, err);
}

static int drop_all(struct hub_db *db, const struct hub_db_keys *k,
		    const struct hub_db_keys_sql *sql, struct hub_err *err)
{
	int rc = hub_db_begin(db, err);

	if (rc)
		return rc;
	if (sql->patience)
		rc = db->ops->exec(db, sql->patience, err);
	for (size_t i = 0; i < k->n && !rc; i++)
		if (k->table[i].has)
			rc = drop_small(db, &k->table[i], sql, err);
	return hub_db_end(db, rc, err);
}

int hub_db_keys_load(struct hub_db *db, struct hub_db_keys *k, const struct hub_db_keys_sql *sql,
		     int first, struct hub_err *err)
{
	struct hub_err why = {0};
	int rc = read_tables(db, k, sql, err);

	if (rc || !first)
		return rc;
	/* somebody who reads such a table now is not waited for: then all keys stay */
	if ((rc = drop_all(db, k, sql, &why)) == HUB_LOCKED)
		return HUB_OK;
	if (rc && err)
		*err = why;
	return rc ? rc : read_tables(db, k, sql, err);
}

int hub_db_keys_make(struct hub_db *db, struct hub_db_keys *k, const struct hub_db_keys_sql *sql,
		     const char *table, uint8_t keys, struct hub_err *err)
{
	/* another run may have put keys away in between, or made them */
	const int read = !table || (k->table && k->at != db->ops->version(db));
	int rc = read ? read_tables(db, k, sql, err) : HUB_OK;

	for (size_t i = 0; i < k->n && !rc; i++) {
		struct hub_db_keyed *t = &k->table[i];
		const uint8_t all = t->has_key ? keys : HUB_KEY_ALL;
		const uint8_t want = all & (uint8_t) ~(t->has | t->made);

		if (!want || (table && strcmp(t->name, table) != 0))
			continue;
		rc = sql->make(db, t, want, err);
		if (!rc && db->in_txn)
			t->made |= want;
		else if (!rc)
			t->has |= want;
	}
	return rc;
}

void hub_db_keys_end(struct hub_db_keys *k, int committed)
{
	for (size_t i = 0; i < k->n; i++) {
		if (committed)
			k->table[i].has |= k->table[i].made;
		k->table[i].made = 0;
	}
}

int hub_db_keys_text(const struct hub_db_keyed *t, char *out, size_t size)
{
	if (strcmp(t->name, "record") == 0)
		return snprintf(out, size, "record_key ON record (feed_id, key)");
	if (t->has_key)
		return snprintf(out, size, "%s_by_key ON %s (system_id, key) WHERE key IS NOT NULL",
				t->name, t->name);
	out[0] = '\0';
	return 0;
}

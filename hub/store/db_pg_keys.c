/* First loads without keys. Indexes kept row by row are more than half of the server's work while nobody looks
 * for those rows; made at once from a table that is there, they cost a tenth of that. So a first load puts the
 * keys of tables that are as good as empty away. They are made when somebody asks by them, at the latest
 * when the run ends. A run that is killed leaves tables without keys: slow to read, not wrong; the next run
 * of the feed, an undo, a release make them. Nothing rests on the server's refusing a key twice: ids are
 * given out once, and keys are decided behind the writer's lock. */
#include "store/db_pg.h"

enum { SMALL_ROWS = 1000 }; /* up to this a table is read whole as fast as through an index */

enum state { KEYED = 0, BARE, MADE }; /* MADE: in the transaction that is open */

struct hub_pg_table {
	char name[64];
	uint8_t has_key; /* a column `key` beside the id */
	uint8_t state;
};

/* The tables that a load fills, and which of them have no keys. */
static int read_tables(struct pg *p, struct hub_err *err)
{
	static const char all[] =
	    "SELECT c.relname, EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND"
	    " a.attname = 'key'), EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND"
	    " i.indisunique) FROM pg_class c WHERE c.relnamespace = to_regnamespace('tsunagi')"
	    " AND c.relkind = 'r' AND (c.relname LIKE 'cc\\_%' OR c.relname = 'record')";
	HUB_AUTO(query) struct hub_query *q = NULL;
	int64_t n = 0;

	int rc = hub_db_one(&p->db, &n, err,
			    "SELECT count(*) FROM pg_class WHERE relnamespace ="
			    " to_regnamespace('tsunagi') AND relkind = 'r'",
			    "");
	if (rc)
		return rc;
	if (!p->table &&
	    !(p->table = hub_alloc_array(p->db.arena, (size_t)n + 1, sizeof *p->table)))
		return hub_fail_mem(err);
	p->tables = 0;
	p->tables_at = p->strangers;
	rc = hub_db_query(&p->db, &q, err, all, "");
	while (!rc && p->tables < (size_t)n && (rc = hub_db_next(q, err)) == HUB_OK) {
		struct hub_pg_table *t = &p->table[p->tables++];
		const struct hub_str name = hub_db_str(q, 0);

		snprintf(t->name, sizeof t->name, "%.*s", HUB_FMT(name));
		t->has_key = hub_db_int(q, 1) != 0;
		t->state = hub_db_int(q, 2) ? KEYED : BARE;
	}
	return rc == HUB_END ? HUB_OK : rc;
}

static int make_keys(struct pg *p, const struct hub_pg_table *t, struct hub_err *err)
{
	char sql[640];

	/* plain indexes: making a constraint shuts out those who read */
	int n = snprintf(sql, sizeof sql, "CREATE UNIQUE INDEX IF NOT EXISTS %s_pkey ON %s (id);",
			 t->name, t->name);
	if (strcmp(t->name, "record") == 0)
		snprintf(sql + n, sizeof sql - (size_t)n,
			 "CREATE UNIQUE INDEX IF NOT EXISTS record_key ON record (feed_id, key)");
	else if (t->has_key)
		snprintf(sql + n, sizeof sql - (size_t)n,
			 "CREATE UNIQUE INDEX IF NOT EXISTS %s_by_key ON %s (system_id, key)"
			 " WHERE key IS NOT NULL",
			 t->name, t->name);
	return hub_pg_exec(p, sql, NULL, err);
}

static int drop_keys(struct pg *p, const struct hub_pg_table *t, struct hub_err *err)
{
	char sql[640];
	int64_t rows;

	snprintf(sql, sizeof sql, "SELECT count(*) FROM (SELECT 1 FROM %s LIMIT %d) AS first",
		 t->name, SMALL_ROWS + 1);
	const int rc = hub_db_one(&p->db, &rows, err, sql, "");
	if (rc || rows > SMALL_ROWS)
		return rc;
	snprintf(sql, sizeof sql,
		 "ALTER TABLE %s DROP CONSTRAINT IF EXISTS %s_pkey;"
		 "DROP INDEX IF EXISTS %s_pkey, %s_key, %s_by_key",
		 t->name, t->name, t->name, t->name, t->name);
	return hub_pg_exec(p, sql, NULL, err);
}

static int drop_small(struct pg *p, struct hub_err *err)
{
	struct hub_db *db = &p->db;
	int rc = db->ops->begin(db, 1, err);

	if (rc)
		return rc;
	rc = hub_pg_exec(p, "SET LOCAL lock_timeout = '100ms'", NULL, err);
	for (size_t i = 0; i < p->tables && !rc; i++)
		if (p->table[i].state == KEYED)
			rc = drop_keys(p, &p->table[i], err);
	return hub_db_end(db, rc, err);
}

int hub_pg_load(struct hub_db *db, int first, struct hub_err *err)
{
	struct pg *p = hub_pg_of(db);
	struct hub_err why = {0};
	int rc = read_tables(p, err);

	if (rc || !first)
		return rc;
	/* somebody who reads such a table now is not waited for: then all keys stay */
	if ((rc = drop_small(p, &why)) == HUB_LOCKED)
		return HUB_OK;
	if (rc && err)
		*err = why;
	return rc ? rc : read_tables(p, err);
}

int hub_pg_key(struct hub_db *db, const char *table, struct hub_err *err)
{
	struct pg *p = hub_pg_of(db);
	/* another run may have put keys away in between, or made them */
	const int read = !table || (p->table && p->tables_at != p->strangers);
	int rc = read ? read_tables(p, err) : HUB_OK;

	for (size_t i = 0; i < p->tables && !rc; i++) {
		struct hub_pg_table *t = &p->table[i];

		if (t->state != BARE || (table && strcmp(t->name, table) != 0))
			continue;
		rc = make_keys(p, t, err);
		t->state = rc ? BARE : db->in_txn ? MADE : KEYED;
	}
	return rc;
}

void hub_pg_keys_end(struct pg *p, int committed)
{
	for (size_t i = 0; i < p->tables; i++)
		if (p->table[i].state == MADE)
			p->table[i].state = committed ? KEYED : BARE;
}

/* Which keys a first load puts away (db_keys.h). */
#include "store/db_pg.h"

/* Plain indexes: making a constraint shuts out those who read. */
static int make(struct hub_db *db, const struct hub_db_keyed *t, uint8_t keys, struct hub_err *err)
{
	struct pg *p = hub_pg_of(db);
	char key[256], sql[640];
	int rc = HUB_OK;

	snprintf(sql, sizeof sql, "CREATE UNIQUE INDEX IF NOT EXISTS %s_pkey ON %s (id)", t->name,
		 t->name);
	if (keys & HUB_KEY_ID)
		rc = hub_pg_exec(p, sql, NULL, err);
	if (rc || !(keys & HUB_KEY_TEXT))
		return rc;
	snprintf(sql, sizeof sql, "%s%s;ALTER TABLE %s RESET (autovacuum_enabled)",
		 hub_db_keys_text(t, key, sizeof key) ? "CREATE UNIQUE INDEX IF NOT EXISTS " : "",
		 key, t->name);
	return hub_pg_exec(p, sql, NULL, err);
}

/* Autovacuum would read a table again and again while it grows, and the index that is made of it in the
 * end would wait a second for it to give way. */
static int drop(struct hub_db *db, const struct hub_db_keyed *t, struct hub_err *err)
{
	char sql[640];

	snprintf(sql, sizeof sql,
		 "ALTER TABLE %s DROP CONSTRAINT IF EXISTS %s_pkey, SET (autovacuum_enabled = off);"
		 "DROP INDEX IF EXISTS %s_pkey, %s_key, %s_by_key",
		 t->name, t->name, t->name, t->name, t->name);
	return hub_pg_exec(hub_pg_of(db), sql, NULL, err);
}

/* A unique index by id, or by something else. */
#define HAS(how)                                                                           \
	" EXISTS (SELECT 1 FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid" \
	" AND a.attnum = i.indkey[0] WHERE i.indrelid = c.oid AND i.indisunique"           \
	" AND a.attname " #how " 'id')"

static const struct hub_db_keys_sql words = {
    .count = "SELECT count(*) FROM pg_class WHERE relnamespace = to_regnamespace('tsunagi')"
	     " AND relkind = 'r'",
    .list = "SELECT c.relname, EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND"
	    " a.attname = 'key')," HAS(=) "," HAS(
		<>) " FROM pg_class c"
		    " WHERE c.relnamespace = to_regnamespace('tsunagi')"
		    " AND c.relkind = 'r' AND (c.relname LIKE 'cc\\_%' OR c.relname = 'record')",
    .patience = "SET LOCAL lock_timeout = '100ms'",
    .make = make,
    .drop = drop,
};

int hub_pg_load(struct hub_db *db, int first, struct hub_err *err)
{
	return hub_db_keys_load(db, &hub_pg_of(db)->keys, &words, first, err);
}

int hub_pg_make_keys(struct hub_db *db, const char *table, struct hub_err *err)
{
	return hub_db_keys_make(db, &hub_pg_of(db)->keys, &words, table, HUB_KEY_ALL, err);
}

int hub_pg_key(struct hub_db *db, const char *table, struct hub_err *err)
{
	return hub_db_keys_make(db, &hub_pg_of(db)->keys, &words, table,
				table ? HUB_KEY_ID : HUB_KEY_ALL, err);
}

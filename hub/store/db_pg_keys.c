/* Which keys a first load puts away (db_keys.h). */
#include "store/db_pg.h"

static int make(struct hub_db *db, const struct hub_db_keyed *t, struct hub_err *err)
{
	char key[256], sql[640];

	/* plain indexes: making a constraint shuts out those who read */
	int n = snprintf(sql, sizeof sql, "CREATE UNIQUE INDEX IF NOT EXISTS %s_pkey ON %s (id);",
			 t->name, t->name);
	if (hub_db_keys_text(t, key, sizeof key))
		snprintf(sql + n, sizeof sql - (size_t)n, "CREATE UNIQUE INDEX IF NOT EXISTS %s",
			 key);
	return hub_pg_exec(hub_pg_of(db), sql, NULL, err);
}

static int drop(struct hub_db *db, const struct hub_db_keyed *t, struct hub_err *err)
{
	char sql[640];

	snprintf(sql, sizeof sql,
		 "ALTER TABLE %s DROP CONSTRAINT IF EXISTS %s_pkey;"
		 "DROP INDEX IF EXISTS %s_pkey, %s_key, %s_by_key",
		 t->name, t->name, t->name, t->name, t->name);
	return hub_pg_exec(hub_pg_of(db), sql, NULL, err);
}

static const struct hub_db_keys_sql words = {
    .count = "SELECT count(*) FROM pg_class WHERE relnamespace = to_regnamespace('tsunagi')"
	     " AND relkind = 'r'",
    .list = "SELECT c.relname, EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND"
	    " a.attname = 'key'), EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND"
	    " i.indisunique) FROM pg_class c WHERE c.relnamespace = to_regnamespace('tsunagi')"
	    " AND c.relkind = 'r' AND (c.relname LIKE 'cc\\_%' OR c.relname = 'record')",
    .patience = "SET LOCAL lock_timeout = '100ms'",
    .make = make,
    .drop = drop,
};

int hub_pg_load(struct hub_db *db, int first, struct hub_err *err)
{
	return hub_db_keys_load(db, &hub_pg_of(db)->keys, &words, first, err);
}

int hub_pg_key(struct hub_db *db, const char *table, struct hub_err *err)
{
	return hub_db_keys_make(db, &hub_pg_of(db)->keys, &words, table, err);
}

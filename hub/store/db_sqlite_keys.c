/* Which keys a first load puts away (db_keys.h). Here a row's number needs no index. */
#include "store/db_sqlite.h"

static int make(struct hub_db *db, const struct hub_db_keyed *t, uint8_t keys, struct hub_err *err)
{
	char key[256], sql[320];

	(void)keys;
	hub_db_keys_text(t, key, sizeof key);
	snprintf(sql, sizeof sql, "CREATE UNIQUE INDEX IF NOT EXISTS %s", key);
	return db->ops->exec(db, sql, err);
}

static int drop(struct hub_db *db, const struct hub_db_keyed *t, struct hub_err *err)
{
	char sql[256];

	snprintf(sql, sizeof sql, "DROP INDEX IF EXISTS %s_key; DROP INDEX IF EXISTS %s_by_key",
		 t->name, t->name);
	return db->ops->exec(db, sql, err);
}

static const struct hub_db_keys_sql words = {
    .count = "SELECT count(*) FROM sqlite_schema WHERE type = 'table'",
    .list = "SELECT m.name, 1, 1, EXISTS (SELECT 1 FROM sqlite_schema i WHERE i.type = 'index' AND"
	    " i.tbl_name = m.name AND i.name IN (m.name || '_key', m.name || '_by_key'))"
	    " FROM sqlite_schema m WHERE m.type = 'table' AND"
	    " (m.name = 'record' OR m.name GLOB 'cc_*') AND"
	    " EXISTS (SELECT 1 FROM pragma_table_info(m.name) c WHERE c.name = 'key')",
    .make = make,
    .drop = drop,
};

int hub_sqlite_load_keys(struct hub_db *db, int first, struct hub_err *err)
{
	return hub_db_keys_load(db, &((struct sqlite *)db)->keys, &words, first, err);
}

int hub_sqlite_make_keys(struct hub_db *db, const char *table, struct hub_err *err)
{
	return hub_db_keys_make(db, &((struct sqlite *)db)->keys, &words, table, HUB_KEY_ALL, err);
}

int hub_sqlite_key(struct hub_db *db, const char *table, struct hub_err *err)
{
	return table ? HUB_OK : hub_sqlite_make_keys(db, NULL, err);
}

/* First loads without keys, on both drivers. Indexes kept row by row are a large part of what a row costs while
 * nobody looks for it; made at once from a table that is there, they cost a tenth. So a first load puts the
 * keys of tables that are as good as empty away. Each is made when somebody asks by it, at the latest
 * when the run ends. A run that is killed leaves tables without keys: slow to read, not wrong; the next run
 * of the feed, an undo, a release make them. While a load goes on nothing rests on the store's refusing a key
 * twice: ids are given out once, and keys are decided behind the writer's lock. Making them at its end
 * proves it. */
#ifndef HUB_STORE_DB_KEYS_H
#define HUB_STORE_DB_KEYS_H

#include "store/db.h"

/* By the number of a row, by a column `key`. Numbers ascend: kept row by row, the first costs little. */
enum { HUB_KEY_ID = 1, HUB_KEY_TEXT = 2, HUB_KEY_ALL = HUB_KEY_ID | HUB_KEY_TEXT };

struct hub_db_keyed {
	char name[64];
	uint8_t has_key; /* a column `key` */
	uint8_t has;     /* which of the keys are there; without that column both or none */
	uint8_t made;    /* in the transaction that is open */
};

struct hub_db_keys {
	struct hub_db_keyed *table; /* NULL: not read */
	size_t n;
	int64_t at; /* version of the store when they were read */
};

/* What differs between the drivers. */
struct hub_db_keys_sql {
	const char *count; /* at least as many as list gives */
	const char
	    *list; /* name, whether it has a column `key`, whether HUB_KEY_ID and _TEXT are there */
	const char *patience; /* how long to wait for readers before keys stay; NULL: no need */
	/* those that it has not */
	int (*make)(struct hub_db *, const struct hub_db_keyed *, uint8_t keys, struct hub_err *);
	int (*drop)(struct hub_db *, const struct hub_db_keyed *, struct hub_err *);
};

int hub_db_keys_load(struct hub_db *db, struct hub_db_keys *k, const struct hub_db_keys_sql *sql,
		     int first, struct hub_err *err);
/* table NULL: of all tables, and looked at anew. */
int hub_db_keys_make(struct hub_db *db, struct hub_db_keys *k, const struct hub_db_keys_sql *sql,
		     const char *table, uint8_t keys, struct hub_err *err);
/* Keys made in the transaction that ended are there now, or are not. */
void hub_db_keys_end(struct hub_db_keys *k, int committed);
/* "table_by_key ON table (system_id, key) WHERE key IS NOT NULL" */
int hub_db_keys_text(const struct hub_db_keyed *t, char *out, size_t size);

#endif

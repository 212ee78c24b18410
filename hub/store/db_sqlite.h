/* Parts of the SQLite driver: db_sqlite.c (statements, transactions, bulk), db_sqlite_open.c. */
#ifndef HUB_STORE_DB_SQLITE_H
#define HUB_STORE_DB_SQLITE_H

#include "base/map.h"
#include "store/db.h"

#include <sqlite3.h>

struct sqlite {
	struct hub_db db;
	sqlite3 *h;
	struct hub_map *cache; /* SQL text -> struct statement */
	char *path, *lock_path;
	int lock_fd; /* -1 until the first lock */
};

extern const struct hub_db_ops hub_sqlite_ops;

/* Fills err for a result code of SQLite. */
int hub_sqlite_fail(struct sqlite *s, int code, struct hub_err *err);

#endif

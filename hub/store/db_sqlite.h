/* Parts of the SQLite driver: db_sqlite.c (statements, transactions, locks), db_sqlite_bulk.c,
 * db_sqlite_open.c. */
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
sqlite3_stmt *hub_sqlite_stmt(struct hub_query *q);
/* at from 1; a result code of SQLite */
int hub_sqlite_bind(sqlite3_stmt *st, int at, const struct hub_dbval *v);

int hub_sqlite_insert(struct hub_db *db, const struct hub_db_insert *in, struct hub_err *err);
int hub_sqlite_known(struct hub_db *db, struct hub_db_known *in, struct hub_err *err);
int hub_sqlite_records(struct hub_db *db, struct hub_db_records *in, struct hub_err *err);
int hub_sqlite_find(struct hub_db *db, const struct hub_db_find *in, struct hub_err *err);

#endif

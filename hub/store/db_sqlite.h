/* Parts of the SQLite driver: db_sqlite.c (statements, transactions, locks), db_sqlite_bulk.c
 * (keys of a chunk), db_sqlite_keys.c (keys of a first load), db_sqlite_rows.c (rows), db_sqlite_image.c and
 * db_sqlite_pages.c (rows by the page), db_sqlite_text.c (grams), db_sqlite_turn.c (who writes next),
 * db_sqlite_log.c (its log), db_sqlite_open.c. */
#ifndef HUB_STORE_DB_SQLITE_H
#define HUB_STORE_DB_SQLITE_H

#include "base/map.h"
#include "store/db_keys.h"

#include <sqlite3.h>

/* The table hub_rows: what is being inserted or updated (db_sqlite_rows.c). */
struct sqlite_rows {
	sqlite3_vtab table;
	sqlite3_vtab_cursor cursor;
	const struct hub_db_rows *in; /* NULL: nothing */
	uint32_t at, from, to;
};

struct sqlite {
	struct hub_db db;
	sqlite3 *h;
	struct hub_map *cache; /* SQL text -> struct statement */
	char *path, *lock_path;
	int lock_fd; /* -1 until the first lock */
	int bulk;    /* a run writes chunk after chunk: others come first */
	int waits;   /* others can see that this connection waits for the write lock */
	int64_t wait_until, began,
	    held; /* ms: of this wait; of the write transaction, and of the last one */
	struct sqlite_rows rows;
	struct hub_db_keys keys;
	struct sqlite_image *image; /* of a bulk writer */
	int lost; /* out of memory half way: SQLite 3.40 dies of whatever is asked of it but to close */
	struct sqlite_log *log; /* of a bulk writer; NULL: SQLite's own way */
};

extern const struct hub_db_ops hub_sqlite_ops;

/* Fills err for a result code of SQLite. */
int hub_sqlite_fail(struct sqlite *s, int code, struct hub_err *err);
sqlite3_stmt *hub_sqlite_stmt(struct hub_query *q);

/* Waits for the write lock; for sqlite3_busy_handler, arg is the struct sqlite. */
int hub_sqlite_busy(void *arg, int times);
/* The statement that waited is over. */
void hub_sqlite_waited(struct sqlite *s);
/* A bulk writer lets those go first who wait, before it begins again; no longer than its own transaction took. */
void hub_sqlite_yield(const struct sqlite *s);
/* Opens the file of the locks; errno is set on failure. */
int hub_sqlite_lock_file(struct sqlite *s);

/* From now on a thread moves what this connection commits from the log into the store. */
void hub_sqlite_log_follow(struct sqlite *s);
void hub_sqlite_log_free(struct sqlite *s); /* before the connection */

/* Makes the table hub_rows known to the connection; a result code of SQLite. */
int hub_sqlite_rows(struct sqlite *s);
/* Makes the tokenizer hub_gram known to it. */
int hub_sqlite_text(struct sqlite *s);
int hub_sqlite_insert(struct hub_db *db, const struct hub_db_rows *in, struct hub_err *err);
int hub_sqlite_update(struct hub_db *db, const struct hub_db_rows *in, struct hub_err *err);
/* Rows from..to-1 of them, one after the other. */
int hub_sqlite_insert_rows(struct sqlite *s, const struct hub_db_rows *in, uint32_t from,
			   uint32_t to, struct hub_err *err);
int hub_sqlite_known(struct hub_db *db, struct hub_db_known *in, struct hub_err *err);
int hub_sqlite_load_keys(struct hub_db *db, int first, struct hub_err *err);
int hub_sqlite_key(struct hub_db *db, const char *table, struct hub_err *err);
/* Of a table that is about to be asked by key. */
int hub_sqlite_make_keys(struct hub_db *db, const char *table, struct hub_err *err);
int hub_sqlite_find(struct hub_db *db, const struct hub_db_find *in, struct hub_err *err);

#endif

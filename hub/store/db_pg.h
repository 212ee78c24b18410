/* Parts of the PostgreSQL driver: db_pg.c (statements, transactions, locks), db_pg_open.c (connection),
 * db_pg_bulk.c (COPY and keys by the thousand), db_pg_sql.c (our portable SQL in its words),
 * db_pg_keys.c (first loads without keys), db_pg_err.c (what went wrong, by SQLSTATE), db_pg_check.c
 * (for doctor).
 *
 * A store is the schema `tsunagi` of a database. One writer at a time, as in SQLite: every writing
 * transaction waits for the one before it, and then counts itself in one row of `counter`. The audit log has a lock of
 * its own, so that reading, which is logged, does not wait for a run. Whoever holds both took that of writers first. */
#ifndef HUB_STORE_DB_PG_H
#define HUB_STORE_DB_PG_H

#include "base/buf.h"
#include "base/map.h"
#include "store/db_keys.h"

#include <libpq-fe.h>

enum { HUB_PG_OLDEST = 130000 }; /* as PQserverVersion counts */

struct pg {
	struct hub_db db;
	PGconn *c;
	struct hub_map *cache; /* SQL text -> struct statement */
	const char *label;     /* for messages: database and server, no password */
	struct hub_buf out;    /* COPY data and arrays on their way */
	struct hub_db_keys keys;
	int64_t changes;
	unsigned names;      /* prepared statements and cursors so far */
	int has_counter;     /* the core tables are there */
	int writing;         /* in a transaction that holds the write lock */
	int logging;         /* in one that holds the lock of the audit log */
	int copying;         /* rows are sent to which the server's answer is due */
	struct hub_err late; /* rc: such an answer that nobody has been told of */
	int64_t written;     /* number of the last writing transaction this connection knows of */
	int64_t strangers;   /* how often another connection had written in between */
};

extern const struct hub_db_ops hub_pg_ops;

static inline struct pg *hub_pg_of(struct hub_db *db)
{
	return (struct pg *)db;
}

/* Portable SQL (? placeholders, types as SQLite names them) in PostgreSQL's words. Returns the number
 * of placeholders. */
uint32_t hub_pg_sql(const char *sql, struct hub_buf *out);

/* Fills err for a result, or with res NULL for the connection as it stands. Always negative. */
int hub_pg_fail(const struct pg *p, const PGresult *res, struct hub_err *err);
/* The same for a SQLSTATE ("" none known); detail: text without values, may be "". */
int hub_pg_fail_state(const char *label, const char *state, const char *detail,
		      struct hub_err *err);
/* SQLSTATE in the text of a failed connection that was asked for states; "" when there is none. */
void hub_pg_state_of(const char *message, char state[6]);
/* HUB_CONF when the server is older than this program can use. */
int hub_pg_check_version(const char *label, int version, struct hub_err *err);

/* Runs statements without parameters as they are; the last result goes to *res unless res is NULL. */
int hub_pg_exec(struct pg *p, const char *sql, PGresult **res, struct hub_err *err);

/* Hears the answer to the rows that were sent. To be called before the server is asked anything else. */
int hub_pg_settle(struct pg *p, struct hub_err *err);

int hub_pg_insert(struct hub_db *db, const struct hub_db_rows *in, struct hub_err *err);
int hub_pg_update(struct hub_db *db, const struct hub_db_rows *in, struct hub_err *err);
int hub_pg_known(struct hub_db *db, struct hub_db_known *in, struct hub_err *err);
int hub_pg_check(struct hub_db *db, struct hub_buf *out, struct hub_err *err);
int hub_pg_find(struct hub_db *db, const struct hub_db_find *in, struct hub_err *err);

int hub_pg_load(struct hub_db *db, int first, struct hub_err *err);
int hub_pg_make_keys(struct hub_db *db, const char *table, struct hub_err *err);
int hub_pg_key(struct hub_db *db, const char *table, struct hub_err *err);

#endif

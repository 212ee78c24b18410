/* The one internal driver interface of the store: SQLite (db_sqlite.c) and PostgreSQL (db_pg.c).
 *
 * Ordinary statements are portable SQL with ? placeholders and go through hub_db_run/hub_db_query.
 * What a driver must do in its own way are the bulk operations at chunk level: `insert` and `update` (rows
 * given column by column), `known` (keys of a chunk against the record table) and `find` (keys of shared
 * rows). Portable means: types as SQLite names them in table definitions,
 * every subquery in FROM with a name, no word that either one reserves. A struct hub_db is one connection and
 * belongs to one thread at a time. */
#ifndef HUB_STORE_DB_H
#define HUB_STORE_DB_H

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/str.h"
#include "store/schema_out.h"

struct hub_db;
struct hub_query; /* a running statement; cached by its text in the connection */

enum hub_dbtype { HUB_DB_NULL = 0, HUB_DB_INT, HUB_DB_TEXT, HUB_DB_BLOB };

/* One value. s is borrowed. */
struct hub_dbval {
	enum hub_dbtype type;
	int64_t i;
	struct hub_str s;
};

/* One column of rows by the thousand. */
enum hub_dbcol_kind {
	HUB_COL_INT,      /* num[r] */
	HUB_COL_REF,      /* num[r], 0 = null */
	HUB_COL_TEXT,     /* text[r]; null when ptr is NULL, or when cell is given and not VALUE */
	HUB_COL_TEXT_INT, /* an integer in text[r]; null rules of TEXT */
	HUB_COL_BLOB,     /* text[r], null when ptr is NULL */
	HUB_COL_SAME_INT, /* num[0] for every row */
	HUB_COL_VAL,      /* val[r] */
	HUB_COL_NONE,     /* null */
};
struct hub_dbcol {
	enum hub_dbcol_kind kind;
	const int64_t *num;
	const uint8_t *cell;
	const struct hub_str *text;
	const struct hub_dbval *const *val; /* VAL: val[r][at] */
	uint32_t at;
	enum hub_dbtype type; /* VAL, in an update: what the table's column holds */
};
/* Rows of a table from columns. Of an insert: in the order of their ids. Of an update: the first column is the id
 * of a row that is there. */
struct hub_db_rows {
	const char *into; /* "t (a, b)" */
	uint32_t cols, n;
	const struct hub_dbcol *col;
	const uint32_t *pick; /* n indexes into the columns; NULL: 0..n-1 */
	/* n: rows come from several sets of columns, one behind the other in col; NULL: from one */
	const uint16_t *set;
};

/* The columns of row i. */
static inline const struct hub_dbcol *hub_db_columns(const struct hub_db_rows *in, uint32_t i)
{
	return in->set ? in->col + (size_t)in->set[i] * in->cols : in->col;
}

/* What the store knows of the records with these keys. */
struct hub_db_known {
	struct hub_arena *arena; /* of refs */
	int64_t feed;
	uint32_t n;
	const uint32_t *pick; /* n indexes into the columns below */
	const struct hub_str *key;
	int64_t *id; /* out; 0: none, and then the others are untouched */
	struct hub_hash *hash;
	uint8_t *state;
	struct hub_str *refs; /* copied; ptr NULL: null. NULL: not asked */
};

/* Ids of shared rows by key. */
struct hub_db_find {
	const char *sql;   /* "SELECT id, record_id FROM t WHERE system_id = ? AND key = ?" */
	const char *table; /* t */
	int64_t system;
	uint32_t n;
	const struct hub_str *key;
	int64_t *id, *record; /* out; id 0: none */
};

/* The next number of a table of which no row is ever deleted, in a transaction of WRITE. Other than what the server
 * of PostgreSQL draws, it is not used up by one that is given up: a dry run, a command that is refused. */
#define HUB_NEXT_ID(table) "(SELECT coalesce(max(id), 0) + 1 FROM " table ")"

/* LOG: a write that only adds to the audit log (release/audit.c), or makes lists of words, which has a lock of its own
 * (release/wordlist_pack.c): it need not wait for who writes other things. */
enum hub_db_txn { HUB_DB_READ = 0, HUB_DB_WRITE, HUB_DB_LOG };

struct hub_db_ops {
	const char *name;         /* scheme of the store URL */
	enum hub_dialect dialect; /* of the entity tables */
	/* Records that a run may write in one transaction while others wait to write, in a feed that has some: of
	 * those every one may have changed. 0: as many as come. */
	uint32_t turn;
	void (*close)(struct hub_db *);
	int (*exec)(struct hub_db *, const char *sql, struct hub_err *); /* many statements */
	/* A statement ready for binding, from the cache when it has it. */
	int (*prepare)(struct hub_db *, const char *sql, struct hub_query **, struct hub_err *);
	int (*bind)(struct hub_query *, uint32_t at, const struct hub_dbval *); /* at from 0 */
	int (*step)(struct hub_query *, struct hub_err *); /* OK: a row; END: no more */
	void (*column)(struct hub_query *, uint32_t at, struct hub_dbval *);
	uint32_t (*columns)(struct hub_query *);
	void (*done)(struct hub_query *); /* back to the cache; values of it are gone */
	int64_t (*changes)(struct hub_db *);
	/* Another number than last time when another connection has written since. */
	int64_t (*version)(struct hub_db *);
	/* An enum hub_db_txn. WRITE takes the write lock at once, waiting up to the busy timeout. */
	int (*begin)(struct hub_db *, int txn, struct hub_err *);
	/* In one that writes, before it adds to the audit log: no other adds to it until the end of this one. NULL:
	 * begin has seen to that. */
	int (*log)(struct hub_db *, struct hub_err *);
	int (*commit)(struct hub_db *, struct hub_err *);
	void (*rollback)(struct hub_db *);
	/* Everything committed is on the disk afterwards, the folder entry included. */
	int (*sync)(struct hub_db *, struct hub_err *);
	/* A lock that the system takes back when the process dies. HUB_LOCKED: somebody has it. */
	int (*lock)(struct hub_db *, int64_t number, struct hub_err *);
	void (*unlock)(struct hub_db *, int64_t number);
	int (*insert)(struct hub_db *, const struct hub_db_rows *, struct hub_err *);
	int (*update)(struct hub_db *, const struct hub_db_rows *, struct hub_err *);
	int (*known)(struct hub_db *, struct hub_db_known *, struct hub_err *);
	int (*find)(struct hub_db *, const struct hub_db_find *, struct hub_err *);
	/* A run begins to write; first: in a feed without records. NULL: nothing to prepare. */
	int (*load)(struct hub_db *, int first, struct hub_err *);
	/* Rows of a table, NULL: of any one, will be looked for by id. NULL: that is always cheap. */
	int (*key)(struct hub_db *, const char *table, struct hub_err *);
	/* A question for table and column of all columns: hub_db_have. */
	const char *have;
	/* The driver's own look at pages and indexes; adds a line for each fault. Reads everything. */
	int (*check)(struct hub_db *, struct hub_buf *, struct hub_err *);
};

/* What every driver's connection starts with. */
struct hub_db {
	const struct hub_db_ops *ops;
	struct hub_arena *arena; /* dies with the connection */
	int in_txn;
};

enum hub_db_flags { HUB_DB_CREATE = 1, HUB_DB_READONLY = 2, HUB_DB_SCRATCH = 4 };

/* path: file, or "" with SCRATCH: a database of its own in a temporary file that has no name. */
int hub_db_sqlite_open(const char *path, unsigned flags, struct hub_db **out, struct hub_err *err);
/* info: whatever libpq takes as a connection string. CREATE makes the schema, not the database. */
int hub_db_pg_open(const char *info, unsigned flags, struct hub_db **out, struct hub_err *err);

static inline void hub_db_close(struct hub_db *db)
{
	if (db)
		db->ops->close(db);
}

/* A transaction that writes; hub_db_end() ends it. */
static inline int hub_db_begin(struct hub_db *db, struct hub_err *err)
{
	return db->ops->begin(db, HUB_DB_WRITE, err);
}
static inline int hub_db_load(struct hub_db *db, int first, struct hub_err *err)
{
	return db->ops->load ? db->ops->load(db, first, err) : HUB_OK;
}
static inline int hub_db_log(struct hub_db *db, struct hub_err *err)
{
	return db->ops->log ? db->ops->log(db, err) : HUB_OK;
}
static inline int hub_db_key(struct hub_db *db, const char *table, struct hub_err *err)
{
	return db->ops->key ? db->ops->key(db, table, err) : HUB_OK;
}

/* Runs one statement to its end. args, one letter per placeholder: i int64_t, t struct hub_str (text,
 * ptr NULL = null), b struct hub_str (blob), z const char * (text, NULL = null), v const struct
 * hub_dbval *, n null. Other types are not converted: cast to int64_t. */
int hub_db_run(struct hub_db *db, struct hub_err *err, const char *sql, const char *args, ...);
/* Starts a query; fetch rows with hub_db_next (OK a row, END none), give back with hub_db_done. */
int hub_db_query(struct hub_db *db, struct hub_query **q, struct hub_err *err, const char *sql,
		 const char *args, ...);
/* The same for rows that may be as many as the store has: they are not all in memory at once. */
int hub_db_walk(struct hub_db *db, struct hub_query **q, struct hub_err *err, const char *sql,
		const char *args, ...);
/* One row, one integer (*out untouched when there is none: HUB_END). */
int hub_db_one(struct hub_db *db, int64_t *out, struct hub_err *err, const char *sql,
	       const char *args, ...);

/* Every query starts with the operations of its driver. */
struct hub_query {
	const struct hub_db_ops *ops;
	int walk; /* set before the first step */
};

static inline int hub_db_next(struct hub_query *q, struct hub_err *err)
{
	return q->ops->step(q, err);
}
static inline void hub_db_done(struct hub_query *q)
{
	if (q)
		q->ops->done(q);
}
static inline void hub_auto_query(struct hub_query **q)
{
	hub_db_done(*q);
}
static inline struct hub_dbval hub_db_val(struct hub_query *q, uint32_t at)
{
	struct hub_dbval v;

	q->ops->column(q, at, &v);
	return v;
}
static inline int64_t hub_db_int(struct hub_query *q, uint32_t at)
{
	return hub_db_val(q, at).i;
}
/* Text or blob of a column, valid until the next step; ptr NULL for null. */
static inline struct hub_str hub_db_str(struct hub_query *q, uint32_t at)
{
	return hub_db_val(q, at).s;
}
/* The same, copied. */
static inline struct hub_str hub_db_dup(struct hub_arena *a, struct hub_query *q, uint32_t at)
{
	const struct hub_str s = hub_db_val(q, at).s;

	return s.ptr ? hub_arena_str(a, s) : s;
}
/* The same; empty for null, so that ptr NULL is out of memory. */
static inline struct hub_str hub_db_text(struct hub_arena *a, struct hub_query *q, uint32_t at)
{
	const struct hub_str s = hub_db_val(q, at).s;

	return s.len ? hub_arena_str(a, s) : HUB_STR("");
}

/* For drivers: the text of an update. x: what has the rows as columns c0, c1 ..., to stand behind FROM. */
int hub_db_update_text(const struct hub_db_rows *in, const char *x, struct hub_buf *out,
		       struct hub_err *err);

/* Columns of all tables, in the arena. */
int hub_db_have(struct hub_db *db, struct hub_arena *a, struct hub_have **out, size_t *n,
		struct hub_err *err);

/* Ends a transaction: commits when rc is OK, rolls back otherwise; returns rc or commit's failure. */
int hub_db_end(struct hub_db *db, int rc, struct hub_err *err);

/* A named step at which a test may kill the process (TSUNAGI_CRASH=step or step:N for the Nth time), or hold it
 * until somebody sends SIGCONT (TSUNAGI_HOLD). */
void hub_crash_point(const char *step);

#endif

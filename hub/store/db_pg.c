/* PostgreSQL driver: statements, transactions, locks. */
#include "store/db_pg.h"

#include <poll.h>

/* Object ids of types that do not change (catalog/pg_type.dat of the server). */
enum {
	OID_BOOL = 16,
	OID_BYTEA = 17,
	OID_NAME = 19,
	OID_INT8 = 20,
	OID_INT2 = 21,
	OID_INT4 = 23,
	OID_TEXT = 25,
	OID_UNKNOWN = 705,
	OID_VARCHAR = 1043,
	FETCH_ROWS = 2000, /* of a walk at a time */
	LOCK_WAIT_MS = 3000,
	LOCK_STEP_MS = 20,
	TURN = 64, /* changed records of a dozen rows: less than a tenth of a second */
};

struct param {
	Oid type;
	int len, format;
	const char *val; /* NULL: null */
	char digits[24];
};

struct statement {
	struct hub_query q;
	struct pg *p;
	char name[16];
	const char *text; /* in PostgreSQL's words */
	struct param *param;
	uint32_t params;
	PGresult *res;
	int row;
	unsigned cursor; /* number of the cursor of a walk; 0: all rows are in res */
	uint8_t busy, cached, prepared, started;
};

static struct statement *of_query(struct hub_query *q)
{
	return (struct statement *)q;
}

int hub_pg_exec(struct pg *p, const char *sql, PGresult **res, struct hub_err *err)
{
	int rc = hub_pg_settle(p, err);

	if (rc)
		return rc;
	PGresult *r = PQexec(p->c, sql);
	const ExecStatusType got = PQresultStatus(r);
	if (got != PGRES_COMMAND_OK && got != PGRES_TUPLES_OK && got != PGRES_EMPTY_QUERY)
		rc = hub_pg_fail(p, r, err);
	if (rc || !res)
		PQclear(r);
	else
		*res = r;
	return rc;
}

static int exec(struct hub_db *db, const char *sql, struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf b;

	hub_buf_init(&b, (size_t)4 << 20);
	(void)hub_pg_sql(sql, &b);
	hub_buf_putc(&b, '\0');
	return hub_buf_ok(&b) ? hub_pg_exec(hub_pg_of(db), b.ptr, NULL, err) : hub_fail_mem(err);
}

/* --- statements ------------------------------------------------------------------------------- */

static void statement_free(struct statement *t)
{
	if (!t)
		return;
	PQclear(t->res);
	hub_heap_put(t);
}

/* Text and parameters stand behind the struct, in one block. */
static struct statement *make_statement(struct pg *p, const char *sql)
{
	HUB_AUTO(buf) struct hub_buf b;

	hub_buf_init(&b, (size_t)1 << 20);
	const uint32_t params = hub_pg_sql(sql, &b);
	hub_buf_putc(&b, '\0');
	if (!hub_buf_ok(&b))
		return NULL;
	struct statement *t = hub_heap_get(sizeof *t + params * sizeof(struct param) + b.len);
	if (!t)
		return NULL;
	*t = (struct statement){.q.ops = &hub_pg_ops, .p = p, .params = params, .busy = 1};
	t->param = (struct param *)(t + 1);
	memset(t->param, 0, params * sizeof *t->param);
	char *text = (char *)(t->param + params);
	memcpy(text, b.ptr, b.len);
	t->text = text;
	snprintf(t->name, sizeof t->name, "t%u", ++p->names);
	return t;
}

static int prepare(struct hub_db *db, const char *sql, struct hub_query **q, struct hub_err *err)
{
	struct pg *p = hub_pg_of(db);
	const struct hub_str text = hub_str_of(sql);
	uint64_t at;
	const int known = hub_map_get(p->cache, text, &at);

	if (known && !((struct statement *)(uintptr_t)at)->busy) {
		struct statement *t = (struct statement *)(uintptr_t)at;
		t->busy = 1;
		*q = &t->q;
		return HUB_OK;
	}
	struct statement *t = make_statement(p, sql);
	if (!t)
		return hub_fail_mem(err);
	/* The same text used twice at a time: the second one is a statement of its own. */
	if (!known)
		t->cached = hub_map_put(p->cache, text, (uint64_t)(uintptr_t)t) == 0;
	*q = &t->q;
	return HUB_OK;
}

/* Numbers go as digits, so that the server may take them as any type; text and bytes as they are. */
static int bind(struct hub_query *q, uint32_t at, const struct hub_dbval *v)
{
	struct statement *t = of_query(q);

	if (at >= t->params || v->s.len > INT32_MAX)
		return HUB_FATAL;
	struct param *m = &t->param[at];
	m->format = v->type != HUB_DB_INT;
	m->len = (int)v->s.len;
	m->val = v->s.ptr;
	if (v->type == HUB_DB_INT) {
		snprintf(m->digits, sizeof m->digits, "%lld", (long long)v->i);
		m->val = m->digits;
	} else if (v->type == HUB_DB_NULL) {
		m->val = NULL;
	} else if (!m->val) {
		m->val = "";
	}
	if (!t->prepared)
		m->type = v->type == HUB_DB_INT ? OID_INT8 : v->type == HUB_DB_BLOB ? OID_BYTEA : 0;
	return HUB_OK;
}

struct arrays {
	const char **val;
	Oid *type;
	int *len, *format;
};

static int make_arrays(const struct statement *t, struct hub_arena *a, struct arrays *x)
{
	x->val = hub_alloc_array(a, t->params + 1, sizeof(char *));
	x->type = hub_alloc_array(a, t->params + 1, sizeof *x->type);
	x->len = hub_alloc_array(a, t->params + 1, sizeof *x->len);
	x->format = hub_alloc_array(a, t->params + 1, sizeof *x->format);
	if (!x->val || !x->type || !x->len || !x->format)
		return -1;
	for (uint32_t i = 0; i < t->params; i++) {
		x->val[i] = t->param[i].val;
		x->type[i] = t->param[i].type;
		x->len[i] = t->param[i].len;
		x->format[i] = t->param[i].format;
	}
	return 0;
}

static int is_readable(Oid type)
{
	static const Oid known[] = {OID_BOOL, OID_BYTEA, OID_NAME,    OID_INT8,   OID_INT2,
				    OID_INT4, OID_TEXT,  OID_UNKNOWN, OID_VARCHAR};

	for (size_t i = 0; i < HUB_COUNT(known); i++)
		if (known[i] == type)
			return 1;
	return 0;
}

/* Takes a result over. */
static int take(struct statement *t, PGresult *res, struct hub_err *err)
{
	const ExecStatusType got = PQresultStatus(res);

	PQclear(t->res);
	t->res = res;
	t->row = -1;
	if (got != PGRES_TUPLES_OK && got != PGRES_COMMAND_OK)
		return hub_pg_fail(t->p, res, err);
	for (int c = 0; c < PQnfields(res); c++)
		if (!is_readable(PQftype(res, c)))
			return hub_fail(err, HUB_FATAL, "internal",
					"column %d of a query has type %u, which is not read",
					c + 1, PQftype(res, c));
	int64_t n;
	if (!hub_parse_i64(hub_str_of(PQcmdTuples(res)), 0, INT64_MAX, &n))
		t->p->changes = n;
	return HUB_OK;
}

static int run_prepared(struct statement *t, const struct arrays *x, struct hub_err *err)
{
	PGconn *c = t->p->c;

	if (!t->prepared) {
		PGresult *r = PQprepare(c, t->name, t->text, (int)t->params, x->type);
		const int rc =
		    PQresultStatus(r) == PGRES_COMMAND_OK ? HUB_OK : hub_pg_fail(t->p, r, err);
		PQclear(r);
		if (rc)
			return rc;
		t->prepared = 1;
	}
	return take(t, PQexecPrepared(c, t->name, (int)t->params, x->val, x->len, x->format, 1),
		    err);
}

static int fetch(struct statement *t, struct hub_err *err)
{
	const int rc = hub_pg_settle(t->p, err);
	char sql[64];

	if (rc)
		return rc;
	snprintf(sql, sizeof sql, "FETCH %d FROM c%u", FETCH_ROWS, t->cursor);
	return take(t, PQexecParams(t->p->c, sql, 0, NULL, NULL, NULL, NULL, 1), err);
}

/* A walk reads through a cursor, so that its size is no matter. Outside a transaction the server keeps
 * the rows for it. */
static int open_cursor(struct statement *t, const struct arrays *x, struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf b;

	hub_buf_init(&b, (size_t)1 << 20);
	t->cursor = ++t->p->names;
	hub_buf_printf(&b, "DECLARE c%u NO SCROLL CURSOR %s HOLD FOR %s", t->cursor,
		       t->p->db.in_txn ? "WITHOUT" : "WITH", t->text);
	hub_buf_putc(&b, '\0');
	if (!hub_buf_ok(&b))
		return hub_fail_mem(err);
	const int rc = take(
	    t, PQexecParams(t->p->c, b.ptr, (int)t->params, x->type, x->val, x->len, x->format, 0),
	    err);
	if (!rc)
		return fetch(t, err);
	t->cursor = 0;
	return rc;
}

static int start(struct statement *t, struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	struct arrays x;

	t->started = 1;
	if (!a || make_arrays(t, a, &x))
		return hub_fail_mem(err);
	const int rc = hub_pg_settle(t->p, err);
	if (rc)
		return rc;
	return t->q.walk ? open_cursor(t, &x, err) : run_prepared(t, &x, err);
}

static int step(struct hub_query *q, struct hub_err *err)
{
	struct statement *t = of_query(q);
	int rc = HUB_OK;

	if (!t->started)
		rc = start(t, err);
	else if (t->cursor && t->row + 1 == FETCH_ROWS)
		rc = fetch(t, err);
	if (rc)
		return rc;
	return ++t->row < PQntuples(t->res) ? HUB_OK : HUB_END;
}

static int64_t big_endian(const char *p, int n)
{
	/* the sign is that of the first byte */
	uint64_t v = n && (signed char)p[0] < 0 ? UINT64_MAX : 0;

	for (int i = 0; i < n; i++)
		v = v << 8 | (unsigned char)p[i];
	return (int64_t)v;
}

static void column(struct hub_query *q, uint32_t at, struct hub_dbval *v)
{
	const struct statement *t = of_query(q);
	const int c = (int)at;

	*v = (struct hub_dbval){HUB_DB_NULL, 0, {NULL, 0}};
	if (PQgetisnull(t->res, t->row, c))
		return;
	const char *p = PQgetvalue(t->res, t->row, c);
	const int n = PQgetlength(t->res, t->row, c);
	switch (PQftype(t->res, c)) {
	case OID_BOOL:
	case OID_INT2:
	case OID_INT4:
	case OID_INT8:
		v->type = HUB_DB_INT;
		v->i = big_endian(p, n);
		break;
	case OID_BYTEA:
		v->type = HUB_DB_BLOB;
		v->s = (struct hub_str){p, (size_t)n};
		break;
	default:
		v->type = HUB_DB_TEXT;
		v->s = (struct hub_str){p, (size_t)n};
	}
}

static uint32_t columns(struct hub_query *q)
{
	return (uint32_t)PQnfields(of_query(q)->res);
}

static void close_cursor(struct statement *t)
{
	char sql[40];

	/* nobody is here to be told: the next one is */
	if (t->p->copying)
		(void)hub_pg_settle(t->p, &t->p->late);
	/* in a transaction that failed it is gone already */
	if (PQtransactionStatus(t->p->c) != PQTRANS_INERROR) {
		snprintf(sql, sizeof sql, "CLOSE c%u", t->cursor);
		PQclear(PQexec(t->p->c, sql));
	}
	t->cursor = 0;
}

static void done(struct hub_query *q)
{
	struct statement *t = of_query(q);

	if (t->cursor)
		close_cursor(t);
	if (!t->cached) {
		statement_free(t);
		return;
	}
	PQclear(t->res);
	t->res = NULL;
	for (uint32_t i = 0; i < t->params; i++)
		t->param[i].val = NULL; /* nothing of the caller's memory stays bound */
	t->busy = t->started = 0;
	q->walk = 0;
}

static int64_t changes(struct hub_db *db)
{
	return hub_pg_of(db)->changes;
}

/* --- transactions ----------------------------------------------------------------------------- */

static int64_t version(struct hub_db *db)
{
	return hub_pg_of(db)->strangers;
}

/* Behind the lock of writers: counts them. */
static int count_writer(struct pg *p, struct hub_err *err)
{
	static const char find[] = "SELECT to_regclass('tsunagi.counter') IS NOT NULL";
	static const char next[] =
	    "UPDATE counter SET value = value + 1 WHERE name = 'sync' RETURNING value";
	int64_t v = 0;
	int rc = HUB_OK;

	if (!p->has_counter) {
		rc = hub_db_one(&p->db, &v, err, find, "");
		p->has_counter = !rc && v;
	}
	if (rc || !p->has_counter)
		return rc;
	rc = hub_db_one(&p->db, &v, err, next, "");
	if (rc)
		return rc == HUB_END ? hub_fail(err, HUB_INTEGRITY, "store-damaged",
						"the store has no counter of its writers")
				     : rc;
	p->strangers += v != p->written + 1;
	p->written = v;
	p->writing = 1;
	return HUB_OK;
}

static void rollback(struct hub_db *db)
{
	struct pg *p = hub_pg_of(db);

	(void)hub_pg_settle(p, NULL);
	if (db->in_txn)
		PQclear(PQexec(p->c, "ROLLBACK"));
	hub_db_keys_end(&p->keys, 0);
	p->written -= p->writing;
	db->in_txn = p->writing = p->logging = 0;
}

/* A reader sees one state throughout; a writer, behind the lock, what the one before it left. The lock is an
 * advisory one because these are given in the order they were asked for: of a row's lock the run that
 * has just let it go is the next owner, and a person's write would wait for the whole import. */
static int begin(struct hub_db *db, int txn, struct hub_err *err)
{
	static const char claim[] = "BEGIN ISOLATION LEVEL READ COMMITTED;"
				    "SELECT pg_advisory_xact_lock(hashtextextended('tsunagi', 0))";
	static const char *const how[] = {[HUB_DB_READ] = "BEGIN ISOLATION LEVEL REPEATABLE READ",
					  [HUB_DB_WRITE] = claim,
					  [HUB_DB_LOG] = "BEGIN ISOLATION LEVEL READ COMMITTED"};
	struct pg *p = hub_pg_of(db);

	db->in_txn = 1;
	int rc = hub_pg_exec(p, how[txn], NULL, err);
	if (!rc && txn == HUB_DB_WRITE)
		rc = count_writer(p, err);
	if (rc)
		rollback(db);
	return rc;
}

static int claim_log(struct hub_db *db, struct hub_err *err)
{
	static const char claim[] =
	    "SELECT pg_advisory_xact_lock(hashtextextended('tsunagi log', 0))";
	struct pg *p = hub_pg_of(db);
	const int rc = p->logging ? HUB_OK : hub_pg_exec(p, claim, NULL, err);

	p->logging = !rc;
	return rc;
}

/* The server answers a COMMIT of a failed transaction with ROLLBACK and no error. */
static int commit(struct hub_db *db, struct hub_err *err)
{
	struct pg *p = hub_pg_of(db);
	PGresult *r = NULL;

	int rc = hub_pg_exec(p, "COMMIT", &r, err);
	if (rc)
		return rc;
	if (strcmp(PQcmdStatus(r), "COMMIT") != 0)
		rc = hub_fail(err, HUB_FATAL, "store-sql", "the transaction had failed before");
	else
		db->in_txn = p->writing = p->logging = 0;
	hub_db_keys_end(&p->keys, !rc);
	PQclear(r);
	return rc;
}

/* Commits of a session are asynchronous (db_pg_open.c); a synchronous one has the log on the disk up to
 * and with itself. */
static int sync_store(struct hub_db *db, struct hub_err *err)
{
	int rc = begin(db, 1, err);

	if (rc)
		return rc;
	return hub_db_end(
	    db, hub_pg_exec(hub_pg_of(db), "SET LOCAL synchronous_commit = on", NULL, err), err);
}

/* --- locks ------------------------------------------------------------------------------------ */

static int64_t lock_key(int64_t number)
{
	char text[48];

	const int n = snprintf(text, sizeof text, "tsunagi lock %lld", (long long)number);
	return (int64_t)hub_hash64((struct hub_str){text, (size_t)n});
}

/* Belongs to the session, so it goes with it. The server notices the death of a process a moment later
 * than the one who starts the next, hence the wait. */
static int lock(struct hub_db *db, int64_t number, struct hub_err *err)
{
	for (int ms = 0; ms <= LOCK_WAIT_MS; ms += LOCK_STEP_MS) {
		int64_t got = 0;
		const int rc = hub_db_one(db, &got, err, "SELECT pg_try_advisory_lock(?)", "i",
					  lock_key(number));
		if (rc || got)
			return rc;
		(void)poll(NULL, 0, LOCK_STEP_MS);
	}
	return hub_fail(err, HUB_LOCKED, "locked", "another run is working on this");
}

static void unlock(struct hub_db *db, int64_t number)
{
	(void)hub_db_run(db, NULL, "SELECT pg_advisory_unlock(?)", "i", lock_key(number));
}

/* --- the rest --------------------------------------------------------------------------------- */

static void close_store(struct hub_db *db)
{
	struct pg *p = hub_pg_of(db);
	struct hub_arena *a = db->arena;

	for (size_t i = 0; p->cache && i < hub_map_count(p->cache); i++)
		statement_free((struct statement *)(uintptr_t)hub_map_value(p->cache, i));
	PQfinish(p->c);
	hub_buf_free(&p->out);
	hub_arena_free(a);
}

const struct hub_db_ops hub_pg_ops = {
    .name = "postgresql",
    .dialect = HUB_POSTGRES,
    .turn = TURN,
    .close = close_store,
    .exec = exec,
    .prepare = prepare,
    .bind = bind,
    .step = step,
    .column = column,
    .columns = columns,
    .done = done,
    .changes = changes,
    .version = version,
    .begin = begin,
    .log = claim_log,
    .commit = commit,
    .rollback = rollback,
    .sync = sync_store,
    .lock = lock,
    .unlock = unlock,
    .insert = hub_pg_insert,
    .update = hub_pg_update,
    .known = hub_pg_known,
    .find = hub_pg_find,
    .load = hub_pg_load,
    .key = hub_pg_key,
    .have = "SELECT table_name, column_name FROM information_schema.columns"
	    " WHERE table_schema = 'tsunagi' ORDER BY table_name, ordinal_position",
    .check = hub_pg_check,
};

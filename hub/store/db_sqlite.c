/* SQLite driver: statements, transactions, locks, bulk operations. */
#include "store/db_sqlite_image.h"

#include "base/buf.h"
#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

struct statement {
	struct hub_query q;
	struct sqlite *s;
	sqlite3_stmt *st;
	int busy, cached;
};

static struct sqlite *of(struct hub_db *db)
{
	return (struct sqlite *)db;
}

static struct statement *of_query(struct hub_query *q)
{
	return (struct statement *)q;
}

sqlite3_stmt *hub_sqlite_stmt(struct hub_query *q)
{
	return of_query(q)->st;
}

/* errno of the last failed call on the store or its log; SQLite's own memory of it is overwritten by
 * what it does to roll back. */
static int system_error(struct sqlite *s)
{
	sqlite3_file *log = NULL;
	int sys = 0;

	if (!s->h)
		return 0;
	if (sqlite3_file_control(s->h, NULL, SQLITE_FCNTL_JOURNAL_POINTER, &log) == SQLITE_OK &&
	    log && log->pMethods && log->pMethods->xFileControl) /* one in memory has none */
		log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &sys);
	if (!sys)
		sqlite3_file_control(s->h, NULL, SQLITE_FCNTL_LAST_ERRNO, &sys);
	return sys;
}

/* No message of SQLite holds a value: they name tables, columns and files. */
int hub_sqlite_fail(struct sqlite *s, int code, struct hub_err *err)
{
	const int sys = system_error(s);
	const char *what = s->h ? sqlite3_errmsg(s->h) : sqlite3_errstr(code);
	const char *path = s->path[0] ? s->path : "scratch";
	int rc;

	switch (code & 0xff) {
	case SQLITE_NOMEM:
		return hub_fail_mem(err);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		rc = hub_fail(err, HUB_LOCKED, "store-busy",
			      "store %s is being written by another program", path);
		hub_hint(err, "Wait until the other run has ended, then start again.");
		return rc;
	case SQLITE_READONLY:
	case SQLITE_PERM:
		rc = hub_fail(err, HUB_RETRY, "store-readonly", "store %s cannot be written", path);
		hub_hint(err, "Check owner and mode of the file and of its folder.");
		return rc;
	case SQLITE_NOTADB:
		rc = hub_fail(err, HUB_CONF, "not-a-store", "%s is not a Tsunagi store", path);
		hub_hint(err,
			 "Check the path; to make a new store, name a file that does not exist.");
		return rc;
	case SQLITE_CORRUPT:
		rc = hub_fail(err, HUB_INTEGRITY, "store-damaged", "store %s is damaged: %s", path,
			      what);
		hub_hint(err, "Stop writing to it, keep a copy, and restore the last backup.");
		return rc;
	default:
		break;
	}
	if ((code & 0xff) == SQLITE_FULL || sys == ENOSPC || sys == EFBIG || sys == EDQUOT) {
		rc = hub_fail(err, HUB_RETRY, "disk-full", "no space left for store %s", path);
		hub_hint(
		    err,
		    "Free space, then start the same command again: it goes on where it stopped.");
		return rc;
	}
	if ((code & 0xff) == SQLITE_CANTOPEN || (code & 0xff) == SQLITE_IOERR) {
		rc = hub_fail(err, HUB_RETRY, "store-io", "store %s: %s", path, what);
		hub_hint(err, "Check that the disk and the folder of the store can be written.");
		return rc;
	}
	return hub_fail(err, HUB_FATAL, "store-sql", "store %s: %s", path, what);
}

static int exec(struct hub_db *db, const char *sql, struct hub_err *err)
{
	if (of(db)->lost)
		return hub_fail_mem(err);
	const int rc = sqlite3_exec(of(db)->h, sql, NULL, NULL, NULL);

	hub_sqlite_waited(of(db));
	return rc ? hub_sqlite_fail(of(db), rc, err) : HUB_OK;
}

/* TSUNAGI_STEPS=FILE: what each statement cost is added to it, in steps of SQLite's machine. Other than time they grow only
 * with the store and the work (tests/lib/scale.py). */
static void tell_steps(sqlite3_stmt *st)
{
	const char *path = getenv("TSUNAGI_STEPS");
	const int fd = path ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;

	if (fd == -1)
		return;
	dprintf(fd, "%u\t%s\n", (unsigned)sqlite3_stmt_status(st, SQLITE_STMTSTATUS_VM_STEP, 0),
		sqlite3_sql(st));
	close(fd);
}

static void statement_free(struct statement *t)
{
	tell_steps(t->st);
	sqlite3_finalize(t->st);
	hub_heap_put(t);
}

static int prepare(struct hub_db *db, const char *sql, struct hub_query **q, struct hub_err *err)
{
	struct sqlite *s = of(db);
	const struct hub_str text = hub_str_of(sql);
	uint64_t at;

	if (s->lost)
		return hub_fail_mem(err);
	if (hub_map_get(s->cache, text, &at)) {
		struct statement *t = (struct statement *)(uintptr_t)at;
		if (t && !t->busy) {
			t->busy = 1;
			*q = &t->q;
			return HUB_OK;
		}
	}
	struct statement *t = hub_heap_get(sizeof *t);
	if (!t)
		return hub_fail_mem(err);
	*t = (struct statement){.q.ops = db->ops, .s = s, .busy = 1};
	int rc =
	    sqlite3_prepare_v3(s->h, sql, (int)text.len, SQLITE_PREPARE_PERSISTENT, &t->st, NULL);
	if (rc) {
		rc = hub_sqlite_fail(s, rc, err);
		hub_heap_put(t);
		return rc;
	}
	/* The same text used twice at a time: the second one is a statement of its own. */
	if (!hub_map_get(s->cache, text, &at))
		t->cached = hub_map_put(s->cache, text, (uint64_t)(uintptr_t)t) == 0;
	*q = &t->q;
	return HUB_OK;
}

static int bind_value(sqlite3_stmt *st, int at, const struct hub_dbval *v)
{
	switch (v->type) {
	case HUB_DB_NULL:
		return sqlite3_bind_null(st, at);
	case HUB_DB_INT:
		return sqlite3_bind_int64(st, at, v->i);
	case HUB_DB_TEXT:
		return sqlite3_bind_text64(st, at, v->s.ptr, v->s.len, SQLITE_STATIC, SQLITE_UTF8);
	case HUB_DB_BLOB:
		return sqlite3_bind_blob64(st, at, v->s.ptr, v->s.len, SQLITE_STATIC);
	}
	return SQLITE_MISUSE;
}

static int bind(struct hub_query *q, uint32_t at, const struct hub_dbval *v)
{
	return bind_value(of_query(q)->st, (int)at + 1, v) ? HUB_FATAL : HUB_OK;
}

static int step(struct hub_query *q, struct hub_err *err)
{
	struct statement *t = of_query(q);

	if (t->s->lost)
		return hub_fail_mem(err);
	const int rc = sqlite3_step(t->st);

	hub_sqlite_waited(t->s);
	if (rc == SQLITE_ROW)
		return HUB_OK;
	if (rc == SQLITE_DONE)
		return HUB_END;
	return hub_sqlite_fail(t->s, sqlite3_extended_errcode(t->s->h), err);
}

static void column(struct hub_query *q, uint32_t at, struct hub_dbval *v)
{
	sqlite3_stmt *st = of_query(q)->st;
	const int i = (int)at;

	*v = (struct hub_dbval){HUB_DB_NULL, 0, {NULL, 0}};
	switch (sqlite3_column_type(st, i)) {
	case SQLITE_INTEGER:
		v->type = HUB_DB_INT;
		v->i = sqlite3_column_int64(st, i);
		break;
	case SQLITE_TEXT:
		v->type = HUB_DB_TEXT;
		v->s.ptr = (const char *)sqlite3_column_text(st, i);
		v->s.len = (size_t)sqlite3_column_bytes(st, i);
		break;
	case SQLITE_BLOB:
		v->type = HUB_DB_BLOB;
		v->s.ptr = sqlite3_column_blob(st, i);
		v->s.len = (size_t)sqlite3_column_bytes(st, i);
		if (!v->s.ptr) /* a blob of no bytes is not null */
			v->s.ptr = "";
		break;
	default:
		break;
	}
}

static uint32_t columns(struct hub_query *q)
{
	return (uint32_t)sqlite3_column_count(of_query(q)->st);
}

static void done(struct hub_query *q)
{
	struct statement *t = of_query(q);

	if (!t->cached) {
		statement_free(t);
		return;
	}
	sqlite3_reset(t->st);
	sqlite3_clear_bindings(t->st); /* nothing of the caller's memory stays bound */
	t->busy = 0;
}

static int64_t changes(struct hub_db *db)
{
	return sqlite3_changes64(of(db)->h);
}

static int64_t version(struct hub_db *db)
{
	int64_t v = 0;

	return hub_db_one(db, &v, NULL, "PRAGMA data_version", "") ? -1 : v;
}

static int begin(struct hub_db *db, int write, struct hub_err *err)
{
	struct sqlite *s = of(db);

	if (write && s->bulk) {
		hub_sqlite_image_ready(s);
		hub_sqlite_yield(s);
	}
	const int rc = hub_db_run(db, err, write ? "BEGIN IMMEDIATE" : "BEGIN", "");
	s->began = write ? hub_ticks_ms() : 0;
	if (rc)
		return rc;
	db->in_txn = 1;
	if (write)
		hub_sqlite_image_check(s);
	return HUB_OK;
}

static int load(struct hub_db *db, int first, struct hub_err *err)
{
	const int rc = hub_sqlite_load_keys(db, first, err);

	of(db)->bulk = 1;
	if (!rc)
		hub_sqlite_log_follow(of(db));
	return rc;
}

static int commit(struct hub_db *db, struct hub_err *err)
{
	struct sqlite *s = of(db);
	const int rc = hub_db_run(db, err, "COMMIT", "");

	if (s->began)
		s->held = hub_ticks_ms() - s->began;
	if (rc)
		return rc;
	db->in_txn = 0;
	hub_db_keys_end(&s->keys, 1);
	return HUB_OK;
}

static void rollback(struct hub_db *db)
{
	/* A full disk may have rolled back already: then there is nothing to do. */
	if (db->in_txn && !sqlite3_get_autocommit(of(db)->h))
		sqlite3_exec(of(db)->h, "ROLLBACK", NULL, NULL, NULL);
	db->in_txn = 0;
	hub_db_keys_end(&of(db)->keys, 0);
}

static int sync_folder(struct sqlite *s, struct hub_err *err)
{
	const char *slash = strrchr(s->path, '/');
	const struct hub_str dir =
	    slash ? (struct hub_str){s->path, (size_t)(slash - s->path) + 1} : HUB_STR("./");
	char name[4096];

	if (dir.len >= sizeof name)
		return HUB_OK;
	memcpy(name, dir.ptr, dir.len);
	name[dir.len] = '\0';
	const int fd = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		return hub_fail_sys(err, HUB_RETRY, "store-io", errno, name);
	const int rc = fsync(fd);
	const int saved = errno;
	close(fd);
	/* Some network file systems cannot sync a folder; the file itself is safe. */
	if (rc == -1 && saved != EINVAL && saved != ENOTSUP)
		return hub_fail_sys(err, HUB_RETRY, "store-io", saved, name);
	return HUB_OK;
}

/* A commit in FULL syncs the log, and with it all commits before. */
static int sync_store(struct hub_db *db, struct hub_err *err)
{
	int rc = exec(db, "PRAGMA synchronous=FULL", err);

	if (!rc)
		rc = begin(db, 1, err);
	if (!rc)
		rc = hub_db_end(
		    db, exec(db, "UPDATE counter SET value = value + 1 WHERE name = 'sync'", err),
		    err);
	const int back = exec(db, "PRAGMA synchronous=NORMAL", rc ? NULL : err);
	if (rc || back)
		return rc ? rc : back;
	return sync_folder(of(db), err);
}

/* One byte of a file beside the store for each lock. The kernel drops it with the process, so that a
 * killed run never blocks the next one. */
static int lock(struct hub_db *db, int64_t number, struct hub_err *err)
{
	struct sqlite *s = of(db);
	struct flock f = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = number, .l_len = 1};

	if (hub_sqlite_lock_file(s))
		return hub_fail_sys(err, HUB_RETRY, "store-lock", errno, s->lock_path);
	if (fcntl(s->lock_fd, F_OFD_SETLK, &f) == 0)
		return HUB_OK;
	if (errno == EAGAIN || errno == EACCES)
		return hub_fail(err, HUB_LOCKED, "locked", "another run is working on this");
	return hub_fail_sys(err, HUB_RETRY, "store-lock", errno, s->lock_path);
}

static void unlock(struct hub_db *db, int64_t number)
{
	struct flock f = {.l_type = F_UNLCK, .l_whence = SEEK_SET, .l_start = number, .l_len = 1};

	if (of(db)->lock_fd != -1)
		(void)fcntl(of(db)->lock_fd, F_OFD_SETLK, &f);
}

static int check(struct hub_db *db, struct hub_buf *out, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;

	int rc = hub_db_query(db, &q, err, "PRAGMA main.integrity_check(20)", "");
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		const struct hub_str s = hub_db_str(q, 0);
		if (!hub_str_is(s, "ok"))
			hub_buf_printf(out, "%.*s\n", HUB_FMT(s));
	}
	return rc == HUB_END ? HUB_OK : rc;
}

static void close_store(struct hub_db *db)
{
	struct sqlite *s = of(db);
	struct hub_arena *a = db->arena;

	for (size_t i = 0; s->cache && i < hub_map_count(s->cache); i++)
		statement_free((struct statement *)(uintptr_t)hub_map_value(s->cache, i));
	hub_sqlite_log_free(s);
	sqlite3_close_v2(s->h);
	hub_sqlite_image_free(s);
	if (s->lock_fd != -1)
		close(s->lock_fd);
	hub_arena_free(a);
}

const struct hub_db_ops hub_sqlite_ops = {
    .name = "sqlite",
    .dialect = HUB_SQLITE,
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
    .commit = commit,
    .rollback = rollback,
    .sync = sync_store,
    .lock = lock,
    .unlock = unlock,
    .insert = hub_sqlite_insert,
    .update = hub_sqlite_update,
    .known = hub_sqlite_known,
    .find = hub_sqlite_find,
    .load = load,
    .key = hub_sqlite_key,
    .have = "SELECT m.name, p.name FROM sqlite_schema m, pragma_table_info(m.name) p"
	    " WHERE m.type = 'table'",
    .check = check,
};

/* SQLite driver: keys by the chunk, through statements that stay prepared. */
#include "store/db_sqlite.h"

static struct sqlite *of(struct hub_db *db)
{
	return (struct sqlite *)db;
}

static int bind_text(sqlite3_stmt *st, int at, struct hub_str s)
{
	return s.ptr ? sqlite3_bind_text64(st, at, s.ptr, s.len, SQLITE_STATIC, SQLITE_UTF8)
		     : sqlite3_bind_null(st, at);
}

static struct hub_hash hash_of(sqlite3_stmt *st, int col)
{
	struct hub_hash h = {0, 0};

	if (sqlite3_column_bytes(st, col) == (int)sizeof h)
		memcpy(&h, sqlite3_column_blob(st, col), sizeof h);
	return h;
}

static int read_known(sqlite3_stmt *st, struct hub_db_known *in, uint32_t r)
{
	in->id[r] = sqlite3_column_int64(st, 0);
	in->hash[r] = hash_of(st, 1);
	in->state[r] = (uint8_t)sqlite3_column_int(st, 2);
	if (!in->refs || sqlite3_column_type(st, 3) == SQLITE_NULL)
		return 0;
	const struct hub_str refs = {sqlite3_column_blob(st, 3),
				     (size_t)sqlite3_column_bytes(st, 3)};
	in->refs[r] = hub_arena_str(in->arena, refs.ptr ? refs : HUB_STR(""));
	return in->refs[r].ptr ? 0 : -1;
}

int hub_sqlite_known(struct hub_db *db, struct hub_db_known *in, struct hub_err *err)
{
	static const char get[] =
	    "SELECT id, hash, state, refs FROM record WHERE feed_id = ? AND key = ?";
	struct hub_query *q = NULL;

	int rc = hub_sqlite_make_keys(db, "record", err);
	if (!rc)
		rc = db->ops->prepare(db, get, &q, err);
	for (uint32_t i = 0; !rc && i < in->n; i++) {
		sqlite3_stmt *st = hub_sqlite_stmt(q);
		const uint32_t r = in->pick[i];

		in->id[r] = 0;
		sqlite3_bind_int64(st, 1, in->feed);
		bind_text(st, 2, in->key[r]);
		const int got = sqlite3_step(st);
		if (got == SQLITE_ROW && read_known(st, in, r))
			rc = hub_fail_mem(err);
		else if (got != SQLITE_ROW && got != SQLITE_DONE)
			rc = hub_sqlite_fail(of(db), sqlite3_extended_errcode(of(db)->h), err);
		sqlite3_reset(st);
	}
	hub_db_done(q);
	return rc;
}

int hub_sqlite_find(struct hub_db *db, const struct hub_db_find *in, struct hub_err *err)
{
	struct hub_query *q = NULL;

	int rc = hub_sqlite_make_keys(db, in->table, err);
	if (!rc)
		rc = db->ops->prepare(db, in->sql, &q, err);
	if (rc)
		return rc;
	sqlite3_stmt *st = hub_sqlite_stmt(q);
	for (uint32_t i = 0; !rc && i < in->n; i++) {
		sqlite3_bind_int64(st, 1, in->system);
		bind_text(st, 2, in->key[i]);
		const int got = sqlite3_step(st);
		in->id[i] = got == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
		in->record[i] = got == SQLITE_ROW ? sqlite3_column_int64(st, 1) : 0;
		if (got != SQLITE_ROW && got != SQLITE_DONE)
			rc = hub_sqlite_fail(of(db), sqlite3_extended_errcode(of(db)->h), err);
		sqlite3_reset(st);
	}
	hub_db_done(q);
	return rc;
}

/* Every byte of a row is altered, one at a time, each in a transaction that is rolled back: whoever walks the chain that
 * the row is part of must find it, and name it. */
#ifndef TESTS_LIB_FLIP_H
#define TESTS_LIB_FLIP_H

#include "test.h"

#include "store/db.h"

struct flip {
	struct hub_db *db;
	const char *table, *where;  /* one row */
	const char *const *columns; /* ends with NULL */
	int (*walk)(struct hub_err *err);
	const char *named; /* words of which one is in what the walk says, "|" between them */
	int flips;         /* counted */
};

static inline int flip_named(const struct flip *f, const char *said)
{
	struct hub_str all = hub_str_of(f->named), one;

	while (hub_str_next(&all, '|', &one))
		if (hub_str_find(hub_str_of(said), one, 0) != (size_t)-1)
			return 1;
	return 0;
}

/* Sets the column to a value that is not its own, and walks. */
static inline void flip_set(struct flip *f, const char *column, const struct hub_dbval *v,
			    size_t at)
{
	struct hub_err err = {0};
	char sql[256];

	snprintf(sql, sizeof sql, "UPDATE %s SET %s = ? WHERE %s", f->table, column, f->where);
	assert_int_equal(f->db->ops->begin(f->db, 1, &err), 0);
	const int bad = hub_db_run(f->db, &err, sql, "v", v);
	const int rc = bad ? bad : f->walk(&err);
	(void)hub_db_end(f->db, HUB_INTEGRITY, NULL);
	if (bad)
		fail_msg("%s, byte %zu: %s", sql, at, err.what);
	if (rc != HUB_INTEGRITY)
		fail_msg("not found: %s.%s, byte %zu", f->table, column, at);
	if (!flip_named(f, err.what))
		fail_msg("%s.%s, byte %zu: not named: %s", f->table, column, at, err.what);
	f->flips++;
}

static inline struct hub_dbval flip_read(const struct flip *f, const char *column,
					 struct hub_arena *a)
{
	struct hub_query *q = NULL;
	struct hub_err err = {0};
	char sql[256];

	snprintf(sql, sizeof sql, "SELECT %s FROM %s WHERE %s", column, f->table, f->where);
	assert_int_equal(hub_db_query(f->db, &q, &err, sql, ""), 0);
	assert_int_equal(hub_db_next(q, &err), 0);
	struct hub_dbval v = hub_db_val(q, 0);
	if (v.type == HUB_DB_TEXT || v.type == HUB_DB_BLOB)
		v.s = hub_arena_str(a, v.s);
	hub_db_done(q);
	return v;
}

static inline void flip_column(struct flip *f, const char *column, struct hub_arena *a)
{
	struct hub_dbval v = flip_read(f, column, a);

	if (v.type == HUB_DB_NULL) {
		return;
	} else if (v.type == HUB_DB_INT) {
		const int64_t was = v.i;
		for (size_t i = 0; i < sizeof was;
		     i++) { /* no small number, which others may have */
			v.i = was ^ (int64_t)((uint64_t)0x40 << 8 * i);
			flip_set(f, column, &v, i);
		}
		return;
	}
	for (size_t i = 0; i < v.s.len; i++) { /* the lowest bit: UTF-8 stays UTF-8 */
		char *byte = (char *)v.s.ptr + i;
		*byte ^= 1;
		flip_set(f, column, &v, i);
		*byte ^= 1;
	}
}

static inline void flip_row(struct flip *f)
{
	struct hub_arena *a = hub_arena_new(0);

	for (const char *const *c = f->columns; *c; c++)
		flip_column(f, *c, a);
	hub_arena_free(a);
}

#endif

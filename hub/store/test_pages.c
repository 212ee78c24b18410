/* Rows that go in by the page are those that go in one by one: the same values of all sizes into two tables, of which
 * only one has the form for it. */
#include "test.h"

#include "store/db_sqlite_image.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { ROWS = 3000, COLS = 6 };

static struct hub_arena *arena;
static struct hub_db *db;
static struct hub_err err;
static char path[] = "/tmp/test_pages.XXXXXX";

static void must(const char *sql)
{
	assert_int_equal(db->ops->exec(db, sql, &err), 0);
}

static int64_t one(const char *sql)
{
	int64_t n = -1;

	assert_int_equal(hub_db_one(db, &n, &err, sql, ""), 0);
	return n;
}

/* Sizes at which the format takes another form, and up to more than a page. */
static size_t size_of(uint32_t r)
{
	static const size_t list[] = {0,     1,     56,    57,    58, 59,  2000, 126,   8185, 16377,
				      16378, 32700, 32733, 32760, 40, 300, 7,    70000, 100,  12};

	return list[r * 7 % HUB_COUNT(list)];
}

static int64_t number_of(uint32_t r)
{
	const unsigned bits = r % 64;
	const int64_t n = (int64_t)(((uint64_t)1 << bits) - (r / 64) % 2);

	return r % 3 ? n : ~n;
}

static int setup(void **state)
{
	(void)state;
	const int fd = mkstemp(path);

	arena = hub_arena_new((size_t)512 << 20);
	if (fd == -1 || !arena || hub_db_sqlite_open(path, HUB_DB_CREATE, &db, &err))
		return -1;
	close(fd);
	if (db->ops->load(db, 0, &err))
		return -1;
	/* columns in another order than they come in, some that do not come, one that was added */
	must("CREATE TABLE cc_pages (n INTEGER, id INTEGER PRIMARY KEY, t TEXT, none TEXT, b BLOB)"
	     " STRICT; CREATE TABLE cc_rows (n INTEGER, id INTEGER PRIMARY KEY, t TEXT, none TEXT,"
	     " b BLOB) STRICT; CREATE INDEX cc_rows_by_n ON cc_rows (n);");
	for (const char *const *t = (const char *const[]){"pages", "rows", NULL}; *t; t++) {
		char sql[256];
		snprintf(sql, sizeof sql,
			 "ALTER TABLE cc_%s ADD COLUMN d TEXT DEFAULT 'x';"
			 "ALTER TABLE cc_%s ADD COLUMN k INTEGER;",
			 *t, *t);
		must(sql);
	}
	return 0;
}

static int teardown(void **state)
{
	char name[64];

	(void)state;
	hub_db_close(db);
	hub_arena_free(arena);
	for (const char *const *s = (const char *const[]){"", "-wal", "-shm", NULL}; *s; s++) {
		snprintf(name, sizeof name, "%s%s", path, *s);
		unlink(name);
	}
	return 0;
}

struct values {
	int64_t id[ROWS], n[ROWS], ref[ROWS];
	struct hub_str t[ROWS], b[ROWS];
	uint8_t cell[ROWS];
};

static struct values *make_values(void)
{
	struct values *v = hub_alloc0(arena, sizeof *v);
	char *bytes = hub_alloc(arena, 70000);

	assert_non_null(v);
	assert_non_null(bytes);
	memset(bytes, 'a', 70000);
	for (uint32_t r = 0; r < ROWS; r++) {
		v->id[r] = (int64_t)r * 1000003 + 1;
		v->n[r] = number_of(r);
		v->ref[r] = r % 4 ? 0 : r;
		v->t[r] = (struct hub_str){r % 5 ? bytes : NULL, size_of(r)};
		v->b[r] = (struct hub_str){r % 7 ? bytes : NULL, size_of(r / 3) % 9000};
		v->cell[r] = r % 11 ? HUB_VALUE : HUB_INVALID;
	}
	return v;
}

static void insert(const struct values *v, const char *into, uint32_t from, uint32_t to)
{
	const struct hub_dbcol col[] = {
	    {.kind = HUB_COL_BLOB, .text = v->b + from},
	    {.kind = HUB_COL_INT, .num = v->id + from},
	    {.kind = HUB_COL_TEXT, .text = v->t + from, .cell = v->cell + from},
	    {.kind = HUB_COL_INT, .num = v->n + from},
	    {.kind = HUB_COL_REF, .num = v->ref + from},
	    {.kind = HUB_COL_NONE}, /* not what the column has by default */
	};
	const struct hub_db_rows in = {
	    .into = into, .cols = HUB_COUNT(col), .n = to - from, .col = col};

	assert_int_equal(db->ops->begin(db, 1, &err), 0);
	assert_int_equal(hub_db_end(db, db->ops->insert(db, &in, &err), &err), 0);
}

static void test_same_as_row_by_row(void **state)
{
	static const char pages[] = "cc_pages (b, \"id\", \"t\", n, k, d)",
			  rows[] = "cc_rows (b, \"id\", \"t\", n, k, d)";
	const struct values *v = make_values();
	struct sqlite *s = (struct sqlite *)db;
	HUB_AUTO(buf) struct hub_buf faults;

	(void)state;
	hub_buf_init(&faults, 65536);
	for (uint32_t i = 0; i < ROWS; i += 500) {
		insert(v, pages, i, i + 500);
		insert(v, rows, i, i + 500);
	}
	/* the one has gone in by the page, the other has not */
	assert_non_null(hub_sqlite_image_plan(s, pages)->t);
	assert_null(hub_sqlite_image_plan(s, rows)->t);
	assert_int_equal(one("SELECT count(*) FROM cc_pages"), ROWS);
	assert_int_equal(one("SELECT count(*) FROM (SELECT *, d IS NULL, length(t), typeof(b) FROM"
			     " cc_pages EXCEPT SELECT *, d IS NULL, length(t), typeof(b) FROM"
			     " cc_rows) AS x"),
			 0);
	assert_int_equal(db->ops->check(db, &faults, &err), 0);
	assert_str(hub_buf_text(&faults), "");
}

static void test_what_a_table_refuses(void **state)
{
	const struct values *v = make_values();
	const struct hub_dbcol col[] = {{.kind = HUB_COL_INT, .num = v->id},
					{.kind = HUB_COL_TEXT, .text = v->t}};
	struct hub_db_rows in = {.into = "cc_pages (id, n)", .cols = 2, .n = 2, .col = col};

	(void)state;
	/* a text in a column of numbers, and a number of a row that is there */
	for (int i = 0; i < 2; i++) {
		assert_int_equal(db->ops->begin(db, 1, &err), 0);
		assert_int_not_equal(hub_db_end(db, db->ops->insert(db, &in, &err), &err), 0);
		assert_int_equal(one("SELECT count(*) FROM cc_pages"), ROWS);
		in.into = "cc_pages (id, t)";
	}
}

static void test_another_table_than_before(void **state)
{
	const struct values *v = make_values();

	(void)state;
	must("DELETE FROM cc_pages; ALTER TABLE cc_pages ADD COLUMN more TEXT");
	insert(v, "cc_pages (b, \"id\", more, n, k, d)", 0, 10);
	assert_int_equal(one("SELECT count(more) FROM cc_pages"), 8);
	must("CREATE INDEX cc_pages_by_n ON cc_pages (n)");
	insert(v, "cc_pages (b, \"id\", more, n, k, d)", 10, 20);
	assert_int_equal(((struct sqlite *)db)->image->tables, 0);
	assert_int_equal(one("SELECT count(*) FROM cc_pages"), 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_same_as_row_by_row),
	    cmocka_unit_test(test_what_a_table_refuses),
	    cmocka_unit_test(test_another_table_than_before),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

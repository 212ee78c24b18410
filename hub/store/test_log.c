/* The log of a run that writes chunk after chunk goes into the store beside it: it begins anew, who reads keeps what
 * he saw, and what was committed is there. */
#include "test.h"

#include "store/db_sqlite.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	PAGE = 8192,
	ROWS = 400,    /* of a chunk, each about a page */
	CHUNKS = 34,   /* more than one log of the longest kind */
	LONGEST = 8000 /* pages */
};

static struct hub_db *db, *reader;
static struct hub_err err;
static char path[] = "/tmp/test_log.XXXXXX", log_path[64];

static int64_t one(struct hub_db *of, const char *sql)
{
	int64_t n = -1;

	assert_int_equal(hub_db_one(of, &n, &err, sql, ""), 0);
	return n;
}

static int64_t bytes_of(const char *file)
{
	struct stat st;

	return stat(file, &st) ? 0 : (int64_t)st.st_size;
}

static int setup(void **state)
{
	(void)state;
	const int fd = mkstemp(path);

	snprintf(log_path, sizeof log_path, "%s-wal", path);
	if (fd == -1 || hub_db_sqlite_open(path, HUB_DB_CREATE, &db, &err))
		return -1;
	close(fd);
	return db->ops->exec(db, "CREATE TABLE t (id INTEGER PRIMARY KEY, b BLOB)", &err) ||
	       hub_db_sqlite_open(path, HUB_DB_READONLY, &reader, &err) ||
	       db->ops->load(db, 0, &err);
}

static int teardown(void **state)
{
	char name[64];

	(void)state;
	hub_db_close(reader);
	hub_db_close(db);
	const int left = bytes_of(log_path) != 0;
	unlink(path);
	snprintf(name, sizeof name, "%s-lock", path);
	unlink(name);
	return left;
}

static void write_chunk(void)
{
	assert_int_equal(db->ops->begin(db, HUB_DB_WRITE, &err), 0);
	assert_int_equal(hub_db_run(db, &err,
				    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
				    " WHERE i < ?) INSERT INTO t (b) SELECT zeroblob(7900) FROM n",
				    "i", (int64_t)ROWS),
			 0);
	assert_int_equal(db->ops->commit(db, &err), 0);
}

static void begins_anew(void **state)
{
	(void)state;
	const struct sqlite *s = (const struct sqlite *)db;

	assert_non_null(s->log);
	for (int i = 0; i < CHUNKS; i++) {
		const int64_t v = db->ops->version(db);
		write_chunk();
		/* the thread's turns are nobody's writing: else a first load would trust its keys no more */
		assert_int_equal(db->ops->version(db), v);
	}
	assert_true(bytes_of(log_path) < (LONGEST + 2 * ROWS) * (int64_t)(PAGE + 24));
	assert_true(bytes_of(path) > (int64_t)(CHUNKS * ROWS - LONGEST - 2 * ROWS) * PAGE);
	assert_int_equal(one(reader, "SELECT count(*) FROM t"), CHUNKS * ROWS);
}

static void a_reader_keeps_what_it_saw(void **state)
{
	(void)state;
	const int64_t before = one(db, "SELECT count(*) FROM t");

	assert_int_equal(reader->ops->begin(reader, HUB_DB_READ, &err), 0);
	assert_int_equal(one(reader, "SELECT count(*) FROM t"), before);
	for (int i = 0; i < 5; i++)
		write_chunk();
	assert_int_equal(one(reader, "SELECT count(*) FROM t"), before);
	reader->ops->rollback(reader);
	assert_int_equal(one(reader, "SELECT count(*) FROM t"), before + 5 * ROWS);
}

static void whole(void **state)
{
	HUB_AUTO(buf) struct hub_buf said;

	(void)state;
	hub_buf_init(&said, 1 << 16);
	assert_int_equal(db->ops->check(db, &said, &err), 0);
	assert_int_equal(hub_buf_text(&said).len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(begins_anew),
	    cmocka_unit_test(a_reader_keeps_what_it_saw),
	    cmocka_unit_test(whole),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

/* The store as the pipeline uses it: what a run leaves behind, and what is not written. */
#include "test_rows.h"

#include "store/db.h"
#include "store/read.h"
#include "store/tables.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* --- open ------------------------------------------------------------------------------------- */

static void test_open(void **state)
{
	struct hub_have *have;
	size_t n, entities = 0;

	(void)state;
	assert_int_equal(hub_db_have(hub_store_db(fx.store), fx.arena, &have, &n, &fx.err), 0);
	for (size_t i = 0; i < n; i++)
		entities += hub_str_starts(have[i].table, HUB_STR("cc_")) &&
			    hub_str_is(have[i].column, "id");
	assert_int_equal(entities, fx.feed.schema->n_entities);
	/* a second opening finds everything there */
	hub_store_close(fx.store);
	assert_int_equal(open_store(0), 0);
}

/* A counter that is there already: PostgreSQL says so when it is next asked something. */
static int insert_twice(struct hub_db *db)
{
	static const struct hub_str name = {"record", 6};
	static const int64_t value = 1;
	const struct hub_dbcol col[] = {{.kind = HUB_COL_TEXT, .text = &name},
					{.kind = HUB_COL_INT, .num = &value}};
	const struct hub_db_rows in = {
	    .into = "counter (name, value)", .cols = HUB_COUNT(col), .n = 1, .col = col};

	return db->ops->insert(db, &in, &fx.err);
}

static void expect_refused(struct hub_db *db, int rc)
{
	if (rc)
		db->ops->rollback(db);
	else
		rc = hub_db_end(db, HUB_OK, &fx.err);
	assert_int_equal(rc, HUB_FATAL);
	assert_string_equal(fx.err.code, "store-sql");
	assert_non_null(strstr(fx.err.what, "a rule of the tables"));
	memset(&fx.err, 0, sizeof fx.err);
	assert_int_equal(one("SELECT count(*) FROM counter WHERE name IN ('record', 'more')"), 1);
}

/* Whatever comes next, with the reason, and nothing of the transaction stays. */
static void test_refused_rows(void **state)
{
	struct hub_db *db = hub_store_db(fx.store);
	const char *const next[] = {"INSERT INTO counter (name, value) VALUES ('more', 1)", ""};
	struct hub_query *q;

	(void)state;
	ONLY_POSTGRESQL();
	for (size_t i = 0; i < HUB_COUNT(next); i++) {
		assert_int_equal(db->ops->begin(db, 1, &fx.err), 0);
		int rc = insert_twice(db);
		if (!rc && next[i][0])
			rc = hub_db_run(db, &fx.err, next[i], "");
		expect_refused(db, rc);
	}
	assert_int_equal(db->ops->begin(db, 1, &fx.err), 0);
	assert_int_equal(insert_twice(db), 0);
	expect_refused(db, insert_twice(db));
	/* the end of a walk has nobody to tell */
	assert_int_equal(db->ops->begin(db, 1, &fx.err), 0);
	assert_int_equal(hub_db_walk(db, &q, &fx.err, "SELECT name FROM counter", ""), 0);
	assert_int_equal(hub_db_next(q, &fx.err), 0);
	const int rc = insert_twice(db);
	hub_db_done(q);
	expect_refused(db, rc);
}

/* Its log has no errno to ask for. */
static void test_refused_in_memory(void **state)
{
	struct hub_db *db = NULL;
	struct hub_err err = {0};

	(void)state;
	assert_int_equal(hub_db_sqlite_open("", HUB_DB_SCRATCH, &db, &err), HUB_OK);
	assert_int_equal(db->ops->exec(db, "CREATE TABLE t (a INTEGER)", &err), HUB_OK);
	assert_int_equal(db->ops->begin(db, 1, &err), HUB_OK);
	assert_int_equal(hub_db_run(db, &err, "INSERT INTO t (a) VALUES (1)", ""), HUB_OK);
	assert_int_not_equal(hub_db_run(db, &err, "INSERT INTO t (b) VALUES (1)", ""), HUB_OK);
	assert_non_null(strstr(err.what, "no column named b"));
	db->ops->rollback(db);
	db->ops->close(db);
}

static void test_file_mode(void **state)
{
	struct stat st;
	char wal[140];

	(void)state;
	ONLY_SQLITE();
	assert_int_equal(stat(fx.at.path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	snprintf(wal, sizeof wal, "%s-wal", fx.at.path);
	assert_int_equal(stat(wal, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

static void expect_open(const char *url, unsigned flags, int rc, const char *code)
{
	struct hub_store *s = NULL;

	assert_int_equal(hub_store_open(fx.arena, url, flags, fx.feed.schema, &s, &fx.err), rc);
	assert_string_equal(fx.err.code, code);
	assert_true(fx.err.hint[0] != '\0');
}

static void test_open_errors(void **state)
{
	char url[200], file[160];

	(void)state;
	ONLY_SQLITE();
	snprintf(url, sizeof url, "sqlite:%s/none/t.db", fx.at.dir);
	expect_open(url, HUB_OPEN_CREATE, HUB_RETRY, "store-folder-missing");
	snprintf(url, sizeof url, "sqlite:%s/other.db", fx.at.dir);
	expect_open(url, 0, HUB_RETRY, "store-missing");
	expect_open("mysql://x", 0, HUB_USAGE, "store-url");
	snprintf(url, sizeof url, "sqlite:%s", fx.at.dir);
	expect_open(url, HUB_OPEN_CREATE, HUB_CONF, "not-a-store");

	snprintf(file, sizeof file, "%s/other.db", fx.at.dir);
	snprintf(url, sizeof url, "sqlite:%s", file);
	assert_int_equal(hub_file_write(file,
					HUB_STR("this is not a database, but long enough to be "
						"looked at as if it were one, and then some more "
						"bytes so that a header could be in it ........."),
					&fx.err),
			 0);
	expect_open(url, HUB_OPEN_CREATE, HUB_CONF, "not-a-store");
	unlink(file);
}

static void test_newer_store(void **state)
{
	(void)state;
	assert_int_equal(hub_db_run(hub_store_db(fx.store), &fx.err,
				    "INSERT INTO migration VALUES (999, 0)", ""),
			 0);
	hub_store_close(fx.store);
	expect_open(fx.at.url, 0, HUB_CONF, "store-newer");
	fx.store = NULL;
}

/* Other words for the same tables are taken over, other tables want somebody's eyes. */
static void test_other_schema(void **state)
{
	struct hub_schema other = *fx.feed.schema;
	struct hub_store *s = NULL;

	(void)state;
	hub_store_close(fx.store);
	fx.store = NULL;
	other.hash[0] = other.hash[0] == '0' ? '1' : '0';
	for (int i = 0; i < 2; i++) {
		const unsigned flags = i == 0 ? HUB_OPEN_READONLY : 0;
		assert_int_equal(hub_store_open(fx.arena, fx.at.url, flags, &other, &s, &fx.err),
				 HUB_OK);
		if (i == 1)
			assert_int_equal(
			    hub_db_run(hub_store_db(s), &fx.err,
				       "ALTER TABLE cc_activity ADD COLUMN of_others TEXT", ""),
			    HUB_OK);
		hub_store_close(s);
	}
	expect_open(fx.at.url, 0, HUB_CONF, "schema-changed");
	expect_open(fx.at.url, HUB_OPEN_READONLY, HUB_CONF, "schema-changed");
	assert_int_equal(
	    hub_store_open(fx.arena, fx.at.url, HUB_OPEN_ANY_SCHEMA, fx.feed.schema, &s, &fx.err),
	    0);
	assert_int_equal(hub_store_schema_apply(s, &fx.err), 0);
	hub_store_close(s);
	assert_int_equal(hub_store_open(fx.arena, fx.at.url, 0, fx.feed.schema, &fx.store, &fx.err),
			 0);
	hub_store_close(fx.store);
	fx.store = NULL;
	assert_int_equal(on_postgresql() ? drop_store() : 0, 0);
}

/* --- runs ------------------------------------------------------------------------------------- */

static void test_first_load(void **state)
{
	(void)state;
	assert_int_equal(load(five, 5), 0);
	assert_counts(5, 0, 0, 0, 0);
	assert_int_equal(count_of("person")->inserted, 3);
	assert_int_equal(count_of("person")->repeated, 2);
	assert_int_equal(count_of("activity")->inserted, 6);
	assert_int_equal(one("SELECT count(*) FROM cc_person"), 3);
	assert_int_equal(one("SELECT count(*) FROM cc_activity"), 6);
	assert_int_equal(one("SELECT count(*) FROM cc_staff WHERE record_id IS NULL"), 2);
	/* references inside the record and by key */
	assert_str(text("SELECT p.name FROM cc_activity a JOIN cc_person p ON p.id = a.person_id"
			" WHERE a.body = '再度電話した'"),
		   "山田 太郎");
	assert_str(text("SELECT s.key FROM cc_activity a JOIN cc_staff s ON s.id = a.staff_id"
			" WHERE a.body = '来所した'"),
		   "S2");
	/* a value, an empty cell, an unreadable one */
	assert_int_equal(one("SELECT duration_min FROM cc_activity WHERE body = '訪問した'"), 30);
	assert_str(text("SELECT state FROM cc_activity WHERE body = '再度電話した'"),
		   " duration_min!");
	assert_int_equal(
	    one("SELECT phone IS NULL AND state IS NULL FROM cc_person WHERE key = 'P3'"), 1);
	assert_int_equal(one("SELECT count(*) FROM chunk"), 2);
	assert_int_equal(one("SELECT state FROM run"), HUB_RUN_DONE);
}

static void test_same_again(void **state)
{
	(void)state;
	assert_int_equal(load(five, 5), 0);
	const uint64_t before = checksum();
	assert_int_equal(load(five, 5), 0);
	assert_true(fx.run.unchanged);
	assert_int_equal(fx.run.same_as, 1);
	assert_int_equal(one("SELECT count(*) FROM run"), 1);
	/* forced: compared, nothing written */
	const struct hub_run_spec spec = {.again = 1};
	assert_int_equal(run_source(&fx.feed, fx.store, spec, five, 5, 0, &fx.run, &fx.n, &fx.err),
			 0);
	assert_counts(0, 0, 5, 0, 0);
	assert_int_equal(one("SELECT count(*) FROM history"), 0);
	assert_true(before == checksum());
}

static void test_dumps_a_b_a(void **state)
{
	const struct src b[] = {
	    A1,
	    {"2", "P1", "山田 太郎", "0399998888", "電話した", NULL, "S9", NULL, 0},
	    A3,
	    A4,
	    A5};

	(void)state;
	assert_int_equal(load(five, 5), 0);
	const uint64_t before = checksum();
	assert_int_equal(load(b, 5), 0);
	assert_counts(0, 1, 4, 0, 0);
	assert_int_equal(count_of("activity")->removed, 1);
	assert_int_equal(count_of("person")->updated, 1);
	assert_str(text("SELECT phone FROM cc_person WHERE key = 'P1'"), "0399998888");
	assert_int_equal(one("SELECT count(*) FROM cc_activity"), 5);
	assert_true(before != checksum());
	assert_int_equal(load(five, 5), 0);
	assert_counts(0, 1, 4, 0, 0);
	assert_str(text("SELECT phone FROM cc_person WHERE key = 'P1'"), "0311112222");
	/* the stub of S9 stays; everything else is as it was */
	assert_int_equal(hub_db_run(hub_store_db(fx.store), &fx.err,
				    "DELETE FROM cc_staff WHERE key = 'S9'", ""),
			 0);
	assert_int_equal(one("SELECT record_id FROM cc_person WHERE key = 'P1'"), 2);
	assert_int_equal(one("SELECT count(*) FROM cc_activity"), 6);
}

/* Only one of two rows of a person changes, and it is not the last one: the last one has its say,
 * although it is unchanged and would not have been mapped. In one chunk and over two. */
static void test_last_is_last(void **state)
{
	const struct src a[] = {A1, A2, A3};
	const struct src b[] = {
	    {"1", "P1", "山田 太郎", "0355556666", "訪問した", NULL, "S1", NULL, 0}, A2, A3};

	(void)state;
	for (fx.feed.chunk = 1; fx.feed.chunk < 4; fx.feed.chunk++) {
		fx.feed.mapping = fx.feed.chunk == 1 ? "x1" : fx.feed.chunk == 2 ? "x2" : "x3";
		assert_int_equal(load(a, 3), 0);
		assert_int_equal(load(b, 3), 0);
		assert_counts(0, 1, 2, 0, 0);
		assert_str(text("SELECT phone FROM cc_person WHERE key = 'P1'"), "0311112222");
	}
}

static void test_repeats_in_run(void **state)
{
	const struct src s[] = {
	    A1, A1, A3, {"3", "P2", "佐藤 花子", "0333334444", "違う内容", NULL, "S2", NULL, 0},
	    A1, A3};
	static const uint32_t sizes[] = {1, 2, 4, 6};

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(sizes); i++) {
		char feed[16];
		fx.feed.chunk = sizes[i];
		snprintf(feed, sizeof feed, "f%zu", i);
		const struct hub_run_spec spec = {.feed = hub_str_of(feed)};
		for (int again = 0; again < 2; again++) {
			struct hub_run_spec p = spec;
			p.again = again;
			assert_int_equal(
			    run_source(&fx.feed, fx.store, p, s, 6, 0, &fx.run, &fx.n, &fx.err), 0);
			if (again)
				assert_counts(0, 0, 2, 3, 1);
			else
				assert_counts(2, 0, 0, 3, 1);
			/* the reject names the place of the first one */
			char sql[128];
			snprintf(sql, sizeof sql,
				 "SELECT code || ': ' || reason FROM reject WHERE run_id = %lld",
				 (long long)fx.run.id);
			const struct hub_str why = text(sql);
			assert_true(
			    hub_str_starts(why, HUB_STR("key-repeated: same key as row 3")));
		}
	}
}

/* A title, a line of separators: in the file, and no record that was read. */
static void test_titles_are_no_records(void **state)
{
	static const struct src s[] = {{.reject = TITLE}, A1, {.reject = TITLE}, A3};

	(void)state;
	assert_int_equal(load(s, 4), 0);
	assert_counts(2, 0, 0, 0, 0);
	assert_int_equal(fx.n.read, 2);
	assert_int_equal(fx.n.fate[HUB_FATE_HEADER], 2);
	assert_true(hub_counts_ok(&fx.n, fx.feed.schema));
	assert_int_equal(one("SELECT count(*) FROM record"), 2);
}

static void test_owned_with_key(void **state)
{
	const struct src s[] = {
	    A1, A2, {"6", "P1", "山田 次郎", "0311112222", "別人", NULL, NULL, NULL, 0}, A3};

	(void)state;
	fx.feed.shared = HUB_OWNED;
	for (fx.feed.chunk = 1; fx.feed.chunk < 5; fx.feed.chunk += 3) {
		char feed[16];
		snprintf(feed, sizeof feed, "f%u", fx.feed.chunk);
		const struct hub_run_spec spec = {.feed = hub_str_of(feed)};
		assert_int_equal(
		    run_source(&fx.feed, fx.store, spec, s, 4, 0, &fx.run, &fx.n, &fx.err), 0);
		assert_counts(3, 0, 0, 0, 1);
		assert_int_equal(count_of("person")->repeated, 1);
		assert_int_equal(one("SELECT count(*) FROM record WHERE key = '6'"), 0);
		assert_str(text("SELECT name FROM cc_person WHERE key = 'P1'"), "山田 太郎");
		assert_true(hub_str_find(text("SELECT reason FROM reject ORDER BY id DESC"),
					 HUB_STR("row 1"), 0) != (size_t)-1);
	}
}

static void test_shared_first_and_latest(void **state)
{
	struct src s[] = {{"1", "P1", "一", "1", "a", NULL, NULL, "2024-05", 0},
			  {"2", "P1", "二", "2", "b", NULL, NULL, "2024-07", 0},
			  {"3", "P1", "三", "3", "c", NULL, NULL, "2024-06", 0}};

	(void)state;
	for (fx.feed.chunk = 1; fx.feed.chunk < 4; fx.feed.chunk++) {
		char feed[16];
		snprintf(feed, sizeof feed, "f%u", fx.feed.chunk);
		struct hub_run_spec spec = {.feed = hub_str_of(feed), .system = hub_str_of(feed)};
		fx.feed.shared = HUB_SHARED_FIRST;
		fx.feed.mapping = "first";
		assert_int_equal(
		    run_source(&fx.feed, fx.store, spec, s, 3, 0, &fx.run, &fx.n, &fx.err), 0);
		assert_str(text("SELECT name FROM cc_person ORDER BY id DESC LIMIT 1"), "一");
		fx.feed.shared = HUB_SHARED_LATEST;
		fx.feed.mapping = "latest";
		assert_int_equal(
		    run_source(&fx.feed, fx.store, spec, s, 3, 0, &fx.run, &fx.n, &fx.err), 0);
		assert_str(text("SELECT name FROM cc_person ORDER BY id DESC LIMIT 1"), "二");
		/* an unchanged winner stands against a changed loser before and behind it */
		s[0].body = "aa";
		s[2].body = "cc";
		assert_int_equal(
		    run_source(&fx.feed, fx.store, spec, s, 3, 0, &fx.run, &fx.n, &fx.err), 0);
		assert_counts(0, 2, 1, 0, 0);
		assert_str(text("SELECT name FROM cc_person ORDER BY id DESC LIMIT 1"), "二");
		s[0].body = "a";
		s[2].body = "c";
	}
}

static void test_stub_is_filled(void **state)
{
	(void)state;
	assert_int_equal(load(five, 5), 0);
	/* the same key space: a person that was only referred to gets its row from another feed */
	assert_int_equal(
	    hub_db_run(
		hub_store_db(fx.store), &fx.err,
		"INSERT INTO cc_person (id, system_id, key) VALUES (1125899906842624, 1, 'P9')",
		""),
	    0);
	const struct src s[] = {{"9", "P9", "高橋 桜", "0300000000", "x", NULL, NULL, NULL, 0}};
	const struct hub_run_spec spec = {.feed = HUB_STR("more"), .system = HUB_STR("notes")};
	assert_int_equal(run_source(&fx.feed, fx.store, spec, s, 1, 0, &fx.run, &fx.n, &fx.err), 0);
	assert_int_equal(count_of("person")->inserted, 1);
	assert_int_equal(one("SELECT count(*) FROM cc_person WHERE key = 'P9'"), 1);
	assert_str(text("SELECT name FROM cc_person WHERE key = 'P9'"), "高橋 桜");
}

/* --- full dumps ------------------------------------------------------------------------------- */

static void test_vanished(void **state)
{
	const struct src four[] = {A1, A2, A3, A5};
	struct src bad[] = {A1, A2, A3, A4, A5};

	(void)state;
	assert_int_equal(load_full(five, 5, 50, 0), 0);
	/* a row that is rejected has not vanished */
	bad[3].reject = 1;
	bad[3].body = "壊れた";
	assert_int_equal(load_full(bad, 5, 50, 1), 0);
	assert_counts(0, 0, 4, 0, 1);
	assert_int_equal(fx.n.vanished, 0);
	/* one of five is over the limit of 10 % */
	assert_int_equal(load_full(four, 4, 0, 1), HUB_REJECT);
	assert_string_equal(fx.err.code, "too-many-vanished");
	assert_int_equal(one("SELECT state FROM run ORDER BY id DESC LIMIT 1"), HUB_RUN_STOPPED);
	assert_int_equal(one("SELECT count(*) FROM record WHERE state = 0"), 5);
	/* with a raised limit the same run goes on and ends it */
	assert_int_equal(load_full(four, 4, 30, 1), 0);
	assert_true(fx.run.resumed);
	assert_int_equal(fx.n.vanished, 1);
	assert_int_equal(one("SELECT count(*) FROM record WHERE state = 1 AND key = '4'"), 1);
	/* it comes back */
	assert_int_equal(load_full(five, 5, 30, 1), 0);
	assert_counts(0, 1, 4, 0, 0);
	assert_int_equal(one("SELECT count(*) FROM record WHERE state = 0"), 5);
	assert_int_equal(one("SELECT count(*) FROM cc_activity"), 6);
}

static void test_mapping_changed(void **state)
{
	(void)state;
	assert_int_equal(load(five, 5), 0);
	fx.feed.mapping = "m2";
	fx.feed.no_staff = 1;
	assert_int_equal(load(five, 5), 0);
	assert_false(fx.run.unchanged);
	assert_counts(0, 5, 0, 0, 0);
	assert_int_equal(fx.n.left_by_mapping, 1); /* the second activity of record 2 */
	assert_int_equal(count_of("activity")->updated, 5);
	assert_int_equal(one("SELECT count(*) FROM cc_activity WHERE staff_id IS NOT NULL"), 0);
}

/* --- interrupted ------------------------------------------------------------------------------ */

static void test_resume(void **state)
{
	const struct hub_run_spec spec = {.actor = HUB_STR("test")};

	(void)state;
	assert_int_equal(load(five, 5), 0);
	const uint64_t want = checksum();
	teardown(NULL);
	assert_int_equal(setup(NULL), 0);
	fx.feed.chunk = 1;
	assert_int_equal(run_source(&fx.feed, fx.store, spec, five, 5, 2, &fx.run, &fx.n, &fx.err),
			 0);
	/* the process dies: its lock goes with it */
	hub_run_drop(fx.store, &fx.run);
	hub_store_close(fx.store);
	assert_int_equal(open_store(0), 0);
	/* another mapping is refused, naming the run */
	fx.feed.mapping = "m2";
	assert_int_equal(load(five, 5), HUB_REFUSED);
	assert_string_equal(fx.err.code, "other-mapping");
	fx.feed.mapping = "m1";
	/* another file, too, unless it is a full dump */
	assert_int_equal(load(five, 4), HUB_REFUSED);
	assert_string_equal(fx.err.code, "run-unfinished");
	assert_int_equal(load(five, 5), 0);
	assert_true(fx.run.resumed);
	assert_counts(5, 0, 0, 0, 0);
	assert_int_equal(one("SELECT count(*) FROM run"), 1);
	assert_int_equal(one("SELECT count(*) FROM chunk"), 5);
	assert_true(checksum() == want);
}

/* A chunk may be in the store though its commit was not heard of: what was counted with it stays. */
static void test_commit_not_heard(void **state)
{
	const struct hub_run_spec spec = {.actor = HUB_STR("test")};

	(void)state;
	fx.feed.chunk = 1;
	assert_int_equal(run_source(&fx.feed, fx.store, spec, five, 5, 2, &fx.run, &fx.n, &fx.err),
			 0);
	struct hub_counts behind = {.entity = fx.n.entity};
	assert_int_equal(
	    hub_run_end(fx.store, &fx.run, HUB_RUN_INTERRUPTED, &behind, HUB_STR("[]"), &fx.err),
	    0);
	assert_int_equal(load(five, 5), 0);
	assert_true(fx.run.resumed);
	assert_counts(5, 0, 0, 0, 0);
}

/* Tables of a store whose keys are put away. */
static int64_t bare_tables(void)
{
	if (on_postgresql())
		return one("SELECT count(*) FROM pg_class c WHERE relnamespace ="
			   " to_regnamespace('tsunagi') AND relkind = 'r' AND"
			   " (relname LIKE 'cc%' OR relname = 'record') AND NOT EXISTS"
			   " (SELECT 1 FROM pg_index WHERE indrelid = c.oid AND indisunique)");
	return one("SELECT count(*) FROM sqlite_schema m, pragma_table_info(m.name) c"
		   " WHERE m.type = 'table' AND (m.name GLOB 'cc_*' OR m.name = 'record') AND"
		   " c.name = 'key' AND NOT EXISTS (SELECT 1 FROM sqlite_schema WHERE"
		   " type = 'index' AND tbl_name = m.name)");
}

static void test_keys_of_first_load(void **state)
{
	const struct hub_run_spec spec = {.actor = HUB_STR("test")};

	(void)state;
	fx.feed.chunk = 1;
	assert_int_equal(run_source(&fx.feed, fx.store, spec, five, 5, 2, &fx.run, &fx.n, &fx.err),
			 0);
	/* put away, but where somebody asked by them */
	assert_in_range(bare_tables(), on_postgresql() ? 10 : 5, fx.feed.schema->n_entities + 1);
	hub_run_drop(fx.store, &fx.run);
	hub_store_close(fx.store);
	assert_int_equal(open_store(0), 0);
	assert_int_equal(hub_store_index(fx.store, &fx.err), 0);
	assert_int_equal(bare_tables(), 0);
	assert_int_equal(load(five, 5), 0);
	assert_counts(5, 0, 0, 0, 0);
	assert_int_equal(bare_tables(), 0);
	if (on_postgresql())
		assert_int_equal(
		    one("SELECT count(*) FROM pg_indexes WHERE schemaname = 'tsunagi' AND"
			" indexname IN ('record_key', 'record_pkey', 'cc_person_by_key',"
			" 'cc_person_pkey')"),
		    4);
	else
		assert_int_equal(one("SELECT count(*) FROM sqlite_schema WHERE name IN"
				     " ('record_key', 'cc_person_by_key')"),
				 2);
}

static void test_ledger_broken(void **state)
{
	const struct hub_run_spec spec = {.actor = HUB_STR("test")};

	(void)state;
	fx.feed.chunk = 1;
	assert_int_equal(run_source(&fx.feed, fx.store, spec, five, 5, 3, &fx.run, &fx.n, &fx.err),
			 0);
	hub_run_drop(fx.store, &fx.run);
	hub_store_close(fx.store);
	assert_int_equal(open_store(0), 0);
	assert_int_equal(hub_db_run(hub_store_db(fx.store), &fx.err,
				    "UPDATE chunk SET rows = rows + 1 WHERE seq = 2", ""),
			 0);
	assert_int_equal(load(five, 5), HUB_INTEGRITY);
	assert_string_equal(fx.err.code, "ledger-broken");
}

static void test_two_runs_at_once(void **state)
{
	const struct hub_run_spec spec = {.actor = HUB_STR("test")};
	struct hub_store *other = NULL;
	struct hub_run run = {0};
	struct hub_counts n;

	(void)state;
	assert_int_equal(run_source(&fx.feed, fx.store, spec, five, 5, 1, &fx.run, &fx.n, &fx.err),
			 0);
	assert_int_equal(hub_store_open(fx.arena, fx.at.url, 0, fx.feed.schema, &other, &fx.err),
			 0);
	assert_int_equal(run_source(&fx.feed, other, spec, five, 5, 0, &run, &n, &fx.err),
			 HUB_LOCKED);
	assert_string_equal(fx.err.code, "locked");
	/* another feed may run */
	const struct hub_run_spec more = {.feed = HUB_STR("more"), .system = HUB_STR("notes")};
	assert_int_equal(run_source(&fx.feed, other, more, five, 5, 0, &run, &n, &fx.err), 0);
	hub_store_close(other);
	hub_run_drop(fx.store, &fx.run);
}

/* A file of another office names the same people, between two chunks of this one. */
static void other_office(uint64_t seq)
{
	static const struct src theirs[] = {
	    {"7", "P1", "山田 太朗", "0399998888", "別の課で聞いた", NULL, "S1", NULL, 0},
	    {"8", "P2", "佐藤 花子", "0333334444", "別の課で聞いた", NULL, "S2", NULL, 0}};
	const struct hub_run_spec spec = {.feed = HUB_STR("more"), .system = HUB_STR("notes")};
	struct feed f = fx.feed;
	struct hub_store *other = NULL;
	struct hub_counts n;
	struct hub_run run;

	if (seq != 1)
		return;
	f.meanwhile = NULL;
	assert_int_equal(hub_store_open(fx.arena, fx.at.url, 0, f.schema, &other, &fx.err), 0);
	assert_int_equal(run_source(&f, other, spec, theirs, 2, 0, &run, &n, &fx.err), 0);
	hub_store_close(other);
}

/* What a run remembers of the rows that it shares with others is old as soon as somebody else has written. */
static void test_others_write_meanwhile(void **state)
{
	static const struct src before[] = {A1, A2, A3};
	static const struct src now[] = {
	    {"1", "P1", "山田 太郎", "0311112222", "訪問した。不在", NULL, "S1", NULL, 0},
	    {"2", "P1", "山田 太郎", "0311112222", "電話した。不在", NULL, "S1", NULL, 0},
	    A3};

	(void)state;
	assert_int_equal(load(before, 3), 0);
	fx.feed.chunk = 1;
	fx.feed.meanwhile = other_office;
	assert_int_equal(load(now, 3), 0);
	assert_str(text("SELECT name || ' ' || phone FROM cc_person WHERE key = 'P1'"),
		   "山田 太郎 0311112222");
	assert_int_equal(one("SELECT count(*) FROM cc_person WHERE key = 'P1'"), 1);
	assert_int_equal(one("SELECT count(*) FROM cc_staff WHERE key = 'S1'"), 1);
}

/* Nor is somebody new only because nobody knew them when the run began. */
static void test_others_write_first(void **state)
{
	static const struct src mine[] = {A1, A3, A2};

	(void)state;
	fx.feed.chunk = 1;
	fx.feed.meanwhile = other_office;
	assert_int_equal(load(mine, 3), 0);
	assert_int_equal(one("SELECT count(*) FROM cc_person"), 2);
	assert_int_equal(one("SELECT count(*) FROM cc_staff"), 2);
	assert_int_equal(one("SELECT count(*) FROM cc_activity"), 6);
}

/* --- dry run ---------------------------------------------------------------------------------- */

/* Changes with every byte that is written. */
static uint64_t fingerprint(void)
{
	struct hub_file_stamp stamp;
	uint8_t sha[HUB_SHA256];
	uint64_t h = 0;

	if (on_postgresql()) {
		assert_int_equal(open_store(HUB_OPEN_READONLY), 0);
		h = checksum() + (uint64_t)one("SELECT value FROM counter WHERE name = 'sync'") +
		    (uint64_t)one("SELECT count(*) FROM run");
		hub_store_close(fx.store);
	} else {
		assert_int_equal(hub_file_hash(fx.at.path, NULL, sha, &stamp, &fx.err), 0);
		memcpy(&h, sha, sizeof h);
	}
	return h;
}

static void dry_equals_run(const struct src *s, uint32_t n, int full)
{
	struct hub_run_spec spec = {.dry = 1, .full = full, .vanish_limit = 100};
	struct hub_counts dry;
	struct hub_run run;

	hub_store_close(fx.store);
	fx.store = NULL;
	const uint64_t before = fingerprint();
	assert_int_equal(open_store(HUB_OPEN_DRY), 0);
	assert_int_equal(run_source(&fx.feed, fx.store, spec, s, n, 0, &run, &dry, &fx.err), 0);
	hub_store_close(fx.store);
	assert_true(before == fingerprint());
	assert_int_equal(open_store(0), 0);
	spec.dry = 0;
	assert_int_equal(run_source(&fx.feed, fx.store, spec, s, n, 0, &fx.run, &fx.n, &fx.err), 0);
	assert_true(hub_counts_ok(&dry, fx.feed.schema));
	assert_memory_equal(dry.entity, fx.n.entity,
			    fx.feed.schema->n_entities * sizeof *dry.entity);
	dry.entity = fx.n.entity;
	assert_memory_equal(&dry, &fx.n, sizeof dry);
}

static void test_dry_run(void **state)
{
	const struct src b[] = {
	    {"1", "P1", "山田 太郎", "0355556666", "訪問した", NULL, "S1", NULL, 0},
	    A2,
	    A2,
	    {"3", "P2", "佐藤 花子", "?", "来所した", "二件目", "S7", NULL, 0},
	    {"4", "P2", "佐藤 華子", "0333334444", "会議をした", NULL, NULL, NULL, 0},
	    {"4", "P2", "佐藤 華子", "0333334444", "会議", NULL, NULL, NULL, 0},
	    {"7", "P2", "佐藤 花子", "0333334444", "新しい", NULL, NULL, NULL, 0},
	    {"8", "P8", "伊藤 光", "", "新しい", NULL, NULL, NULL, 0},
	    {"9", "P8", "伊藤 光", "09000000000", "新しい", NULL, NULL, NULL, 0}};
	static const enum hub_shared how[] = {HUB_SHARED_LAST, HUB_SHARED_FIRST, HUB_OWNED,
					      HUB_SHARED_LATEST};

	(void)state;
	for (size_t h = 0; h < HUB_COUNT(how); h++)
		for (uint32_t chunk = 1; chunk < 10; chunk += 4) {
			teardown(NULL);
			assert_int_equal(setup(NULL), 0);
			fx.feed.shared = how[h];
			fx.feed.chunk = chunk;
			dry_equals_run(five, 5, 1);
			dry_equals_run(b, HUB_COUNT(b), 1);
		}
}

static void test_dry_without_store(void **state)
{
	const struct hub_run_spec spec = {.dry = 1};

	(void)state;
	teardown(NULL);
	memset(&fx.store, 0, sizeof fx.store);
	fx.arena = hub_arena_new(0);
	fx.feed.arena = fx.arena;
	assert_int_equal(hub_schema_load(fx.arena, "schemas/common-case.cfg", NULL, &fx.feed.schema,
					 NULL, &fx.err),
			 0);
	assert_int_equal(test_store_make(&fx.at), 0);
	assert_int_equal(on_postgresql() ? drop_store() : 0, 0);
	assert_int_equal(open_store(HUB_OPEN_DRY | HUB_OPEN_CREATE), 0);
	assert_int_equal(run_source(&fx.feed, fx.store, spec, five, 5, 0, &fx.run, &fx.n, &fx.err),
			 0);
	assert_counts(5, 0, 0, 0, 0);
	if (on_postgresql()) {
		hub_store_close(fx.store);
		assert_int_equal(open_store(HUB_OPEN_READONLY), HUB_RETRY);
		assert_string_equal(fx.err.code, "store-missing");
		fx.store = NULL;
	} else {
		assert_int_equal(access(fx.at.path, F_OK), -1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_open, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_refused_rows, setup, teardown),
	    cmocka_unit_test(test_refused_in_memory),
	    cmocka_unit_test_setup_teardown(test_file_mode, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_open_errors, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_newer_store, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_other_schema, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_first_load, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_same_again, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_dumps_a_b_a, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_last_is_last, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_repeats_in_run, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_titles_are_no_records, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_owned_with_key, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_shared_first_and_latest, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_stub_is_filled, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_vanished, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_mapping_changed, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_resume, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_commit_not_heard, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_keys_of_first_load, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_ledger_broken, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_two_runs_at_once, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_others_write_meanwhile, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_others_write_first, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_dry_run, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_dry_without_store, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The books of a run: every byte of a ledger entry and of the run's own row, chunks that are gone, marks of taking back. */
#include "test_rows.h"

#include "flip.h"
#include "store/read.h"

static const char *const chunk_columns[] = {"run_id", "seq",       "chunk_id", "byte", "bytes",
					    "rows",   "first_row", "pos",      "seen", "shared",
					    "at",     "undone",    "hash",     NULL};
static const char *const run_columns[] = {
    "kind",     "feed_id", "system_id", "input",  "content",  "bytes", "mapping",
    "schema",   "actor",   "state",     "lookup", "\"full\"", "pid",   "begun_at",
    "ended_at", "undoes",  "undone_by", "counts", "findings", "seal",  NULL};

/* As doctor does: every run that is there. */
static int walk_all(struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc =
	    hub_db_query(hub_store_db(fx.store), &q, err, "SELECT id FROM run ORDER BY id", "");

	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK)
		rc = hub_ledger_verify(fx.store, hub_db_int(q, 0), err);
	return rc == HUB_END ? HUB_OK : rc;
}

static void sql(const char *text)
{
	assert_int_equal(hub_db_run(hub_store_db(fx.store), &fx.err, text, ""), 0);
}

static void flips(const char *table, const char *where, const char *named)
{
	const int is_run = strcmp(table, "run") == 0;
	struct flip f = {.db = hub_store_db(fx.store),
			 .table = table,
			 .where = where,
			 .columns = is_run ? run_columns : chunk_columns,
			 .walk = walk_all,
			 .named = named};

	assert_int_equal(walk_all(&fx.err), 0);
	flip_row(&f);
	assert_true(f.flips > 80);
	assert_int_equal(walk_all(&fx.err), 0);
}

static void two_runs(void)
{
	const struct hub_run_spec spec = {.actor = HUB_STR("test"), .input = HUB_STR("five.csv")};

	fx.feed.chunk = 2;
	assert_int_equal(run_source(&fx.feed, fx.store, spec, five, 5, 0, &fx.run, &fx.n, &fx.err),
			 0);
	assert_int_equal(run_source(&fx.feed, fx.store, spec, five, 4, 0, &fx.run, &fx.n, &fx.err),
			 0);
}

static void test_bytes(void **state)
{
	(void)state;
	two_runs();
	flips("chunk", "run_id = 1 AND seq = 1", "run 1 does not fit at chunk 1");
	flips("run", "id = 1",
	      "run 1 |run 1:|run 65:|run 1638|run 4194305:|run 1073741825:|"
	      "run 274877906945:|run 70368744177665:|run 18014398509481985:|"
	      "run 4611686018427387905:");
}

static void test_bytes_of_undone(void **state)
{
	struct hub_buf b;

	(void)state;
	two_runs();
	hub_buf_init(&b, 1 << 20);
	assert_int_equal(hub_run_undo(fx.store, 2, HUB_STR("test"), &b, &fx.err), 0);
	hub_buf_free(&b);
	flips("chunk", "run_id = 2 AND seq = 1", "run 2 does not fit at chunk 1");
	flips("run", "id = 3", "run 3: its row|run 2 does not fit");
	sql("UPDATE run SET undone_by = NULL WHERE id = 2");
	assert_int_equal(walk_all(&fx.err), HUB_INTEGRITY);
}

static void found(const char *damage)
{
	struct hub_db *db = hub_store_db(fx.store);

	assert_int_equal(db->ops->begin(db, 1, &fx.err), 0);
	sql(damage);
	if (walk_all(&fx.err) != HUB_INTEGRITY)
		fail_msg("not found: %s", damage);
	(void)hub_db_end(db, HUB_INTEGRITY, NULL);
}

static void test_gone(void **state)
{
	(void)state;
	two_runs();
	found("DELETE FROM chunk WHERE run_id = 1 AND seq = 2");
	found("DELETE FROM chunk WHERE run_id = 1 AND seq = 3");
	found("DELETE FROM chunk WHERE run_id = 1");
	found("UPDATE run SET id = 65 WHERE id = 1");
	found("UPDATE run SET seal = NULL WHERE id = 1");
	found("UPDATE run SET findings = '' WHERE id = 1");
	found("UPDATE run SET input = NULL WHERE id = 1");
	found("UPDATE run SET state = 5 WHERE id = 2");
	/* a run of before there were seals has none, and what is damaged is not undone either */
	sql("INSERT INTO meta (name, value) VALUES ('sealed_from', '2') ON CONFLICT (name) DO"
	    " UPDATE SET value = '2'");
	sql("UPDATE run SET seal = NULL WHERE id = 1");
	assert_int_equal(walk_all(&fx.err), 0);
	sql("UPDATE run SET actor = 'eve' WHERE id = 2");
	assert_int_equal(hub_run_undo(fx.store, 2, HUB_STR("test"), NULL, &fx.err), HUB_INTEGRITY);
}

/* A run that goes on after its process died has no seal until it has ended. */
static void test_resumed(void **state)
{
	const struct hub_run_spec spec = {.actor = HUB_STR("test")};

	(void)state;
	fx.feed.chunk = 1;
	assert_int_equal(run_source(&fx.feed, fx.store, spec, five, 5, 3, &fx.run, &fx.n, &fx.err),
			 0);
	assert_int_equal(
	    hub_run_end(fx.store, &fx.run, HUB_RUN_INTERRUPTED, &fx.n, HUB_STR(""), &fx.err), 0);
	assert_int_equal(walk_all(&fx.err), 0);
	assert_int_equal(run_source(&fx.feed, fx.store, spec, five, 5, 1, &fx.run, &fx.n, &fx.err),
			 0);
	assert_int_equal(fx.run.resumed, 1);
	assert_int_equal(one("SELECT count(*) FROM run WHERE seal IS NULL"), 1);
	hub_run_drop(fx.store, &fx.run);
	assert_int_equal(load(five, 5), 0);
	assert_int_equal(one("SELECT count(*) FROM run WHERE seal IS NOT NULL"), 1);
	assert_int_equal(walk_all(&fx.err), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_bytes, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_bytes_of_undone, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_gone, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_resumed, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

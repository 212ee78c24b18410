/* Taking runs back, links between persons, and what is left of a run that died at a named step. */
#include "test_rows.h"

#include "store/link.h"
#include "store/read.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

static int undo(int64_t run, struct hub_str *report)
{
	struct hub_buf b;

	hub_buf_init(&b, 1 << 20);
	const int rc = hub_run_undo(fx.store, run, HUB_STR("test"), &b, &fx.err);
	if (report)
		*report = hub_arena_str(fx.arena, hub_buf_text(&b));
	hub_buf_free(&b);
	return rc;
}

static const struct src changed[] = {
    {"1", "P1", "山田 太郎", "0399998888", "訪問した", NULL, "S1", NULL, 0},
    {"2", "P1", "山田 太郎", "0399998888", "電話した", NULL, "S1", NULL, 0},
    A3,
    {"4", "P2", "佐藤 花子", "0333334444", "会議をした", "二つ目", "S8", NULL, 0},
    A5,
    {"6", "P6", "伊藤 光", "", "新しい", NULL, "S1", NULL, 0}};

static void test_undo_first(void **state)
{
	(void)state;
	assert_int_equal(load(five, 5), 0);
	assert_int_equal(undo(1, NULL), 0);
	assert_int_equal(one("SELECT count(*) FROM record"), 0);
	assert_int_equal(one("SELECT count(*) FROM cc_person"), 0);
	assert_int_equal(one("SELECT count(*) FROM cc_activity"), 0);
	assert_int_equal(one("SELECT count(*) FROM cc_staff"), 0);
	assert_int_equal(one("SELECT state FROM run WHERE id = 1"), HUB_RUN_UNDONE);
	assert_int_equal(one("SELECT state FROM run WHERE id = 2 AND undoes = 1"), HUB_RUN_DONE);
	assert_int_equal(undo(1, NULL), 0);
	assert_int_equal(undo(2, NULL), HUB_REFUSED);
	assert_int_equal(undo(77, NULL), HUB_USAGE);
	/* the same file is not "the same again" any more */
	assert_int_equal(load(five, 5), 0);
	assert_false(fx.run.unchanged);
	assert_counts(5, 0, 0, 0, 0);
}

static void test_undo_change(void **state)
{
	(void)state;
	assert_int_equal(load(five, 5), 0);
	const uint64_t before = checksum();
	assert_int_equal(load(changed, 6), 0);
	assert_counts(1, 3, 2, 0, 0);
	assert_true(before != checksum());
	struct hub_str report;
	assert_int_equal(undo(2, &report), 0);
	assert_true(before == checksum());
	assert_true(hub_str_find(report, HUB_STR("1 records removed, 3 restored"), 0) !=
		    (size_t)-1);
	/* and the store says that it holds the first file */
	assert_int_equal(load(five, 5), 0);
	assert_true(fx.run.unchanged);
}

static void test_undo_vanished(void **state)
{
	const struct src four[] = {A1, A2, A3, A5};

	(void)state;
	assert_int_equal(load_full(five, 5, 50, 1), 0);
	assert_int_equal(load_full(four, 4, 50, 1), 0);
	assert_int_equal(one("SELECT count(*) FROM record WHERE state = 1"), 1);
	assert_int_equal(undo(2, NULL), 0);
	assert_int_equal(one("SELECT count(*) FROM record WHERE state = 1"), 0);
}

static void test_undo_conflicts(void **state)
{
	const struct src later[] = {
	    {"2", "P1", "山田 太郎", "0300001111", "三度目", NULL, "S1", NULL, 0}};
	const struct hub_run_spec other = {.feed = HUB_STR("other"), .system = HUB_STR("notes")};
	const struct src refers[] = {
	    {"x", "P6", "伊藤 光", "", "別の系統から", NULL, NULL, NULL, 0}};
	struct hub_str report;

	(void)state;
	assert_int_equal(load(five, 5), 0);
	assert_int_equal(load(changed, 6), 0);
	/* record 2 and person P1 are changed by a later run, P6 is spoken of by another feed */
	assert_int_equal(load(later, 1), 0);
	assert_int_equal(
	    run_source(&fx.feed, fx.store, other, refers, 1, 0, &fx.run, &fx.n, &fx.err), 0);
	assert_int_equal(undo(2, &report), 0);
	assert_true(hub_str_find(report, HUB_STR("rows that stay"), 0) != (size_t)-1);
	assert_str(text("SELECT body FROM cc_activity WHERE id >> 8 = 2"), "三度目");
	assert_str(text("SELECT phone FROM cc_person WHERE key = 'P1'"), "0300001111");
	/* P6 and the record that describes it stay, because something refers to it */
	assert_int_equal(one("SELECT count(*) FROM record WHERE key = '6'"), 1);
	assert_int_equal(one("SELECT count(*) FROM cc_person WHERE key = 'P6'"), 1);
	/* what nobody touched is back: record 4 has one activity again, without S8 */
	assert_int_equal(one("SELECT count(*) FROM cc_activity WHERE id >> 8 = 4"), 1);
	assert_int_equal(one("SELECT count(*) FROM cc_staff WHERE key = 'S8'"), 0);
}

static void sql(const char *text)
{
	assert_int_equal(hub_db_run(hub_store_db(fx.store), &fx.err, text, ""), 0);
}

/* A row of a record, not a shared one, that a row of another record refers to. */
static void test_undo_keeps_what_is_referred_to(void **state)
{
	(void)state;
	assert_int_equal(load(five, 5), 0);
	assert_int_equal(load(changed, 6), 0);
	sql("INSERT INTO cc_plan (id, record_id) SELECT id * 256 + 200, id FROM record WHERE key = "
	    "'6'");
	sql("INSERT INTO cc_evaluation (id, record_id, plan_id) SELECT r.id * 256 + 200, r.id, p.id"
	    " FROM record r, cc_plan p WHERE r.key = '3'");
	assert_int_equal(undo(2, NULL), 0);
	assert_int_equal(one("SELECT count(*) FROM record WHERE key = '6'"), 1);
	assert_int_equal(one("SELECT count(*) FROM cc_plan"), 1);
	assert_int_equal(one("SELECT count(*) FROM cc_person WHERE key = 'P6'"), 1);
	assert_str(text("SELECT body FROM cc_activity WHERE id >> 8 = 2 ORDER BY id"),
		   five[1].body);
}

static void test_undo_names_releases(void **state)
{
	struct hub_str report;

	(void)state;
	assert_int_equal(load(five, 5), 0);
	assert_int_equal(load(changed, 6), 0);
	sql("INSERT INTO release (id, profile, profile_hash, recipient, purpose, actor, at, state)"
	    " SELECT x, 'p', 'h', 'houkatsu', 'support', 'a', 1700000000, 2"
	    " FROM (SELECT 7 AS x UNION SELECT 8 UNION SELECT 9) AS n");
	sql("INSERT INTO release_item (release_id, entity, row_id) SELECT 7, 'activity', id"
	    " FROM cc_activity WHERE id >> 8 = 2");
	sql("INSERT INTO release_item (release_id, entity, row_id) SELECT 8, 'person', id"
	    " FROM cc_person WHERE key = 'P6'");
	sql("INSERT INTO release_item (release_id, entity, row_id) SELECT 9, 'activity', id"
	    " FROM cc_activity WHERE id >> 8 = 3"); /* no row of the run */
	assert_int_equal(undo(2, &report), 0);
	assert_true(hub_str_find(report, HUB_STR("release 7 to \"houkatsu\""), 0) != (size_t)-1);
	assert_true(hub_str_find(report, HUB_STR("release 8 to"), 0) != (size_t)-1);
	assert_true(hub_str_find(report, HUB_STR("release 9 to"), 0) == (size_t)-1);
}

/* A rescan of texts after the run is no change of the row. */
static void test_undo_after_rescan(void **state)
{
	(void)state;
	assert_int_equal(load(five, 5), 0);
	assert_int_equal(load(changed, 6), 0);
	assert_int_equal(hub_db_run(hub_store_db(fx.store), &fx.err,
				    "UPDATE cc_activity SET body_spans = '[]', scan = 'v2'", ""),
			 0);
	assert_int_equal(undo(2, NULL), 0);
	assert_int_equal(one("SELECT count(*) FROM cc_activity WHERE id >> 8 = 4"), 1);
}

/* --- links ------------------------------------------------------------------------------------ */

static const struct src elsewhere[] = {{"a", "Q1", "山田 太郎", "", "x", NULL, NULL, NULL, 0},
				       {"b", "Q9", "知らない 人", "", "x", NULL, NULL, NULL, 0}};

static int load_elsewhere(void)
{
	const struct hub_run_spec other = {.feed = HUB_STR("registry"),
					   .system = HUB_STR("registry")};

	return run_source(&fx.feed, fx.store, other, elsewhere, 2, 0, &fx.run, &fx.n, &fx.err);
}

static int64_t person(const char *key)
{
	char sql[80];

	snprintf(sql, sizeof sql, "SELECT id FROM cc_person WHERE key = '%s'", key);
	return one(sql);
}

static void test_links(void **state)
{
	struct hub_query *q = NULL;
	struct hub_link l;
	int64_t id;

	(void)state;
	assert_int_equal(load(five, 5), 0);
	assert_int_equal(one("SELECT count(*) FROM person_link"), 0);
	assert_int_equal(load_elsewhere(), 0);
	assert_int_equal(one("SELECT count(*) FROM person_link WHERE rule = 'name-birth'"), 1);
	assert_int_equal(hub_person_identity(fx.store, person("Q1"), &id, &fx.err), 0);
	assert_int_equal(id, person("P1"));
	assert_int_equal(hub_person_identity(fx.store, person("Q9"), &id, &fx.err), 0);
	assert_int_equal(id, person("Q9"));

	/* taken back by a person, it is not made again */
	assert_int_equal(hub_links_list(fx.store, 0, HUB_LINK_FORCE, &q, &fx.err), 0);
	assert_int_equal(hub_link_read(q, &l, &fx.err), 0);
	id = l.id;
	hub_db_done(q);
	assert_int_equal(hub_link_end(fx.store, id, HUB_STR("tanaka"), HUB_STR("別人"), &fx.err),
			 0);
	assert_int_equal(hub_link_end(fx.store, id, HUB_STR("tanaka"), HUB_STR("別人"), &fx.err),
			 HUB_USAGE);
	assert_int_equal(one("SELECT count(*) FROM person_identity"), 0);
	assert_int_equal(load(changed, 6), 0);
	assert_int_equal(one("SELECT count(*) FROM person_link WHERE state = 1"), 0);

	/* by hand */
	assert_int_equal(hub_link_add(fx.store, person("P2"), person("Q9"), HUB_STR("tanaka"),
				      HUB_STR("同一人"), &fx.err),
			 0);
	assert_int_equal(hub_person_identity(fx.store, person("Q9"), &id, &fx.err), 0);
	assert_int_equal(id, person("P2"));
	assert_int_equal(
	    hub_link_add(fx.store, person("P2"), 12345, HUB_STR("x"), HUB_STR(""), &fx.err),
	    HUB_USAGE);
	/* what a person linked is not taken away with the run */
	assert_int_equal(undo(2, NULL), 0);
	assert_int_equal(one("SELECT count(*) FROM cc_person WHERE key = 'Q9'"), 1);
	assert_int_equal(one("SELECT count(*) FROM cc_person WHERE key = 'Q1'"), 0);
}

static void set_person(const char *key, const char *column, const char *value)
{
	char sql[160];

	snprintf(sql, sizeof sql, "UPDATE cc_person SET %s = ? WHERE key = ?", column);
	assert_int_equal(hub_db_run(hub_store_db(fx.store), &fx.err, sql, "zz", value, key), 0);
}

static void test_link_rules(void **state)
{
	struct hub_link_counts n;
	struct hub_db *db = hub_store_db(fx.store);

	(void)state;
	assert_int_equal(load(five, 5), 0);
	assert_int_equal(load_elsewhere(), 0);
	/* numbers that contradict turn the link by name into a question */
	assert_int_equal(hub_db_run(db, &fx.err, "DELETE FROM person_link", ""), 0);
	set_person("P1", "atena_no", "111");
	set_person("Q1", "atena_no", "222");
	/* a number that agrees, but not the birth date: a question, too */
	set_person("P2", "atena_no", "333");
	set_person("Q9", "atena_no", "333");
	set_person("P2", "birth_date", "1950-01-02");
	set_person("Q9", "birth_date", "1951-01-02");
	assert_int_equal(db->ops->begin(db, 1, &fx.err), 0);
	assert_int_equal(hub_db_end(db, hub_links_find(fx.store, 2, &n, &fx.err), &fx.err), 0);
	assert_int_equal(n.links, 0);
	assert_int_equal(n.candidates, 2);
	/* accepted by a person it becomes a link */
	const int64_t c = one("SELECT id FROM link_candidate WHERE rule = 'atena'");
	assert_int_equal(
	    hub_link_decide(fx.store, c, 1, HUB_STR("tanaka"), HUB_STR("確認済"), &fx.err), 0);
	assert_int_equal(one("SELECT count(*) FROM person_identity"), 2);
	assert_int_equal(hub_link_decide(fx.store, c, 1, HUB_STR("tanaka"), HUB_STR(""), &fx.err),
			 HUB_USAGE);
	/* an unknown birth date does not contradict */
	set_person("P3", "atena_no", "444");
	set_person("Q1", "atena_no", "444");
	assert_int_equal(db->ops->begin(db, 1, &fx.err), 0);
	assert_int_equal(hub_db_end(db, hub_links_find(fx.store, 2, &n, &fx.err), &fx.err), 0);
	assert_int_equal(n.links, 1);
}

/* --- reading ---------------------------------------------------------------------------------- */

static void test_read(void **state)
{
	struct src bad[] = {A1, A2, A3, A4, A5};
	struct hub_query *q = NULL;
	struct hub_reject_row rej;
	struct hub_record_info rec;
	int64_t *ids;
	uint32_t rows;

	(void)state;
	bad[1].reject = 1;
	assert_int_equal(load(bad, 5), 0);
	assert_int_equal(hub_rejects_list(fx.store, 1, HUB_REJECT_OPEN, &q, &fx.err), 0);
	assert_int_equal(hub_reject_read(q, &rej, &fx.err), 0);
	assert_int_equal(rej.row, 2);
	assert_str(rej.code, "bad-date");
	assert_str(rej.column, "日付");
	assert_int_equal(hub_reject_read(q, &rej, &fx.err), HUB_END);
	hub_db_done(q);
	assert_int_equal(hub_reject_get(fx.store, fx.arena, 1, &rej, &fx.err), 0);
	assert_int_equal(hub_record_at(fx.store, fx.arena, 1, 3, 0, &rec, &fx.err), 0);
	assert_str(rec.key, "3");
	assert_str(rec.raw, "3,佐藤 花子,来所した");
	assert_int_equal(hub_record_at(fx.store, fx.arena, 1, 0, rec.line, &rec, &fx.err), 0);
	assert_str(rec.key, "3");
	assert_int_equal(hub_record_at(fx.store, fx.arena, 1, 99, 0, &rec, &fx.err), HUB_END);
	assert_int_equal(hub_record_at(fx.store, fx.arena, 1, 3, 0, &rec, &fx.err), 0);
	assert_int_equal(hub_record_rows(fx.store, fx.arena, &rec,
					 hub_schema_entity(fx.feed.schema, HUB_STR("person")), &ids,
					 &rows, &fx.err),
			 0);
	assert_int_equal(rows, 1);
	assert_int_equal(ids[0], person("P2"));
	assert_int_equal(hub_ledger_verify(fx.store, 1, &fx.err), 0);
	assert_int_equal(hub_db_run(hub_store_db(fx.store), &fx.err,
				    "UPDATE chunk SET seen = x'02' WHERE seq = 2", ""),
			 0);
	assert_int_equal(hub_ledger_verify(fx.store, 1, &fx.err), HUB_INTEGRITY);
	assert_int_equal(hub_store_index(fx.store, &fx.err), 0);
	assert_int_equal(hub_store_index(fx.store, &fx.err), 0);
}

/* --- death at named steps --------------------------------------------------------------------- */

/* Runs fn in a child that dies at the step; 1 when it was killed. */
static int dies_at(const char *step, int (*fn)(void))
{
	int status;

	hub_store_close(fx.store);
	fx.store = NULL;
	const pid_t pid = fork();
	assert_true(pid != -1);
	if (pid == 0) {
		setenv("TSUNAGI_CRASH", step, 1);
		_exit(open_store(0) ? 3 : fn() ? 4 : 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(open_store(0), 0);
	if (WIFEXITED(status) && WEXITSTATUS(status) > 2)
		fail_msg("child failed: %d", WEXITSTATUS(status));
	return WIFSIGNALED(status);
}

static int load_first(void)
{
	return load(five, 5);
}
static int load_changed(void)
{
	return load(changed, 6);
}
static int undo_second(void)
{
	return undo(2, NULL);
}

static const char *const steps[] = {
    "after-records:1", "after-records:2", "after-entities:1", "after-entities:2", "before-commit:1",
    "before-commit:2", "after-commit:1",  "after-commit:2",   "before-end",       "after-end"};

static void test_crash_run(void **state)
{
	(void)state;
	assert_int_equal(load_first(), 0);
	const uint64_t want_first = checksum();
	assert_int_equal(load_changed(), 0);
	const uint64_t want = checksum();
	/* each step in the first load, then the same one or another in the second */
	for (size_t k = 0; k < 2 * HUB_COUNT(steps); k++) {
		const size_t i = k / 2, j = (i + k % 2 * 3) % HUB_COUNT(steps);
		teardown(NULL);
		assert_int_equal(setup(NULL), 0);
		assert_int_equal(dies_at(steps[i], load_first), 1);
		assert_int_equal(load_first(), 0);
		assert_true(checksum() == want_first);
		if (!fx.run.unchanged)
			assert_counts(5, 0, 0, 0, 0);
		assert_int_equal(dies_at(steps[j], load_changed), 1);
		assert_int_equal(load_changed(), 0);
		assert_true(checksum() == want);
		if (!fx.run.unchanged)
			assert_counts(1, 3, 2, 0, 0);
		assert_int_equal(one("SELECT count(*) FROM run"), 2);
		assert_int_equal(one("SELECT count(*) FROM run WHERE state = 2"), 2);
	}
}

static void test_crash_undo(void **state)
{
	static const char *const at[] = {"undo-chunk:1", "undo-chunk:2", "undo-finish"};

	(void)state;
	assert_int_equal(load_first(), 0);
	const uint64_t want = checksum();
	for (size_t i = 0; i < HUB_COUNT(at); i++) {
		teardown(NULL);
		assert_int_equal(setup(NULL), 0);
		assert_int_equal(load_first(), 0);
		assert_int_equal(load_changed(), 0);
		assert_int_equal(dies_at(at[i], undo_second), 1);
		/* half undone: no run may begin before it is whole */
		assert_int_equal(load_first(), HUB_REFUSED);
		assert_string_equal(fx.err.code, "undo-unfinished");
		assert_int_equal(undo_second(), 0);
		assert_true(checksum() == want);
	}
}

/* --- disk ------------------------------------------------------------------------------------- */

static int load_big(void)
{
	struct src *s = hub_alloc_array(fx.arena, 3000, sizeof *s);

	for (int i = 0; s && i < 3000; i++) {
		const char *key = hub_arena_printf(fx.arena, "%d", i).ptr;
		s[i] = (struct src){key,
				    key,
				    "山田 太郎",
				    "0311112222",
				    "長い本文 長い本文 長い本文 長い本文",
				    NULL,
				    "S1",
				    NULL,
				    0};
	}
	fx.feed.chunk = 100;
	return load(s, 3000);
}

static int fill_disk(void)
{
	const struct rlimit small = {700 * 1024, 700 * 1024};

	(void)signal(SIGXFSZ, SIG_IGN);
	if (setrlimit(RLIMIT_FSIZE, &small))
		return 1;
	const int rc = load_big();
	/* the child says by its exit whether the failure was told as what it was */
	return !(rc == HUB_RETRY && strcmp(fx.err.code, "disk-full") == 0 && fx.err.hint[0]);
}

static void test_disk_full(void **state)
{
	(void)state;
	ONLY_SQLITE();
	assert_int_equal(load_big(), 0);
	const uint64_t want = checksum();
	teardown(NULL);
	assert_int_equal(setup(NULL), 0);
	assert_int_equal(dies_at("never", fill_disk), 0);
	const int64_t chunks = one("SELECT count(*) FROM chunk");
	assert_true(chunks > 0 && chunks < 30);
	assert_int_equal(one("SELECT count(*) FROM record"), chunks * 100);
	/* with room again the same command goes on */
	assert_int_equal(load_big(), 0);
	assert_true(fx.run.resumed);
	assert_int_equal(fx.n.fate[HUB_FATE_NEW], 3000);
	assert_true(checksum() == want);
}

static void test_read_only(void **state)
{
	(void)state;
	assert_int_equal(load(five, 5), 0);
	hub_store_close(fx.store);
	assert_int_equal(open_store(HUB_OPEN_READONLY), 0);
	assert_int_equal(one("SELECT count(*) FROM record"), 5);
	assert_int_equal(load(changed, 6), HUB_RETRY);
	assert_string_equal(fx.err.code, "store-readonly");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_undo_first, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_undo_change, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_undo_vanished, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_undo_conflicts, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_undo_keeps_what_is_referred_to, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_undo_names_releases, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_undo_after_rescan, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_links, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_link_rules, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_read, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_crash_run, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_crash_undo, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_disk_full, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_read_only, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

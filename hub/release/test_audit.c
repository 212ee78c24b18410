/* The audit log: every byte of it and of the head that is kept beside it, rows that are gone, a head on paper. */
#include "test_store.h"

#include "base/json.h"
#include "flip.h"
#include "release/audit.h"
#include "release/audit_inspect.h"
#include "store/store.h"

static struct {
	struct hub_arena *arena;
	struct test_store at;
	struct hub_store *store;
	struct hub_db *db;
	struct hub_err err;
} fx;

static int walk(struct hub_err *err)
{
	struct hub_audit_state a;

	return hub_audit_verify(fx.db, HUB_STR(""), &a, err);
}

static int add(const char *actor)
{
	return hub_audit_add(fx.db, hub_str_of(actor), "test", HUB_STR("対象 7"),
			     HUB_STR("{\"n\":1}"), &fx.err);
}

static void sql(const char *text)
{
	if (fx.db->ops->exec(fx.db, text, &fx.err))
		fail_msg("%s: %s", fx.err.what, text);
}

static void test_every_byte(void **state)
{
	static const char *const columns[] = {"seq",    "at",        "actor", "action", "object",
					      "detail", "prev_hash", "hash",  NULL};
	static const char *const head[] = {"name", "value", NULL};
	static const char *const rows[][2] = {
	    {"seq = 1", "row 1 "}, {"seq = 2", "row 2 "}, {"seq = 3", "row 3 "}};

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(rows); i++) {
		struct flip f = {fx.db, "audit", rows[i][0], columns, walk, rows[i][1], 0};
		flip_row(&f);
		assert_true(f.flips > 90);
	}
	struct flip f = {fx.db, "meta", "name = 'audit_head'", head, walk, "the head that is kept",
			 0};
	flip_row(&f);
	assert_int_equal(f.flips, strlen("audit_head") + 2 + 64);
	assert_int_equal(walk(&fx.err), 0);
}

/* What was taken away stays away: an entry after it does not close the gap. */
static void test_gap_stays(void **state)
{
	static const struct {
		const char *damage, *code;
	} rows[] = {
	    {"DELETE FROM audit WHERE seq = 1", "audit-broken"},
	    {"DELETE FROM audit WHERE seq = 2", "audit-broken"},
	    {"DELETE FROM audit WHERE seq = 3", "audit-cut"},
	    {"DELETE FROM audit", "audit-cut"},
	    {"DELETE FROM meta WHERE name = 'audit_head'", "audit-head-broken"},
	    {"DELETE FROM audit WHERE seq = 3; DELETE FROM meta WHERE name = 'audit_head'",
	     "audit-head-broken"},
	    {"UPDATE meta SET value = '0' || value WHERE name = 'audit_head'", "audit-head-broken"},
	    {"UPDATE meta SET value = upper(value) WHERE name = 'audit_head'", "audit-head-broken"},
	};

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(rows); i++) {
		assert_int_equal(fx.db->ops->begin(fx.db, 1, &fx.err), 0);
		sql(rows[i].damage);
		if (walk(&fx.err) != HUB_INTEGRITY || strcmp(fx.err.code, rows[i].code) != 0)
			fail_msg("%s: %s", rows[i].damage, fx.err.code);
		/* where the head itself is damaged nothing more is written */
		const int rc = add("eve");
		if (rc != (strcmp(rows[i].code, "audit-head-broken") ? HUB_OK : HUB_INTEGRITY))
			fail_msg("%s, then one more: %s", rows[i].damage, fx.err.what);
		if (walk(&fx.err) != HUB_INTEGRITY)
			fail_msg("%s, then one more: not found", rows[i].damage);
		(void)hub_db_end(fx.db, HUB_INTEGRITY, NULL);
	}
	assert_int_equal(add("ann"), 0);
	assert_int_equal(walk(&fx.err), 0);
}

/* Reading is logged: on a server it does not wait for a run's chunk, but for who adds to the log. */
static void test_beside_a_writer(void **state)
{
	struct hub_store *other;

	(void)state;
	if (!on_postgresql())
		skip();
	assert_int_equal(
	    hub_store_open(fx.arena, fx.at.url, 0, hub_store_schema(fx.store), &other, &fx.err), 0);
	struct hub_db *db = hub_store_db(other);
	assert_int_equal(db->ops->exec(db, "SET lock_timeout = '200ms'", &fx.err), 0);
	const struct hub_str who = HUB_STR("ben"), what = HUB_STR("{}");
	assert_int_equal(fx.db->ops->begin(fx.db, HUB_DB_WRITE, &fx.err), 0);
	assert_int_equal(hub_audit_add(db, who, "test", HUB_STR("1"), what, &fx.err), 0);
	assert_int_equal(add("ann"), 0);
	assert_int_equal(hub_audit_add(db, who, "test", HUB_STR("2"), what, &fx.err), HUB_LOCKED);
	assert_int_equal(hub_db_end(fx.db, HUB_OK, &fx.err), 0);
	assert_int_equal(hub_audit_add(db, who, "test", HUB_STR("3"), what, &fx.err), 0);
	hub_store_close(other);
	assert_int_equal(walk(&fx.err), 0);
	int64_t rows = 0;
	assert_int_equal(
	    hub_db_one(fx.db, &rows, &fx.err, "SELECT count(*) FROM audit WHERE seq > 3", ""), 0);
	assert_int_equal(rows, 3);
}

static int inspected(uint32_t *n)
{
	const struct hub_inspect_ask ask = {
	    .to = INT64_MAX, .night_from = 0, .night_to = 24, .mass = 5};
	struct hub_inspected *found;

	return hub_audit_inspect(fx.arena, fx.db, &ask, &found, n, &fx.err);
}

/* Who inspects the log is not shown less of it because an entry could not be read. */
static void test_unreadable_details(void **state)
{
	uint32_t n = 0;
	int hit = 1;

	(void)state;
	assert_int_equal(hub_audit_add(fx.db, HUB_STR("ann"), "view", HUB_STR("cases"),
				       HUB_STR("{\"rows\":7}"), &fx.err),
			 0);
	assert_int_equal(inspected(&n), HUB_OK);
	assert_int_equal(n, 4);
	for (unsigned long k = 1; hit; k++) {
		hub_fault_arm(k);
		const int rc = inspected(&n);
		hit = hub_fault_arm(0) >= k;
		assert_true(rc == HUB_OK ? n == 4 : hit && rc == HUB_FATAL);
	}
	assert_int_equal(hub_audit_add(fx.db, HUB_STR("ann"), "view", HUB_STR("cases"),
				       HUB_STR("{\"rows\":"), &fx.err),
			 0);
	assert_int_equal(inspected(&n), HUB_INTEGRITY);
	assert_string_equal(fx.err.code, "audit-details");
}

/* The entry of the month in which so many (5) were too many; 0: none. */
static int64_t mass_of(const char *actor)
{
	const struct hub_inspect_ask ask = {.to = INT64_MAX, .mass = 5};
	struct hub_inspected *found;
	uint32_t n = 0;

	assert_int_equal(hub_audit_inspect(fx.arena, fx.db, &ask, &found, &n, &fx.err), HUB_OK);
	for (uint32_t i = 0; i < n; i++)
		if (hub_str_is(found[i].actor, actor) && found[i].findings & 1u << HUB_FIND_MASS)
			return found[i].seq;
	return 0;
}

static void read_so(const char *actor, const char *action, const char *object, const char *detail)
{
	assert_int_equal(hub_audit_add(fx.db, hub_str_of(actor), action, hub_str_of(object),
				       hub_str_of(detail), &fx.err),
			 0);
}

/* Many rows of few cases, the same list again and again, registers, boards and searches are everybody's day. */
static void test_mass_reads(void **state)
{
	static const char list[] = "{\"entity\":\"case\",\"rows\":4,\"page\":\"a1\"}";
	char object[20];

	(void)state;
	for (int i = 0; i < 9; i++) {
		read_so("dan", "view", "case 1",
			"{\"entity\":\"activity\",\"rows\":90,\"page\":\"c\"}");
		read_so("eve", "view", "view", list);
		read_so("fay", "view", "view",
			"{\"entity\":\"resource\",\"rows\":90,\"register\":true}");
		read_so("gil", "view", "view",
			"{\"entity\":\"case\",\"rows\":90,\"by\":\"progress\"}");
		read_so("hal", "search", "view", "{\"rows\":50}");
		read_so("ian", "alerts.read", "", "{\"route\":\"/v1/alerts/inbox\"}");
	}
	for (size_t i = 0; i < 6; i++)
		assert_int_equal(
		    mass_of((const char *const[]){"dan", "eve", "fay", "gil", "hal", "ian"}[i]), 0);
	for (int i = 0; i < 4; i++) { /* case after case, also through a module */
		snprintf(object, sizeof object, "case %d", i + 2);
		read_so("dan", "view", object,
			"{\"entity\":\"plan\",\"rows\":1,\"page\":\"c\",\"by\":\"x\"}");
	}
	read_so("eve", "view", "view", "{\"entity\":\"case\",\"rows\":1,\"page\":\"b2\"}");
	read_so("hal", "search", "view", "{\"rows\":5,\"further\":true}");
	assert_true(mass_of("dan") > 0 && mass_of("eve") > 0 && mass_of("hal") > 0);
}

static int setup(void **state)
{
	const struct hub_schema *schema;

	(void)state;
	fx.arena = hub_arena_new(1 << 28);
	if (test_store_make(&fx.at) ||
	    hub_schema_load(fx.arena, "schemas/common-case.cfg", NULL, &schema, NULL, &fx.err) ||
	    hub_store_open(fx.arena, fx.at.url, HUB_OPEN_CREATE, schema, &fx.store, &fx.err))
		return -1;
	fx.db = hub_store_db(fx.store);
	return add("ann") || add("鈴木") || add("bob");
}

static int teardown(void **state)
{
	(void)state;
	hub_store_close(fx.store);
	hub_arena_free(fx.arena);
	return test_store_remove(&fx.at);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_every_byte, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_gap_stays, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_beside_a_writer, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_unreadable_details, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_mass_reads, setup, teardown),
	};

	hub_json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Which SQL a module may bring. */
#include "test.h"

#include "serve/module_sql.h"

static const char made[] =
    "CREATE TABLE n_a (id INTEGER PRIMARY KEY, b TEXT REFERENCES n_a (id)) STRICT;"
    " CREATE UNIQUE INDEX n_a_b ON n_a (b); CREATE TABLE n_b (x INTEGER);"
    " INSERT INTO n_b (x) SELECT id FROM n_a ON CONFLICT DO NOTHING;";

static void statements(void **state)
{
	static const struct {
		const char *sql;
		int fine;
	} asks[] = {
	    {"SELECT a.id FROM n_a a, n_b AS b WHERE a.b = b.x ORDER BY a.id, a.b", 1},
	    {"SELECT * FROM n_a JOIN n_b ON n_a.id = n_b.x, n_a c", 1},
	    {"SELECT x FROM (SELECT x FROM n_b) AS s, n_a", 1},
	    {"SELECT x FROM (n_a JOIN n_b ON 1 = 1)", 1},
	    {"WITH t(x) AS (SELECT id FROM n_a), u AS (SELECT 1) SELECT x FROM t, u", 1},
	    {"INSERT INTO n_a (id, b) VALUES (?, ?), (?, ?) ON CONFLICT (id) DO UPDATE SET b = "
	     "excluded.b",
	     1},
	    {"UPDATE n_a SET b = ?, id = id WHERE b IS NOT DISTINCT FROM ? RETURNING id", 1},
	    {"DELETE FROM n_a WHERE id IN (SELECT x FROM n_b) AND b <> 'FROM person; --'", 1},
	    {"SELECT count(*), coalesce(max(id), 0) FROM n_a GROUP BY b, id", 1},
	    {"SELECT * FROM cc_person", 0},
	    {"SELECT * FROM n_a, audit", 0},
	    {"SELECT * FROM n_a JOIN n_b ON 1 = 1, audit", 0},
	    {"SELECT * FROM (n_a, audit)", 0},
	    {"SELECT * FROM n_a WHERE id IN (SELECT seq FROM audit)", 0},
	    {"SELECT (SELECT max(seq) FROM audit)", 0},
	    {"SELECT * FROM (SELECT seq FROM audit) AS n_a", 0},
	    {"WITH n_a AS (SELECT * FROM audit) SELECT * FROM n_a", 0},
	    {"SELECT * FROM \"audit\"", 0},
	    {"SELECT * FROM main.audit", 0},
	    {"SELECT * FROM n_a UNION SELECT seq, 1 FROM audit", 0},
	    {"SELECT * FROM n_stats_close", 0}, /* of its name, but not its own */
	    {"SELECT * FROM sqlite_schema", 0},
	    {"SELECT * FROM pragma_table_info('x')", 0},
	    {"SELECT * FROM json_each('[1]')", 0},
	    {"SELECT pg_sleep(1)", 0},
	    {"SELECT 1; DELETE FROM n_a", 0},
	    {"SELECT 1 -- FROM audit", 0},
	    {"SELECT 1 /* */ FROM audit", 0},
	    {"SELECT * FROM `audit`", 0},
	    {"UPDATE audit SET seq = 1", 0},
	    {"INSERT INTO audit (seq) VALUES (1)", 0},
	    {"DELETE FROM audit", 0},
	    {"DROP TABLE n_a", 0},
	    {"PRAGMA user_version", 0},
	    {"ATTACH 'x' AS y", 0},
	    {"SELECT 'x", 0},
	    {"SELECT * FROM", 0},
	    {"SELECT (1", 0},
	    {"", 0},
	};
	struct hub_module_tables t = {.area = "n"};
	struct hub_err err;

	(void)state;
	assert_int_equal(hub_module_migration_check(&t, made, &err), HUB_OK);
	assert_int_equal(t.n, 2);
	for (size_t i = 0; i < HUB_COUNT(asks); i++) {
		const int rc = hub_module_statement_check(&t, asks[i].sql, &err);
		if (rc != (asks[i].fine ? HUB_OK : HUB_CONF))
			fail_msg("%s: %d %s", asks[i].sql, rc, rc ? err.what : "");
	}
}

static void migrations(void **state)
{
	static const char *const bad[] = {
	    "CREATE TABLE audit (x INTEGER)",
	    "CREATE TABLE nn_a (x INTEGER)",
	    "CREATE TABLE IF NOT EXISTS n_c (x INTEGER)", /* it may be the core's */
	    "CREATE TABLE n_a (x INTEGER)",               /* there already */
	    "CREATE TABLE n_c (x INTEGER REFERENCES audit (seq))",
	    "CREATE TABLE n_c AS SELECT * FROM audit",
	    "CREATE INDEX other ON n_a (b)",
	    "CREATE INDEX n_i ON audit (seq)",
	    "CREATE VIEW n_v AS SELECT 1",
	    "CREATE TRIGGER n_t AFTER INSERT ON audit BEGIN SELECT 1; END",
	    "ALTER TABLE audit ADD COLUMN x TEXT",
	    "ALTER TABLE n_a RENAME TO audit_2",
	    "DROP TABLE audit",
	    "INSERT INTO n_b SELECT seq FROM audit",
	};
	struct hub_module_tables t = {.area = "n"};
	struct hub_err err;

	(void)state;
	assert_int_equal(hub_module_migration_check(&t, made, &err), HUB_OK);
	for (size_t i = 0; i < HUB_COUNT(bad); i++) {
		struct hub_module_tables copy = t;
		if (hub_module_migration_check(&copy, bad[i], &err) != HUB_CONF)
			fail_msg("%s", bad[i]);
	}
	assert_int_equal(
	    hub_module_migration_check(
		&t, "ALTER TABLE n_a RENAME TO n_c; ALTER TABLE n_c ADD COLUMN x TEXT", &err),
	    HUB_OK);
	assert_int_equal(hub_module_statement_check(&t, "SELECT x FROM n_c", &err), HUB_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(statements),
					   cmocka_unit_test(migrations)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

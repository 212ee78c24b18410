/* A first load of more keys than wait in memory (keymap.c), with records and persons that come again when the run
 * has long forgotten them otherwise: what it does, a dry run says before, and no index is made for it. */
#include "test_rows.h"

enum { PERSONS = 26000, AGAIN = 900, ALL = PERSONS + 3 * AGAIN, CHUNK = 650 };

static const char *numbered(const char *head, uint32_t i)
{
	return hub_arena_printf(fx.arena, "%s%u", head, i).ptr;
}

/* Every record with its person; then persons with another phone, the same records, others under their keys. */
static struct src *make_source(void)
{
	struct src *s = hub_alloc_array(fx.arena, ALL, sizeof *s);

	assert_non_null(s);
	for (uint32_t i = 0; i < PERSONS; i++)
		s[i] = (struct src){.key = numbered("", i),
				    .person = numbered("P", i),
				    .name = "山田 太郎",
				    .phone = "0311112222",
				    .body = "訪問した"};
	for (uint32_t i = 0; i < AGAIN; i++) {
		struct src *to = &s[PERSONS + i];

		to[0] = s[i * 7];
		to[0].key = numbered("N", i);
		to[0].phone = "0333334444";
		to[AGAIN] = s[AGAIN * 7 + i * 7];
		to[2 * AGAIN] = s[AGAIN * 14 + i * 7];
		to[2 * AGAIN].body = "電話した";
	}
	return s;
}

static void check_counts(const struct hub_counts *n)
{
	fx.n = *n;
	assert_counts(PERSONS + AGAIN, 0, 0, AGAIN, AGAIN);
	assert_int_equal(count_of("person")->inserted, PERSONS);
	assert_int_equal(count_of("person")->updated, AGAIN);
}

static int64_t text_keys(void)
{
	if (on_postgresql())
		return one("SELECT count(*) FROM pg_indexes WHERE schemaname = 'tsunagi' AND"
			   " indexname IN ('record_key', 'cc_person_by_key')");
	return one("SELECT count(*) FROM sqlite_schema WHERE name IN"
		   " ('record_key', 'cc_person_by_key')");
}

static int64_t not_vacuumed(void)
{
	return one("SELECT count(*) FROM pg_class WHERE relnamespace ="
		   " to_regnamespace('tsunagi') AND reloptions @> '{autovacuum_enabled=off}'");
}

/* Rows that came again were found by their numbers. */
static void check_put_away(void)
{
	assert_int_equal(text_keys(), 0);
	if (on_postgresql())
		assert_true(not_vacuumed() > 10);
}

static void check_back(void)
{
	assert_int_equal(text_keys(), 2);
	if (on_postgresql())
		assert_int_equal(not_vacuumed(), 0);
}

static void test_first_load(void **state)
{
	const struct src *s = make_source();
	struct hub_run_spec spec = {.dry = 1};
	struct hub_counts n;

	(void)state;
	fx.feed.chunk = CHUNK;
	assert_int_equal(run_source(&fx.feed, fx.store, spec, s, ALL, 0, &fx.run, &n, &fx.err), 0);
	check_counts(&n);
	spec.dry = 0;
	assert_int_equal(run_source(&fx.feed, fx.store, spec, s, ALL, (ALL + CHUNK - 1) / CHUNK - 1,
				    &fx.run, &n, &fx.err),
			 0);
	check_put_away();
	hub_run_drop(fx.store, &fx.run);
	assert_int_equal(run_source(&fx.feed, fx.store, spec, s, ALL, 0, &fx.run, &n, &fx.err), 0);
	assert_true(fx.run.resumed);
	check_counts(&n);
	assert_int_equal(one("SELECT count(*) FROM record"), PERSONS + AGAIN);
	assert_int_equal(one("SELECT count(*) FROM cc_person"), PERSONS);
	assert_int_equal(one("SELECT count(*) FROM cc_person WHERE phone = '0333334444'"), AGAIN);
	assert_int_equal(one("SELECT count(*) FROM reject WHERE code = 'key-repeated' AND"
			     " reason LIKE '%row%'"),
			 AGAIN);
	check_back();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_first_load, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

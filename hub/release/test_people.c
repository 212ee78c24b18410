/* Read of everybody at once, or asked for one by one: whatever the store holds, people are the same people, live
 * with the same people, and are protected alike. */
#include "test_store.h"

#include "base/clock.h"
#include "release/people.h"
#include "store/db.h"

enum { PEOPLE = 24, HOUSES = 8, ROUNDS = 60 };

static struct {
	struct hub_arena *arena;
	struct test_store at;
	const struct hub_schema *schema;
	struct hub_store *store;
	struct hub_db *db;
	struct hub_err err;
	uint64_t seed;
	int next;
	unsigned met[4]; /* states that the slow reading compared */
} fx;

static unsigned roll(unsigned n)
{
	fx.seed ^= fx.seed << 13;
	fx.seed ^= fx.seed >> 7;
	fx.seed ^= fx.seed << 17;
	return (unsigned)(fx.seed >> 33) % n;
}

static void sql(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void sql(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	const struct hub_str text = hub_arena_vprintf(fx.arena, format, ap);
	va_end(ap);
	if (fx.db->ops->exec(fx.db, text.ptr, &fx.err))
		fail_msg("%s: %s", fx.err.what, text.ptr);
}

static unsigned person(void)
{
	return 1 + roll(PEOPLE);
}

/* One thing after the other that says who people are, where they live, or what protects them. */
static void change_something(void)
{
	static const char *const states[] = {"protected", "suspected", "unknown", "clear"};
	static const char *const kana[] = {"'アイカキ'", "'サシタチ'", "'ナニハヒ'", "'マミラリ'",
					   "NULL"};
	static const char *const names[] = {"'山田一'", "'川村二'", "'林三郎'", "'東'", "NULL"};
	static const char *const days[] = {"'1950-01-01'", "'1950-01-02'", "'1950-01-03'", "NULL"};
	const int id = fx.next++;

	switch (roll(11)) {
	case 0:
		sql("INSERT INTO cc_household_member (id, record_id, person_id, household_id, "
		    "member_to) VALUES (%d, 1, %u, %u, %s)",
		    id, person(), 1 + roll(HOUSES),
		    roll(3)   ? "NULL"
		    : roll(2) ? "'2026-06-14'"
			      : "'2026-06-15'");
		break;
	case 1:
		sql("UPDATE cc_person SET household_id = %u WHERE id = %u", 1 + roll(HOUSES),
		    person());
		break;
	case 2:
		sql("UPDATE cc_person SET household_no = '%u', system_id = %u WHERE id = %u",
		    roll(4), 1 + roll(2), person());
		break;
	case 3:
		sql("INSERT INTO cc_relationship (id, record_id, person_id, other_person_id, "
		    "living) VALUES (%d, 1, %u, %u, '%s')",
		    id, person(), person(), roll(4) ? "together" : "apart");
		break;
	case 4:
		sql("INSERT INTO cc_protection (id, record_id, person_id, protection_state, "
		    "deleted, decided_by, decided_second) VALUES (%d, 1, %u, '%s', %u, 'a', '%s')",
		    id, person(), states[roll(4)], roll(3) == 0, roll(2) ? "b" : "a");
		break;
	case 5:
		sql("DELETE FROM person_identity WHERE person_id IN (%u, %u)", person(), person());
		break;
	case 6: {
		const unsigned a = 1 + roll(PEOPLE - 1), b = a + 1 + roll(PEOPLE - a);
		sql("DELETE FROM person_identity WHERE person_id IN (%u, %u) OR identity IN (%u, "
		    "%u); INSERT INTO person_identity VALUES (%u, %u), (%u, %u)",
		    a, b, a, b, a, a, b, a);
		break;
	}
	case 7:
		sql("UPDATE cc_person SET phone = '03-%u', name_kana = %s, name = %s, birth_date = "
		    "%s, address = '%u番地' WHERE id = %u",
		    roll(40), kana[roll(5)], names[roll(5)], days[roll(4)], roll(60), person());
		break;
	case 8:
		sql("INSERT INTO cc_relationship (id, record_id, person_id, other_person_id, "
		    "other_phone, other_address) VALUES (%d, 1, %u, %u, '03-%u', '%u番地')",
		    id, person(), person(), roll(40), roll(60));
		break;
	case 9:
		sql("UPDATE cc_household SET address = '%u番地', phone = '03-%u' WHERE id = %u",
		    roll(60), roll(40), 1 + roll(HOUSES));
		break;
	default:
		sql("DELETE FROM cc_protection WHERE person_id = %u", person());
	}
}

static void same_household(const struct hub_person_facts *a, const struct hub_person_facts *b)
{
	assert_int_equal(a->n_household, b->n_household);
	for (uint32_t i = 0; i < a->n_household; i++) {
		assert_int_equal(a->members[i], b->members[i]);
		assert_int_equal(a->household[i].protection, b->household[i].protection);
	}
}

/* A slow reading of who is suspected, by what the rows say (release/people.h): "HIDDEN" are the people of protected
 * households. Full names have three characters. */
static const char slow[] =
    "WITH r AS (SELECT p.*, coalesce(i.identity, p.id) AS who FROM cc_person p"
    " LEFT JOIN person_identity i ON i.person_id = p.id),"
    " hidden AS (SELECT * FROM r WHERE who IN (%.*s)),"
    " same AS (SELECT DISTINCT o.who FROM r o, hidden h WHERE o.birth_date = h.birth_date"
    " AND o.who <> h.who AND (o.name = h.name OR o.name_kana = h.name_kana) AND o.who NOT IN"
    "  (SELECT r.who FROM r JOIN cc_protection x ON x.person_id = r.id WHERE"
    "   x.protection_state = 'clear' AND x.decided_by <> x.decided_second)),"
    " s AS (SELECT * FROM hidden UNION SELECT * FROM r WHERE who IN (SELECT who FROM same)),"
    " place AS (SELECT address, phone FROM s"
    "  UNION SELECT c.other_address, c.other_phone FROM cc_relationship c JOIN s ON"
    "   s.id = c.other_person_id"
    "  UNION SELECT c.address, c.phone FROM cc_household c JOIN s ON c.id = s.household_id"
    "  UNION SELECT c.address, c.phone FROM cc_household c JOIN cc_household_member m ON"
    "   m.household_id = c.id JOIN s ON s.id = m.person_id"
    "   WHERE m.member_to IS NULL OR m.member_to >= '2026-06-15'),"
    " shares AS (SELECT who FROM r o WHERE EXISTS (SELECT 1 FROM place WHERE"
    "  place.address = o.address OR place.phone = o.phone)"
    "  OR EXISTS (SELECT 1 FROM s WHERE (s.birth_date = o.birth_date AND"
    "   (s.name = o.name OR s.name_kana = o.name_kana)) OR ((s.birth_date IS NULL OR"
    "   o.birth_date IS NULL) AND ((s.name = o.name AND length(o.name) > 2) OR"
    "   s.name_kana = o.name_kana)))),"
    " said AS (SELECT r.who FROM r JOIN cc_protection x ON x.person_id = r.id WHERE"
    "  x.protection_state <> 'clear' OR x.decided_by <> x.decided_second),"
    " listed AS (SELECT who FROM r WHERE record_id = 2)"
    " SELECT r.who, CASE WHEN r.who IN (SELECT who FROM same) THEN 2"
    "  WHEN r.who IN (SELECT who FROM listed) THEN 3"
    "  WHEN r.who IN (SELECT who FROM shares) THEN 2 ELSE 0 END FROM r"
    " WHERE r.who NOT IN (SELECT who FROM said) GROUP BY r.who";

static void as_read_slowly(struct hub_people *p)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	const struct hub_person_facts *f;
	struct hub_str hidden = HUB_STR("0");
	int rc;

	for (int64_t i = 1; i <= PEOPLE; i++) {
		assert_int_equal(hub_people_get(p, i, &f, &fx.err), 0);
		for (uint32_t k = 0;
		     f->household[0].protection == HUB_PROT_PROTECTED && k < f->n_household; k++)
			hidden = hub_arena_printf(fx.arena, "%.*s, %lld", HUB_FMT(hidden),
						  (long long)f->members[k]);
	}
	const struct hub_str text = hub_arena_printf(fx.arena, slow, HUB_FMT(hidden));
	if (hub_db_query(fx.db, &q, &fx.err, text.ptr, ""))
		fail_msg("%s", fx.err.what);
	while ((rc = hub_db_next(q, &fx.err)) == HUB_OK) {
		assert_int_equal(hub_people_get(p, hub_db_int(q, 0), &f, &fx.err), 0);
		if (f->household[0].protection != (enum hub_protection)hub_db_int(q, 1))
			fail_msg("person %lld is %d, the slow reading says %d",
				 (long long)f->identity, (int)f->household[0].protection,
				 (int)hub_db_int(q, 1));
		fx.met[f->household[0].protection & 3]++;
	}
	assert_int_equal(rc, HUB_END);
}

static void compare(struct hub_people *all, struct hub_people *few)
{
	const struct hub_person_facts *a, *b;
	const int64_t *in, *also;
	uint32_t n, m;

	for (int64_t i = 1; i <= PEOPLE; i++) {
		const int64_t who =
		    1 + (i * 7 + fx.next) % PEOPLE; /* not always the same one first */
		assert_int_equal(hub_people_get(all, who, &a, &fx.err), 0);
		assert_int_equal(hub_people_get(few, who, &b, &fx.err), 0);
		assert_int_equal(a->identity, b->identity);
		assert_int_equal(a->n_rows, b->n_rows);
		for (uint32_t k = 0; k < a->n_rows; k++)
			assert_int_equal(a->rows[k], b->rows[k]);
		same_household(a, b);
	}
	for (int64_t i = 1; i <= HOUSES; i++) {
		assert_int_equal(hub_people_household(all, i, &in, &n, &fx.err), 0);
		assert_int_equal(hub_people_household(few, i, &also, &m, &fx.err), 0);
		assert_int_equal(n, m);
		for (uint32_t k = 0; k < n; k++)
			assert_int_equal(in[k], also[k]);
	}
}

static void test_same(void **state)
{
	struct hub_people_opt opt = {.feed_days = 7};
	size_t protections[8] = {0};

	(void)state;
	assert_int_equal(hub_day_parse(HUB_STR("2026-06-15"), &opt.day), 0);
	for (int round = 0; round < ROUNDS; round++) {
		struct hub_people *all, *few;
		const struct hub_person_facts *f;
		for (int i = 0; i < 4; i++)
			change_something();
		opt.few = 0;
		assert_int_equal(hub_people_open(fx.store, &opt, &all, &fx.err), 0);
		opt.few = 1;
		assert_int_equal(hub_people_open(fx.store, &opt, &few, &fx.err), 0);
		compare(all, few);
		as_read_slowly(all);
		for (int64_t i = 1; i <= PEOPLE; i++) {
			assert_int_equal(hub_people_get(few, i, &f, &fx.err), 0);
			protections[f->household[0].protection & 7]++;
		}
		/* in the middle of its work it reads everybody: what it said stays true, what it did not say yet as well */
		if (round % 2)
			assert_int_equal(hub_people_forget(few, &fx.err), 0);
		assert_int_equal(hub_people_all(few, &fx.err), 0);
		compare(all, few);
		hub_people_close(all);
		hub_people_close(few);
	}
	assert_true(fx.met[HUB_PROT_SUSPECTED] > 20 && fx.met[HUB_PROT_UNKNOWN] > 20 &&
		    fx.met[HUB_PROT_CLEAR] > 20);
	/* all four were met, or the test says nothing */
	assert_true(protections[HUB_PROT_PROTECTED] && protections[HUB_PROT_SUSPECTED] &&
		    protections[HUB_PROT_UNKNOWN] && protections[HUB_PROT_CLEAR]);
}

static int setup(void **state)
{
	(void)state;
	fx.arena = hub_arena_new(1 << 28);
	fx.seed = 88172645463325252u;
	fx.next = 1;
	if (test_store_make(&fx.at) ||
	    hub_schema_load(fx.arena, "schemas/common-case.cfg", NULL, &fx.schema, NULL, &fx.err) ||
	    hub_store_open(fx.arena, fx.at.url, HUB_OPEN_CREATE, fx.schema, &fx.store, &fx.err))
		return -1;
	fx.db = hub_store_db(fx.store);
	sql("INSERT INTO system VALUES (1, 's'), (2, 't'); INSERT INTO feed VALUES (1, 'f', 1), "
	    "(2, "
	    "'registry', 2), (3, 'restrictions', 2); INSERT INTO run (id, kind, feed_id, "
	    "system_id, input, content, bytes,"
	    " mapping, schema, actor, state, lookup, \"full\", pid, begun_at, ended_at) VALUES (1, "
	    "'import', 2, 2, 'i', 'c', 1, 'm', 's', 'a', 2, 1, 0, 1, %lld, %lld);"
	    "INSERT INTO record (id, feed_id, key, hash, run_id, row, line, byte, state) VALUES"
	    " (1, 1, 'a', x'00', 1, 1, 1, 0, 0), (2, 2, 'b', x'00', 1, 1, 1, 0, 0);"
	    "INSERT INTO run (id, kind, feed_id, system_id, state, lookup, begun_at, ended_at,"
	    " restricts) VALUES (2, 'import', 3, 2, 2, 1, 0, 1, 1);",
	    (long long)hub_now(), (long long)hub_now());
	for (int i = 1; i <= HOUSES; i++)
		sql("INSERT INTO cc_household (id, record_id, system_id, key) VALUES (%d, 1, 1, "
		    "'h%d')",
		    i, i);
	for (int i = 1; i <= PEOPLE; i++) /* every fourth stands in a registry that is fresh */
		sql("INSERT INTO cc_person (id, record_id, system_id, key, phone) VALUES (%d, %d, "
		    "1, "
		    "'p%d', '03-%d')",
		    i, i % 4 ? 1 : 2, i, i);
	sql("INSERT INTO cc_residence (id, record_id, person_id) SELECT id, record_id, id FROM"
	    " cc_person WHERE record_id = 2");
	return 0;
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
	    cmocka_unit_test_setup_teardown(test_same, setup, teardown)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What a viewer may find is made anew only where something changed, and then it is what the whole making says; several
 * connections share it; what ends by the clock ends there as well. */
#include "test_store.h"
#include "test_town.h"

#include <pthread.h>

/* Everything an answer says. */
static struct hub_str told(struct hub_finder *f, const char *agency, const struct hub_find *q)
{
	const struct hub_viewer who = {.agency = hub_str_of(agency), .actor = HUB_STR("carl")};
	const struct hub_hits *h = NULL;
	HUB_AUTO(buf) struct hub_buf b;

	hub_buf_init(&b, 1 << 20);
	if (hub_finder_find(f, fx.arena, &who, q, &h, &fx.err))
		fail_msg("%s %s", fx.err.code, fx.err.what);
	hub_buf_printf(&b, "%lld:", (long long)h->total);
	for (uint32_t i = 0; i < h->n; i++)
		hub_buf_printf(&b, " %.*s/%.*s/%.*s/%.*s", HUB_FMT(h->hit[i].key),
			       HUB_FMT(h->hit[i].case_key), HUB_FMT(h->hit[i].day),
			       HUB_FMT(h->hit[i].agency));
	for (uint32_t i = 0; i < h->facets; i++)
		hub_buf_printf(&b, " %d=%.*s(%.*s):%lld", (int)h->facet[i].facet,
			       HUB_FMT(h->facet[i].value), HUB_FMT(h->facet[i].label),
			       (long long)h->facet[i].count);
	return hub_arena_str(fx.arena, hub_buf_text(&b));
}

static struct hub_str told_alike(struct hub_finder *f, const char *agency, struct hub_str no)
{
	const struct hub_viewer who = {.agency = hub_str_of(agency), .actor = HUB_STR("carl")};
	const struct hub_alike *list;
	HUB_AUTO(buf) struct hub_buf b;
	uint32_t n = 0;
	const int rc = hub_finder_alike(f, fx.arena, &who, no, 50, &list, &n, &fx.err);

	hub_buf_init(&b, 1 << 20);
	hub_buf_printf(&b, "%d", rc);
	for (uint32_t i = 0; !rc && i < n; i++)
		hub_buf_printf(&b, " %.*s=%lld/%u/%u", HUB_FMT(list[i].case_key),
			       (long long)list[i].score, list[i].whys, list[i].kinds);
	return hub_arena_str(fx.arena, hub_buf_text(&b));
}

enum { TOLD = 2 * ASKED };

static void ask_of(struct hub_finder *f, const char *agency, uint64_t seed, struct hub_str *out)
{
	const uint64_t kept = fx.seed;

	fx.seed = seed;
	for (int i = 0; i < ASKED; i++) {
		const char *words = i == 0   ? ""
				    : i == 1 ? topics[0][1]
				    : i % 2  ? any_word()
					     : families[i % 5];
		const struct hub_find q = {.words = hub_str_of(words), .limit = 200, .counts = 1};
		out[2 * i] = told(f, agency, &q);
		out[2 * i + 1] =
		    told_alike(f, agency, hub_arena_printf(fx.arena, "C-%u", 1 + roll(CASES)));
	}
	fx.seed = kept;
}

/* Whoever makes the sights whole now, is told the same as who was told of each change: asked last, for the making brings
 * the index up to date, too. */
static void expect_like_whole(const char *agency)
{
	struct hub_sights *whole = NULL;
	struct hub_finder *f = NULL;
	struct hub_str a[TOLD], b[TOLD];
	const uint64_t seed = fx.seed;

	ask_of(fx.finder, agency, seed, a);
	assert_int_equal(hub_sights_new(fx.arena, 2, &whole, &fx.err), 0);
	assert_int_equal(hub_finder_open(fx.windows, &fx.themes, whole, &f, &fx.err), 0);
	ask_of(f, agency, seed, b);
	hub_finder_close(f);
	for (int i = 0; i < TOLD; i++) {
		if (hub_str_eq(a[i], b[i]))
			continue;
		fprintf(stderr, "# %s:\n%.*s\n# whole:\n%.*s\n", agency, HUB_FMT(a[i]),
			HUB_FMT(b[i]));
		fail_msg("what %s is told differs from the whole", agency);
	}
	(void)roll(2);
}

/* Somebody says that the word, with which the note begins, is a name: nobody finds it any more. */
static void cut_out(const char *word, unsigned note)
{
	const struct hub_str text = hub_arena_printf(fx.arena, "%sと断酒の相談", word);
	uint8_t sha[HUB_SHA256];
	char hex[2 * HUB_SHA256 + 1];

	assert_int_equal(hub_sha256(text, sha), 0);
	hub_hex(sha, sizeof sha, hex);
	sql("UPDATE cc_activity SET scan = NULL, body = '%s' WHERE id = %u", text.ptr, note);
	assert_int_equal(hub_store_touch(fx.db, &fx.err), 0);
	const int64_t before = find("A", word)->total;
	sql("INSERT INTO correction (id, entity, row_id, field, action, start, stop, type,"
	    " text_hash, who, at) VALUES (%u, 'activity', %u, 'body', 'add', 0, 2, 'FACILITY',"
	    " x'%s', 'ann', 1)",
	    note, note, hex);
	assert_true(find("A", word)->total <= before);
}

/* What ties people to each other changes, too, and what is decided by hand. */
static void change_more(int round)
{
	const unsigned a = 1 + roll(CASES), b = 1 + roll(CASES);
	const int id = 5000 + round;

	switch (round % 9) {
	case 0:
		sql("UPDATE cc_person SET household_no = 'n%u' WHERE id IN (%u, %u)", a, a, b);
		break;
	case 1:
		sql("INSERT INTO cc_relationship (id, record_id, person_id, other_person_id,"
		    " relation_code, living) VALUES (%d, 1, %u, %u, 'child', 'together')",
		    id, a, b);
		break;
	case 2:
		if (a != b)
			sql("DELETE FROM person_identity WHERE person_id IN (%u, %u);"
			    "INSERT INTO person_identity VALUES (%u, %u), (%u, %u)",
			    a, b, a, a < b ? a : b, b, a < b ? a : b);
		break;
	case 3:
		sql("UPDATE cc_case SET person_id = %u WHERE id = %u", a, b);
		break;
	case 4:
		cut_out("徘徊", 1 + roll(NOTES));
		break;
	case 5:
		sql("INSERT INTO protection_act (id, person_id, what, reason, actor, at) VALUES"
		    " (%d, %u, 'protect', 'x', 'ann', 1)",
		    id, a);
		break;
	case 6:
		sql("UPDATE protection_act SET ended_at = 2 WHERE ended_at IS NULL");
		break;
	case 7:
		sql("INSERT INTO bar (id, recipient, person_id, actor, at) VALUES (%d, 'A', %u, "
		    "'ann', 1)",
		    id, a);
		break;
	default:
		sql("UPDATE cc_agency SET agency_type = 'npo' WHERE id = 2");
	}
	assert_int_equal(hub_store_touch(fx.db, &fx.err), 0);
}

/* What one of them says counts for the records of the other, which stay as they are. */
static void test_ties(void **state)
{
	(void)state;
	sql("INSERT INTO person_identity VALUES (11, 11), (14, 11)");
	assert_int_equal(hub_store_touch(fx.db, &fx.err), 0);
	const int64_t before = find("A", "鴫原寅次")->total; /* 11 */
	sql("UPDATE cc_consent SET consent_status = 'refused', recipient = 'A' WHERE person_id = "
	    "14");
	assert_int_equal(hub_store_touch(fx.db, &fx.err), 0);
	assert_true(before > find("A", "鴫原寅次")->total);
	expect_like_whole("A");
	sql("DELETE FROM person_identity");
	assert_int_equal(hub_store_touch(fx.db, &fx.err), 0);
}

static void test_only_what_changed(void **state)
{
	uint64_t rows = 0, before;

	(void)state;
	for (int round = 0; round < 2 * ROUNDS; round++) {
		if (round % 2)
			change_more(round / 2);
		else
			change_something(60 + round / 2);
		expect_like_whole("A");
		expect_like_whole("B");
	}
	sql("UPDATE bar SET ended_at = 2");
	(void)find("A", "");
	for (int i = 0; i < 4; i++) {
		before = hub_sights_decided(fx.sights);
		sql("INSERT INTO consent_entry (id, run_id, person_id, recipient, category,"
		    " purpose, status, valid_from, reason) VALUES (%d, 1, %d, 'A', '*', '*',"
		    " 'refused', '2026-01-01', 'x')",
		    i + 1, 1 + 7 * i);
		(void)find("A", "");
		rows = hub_sights_decided(fx.sights) - before;
		assert_true(rows > 0 && rows <= NOTES / 2);
	}
}

/* An emergency ends by the clock, and nothing is written then. */
static void test_emergency_ends(void **state)
{
	(void)state;
	setenv("TSUNAGI_NOW", "2026-11-20T10:00:00+09:00", 1);
	const long long from = hub_now();
	assert_int_equal(find("A", "犬養寅次")->total, 0); /* has refused */
	sql("INSERT INTO emergency (id, recipient, person_id, ground, reason, hours, asked_by,"
	    " asked_at, confirmed_by, confirmed_at, until) VALUES"
	    " (1, 'A', 10, 'x', 'x', 1, 'ann', %lld, 'bob', %lld, %lld)",
	    from, from, from + 3600);
	assert_int_equal(find("A", "犬養寅次")->total, NOTES / CASES);
	setenv("TSUNAGI_NOW", "2026-11-20T11:30:00+09:00", 1);
	assert_int_equal(find("A", "犬養寅次")->total, 0);
	unsetenv("TSUNAGI_NOW");
}

/* One of several connections, each on a thread of its own, that ask at once. */
struct asker {
	pthread_t thread;
	int rc;
	int64_t total;
	struct hub_err err;
};

static void *ask_once(void *arg)
{
	struct asker *k = arg;
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(1 << 30);
	const struct hub_viewer who = {.agency = HUB_STR("A"), .actor = HUB_STR("carl")};
	const struct hub_find q = {.limit = 1};
	const struct hub_alike *like;
	struct hub_store *store = NULL;
	struct hub_windows *w = NULL;
	struct hub_finder *f = NULL;
	const struct hub_hits *h;
	uint32_t n;

	k->rc = hub_store_open(a, fx.at.url, 0, fx.schema, &store, &k->err);
	if (!k->rc)
		k->rc = hub_windows_open(store, &fx.conf, &w, &k->err);
	if (!k->rc)
		k->rc = hub_finder_open(w, &fx.themes, fx.sights, &f, &k->err);
	for (int i = 0; i < 3 && !k->rc; i++)
		k->rc = hub_finder_find(f, a, &who, &q, &h, &k->err);
	if (!k->rc) {
		k->total = h->total;
		k->rc = hub_finder_alike(f, a, &who, HUB_STR("C-2"), 5, &like, &n, &k->err);
		k->rc = k->rc == HUB_END ? HUB_OK : k->rc;
	}
	hub_finder_close(f);
	hub_windows_close(w);
	if (store)
		hub_store_close(store);
	return NULL;
}

/* After a change one of them makes the sight, the others wait for it; all see the same. */
static void test_shared(void **state)
{
	enum { ASKERS = 4 };
	struct asker k[ASKERS] = {0};

	(void)state;
	for (int round = 0; round < 3; round++) {
		const uint64_t before = hub_sights_made(fx.sights);
		change_something(504 + round);
		for (int i = 0; i < ASKERS; i++)
			assert_int_equal(pthread_create(&k[i].thread, NULL, ask_once, &k[i]), 0);
		for (int i = 0; i < ASKERS; i++)
			pthread_join(k[i].thread, NULL);
		for (int i = 0; i < ASKERS; i++) {
			if (k[i].rc)
				fail_msg("%s: %s", k[i].err.code, k[i].err.what);
			assert_int_equal(k[i].total, find("A", "")->total);
		}
		assert_int_equal(hub_sights_made(fx.sights), before + 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_emergency_ends),
	    cmocka_unit_test(test_ties),
	    cmocka_unit_test(test_only_what_changed),
	    cmocka_unit_test(test_shared),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

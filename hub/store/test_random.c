/* Random histories of a feed, the same in two stores that cut it into chunks in different ways, are
 * interrupted in different places, and in one of them looked at by a dry run first. Whatever the cuts,
 * both hold the same; a dry run counts what the run counts; undo gives back the state before, to the byte.
 * SEED and ROUNDS come from the environment; a failure names its seed. */
#include "test_rows.h"

#include "store/ledger.h"
#include "store/tables.h"

enum { MOST = 24, DUMPS = 7 };

struct rng {
	uint64_t x;
};

/* splitmix64 */
static uint64_t next(struct rng *r)
{
	uint64_t z = (r->x += 0x9e3779b97f4a7c15u);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static uint32_t below(struct rng *r, uint32_t n)
{
	return (uint32_t)(next(r) % n);
}

#define PICK(r, list) ((list)[below((r), HUB_COUNT(list))])

static void make_source(struct rng *r, struct src *s, uint32_t *n)
{
	static const char *const keys[] = {"1", "2", "3", "4", "5", "6", "7", "8", "9"};
	static const char *const persons[] = {"P1", "P2", "P3", "P4", NULL};
	static const char *const names[] = {"山田 太郎", "山田 次郎", "佐藤 花子", "", NULL};
	static const char *const phones[] = {"0311112222", "0333334444", "?", "", NULL};
	static const char *const bodies[] = {"訪問した", "電話した", "来所した", ""};
	static const char *const seconds[] = {NULL, NULL, "再度電話した", "会議"};
	static const char *const staffs[] = {"S1", "S2", "S3", NULL};
	static const char *const days[] = {"2024-05", "2024-06", "2024-07", NULL};

	*n = below(r, MOST);
	for (uint32_t i = 0; i < *n; i++) {
		s[i] = (struct src){PICK(r, keys),   PICK(r, persons), PICK(r, names),
				    PICK(r, phones), PICK(r, bodies),  PICK(r, seconds),
				    PICK(r, staffs), PICK(r, days),    below(r, 12) == 0};
		if (i && below(r, 6) == 0) /* an equal repeat */
			s[i] = s[below(r, i)];
	}
}

/* One of the two stores. */
struct side {
	struct hub_store *store;
	char url[256], path[112];
	struct rng cuts; /* chunk sizes and interruptions are this one's own */
	struct hub_counts n;
	struct hub_run run;
	int rc;
};

/* Ids of shared rows stand for entity and key: a row that is a repeat after all may use one up, and
 * whether that is known before depends on the cut. */
struct ids {
	struct {
		int64_t id, name;
	} one[4096];
	size_t n;
};

static int by_id(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static struct ids *list_ids(struct hub_store *s)
{
	const struct hub_entity_tables *t = hub_store_tables(s);
	struct ids *list = hub_alloc0(fx.arena, sizeof *list);
	struct hub_query *q = NULL;
	char sql[128];

	for (uint32_t i = 0; i < t->n; i++) {
		if (!t->table[i].find)
			continue;
		snprintf(sql, sizeof sql, "SELECT id, key FROM %s WHERE key IS NOT NULL",
			 t->table[i].name.ptr);
		assert_int_equal(hub_db_query(hub_store_db(s), &q, &fx.err, sql, ""), 0);
		while (hub_db_next(q, &fx.err) == HUB_OK && list->n < HUB_COUNT(list->one)) {
			list->one[list->n].id = hub_db_int(q, 0);
			list->one[list->n++].name =
			    (int64_t)(hub_hash64(hub_db_str(q, 1)) + i * 1000003) | INT64_MIN;
		}
		hub_db_done(q);
	}
	qsort(list->one, list->n, sizeof list->one[0], by_id);
	return list;
}

static int64_t name_of(const struct ids *list, int64_t id)
{
	const int64_t *at = bsearch(&id, list->one, list->n, sizeof list->one[0], by_id);

	return at ? at[1] : id;
}

static void add_int(struct hub_hash *h, int64_t v)
{
	*h = hub_hash128((struct hub_str){(const char *)&v, sizeof v}, *h);
}

/* Rows in no order; a column named refs is a list of ids. */
static uint64_t sum_query(struct hub_store *s, const struct ids *list, const char *sql)
{
	struct hub_query *q = NULL;
	uint64_t sum = 0;

	if (hub_db_query(hub_store_db(s), &q, &fx.err, sql, ""))
		fail_msg("%s: %s", sql, fx.err.what);
	while (hub_db_next(q, &fx.err) == HUB_OK) {
		struct hub_hash h = {hub_hash64(hub_str_of(sql)), 0};
		for (uint32_t c = 0; c < q->ops->columns(q); c++) {
			const struct hub_dbval v = hub_db_val(q, c);
			add_int(&h, v.type);
			add_int(&h, name_of(list, v.i));
			h = hub_hash128(v.s, h);
		}
		sum += h.hi;
	}
	hub_db_done(q);
	return sum;
}

static uint64_t sum_refs(struct hub_store *s, const struct ids *list)
{
	struct hub_query *q = NULL;
	uint64_t sum = 0;

	assert_int_equal(hub_db_query(hub_store_db(s), &q, &fx.err,
				      "SELECT id, refs FROM record WHERE refs IS NOT NULL", ""),
			 0);
	while (hub_db_next(q, &fx.err) == HUB_OK) {
		struct hub_str refs = hub_db_str(q, 1);
		struct hub_hash h = {(uint64_t)hub_db_int(q, 0), 1};
		int64_t last = HUB_SHARED_BASE, id;
		unsigned kind;
		while (hub_ids_next(&refs, &last, &id, &kind) > 0)
			add_int(&h, name_of(list, id));
		sum += h.hi;
	}
	hub_db_done(q);
	return sum;
}

/* Entity tables with their spans, records, links in force, what decided about shared rows, corrections. */
static uint64_t sum(struct hub_store *s)
{
	static const char *const rest[] = {
	    "SELECT id, feed_id, key, hash, state, raw FROM record",
	    "SELECT row_id, value FROM shared_latest WHERE value IS NOT NULL",
	    "SELECT a, b, rule FROM person_link WHERE state = 1",
	    "SELECT person_id FROM person_identity", "SELECT * FROM correction"};
	const struct hub_entity_tables *t = hub_store_tables(s);
	const struct ids *list = list_ids(s);
	uint64_t sum = sum_refs(s, list);
	char sql[128];

	for (uint32_t i = 0; i < t->n; i++) {
		snprintf(sql, sizeof sql, "SELECT * FROM %s", t->table[i].name.ptr);
		sum += sum_query(s, list, sql);
	}
	for (size_t i = 0; i < HUB_COUNT(rest); i++)
		sum += sum_query(s, list, rest[i]);
	return sum;
}

static void run_once(struct side *side, const struct hub_run_spec *spec, const struct src *s,
		     uint32_t n, uint64_t stop_after)
{
	fx.feed.chunk = 1 + below(&side->cuts, MOST);
	side->rc = run_source(&fx.feed, side->store, *spec, s, n, stop_after, &side->run, &side->n,
			      &fx.err);
}

/* To the end, perhaps with interruptions. */
static void run_side(struct side *side, const struct hub_run_spec *spec, const struct src *s,
		     uint32_t n)
{
	for (int stops = (int)below(&side->cuts, 3); stops > 0; stops--) {
		run_once(side, spec, s, n, 1 + below(&side->cuts, 3));
		if (!side->run.state) /* it came to its end before */
			return;
		hub_run_drop(side->store, &side->run);
	}
	run_once(side, spec, s, n, 0);
}

static void remove_files(const char *path)
{
	static const char *const tails[] = {"", "-wal", "-shm", "-lock"};
	char name[160];

	for (size_t i = 0; i < HUB_COUNT(tails); i++) {
		snprintf(name, sizeof name, "%s%s", path, tails[i]);
		unlink(name);
	}
}

/* The first is on the driver that the test is run on, the other always on SQLite. */
static void open_side(struct side *side, int number, uint64_t seed)
{
	snprintf(side->path, sizeof side->path, "%s/%d.db", fx.at.dir, number);
	snprintf(side->url, sizeof side->url, "sqlite:%s", side->path);
	side->cuts.x = seed * 2 + (uint64_t)number;
	if (number == 0 && on_postgresql()) {
		assert_int_equal(empty_store(), 0);
		snprintf(side->url, sizeof side->url, "%s", fx.at.url);
	}
	assert_int_equal(hub_store_open(fx.arena, side->url, HUB_OPEN_CREATE, fx.feed.schema,
					&side->store, &fx.err),
			 0);
}

static void close_side(struct side *side)
{
	hub_store_close(side->store);
	remove_files(side->path);
}

static uint64_t seed_now; /* for the message; set once per round */

static void same_counts(const struct hub_counts *a, const struct hub_counts *b, const char *what)
{
	const uint32_t entities = fx.feed.schema->n_entities;
	struct hub_counts x = *a, y = *b;

	x.entity = y.entity = NULL;
	if (memcmp(&x, &y, sizeof x) != 0 ||
	    memcmp(a->entity, b->entity, entities * sizeof *a->entity) != 0) {
		HUB_AUTO(buf) struct hub_buf text;
		hub_buf_init(&text, 1 << 16);
		hub_counts_json(a, fx.feed.schema, &text);
		hub_buf_putc(&text, '\n');
		hub_counts_json(b, fx.feed.schema, &text);
		fail_msg("seed %llu: %s counts otherwise\n%.*s", (unsigned long long)seed_now, what,
			 HUB_FMT(hub_buf_text(&text)));
	}
	if (!hub_counts_ok(a, fx.feed.schema))
		fail_msg("seed %llu: %s: counts do not add up", (unsigned long long)seed_now, what);
}

static void must_be(int yes, const char *what)
{
	if (!yes)
		fail_msg("seed %llu: %s", (unsigned long long)seed_now, what);
}

static void undo_side(struct side *side, int64_t run, uint64_t before)
{
	HUB_AUTO(buf) struct hub_buf report;

	hub_buf_init(&report, 1 << 20);
	must_be(hub_run_undo(side->store, run, HUB_STR("test"), &report, &fx.err) == 0, "undo");
	if (sum(side->store) != before)
		fail_msg("seed %llu: undo left another state: %.*s", (unsigned long long)seed_now,
			 HUB_FMT(hub_buf_text(&report)));
}

static void one_dump(struct rng *r, struct side *side)
{
	static const char *const mappings[] = {"m1", "m1", "m1", "m2", "m3"};
	struct src s[MOST];
	uint32_t n;

	make_source(r, s, &n);
	fx.feed.mapping = PICK(r, mappings);
	fx.feed.no_staff = strcmp(fx.feed.mapping, "m2") == 0;
	fx.feed.prefix = strcmp(fx.feed.mapping, "m3") == 0 ? "k" : NULL;
	struct hub_run_spec spec = {.full = below(r, 2) == 0,
				    .vanish_limit = below(r, 4) ? 100 : 10,
				    .end_vanished = below(r, 2) == 0,
				    .again = 1};
	const uint64_t before[2] = {sum(side[0].store), sum(side[1].store)};

	must_be(before[0] == before[1], "two stores differ before");
	spec.dry = 1;
	run_once(&side[0], &spec, s, n, 0);
	const struct hub_counts dry = side[0].n;
	const int dry_rc = side[0].rc;
	spec.dry = 0;
	must_be(sum(side[0].store) == before[0], "a dry run wrote");
	for (int i = 0; i < 2; i++)
		run_side(&side[i], &spec, s, n);
	must_be(side[0].rc == side[1].rc && side[0].rc == dry_rc, "another result");
	must_be(side[0].rc == 0 || side[0].rc == HUB_REJECT, fx.err.what);
	must_be(sum(side[0].store) == sum(side[1].store), "other cuts, another store");
	same_counts(&side[0].n, &side[1].n, "other cuts");
	same_counts(&dry, &side[0].n, "the dry run");
	if (below(r, 3) == 0 || side[0].rc)
		for (int i = 0; i < 2; i++)
			undo_side(&side[i], side[i].run.id, before[i]);
}

static void one_history(uint64_t seed)
{
	static const enum hub_shared how[] = {HUB_OWNED, HUB_SHARED_LAST, HUB_SHARED_FIRST,
					      HUB_SHARED_LATEST};
	struct rng r = {seed};
	struct side side[2] = {0};
	int64_t done[DUMPS + 1] = {0};
	uint64_t state[DUMPS + 1];
	int runs = 0;

	seed_now = seed;
	fx.feed.shared = PICK(&r, how);
	for (int i = 0; i < 2; i++)
		open_side(&side[i], i, seed);
	for (int d = 0; d < DUMPS; d++) {
		const uint64_t was = sum(side[0].store);
		one_dump(&r, side);
		if (sum(side[0].store) == was)
			continue;
		done[runs] = side[0].run.id;
		state[runs++] = was;
	}
	/* all the way back */
	while (runs-- > 0)
		undo_side(&side[0], done[runs], state[runs]);
	for (int i = 0; i < 2; i++)
		close_side(&side[i]);
}

static int64_t number_of(const char *name, int64_t otherwise)
{
	const char *z = getenv(name);
	int64_t n;

	return z && !hub_parse_i64(hub_str_of(z), 0, INT64_MAX, &n) ? n : otherwise;
}

static void test_random(void **state)
{
	const int64_t seed = number_of("SEED", 1);
	const int64_t rounds = number_of("ROUNDS", on_postgresql() ? 4 : 12);

	(void)state;
	print_message("# seeds %lld to %lld\n", (long long)seed, (long long)(seed + rounds - 1));
	for (int64_t i = 0; i < rounds; i++)
		one_history((uint64_t)(seed + i));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_random, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

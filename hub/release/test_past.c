/* What was decided then is what a question about then answers today: random histories of people, households,
 * links, restrictions, consents and bars, by imports, lookups of a registry and by hand; after each step the
 * answers are put down, at the end every one of them is asked for again. A failure names its seed. */
#include "test_rows.h"

#include "base/clock.h"
#include "release/consent_record.h"
#include "release/people.h"
#include "release/simulate.h"
#include "release/site.h"
#include "store/link.h"

enum { PEOPLE = 7, STEPS = 20, DAYS = 2, COLS = 8, BLOCKS = 6, VALUES = 24 };

/* --- where rows come from ------------------------------------------------------------------------------ */

static const struct block {
	const char *entity;
	const char *field[COLS];
	const char *value[COLS][6]; /* one of them each; a NULL is an empty cell */
} blocks[BLOCKS] = {
    {"person",
     {"household", "household_no", "phone", "address", "name_kana", "birth_date", "death_on"},
     {{"H1", "H2", "H3", "H4", "H5"},
      {"1", "2"},
      {"0311110001", "0311110002"},
      {"一番地", "二番地", "三番地"},
      {"アイ", "カキ", "サシ"},
      {"1950-01-01", "1960-02-02"},
      {"2026-06-20"}}},
    {"residence", {"person", "resident_state"}, {{""}, {"resident", "resident", "moved_out"}}},
    {"household_member",
     {"person", "household", "member_to"},
     {{""}, {"H1", "H2", "H3", "H6"}, {"2026-06-10", "2026-06-25"}}},
    {"relationship",
     {"person", "other_person", "living"},
     {{""}, {"0", "1", "2", "3"}, {"together", "together", "apart"}}},
    {"protection",
     {"person", "protection_state", "deleted", "decided_by", "decided_second"},
     {{""},
      {"protected", "suspected", "unknown", "clear", "clear"},
      {"1"},
      {"ann"},
      {"bob", "bob", "ann"}}},
    {"consent",
     {"person", "recipient", "category", "purpose", "consent_status", "valid_from", "valid_to"},
     {{""},
      {"WEL", "SWC", "*"},
      {"*", "identifier"},
      {"*"},
      {"given", "given", "refused", "withdrawn"},
      {"2026-06-01", "2026-06-12"},
      {"2026-06-20", "2026-07-30"}}}};

/* One record of a feed: which blocks it has, and their values. */
struct record {
	int there, has[BLOCKS];
	const char *value[BLOCKS][COLS];
};

static struct source {
	const char *feed, *system;
	int lookup;
	struct record record[PEOPLE];
} source[2];

struct answers {
	int64_t at, person[2 * PEOPLE], simulated;
	int32_t day[DAYS];
	uint64_t sum[DAYS][2 * PEOPLE], told[DAYS];
	uint32_t n;
};

static struct {
	uint64_t seed, x;
	int64_t now;
	int64_t said; /* a run by hand that may be taken back */
	struct hub_grounds grounds;
	struct answers put_down[STEPS];
} world;

static uint32_t below(uint32_t n)
{
	uint64_t z = (world.x += 0x9e3779b97f4a7c15u);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return (uint32_t)((z ^ (z >> 31)) % n);
}

static void set_now(int64_t at)
{
	char text[26];

	world.now = at;
	hub_time_jst(at, text);
	setenv("TSUNAGI_NOW", text, 1);
}

static void must(int yes, const char *what)
{
	if (!yes)
		fail_msg("seed %llu: %s: %s", (unsigned long long)world.seed, what, fx.err.what);
}

static void change_record(struct record *r, const struct source *s)
{
	r->there = below(8) != 0;
	for (uint32_t b = 0; b < BLOCKS; b++) {
		/* people stand in both, consents and relations in cases, the registry says who lives there */
		r->has[b] = b == 0 || (b == 1 ? s->lookup : below(2) && !(s->lookup && b == 5));
		for (uint32_t c = 0; c < COLS; c++) {
			uint32_t n = 0;
			while (n < 6 && blocks[b].value[c][n])
				n++;
			const int fills = (b == 5 && c < 5) || below(4); /* required ones */
			r->value[b][c] = n && fills ? blocks[b].value[c][below(n)] : "";
		}
	}
}

/* --- a run of it --------------------------------------------------------------------------------------- */

static void map_block(const struct source *s, const uint32_t *at, struct hub_chunk *c, uint32_t b)
{
	struct hub_rows *rows = &c->rows[b];
	uint32_t cols = 0;

	while (cols < COLS && blocks[b].field[cols])
		cols++;
	*rows = (struct hub_rows){
	    .entity = hub_schema_entity(fx.feed.schema, hub_str_of(blocks[b].entity)),
	    .block = b,
	    .shared = b ? HUB_OWNED : HUB_SHARED_LAST};
	make_columns(c->arena, rows, blocks[b].field, cols, c->n);
	rows->key = b ? (struct hub_vec){NULL, NULL} : make_vec(c->arena, c->n);
	rows->match = b ? NULL : hub_alloc_array(c->arena, c->n + 1, sizeof *rows->match);
	if (b)
		rows->own_block[0] = 0;
	for (uint32_t i = 0; i < c->n; i++) {
		const struct record *r = &s->record[at[i]];
		if (c->fate[i] != HUB_FATE_OPEN || !r->has[b])
			continue;
		const uint32_t row = rows->n++;
		rows->src[row] = i;
		if (!b)
			set_cell(&rows->key, row, hub_arena_printf(c->arena, "%u", at[i]).ptr);
		for (uint32_t k = 0; k < cols; k++)
			set_cell(&rows->col[k], row, r->value[b][k]);
	}
}

static void make_source_chunk(const struct source *s, const uint32_t *at, uint32_t n,
			      struct hub_chunk *c)
{
	struct hub_arena *a = c->arena;
	struct hub_prov *prov = hub_alloc_array(a, n + 1, sizeof *prov);

	c->seq = c->bytes = 1;
	c->pos = HUB_STR("end");
	c->n = n;
	c->prov = prov;
	c->key = hub_alloc_array(a, n + 1, sizeof *c->key);
	c->hash = hub_alloc_array(a, n + 1, sizeof *c->hash);
	c->raw = hub_alloc_array(a, n + 1, sizeof *c->raw);
	c->fate = hub_alloc_array(a, n + 1, 1);
	c->code = hub_alloc_array(a, n + 1, sizeof(char *));
	c->reason = hub_alloc_array(a, n + 1, sizeof *c->reason);
	c->column = hub_alloc_array(a, n + 1, sizeof *c->column);
	for (uint32_t i = 0; i < n; i++) {
		const struct record *r = &s->record[at[i]];
		prov[i] = (struct hub_prov){.row = i + 1, .line = i + 1, .byte = i};
		c->key[i] = c->raw[i] = hub_arena_printf(a, "%u", at[i]);
		for (uint32_t b = 0; b < BLOCKS; b++) {
			hash_part(&c->hash[i], r->has[b] ? "" : NULL);
			for (uint32_t k = 0; r->has[b] && k < COLS; k++)
				hash_part(&c->hash[i], r->value[b][k]);
		}
	}
}

static void write_source(const struct source *s, struct hub_run *run)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	struct hub_chunk c = {.arena = a};
	uint32_t at[PEOPLE], n = 0;
	int rc = HUB_IDLE;

	for (uint32_t i = 0; i < PEOPLE; i++)
		if (s->record[i].there)
			at[n++] = i;
	make_source_chunk(s, at, n, &c);
	must(hub_chunk_classify(fx.store, run, &c, &fx.err) == 0, "classify");
	for (int turn = 0; rc == HUB_IDLE && turn < 20; turn++) {
		c.blocks = BLOCKS;
		c.rows = hub_alloc_array(a, BLOCKS, sizeof *c.rows);
		for (uint32_t b = 0; b < BLOCKS; b++)
			map_block(s, at, &c, b);
		rc = hub_chunk_write(fx.store, run, &c, &fx.n, &fx.err);
	}
	must(rc == 0, "write");
}

static int64_t bring(struct source *s)
{
	const struct hub_run_spec spec = {
	    .feed = hub_str_of(s->feed),
	    .system = hub_str_of(s->system),
	    .content = hub_arena_printf(fx.arena, "%lld", (long long)world.now),
	    .mapping = HUB_STR("m"),
	    .actor = HUB_STR("test"),
	    .lookup = s->lookup,
	    .full = 1,
	    .again = 1,
	    .vanish_limit = 100,
	    .end_vanished = 1};
	struct hub_run run = {0};

	for (uint32_t i = 0; i < PEOPLE; i++)
		if (!below(3))
			change_record(&s->record[i], s);
	zero_counts(fx.arena, fx.feed.schema, &fx.n);
	must(hub_run_begin(fx.store, &spec, &run, &fx.n, &fx.err) == 0, "begin");
	const int64_t id = run.id;
	write_source(s, &run);
	must(hub_run_end(fx.store, &run, HUB_RUN_DONE, &fx.n, HUB_STR("[]"), &fx.err) == 0, "end");
	return id;
}

/* --- what people do ------------------------------------------------------------------------------------- */

static int64_t some_person(void)
{
	const int64_t n = one("SELECT count(*) FROM cc_person");
	char sql[96];

	snprintf(sql, sizeof sql, "SELECT id FROM cc_person ORDER BY id LIMIT 1 OFFSET %u",
		 below((uint32_t)n));
	return one(sql);
}

static void say_consent(void)
{
	struct hub_db *db = hub_store_db(fx.store);
	const struct hub_consent_spec spec = {.act = below(3) ? HUB_ACT_GRANT : HUB_ACT_WITHDRAW,
					      .person = some_person(),
					      .recipient = below(2) ? HUB_STR("WEL") : HUB_STR("*"),
					      .category = HUB_STR("*"),
					      .purpose = HUB_STR("*"),
					      .from = below(2) ? HUB_STR("2026-06-08")
							       : HUB_STR("2026-06-16"),
					      .to = below(2) ? HUB_STR("2026-06-22") : HUB_STR(""),
					      .actor = HUB_STR("ann"),
					      .reason = HUB_STR("said so")};
	struct hub_consent_recorded done;

	must(db->ops->begin(db, 1, &fx.err) == 0, "begin");
	must(hub_db_end(db, hub_consent_record(fx.store, &spec, &done, &fx.err), &fx.err) == 0,
	     "consent");
	world.said = done.run;
}

static void link_people(void)
{
	const struct hub_str ann = HUB_STR("ann"), why = HUB_STR("papers");
	const int64_t a = some_person(), b = some_person();
	const int64_t link = one("SELECT coalesce(max(id), 0) FROM person_link WHERE state = 1");

	if (link && below(3) == 0)
		must(hub_link_end(fx.store, link, ann, why, &fx.err) == 0, "unlink");
	else if (a != b)
		must(hub_link_add(fx.store, a, b, ann, why, &fx.err) == 0, "link");
}

static void take_back(void)
{
	HUB_AUTO(buf) struct hub_buf report;

	hub_buf_init(&report, 1 << 20);
	if (world.said)
		must(hub_run_undo(fx.store, world.said, HUB_STR("ann"), &report, &fx.err) == 0,
		     "undo");
	world.said = 0;
}

static void approve(void)
{
	char sql[400];

	snprintf(
	    sql, sizeof sql,
	    "INSERT INTO approval (kind, name, hash, author, approver, at, approved_at, content)"
	    " VALUES ('profile', '%c', 'h', 'ann', 'bob', %lld, %lld,"
	    " 'recipient WEL\ncontract 2026-06-0%u..\npurpose support\n')",
	    'a' + (char)below(3), (long long)world.now, (long long)world.now, 1 + below(9));
	must(hub_db_run(hub_store_db(fx.store), &fx.err, sql, "") == 0, "approve");
}

static void act(void)
{
	struct hub_db *db = hub_store_db(fx.store);
	const struct hub_actor ann = hub_actor_named(HUB_STR("ann")),
			       bob = hub_actor_named(HUB_STR("bob"));
	const struct hub_actor *who = below(2) ? &ann : &bob;
	const struct hub_str why = HUB_STR("asked"), wel = HUB_STR("WEL");
	const int64_t person = some_person();
	int pending;

	switch (below(11)) {
	case 0:
	case 1:
	case 2:
		bring(&source[below(2)]);
		break;
	case 3:
		link_people();
		break;
	case 4:
		must(hub_site_protect(db, person, who, why, &fx.err) == 0, "protect");
		break;
	case 5: /* the two of them on different days, too */
		must(hub_site_clear(db, one("SELECT min(id) FROM cc_person"), who, why, &pending,
				    &fx.err) == 0,
		     "clear");
		break;
	case 6:
		must(hub_site_default(db, below(3) ? HUB_PROT_CLEAR : HUB_PROT_UNKNOWN, who, why,
				      &pending, &fx.err) == 0,
		     "default");
		break;
	case 7:
		if (below(3))
			must(hub_site_bar(db, wel, below(3) ? person : 0, &ann, why, &fx.err) == 0,
			     "bar");
		else
			must(hub_db_run(db, &fx.err,
					"UPDATE bar SET ended_at = ? WHERE ended_at IS NULL", "i",
					world.now) == 0,
			     "unbar");
		break;
	case 8:
		say_consent();
		break;
	case 9:
		take_back();
		break;
	default:
		approve();
	}
}

/* --- answers -------------------------------------------------------------------------------------------- */

static void add(struct hub_hash *h, int64_t v)
{
	*h = hub_hash128((struct hub_str){(const char *)&v, sizeof v}, *h);
}

static uint64_t sum_of(const struct hub_person_facts *f)
{
	struct hub_hash h = {0, 0};

	add(&h, f->identity);
	for (uint32_t i = 0; i < f->n_rows; i++)
		add(&h, f->rows[i]);
	for (uint32_t i = 0; i < f->n_household; i++) {
		add(&h, f->members[i]);
		add(&h, (int64_t)f->household[i].protection);
	}
	for (uint32_t i = 0; i < f->n_consents; i++) {
		const struct hub_consent *c = &f->consents[i];
		add(&h, (int64_t)c->status);
		add(&h, c->period.from);
		add(&h, c->period.to);
		h = hub_hash128(c->recipient, h);
		h = hub_hash128(c->category, h);
	}
	return h.hi;
}

/* What the gate says of one person, class by class. */
static uint64_t ask_gate(int64_t person, int32_t day, int64_t known, uint32_t *gaps)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	const struct hub_simulate_ask ask = {.person = person,
					     .agency = HUB_STR("WEL"),
					     .day = day,
					     .feed_days = 3,
					     .known = known,
					     .grounds = &world.grounds};
	struct hub_simulation m;
	struct hub_hash h = {0, 0};

	must(hub_simulate(a, fx.store, &ask, &m, &fx.err) == 0, "simulate");
	for (uint32_t i = 0; i < m.n; i++) {
		add(&h, (int64_t)m.row[i].answer.decision);
		add(&h, (int64_t)m.row[i].answer.reason);
		add(&h, m.row[i].answer.confirm);
		h = hub_hash128(m.row[i].profile, h);
	}
	*gaps = m.n_gaps;
	return h.hi;
}

static void list_people(struct answers *w)
{
	struct hub_query *q = NULL;

	must(hub_db_query(hub_store_db(fx.store), &q, &fx.err,
			  "SELECT id FROM cc_person ORDER BY id", "") == 0,
	     "people");
	while (hub_db_next(q, &fx.err) == HUB_OK && w->n < 2 * PEOPLE)
		w->person[w->n++] = hub_db_int(q, 0);
	hub_db_done(q);
	w->simulated = w->person[below(w->n)];
}

/* known 0: as it is now. */
static void ask_all(struct answers *w, int64_t known)
{
	uint32_t gaps;

	for (uint32_t d = 0; d < DAYS; d++) {
		const struct hub_people_opt opt = {
		    .day = w->day[d], .feed_days = 3, .known = known};
		HUB_AUTO(people) struct hub_people *people = NULL;
		const struct hub_person_facts *f;
		must(hub_people_open(fx.store, &opt, &people, &fx.err) == 0, "open");
		for (uint32_t i = 0; i < w->n; i++) {
			must(hub_people_get(people, w->person[i], &f, &fx.err) == 0, "get");
			w->sum[d][i] = sum_of(f);
		}
		w->told[d] = ask_gate(w->simulated, w->day[d], known, &gaps);
		assert_int_equal(gaps, 0);
	}
}

static void put_down(struct answers *w)
{
	*w = (struct answers){.at = world.now};
	w->day[0] = (int32_t)((world.now + 9 * 3600) / 86400);
	w->day[1] = w->day[0] + (int32_t)below(30) - 15;
	list_people(w);
	ask_all(w, 0);
}

static void same_answers(const struct answers *was, const struct answers *is, int step)
{
	for (uint32_t d = 0; d < DAYS; d++) {
		for (uint32_t i = 0; i < was->n; i++)
			if (was->sum[d][i] != is->sum[d][i])
				fail_msg("seed %llu: step %d, day %u: person %lld is another one",
					 (unsigned long long)world.seed, step, d,
					 (long long)was->person[i]);
		if (was->told[d] != is->told[d])
			fail_msg("seed %llu: step %d, day %u: the gate says otherwise",
				 (unsigned long long)world.seed, step, d);
	}
}

static void begin_world(uint64_t seed)
{
	memset(&world, 0, sizeof world);
	world.seed = world.x = seed;
	source[0] = (struct source){.feed = "cases", .system = "cases"};
	source[1] = (struct source){.feed = "registry", .system = "registry", .lookup = 1};
	set_now(1780272000); /* 2026-06-01 */
	for (int s = 0; s < 2; s++) {
		for (uint32_t i = 0; i < PEOPLE; i++)
			change_record(&source[s].record[i], &source[s]);
		source[s].record[0].there = 1;
		bring(&source[s]);
	}
}

static void test_random(void **state)
{
	const char *given = getenv("SEED");
	int64_t seed = 1;
	int differ = 0;
	const int steps = on_postgresql() ? STEPS / 2 : STEPS;

	(void)state;
	if (given)
		assert_int_equal(hub_parse_i64(hub_str_of(given), 0, INT64_MAX, &seed), 0);
	begin_world((uint64_t)seed);
	for (int i = 0; i < steps; i++) {
		for (uint32_t k = 0; k < 3; k++)
			act();
		set_now(world.now + 3600);
		put_down(&world.put_down[i]);
		set_now(world.now + 3600 * (1 + (int64_t)below(40)));
	}
	for (int i = 0; i < steps; i++) {
		struct answers again = world.put_down[i], today = again;
		ask_all(&again, again.at);
		same_answers(&world.put_down[i], &again, i);
		ask_all(&today, 0);
		differ += memcmp(today.sum, again.sum, sizeof again.sum) != 0;
	}
	assert_true(differ > steps / 2); /* or there was nothing to remember */
}

/* --- what is not kept is said --------------------------------------------------------------------------- */

static void test_gaps(void **state)
{
	HUB_AUTO(buf) struct hub_buf report;
	uint32_t gaps;

	(void)state;
	hub_buf_init(&report, 1 << 20);
	begin_world(5);
	const int64_t person = some_person(), first = world.now;
	set_now(first + 86400);
	const int64_t run = bring(&source[0]);
	set_now(first + 2 * 86400);
	must(hub_run_undo(fx.store, run, HUB_STR("ann"), &report, &fx.err) == 0, "undo");
	set_now(first + 3 * 86400);
	ask_gate(person, 20605, first, &gaps);
	assert_int_equal(gaps, 0); /* neither the run nor its end were known */
	ask_gate(person, 20605, first + 86400, &gaps);
	assert_int_equal(gaps, 1);
	ask_gate(person, 20605, first + 3 * 86400, &gaps);
	assert_int_equal(gaps, 0);
	bring(&source[1]);
	ask_gate(person, 20605, first, &gaps);
	assert_int_equal(gaps, 0);
	/* as an older version left it */
	must(hub_db_run(hub_store_db(fx.store), &fx.err,
			"DELETE FROM meta WHERE name = 'lookups_kept_since'", "") == 0,
	     "forget");
	ask_gate(person, 20605, first, &gaps);
	assert_int_equal(gaps, 1);
}

/* Of a registry stays what a decision asks for, and only where it has changed. */
static void test_little(void **state)
{
	(void)state;
	begin_world(9);
	for (int i = 0; i < 6; i++) {
		set_now(world.now + 86400);
		bring(&source[1]);
	}
	assert_true(one("SELECT count(*) FROM history WHERE entity = 'person'") > 0);
	assert_true(one("SELECT count(*) FROM history WHERE entity = 'protection'") > 0);
	assert_int_equal(one("SELECT count(*) FROM history WHERE entity NOT IN ('', 'person',"
			     " 'residence', 'household_member', 'relationship', 'protection')"),
			 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_random, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_gaps, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_little, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

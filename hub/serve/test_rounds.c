/* Timers and events with a clock of the test: a simulated year, and what a failure leaves. */
#include "test_store.h"

#include "base/clock.h"
#include "conf/report.h"
#include "serve/events.h"
#include "serve/rounds.h"

#define DAY INT64_C(86400000)

/* What the module did; the test looks at it. */
struct seen {
	int every, daily, events, fail;
	struct hub_event last; /* without its texts, which end with the call */
	char entity[32];
	int64_t at;
};
static struct seen *seen_of(void *self)
{
	return self;
}

static int on_every(void *self, struct hub_call *c, struct hub_err *err)
{
	(void)err;
	seen_of(self)->every++;
	seen_of(self)->at = c->now;
	return HUB_OK;
}
static int on_daily(void *self, struct hub_call *c, struct hub_err *err)
{
	(void)c;
	seen_of(self)->daily++;
	return seen_of(self)->fail ? hub_fail(err, HUB_RETRY, "away", "told to fail") : HUB_OK;
}
static int on_event(void *self, struct hub_call *c, const struct hub_event *e, struct hub_err *err)
{
	struct hub_db *db = hub_call_db(c);

	seen_of(self)->events++;
	seen_of(self)->last = *e;
	snprintf(seen_of(self)->entity, sizeof seen_of(self)->entity, "%.*s", HUB_FMT(e->entity));
	const int rc = hub_db_run(db, err, "INSERT INTO t_heard VALUES (?)", "i", e->run);
	return rc                    ? rc
	       : seen_of(self)->fail ? hub_fail(err, HUB_RETRY, "away", "told to fail")
				     : HUB_OK;
}

static int s_open(struct hub_ctx *ctx, const struct hub_host *host, const void *conf,
		  struct hub_str pos, void **self, struct hub_err *err)
{
	(void)ctx;
	(void)host;
	(void)pos;
	(void)err;
	*self = *(void *const *)conf;
	return HUB_OK;
}
static void s_close(void *self)
{
	(void)self;
}

static const struct hub_timer timers[] = {
    {.name = "every", .every = 3600000, .tick = on_every},
    {.name = "daily", .cron = "0 6 * * * business day", .tick = on_daily},
};
static const struct hub_service service = {.size = sizeof service,
					   .area = "t",
					   .timer = timers,
					   .timers = 2,
					   .events = HUB_EVENT_RUN | HUB_EVENT_RUN_FAILED |
						     HUB_EVENT_TASK | HUB_EVENT_CONSENT,
					   .event = on_event};
static const struct hub_ops ops = {.size = sizeof ops, .open = s_open, .close = s_close};
static const struct hub_plugin plugin = {HUB_PLUGIN_HEAD, .kind = HUB_SERVICE, .name = "t",
					 .ops = &ops, .service = &service};

struct world {
	struct test_store t;
	struct hub_arena *arena;
	struct hub_store *store;
	struct hub_api *api;
	struct hub_modules modules;
	struct hub_rounds rounds;
	struct seen seen, *conf;
	struct hub_err err;
};

static int setup(void **state)
{
	const struct hub_schema *schema;
	struct world *w = calloc(1, sizeof *w); /* cmocka: lib owns nothing of it */

	*state = w;
	w->arena = hub_arena_new(0);
	if (test_store_make(&w->t) ||
	    hub_schema_load(w->arena, "schemas/common-case.cfg", NULL, &schema,
			    hub_report_new(w->arena), &w->err) ||
	    hub_store_open(w->arena, w->t.url, HUB_OPEN_CREATE, schema, &w->store, &w->err) ||
	    hub_api_new(w->arena, NULL, NULL, &w->api, &w->err))
		return -1;
	w->conf = &w->seen;
	w->modules.handler = 1000;
	if (hub_modules_put(w->arena, &plugin, &w->conf, &w->modules, &w->err))
		return -1;
	w->rounds = (struct hub_rounds){.api = w->api, .modules = &w->modules, .store = w->store};
	return hub_db_run(hub_store_db(w->store), &w->err,
			  "CREATE TABLE IF NOT EXISTS t_heard (run INTEGER)", "");
}

static int teardown(void **state)
{
	struct world *w = *state;

	hub_rounds_end(&w->rounds);
	hub_modules_close(&w->modules);
	(void)hub_db_run(hub_store_db(w->store), NULL, "DROP TABLE t_heard", "");
	hub_store_close(w->store);
	hub_arena_free(w->arena);
	const int rc = test_store_remove(&w->t);
	free(w);
	return rc;
}

static void step(struct world *w, int64_t now)
{
	if (hub_rounds_step(&w->rounds, now, &w->err))
		fail_msg("%s", w->err.what);
}

/* 2026, every half hour of it; by a server, where each step is many messages, its first month. */
static void year(void **state)
{
	struct world *w = *state;
	const int64_t first = hub_days_of(2026, 1, 1) * DAY - 9 * 3600000;
	const int32_t days = on_postgresql() ? 31 : 365;
	int working = 0;

	for (int64_t now = first; now < first + days * DAY; now += 1800000)
		step(w, now);
	for (int32_t d = 0; d < days; d++)
		working += hub_is_working_day(NULL, (int32_t)hub_days_of(2026, 1, 1) + d);
	assert_int_equal(w->seen.daily, working);
	assert_in_range(w->seen.every, days * 24 - 1, days * 24);
}

/* A clock that was far ahead once must not silence a timer; a week of sleep is one tick, not seven. */
static void clocks(void **state)
{
	struct world *w = *state;
	const int64_t now = hub_days_of(2026, 6, 1) * DAY;

	step(w, now + 400 * DAY);
	step(w, now + 401 * DAY);
	assert_int_equal(w->seen.every, 1);
	step(w, now);
	step(w, now + 3600000);
	assert_int_equal(w->seen.every, 2);
	step(w, now + 8 * DAY);
	step(w, now + 8 * DAY + 1000);
	assert_int_equal(w->seen.every, 3);
	w->seen.fail = 1; /* tried again after a minute, not each second */
	w->seen.daily = 0;
	for (int s = 0; s < 120; s++)
		step(w, now + 20 * DAY + s * 1000);
	assert_in_range(w->seen.daily, 1, 3);
}

static int64_t heard(struct world *w)
{
	int64_t n = -1;

	hub_db_one(hub_store_db(w->store), &n, NULL, "SELECT count(*) FROM t_heard", "");
	return n;
}

static void tell(struct world *w, int64_t run, const char *origin)
{
	const struct hub_event e = {.type = HUB_EVENT_TASK, .run = run, .at = 1};

	assert_int_equal(hub_event_add(hub_store_db(w->store), &e, origin, &w->err), HUB_OK);
}

static void events(void **state)
{
	struct world *w = *state;
	const int64_t now = hub_days_of(2026, 6, 1) * DAY;

	tell(w, 1, NULL); /* before its time */
	step(w, now);
	assert_int_equal(w->seen.events, 0);
	tell(w, 2, "other");
	tell(w, 3, "t"); /* its own */
	step(w, now + 1000);
	step(w, now + 2000);
	assert_int_equal(w->seen.events, 1);
	assert_int_equal(w->seen.last.run, 2);
	assert_int_equal(heard(w), 1);
	w->seen.fail = 1; /* three tries, each taken back, then the next one comes */
	tell(w, 4, NULL);
	for (int i = 0; i < 5; i++)
		step(w, now + 3000 + i * 1000);
	assert_int_equal(w->seen.events, 4);
	assert_int_equal(heard(w), 1);
	w->seen.fail = 0;
	tell(w, 5, NULL);
	step(w, now + 9000);
	assert_int_equal(w->seen.last.run, 5);
	assert_int_equal(heard(w), 2);
}

static int64_t indexes(struct world *w)
{
	int64_t n = -1;

	hub_db_one(hub_store_db(w->store), &n, NULL,
		   on_postgresql() ? "SELECT count(*) FROM pg_indexes WHERE tablename = 'cc_plan'"
				   : "SELECT count(*) FROM sqlite_schema WHERE type = 'index'"
				     " AND tbl_name = 'cc_plan'",
		   "");
	return n;
}

/* The database may have served another test, which made them. */
static int drop_indexes(void)
{
	return pg_do("DO $$ DECLARE i record; BEGIN FOR i IN SELECT indexrelid::regclass AS name"
		     " FROM pg_index WHERE indrelid = 'tsunagi.cc_plan'::regclass AND NOT"
		     " indisprimary LOOP EXECUTE 'DROP INDEX ' || i.name; END LOOP; END $$");
}

/* Runs that ended are told once, whatever order they end in. */
static void runs(void **state)
{
	struct world *w = *state;
	struct hub_db *db = hub_store_db(w->store);
	static const char add[] =
	    "INSERT INTO run (id, kind, feed_id, system_id, state, begun_at, ended_at, counts)"
	    " VALUES (?, 'import', 1, 1, ?, 1, ?, ?)";
	static const char counts[] =
	    "{\"entity\":{\"person\":{\"inserted\":2},\"case\":{\"same\":3}}}";
	const int64_t now = hub_days_of(2026, 6, 1) * DAY;

	hub_db_run(
	    db, NULL,
	    "INSERT INTO feed (id, name, system_id) VALUES (1, 'f', 1) ON CONFLICT DO NOTHING", "");
	step(w, now);
	if (on_postgresql())
		assert_int_equal(drop_indexes(), 0);
	const int64_t before = indexes(w);
	hub_db_run(db, NULL, add, "iiiz", INT64_C(12), INT64_C(2), INT64_C(1000), counts);
	step(w, now + 1000);
	/* a module that looks at the first records does not read whole tables for each */
	assert_true(indexes(w) > before);
	assert_int_equal(w->seen.events, 1);
	assert_string_equal(w->seen.entity, "person");
	hub_db_run(db, NULL, add, "iiiz", INT64_C(11), INT64_C(2), INT64_C(1000), "{}");
	step(w, now + 2000);
	step(w, now + 40 * DAY);
	step(w, now + 41 * DAY);
	assert_int_equal(w->seen.events, 2);
	assert_int_equal(w->seen.last.run, 11);
}

#define put(w, ...) \
	assert_int_equal(hub_db_run(hub_store_db((w)->store), &(w)->err, __VA_ARGS__), HUB_OK)

/* A consent that ends by its date is told once, on the day after its last one in Japan. */
static void ends(void **state)
{
	struct world *w = *state;
	const int64_t first = hub_days_of(2026, 6, 1) * DAY - 9 * 3600000; /* its first moment */
	static const char add[] =
	    "INSERT INTO cc_consent (id, person_id, consent_status, valid_to) VALUES (?, 1, ?, ?)";

	put(w, "INSERT INTO cc_person (id, system_id, key) VALUES (1, 1, 'p')", "");
	put(w, "INSERT INTO cc_case (id, person_id, case_no) VALUES (1, 1, 'C-1')", "");
	put(w, add, "izz", INT64_C(1), "given", "2026-05-31"); /* over before we look */
	put(w, add, "izz", INT64_C(2), "given", "2026-06-01");
	put(w, add, "izz", INT64_C(3), "given", "2026-06-03");
	put(w, add, "izz", INT64_C(4), "given", "2026-06-03"); /* one person: once */
	put(w, add, "izz", INT64_C(5), "refused", "2026-06-04");
	step(w, first);
	step(w, first + DAY - 1000);
	assert_int_equal(w->seen.events, 0); /* its last day counts */
	step(w, first + DAY);
	step(w, first + DAY + 1000);
	assert_int_equal(w->seen.events, 1);
	assert_int_equal(w->seen.last.type, HUB_EVENT_CONSENT);
	step(w, first + 5 * DAY); /* nobody looked for days */
	step(w, first + 5 * DAY + 1000);
	step(w, first + 9 * DAY);
	step(w, first + 9 * DAY + 1000);
	assert_int_equal(w->seen.events, 2);
}

static void job_is(struct world *w, const struct hub_job_state *job, int64_t now)
{
	struct hub_job_state one = *job;
	const struct hub_state s = {.job = &one, .jobs = 1};

	one.name = HUB_STR("sync");
	assert_int_equal(hub_state_write(w->t.dir, &s, &w->err), HUB_OK);
	step(w, now);
	step(w, now + 1000); /* the same again is nothing new */
}

/* A job that fails before it has a run in the store is told of, once, and when it goes well again. */
static void failing_job(void **state)
{
	struct world *w = *state;
	const struct hub_str away = HUB_STR("unavailable"), well = HUB_STR("well");
	const int64_t now = hub_days_of(2026, 6, 1) * DAY;

	w->rounds.state = w->t.dir;
	step(w, now); /* there is no state yet */
	job_is(w, &(struct hub_job_state){.running = 1, .begun_at = 5}, now);
	job_is(w, &(struct hub_job_state){.outcome = away, .tries = 1, .retry_at = 9}, now);
	assert_int_equal(w->seen.events, 0);
	job_is(w, &(struct hub_job_state){.outcome = away, .failed = 1, .ended_at = 7}, now);
	assert_int_equal(w->seen.events, 1);
	assert_int_equal(w->seen.last.type, HUB_EVENT_RUN_FAILED);
	assert_int_equal(w->seen.last.at, 7000);
	job_is(w, &(struct hub_job_state){.outcome = away, .failed = 1, .ended_at = 8}, now);
	job_is(w, &(struct hub_job_state){.outcome = away, .running = 1}, now);
	assert_int_equal(w->seen.events, 1);
	job_is(w, &(struct hub_job_state){.outcome = well, .ended_at = 9}, now);
	assert_int_equal(w->seen.events, 2);
	assert_int_equal(w->seen.last.type, HUB_EVENT_RUN);
	/* one that the store tells of, under the name that it has there */
	put(w,
	    "INSERT INTO event (type, run_id, entity, name, case_no, at) VALUES (2, 3, '', 'feed', "
	    "'', 10000)",
	    "");
	job_is(w, &(struct hub_job_state){.outcome = away, .failed = 1, .run = 3, .begun_at = 10},
	       now);
	assert_int_equal(w->seen.events, 3);
	assert_int_equal(w->seen.last.run, 3);
	unlink(hub_arena_printf(w->arena, "%s/serve.json", w->t.dir).ptr);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {TEST(year), TEST(clocks), TEST(events),
					   TEST(runs), TEST(ends),   TEST(failing_job)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What a viewer may find (release/sight.h) in a town of cases: the first making, and what is made anew after one case
 * changed, or what counts for all; in CPU time of this process and in time that passes. Several connections ask at once.
 * usage: sights STORE [CASES [CONNECTIONS]]   BENCH_DIR: a folder for the keys of recipients */
#include "base/clock.h"
#include "base/io.h"
#include "plugin/load.h"
#include "release/approval.h"
#include "release/finder.h"
#include "store/db.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { CASES = 10000, NOTES = 10, CONNECTIONS = 4, TOPICS = 40, PER_TXN = 200 };

struct bench {
	struct hub_arena *arena;
	const char *url, *dir;
	const struct hub_schema *schema;
	struct hub_store *store;
	struct hub_db *db;
	struct hub_grounds grounds;
	struct hub_profile profile[1];
	struct hub_themes themes;
	struct hub_windows_conf conf;
	struct hub_sights *sights;
	struct hub_err err;
	uint64_t seed;
	int64_t cases, connections;
};

static uint32_t roll(struct bench *b, uint32_t n)
{
	b->seed ^= b->seed << 13;
	b->seed ^= b->seed >> 7;
	b->seed ^= b->seed << 17;
	return (uint32_t)(b->seed >> 33) % n;
}

static int sql(struct bench *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
static int sql(struct bench *b, const char *format, ...)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	va_list ap;

	va_start(ap, format);
	const struct hub_str text = hub_arena_vprintf(a, format, ap);
	va_end(ap);
	return b->db->ops->exec(b->db, text.ptr, &b->err);
}

/* --- the town ------------------------------------------------------------------------------------------- */

static const char *const families[] = {"犬養", "鴫原", "薊谷", "梟木", "蓮沼"};
static const char *const givens[] = {"朔太郎", "美月", "寅次", "蛍", "千鶴子"};
static const char *const usual[] = {
    "自宅を訪問した。",   "本人は落ち着いている。",     "電話で近況を確認した。",
    "次回は来週の予定。", "家族と面談を行い、",         "主治医に連絡した。",
    "食事は取れている。", "サービスの利用を提案した。", "書類の記入を手伝った。",
    "通院に同行した。",   "隣の住民から相談があった。", "様子を見ることにした。"};

/* Words that only notes about one topic have; no theme of schemas/themes.cfg is needed to see that they are alike. */
static struct hub_str word_of(struct bench *b, struct hub_arena *a, uint32_t topic)
{
	static const char *const first[] = {"水", "火", "山", "川", "森", "雪", "風", "石"};
	static const char *const second[] = {"辺", "守", "越", "渡", "沿"};
	static const char *const third[] = {"工事", "祭礼", "調停", "検針", "配達"};

	return hub_arena_printf(a, "%s%s%s", first[topic % 8], second[topic / 8 % 5],
				third[roll(b, 5)]);
}

static int put_case(struct bench *b, int64_t i)
{
	const uint32_t topic = (uint32_t)i % TOPICS;
	const long long n = i, home = 1 + i / 2;
	int rc = sql(b,
		     "INSERT INTO record (id, feed_id, key, hash, run_id, row, line, byte, state)"
		     " VALUES (%lld, 1, '%lld', x'00', 1, 1, 1, 0, 0);"
		     "INSERT INTO cc_household (id, record_id, system_id, key) VALUES"
		     " (%lld, %lld, 1, 'h%lld') ON CONFLICT DO NOTHING;"
		     "INSERT INTO cc_person (id, record_id, system_id, key, name, birth_date,"
		     " addr_town, household_id) VALUES (%lld, %lld, 1, 'p%lld', '%s%s', '%d-04-01',"
		     " '%d丁目', %lld);",
		     n, n, home, n, home, n, n, n, families[i % 5], givens[i / 5 % 5],
		     (int)(1930 + i % 7 * 12), (int)(i % 40), home);

	if (rc)
		return rc;
	return sql(
	    b,
	    "INSERT INTO cc_case (id, record_id, system_id, key, case_no, person_id) VALUES"
	    " (%lld, %lld, 1, 'c%lld', 'C-%lld', %lld);"
	    "INSERT INTO cc_intake (id, record_id, case_id, person_id, consult_topics) VALUES"
	    " (%lld, %lld, %lld, %lld, '[\"%02u\"]');"
	    "INSERT INTO cc_consent (id, record_id, person_id, recipient, category, purpose,"
	    " consent_status) VALUES (%lld, %lld, %lld, 'A', '*', '*', '%s')",
	    n, n, n, n, n, n, n, n, n, 1 + topic % 15, n, n, n, i % 10 ? "given" : "refused");
}

static int put_note(struct bench *b, int64_t id, int64_t who)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	const uint32_t topic = (uint32_t)who % TOPICS;
	struct hub_str text = HUB_STR("");

	for (int i = 0; i < 12; i++)
		text = hub_arena_printf(a, "%.*s%s%.*s", HUB_FMT(text), usual[roll(b, 12)],
					HUB_FMT(roll(b, 4) ? HUB_STR("") : word_of(b, a, topic)));
	return sql(
	    b,
	    "INSERT INTO cc_activity (id, record_id, case_id, activity_on, agency_id, body) VALUES"
	    " (%lld, %lld, %lld, '2026-%02d-%02d', %d, '%.*s%sさん。')",
	    (long long)id, (long long)who, (long long)who, (int)(1 + id % 12), (int)(1 + id % 28),
	    (int)(1 + id % 2), HUB_FMT(text), families[who % 5]);
}

static int fill(struct bench *b)
{
	static const char basics[] =
	    "INSERT INTO system VALUES (1, 's'); INSERT INTO feed VALUES (1, 'f', 1);"
	    "INSERT INTO record (id, feed_id, key, hash, run_id, row, line, byte, state) VALUES"
	    " (0, 1, 'a', x'00', 1, 1, 1, 0, 0);"
	    "INSERT INTO cc_agency (id, record_id, system_id, key, agency_name, agency_type) VALUES"
	    " (1, 0, 1, 'A', 'A課', 'other'), (2, 0, 1, 'B', 'B課', 'other');"
	    "INSERT INTO meta VALUES ('protection_default', 'clear');"
	    "INSERT INTO run (id, kind, feed_id, system_id, state, begun_at, ended_at, counts)"
	    " VALUES (1, 'import', 1, 1, 2, 1, 1000, '{}');";
	int64_t note = 0;
	int rc = sql(b, "%s", basics);

	for (int64_t i = 1; i <= b->cases && !rc; i++) {
		if (i % PER_TXN == 1)
			rc = b->db->ops->begin(b->db, 1, &b->err);
		if (!rc)
			rc = put_case(b, i);
		for (int k = 0; k < NOTES && !rc; k++)
			rc = put_note(b, ++note, i);
		if (i % PER_TXN == 0 || i == b->cases)
			rc = hub_db_end(b->db, rc, &b->err);
	}
	return rc;
}

static const char profile_text[] =
    "title = \"t\"; recipient: { id = \"A\"; name = \"A\"; }; purpose = \"support\";\n"
    "show: { identifier = \"as_is\"; contact = \"as_is\"; quasi = \"as_is\"; sensitive = \"as_is\";"
    " narrative = \"as_is\"; operational = \"as_is\"; }; unattended = \"mask\";\n"
    "entities: { person: { fields = [\"name\", \"birth_date\", \"addr_town\"]; };"
    " case: { fields = [\"case_no\", \"person\"]; }; intake: { fields = [\"consult_topics\"]; };"
    " activity: { fields = [\"case\", \"activity_on\", \"agency\", \"body\"]; };"
    " agency: { fields = [\"agency_name\", \"agency_type\"]; }; };\n";

static int make_view(struct bench *b)
{
	const struct hub_actor ann = {.name = HUB_STR("ann")}, bob = {.name = HUB_STR("bob")};
	const struct hub_str path = hub_arena_printf(b->arena, "%s/a.cfg", b->dir);
	struct hub_report *r = hub_report_new(b->arena);
	int rc = hub_file_write(path.ptr, hub_str_of(profile_text), &b->err);

	if (!rc)
		rc = hub_profile_load(b->arena, r, path.ptr, b->schema, b->profile, &b->err);
	if (!rc)
		rc = hub_grounds_load(b->arena, r, "schemas/grounds.cfg", &b->grounds, &b->err);
	if (!rc)
		rc = hub_themes_load(b->arena, r, "schemas/themes.cfg", &b->themes, &b->err);
	if (!rc)
		rc = hub_approval_propose(b->db, b->profile, &ann, &b->err);
	if (!rc)
		rc = hub_approval_approve(b->db, b->profile, &bob, &b->err);
	hub_report_print(r, stderr);
	return rc;
}

static int make_conf(struct bench *b)
{
	struct hub_plugins *plugins = hub_plugins_new(b->arena);
	const char *build = getenv("BUILD");
	const struct hub_str path =
	    hub_arena_printf(b->arena, "%s/plugins/detect-roster.so", build ? build : "build");
	const int rc = hub_plugins_load_file(plugins, path.ptr, &b->err);

	b->conf = (struct hub_windows_conf){.view = b->profile,
					    .views = 1,
					    .grounds = &b->grounds,
					    .plugins = plugins,
					    .keys = hub_arena_printf(b->arena, "%s/keys", b->dir),
					    .feed_days = 7};
	return rc ? rc : hub_sights_new(b->arena, 1, &b->sights, &b->err);
}

/* --- asking --------------------------------------------------------------------------------------------- */

static double seconds(clockid_t of)
{
	struct timespec t;

	clock_gettime(of, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* A connection with what it asks through. */
struct asker {
	struct bench *b;
	pthread_t thread;
	struct hub_arena *arena;
	struct hub_store *store;
	struct hub_windows *windows;
	struct hub_finder *finder;
	const struct hub_hits *hits;
	struct hub_err err;
	int rc;
};

static void *ask(void *arg)
{
	struct asker *k = arg;
	const struct hub_viewer who = {.agency = HUB_STR("A"), .actor = HUB_STR("carl")};
	const struct hub_find q = {.limit = 1, .counts = 1};

	k->rc = HUB_OK;
	if (!k->store)
		k->rc = hub_store_open(k->arena, k->b->url, 0, k->b->schema, &k->store, &k->err);
	if (!k->rc && !k->windows)
		k->rc = hub_windows_open(k->store, &k->b->conf, &k->windows, &k->err);
	if (!k->rc && !k->finder)
		k->rc =
		    hub_finder_open(k->windows, &k->b->themes, k->b->sights, &k->finder, &k->err);
	if (!k->rc)
		k->rc = hub_finder_find(k->finder, k->arena, &who, &q, &k->hits, &k->err);
	return NULL;
}

static int ask_all(struct bench *b, struct asker *k, const char *what)
{
	const double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID), wall = seconds(CLOCK_MONOTONIC);
	int rc = HUB_OK;

	for (int64_t i = 0; i < b->connections; i++)
		if (pthread_create(&k[i].thread, NULL, ask, &k[i]))
			return hub_fail(&b->err, HUB_FATAL, "thread", "no thread");
	for (int64_t i = 0; i < b->connections; i++)
		pthread_join(k[i].thread, NULL);
	for (int64_t i = 0; i < b->connections && !rc; i++)
		if ((rc = k[i].rc))
			b->err = k[i].err;
	if (!rc)
		printf("%-34s %8.3f s of CPU here, %8.3f s by the clock, %lld rows\n", what,
		       seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu, seconds(CLOCK_MONOTONIC) - wall,
		       (long long)k[0].hits->total);
	fflush(stdout);
	return rc;
}

static int measure(struct bench *b)
{
	struct asker *k = hub_alloc_array(b->arena, (size_t)b->connections, sizeof *k);
	int rc = k ? HUB_OK : hub_fail_mem(&b->err);

	for (int64_t i = 0; i < b->connections && !rc; i++)
		k[i] = (struct asker){.b = b, .arena = hub_arena_new(1 << 30)};
	if (!rc)
		rc = ask_all(b, k, "first");
	if (!rc)
		rc = ask_all(b, k, "nothing changed");
	if (!rc)
		rc = sql(b, "UPDATE cc_consent SET consent_status = 'refused' WHERE id = 7");
	if (!rc)
		rc = hub_store_touch(b->db, &b->err);
	if (!rc)
		rc = ask_all(b, k, "a consent withdrawn");
	if (!rc)
		rc = put_note(b, b->cases * NOTES + 1, 8);
	if (!rc)
		rc = hub_store_touch(b->db, &b->err);
	if (!rc)
		rc = ask_all(b, k, "a note more");
	if (!rc)
		rc = sql(b, "UPDATE cc_agency SET agency_name = 'C課' WHERE id = 2");
	if (!rc)
		rc = hub_store_touch(b->db, &b->err);
	if (!rc)
		rc = ask_all(b, k, "an agency renamed: all anew");
	return rc;
}

int main(int argc, char **argv)
{
	struct bench b = {.arena = hub_arena_new(0),
			  .seed = 88172645463325252u,
			  .cases = CASES,
			  .connections = CONNECTIONS};

	b.dir = getenv("BENCH_DIR");
	if (!b.dir || argc < 2 ||
	    (argc > 2 && hub_parse_i64(hub_str_of(argv[2]), 1, 1000000, &b.cases)) ||
	    (argc > 3 && hub_parse_i64(hub_str_of(argv[3]), 1, 8, &b.connections))) {
		fprintf(stderr, "usage: BENCH_DIR=... sights STORE [CASES [CONNECTIONS]]\n");
		return 2;
	}
	b.url = argv[1];
	int rc = hub_schema_load(b.arena, "schemas/common-case.cfg", NULL, &b.schema, NULL, &b.err);
	if (!rc)
		rc = hub_store_open(b.arena, b.url, HUB_OPEN_CREATE, b.schema, &b.store, &b.err);
	if (!rc) {
		b.db = hub_store_db(b.store);
		rc = fill(&b);
	}
	if (!rc)
		rc = make_view(&b);
	if (!rc)
		rc = make_conf(&b);
	if (!rc)
		rc = measure(&b);
	if (rc)
		hub_err_print(stderr, &b.err);
	if (b.store)
		hub_store_close(b.store);
	hub_arena_free(b.arena);
	return rc != 0;
}

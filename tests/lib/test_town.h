/* A town with cases, notes, consents and the views of two agencies, for tests of what a viewer finds: the fixture fx, its
 * questions and changes. For hub/release/test_find.c and test_sights.c. */
#ifndef TESTS_LIB_TEST_TOWN_H
#define TESTS_LIB_TEST_TOWN_H

#include "test_store.h"
#include "test_who.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/io.h"
#include "release/approval.h"
#include "release/finder.h"
#include "store/db.h"
#include "store/fulltext.h"
#include "text/gram.h"

enum { CASES = 36, NOTES = 180, ROUNDS = 12, ASKED = 6, TOPICS = 6 };

static struct {
	struct hub_arena *arena;
	struct test_store at;
	char keys[96];
	const struct hub_schema *schema;
	struct hub_store *store;
	struct hub_db *db;
	struct hub_grounds grounds;
	struct hub_profile profile[2];
	struct hub_themes themes;
	struct hub_windows_conf conf;
	struct hub_windows *windows;
	struct hub_sights *sights;
	struct hub_finder *finder;
	struct hub_err err;
	uint64_t seed;
} fx;

static uint32_t roll(uint32_t n)
{
	fx.seed ^= fx.seed << 13;
	fx.seed ^= fx.seed >> 7;
	fx.seed ^= fx.seed << 17;
	return (uint32_t)(fx.seed >> 33) % n;
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

/* --- a town --------------------------------------------------------------------------------------------- */

static const char *const families[] = {"犬養", "鴫原", "薊谷", "梟木", "蓮沼"};
static const char *const givens[] = {"朔太郎", "美月", "寅次", "蛍", "千鶴子", "弥生"};
/* Words of each topic; every note has some of them between what all notes have. */
static const char *const topics[TOPICS][4] = {
    {"認知症の物忘れ", "徘徊", "行方不明", "見当識"},
    {"借金の督促", "多重債務", "自己破産", "リボ払い"},
    {"不登校", "欠席", "別室登校", "フリースクール"},
    {"アルコール", "断酒", "酩酊", "依存症"},
    {"ごみ屋敷", "悪臭", "片付け", "害虫"},
    {"虐待", "暴言", "介護放棄", "8050"},
};
static const char *const filler[] = {"訪問した。", "本人は元気。", "電話で確認、", "DV はない。",
				     "次回は来週。"};

static void make_person(int i)
{
	sql("INSERT INTO cc_person (id, record_id, system_id, key, name, birth_date, addr_town) "
	    "VALUES"
	    " (%d, 1, 1, 'p%d', '%s%s', '%d-04-01', '%d丁目');",
	    i, i, families[i % 5], givens[i / 5 % 6], 1930 + i % 7 * 12, i % 4);
	sql("INSERT INTO cc_case (id, record_id, system_id, key, case_no, person_id) VALUES"
	    " (%d, 1, 1, 'c%d', 'C-%d', %d)",
	    i, i, i, i);
	sql("INSERT INTO cc_intake (id, record_id, case_id, person_id, consult_topics) VALUES"
	    " (%d, 1, %d, %d, '[\"%02d\",\"%02d\"]')",
	    i, i, i, 1 + i % TOPICS, 8 + i % 3);
}

/* Before anything changes A may have most people's, B some. */
static void make_consents(int i)
{
	sql("INSERT INTO cc_consent (id, record_id, person_id, recipient, category, purpose,"
	    " consent_status) VALUES (%d, 1, %d, 'A', '*', '*', '%s'), (%d, 1, %d, 'B', '*', '*', "
	    "'%s')",
	    1000 + i, i, i % 10 ? "given" : "refused", 2000 + i, i, i % 3 ? "refused" : "given");
}

static void make_note(int i)
{
	const int who = 1 + i % CASES, topic = who % TOPICS;

	sql("INSERT INTO cc_activity (id, record_id, case_id, activity_on, agency_id, body, "
	    "response)"
	    " VALUES (%d, 1, %d, '2026-%02d-%02d', %d, '%s%s%sさんの%s、%s', %s)",
	    i, who, 1 + i % 12, 1 + i % 28, 1 + i % 2, filler[roll(5)], topics[topic][roll(4)],
	    families[who % 5], topics[topic][roll(4)], filler[roll(5)],
	    i % 3 ? "NULL" : "'家族と2階で相談。母は拒否'");
}

static const char profile_text[] =
    "title = \"t\"; recipient: { id = \"%s\"; name = \"%s\"; }; purpose = \"support\";\n"
    "show: { identifier = \"%s\"; contact = \"as_is\"; quasi = \"%s\"; sensitive = "
    "\"as_is\"; narrative = \"as_is\"; operational = \"as_is\"; };\n"
    "unattended = \"%s\"; entities: { person: { fields = [\"name\", \"birth_date\", "
    "\"addr_town\"]; }; case: { fields = [\"case_no\", \"person\"]; };"
    " intake: { fields = [\"consult_topics\"]; };"
    " activity: { fields = [\"case\", \"activity_on\", \"agency\", \"body\"%s]; };"
    " agency: { fields = [\"agency_name\", \"agency_type\"]; }; };\n";

static int make_profile(size_t i, const char *agency, const char *names, const char *quasi,
			const char *unattended, const char *more)
{
	char path[96];
	struct hub_report *r = hub_report_new(fx.arena);

	snprintf(path, sizeof path, "%s/%s.cfg", fx.at.dir, agency);
	const struct hub_str text = hub_arena_printf(fx.arena, profile_text, agency, agency, names,
						     quasi, unattended, more);
	int rc = hub_file_write(path, text, &fx.err);
	if (!rc)
		rc = hub_profile_load(fx.arena, r, path, fx.schema, &fx.profile[i], &fx.err);
	hub_report_print(r, stderr);
	unlink(path);
	return rc || hub_approval_propose(fx.db, &fx.profile[i], WHO("ann"), &fx.err) ||
	       hub_approval_approve(fx.db, &fx.profile[i], WHO("bob"), &fx.err);
}

static const char basics[] =
    "INSERT INTO system VALUES (1, 's'); INSERT INTO feed VALUES (1, 'f', 1);"
    "INSERT INTO record (id, feed_id, key, hash, run_id, row, line, byte, state) VALUES"
    " (1, 1, 'a', x'00', 1, 1, 1, 0, 0);"
    "INSERT INTO cc_agency (id, record_id, system_id, key, agency_name, agency_type) VALUES"
    " (1, 1, 1, 'A', 'A課', 'other'), (2, 1, 1, 'B', 'B課', 'other');"
    "INSERT INTO meta VALUES ('protection_default', 'clear');";

static int open_finder(void)
{
	struct hub_plugins *plugins = hub_plugins_new(fx.arena);
	const char *build = getenv("BUILD");
	char path[256];

	snprintf(path, sizeof path, "%s/plugins/detect-roster.so", build ? build : "build");
	if (hub_plugins_load_file(plugins, path, &fx.err) || !hub_plugins_count(plugins))
		return -1;
	fx.conf = (struct hub_windows_conf){.view = fx.profile,
					    .views = 2,
					    .grounds = &fx.grounds,
					    .plugins = plugins,
					    .keys = hub_str_of(fx.keys),
					    .feed_days = 7};
	return hub_sights_new(fx.arena, 2, &fx.sights, &fx.err) ||
	       hub_windows_open(fx.store, &fx.conf, &fx.windows, &fx.err) ||
	       hub_finder_open(fx.windows, &fx.themes, fx.sights, &fx.finder, &fx.err);
}

static int setup(void **state)
{
	(void)state;
	fx.arena = hub_arena_new(1 << 30);
	fx.seed = 88172645463325252u;
	struct hub_report *r = hub_report_new(fx.arena);
	if (test_store_make(&fx.at) ||
	    hub_schema_load(fx.arena, "schemas/common-case.cfg", NULL, &fx.schema, NULL, &fx.err) ||
	    hub_grounds_load(fx.arena, r, "schemas/grounds.cfg", &fx.grounds, &fx.err) ||
	    hub_themes_load(fx.arena, r, "schemas/themes.cfg", &fx.themes, &fx.err) ||
	    hub_store_open(fx.arena, fx.at.url, HUB_OPEN_CREATE, fx.schema, &fx.store, &fx.err))
		return -1;
	snprintf(fx.keys, sizeof fx.keys, "%s/keys", fx.at.dir);
	fx.db = hub_store_db(fx.store);
	sql("%s", basics);
	for (int i = 1; i <= CASES; i++) {
		make_person(i);
		make_consents(i);
	}
	for (int i = 1; i <= NOTES; i++)
		make_note(i);
	/* A reads names, and what nobody forbids masked; B gets what it is told of, ages by decades */
	if (make_profile(0, "A", "as_is", "as_is", "mask", ", \"response\"") ||
	    make_profile(1, "B", "masked", "generalised", "withhold", "") || open_finder()) {
		fprintf(stderr, "# %s\n", fx.err.what);
		return -1;
	}
	return 0;
}

static int teardown(void **state)
{
	char lock[128];

	(void)state;
	hub_finder_close(fx.finder);
	hub_windows_close(fx.windows);
	(void)hub_fulltext_drop(fx.db, &fx.err);
	hub_store_close(fx.store);
	unlink(fx.keys);
	snprintf(lock, sizeof lock, "%s.lock", fx.keys);
	unlink(lock);
	hub_arena_free(fx.arena);
	return test_store_remove(&fx.at);
}

/* --- questions ------------------------------------------------------------------------------------------- */

static inline const struct hub_hits *find_q(const char *agency, const struct hub_find *q)
{
	const struct hub_viewer who = {.agency = hub_str_of(agency), .actor = HUB_STR("carl")};
	const struct hub_hits *hits = NULL;

	if (hub_finder_find(fx.finder, fx.arena, &who, q, &hits, &fx.err))
		fail_msg("%s %s", fx.err.code, fx.err.what);
	return hits;
}

static inline const struct hub_hits *find(const char *agency, const char *words)
{
	const struct hub_find q = {.words = hub_str_of(words), .limit = 200, .counts = 1};

	return find_q(agency, &q);
}

static inline const char *any_word(void)
{
	static const char *const more[] = {"母",   "2階",  "訪問", "dv",
					   "拒否", "元気", "80",   "次回は"};

	return roll(2) ? topics[roll(TOPICS)][roll(4)] : more[roll(8)];
}

/* Consents, protection, corrections, new and changed notes, at random. */
static void change_something(int round)
{
	static const char *const status[] = {"given", "refused", "withdrawn"};
	const unsigned person = 1 + roll(CASES), note = 1 + roll(NOTES);

	switch (round % 6) {
	case 0:
	case 1:
		for (int i = 0; i < 8; i++)
			sql("INSERT INTO cc_consent (id, record_id, person_id, recipient, "
			    "category, "
			    "purpose, consent_status, valid_from) VALUES (%d, 1, %u, '%s', '*', "
			    "'*', "
			    "'%s', '2026-01-01')",
			    round * 10 + i + 1, 1 + roll(CASES), roll(2) ? "A" : "B",
			    status[roll(3)]);
		break;
	case 2:
		sql("INSERT INTO cc_protection (id, record_id, person_id, protection_state) VALUES"
		    " (%d, 1, %u, 'protected')",
		    round + 1, person);
		break;
	case 3:
		sql("UPDATE cc_activity SET scan = NULL, body = '新しい記録。徘徊と断酒の相談' "
		    "WHERE id = %u",
		    note);
		break;
	case 4:
		sql("DELETE FROM cc_activity WHERE id = %u", note);
		break;
	default:
		sql("UPDATE cc_person SET name = '%s蛍' WHERE id = %u", families[person % 5],
		    person);
	}
	assert_int_equal(hub_store_touch(fx.db, &fx.err), 0);
}

#endif

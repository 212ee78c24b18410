/* Releases out of a real store: who gets which cell, receipts, approval, stop, the audit chain. The sink is
 * in this file and keeps what it gets. */
#include "test_store.h"
#include "test_who.h"

#include "base/clock.h"
#include "base/io.h"
#include "plugin/host.h"
#include "release/approval.h"
#include "release/consents.h"
#include "release/people.h"
#include "release/release.h"
#include "release/sheet.h"
#include "store/db.h"

static struct {
	struct hub_arena *arena;
	struct test_store at;
	char keys[96];
	const struct hub_schema *schema;
	struct hub_store *store;
	struct hub_db *db;
	struct hub_grounds grounds;
	struct hub_plugins *plugins;
	struct hub_err err;
	struct hub_release_result result;
	struct hub_str seen; /* what the sink got: "activity.body=..." lines, and "commit" */
	int fail_write, fail_commit;
	const char *meanwhile; /* happens while the sink has the first rows */
} fx;

/* --- the sink ---------------------------------------------------------------------------------------- */

static int sink_open(struct hub_ctx *ctx, const struct hub_host *host, const void *conf,
		     struct hub_str pos, void **self, struct hub_err *err)
{
	(void)ctx;
	(void)host;
	(void)conf;
	(void)pos;
	(void)err;
	fx.seen = HUB_STR("");
	*self = &fx;
	return HUB_OK;
}

static const char *shown_mark(uint8_t shown)
{
	static const char *const marks[] = {"", "~", "?", "^", "!"};

	return marks[shown];
}

static int sink_write(void *self, struct hub_batch *b, struct hub_err *err)
{
	(void)self;
	if (fx.fail_write)
		return hub_fail(err, HUB_RETRY, "test-full", "the test's disk is full");
	if (fx.meanwhile)
		assert_int_equal(fx.db->ops->exec(fx.db, fx.meanwhile, err), HUB_OK);
	fx.meanwhile = NULL;
	for (uint32_t r = 0; r < b->rows; r++) {
		for (uint32_t c = 1; c < b->cols; c++) {
			const struct hub_col *col = &b->col[c];
			if (col->cell[r] != HUB_VALUE && col->shown[r] != HUB_WITHHELD)
				continue;
			fx.seen = hub_arena_printf(
			    fx.arena, "%.*s%.*s.%.*s%s=%.*s\n", HUB_FMT(fx.seen), HUB_FMT(b->table),
			    HUB_FMT(col->name), shown_mark(col->shown[r]), HUB_FMT(col->text[r]));
		}
		b->verdict[r] = HUB_ROW_DONE;
	}
	return HUB_OK;
}

static int sink_commit(void *self, struct hub_err *err)
{
	(void)self;
	if (fx.fail_commit)
		return hub_fail(err, HUB_RETRY, "test-gone", "the test's target is gone");
	fx.seen = hub_arena_printf(fx.arena, "%.*scommit\n", HUB_FMT(fx.seen));
	return HUB_OK;
}

static void sink_close(void *self)
{
	(void)self;
}

static const struct hub_opt sink_opts[] = {{.name = NULL}};
static const struct hub_ops sink_ops = {.size = sizeof sink_ops,
					.open = sink_open,
					.write = sink_write,
					.commit = sink_commit,
					.close = sink_close};
static const struct hub_plugin sink = {HUB_PLUGIN_HEAD,   .kind = HUB_SINK, .name = "memory",
				       .version = "1",    .license = "MIT", .summary = "keeps rows",
				       .opts = sink_opts, .ops = &sink_ops};

/* --- the store ----------------------------------------------------------------------------------------- */

static void sql(const char *text)
{
	if (fx.db->ops->exec(fx.db, text, &fx.err))
		fail_msg("%s: %s", fx.err.what, text);
}

static int64_t one(const char *text)
{
	int64_t v = -1;

	assert_int_equal(hub_db_one(fx.db, &v, &fx.err, text, ""), HUB_OK);
	return v;
}

/* Hanako (1) and her mother Yone (2) live together; Taro (3) lives alone; Ume (4) is protected, and Kiku
 * (5) has her telephone. A may have everything of Hanako, nothing of Taro. */
static const char people[] =
    "INSERT INTO system VALUES (1, 's'); INSERT INTO feed VALUES (1, 'f', 1);"
    "INSERT INTO record (id, feed_id, key, hash, run_id, row, line, byte, state) VALUES"
    " (1, 1, 'a', x'00', 1, 1, 1, 0, 0), (2, 1, 'b', x'00', 1, 2, 2, 0, 0),"
    " (9, 1, 'z', x'00', 1, 3, 3, 0, 1);"
    "INSERT INTO cc_person (id, record_id, system_id, key, name, birth_date, sex, address, phone)"
    " VALUES (1, 1, 1, 'p1', '佐藤花子', '1990-05-01', 'f', '緑区桜町2-3', '0312345678'),"
    " (2, 1, 1, 'p2', '佐藤ヨネ', '1950-04-01', 'f', NULL, NULL),"
    " (3, 1, 1, 'p3', '鈴木太郎', '1980-01-01', 'm', '緑区梅町1', NULL),"
    " (4, 1, 1, 'p4', '高橋ウメ', '1970-01-01', 'f', '緑区松町9', '0311112222'),"
    " (5, 1, 1, 'p5', '田中キク', '1971-01-01', 'f', '緑区竹町5', '0311112222'),"
    " (6, 9, 1, 'p6', '消えた人', NULL, NULL, NULL, NULL),"
    " (7, NULL, 1, 'p7', '参照だけ', NULL, NULL, NULL, NULL);"
    "INSERT INTO cc_household (id, record_id, system_id, key) VALUES (1, 1, 1, 'h1');"
    "INSERT INTO cc_household_member (id, record_id, person_id, household_id, relation_code) VALUES"
    " (1, 1, 1, 1, 'self'), (2, 1, 2, 1, 'mother');"
    "INSERT INTO cc_protection (id, record_id, person_id, protection_state) VALUES"
    " (1, 1, 4, 'protected');"
    "INSERT INTO cc_consent (id, record_id, person_id, recipient, category, purpose,"
    " consent_status, valid_from) VALUES (1, 1, 1, 'A', '*', '*', 'given', '2026-04-01'),"
    " (2, 1, 3, 'A', '*', '*', 'refused', NULL), (3, 1, 4, 'A', '*', '*', 'given', NULL),"
    " (4, 1, 5, 'A', '*', '*', 'given', NULL);"
    "INSERT INTO cc_case (id, record_id, system_id, key, case_no, person_id) VALUES"
    " (1, 1, 1, 'c1', 'C-1', 1), (2, 1, 1, 'c2', 'C-2', 3);"
    "INSERT INTO cc_activity (id, record_id, case_id, activity_on, body, body_spans, scan) VALUES"
    " (1, 2, 1, '2026-05-01', '佐藤花子さんが来所。', '[]', 'old'),"
    " (2, 2, 2, '2026-05-02', NULL, NULL, NULL);"
    "INSERT INTO cc_meeting (id, record_id, case_id, meeting_no, meeting_kind, members, valid_from,"
    " valid_to) VALUES (1, 2, 2, 'M1', 'shien', '[\"A\",\"B\"]', '2026-06-01', '2026-06-30');"
    "INSERT INTO meta VALUES ('protection_default', 'clear');";

static int setup(void **state)
{
	(void)state;
	memset(&fx, 0, sizeof fx);
	fx.arena = hub_arena_new(0);
	if (test_store_make(&fx.at))
		return -1;
	snprintf(fx.keys, sizeof fx.keys, "%s.keys", fx.at.path);
	fx.plugins = hub_plugins_new(fx.arena);
	struct hub_report *r = hub_report_new(fx.arena);
	if (hub_schema_load(fx.arena, "schemas/common-case.cfg", NULL, &fx.schema, NULL, &fx.err) ||
	    hub_grounds_load(fx.arena, r, "schemas/grounds.cfg", &fx.grounds, &fx.err) ||
	    hub_store_open(fx.arena, fx.at.url, HUB_OPEN_CREATE, fx.schema, &fx.store, &fx.err))
		return -1;
	fx.db = hub_store_db(fx.store);
	sql(people);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	hub_store_close(fx.store);
	hub_arena_free(fx.arena);
	return test_store_remove(&fx.at);
}

/* --- profiles -------------------------------------------------------------------------------------------- */

static const char base[] =
    "title = \"t\"; recipient: { id = \"A\"; name = \"A\"; contract_to = \"2026-12-31\"; };\n"
    "purpose = \"support\"; unattended = \"mask\";\n"
    "show: { identifier = \"as_is\"; contact = \"as_is\"; quasi = \"generalised\"; sensitive = "
    "\"as_is\";"
    " narrative = \"as_is\"; operational = \"as_is\"; };\n";

static struct hub_profile profile(const char *head, const char *entities)
{
	struct hub_profile p;
	char path[96];
	struct hub_report *r = hub_report_new(fx.arena);
	const struct hub_str text = hub_arena_printf(fx.arena, "%s%s", head, entities);

	snprintf(path, sizeof path, "%s/p.cfg", fx.at.dir);
	assert_int_equal(hub_file_write(path, text, &fx.err), HUB_OK);
	const int rc = hub_profile_load(fx.arena, r, path, fx.schema, &p, &fx.err);
	hub_report_print(r, stderr);
	unlink(path);
	assert_int_equal(rc, HUB_OK);
	return p;
}

static void approve(const struct hub_profile *p)
{
	assert_int_equal(hub_approval_propose(fx.db, p, WHO("ann"), &fx.err), HUB_OK);
	assert_int_equal(hub_approval_approve(fx.db, p, WHO("bob"), &fx.err), HUB_OK);
}

static struct hub_release_spec spec_of(const struct hub_profile *p)
{
	struct hub_release_spec s = {.profile = p,
				     .grounds = &fx.grounds,
				     .plugins = fx.plugins,
				     .sink = &sink,
				     .target = HUB_STR("memory"),
				     .keys = hub_str_of(fx.keys),
				     .who = *WHO("carl"),
				     .feed_days = 7};

	assert_int_equal(hub_day_parse(HUB_STR("2026-06-15"), &s.day), 0);
	return s;
}

static int run(const struct hub_profile *p)
{
	const struct hub_release_spec s = spec_of(p);

	return hub_release_run(fx.store, &s, &fx.result, &fx.err);
}

static void must_see(const char *want)
{
	if (!hub_str_is(fx.seen, want))
		fail_msg("got\n%.*swant\n%s", HUB_FMT(fx.seen), want);
}

static const char persons_only[] =
    "entities: { person: { fields = [\"name\", \"birth_date\", \"address\"]; }; };\n";

static void test_cells(void **state)
{
	const struct hub_profile p = profile(base, persons_only);

	(void)state;
	approve(&p);
	if (run(&p))
		fail_msg("%s %s", fx.err.code, fx.err.what);
	must_see("person.name=佐藤花子\n"
		 "person.birth_date^=30代\n"
		 "person.address=緑区桜町2-3\n"
		 "person.name~=●●\n" /* the mother has said nothing */
		 "person.birth_date~=●●\n"
		 "person.name~=●●\n" /* Taro has refused */
		 "person.birth_date~=●●\n"
		 "person.address~=●●\n"
		 "person.name=高橋ウメ\n" /* protected: consent opens the name, never the address */
		 "person.birth_date^=50代\n"
		 "person.address!=\n"
		 "person.name=田中キク\n" /* shares her telephone */
		 "person.birth_date^=50代\n"
		 "person.address!=\n"
		 "commit\n");
	assert_int_equal(fx.result.counts.rows, 5);
	assert_int_equal(fx.result.counts.written, 5);
	assert_int_equal(fx.result.counts.withheld, 2);
	assert_int_equal(one("SELECT count(*) FROM release_item"), 5);
	assert_int_equal(one("SELECT state FROM release"), HUB_RELEASE_DONE);
	assert_int_equal(one("SELECT count(*) FROM audit WHERE action = 'release'"), 1);
}

static void test_same_content_same_hash(void **state)
{
	const struct hub_profile p = profile(base, persons_only);
	char first[65];

	(void)state;
	approve(&p);
	assert_int_equal(run(&p), HUB_OK);
	memcpy(first, fx.result.content, sizeof first);
	assert_int_equal(run(&p), HUB_OK);
	assert_string_equal(fx.result.content, first);
	sql("UPDATE cc_person SET name = '佐藤花' WHERE id = 1");
	assert_int_equal(run(&p), HUB_OK);
	assert_string_not_equal(fx.result.content, first);
}

/* An address down to the municipality, a day of birth to ten years; what has no such part says nothing. */
static void test_generalised(void **state)
{
	static const char head[] =
	    "title = \"t\"; recipient: { id = \"A\"; name = \"A\"; }; purpose = \"support\";\n"
	    "unattended = \"withhold\"; show: { identifier = \"withheld\"; contact = "
	    "\"generalised\";"
	    " quasi = \"generalised\"; sensitive = \"withheld\"; narrative = \"withheld\"; "
	    "operational = \"withheld\"; };\n";
	const struct hub_profile p = profile(
	    head,
	    "entities: { person: { fields = [\"birth_date\", \"address\", \"phone\"]; }; };\n");

	(void)state;
	approve(&p);
	sql("UPDATE cc_person SET address = '神奈川県茅ヶ崎市共恵1-8-10' WHERE id = 1;"
	    "UPDATE cc_person SET address = NULL WHERE id = 5");
	assert_int_equal(run(&p), HUB_OK);
	assert_true(
	    hub_str_find(fx.seen,
			 HUB_STR("person.birth_date^=30代\nperson.address^=神奈川県茅ヶ崎市\n"),
			 0) != (size_t)-1);
	assert_true(hub_str_find(fx.seen, HUB_STR("共恵"), 0) == (size_t)-1);
	assert_true(hub_str_find(fx.seen, HUB_STR("0312345678"), 0) == (size_t)-1);
}

/* Whoever must not get anything gets nothing, and that is written down. */
static void test_recipients(void **state)
{
	static const struct {
		const char *sql;
	} rows[] = {
	    {"INSERT INTO bar (recipient, actor, at) VALUES ('A', 'x', 1)"},
	    {"INSERT INTO cc_agency (id, record_id, system_id, key, contract_to) VALUES"
	     " (1, 1, 1, 'A', '2026-06-14')"},
	    {"INSERT INTO cc_agency (id, record_id, system_id, key, agency_state) VALUES"
	     " (1, 1, 1, 'A', 'stopped')"},
	    {"INSERT INTO cc_agency (id, record_id, system_id, key, contract_from) VALUES"
	     " (1, 1, 1, 'A', '不明')"},
	};
	const struct hub_profile p = profile(base, persons_only);

	(void)state;
	approve(&p);
	for (size_t i = 0; i < HUB_COUNT(rows); i++) {
		sql(rows[i].sql);
		assert_int_equal(run(&p), HUB_OK);
		must_see("commit\n");
		assert_int_equal(fx.result.counts.withheld_rows, 5);
		sql("DELETE FROM bar; DELETE FROM cc_agency");
	}
	/* barred from one person: her household, too */
	sql("INSERT INTO bar (recipient, person_id, actor, at) VALUES ('A', 2, 'x', 1)");
	assert_int_equal(run(&p), HUB_OK);
	assert_int_equal(fx.result.counts.withheld_rows, 2);
	assert_true(hub_str_find(fx.seen, HUB_STR("佐藤"), 0) == (size_t)-1);
	/* and what another system knows of her, as long as nobody has linked it */
	sql("UPDATE cc_person SET name_kana = 'サトウ　ヨネ' WHERE id = 2;"
	    "UPDATE cc_person SET name_kana = 'サトウヨネ', birth_date = '1950-04-01' WHERE id = "
	    "3");
	assert_int_equal(run(&p), HUB_OK);
	assert_int_equal(fx.result.counts.withheld_rows, 3);
	sql("UPDATE cc_person SET birth_date = '1950-04-02' WHERE id = 3");
	assert_int_equal(run(&p), HUB_OK);
	assert_int_equal(fx.result.counts.withheld_rows, 2);
}

/* Somebody of the same reading and day of birth, of whom a person has said that it is somebody else; nothing less
 * lifts the bar: not a question that waits, a link that went with its run, nor what was said of another pair. */
static void test_barred_alike(void **state)
{
	static const struct {
		const char *sql;
		uint64_t withheld;
	} said[] = {
	    {"UPDATE cc_person SET name_kana = 'サトウヨネ', birth_date = '1950-04-01' WHERE id IN"
	     " (2, 3);"
	     "INSERT INTO bar (recipient, person_id, actor, at) VALUES ('A', 2, 'x', 1)",
	     3},
	    {"INSERT INTO link_candidate (id, a, b, rule, state, at) VALUES (1, 2, 3, 'kana-birth',"
	     " 1, 1)",
	     3},
	    {"INSERT INTO link_candidate (id, a, b, rule, state, at) VALUES (2, 3, 4, 'kana-birth',"
	     " 2, 1)",
	     3},
	    {"INSERT INTO person_link (id, a, b, rule, state, actor, at, ended_by, ended_at) VALUES"
	     " (1, 2, 3, 'hand', 2, 'x', 1, 'undo', 2)",
	     3},
	    {"UPDATE link_candidate SET state = 2 WHERE id = 1", 2},
	    {"DELETE FROM link_candidate", 3},
	    {"UPDATE person_link SET ended_by = 'x'", 2},
	    /* linked in another way since: then it is her */
	    {"INSERT INTO person_link (id, a, b, rule, state, actor, at) VALUES (2, 2, 3, 'hand',"
	     " 1, 'x', 3); INSERT INTO person_identity (person_id, identity) VALUES (2, 2), (3, 2)",
	     3},
	};
	const struct hub_profile p = profile(base, persons_only);

	(void)state;
	approve(&p);
	for (size_t i = 0; i < HUB_COUNT(said); i++) {
		sql(said[i].sql);
		assert_int_equal(run(&p), HUB_OK);
		assert_int_equal(fx.result.counts.withheld_rows, said[i].withheld);
	}
}

static void test_unattended(void **state)
{
	static const char careful[] =
	    "title = \"t\"; recipient: { id = \"A\"; name = \"A\"; }; purpose = \"support\";\n"
	    "show: { identifier = \"as_is\"; contact = \"as_is\"; quasi = \"as_is\"; sensitive = "
	    "\"as_is\";"
	    " narrative = \"as_is\"; operational = \"as_is\"; };\n";
	const struct hub_profile p =
	    profile(careful, "entities: { person: { fields = [\"name\"]; }; };\n");
	struct hub_release_spec s = spec_of(&p);

	(void)state;
	approve(&p);
	assert_int_equal(run(&p), HUB_OK);
	must_see(
	    "person.name=佐藤花子\nperson.name~=●●\nperson.name=高橋ウメ\nperson.name=田中キク\n"
	    "commit\n"); /* the mother is withheld, Taro's refusal is masked */
	s.reason = HUB_STR("緊急の訪問調整のため");
	assert_int_equal(hub_release_run(fx.store, &s, &fx.result, &fx.err), HUB_OK);
	assert_int_equal(fx.result.counts.written, 5);
	assert_int_equal(one("SELECT count(*) FROM audit WHERE detail LIKE '%confirmed_because%'"),
			 1);
}

static void test_meeting(void **state)
{
	static const char head[] =
	    "title = \"t\"; recipient: { id = \"B\"; name = \"B\"; }; purpose = \"meeting\";\n"
	    "show: { identifier = \"as_is\"; contact = \"as_is\"; quasi = \"as_is\"; sensitive = "
	    "\"as_is\";"
	    " narrative = \"as_is\"; operational = \"as_is\"; };\n";
	const struct hub_profile p =
	    profile(head, "entities: { person: { fields = [\"name\", \"address\"]; };"
			  " case: { fields = [\"case_no\"]; }; };\n");
	struct hub_release_spec s = spec_of(&p);

	(void)state;
	approve(&p);
	s.meeting = HUB_STR("M1");
	assert_int_equal(hub_release_run(fx.store, &s, &fx.result, &fx.err), HUB_OK);
	must_see("person.name=鈴木太郎\nperson.address=緑区梅町1\ncase.case_no=C-2\ncommit\n");
	assert_int_equal(hub_day_parse(HUB_STR("2026-07-01"), &s.day), 0);
	assert_int_equal(hub_release_run(fx.store, &s, &fx.result, &fx.err), HUB_OK);
	assert_true(hub_str_find(fx.seen, HUB_STR("C-2"), 0) == (size_t)-1);
	assert_true(hub_str_find(fx.seen, HUB_STR("鈴木"), 0) == (size_t)-1);
	s.meeting = HUB_STR("M2");
	assert_int_equal(hub_release_run(fx.store, &s, &fx.result, &fx.err), HUB_USAGE);
	/* it is not on its list any more: called off */
	s = spec_of(&p);
	s.meeting = HUB_STR("M1");
	sql("UPDATE record SET state = 1 WHERE id = 2");
	assert_int_equal(hub_release_run(fx.store, &s, &fx.result, &fx.err), HUB_USAGE);
	assert_string_equal(fx.err.code, "unknown-meeting");
}

static int refused_as(const struct hub_release_spec *s, const char *code)
{
	const int rc = hub_release_run(fx.store, s, &fx.result, &fx.err);

	return rc == HUB_USAGE && strcmp(fx.err.code, code) == 0;
}

/* Whoever asks: A may have everything of Hanako, and has nothing of her for a meeting about Taro. */
static void test_meeting_is_of_its_case(void **state)
{
	static const char head[] =
	    "title = \"t\"; recipient: { id = \"A\"; name = \"A\"; }; purpose = \"meeting\";\n"
	    "show: { identifier = \"as_is\"; contact = \"as_is\"; quasi = \"as_is\"; sensitive = "
	    "\"as_is\"; narrative = \"as_is\"; operational = \"as_is\"; };\n";
	const struct hub_profile p =
	    profile(head, "entities: { person: { fields = [\"name\"]; }; };\n");
	const struct hub_sheet sheet = {.name = HUB_STR("t")};
	struct hub_release_spec s = spec_of(&p);

	(void)state;
	approve(&p);
	assert_int_equal(hub_release_run(fx.store, &s, &fx.result, &fx.err), HUB_OK);
	assert_true(hub_str_find(fx.seen, HUB_STR("佐藤花子"), 0) != (size_t)-1);
	s.meeting = HUB_STR("M1");
	assert_int_equal(hub_release_run(fx.store, &s, &fx.result, &fx.err), HUB_OK);
	must_see("person.name=鈴木太郎\ncommit\n");
	s.case_no = HUB_STR("C-2");
	assert_int_equal(hub_release_run(fx.store, &s, &fx.result, &fx.err), HUB_OK);
	s.case_no = HUB_STR("C-1");
	assert_true(refused_as(&s, "other-case"));
	s.case_no = HUB_STR("");
	sql("INSERT INTO cc_case (id, record_id, system_id, key) VALUES (3, 1, 1, 'c3');"
	    "INSERT INTO cc_meeting (id, record_id, case_id, meeting_no) VALUES (2, 2, 3, 'M3'),"
	    " (3, 2, NULL, 'M4');");
	s.meeting = HUB_STR("M3");
	assert_true(refused_as(&s, "meeting-without-case")); /* its case has no client */
	s.meeting = HUB_STR("M4");
	assert_true(refused_as(&s, "meeting-without-case")); /* it has no case */
	/* a number that another system has given to somebody else, too */
	s = spec_of(&p);
	s.case_no = HUB_STR("C-1");
	sql("UPDATE cc_case SET person_id = 1, case_no = 'C-1' WHERE id = 3");
	assert_int_equal(hub_release_run(fx.store, &s, &fx.result, &fx.err), HUB_OK);
	sql("UPDATE cc_case SET person_id = 3 WHERE id = 3");
	assert_true(refused_as(&s, "case-unclear"));
	s.meeting = HUB_STR("M1");
	s.sheet = &sheet;
	assert_true(refused_as(&s, "sheet-of-case"));
}

/* What a meeting opens is its client's: of whom he lives with, who stands in no case of the meeting, only a consent does. */
static void test_meeting_is_of_its_client(void **state)
{
	static const char head[] =
	    "title = \"t\"; recipient: { id = \"B\"; name = \"B\"; }; purpose = \"meeting\";\n"
	    "unattended = \"mask\"; show: { identifier = \"as_is\"; contact = \"as_is\";"
	    " quasi = \"as_is\"; sensitive = \"as_is\"; narrative = \"as_is\";"
	    " operational = \"as_is\"; };\n";
	const struct hub_profile p =
	    profile(head, "entities: { person: { fields = [\"name\"]; }; };\n");
	struct hub_release_spec s = spec_of(&p);

	(void)state;
	sql("INSERT INTO cc_household (id, record_id, system_id, key) VALUES (2, 1, 1, 'h2');"
	    "INSERT INTO cc_household_member (id, record_id, person_id, household_id, "
	    "relation_code)"
	    " VALUES (3, 1, 3, 2, 'self'), (4, 1, 5, 2, 'spouse');"
	    "DELETE FROM cc_protection");
	approve(&p);
	s.meeting = HUB_STR("M1");
	assert_int_equal(hub_release_run(fx.store, &s, &fx.result, &fx.err), HUB_OK);
	must_see("person.name=鈴木太郎\nperson.name~=●●\ncommit\n");
}

/* Without a detector nobody has looked into the texts: none leaves. References are keyed. */
static void test_texts_and_references(void **state)
{
	const struct hub_profile p = profile(
	    base, "entities: { person: { fields = [\"name\"]; }; case: { fields = [\"person\"]; };"
		  " activity: { fields = [\"case\", \"activity_on\", \"body\"]; }; };\n");

	(void)state;
	approve(&p);
	assert_int_equal(run(&p), HUB_OK);
	assert_true(hub_str_find(fx.seen, HUB_STR("activity.body!=\n"), 0) != (size_t)-1);
	assert_true(hub_str_find(fx.seen, HUB_STR("来所"), 0) == (size_t)-1);
	assert_true(hub_str_find(fx.seen, HUB_STR("case.person?=1\n"), 0) == (size_t)-1);
	assert_true(hub_str_find(fx.seen, HUB_STR("case.person?="), 0) != (size_t)-1);
	assert_true(hub_str_find(fx.seen, HUB_STR("activity.activity_on=2026-05-01"), 0) !=
		    (size_t)-1);
}

static void test_links(void **state)
{
	const struct hub_profile p = profile(base, persons_only);

	(void)state;
	approve(&p);
	/* the protected person is in another system under another number */
	sql("INSERT INTO person_identity VALUES (1, 1), (4, 1)");
	assert_int_equal(run(&p), HUB_OK);
	assert_true(hub_str_find(fx.seen, HUB_STR("桜町"), 0) == (size_t)-1);
	/* a refusal under one number holds for the other */
	sql("DELETE FROM person_identity; INSERT INTO person_identity VALUES (1, 1), (3, 1)");
	assert_int_equal(run(&p), HUB_OK);
	assert_true(hub_str_find(fx.seen, HUB_STR("花子"), 0) == (size_t)-1);
}

/* Person 1 in a registry of residents; a feed of restrictions (2) that has met nobody so far, and after it a run of the
 * registry with so many new records. */
#define RESIDENT "INSERT INTO cc_residence (id, record_id, person_id) VALUES (1, 1, 1);"
#define CAME_LATER(new)                                                                            \
	"DELETE FROM cc_protection; INSERT INTO feed VALUES (2, 'restrictions', 1);"               \
	"INSERT INTO run (id, kind, feed_id, system_id, state, lookup, begun_at, ended_at,"        \
	" counts, restricts) VALUES (1, 'import', 2, 1, 2, 1, 0, 1, '{\"new\":0}', 1),"            \
	" (2, 'import', 1, 1, 2, 1, 0, 1, '{\"new\":" new ",\"same\":0}', 0);"                     \
							  "UPDATE record SET run_id = 2 WHERE id " \
							  "= 1;"

/* A file of restrictions, and a row of the first one that was rejected. */
#define FILE_READ(id, state, whole)                                                         \
	"INSERT INTO run (id, kind, feed_id, system_id, state, lookup, begun_at, ended_at," \
	" restricts, \"full\") VALUES (" id ", 'import', 1, 1, " state ", 0, 0, 1, 1, " whole ");"
#define REJECTED                                                                                   \
	"INSERT INTO reject (id, run_id, row, line, byte, len, part, code) VALUES (1, 1, 1, 1, 1," \
	" 1, 0, 'x');"

static void test_protection_states(void **state)
{
	static const struct {
		const char *sql;
		enum hub_protection want;
	} rows[] = {
	    {"", HUB_PROT_CLEAR}, /* the site's default */
	    {"DELETE FROM meta WHERE name = 'protection_default'", HUB_PROT_UNKNOWN},
	    {"INSERT INTO cc_protection (id, record_id, person_id, protection_state, protect_to)"
	     " VALUES (9, 1, 1, 'protected', '2020-01-01')",
	     HUB_PROT_PROTECTED}, /* no date lifts it */
	    {"INSERT INTO cc_protection (id, record_id, person_id) VALUES (9, 1, 1)",
	     HUB_PROT_PROTECTED}, /* a state that could not be read */
	    {"INSERT INTO cc_protection (id, record_id, person_id, protection_state, deleted)"
	     " VALUES (9, 1, 1, 'protected', 1)",
	     HUB_PROT_PROTECTED}, /* the feed alone does not lift it */
	    {"INSERT INTO cc_protection (id, record_id, person_id, protection_state, deleted, "
	     "decided_by,"
	     " decided_second) VALUES (9, 1, 1, 'protected', 1, NULL, NULL),"
	     " (10, 1, 1, 'clear', 0, 'ann', 'ann')",
	     HUB_PROT_PROTECTED}, /* nor one person twice */
	    {"INSERT INTO cc_protection (id, record_id, person_id, protection_state, deleted, "
	     "decided_by,"
	     " decided_second) VALUES (9, 1, 1, 'protected', 1, NULL, NULL),"
	     " (10, 1, 1, 'clear', 0, 'ann', 'bob')",
	     HUB_PROT_CLEAR},
	    {"INSERT INTO cc_protection (id, record_id, person_id, protection_state, deleted, "
	     "decided_by,"
	     " decided_second) VALUES (9, 1, 1, 'protected', 0, NULL, NULL),"
	     " (10, 1, 1, 'clear', 0, 'ann', 'bob')",
	     HUB_PROT_PROTECTED}, /* a row in force stays in force */
	    {"INSERT INTO cc_protection (id, record_id, person_id, protection_state) VALUES"
	     " (9, 1, 1, 'suspected')",
	     HUB_PROT_SUSPECTED},
	    {"INSERT INTO cc_protection (id, record_id, person_id, protection_state) VALUES"
	     " (9, 1, 1, 'unknown')",
	     HUB_PROT_UNKNOWN},
	    {"UPDATE cc_person SET address = '緑区松町９' WHERE id = 1", HUB_PROT_SUSPECTED},
	    {"UPDATE cc_person SET phone_mobile = '0311112222' WHERE id = 1", HUB_PROT_SUSPECTED},
	    {"UPDATE cc_person SET name_kana = 'タカハシ ウメ', birth_date = '1970-01-01' WHERE id "
	     "= 1;"
	     "UPDATE cc_person SET name_kana = 'タカハシウメ' WHERE id = 4",
	     HUB_PROT_SUSPECTED},
	    {"UPDATE cc_person SET name_kana = 'タカハシウメ', birth_date = '1970-01-02' WHERE id "
	     "= 1;"
	     "UPDATE cc_person SET name_kana = 'タカハシウメ' WHERE id = 4",
	     HUB_PROT_CLEAR},
	    /* by the name as well, where nobody wrote the reading */
	    {"UPDATE cc_person SET name = '髙橋　ウメ', birth_date = '1970-01-01' WHERE id = 1",
	     HUB_PROT_SUSPECTED},
	    {"UPDATE cc_person SET name = '髙橋　ウメ', birth_date = '1970-01-02' WHERE id = 1",
	     HUB_PROT_CLEAR},
	    {"UPDATE cc_person SET name = '髙橋　ウメ', birth_date = NULL WHERE id = 1",
	     HUB_PROT_SUSPECTED}, /* nothing says that it is somebody else */
	    {"UPDATE cc_person SET name = '髙橋　ウメ' WHERE id = 1;"
	     "UPDATE cc_person SET birth_date = NULL WHERE id = 4",
	     HUB_PROT_SUSPECTED},
	    {"UPDATE cc_person SET name = '高橋', birth_date = NULL WHERE id = 1;"
	     "UPDATE cc_person SET name = '高橋' WHERE id = 4",
	     HUB_PROT_CLEAR}, /* half of Japan */
	    /* an address that only another record of hers says, or a row about somebody else, or the household's */
	    {"UPDATE cc_person SET name = '高橋ウメ', birth_date = '1970-01-01', address ="
	     " '緑区谷町7-7' WHERE id = 3; UPDATE cc_person SET address = '緑区谷町７－７' WHERE"
	     " id = 1",
	     HUB_PROT_SUSPECTED},
	    {"UPDATE cc_person SET name = '高橋ウメ', birth_date = '1970-01-01', address ="
	     " '緑区谷町7-7' WHERE id = 3; UPDATE cc_person SET address = '緑区谷町７－７' WHERE"
	     " id = 1; INSERT INTO cc_protection (id, record_id, person_id, protection_state,"
	     " deleted, decided_by, decided_second) VALUES (9, 1, 3, 'clear', 0, 'ann', 'bob')",
	     HUB_PROT_CLEAR}, /* somebody else, as two people said */
	    {"UPDATE cc_person SET name = '高橋ウメ', birth_date = '1970-01-03', address ="
	     " '緑区谷町7-7' WHERE id = 3; UPDATE cc_person SET address = '緑区谷町７－７' WHERE"
	     " id = 1",
	     HUB_PROT_CLEAR},
	    {"INSERT INTO cc_relationship (id, record_id, person_id, other_person_id,"
	     " other_address) VALUES (1, 1, 3, 4, '緑区谷町7-7');"
	     "UPDATE cc_person SET address = '緑区谷町７－７' WHERE id = 1",
	     HUB_PROT_SUSPECTED},
	    {"INSERT INTO cc_relationship (id, record_id, person_id, other_person_id, other_phone)"
	     " VALUES (1, 1, 3, 4, '0355556666'); UPDATE cc_person SET phone = '0355556666'"
	     " WHERE id = 1",
	     HUB_PROT_SUSPECTED},
	    {"UPDATE cc_household SET address = '緑区谷町7-7' WHERE id = 1;"
	     "UPDATE cc_person SET household_id = 1 WHERE id = 4;"
	     "DELETE FROM cc_household_member;"
	     "UPDATE cc_person SET address = '緑区谷町７－７' WHERE id = 1",
	     HUB_PROT_SUSPECTED},
	    {"UPDATE cc_household SET address = '緑区谷町7-7' WHERE id = 1;"
	     "INSERT INTO cc_household_member (id, record_id, person_id, household_id, member_to)"
	     " VALUES (3, 1, 4, 1, '2026-06-13'); DELETE FROM cc_household_member WHERE id < 3;"
	     "UPDATE cc_person SET address = '緑区谷町７－７' WHERE id = 1",
	     HUB_PROT_CLEAR}, /* she left it */
	    /* another record of hers in a registry, which nobody has linked to what protects her; others there are clear */
	    {"DELETE FROM meta WHERE name = 'protection_default';"
	     "UPDATE cc_person SET name = '高橋ウメ', birth_date = '1970-01-01' WHERE id = "
	     "1;" RESIDENT
	     "INSERT INTO run (id, kind, feed_id, system_id, state, lookup, begun_at, ended_at) "
	     "VALUES (1, 'import', 1, 1, 2, 1, 0, 1)",
	     HUB_PROT_SUSPECTED},
	    {"DELETE FROM meta WHERE name = 'protection_default';"
	     "UPDATE cc_person SET phone = '0311112222' WHERE id = 1;" RESIDENT
	     "INSERT INTO run (id, kind, feed_id, system_id, state, lookup, begun_at, ended_at) "
	     "VALUES (1, 'import', 1, 1, 2, 1, 0, 1)",
	     HUB_PROT_CLEAR},
	    {"UPDATE cc_person SET name = '高橋ウメ', birth_date = '1970-01-01' WHERE id = 1;"
	     "INSERT INTO cc_protection (id, record_id, person_id, protection_state, deleted,"
	     " decided_by, decided_second) VALUES (9, 1, 1, 'clear', 0, 'ann', 'bob')",
	     HUB_PROT_CLEAR}, /* two people said so */
	    /* in a registry: fresh, stale, undone; ended so many days ago */
	    {"DELETE FROM meta WHERE name = 'protection_default';" RESIDENT
	     "INSERT INTO run (id, kind, feed_id, system_id, state, lookup, begun_at, ended_at) "
	     "VALUES"
	     " (1, 'import', 1, 1, 2, 1, 0, 1)",
	     HUB_PROT_CLEAR},
	    {"DELETE FROM meta WHERE name = 'protection_default';" RESIDENT
	     "INSERT INTO run (id, kind, feed_id, system_id, state, lookup, begun_at, ended_at) "
	     "VALUES"
	     " (1, 'import', 1, 1, 2, 1, 0, 30)",
	     HUB_PROT_UNKNOWN},
	    {"DELETE FROM meta WHERE name = 'protection_default';" RESIDENT
	     "INSERT INTO run (id, kind, feed_id, system_id, state, lookup, begun_at, ended_at,"
	     " undone_by) VALUES (1, 'import', 1, 1, 2, 1, 0, 1, 2)",
	     HUB_PROT_UNKNOWN},
	    {"DELETE FROM meta WHERE name = 'protection_default';" RESIDENT
	     "INSERT INTO run (id, kind, feed_id, system_id, state, lookup, begun_at, ended_at) "
	     "VALUES"
	     " (1, 'import', 1, 1, 2, 0, 0, 1)",
	     HUB_PROT_UNKNOWN}, /* no registry */
	    {"DELETE FROM meta WHERE name = 'protection_default';"
	     "INSERT INTO run (id, kind, feed_id, system_id, state, lookup, begun_at, ended_at) "
	     "VALUES"
	     " (1, 'import', 1, 1, 2, 1, 0, 1)",
	     HUB_PROT_UNKNOWN}, /* a list of something else, which says nothing of residents */
	    /* people came in after the feed of restrictions was asked, the last time; then it was asked again */
	    {"DELETE FROM meta WHERE name = 'protection_default';" RESIDENT CAME_LATER("1"),
	     HUB_PROT_UNKNOWN},
	    {"DELETE FROM meta WHERE name = 'protection_default';" RESIDENT CAME_LATER("0"),
	     HUB_PROT_CLEAR}, /* nobody new: only a row has changed */
	    {"DELETE FROM meta WHERE name = 'protection_default';" RESIDENT CAME_LATER(
		 "1") "UPDATE record SET run_id = 1 WHERE id = 1",
	     HUB_PROT_CLEAR}, /* she was there before them */
	    {"DELETE FROM meta WHERE name = 'protection_default';" RESIDENT CAME_LATER(
		 "1") "INSERT INTO run (id, kind, feed_id, system_id, state, lookup, begun_at, "
		      "ended_at,"
		      " restricts) VALUES (3, 'import', 2, 1, 2, 1, 0, 1, 1)",
	     HUB_PROT_CLEAR},
	    /* a file of restrictions that was not read to its end, or of which a row was rejected; a whole one after it */
	    {FILE_READ("1", "2", "0"), HUB_PROT_CLEAR},
	    {FILE_READ("1", "1", "0"), HUB_PROT_UNKNOWN}, /* of no process */
	    {FILE_READ("1", "3", "0"), HUB_PROT_UNKNOWN},
	    {FILE_READ("1", "4", "1"), HUB_PROT_UNKNOWN},
	    {FILE_READ("1", "3", "0") FILE_READ("2", "2", "0"), HUB_PROT_CLEAR},
	    {FILE_READ("1", "2", "0") REJECTED, HUB_PROT_UNKNOWN},
	    {FILE_READ("1", "2", "1") REJECTED FILE_READ("2", "2", "0"), HUB_PROT_UNKNOWN},
	    {FILE_READ("1", "2", "0") REJECTED FILE_READ("2", "2", "1"), HUB_PROT_CLEAR},
	    {FILE_READ("1", "2", "0") REJECTED "UPDATE reject SET status = 1", HUB_PROT_CLEAR},
	};
	const struct hub_people_opt opt = {.day = 20619, .feed_days = 7};

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(rows); i++) {
		struct hub_people *p;
		const struct hub_person_facts *f;
		sql("BEGIN");
		sql(rows[i].sql);
		assert_int_equal(hub_db_run(fx.db, &fx.err,
					    "UPDATE run SET ended_at = ? - ended_at * 86400", "i",
					    hub_now()),
				 HUB_OK);
		assert_int_equal(hub_people_open(fx.store, &opt, &p, &fx.err), HUB_OK);
		assert_int_equal(hub_people_get(p, 1, &f, &fx.err), HUB_OK);
		if (f->household[0].protection != rows[i].want)
			fail_msg("row %zu: state %d", i, (int)f->household[0].protection);
		hub_people_close(p);
		sql("ROLLBACK");
	}
}

static void test_households(void **state)
{
	static const struct {
		const char *sql;
		uint32_t want;
	} rows[] = {
	    {"", 2},
	    {"UPDATE cc_household_member SET member_to = '2026-06-14' WHERE id = 2", 1},
	    {"UPDATE cc_household_member SET member_to = '2026-06-15' WHERE id = 2", 2},
	    {"UPDATE cc_person SET household_id = 1 WHERE id = 3", 3},
	    {"UPDATE cc_person SET household_no = '77' WHERE id IN (1, 4)", 3},
	    {"UPDATE cc_person SET household_no = '77', system_id = id WHERE id IN (1, 4)", 2},
	    {"INSERT INTO cc_relationship (id, record_id, person_id, other_person_id, living) "
	     "VALUES"
	     " (1, 1, 1, 5, 'together'), (2, 1, 1, 3, 'apart')",
	     3},
	    {"INSERT INTO cc_relationship (id, record_id, person_id, other_person_id, living) "
	     "VALUES"
	     " (1, 1, 5, 1, 'together')",
	     3},
	};
	struct hub_people_opt opt = {.feed_days = 7};

	(void)state;
	assert_int_equal(hub_day_parse(HUB_STR("2026-06-15"), &opt.day), 0);
	for (size_t i = 0; i < HUB_COUNT(rows); i++) {
		struct hub_people *p;
		const struct hub_person_facts *f;
		sql("BEGIN");
		sql(rows[i].sql);
		assert_int_equal(hub_people_open(fx.store, &opt, &p, &fx.err), HUB_OK);
		assert_int_equal(hub_people_get(p, 1, &f, &fx.err), HUB_OK);
		if (f->n_household != rows[i].want)
			fail_msg("row %zu: %u people", i, f->n_household);
		hub_people_close(p);
		sql("ROLLBACK");
	}
}

/* --- approval and stop -------------------------------------------------------------------------------------- */

static void test_approval(void **state)
{
	const struct hub_profile p = profile(base, persons_only);
	const struct hub_profile q =
	    profile(base, "entities: { person: { fields = [\"name\"]; }; };\n");

	(void)state;
	assert_int_equal(run(&p), HUB_REFUSED);
	assert_string_equal(fx.err.code, "not-approved");
	assert_int_equal(hub_approval_approve(fx.db, &p, WHO("bob"), &fx.err), HUB_REFUSED);
	assert_int_equal(hub_approval_propose(fx.db, &p, WHO("ann"), &fx.err), HUB_OK);
	assert_int_equal(run(&p), HUB_REFUSED);
	assert_int_equal(hub_approval_approve(fx.db, &p, WHO("ann"), &fx.err), HUB_REFUSED);
	assert_string_equal(fx.err.code, "same-person");
	assert_int_equal(run(&p), HUB_REFUSED);
	assert_int_equal(hub_approval_approve(fx.db, &p, WHO("bob"), &fx.err), HUB_OK);
	assert_int_equal(run(&p), HUB_OK);
	/* another version: not approved, and once it is, the old one is not any more */
	assert_int_equal(run(&q), HUB_REFUSED);
	approve(&q);
	assert_int_equal(run(&q), HUB_OK);
	assert_int_equal(run(&p), HUB_REFUSED);
	assert_int_equal(one("SELECT count(*) FROM release"), 2);
}

static void test_stop(void **state)
{
	const struct hub_profile p = profile(base, persons_only);

	(void)state;
	approve(&p);
	assert_int_equal(hub_release_stop(fx.db, WHO("ann"), HUB_STR("誤送信"), &fx.err), HUB_OK);
	assert_int_equal(run(&p), HUB_REFUSED);
	assert_string_equal(fx.err.code, "releases-stopped");
	assert_int_equal(hub_release_stop(fx.db, WHO("bob"), HUB_STR(""), &fx.err), HUB_OK);
	assert_int_equal(hub_release_resume(fx.db, WHO("ann"), HUB_STR(""), &fx.err), HUB_REFUSED);
	assert_int_equal(hub_release_resume(fx.db, WHO("bob"), HUB_STR("済"), &fx.err), HUB_OK);
	assert_int_equal(run(&p), HUB_OK);
}

/* What somebody closes while it runs holds for what has not left. */
static void test_meanwhile(void **state)
{
	static const struct {
		const char *sql, *code;
	} rows[] = {
	    {"INSERT INTO meta VALUES ('release_stop', 'ann')", "releases-stopped"},
	    {"INSERT INTO bar (recipient, actor, at) VALUES ('A', 'ann', 1)", "closed-meanwhile"},
	    {"INSERT INTO protection_act (person_id, what, reason, actor, at) VALUES (1, 'protect',"
	     " 'r', 'ann', 1)",
	     "closed-meanwhile"},
	    {"INSERT INTO cc_protection (id, record_id, person_id) VALUES (9, 1, 1)",
	     "closed-meanwhile"},
	    {"INSERT INTO consent_entry (run_id, person_id, recipient, category, purpose, status,"
	     " valid_from, reason) VALUES (1, 1, 'A', '*', '*', 'withdrawn', '2026-06-15', 'r')",
	     "closed-meanwhile"},
	    {"INSERT INTO cc_consent (id, record_id, person_id, consent_status) VALUES (9, 1, 1,"
	     " 'withdrawn'); INSERT INTO counter (name, value) VALUES ('facts', 1)"
	     " ON CONFLICT (name) DO UPDATE SET value = counter.value + 1",
	     "closed-meanwhile"},
	    {"INSERT INTO person_link (a, b, rule, state, actor, at) VALUES (1, 2, 'hand', 1, "
	     "'ann',"
	     " 1); INSERT INTO counter (name, value) VALUES ('facts', 1)"
	     " ON CONFLICT (name) DO UPDATE SET value = counter.value + 1",
	     "closed-meanwhile"},
	    {"INSERT INTO correction (entity, row_id, field, action, who, at) VALUES ('activity',"
	     " 1, 'body', 'reviewed', 'ann', 1)",
	     NULL},
	    {"INSERT INTO correction (entity, row_id, field, action, who, at) VALUES ('activity',"
	     " 1, 'body', 'add', 'ann', 1)",
	     "closed-meanwhile"},
	    {"UPDATE correction SET ended_at = 1 WHERE action = 'reviewed'", "closed-meanwhile"},
	    {"INSERT INTO cc_household_member (id, record_id, person_id, household_id) VALUES (9,"
	     " 1, 3, 1); INSERT INTO counter (name, value) VALUES ('facts', 1)"
	     " ON CONFLICT (name) DO UPDATE SET value = counter.value + 1",
	     "closed-meanwhile"},
	    {"INSERT INTO history (run_id, entity, row_id, op) VALUES (1, 'agency', 1, 2);"
	     " INSERT INTO counter (name, value) VALUES ('facts', 1)"
	     " ON CONFLICT (name) DO UPDATE SET value = counter.value + 1",
	     "closed-meanwhile"},
	    /* one goes as another comes */
	    {"INSERT INTO cc_household_member (id, record_id, person_id, household_id) VALUES (9,"
	     " 1, 3, 1); DELETE FROM person_link; INSERT INTO counter (name, value) VALUES"
	     " ('facts', 1) ON CONFLICT (name) DO UPDATE SET value = counter.value + 1",
	     "closed-meanwhile"},
	    {"UPDATE approval SET ended_at = 1", "closed-meanwhile"},
	    {"INSERT INTO consent_entry (run_id, person_id, recipient, category, purpose, status,"
	     " valid_from, reason) VALUES (1, 1, 'A', '*', '*', 'given', '2026-06-15', 'r')",
	     NULL},
	};
	const struct hub_profile p = profile(base, persons_only);

	(void)state;
	approve(&p);
	for (size_t i = 0; i < HUB_COUNT(rows); i++) {
		fx.meanwhile = rows[i].sql;
		const int rc = run(&p);
		if (!rows[i].code) {
			assert_int_equal(rc, HUB_OK);
			continue;
		}
		assert_string_equal(fx.err.code, rows[i].code);
		if (hub_str_find(fx.seen, HUB_STR("commit"), 0) != (size_t)-1)
			fail_msg("%s: it left", rows[i].sql);
		sql("DELETE FROM meta WHERE name = 'release_stop'; DELETE FROM bar;"
		    "DELETE FROM protection_act; DELETE FROM cc_protection WHERE id = 9;"
		    "DELETE FROM cc_consent WHERE id = 9;"
		    "DELETE FROM cc_household_member WHERE id = 9;"
		    "DELETE FROM consent_entry; UPDATE approval SET ended_at = NULL");
	}
}

static void test_failures_are_logged(void **state)
{
	const struct hub_profile p = profile(base, persons_only);
	struct hub_audit_state a;

	(void)state;
	approve(&p);
	fx.fail_write = 1;
	assert_int_equal(run(&p), HUB_RETRY);
	assert_string_equal(fx.err.code, "test-full");
	fx.fail_write = 0;
	fx.fail_commit = 1;
	assert_int_equal(run(&p), HUB_RETRY);
	assert_int_equal(one("SELECT count(*) FROM release WHERE state = 3"), 2);
	assert_int_equal(one("SELECT count(*) FROM audit WHERE action = 'release-failed'"), 2);
	assert_int_equal(hub_audit_verify(fx.db, HUB_STR(""), &a, &fx.err), HUB_OK);
}

/* --- the audit chain ------------------------------------------------------------------------------------------ */

static void test_audit(void **state)
{
	static const char *const damage[] = {
	    "UPDATE audit SET actor = 'x' WHERE seq = 2",
	    "UPDATE audit SET at = at + 1 WHERE seq = 2",
	    "UPDATE audit SET action = 'x' WHERE seq = 2",
	    "UPDATE audit SET object = 'x' WHERE seq = 2",
	    "UPDATE audit SET detail = '{}' WHERE seq = 2",
	    "UPDATE audit SET hash = x'00' WHERE seq = 2",
	    "UPDATE audit SET prev_hash = x'00' WHERE seq = 2",
	    "DELETE FROM audit WHERE seq = 2",
	    "UPDATE audit SET actor = actor || object, object = '' WHERE seq = 2",
	    "UPDATE audit SET seq = seq + 10 WHERE seq = 3",
	    "DELETE FROM audit WHERE seq = 3",
	    "DELETE FROM audit",
	};
	struct hub_audit_state a;
	char head[HUB_AUDIT_HEX];

	(void)state;
	assert_int_equal(hub_audit_verify(fx.db, HUB_STR(""), &a, &fx.err), HUB_OK);
	assert_int_equal(a.rows, 0);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(hub_audit_add(fx.db, HUB_STR("ann"), "test", HUB_STR("o"),
					       HUB_STR("{\"n\":1}"), &fx.err),
				 HUB_OK);
		if (i == 1) {
			assert_int_equal(hub_audit_head(fx.db, &a, &fx.err), HUB_OK);
			memcpy(head, a.head, sizeof head);
		}
	}
	assert_int_equal(hub_audit_verify(fx.db, hub_str_of(head), &a, &fx.err), HUB_OK);
	assert_int_equal(a.rows, 3);
	assert_int_equal(a.known, 2);
	assert_int_equal(hub_audit_verify(fx.db, HUB_STR("00"), &a, &fx.err), HUB_INTEGRITY);
	for (size_t i = 0; i < HUB_COUNT(damage); i++) {
		sql("BEGIN");
		sql(damage[i]);
		if (hub_audit_verify(fx.db, HUB_STR(""), &a, &fx.err) != HUB_INTEGRITY)
			fail_msg("not found: %s", damage[i]);
		sql("ROLLBACK");
	}
	/* somebody who recomputes the chain is found by the printout */
	sql("DELETE FROM audit; DELETE FROM meta WHERE name = 'audit_head'");
	assert_int_equal(
	    hub_audit_add(fx.db, HUB_STR("eve"), "test", HUB_STR("o"), HUB_STR(""), &fx.err),
	    HUB_OK);
	assert_int_equal(hub_audit_verify(fx.db, HUB_STR(""), &a, &fx.err), HUB_OK);
	assert_int_equal(hub_audit_verify(fx.db, hub_str_of(head), &a, &fx.err), HUB_INTEGRITY);
}

/* --- consents as they are stored ---------------------------------------------------------------------------- */

static void test_consent_rows(void **state)
{
	static const struct {
		const char *status, *from, *to, *withdrawn, *state;
		const char *want; /* one letter per day: 2026-03-31, 04-01, 04-15, 04-30, 05-01 */
	} rows[] = {
	    {"given", "", "", "", "", "ggggg"},
	    {"given", "2026-04-01", "2026-04-30", "", "", "-ggg-"},
	    {"given", "2026-04", "", "", "", "---gg"},    /* some day of April: the last one */
	    {"given", "", "2026-04", "", "", "gg---"},    /* the first one */
	    {"given", "", "", "", " valid_to!", "-----"}, /* a date that could not be read */
	    {"given", "", "", "", " valid_from!", "-----"},
	    {"given", "", "", "", " withdrawn_on!", "-----"},
	    {"given", "", "", "", " given_by? valid_from!", "-----"}, /* beside another cell */
	    {"given", "", "たぶん", "", "", "-----"},
	    {"given", "たぶん", "", "", "", "-----"},
	    {"refused", "2026-04", "", "", "", "-rrrr"},
	    {"refused", "", "2026-04", "", "", "rrrr-"},
	    {"refused", "", "たぶん", "", "", "rrrrr"},
	    {"refused", "2026-04-15", "", "", " valid_to!", "rrrrr"},
	    {"given", "2026-04-01", "", "2026-04-15", "", "-gwww"},
	    {"given", "2026-04-01", "", "たぶん", "", "wwwww"},
	    {"withdrawn", "2026-04-01", "", "2026-04-15", "", "--www"},
	    {"withdrawn", "2026-04-01", "2026-04-15", "", "", "-wwww"},
	    {"withdrawn", "", "", "", "", "wwwww"},
	    {"withdrawn", "2026-04", "", "", "", "-wwww"},
	    {"withdrawn", "2026-04-15", "", "", " withdrawn_on!", "wwwww"},
	    {"expired", "", "", "", "", "-----"},
	    {"not_asked", "", "", "", "", "nnnnn"},
	    {"maybe", "", "", "", "", "nnnnn"},
	    {"", "", "", "", "", "nnnnn"},
	};
	static const char *const days[] = {"2026-03-31", "2026-04-01", "2026-04-15", "2026-04-30",
					   "2026-05-01"};
	static const char letters[HUB_WHYS] = {[HUB_WHY_GIVEN] = 'g',
					       [HUB_WHY_REFUSED] = 'r',
					       [HUB_WHY_WITHDRAWN] = 'w',
					       [HUB_WHY_NOT_ASKED] = 'n',
					       [HUB_WHY_NO_CONSENT] = '-'};
	const struct hub_household_person one_person = {HUB_STR("1"), HUB_PROT_CLEAR};
	const struct hub_recipient to = {HUB_STR("A"), 1, 0, HUB_ALWAYS};

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(rows); i++) {
		const struct hub_consent_row row = {HUB_STR("A"),
						    HUB_STR("*"),
						    HUB_STR("*"),
						    hub_str_of(rows[i].status),
						    hub_str_of(rows[i].from),
						    hub_str_of(rows[i].to),
						    hub_str_of(rows[i].withdrawn),
						    hub_str_of(rows[i].state)};
		const struct hub_statement statement = {.recipient = row.recipient,
							.category = row.category,
							.purpose = row.purpose,
							.status = row.status,
							.from = row.from,
							.to = row.to,
							.withdrawn_on = row.withdrawn_on,
							.state = row.state};
		struct hub_consent c[2];
		const uint32_t n = hub_consent_of(&row, HUB_STR("1"), c);
		char got[6] = "";
		for (int d = 0; d < 5; d++) {
			struct hub_question q = {.recipient = &to,
						 .person = HUB_STR("1"),
						 .category = HUB_STR("quasi"),
						 .purpose = HUB_STR("support"),
						 .household = &one_person,
						 .n_household = 1,
						 .consents = c,
						 .n_consents = n};
			assert_int_equal(hub_day_parse(hub_str_of(days[d]), &q.day), 0);
			got[d] = letters[hub_gate_decide(&q).reason];
			/* what is listed as in force is what the gate hears */
			assert_int_equal(hub_statement_in_force(&statement, q.day), got[d] != '-');
		}
		if (strcmp(got, rows[i].want) != 0)
			fail_msg("row %zu: %s, want %s", i, got, rows[i].want);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_cells),
	    TEST(test_same_content_same_hash),
	    TEST(test_generalised),
	    TEST(test_recipients),
	    TEST(test_barred_alike),
	    TEST(test_unattended),
	    TEST(test_meeting),
	    TEST(test_meeting_is_of_its_case),
	    TEST(test_meeting_is_of_its_client),
	    TEST(test_texts_and_references),
	    TEST(test_links),
	    TEST(test_protection_states),
	    TEST(test_households),
	    TEST(test_approval),
	    TEST(test_stop),
	    TEST(test_meanwhile),
	    TEST(test_failures_are_logged),
	    TEST(test_audit),
	    TEST(test_consent_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

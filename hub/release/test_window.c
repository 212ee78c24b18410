/* Records for a viewer: the same cells as a release, nothing that is hidden, and every change of what decides at
 * once, made by another connection as in real life. */
#include "test_store.h"
#include "test_who.h"

#include "base/io.h"
#include "release/approval.h"
#include "release/consent_record.h"
#include "release/emergency.h"
#include "release/handle.h"
#include "release/outgoing.h"
#include "release/site.h"
#include "release/window.h"
#include "store/db.h"
#include "store/link.h"

static struct {
	struct hub_arena *arena;
	struct test_store at;
	char keys[96];
	const struct hub_schema *schema;
	struct hub_store *store, *other; /* other: everybody else */
	struct hub_db *db;               /* of other */
	struct hub_grounds grounds;
	struct hub_profile profile[3];
	struct hub_windows *windows;
	struct hub_err err;
	struct hub_str next;
} fx;

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

/* A has a word of Hanako (1), nothing of Taro (2); B is told nothing of anybody whom it is not told of. */
static const char people[] =
    "INSERT INTO system VALUES (1, 's'); INSERT INTO feed VALUES (1, 'f', 1);"
    "INSERT INTO record (id, feed_id, key, hash, run_id, row, line, byte, state) VALUES"
    " (1, 1, 'a', x'00', 1, 1, 1, 0, 0), (9, 1, 'z', x'00', 1, 3, 3, 0, 1);"
    "INSERT INTO cc_person (id, record_id, system_id, key, name, address) VALUES"
    " (1, 1, 1, 'p1', '佐藤花子', '緑区桜町2-3'), (2, 1, 1, 'p2', '鈴木太郎', '緑区梅町1'),"
    " (3, 9, 1, 'p3', '消えた人', NULL);"
    "INSERT INTO cc_consent (id, record_id, person_id, recipient, category, purpose,"
    " consent_status) VALUES (1, 1, 1, 'A', '*', '*', 'given'), (2, 1, 1, 'B', '*', '*', 'given');"
    "INSERT INTO cc_agency (id, record_id, system_id, key, agency_name) VALUES"
    " (1, 1, 1, 'A', 'A課'), (2, 1, 1, 'B', 'B課');"
    "INSERT INTO cc_case (id, record_id, system_id, key, case_no, person_id, opened_on, agency_id,"
    " case_state) VALUES (1, 1, 1, 'c1', 'C-1', 1, '2026-04-01', 1, 'open'),"
    " (2, 1, 1, 'c2', 'C-2', 2, '2026-05-01', 2, 'open'),"
    " (3, 9, 1, 'c3', 'C-3', 1, '2026-05-01', 1, 'open');"
    "INSERT INTO cc_activity (id, record_id, case_id, activity_on, method) VALUES"
    " (1, 1, 1, '2026-05-01', 'visit'), (2, 1, 2, '2026-05-02', 'phone'),"
    " (3, 1, 1, '2026-06-01', 'visit'), (4, 1, 2, '2026-06-02', 'visit'),"
    " (5, 1, 1, '2026-05-20', 'phone'), (6, 1, 1, NULL, 'phone');"
    "INSERT INTO meta VALUES ('protection_default', 'clear');";

static const char profile_text[] =
    "title = \"t\"; recipient: { id = \"%s\"; name = \"%s\"; }; purpose = \"support\";\n"
    "show: { identifier = \"as_is\"; contact = \"as_is\"; quasi = \"as_is\"; sensitive = "
    "\"as_is\"; narrative = \"as_is\"; operational = \"as_is\"; };\n"
    "unattended = \"%s\"; entities: { person: { fields = [\"name\", \"address\"]; };"
    " case: { fields = [\"case_no\", \"person\", \"opened_on\", \"case_state\", \"agency\"]; };"
    " activity: { fields = [\"case\", \"activity_on\", \"method\", \"body\"]; };"
    " agency: { fields = [\"agency_name\"]; }; };\n";

static void make_profile(size_t i, const char *agency, const char *unattended)
{
	char path[96];
	struct hub_report *r = hub_report_new(fx.arena);

	snprintf(path, sizeof path, "%s/%s.cfg", fx.at.dir, agency);
	assert_int_equal(
	    hub_file_write(path,
			   hub_arena_printf(fx.arena, profile_text, agency, agency, unattended),
			   &fx.err),
	    HUB_OK);
	const int rc = hub_profile_load(fx.arena, r, path, fx.schema, &fx.profile[i], &fx.err);
	hub_report_print(r, stderr);
	unlink(path);
	assert_int_equal(rc, HUB_OK);
}

static void approve(const struct hub_profile *p)
{
	assert_int_equal(hub_approval_propose(fx.db, p, WHO("ann"), &fx.err), HUB_OK);
	assert_int_equal(hub_approval_approve(fx.db, p, WHO("bob"), &fx.err), HUB_OK);
}

static void open_windows(const struct hub_plugins *plugins)
{
	const struct hub_windows_conf conf = {.view = fx.profile,
					      .views = HUB_COUNT(fx.profile),
					      .grounds = &fx.grounds,
					      .plugins = plugins,
					      .keys = hub_str_of(fx.keys),
					      .feed_days = 7};

	if (hub_windows_open(fx.store, &conf, &fx.windows, &fx.err))
		fail_msg("%s %s", fx.err.code, fx.err.what);
}

static int setup(void **state)
{
	(void)state;
	memset(&fx, 0, sizeof fx);
	fx.arena = hub_arena_new(0);
	if (test_store_make(&fx.at))
		return -1;
	snprintf(fx.keys, sizeof fx.keys, "%s.keys", fx.at.path);
	struct hub_report *r = hub_report_new(fx.arena);
	if (hub_schema_load(fx.arena, "schemas/common-case.cfg", NULL, &fx.schema, NULL, &fx.err) ||
	    hub_grounds_load(fx.arena, r, "schemas/grounds.cfg", &fx.grounds, &fx.err) ||
	    hub_store_open(fx.arena, fx.at.url, HUB_OPEN_CREATE, fx.schema, &fx.store, &fx.err) ||
	    hub_store_open(fx.arena, fx.at.url, 0, fx.schema, &fx.other, &fx.err))
		return -1;
	fx.db = hub_store_db(fx.other);
	sql(people);
	make_profile(0, "A", "mask");
	make_profile(1, "B", "withhold");
	make_profile(2, "N", "mask"); /* nobody approves it */
	approve(&fx.profile[0]);
	approve(&fx.profile[1]);
	open_windows(hub_plugins_new(fx.arena));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	hub_windows_close(fx.windows);
	hub_store_close(fx.store);
	hub_store_close(fx.other);
	hub_arena_free(fx.arena);
	return test_store_remove(&fx.at);
}

/* --- looking ------------------------------------------------------------------------------------- */

static int look(const struct hub_window_ask *ask, const struct hub_batch **b)
{
	return hub_window_look(fx.windows, fx.arena, ask, b, &fx.next, &fx.err);
}

/* The rows as lines "value value\n"; ~ masked, ! withheld, - empty. Keys and references: their length. */
static struct hub_str lines(const struct hub_batch *b)
{
	static const char *const marks[] = {"", "~", "?", "^", "!"};
	HUB_AUTO(buf) struct hub_buf out;

	hub_buf_init(&out, 1 << 20);
	for (uint32_t r = 0; r < b->rows; r++) {
		for (uint32_t c = 1; c < b->cols; c++) {
			const struct hub_col *col = &b->col[c];
			const int open = col->shown[r] == HUB_AS_IS && col->cell[r] == HUB_VALUE;
			hub_buf_printf(&out, "%s%s", c > 1 ? " " : "", marks[col->shown[r]]);
			if (open)
				hub_buf_str(&out, col->text[r]);
			else if (col->shown[r] == HUB_AS_IS)
				hub_buf_putc(&out, '-');
		}
		hub_buf_putc(&out, '\n');
	}
	return hub_buf_keep(&out, fx.arena);
}

static struct hub_str seen_by(const char *agency, const char *entity, const char *case_no)
{
	const struct hub_look what = {.entity = entity, .case_no = hub_str_of(case_no)};
	const struct hub_window_ask ask = {
	    .agency = hub_str_of(agency), .actor = HUB_STR("carl"), .look = &what};
	const struct hub_batch *b;
	const int rc = look(&ask, &b);

	return rc == HUB_OK        ? lines(b)
	       : rc == HUB_REFUSED ? hub_arena_printf(fx.arena, "refused %s", fx.err.code)
	       : rc == HUB_END     ? HUB_STR("none")
				   : hub_arena_printf(fx.arena, "%d %s", rc, fx.err.code);
}

static void must(struct hub_str got, const char *want)
{
	if (!hub_str_is(got, want))
		fail_msg("got\n%.*s\nwant\n%s", HUB_FMT(got), want);
}

static const char persons_of_a[] = "佐藤花子 緑区桜町2-3\n~ ~\n";

static void test_views(void **state)
{
	(void)state;
	must(seen_by("A", "person", ""), persons_of_a);
	must(seen_by("B", "person", ""), "佐藤花子 緑区桜町2-3\n"); /* Taro is nobody there */
	must(seen_by("A", "activity", "C-1"),
	     "? 2026-05-01 visit -\n? 2026-06-01 visit -\n? 2026-05-20 phone -\n? - phone -\n");
	must(seen_by("B", "activity", "C-2"), "none");
	must(seen_by("A", "case", "C-2"), "none"); /* there, but its number is not shown */
	must(seen_by("B", "case", "C-3"), "none"); /* of a record that is no more */
	must(seen_by("A", "plan", ""), "none");
	must(seen_by("N", "person", ""), "refused no-view");
	must(seen_by("X", "person", ""), "refused no-view");
	must(seen_by("", "person", ""), "refused no-view");
	must(seen_by("A", "nonsense", ""), "-4 unknown-entity");
	must(seen_by("A", "agency", "C-1"), "A課\n");
	must(seen_by("A", "person", "C-1"), "佐藤花子 緑区桜町2-3\n");
	assert_int_equal(one("SELECT count(*) FROM audit WHERE action = 'view' AND actor = 'carl'"),
			 5);
	assert_int_equal(one("SELECT count(*) FROM audit WHERE action = 'view' AND"
			     " object = 'case C-1' AND detail LIKE '%\"rows\":4%'"),
			 1);
	assert_int_equal(one("SELECT count(*) FROM audit WHERE detail LIKE '%佐藤%'"), 0);
}

/* Whatever decides is seen at the next look. */
static void test_at_once(void **state)
{
	int pending;
	int64_t id, until;

	(void)state;
	must(seen_by("A", "person", ""), persons_of_a);
	assert_int_equal(hub_site_protect(fx.db, 1, WHO("x"), HUB_STR("r"), &fx.err), HUB_OK);
	must(seen_by("A", "person", ""), "佐藤花子 !\n~ ~\n");
	assert_int_equal(hub_site_clear(fx.db, 1, WHO("y"), HUB_STR("r"), &pending, &fx.err),
			 HUB_OK);
	must(seen_by("A", "person", ""), "佐藤花子 !\n~ ~\n");
	assert_int_equal(hub_site_clear(fx.db, 1, WHO("z"), HUB_STR("r"), &pending, &fx.err),
			 HUB_OK);
	must(seen_by("A", "person", ""), persons_of_a);

	assert_int_equal(hub_site_bar(fx.db, HUB_STR("A"), 1, WHO("x"), HUB_STR("r"), &fx.err),
			 HUB_OK);
	must(seen_by("A", "person", ""), "~ ~\n");
	must(seen_by("A", "activity", "C-1"), "none");
	assert_int_equal(hub_site_unbar(fx.db, HUB_STR("A"), 1, WHO("y"), HUB_STR("r"), &fx.err),
			 HUB_OK);

	struct hub_emergency_spec help = {.recipient = HUB_STR("A"),
					  .person = 2,
					  .reason = HUB_STR("r"),
					  .who = *WHO("x"),
					  .hours = 1};
	for (uint32_t i = 0; i < fx.grounds.n; i++)
		if (fx.grounds.row[i].emergency && fx.grounds.row[i].active)
			help.ground = fx.grounds.row[i].id;
	assert_int_equal(hub_emergency_ask(fx.db, &fx.grounds, &help, &id, &fx.err), HUB_OK);
	must(seen_by("A", "person", ""), persons_of_a);
	assert_int_equal(hub_emergency_confirm(fx.db, id, WHO("y"), &until, &fx.err), HUB_OK);
	must(seen_by("A", "person", ""), "佐藤花子 緑区桜町2-3\n鈴木太郎 緑区梅町1\n");
	assert_int_equal(hub_emergency_end(fx.db, id, WHO("z"), HUB_STR("r"), &fx.err), HUB_OK);

	/* the two are one person: what one has said counts for both */
	assert_int_equal(hub_link_add(fx.other, 1, 2, HUB_STR("x"), HUB_STR("same"), &fx.err),
			 HUB_OK);
	must(seen_by("A", "person", ""), "佐藤花子 緑区桜町2-3\n鈴木太郎 緑区梅町1\n");
	assert_int_equal(hub_link_end(fx.other, one("SELECT max(id) FROM person_link"),
				      HUB_STR("x"), HUB_STR("not"), &fx.err),
			 HUB_OK);
	must(seen_by("A", "person", ""), persons_of_a);

	assert_int_equal(hub_release_stop(fx.db, WHO("x"), HUB_STR("r"), &fx.err), HUB_OK);
	must(seen_by("A", "person", ""), "refused releases-stopped");
	assert_int_equal(hub_release_resume(fx.db, WHO("y"), HUB_STR("r"), &fx.err), HUB_OK);
	must(seen_by("A", "person", ""), persons_of_a);
	sql("UPDATE approval SET ended_at = 1 WHERE name = 'A'");
	must(seen_by("A", "person", ""), "refused no-view");
}

/* --- keys, places, filters ----------------------------------------------------------------------- */

static struct hub_str called(const char *agency, struct hub_str number)
{
	struct hub_str name = {0};
	const int rc =
	    hub_window_name(fx.windows, fx.arena, hub_str_of(agency), number, &name, &fx.err);

	return rc ? HUB_STR("none") : name;
}

static struct hub_str number_of(const char *agency, struct hub_str name)
{
	struct hub_str number = {0};
	const int rc =
	    hub_window_number(fx.windows, fx.arena, hub_str_of(agency), name, &number, &fx.err);

	return rc ? HUB_STR("none") : number;
}

/* What an agency calls a case leads back to its number, for that agency alone. */
static void test_names(void **state)
{
	(void)state;
	must(called("A", HUB_STR("C-1")), "C-1");
	const struct hub_str taro = called("A", HUB_STR("C-2"));
	assert_int_equal(taro.len, HUB_HANDLE);
	must(called("B", HUB_STR("C-2")), "none");
	must(called("A", HUB_STR("C-9")), "none");
	must(number_of("A", HUB_STR("C-1")), "C-1");
	must(number_of("A", taro), "C-2");
	must(number_of("A", HUB_STR("C-2")), "none"); /* it may not read that number */
	must(number_of("B", taro), "none");
	assert_int_equal(hub_window_takes_part(fx.windows, HUB_STR("B"), &fx.err), HUB_OK);
	assert_int_equal(hub_window_takes_part(fx.windows, HUB_STR("N"), &fx.err), HUB_END);
	assert_int_equal(hub_site_bar(fx.db, HUB_STR("A"), 0, WHO("x"), HUB_STR("r"), &fx.err),
			 HUB_OK);
	assert_int_equal(hub_window_takes_part(fx.windows, HUB_STR("A"), &fx.err), HUB_END);
}

static void test_handles(void **state)
{
	const struct hub_look cases = {.entity = "case"};
	const struct hub_window_ask a = {.agency = HUB_STR("A"), .look = &cases};
	const struct hub_batch *b;

	(void)state;
	assert_int_equal(look(&a, &b), HUB_OK);
	assert_int_equal(b->rows, 2);
	const struct hub_str hidden = b->col[0].text[1]; /* C-2, of Taro */
	assert_int_equal(hidden.len, HUB_HANDLE);
	must(seen_by("A", "case", hidden.ptr), "~ ? ~ ~ ~\n");
	must(seen_by("B", "case", hidden.ptr), "none");
	must(seen_by("A", "activity", hidden.ptr), "? ~ ~ -\n? ~ ~ -\n");

	struct hub_look look_one = {.entity = "case", .key = hidden};
	struct hub_window_ask one_row = {.agency = HUB_STR("A"), .look = &look_one};
	assert_int_equal(look(&one_row, &b), HUB_OK);
	assert_int_equal(b->rows, 1);
	one_row.agency = HUB_STR("B");
	assert_int_equal(look(&one_row, &b), HUB_END);
	one_row.agency = HUB_STR("A");
	look_one.entity = "activity";
	assert_int_equal(look(&one_row, &b), HUB_END);
	look_one.key = HUB_STR("1");
	assert_int_equal(look(&one_row, &b), HUB_END);
	look_one.key = hub_arena_str(fx.arena, hidden);
	((char *)(uintptr_t)look_one.key.ptr)[3] ^= 1;
	look_one.entity = "case";
	assert_int_equal(look(&one_row, &b), HUB_END);
	assert_int_equal(hub_window_sees(fx.windows, HUB_STR("A"), HUB_STR("C-2"), &fx.err),
			 HUB_OK);
	assert_int_equal(hub_window_sees(fx.windows, HUB_STR("B"), HUB_STR("C-2"), &fx.err),
			 HUB_END);
	assert_int_equal(hub_window_sees(fx.windows, HUB_STR("B"), HUB_STR("C-1"), &fx.err),
			 HUB_OK);
	assert_int_equal(hub_window_sees(fx.windows, HUB_STR("N"), HUB_STR("C-1"), &fx.err),
			 HUB_END);
}

/* Pages of one: each visible row once, in order, hidden ones leave no trace, not even an empty page. */
static void test_pages(void **state)
{
	struct hub_look what = {.entity = "activity", .limit = 1};
	struct hub_window_ask ask = {.agency = HUB_STR("B"), .look = &what};
	const struct hub_batch *b;
	uint32_t n = 0;

	(void)state;
	do {
		assert_int_equal(look(&ask, &b), HUB_OK);
		assert_int_equal(b->rows, 1);
		what.after = fx.next;
		n++;
	} while (fx.next.ptr);
	assert_int_equal(n, 4);
	what.after = HUB_STR("aaaaaaaaaaaaaaaaaaaaaaaaaa");
	assert_int_equal(look(&ask, &b), HUB_USAGE);
	assert_string_equal(fx.err.code, "bad-cursor");
	/* a key of a row is no place in a list */
	what.after = HUB_STR("");
	assert_int_equal(look(&ask, &b), HUB_OK);
	what.after = b->col[0].text[0];
	assert_int_equal(look(&ask, &b), HUB_USAGE);
}

static struct hub_str filtered(const char *agency, const char *from, const char *to,
			       const char *field, const char *value)
{
	const struct hub_look what = {.entity = "activity"};
	const struct hub_window_ask ask = {.agency = hub_str_of(agency),
					   .look = &what,
					   .from = hub_str_of(from),
					   .to = hub_str_of(to),
					   .match = {{field, hub_str_of(value)}}};
	const struct hub_batch *b;

	assert_int_equal(look(&ask, &b), HUB_OK);
	return lines(b);
}

static void test_filters(void **state)
{
	struct hub_look newest = {.entity = "activity", .newest = "activity_on"};
	struct hub_window_ask ask = {.agency = HUB_STR("A"), .look = &newest};
	const struct hub_batch *b;

	(void)state;
	must(filtered("A", "2026-05-01", "2026-05-31", NULL, ""),
	     "? 2026-05-01 visit -\n? 2026-05-20 phone -\n");
	must(filtered("A", "2026-05-21", "", NULL, ""), "? 2026-06-01 visit -\n");
	/* Taro's are there, but masked: no question finds what they hold */
	must(filtered("A", "", "", "method", "visit"),
	     "? 2026-05-01 visit -\n? 2026-06-01 visit -\n");
	must(filtered("A", "", "", "method", "●●"), "");
	assert_int_equal(look(&ask, &b), HUB_OK);
	must(lines(b), "? 2026-06-01 visit -\n");
	newest.newest = "next_due";
	assert_int_equal(look(&ask, &b), HUB_OK);
	assert_int_equal(b->rows, 0);
	ask.hub = 1;
	newest.newest = "activity_on";
	assert_int_equal(look(&ask, &b), HUB_OK);
	assert_int_equal(b->rows, 2);
	assert_true(b->cols > 3);
	for (uint32_t c = 0; c < b->cols; c++) /* dates and the like, no text, no name */
		assert_false(hub_str_is(b->col[c].name, "body") ||
			     hub_str_is(b->col[c].name, "subject_name"));

	/* agencies by the ids that accounts have */
	const struct hub_look cases = {.entity = "case"}, agencies = {.entity = "agency"};
	ask.look = &cases;
	assert_int_equal(look(&ask, &b), HUB_OK);
	for (uint32_t c = 0; c < b->cols; c++)
		if (hub_str_is(b->col[c].name, "agency"))
			assert_str(b->col[c].text[1], "B");
	ask.look = &agencies;
	assert_int_equal(look(&ask, &b), HUB_OK);
	assert_str(b->col[0].text[0], "A");
	ask.hub = 0; /* an agency gets a handle */
	assert_int_equal(look(&ask, &b), HUB_OK);
	assert_int_equal(b->col[0].text[0].len, 26);
}

/* --- what is written to others ------------------------------------------------------------------- */

/* The detectors of this tree; texts are looked into from now on. */
static void with_detectors(void)
{
	struct hub_plugins *p = hub_plugins_new(fx.arena);
	const char *build = getenv("BUILD");

	hub_windows_close(fx.windows);
	fx.windows = NULL;
	assert_int_equal(
	    hub_plugins_load(
		p, hub_arena_printf(fx.arena, "%s/plugins", build ? build : "build").ptr, &fx.err),
	    HUB_OK);
	open_windows(p);
}

/* 【人物37】 as 【人物】: the number is drawn from a key. */
static struct hub_str unnumbered(struct hub_str s)
{
	HUB_AUTO(buf) struct hub_buf out;
	const struct hub_str head = HUB_STR("【人物");

	hub_buf_init(&out, 1 << 16);
	for (size_t i = 0; i < s.len; i++) {
		const int after = i >= head.len && hub_str_ends(hub_buf_text(&out), head);
		if (!after || s.ptr[i] < '0' || s.ptr[i] > '9')
			hub_buf_putc(&out, s.ptr[i]);
	}
	return hub_buf_keep(&out, fx.arena);
}

/* "type reason agency text" a line, then what may be sent. */
static struct hub_str inspected(const char *sender, const char *text, const char *case_no,
				const char *to, const char *and_to)
{
	HUB_AUTO(buf) struct hub_buf out;
	const struct hub_str agency[] = {hub_str_of(to), hub_str_of(and_to ? and_to : "")};
	const struct hub_outgoing what = {.text = hub_str_of(text),
					  .case_no = hub_str_of(case_no),
					  .agency = agency,
					  .agencies = and_to ? 2 : 1};
	const struct hub_window_ask ask = {.agency = hub_str_of(sender)};
	const struct hub_held *held;
	struct hub_str masked;
	uint32_t n;

	hub_buf_init(&out, 1 << 16);
	if (hub_outgoing_inspect(fx.windows, fx.arena, &ask, &what, &held, &n, &masked, &fx.err))
		return hub_arena_printf(fx.arena, "failed %s", fx.err.code);
	for (uint32_t i = 0; i < n; i++)
		hub_buf_printf(&out, "%u %.*s %.*s %.*s\n", held[i].type, HUB_FMT(held[i].reason),
			       HUB_FMT(held[i].agency),
			       HUB_FMT(hub_str_cut(what.text, held[i].start, held[i].end)));
	hub_buf_str(&out, masked);
	return unnumbered(hub_buf_text(&out));
}

static void test_outgoing(void **state)
{
	(void)state;
	with_detectors();
	/* she has said yes to both; her address is nobody's secret here */
	must(inspected("A", "花子さんは緑区桜町2-3に居る", "C-1", "B", NULL),
	     "花子さんは緑区桜町2-3に居る");
	/* Taro is of another case: a third party to everybody but the sender's own people */
	must(inspected("A", "佐藤花子さんと鈴木太郎さん", "C-1", "B", "A"),
	     "1 third-party B 鈴木太郎\n佐藤花子さんと【人物】さん");
	must(inspected("A", "佐藤花子さんと鈴木太郎さん", "C-1", "A", NULL),
	     "佐藤花子さんと鈴木太郎さん");
	/* no case: nobody is anybody */
	must(inspected("A", "佐藤花子さん", "", "B", NULL),
	     "1 third-party B 佐藤花子\n【人物】さん");
	/* a case that the sender cannot name or cannot read tells nothing about a name */
	must(inspected("A", "鈴木太郎さん", "C-2", "B", NULL),
	     "1 third-party B 鈴木太郎\n【人物】さん");
	/* who has no view gets no names */
	must(inspected("A", "佐藤花子さん", "C-1", "X", NULL),
	     "1 recipient-unknown X 佐藤花子\n【非提供】さん");

	assert_int_equal(hub_site_protect(fx.db, 1, WHO("x"), HUB_STR("r"), &fx.err), HUB_OK);
	must(inspected("A", "花子さんは緑区桜町2-3に居る", "C-1", "B", NULL),
	     "2 address-restricted B 緑区桜町2-3\n花子さんは【非提供】に居る");
	assert_int_equal(hub_window_unrestricted(fx.windows, HUB_STR("C-1"), &fx.err), HUB_END);
	assert_int_equal(hub_window_unrestricted(fx.windows, HUB_STR("C-2"), &fx.err), HUB_OK);
	assert_int_equal(hub_site_bar(fx.db, HUB_STR("B"), 1, WHO("x"), HUB_STR("r"), &fx.err),
			 HUB_OK);
	must(inspected("A", "面談は明日", "C-1", "A", "B"),
	     "0 recipient-barred B 面談は明日\n【非提供】");
	must(inspected("A", "面談は明日", "", "B", NULL), "面談は明日");
	assert_int_equal(hub_release_stop(fx.db, WHO("x"), HUB_STR("r"), &fx.err), HUB_OK);
	must(inspected("A", "面談は明日", "C-1", "A", NULL), "failed releases-stopped");
}

/* A text that was scanned with another roster is scanned again before it is shown, and stored so. */
static void test_stale(void **state)
{
	const struct hub_look what = {.entity = "activity", .limit = 1};
	const struct hub_window_ask ask = {.agency = HUB_STR("A"), .look = &what};
	const struct hub_batch *b;

	(void)state;
	sql("UPDATE cc_activity SET body = '花子さんと鈴木太郎さんが来所', body_spans = '[]',"
	    " scan = 'old' WHERE id = 1");
	must(seen_by("A", "activity", "C-1"),
	     "? 2026-05-01 visit !\n? 2026-06-01 visit -\n? 2026-05-20 phone -\n? - phone -\n");
	with_detectors();
	for (int i = 0; i < 2; i++) {
		assert_int_equal(look(&ask, &b), HUB_OK);
		must(unnumbered(b->col[4].text[0]), "花子さんと【人物】さんが来所");
		assert_int_equal(
		    one("SELECT count(*) FROM cc_activity WHERE id = 1 AND scan <> 'old'"), 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_views, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_at_once, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_names, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_handles, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_pages, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_filters, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_outgoing, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_stale, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

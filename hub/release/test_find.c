/* Search for viewers: whatever is consented to, withdrawn, protected, corrected: hits, counts and facets are those of a
 * plain look over what the gate shows (hub_window_look), names inside texts are never found, and cases that are
 * about the same come first. */
#include "test_store.h"
#include "test_who.h"

#include "base/clock.h"
#include "base/io.h"
#include "release/approval.h"
#include "release/finder.h"
#include "store/db.h"
#include "store/fulltext.h"
#include "text/gram.h"

enum { CASES = 30, NOTES = 150, ROUNDS = 12, ASKED = 6, TOPICS = 6 };

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
static const char *const givens[] = {"朔太郎", "美月", "寅次", "蛍", "千鶴子"};
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
	    i, i, families[i % 5], givens[i / 5 % 5], 1930 + i % 7 * 12, i % 4);
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

/* --- the plain look -------------------------------------------------------------------------------------- */

/* The texts of a note that the agency may read, without what is a label; those in spans go, too: they are
 * no text, but somebody's. ptr NULL: it sees none. */
struct note {
	struct hub_str key, text[2], day, agency;
	int who;
};

static struct hub_str cell(const struct hub_batch *b, const char *name, uint32_t r)
{
	for (uint32_t c = 0; c < b->cols; c++)
		if (hub_str_is(b->col[c].name, name) && b->col[c].cell[r] == HUB_VALUE)
			return b->col[c].text[r];
	return (struct hub_str){NULL, 0};
}

static const struct hub_batch *look(const char *agency, const char *entity, struct hub_str *next)
{
	const struct hub_look what = {
	    .entity = entity, .limit = 200, .after = next->ptr ? *next : HUB_STR("")};
	const struct hub_window_ask ask = {
	    .agency = hub_str_of(agency), .actor = HUB_STR("carl"), .look = &what};
	const struct hub_batch *b;

	if (hub_window_look(fx.windows, fx.arena, &ask, &b, next, &fx.err))
		fail_msg("%s", fx.err.what);
	return b;
}

/* Names and labels cut out: 【...】, ●●, and the families, that only ever stand in spans. */
static struct hub_str plain(struct hub_str s)
{
	HUB_AUTO(buf) struct hub_buf b;
	size_t at = 0;

	hub_buf_init(&b, 1 << 20);
	while (at < s.len) {
		const struct hub_str rest = hub_str_from(s, at);
		size_t skip = 0;
		for (size_t i = 0; i < HUB_COUNT(families); i++)
			if (hub_str_starts(rest, hub_str_of(families[i])))
				skip = strlen(families[i]);
		if (hub_str_starts(rest, HUB_STR("●●")))
			skip = 6;
		if (hub_str_starts(rest, HUB_STR("【")))
			skip = hub_str_find(rest, HUB_STR("】"), 0) + 3;
		if (skip)
			hub_buf_puts(&b, HUB_GRAM_CUT);
		else
			hub_buf_putc(&b, s.ptr[at]);
		at += skip ? skip : 1;
	}
	return hub_gram_fold(fx.arena, hub_buf_text(&b), NULL);
}

static size_t read_notes(const char *agency, struct note *out)
{
	struct hub_str next = {NULL, 0};
	size_t n = 0;

	do {
		const struct hub_batch *b = look(agency, "activity", &next);
		for (uint32_t r = 0; r < b->rows; r++) {
			struct note *o = &out[n];
			const struct hub_str body = cell(b, "body", r),
					     more = cell(b, "response", r);
			*o = (struct note){.key = b->col[0].text[r],
					   .day = cell(b, "activity_on", r),
					   .agency = cell(b, "agency", r)};
			if (body.ptr)
				o->text[0] = plain(body);
			if (more.ptr)
				o->text[1] = plain(more);
			n += body.ptr || more.ptr;
		}
	} while (next.ptr);
	return n;
}

static int has_word(const struct note *o, const char *word)
{
	const struct hub_str w = hub_gram_fold(fx.arena, hub_str_of(word), NULL);

	for (int i = 0; i < 2; i++)
		if (o->text[i].ptr && hub_gram_find(o->text[i], w, 0) != (size_t)-1)
			return 1;
	return 0;
}

/* --- questions ------------------------------------------------------------------------------------------- */

static const struct hub_hits *find_q(const char *agency, const struct hub_find *q)
{
	const struct hub_viewer who = {.agency = hub_str_of(agency), .actor = HUB_STR("carl")};
	const struct hub_hits *hits = NULL;

	if (hub_finder_find(fx.finder, fx.arena, &who, q, &hits, &fx.err))
		fail_msg("%s %s", fx.err.code, fx.err.what);
	return hits;
}

static const struct hub_hits *find(const char *agency, const char *words)
{
	const struct hub_find q = {.words = hub_str_of(words), .limit = 200, .counts = 1};

	return find_q(agency, &q);
}

static int is_hit(const struct hub_hits *h, struct hub_str key)
{
	for (uint32_t i = 0; i < h->n; i++)
		if (hub_str_eq(h->hit[i].key, key))
			return 1;
	return 0;
}

static const char *any_word(void)
{
	static const char *const more[] = {"母",   "2階",  "訪問", "dv",
					   "拒否", "元気", "80",   "次回は"};

	return roll(2) ? topics[roll(TOPICS)][roll(4)] : more[roll(8)];
}

/* Facet by facet as a look would count; agencies are of the row. */
static void expect_facet(const struct hub_hits *h, const struct note *notes, const uint8_t *in,
			 size_t n)
{
	for (uint32_t i = 0; i < h->facets; i++) {
		const struct hub_facet_count *f = &h->facet[i];
		int64_t count = 0;
		if (f->facet != HUB_FACET_AGENCY)
			continue;
		for (size_t k = 0; k < n; k++)
			count += in[k] && hub_str_eq(notes[k].agency, f->value);
		assert_true(count > 0);
		assert_true(f->count == count || f->count == -1);
		assert_true(f->count == count || count < HUB_FIND_FEW || h->facets > 1);
	}
}

/* a b, a OR b, a -b by a look at each text. */
static void expect_same(const char *agency, const struct note *notes, size_t n)
{
	const char *a = any_word(), *b = any_word();
	const uint32_t shape = roll(3);
	uint8_t in[NOTES] = {0};
	int64_t total = 0;
	const struct hub_str words = shape == 0   ? hub_arena_printf(fx.arena, "%s %s", a, b)
				     : shape == 1 ? hub_arena_printf(fx.arena, "%s OR %s", a, b)
						  : hub_arena_printf(fx.arena, "%s -%s", a, b);
	const struct hub_hits *h = find(agency, words.ptr);

	for (size_t i = 0; i < n; i++) {
		const int x = has_word(&notes[i], a), y = has_word(&notes[i], b);
		in[i] = (uint8_t)(shape == 0 ? x && y : shape == 1 ? x || y : x && !y);
		total += in[i];
		if (is_hit(h, notes[i].key) != in[i])
			fail_msg("%s: \"%s\" in \"%.*s\"", agency, words.ptr,
				 HUB_FMT(notes[i].text[0]));
	}
	assert_int_equal(h->total, total);
	assert_int_equal(h->n, total);
	expect_facet(h, notes, in, n);
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

static void test_as_the_gate_shows(void **state)
{
	struct note *notes = hub_alloc_array(fx.arena, NOTES, sizeof *notes);
	static const char *const agencies[] = {"A", "B"};

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		change_something(round);
		for (size_t v = 0; v < 2; v++) {
			const size_t n = read_notes(agencies[v], notes);
			for (int i = 0; i < ASKED; i++)
				expect_same(agencies[v], notes, n);
			assert_int_equal(find(agencies[v], "")->total, (int64_t)n);
		}
	}
}

/* A name in a text is found by nobody; as the client's name by those who may read it. */
static void test_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < HUB_COUNT(families); i++) {
		const struct hub_hits *a = find("A", families[i]);
		for (uint32_t k = 0; k < a->n; k++)
			assert_true(a->hit[k].case_key.len > 0);
		assert_int_equal(find("B", families[i])->total, 0);
	}
	assert_true(find("A", "梟木")->total > 0);
	assert_int_equal(find("A", "\"梟木さん\"")->total, 0);
}

static void test_snippet(void **state)
{
	const struct hub_hits *h = find("A", "ふりーすくーる");

	(void)state;
	assert_true(h->n > 0);
	for (uint32_t i = 0; i < h->n; i++) {
		const struct hub_hit *t = &h->hit[i];
		assert_true(t->marks > 0);
		assert_str(hub_str_cut(t->snippet, t->mark[0], t->mark[1]), "フリースクール");
		assert_str(t->field, "body");
	}
}

static void test_filters(void **state)
{
	struct hub_find q = {
	    .limit = 200, .counts = 1, .from = HUB_STR("2026-03-01"), .to = HUB_STR("2026-04-30")};
	const struct hub_hits *h = find_q("A", &q), *one;
	int64_t sum = 0;

	(void)state;
	assert_true(h->total > 0 && h->total < NOTES);
	for (uint32_t i = 0; i < h->n; i++)
		assert_true(hub_str_cmp(h->hit[i].day, HUB_STR("2026-03-01")) >= 0 &&
			    hub_str_cmp(h->hit[i].day, HUB_STR("2026-04-30")) <= 0);
	for (uint32_t i = 0; i < h->facets; i++) { /* each facet leads to as many as it says */
		struct hub_find by = q;
		by.facet[h->facet[i].facet] = h->facet[i].value;
		one = find_q("A", &by);
		assert_true(h->facet[i].count == -1 || h->facet[i].count == one->total);
		sum += h->facet[i].facet == HUB_FACET_AGE && h->facet[i].count > 0;
	}
	assert_true(sum > 0);
	q.facet[HUB_FACET_TOWN] = HUB_STR("9丁目");
	assert_int_equal(find_q("A", &q)->total, 0);
	q = (struct hub_find){.case_no = HUB_STR("C-7"), .limit = 2};
	h = find_q("A", &q);
	assert_int_equal(h->n, 2);
	assert_non_null(h->next.ptr);
	q.after = h->next;
	assert_false(hub_str_eq(find_q("A", &q)->hit[0].key, h->hit[0].key));
}

/* Of the first five, those about the same topic. */
static void test_alike(void **state)
{
	const struct hub_viewer who = {.agency = HUB_STR("A"), .actor = HUB_STR("carl")};
	const struct hub_alike *list;
	uint32_t n, right = 0, all = 0;

	(void)state;
	for (int i = 1; i <= CASES; i++) {
		const struct hub_str no = hub_arena_printf(fx.arena, "C-%d", i);
		const int rc =
		    hub_finder_alike(fx.finder, fx.arena, &who, no, 5, &list, &n, &fx.err);
		if (rc == HUB_END)
			continue;
		assert_int_equal(rc, HUB_OK);
		for (uint32_t k = 0; k < n && k < 4;
		     k++) { /* there are four others of each topic */
			int64_t other;
			if (!list[k].case_no.len) /* a number that A may not read */
				continue;
			assert_int_equal(
			    hub_parse_i64(hub_str_from(list[k].case_no, 2), 1, CASES, &other), 0);
			assert_int_not_equal(other, i);
			right += other % TOPICS == i % TOPICS;
			all++;
		}
	}
	printf("# alike: %u of %u of the first four are of the same topic\n", right, all);
	assert_true(all > 60 && right * 10 >= all * 9);
	assert_int_equal(
	    hub_finder_alike(fx.finder, fx.arena, &who, HUB_STR("C-99"), 5, &list, &n, &fx.err),
	    HUB_END);
}

static void test_words(void **state)
{
	struct hub_find q = {.words = HUB_STR("、。 \"")};
	const struct hub_viewer who = {.agency = HUB_STR("A"), .actor = HUB_STR("carl")};
	const struct hub_hits *h;
	char *much = hub_alloc0(fx.arena, 400);

	(void)state;
	assert_int_equal(find_q("A", &q)->total, find("A", "")->total);
	memset(much, 'x', 300);
	q.words = hub_str_of(much);
	assert_int_equal(hub_finder_find(fx.finder, fx.arena, &who, &q, &h, &fx.err), HUB_USAGE);
	q = (struct hub_find){.from = HUB_STR("soon")};
	assert_int_equal(hub_finder_find(fx.finder, fx.arena, &who, &q, &h, &fx.err), HUB_USAGE);
	const struct hub_viewer nobody = {.agency = HUB_STR("X"), .actor = HUB_STR("carl")};
	q = (struct hub_find){.limit = 1};
	assert_int_equal(hub_finder_find(fx.finder, fx.arena, &nobody, &q, &h, &fx.err),
			 HUB_REFUSED);
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
	    cmocka_unit_test(test_snippet),
	    cmocka_unit_test(test_filters),
	    cmocka_unit_test(test_words),
	    cmocka_unit_test(test_alike),
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_as_the_gate_shows),
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_shared),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

/* Search for viewers: whatever is consented to, withdrawn, protected, corrected: hits, counts and facets are those of a
 * plain look over what the gate shows (hub_window_look), names inside texts are never found, and cases that are
 * about the same come first. */
#include "test_store.h"
#include "test_town.h"

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

static int is_hit(const struct hub_hits *h, struct hub_str key)
{
	for (uint32_t i = 0; i < h->n; i++)
		if (hub_str_eq(h->hit[i].key, key))
			return 1;
	return 0;
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

static int ask_for(enum hub_facet f, const char *value)
{
	const struct hub_viewer who = {.agency = HUB_STR("A"), .actor = HUB_STR("carl")};
	struct hub_find q = {.limit = 1};
	const struct hub_hits *h;

	q.facet[f] = hub_str_of(value);
	return hub_finder_find(fx.finder, fx.arena, &who, &q, &h, &fx.err);
}

/* What nobody can have is refused, with what there is; what nobody has finds nothing. */
static void test_unknown_values(void **state)
{
	static const struct {
		enum hub_facet f;
		const char *wrong, *hint, *empty;
	} sets[] = {{HUB_FACET_CATEGORY, "育児や家事", "14, 15, 99", "15"},
		    {HUB_FACET_HOUSEHOLD, "9060", "8050", "children"},
		    {HUB_FACET_KIND, "99999", "01, 02", "居宅"},
		    {HUB_FACET_ENTITY, "activities", "activity", "scheme"},
		    {HUB_FACET_AGENCY, "NOBODY-OF-THAT-NAME", "There are: ", NULL}};

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(sets); i++) {
		assert_int_equal(ask_for(sets[i].f, sets[i].wrong), HUB_USAGE);
		assert_string_equal(fx.err.code, "unknown-value");
		if (!strstr(fx.err.hint, sets[i].hint))
			fail_msg("%s: %s", sets[i].wrong, fx.err.hint);
		if (sets[i].empty)
			assert_int_equal(ask_for(sets[i].f, sets[i].empty), HUB_OK);
	}
	assert_int_equal(ask_for(HUB_FACET_TOWN, "霞が関"), HUB_OK);
	assert_int_equal(ask_for(HUB_FACET_AGE, "110代"), HUB_OK);
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
		for (uint32_t k = 0; k < n; k++) { /* there are five others of each topic */
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
	printf("# similar cases, precision@5: %u of %u\n", right, all);
	assert_true(all > 60 && right * 10 >= all * 9);
	/* C-14 has C-7's age and nothing else of it */
	assert_int_equal(
	    hub_finder_alike(fx.finder, fx.arena, &who, HUB_STR("C-7"), 50, &list, &n, &fx.err),
	    HUB_OK);
	for (uint32_t k = 0; k < n; k++)
		assert_false(hub_str_is(list[k].case_no, "C-14"));
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

int main(void)
{
	const struct CMUnitTest tests[] = {

	    cmocka_unit_test(test_unknown_values),
	    cmocka_unit_test(test_snippet),
	    cmocka_unit_test(test_filters),
	    cmocka_unit_test(test_words),
	    cmocka_unit_test(test_alike),
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_as_the_gate_shows),
	    cmocka_unit_test(test_names),

	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

/* Genogram and ecomap: what the gate shows is drawn with its symbols, what it masks is nowhere. */
#include "test_kin.h"

static void draws_what_may_be_shown(void **state)
{
	struct sink s;

	(void)state;
	sink_init(&s);
	sink_open(&s, "a.svg", NULL);
	fill(&s, 0);
	assert_int_equal(sink_commit(&s), HUB_OK);
	assert_mode_0600(&s, "a.svg");
	const struct hub_str svg = sink_read(&s, "a.svg");
	static const char *const words[] = {
	    ">髙橋　花子<",  ">本人 1980年生<",    ">髙橋 &lt;さくら&gt;<",
	    ">娘 2003年生<", ">元夫 1977年生<",    "ター &amp; ",
	    "架空セン",      "stroke-width=\"5\"", "ジェノグラム",
	    "エコマップ"};
	for (size_t i = 0; i < HUB_COUNT(words); i++)
		if (!times(svg, words[i]))
			fail_msg("%s is not drawn", words[i]);
	sink_free(&s);
}

static void symbols_are_those_of_the_field(void **state)
{
	struct sink s;

	(void)state;
	sink_init(&s);
	sink_open(&s, "a.svg", (const char *const[]){"draw=genogram", NULL});
	fill(&s, 0);
	assert_int_equal(sink_commit(&s), HUB_OK);
	const struct hub_str whole = sink_read(&s, "a.svg");
	const size_t end = hub_str_find(whole, HUB_STR("class=\"legend\""), 0); /* the legend */
	const struct hub_str svg = hub_str_cut(whole, 0, end);
	assert_true(end != (size_t)-1);
	assert_int_equal(times(svg, "<circle"), 3); /* she, doubled, and the daughter */
	assert_int_equal(times(svg, "r=\"15.0\" fill=\"none\""), 1);
	assert_int_equal(times(svg, "stroke-dasharray=\"7 5\""), 1); /* who lives together */
	assert_int_equal(times(svg, "stroke-dasharray=\"5 4\""), 1); /* adopted */
	assert_int_equal(times(whole, "エコマップ"), 0);
	sink_free(&s);
}

static void what_is_masked_is_nowhere(void **state)
{
	static const char *const hidden[] = {"花子", "一郎", "架空", "さくら",
					     "19",   "200",  "元夫", "相談先"};
	struct sink s;

	(void)state;
	sink_init(&s);
	sink_open(&s, "a.svg", NULL);
	fill(&s, HUB_MASKED);
	assert_int_equal(sink_commit(&s), HUB_OK);
	const struct hub_str whole = sink_read(&s, "a.svg");
	/* numbers stand in the picture too: texts only */
	struct hub_str rest = whole, line;
	while (hub_str_next(&rest, '\n', &line)) {
		const size_t from = hub_str_find(line, HUB_STR(">"), 0);
		if (!hub_str_starts(line, HUB_STR("<text")))
			continue;
		for (size_t i = 0; i < HUB_COUNT(hidden); i++)
			assert_int_equal(times(hub_str_from(line, from), hidden[i]), 0);
	}
	assert_int_equal(times(whole, "<title") + times(whole, " id="), 0);
	assert_true(times(whole, ">本人<") && times(whole, ">夫<") && times(whole, ">元配偶者<"));
	sink_free(&s);
}

static void two_cases_are_no_picture(void **state)
{
	const char *const cases[] = {"k", "a", "l", "b"};
	struct sink s;

	(void)state;
	sink_init(&s);
	sink_open(&s, "a.svg", NULL);
	sink_fill(&s, "case", 2, (const char *const[]){"key", "person"}, 2, cases);
	assert_int_equal(sink_write(&s), HUB_USAGE);
	assert_string_equal(s.err.code, "too-many-people");
	sink_close(&s);
	assert_str(sink_files(&s), "");
	sink_free(&s);
}

/* Everyone is everyone's sibling, parent and spouse: it ends, and draws each person once. */
static void knots_are_drawn_too(void **state)
{
	static const char *const codes[] = {"father", "wife",   "younger_sister",
					    "son",    "cousin", "partner"};
	static char names[30][4];
	struct sink s;

	(void)state;
	sink_init(&s);
	sink_open(&s, "a.svg", (const char *const[]){"draw=genogram", NULL});
	for (int i = 0; i < 30; i++)
		snprintf(names[i], sizeof names[i], "p%d", i);
	for (int i = 0; i < 30; i++)
		for (int j = 1; j < 7; j++) {
			const char *const row[] = {
			    FAMILY(names[i], names[(i * j + 1) % 30], codes[j - 1])};
			sink_fill(&s, "relationship", 8, family, 1, row);
			assert_int_equal(sink_write(&s), HUB_OK);
		}
	sink_fill(&s, "case", 2, (const char *const[]){"key", "person"}, 1,
		  (const char *const[]){"k", "p0"});
	assert_int_equal(sink_write(&s), HUB_OK);
	assert_int_equal(sink_commit(&s), HUB_OK);
	const struct hub_str svg = sink_read(&s, "a.svg");
	assert_int_equal(times(svg, "nan") + times(svg, "inf"), 0);
	assert_int_equal(times(svg, "class=\"halo\""), 30);
	sink_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(draws_what_may_be_shown),
	    cmocka_unit_test(symbols_are_those_of_the_field),
	    cmocka_unit_test(what_is_masked_is_nowhere),
	    cmocka_unit_test(two_cases_are_no_picture),
	    cmocka_unit_test(knots_are_drawn_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

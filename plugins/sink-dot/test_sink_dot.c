/* The same picture as a graph: people are nodes with their form and place, and no name gets out of its label. That
 * Graphviz draws of it what sink-svg draws is shown in tests/flow/test_genogram.sh. */
#include "test_kin.h"

/* Without the legend. */
static struct hub_str graph(struct sink *s, const char *name)
{
	const struct hub_str whole = sink_read(s, name);
	const size_t end = hub_str_find(whole, HUB_STR("// legend"), 0);

	assert_true(end != (size_t)-1);
	return hub_str_cut(whole, 0, end);
}

static void people_are_nodes(void **state)
{
	struct sink s;

	(void)state;
	sink_init(&s);
	sink_open(&s, "a.dot", (const char *const[]){"draw=genogram", NULL});
	fill(&s, 0);
	assert_int_equal(sink_commit(&s), HUB_OK);
	assert_mode_0600(&s, "a.dot");
	const struct hub_str dot = graph(&s, "a.dot");
	static const struct {
		const char *text;
		uint32_t n;
	} has[] = {
	    {"p0 [shape=circle, width=0.4167, height=0.4167, ", 1}, /* she, doubled */
	    {"!\", peripheries=2];", 1},
	    {"p1 [shape=square, width=0.5278, height=0.5278, ", 1},
	    {"!\", style=\"\"];\n\tp1 -- p1 [pos=", 1}, /* he is dead: crossed */
	    {">髙橋　一郎<", 1},
	    {">髙橋 &lt;さくら&gt;<", 1},
	    {">本人 1980年生<", 1},
	    {" -- p3 [style=dashed, pos=", 1}, /* adopted */
	    {"p2 -- p0 [pos=", 2},             /* divorced: the line, the slashes */
	    {"_background=\"", 1},
	};
	for (size_t i = 0; i < HUB_COUNT(has); i++)
		if (times(dot, has[i].text) != has[i].n)
			fail_msg("%s: %u times", has[i].text, times(dot, has[i].text));
	assert_int_equal(times(dot, "[shape=square") + times(dot, "[shape=circle"), 4);
	sink_free(&s);
}

static void what_is_masked_is_nowhere(void **state)
{
	static const char *const hidden[] = {"花子", "一郎", "架空",   "さくら", "1980",
					     "1978", "2003", "年",     "元夫",   "相談先",
					     "ag",   "dead", "step_p", "husb"};
	struct sink s;

	(void)state;
	sink_init(&s);
	sink_open(&s, "a.dot", NULL);
	fill(&s, HUB_MASKED);
	assert_int_equal(sink_commit(&s), HUB_OK);
	const struct hub_str dot = graph(&s, "a.dot");
	for (size_t i = 0; i < HUB_COUNT(hidden); i++)
		if (times(dot, hidden[i]))
			fail_msg("%s is in the graph", hidden[i]);
	assert_true(times(dot, ">本人<") && times(dot, ">夫<") && times(dot, ">元配偶者<"));
	sink_free(&s);
}

/* One person of each name, each alone in a picture: the words in its label. */
static void label(const char *name, const char *want)
{
	struct sink s;

	sink_init(&s);
	sink_open(&s, "a.dot", (const char *const[]){"draw=genogram", NULL});
	sink_fill(&s, "person", 2, (const char *const[]){"key", "name"}, 1,
		  (const char *const[]){"a", name});
	assert_int_equal(sink_write(&s), HUB_OK);
	sink_fill(&s, "case", 2, (const char *const[]){"key", "person"}, 1,
		  (const char *const[]){"k", "a"});
	assert_int_equal(sink_write(&s), HUB_OK);
	assert_int_equal(sink_commit(&s), HUB_OK);
	const struct hub_str dot = graph(&s, "a.dot");
	const size_t at = hub_str_find(dot, HUB_STR("><B>"),
				       hub_str_find(dot, HUB_STR("p0 [xlp"), 0)),
		     end = hub_str_find(dot, HUB_STR("</B></FONT>"), at);
	assert_true(at != (size_t)-1 && end != (size_t)-1);
	assert_str(hub_str_cut(dot, at + 4, end), want);
	sink_free(&s);
}

static void no_name_leaves_its_label(void **state)
{
	static const char *const names[][2] = {
	    {"\"];}", "\"];}"},
	    {"\\N \\G \\\"\\\\", "\\\\N \\\\G \\\\\"\\\\\\\\"},
	    {"<b>&amp;#92;</b>>]", "&lt;b&gt;&amp;amp;#92;&lt;/b&gt;&gt;]"},
	    {"<!-- ", "&lt;!-- "},
	    {"上\r\n下\t右", "上&#160;下&#160;右"},
	    {"\n", "&#160;"},
	    {"\r", "&#160;"},
	    {"\x01\x7f", "\xEF\xBF\xBD\x7f"},
	    {"\xEF\xBF\xBE", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"}, /* a byte each */
	};

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(names); i++)
		label(names[i][0], names[i][1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(people_are_nodes),
	    cmocka_unit_test(what_is_masked_is_nowhere),
	    cmocka_unit_test(no_name_leaves_its_label),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

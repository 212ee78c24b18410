/* A name found once is found wherever it stands in the same text. */
#include "test.h"

#include "base/arena.h"
#include "base/str.h"
#include "plugin/spread.h"

static struct hub_arena *arena;

static int set_up(void **state)
{
	(void)state;
	arena = hub_arena_new(0);
	return arena ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	hub_arena_free(arena);
	return 0;
}

/* example: the text with the one span that was found in [ ], and those that are wanted beside it in < >. */
static void check(const char *example, uint32_t type, uint32_t sure)
{
	struct hub_span found = {.type = type, .confidence = sure, .person = 3}, *out;
	struct hub_span want[8];
	size_t wants = 0, total;
	char *text = hub_arena_cstr(arena, hub_str_of(example)), *w = text;

	for (const char *p = example; *p; p++) {
		if (*p == '[')
			found.start = (uint32_t)(w - text);
		else if (*p == ']')
			found.end = (uint32_t)(w - text);
		else if (*p == '<')
			want[wants].start = (uint32_t)(w - text);
		else if (*p == '>')
			want[wants++].end = (uint32_t)(w - text);
		else
			*w++ = *p;
	}
	const struct hub_doc doc = {.text = {text, (size_t)(w - text)}};
	assert_int_equal(hub_spans_spread(arena, &doc, &found, 1, &out, &total), 0);
	if (total != wants + 1)
		print_message("# %s\n", example);
	assert_int_equal(total, wants + 1);
	for (size_t i = 0; i < wants; i++) {
		assert_int_equal(out[i + 1].start, want[i].start);
		assert_int_equal(out[i + 1].end, want[i].end);
		assert_int_equal(out[i + 1].person, 3);
		assert_true(out[i + 1].confidence < sure);
	}
}

static void test_places(void **state)
{
	static const char *const rows[] = {
	    "担当は[桐谷]さん。<桐谷>に電話し、<桐谷>様宅へ。桐谷町と大桐谷は別。",
	    "長女[ひなた]ちゃん。次女と<ひなた>は元気。ひなたぼっこ。",
	    "[マリア]さん。<マリア>は不在。アヴェマリアとマリアナ。",
	    "[泉]さん。泉に行く。",
	    "[ゆい]さん。ゆいは不在。",
	    "[Maria]と<Maria>。Marian。",
	    NULL};
	(void)state;
	for (const char *const *r = rows; *r; r++)
		check(*r, HUB_SPAN_PERSON, 900);
}

static void test_only_sure_names(void **state)
{
	(void)state;
	check("[桐谷]さん。桐谷に電話。", HUB_SPAN_PERSON, 400);
	check("[桐谷]に住む。桐谷に電話。", HUB_SPAN_ADDRESS, 900);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_places),
	    cmocka_unit_test(test_only_sure_names),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}

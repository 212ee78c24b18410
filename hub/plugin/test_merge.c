/* Overlapping spans become one list: what grows together, what keeps its ends, what is left of a cut. */
#include "test.h"

#include "plugin/merge.h"

#include <stdio.h>

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

/* Spans as "type:start-end" of the result, one behind another. */
static struct hub_str merged(const char *text, struct hub_span *s, size_t n)
{
	const struct hub_doc docs[] = {{.text = hub_str_of(text)}, {.text = hub_str_of(text)}};
	struct hub_span *out;
	struct hub_str show = HUB_STR("");
	size_t kept;

	assert_int_equal(hub_spans_merge(arena, docs, s, n, &out, &kept), 0);
	for (size_t i = 0; i < kept; i++) {
		assert_true(out[i].start < out[i].end);
		if (i && out[i].doc == out[i - 1].doc)
			assert_true(out[i].start >= out[i - 1].end);
		show = hub_arena_printf(arena, "%.*s%s%u:%u-%u", HUB_FMT(show), i ? " " : "",
					out[i].type, out[i].start, out[i].end);
	}
	return show;
}

#define SPAN(t, from, to, sure)                                                               \
	{                                                                                     \
		.type = (t), .start = (from), .end = (to), .confidence = (sure), .person = -1 \
	}

static void test_one_of_two(void **state)
{
	struct hub_span s[] = {SPAN(HUB_SPAN_ADDRESS, 0, 6, 600),
			       SPAN(HUB_SPAN_FACILITY, 3, 9, 800)};
	(void)state;
	assert_str(merged("abcdefghi", s, 2), "7:0-9");
	assert_str(merged("abcdefghi", s, 0), "");
}

/* 中村1-2-3: the town, whoever is called so; a name of the roster, or behind the number, is judged as ever. */
static void test_town_of_an_address(void **state)
{
	struct hub_span town[] = {SPAN(HUB_SPAN_PERSON, 0, 3, 990),
				  SPAN(HUB_SPAN_ADDRESS, 0, 9, 800)};
	struct hub_span doubt[] = {SPAN(HUB_SPAN_PERSON, 0, 3, 990),
				   SPAN(HUB_SPAN_ADDRESS, 0, 9, 600)};
	struct hub_span behind[] = {SPAN(HUB_SPAN_ADDRESS, 0, 9, 800),
				    SPAN(HUB_SPAN_PERSON, 6, 9, 990)};

	(void)state;
	assert_str(merged("abcdefghi", town, 2), "2:0-9");
	assert_str(merged("abcdefghi", doubt, 2), "1:0-9");
	assert_str(merged("abcdefghi", behind, 2), "1:0-9");
}

/* Whose the one span is that a name of the roster and what a detector found make; -1: nobody's. */
static int32_t whose(const char *text, struct hub_span name, struct hub_span found)
{
	const struct hub_doc doc = {.text = hub_str_of(text)};
	struct hub_span s[] = {name, found}, *out;
	size_t kept;

	s[0].person = 7;
	assert_int_equal(hub_spans_merge(arena, &doc, s, 2, &out, &kept), 0);
	assert_int_equal(kept, 1);
	return out[0].person;
}

/* 店員依光氏: of what a guess took for a name, the sure name at its end; not what may be one name, nor a name of the
 * roster, in front of which another's surname may stand. */
static void test_sure_name_ends_a_guess(void **state)
{
	static const struct {
		const char *text, *want;
		struct hub_span guess, name;
	} cases[] = {
	    {"店員依光", "1:6-12", SPAN(HUB_SPAN_PERSON, 0, 12, 800),
	     SPAN(HUB_SPAN_PERSON, 6, 12, 990)},
	    {"店員依光", "1:0-12", SPAN(HUB_SPAN_PERSON, 0, 12, 990),
	     SPAN(HUB_SPAN_PERSON, 6, 12, 990)},
	    {"店員依光", "1:0-12", SPAN(HUB_SPAN_PERSON, 0, 12, 800),
	     SPAN(HUB_SPAN_PERSON, 6, 12, 600)},
	    {"理容松原", "1:0-12", SPAN(HUB_SPAN_FACILITY, 0, 12, 800),
	     SPAN(HUB_SPAN_PERSON, 6, 12, 990)},
	    {"四至本", "1:0-9", SPAN(HUB_SPAN_PERSON, 0, 9, 800), SPAN(HUB_SPAN_PERSON, 6, 9, 990)},
	    {"粟飯原", "1:0-9", SPAN(HUB_SPAN_PERSON, 0, 9, 800), SPAN(HUB_SPAN_PERSON, 3, 9, 990)},
	    {"ティ・ラン", "1:0-15", SPAN(HUB_SPAN_PERSON, 0, 15, 800),
	     SPAN(HUB_SPAN_PERSON, 9, 15, 990)},
	    {"依光店員", "1:0-12", SPAN(HUB_SPAN_PERSON, 0, 12, 800),
	     SPAN(HUB_SPAN_PERSON, 0, 6, 990)},
	};

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(cases); i++) {
		struct hub_span s[] = {cases[i].guess, cases[i].name};
		assert_str(merged(cases[i].text, s, 2), cases[i].want);
	}
	const struct hub_span given = SPAN(HUB_SPAN_PERSON, 6, 12, 950);
	assert_int_equal(whose("佐藤花子", given, cases[0].guess), -1);
}

static void test_roster_wins(void **state)
{
	struct hub_span s[] = {SPAN(HUB_SPAN_ADDRESS, 3, 6, 990), SPAN(HUB_SPAN_PERSON, 3, 9, 700)};
	(void)state;
	s[1].person = 0;
	assert_str(merged("abcdefghi", s, 2), "1:3-9");
}

/* A name of the roster that goes on is somebody else's: who has agreed has not agreed for a brother. */
static void test_name_goes_on(void **state)
{
	const struct hub_span family = SPAN(HUB_SPAN_PERSON, 0, 6, 950);
	const struct hub_span given = SPAN(HUB_SPAN_PERSON, 6, 9, 950);
	const struct hub_span found = SPAN(HUB_SPAN_PERSON, 0, 9, 999);
	(void)state;

	assert_int_equal(whose("門脇浩", family, found), -1);
	assert_int_equal(whose("門脇浩", given, found), -1);
	assert_int_equal(whose("門脇、", family, found), 7);
	assert_int_equal(whose("門脇は", family, found), 7);
	/* the whole name is hers, whatever a detector takes for more of it; of one character nobody knows */
	struct hub_span whole[] = {SPAN(HUB_SPAN_PERSON, 0, 12, 990),
				   SPAN(HUB_SPAN_PERSON, 0, 18, 999)};
	whole[0].person = 7;
	assert_str(merged("富樫奈々来所", whole, 2), "1:0-12 1:12-18");
	struct hub_span one[] = {SPAN(HUB_SPAN_PERSON, 0, 9, 990),
				 SPAN(HUB_SPAN_PERSON, 0, 12, 999)};
	assert_int_equal(whose("早瀬恵子", one[0], one[1]), -1);
	struct hub_span house[] = {SPAN(HUB_SPAN_PERSON, 10, 16, 950),
				   SPAN(HUB_SPAN_ADDRESS, 0, 19, 600)};
	house[0].person = 7;
	assert_str(merged("西町3-3 守屋方", house, 2), "2:0-19");
	assert_int_equal(whose("西町3-3 守屋方", house[0], house[1]), -1);
}

static void test_number_keeps_its_ends(void **state)
{
	struct hub_span s[] = {SPAN(HUB_SPAN_PERSON, 0, 14, 400), SPAN(HUB_SPAN_PHONE, 4, 10, 300)};
	(void)state;
	assert_str(merged("name123456rest", s, 2), "1:0-4 3:4-10 1:10-14");
	struct hub_span signs[] = {SPAN(HUB_SPAN_PERSON, 0, 10, 900),
				   SPAN(HUB_SPAN_PHONE, 2, 8, 300)};
	assert_str(merged("((123456))", signs, 2), "3:2-8");
}

/* What is left behind a cut meets the spans that follow. */
static void test_rest_is_read_again(void **state)
{
	struct hub_span s[] = {SPAN(HUB_SPAN_ADDRESS, 0, 14, 500), SPAN(HUB_SPAN_PHONE, 2, 4, 500),
			       SPAN(HUB_SPAN_EMAIL, 6, 8, 500),
			       SPAN(HUB_SPAN_ADDRESS, 12, 16, 500)};
	(void)state;
	assert_str(merged("abcdefghijklmnop", s, 4), "2:0-2 3:2-4 2:4-6 4:6-8 2:8-16");
}

/* An organisation is not masked: a name inside of it must not become part of one. */
static void test_organisation_yields(void **state)
{
	struct hub_span s[] = {SPAN(HUB_SPAN_ORG, 0, 9, 990), SPAN(HUB_SPAN_PERSON, 3, 6, 60)};
	(void)state;
	assert_str(merged("abcdefghi", s, 2), "8:0-3 1:3-6 8:6-9");
	struct hub_span two[] = {SPAN(HUB_SPAN_PERSON, 0, 6, 60), SPAN(HUB_SPAN_ORG, 0, 9, 990)};
	assert_str(merged("abcdefghi", two, 2), "1:0-6 8:6-9");
}

static void test_documents_apart(void **state)
{
	struct hub_span s[] = {SPAN(HUB_SPAN_PERSON, 0, 6, 60), SPAN(HUB_SPAN_PERSON, 2, 9, 60)};
	(void)state;
	s[0].doc = 1;
	assert_str(merged("abcdefghi", s, 2), "1:2-9 1:0-6");
}

/* Whatever comes in, no character that was covered by a masked type is lost but signs and single kana, and what stands
 * in front of a sure name (there is none here). */
static void test_random(void **state)
{
	uint32_t seed = 7;
	(void)state;

	for (int round = 0; round < 20000; round++) {
		struct hub_span s[12];
		uint8_t before[40] = {0};
		const char *text = "abcdefghijklmnopqrstuvwxyzabcdefghijklmn";
		const struct hub_doc doc = {.text = hub_str_of(text)};
		struct hub_span *out;
		size_t kept;
		for (size_t i = 0; i < HUB_COUNT(s); i++) {
			seed = seed * 1664525u + 1013904223u;
			const uint32_t from = (seed >> 8) % 36, len = 1 + (seed >> 16) % 4;
			s[i] = (struct hub_span)SPAN(1 + (seed >> 24) % 8, from, from + len,
						     (seed >> 4) % 900);
			for (uint32_t k = from; k < from + len && s[i].type != HUB_SPAN_ORG; k++)
				before[k] = 1;
		}
		assert_int_equal(hub_spans_merge(arena, &doc, s, HUB_COUNT(s), &out, &kept), 0);
		for (size_t i = 0; i < kept; i++) {
			assert_true(i == 0 || out[i].start >= out[i - 1].end);
			for (uint32_t k = out[i].start;
			     k < out[i].end && out[i].type != HUB_SPAN_ORG; k++)
				before[k] = 0;
		}
		for (size_t k = 0; k < sizeof before; k++)
			assert_int_equal(before[k], 0);
		hub_arena_reset(arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_one_of_two),
	    cmocka_unit_test(test_town_of_an_address),
	    cmocka_unit_test(test_sure_name_ends_a_guess),
	    cmocka_unit_test(test_roster_wins),
	    cmocka_unit_test(test_name_goes_on),
	    cmocka_unit_test(test_number_keeps_its_ends),
	    cmocka_unit_test(test_rest_is_read_again),
	    cmocka_unit_test(test_organisation_yields),
	    cmocka_unit_test(test_documents_apart),
	    cmocka_unit_test(test_random),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}

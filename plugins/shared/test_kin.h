/* A family for the tests of what draws it. */
#ifndef PLUGINS_SHARED_TEST_KIN_H
#define PLUGINS_SHARED_TEST_KIN_H

#include "test_sink.h"

static const char *const people[] = {"key", "name", "sex", "birth_date", "deceased"};
static const char *const family[] = {"person", "other_person", "relation_code", "relation",
				     "living", "relation_to",  "strength",      "other_agency"};
#define FAMILY(p, o, code) p, o, code, cell_null, cell_null, cell_null, cell_null, cell_null

/* Two married, he is dead; she is divorced from c; d is an adopted daughter of both. */
static inline void fill(struct sink *s, uint8_t shown)
{
	const char *const persons[] = {"a", "髙橋　花子",    "2", "1980-03-04", cell_null,
				       "b", "髙橋　一郎",    "1", "1978-02-02", "1",
				       "c", "架空　健",      "1", "1977",       cell_null,
				       "d", "髙橋 <さくら>", "2", "2003-07-15", cell_null};
	const char *const ties[] = {FAMILY("a", "b", "husband"),
				    "a",
				    "c",
				    "ex_spouse",
				    "元夫",
				    "apart",
				    "2001",
				    cell_null,
				    cell_null,
				    FAMILY("d", "a", "step_parent"),
				    FAMILY("d", "b", "step_parent"),
				    "a",
				    "d",
				    "daughter",
				    "娘",
				    "together",
				    cell_null,
				    "stress",
				    cell_null,
				    "a",
				    cell_null,
				    cell_null,
				    "相談先",
				    cell_null,
				    cell_null,
				    "strong",
				    "ag"};
	const char *const cases[] = {"k", "a"}, *const agencies[] = {"ag", "架空センター & 南"};

	sink_fill(s, "person", 5, people, 4, persons);
	for (uint32_t c = 1; c < 5 && shown; c++)
		for (uint32_t r = 0; r < 4; r++)
			sink_shown(s, c, r, shown);
	assert_int_equal(sink_write(s), HUB_OK);
	sink_fill(s, "relationship", 8, family, 6, ties);
	for (uint32_t r = 0; r < 6 && shown; r++) {
		sink_shown(s, 2, r, HUB_PSEUDONYM);
		for (uint32_t c = 3; c < 7; c++)
			sink_shown(s, c, r, shown);
		sink_shown(s, 7, r, HUB_WITHHELD);
	}
	assert_int_equal(sink_write(s), HUB_OK);
	sink_fill(s, "case", 2, (const char *const[]){"key", "person"}, 1, cases);
	assert_int_equal(sink_write(s), HUB_OK);
	sink_fill(s, "agency", 2, (const char *const[]){"key", "agency_name"}, 1, agencies);
	assert_int_equal(sink_write(s), HUB_OK);
}

static inline uint32_t times(struct hub_str text, const char *word)
{
	uint32_t n = 0;

	for (size_t at = 0; (at = hub_str_find(text, hub_str_of(word), at)) != (size_t)-1; at++)
		n++;
	return n;
}

#endif

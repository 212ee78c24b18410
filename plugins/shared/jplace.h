/* Addresses in running text: municipalities, the numbers of a block, buildings and rooms. Shared by the
 * detect-* plugins. */
#ifndef SHARED_JPLACE_H
#define SHARED_JPLACE_H

#include "jtext.h"

enum { JBLOCK_MAX = 6 };

/* 四丁目8番地6 = 4-8-6 = ４の８の６ */
struct jblock {
	uint32_t value[JBLOCK_MAX];
	uint32_t end_of[JBLOCK_MAX]; /* character behind number k and its unit */
	uint32_t n;
	uint32_t end;
	int units; /* 丁目, 番地, 番 ... was written */
};

/* 1 when a block begins at i: at least one number with a unit, or two with a hyphen between. */
int jblock_read(const struct jtext *t, uint32_t i, struct jblock *out);

/* Prefecture, county, municipality, ward (any of them, in this order) at i: the place behind, i when
 * there is none. *level gets 1 for a prefecture or county only, 2 for a municipality. */
uint32_t jplace_city(const struct jtext *t, uint32_t i, int *level);
/* The same, anywhere in [from, to): the end of the last one, 0 when there is none; *begin gets where
 * it begins. */
uint32_t jplace_city_in(const struct jtext *t, uint32_t from, uint32_t to, uint32_t *begin);

/* End of a building and room that follow an address at i; i when there is none. */
uint32_t jplace_building(const struct jtext *t, uint32_t i);
/* Length of a word for a building (荘 ハイツ マンション ...) at i. */
uint32_t jplace_building_word(const struct jtext *t, uint32_t i);
/* 201号室, 201号, 2階, -201: end, i when there is none. */
uint32_t jplace_room(const struct jtext *t, uint32_t i);

#endif

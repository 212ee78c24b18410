/* The part of an address behind its city, read from left to right: towns, blocks, buildings. */
#ifndef DETECT_PATTERN_PLACE_H
#define DETECT_PATTERN_PLACE_H

#include "jplace.h"
#include "scan.h"

enum { PLACE_RUN_MAX = 12 }; /* characters of a town */

/* A character that names of towns are written with in one run. */
int place_is_char(const struct jtext *t, uint32_t i);
/* 四丁目8番地6 at i, no date or amount; its end, i when there is none. */
uint32_t place_block(const struct jtext *t, uint32_t i, struct jblock *b);
/* 1234 behind a town: no unit, and nothing that it counts. Its end, i when there is none. */
uint32_t place_lone_number(const struct jtext *t, uint32_t i);
/* 3都市, 4都県: areas are counted at i. */
int place_is_counted(const struct jtext *t, uint32_t i);
/* Length of the longest known town at i that ends there; 0 when none does. */
uint32_t place_town(const struct jtext *t, uint32_t i);
/* Building, room and whose house behind a block: the end, i when there is nothing. */
uint32_t place_building(const struct jtext *t, uint32_t i);

/* の、10丁目、えーと、110の、コーポひばりの2階の奥 behind a town or a block: what is said piece by piece, with
 * pauses. The end, i when no number follows. */
uint32_t place_said(const struct jtext *t, uint32_t i);

/* 番地は447の18, 部屋はB棟の203 behind such a word and what joins it: the same at i without a town. */
uint32_t place_told(const struct jtext *t, uint32_t i);

struct place_rest {
	uint32_t end;
	int known, marked, block; /* a town of the table; 町, 字 or a street; numbers */
};

/* All that follows a city at i; end is i when nothing does. */
struct place_rest place_read(const struct jtext *t, uint32_t i);

#endif

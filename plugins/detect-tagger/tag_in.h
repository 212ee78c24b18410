/* The steps from a text to its spans: score.c, tag.c (names by their probability), whole.c (what belongs to them). */
#ifndef TAGGER_TAG_IN_H
#define TAGGER_TAG_IN_H

#include "tag.h"

#include <uchar.h>

enum { TAG_OF = 0x306e /* の */, TAG_DOT = 0x30fb };

/* Are characters of these types of one word, in katakana or in Latin letters? */
static inline int are_of_word(uint8_t a, uint8_t b)
{
	return seq_is_latin(a) ? seq_is_latin(b) : a == SEQ_KATA && b == SEQ_KATA;
}

/* Is the character one of the list? */
static inline int tag_is_one_of(const char16_t *list, uint32_t c)
{
	while (*list && *list != c)
		list++;
	return *list != 0;
}

/* Fills t->crf for the words and signs of t->seq. */
void tag_score(struct tag *t);

/* Length of what is no name at the end of [from, to): an honorific, a title, a particle. Kana behind the
 * same kana may be the end of a name (セバスチャン, わっか), and so may be what another name follows. */
uint32_t tag_tail_of(const struct tag *t, uint32_t from, uint32_t to);
/* The highest probability of any name in [from, to). */
float tag_most_of(const struct tag *t, uint32_t from, uint32_t to);

/* What belongs to names that were found, or is told by standing beside one: the rest of a word, the other words of a
 * name, other names of a list; and facilities by the end of their names. */
void tag_find_whole(struct tag *t);

#endif

/* The steps from a text to its spans: score.c, tag.c (names by their probability: tag_doubt.c how much is enough,
 * tag_pare.c where they end, tag_type.c what they are), whole.c (what belongs to them). */
#ifndef TAGGER_TAG_IN_H
#define TAGGER_TAG_IN_H

#include "tag.h"

#include <uchar.h>

/* Types in the order of the labels. */
enum { PERSON, LOCATION, FACILITY, ORG };

/* Less than this part of the threshold is enough for nothing. */
#define TAG_LEAST_OF_ALL 0.3f
/* All but sure: more than this is asked of no word for being in a dictionary, whatever the threshold. */
#define TAG_SURE 0.9f

enum { TAG_LATIN_LEAST = 4 }; /* shorter ones in Latin letters are abbreviations */

enum { TAG_OF = 0x306e /* の */, TAG_DOT = 0x30fb };

/* Are characters of these types of one word, in katakana or in Latin letters? */
static inline int are_of_word(uint8_t a, uint8_t b)
{
	return seq_is_latin(a) ? seq_is_latin(b) : a == SEQ_KATA && b == SEQ_KATA;
}

/* (株) at c */
static inline int tag_is_stock(const uint32_t *c)
{
	return c[0] == '(' && c[1] == 0x682a && c[2] == ')';
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
/* Is it likely enough that the character belongs to any name? */
int tag_is_likely(const struct tag *t, uint32_t i);
/* A facility rather than a person, by what is likely of all characters. */
int tag_likes_facility(const struct tag *t, uint32_t from, uint32_t to);
/* Leaves out what is no name at the ends; *from == *to when nothing is left. */
void tag_pare(const struct tag *t, uint32_t *from, uint32_t *to);
/* The type of characters [from, to), an enum hub_span_type: the likeliest; 0: it stays readable. An organisation is not
 * masked by default: it is one only when the doubt that it is something else is small. */
uint32_t tag_type_of(const struct tag *t, uint32_t from, uint32_t to);
/* The highest probability of any name in [from, to). */
float tag_most_of(const struct tag *t, uint32_t from, uint32_t to);

/* What belongs to names that were found, or is told by standing beside one: the rest of a word, the other words of a
 * name, other names of a list; and facilities by the end of their names. */
void tag_find_whole(struct tag *t);

#endif

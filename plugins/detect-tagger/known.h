/* Words and names of large dictionaries (EDICT, ENAMDICT), of which the model keeps fingerprints: 16 bits for each of
 * half a million, found by one look; and the English words by which EDICT explains them, in small letters. Twelve bits tell a word from others, so one in some hundred unknown words
 * of a place is taken for a known one. */
#ifndef TAGGER_KNOWN_H
#define TAGGER_KNOWN_H

#include "seq.h"

enum known_list { /* bits; order is part of the model */
		  KNOWN_WORD = 1,
		  KNOWN_NAME = 2,   /* kanji: a surname; kana: a name of any kind */
		  KNOWN_GIVEN = 4,  /* kanji */
		  KNOWN_COMMON = 4, /* katakana: a word in everybody's mouth */
		  KNOWN_MORE = 8,   /* kanji: a person by the whole name; katakana: a place */
		  KNOWN_LISTS = 4
};

enum {
	KNOWN_SHORTEST = 2,
	KNOWN_LONGEST = 10, /* katakana */
	KNOWN_KANJI = 5,    /* the longest of kanji, of hiragana */
	KNOWN_HIRA = 6,
	KNOWN_PIECE = 3,
	KNOWN_LATIN = 3
};

static inline uint32_t known_longest(enum seq_type type)
{
	return type == SEQ_KANJI ? KNOWN_KANJI : type == SEQ_HIRA ? KNOWN_HIRA : KNOWN_LONGEST;
}

/* s->known[i]: lists of which the longest word begins at the character, times KNOWN_INSIDE: goes on there, times
 * KNOWN_WHOLE: is the whole run of characters of one type; a word in Latin letters always is. KNOWN_MADE: of a run of
 * katakana that is no word, but several: ライトレール. KNOWN_USUAL: of one that is in KNOWN_COMMON, which no other bit tells. */
enum {
	KNOWN_INSIDE = 16,
	KNOWN_WHOLE = 256,
	KNOWN_MADE = 4096,
	KNOWN_USUAL = 8192,
	KNOWN_WIDTH = 14
};

/* The lists that have the whole run that i is in, if i is its first character. */
static inline uint32_t known_whole(const struct seq *s, uint32_t i)
{
	return s->known[i] / KNOWN_WHOLE % (KNOWN_MADE / KNOWN_WHOLE);
}

struct known {
	const uint16_t *slot; /* fingerprint, and the lists in the lower four bits; 0: free */
	uint32_t slots;
};

enum { KNOWN_MARK = 0xfff0 };

/* A hash that grows character by character, from 0 on; known_end() of it is what is looked for. */
static inline uint64_t known_add(uint64_t h, uint32_t c)
{
	h = (h ^ c) * 0x9e3779b97f4a7c15u;
	return h ^ h >> 29;
}
static inline uint64_t known_end(uint64_t h)
{
	h *= 0xbf58476d1ce4e5b9u;
	return h ^ h >> 32;
}
static inline uint32_t known_place(uint64_t h, uint32_t slots)
{
	return (uint32_t)((h >> 32) * slots >> 32);
}

/* hide: as lexicon_new(), of the names. */
void known_mark(const struct known *k, struct seq *s, uint32_t hide);

#endif

/* A stretch of a text as the model sees it: at most SEQ_MAX characters of one line or of a few
 * sentences, with what is known of each. Filled in steps: seq_next() cuts the text, words_mark()
 * adds the dictionary's words, lexicon_mark() and known_mark() what stands in lists. The trainer and the
 * detector use the same code, so that a model meets the features it was trained with. */
#ifndef TAGGER_SEQ_H
#define TAGGER_SEQ_H

#include <hub/plugin.h>

enum {
	SEQ_MAX = 256,
	SEQ_PAD = 4, /* characters that may be read in front of the first and behind the last */
};

enum seq_type {
	SEQ_EDGE = 0, /* outside of the stretch */
	SEQ_KANJI,
	SEQ_HIRA,
	SEQ_KATA,
	SEQ_DIGIT,
	SEQ_UPPER,
	SEQ_LOWER,
	SEQ_MARK, /* punctuation and all else */
	SEQ_SPACE,
};

static inline int seq_is_latin(uint8_t type)
{
	return type == SEQ_UPPER || type == SEQ_LOWER;
}

struct seq_word {
	uint16_t from, to; /* characters */
	uint8_t tag;   /* the dictionary's part of speech; 128 more for a word it does not have */
	uint32_t hash; /* of the spelling */
};

struct seq {
	uint32_t n;
	/* index i + SEQ_PAD is character i */
	uint32_t cp[SEQ_MAX + 2 * SEQ_PAD];
	uint8_t type[SEQ_MAX + 2 * SEQ_PAD];
	uint32_t off[SEQ_MAX], end[SEQ_MAX]; /* bytes of norm: of the character, behind it */
	uint8_t broken[SEQ_MAX];             /* a line end stood right before the character */
	/* the characters as the dictionary reads them: folded variants, no line ends */
	char text[SEQ_MAX * 4 + 1];
	uint16_t byte[SEQ_MAX + 1];
	/* words_mark() */
	uint32_t words;
	struct seq_word word[SEQ_MAX];
	uint16_t word_of[SEQ_MAX];
	uint8_t entry[SEQ_MAX]; /* bits of words.h */
	uint8_t name[SEQ_MAX], given[SEQ_MAX], place[SEQ_MAX],
	    cut[SEQ_MAX]; /* margins of words.h */
	/* lexicon_mark(): codes of lexicon.h */
	uint8_t surname[SEQ_MAX], kana[SEQ_MAX], behind[SEQ_MAX], before[SEQ_MAX];
	/* known_mark(): bits of known.h */
	uint16_t known[SEQ_MAX];
};

/* Reads the next stretch of norm from *at and moves *at behind it. 0 when the text is at its end. */
int seq_next(struct seq *s, struct hub_str norm, size_t *at);

#endif

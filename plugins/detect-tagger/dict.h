/* MeCab's compiled dictionary, read in place: sys.dic, unk.dic, matrix.bin and char.bin as
 * mecab-dict-index writes them (version 102). The files are mapped, so that all instances and processes
 * share one copy. Only IPADIC in UTF-8 is taken: its numbers of parts of speech are what the model was
 * trained with. */
#ifndef TAGGER_DICT_H
#define TAGGER_DICT_H

#include "hash.h"

#include <hub/plugin.h>

/* A way to read a spelling. */
struct dict_token {
	uint16_t left,
	    right;    /* what it is to the words before and behind it: indices of the matrix */
	uint16_t tag; /* part of speech, pos-id.def */
	int16_t cost;
	uint32_t feature, compound; /* not used here */
};

/* A double array: from state s the byte b leads to the base of unit s + b + 1, if that has s to check. */
struct dict_unit {
	int32_t base;
	uint32_t check;
};

struct dict_lexicon {
	const struct dict_unit *unit;
	uint32_t units, tokens;
	const struct dict_token *token;
};

/* What char.bin says of a character: 18 bits, the classes it belongs to; 8, the class whose unknown words
 * it may begin; 4, how long those may be; may a run of the class be one; also where words are known. */
enum {
	DICT_KINDS = 0x3ffff,
	DICT_MAIN_SHIFT = 18,
	DICT_LENGTH_SHIFT = 26,
	DICT_GROUP_SHIFT = 30,
	DICT_ALWAYS_SHIFT = 31,
	DICT_CLASSES = 18,
	DICT_FIRST = 0x10000,
	DICT_CHARS = 0xffff,
	DICT_PAIRS = 1 << 16,
	DICT_LONGEST_RUN = 24, /* of an unknown word, as MeCab has it */
};

struct dict_map {
	const void *at;
	size_t len;
};

struct dict {
	struct dict_map map[4];
	struct dict_lexicon words, unknown;
	uint32_t rights, lefts;
	const int16_t *matrix;   /* [left of the word behind][right of the word before] */
	const uint32_t *classes; /* per character up to 0xfffe */
	struct {
		const struct dict_token *token;
		uint32_t n;
	} unknown_of[DICT_CLASSES]; /* by class */
	uint32_t *first;        /* per character: its state in words plus 1; 0: not looked up yet */
	struct dict_pair *pair; /* DICT_PAIRS: what was looked up last at a place */
};

/* Two characters and the state behind them. */
struct dict_pair {
	uint32_t key, state;
};

/* folder empty: where Debian and mecabrc have it. HUB_RETRY when there is none. */
int dict_open(struct hub_ctx *ctx, const struct hub_host *host, struct hub_str folder,
	      struct dict *d, struct hub_err *err);
void dict_close(struct dict *d);

/* State behind n more bytes; 0: no word begins so. */
static inline uint32_t dict_walk(const struct dict_lexicon *x, uint32_t state, const char *bytes,
				 uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		const uint32_t next = state + (unsigned char)bytes[i] + 1;
		if (next >= x->units || x->unit[next].check != state)
			return 0;
		state = (uint32_t)x->unit[next].base;
	}
	return state;
}

/* The same for the first character of a word, c, which is written in n bytes. */
uint32_t dict_first(struct dict *d, uint32_t c, const char *bytes, uint32_t n);

/* The same for the second one, from the state of the first. */
static inline uint32_t dict_second(struct dict *d, uint32_t state, uint32_t first, uint32_t c,
				   const char *bytes, uint32_t n)
{
	const uint32_t key = first << 16 | c;
	struct dict_pair *p = &d->pair[hash_mix(0, key) % DICT_PAIRS];

	if (first >= DICT_FIRST || c >= DICT_FIRST)
		return dict_walk(&d->words, state, bytes, n);
	if (p->key != key)
		*p = (struct dict_pair){key, dict_walk(&d->words, state, bytes, n)};
	return p->state;
}

/* The tokens of the word that ends in state; NULL when none does. */
static inline const struct dict_token *dict_tokens(const struct dict_lexicon *x, uint32_t state,
						   uint32_t *n)
{
	*n = 0;
	if (!state || state >= x->units || x->unit[state].check != state ||
	    x->unit[state].base >= 0)
		return NULL;
	const uint32_t value = (uint32_t)(-(x->unit[state].base + 1)), at = value >> 8;
	if (at > x->tokens || (value & 255) > x->tokens - at)
		return NULL;
	*n = value & 255;
	return x->token + at;
}

static inline uint32_t dict_class(const struct dict *d, uint32_t c)
{
	return d->classes[c < DICT_CHARS ? c : 0];
}

/* Parts of speech of IPADIC (pos-id.def) that others than the model ask for. */
enum {
	DICT_PARTICLE_FIRST = 13,
	DICT_PARTICLE_OF = 24,
	DICT_PARTICLE_LAST = 25, /* auxiliary verbs */
	DICT_VERB_FIRST = 31,
	DICT_VERB_LAST = 33,
	DICT_NOUN_VERBAL = 36,
	DICT_NOUN = 38,
	DICT_NOUN_ADJECTIVE = 40,
	DICT_PROPER = 41,
	DICT_PERSON = 42,
	DICT_SURNAME = 43,
	DICT_GIVEN = 44,
	DICT_ORGANIZATION = 45,
	DICT_PLACE = 46,
	DICT_COUNTRY = 47,
	DICT_SUFFIX = 51,
	DICT_PRONOUN = 59,
	DICT_PRONOUN_LAST = 60,
};

#endif

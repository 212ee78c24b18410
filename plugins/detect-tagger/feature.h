/* What stands in a stretch, as the model sees it. A sign is a value of some kind: a character, two
 * neighbouring words, the tag and length of a word. The model knows rows of weights for a sign, one for
 * each place (slot) it speaks for: the characters around it, the first or last character of its word and
 * of the words beside it. A row is added to a cell, and a character's score is the sum of its cells: its
 * own, that of its place in its word, those of its place in its run. So a sign is looked up once, not
 * once per character. */
#ifndef TAGGER_FEATURE_H
#define TAGGER_FEATURE_H

#include "seq.h"

enum { /* BIO; order is part of the model */
       LABEL_O = 0,
       LABEL_PERSON, /* B, then I */
       LABEL_LOCATION = 3,
       LABEL_FACILITY = 5,
       LABEL_ORG = 7,
       LABELS = 9,
       WEIGHTS = LABELS - 1 /* O weighs nothing: the others are weighed against it */
};

/* Kinds of signs; order is part of the model. */
enum sign_kind {
	/* of characters */
	SIGN_CHAR,
	SIGN_CHAR2,
	SIGN_CHAR3,
	SIGN_AROUND,
	SIGN_TYPE3,
	SIGN_TYPE5,
	/* of runs of characters of one type */
	SIGN_RUN,
	SIGN_RUN_BEFORE,
	SIGN_RUN_BEHIND,
	SIGN_RUN_TYPES,
	SIGN_RUN_BETWEEN,
	/* of words */
	SIGN_WORD,
	SIGN_WORD2,
	SIGN_TAG_LEN,
	SIGN_TAG2,
	SIGN_TAG3,
	SIGN_TAG_WORD,
	SIGN_WORD_TAG,
	SIGN_TAG2_WORD,
	/* of lists, where they have something to say */
	SIGN_SURNAME,
	SIGN_KANA,
	SIGN_NAME_BEHIND,
	SIGN_NAME_BEFORE,
	SIGN_BEHIND,
	SIGN_BEFORE,
	SIGN_BEHIND_TAG,
	SIGN_BEFORE_TAG,
	SIGN_BOTH,
	SIGN_ENTRY_ALONE,
	SIGN_ENTRY,
	SIGN_ENTRY_NEXT,
	SIGN_ENTRY_BEHIND,
	SIGN_ENTRY_BEFORE,
	SIGN_BROKEN,
	SIGN_KNOWN,
	SIGN_KNOWN_LAST,
	SIGN_KNOWN_NEXT,
	SIGN_KNOWN_ENTRY,
	SIGN_KNOWN_TAG,
	/* of other readings */
	SIGN_NAME,
	SIGN_NAME_LAST,
	SIGN_NAME_NEXT,
	SIGN_NAME_TAG,
	SIGN_NAME_KNOWN,
	SIGN_PLACE,
	SIGN_PLACE_LAST,
	SIGN_PLACE_NEXT,
	SIGN_PLACE_TAG,
	SIGN_PLACE_NAME,
	SIGN_CUT,
	SIGN_CUT_NAME,
	SIGN_GIVEN,
	SIGN_KINDS
};

enum { SLOTS_MOST = 14, SIGNS_MOST = SEQ_MAX * 53 };

struct sign {
	uint32_t hash; /* of kind and value */
	uint16_t cell; /* the cells of its slots are counted from here */
	uint8_t kind;
};

enum {
	CELLS_WORD = 5, /* the only, first, inner, last character; all of them */
	CELLS_RUN = 13, /* the first to the eighth and later; not the first, the first; not the
			 * last, the last; all */
	CELL_CHAR = SEQ_PAD,
	CELL_WORD = CELL_CHAR + SEQ_MAX + SEQ_PAD + 2 * CELLS_WORD,
	CELL_RUN = CELL_WORD + (SEQ_MAX + 2) * CELLS_WORD,
	CELLS = CELL_RUN + SEQ_MAX * CELLS_RUN,
	CELLS_OF_CHAR = 7,
};

struct signs {
	struct sign sign[SIGNS_MOST];
	uint32_t n;
	uint16_t cell[SEQ_MAX][CELLS_OF_CHAR]; /* of each character of the stretch */
	uint32_t runs;
};

/* Fills in all signs of a stretch. */
void feature_signs(const struct seq *s, struct signs *out);

/* From a sign's cell to that of a slot. */
extern const int8_t feature_cell[SIGN_KINDS][SLOTS_MOST];
/* How many slots a kind has, and all kinds together. */
extern const uint8_t feature_slots[SIGN_KINDS];
enum { FEATURE_SLOTS = 173 };

#endif

/* Short texts and what was found in them: records say "変わりなし" and its like over and over. */
#ifndef TAGGER_MEMO_H
#define TAGGER_MEMO_H

#include "tag.h"

enum { MEMO_TEXTS = 512, MEMO_LONGEST = 240, MEMO_SPANS = 6 };

/* One place for each hash: a later text takes the place of an earlier one. About 180 KB. */
struct memo {
	struct memo_text {
		uint16_t len, spans; /* len 0: nobody's */
		char text[MEMO_LONGEST];
		struct tag_span span[MEMO_SPANS];
	} text[MEMO_TEXTS];
	struct memo_text *open; /* being filled; NULL: none */
};

/* What is known of a text, or NULL; then spans that memo_add() gets are kept for it. */
const struct memo_text *memo_find(struct memo *m, struct hub_str norm);
void memo_add(struct memo *m, const struct tag_span *s);
/* The text was not read to its end: nothing is known of it. */
void memo_drop(struct memo *m);

#endif

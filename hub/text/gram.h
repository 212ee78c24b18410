/* Text as it is searched: folded, and cut into grams. Japanese has no blanks, and most words that matter
 * have two characters (虐待, 介護): runs of kanji and kana become pairs of neighbours, runs of other letters and
 * digits whole words. A pair never reaches over a sign or a gap, so that two pairs that overlap prove
 * the characters between them.
 * Pure functions, any thread. */
#ifndef HUB_TEXT_GRAM_H
#define HUB_TEXT_GRAM_H

#include "base/arena.h"
#include "base/str.h"

/* Stands where something was cut out of a text; no question has it. */
#define HUB_GRAM_GAP 0xfdd0
#define HUB_GRAM_CUT "\xef\xb7\x90"

/* Width and case folded, hiragana as katakana, variant kanji as the usual one, invisible characters out; what
 * is neither letter nor digit becomes one space between what is, or a gap when there is one in it. Nothing else
 * is in the result. at, if not NULL: as in hub_fold_width. In the arena; .ptr NULL when it is full. */
struct hub_str hub_gram_fold(struct hub_arena *a, struct hub_str text, const uint32_t **at);

enum hub_gram_kind {
	HUB_GRAM_PAIR = 1, /* two characters of a run */
	HUB_GRAM_LAST,     /* the last character of a run, or its only one */
	HUB_GRAM_WORD,     /* a whole word of other letters, or a number */
	HUB_GRAM_SPACE, /* a space with a word on one of its sides, so that they are no neighbours */
	HUB_GRAM_HOLE,  /* a gap */
};
struct hub_gram {
	enum hub_gram_kind kind;
	struct hub_str text; /* SPACE, HOLE: the character itself */
};
struct hub_gram_walk {
	struct hub_str text; /* folded */
	size_t at;
	uint32_t before; /* kind of the last character taken */
};

/* The next gram; each stands at the place behind the one before. 0 at the end. */
int hub_gram_next(struct hub_gram_walk *w, struct hub_gram *out);

/* A question as text (folded) of what must stand side by side: its end is open when it ends in a single character
 * that may begin a pair (then whatever begins with it fits). */
int hub_gram_is_open(struct hub_str folded);
/* Offset of needle in text (both folded) at or after `from`, words whole; (size_t)-1 when there is none. Finds
 * exactly what an index of grams finds. */
size_t hub_gram_find(struct hub_str text, struct hub_str needle, size_t from);

#endif

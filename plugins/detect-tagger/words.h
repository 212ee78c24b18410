/* The words of a stretch of text and their parts of speech: those that MeCab finds with the dictionary
 * IPADIC, by the same costs, read from its files. A struct words belongs to one thread. */
#ifndef TAGGER_WORDS_H
#define TAGGER_WORDS_H

#include "seq.h"

struct words;

/* dictionary: folder of a UTF-8 IPADIC; empty: where Debian and mecabrc have it. HUB_RETRY when there is
 * none. *out is in memory of the instance. */
int words_open(struct hub_ctx *ctx, const struct hub_host *host, struct hub_str dictionary,
	       struct words **out, struct hub_err *err);
void words_close(struct words *w);
/* hide: as lexicon_new(), of the dictionary's names; 0 for the detector. */
void words_mark(struct words *w, struct seq *s, uint32_t hide);

/* s->entry[i]: the longest surname, given name, place and common noun of the dictionary, of two or more
 * characters or of a kanji between others than kanji, that begins or goes on at the character, whatever words
 * the sentence is cut into. */
enum {
	ENTRY_SURNAME = 1,
	ENTRY_GIVEN = 4,
	ENTRY_PLACE = 16,
	ENTRY_NOUN = 64,
	ENTRY_INSIDE = 2 /* times */
};

enum { TAG_UNKNOWN = 128 };

/* How near the dictionary comes to other readings of a character: 0, not near; up to MARGIN_MOST, the nearer the more.
 * s->name[i]: a name of a person covers it, times two, plus one when a name may begin with it; s->place[i]: a place, an
 * organisation or another proper name does; s->cut[i]: a word begins there. s->given[i]: is there a given name? */
enum { MARGIN_MOST = 11 };
enum { GIVEN_DEARER = 1 /* than a surname or a name of no kind */, GIVEN_CHEAPEST };

#endif

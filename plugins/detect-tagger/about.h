/* What looks like a name and is none for what it says: words of this work, illnesses and medicines, what forms put
 * behind a name. */
#ifndef TAGGER_ABOUT_H
#define TAGGER_ABOUT_H

#include "tag.h"

/* How surely character i is of such a word, and not of somebody's name. NOUN: one in katakana. PART: an abbreviation, or
 * what says when. */
enum about { ABOUT_NAME, ABOUT_NOUN, ABOUT_PART, ABOUT_THING, ABOUT_WORK };

/* Fills in t->begins; before all else. */
void about_init(struct tag *t);
enum about about(const struct tag *t, uint32_t i);
/* Does [from, to) end like no name, or, when it is not sure to be one, has it a kanji that none has? */
int about_unnamed(const struct seq *s, uint32_t from, uint32_t to, int sure);
/* Notes it in t->about, once for a run of katakana, where a name is as likely as this. */
void about_mark(struct tag *t, float least);

#endif

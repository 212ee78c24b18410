/* What stands in our own lists: surnames and readings of names (plugins/shared/jname_table.h), and the
 * words around names: honorifics, titles, words of relation, labels. Read-only after lexicon_new(). */
#ifndef TAGGER_LEXICON_H
#define TAGGER_LEXICON_H

#include "seq.h"

/* s->surname[i]: 0, or where the character stands in the longest surname that covers it. */
enum { NAME_BEGIN = 1 /* + characters */, NAME_INSIDE = 15, NAME_AMBIGUOUS = 16 };

/* s->kana[i]: 0, or a reading that begins here (KANA_BEGIN bits + characters), or inside of one. */
enum { KANA_SURNAME = 16, KANA_GIVEN = 32, KANA_INSIDE = 15 };

/* s->behind[i]: distance to the next word that follows names (1..NEAR_MOST), times 16, plus its class;
 * s->before[i] the same for what precedes names, with the distance from its end. 0: none near. */
enum { NEAR_MOST = 8 };

struct lexicon;

/* hide: entries per 1000 that are taken for unknown (the trainer, so that the model does not rely on
 * lists that can never be whole); 0 for the detector. NULL when out of memory. */
struct lexicon *lexicon_new(struct hub_ctx *ctx, const struct hub_host *host, uint32_t hide);
/* words_mark() is not needed before. */
void lexicon_mark(const struct lexicon *x, struct seq *s);
/* Are characters [from, to) a word of relation (母, 長男) or a title (保健師, 主任), or a part of a title, or an institution that every town has (児相)? Nobody's name. */
int lexicon_is_role(const struct lexicon *x, const struct seq *s, uint32_t from, uint32_t to);
/* Length of the honorific or title that [from, to) ends with, behind something else; 0: none. */
uint32_t lexicon_honorific(const struct lexicon *x, const struct seq *s, uint32_t from,
			   uint32_t to);
/* Are they a word of relation in katakana, as old systems write it: チョウナン? */
int lexicon_is_kin(const struct lexicon *x, const struct seq *s, uint32_t from, uint32_t to);
/* How much of [from, to) at its end is a word for what somebody did, or for those around: 三沢来所, スレスタ姉|弟. */
uint32_t lexicon_act(const struct lexicon *x, const struct seq *s, uint32_t from, uint32_t to);
/* How much of a title of two characters and more [from, to) ends with: 清水ヘル|パー; 0: none. *end: where the title ends,
 * or to. */
uint32_t lexicon_title(const struct lexicon *x, const struct seq *s, uint32_t from, uint32_t to,
		       uint32_t *end);
/* Does a word for what a number counts stand at `from`? ミリ, kg */
int lexicon_measures(const struct lexicon *x, const struct seq *s, uint32_t from);
/* Length of the honorific that stands at `from`; 0: none. */
uint32_t lexicon_called(const struct lexicon *x, const struct seq *s, uint32_t from);
/* How near in front of character i a word of relation or a label for people ends: 1 at once (妻|マック), 2 with a character
 * between (娘の|セリア, 氏名:); 0: farther. */
uint32_t lexicon_told(const struct seq *s, uint32_t i);
/* Does it say that it is a building, a school, a home? */
int lexicon_is_building(const struct lexicon *x, const struct seq *s, uint32_t from, uint32_t to);

#endif

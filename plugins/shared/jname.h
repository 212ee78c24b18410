/* What the detectors know of Japanese names and of the words around them. Shared by the detect-*
 * plugins. The tables are facts of public collections (gen_jname.py). */
#ifndef SHARED_JNAME_H
#define SHARED_JNAME_H

#include "jtext.h"

enum {
	JN_SURNAME = 1,
	JN_WORD = 2, /* a surname that is also a place or a word, and every one of one character */
	JN_GIVEN = 4,
};

/* Spelling in kanji, variants folded: JN_SURNAME | JN_WORD or 0. */
unsigned jname_surname(const uint32_t *c, uint32_t n);
/* Longest surname that c[0..n) begins with; 0 if none. */
uint32_t jname_surname_prefix(const uint32_t *c, uint32_t n);
/* How much kanji look like a given name, by the places where each stands in known ones: 0 (no) to 15. */
uint32_t jname_given(const uint32_t *c, uint32_t n);
/* The same for a surname that is not in the list. */
uint32_t jname_family(const uint32_t *c, uint32_t n);
/* Reading in one of the kana: JN_SURNAME, JN_GIVEN, both or 0. */
unsigned jname_reading(const uint32_t *c, uint32_t n);

/* 髙 -> 高, 邊 -> 辺 and the other variants that names are known for; kana as they are. */
uint32_t jname_fold(uint32_t c);

/* Words right behind a name; each returns its length in characters, 0 if none stands there. */
uint32_t jname_honorific(const struct jtext *t, uint32_t i); /* さん 様 氏 先生 ... */
uint32_t jname_title(const struct jtext *t, uint32_t i);     /* 係長 相談員 医師 ... */
uint32_t jname_group(const struct jtext *t, uint32_t i);     /* 宅 夫妻 きょうだい ... */
/* Words right before i that may stand before a name without anything between: 長男 担当 本日 ...;
 * and the same at i. */
uint32_t jname_before(const struct jtext *t, uint32_t i);
/* Words for a person seen from the client, at i and before i: 母 長男 叔父 ... */
uint32_t jname_relation(const struct jtext *t, uint32_t i);
uint32_t jname_relation_before(const struct jtext *t, uint32_t i);
uint32_t jname_before_at(const struct jtext *t, uint32_t i);
/* Characters of a word at i that says there is no name: 不明 匿名 同上. 0: none. */
uint32_t jname_nobody(const struct jtext *t, uint32_t i);
/* A word for people ends right before i: 相談者 利用者 お母 みな; what is called so has no name here. */
uint32_t jname_common(const struct jtext *t, uint32_t i);
/* Does a word of its own end right before i that only looks like somebody with an honorific: 宮殿, さかさま, not やさかさま? */
int jname_called_word(const struct jtext *t, uint32_t i);
/* は が の and the like. */
int jname_is_particle(uint32_t c);
/* Kanji, and the kana and marks that stand inside of names between kanji: ヶ ケ ノ ツ 々. */
int jname_is_kanji(const struct jtext *t, uint32_t i);

#endif

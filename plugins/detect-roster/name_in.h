/* What the files that look for names share. Internal to detect-roster. */
#ifndef DETECT_ROSTER_NAME_IN_H
#define DETECT_ROSTER_NAME_IN_H

#include "roster.h"

/* What a name may stand beside. */
enum side {
	CUT,   /* it is the inside of a word */
	RUN,   /* kanji beside kanji: may be a name in terse notes */
	EDGE,  /* something else begins there */
	NAMED, /* a word that shows that a person was named */
};

/* Characters of the sequence as characters of the text. */
struct place {
	uint32_t i, n; /* of the sequence */
	uint32_t from, to;
};

/* name_side.c: of a name that begins at `from`, ends before `to`. */
enum side side_left(const struct jtext *t, uint32_t from);
enum side side_right(const struct jtext *t, uint32_t to);
/* A label or a relation stands before, with what may stand between: 長男の誠, 担当：森, 母（和）, 名字は一. */
int side_is_labelled(const struct jtext *t, uint32_t from);
/* Hiragana that goes on behind a name: particles, copula, plural. */
int side_goes_on(const struct jtext *t, uint32_t i);
/* ちゃん, っち; 姉 behind はな, which is no word of the family */
int side_is_familiar(const struct jtext *t, uint32_t i);
/* 空3歳, 夏小2, 凪年少 */
int side_is_aged(const struct jtext *t, uint32_t i);

/* How sure a part of a name is one; 0: it is none. name_char.c: one character, the others in name_part.c.
 * *person becomes -1 when somebody else is meant. */
uint32_t sure_of_char(const struct jtext *t, const struct place *p, int family);
uint32_t sure_of_part(const struct reading *x, const struct place *p, int family, int32_t *person);

#endif

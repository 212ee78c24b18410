/* The name that ends at a place of a text, as far as tables of names tell it. */
#ifndef DETECT_PATTERN_NAME_H
#define DETECT_PATTERN_NAME_H

#include "scan.h"

enum { NAME_MAX_KANJI = 8 };

/* What some kanji are in a name; SURNAME_WORD is an ordinary word or place as well. */
enum name_form { NO_NAME = 0, SURNAME, SURNAME_WORD, GIVEN_NAME, FULL_NAME };

struct name {
	uint32_t from, given, confidence; /* confidence 0: none; given 0: unknown */
};

/* *given gets the place where the given name begins. */
enum name_form name_form_of(const struct jtext *t, uint32_t from, uint32_t to, uint32_t *given);
/* The name that ends right before i. certain: only what the tables know; familiar: children and friends, of whom
 * a few kana will do. */
struct name name_before(const struct jtext *t, uint32_t i, int certain, int familiar);
/* Takes a surname in front of a given name, with a space or without: 大浦 誠, 大浦マキ. */
void name_take_surname(const struct jtext *t, struct name *n);

#endif

/* What the table of words and the program that makes it (gen_jwords.c) must agree on. */
#ifndef SHARED_JWORDS_IN_H
#define SHARED_JWORDS_IN_H

#include "jwords.h"

enum {
	JW_WORD_MAX = 24, /* characters */
};

/* A word of two characters and more; shorter ones are in jwords_chars. */
struct jword {
	uint16_t sym; /* where its characters begin in jw_syms */
	uint16_t len;
	struct jwords_set lists;
};

#endif

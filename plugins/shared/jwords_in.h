/* What the table of words and the program that makes it (gen_jwords.c) must agree on. */
#ifndef SHARED_JWORDS_IN_H
#define SHARED_JWORDS_IN_H

#include "jwords.h"

enum {
	JW_BUCKETS = 1 << 14, /* by the first two characters, and by the last two */
	JW_WORD_MAX = 24,     /* characters */
};

/* A word of two characters and more; shorter ones are in jwords_chars. */
struct jword {
	uint16_t sym; /* where its characters begin in jw_syms */
	uint16_t len;
	struct jwords_set lists;
};

static inline uint32_t jwords_bucket(uint32_t a, uint32_t b)
{
	const uint32_t h = a * 0x9e3779b1u ^ b * 0x85ebca6bu;

	return (h ^ h >> 15) & (JW_BUCKETS - 1);
}

#endif

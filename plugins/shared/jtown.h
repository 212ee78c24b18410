/* Names of towns (町名, 大字) of the whole country, without their municipality: about 80 000, of the hub's table
 * of places. Only asked, never listed, so that the table is one of hashes. */
#ifndef SHARED_JTOWN_H
#define SHARED_JTOWN_H

#include "jtext.h"

enum {
	JTOWN_MAX = 12,
	JTOWN_SLOTS = 1 << 17,
	JTOWN_HEADS =
	    1 << 19, /* bits: whether any town begins with these two, or these three characters */
};

struct jtown_hash {
	uint64_t h;
};

/* ケ ヶ が ガ are written for one another, as are の ノ 之. */
static inline uint32_t jtown_fold(uint32_t c)
{
	switch (c) {
	case 0x30b1: /* ケ */
	case 0x304c: /* が */
	case 0x30ac: /* ガ */
		return 0x30f6;
	case 0x30ce: /* ノ */
	case 0x4e4b: /* 之 */
		return 0x306e;
	default:
		return c;
	}
}

static inline void jtown_hash_add(struct jtown_hash *s, uint32_t c)
{
	s->h = (s->h + jtown_fold(c)) * 0x9e3779b97f4a7c15u;
	s->h ^= s->h >> 29;
}

static inline uint32_t jtown_slot(struct jtown_hash s)
{
	return (uint32_t)s.h & (JTOWN_SLOTS - 1);
}

/* Bit of the first two or three characters. */
static inline uint32_t jtown_head(struct jtown_hash s)
{
	return (uint32_t)(s.h >> 20) & (JTOWN_HEADS - 1);
}

/* What stands in a slot: never 0. */
static inline uint32_t jtown_mark(struct jtown_hash s)
{
	return (uint32_t)(s.h >> 32) | 1u;
}

/* Made by gen_jtown.c. */
__attribute__((visibility("hidden"))) extern const uint8_t jtown_heads[JTOWN_HEADS / 8];

static inline int jtown_is_head(struct jtown_hash s)
{
	const uint32_t k = jtown_head(s);

	return jtown_heads[k / 8] >> k % 8 & 1;
}

static inline int jtown_has(const struct jtext *t, uint32_t i)
{
	return t->cls[i] == JT_KANJI || t->cls[i] == JT_HIRA || t->cls[i] == JT_KATA;
}

/* A cheap look at i < t->n: 0 when jtown_lengths() finds none. */
static inline int jtown_may(const struct jtext *t, uint32_t i)
{
	struct jtown_hash s = {0};

	if (t->cls[i + 1] == JT_DIGIT || !jtown_has(t, i + 1))
		return t->cls[i + 1] == JT_DIGIT;
	jtown_hash_add(&s, t->cp[i]);
	jtown_hash_add(&s, t->cp[i + 1]);
	return jtown_is_head(s);
}

/* Lengths of all towns that begin at i, as bits: 1u << length; one character only before a digit. */
uint32_t jtown_lengths(const struct jtext *t, uint32_t i);
/* 1 when [from, to) is a town. */
int jtown_is(const struct jtext *t, uint32_t from, uint32_t to);

#endif

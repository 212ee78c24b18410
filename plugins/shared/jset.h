/* A small set of strings of characters that is built in microseconds and found in one pass over a text:
 * buckets over the first two characters of each. For rosters, of which an import has one per record: an
 * automaton would cost more to build than the text costs to read. */
#ifndef SHARED_JSET_H
#define SHARED_JSET_H

#include "jtext.h"

struct jset_item {
	const uint32_t *sym; /* borrowed */
	uint16_t len;        /* at least 1 */
	uint16_t kind;       /* the caller's */
	int32_t person;      /* the caller's */
	uint32_t next;       /* in the bucket, index + 1 */
};

struct jset {
	struct jpool *pool;
	struct jset_item *item;
	uint32_t n, cap;
	uint32_t *bucket;
	uint32_t mask;
	int singles;        /* some item has one character only */
	uint64_t first[16]; /* bits, by the first character of each */
};

void jset_init(struct jset *s, struct jpool *pool);
/* An item that is there already with this kind and person is not added again. 0, or -1: no memory. */
int jset_add(struct jset *s, const uint32_t *sym, uint32_t len, uint16_t kind, int32_t person);
/* After the last add. Longer items are found before shorter ones. 0 or -1. */
int jset_build(struct jset *s);
static inline uint32_t jset_hash(uint32_t a, uint32_t b)
{
	const uint32_t h = (a * 0x9e3779b1u) ^ (b * 0x85ebca6bu);

	return h ^ h >> 15;
}
/* A cheap look: 0 when no item stands at sym, behind which a 0 is the end. */
static inline int jset_may(const struct jset *s, const uint32_t *sym)
{
	return s->first[sym[0] / 64 % 16] >> sym[0] % 64 & 1 &&
	       (s->bucket[jset_hash(sym[0], sym[1]) & s->mask] ||
		(s->singles && s->bucket[jset_hash(sym[0], 0) & s->mask]));
}
/* Next item that stands at sym[0..left), after `prev` (NULL: the first); NULL when there is none. */
const struct jset_item *jset_next(const struct jset *s, const uint32_t *sym, uint32_t left,
				  const struct jset_item *prev);

#endif

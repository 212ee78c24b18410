/* Which folded characters, and which two of them side by side, stand in some texts: a cheap look that can be wrong
 * only by saying yes. A roster of hundreds of forms is built of the few that may be found. Internal to
 * detect-roster. */
#ifndef DETECT_ROSTER_MARKS_H
#define DETECT_ROSTER_MARKS_H

#include "fold.h"

struct marks {
	uint64_t pair[64], one[32]; /* bits */
};

static inline uint32_t marks_pair(uint32_t a, uint32_t b)
{
	const uint32_t h = (a * 0x9e3779b1u) ^ (b * 0x85ebca6bu);

	return (h ^ h >> 15) & (64 * 64 - 1);
}

static inline void marks_add(struct marks *m, const struct fold_seq *s)
{
	const uint32_t *sym = s->sym, n = s->n;

	for (uint32_t i = 0; i < n; i++) {
		const uint32_t c = sym[i], p = marks_pair(c, sym[i + 1]);
		m->one[c / 64 % 32] |= (uint64_t)1 << c % 64;
		m->pair[p / 64] |= (uint64_t)1 << p % 64;
	}
}

static inline int marks_has(const struct marks *m, uint32_t c)
{
	return (int)(m->one[c / 64 % 32] >> c % 64 & 1);
}

/* Some letter of a to z. */
static inline int marks_latin(const struct marks *m)
{
	return (m->one['a' / 64] >> 'a' % 64 & 0x3ffffff) != 0;
}

/* Whether sym[0..n), n > 0, may stand in the texts. */
static inline int marks_may(const struct marks *m, const uint32_t *sym, uint32_t n)
{
	if (n == 1)
		return marks_has(m, sym[0]);
	const uint32_t p = marks_pair(sym[0], sym[1]);
	return (int)(m->pair[p / 64] >> p % 64 & 1);
}

#endif

/* Which folded characters, and which two of them side by side, stand in some texts: a cheap look that can be wrong
 * only by saying yes. A roster of hundreds of forms is built of the few that may be found. Internal to
 * detect-roster. */
#ifndef DETECT_ROSTER_MARKS_H
#define DETECT_ROSTER_MARKS_H

#include "fold.h"

struct marks {
	uint64_t pair[64], one[32]; /* bits */
	int latin;                  /* some letter: this is certain */
};

/* Of a pair: the upper bits of one product, turned for the second character. */
static inline uint32_t marks_spread(uint32_t c)
{
	return c * 0x9e3779b1u;
}
static inline uint32_t marks_join(uint32_t a, uint32_t b)
{
	return ((a << 11 | a >> 21) + b) >> 20;
}
static inline uint32_t marks_pair(uint32_t a, uint32_t b)
{
	return marks_join(marks_spread(a), marks_spread(b));
}

static inline void marks_add(struct marks *m, const struct jtext *t, const struct fold_seq *s)
{
	const uint32_t *sym = s->sym, n = s->n;
	uint32_t next = marks_spread(sym[0]);

	for (uint32_t i = 0; i < n; i++) {
		const uint32_t c = sym[i], here = next;
		next = marks_spread(sym[i + 1]);
		const uint32_t p = marks_join(here, next);
		m->one[c / 64 % 32] |= (uint64_t)1 << c % 64;
		m->pair[p / 64] |= (uint64_t)1 << p % 64;
	}
	m->latin |= memchr(t->cls, JT_LATIN, t->n) != NULL;
}

static inline int marks_has(const struct marks *m, uint32_t c)
{
	return (int)(m->one[c / 64 % 32] >> c % 64 & 1);
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

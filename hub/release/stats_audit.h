/* What a recipient of the tables could infer: the cells of some periods as unknowns of a linear system. */
#ifndef HUB_RELEASE_STATS_AUDIT_H
#define HUB_RELEASE_STATS_AUDIT_H

#include "release/stats_guard.h"
#include "release/stats_rel.h"

/* What earlier outputs make of a cell. */
enum guard_past {
	GUARD_NEW = 0,
	GUARD_KNOWN, /* was shown, counts the same: the recipient knows it, whatever is done */
	GUARD_NEAR,  /* was shown, differs by a small number, which may not be told */
	GUARD_KEPT,  /* was hidden, and small or hardly changed: stays so */
};

struct guard {
	struct hub_stats *s;
	struct hub_rels rels;
	int64_t small;
	uint8_t *
	    maybe_zero; /* cells x periods: hidden, and the recipient cannot know that it is not 0 */
	uint8_t *past;  /* cells x periods, enum guard_past */
	uint8_t *asked; /* cells x periods: no more than its mark may be told of it */
	const struct hub_stats_prior *prior; /* the same; NULL: nothing was given before */
	uint32_t own;                        /* cells before that are given now */
	uint32_t *var;     /* cells x periods: number of the unknown, UINT32_MAX */
	uint32_t *part_of; /* of each unknown: its component's first unknown */
};

static inline size_t guard_at(const struct guard *g, uint32_t cell, uint32_t period)
{
	return hub_stats_at(g->s, cell, period);
}

static inline int guard_is_small(const struct guard *g, uint32_t cell, uint32_t period)
{
	const int64_t n = g->s->count[guard_at(g, cell, period)];

	return n > 0 && n < g->small;
}

struct exposed {
	uint32_t cell, period;
};

/* Looks at the periods first..last. Small cells for which fewer than limit-1 values remain possible;
 * they live in the arena. */
int hub_stats_audit(struct guard *g, struct hub_arena *a, uint32_t first, uint32_t last,
		    struct exposed **out, uint32_t *n, struct hub_err *err);
/* Component of a cell in the last audit; UINT32_MAX: it is shown. */
uint32_t hub_stats_component(const struct guard *g, uint32_t cell, uint32_t period);

#endif

/* What can be inferred from sums: the smallest and the largest value that each unknown may have, given
 * linear equations and inequalities with small whole numbers. A dense simplex for systems of some
 * hundred unknowns; nothing here knows what the numbers mean. */
#ifndef HUB_RELEASE_LINEAR_H
#define HUB_RELEASE_LINEAR_H

#include "base/arena.h"

#define HUB_LINEAR_NO_LIMIT 1e18

struct hub_linear_term {
	uint32_t var;
	double coef;
};

/* sum of the terms = rhs, or <= rhs */
struct hub_linear_row {
	const struct hub_linear_term *term;
	uint32_t terms;
	int at_most;
	double rhs;
};

struct hub_linear {
	uint32_t vars, rows;
	const struct hub_linear_row *row;
	const double *lo, *hi; /* of each unknown; hi may be HUB_LINEAR_NO_LIMIT */
};

/* Unknowns that are asked about: seen_lo and seen_hi are values they were found to be able to have.
 * Searching stops as soon as they are so far apart. */
struct hub_linear_ask {
	uint32_t var;
	double apart;
	double seen_lo, seen_hi; /* out */
};

/* HUB_OK; HUB_END: too large a system, or it has no solution (seen_* say nothing then); HUB_FATAL. */
int hub_linear_bounds(const struct hub_linear *l, struct hub_linear_ask *ask, uint32_t asks);

#endif

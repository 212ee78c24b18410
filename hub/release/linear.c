#include "release/linear.h"

#include <math.h>
#include <string.h>

/* Cells of a tableau; a larger system is left unanswered. */
enum { CELLS_MAX = 24 << 20, PIVOTS_MAX = 20000 };
static const double tiny = 1e-7;

/* Rows 0..m-1 are the constraints in canonical form, row m the objective (to be made smaller). Column n
 * is the right side. Unknowns are counted from their lower bound, so that all are >= 0. */
struct tableau {
	double *a;
	uint32_t m, n, first_artificial;
	uint32_t *basis; /* variable of each row */
	uint32_t pivots;
	const struct hub_linear *l;
	struct hub_linear_ask *ask;
	uint32_t asks;
};

static double *row_of(const struct tableau *t, uint32_t r)
{
	return t->a + (size_t)r * (t->n + 1u);
}

static void pivot(struct tableau *t, uint32_t row, uint32_t col)
{
	double *p = row_of(t, row);
	const double by = p[col];

	for (uint32_t c = 0; c <= t->n; c++)
		p[c] /= by;
	for (uint32_t r = 0; r <= t->m; r++) {
		double *x = row_of(t, r);
		const double f = x[col];
		if (r == row || fabs(f) < 1e-12)
			continue;
		for (uint32_t c = 0; c <= t->n; c++)
			x[c] -= f * p[c];
	}
	t->basis[row] = col;
}

/* The present solution is one that is possible: what it says about the asked ones is remembered. */
static void witness(struct tableau *t)
{
	for (uint32_t i = 0; i < t->asks; i++) {
		struct hub_linear_ask *k = &t->ask[i];
		double v = t->l->lo[k->var];
		for (uint32_t r = 0; r < t->m; r++)
			if (t->basis[r] == k->var)
				v += row_of(t, r)[t->n];
		k->seen_lo = v < k->seen_lo ? v : k->seen_lo;
		k->seen_hi = v > k->seen_hi ? v : k->seen_hi;
	}
}

/* First row that limits the column (Bland: lowest variable among equals); m: none. */
static uint32_t leaving(const struct tableau *t, uint32_t col)
{
	uint32_t best = t->m;
	double least = 0;

	for (uint32_t r = 0; r < t->m; r++) {
		const double *x = row_of(t, r);
		if (x[col] <= tiny)
			continue;
		const double ratio = x[t->n] / x[col];
		if (best == t->m || ratio < least - tiny ||
		    (ratio < least + tiny && t->basis[r] < t->basis[best])) {
			best = r;
			least = ratio;
		}
	}
	return best;
}

static int is_settled(const struct hub_linear_ask *k)
{
	return k->seen_hi - k->seen_lo >= k->apart - tiny;
}

/* Makes the objective smaller until it is smallest (0), without limit (1), what is asked is settled (2), or
 * for too long (-1). asked: NULL for the search of a first solution. */
static int descend(struct tableau *t, uint32_t cols, const struct hub_linear_ask *asked)
{
	for (;;) {
		const double *z = row_of(t, t->m);
		uint32_t col = 0;
		while (col < cols && z[col] >= -tiny)
			col++;
		if (col == cols)
			return 0;
		if (asked && is_settled(asked))
			return 2;
		const uint32_t row = leaving(t, col);
		if (row == t->m)
			return 1;
		if (++t->pivots > PIVOTS_MAX)
			return -1;
		pivot(t, row, col);
		if (asked)
			witness(t);
	}
}

/* A first solution: the sum of the artificial variables must come down to nothing. */
static int find_start(struct tableau *t)
{
	double *z = row_of(t, t->m);

	for (uint32_t r = 0; r < t->m; r++)
		if (t->basis[r] >= t->first_artificial)
			for (uint32_t c = 0; c <= t->n; c++)
				z[c] -= c < t->first_artificial || c == t->n ? row_of(t, r)[c] : 0;
	if (descend(t, t->first_artificial, NULL) < 0 || -z[t->n] > 1e-5)
		return -1;
	/* those left in the basis are 0: another variable takes their place, or the row says nothing */
	for (uint32_t r = 0; r < t->m; r++) {
		if (t->basis[r] < t->first_artificial)
			continue;
		double *x = row_of(t, r);
		uint32_t c = 0;
		while (c < t->first_artificial && fabs(x[c]) < tiny)
			c++;
		if (c < t->first_artificial)
			pivot(t, r, c);
		else
			memset(x, 0, (t->n + 1u) * sizeof *x);
	}
	return 0;
}

/* sign 1: as small as possible, -1: as large. */
static int search(struct tableau *t, struct hub_linear_ask *k, int sign)
{
	double *z = row_of(t, t->m);

	memset(z, 0, (t->n + 1u) * sizeof *z);
	z[k->var] = sign;
	for (uint32_t r = 0; r < t->m; r++)
		if (t->basis[r] == k->var)
			for (uint32_t c = 0; c <= t->n; c++)
				z[c] -= sign * row_of(t, r)[c];
	const int how = descend(t, t->first_artificial, k);
	if (how == 1 && sign < 0)
		k->seen_hi = HUB_LINEAR_NO_LIMIT;
	return how < 0;
}

/* --- building --------------------------------------------------------------------------------------------- */

static int limited(const struct hub_linear *l, uint32_t v)
{
	return l->hi[v] < HUB_LINEAR_NO_LIMIT / 2;
}

/* One constraint into row r; slack and artificial columns are given out from the counters. */
static void put_row(struct tableau *t, uint32_t r, const struct hub_linear_row *row,
		    uint32_t *slack, uint32_t *artificial)
{
	double *x = row_of(t, r), rhs = row->rhs;

	for (uint32_t i = 0; i < row->terms; i++) {
		x[row->term[i].var] += row->term[i].coef;
		rhs -= row->term[i].coef * t->l->lo[row->term[i].var];
	}
	const uint32_t s = row->at_most ? (*slack)++ : UINT32_MAX;
	if (s != UINT32_MAX)
		x[s] = 1;
	x[t->n] = rhs;
	if (rhs < 0)
		for (uint32_t c = 0; c <= t->n; c++)
			x[c] = -x[c];
	if (s != UINT32_MAX && rhs >= 0) {
		t->basis[r] = s;
		return;
	}
	x[*artificial] = 1;
	t->basis[r] = (*artificial)++;
}

static void fill(struct tableau *t)
{
	const struct hub_linear *l = t->l;
	uint32_t slack = l->vars, artificial = t->first_artificial, r = 0;

	for (uint32_t i = 0; i < l->rows; i++)
		put_row(t, r++, &l->row[i], &slack, &artificial);
	for (uint32_t v = 0; v < l->vars; v++) {
		const struct hub_linear_term one = {v, 1};
		if (limited(l, v))
			put_row(t, r++, &(struct hub_linear_row){&one, 1, 1, l->hi[v]}, &slack,
				&artificial);
	}
}

int hub_linear_bounds(const struct hub_linear *l, struct hub_linear_ask *ask, uint32_t asks)
{
	struct tableau t = {.m = l->rows, .l = l, .ask = ask, .asks = asks};
	HUB_AUTO(arena) struct hub_arena *a = NULL;
	uint32_t slacks = 0;

	for (uint32_t i = 0; i < l->rows; i++)
		slacks += l->row[i].at_most != 0;
	for (uint32_t v = 0; v < l->vars; v++)
		if (limited(l, v)) {
			slacks++;
			t.m++;
		}
	t.first_artificial = l->vars + slacks;
	t.n = t.first_artificial + t.m;
	if (((uint64_t)t.m + 1) * (t.n + 1) > CELLS_MAX)
		return HUB_END;
	a = hub_arena_new(((size_t)CELLS_MAX + 4096) * sizeof(double));
	if (a) {
		t.a = hub_alloc_array(a, ((size_t)t.m + 1) * (t.n + 1u), sizeof *t.a);
		t.basis = hub_alloc_array(a, t.m + 1u, sizeof *t.basis);
	}
	if (!a || !t.a || !t.basis)
		return HUB_FATAL;
	fill(&t);
	for (uint32_t i = 0; i < asks; i++) {
		ask[i].seen_lo = HUB_LINEAR_NO_LIMIT;
		ask[i].seen_hi = -HUB_LINEAR_NO_LIMIT;
	}
	if (find_start(&t))
		return HUB_END;
	witness(&t);
	for (uint32_t i = 0; i < asks; i++) {
		struct hub_linear_ask *k = &ask[i];
		if (!is_settled(k) && (search(&t, k, -1) || search(&t, k, 1)))
			return HUB_END;
	}
	return HUB_OK;
}

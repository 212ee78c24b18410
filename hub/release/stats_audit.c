#include "release/stats_audit.h"

#include "base/err.h"
#include "release/linear.h"

#define NONE UINT32_MAX

struct var {
	uint32_t cell, period;
	double lo, hi;
	int asked;
};

struct audit {
	struct guard *g;
	struct hub_arena *a;
	uint32_t first, last;
	struct var *var;
	uint32_t vars;
	struct hub_linear_row *row;
	uint32_t rows, room;
	struct hub_linear_term *term; /* of the relation being added */
	uint32_t terms;
	int failed;
};

static int is_open(const struct audit *x, uint32_t period)
{
	return x->g->s->state[period] == HUB_STAT_OPEN; /* of all cells alike */
}

/* --- unknowns ----------------------------------------------------------------------------------------------- */

/* What the rule itself says of a cell that is not shown as it is. */
static void set_range(const struct guard *g, struct var *v)
{
	const size_t at = guard_at(g, v->cell, v->period);
	const int64_t n = g->s->count[at], half = g->small / 2;
	const int64_t shown = (n + half) / g->small * g->small;

	if (g->s->state[at] == HUB_STAT_ROUNDED) {
		v->lo = (double)(shown - half > g->small ? shown - half : g->small);
		v->hi = (double)(shown - half + g->small - 1);
		return;
	}
	if (g->past[at] == GUARD_NEAR) {
		const int64_t was = g->prior[at].shown, least = was - g->small + 1;
		v->lo = least > 0 ? (double)least : 0;
		v->hi = (double)(was + g->small - 1);
		return;
	}
	v->lo = g->maybe_zero[at] ? 0 : 1;
	/* a month's total is hidden because it is small, hardly ever for another reason; a year's total
	 * often for the sake of a month */
	v->hi = g->s->period[v->period].kind == HUB_STAT_MONTH && !g->s->cell[v->cell].by &&
			v->cell < g->own && guard_is_small(g, v->cell, v->period)
		    ? (double)g->small - 1
		    : HUB_LINEAR_NO_LIMIT;
}

static void find_vars(struct audit *x)
{
	struct guard *g = x->g;

	for (uint32_t c = 0; c < g->s->cells; c++)
		for (uint32_t p = x->first; p <= x->last; p++) {
			const size_t at = guard_at(g, c, p);
			g->var[at] = NONE;
			if (g->rels.same[c] != c || (g->s->state[at] != HUB_STAT_HIDDEN &&
						     g->s->state[at] != HUB_STAT_ROUNDED))
				continue;
			g->var[at] = x->vars;
			g->part_of[x->vars] = x->vars;
			x->var[x->vars] = (struct var){.cell = c, .period = p};
			set_range(g, &x->var[x->vars++]);
		}
}

static uint32_t root(struct guard *g, uint32_t v)
{
	while (g->part_of[v] != v)
		v = g->part_of[v] = g->part_of[g->part_of[v]];
	return v;
}

uint32_t hub_stats_component(const struct guard *g, uint32_t cell, uint32_t period)
{
	uint32_t v = g->var[guard_at(g, cell, period)];

	while (v != NONE && g->part_of[v] != v)
		v = g->part_of[v];
	return v;
}

/* --- relations of the periods --------------------------------------------------------------------------------- */

/* One term of the relation being made: a shown cell goes to the other side. */
static void add_term(struct audit *x, uint32_t cell, uint32_t period, double coef, double *rhs)
{
	const size_t at = guard_at(x->g, cell, period);
	const uint32_t v = x->g->var[at];

	if (v == NONE) {
		*rhs -= coef * (double)x->g->s->count[at];
		return;
	}
	for (uint32_t i = 0; i < x->terms; i++)
		if (x->term[i].var == v) {
			x->term[i].coef += coef;
			return;
		}
	x->term[x->terms++] = (struct hub_linear_term){v, coef};
}

/* One unknown needs no equation. */
static void tighten(struct audit *x, int at_most, double rhs)
{
	struct var *v = &x->var[x->term[0].var];
	const double coef = x->term[0].coef, edge = rhs / coef;

	if ((!at_most || coef > 0) && edge < v->hi)
		v->hi = edge;
	if ((!at_most || coef < 0) && edge > v->lo)
		v->lo = edge;
}

static void end_relation(struct audit *x, int at_most, double rhs)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < x->terms; i++)
		if (x->term[i].coef != 0)
			x->term[n++] = x->term[i];
	x->terms = 0;
	if (n == 1)
		tighten(x, at_most, rhs);
	if (n < 2)
		return;
	struct hub_linear_term *copy = hub_alloc_array(x->a, n, sizeof *copy);
	if (!copy || x->rows == x->room) {
		x->failed = 1;
		return;
	}
	memcpy(copy, x->term, n * sizeof *copy);
	for (uint32_t i = 1; i < n; i++)
		x->g->part_of[root(x->g, copy[i].var)] = root(x->g, copy[0].var);
	x->row[x->rows++] = (struct hub_linear_row){copy, n, at_most, rhs};
}

static void add_rel(struct audit *x, const struct hub_rel *r, uint32_t p)
{
	double rhs = 0;

	for (uint32_t i = 0; i < r->parts && r->kind != HUB_REL_SUM; i++) {
		rhs = 0;
		add_term(x, r->part[i], p, 1, &rhs);
		add_term(x, r->whole, p, -1, &rhs);
		end_relation(x, 1, rhs);
	}
	if (r->kind == HUB_REL_WITHIN)
		return;
	rhs = 0;
	add_term(x, r->whole, p, 1, &rhs);
	for (uint32_t i = 0; i < r->parts; i++)
		add_term(x, r->part[i], p, -1, &rhs);
	end_relation(x, r->kind == HUB_REL_COVER, rhs);
}

/* A cell's year beside its months, which are first..last-1. */
static void add_year(struct audit *x, uint32_t cell)
{
	const struct hub_stat *m = x->g->s->cell[cell].measure;
	double rhs = 0;

	add_term(x, cell, x->last, 1, &rhs);
	if (m->stock) {
		add_term(x, cell, x->last - 1, -1, &rhs);
		end_relation(x, 0, rhs);
		return;
	}
	for (uint32_t p = x->first; p < x->last; p++)
		add_term(x, cell, p, -1, &rhs);
	end_relation(x, !m->additive, rhs);
	for (uint32_t p = x->first; p < x->last && !m->additive; p++) {
		rhs = 0;
		add_term(x, cell, p, 1, &rhs);
		add_term(x, cell, x->last, -1, &rhs);
		end_relation(x, 1, rhs);
	}
}

static void add_relations(struct audit *x)
{
	const struct guard *g = x->g;

	for (uint32_t p = x->first; p <= x->last; p++)
		for (uint32_t i = 0; i < g->rels.n && !is_open(x, p); i++)
			add_rel(x, &g->rels.rel[i], p);
	if (g->s->period[x->last].kind != HUB_STAT_YEAR || x->first == x->last)
		return;
	for (uint32_t c = 0; c < g->s->cells; c++)
		if (g->rels.same[c] == c)
			add_year(x, c);
}

/* --- inference ---------------------------------------------------------------------------------------------------- */

/* The unknowns and rows of one component, numbered anew. */
struct part {
	struct hub_linear l;
	struct hub_linear_ask *ask;
	uint32_t asks, *of; /* var of each asked one */
};

static int cut_out(struct audit *x, uint32_t component, uint32_t *number, struct part *out)
{
	struct hub_linear_row *row = hub_alloc_array(x->a, x->rows + 1u, sizeof *row);
	double *lo = hub_alloc_array(x->a, x->vars + 1u, sizeof *lo);
	double *hi = hub_alloc_array(x->a, x->vars + 1u, sizeof *hi);

	*out = (struct part){.l = {.row = row, .lo = lo, .hi = hi},
			     .ask = hub_alloc_array(x->a, x->vars + 1u, sizeof *out->ask),
			     .of = hub_alloc_array(x->a, x->vars + 1u, sizeof *out->of)};
	if (!row || !lo || !hi || !out->ask || !out->of)
		return -1;
	for (uint32_t v = 0; v < x->vars; v++) {
		if (root(x->g, v) != component)
			continue;
		const uint32_t k = out->l.vars++;
		number[v] = k;
		lo[k] = x->var[v].lo;
		hi[k] = x->var[v].hi;
		if (!x->var[v].asked)
			continue;
		out->of[out->asks] = v;
		out->ask[out->asks++] =
		    (struct hub_linear_ask){.var = k, .apart = (double)x->g->small - 2};
	}
	for (uint32_t i = 0; i < x->rows; i++) {
		const struct hub_linear_row *r = &x->row[i];
		if (root(x->g, r->term[0].var) != component)
			continue;
		struct hub_linear_term *t = hub_alloc_array(x->a, r->terms, sizeof *t);
		if (!t)
			return -1;
		for (uint32_t k = 0; k < r->terms; k++)
			t[k] = (struct hub_linear_term){number[r->term[k].var], r->term[k].coef};
		row[out->l.rows++] = (struct hub_linear_row){t, r->terms, r->at_most, r->rhs};
	}
	return 0;
}

/* Nothing is shown that was not found harmless: a system that cannot be solved exposes its cells. */
static int judge(struct audit *x, const struct part *part, struct exposed *list, uint32_t *n)
{
	const int rc = hub_linear_bounds(&part->l, part->ask, part->asks);

	if (rc == HUB_FATAL)
		return -1;
	for (uint32_t i = 0; i < part->asks; i++) {
		const struct hub_linear_ask *k = &part->ask[i];
		const struct var *v = &x->var[part->of[i]];
		if (rc == HUB_OK && k->seen_hi - k->seen_lo >= k->apart - 1e-6)
			continue;
		list[(*n)++] = (struct exposed){v->cell, v->period};
	}
	return 0;
}

static int infer(struct audit *x, struct exposed *list, uint32_t *n)
{
	uint32_t *number = hub_alloc_array(x->a, x->vars + 1u, sizeof *number);
	uint8_t *asked = hub_alloc_array(x->a, x->vars + 1u, 1);

	if (!number || !asked)
		return -1;
	for (uint32_t v = 0; v < x->vars; v++) {
		x->var[v].asked = x->g->asked[guard_at(x->g, x->var[v].cell, x->var[v].period)];
		if (x->var[v].asked)
			asked[root(x->g, v)] = 1;
	}
	for (uint32_t v = 0; v < x->vars; v++) {
		struct part part;
		if (!asked[v])
			continue;
		if (cut_out(x, v, number, &part) || judge(x, &part, list, n))
			return -1;
	}
	return 0;
}

int hub_stats_audit(struct guard *g, struct hub_arena *a, uint32_t first, uint32_t last,
		    struct exposed **out, uint32_t *n, struct hub_err *err)
{
	const uint32_t periods = last - first + 1;
	size_t all;
	struct audit x = {.g = g, .a = a, .first = first, .last = last};

	if (hub_size_mul(g->s->cells + 1u, periods, &all) || all > UINT32_MAX / 4)
		return hub_fail_mem(err);
	x.room = (uint32_t)all * 4 + 16;
	x.var = hub_alloc_array(a, all + 1, sizeof *x.var);
	x.row = hub_alloc_array(a, x.room, sizeof *x.row);
	x.term = hub_alloc_array(a, g->s->cells + periods + 1u, sizeof *x.term);
	*out = hub_alloc_array(a, all + 1, sizeof **out);
	*n = 0;
	if (!x.var || !x.row || !x.term || !*out)
		return hub_fail_mem(err);
	find_vars(&x);
	add_relations(&x);
	return x.failed || infer(&x, *out, n) ? hub_fail_mem(err) : HUB_OK;
}

#include "release/stats_guard.h"

#include "base/err.h"
#include "release/stats_audit.h"

enum { AUDIT_LIMIT = 1 << 30, ROUNDS_MAX = 500 };

/* --- what is small ------------------------------------------------------------------------------------------ */

/* Shown, and hiding it would help. */
static int is_shown(const struct guard *g, uint32_t cell, uint32_t period)
{
	const uint8_t state = g->s->state[guard_at(g, cell, period)];

	return (state == HUB_STAT_EXACT || state == HUB_STAT_ROUNDED) &&
	       g->past[guard_at(g, cell, period)] != GUARD_KNOWN;
}

/* 1 when that changed something. */
static int hide(struct guard *g, uint32_t cell, uint32_t period)
{
	if (!is_shown(g, cell, period))
		return 0;
	g->s->state[guard_at(g, cell, period)] = HUB_STAT_HIDDEN;
	return 1;
}

/* A whole breakdown: also what is 0 in it, so that nobody can count what is not. */
static int hide_parts(struct guard *g, const struct hub_rel *r, uint32_t period)
{
	int changed = 0;

	for (uint32_t i = 0; i < r->parts; i++) {
		uint8_t *zero = &g->maybe_zero[guard_at(g, r->part[i], period)];
		if (r->part[i] == r->whole)
			continue;
		changed |= hide(g, r->part[i], period) || !*zero;
		*zero = 1;
	}
	return changed;
}

/* Differences of what is rounded say little: stocks are left to that. */
static enum guard_past past_of(const struct guard *g, uint32_t cell, uint32_t period)
{
	const size_t at = guard_at(g, cell, period);
	const struct hub_stats_prior *p = g->prior ? &g->prior[at] : NULL;
	const int64_t n = g->s->count[at];

	if (!p || !p->given || g->s->cell[cell].measure->stock)
		return GUARD_NEW;
	const int64_t change = n - (p->seen ? p->shown : p->count);
	if (!p->seen && p->count > 0 && p->count < g->small)
		return GUARD_KEPT;
	if (change >= g->small || change <= -g->small)
		return GUARD_NEW;
	return !p->seen ? GUARD_KEPT : change == 0 ? GUARD_KNOWN : GUARD_NEAR;
}

/* Has anything that was given of the period changed since? */
static int has_changed(const struct guard *g, uint32_t period)
{
	for (uint32_t c = 0; g->prior && c < g->s->cells; c++) {
		const size_t at = guard_at(g, c, period);
		if (g->prior[at].given && g->prior[at].count != g->s->count[at])
			return 1;
	}
	return 0;
}

/* What may not be told: what is small, was small, or differs by little; when the period has changed, also what
 * was hidden for the sake of others, for with it the old tables would tell those. */
static void ask_about(struct guard *g, uint32_t period)
{
	const int changed = has_changed(g, period);

	for (uint32_t c = 0; c < g->s->cells; c++) {
		const size_t at = guard_at(g, c, period);
		const int64_t was = g->prior ? g->prior[at].count : 0;
		g->asked[at] =
		    guard_is_small(g, c, period) || g->past[at] == GUARD_NEAR ||
		    (g->past[at] == GUARD_KEPT && (changed || (was > 0 && was < g->small)));
	}
}

static void hide_small(struct guard *g, uint32_t period)
{
	for (uint32_t c = 0; c < g->s->cells; c++) {
		const size_t at = guard_at(g, c, period);
		const struct hub_stat *m = g->s->cell[c].measure;
		g->past[at] = (uint8_t)past_of(g, c, period);
		if (g->past[at] == GUARD_KNOWN)
			continue;
		if (g->past[at] != GUARD_NEW || c >= g->own) {
			g->s->state[at] = HUB_STAT_HIDDEN;
			g->maybe_zero[at] = 1;
		} else if (guard_is_small(g, c, period))
			g->s->state[at] = HUB_STAT_HIDDEN;
		else if (m->stock && g->s->count[at] > 0)
			g->s->state[at] = HUB_STAT_ROUNDED;
	}
	ask_about(g, period);
	/* how so few are spread is nobody's business */
	for (uint32_t i = 0; i < g->rels.n; i++)
		if (g->rels.rel[i].kind != HUB_REL_WITHIN &&
		    guard_is_small(g, g->rels.rel[i].whole, period))
			hide_parts(g, &g->rels.rel[i], period);
}

/* --- hiding more ----------------------------------------------------------------------------------------------- */

static int has_part(const struct hub_rel *r, uint32_t cell)
{
	for (uint32_t i = 0; i < r->parts; i++)
		if (r->part[i] == cell)
			return 1;
	return 0;
}

/* The smallest part that is shown and not 0. */
static int hide_least(struct guard *g, const struct hub_rel *r, uint32_t period)
{
	uint32_t best = UINT32_MAX;

	for (uint32_t i = 0; i < r->parts; i++) {
		const int64_t n = g->s->count[guard_at(g, r->part[i], period)];
		if (is_shown(g, r->part[i], period) && n > 0 &&
		    (best == UINT32_MAX || n < g->s->count[guard_at(g, best, period)]))
			best = r->part[i];
	}
	return best != UINT32_MAX && hide(g, best, period);
}

/* Beside a part that is exposed: another part, else the whole breakdown, else its total. */
static int cover_part(struct guard *g, uint32_t cell, uint32_t period)
{
	const struct hub_rels *all = &g->rels;
	int changed = 0;

	for (uint32_t i = 0; i < all->n; i++)
		if (all->rel[i].kind != HUB_REL_WITHIN && has_part(&all->rel[i], cell))
			changed |= hide_least(g, &all->rel[i], period);
	for (uint32_t i = 0; i < all->n && !changed; i++)
		if (has_part(&all->rel[i], cell))
			changed |= hide_parts(g, &all->rel[i], period);
	for (uint32_t i = 0; i < all->n && !changed; i++)
		if (has_part(&all->rel[i], cell))
			changed |= hide(g, all->rel[i].whole, period);
	return changed;
}

/* Under a total that is exposed. */
static int cover_whole(struct guard *g, uint32_t cell, uint32_t period)
{
	int changed = 0;

	for (uint32_t i = 0; i < g->rels.n; i++)
		if (g->rels.rel[i].whole == cell)
			changed |= hide_least(g, &g->rels.rel[i], period) ||
				   hide_parts(g, &g->rels.rel[i], period);
	return changed;
}

/* Whatever hangs together with it. */
static int cover_near(struct guard *g, const struct exposed *e, uint32_t period)
{
	const uint32_t component = hub_stats_component(g, e->cell, e->period);
	int changed = 0;

	for (uint32_t i = 0; i < g->rels.n; i++) {
		const struct hub_rel *r = &g->rels.rel[i];
		int near = hub_stats_component(g, r->whole, period) == component;
		for (uint32_t k = 0; k < r->parts && !near; k++)
			near = hub_stats_component(g, r->part[k], period) == component;
		if (near)
			changed |= hide_least(g, r, period) || hide_parts(g, r, period) ||
				   hide(g, r->whole, period);
	}
	return changed;
}

static int cover_all(struct guard *g, uint32_t period)
{
	int changed = 0;

	for (uint32_t i = 0; i < g->rels.n; i++)
		changed |= hide_parts(g, &g->rels.rel[i], period);
	for (uint32_t c = 0; c < g->s->cells; c++)
		if (g->rels.same[c] == c)
			changed |= hide(g, c, period);
	return changed;
}

/* Cells of `period` are hidden until e (of that period, or of a month of that year) is covered. */
static int cover(struct guard *g, const struct exposed *e, uint32_t period)
{
	if (e->period != period && hide(g, e->cell, period))
		return 1;
	return cover_part(g, e->cell, period) || cover_whole(g, e->cell, period) ||
	       cover_near(g, e, period) || cover_all(g, period);
}

/* --- periods ------------------------------------------------------------------------------------------------------ */

/* Hides cells of the period `last` until nothing of first..last is exposed. */
static int settle(struct guard *g, uint32_t first, uint32_t last, struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(AUDIT_LIMIT);

	if (!a)
		return hub_fail_mem(err);
	for (int round = 0; round < ROUNDS_MAX; round++) {
		struct exposed *list;
		uint32_t n;
		int changed = 0;
		hub_arena_reset(a);
		const int rc = hub_stats_audit(g, a, first, last, &list, &n, err);
		if (rc || n == 0)
			return rc;
		for (uint32_t i = 0; i < n; i++)
			changed |= cover(g, &list[i], last);
		if (!changed)
			break;
	}
	const int rc =
	    hub_fail(err, HUB_REFUSED, "cannot-guard",
		     "the small counts of %.*s cannot be kept apart from the other tables",
		     HUB_FMT(g->s->period[last].label));
	hub_hint(err, "Give out fewer breakdowns: take some out of the definition.");
	return rc;
}

/* Cells that count the same look the same. */
static void spread(struct guard *g, uint32_t period)
{
	for (uint32_t c = 0; c < g->s->cells; c++)
		g->s->state[guard_at(g, c, period)] =
		    g->s->state[guard_at(g, g->rels.same[c], period)];
}

/* What the old tables tell already of cells that were hidden for others is no reason to hide more. */
static int forget_told(struct guard *g, uint32_t first, uint32_t period, struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(AUDIT_LIMIT);
	const uint32_t cells = g->s->cells;
	uint8_t *state = a ? hub_alloc_array(a, 2 * (size_t)cells + 1, 1) : NULL;
	struct exposed *list;
	uint32_t n;

	if (!state)
		return hub_fail_mem(err);
	uint8_t *zero = state + cells;
	for (uint32_t c = 0; c < cells; c++) {
		const size_t at = guard_at(g, c, period);
		state[c] = g->s->state[at];
		zero[c] = g->maybe_zero[at];
		if (hide(g, c, period))
			g->maybe_zero[at] = 1;
	}
	const int rc = hub_stats_audit(g, a, first, period, &list, &n, err);
	for (uint32_t c = 0; c < cells; c++) {
		g->s->state[guard_at(g, c, period)] = state[c];
		g->maybe_zero[guard_at(g, c, period)] = zero[c];
	}
	for (uint32_t i = 0; i < n && !rc; i++) {
		const size_t at = guard_at(g, list[i].cell, list[i].period);
		const int64_t was = g->prior[at].count;
		if (g->past[at] == GUARD_KEPT && !guard_is_small(g, list[i].cell, list[i].period) &&
		    (was == 0 || was >= g->small))
			g->asked[at] = 0;
	}
	return rc;
}

static int guard_all(struct guard *g, int32_t today, struct hub_err *err)
{
	const struct hub_stats *s = g->s;
	int rc = HUB_OK;

	for (uint32_t p = 0; p < s->periods && !rc; p++) {
		uint32_t first = p;
		if (s->period[p].days.to >= today) {
			for (uint32_t c = 0; c < s->cells; c++)
				s->state[guard_at(g, c, p)] = HUB_STAT_OPEN;
			continue;
		}
		hide_small(g, p);
		while (s->period[p].kind == HUB_STAT_YEAR && first > 0 &&
		       s->period[first - 1].kind == HUB_STAT_MONTH)
			first--;
		if (has_changed(g, p))
			rc = forget_told(g, first, p, err);
		if (!rc)
			rc = settle(g, first, p, err);
	}
	for (uint32_t p = 0; p < s->periods && !rc; p++)
		spread(g, p);
	return rc;
}

int hub_stats_guard(struct hub_stats *s, int64_t small, int32_t today, struct hub_err *err)
{
	return hub_stats_guard_again(s, small, today, NULL, s->cells, err);
}

/* For the note beside a cell; same[] of what is given now lies within it. */
static int note_near(const struct guard *g)
{
	struct hub_stats *s = g->s;
	uint8_t *near = hub_alloc_array(s->arena, (size_t)s->cells * s->periods + 1, 1);

	for (uint32_t c = 0; near && c < s->cells; c++)
		for (uint32_t p = 0; p < s->periods; p++)
			near[guard_at(g, c, p)] =
			    g->past[guard_at(g, g->rels.same[c], p)] == GUARD_NEAR;
	s->near = near;
	return near ? 0 : -1;
}

int hub_stats_guard_again(struct hub_stats *s, int64_t small, int32_t today,
			  const struct hub_stats_prior *prior, uint32_t own, struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(AUDIT_LIMIT);
	struct guard g = {.s = s, .small = small, .prior = prior, .own = own};
	const size_t all = (size_t)s->cells * s->periods;
	int rc = a ? hub_stats_relations(a, s, &g.rels, err) : hub_fail_mem(err);

	if (rc)
		return rc;
	g.maybe_zero = hub_alloc_array(a, all + 1, 1);
	g.past = hub_alloc_array(a, all + 1, 1);
	g.asked = hub_alloc_array(a, all + 1, 1);
	g.var = hub_alloc_array(a, all + 1, sizeof *g.var);
	g.part_of = hub_alloc_array(a, all + 1, sizeof *g.part_of);
	if (!g.maybe_zero || !g.past || !g.asked || !g.var || !g.part_of)
		return hub_fail_mem(err);
	rc = guard_all(&g, today, err);
	return rc || !note_near(&g) ? rc : hub_fail_mem(err);
}

/* --- sets that cannot be guarded ------------------------------------------------------------------------------------ */

/* Are the bands of one made of the other's, or apart from them? */
static int nest(const struct hub_stat_by *x, const struct hub_stat_by *y)
{
	for (uint32_t i = 0; i + 1 < x->n; i++)
		for (uint32_t k = 0; k + 1 < y->n; k++) {
			const struct hub_stat_category *a = &x->cat[i], *b = &y->cat[k];
			const int apart = a->to < b->from || b->to < a->from;
			if (!apart && !hub_stats_tiles(a, y) && !hub_stats_tiles(b, x))
				return 0;
		}
	return 1;
}

static int clash(const struct hub_stat_cell *x, const struct hub_stat_cell *y, struct hub_err *err)
{
	if (!hub_stats_same_bands(x, y) || nest(x->by, y->by))
		return HUB_OK;
	const int rc =
	    hub_fail(err, HUB_CONF, "bands-overlap",
		     "%.*s: %.*s by %.*s and %.*s: %.*s by %.*s have bands that overlap",
		     HUB_FMT(x->set->name), HUB_FMT(x->measure->name), HUB_FMT(x->by->name),
		     HUB_FMT(y->set->name), HUB_FMT(y->measure->name), HUB_FMT(y->by->name));
	hub_hint(err, "Their difference would show small counts: let one's bands be made of the "
		      "other's, or give out only one of the two.");
	return rc;
}

/* The first cell of every breakdown by bands. out may be NULL: only counted. */
static uint32_t banded(struct hub_stat_sets sets, struct hub_stat_cell *out)
{
	const struct hub_stat_set *set = sets.set;
	uint32_t n = 0;

	for (uint32_t i = 0; i < sets.n; i++)
		for (uint32_t m = 0; m < set[i].n; m++)
			for (uint32_t k = 0; k < set[i].measure[m].n_by; k++) {
				const struct hub_stat_by *by = &set[i].measure[m].by[k];
				if (!by->bands)
					continue;
				if (out)
					out[n] = (struct hub_stat_cell){&set[i], &set[i].measure[m],
									by, by->cat};
				n++;
			}
	return n;
}

int hub_stats_guard_check(struct hub_stat_sets sets, struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	const uint32_t n = banded(sets, NULL);
	struct hub_stat_cell *cell = a ? hub_alloc_array(a, n + 1u, sizeof *cell) : NULL;
	int rc = cell ? HUB_OK : hub_fail_mem(err);

	if (cell)
		banded(sets, cell);
	for (uint32_t i = 0; i < n && !rc; i++)
		for (uint32_t k = i + 1; k < n && !rc; k++)
			rc = clash(&cell[i], &cell[k], err);
	return rc;
}

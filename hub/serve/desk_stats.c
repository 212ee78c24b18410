#include "serve/desk_stats.h"

#include "base/err.h"
#include "release/stats_give.h"

struct figures {
	struct hub_arena *a;
	const struct hub_desk_counting *c;
	const struct hub_stats *s;
	struct hub_batch *b;
};

static int is_wanted(const struct figures *f, uint32_t cell, uint32_t period)
{
	const struct hub_counting *what = f->c->what;
	const struct hub_stat_period *p = &f->s->period[period];

	if (what->set.len && !hub_str_eq(f->s->cell[cell].set->name, what->set))
		return 0;
	/* a 年度 has its months from April on, then itself */
	return what->month == 0 ||
	       (p->kind == HUB_STAT_MONTH && (period + 3) % 12 + 1 == what->month);
}

static int make_batch(struct figures *f)
{
	const size_t rows = (size_t)f->s->cells * f->s->periods;
	struct hub_col *col = hub_alloc_array(f->a, HUB_STATS_COLUMNS, sizeof *col);

	f->b = hub_alloc0(f->a, sizeof *f->b);
	if (!f->b || !col)
		return -1;
	*f->b = (struct hub_batch){.size = sizeof *f->b,
				   .cols = HUB_STATS_COLUMNS,
				   .col = col,
				   .table = HUB_STR("statistics"),
				   .table_label = HUB_STR("統計")};
	for (uint32_t i = 0; i < HUB_STATS_COLUMNS; i++) {
		col[i] =
		    (struct hub_col){.name = hub_str_of(hub_stats_column_name[i]),
				     .label = hub_str_of(hub_stats_column_label[i]),
				     .cell = hub_alloc_array(f->a, rows + 1, 1),
				     .text = hub_alloc_array(f->a, rows + 1, sizeof *col->text)};
		if (!col[i].cell || !col[i].text)
			return -1;
	}
	return 0;
}

static int put(struct figures *f, uint32_t cell, uint32_t period)
{
	struct hub_str text[HUB_STATS_COLUMNS];
	const uint32_t row = f->b->rows++;

	if (hub_stats_row(f->a, f->s, f->c->view->stats.small, cell, period, text))
		return -1;
	for (uint32_t i = 0; i < HUB_STATS_COLUMNS; i++) {
		f->b->col[i].cell[row] = text[i].len ? HUB_VALUE : HUB_NULL;
		f->b->col[i].text[row] = text[i];
	}
	return 0;
}

static int has_set(const struct hub_profile *p, struct hub_str name)
{
	for (uint32_t i = 0; i < p->stats.sets.n; i++)
		if (hub_str_eq(p->stats.sets.set[i].name, name))
			return 1;
	return name.len == 0;
}

int hub_desk_figures(struct hub_arena *a, struct hub_store *store,
		     const struct hub_desk_counting *c, const struct hub_batch **out,
		     struct hub_err *err)
{
	const struct hub_counting *what = c->what;
	const int64_t y = what->year + (what->month > 0 && what->month < 4);
	struct hub_stats s = {0};
	/* always the whole year: a month beside it may have to be hidden for this one's sake */
	const struct hub_stats_ask ask = {
	    .profile = c->view,
	    .first_year = what->year,
	    .last_year = what->year,
	    .range = {HUB_DAY_LAST, HUB_DAY_LAST},
	    .actor = c->actor,
	    .object = what->month ? hub_arena_printf(a, "%04d-%02d", (int)y, (int)what->month)
				  : hub_arena_printf(a, "%04d年度", (int)y),
	    .today = c->today,
	};
	struct figures f = {.a = a, .c = c, .s = &s};
	int rc;

	if (!ask.object.ptr)
		return hub_fail_mem(err);
	if ((rc = hub_stats_give(a, store, &ask, &s, err)))
		return rc;
	if (!has_set(c->view, what->set))
		return hub_fail(err, HUB_REFUSED, "no-definition",
				"the view has no statistics of that name");
	int bad = make_batch(&f);
	for (uint32_t i = 0; i < s.cells && !bad; i++)
		for (uint32_t p = 0; p < s.periods && !bad; p++)
			bad = is_wanted(&f, i, p) && put(&f, i, p);
	*out = f.b;
	return bad ? hub_fail_mem(err) : HUB_OK;
}

#include "release/stats_query.h"

#include "base/err.h"
#include "store/read.h"

enum { KEY_LIMIT = 1 << 20, UNITS_LIMIT = 256 << 20 };

/* --- periods ---------------------------------------------------------------------------------------------- */

int hub_stats_month(struct hub_arena *a, int64_t year, unsigned month, struct hub_stat_period *out)
{
	const int64_t next =
	    month == 12 ? hub_days_of(year + 1, 1, 1) : hub_days_of(year, month + 1, 1);

	*out = (struct hub_stat_period){
	    .kind = HUB_STAT_MONTH,
	    .days = {(int32_t)hub_days_of(year, month, 1), (int32_t)next - 1},
	    .label = hub_arena_printf(a, "%04d-%02u", (int)year, month)};
	return out->label.ptr ? HUB_OK : HUB_FATAL;
}

int hub_stats_year(struct hub_arena *a, int64_t year, struct hub_stat_period periods[13])
{
	for (unsigned i = 0; i < 12; i++)
		if (hub_stats_month(a, year + (i >= 9), (i + 3) % 12 + 1, &periods[i]))
			return HUB_FATAL;
	periods[12] = (struct hub_stat_period){.kind = HUB_STAT_YEAR,
					       .days = {periods[0].days.from, periods[11].days.to},
					       .label = hub_arena_printf(a, "%d年度", (int)year)};
	return periods[12].label.ptr ? HUB_OK : HUB_FATAL;
}

int64_t hub_stats_year_of(int32_t day)
{
	int64_t y;
	unsigned m, d;

	hub_days_to(day, &y, &m, &d);
	return m < 4 ? y - 1 : y;
}

/* --- cells --------------------------------------------------------------------------------------------------- */

struct sizes {
	uint32_t cells, measures, widest;
};

static struct sizes measure_up(struct hub_stat_sets sets)
{
	const struct hub_stat_set *set = sets.set;
	struct sizes n = {0};

	for (uint32_t s = 0; s < sets.n; s++)
		for (uint32_t i = 0; i < set[s].n; i++) {
			n.measures++;
			n.cells++;
			for (uint32_t k = 0; k < set[s].measure[i].n_by; k++) {
				const uint32_t cats = set[s].measure[i].by[k].n;
				n.cells += cats;
				n.widest = cats > n.widest ? cats : n.widest;
			}
		}
	return n;
}

static void lay_out(struct hub_stat_sets sets, struct hub_stat_cell *cell)
{
	const struct hub_stat_set *set = sets.set;

	for (uint32_t s = 0; s < sets.n; s++)
		for (uint32_t i = 0; i < set[s].n; i++) {
			const struct hub_stat *m = &set[s].measure[i];
			*cell++ = (struct hub_stat_cell){&set[s], m, NULL, NULL};
			for (uint32_t k = 0; k < m->n_by; k++)
				for (uint32_t c = 0; c < m->by[k].n; c++)
					*cell++ = (struct hub_stat_cell){&set[s], m, &m->by[k],
									 &m->by[k].cat[c]};
		}
}

static int count_all(struct tally *t, struct hub_store *store, struct hub_stat_sets sets,
		     struct hub_err *err)
{
	const struct hub_stat_set *set = sets.set;
	uint32_t cell = 0, number = 0;
	int rc = HUB_OK;

	for (uint32_t s = 0; s < sets.n && !rc; s++)
		for (uint32_t i = 0; i < set[s].n && !rc; i++) {
			const struct hub_stat *m = &set[s].measure[i];
			HUB_AUTO(arena) struct hub_arena *scratch = hub_arena_new(UNITS_LIMIT);
			const char *sql =
			    scratch ? hub_stats_sql(scratch, m, hub_store_schema(store)) : NULL;
			if (!sql || !(t->units = hub_map_new(scratch)))
				return hub_fail_mem(err);
			rc = hub_stats_tally(t, hub_store_db(store), m, sql, number++, cell, err);
			cell++;
			for (uint32_t k = 0; k < m->n_by; k++)
				cell += m->by[k].n;
		}
	return rc;
}

int hub_stats_count(struct hub_stats *s, struct hub_store *store, struct hub_stat_sets sets,
		    struct hub_err *err)
{
	const struct sizes n = measure_up(sets);
	struct hub_arena *a = s->arena;
	struct hub_stat_cell *cell = hub_alloc_array(a, n.cells + 1u, sizeof *cell);
	struct tally t = {.out = s, .marks = hub_alloc_array(a, n.widest + 1u, 1)};
	size_t all;

	if (hub_size_mul(n.cells, s->periods, &all))
		return hub_fail_mem(err);
	*s = (struct hub_stats){
	    .arena = a,
	    .period = s->period,
	    .periods = s->periods,
	    .cell = cell,
	    .cells = n.cells,
	    .count = hub_alloc_array(a, all + 1, sizeof *s->count),
	    .state = hub_alloc_array(a, all + 1, sizeof *s->state),
	    .undated = hub_alloc_array(a, n.measures + 1u, sizeof *s->undated),
	};
	if (!cell || !s->count || !s->state || !s->undated || !t.marks)
		return hub_fail_mem(err);
	lay_out(sets, cell);
	hub_buf_init(&t.key, KEY_LIMIT);
	/* the indexes are made once; not inside a transaction of the caller */
	int rc = hub_store_db(store)->in_txn ? HUB_OK : hub_store_index(store, err);
	if (!rc)
		rc = count_all(&t, store, sets, err);
	hub_buf_free(&t.key);
	return rc;
}

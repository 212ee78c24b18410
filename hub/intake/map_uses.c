/* The other way round: which fields a mapping makes of a column. */
#include "intake/map.h"

#include "base/err.h"

static int reads(const struct hub_mapping *m, uint32_t op, uint32_t column)
{
	if (op == HUB_NO_OP)
		return 0;
	const struct hub_op *o = &m->op[op];
	if (o->what == HUB_OP_COLUMN)
		return o->column == column;
	for (uint32_t i = 0; i < o->n_in; i++)
		if (reads(m, o->in[i], column))
			return 1;
	return 0;
}

static uint32_t collect(const struct hub_mapping *m, uint32_t column, const struct hub_field **out)
{
	uint32_t n = 0;

	for (uint32_t b = 0; b < m->info.blocks; b++) {
		const struct hub_mapblock *block = &m->block[b];
		for (uint32_t i = 0; i < block->n; i++) {
			if (!reads(m, block->field[i].op, column))
				continue;
			if (out)
				out[n] = block->field[i].field;
			n++;
		}
	}
	return n;
}

struct hub_str hub_mapping_column(const struct hub_bound *m, uint32_t column)
{
	return m->name[column];
}

int hub_mapping_uses(struct hub_arena *a, const struct hub_bound *m, uint32_t column,
		     const struct hub_field *const **fields, uint32_t *n, struct hub_err *err)
{
	const uint32_t at = m->col_of[column];

	*n = at == HUB_NO_COLUMN ? 0 : collect(m->m, at, NULL);
	const struct hub_field **list = hub_alloc_array(a, *n + 1u, sizeof *list);
	if (!list)
		return hub_fail_mem(err);
	if (*n)
		collect(m->m, at, list);
	*fields = list;
	return HUB_OK;
}

/* Where a value comes from: each step of an expression with what it made of one record. */
#include "intake/map.h"

#include "base/err.h"

static const char *const states[] = {"absent", "null", "value", "invalid"};

static struct hub_str op_name(const struct hub_op *op)
{
	switch (op->what) {
	case HUB_OP_COLUMN:
		return HUB_STR("column");
	case HUB_OP_CONST:
		return HUB_STR("constant");
	case HUB_OP_IT:
		return HUB_STR("it");
	case HUB_OP_SPREAD:
		return HUB_STR("each");
	case HUB_OP_FUNC:
		break;
	}
	return hub_str_of(op->fn->name);
}

static void put_value(struct hub_buf *out, const struct hub_vec *v, uint32_t r)
{
	hub_json_field(out, "state", hub_str_of(states[v->cell[r]]));
	if (v->cell[r] >= HUB_VALUE)
		hub_json_field(out, "value", v->text[r]);
}

/* Inputs first, so that the steps read in the order in which they happened. */
static void put_steps(const struct hub_mapexec *x, uint32_t at, uint32_t r, uint8_t *seen,
		      struct hub_buf *out)
{
	const struct hub_op *op = &x->m->op[at];
	const uint32_t below = op->what == HUB_OP_SPREAD ? x->domain[op->domain].record[r] : r;

	if (seen[at])
		return;
	seen[at] = 1;
	for (uint32_t i = 0; i < op->n_in; i++)
		put_steps(x, op->in[i], below, seen, out);
	if (op->what == HUB_OP_SPREAD || op->what == HUB_OP_CONST)
		return; /* nothing happens to the value there */
	hub_buf_puts(out, hub_buf_last(out) == '[' ? "{" : ",{");
	hub_json_field(out, "step", op_name(op));
	hub_json_field(out, "text", op->text);
	if (op->what == HUB_OP_COLUMN)
		hub_json_field(out, "column", hub_mapexec_column(x, at));
	put_value(out, &x->reg[at].v, r);
	const char *why = hub_mapexec_why(x, at, r);
	if (why) {
		hub_json_field(out, "code", hub_str_of(op->fn->bad ? op->fn->bad : "bad-value"));
		hub_json_field(out, "reason", hub_str_of(hub_why_text(why)));
	}
	hub_buf_putc(out, '}');
}

static int put_field(struct hub_mapexec *x, const struct hub_mapblock *b,
		     const struct hub_mapfield *f, uint32_t at, uint32_t rec, struct hub_buf *out,
		     struct hub_err *err)
{
	int rc = hub_mapexec_run(x, f->op, err);

	if (rc)
		return rc;
	const struct hub_mapdomain *dom = &x->domain[b->domain];
	for (uint32_t i = 0; i < dom->n; i++) {
		const uint32_t r = dom->sel[i];
		if ((dom->record ? dom->record[r] : r) != rec)
			continue;
		uint8_t *seen = hub_alloc0(x->chunk->arena, (size_t)x->m->ops + 1);
		if (!seen)
			return hub_fail_mem(err);
		hub_buf_puts(out, hub_buf_last(out) == '[' ? "{" : ",\n{");
		hub_json_int(out, "block", at);
		hub_json_field(out, "entity", b->entity->name);
		hub_json_field(out, "field", f->field->name);
		hub_json_field(out, "expression", f->text);
		hub_json_key(out, "steps");
		hub_buf_putc(out, '[');
		put_steps(x, f->op, r, seen, out);
		hub_buf_putc(out, ']');
		put_value(out, &x->reg[f->op].v, r);
		hub_buf_putc(out, '}');
	}
	return HUB_OK;
}

/* A chunk in which only one record is open. */
static int open_one(struct hub_arena *a, const struct hub_bound *b, const struct hub_batch *batch,
		    uint32_t row, struct hub_mapexec **out, struct hub_err *err)
{
	struct hub_chunk *c = hub_alloc0(a, sizeof *c);
	const size_t n = (size_t)batch->rows + 1;

	if (!c)
		return hub_fail_mem(err);
	c->arena = a;
	c->n = batch->rows;
	c->prov = batch->prov;
	c->fate = hub_alloc0(a, n);
	c->code = hub_alloc_array(a, n, sizeof *c->code);
	c->reason = hub_alloc_array(a, n, sizeof *c->reason);
	c->column = hub_alloc_array(a, n, sizeof *c->column);
	if (!c->fate || !c->code || !c->reason || !c->column)
		return hub_fail_mem(err);
	for (uint32_t r = 0; r < c->n; r++)
		c->fate[r] = r == row ? HUB_FATE_OPEN : HUB_FATE_OUTSIDE;
	return hub_mapexec_new(b, batch, c, NULL, out, err);
}

int hub_map_explain(const struct hub_bound *m, const struct hub_batch *b, uint32_t row,
		    struct hub_str entity, struct hub_str field, struct hub_buf *out,
		    struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	struct hub_mapexec *x;
	unsigned found = 0;

	if (!a)
		return hub_fail_mem(err);
	if (row >= b->rows)
		return hub_fail(err, HUB_USAGE, "no-such-record", "there is no such record");
	int rc = open_one(a, m, b, row, &x, err);
	hub_buf_putc(out, '[');
	for (uint32_t i = 0; rc == HUB_OK && i < m->m->info.blocks; i++) {
		const struct hub_mapblock *block = &m->m->block[i];
		if (!hub_str_eq(block->entity->name, entity))
			continue;
		for (uint32_t k = 0; rc == HUB_OK && k < block->n; k++) {
			const struct hub_mapfield *f = &block->field[k];
			if (f->op == HUB_NO_OP || !hub_str_eq(f->field->name, field))
				continue;
			found++;
			rc = put_field(x, block, f, i, row, out, err);
		}
	}
	hub_buf_putc(out, ']');
	if (rc == HUB_OK && found == 0)
		return hub_fail(err, HUB_USAGE, "unknown-field",
				"mapping \"%.*s\" does not fill %.*s.%.*s",
				HUB_FMT(m->m->info.name), HUB_FMT(entity), HUB_FMT(field));
	return rc;
}

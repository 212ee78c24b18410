/* Entity rows that belong to one record: appended in bulk for new records, compared row by row for
 * changed ones (changed.c). */
#include "store/writer.h"

static int is_owned(const struct hub_block *b, uint32_t r)
{
	return !(b->slot && b->slot[r]);
}

int hub_owned_limit(struct hub_work *k)
{
	for (uint32_t i = 0; i < k->c->blocks; i++) {
		const struct hub_rows *rows = k->c->rows[i].n ? &k->c->rows[i] : NULL;
		uint32_t run = 0;
		for (uint32_t r = 0; rows && r < rows->n; r++) {
			run = r && rows->src[r] == rows->src[r - 1] ? run + 1 : 1;
			uint32_t all = run;
			for (uint32_t o = 0; o < i && run > HUB_ROWS_PER_RECORD / 16; o++)
				if (k->c->rows[o].entity == rows->entity) {
					const uint32_t from =
					    hub_rows_from(&k->c->rows[o], rows->src[r]);
					all +=
					    hub_rows_from(&k->c->rows[o], rows->src[r] + 1) - from;
				}
			if (all <= HUB_ROWS_PER_RECORD)
				continue;
			k->fate[rows->src[r]] = HUB_FATE_REJECTED;
			k->code[rows->src[r]] = "too-many-rows";
			k->reason[rows->src[r]] = hub_arena_printf(
			    k->a, hub_tr("more than %d rows of one kind in one record"),
			    HUB_ROWS_PER_RECORD);
		}
	}
	return HUB_OK;
}

/* --- new records ------------------------------------------------------------------------------ */

static void column_of(const struct hub_block *b, const struct hub_target *t, struct hub_dbcol *c)
{
	const struct hub_rows *rows = b->rows;

	*c = (struct hub_dbcol){.kind = HUB_COL_TEXT};
	switch (t->from) {
	case HUB_FROM_TEXT:
	case HUB_FROM_INT:
		c->kind = t->from == HUB_FROM_INT ? HUB_COL_TEXT_INT : HUB_COL_TEXT;
		c->cell = rows->col[t->col].cell;
		c->text = rows->col[t->col].text;
		break;
	case HUB_FROM_SPANS:
		c->cell = rows->spans[t->col].cell;
		c->text = rows->spans[t->col].text;
		break;
	case HUB_FROM_SCAN:
		c->text = rows->scan;
		break;
	case HUB_FROM_MATCH:
		c->kind = HUB_COL_REF;
		c->num = (const int64_t *)rows->match;
		break;
	case HUB_FROM_REF:
		c->kind = HUB_COL_REF;
		c->num = b->ref[t->col];
		break;
	}
}

/* The owned rows of new records in one table. Blocks of one table take turns record by record, so that ids
 * ascend and every row is appended. */
struct rows {
	const struct hub_entity_table *t;
	uint32_t *pick;
	uint16_t *set; /* number of the block among those of the table */
	uint32_t n;
};

static int list_rows(struct hub_work *k, struct rows *x)
{
	uint32_t most = 0;

	for (uint32_t n = 0; n < k->c->blocks; n++) {
		k->block[n].at = 0;
		most += k->block[n].t == x->t ? k->block[n].rows->n : 0;
	}
	x->pick = hub_alloc_array(k->a, most, sizeof *x->pick);
	x->set = hub_alloc_array(k->a, most, sizeof *x->set);
	if (!x->pick || !x->set)
		return hub_fail_mem(k->err);
	for (uint32_t i = 0; most && i < k->c->n; i++) {
		uint16_t set = 0;

		for (uint32_t n = 0; n < k->c->blocks; n++) {
			struct hub_block *b = &k->block[n];
			if (b->t != x->t)
				continue;
			for (; b->at < b->rows->n && b->rows->src[b->at] <= i; b->at++) {
				if (b->rows->src[b->at] < i || k->how[i] != HUB_HOW_NEW ||
				    !is_owned(b, b->at))
					continue;
				x->pick[x->n] = b->at;
				x->set[x->n++] = set;
			}
			set++;
		}
	}
	return HUB_OK;
}

/* One block's columns: id, then those of the list. */
static void columns_of(const struct hub_block *b, const uint32_t *list, uint32_t n,
		       struct hub_dbcol *col)
{
	col[0] = (struct hub_dbcol){.kind = HUB_COL_INT, .num = b->id};
	for (uint32_t c = 0; c < n; c++) {
		struct hub_dbcol *to = &col[c + 1];
		uint32_t i = 0;

		while (i < b->targets && b->target[i].pcol != list[c])
			i++;
		if (i < b->targets)
			column_of(b, &b->target[i], to);
		else if (list[c] == 0)
			*to = (struct hub_dbcol){.kind = HUB_COL_INT, .num = b->record};
		else if (list[c] == b->t->state)
			*to = (struct hub_dbcol){.kind = HUB_COL_TEXT, .text = b->state};
		else
			*to = (struct hub_dbcol){.kind = HUB_COL_NONE};
	}
}

static int insert_table(struct hub_work *k, const struct hub_entity_table *t)
{
	struct rows x = {.t = t};
	int rc = list_rows(k, &x);

	k->count[t->entity->index].produced += x.n;
	k->count[t->entity->index].inserted += x.n;
	if (rc || !x.n || k->w->spec.dry)
		return rc;
	uint32_t *list = hub_alloc_array(k->a, t->cols, sizeof *list), n, sets = 0;
	if (!list)
		return hub_fail_mem(k->err);
	n = hub_blocks_columns(k, t, 0, list);
	struct hub_dbcol *col = hub_alloc_array(k->a, (size_t)(n + 1) * k->c->blocks, sizeof *col);
	if (!col)
		return hub_fail_mem(k->err);
	for (uint32_t i = 0; i < k->c->blocks; i++)
		if (k->block[i].t == t)
			columns_of(&k->block[i], list, n, &col[(size_t)(n + 1) * sets++]);
	const struct hub_db_rows in = {.into = hub_columns_text(k, t, list, n),
				       .cols = n + 1,
				       .n = x.n,
				       .col = col,
				       .pick = x.pick,
				       .set = sets > 1 ? x.set : NULL};
	return in.into ? k->db->ops->insert(k->db, &in, k->err) : hub_fail_mem(k->err);
}

int hub_owned_write(struct hub_work *k)
{
	int rc = HUB_OK;

	for (uint32_t t = 0; !rc && t < k->s->tables->n; t++)
		rc = insert_table(k, &k->s->tables->table[t]);
	return rc ? rc : hub_owned_change(k);
}

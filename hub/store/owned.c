/* Entity rows that belong to one record: appended in bulk for new records, compared row by row for
 * changed ones. */
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
	const struct hub_db_insert in = {.into = hub_columns_text(k, t, list, n),
					 .cols = n + 1,
					 .n = x.n,
					 .col = col,
					 .pick = x.pick,
					 .set = sets > 1 ? x.set : NULL};
	return in.into ? k->db->ops->insert(k->db, &in, k->err) : hub_fail_mem(k->err);
}

/* --- changed records -------------------------------------------------------------------------- */

/* The rows of one record and entity: as they are, or as the mapping made them. */
struct side {
	int64_t *id;
	struct hub_dbval **val;
	uint32_t n;
};

static int read_side(struct hub_work *k, const struct hub_entity_table *t, int64_t record,
		     struct side *s)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	const int64_t from = record * HUB_ROWS_PER_RECORD;

	int rc = hub_db_key(k->db, t->name.ptr, k->err);
	if (!rc)
		rc = hub_db_query(k->db, &q, k->err, t->range, "ii", from,
				  from + HUB_ROWS_PER_RECORD - 1);
	while (!rc && (rc = hub_db_next(q, k->err)) == HUB_OK) {
		struct hub_dbval *v = hub_alloc_array(k->w->tmp, t->cols, sizeof *v);
		if (!v || s->n >= HUB_ROWS_PER_RECORD)
			return hub_fail_mem(k->err);
		s->id[s->n] = hub_db_int(q, 0);
		s->val[s->n++] = v;
		for (uint32_t c = 0; c < t->cols; c++) {
			v[c] = hub_db_val(q, c + 1);
			if (v[c].s.ptr && !(v[c].s = hub_arena_str(k->w->tmp, v[c].s)).ptr)
				return hub_fail_mem(k->err);
		}
	}
	return rc == HUB_END ? HUB_OK : rc;
}

static int make_row(struct hub_work *k, const struct hub_block *b, uint32_t r, struct side *s)
{
	struct hub_dbval *v = hub_alloc_array(k->w->tmp, b->t->cols, sizeof *v);
	enum hub_cell state;

	if (!v)
		return -1;
	v[0] = (struct hub_dbval){HUB_DB_INT, b->record[r], {NULL, 0}};
	for (uint32_t i = 0; i < b->targets; i++)
		v[b->target[i].pcol] = hub_block_value(b, &b->target[i], r, &state);
	if (b->state[r].ptr)
		v[b->t->state] = (struct hub_dbval){HUB_DB_TEXT, 0, b->state[r]};
	s->id[s->n] = b->id[r];
	s->val[s->n++] = v;
	return 0;
}

static int make_side(struct hub_work *k, const struct hub_entity_table *t, uint32_t i,
		     struct side *s)
{
	for (uint32_t n = 0; n < k->c->blocks; n++) {
		const struct hub_block *b = &k->block[n];
		if (b->t != t)
			continue;
		for (uint32_t r = hub_rows_from(b->rows, i); r < b->rows->n && b->rows->src[r] == i;
		     r++)
			if (is_owned(b, r) && make_row(k, b, r, s))
				return hub_fail_mem(k->err);
	}
	return HUB_OK;
}

static int same_row(const struct hub_dbval *a, const struct hub_dbval *b, uint32_t n)
{
	for (uint32_t c = 0; c < n; c++)
		if (!hub_dbval_same(&a[c], &b[c]))
			return 0;
	return 1;
}

int hub_row_write(struct hub_work *k, const struct hub_entity_table *t, int insert, int64_t id,
		  const struct hub_dbval *val)
{
	const struct hub_dbval idv = {HUB_DB_INT, id, {NULL, 0}};
	struct hub_query *q = NULL;

	int rc = k->db->ops->prepare(k->db, insert ? t->insert : t->update, &q, k->err);
	if (rc)
		return rc;
	int bad = q->ops->bind(q, insert ? 0 : t->cols, &idv);
	for (uint32_t c = 0; c < t->cols; c++)
		bad |= q->ops->bind(q, insert ? c + 1 : c, &val[c]);
	rc = bad ? hub_fail(k->err, HUB_FATAL, "store-bind", "a value does not fit its statement")
		 : hub_db_next(q, k->err);
	hub_db_done(q);
	return rc < 0 ? rc : HUB_OK;
}

/* One row of a changed record: old or now may be NULL. */
static int settle(struct hub_work *k, const struct hub_entity_table *t, int64_t id, int64_t record,
		  const struct hub_dbval *old, const struct hub_dbval *now)
{
	HUB_AUTO(buf) struct hub_buf image;
	const struct hub_hash h_old = old ? hub_row_hash(t, old) : (struct hub_hash){0, 0};
	const struct hub_hash h_now = now ? hub_row_hash(t, now) : (struct hub_hash){0, 0};
	int rc;

	hub_buf_init(&image, (size_t)128 << 20);
	if (k->w->spec.dry)
		return HUB_OK;
	for (uint32_t c = 0; old && c < t->cols; c++)
		hub_image_put(&image, t->col[c].name, &old[c]);
	if (!hub_buf_ok(&image))
		return hub_fail_mem(k->err);
	rc = hub_history_add(k, t->entity->name, id, record,
			     !old  ? HUB_OP_INSERT
			     : now ? HUB_OP_UPDATE
				   : HUB_OP_DELETE,
			     hub_buf_text(&image), old ? &h_old : NULL, now ? &h_now : NULL);
	if (rc)
		return rc;
	if (!now)
		return hub_db_run(k->db, k->err, t->remove, "i", id);
	return hub_row_write(k, t, !old, id, now);
}

static int settle_table(struct hub_work *k, const struct hub_entity_table *t, uint32_t i,
			int mapping_changed, struct side *old, struct side *now)
{
	struct hub_entity_count *n = &k->count[t->entity->index];
	uint32_t o = 0;
	int rc;

	old->n = now->n = 0;
	if ((rc = read_side(k, t, k->id[i], old)) || (rc = make_side(k, t, i, now)))
		return rc;
	for (uint32_t w = 0; w < now->n || o < old->n;) {
		const int has_old = o < old->n && (w >= now->n || old->id[o] <= now->id[w]);
		const int has_now = w < now->n && (o >= old->n || now->id[w] <= old->id[o]);
		const struct hub_dbval *a = has_old ? old->val[o] : NULL;
		const struct hub_dbval *b = has_now ? now->val[w] : NULL;
		const int64_t id = has_old ? old->id[o] : now->id[w];

		o += (uint32_t)has_old;
		w += (uint32_t)has_now;
		n->produced += (uint64_t)has_now;
		if (a && b && same_row(a, b, t->cols)) {
			n->same++;
			continue;
		}
		n->updated += a && b;
		n->inserted += !a;
		n->removed += !b;
		k->left += !b && mapping_changed;
		if ((rc = settle(k, t, id, k->id[i], a, b)))
			return rc;
	}
	return HUB_OK;
}

static int change_record(struct hub_work *k, uint32_t i, struct side *old, struct side *now)
{
	int mapping_changed = 0;

	hub_arena_reset(k->w->tmp);
	int rc = hub_history_record(k, i, &mapping_changed);
	for (uint32_t t = 0; !rc && t < k->s->tables->n; t++)
		rc = settle_table(k, &k->s->tables->table[t], i, mapping_changed, old, now);
	return rc;
}

static int make_sides(struct hub_work *k, struct side *s)
{
	s->id = hub_alloc_array(k->a, HUB_ROWS_PER_RECORD, sizeof *s->id);
	s->val = hub_alloc_array(k->a, HUB_ROWS_PER_RECORD, sizeof *s->val);
	return s->id && s->val ? 0 : -1;
}

int hub_owned_write(struct hub_work *k)
{
	struct side old = {0}, now = {0};
	int rc = HUB_OK;

	for (uint32_t t = 0; !rc && t < k->s->tables->n; t++)
		rc = insert_table(k, &k->s->tables->table[t]);
	for (uint32_t i = 0; !rc && i < k->c->n; i++) {
		if (k->how[i] != HUB_HOW_CHANGED)
			continue;
		if (!old.id && (make_sides(k, &old) || make_sides(k, &now)))
			return hub_fail_mem(k->err);
		rc = change_record(k, i, &old, &now);
	}
	return rc;
}

int hub_owned_remove(struct hub_work *k, int64_t record, struct hub_entity_count *count,
		     uint64_t *rows)
{
	struct side old = {0};
	int rc = HUB_OK;

	hub_arena_reset(k->w->tmp);
	old.id = hub_alloc_array(k->w->tmp, HUB_ROWS_PER_RECORD, sizeof *old.id);
	old.val = hub_alloc_array(k->w->tmp, HUB_ROWS_PER_RECORD, sizeof(struct hub_dbval *));
	if (!old.id || !old.val)
		return hub_fail_mem(k->err);
	for (uint32_t i = 0; !rc && i < k->s->tables->n; i++) {
		const struct hub_entity_table *t = &k->s->tables->table[i];

		old.n = 0;
		rc = read_side(k, t, record, &old);
		for (uint32_t r = 0; !rc && r < old.n; r++)
			rc = settle(k, t, old.id[r], record, old.val[r], NULL);
		count[t->entity->index].removed += old.n;
		*rows += old.n;
	}
	return rc;
}

/* What stands of the shared rows at the end of a chunk: written once, remembered by ledger and run. */
#include "store/slot.h"

static int put_state(struct hub_work *k, struct hub_slot *s)
{
	const struct hub_entity *e = s->t->entity;
	struct hub_str text = {NULL, 0};

	for (uint32_t f = 0; f < e->count; f++) {
		if (s->cell[f] != HUB_INVALID && s->cell[f] != HUB_ABSENT)
			continue;
		if (s->cell[f] == HUB_ABSENT && s->val[s->t->of_field[f]].type != HUB_DB_NULL)
			continue;
		text = hub_arena_printf(k->a, "%.*s %s%c", HUB_FMT(text), e->fields[f].name.ptr,
					s->cell[f] == HUB_INVALID ? '!' : '-');
		if (!text.ptr)
			return hub_fail_mem(k->err);
	}
	s->val[s->t->state] = (struct hub_dbval){text.ptr ? HUB_DB_TEXT : HUB_DB_NULL, 0, text};
	return HUB_OK;
}

/* A row that this run made has no before; one that it changed has its line already. */
static int keep_slot(struct hub_work *k, const struct hub_slot *s)
{
	HUB_AUTO(buf) struct hub_buf image;
	const int64_t at = s->id - HUB_SHARED_BASE;

	hub_buf_init(&image, (size_t)128 << 20);
	if (hub_bits_get(&k->w->made, at))
		return HUB_OK;
	const struct hub_hash old = hub_row_hash(s->t, s->was), now = hub_row_hash(s->t, s->val);
	struct hub_past_line line = {.entity = s->t->entity->name,
				     .row = s->id,
				     .record = s->record,
				     .op = HUB_OP_UPDATE,
				     .hash_after = &now};
	if (hub_bits_get(&k->w->hot, at))
		return hub_history_add(k, &line);
	for (uint32_t c = 0; c < s->t->cols; c++)
		hub_image_put(&image, s->t->col[c].name, &s->was[c]);
	line.before = hub_buf_text(&image);
	line.hash_before = &old;
	return hub_buf_ok(&image) ? hub_history_note(k, &line) : hub_fail_mem(k->err);
}

/* All changed rows of one entity. */
static int update_slots(struct hub_work *k, const struct hub_entity_table *t, uint32_t n)
{
	const struct hub_dbval **val = hub_alloc_array(k->a, n, sizeof(struct hub_dbval *));
	int64_t *id = hub_alloc_array(k->a, n, sizeof *id);
	uint32_t at = 0;

	if (!val || !id)
		return hub_fail_mem(k->err);
	for (struct hub_slot *s = k->slots; s; s = s->next) {
		if (s->t != t || !s->dirty || !s->in_store)
			continue;
		const int rc = keep_slot(k, s);
		if (rc)
			return rc;
		id[at] = s->id;
		val[at++] = s->val;
	}
	hub_arena_reset(k->w->tmp);
	return hub_rows_update(k, t, id, val, at);
}

/* All new rows of one entity, ids ascending. */
static int insert_slots(struct hub_work *k, const struct hub_entity_table *t, uint32_t n)
{
	struct hub_dbcol *col = hub_alloc_array(k->a, t->cols + 1, sizeof *col);
	uint32_t *list = hub_alloc_array(k->a, t->cols, sizeof *list);
	const struct hub_dbval **val = hub_alloc_array(k->a, n, sizeof(struct hub_dbval *));
	int64_t *id = hub_alloc_array(k->a, n, sizeof *id);
	uint32_t at = 0;

	if (!col || !list || !val || !id)
		return hub_fail_mem(k->err);
	const int first = k->w->space[t->entity->index] == HUB_SPACE_EMPTY;
	for (struct hub_slot *s = k->slots; s; s = s->next)
		if (s->t == t && s->made && (s->dirty || s->used)) {
			const int rc = first ? hub_keys_add(k->w, &s->key, s->id, k->err) : HUB_OK;
			if (rc)
				return rc;
			id[at] = s->id;
			val[at++] = s->val;
		}
	const uint32_t cols = hub_blocks_columns(k, t, 1, list);
	col[0] = (struct hub_dbcol){.kind = HUB_COL_INT, .num = id};
	for (uint32_t c = 0; c < cols; c++)
		col[c + 1] = (struct hub_dbcol){.kind = HUB_COL_VAL, .val = val, .at = list[c]};
	const struct hub_db_rows in = {
	    .into = hub_columns_text(k, t, list, cols), .cols = cols + 1, .n = at, .col = col};
	return in.into ? k->db->ops->insert(k->db, &in, k->err) : hub_fail_mem(k->err);
}

/* What decided about the row before this run, for undo; a row that the run made has no before. */
static int keep_latest(struct hub_work *k, const struct hub_slot *s)
{
	HUB_AUTO(query) struct hub_query *q = NULL;

	if (!s->in_store || hub_bits_get(&k->w->made, s->id - HUB_SHARED_BASE))
		return HUB_OK;
	int rc = hub_db_query(k->db, &q, k->err, "SELECT value FROM shared_latest WHERE row_id = ?",
			      "i", s->id);
	if (!rc)
		rc = hub_db_next(q, k->err);
	if (rc < 0)
		return rc;
	const struct hub_str was = rc ? (struct hub_str){NULL, 0} : hub_db_str(q, 0);
	if (!rc && !was.ptr == !s->latest.ptr && hub_str_eq(was, s->latest))
		return HUB_OK;
	const struct hub_past_line line = {.entity = HUB_HISTORY_LATEST,
					   .row = s->id,
					   .record = s->record,
					   .op = HUB_OP_UPDATE,
					   .before = was};
	return hub_history_add(k, &line);
}

static int put_latest(struct hub_work *k, const struct hub_slot *s)
{
	if (!s->has_latest || !(s->dirty || s->used))
		return HUB_OK;
	const int rc = keep_latest(k, s);
	if (rc)
		return rc;
	return hub_db_run(k->db, k->err,
			  "INSERT INTO shared_latest (row_id, value) VALUES (?, ?)"
			  " ON CONFLICT (row_id) DO UPDATE SET value = excluded.value",
			  "it", s->id, s->latest);
}

int hub_shared_write(struct hub_work *k)
{
	int rc = HUB_OK;

	if (k->w->spec.dry)
		return HUB_OK;
	uint32_t *made = hub_alloc_array(k->a, k->s->tables->n + 1, sizeof *made);
	uint32_t *changed = hub_alloc_array(k->a, k->s->tables->n + 1, sizeof *changed);
	if (!made || !changed)
		return hub_fail_mem(k->err);
	for (struct hub_slot *s = k->slots; s && !rc; s = s->next) {
		if (s->made && (s->dirty || s->used)) {
			rc = hub_slot_load(k, s);
			made[s->t->entity->index]++;
		}
		if (!rc && s->dirty)
			rc = put_state(k, s);
		changed[s->t->entity->index] += s->dirty && s->in_store;
		if (!rc)
			rc = put_latest(k, s);
	}
	for (uint32_t t = 0; !rc && t < k->s->tables->n; t++) {
		const struct hub_entity_table *table = &k->s->tables->table[t];

		if (made[t])
			rc = insert_slots(k, table, made[t]);
		if (!rc && changed[t])
			rc = update_slots(k, table, changed[t]);
	}
	return rc;
}

/* --- ledger and memory of the run ------------------------------------------------------------- */

static unsigned touch_kind(const struct hub_slot *s)
{
	return s->made ? HUB_TOUCH_NEW : s->hot ? HUB_TOUCH_CHANGED : HUB_TOUCH_SAME;
}

/* 1 when the ledger must hear of the slot: made, changed, or decided for the first time. */
static int is_news(const struct hub_work *k, const struct hub_slot *s)
{
	if (s->made)
		return s->dirty || s->used;
	if (s->hot)
		return 1;
	return s->decided && !hub_bits_get(&k->w->shared, s->id - HUB_SHARED_BASE);
}

int hub_shared_ledger(struct hub_work *k, struct hub_buf *out)
{
	int64_t last = 0;

	hub_buf_reset(out);
	for (const struct hub_slot *s = k->slots; s; s = s->next)
		if (is_news(k, s))
			hub_ids_put(out, &last, s->id - HUB_SHARED_BASE, touch_kind(s));
	/* shared rows that only unchanged records speak of; one may be listed twice */
	for (uint32_t i = 0; k->c->refs && i < k->c->n; i++) {
		struct hub_str refs = k->c->refs[i];
		int64_t at = HUB_SHARED_BASE, id;
		unsigned kind;

		while (k->fate[i] == HUB_FATE_SAME && hub_ids_next(&refs, &at, &id, &kind) > 0)
			if (!hub_bits_get(&k->w->shared, id - HUB_SHARED_BASE))
				hub_ids_put(out, &last, id - HUB_SHARED_BASE, HUB_TOUCH_SAME);
	}
	return hub_buf_ok(out) ? HUB_OK : hub_fail_mem(k->err);
}

void hub_shared_commit(struct hub_work *k)
{
	struct hub_writer *w = k->w;

	for (const struct hub_slot *s = k->slots; s; s = s->next) {
		const int64_t at = s->id - HUB_SHARED_BASE;

		if (s->made && !s->dirty && !s->used)
			continue;
		if (s->decided)
			(void)hub_bits_set(&w->shared, at);
		if (s->made)
			(void)hub_bits_set(&w->made, at);
		if (s->hot)
			(void)hub_bits_set(&w->hot, at);
		struct hub_cached *c = hub_slot_cached(w, &s->key);
		*c = (struct hub_cached){s->key, s->content, s->id, s->record, s->block};
	}
	for (uint32_t i = 0; k->c->refs && i < k->c->n; i++) {
		struct hub_str refs = k->c->refs[i];
		int64_t at = HUB_SHARED_BASE, id;
		unsigned kind;

		while (k->fate[i] == HUB_FATE_SAME && hub_ids_next(&refs, &at, &id, &kind) > 0)
			(void)hub_bits_set(&w->shared, id - HUB_SHARED_BASE);
	}
}

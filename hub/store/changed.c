/* Entity rows of changed records, compared with what is stored. */
#include "store/writer.h"

/* The rows of one record and entity: as they are, or as the mapping made them. */
struct side {
	int64_t *id;
	struct hub_dbval **val;
	uint32_t n;
};

enum { WAITING = 256 };

/* Rows that go into a table together. */
struct waiting {
	uint32_t n;
	int64_t id[WAITING];
	const struct hub_dbval *val[WAITING];
};

/* Records whose rows are asked for and written at once: a question a record and table is what a changed record
 * costs, above all over a network. */
struct group {
	struct waiting fresh, changed; /* ids of fresh ascend */
	uint32_t n;
	int64_t record[HUB_RANGES];
	uint32_t at[HUB_RANGES]; /* in the chunk */
	int mapping_changed[HUB_RANGES];
	struct side old[HUB_RANGES];
	struct side now;
};

static int make_side_space(struct hub_work *k, struct side *s)
{
	s->id = hub_alloc_array(k->a, HUB_ROWS_PER_RECORD, sizeof *s->id);
	s->val = hub_alloc_array(k->a, HUB_ROWS_PER_RECORD, sizeof(struct hub_dbval *));
	return s->id && s->val ? 0 : -1;
}

static struct group *new_group(struct hub_work *k, uint32_t most)
{
	struct group *g = hub_alloc0(k->a, sizeof *g);

	for (uint32_t i = 0; g && i < most; i++)
		if (make_side_space(k, &g->old[i]))
			return NULL;
	return g && !make_side_space(k, &g->now) ? g : NULL;
}

static struct side *side_of(struct group *g, int64_t record)
{
	for (uint32_t i = 0; i < g->n; i++)
		if (g->record[i] == record)
			return &g->old[i];
	return NULL;
}

/* Rows come in no order the store promises. */
static int keep_row(struct hub_work *k, const struct hub_entity_table *t, struct hub_query *q,
		    struct side *s)
{
	struct hub_dbval *v = hub_alloc_array(k->w->tmp, t->cols, sizeof *v);
	const int64_t id = hub_db_int(q, 0);

	if (!v || s->n >= HUB_ROWS_PER_RECORD)
		return hub_fail_mem(k->err);
	for (uint32_t c = 0; c < t->cols; c++) {
		v[c] = hub_db_val(q, c + 1);
		if (v[c].s.ptr && !(v[c].s = hub_arena_str(k->w->tmp, v[c].s)).ptr)
			return hub_fail_mem(k->err);
	}
	uint32_t at = s->n++;
	for (; at && s->id[at - 1] > id; at--) {
		s->id[at] = s->id[at - 1];
		s->val[at] = s->val[at - 1];
	}
	s->id[at] = id;
	s->val[at] = v;
	return HUB_OK;
}

static int read_rows(struct hub_work *k, const struct hub_entity_table *t, struct group *g)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int bad = 0;

	for (uint32_t i = 0; i < g->n; i++)
		g->old[i].n = 0;
	int rc = hub_db_key(k->db, t->name.ptr, k->err);
	if (!rc)
		rc = k->db->ops->prepare(k->db, t->owned, &q, k->err);
	for (uint32_t i = 0; !rc && i < HUB_RANGES; i++) {
		const struct hub_dbval record = {
		    HUB_DB_INT, i < g->n ? g->record[i] : -1, {NULL, 0}};
		bad |= q->ops->bind(q, i, &record);
	}
	if (bad)
		return hub_fail(k->err, HUB_FATAL, "store-bind",
				"a value does not fit its statement");
	while (!rc && (rc = hub_db_next(q, k->err)) == HUB_OK) {
		struct side *s = side_of(g, hub_db_int(q, 0) / HUB_ROWS_PER_RECORD);
		if (s)
			rc = keep_row(k, t, q, s);
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
			if (!(b->slot && b->slot[r]) && make_row(k, b, r, s))
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

int hub_rows_put(struct hub_db *db, struct hub_arena *tmp, const struct hub_entity_table *t,
		 int insert, const int64_t *id, const struct hub_dbval *const *val, uint32_t n,
		 struct hub_err *err)
{
	struct hub_dbcol *col = hub_alloc_array(tmp, t->cols + 1, sizeof *col);

	if (!col)
		return hub_fail_mem(err);
	col[0] = (struct hub_dbcol){.kind = HUB_COL_INT, .num = id};
	for (uint32_t c = 0; c < t->cols; c++)
		col[c + 1] = (struct hub_dbcol){
		    .kind = HUB_COL_VAL, .val = val, .at = c, .type = t->col[c].type};
	const struct hub_db_rows in = {.into = t->all, .cols = t->cols + 1, .n = n, .col = col};
	if (!n)
		return HUB_OK;
	return insert ? db->ops->insert(db, &in, err) : db->ops->update(db, &in, err);
}

int hub_rows_update(struct hub_work *k, const struct hub_entity_table *t, const int64_t *id,
		    const struct hub_dbval *const *val, uint32_t n)
{
	return hub_rows_put(k->db, k->w->tmp, t, 0, id, val, n, k->err);
}

static int write_waiting(struct hub_work *k, const struct hub_entity_table *t, struct group *g)
{
	int rc =
	    hub_rows_put(k->db, k->w->tmp, t, 1, g->fresh.id, g->fresh.val, g->fresh.n, k->err);

	if (!rc)
		rc = hub_rows_update(k, t, g->changed.id, g->changed.val, g->changed.n);
	g->fresh.n = g->changed.n = 0;
	return rc;
}

static int wait_row(struct hub_work *k, const struct hub_entity_table *t, struct group *g,
		    int insert, int64_t id, const struct hub_dbval *val)
{
	struct waiting *w = insert ? &g->fresh : &g->changed;

	if (w->n == WAITING || (insert && w->n && w->id[w->n - 1] > id)) {
		const int rc = write_waiting(k, t, g);
		if (rc)
			return rc;
	}
	w->id[w->n] = id;
	w->val[w->n++] = val;
	return HUB_OK;
}

/* One row of a changed record: old or now may be NULL. now lives until the group is written. */
static int settle(struct hub_work *k, const struct hub_entity_table *t, struct group *g, int64_t id,
		  int64_t record, const struct hub_dbval *old, const struct hub_dbval *now)
{
	HUB_AUTO(buf) struct hub_buf image;
	const struct hub_hash h_old = old ? hub_row_hash(t, old) : (struct hub_hash){0, 0};
	const struct hub_hash h_now = now ? hub_row_hash(t, now) : (struct hub_hash){0, 0};

	hub_buf_init(&image, (size_t)128 << 20);
	if (k->w->spec.dry)
		return HUB_OK;
	for (uint32_t c = 0; old && c < t->cols; c++)
		hub_image_put(&image, t->col[c].name, &old[c]);
	if (!hub_buf_ok(&image))
		return hub_fail_mem(k->err);
	const struct hub_past_line line = {.entity = t->entity->name,
					   .row = id,
					   .record = record,
					   .op = !old  ? HUB_OP_INSERT
						 : now ? HUB_OP_UPDATE
						       : HUB_OP_DELETE,
					   .before = hub_buf_text(&image),
					   .hash_before = old ? &h_old : NULL,
					   .hash_after = now ? &h_now : NULL};
	const int rc = hub_history_note(k, &line);
	if (rc)
		return rc;
	if (!now)
		return hub_db_run(k->db, k->err, t->remove, "i", id);
	return wait_row(k, t, g, !old, id, now);
}

/* Record `at` of the group. */
static int settle_record(struct hub_work *k, const struct hub_entity_table *t, struct group *g,
			 uint32_t at)
{
	struct hub_entity_count *n = &k->count[t->entity->index];
	const struct side *old = &g->old[at];
	struct side *now = &g->now;
	const uint32_t i = g->at[at];
	uint32_t o = 0;

	now->n = 0;
	int rc = make_side(k, t, i, now);
	if (rc)
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
		k->left += !b && g->mapping_changed[at];
		if ((rc = settle(k, t, g, id, k->id[i], a, b)))
			return rc;
	}
	return HUB_OK;
}

enum owns { OWNS_UNKNOWN = 0, OWNS_NONE, OWNS_SOME };

/* Whether records of the feed can have rows in the table: asked once a run. What is added to an empty table later is
 * of new records or of other feeds, unless the chunk has rows for it. */
static int may_own(struct hub_work *k, const struct hub_entity_table *t)
{
	uint8_t *owns = &k->w->owns[t->entity->index];
	char sql[160];
	int64_t one;
	int rc;

	for (uint32_t n = 0; n < k->c->blocks; n++)
		if (k->block[n].t == t)
			*owns = OWNS_SOME;
	if (*owns != OWNS_UNKNOWN)
		return *owns == OWNS_SOME;
	snprintf(sql, sizeof sql, "SELECT 1 FROM %s WHERE id < ? LIMIT 1", t->name.ptr);
	rc = hub_db_one(k->db, &one, k->err, sql, "i", HUB_SHARED_BASE);
	*owns = rc == HUB_END ? OWNS_NONE : OWNS_SOME;
	return rc < 0 ? rc : *owns == OWNS_SOME;
}

static int change_rows(struct hub_work *k, const struct hub_entity_table *t, struct group *g)
{
	hub_arena_reset(k->w->tmp);
	int rc = may_own(k, t);
	if (rc <= 0)
		return rc;
	rc = read_rows(k, t, g);
	for (uint32_t i = 0; !rc && i < g->n; i++)
		rc = settle_record(k, t, g, i);
	return rc ? rc : write_waiting(k, t, g);
}

static int change_group(struct hub_work *k, struct group *g)
{
	hub_arena_reset(k->w->tmp);
	int rc = hub_history_records(k, g->at, g->n, g->mapping_changed);
	for (uint32_t n = 0; !rc && n < k->s->tables->n; n++)
		rc = change_rows(k, &k->s->tables->table[n], g);
	g->n = 0;
	return rc;
}

int hub_owned_change(struct hub_work *k)
{
	struct group *g = NULL;
	int rc = HUB_OK;

	for (uint32_t i = 0; !rc && i < k->c->n; i++) {
		if (k->how[i] != HUB_HOW_CHANGED)
			continue;
		if (!g && !(g = new_group(k, HUB_RANGES)))
			return hub_fail_mem(k->err);
		g->record[g->n] = k->id[i];
		g->at[g->n++] = i;
		if (g->n == HUB_RANGES)
			rc = change_group(k, g);
	}
	return rc || !g || !g->n ? rc : change_group(k, g);
}

int hub_owned_remove(struct hub_work *k, int64_t record, struct hub_entity_count *count,
		     uint64_t *rows)
{
	int rc = HUB_OK;

	hub_arena_reset(k->w->tmp); /* which may be k->a */
	struct group *g = new_group(k, 1);
	if (!g)
		return hub_fail_mem(k->err);
	g->record[0] = record;
	g->n = 1;
	const struct side *old = &g->old[0];
	for (uint32_t i = 0; !rc && i < k->s->tables->n; i++) {
		const struct hub_entity_table *t = &k->s->tables->table[i];

		rc = read_rows(k, t, g);
		for (uint32_t r = 0; !rc && r < old->n; r++)
			rc = settle(k, t, g, old->id[r], record, old->val[r], NULL);
		count[t->entity->index].removed += old->n;
		*rows += old->n;
	}
	return rc;
}

/* Rows with a key of their own, which several records may describe (person, household, agency ...).
 * Every row of the chunk that describes one is a vote; votes are counted in the order of the source,
 * and what stands at the end of the chunk is written once.
 *
 * A slot is one shared row as far as this chunk is concerned. Its values are read from the store only
 * when a vote may differ from them. In a dry run values of earlier chunks are hashes only. */
#include "store/writer.h"

enum { MAX_COLS = 2000 }; /* SQLite's own limit of columns in a table */

struct hub_slot {
	struct hub_slot *next; /* in the order in which ids are given out */
	struct hub_hash key;   /* of entity and key */
	struct hub_str name;   /* the key */
	const struct hub_table *t;
	int64_t id, record;    /* record: who described it last; 0 nobody */
	int64_t by;            /* record that decided it in this chunk; 0: not in this chunk */
	struct hub_dbval *val; /* columns as they are now; NULL: not read */
	struct hub_dbval *was; /* as they were in the store before this chunk; NULL: not changed */
	uint64_t *hashed;      /* dry run: hashes of columns decided by earlier chunks, or NULL */
	uint8_t *cell;         /* by field: enum hub_cell */
	struct hub_hash content; /* of the last vote of `block` that stands */
	uint32_t block;
	struct hub_str latest; /* LATEST: the value that decided */
	uint8_t in_store, decided, made, hot, used, dirty, has_latest;
};

int64_t hub_slot_id(const struct hub_slot *s)
{
	return s->id;
}

/* --- finding slots ---------------------------------------------------------------------------- */

static struct hub_hash slot_key(const struct hub_entity *e, struct hub_str key)
{
	return hub_hash128(key, (struct hub_hash){e->index + 1, 0x7368617265640000u});
}

static int same_hash(const struct hub_hash *a, const struct hub_hash *b)
{
	return a->hi == b->hi && a->lo == b->lo;
}

static struct hub_cached *cached(struct hub_writer *w, const struct hub_hash *key)
{
	return &w->cache[key->lo & (HUB_CACHE_SLOTS - 1)];
}

static struct hub_slot **place(struct hub_work *k, const struct hub_hash *key)
{
	size_t at = key->hi & (k->by_key_size - 1);

	while (k->by_key[at] && !same_hash(&k->by_key[at]->key, key))
		at = (at + 1) & (k->by_key_size - 1);
	return &k->by_key[at];
}

/* The slot of a key, made when the chunk meets it first. */
static struct hub_slot *slot_of(struct hub_work *k, const struct hub_entity *e, struct hub_str key)
{
	const struct hub_hash h = slot_key(e, key);
	struct hub_slot **at = place(k, &h);

	if (*at)
		return *at;
	struct hub_slot *s = hub_alloc0(k->a, sizeof *s);
	if (!s)
		return NULL;
	s->key = h;
	s->name = key;
	s->t = hub_tables_of(k->s->tables, e);
	s->block = HUB_NO_BLOCK;
	const struct hub_cached *c = cached(k->w, &h);
	if (same_hash(&c->key, &h)) {
		s->id = c->id;
		s->record = c->record;
		s->content = c->content;
		s->block = c->block;
		s->in_store = 1;
	}
	*at = s;
	*k->slots_end = s;
	k->slots_end = &s->next;
	return s;
}

static int make_index(struct hub_work *k)
{
	size_t keys = 16;

	for (uint32_t i = 0; i < k->c->blocks; i++) {
		const struct hub_block *b = &k->block[i];
		keys += b->slot ? b->rows->n : 0;
		for (uint32_t c = 0; c < b->rows->cols; c++)
			keys += b->to[c] ? b->rows->n : 0;
	}
	for (k->by_key_size = 64; k->by_key_size < keys * 2;)
		k->by_key_size *= 2;
	k->by_key = hub_alloc_array(k->a, k->by_key_size, sizeof(struct hub_slot *));
	k->slots_end = &k->slots;
	return k->by_key ? 0 : -1;
}

static int is_open(const struct hub_work *k, uint32_t src)
{
	return k->fate[src] == HUB_FATE_OPEN;
}

/* The slots that one row speaks of: its own and those it refers to by key. */
static int open_row(struct hub_work *k, struct hub_block *b, uint32_t r)
{
	const struct hub_rows *rows = b->rows;

	if (b->slot && rows->key.cell[r] == HUB_VALUE &&
	    !(b->slot[r] = slot_of(k, rows->entity, rows->key.text[r])))
		return -1;
	for (uint32_t c = 0; c < rows->cols; c++)
		if (b->to[c] && rows->col[c].cell[r] == HUB_VALUE &&
		    rows->field[c]->to->identified &&
		    !(b->to[c][r] = slot_of(k, rows->field[c]->to, rows->col[c].text[r])))
			return -1;
	return 0;
}

/* Record by record, so that ids do not depend on where chunks were cut. */
static int open_slots(struct hub_work *k)
{
	for (uint32_t n = 0; n < k->c->blocks; n++)
		k->block[n].at = 0;
	for (uint32_t i = 0; i < k->c->n; i++)
		for (uint32_t n = 0; n < k->c->blocks; n++) {
			struct hub_block *b = &k->block[n];
			for (; b->at < b->rows->n && b->rows->src[b->at] <= i; b->at++)
				if (b->rows->src[b->at] == i && is_open(k, i) &&
				    open_row(k, b, b->at))
					return -1;
		}
	return 0;
}

/* Asks the store for the slots of one entity that the cache did not know. */
static int find_entity(struct hub_work *k, const struct hub_table *t, struct hub_slot **list,
		       uint32_t n)
{
	struct hub_str *key = hub_alloc_array(k->a, n, sizeof *key);
	int64_t *id = hub_alloc_array(k->a, n, sizeof *id);
	int64_t *record = hub_alloc_array(k->a, n, sizeof *record);

	if (!key || !id || !record)
		return hub_fail_mem(k->err);
	for (uint32_t i = 0; i < n; i++)
		key[i] = list[i]->name;
	const struct hub_db_find in = {t->find, k->w->system, n, key, id, record};
	const int rc = k->db->ops->find(k->db, &in, k->err);
	for (uint32_t i = 0; !rc && i < n; i++) {
		list[i]->id = id[i];
		list[i]->record = record[i];
		list[i]->in_store = id[i] != 0;
	}
	return rc;
}

static int find_all(struct hub_work *k)
{
	uint32_t most = 0;

	for (const struct hub_slot *s = k->slots; s; s = s->next)
		most++;
	struct hub_slot **list = hub_alloc_array(k->a, most + 1, sizeof(struct hub_slot *));
	if (!list)
		return hub_fail_mem(k->err);
	for (uint32_t t = 0; t < k->s->tables->n; t++) {
		const struct hub_table *table = &k->s->tables->table[t];
		uint32_t n = 0;

		for (struct hub_slot *s = k->slots; s && table->find; s = s->next)
			if (s->t == table && !s->id)
				list[n++] = s;
		const int rc = n ? find_entity(k, table, list, n) : HUB_OK;
		if (rc)
			return rc;
	}
	return HUB_OK;
}

/* What earlier chunks of a dry run made is not in the store. */
static int find_dry(struct hub_work *k, struct hub_slot *s)
{
	struct hub_str cells, latest;
	const size_t fields = s->t->entity->count, cols = s->t->cols;

	const int rc = hub_dry_slot(k, &s->key, &s->id, &s->record, &cells, &latest);
	if (rc <= 0)
		return rc;
	s->in_store = 1;
	s->latest = latest;
	s->has_latest = latest.ptr != NULL;
	if (cells.len != cols * sizeof(uint64_t) + fields)
		return HUB_OK;
	s->hashed = hub_alloc_array(k->a, cols, sizeof *s->hashed);
	s->cell = hub_alloc_array(k->a, fields + 1, 1);
	if (!s->hashed || !s->cell)
		return hub_fail_mem(k->err);
	memcpy(s->hashed, cells.ptr, cols * sizeof(uint64_t));
	memcpy(s->cell, cells.ptr + cols * sizeof(uint64_t), fields);
	return HUB_OK;
}

int hub_shared_resolve(struct hub_work *k)
{
	if (make_index(k))
		return hub_fail_mem(k->err);
	if (open_slots(k))
		return hub_fail_mem(k->err);
	int rc = find_all(k);
	for (struct hub_slot *s = k->slots; s && !rc; s = s->next) {
		if (k->w->spec.dry && (rc = find_dry(k, s)))
			return rc;
		if (!s->id) {
			s->id = HUB_SHARED_BASE + k->next_shared++;
			s->made = 1;
		}
		s->decided = (uint8_t)hub_bits_get(&k->w->shared, s->id - HUB_SHARED_BASE);
	}
	return rc;
}

int hub_shared_refs(struct hub_work *k)
{
	HUB_AUTO(buf) struct hub_buf list;

	hub_buf_init(&list, (size_t)1 << 20);
	for (uint32_t i = 0; i < k->c->blocks; i++)
		k->block[i].at = 0;
	for (uint32_t i = 0; i < k->c->n; i++) {
		int64_t last = HUB_SHARED_BASE;

		hub_buf_reset(&list);
		for (uint32_t n = 0; n < k->c->blocks; n++) {
			struct hub_block *b = &k->block[n];
			const struct hub_rows *rows = b->rows;
			for (; b->at < rows->n && rows->src[b->at] <= i; b->at++)
				if (b->slot && rows->src[b->at] == i && b->slot[b->at])
					hub_ids_put(&list, &last, b->slot[b->at]->id, 0);
		}
		if (list.len && !(k->refs[i] = hub_arena_str(k->a, hub_buf_text(&list))).ptr)
			return hub_fail_mem(k->err);
	}
	return hub_buf_ok(&list) ? HUB_OK : hub_fail_mem(k->err);
}

/* --- values of a slot ------------------------------------------------------------------------- */

/* Reads " name! other-" back into cells. */
static void read_states(struct hub_slot *s)
{
	struct hub_str text = s->val[s->t->state].s, one;

	while (text.ptr && hub_str_next(&text, ' ', &one)) {
		if (one.len < 2)
			continue;
		const char sign = one.ptr[one.len - 1];
		const struct hub_field *f =
		    hub_schema_field(s->t->entity, hub_str_cut(one, 0, one.len - 1));
		if (f)
			s->cell[f->index] = sign == '!' ? HUB_INVALID : HUB_ABSENT;
	}
}

static int read_values(struct hub_work *k, struct hub_slot *s)
{
	HUB_AUTO(query) struct hub_query *q = NULL;

	int rc = hub_db_query(k->db, &q, k->err, s->t->get, "i", s->id);
	if (!rc)
		rc = hub_db_next(q, k->err);
	if (rc)
		return rc == HUB_END ? HUB_OK : rc;
	for (uint32_t c = 0; c < s->t->cols; c++) {
		s->val[c] = hub_db_val(q, c);
		if (s->val[c].s.ptr && !(s->val[c].s = hub_arena_str(k->a, s->val[c].s)).ptr)
			return hub_fail_mem(k->err);
	}
	if (!s->hashed)
		read_states(s);
	return HUB_OK;
}

static int read_latest(struct hub_work *k, struct hub_slot *s)
{
	HUB_AUTO(query) struct hub_query *q = NULL;

	if (s->has_latest || !s->in_store)
		return HUB_OK;
	s->has_latest = 1;
	int rc = hub_db_query(k->db, &q, k->err, "SELECT value FROM shared_latest WHERE row_id = ?",
			      "i", s->id);
	if (!rc)
		rc = hub_db_next(q, k->err);
	if (rc == HUB_OK)
		s->latest = hub_db_dup(k->a, q, 0);
	return rc < 0 ? rc : HUB_OK;
}

static int load(struct hub_work *k, struct hub_slot *s)
{
	if (s->val)
		return HUB_OK;
	s->val = hub_alloc_array(k->a, s->t->cols, sizeof *s->val);
	if (!s->cell)
		s->cell = hub_alloc_array(k->a, s->t->entity->count + 1, 1);
	if (!s->val || !s->cell)
		return hub_fail_mem(k->err);
	if (!s->hashed)
		memset(s->cell, HUB_NULL, s->t->entity->count);
	if (s->in_store)
		return read_values(k, s);
	s->val[s->t->system] = (struct hub_dbval){HUB_DB_INT, k->w->system, {NULL, 0}};
	s->val[s->t->key] = (struct hub_dbval){HUB_DB_TEXT, 0, s->name};
	return HUB_OK;
}

/* --- votes ------------------------------------------------------------------------------------ */

static uint64_t hash_of(const struct hub_dbval *v)
{
	const uint64_t h = hub_dbval_hash(v, (struct hub_hash){0, 0}).hi;

	return h ? h : 1;
}

static int value_differs(const struct hub_slot *s, uint32_t pcol, const struct hub_dbval *v)
{
	/* hashes of a dry run stand for columns that this chunk has not touched itself */
	if (s->hashed && s->hashed[pcol])
		return hash_of(v) != s->hashed[pcol];
	return !hub_dbval_same(&s->val[pcol], v);
}

static struct hub_hash content_of(const struct hub_block *b, uint32_t r)
{
	struct hub_hash h = {b->rows->block, 1};

	for (uint32_t i = 0; i < b->targets; i++) {
		enum hub_cell state;
		struct hub_dbval v = hub_block_value(b, &b->target[i], r, &state);
		h = hub_dbval_hash(&v, h);
		h.lo ^= (uint64_t)state << 56;
	}
	return h;
}

/* What is to be noted of a cell: that it could not be read, or that there was no such column. */
static enum hub_cell noted(enum hub_cell state)
{
	return state == HUB_INVALID || state == HUB_ABSENT ? state : HUB_NULL;
}

static int has_cell(const struct hub_target *t)
{
	return t->from == HUB_FROM_TEXT || t->from == HUB_FROM_INT || t->from == HUB_FROM_REF;
}

/* Whether a vote says something else than what stands. */
static int differs(const struct hub_slot *s, const struct hub_block *b, uint32_t r)
{
	for (uint32_t i = 0; i < b->targets; i++) {
		const struct hub_target *t = &b->target[i];
		enum hub_cell state;
		const struct hub_dbval v = hub_block_value(b, t, r, &state);

		if (state == HUB_ABSENT)
			continue;
		if (value_differs(s, t->pcol, &v))
			return 1;
		if (has_cell(t) && noted(state) != s->cell[b->rows->field[t->col]->index])
			return 1;
	}
	return 0;
}

static int keep_before(struct hub_work *k, struct hub_slot *s)
{
	if (!s->in_store || s->was)
		return HUB_OK;
	s->was = hub_alloc_array(k->a, s->t->cols, sizeof *s->was);
	if (!s->was)
		return hub_fail_mem(k->err);
	memcpy(s->was, s->val, s->t->cols * sizeof *s->was);
	return HUB_OK;
}

static int apply(struct hub_work *k, struct hub_slot *s, const struct hub_block *b, uint32_t r)
{
	const int first = !s->in_store && !s->dirty;
	int rc = keep_before(k, s);

	if (rc)
		return rc;
	for (uint32_t i = 0; i < b->targets; i++) {
		const struct hub_target *t = &b->target[i];
		enum hub_cell state;
		const struct hub_dbval v = hub_block_value(b, t, r, &state);

		if (state == HUB_ABSENT && !first)
			continue;
		s->val[t->pcol] = v;
		if (s->hashed)
			s->hashed[t->pcol] = 0;
		if (has_cell(t))
			s->cell[b->rows->field[t->col]->index] = (uint8_t)noted(state);
	}
	s->record = b->record[r];
	s->val[0] = (struct hub_dbval){HUB_DB_INT, s->record, {NULL, 0}};
	if (s->hashed)
		s->hashed[0] = 0;
	s->dirty = 1;
	s->hot |= s->in_store;
	return HUB_OK;
}

/* LATEST: whether this vote beats the one that stands. The same value: the later one in the source. */
static int is_later(const struct hub_slot *s, const struct hub_block *b, uint32_t r)
{
	const struct hub_vec *v = &b->rows->latest;

	if (!v->cell || v->cell[r] != HUB_VALUE)
		return !s->latest.ptr;
	return !s->latest.ptr || hub_str_cmp(v->text[r], s->latest) >= 0;
}

static void set_latest(struct hub_slot *s, const struct hub_block *b, uint32_t r)
{
	const struct hub_vec *v = &b->rows->latest;

	if (b->rows->shared != HUB_SHARED_LATEST)
		return;
	s->has_latest = 1;
	s->latest = v->cell && v->cell[r] == HUB_VALUE ? v->text[r] : (struct hub_str){NULL, 0};
}

enum verdict { VOTE_SAME, VOTE_REPEATED, VOTE_APPLY, VOTE_CONFLICT };

/* What a vote means, without doing it. *equal: it says what stands. */
static int judge(struct hub_work *k, struct hub_slot *s, const struct hub_block *b, uint32_t r,
		 const struct hub_hash *content, enum verdict *verdict)
{
	int rc, equal = s->in_store && s->block == b->rows->block &&
			same_hash(&s->content, content) && s->record;

	if (!equal) {
		if ((rc = load(k, s)))
			return rc;
		equal = s->record && !differs(s, b, r);
	}
	if (!s->decided) {
		*verdict = equal ? VOTE_SAME : VOTE_APPLY;
		return HUB_OK;
	}
	*verdict = VOTE_REPEATED;
	switch (b->rows->shared) {
	case HUB_OWNED:
		if (!equal)
			*verdict = s->by == b->record[r] ? VOTE_APPLY : VOTE_CONFLICT;
		break;
	case HUB_SHARED_LAST:
		if (!equal)
			*verdict = VOTE_APPLY;
		break;
	case HUB_SHARED_FIRST:
		break;
	case HUB_SHARED_LATEST:
		if ((rc = read_latest(k, s)))
			return rc;
		if (is_later(s, b, r)) {
			set_latest(s, b, r);
			s->used = 1;
			*verdict = equal ? VOTE_REPEATED : VOTE_APPLY;
		}
		break;
	}
	return HUB_OK;
}

static int vote(struct hub_work *k, struct hub_slot *s, const struct hub_block *b, uint32_t r)
{
	struct hub_entity_count *n = &k->count[b->rows->entity->index];
	const struct hub_hash content = content_of(b, r);
	const int fresh = !s->record;
	enum verdict verdict;

	int rc = judge(k, s, b, r, &content, &verdict);
	if (rc)
		return rc;
	n->produced++;
	if (!s->decided && b->rows->shared == HUB_SHARED_LATEST) {
		set_latest(s, b, r);
		s->used = 1;
	}
	if (verdict == VOTE_APPLY) {
		if ((rc = load(k, s)) || (rc = apply(k, s, b, r)))
			return rc;
		n->inserted += (uint64_t)fresh;
		n->updated += (uint64_t)!fresh;
	}
	n->same += verdict == VOTE_SAME;
	n->repeated += verdict == VOTE_REPEATED;
	if (verdict != VOTE_REPEATED) {
		s->content = content;
		s->block = b->rows->block;
	}
	if (!s->decided || verdict == VOTE_APPLY)
		s->by = b->record[r];
	s->decided = 1;
	return HUB_OK;
}

/* An owned row that another record of this run described otherwise: the record is rejected. */
static int conflicts(struct hub_work *k, uint32_t i, const struct hub_slot **with)
{
	for (uint32_t n = 0; n < k->c->blocks; n++) {
		const struct hub_block *b = &k->block[n];

		if (!b->slot || b->rows->shared != HUB_OWNED)
			continue;
		for (uint32_t r = b->at; r < b->rows->n && b->rows->src[r] == i; r++) {
			const struct hub_hash h =
			    b->slot[r] ? content_of(b, r) : (struct hub_hash){0, 0};
			enum verdict verdict = VOTE_SAME;
			const int rc =
			    b->slot[r] ? judge(k, b->slot[r], b, r, &h, &verdict) : HUB_OK;

			if (rc)
				return rc;
			*with = b->slot[r];
			if (verdict == VOTE_CONFLICT)
				return 1;
		}
	}
	return 0;
}

static int reject(struct hub_work *k, uint32_t i, const struct hub_slot *s)
{
	int64_t row = 0, line = 0;

	for (uint32_t j = 0; j < i; j++)
		if (s->by && k->id[j] == s->by) {
			row = k->row[j];
			line = k->line[j];
		}
	if (!row && s->record)
		hub_run_place(k->s, k->w, s->record, &row, &line);
	k->fate[i] = HUB_FATE_REJECTED;
	k->code[i] = "key-repeated";
	k->reason[i] = hub_arena_printf(
	    k->a, hub_tr("same key of \"%.*s\" as row %lld (line %lld), with other content"),
	    HUB_FMT(s->t->entity->label), (long long)row, (long long)line);
	if (!k->reason[i].ptr)
		return hub_fail_mem(k->err);
	/* its equal repeats in this chunk would clash in the same way */
	for (uint32_t j = i + 1; j < k->c->n; j++)
		if (k->twin[j] == i + 1 && k->fate[j] == HUB_FATE_REPEATED) {
			k->fate[j] = HUB_FATE_REJECTED;
			k->code[j] = k->code[i];
			k->reason[j] = k->reason[i];
		}
	/* what was inserted for it goes again; nothing hangs on it yet */
	const int fresh = k->how[i] == HUB_HOW_NEW;
	k->how[i] = HUB_HOW_NONE;
	if (!fresh)
		return HUB_OK;
	return k->w->spec.dry
		   ? hub_dry_forget(k, k->c->key[i])
		   : hub_db_run(k->db, k->err, "DELETE FROM record WHERE id = ?", "i", k->id[i]);
}

/* Stubs are made only for references of rows that are written. */
static void use_refs(struct hub_work *k, uint32_t i)
{
	for (uint32_t n = 0; n < k->c->blocks; n++) {
		struct hub_block *b = &k->block[n];
		for (uint32_t c = 0; c < b->rows->cols; c++) {
			if (!b->to[c])
				continue;
			for (uint32_t r = b->at; r < b->rows->n && b->rows->src[r] == i; r++)
				if (b->to[c][r])
					b->to[c][r]->used = 1;
		}
	}
}

static int vote_record(struct hub_work *k, uint32_t i)
{
	const struct hub_slot *with = NULL;

	const int clash = conflicts(k, i, &with);
	if (clash < 0)
		return clash;
	if (clash)
		return reject(k, i, with);
	use_refs(k, i);
	for (uint32_t n = 0; n < k->c->blocks; n++) {
		const struct hub_block *b = &k->block[n];
		for (uint32_t r = b->at; b->slot && r < b->rows->n && b->rows->src[r] == i; r++) {
			const int rc = b->slot[r] ? vote(k, b->slot[r], b, r) : HUB_OK;
			if (rc)
				return rc;
		}
	}
	return HUB_OK;
}

static struct hub_slot *slot_with_id(struct hub_work *k, int64_t id)
{
	for (struct hub_slot *s = k->slots; s; s = s->next)
		if (s->id == id)
			return s;
	return NULL;
}

/* A record that is the same stands by what it said: its shared rows are decided, and when one of them
 * was changed by a record before it, it must be heard again. */
static void same_record(struct hub_work *k, uint32_t i)
{
	struct hub_str refs = k->c->refs[i];
	int64_t last = HUB_SHARED_BASE, id;
	unsigned kind;

	while (hub_ids_next(&refs, &last, &id, &kind) > 0) {
		struct hub_slot *s = k->slots ? slot_with_id(k, id) : NULL;
		if ((s && s->hot) || hub_bits_get(&k->w->hot, id - HUB_SHARED_BASE)) {
			k->fate[i] = HUB_FATE_OPEN;
			k->again = 1;
		} else if (s) {
			s->decided = 1;
			s->by = k->id[i];
		}
	}
}

int hub_shared_vote(struct hub_work *k)
{
	int rc = HUB_OK;

	for (uint32_t n = 0; n < k->c->blocks; n++)
		k->block[n].at = 0;
	for (uint32_t i = 0; !rc && i < k->c->n; i++) {
		for (uint32_t n = 0; n < k->c->blocks; n++) {
			struct hub_block *b = &k->block[n];
			while (b->at < b->rows->n && b->rows->src[b->at] < i)
				b->at++;
		}
		if (k->fate[i] == HUB_FATE_SAME && k->how[i] == HUB_HOW_NONE && k->c->refs &&
		    k->c->refs[i].ptr)
			same_record(k, i);
		else if (k->how[i] != HUB_HOW_NONE)
			rc = vote_record(k, i);
	}
	return rc;
}

/* --- writing ---------------------------------------------------------------------------------- */

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

static int update_slot(struct hub_work *k, struct hub_slot *s)
{
	HUB_AUTO(buf) struct hub_buf image;
	int rc = HUB_OK;

	hub_buf_init(&image, (size_t)128 << 20);
	/* a row that this run made itself has no before */
	if (!hub_bits_get(&k->w->made, s->id - HUB_SHARED_BASE)) {
		const struct hub_hash old = hub_row_hash(s->t, s->was);
		const struct hub_hash now = hub_row_hash(s->t, s->val);

		for (uint32_t c = 0; c < s->t->cols; c++)
			hub_image_put(&image, s->t->col[c].name, &s->was[c]);
		rc = hub_buf_ok(&image)
			 ? hub_history_add(k, s->t->entity->name, s->id, s->record, HUB_OP_UPDATE,
					   hub_buf_text(&image), &old, &now)
			 : hub_fail_mem(k->err);
	}
	return rc ? rc : hub_row_write(k, s->t, 0, s->id, s->val);
}

/* Columns that new rows of a table can have a value in: those of the chunk's blocks and the store's own. */
static uint32_t used_columns(const struct hub_work *k, const struct hub_table *t, uint32_t *list)
{
	uint8_t used[MAX_COLS] = {0};
	uint32_t n = 0;

	for (uint32_t i = 0; i < k->c->blocks; i++) {
		const struct hub_block *b = &k->block[i];
		for (uint32_t x = 0; b->t == t && x < b->targets; x++)
			used[b->target[x].pcol] = 1;
	}
	used[0] = used[t->system] = used[t->key] = used[t->state] = 1;
	for (uint32_t c = 0; c < t->cols; c++)
		if (used[c])
			list[n++] = c;
	return n;
}

static const char *insert_text(struct hub_work *k, const struct hub_table *t, const uint32_t *list,
			       uint32_t n)
{
	HUB_AUTO(buf) struct hub_buf q;

	hub_buf_init(&q, (size_t)1 << 16);
	hub_buf_printf(&q, "INSERT INTO %s (id", t->name.ptr);
	for (uint32_t i = 0; i < n; i++)
		hub_buf_printf(&q, ", \"%s\"", t->col[list[i]].name.ptr);
	hub_buf_puts(&q, ") VALUES (?");
	for (uint32_t i = 0; i < n; i++)
		hub_buf_puts(&q, ", ?");
	hub_buf_putc(&q, ')');
	return hub_buf_ok(&q) ? hub_arena_cstr(k->a, hub_buf_text(&q)) : NULL;
}

/* All new rows of one entity, ids ascending. */
static int insert_slots(struct hub_work *k, const struct hub_table *t, uint32_t n)
{
	struct hub_dbcol *col = hub_alloc_array(k->a, t->cols + 1, sizeof *col);
	uint32_t *list = hub_alloc_array(k->a, t->cols, sizeof *list);
	const struct hub_dbval **val = hub_alloc_array(k->a, n, sizeof(struct hub_dbval *));
	int64_t *id = hub_alloc_array(k->a, n, sizeof *id);
	uint32_t at = 0;

	if (!col || !list || !val || !id)
		return hub_fail_mem(k->err);
	for (struct hub_slot *s = k->slots; s; s = s->next)
		if (s->t == t && s->made && (s->dirty || s->used)) {
			id[at] = s->id;
			val[at++] = s->val;
		}
	const uint32_t cols = used_columns(k, t, list);
	col[0] = (struct hub_dbcol){.kind = HUB_COL_INT, .num = id};
	for (uint32_t c = 0; c < cols; c++)
		col[c + 1] = (struct hub_dbcol){.kind = HUB_COL_VAL, .val = val, .at = list[c]};
	const struct hub_db_insert in = {.sql = insert_text(k, t, list, cols),
					 .table = t->name.ptr,
					 .cols = cols + 1,
					 .n = at,
					 .col = col};
	return in.sql ? k->db->ops->insert(k->db, &in, k->err) : hub_fail_mem(k->err);
}

static int put_latest(struct hub_work *k, const struct hub_slot *s)
{
	if (!s->has_latest || !s->latest.ptr || !(s->dirty || s->used))
		return HUB_OK;
	return hub_db_run(k->db, k->err,
			  "INSERT INTO shared_latest (row_id, value) VALUES (?, ?)"
			  " ON CONFLICT (row_id) DO UPDATE SET value = excluded.value",
			  "it", s->id, s->latest);
}

/* Dry run: the state of the row as hashes, for the chunks to come. */
static int put_dry(struct hub_work *k, struct hub_slot *s)
{
	const size_t cols = s->t->cols, fields = s->t->entity->count;

	if (!s->dirty && !s->used)
		return HUB_OK;
	if (load(k, s))
		return hub_fail_mem(k->err);
	char *bytes = hub_alloc(k->a, cols * sizeof(uint64_t) + fields + 1);
	if (!bytes)
		return hub_fail_mem(k->err);
	for (uint32_t c = 0; c < cols; c++) {
		const uint64_t h = s->hashed && s->hashed[c] ? s->hashed[c] : hash_of(&s->val[c]);
		memcpy(bytes + c * sizeof h, &h, sizeof h);
	}
	memcpy(bytes + cols * sizeof(uint64_t), s->cell, fields);
	return hub_dry_slot_put(k, &s->key, s->id, s->record,
				(struct hub_str){bytes, cols * sizeof(uint64_t) + fields},
				s->latest);
}

int hub_shared_write(struct hub_work *k)
{
	int rc = HUB_OK;

	for (struct hub_slot *s = k->slots; s && !rc; s = s->next) {
		if (k->w->spec.dry) {
			rc = put_dry(k, s);
			continue;
		}
		if (s->made && (s->dirty || s->used))
			rc = load(k, s);
		if (!rc && s->dirty)
			rc = put_state(k, s);
		if (!rc && s->dirty && s->in_store)
			rc = update_slot(k, s);
		if (!rc)
			rc = put_latest(k, s);
	}
	for (uint32_t t = 0; !rc && !k->w->spec.dry && t < k->s->tables->n; t++) {
		const struct hub_table *table = &k->s->tables->table[t];
		uint32_t n = 0;
		for (const struct hub_slot *s = k->slots; s; s = s->next)
			n += s->t == table && s->made && (s->dirty || s->used);
		if (n)
			rc = insert_slots(k, table, n);
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
	/* shared rows that only unchanged records speak of */
	for (uint32_t i = 0; k->c->refs && i < k->c->n; i++) {
		struct hub_str refs = k->c->refs[i];
		int64_t at = HUB_SHARED_BASE, id;
		unsigned kind;

		while (k->fate[i] == HUB_FATE_SAME && hub_ids_next(&refs, &at, &id, &kind) > 0)
			if (!hub_bits_get(&k->w->shared, id - HUB_SHARED_BASE)) {
				hub_ids_put(out, &last, id - HUB_SHARED_BASE, HUB_TOUCH_SAME);
				if (hub_bits_set(&k->w->shared, id - HUB_SHARED_BASE))
					return hub_fail_mem(k->err);
			}
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
		if (s->hot) {
			(void)hub_bits_set(&w->hot, at);
			w->any_hot = 1;
		}
		struct hub_cached *c = cached(w, &s->key);
		*c = (struct hub_cached){s->key, s->content, s->id, s->record, s->block};
	}
}

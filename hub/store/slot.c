#include "store/slot.h"

int64_t hub_slot_id(const struct hub_slot *s)
{
	return s->id;
}

/* --- finding slots ---------------------------------------------------------------------------- */

static struct hub_hash slot_key(const struct hub_writer *w, const struct hub_entity *e,
				struct hub_str key)
{
	struct hub_hash h = hub_record_key(w, key);

	h.lo ^= (e->index + 1) * 0x9e3779b97f4a7c15u;
	return h;
}

static int same_hash(const struct hub_hash *a, const struct hub_hash *b)
{
	return a->hi == b->hi && a->lo == b->lo;
}

struct hub_cached *hub_slot_cached(struct hub_writer *w, const struct hub_hash *key)
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
	const struct hub_hash h = slot_key(k->w, e, key);
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
	const struct hub_cached *c = hub_slot_cached(k->w, &h);
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

	if (b->slot && rows->key.cell[r] == HUB_VALUE) {
		if (!(b->slot[r] = slot_of(k, rows->entity, rows->key.text[r])))
			return -1;
		b->slot[r]->told = 1;
	}
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
static int find_entity(struct hub_work *k, const struct hub_entity_table *t, struct hub_slot **list,
		       uint32_t n)
{
	struct hub_str *key = hub_alloc_array(k->a, n, sizeof *key);
	int64_t *id = hub_alloc_array(k->a, n, sizeof *id);
	int64_t *record = hub_alloc_array(k->a, n, sizeof *record);

	if (!key || !id || !record)
		return hub_fail_mem(k->err);
	for (uint32_t i = 0; i < n; i++)
		key[i] = list[i]->name;
	const struct hub_db_find in = {t->find, t->name.ptr, k->w->system, n, key, id, record};
	const int rc = k->db->ops->find(k->db, &in, k->err);
	for (uint32_t i = 0; !rc && i < n; i++) {
		list[i]->id = id[i];
		list[i]->record = record[i];
		list[i]->in_store = id[i] != 0;
	}
	return rc;
}

/* A row that this run may have written under this number. */
static int find_at(struct hub_work *k, struct hub_slot *s, int64_t id)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	char sql[256];

	snprintf(sql, sizeof sql,
		 "SELECT record_id FROM %s WHERE id = ? AND system_id = ? AND key = ?",
		 s->t->name.ptr);
	int rc = hub_db_key(k->db, s->t->name.ptr, k->err);
	if (!rc)
		rc = hub_db_query(k->db, &q, k->err, sql, "iit", id, k->w->system, s->name);
	if (!rc)
		rc = hub_db_next(q, k->err);
	if (rc)
		return rc == HUB_END ? HUB_OK : rc;
	s->id = id;
	s->record = hub_db_int(q, 0);
	s->in_store = 1;
	return HUB_OK;
}

/* 1: only the store can say whether it holds the slot's key; 0: that is settled; <0: error. */
static int must_ask(struct hub_work *k, struct hub_slot *s)
{
	const int space = hub_keys_space(k, s->t);
	int64_t id;

	if (space != HUB_SPACE_EMPTY)
		return space < 0 ? space : 1;
	if (k->w->spec.dry) /* what this run would have written: hub_dry_find */
		return 0;
	const int rc = hub_keys_find(k->w, &s->key, &id, k->err);
	return rc > 0 ? find_at(k, s, id) : rc;
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
		const struct hub_entity_table *table = &k->s->tables->table[t];
		uint32_t n = 0;
		int ask = 0;

		for (struct hub_slot *s = k->slots; s && table->find && ask >= 0; s = s->next) {
			if (s->t != table || s->id)
				continue;
			if ((ask = must_ask(k, s)) > 0)
				list[n++] = s;
		}
		const int rc = ask < 0 ? ask : n ? find_entity(k, table, list, n) : HUB_OK;
		if (rc)
			return rc;
	}
	return HUB_OK;
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
		if (!hub_buf_ok(&list) ||
		    (list.len && !(k->refs[i] = hub_arena_str(k->a, hub_buf_text(&list))).ptr))
			return hub_fail_mem(k->err);
	}
	return HUB_OK;
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

/* From column `from` of the row that q stands at. */
static int take_values(struct hub_work *k, struct hub_slot *s, struct hub_query *q, uint32_t from)
{
	for (uint32_t c = 0; c < s->t->cols; c++) {
		s->val[c] = hub_db_val(q, from + c);
		if (s->val[c].s.ptr && !(s->val[c].s = hub_arena_str(k->a, s->val[c].s)).ptr)
			return hub_fail_mem(k->err);
	}
	if (!s->hashed)
		read_states(s);
	return HUB_OK;
}

static int read_values(struct hub_work *k, struct hub_slot *s)
{
	HUB_AUTO(query) struct hub_query *q = NULL;

	int rc = hub_db_key(k->db, s->t->name.ptr, k->err);
	if (!rc)
		rc = hub_db_query(k->db, &q, k->err, s->t->get, "i", s->id);
	if (!rc)
		rc = hub_db_next(q, k->err);
	if (rc)
		return rc == HUB_END ? HUB_OK : rc;
	return take_values(k, s, q, 0);
}

static int make_room(struct hub_work *k, struct hub_slot *s)
{
	s->val = hub_alloc_array(k->a, s->t->cols, sizeof *s->val);
	if (!s->cell)
		s->cell = hub_alloc_array(k->a, s->t->entity->count + 1, 1);
	if (!s->val || !s->cell)
		return hub_fail_mem(k->err);
	if (!s->hashed)
		memset(s->cell, HUB_NULL, s->t->entity->count);
	return HUB_OK;
}

/* The values of up to HUB_RANGES slots of one table with one question. */
static int load_some(struct hub_work *k, struct hub_slot **list, uint32_t n)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	const struct hub_entity_table *t = list[0]->t;
	int bad = 0;

	int rc = hub_db_key(k->db, t->name.ptr, k->err);
	if (!rc)
		rc = k->db->ops->prepare(k->db, t->some, &q, k->err);
	for (uint32_t i = 0; !rc && i < HUB_RANGES; i++) {
		const struct hub_dbval id = {HUB_DB_INT, i < n ? list[i]->id : -1, {NULL, 0}};
		bad |= q->ops->bind(q, i, &id);
	}
	if (bad)
		return hub_fail(k->err, HUB_FATAL, "store-bind",
				"a value does not fit its statement");
	for (uint32_t i = 0; !rc && i < n; i++)
		rc = make_room(k, list[i]);
	while (!rc && (rc = hub_db_next(q, k->err)) == HUB_OK) {
		uint32_t i = 0;

		while (i < n && list[i]->id != hub_db_int(q, 0))
			i++;
		if (i < n)
			rc = take_values(k, list[i], q, 1);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

/* Rows that a vote will want to see: in the store, described by this chunk, their content not known. */
static int load_told(struct hub_work *k)
{
	struct hub_slot *list[HUB_RANGES];
	int rc = HUB_OK;

	for (uint32_t t = 0; !rc && t < k->s->tables->n; t++) {
		const struct hub_entity_table *table = &k->s->tables->table[t];
		uint32_t n = 0;

		for (struct hub_slot *s = k->slots; s && table->find && !rc; s = s->next) {
			if (s->t != table || !s->told || !s->in_store || s->val ||
			    s->block != HUB_NO_BLOCK)
				continue;
			list[n++] = s;
			if (n == HUB_RANGES) {
				rc = load_some(k, list, n);
				n = 0;
			}
		}
		if (!rc && n)
			rc = load_some(k, list, n);
	}
	return rc;
}

int hub_slot_latest(struct hub_work *k, struct hub_slot *s)
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

int hub_slot_load(struct hub_work *k, struct hub_slot *s)
{
	int rc;

	if (s->val)
		return HUB_OK;
	if ((rc = make_room(k, s)))
		return rc;
	if (s->in_store)
		return read_values(k, s);
	s->val[s->t->system] = (struct hub_dbval){HUB_DB_INT, k->w->system, {NULL, 0}};
	s->val[s->t->key] = (struct hub_dbval){HUB_DB_TEXT, 0, s->name};
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
		if (k->w->spec.dry && (rc = hub_dry_find(k, s)))
			return rc;
		if (!s->id) {
			s->id = HUB_SHARED_BASE + k->next_shared++;
			s->made = 1;
		}
		s->decided = (uint8_t)hub_bits_get(&k->w->shared, s->id - HUB_SHARED_BASE);
	}
	return rc ? rc : load_told(k);
}

struct hub_slot *hub_slot_with_id(const struct hub_work *k, int64_t id)
{
	for (struct hub_slot *s = k->slots; s; s = s->next)
		if (s->id == id)
			return s;
	return NULL;
}

uint64_t hub_slot_hash(const struct hub_dbval *v)
{
	const uint64_t h = hub_dbval_hash(v, (struct hub_hash){0, 0}).hi;

	return h ? h : 1;
}

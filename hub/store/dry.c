/* Dry run: what the run would have written so far, as hashes in files without a name (scratch.h) behind the map of
 * its keys. No value of a record gets there, except the deciding value of `shared = latest(...)`, which must be
 * ordered. */
#include "store/slot.h"

int hub_dry_open(struct hub_store *s, struct hub_writer *w, struct hub_err *err)
{
	const int rc = hub_db_one(s->db, &w->dry_record, err,
				  "SELECT value FROM counter WHERE name = 'record'", "");

	return rc ? rc
		  : hub_db_one(s->db, &w->dry_shared, err,
			       "SELECT value FROM counter WHERE name = 'shared'", "");
}

/* Remembers where in the file something begins that is about to be added. */
static int put_key(struct hub_writer *w, const struct hub_hash *key, struct hub_scratch *to,
		   struct hub_err *err)
{
	const int rc = hub_scratch_open(to, err);

	return rc ? rc : hub_keys_add(w, key, (int64_t)hub_scratch_end(to) + 1, err);
}

static int find_key(const struct hub_writer *w, const struct hub_hash *key, uint64_t *at,
		    struct hub_err *err)
{
	int64_t value;

	const int rc = hub_keys_find(w, key, &value, err);
	if (rc > 0)
		*at = (uint64_t)value - 1;
	return rc;
}

/* --- records ---------------------------------------------------------------------------------- */

struct rec {
	struct hub_hash hash, raw;
	int64_t id, row, line;
};

int hub_dry_hash(struct hub_work *k, struct hub_str key, struct hub_hash *out, int64_t *id,
		 int64_t *row, int64_t *line)
{
	const struct hub_hash h = hub_record_key(k->w, key);
	struct rec r;
	uint64_t at;

	int rc = find_key(k->w, &h, &at, k->err);
	if (rc <= 0)
		return rc;
	if ((rc = hub_scratch_read(&k->w->dry_records, at, &r, sizeof r, k->err)))
		return rc;
	*id = r.id;
	*out = r.hash;
	*row = r.row;
	*line = r.line;
	return 1;
}

int hub_dry_raw(const struct hub_writer *w, uint64_t number, struct hub_hash *out,
		struct hub_err *err)
{
	const uint64_t at = number * sizeof(struct rec);
	struct rec r;

	if (at >= hub_scratch_end(&w->dry_records))
		return HUB_END;
	const int rc = hub_scratch_read(&w->dry_records, at, &r, sizeof r, err);
	*out = r.raw;
	return rc;
}

int hub_dry_records(struct hub_work *k, const uint32_t *pick, uint32_t n)
{
	int64_t row, line;

	int rc = hub_records_known(k, pick, n);
	for (uint32_t i = 0; !rc && i < n; i++) {
		const uint32_t r = pick[i];
		const int met =
		    hub_dry_hash(k, k->c->key[r], &k->old_hash[r], &k->id[r], &row, &line);
		if (met < 0)
			return met;
		if (met) {
			k->existed[r] = 1;
			k->old_state[r] = HUB_RECORD_LIVE;
		} else if (!k->existed[r]) {
			k->id[r] = k->next_record++;
		}
	}
	return rc;
}

static int write_records(struct hub_work *k)
{
	struct hub_scratch *to = &k->w->dry_records;
	int rc = HUB_OK;

	for (uint32_t i = 0; !rc && i < k->c->n; i++) {
		if (k->how[i] == HUB_HOW_NONE)
			continue;
		const struct hub_hash key = hub_record_key(k->w, k->c->key[i]);
		struct rec r = {
		    .hash = k->c->hash[i], .id = k->id[i], .row = k->row[i], .line = k->line[i]};
		if (k->w->remapped) /* left.c looks for the same bytes under another key */
			r.raw = hub_hash128(k->c->raw[i], (struct hub_hash){0, 0});
		if (!(rc = put_key(k->w, &key, to, k->err)))
			rc = hub_scratch_add(to, &r, sizeof r, k->err);
	}
	return rc;
}

/* --- shared rows ------------------------------------------------------------------------------ */

/* The hash of one column, or the state of one field. What is null is left out. */
struct mark {
	uint64_t value;
	uint64_t at; /* column, or FIELD + field */
};
enum { FIELD = 1 << 20 };

/* Behind it come its marks and the deciding value. */
struct head {
	int64_t id, record;
	uint32_t marks, latest; /* latest: 1 + length; 0: null */
};

static int read_marks(struct hub_work *k, struct hub_slot *s, const struct mark *m, uint32_t n)
{
	const uint32_t fields = s->t->entity->count;
	const struct hub_dbval null = {HUB_DB_NULL, 0, {NULL, 0}};
	const uint64_t none = hub_slot_hash(&null);

	s->hashed = hub_alloc_array(k->a, s->t->cols, sizeof *s->hashed);
	s->cell = hub_alloc_array(k->a, fields + 1, 1);
	if (!s->hashed || !s->cell)
		return hub_fail_mem(k->err);
	for (uint32_t c = 0; c < s->t->cols; c++)
		s->hashed[c] = none;
	memset(s->cell, HUB_NULL, fields);
	for (; n--; m++) {
		if (m->at < s->t->cols)
			s->hashed[m->at] = m->value;
		else if (m->at >= FIELD && m->at - FIELD < fields)
			s->cell[m->at - FIELD] = (uint8_t)m->value;
	}
	return HUB_OK;
}

int hub_dry_find(struct hub_work *k, struct hub_slot *s)
{
	const struct hub_scratch *from = &k->w->dry_slots;
	struct head h;
	uint64_t at;

	int rc = find_key(k->w, &s->key, &at, k->err);
	if (rc <= 0)
		return rc;
	if ((rc = hub_scratch_read(from, at, &h, sizeof h, k->err)))
		return rc;
	const size_t bytes = h.marks * sizeof(struct mark), len = h.latest ? h.latest - 1 : 0;
	struct mark *m = hub_alloc(k->a, bytes + len + 1);
	if (!m)
		return hub_fail_mem(k->err);
	if ((rc = hub_scratch_read(from, at + sizeof h, m, bytes + len, k->err)))
		return rc;
	s->id = h.id;
	s->record = h.record;
	s->in_store = 1;
	if (h.latest)
		s->latest = (struct hub_str){(const char *)m + bytes, len};
	s->has_latest = 1; /* also when it is null: the store's is of an earlier run */
	return read_marks(k, s, m, h.marks);
}

/* m: room for all columns and fields of the table. */
static uint32_t make_marks(const struct hub_slot *s, struct mark *m)
{
	const struct hub_dbval null = {HUB_DB_NULL, 0, {NULL, 0}};
	const uint64_t none = hub_slot_hash(&null);
	uint32_t n = 0;

	for (uint32_t c = 0; c < s->t->cols; c++) {
		const int old = s->hashed && s->hashed[c];
		if (!old && s->val[c].type == HUB_DB_NULL)
			continue;
		const uint64_t h = old ? s->hashed[c] : hub_slot_hash(&s->val[c]);
		if (h != none)
			m[n++] = (struct mark){h, c};
	}
	for (uint32_t f = 0; f < s->t->entity->count; f++)
		if (s->cell[f] != HUB_NULL)
			m[n++] = (struct mark){s->cell[f], FIELD + f};
	return n;
}

static int write_slot(struct hub_work *k, struct hub_slot *s, struct mark *m)
{
	struct hub_scratch *to = &k->w->dry_slots;

	int rc = hub_slot_load(k, s);
	if (rc || (rc = put_key(k->w, &s->key, to, k->err)))
		return rc;
	const struct head h = {.id = s->id,
			       .record = s->record,
			       .marks = make_marks(s, m),
			       .latest = s->latest.ptr ? (uint32_t)s->latest.len + 1 : 0};
	if ((rc = hub_scratch_add(to, &h, sizeof h, k->err)) ||
	    (rc = hub_scratch_add(to, m, h.marks * sizeof *m, k->err)))
		return rc;
	return hub_scratch_add(to, s->latest.ptr, s->latest.len, k->err);
}

int hub_dry_write(struct hub_work *k)
{
	uint32_t most = 1;

	for (uint32_t t = 0; t < k->s->tables->n; t++) {
		const struct hub_entity_table *table = &k->s->tables->table[t];
		if (most < table->cols + table->entity->count)
			most = table->cols + table->entity->count;
	}
	struct mark *m = hub_alloc(k->a, most * sizeof *m);
	int rc = m ? write_records(k) : hub_fail_mem(k->err);
	for (struct hub_slot *s = k->slots; s && !rc; s = s->next)
		if (s->dirty || s->used)
			rc = write_slot(k, s, m);
	return rc;
}

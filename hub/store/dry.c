/* Dry run: what earlier chunks of the run decided, as keys and hashes, in a database without a name. No value
 * of a record gets there, except the deciding value of `shared = latest(...)`, which must be ordered. Keys
 * stand in the order of the source, mostly: each goes behind the one before. */
#include "store/slot.h"

int hub_dry_open(struct hub_store *s, struct hub_writer *w, struct hub_err *err)
{
	static const char tables[] =
	    "CREATE TABLE rec (key TEXT PRIMARY KEY, id INTEGER, hash BLOB, row INTEGER,"
	    " line INTEGER, raw BLOB) WITHOUT ROWID;"
	    "CREATE TABLE slot (entity INTEGER, key TEXT, id INTEGER, record INTEGER, marks BLOB,"
	    " latest TEXT, PRIMARY KEY (entity, key)) WITHOUT ROWID;";

	int rc = hub_db_sqlite_open("", HUB_DB_SCRATCH, &w->scratch, err);
	if (!rc)
		rc = w->scratch->ops->exec(w->scratch, tables, err);
	if (!rc)
		rc = hub_db_one(s->db, &w->dry_record, err,
				"SELECT value FROM counter WHERE name = 'record'", "");
	if (!rc)
		rc = hub_db_one(s->db, &w->dry_shared, err,
				"SELECT value FROM counter WHERE name = 'shared'", "");
	return rc;
}

static struct hub_str bytes_of(const struct hub_hash *h)
{
	return (struct hub_str){(const char *)h, sizeof *h};
}

static struct hub_hash hash_from(struct hub_str s)
{
	struct hub_hash h = {0, 0};

	if (s.len == sizeof h)
		memcpy(&h, s.ptr, s.len);
	return h;
}

/* --- records ---------------------------------------------------------------------------------- */

int hub_dry_hash(struct hub_work *k, struct hub_str key, struct hub_hash *out, int64_t *id,
		 int64_t *row, int64_t *line)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	const struct hub_hash h = hub_record_key(key);

	if (!hub_keys_met(k->w, &h))
		return 0;
	int rc = hub_db_query(k->w->scratch, &q, k->err,
			      "SELECT id, hash, row, line FROM rec WHERE key = ?", "t", key);
	if (!rc)
		rc = hub_db_next(q, k->err);
	if (rc)
		return rc == HUB_END ? 0 : rc;
	*id = hub_db_int(q, 0);
	*out = hash_from(hub_db_str(q, 1));
	*row = hub_db_int(q, 2);
	*line = hub_db_int(q, 3);
	return 1;
}

static int put_records(struct hub_work *k, const uint32_t *pick, uint32_t n)
{
	struct hub_str *hash = hub_alloc_array(k->a, k->c->n + 1, sizeof *hash);
	struct hub_str *raw = hub_alloc_array(k->a, k->c->n + 1, sizeof *raw);
	struct hub_hash *sum = hub_alloc_array(k->a, k->w->remapped ? k->c->n + 1 : 1, sizeof *sum);
	const struct hub_dbcol col[] = {
	    {.kind = HUB_COL_TEXT, .text = k->c->key}, {.kind = HUB_COL_INT, .num = k->id},
	    {.kind = HUB_COL_BLOB, .text = hash},      {.kind = HUB_COL_INT, .num = k->row},
	    {.kind = HUB_COL_INT, .num = k->line},     {.kind = HUB_COL_BLOB, .text = raw},
	};
	const struct hub_db_insert in = {.into = "rec (key, id, hash, row, line, raw)",
					 .cols = HUB_COUNT(col),
					 .n = n,
					 .col = col,
					 .pick = pick};

	if (!hash || !raw || !sum)
		return hub_fail_mem(k->err);
	for (uint32_t i = 0; i < n; i++) {
		const struct hub_hash key = hub_record_key(k->c->key[pick[i]]);
		hash[pick[i]] = bytes_of(&k->c->hash[pick[i]]);
		if (k->w->remapped) { /* left.c looks for the same bytes under another key */
			sum[pick[i]] = hub_hash128(k->c->raw[pick[i]], (struct hub_hash){0, 0});
			raw[pick[i]] = bytes_of(&sum[pick[i]]);
		}
		hub_keys_add(k->w, &key);
	}
	return n ? k->w->scratch->ops->insert(k->w->scratch, &in, k->err) : HUB_OK;
}

int hub_dry_records(struct hub_work *k, const uint32_t *pick, uint32_t n)
{
	uint32_t *news = hub_alloc_array(k->a, n + 1, sizeof *news);
	uint32_t m = 0;
	int64_t row, line;

	if (!news)
		return hub_fail_mem(k->err);
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
			continue;
		}
		if (!k->existed[r])
			k->id[r] = k->next_record++;
		news[m++] = r;
	}
	return rc ? rc : put_records(k, news, m);
}

/* --- shared rows ------------------------------------------------------------------------------ */

/* The hash of one column, or the state of one field. What is null is left out. */
struct mark {
	uint64_t value;
	uint64_t at; /* column, or FIELD + field */
};
enum { FIELD = 1 << 20 };

static int read_marks(struct hub_work *k, struct hub_slot *s, struct hub_str bytes)
{
	const uint32_t fields = s->t->entity->count;
	const struct hub_dbval null = {HUB_DB_NULL, 0, {NULL, 0}};
	const uint64_t none = hub_slot_hash(&null);
	struct mark m;

	s->hashed = hub_alloc_array(k->a, s->t->cols, sizeof *s->hashed);
	s->cell = hub_alloc_array(k->a, fields + 1, 1);
	if (!s->hashed || !s->cell)
		return hub_fail_mem(k->err);
	for (uint32_t c = 0; c < s->t->cols; c++)
		s->hashed[c] = none;
	memset(s->cell, HUB_NULL, fields);
	for (; bytes.len >= sizeof m; bytes = hub_str_from(bytes, sizeof m)) {
		memcpy(&m, bytes.ptr, sizeof m);
		if (m.at < s->t->cols)
			s->hashed[m.at] = m.value;
		else if (m.at >= FIELD && m.at - FIELD < fields)
			s->cell[m.at - FIELD] = (uint8_t)m.value;
	}
	return HUB_OK;
}

int hub_dry_find(struct hub_work *k, struct hub_slot *s)
{
	HUB_AUTO(query) struct hub_query *q = NULL;

	if (!hub_keys_met(k->w, &s->key))
		return HUB_OK;
	int rc =
	    hub_db_query(k->w->scratch, &q, k->err,
			 "SELECT id, record, marks, latest FROM slot WHERE entity = ? AND key = ?",
			 "it", (int64_t)s->t->entity->index, s->name);
	if (!rc)
		rc = hub_db_next(q, k->err);
	if (rc)
		return rc == HUB_END ? HUB_OK : rc;
	s->id = hub_db_int(q, 0);
	s->record = hub_db_int(q, 1);
	s->in_store = 1;
	s->latest = hub_db_dup(k->a, q, 3);
	s->has_latest = 1; /* also when it is null: the store's is of an earlier run */
	return read_marks(k, s, hub_db_str(q, 2));
}

static int write_marks(struct hub_work *k, const struct hub_slot *s, struct hub_str *out)
{
	const struct hub_dbval null = {HUB_DB_NULL, 0, {NULL, 0}};
	const uint64_t none = hub_slot_hash(&null);
	const uint32_t fields = s->t->entity->count;
	struct mark *m = hub_alloc(k->a, ((size_t)s->t->cols + fields) * sizeof *m);
	uint32_t n = 0;

	if (!m)
		return hub_fail_mem(k->err);
	for (uint32_t c = 0; c < s->t->cols; c++) {
		const int old = s->hashed && s->hashed[c];
		if (!old && s->val[c].type == HUB_DB_NULL)
			continue;
		const uint64_t h = old ? s->hashed[c] : hub_slot_hash(&s->val[c]);
		if (h != none)
			m[n++] = (struct mark){h, c};
	}
	for (uint32_t f = 0; f < fields; f++)
		if (s->cell[f] != HUB_NULL)
			m[n++] = (struct mark){s->cell[f], FIELD + f};
	*out = (struct hub_str){(const char *)m, n * sizeof *m};
	return HUB_OK;
}

/* One that an earlier chunk wrote makes room for what it is now. */
static int forget(struct hub_work *k, const struct hub_slot *s)
{
	return hub_keys_met(k->w, &s->key)
		   ? hub_db_run(k->w->scratch, k->err,
				"DELETE FROM slot WHERE entity = ? AND key = ?", "it",
				(int64_t)s->t->entity->index, s->name)
		   : HUB_OK;
}

int hub_dry_write(struct hub_work *k)
{
	uint32_t most = 1, n = 0;
	int rc = HUB_OK;

	for (const struct hub_slot *s = k->slots; s; s = s->next)
		most++;
	int64_t *entity = hub_alloc_array(k->a, most, sizeof *entity);
	int64_t *id = hub_alloc_array(k->a, most, sizeof *id);
	int64_t *record = hub_alloc_array(k->a, most, sizeof *record);
	struct hub_str *key = hub_alloc_array(k->a, most, sizeof *key);
	struct hub_str *marks = hub_alloc_array(k->a, most, sizeof *marks);
	struct hub_str *latest = hub_alloc_array(k->a, most, sizeof *latest);

	if (!entity || !id || !record || !key || !marks || !latest)
		return hub_fail_mem(k->err);
	for (struct hub_slot *s = k->slots; s && !rc; s = s->next) {
		if (!s->dirty && !s->used)
			continue;
		if ((rc = forget(k, s)) || (rc = hub_slot_load(k, s)) ||
		    (rc = write_marks(k, s, &marks[n])))
			return rc;
		hub_keys_add(k->w, &s->key);
		entity[n] = s->t->entity->index;
		key[n] = s->name;
		id[n] = s->id;
		record[n] = s->record;
		latest[n++] = s->latest;
	}
	const struct hub_dbcol col[] = {
	    {.kind = HUB_COL_INT, .num = entity},  {.kind = HUB_COL_TEXT, .text = key},
	    {.kind = HUB_COL_INT, .num = id},      {.kind = HUB_COL_INT, .num = record},
	    {.kind = HUB_COL_BLOB, .text = marks}, {.kind = HUB_COL_TEXT, .text = latest},
	};
	const struct hub_db_insert in = {.into = "slot (entity, key, id, record, marks, latest)",
					 .cols = HUB_COUNT(col),
					 .n = n,
					 .col = col};
	return n ? k->w->scratch->ops->insert(k->w->scratch, &in, k->err) : HUB_OK;
}

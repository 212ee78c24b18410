/* Dry run: what earlier chunks of the run decided, as hashes, in a database without a name. No value of
 * a record gets there, except the deciding value of `shared = latest(...)`, which must be ordered. */
#include "store/writer.h"

int hub_dry_open(struct hub_store *s, struct hub_writer *w, struct hub_err *err)
{
	static const char tables[] = "CREATE TABLE rec (k BLOB PRIMARY KEY, id INTEGER, hash BLOB, "
				     "row INTEGER, line INTEGER)"
				     " WITHOUT ROWID;"
				     "CREATE TABLE slot (k BLOB PRIMARY KEY, id INTEGER, record "
				     "INTEGER, cells BLOB, latest TEXT)"
				     " WITHOUT ROWID;";

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

/* In this run: 1 found, 0 not. */
static int in_run(struct hub_work *k, const struct hub_hash *key, int64_t *id,
		  struct hub_hash *hash, int64_t *row, int64_t *line)
{
	HUB_AUTO(query) struct hub_query *q = NULL;

	int rc =
	    hub_db_query(k->w->scratch, &q, k->err,
			 "SELECT id, hash, row, line FROM rec WHERE k = ?", "b", bytes_of(key));
	if (!rc)
		rc = hub_db_next(q, k->err);
	if (rc)
		return rc == HUB_END ? 0 : rc;
	*id = hub_db_int(q, 0);
	*hash = hash_from(hub_db_str(q, 1));
	*row = hub_db_int(q, 2);
	*line = hub_db_int(q, 3);
	return 1;
}

static int one_record(struct hub_work *k, uint32_t r)
{
	const struct hub_hash key = hub_record_key(k->c->key[r]);
	int64_t row, line;

	if (hub_keys_met(k->w, &key)) {
		const int found = in_run(k, &key, &k->id[r], &k->old_hash[r], &row, &line);
		if (found) {
			k->existed[r] = 1;
			k->old_state[r] = HUB_RECORD_LIVE;
			return found < 0 ? found : HUB_OK;
		}
	}
	if (!k->existed[r])
		k->id[r] = k->next_record++;
	hub_keys_add(k->w, &key);
	return hub_db_run(k->w->scratch, k->err,
			  "INSERT INTO rec (k, id, hash, row, line) VALUES (?, ?, ?, ?, ?)",
			  "bibii", bytes_of(&key), k->id[r], bytes_of(&k->c->hash[r]), k->row[r],
			  k->line[r]);
}

int hub_dry_records(struct hub_work *k, const uint32_t *pick, uint32_t n)
{
	int rc = hub_records_known(k, pick, n);

	for (uint32_t i = 0; !rc && i < n; i++)
		rc = one_record(k, pick[i]);
	return rc;
}

int hub_dry_hash(struct hub_work *k, struct hub_str key, struct hub_hash *out, int64_t *row,
		 int64_t *line)
{
	const struct hub_hash h = hub_record_key(key);
	int64_t id;

	return in_run(k, &h, &id, out, row, line);
}

int hub_dry_slot(struct hub_work *k, const struct hub_hash *key, int64_t *id, int64_t *record,
		 struct hub_str *cells, struct hub_str *latest)
{
	HUB_AUTO(query) struct hub_query *q = NULL;

	int rc = hub_db_query(k->w->scratch, &q, k->err,
			      "SELECT id, record, cells, latest FROM slot WHERE k = ?", "b",
			      bytes_of(key));
	if (!rc)
		rc = hub_db_next(q, k->err);
	if (rc)
		return rc == HUB_END ? 0 : rc;
	*id = hub_db_int(q, 0);
	*record = hub_db_int(q, 1);
	*cells = hub_db_dup(k->a, q, 2);
	*latest = hub_db_dup(k->a, q, 3);
	return cells->ptr ? 1 : hub_fail_mem(k->err);
}

int hub_dry_slot_put(struct hub_work *k, const struct hub_hash *key, int64_t id, int64_t record,
		     struct hub_str cells, struct hub_str latest)
{
	return hub_db_run(
	    k->w->scratch, k->err,
	    "INSERT INTO slot (k, id, record, cells, latest) VALUES (?, ?, ?, ?, ?)"
	    " ON CONFLICT (k) DO UPDATE SET record = excluded.record, cells = excluded.cells,"
	    " latest = excluded.latest",
	    "biibt", bytes_of(key), id, record, cells, latest);
}

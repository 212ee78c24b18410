#include "store/read.h"

#include "store/writer.h"

static int dup_all(struct hub_arena *a, struct hub_str *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (list[i]->ptr && !(*list[i] = hub_arena_str(a, *list[i])).ptr)
			return -1;
	return 0;
}

/* --- rejects ---------------------------------------------------------------------------------- */

#define REJECT_COLUMNS                                                                       \
	"SELECT id, run_id, row, line, byte, len, part, key, code, col, reason, raw, status" \
	" FROM reject"

int hub_rejects_list(struct hub_store *s, int64_t run, int state, struct hub_query **q,
		     struct hub_err *err)
{
	return hub_db_walk(s->db, q, err,
			   REJECT_COLUMNS " WHERE run_id = ? AND ? IN (-1, status) ORDER BY id",
			   "ii", run, (int64_t)state);
}

int hub_reject_read(struct hub_query *q, struct hub_reject_row *out, struct hub_err *err)
{
	const int rc = hub_db_next(q, err);

	if (rc)
		return rc;
	*out = (struct hub_reject_row){.id = hub_db_int(q, 0),
				       .run = hub_db_int(q, 1),
				       .row = hub_db_int(q, 2),
				       .line = hub_db_int(q, 3),
				       .byte = hub_db_int(q, 4),
				       .len = hub_db_int(q, 5),
				       .part = hub_db_int(q, 6),
				       .key = hub_db_str(q, 7),
				       .code = hub_db_str(q, 8),
				       .column = hub_db_str(q, 9),
				       .reason = hub_db_str(q, 10),
				       .raw = hub_db_str(q, 11),
				       .state = (int)hub_db_int(q, 12)};
	return HUB_OK;
}

int hub_reject_get(struct hub_store *s, struct hub_arena *a, int64_t id, struct hub_reject_row *out,
		   struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;

	int rc = hub_db_query(s->db, &q, err, REJECT_COLUMNS " WHERE id = ?", "i", id);
	if (!rc)
		rc = hub_reject_read(q, out, err);
	if (rc)
		return rc;
	struct hub_str *const all[] = {&out->key, &out->code, &out->column, &out->reason,
				       &out->raw};
	return dup_all(a, all, HUB_COUNT(all)) ? hub_fail_mem(err) : HUB_OK;
}

/* --- records ---------------------------------------------------------------------------------- */

#define RECORD_COLUMNS                                          \
	"SELECT r.id, r.run_id, r.line, f.name, r.key, r.raw, " \
	"r.refs,"                                               \
	" r.hash FROM record r JOIN feed f ON f.id = r.feed_id"

static int read_record(struct hub_query *q, struct hub_arena *a, struct hub_record_info *out,
		       struct hub_err *err)
{
	const int rc = hub_db_next(q, err);

	if (rc)
		return rc;
	*out = (struct hub_record_info){.id = hub_db_int(q, 0),
					.run = hub_db_int(q, 1),
					.line = hub_db_int(q, 2),
					.feed = hub_db_str(q, 3),
					.key = hub_db_str(q, 4),
					.raw = hub_db_str(q, 5),
					.refs = hub_db_str(q, 6)};
	const struct hub_str h = hub_db_str(q, 7);
	if (h.len == sizeof out->hash)
		memcpy(&out->hash, h.ptr, h.len);
	struct hub_str *const all[] = {&out->feed, &out->key, &out->raw, &out->refs};
	return dup_all(a, all, HUB_COUNT(all)) ? hub_fail_mem(err) : HUB_OK;
}

int hub_record_get(struct hub_store *s, struct hub_arena *a, int64_t id,
		   struct hub_record_info *out, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;

	const int rc = hub_db_query(s->db, &q, err, RECORD_COLUMNS " WHERE r.id = ?", "i", id);
	return rc ? rc : read_record(q, a, out, err);
}

int hub_record_at(struct hub_store *s, struct hub_arena *a, int64_t run, int64_t row, int64_t line,
		  struct hub_record_info *out, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;

	/* a line may be inside a record of several lines: the last record that begins at or before it */
	const int rc =
	    hub_db_query(s->db, &q, err,
			 RECORD_COLUMNS " WHERE r.run_id = ? AND (r.row = ? OR (? = 0 AND"
					" r.line <= ?)) ORDER BY r.row DESC LIMIT 1",
			 "iiii", run, row, row, line);
	return rc ? rc : read_record(q, a, out, err);
}

static int own_rows(struct hub_store *s, const struct hub_entity_table *t, int64_t record,
		    int64_t *ids, uint32_t *n, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	const int64_t from = record * HUB_ROWS_PER_RECORD;
	char sql[160];

	snprintf(sql, sizeof sql, "SELECT id FROM %s WHERE id BETWEEN ? AND ? ORDER BY id",
		 t->name.ptr);
	int rc = hub_db_query(s->db, &q, err, sql, "ii", from, from + HUB_ROWS_PER_RECORD - 1);
	while (!rc && *n < HUB_ROWS_PER_RECORD && (rc = hub_db_next(q, err)) == HUB_OK)
		ids[(*n)++] = hub_db_int(q, 0);
	return rc == HUB_END ? HUB_OK : rc;
}

int hub_record_rows(struct hub_store *s, struct hub_arena *a, const struct hub_record_info *r,
		    const struct hub_entity *e, int64_t **ids, uint32_t *n, struct hub_err *err)
{
	const struct hub_entity_table *t = hub_tables_of(s->tables, e);
	struct hub_str refs = r->refs;
	int64_t last = HUB_SHARED_BASE, id, one;
	unsigned kind;
	char sql[120];

	*n = 0;
	*ids = hub_alloc_array(a, HUB_ROWS_PER_RECORD + refs.len + 1, sizeof **ids);
	if (!*ids)
		return hub_fail_mem(err);
	int rc = own_rows(s, t, r->id, *ids, n, err);
	snprintf(sql, sizeof sql, "SELECT 1 FROM %s WHERE id = ?", t->name.ptr);
	while (!rc && e->identified && hub_ids_next(&refs, &last, &id, &kind) > 0) {
		rc = hub_db_one(s->db, &one, err, sql, "i", id);
		if (rc == HUB_OK)
			(*ids)[(*n)++] = id;
		rc = rc == HUB_END ? HUB_OK : rc;
	}
	return rc;
}

int hub_row_get(struct hub_store *s, struct hub_arena *a, const struct hub_entity_table *t,
		int64_t id, struct hub_dbval **val, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;

	int rc = hub_db_query(s->db, &q, err, t->get, "i", id);
	if (!rc)
		rc = hub_db_next(q, err);
	if (rc)
		return rc;
	struct hub_dbval *v = hub_alloc_array(a, t->cols, sizeof *v);
	for (uint32_t c = 0; v && c < t->cols; c++) {
		v[c] = hub_db_val(q, c);
		if (v[c].s.ptr && !(v[c].s = hub_arena_str(a, v[c].s)).ptr)
			return hub_fail_mem(err);
	}
	*val = v;
	return v ? HUB_OK : hub_fail_mem(err);
}

/* --- history ---------------------------------------------------------------------------------- */

int hub_changes_list(struct hub_store *s, struct hub_str entity, int64_t row, struct hub_query **q,
		     struct hub_err *err)
{
	return hub_db_query(s->db, q, err,
			    "SELECT run_id, op, undone FROM history WHERE entity = ? AND row_id = ?"
			    " ORDER BY run_id DESC",
			    "ti", entity, row);
}

int hub_change_read(struct hub_query *q, struct hub_change_info *out, struct hub_err *err)
{
	const int rc = hub_db_next(q, err);

	if (!rc)
		*out = (struct hub_change_info){hub_db_int(q, 0), (int)hub_db_int(q, 1),
						(int)hub_db_int(q, 2)};
	return rc;
}

int hub_store_index(struct hub_store *s, struct hub_err *err)
{
	int rc = hub_db_key(s->db, NULL, err);

	if (!rc)
		rc = hub_db_begin(s->db, err);
	return rc ? rc : hub_db_end(s->db, hub_tables_index(s->db, s->schema, err), err);
}

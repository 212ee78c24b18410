/* Rows and records go back to what they were, by the hundred: what a run did to them stands in its history, and a statement
 * a row was what an undo cost, above all over a network. */
#include "store/read.h"
#include "store/undo.h"

/* A record's own columns, as if it were a row of an entity. */
static const struct hub_pcol record_col[] = {
    {.name = {"hash", 4}, .type = HUB_DB_BLOB}, {.name = {"run_id", 6}, .type = HUB_DB_INT},
    {.name = {"row", 3}, .type = HUB_DB_INT},   {.name = {"line", 4}, .type = HUB_DB_INT},
    {.name = {"byte", 4}, .type = HUB_DB_INT},  {.name = {"state", 5}, .type = HUB_DB_INT},
    {.name = {"refs", 4}, .type = HUB_DB_BLOB}, {.name = {"raw", 3}, .type = HUB_DB_BLOB},
};
static const struct hub_entity_table records = {
    .name = {"record", 6},
    .cols = HUB_COUNT(record_col),
    .col = record_col,
    .all = "record (id, hash, run_id, row, line, byte, state, refs, raw)"};

static uint32_t column_named(const struct hub_entity_table *t, struct hub_str name)
{
	for (uint32_t c = 0; c < t->cols; c++) {
		const struct hub_field *f = t->col[c].field;

		if (hub_str_eq(t->col[c].name, name) ||
		    (f && t->col[c].kind == HUB_P_FIELD && f->was.len && hub_str_eq(f->was, name)))
			return c;
	}
	return HUB_NO_COL;
}

static int read_image(struct hub_undo *u, const struct hub_entity_table *t, struct hub_str image,
		      const struct hub_dbval **out)
{
	struct hub_dbval *val = hub_alloc_array(u->tmp, t->cols, sizeof *val);
	struct hub_str name, text = hub_arena_str(u->tmp, image);
	struct hub_dbval v;
	int more;

	if (!val || !text.ptr)
		return hub_fail_mem(u->err);
	while ((more = hub_image_next(&text, &name, &v)) > 0) {
		const uint32_t c = column_named(t, name);
		if (c != HUB_NO_COL)
			val[c] = v;
	}
	*out = val;
	return more < 0 ? hub_fail(u->err, HUB_INTEGRITY, "history-damaged",
				   "the history of run %lld cannot be read", (long long)u->run)
			: HUB_OK;
}

/* sql: with HUB_RANGES placeholders for ids; those that are not there become -1, which is none. */
static int ask(struct hub_undo *u, const char *sql, const int64_t *id, uint32_t n,
	       struct hub_query **q)
{
	int rc = u->db->ops->prepare(u->db, sql, q, u->err), bad = 0;

	for (uint32_t i = 0; !rc && i < HUB_RANGES; i++) {
		const struct hub_dbval v = {HUB_DB_INT, i < n ? id[i] : -1, {NULL, 0}};
		bad |= (*q)->ops->bind(*q, i, &v);
	}
	return bad ? hub_fail(u->err, HUB_FATAL, "store-bind", "a value does not fit its statement")
		   : rc;
}

int hub_undo_ask(struct hub_undo *u, const char *head, const char *tail, const int64_t *id,
		 uint32_t n, struct hub_query **q)
{
	HUB_AUTO(buf) struct hub_buf sql;

	hub_buf_init(&sql, 1 << 16);
	hub_buf_printf(&sql, "%s IN (?", head);
	for (uint32_t i = 1; i < HUB_RANGES; i++)
		hub_buf_puts(&sql, ", ?");
	hub_buf_printf(&sql, ")%s", tail);
	hub_buf_putc(&sql, '\0');
	return hub_buf_ok(&sql) ? ask(u, sql.ptr, id, n, q) : hub_fail_mem(u->err);
}

/* --- rows that wait --------------------------------------------------------------------------- */

static int remove_rows(struct hub_undo *u, const struct hub_entity_table *t, const int64_t *id,
		       uint32_t n)
{
	char head[160];
	int rc = HUB_OK;

	snprintf(head, sizeof head, "DELETE FROM %s WHERE id", t->name.ptr);
	for (uint32_t at = 0; !rc && at < n; at += HUB_RANGES) {
		HUB_AUTO(query) struct hub_query *q = NULL;

		rc = hub_undo_ask(u, head, "", id + at, n - at < HUB_RANGES ? n - at : HUB_RANGES,
				  &q);
		if (!rc)
			rc = hub_db_next(q, u->err);
		rc = rc == HUB_END ? HUB_OK : rc;
	}
	return rc;
}

int hub_undo_flush(struct hub_undo *u)
{
	struct hub_undo_rows *r = &u->rows;
	int rc = HUB_OK;

	if (r->t)
		rc = remove_rows(u, r->t, r->gone.id, r->gone.n);
	if (!rc && r->t)
		rc = hub_rows_put(u->db, u->tmp, r->t, 1, r->lost.id, r->lost.val, r->lost.n,
				  u->err);
	if (!rc && r->t)
		rc = hub_rows_put(u->db, u->tmp, r->t, 0, r->changed.id, r->changed.val,
				  r->changed.n, u->err);
	r->gone.n = r->lost.n = r->changed.n = 0;
	r->t = NULL;
	hub_arena_reset(u->tmp);
	return rc;
}

int hub_undo_put(struct hub_undo *u, const struct hub_entity_table *t, int64_t id, int64_t op,
		 struct hub_str before)
{
	struct hub_undo_rows *r = &u->rows;
	struct hub_undo_list *to = op == HUB_OP_INSERT   ? &r->gone
				   : op == HUB_OP_DELETE ? &r->lost
							 : &r->changed;
	int rc = r->t != t || to->n == HUB_UNDO_ROWS ? hub_undo_flush(u) : HUB_OK;

	if (!rc && op != HUB_OP_INSERT)
		rc = read_image(u, t, before, &to->val[to->n]);
	if (rc)
		return rc;
	r->t = t;
	to->id[to->n++] = id;
	return HUB_OK;
}

/* --- records ---------------------------------------------------------------------------------- */

/* A record is never removed by a run, only ended: its image has the state before. */
static int put_line(struct hub_undo *u, struct hub_query *q)
{
	const struct hub_str entity = hub_db_str(q, 0);
	const struct hub_entity_table *t = entity.len ? hub_undo_table(u, entity) : &records;

	return t ? hub_undo_put(u, t, hub_db_int(q, 1),
				entity.len ? hub_db_int(q, 2) : HUB_OP_UPDATE, hub_db_str(q, 3))
		 : HUB_OK;
}

int hub_undo_restore(struct hub_undo *u, const int64_t *record, uint32_t n)
{
	HUB_AUTO(query) struct hub_query *q = NULL;

	int rc = hub_undo_ask(u,
			      "SELECT h.entity, h.row_id, h.op, h.before FROM lines l"
			      " JOIN history h ON h.id = l.history_id WHERE l.record_id",
			      " ORDER BY h.entity, h.row_id", record, n, &q);
	while (!rc && (rc = hub_db_next(q, u->err)) == HUB_OK)
		rc = put_line(u, q);
	if (rc == HUB_END)
		rc = hub_undo_flush(u);
	u->restored += rc ? 0 : n;
	return rc;
}

/* --- as the run left them? -------------------------------------------------------------------- */

/* Rows of one table with the hashes that the run left, {0, 0}: it removed the row. */
struct left {
	const struct hub_entity_table *t;
	uint32_t n;
	int64_t id[HUB_RANGES];
	struct hub_hash hash[HUB_RANGES];
};

static int row_stays(struct hub_undo *u, int64_t id)
{
	return id < HUB_SHARED_BASE
		   ? hub_db_run(u->db, u->err,
				"INSERT INTO stay_rec VALUES (?) ON CONFLICT DO NOTHING", "i",
				id / HUB_ROWS_PER_RECORD)
		   : hub_db_run(u->db, u->err,
				"INSERT INTO stay_shared VALUES (?) ON CONFLICT DO NOTHING", "i",
				id);
}

/* The row that q stands at is as the run left it: hash {0, 0}, for it is not missed. */
static int meet(struct hub_undo *u, struct left *l, struct hub_query *q)
{
	struct hub_dbval *val = hub_alloc_array(u->tmp, l->t->cols, sizeof *val);
	const struct hub_hash none = {0, 0};
	uint32_t i = 0;

	if (!val)
		return hub_fail_mem(u->err);
	for (uint32_t c = 0; c < l->t->cols; c++)
		val[c] = hub_db_val(q, c + 1);
	const struct hub_hash h = hub_row_hash(l->t, val);
	while (i < l->n && l->id[i] != hub_db_int(q, 0))
		i++;
	if (i == l->n)
		return HUB_OK;
	const int same = memcmp(&l->hash[i], &h, sizeof h) == 0;
	l->hash[i] = none;
	return same ? HUB_OK : row_stays(u, l->id[i]);
}

static int compare(struct hub_undo *u, struct left *l)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	const struct hub_hash none = {0, 0};

	if (!l->n)
		return HUB_OK;
	hub_arena_reset(u->tmp);
	int rc = ask(u, l->t->some, l->id, l->n, &q);
	while (!rc && (rc = hub_db_next(q, u->err)) == HUB_OK)
		rc = meet(u, l, q);
	rc = rc == HUB_END ? HUB_OK : rc;
	for (uint32_t i = 0; !rc && i < l->n; i++)
		if (memcmp(&l->hash[i], &none, sizeof none) != 0)
			rc = row_stays(u, l->id[i]);
	l->n = 0;
	return rc;
}

/* The line of history that q stands at: entity, row, hash. A row that this schema does not know stays. */
static int take_line(struct hub_undo *u, struct left *l, struct hub_query *q)
{
	const struct hub_entity_table *t = hub_undo_table(u, hub_db_str(q, 0));
	const int64_t id = hub_db_int(q, 1);
	const struct hub_str hash = hub_db_str(q, 2);
	int rc = HUB_OK;

	if (!t)
		return row_stays(u, id);
	if (l->t != t || l->n == HUB_RANGES)
		rc = compare(u, l);
	l->t = t;
	l->id[l->n] = id;
	l->hash[l->n] = (struct hub_hash){0, 0};
	if (hash.len == sizeof *l->hash)
		memcpy(&l->hash[l->n], hash.ptr, hash.len);
	l->n++;
	return rc;
}

int hub_undo_compare(struct hub_undo *u)
{
	static const char *const sql[] = {
	    "SELECT entity, row_id, hash_after FROM history WHERE run_id = ? AND entity <> ''"
	    " AND row_id < ? AND row_id >> 8 IN (SELECT id FROM back_rec)"
	    " ORDER BY entity, row_id",
	    "SELECT entity, row_id, hash_after FROM history WHERE run_id = ? AND entity <> ' "
	    "latest'"
	    " AND row_id >= ? AND row_id IN (SELECT id FROM back_shared) AND undone = 0"
	    " ORDER BY entity, row_id"};
	struct left l = {0};
	int rc = HUB_OK;

	for (size_t i = 0; !rc && i < HUB_COUNT(sql); i++) {
		HUB_AUTO(query) struct hub_query *q = NULL;

		rc = hub_db_walk(u->db, &q, u->err, sql[i], "ii", u->run, HUB_SHARED_BASE);
		while (!rc && (rc = hub_db_next(q, u->err)) == HUB_OK)
			rc = take_line(u, &l, q);
		rc = rc == HUB_END ? compare(u, &l) : rc;
	}
	return rc;
}

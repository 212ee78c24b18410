/* SQLite driver: rows of a chunk as a table that SQL can read, so that one statement takes all rows of a block.
 * SQLite then finds the end of the target once and not once for each row, and sets what is null once. */
#include "store/db_sqlite_image.h"

#include "base/buf.h"

enum { MAX_COLS = 1999 }; /* SQLite's own limit is 2000 */

static const char table_name[] = "hub_rows";
static const char as_x[] = "hub_rows AS x";

static struct sqlite_rows *of_cursor(sqlite3_vtab_cursor *c)
{
	return (struct sqlite_rows *)(void *)((char *)c - offsetof(struct sqlite_rows, cursor));
}

static int rows_connect(sqlite3 *h, void *aux, int argc, const char *const *argv,
			sqlite3_vtab **out, char **what)
{
	HUB_AUTO(buf) struct hub_buf sql;

	(void)argc, (void)argv, (void)what;
	hub_buf_init(&sql, (size_t)1 << 16);
	hub_buf_puts(&sql, "CREATE TABLE x (c0");
	for (int c = 1; c < MAX_COLS; c++)
		hub_buf_printf(&sql, ", c%d", c);
	hub_buf_add(&sql, ")", 2);
	if (!hub_buf_ok(&sql))
		return SQLITE_NOMEM;
	sqlite3_vtab_config(h, SQLITE_VTAB_DIRECTONLY);
	*out = &((struct sqlite_rows *)aux)->table;
	return sqlite3_declare_vtab(h, sql.ptr);
}

static int rows_disconnect(sqlite3_vtab *t)
{
	(void)t; /* part of the connection */
	return SQLITE_OK;
}

static int rows_plan(sqlite3_vtab *t, sqlite3_index_info *info)
{
	(void)t;
	info->estimatedCost = 1e3;
	return SQLITE_OK;
}

static int rows_open(sqlite3_vtab *t, sqlite3_vtab_cursor **out)
{
	*out = &((struct sqlite_rows *)(void *)t)->cursor;
	return SQLITE_OK;
}

static int rows_close(sqlite3_vtab_cursor *c)
{
	(void)c;
	return SQLITE_OK;
}

static int rows_first(sqlite3_vtab_cursor *c, int number, const char *text, int argc,
		      sqlite3_value **argv)
{
	(void)number, (void)text, (void)argc, (void)argv;
	of_cursor(c)->at = of_cursor(c)->from;
	return SQLITE_OK;
}

static int rows_next(sqlite3_vtab_cursor *c)
{
	of_cursor(c)->at++;
	return SQLITE_OK;
}

static int rows_end(sqlite3_vtab_cursor *c)
{
	const struct sqlite_rows *rows = of_cursor(c);

	return !rows->in || rows->at >= rows->to;
}

static int rows_id(sqlite3_vtab_cursor *c, sqlite3_int64 *id)
{
	*id = of_cursor(c)->at;
	return SQLITE_OK;
}

static void give_text(sqlite3_context *to, struct hub_str s)
{
	if (s.ptr)
		sqlite3_result_text64(to, s.ptr, s.len, SQLITE_STATIC, SQLITE_UTF8);
}

static void give_blob(sqlite3_context *to, struct hub_str s)
{
	if (s.ptr)
		sqlite3_result_blob64(to, s.ptr, s.len, SQLITE_STATIC);
}

static void give_value(sqlite3_context *to, const struct hub_dbval *v)
{
	if (v->type == HUB_DB_INT)
		sqlite3_result_int64(to, v->i);
	else if (v->type == HUB_DB_TEXT)
		give_text(to, v->s);
	else if (v->type == HUB_DB_BLOB)
		give_blob(to, v->s);
}

/* What is not given is null. */
static int rows_cell(sqlite3_vtab_cursor *cursor, sqlite3_context *to, int at)
{
	const struct sqlite_rows *rows = of_cursor(cursor);
	const struct hub_dbcol *c = &hub_db_columns(rows->in, rows->at)[at];
	const uint32_t r = rows->in->pick ? rows->in->pick[rows->at] : rows->at;
	int64_t n;

	switch (c->kind) {
	case HUB_COL_INT:
		sqlite3_result_int64(to, c->num[r]);
		break;
	case HUB_COL_REF:
		if (c->num[r])
			sqlite3_result_int64(to, c->num[r]);
		break;
	case HUB_COL_SAME_INT:
		sqlite3_result_int64(to, c->num[0]);
		break;
	case HUB_COL_TEXT:
		if (!c->cell || c->cell[r] == HUB_VALUE)
			give_text(to, c->text[r]);
		break;
	case HUB_COL_TEXT_INT:
		if ((!c->cell || c->cell[r] == HUB_VALUE) && c->text[r].ptr &&
		    !hub_parse_i64(c->text[r], INT64_MIN, INT64_MAX, &n))
			sqlite3_result_int64(to, n);
		break;
	case HUB_COL_BLOB:
		give_blob(to, c->text[r]);
		break;
	case HUB_COL_VAL:
		give_value(to, &c->val[r][c->at]);
		break;
	case HUB_COL_NONE:
		break;
	}
	return SQLITE_OK;
}

int hub_sqlite_rows(struct sqlite *s)
{
	static const sqlite3_module module = {.xConnect = rows_connect,
					      .xBestIndex = rows_plan,
					      .xDisconnect = rows_disconnect,
					      .xDestroy = rows_disconnect,
					      .xOpen = rows_open,
					      .xClose = rows_close,
					      .xFilter = rows_first,
					      .xNext = rows_next,
					      .xEof = rows_end,
					      .xColumn = rows_cell,
					      .xRowid = rows_id};

	return sqlite3_create_module_v2(s->h, table_name, &module, &s->rows, NULL);
}

/* OR FAIL: the caller takes back the whole transaction, so no statement journal is needed. */
static int insert_text(const struct hub_db_rows *in, struct hub_buf *sql)
{
	hub_buf_printf(sql, "INSERT OR FAIL INTO %s SELECT c0", in->into);
	for (uint32_t c = 1; c < in->cols; c++)
		hub_buf_printf(sql, ", c%u", c);
	hub_buf_printf(sql, " FROM %s", table_name);
	hub_buf_add(sql, "", 1);
	return hub_buf_ok(sql) ? HUB_OK : HUB_FATAL;
}

static int run_rows(struct sqlite *s, const char *sql, const struct hub_db_rows *in, uint32_t from,
		    uint32_t to, struct hub_err *err)
{
	struct hub_db *db = &s->db;
	struct hub_query *q = NULL;

	int rc = db->ops->prepare(db, sql, &q, err);
	if (rc)
		return rc;
	s->rows.in = in;
	s->rows.from = from;
	s->rows.to = to;
	rc = hub_db_next(q, err);
	hub_db_done(q);
	s->rows.in = NULL;
	return rc == HUB_END ? HUB_OK : rc;
}

int hub_sqlite_insert_rows(struct sqlite *s, const struct hub_db_rows *in, uint32_t from,
			   uint32_t to, struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf sql;

	hub_buf_init(&sql, (size_t)1 << 16);
	return insert_text(in, &sql) ? hub_fail_mem(err) : run_rows(s, sql.ptr, in, from, to, err);
}

int hub_sqlite_insert(struct hub_db *db, const struct hub_db_rows *in, struct hub_err *err)
{
	struct sqlite *s = (struct sqlite *)db;
	const struct image_plan *plan = hub_sqlite_image_plan(s, in->into);

	return plan && plan->t ? hub_sqlite_insert_pages(s, plan, in, err)
			       : hub_sqlite_insert_rows(s, in, 0, in->n, err);
}

int hub_sqlite_update(struct hub_db *db, const struct hub_db_rows *in, struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf sql;

	hub_buf_init(&sql, (size_t)1 << 16);
	const int rc = hub_db_update_text(in, as_x, &sql, err);
	return rc ? rc : run_rows((struct sqlite *)db, sql.ptr, in, 0, in->n, err);
}

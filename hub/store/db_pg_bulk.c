/* By the thousand: new rows by binary COPY (manual, COPY, "Binary Format"), other values and keys as arrays that
 * one statement joins with a table. */
#include "store/db_pg.h"

#include <poll.h>

enum {
	OID_BYTEA_ARRAY = 1001,
	OID_TEXT_ARRAY = 1009,
	OID_INT8_ARRAY = 1016,
	OID_BYTEA = 17,
	OID_TEXT = 25,
	OID_INT8 = 20,
	FLUSH_AT = 256 << 10,
	LOOK_AGAIN_MS = 200,
};

static void put_i16(struct hub_buf *b, int v)
{
	const unsigned char p[2] = {(unsigned char)(v >> 8), (unsigned char)v};

	hub_buf_add(b, p, sizeof p);
}

static void put_i32(struct hub_buf *b, uint32_t v)
{
	const unsigned char p[4] = {(unsigned char)(v >> 24), (unsigned char)(v >> 16),
				    (unsigned char)(v >> 8), (unsigned char)v};

	hub_buf_add(b, p, sizeof p);
}

static void put_i64(struct hub_buf *b, int64_t v)
{
	put_i32(b, (uint32_t)((uint64_t)v >> 32));
	put_i32(b, (uint32_t)(uint64_t)v);
}

static int64_t get_i64(const PGresult *r, int row, int col)
{
	const unsigned char *p = (const unsigned char *)PQgetvalue(r, row, col);
	uint64_t v = 0;

	for (int i = 0; i < 8 && !PQgetisnull(r, row, col); i++)
		v = v << 8 | p[i];
	return (int64_t)v;
}

/* --- COPY ------------------------------------------------------------------------------------- */

static void put_null(struct hub_buf *b)
{
	put_i32(b, UINT32_MAX);
}

static void put_int(struct hub_buf *b, int64_t v)
{
	put_i32(b, 8);
	put_i64(b, v);
}

static void put_str(struct hub_buf *b, struct hub_str s)
{
	if (!s.ptr) {
		put_null(b);
		return;
	}
	if (s.len > INT32_MAX)
		b->failed = 1;
	put_i32(b, (uint32_t)s.len);
	hub_buf_str(b, s);
}

static void put_val(struct hub_buf *b, const struct hub_dbval *v)
{
	if (v->type == HUB_DB_INT)
		put_int(b, v->i);
	else if (v->type == HUB_DB_NULL)
		put_null(b);
	else
		put_str(b, v->s.ptr ? v->s : HUB_STR(""));
}

static void put_cell(struct hub_buf *b, const struct hub_dbcol *c, uint32_t r)
{
	const int none = c->cell && c->cell[r] != HUB_VALUE;
	int64_t n;

	switch (c->kind) {
	case HUB_COL_INT:
		put_int(b, c->num[r]);
		break;
	case HUB_COL_SAME_INT:
		put_int(b, c->num[0]);
		break;
	case HUB_COL_REF:
		if (c->num[r])
			put_int(b, c->num[r]);
		else
			put_null(b);
		break;
	case HUB_COL_TEXT:
	case HUB_COL_BLOB:
		put_str(b, none ? (struct hub_str){NULL, 0} : c->text[r]);
		break;
	case HUB_COL_TEXT_INT:
		if (none || !c->text[r].ptr || hub_parse_i64(c->text[r], INT64_MIN, INT64_MAX, &n))
			put_null(b);
		else
			put_int(b, n);
		break;
	case HUB_COL_VAL:
		put_val(b, &c->val[r][c->at]);
		break;
	case HUB_COL_NONE:
		put_null(b);
		break;
	}
}

/* libpq 15 takes the server's leave to send rows for half of it when there is no memory to note it, and PQexec waits
 * for the rest, for ever. Looking at what came is trying again. */
static int begin_copy(struct pg *p, const char *sql, struct hub_err *err)
{
	int rc = hub_pg_settle(p, err);

	if (rc)
		return rc;
	if (!PQsendQuery(p->c, sql))
		return hub_pg_fail(p, NULL, err);
	while (PQisBusy(p->c)) {
		struct pollfd f = {.fd = PQsocket(p->c), .events = POLLIN};

		(void)poll(&f, 1, LOOK_AGAIN_MS);
		if (!PQconsumeInput(p->c))
			return hub_pg_fail(p, NULL, err);
	}
	PGresult *r = PQgetResult(p->c);
	if (PQresultStatus(r) != PGRES_COPY_IN)
		rc = hub_pg_fail(p, r, err);
	PQclear(r);
	return rc;
}

/* A COPY begins when there are rows for it: these are written while the server takes in those before. */
static int flush(struct pg *p, const char *sql, int *begun, struct hub_err *err)
{
	if (!hub_buf_ok(&p->out))
		return hub_fail_mem(err);
	if (!*begun) {
		const int rc = begin_copy(p, sql, err);
		if (rc)
			return rc;
		*begun = 1;
	}
	if (p->out.len && PQputCopyData(p->c, p->out.ptr, (int)p->out.len) != 1)
		return hub_pg_fail(p, NULL, err);
	hub_buf_reset(&p->out);
	return HUB_OK;
}

int hub_pg_settle(struct pg *p, struct hub_err *err)
{
	int rc = p->late.rc;
	PGresult *r;

	if (rc && err)
		*err = p->late;
	p->late.rc = HUB_OK;
	while (p->copying && (r = PQgetResult(p->c))) {
		if (!rc && PQresultStatus(r) != PGRES_COMMAND_OK)
			rc = hub_pg_fail(p, r, err);
		PQclear(r);
	}
	p->copying = 0;
	return rc;
}

/* Ends the COPY in any case. The server's answer is heard by whoever asks it something next. */
static int end_copy(struct pg *p, int rc, struct hub_err *err)
{
	if (PQputCopyEnd(p->c, rc ? "given up" : NULL) != 1 && !rc)
		rc = hub_pg_fail(p, NULL, err);
	p->copying = 1;
	if (rc)
		(void)hub_pg_settle(p, NULL);
	return rc;
}

static int put_rows(struct pg *p, const struct hub_db_rows *in, const char *sql, int *begun,
		    struct hub_err *err)
{
	static const char head[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0";
	struct hub_buf *b = &p->out;
	int rc = HUB_OK;

	hub_buf_reset(b);
	hub_buf_add(b, head, sizeof head); /* its NUL is the last byte of the header */
	for (uint32_t i = 0; !rc && i < in->n; i++) {
		const struct hub_dbcol *col = hub_db_columns(in, i);
		const uint32_t r = in->pick ? in->pick[i] : i;

		put_i16(b, (int)in->cols);
		for (uint32_t c = 0; c < in->cols; c++)
			put_cell(b, &col[c], r);
		if (b->len >= FLUSH_AT || !hub_buf_ok(b))
			rc = flush(p, sql, begun, err);
	}
	put_i16(b, -1);
	return rc ? rc : flush(p, sql, begun, err);
}

int hub_pg_insert(struct hub_db *db, const struct hub_db_rows *in, struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf sql;
	struct pg *p = hub_pg_of(db);
	int begun = 0;

	hub_buf_init(&sql, (size_t)1 << 16);
	hub_buf_printf(&sql, "COPY %s FROM STDIN (FORMAT binary)", in->into);
	hub_buf_putc(&sql, '\0');
	if (!hub_buf_ok(&sql))
		return hub_fail_mem(err);
	const int rc = put_rows(p, in, sql.ptr, &begun, err);
	return begun ? end_copy(p, rc, err) : rc;
}

/* --- arrays ----------------------------------------------------------------------------------- */

static void put_array(struct hub_buf *b, uint32_t type, uint32_t n)
{
	put_i32(b, 1); /* dimensions */
	put_i32(b, 1); /* there may be nulls */
	put_i32(b, type);
	put_i32(b, n);
	put_i32(b, 1); /* index of the first one */
}

static uint32_t type_of(const struct hub_dbcol *c)
{
	switch (c->kind) {
	case HUB_COL_TEXT:
		return OID_TEXT;
	case HUB_COL_BLOB:
		return OID_BYTEA;
	case HUB_COL_VAL:
		return c->type == HUB_DB_TEXT   ? OID_TEXT
		       : c->type == HUB_DB_BLOB ? OID_BYTEA
						: OID_INT8;
	default:
		return OID_INT8;
	}
}

/* A column as an array: its cells are framed as those of a COPY. */
static void put_column(struct hub_buf *b, const struct hub_db_rows *in, uint32_t c)
{
	put_array(b, type_of(&in->col[c]), in->n);
	for (uint32_t i = 0; i < in->n; i++)
		put_cell(b, &hub_db_columns(in, i)[c], in->pick ? in->pick[i] : i);
}

/* The columns as parameters of a statement. */
struct params {
	Oid *type;
	const char **val;
	int *len, *format;
	size_t *at; /* in the buffer */
};

static int make_params(struct pg *p, const struct hub_db_rows *in, struct hub_arena *a,
		       struct params *x)
{
	x->type = hub_alloc_array(a, in->cols, sizeof *x->type);
	x->val = hub_alloc_array(a, in->cols, sizeof *x->val);
	x->len = hub_alloc_array(a, in->cols, sizeof *x->len);
	x->format = hub_alloc_array(a, in->cols, sizeof *x->format);
	x->at = hub_alloc_array(a, in->cols, sizeof *x->at);
	if (!x->type || !x->val || !x->len || !x->format || !x->at)
		return -1;
	hub_buf_reset(&p->out);
	for (uint32_t c = 0; c < in->cols; c++) {
		const uint32_t type = type_of(&in->col[c]);

		x->type[c] = type == OID_TEXT    ? OID_TEXT_ARRAY
			     : type == OID_BYTEA ? OID_BYTEA_ARRAY
						 : OID_INT8_ARRAY;
		x->at[c] = p->out.len;
		put_column(&p->out, in, c);
		x->len[c] = (int)(p->out.len - x->at[c]);
		x->format[c] = 1;
	}
	for (uint32_t c = 0; c < in->cols; c++)
		x->val[c] = p->out.ptr + x->at[c];
	return hub_buf_ok(&p->out) ? 0 : -1;
}

static int update_text(const struct hub_db_rows *in, struct hub_buf *sql, struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf x;

	hub_buf_init(&x, (size_t)1 << 16);
	for (uint32_t c = 0; c < in->cols; c++)
		hub_buf_printf(&x, "%s$%u", c ? ", " : "unnest(", c + 1);
	for (uint32_t c = 0; c < in->cols; c++)
		hub_buf_printf(&x, "%sc%u", c ? ", " : ") AS x (", c);
	hub_buf_add(&x, ")", 2);
	return hub_buf_ok(&x) ? hub_db_update_text(in, x.ptr, sql, err) : hub_fail_mem(err);
}

int hub_pg_update(struct hub_db *db, const struct hub_db_rows *in, struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	HUB_AUTO(buf) struct hub_buf sql;
	struct pg *p = hub_pg_of(db);
	struct params x;

	hub_buf_init(&sql, (size_t)1 << 16);
	if (!a || make_params(p, in, a, &x))
		return hub_fail_mem(err);
	int rc = hub_pg_settle(p, err);
	if (rc || (rc = update_text(in, &sql, err)))
		return rc;
	PGresult *r = PQexecParams(p->c, sql.ptr, (int)in->cols, x.type, x.val, x.len, x.format, 1);
	if (PQresultStatus(r) != PGRES_COMMAND_OK)
		rc = hub_pg_fail(p, r, err);
	PQclear(r);
	return rc;
}

/* --- keys ------------------------------------------------------------------------------------- */

/* n keys as text[]; pick may be NULL. */
static void put_keys(struct hub_buf *b, const struct hub_str *key, const uint32_t *pick, uint32_t n)
{
	hub_buf_reset(b);
	put_array(b, OID_TEXT, n);
	for (uint32_t i = 0; i < n; i++) {
		const struct hub_str s = key[pick ? pick[i] : i];
		put_str(b, s.ptr ? s : HUB_STR(""));
	}
}

/* sql: $1 the keys, $2 a number. Planned each time, for the size that the table has by then. */
static int ask(struct pg *p, const char *sql, int64_t number, PGresult **res, struct hub_err *err)
{
	static const Oid type[] = {OID_TEXT_ARRAY, OID_INT8};
	static const int format[] = {1, 1};
	const size_t at = p->out.len;

	put_i64(&p->out, number);
	if (!hub_buf_ok(&p->out) || at > INT32_MAX)
		return hub_fail_mem(err);
	const char *const val[] = {p->out.ptr, p->out.ptr + at};
	const int len[] = {(int)at, 8};
	int rc = hub_pg_settle(p, err);
	if (rc)
		return rc;
	*res = PQexecParams(p->c, sql, 2, type, val, len, format, 1);
	if (PQresultStatus(*res) == PGRES_TUPLES_OK)
		return HUB_OK;
	rc = hub_pg_fail(p, *res, err);
	PQclear(*res);
	return rc;
}

static int take_known(const PGresult *r, struct hub_db_known *in, struct hub_err *err)
{
	for (int i = 0; i < PQntuples(r); i++) {
		const uint32_t at = in->pick[get_i64(r, i, 0) - 1];

		in->id[at] = get_i64(r, i, 1);
		in->hash[at] = (struct hub_hash){0, 0};
		if (PQgetlength(r, i, 2) == (int)sizeof *in->hash)
			memcpy(&in->hash[at], PQgetvalue(r, i, 2), sizeof *in->hash);
		in->state[at] = (uint8_t)get_i64(r, i, 3);
		if (!in->refs || PQgetisnull(r, i, 4))
			continue;
		in->refs[at] = hub_arena_str(
		    in->arena, (struct hub_str){PQgetvalue(r, i, 4), (size_t)PQgetlength(r, i, 4)});
		if (!in->refs[at].ptr)
			return hub_fail_mem(err);
	}
	return HUB_OK;
}

int hub_pg_known(struct hub_db *db, struct hub_db_known *in, struct hub_err *err)
{
	static const char with_refs[] = "SELECT k.n, r.id, r.hash, r.state, r.refs FROM unnest($1) "
					"WITH ORDINALITY AS k (key, n)"
					" JOIN record r ON r.feed_id = $2 AND r.key = k.key";
	static const char without[] =
	    "SELECT k.n, r.id, r.hash, r.state FROM unnest($1) WITH ORDINALITY AS k (key, n)"
	    " JOIN record r ON r.feed_id = $2 AND r.key = k.key";
	struct pg *p = hub_pg_of(db);
	PGresult *r = NULL;

	for (uint32_t i = 0; i < in->n; i++)
		in->id[in->pick[i]] = 0;
	if (!in->n)
		return HUB_OK;
	int rc = hub_pg_make_keys(db, "record", err);
	if (rc)
		return rc;
	put_keys(&p->out, in->key, in->pick, in->n);
	rc = ask(p, in->refs ? with_refs : without, in->feed, &r, err);
	if (rc)
		return rc;
	rc = take_known(r, in, err);
	PQclear(r);
	return rc;
}

int hub_pg_find(struct hub_db *db, const struct hub_db_find *in, struct hub_err *err)
{
	struct pg *p = hub_pg_of(db);
	PGresult *r = NULL;
	char sql[256];

	for (uint32_t i = 0; i < in->n; i++)
		in->id[i] = in->record[i] = 0;
	if (!in->n)
		return HUB_OK;
	snprintf(sql, sizeof sql,
		 "SELECT k.n, t.id, t.record_id FROM unnest($1) WITH ORDINALITY AS k (key, n)"
		 " JOIN %s t ON t.system_id = $2 AND t.key = k.key WHERE t.key IS NOT NULL",
		 in->table);
	int rc = hub_pg_make_keys(db, in->table, err);
	if (rc)
		return rc;
	put_keys(&p->out, in->key, NULL, in->n);
	rc = ask(p, sql, in->system, &r, err);
	if (rc)
		return rc;
	for (int i = 0; i < PQntuples(r); i++) {
		const int64_t at = get_i64(r, i, 0) - 1;

		in->id[at] = get_i64(r, i, 1);
		in->record[at] = get_i64(r, i, 2);
	}
	PQclear(r);
	return HUB_OK;
}

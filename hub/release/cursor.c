#include "release/cursor.h"

#include "store/db.h"

enum { SQL_LIMIT = 64 << 10 };

struct hub_cursor {
	struct hub_db *db;
	const struct hub_profile_entity *e;
	const char *sql;
	struct hub_cursor_spec spec; /* after: where the last page ended */
};

/* The reference to the agency that wrote the row, if the entity has one. */
static const struct hub_field *agency_of(const struct hub_entity *e)
{
	static const char *const names[] = {"agency", "received_agency"};

	for (size_t i = 0; i < HUB_COUNT(names); i++) {
		const struct hub_field *f = hub_schema_field(e, hub_str_of(names[i]));
		if (f && f->type == HUB_F_REF)
			return f;
	}
	return NULL;
}

static void put_ref(struct hub_buf *b, const struct hub_field *f)
{
	if (f)
		hub_buf_printf(b, ", c.%.*s", HUB_FMT(f->column));
	else
		hub_buf_puts(b, ", NULL");
}

/* id, person, case, agency, scan; fields of the profile; narratives and their spans. */
static void build_sql(const struct hub_profile_entity *p, const struct hub_field *date, int one,
		      struct hub_buf *b)
{
	const struct hub_entity *e = p->entity;

	hub_buf_puts(b, "SELECT c.id");
	put_ref(b, e->subject == HUB_SUBJECT_REF ? e->subject_ref : NULL);
	put_ref(b, e->case_ref);
	put_ref(b, agency_of(e));
	hub_buf_puts(b, e->narratives ? ", c.scan" : ", NULL");
	for (uint32_t i = 0; i < p->n; i++)
		hub_buf_printf(b, ", c.%.*s", HUB_FMT(p->fields[i].field->column));
	for (uint32_t i = 0; i < e->count; i++)
		if (e->fields[i].type == HUB_F_NARRATIVE)
			hub_buf_printf(b, ", c.%.*s, c.%.*s", HUB_FMT(e->fields[i].column),
				       HUB_FMT(e->fields[i].spans));
	hub_buf_printf(b,
		       " FROM cc_%.*s c JOIN record r ON r.id = c.record_id"
		       " WHERE c.id %s ? AND r.state = 0",
		       HUB_FMT(e->name), one ? "=" : ">");
	/* "2026-04-30" lies before "2026-05", and after "2026-04"; a period of a year begins with its year */
	if (date)
		hub_buf_printf(b, " AND c.%.*s >= ? AND substr(c.%.*s, 1, 10) <= ?",
			       HUB_FMT(date->column), HUB_FMT(date->column));
	hub_buf_puts(b, " ORDER BY c.id LIMIT ?");
	hub_buf_putc(b, '\0');
}

static int open_cursor(struct hub_arena *a, struct hub_db *db, const struct hub_profile_entity *e,
		       const struct hub_cursor_spec *spec, int one, struct hub_cursor **out,
		       struct hub_err *err)
{
	struct hub_cursor *c = hub_alloc0(a, sizeof *c);
	HUB_AUTO(buf) struct hub_buf sql;

	hub_buf_init(&sql, SQL_LIMIT);
	build_sql(e, spec->date, one, &sql);
	if (!c || !hub_buf_ok(&sql))
		return hub_fail_mem(err);
	*c = (struct hub_cursor){
	    .db = db, .e = e, .sql = hub_arena_cstr(a, hub_str_of(sql.ptr)), .spec = *spec};
	if (c->spec.rows == 0 || c->spec.rows > HUB_CURSOR_ROWS)
		c->spec.rows = HUB_CURSOR_ROWS;
	if (c->spec.to.len == 0)
		c->spec.to = HUB_STR("9999");
	*out = c;
	return c->sql ? HUB_OK : hub_fail_mem(err);
}

int hub_cursor_open_at(struct hub_arena *a, struct hub_db *db, const struct hub_profile_entity *e,
		       const struct hub_cursor_spec *spec, struct hub_cursor **out,
		       struct hub_err *err)
{
	return open_cursor(a, db, e, spec, 0, out, err);
}

int hub_cursor_open(struct hub_arena *a, struct hub_db *db, const struct hub_profile_entity *e,
		    struct hub_cursor **out, struct hub_err *err)
{
	const struct hub_cursor_spec all = {0};

	return open_cursor(a, db, e, &all, 0, out, err);
}

static int query(const struct hub_cursor *c, struct hub_query **q, struct hub_err *err)
{
	const struct hub_cursor_spec *s = &c->spec;
	const struct hub_str from = s->from.len ? s->from : HUB_STR("");

	if (s->date)
		return hub_db_query(c->db, q, err, c->sql, "itti", s->after, from, s->to,
				    (int64_t)s->rows);
	return hub_db_query(c->db, q, err, c->sql, "ii", s->after, (int64_t)s->rows);
}

/* Numbers become text: every value of a release is one. */
static int copy_value(struct hub_arena *a, struct hub_query *q, uint32_t at, struct hub_str *out)
{
	const struct hub_dbval v = hub_db_val(q, at);

	*out = (struct hub_str){NULL, 0};
	if (v.type == HUB_DB_INT)
		*out = hub_arena_printf(a, "%lld", (long long)v.i);
	else if (v.s.ptr)
		*out = hub_arena_str(a, v.s);
	return v.type == HUB_DB_NULL || out->ptr ? 0 : -1;
}

static int copy_row(const struct hub_cursor *c, struct hub_arena *a, struct hub_query *q,
		    struct hub_source_row *row)
{
	const uint32_t texts = c->e->entity->narratives;
	uint32_t at = 5;

	*row = (struct hub_source_row){.id = hub_db_int(q, 0),
				       .person = hub_db_int(q, 1),
				       .case_id = hub_db_int(q, 2),
				       .agency = hub_db_int(q, 3),
				       .value = hub_alloc_array(a, c->e->n + 1, sizeof *row->value),
				       .text = hub_alloc_array(a, texts + 1, sizeof *row->text),
				       .spans = hub_alloc_array(a, texts + 1, sizeof *row->spans)};
	if (!row->value || !row->text || !row->spans || copy_value(a, q, 4, &row->scan))
		return -1;
	for (uint32_t i = 0; i < c->e->n; i++)
		if (copy_value(a, q, at++, &row->value[i]))
			return -1;
	for (uint32_t i = 0; i < texts; i++)
		if (copy_value(a, q, at++, &row->text[i]) || copy_value(a, q, at++, &row->spans[i]))
			return -1;
	return 0;
}

int hub_cursor_next(struct hub_cursor *c, struct hub_arena *a, struct hub_source_row **rows,
		    uint32_t *n, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct hub_source_row *list = hub_alloc_array(a, c->spec.rows, sizeof *list);
	int rc = list ? query(c, &q, err) : hub_fail_mem(err);

	*n = 0;
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		if (copy_row(c, a, q, &list[*n]))
			return hub_fail_mem(err);
		c->spec.after = list[(*n)++].id;
	}
	*rows = list;
	return rc == HUB_END ? HUB_OK : rc;
}

int hub_cursor_row(struct hub_arena *a, struct hub_db *db, const struct hub_profile_entity *e,
		   int64_t id, struct hub_source_row *row, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	const struct hub_cursor_spec here = {.after = id, .rows = 1};
	struct hub_cursor *c;
	int rc = open_cursor(a, db, e, &here, 1, &c, err);

	if (rc || (rc = query(c, &q, err)) || (rc = hub_db_next(q, err)) != HUB_OK)
		return rc;
	return copy_row(c, a, q, row) ? hub_fail_mem(err) : HUB_OK;
}

#include "store/tables.h"

/* Grows column by column; names are ASCII identifiers of the schema and are quoted, so that a field
 * may be called "order". */
struct builder {
	struct hub_arena *a;
	struct hub_entity_table *t;
	struct hub_pcol *col;
	struct hub_buf sql;
};

static uint32_t add(struct builder *b, struct hub_str name, enum hub_pcol_kind kind,
		    enum hub_dbtype type, const struct hub_field *f)
{
	b->col[b->t->cols] =
	    (struct hub_pcol){.name = name, .kind = kind, .type = type, .field = f};
	return b->t->cols++;
}

static enum hub_dbtype type_of(const struct hub_field *f)
{
	switch (f->type) {
	case HUB_F_INT:
	case HUB_F_YEN:
	case HUB_F_BOOL:
	case HUB_F_REF:
		return HUB_DB_INT;
	default:
		return HUB_DB_TEXT;
	}
}

static int add_fields(struct builder *b)
{
	const struct hub_entity *e = b->t->entity;
	uint32_t *of = hub_alloc_array(b->a, e->count + 1, sizeof *of);
	uint32_t *spans = hub_alloc_array(b->a, e->count + 1, sizeof *spans);

	if (!of || !spans)
		return -1;
	for (uint32_t i = 0; i < e->count; i++) {
		const struct hub_field *f = &e->fields[i];
		of[i] = add(b, f->column, HUB_P_FIELD, type_of(f), f);
		spans[i] = HUB_NO_COL;
		if (f->spans.len)
			spans[i] = add(b, f->spans, HUB_P_SPANS, HUB_DB_TEXT, f);
	}
	b->t->of_field = of;
	b->t->spans_of = spans;
	return 0;
}

static int add_columns(struct builder *b)
{
	struct hub_entity_table *t = b->t;
	const struct hub_entity *e = t->entity;

	t->system = t->key = t->scan = t->match = HUB_NO_COL;
	add(b, HUB_STR("record_id"), HUB_P_RECORD, HUB_DB_INT, NULL);
	if (e->identified) {
		t->system = add(b, HUB_STR("system_id"), HUB_P_SYSTEM, HUB_DB_INT, NULL);
		t->key = add(b, HUB_STR("key"), HUB_P_KEY, HUB_DB_TEXT, NULL);
	}
	if (add_fields(b))
		return -1;
	if (e->narratives)
		t->scan = add(b, HUB_STR("scan"), HUB_P_SCAN, HUB_DB_TEXT, NULL);
	if (hub_str_is(e->name, "person"))
		t->match = add(b, HUB_STR("match"), HUB_P_MATCH, HUB_DB_INT, NULL);
	t->state = add(b, HUB_STR("state"), HUB_P_STATE, HUB_DB_TEXT, NULL);
	t->local = add(b, HUB_STR("local"), HUB_P_LOCAL, HUB_DB_TEXT, NULL);
	return 0;
}

/* "a", "b", ... or with the text behind each name */
static void names(struct builder *b, const char *behind)
{
	for (uint32_t i = 0; i < b->t->cols; i++)
		hub_buf_printf(&b->sql, "%s\"%s\"%s", i ? ", " : "", b->col[i].name.ptr, behind);
}

static const char *text(struct builder *b)
{
	const char *sql = hub_buf_ok(&b->sql) ? hub_arena_cstr(b->a, hub_buf_text(&b->sql)) : NULL;

	hub_buf_reset(&b->sql);
	return sql;
}

static int statements(struct builder *b)
{
	struct hub_entity_table *t = b->t;
	struct hub_buf *q = &b->sql;

	hub_buf_printf(q, "INSERT INTO %s (id, ", t->name.ptr);
	names(b, "");
	hub_buf_puts(q, ") VALUES (?");
	for (uint32_t i = 0; i < t->cols; i++)
		hub_buf_puts(q, ", ?");
	hub_buf_putc(q, ')');
	t->insert = text(b);

	hub_buf_printf(q, "UPDATE %s SET ", t->name.ptr);
	names(b, " = ?");
	hub_buf_puts(q, " WHERE id = ?");
	t->update = text(b);

	hub_buf_printf(q, "DELETE FROM %s WHERE id = ?", t->name.ptr);
	t->remove = text(b);

	hub_buf_puts(q, "SELECT ");
	names(b, "");
	hub_buf_printf(q, " FROM %s WHERE id = ?", t->name.ptr);
	t->get = text(b);

	hub_buf_puts(q, "SELECT id, ");
	names(b, "");
	hub_buf_printf(q, " FROM %s WHERE id IN (?", t->name.ptr);
	for (uint32_t i = 1; i < HUB_RANGES; i++)
		hub_buf_puts(q, ", ?");
	hub_buf_putc(q, ')');
	t->some = text(b);

	hub_buf_printf(q, "%s (id, ", t->name.ptr);
	names(b, "");
	hub_buf_putc(q, ')');
	t->all = text(b);

	hub_buf_puts(q, "SELECT id, ");
	names(b, "");
	hub_buf_puts(q, " FROM (VALUES (CAST(? AS BIGINT))");
	for (uint32_t i = 1; i < HUB_RANGES; i++)
		hub_buf_puts(q, ", (?)");
	/* in this order: a row's number is looked up for each record */
	hub_buf_printf(q,
		       ") AS record CROSS JOIN %s AS t WHERE t.id BETWEEN record.column1 * %d AND"
		       " record.column1 * %d + %d",
		       t->name.ptr, HUB_ROWS_PER_RECORD, HUB_ROWS_PER_RECORD,
		       HUB_ROWS_PER_RECORD - 1);
	t->owned = text(b);

	if (t->entity->identified) {
		hub_buf_printf(q, "SELECT id, record_id FROM %s WHERE system_id = ? AND key = ?",
			       t->name.ptr);
		t->find = text(b);
	}
	return t->insert && t->update && t->remove && t->get && t->some && t->all && t->owned ? 0
											      : -1;
}

static int make_table(struct builder *b, const struct hub_entity *e)
{
	struct hub_entity_table *t = b->t;

	t->entity = e;
	t->name = hub_arena_printf(b->a, "cc_%s", e->name.ptr);
	b->col = hub_alloc_array(b->a, (size_t)e->count * 2 + 8, sizeof *b->col);
	if (!t->name.ptr || !b->col)
		return -1;
	t->col = b->col;
	return add_columns(b) || statements(b) ? -1 : 0;
}

int hub_tables_make(struct hub_arena *a, const struct hub_schema *s,
		    const struct hub_entity_tables **out, struct hub_err *err)
{
	struct hub_entity_tables *ts = hub_alloc0(a, sizeof *ts);
	struct builder b = {.a = a};
	int bad = 0;

	if (!ts)
		return hub_fail_mem(err);
	hub_buf_init(&b.sql, (size_t)1 << 20);
	ts->n = s->n_entities;
	ts->table = hub_alloc_array(a, ts->n + 1, sizeof *ts->table);
	for (uint32_t i = 0; ts->table && !bad && i < ts->n; i++) {
		b.t = &ts->table[i];
		bad = make_table(&b, &s->entities[i]);
	}
	hub_buf_free(&b.sql);
	if (bad || !ts->table)
		return hub_fail_mem(err);
	*out = ts;
	return HUB_OK;
}

/* --- schema apply ----------------------------------------------------------------------------- */

/* Runs the statements of a text one by one; only those that make reading indexes, or all others. */
static int run_sql(struct hub_db *db, struct hub_str sql, int indexes, struct hub_err *err)
{
	static const char index[] = "CREATE INDEX ";
	struct hub_str one;
	int rc = HUB_OK;

	while (!rc && hub_str_next(&sql, ';', &one)) {
		char text[32768];
		one = hub_str_trim(one);
		const int is_index = hub_str_starts(one, hub_str_of(index));
		if (!one.len || is_index != indexes)
			continue;
		if (is_index)
			one = hub_str_from(one, sizeof index - 1);
		const int n = snprintf(text, sizeof text, "%s%.*s",
				       is_index ? "CREATE INDEX IF NOT EXISTS " : "", HUB_FMT(one));
		if (n < 0 || (size_t)n >= sizeof text)
			return hub_fail(err, HUB_FATAL, "internal", "statement too long");
		rc = db->ops->exec(db, text, err);
	}
	return rc;
}

int hub_tables_diff(struct hub_db *db, struct hub_arena *a, const struct hub_schema *s,
		    const struct hub_change **changes, size_t *n, struct hub_err *err)
{
	struct hub_have *have;
	size_t n_have;

	const int rc = hub_db_have(db, a, &have, &n_have, err);
	if (rc)
		return rc;
	return hub_schema_diff(a, s, have, n_have, changes, n) ? hub_fail_mem(err) : HUB_OK;
}

int hub_tables_apply(struct hub_db *db, const struct hub_schema *s, struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	HUB_AUTO(buf) struct hub_buf sql;
	const struct hub_change *change;
	size_t n = 0;

	hub_buf_init(&sql, HUB_SCHEMA_OUT_MAX);
	int rc = a ? hub_tables_diff(db, a, s, &change, &n, err) : hub_fail_mem(err);
	for (size_t i = 0; !rc && i < n; i++) {
		hub_buf_reset(&sql);
		hub_schema_sql_change(&change[i], db->ops->dialect, &sql);
		rc = hub_buf_ok(&sql) ? run_sql(db, hub_buf_text(&sql), 0, err) : hub_fail_mem(err);
	}
	return rc;
}

int hub_tables_index(struct hub_db *db, const struct hub_schema *s, struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf sql;
	int rc = HUB_OK;

	hub_buf_init(&sql, HUB_SCHEMA_OUT_MAX);
	for (uint32_t i = 0; !rc && i < s->n_entities; i++) {
		hub_buf_reset(&sql);
		hub_schema_sql_table(&s->entities[i], db->ops->dialect, &sql);
		rc = hub_buf_ok(&sql) ? run_sql(db, hub_buf_text(&sql), 1, err) : hub_fail_mem(err);
	}
	return rc;
}

const struct hub_entity_table *hub_tables_of(const struct hub_entity_tables *t,
					     const struct hub_entity *e)
{
	return &t->table[e->index];
}

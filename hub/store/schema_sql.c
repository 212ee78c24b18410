/* Tables of the common case format, and what to change in a store that has older ones. */
#include "store/schema_out.h"

#include <stdio.h>

/* The columns of an entity's table, in order. One iterator, so that creating and comparing agree. */
struct column {
	struct hub_str name;
	const struct hub_field *field; /* NULL: the store's own, or spans */
	int integer;
	const char *extra; /* constraint, or "" */
};

struct walk {
	const struct hub_entity *e;
	uint32_t at;
	int spans; /* the spans of field at-1 come next */
};

static int is_integer(const struct hub_field *f)
{
	return f->type == HUB_F_INT || f->type == HUB_F_YEN || f->type == HUB_F_BOOL ||
	       f->type == HUB_F_REF;
}

static const char *sql_type(int integer, enum hub_dialect d)
{
	if (!integer)
		return "TEXT";
	return d == HUB_POSTGRES ? "BIGINT" : "INTEGER";
}

/* at counts: own columns before the fields, then fields, then own columns behind them. */
static int next_column(struct walk *w, struct column *c)
{
	static const struct column head[] = {
	    {{"id", 2}, NULL, 1, " PRIMARY KEY"},
	    {{"record_id", 9}, NULL, 1, ""}, /* null: only referred to so far */
	    {{"system_id", 9}, NULL, 1, ""},
	    {{"key", 3}, NULL, 0, ""},
	};
	static const struct column tail[] = {
	    {{"scan", 4}, NULL, 0, ""},
	    {{"state", 5}, NULL, 0, ""},
	    {{"local", 5}, NULL, 0, ""},
	    {{"match", 5}, NULL, 1, ""}, /* persons only, for linking */
	};
	const uint32_t heads = w->e->identified ? 4 : 2;

	if (w->spans) {
		w->spans = 0;
		*c = (struct column){w->e->fields[w->at - heads - 1].spans, NULL, 0, ""};
		return 1;
	}
	const uint32_t at = w->at++;
	if (at < heads) {
		*c = head[at];
		return 1;
	}
	if (at < heads + w->e->count) {
		const struct hub_field *f = &w->e->fields[at - heads];

		w->spans = f->spans.len > 0;
		*c = (struct column){f->column, f, is_integer(f), ""};
		return 1;
	}
	const uint32_t rest = at - heads - w->e->count + (w->e->narratives ? 0 : 1);
	const uint32_t tails = w->e->subject == HUB_SUBJECT_SELF ? 4 : 3;
	if (rest >= tails)
		return 0;
	*c = tail[rest];
	return 1;
}

static void put_index(const struct hub_entity *e, const char *column, struct hub_buf *out)
{
	hub_buf_printf(out, "CREATE INDEX cc_%s_by_%s ON cc_%s (%s);\n", e->name.ptr, column,
		       e->name.ptr, column);
}

static void put_key_index(const struct hub_entity *e, struct hub_buf *out)
{
	hub_buf_printf(
	    out,
	    "CREATE UNIQUE INDEX cc_%s_by_key ON cc_%s (system_id, key) WHERE key IS NOT NULL;\n",
	    e->name.ptr, e->name.ptr);
}

/* What people are found together by: households, the day of birth, and whom a row of somebody else speaks of. And the
 * number by which everybody asks for a case. */
static int is_asked_for(const struct hub_entity *e, const struct hub_field *f)
{
	if (f->to)
		return f->to->subject == HUB_SUBJECT_MEMBERS ||
		       (f->to->subject == HUB_SUBJECT_SELF && f != e->subject_ref);
	if (e->subject == HUB_SUBJECT_SELF)
		return hub_str_is(f->name, "household_no") || hub_str_is(f->name, "birth_date");
	return hub_str_is(e->name, "case") && hub_str_is(f->name, "case_no");
}

void hub_schema_sql_table(const struct hub_entity *e, enum hub_dialect d, struct hub_buf *out)
{
	struct walk w = {.e = e};
	struct column c;

	hub_buf_printf(out, "CREATE TABLE cc_%s (", e->name.ptr);
	for (int first = 1; next_column(&w, &c); first = 0)
		hub_buf_printf(out, "%s\n\t%s %s%s", first ? "" : ",", c.name.ptr,
			       sql_type(c.integer, d), c.extra);
	hub_buf_puts(out, d == HUB_SQLITE ? "\n) STRICT;\n" : "\n);\n");

	if (e->identified)
		put_key_index(e, out);
	if (e->subject_ref)
		put_index(e, e->subject_ref->column.ptr, out);
	if (e->case_ref)
		put_index(e, e->case_ref->column.ptr, out);
	for (uint32_t i = 0; i < e->count; i++)
		if (is_asked_for(e, &e->fields[i]))
			put_index(e, e->fields[i].column.ptr, out);
}

void hub_schema_sql(const struct hub_schema *s, enum hub_dialect d, struct hub_buf *out)
{
	hub_buf_printf(out, "-- %s %s, schema hash %s\n", s->title.ptr, s->version.ptr, s->hash);
	for (uint32_t i = 0; i < s->n_entities; i++) {
		hub_buf_printf(out, "\n-- %s\n", s->entities[i].label.ptr);
		hub_schema_sql_table(&s->entities[i], d, out);
	}
}

/* ---- difference to a store */

struct diff {
	struct hub_arena *a;
	struct hub_map *have; /* "table.column" -> 0; "table" -> 0 */
	struct hub_map *used; /* "table.column" that the schema names or renames */
	struct hub_change *list;
	size_t n;
};

static int put_key(struct hub_map *m, struct hub_arena *a, const char *table, struct hub_str column)
{
	const struct hub_str k = hub_arena_printf(a, "cc_%s.%.*s", table, HUB_FMT(column));

	return !k.ptr || hub_map_put(m, k, 0);
}

static int has(const struct hub_map *m, const char *table, struct hub_str column)
{
	char k[192];
	uint64_t v;

	const int n = snprintf(k, sizeof k, "cc_%s.%.*s", table, HUB_FMT(column));
	return n > 0 && (size_t)n < sizeof k && hub_map_get(m, (struct hub_str){k, (size_t)n}, &v);
}

/* Former name of a column: was, was_id or was_spans of its field. */
static struct hub_str former(struct hub_arena *a, const struct hub_field *f, const struct column *c)
{
	if (!f || !f->was.len)
		return (struct hub_str){NULL, 0};
	const char *tail = hub_str_eq(c->name, f->spans) ? "_spans"
			   : f->type == HUB_F_REF        ? "_id"
							 : "";
	return hub_arena_printf(a, "%s%s", f->was.ptr, tail);
}

static int diff_column(struct diff *d, const struct hub_entity *e, const struct column *c,
		       const struct hub_field *f)
{
	if (put_key(d->used, d->a, e->name.ptr, c->name))
		return -1;
	if (has(d->have, e->name.ptr, c->name))
		return 0;
	struct hub_change *ch = &d->list[d->n++];
	*ch = (struct hub_change){
	    .kind = HUB_CHANGE_ADD, .entity = e, .field = f, .to = c->name, .integer = c->integer};
	const struct hub_str was = former(d->a, f, c);
	if (!was.len || !has(d->have, e->name.ptr, was))
		return 0;
	ch->kind = HUB_CHANGE_RENAME;
	ch->from = was;
	return put_key(d->used, d->a, e->name.ptr, was);
}

static int diff_entity(struct diff *d, const struct hub_entity *e)
{
	struct walk w = {.e = e};
	struct column c;
	const struct hub_field *f = NULL;

	if (!has(d->have, e->name.ptr, HUB_STR("id"))) {
		d->list[d->n++] = (struct hub_change){.kind = HUB_CHANGE_TABLE, .entity = e};
		return 0;
	}
	while (next_column(&w, &c)) {
		/* spans follow their field */
		if (c.field)
			f = c.field;
		else if (!f || !hub_str_eq(c.name, f->spans))
			f = NULL;
		if (diff_column(d, e, &c, f))
			return -1;
	}
	return 0;
}

/* Columns of tables of ours that nobody names. */
static int diff_left(struct diff *d, const struct hub_schema *s, const struct hub_have *have,
		     size_t n_have)
{
	for (size_t i = 0; i < n_have; i++) {
		if (!hub_str_starts(have[i].table, HUB_STR("cc_")))
			continue;
		const struct hub_entity *e = hub_schema_entity(s, hub_str_from(have[i].table, 3));
		if (!e || has(d->used, e->name.ptr, have[i].column))
			continue;
		d->list[d->n++] = (struct hub_change){.kind = HUB_CHANGE_LEFT,
						      .entity = e,
						      .from = hub_arena_str(d->a, have[i].column)};
	}
	return 0;
}

int hub_schema_diff(struct hub_arena *a, const struct hub_schema *s, const struct hub_have *have,
		    size_t n_have, const struct hub_change **changes, size_t *n_changes)
{
	struct diff d = {.a = a, .have = hub_map_new(a), .used = hub_map_new(a)};
	size_t room = n_have + s->n_entities;

	for (uint32_t i = 0; i < s->n_entities; i++)
		room += 8 + 2 * (size_t)s->entities[i].count;
	d.list = hub_alloc_array(a, room, sizeof *d.list);
	if (!d.have || !d.used || !d.list)
		return HUB_FATAL;
	for (size_t i = 0; i < n_have; i++)
		if (hub_str_starts(have[i].table, HUB_STR("cc_"))) {
			const char *table = hub_arena_cstr(a, hub_str_from(have[i].table, 3));

			if (!table || put_key(d.have, a, table, have[i].column))
				return HUB_FATAL;
		}
	for (uint32_t i = 0; i < s->n_entities; i++)
		if (diff_entity(&d, &s->entities[i]))
			return HUB_FATAL;
	if (diff_left(&d, s, have, n_have))
		return HUB_FATAL;
	*changes = d.list;
	*n_changes = d.n;
	return HUB_OK;
}

void hub_schema_sql_change(const struct hub_change *c, enum hub_dialect d, struct hub_buf *out)
{
	const char *table = c->entity->name.ptr;

	switch (c->kind) {
	case HUB_CHANGE_TABLE:
		hub_schema_sql_table(c->entity, d, out);
		break;
	case HUB_CHANGE_ADD:
		hub_buf_printf(out, "ALTER TABLE cc_%s ADD COLUMN %.*s %s;\n", table,
			       HUB_FMT(c->to), sql_type(c->integer, d));
		if (c->field &&
		    (c->field == c->entity->subject_ref || c->field == c->entity->case_ref))
			put_index(c->entity, c->field->column.ptr, out);
		if (hub_str_is(c->to, "key"))
			put_key_index(c->entity, out);
		break;
	case HUB_CHANGE_RENAME:
		hub_buf_printf(out, "ALTER TABLE cc_%s RENAME COLUMN %.*s TO %.*s;\n", table,
			       HUB_FMT(c->from), HUB_FMT(c->to));
		break;
	case HUB_CHANGE_LEFT:
		break;
	}
}

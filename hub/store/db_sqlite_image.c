/* The database in memory that rows are put into by the page: its tables, page 1, and how it comes to the
 * connection. Everything here is about speed only: a table that does not fit the form, or a library in which this
 * does not work, goes row by row. */
#include "store/db_sqlite_image.h"

#include "base/buf.h"

#include <stddef.h>

enum { HEADER = 100, MAX_COLS = 2000, MAX_TABLES = 512 };

static const char probe_name[] = "hub_probe";
static const char probe_sql[] = "CREATE TABLE hub_probe (id INTEGER PRIMARY KEY, a INTEGER) STRICT";

/* --- what the store has ----------------------------------------------------------------------- */

static enum hub_dbtype type_of(struct hub_str declared)
{
	return hub_str_is(declared, "INTEGER") ? HUB_DB_INT
	       : hub_str_is(declared, "TEXT")  ? HUB_DB_TEXT
	       : hub_str_is(declared, "BLOB")  ? HUB_DB_BLOB
					       : HUB_DB_NULL;
}

static int read_columns(struct sqlite *s, struct image_table *t)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct sqlite_image *m = s->image;

	int64_t n = 0;

	int rc = hub_db_one(&s->db, &n, NULL, "SELECT count(*) FROM pragma_table_xinfo(?, 'main')",
			    "t", hub_str_of(t->name));
	t->col = hub_alloc_array(m->arena, (size_t)n + 1, sizeof *t->col);
	t->id = IMAGE_NO_COL;
	if (rc || !t->col || n > MAX_COLS)
		return HUB_FATAL;
	rc = hub_db_query(&s->db, &q, NULL,
			  "SELECT name, type, \"notnull\", dflt_value IS NOT NULL, pk"
			  " FROM pragma_table_xinfo(?, 'main') WHERE hidden = 0",
			  "t", hub_str_of(t->name));
	while (!rc && (rc = hub_db_next(q, NULL)) == HUB_OK && t->cols < n) {
		struct image_col *c = &t->col[t->cols];

		c->name = hub_arena_cstr(m->arena, hub_db_str(q, 0));
		c->type = type_of(hub_db_str(q, 1));
		c->must = hub_db_int(q, 2) != 0;
		if (hub_db_int(q, 4) == 1 && c->type == HUB_DB_INT)
			t->id = t->cols;
		t->cols++;
		c->filled = hub_db_int(q, 3) != 0;
		if (c->filled)
			t->least = t->cols;
		if (!c->name || c->type == HUB_DB_NULL)
			return HUB_END;
	}
	return rc == HUB_END && t->id != IMAGE_NO_COL ? HUB_OK : rc ? rc : HUB_FATAL;
}

static uint32_t column_named(const struct image_table *t, struct hub_str name)
{
	uint32_t c = 0;

	while (c < t->cols && !hub_str_is(name, t->col[c].name))
		c++;
	return c < t->cols ? c : IMAGE_NO_COL;
}

/* A row of a table with an index goes in row by row: SQLite would move the entries of an index as if they came in
 * its order, which leaves pages that are nearly empty. */
static int has_index(struct sqlite *s, const struct image_table *t)
{
	int64_t one;

	return hub_db_one(&s->db, &one, NULL,
			  "SELECT 1 FROM main.sqlite_schema WHERE type = 'index' AND tbl_name = ?"
			  " LIMIT 1",
			  "t", hub_str_of(t->name)) != HUB_END;
}

/* --- page 1 ----------------------------------------------------------------------------------- */

/* A row of sqlite_schema; 0 when page 1 has no room for it. All tables have one root: only one of them is read
 * at a time. */
static int put_definition(struct image_fill *f, const char *name, struct hub_str sql)
{
	const struct image_cell c[] = {hub_image_bytes(0, HUB_STR("table"), HUB_DB_TEXT),
				       hub_image_bytes(1, hub_str_of(name), HUB_DB_TEXT),
				       hub_image_bytes(2, hub_str_of(name), HUB_DB_TEXT),
				       hub_image_int(3, IMAGE_ROOT),
				       hub_image_bytes(4, sql, HUB_DB_TEXT)};
	const uint64_t id = f->cells + 1;
	size_t head;

	const size_t n = hub_record_size(c, HUB_COUNT(c), HUB_COUNT(c), &head);
	const size_t all = hub_varint_len(n) + hub_varint_len(id) + n;
	if (!hub_image_room(f, all))
		return 0;
	unsigned char *p = hub_image_cell(f, all);
	hub_record_put(hub_varint_put(hub_varint_put(p, n), id), head, c, HUB_COUNT(c));
	return 1;
}

/* Its definition, word for word as the store has it: what SQLite compares. */
static int define(struct sqlite *s, const struct image_table *t, struct image_fill *f)
{
	HUB_AUTO(query) struct hub_query *q = NULL;

	int rc =
	    hub_db_query(&s->db, &q, NULL,
			 "SELECT sql FROM main.sqlite_schema WHERE type = 'table' AND name = ?",
			 "t", hub_str_of(t->name));
	if (!rc)
		rc = hub_db_next(q, NULL);
	return !rc && put_definition(f, t->name, hub_db_str(q, 0)) ? 0 : -1;
}

/* Database file format, 1.3. */
static void put_header(unsigned char *p)
{
	static const struct {
		unsigned char at, value;
	} fields[] = {
	    {16, IMAGE_PAGE >> 8}, /* bytes of a page, two of them */
	    {18, 1},
	    {19, 1}, /* no log */
	    {21, 64},
	    {22, 32},
	    {23, 32}, /* fixed by the format */
	    {27, 1},  /* of this change the size is valid */
	    {31, IMAGE_PAGES},
	    {43, 1}, /* of the definitions */
	    {47, 4}, /* format of the definitions: 0 and 1 without a byte, descending indexes */
	    {59, 1}, /* UTF-8 */
	    {95, 1}, /* the change again */
	};

	memset(p, 0, HEADER);
	memcpy(p, "SQLite format 3", 16); /* with its NUL */
	for (size_t i = 0; i < HUB_COUNT(fields); i++)
		p[fields[i].at] = fields[i].value;
}

static int read_table(struct sqlite *s, struct hub_str name, struct image_fill *f)
{
	struct sqlite_image *m = s->image;
	struct image_table *t = &m->table[m->tables];

	*t = (struct image_table){.name = hub_arena_cstr(m->arena, name)};
	if (!t->name || has_index(s, t) || read_columns(s, t) || define(s, t, f))
		return 0;
	t->insert =
	    (char *)hub_arena_printf(
		m->arena, "INSERT OR ROLLBACK INTO main.%s SELECT * FROM rows.%s", t->name, t->name)
		.ptr;
	m->tables += t->insert != NULL;
	return t->insert != NULL;
}

static int read_tables(struct sqlite *s)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct sqlite_image *m = s->image;
	struct image_fill f;

	m->tables = 0;
	if (!(m->table = hub_alloc_array(m->arena, MAX_TABLES, sizeof *m->table)))
		return -1;
	put_header(image_page(m, 1));
	hub_image_fill(&f, image_page(m, 1), HEADER + IMAGE_LEAF_HEAD);
	if (!put_definition(&f, probe_name, hub_str_of(probe_sql)))
		return -1;
	int rc = hub_db_query(&s->db, &q, NULL,
			      "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND"
			      " (name = 'record' OR name GLOB 'cc_*') ORDER BY rowid",
			      "");
	while (!rc && (rc = hub_db_next(q, NULL)) == HUB_OK && m->tables < MAX_TABLES)
		(void)read_table(s, hub_db_str(q, 0), &f);
	hub_image_close(&f, HEADER, PAGE_TABLE_LEAF, 0);
	return rc == HUB_END ? 0 : -1;
}

/* --- the connection --------------------------------------------------------------------------- */

/* One row of hub_probe. */
static int probe(struct sqlite *s, int64_t id)
{
	struct image_fill f;
	int64_t got = 0;

	hub_image_fill(&f, image_page(s->image, IMAGE_ROOT), IMAGE_LEAF_HEAD);
	unsigned char *p = hub_image_cell(&f, 4);
	p = hub_varint_put(hub_varint_put(p, 2), (uint64_t)id);
	hub_record_put(p, 2, NULL, 0);
	hub_image_close(&f, 0, PAGE_TABLE_LEAF, 0);
	return hub_db_one(&s->db, &got, NULL, "SELECT id FROM rows.hub_probe", "") || got != id;
}

/* Each statement must see the pages as they are then. SQLite does so with memory that it maps, but a library
 * can be built without; it would keep the first page it saw. */
void hub_sqlite_image_check(struct sqlite *s)
{
	if (!s->image || s->image->checked)
		return;
	s->image->checked = 1;
	if (probe(s, 1) || probe(s, 2))
		s->image->tables = 0;
}

/* Page 1 is read anew with each of these calls, and only then. */
static int take_in(struct sqlite *s)
{
	const sqlite3_int64 bytes = (sqlite3_int64)IMAGE_PAGES * IMAGE_PAGE;

	if (sqlite3_deserialize(s->h, "rows", s->image->page, bytes, bytes, 0)) {
		s->lost =
		    !sqlite3_db_filename(s->h, "rows"); /* attached, with nothing behind the name */
		return -1;
	}
	return sqlite3_exec(s->h, "PRAGMA rows.mmap_size=268435456", NULL, NULL, NULL);
}

static void drop(struct sqlite_image *m)
{
	hub_heap_put(m->page);
	hub_heap_put(m->cell);
	hub_arena_free(m->arena);
}

static struct sqlite_image *make(struct sqlite *s)
{
	struct sqlite_image *m = hub_alloc0(s->db.arena, sizeof *m);

	if (!m || !(m->arena = hub_arena_new((size_t)8 << 20)))
		return NULL;
	m->page = hub_heap_get((size_t)IMAGE_PAGES * IMAGE_PAGE);
	m->cell = hub_heap_get(MAX_COLS * sizeof *m->cell);
	m->schema = -1;
	if (m->page && m->cell &&
	    !sqlite3_exec(s->h, "ATTACH ':memory:' AS rows", NULL, NULL, NULL))
		return m;
	drop(m);
	return NULL;
}

void hub_sqlite_image_ready(struct sqlite *s)
{
	int64_t schema;

	if (hub_db_one(&s->db, &schema, NULL, "PRAGMA main.schema_version", ""))
		return;
	if (!s->image && !(s->image = make(s)))
		return;
	struct sqlite_image *m = s->image;
	if (m->schema == schema)
		return;
	m->schema = schema;
	m->checked = 0;
	hub_arena_reset(m->arena);
	m->plan = hub_map_new(m->arena);
	if (!m->plan || read_tables(s) || take_in(s))
		m->tables = 0;
}

void hub_sqlite_image_free(struct sqlite *s)
{
	if (s->image)
		drop(s->image);
}

/* --- plans ------------------------------------------------------------------------------------ */

static int use_columns(struct sqlite_image *m, struct image_plan *plan, const uint16_t *from)
{
	const struct image_table *t = plan->t;

	plan->id = from[t->id];
	plan->use = hub_alloc_array(m->arena, t->cols, sizeof *plan->use);
	if (!plan->use || plan->id == IMAGE_NO_COL)
		return -1;
	for (uint32_t c = 0; c < t->cols; c++)
		if (c != t->id && from[c] != IMAGE_NO_COL)
			plan->use[plan->uses++] = (struct image_use){
			    (uint16_t)c, from[c], (uint8_t)t->col[c].type, t->col[c].must};
		else if (c != t->id && (t->col[c].must || t->col[c].filled))
			return -1;
	return 0;
}

/* "t (a, "b")": the columns in the order of the insert. */
static int read_plan(struct sqlite_image *m, struct hub_str into, struct image_plan *plan)
{
	struct hub_str name, column;
	uint16_t number = 0;

	hub_str_next(&into, '(', &name);
	name = hub_str_trim(name);
	for (uint32_t i = 0; i < m->tables && !plan->t; i++)
		if (hub_str_is(name, m->table[i].name))
			plan->t = &m->table[i];
	if (!plan->t)
		return 0;
	uint16_t *from = hub_alloc_array(m->arena, plan->t->cols, sizeof *from);
	if (!from || !hub_str_ends(into, HUB_STR(")")))
		return -1;
	memset(from, 0xff, plan->t->cols * sizeof *from);
	into.len--;
	for (; hub_str_next(&into, ',', &column); number++) {
		column = hub_str_trim(column);
		if (column.len > 2 && column.ptr[0] == '"')
			column = hub_str_cut(column, 1, column.len - 1);
		const uint32_t c = column_named(plan->t, column);
		if (c == IMAGE_NO_COL)
			return -1;
		from[c] = number;
	}
	return use_columns(m, plan, from);
}

const struct image_plan *hub_sqlite_image_plan(struct sqlite *s, const char *into)
{
	struct sqlite_image *m = s->image;
	const struct hub_str text = hub_str_of(into);
	uint64_t at;

	if (!m || !m->tables)
		return NULL;
	if (hub_map_get(m->plan, text, &at))
		return (const struct image_plan *)(uintptr_t)at;
	struct image_plan *plan = hub_alloc0(m->arena, sizeof *plan);
	if (!plan)
		return NULL;
	if (read_plan(m, text, plan))
		plan->t = NULL;
	(void)hub_map_put(m->plan, text, (uint64_t)(uintptr_t)plan);
	return plan;
}

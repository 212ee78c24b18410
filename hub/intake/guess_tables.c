/* Tables inside of records, as apps of kintone have them: the rows of the longest one become records of their
 * own, each with the fields of the record it stands in. */
#include "intake/guess_in.h"

#include "base/err.h"
#include "plugin/option.h"

enum { NAMES = 60, FIELDS = 100, RECORDS = 300 };

struct table {
	struct hub_str name[NAMES];
	uint32_t n;
	uint64_t rows;
};

static void add_name(struct hub_guess *g, struct table *t, struct hub_str name)
{
	if (hub_str_is(name, "id"))
		return;
	for (uint32_t i = 0; i < t->n; i++)
		if (hub_str_eq(t->name[i], name))
			return;
	if (t->n < NAMES)
		t->name[t->n++] = hub_arena_str(g->arena, name);
}

/* [{"id":"31","項目":...}, ...]: its rows and their names. The reader wrote it, so it is well-formed. */
static void look_at_rows(struct hub_guess *g, struct table *t, struct hub_str json)
{
	int depth = 0;

	for (size_t i = 0; i < json.len; i++) {
		const char c = json.ptr[i];
		depth += (c == '[' || c == '{') - (c == ']' || c == '}');
		t->rows += c == '{' && depth == 2;
		if (c != '"')
			continue;
		const size_t from = ++i;
		while (i < json.len && json.ptr[i] != '"')
			i += json.ptr[i] == '\\' ? 2 : 1;
		if (depth == 2 && i + 1 < json.len && json.ptr[i + 1] == ':')
			add_name(g, t, hub_str_cut(json, from, i));
	}
}

static int read_tables(struct hub_guess *g, struct hub_batch *b, struct table *best, uint32_t *at,
		       struct hub_err *err)
{
	const int rc = hub_guess_read(g, b, err);

	for (uint32_t c = 0; rc == HUB_OK && c < b->cols; c++) {
		struct table t = {0};
		for (uint32_t r = 0; r < b->rows && r < RECORDS; r++)
			if (b->col[c].cell[r] == HUB_VALUE &&
			    hub_str_starts(b->col[c].text[r], HUB_STR("[{\"id\":\"")))
				look_at_rows(g, &t, b->col[c].text[r]);
		if (t.n && t.rows > best->rows) {
			*best = t;
			*at = c;
		}
	}
	return rc == HUB_END ? HUB_OK : rc;
}

int hub_guess_tables(struct hub_guess *g, struct hub_err *err)
{
	HUB_AUTO(batch) struct hub_batch *b = hub_batch_new(0);
	HUB_AUTO(buf) struct hub_buf fields;
	struct table t = {0};
	uint32_t at = 0;
	int rc;

	hub_buf_init(&fields, 1 << 16);
	if (!b)
		return hub_fail_mem(err);
	if (hub_option_find(g->source, HUB_STR("people"))) { /* a code says nothing to a reader */
		g->set[g->sets].name = "people";
		g->set[g->sets++].value = HUB_STR("name");
	}
	if (!hub_option_find(g->source, HUB_STR("fields")))
		return HUB_OK;
	if ((rc = read_tables(g, b, &t, &at, err)) || t.n == 0 || b->cols + t.n > FIELDS)
		return rc;
	for (uint32_t c = 0; c < b->cols; c++)
		if (c != at)
			hub_buf_printf(&fields, "%.*s, ", HUB_FMT(b->col[c].name));
	g->table = hub_arena_str(g->arena, b->col[at].name);
	hub_buf_printf(&fields, "%.*s.$id", HUB_FMT(g->table));
	for (uint32_t i = 0; i < t.n; i++)
		hub_buf_printf(&fields, ", %.*s.%.*s", HUB_FMT(g->table), HUB_FMT(t.name[i]));
	if (!hub_buf_ok(&fields))
		return hub_fail_mem(err);
	g->set[g->sets].name = "fields";
	g->set[g->sets++].value = hub_arena_str(g->arena, hub_buf_text(&fields));
	return HUB_OK;
}

int hub_guess_in_table(const struct hub_guess *g, const struct guess_col *c)
{
	return g->table.len && c->name.len > g->table.len && hub_str_starts(c->name, g->table) &&
	       c->name.ptr[g->table.len] == '.';
}

struct hub_str hub_guess_table_key(const struct hub_guess *g)
{
	return hub_arena_printf(g->arena, "[$id] + concat('-', [%.*s.$id])", HUB_FMT(g->table));
}
